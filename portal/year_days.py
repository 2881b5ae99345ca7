"""The calendar of an agreement year as it goes: each named day, why it moved, and when its work was in fact done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ledger.hand_offs import OPEN, SUBMITTED, HandOff
from portal.year_cells import CARD
from portal.year_records import YearRecords
from rules.calendar import Calendar, bangkok_date
from schemas.award_case import award_case_id
from schemas.follow_up import follow_up_case_id
from schemas.kpi import Round
from schemas.roll import Roll
from schemas.sar import sar_case_id
from schemas.site_visit import site_visit_case_id
from schemas.visit_record import Visit
from schemas.year import PlannedDay, YearDay, YearEntry

OF_THE_YEAR: Mapping[YearDay, frozenset[str]] = {
    YearDay.BASELINES: frozenset({"baselines"}),
    YearDay.CHOICE: frozenset({"choose"}),
    YearDay.CONSULTATION: frozenset({"consult"}),
    YearDay.NEGOTIATION: frozenset({"negotiate"}),
    YearDay.NEGOTIATION_RESULT: frozenset({"notify_result"}),
    YearDay.SIGNING: frozenset({"sign_maker", "sign_receiver"}),
    YearDay.DETAILS: frozenset({"write_details", "check_details"}),
    YearDay.DISTRIBUTION: frozenset({"receive_book"}),
    YearDay.BRIEFING: frozenset({"brief"}),
    YearDay.BUDGET: frozenset({"budget"}),
    YearDay.EVIDENCE: frozenset({"gather_evidence"}),
    YearDay.CHANGES_CLOSE: frozenset({"check_change", "decide_change"}),
    YearDay.ANNOUNCEMENT: frozenset({"announce"}),
}
"""The work of the year's own case that a day is the last one for."""


class DayState(StrEnum):
    PAST = "past"
    TODAY = "today"
    RUNNING = "running"
    """Within the period of which it is the last day."""
    NEXT = "next"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWork:
    """What was asked for and handed in for a day."""

    case_id: str
    opened: datetime
    done: datetime | None
    """When the last of it was handed in or withdrawn; None while any is open."""
    asked: int
    handed_in: int
    late: bool
    """Something is open after its due moment, or was handed in after it, as it stood then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A line of the calendar."""

    planned: PlannedDay
    holds: date
    """The last day after the holiday rule."""
    opens: date | None
    state: DayState
    day_off: str | None
    """What the printed day is: the name of a holiday, blank for a weekend; None for a working day."""
    day_off_en: str
    roll: Roll | None
    note_en: str
    source: str
    source_en: str
    """In English as far as the policy says it so, as `note_en`; blank where it does not."""
    work: DayWork | None

    @property
    def month(self) -> date:
        """The first of the month in which it falls due."""
        return self.holds.replace(day=1)

    @property
    def moved(self) -> bool:
        return self.holds != self.planned.printed


def days_of(records: YearRecords, calendar: Calendar) -> tuple[Day, ...]:
    """The days of the year in the order in which they fall due."""
    entries = {entry.day: entry for entry in records.calendar.entries} if records.calendar else {}
    order = {day: place for place, day in enumerate(YearDay)}
    planned = sorted(records.plan.days.values(), key=lambda each: (each.due, order[each.day]))
    today = bangkok_date(records.now)
    coming = min((each.due for each in planned if bangkok_date(each.due) > today), default=None)
    return tuple(
        day_of(
            each, entries.get(each.day), work_for(records, each.day), calendar, now=records.now,
            next_=coming is not None and bangkok_date(each.due) == bangkok_date(coming),
        )
        for each in planned
    )  # fmt: skip


def day_of(
    planned: PlannedDay, entry: YearEntry | None, work: Sequence[HandOff], calendar: Calendar, *, now: datetime,
    next_: bool,
) -> Day:  # fmt: skip
    holds = bangkok_date(planned.due)
    working = calendar.is_working_day(planned.printed)
    return Day(
        planned=planned, holds=holds, opens=bangkok_date(planned.opens) if planned.opens else None,
        state=state_of(planned, now=now, next_=next_),
        day_off=None if working else calendar.holiday_name(planned.printed) or "",
        day_off_en=calendar.holiday_name_en(planned.printed) or "", roll=entry.roll if entry else None,
        note_en=entry.note_en if entry else "", source=entry.source if entry else "",
        source_en=entry.source_en if entry else "", work=done_for(work, now=now),
    )  # fmt: skip


def state_of(planned: PlannedDay, *, now: datetime, next_: bool) -> DayState:
    if bangkok_date(planned.due) == bangkok_date(now):
        return DayState.TODAY
    if planned.due < now:
        return DayState.PAST
    if planned.opens is not None and planned.opens <= now:
        return DayState.RUNNING
    return DayState.NEXT if next_ else DayState.AHEAD


def done_for(work: Sequence[HandOff], *, now: datetime) -> DayWork | None:
    """When the work of a day was opened and done; None where none was handed off yet."""
    if not work:
        return None
    closed = [h.closed_at for h in work if h.closed_at]
    overdue = any(h.state == OPEN and h.due_at is not None and h.due_at < now for h in work)
    return DayWork(
        case_id=work[0].case_id, opened=min(h.opened_at for h in work),
        done=max(closed) if len(closed) == len(work) else None, asked=len(work),
        handed_in=sum(h.state == SUBMITTED for h in work), late=overdue or any(h.late for h in work),
    )  # fmt: skip


def work_for(records: YearRecords, day: YearDay) -> tuple[HandOff, ...]:
    """The hand-offs that a day is the last one for, of whichever case they are."""
    if day in OF_THE_YEAR:
        return _only(records.work_of(records.case), OF_THE_YEAR[day])
    agency, year, first = records.agency, records.fiscal_year, date(records.fiscal_year - 543, 1, 1)
    for round_ in Round:
        sar = records.work.get(sar_case_id(agency, year, round_), ())
        if day is YearDay.internal(round_):
            return _only(sar, CARD)
        if day is YearDay.report(round_):
            return _only(sar, {"approve", "revise", "send"})
        if day is YearDay.follow_up(round_):
            return records.work.get(follow_up_case_id(agency, year, first, round_), ())
    called = {
        YearDay.VISIT_PRE: site_visit_case_id(agency, year, Visit.PRE),
        YearDay.VISIT_POST: site_visit_case_id(agency, year, Visit.POST),
        YearDay.AWARD: award_case_id(agency, year),
    }
    # A survey comes as a message: nobody is asked for it.
    return records.work.get(called.get(day, ""), ())


def _only(work: Iterable[HandOff], elements: Iterable[str]) -> tuple[HandOff, ...]:
    wanted = frozenset(elements)
    return tuple(h for h in work if h.element in wanted)
