"""When a site visit may be, and by when each part of it is due (requirements P8; S1, slides 19 and 20)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from rules.calendar import Calendar, bangkok_date, bangkok_moment
from rules.deadline import resolve
from rules.sar import active_kpis
from rules.thai import thai_date, thai_date_range
from schemas.criteria import KpiNumber
from schemas.deadline import WorkingDays
from schemas.form import FormContext, Problem
from schemas.kpi import Kpi, Round
from schemas.policy import AgreementPolicy
from schemas.site_visit import (
    Prepared,
    SiteVisitCase,
    VisitAnswered,
    VisitDays,
    VisitedKpi,
    VisitRecorded,
    VisitSchedule,
)
from schemas.visit_record import Visit
from schemas.year import YearDay, YearPlan
from schemas.year_office import YearOffice

_PERIODS = {Visit.PRE: YearDay.VISIT_PRE, Visit.POST: YearDay.VISIT_POST}
_ROUNDS = {Visit.PRE: Round.NINE, Visit.POST: Round.TWELVE}
"""The round in whose months a visit looks: May and June lie in the third quarter, the second one comes after all."""


def kpis_to_visit(data: SiteVisitCase) -> tuple[Kpi, ...]:
    """The KPIs that are active in the visit's round."""
    return active_kpis(data.book, _ROUNDS[data.kind])


def visit_day(visit: Visit) -> YearDay:
    """The named period of the calendar in which the visit is."""
    return _PERIODS[visit]


def visit_period(visit: Visit, plan: YearPlan) -> tuple[date, date]:
    """First and last day on which the visit may be; a period without a first day is its last day alone."""
    planned = plan.days[visit_day(visit)]
    last = bangkok_date(planned.due)
    return (last if planned.opens is None else bangkok_date(planned.opens)), last


def schedule_due(first_day: date, now: datetime, *, calendar: Calendar, policy: AgreementPolicy) -> datetime:
    """The visit is announced before its period begins; once that has begun, within the days of an inner step."""
    begins = bangkok_moment(first_day, calendar.opens)
    return begins if begins > now else resolve(WorkingDays(days=policy.step_days), opened_at=now, calendar=calendar)


def visit_days(
    schedule: VisitSchedule, announced_at: datetime, *, calendar: Calendar, policy: AgreementPolicy
) -> VisitDays:
    """The visit runs from the opening of the office on its first day to the end of its last one.

    กพร. prepares it within the days of an inner step, and before it begins where that leaves time at all.
    """
    begins = bangkok_moment(schedule.first_day, calendar.opens)
    ends = calendar.ends(schedule.last_day)
    step = WorkingDays(days=policy.step_days)
    prepare_by = resolve(step, opened_at=announced_at, calendar=calendar)
    return VisitDays(
        begins=begins, ends=ends,
        prepare_by=min(prepare_by, begins) if begins > announced_at else prepare_by,
        record_by=resolve(step, opened_at=ends, calendar=calendar),
    )  # fmt: skip


def answers_due(asked_at: datetime, *, calendar: Calendar, policy: AgreementPolicy) -> datetime:
    """By when owners answer what the visit asked for (P8 [D])."""
    return resolve(WorkingDays(days=policy.visit_answer_days), opened_at=asked_at, calendar=calendar)


def visited_kpis(
    kpis: Iterable[Kpi], office: YearOffice, ready: Iterable[Prepared], recorded: Iterable[VisitRecorded],
    answered: Iterable[VisitAnswered],
) -> tuple[VisitedKpi, ...]:  # fmt: skip
    """Every KPI of the visit with what is known of it."""
    prepared = {each.kpi: each for each in ready}
    found: Mapping[KpiNumber, VisitRecorded] = {each.kpi: each for each in recorded}
    answers: Mapping[KpiNumber, VisitAnswered] = {each.kpi: each for each in answered}
    return tuple(
        VisitedKpi(
            number=kpi.number, th=kpi.th, unit=office.holder_of(kpi), ready=prepared.get(kpi.number),
            recorded=found.get(kpi.number), answered=answers.get(kpi.number),
        )
        for kpi in kpis
    )  # fmt: skip


# --- what the forms must satisfy ---------------------------------------------------------------------------


def limits_of_schedule(first_day: date, last_day: date) -> dict[str, Any]:
    """The calendar's period; JSON values."""
    return {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}


def problems_of_schedule(form: VisitSchedule, context: FormContext, _today: date) -> Iterator[Problem]:
    if "first_day" in context.limits:
        first, last = (date.fromisoformat(context.limits[name]) for name in ("first_day", "last_day"))
        for field, label, english in (("first_day", "วันแรก", "first"), ("last_day", "วันสุดท้าย", "last")):
            if not first <= (day := getattr(form, field)) <= last:
                yield Problem(
                    field=field,
                    th=f"{label}ของการตรวจประเมิน ({thai_date(day)}) ต้องอยู่ในช่วง {thai_date_range(first, last)}",
                    en=f"The {english} day must lie between {first.isoformat()} and {last.isoformat()}",
                )
    if form.last_day < form.first_day:
        yield Problem(
            field="last_day", th="วันสุดท้ายของการตรวจประเมินต้องไม่ก่อนวันแรก", en="The last day lies before the first"
        )
