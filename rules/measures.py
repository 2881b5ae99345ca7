"""The six measures: when reports are due, what a month asks for, what is saved, when an activity is complete (S3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from rules.calendar import Calendar, bangkok_date, bangkok_moment
from rules.exact import divided, ratio, rounded
from rules.thai import year_be
from rules.thai_words import MONTHS
from schemas.base import FiscalYear, Identifier, Moment
from schemas.exact import Exact
from schemas.measures import (
    ALL_YEAR,
    MEASURES,
    OLD_GROUP,
    SOURCE_TH,
    Activity,
    ActivityLine,
    ActivityPlan,
    MeasuresPlan,
    MonthOfYear,
    Source,
)
from schemas.measures_report import MonthlyReport, OutputReport, SavedInYear, Saving, UsageReport
from schemas.policy import MeasuresPolicy

PERCENT_PLACES = 2


# --- names -------------------------------------------------------------------------------------------------


def month_th(month: date) -> str:
    """«ตุลาคม 2560»."""
    return f"{MONTHS[month.month - 1]} {year_be(month)}"


def source_th(source: Source) -> str:
    """With the former group of a category: its condition is cancelled, its name stays (S3, 2.1)."""
    group = OLD_GROUP.get(source)
    return f"{SOURCE_TH[source]} (เดิมกลุ่ม {group})" if group else SOURCE_TH[source]


# --- days --------------------------------------------------------------------------------------------------


def months_of(fiscal_year: FiscalYear) -> tuple[date, ...]:
    """The first days of October to September (requirements 3.1)."""
    first = fiscal_year - 544
    return tuple(date(first + (month < 10), month, 1) for month in (10, 11, 12, *range(1, 10)))


def report_due(month: date, policy: MeasuresPolicy, calendar: Calendar) -> Moment:
    """«ก่อนวันที่ ๓ ของเดือนถัดไป»: the end of the 2nd, be it a holiday or not (S3-09)."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return calendar.ends(following + timedelta(days=policy.report_before_day - 2))


def calendar_months(fiscal_year: FiscalYear, policy: MeasuresPolicy, calendar: Calendar) -> tuple[MonthOfYear, ...]:
    """The twelve months, each with the moments at which its reports are asked for and due."""
    found = []
    for month in months_of(fiscal_year):
        due = report_due(month, policy, calendar)
        opens = calendar.add_working_days(bangkok_date(due), -policy.report_opens_days)
        found.append(MonthOfYear(first_day=month, due=due, opens=bangkok_moment(opens, calendar.opens)))
    return tuple(found)


def start_months(source: Source, fiscal_year: FiscalYear) -> tuple[date, ...]:
    """When an activity may begin: October for energy, paper and budget, January to March for the other measures, in
    whatever order (S3-02, S3-03); any month for activities of the categories.
    """
    months = months_of(fiscal_year)
    if source in ALL_YEAR:
        return months[:1]
    return months[3:6] if source in MEASURES else months


# --- the plan ----------------------------------------------------------------------------------------------


def keyed(lines: Sequence[ActivityLine]) -> dict[Identifier, ActivityLine]:
    """The measures in their order by name, then the chosen activities by number; keys outlive all versions."""
    measures = {line.source: line for line in lines if line.source in MEASURES}
    chosen = (line for line in lines if line.source not in MEASURES)
    return {source.value: measures[source] for source in MEASURES if source in measures} | {
        f"chosen-{number}": line for number, line in enumerate(chosen, start=1)
    }


def planned_anew(activities: Iterable[Activity], plans: Mapping[Identifier, ActivityPlan]) -> tuple[Activity, ...]:
    """The activities with what was planned anew for some of them."""
    return tuple(
        activity.replace(plan=plans[activity.key]) if activity.key in plans else activity for activity in activities
    )


def baseline_of(activity: Activity, month: date) -> Decimal:
    """What was used in the same month of the year before."""
    return divided(activity.baselines)[(month.month - 10) % 12]


# --- two stop rules as one ---------------------------------------------------------------------------------


def is_asked(activity: Activity, month: date, reports: Iterable[MonthlyReport]) -> bool:
    """From its first month on it is reported on: all year, or until its outputs are complete (S3-07, S3-10)."""
    if month < activity.start:
        return False
    return activity.source in ALL_YEAR or completed_in(activity, reports) is None


def completed_in(activity: Activity, reports: Iterable[MonthlyReport]) -> date | None:
    """The month in which there was all of the output that the plan wants; None before, and where nothing is counted."""
    if activity.source in ALL_YEAR:
        return None
    there = (r.month for r in reports_of(activity.key, reports) if output_of(r) >= activity.target)
    return next(there, None)


def reports_of(key: Identifier, reports: Iterable[MonthlyReport]) -> list[MonthlyReport]:
    """The reports on an activity, by month."""
    return sorted((report for report in reports if report.key == key), key=lambda report: report.month)


def output_of(report: MonthlyReport) -> Decimal:
    assert isinstance(report.form, OutputReport), report.key
    return report.form.output


def output_percent(activity: Activity, report: MonthlyReport) -> Exact:
    """How much of the planned output there is, in per cent."""
    return rounded(ratio(output_of(report)) * 100 / ratio(activity.target), PERCENT_PLACES)


# --- savings -----------------------------------------------------------------------------------------------


def version_for(report: MonthlyReport, plans: Sequence[MeasuresPlan]) -> MeasuresPlan | None:
    """The plan against which a report stands: the one that held, or the first where it came before there was any."""
    return next((plan for plan in plans if plan.version == max(report.version, 1)), None)


def savings(key: Identifier, plans: Sequence[MeasuresPlan], reports: Iterable[MonthlyReport]) -> tuple[Saving, ...]:
    """Month by month, (baseline − used) / baseline · 100, each against the version of the plan that held (S3-08)."""
    found = []
    baselines = useds = Fraction(0)
    for report in reports_of(key, reports):
        plan = version_for(report, plans)
        activity = plan.activity(key) if plan else None
        if activity is None or not isinstance(report.form, UsageReport):
            continue
        baseline, used = baseline_of(activity, report.month), report.form.used
        baselines, useds = baselines + ratio(baseline), useds + ratio(used)
        found.append(
            Saving(
                month=report.month, baseline=baseline, used=used,
                percent=rounded(_saved(ratio(baseline), ratio(used)), PERCENT_PLACES),
                together=rounded(_saved(baselines, useds), PERCENT_PLACES),
            )
        )  # fmt: skip
    return tuple(found)


def saved_in_year(source: Source, plans: Sequence[MeasuresPlan], reports: Iterable[MonthlyReport]) -> SavedInYear:
    """Whether what was saved reaches the target; judged on the whole numbers, never on the rounded per cent."""
    months = savings(source.value, plans, reports)
    if not months or not plans:
        return SavedInYear(source=source, percent=None, target=None, met=False)
    activity = plans[-1].activity(source.value)
    assert activity is not None, source
    baseline, used = (sum(map(ratio, amounts)) for amounts in zip(*((m.baseline, m.used) for m in months), strict=True))
    met = _saved(Fraction(baseline), Fraction(used)) >= ratio(activity.target)
    return SavedInYear(source=source, percent=months[-1].together, target=activity.target, met=met)


def _saved(baseline: Fraction, used: Fraction) -> Fraction:
    return (baseline - used) * 100 / baseline
