"""When holders of open work are reminded and when their supervisors are told."""

from __future__ import annotations

from datetime import datetime, time
from typing import NamedTuple

from rules.calendar import Calendar, bangkok_date, bangkok_moment

MORNING = time(9, 0)
"""Reminders and digests leave at nine, when offices are open [DEFAULT]."""


class Ladder(NamedTuple):
    """The rungs of one piece of work, in order of time."""

    reminders: tuple[datetime, ...] = ()
    escalations: tuple[datetime, ...] = ()


def ladder(
    *,
    opened_at: datetime,
    due: datetime | None,
    calendar: Calendar,
    at_most: int,
    explicit: tuple[datetime, ...] | None = None,
    escalate: bool = True,
) -> Ladder:
    """Reminders: the given moments that still lie ahead; else the working day before the due day, the due day and
    the working days after it, each at nine, never more than `at_most`. Escalation: nine on the working day after
    the due day. Work without a due date is not reminded of (P1 and P2 give no rung for it).
    """
    if due is None:
        return Ladder(reminders=tuple(m for m in explicit or () if m > opened_at)[:at_most])
    wanted = explicit if explicit is not None else _usual(due, calendar, at_most)
    ahead = tuple(sorted(moment for moment in set(wanted) if moment > opened_at))[:at_most]
    late = bangkok_moment(calendar.next_working_day(bangkok_date(due)), MORNING)
    return Ladder(reminders=ahead, escalations=(late,) if escalate and late > opened_at else ())


def _usual(due: datetime, calendar: Calendar, at_most: int) -> tuple[datetime, ...]:
    due_day = bangkok_date(due)
    day = calendar.previous_working_day(due_day)
    days = [day]
    while len(days) < at_most:
        day = calendar.next_working_day(day)
        days.append(day)
    return tuple(bangkok_moment(day, MORNING) for day in days)
