"""The reporting week (S0 lines 11 and 12; requirements R0.1, R0.7 and P2).

Agencies key their reports in by Friday, before 16.00 น., every week; on Monday morning the minister gets the
ministry's report. A holiday on the Friday moves the cut-off, one on the Monday moves the report.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from rules.calendar import Calendar, bangkok_date, bangkok_moment, in_bangkok
from rules.english import english_date_range
from rules.errors import NotAFriday
from rules.thai import thai_date_range
from schemas.policy import WeeklyPolicy
from schemas.weekly import ReportingWeek

_FRIDAY = 4
_WEEK = timedelta(days=7)


def reporting_week(friday: date, *, calendar: Calendar, policy: WeeklyPolicy) -> ReportingWeek:
    """The week that `friday` names, every moment in UTC. Raises NotAFriday."""
    last_day = cut_off_day(friday, calendar=calendar, policy=policy)
    opening_day = cut_off_day(friday - _WEEK, calendar=calendar, policy=policy)
    report_day = _report_day(friday, last_day, calendar, policy)
    return ReportingWeek(
        friday=friday,
        opens_at=bangkok_moment(opening_day, policy.cut_off),
        cut_off=bangkok_moment(last_day, policy.cut_off),
        internal_due=bangkok_moment(_internal_day(opening_day, last_day, calendar, policy), policy.cut_off),
        reminders=tuple(sorted(_reminders(friday, opening_day, last_day, calendar, policy))),
        review_due=bangkok_moment(report_day, policy.review_due),
        report_at=bangkok_moment(report_day, policy.report_at),
        next_cut_off=bangkok_moment(cut_off_day(friday + _WEEK, calendar=calendar, policy=policy), policy.cut_off),
    )


def cut_off_day(friday: date, *, calendar: Calendar, policy: WeeklyPolicy) -> date:
    """The day of the cut-off: Friday, or where a holiday moves it. Raises NotAFriday.

    A week without any working day keeps its Friday, so that every week has its cut-off and each cut-off lies
    after the one before (S0 line 12, «ทุกสัปดาห์»).
    """
    if friday.weekday() != _FRIDAY:
        raise NotAFriday(day=friday.isoformat())
    rolled = calendar.roll(friday, policy.friday_holiday)
    earliest, latest = friday - timedelta(days=4), friday + timedelta(days=6)
    return rolled if earliest <= rolled <= latest else friday


def _internal_day(opening_day: date, last_day: date, calendar: Calendar, policy: WeeklyPolicy) -> date:
    if policy.internal_days_before == 0:
        return last_day
    day = calendar.add_working_days(last_day, -policy.internal_days_before)
    # In a week of a single working day, division and planning unit share it.
    return day if day > opening_day else last_day


def _report_day(friday: date, last_day: date, calendar: Calendar, policy: WeeklyPolicy) -> date:
    """Monday, or where a holiday moves it; never before the data are complete."""
    monday = calendar.roll(friday + timedelta(days=3), policy.monday_holiday)
    return monday if monday > last_day else calendar.next_working_day(last_day)


def _reminders(
    friday: date, opening_day: date, last_day: date, calendar: Calendar, policy: WeeklyPolicy
) -> Iterator[datetime]:
    """The reminders of the week that fall on working days before the cut-off.

    When a holiday takes Friday's reminders away and none is left on the last day, they move to the last day.
    """
    monday = friday - timedelta(days=_FRIDAY)
    planned = {(monday + timedelta(days=r.weekday), r.at) for r in policy.reminders}
    kept = {(day, at) for day, at in planned if opening_day < day and _reminds(day, at, last_day, calendar, policy)}
    if not any(day == last_day for day, _ in kept):
        kept |= {(last_day, at) for day, at in planned if day == friday and at < policy.cut_off}
    return (bangkok_moment(day, at) for day, at in kept)


def _reminds(day: date, at: time, last_day: date, calendar: Calendar, policy: WeeklyPolicy) -> bool:
    if day == last_day:
        return at < policy.cut_off
    return day < last_day and calendar.is_working_day(day)


def week_of(moment: datetime, *, calendar: Calendar, policy: WeeklyPolicy) -> ReportingWeek:
    """The week that takes reports at `moment`: opens_at ≤ moment < cut_off. Raises NaiveTime.

    At the cut-off itself the next week is open already: «ก่อน 16.00 น.» is strict (R0.1).
    """
    day = in_bangkok(moment).date()
    friday = day + timedelta(days=_FRIDAY - day.weekday()) - _WEEK
    while bangkok_moment(cut_off_day(friday, calendar=calendar, policy=policy), policy.cut_off) <= moment:
        friday += _WEEK
    return reporting_week(friday, calendar=calendar, policy=policy)


def following(week: ReportingWeek, *, calendar: Calendar, policy: WeeklyPolicy) -> ReportingWeek:
    """The week after `week`."""
    return reporting_week(week.friday + _WEEK, calendar=calendar, policy=policy)


def days_of(week: ReportingWeek) -> tuple[date, date]:
    """The day after the previous cut-off, and the day of the cut-off."""
    return bangkok_date(week.opens_at) + timedelta(days=1), bangkok_date(week.cut_off)


@lru_cache(maxsize=256)
def week_label_th(week: ReportingWeek) -> str:
    """For example «สัปดาห์วันที่ 6–12 เมษายน 2561»."""
    return days_label_th(*days_of(week))


def days_label_th(first: date, last: date) -> str:
    """The same from the two days alone, where no more than these was kept of a week."""
    return f"สัปดาห์วันที่ {thai_date_range(first, last)}"


def week_label_en(week: ReportingWeek) -> str:
    """For example «Week of 6–12 April 2018»."""
    return days_label_en(*days_of(week))


def days_label_en(first: date, last: date) -> str:
    """The same from the two days alone."""
    return f"Week of {english_date_range(first, last)}"
