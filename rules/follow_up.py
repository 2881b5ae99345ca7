"""Progress against the part of the year that has passed: the traffic light of a KPI (requirements P6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from rules.calendar import Calendar, bangkok_date, bangkok_moment, first_day
from rules.deadline import is_late
from rules.sar import active_kpis
from rules.thai import thai_date, year_be
from rules.thai_words import MONTHS
from schemas.base import FiscalYear
from schemas.criteria import KpiNumber
from schemas.follow_up import FollowUpCase, KpiLight, KpiProgress, MeetingMinute, ProgressReport, TrafficLight
from schemas.form import FormContext, Problem
from schemas.kpi import Kpi, Round
from schemas.policy import AgreementPolicy
from schemas.roll import Roll
from schemas.year import YearDay, YearPlan
from schemas.year_office import YearOffice

# --- when, and on what -------------------------------------------------------------------------------------


def opening_day(data: FollowUpCase, plan: YearPlan, *, calendar: Calendar) -> date:
    """The first working day of the month; a round's follow-up has a day in the year's calendar."""
    if data.round is None:
        return calendar.roll(data.month, Roll.NEXT)
    return bangkok_date(plan.due(YearDay.follow_up(data.round)))


def opening_moment(data: FollowUpCase, plan: YearPlan, *, calendar: Calendar) -> datetime:
    """When owners are asked: as the office opens."""
    return bangkok_moment(opening_day(data, plan, calendar=calendar), calendar.opens)


def reported_up_to(data: FollowUpCase, plan: YearPlan, *, calendar: Calendar) -> date:
    """The day before which progress is measured: a month's follow-up looks back on the months that are over."""
    return data.month if data.round is None else opening_day(data, plan, calendar=calendar)


def elapsed_share(fiscal_year: FiscalYear, as_of: date) -> Decimal:
    """How much of the fiscal year has passed before `as_of`, in per cent by days, two decimals; 0 to 100."""
    first, after = first_day(fiscal_year), first_day(fiscal_year + 1)
    passed = (min(max(as_of, first), after) - first).days
    return (Decimal(100 * passed) / (after - first).days).quantize(Decimal("0.01"), ROUND_HALF_UP)


def round_of(fiscal_year: FiscalYear, as_of: date) -> Round:
    """The round in whose months the day before `as_of` lies."""
    ends = {Round.SIX: date(fiscal_year - 543, 4, 1), Round.NINE: date(fiscal_year - 543, 7, 1)}
    return next((round_ for round_, end in ends.items() if as_of <= end), Round.TWELVE)


def followed_kpis(data: FollowUpCase) -> tuple[Kpi, ...]:
    """The KPIs that are active in the round at hand, or in whose months the follow-up falls."""
    return active_kpis(data.book, data.round or round_of(data.fiscal_year, data.month))


def name_th(data: FollowUpCase) -> str:
    """«ประจำเดือนเมษายน 2555», or «ครั้งที่ 1 (ก่อนรายงานผลรอบ 6 เดือน)» (S1, slide 29)."""
    if data.round is None:
        return f"ประจำเดือน{MONTHS[data.month.month - 1]} {year_be(data.month)}"
    return f"ครั้งที่ {list(Round).index(data.round) + 1} (ก่อนรายงานผลรอบ {data.round} เดือน)"


# --- the light ---------------------------------------------------------------------------------------------


def traffic_light(percent: Decimal | None, elapsed: Decimal, policy: AgreementPolicy) -> TrafficLight:
    """Green while progress is at most the first margin behind the time that has passed, yellow to the second, then red.

    Work is taken to be spread evenly over the fiscal year, as the source states no plan by month.
    """
    if percent is None:
        return TrafficLight.UNREPORTED
    behind = elapsed - percent
    if behind <= policy.progress_green_margin:
        return TrafficLight.GREEN
    return TrafficLight.YELLOW if behind <= policy.progress_yellow_margin else TrafficLight.RED


def lights(
    kpis: Iterable[Kpi], reports: Mapping[KpiNumber, KpiProgress], office: YearOffice, elapsed: Decimal, due: datetime
) -> tuple[KpiLight, ...]:
    """The table of the meeting. What is reported up to the due moment itself is in time."""
    return tuple(_light(kpi, reports.get(kpi.number), office, elapsed, due) for kpi in kpis)


def _light(kpi: Kpi, report: KpiProgress | None, office: YearOffice, elapsed: Decimal, due: datetime) -> KpiLight:
    return KpiLight(
        number=kpi.number, th=kpi.th, unit=office.holder_of(kpi),
        light=traffic_light(report.percent if report else None, elapsed, office.policy),
        progress=report, late=report is not None and is_late(report.at, due),
    )  # fmt: skip


# --- what the forms must satisfy ---------------------------------------------------------------------------


def limits_of_progress(elapsed: Decimal, policy: AgreementPolicy) -> dict[str, Any]:
    """Below which progress a KPI is red; JSON values."""
    return {"red_below": format(elapsed - policy.progress_yellow_margin, "f")}


def problems_of_progress(form: ProgressReport, context: FormContext, _today: date) -> Iterator[Problem]:
    red_below = context.limits.get("red_below")
    if red_below is not None and form.percent < Decimal(red_below) and not form.problem:
        yield Problem(
            field="problem",
            th=f"ความก้าวหน้าต่ำกว่าร้อยละ {red_below} ล่าช้ากว่าแผนมาก กรุณาระบุปัญหา/อุปสรรค",
            en=f"Below {red_below} per cent is far behind plan: say what stands in the way",
        )
    if form.percent < 100 and not form.next_step:
        yield Problem(
            field="next_step",
            th="ยังไม่ครบร้อยละ 100 กรุณาระบุการดำเนินการขั้นต่อไป",
            en="Below 100 per cent: say what comes next",
        )


def limits_of_minute(opened_on: date) -> dict[str, Any]:
    return {"opened_on": opened_on.isoformat()}


def problems_of_minute(form: MeetingMinute, context: FormContext, today: date) -> Iterator[Problem]:
    if form.held_on > today:
        yield Problem(
            field="held_on", th="วันที่ประชุมต้องไม่เป็นวันในอนาคต", en="The day of the meeting cannot lie in the future"
        )
    opened_on = context.limits.get("opened_on")
    if opened_on is not None and form.held_on < (first := date.fromisoformat(opened_on)):
        yield Problem(
            field="held_on",
            th=f"วันที่ประชุมต้องไม่ก่อนวันเริ่มการติดตามครั้งนี้ ({thai_date(first)})",
            en=f"The meeting cannot lie before the follow-up began ({first.isoformat()})",
        )
