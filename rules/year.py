"""The agreement year: from the calendar as printed to moments that hold (source S1, slides 19 and 20)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta

from rules.calendar import Calendar, bangkok_moment
from rules.errors import NoYearCalendar
from schemas.base import FiscalYear, Moment, UnitId
from schemas.deadline import DayEdge, OnYearDay
from schemas.kpi import Round
from schemas.policy import Policy
from schemas.year import PlannedDay, YearCalendar, YearEntry, YearPlan

_ROUND_OPENS = {Round.SIX: (4, 1), Round.NINE: (7, 1), Round.TWELVE: (10, 1)}
"""Month and day after the period that a round covers (requirements 3.1)."""


def calendar_of(years: Iterable[YearCalendar], agency: UnitId, fiscal_year: FiscalYear) -> YearCalendar:
    """The calendar of an agency's agreement year. Raises NoYearCalendar."""
    for year in years:
        if (year.agency, year.fiscal_year) == (agency, fiscal_year):
            return year
    raise NoYearCalendar(agency=agency, fiscal_year=fiscal_year)


def years_of(policy: Policy) -> tuple[str, ...]:
    """The names of all calendars (`2555/cdd`)."""
    return tuple(f"{year.fiscal_year}/{year.agency}" for year in policy.years)


def plan(year: YearCalendar, *, calendar: Calendar) -> YearPlan:
    """Every day of the calendar as moments in UTC: holidays moved as each line says, a last day until it ends."""
    return YearPlan(
        fiscal_year=year.fiscal_year,
        agency=year.agency,
        days={entry.day: planned(entry, calendar=calendar) for entry in year.entries},
    )


def planned(entry: YearEntry, *, calendar: Calendar) -> PlannedDay:
    """One line worked out. A period begins as the office does, whatever day its first one is."""
    return PlannedDay(
        day=entry.day,
        th=entry.th,
        en=entry.en,
        opens=None if entry.opens is None else bangkok_moment(entry.opens, calendar.opens),
        due=calendar.ends(calendar.roll(entry.due, entry.roll)),
        printed=entry.due,
        note=entry.note,
    )


def moment_of(named: OnYearDay, *, calendar: Calendar, policy: Policy) -> Moment:
    """The moment (UTC) of a named day by the calendar that stands. Raises NoYearCalendar.

    A day that is no period begins on the day itself.
    """
    entry = calendar_of(policy.years, named.agency, named.fiscal_year).entry(named.day)
    begins = named.edge is DayEdge.BEGINS
    day = entry.opens if begins and entry.opens is not None else calendar.roll(entry.due, entry.roll)
    at = calendar.opens if begins else calendar.day_ends
    return working_days_before(day, named.before, calendar=calendar, at=at)


def round_opens(fiscal_year: FiscalYear, round_: Round, *, calendar: Calendar) -> Moment:
    """When reporting for a round begins: the day after its period, as the office opens (P7 step 1)."""
    month, day = _ROUND_OPENS[round_]
    return bangkok_moment(date(fiscal_year - 543, month, day), calendar.opens)


def working_days_before(moment_day: date, days: int, *, calendar: Calendar, at: time) -> Moment:
    """`days` working days before a day, at a time of day in Bangkok."""
    return bangkok_moment(calendar.add_working_days(moment_day, -days) if days else moment_day, at)


def appeal_window_ends(notice_day: date, days: int, *, calendar: Calendar) -> Moment:
    """The last moment to appeal: calendar days after the notice; a last day off moves on (requirements 4.4)."""
    return calendar.within(notice_day + timedelta(days=days))
