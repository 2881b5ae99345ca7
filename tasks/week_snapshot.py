"""The week as it stands: what each directive's report says, when it was filed, by whom, and whether it was checked.

Used for the frozen snapshot at the cut-off and for a live print-out; both read only the ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import reading
from ledger.hand_offs import HandOff
from rules.directory import DirectoryIndex
from rules.errors import UnknownUnit
from rules.week import days_of
from schemas.base import CaseId
from schemas.directive import Level, Nature, ReportingMode
from schemas.weekly import (
    LateAddendum,
    OpenDirective,
    ReportingWeek,
    ReportText,
    ReviewDecision,
    SnapshotRow,
    Timeliness,
    WeekCase,
    WeekSnapshot,
)

REPORT, CHECK, KEY_IN = "report", "check", "key_in"
"""Elements of the weekly cycle that carry a report."""
LEVEL_OF_NATURE = {Nature.GENERAL: Level.GENERAL, Nature.CONTINUOUS: Level.CONTINUOUS}


@dataclass(frozen=True, slots=True)
class Filed:
    """One form that carries or judges a report, as submitted."""

    element: str
    at: datetime
    by: str
    data: dict[str, Any]

    @property
    def approves(self) -> bool:
        return bool(self.data.get("decision", ReviewDecision.APPROVE) == ReviewDecision.APPROVE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One directive in one week: its line of the register and what was filed, oldest first."""

    directive: OpenDirective
    filed: tuple[Filed, ...]


async def read_entries(connection: AsyncConnection, week: CaseId) -> tuple[Entry, ...]:
    """All directives of a week. One whose work was withdrawn before anything was filed is not among them."""
    found = [h for h in await reading.hand_offs_of_case(connection, week) if h.element in {REPORT, CHECK, KEY_IN}]
    by_subject: dict[CaseId, list[HandOff]] = defaultdict(list)
    for hand_off in found:
        by_subject[hand_off.subject].append(hand_off)
    answers = await reading.answers(connection, [h for h in found if h.state == "submitted"])
    facts = await reading.facts_of(connection, by_subject)
    return tuple(
        Entry(OpenDirective.model_validate(facts[subject]), _filed(hand_offs, answers))
        for subject, hand_offs in sorted(by_subject.items())
        if subject in facts and not all(h.state == "withdrawn" for h in hand_offs)
    )


def _filed(found: Sequence[HandOff], answers: dict[str, dict[str, Any]]) -> tuple[Filed, ...]:
    filed = (
        Filed(h.element, h.closed_at, h.closed_by.name if h.closed_by else "", answers[h.id])
        for h in found
        if h.closed_at is not None and h.id in answers
    )
    return tuple(sorted(filed, key=lambda f: f.at))


def row_of(
    entry: Entry, *, before: datetime, directory: DirectoryIndex, not_before: datetime | None = None
) -> SnapshotRow:
    """The row of a directive from what was filed strictly before a moment (R0.1).

    Where the division keys in, its report counts from the moment it was sent; where the planning unit keys in, from
    the moment it was keyed (S0 lines 32 and 33).
    """
    directive = entry.directive
    keyed_by_planning = directive.mode is ReportingMode.PLANNING_KEYS
    carrying = KEY_IN if keyed_by_planning else REPORT
    in_time = [f for f in entry.filed if f.at < before]
    reports = [
        f for f in in_time if f.element == carrying and f.approves and (not_before is None or f.at >= not_before)
    ]
    if not reports:
        return _missing_row(directive, directory)
    last = reports[-1]
    text = ReportText.model_validate({k: v for k, v in last.data.items() if k in ReportText.model_fields})
    checks = [f for f in in_time if f.element == CHECK and f.at >= last.at]
    verdict = last if keyed_by_planning else next(reversed(checks), None)
    approval = verdict if verdict is not None and verdict.approves else None
    returned = verdict is not None and approval is None
    return SnapshotRow(
        directive=directive,
        agency_th=_name(directory, directive.agency),
        division_th=_name(directory, directive.division),
        level=_known_level(directive) if returned and text.level is Level.COMPLETED else text.level,
        timeliness=Timeliness.ON_TIME if not_before is None else Timeliness.LATE,
        report=text,
        filed_at=last.at,
        filed_by=last.by,
        reviewed=approval is not None,
        approved_by=approval.by if approval else "",
        approved_at=approval.at if approval else None,
        returned=returned,
        attachments=last.data.get("attachments", ()),
    )


def _missing_row(directive: OpenDirective, directory: DirectoryIndex) -> SnapshotRow:
    return SnapshotRow(
        directive=directive,
        agency_th=_name(directory, directive.agency),
        division_th=_name(directory, directive.division),
        level=_known_level(directive),
        timeliness=Timeliness.MISSING,
    )


def _known_level(directive: OpenDirective) -> Level:
    """The level last reported, before any report that of the directive's nature."""
    return directive.level or LEVEL_OF_NATURE[directive.nature]


def _name(directory: DirectoryIndex, unit: str) -> str:
    try:
        return directory.unit(unit).th
    except UnknownUnit:
        return unit


def in_protocol_order(rows: Iterable[SnapshotRow], directory: DirectoryIndex) -> tuple[SnapshotRow, ...]:
    """By the agencies' protocol order, then by number (requirements 3.6)."""
    seq = {unit.id: unit.seq for unit in directory.organisation.units}
    return tuple(
        sorted(rows, key=lambda row: (seq.get(row.directive.agency, 0), row.directive.agency, row.directive.no))
    )


async def snapshot_as_of(
    connection: AsyncConnection,
    directory: DirectoryIndex,
    week: ReportingWeek,
    previous: CaseId | None,
    *,
    as_of: datetime,
) -> WeekSnapshot:
    """The week as it stands at `as_of` (at the latest the cut-off), with the addenda to the week before."""
    before = min(as_of, week.cut_off)
    entries = await read_entries(connection, week.case_id)
    rows = [row_of(entry, before=before, directory=directory) for entry in entries]
    late = await _late_addenda(connection, directory, previous, before=before) if previous else ()
    return WeekSnapshot(week=week, frozen_at=as_of, rows=in_protocol_order(rows, directory), late_addenda=late)


async def _late_addenda(
    connection: AsyncConnection, directory: DirectoryIndex, previous: CaseId, *, before: datetime
) -> tuple[LateAddendum, ...]:
    """Reports to the week before that came after its cut-off: of what was missing then, and of what was sent back.

    A directive that was completed in that week is never reported again (R0.3).
    """
    week = WeekCase.model_validate((await reading.case(connection, previous)).data).week
    rows = [
        row_of(entry, before=before, not_before=week.cut_off, directory=directory)
        for entry in await read_entries(connection, previous)
        if not row_of(entry, before=week.cut_off, directory=directory).completes
    ]
    found = [row for row in rows if row.timeliness is Timeliness.LATE]
    days = days_of(week)
    return tuple(LateAddendum(friday=week.friday, days=days, row=row) for row in in_protocol_order(found, directory))
