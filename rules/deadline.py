"""From a rule to a moment: when a piece of work is due."""

from __future__ import annotations

from datetime import datetime

from rules.calendar import Calendar, bangkok_date, bangkok_moment
from schemas.deadline import At, Deadline, WorkingDays, WorkingHours


def is_late(done_at: datetime, due: datetime | None) -> bool:
    """Was work done after the moment at which it was due? In that moment itself it is in time, and without one always.

    `due` is the moment as it stood when the work was done: a day that is moved afterwards makes nobody late and
    excuses nobody (decision 24).
    """
    return due is not None and done_at > due


def resolve(deadline: Deadline, *, opened_at: datetime, calendar: Calendar) -> datetime:
    """The moment (UTC) at which work opened at `opened_at` is due. Raises NaiveTime.

    WorkingDays(n): end of office hours on the n-th working day after the day of opening; for n = 0 on that
    day itself, or the next working day. WorkingHours(n): n office hours later. At: the moment as given.
    """
    match deadline:
        case At(moment=moment):
            return moment
        case WorkingDays(days=days):
            day = calendar.add_working_days(bangkok_date(opened_at), days)
            due = bangkok_moment(day, calendar.closes)
            # Work opened in the evening cannot be due that afternoon.
            return due if due > opened_at else bangkok_moment(calendar.next_working_day(day), calendar.closes)
        case WorkingHours(hours=hours):
            return calendar.add_working_hours(opened_at, hours)
