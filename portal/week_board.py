"""The board of a week: which directive of which agency has been reported, derived from the week case's hand-offs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from ledger.cases import CaseView
from ledger.hand_offs import OPEN, SUBMITTED, WITHDRAWN, HandOff
from rules.directory import DirectoryIndex
from schemas.directive import Directive, Level, ReportingMode
from schemas.weekly import ReportingWeek, ReviewDecision

REPORT, CHECKS = "report", ("check", "key_in")


class Standing(StrEnum):
    """How far the report of one directive has come, the furthest first."""

    REPORTED = "reported"
    """Filed and checked by the planning unit."""
    LATE = "late"
    """Filed after the cut-off."""
    CHECKING = "checking"
    """Filed by the division; the planning unit has it."""
    RETURNED = "returned"
    """Sent back to the division for correction."""
    WAITING = "waiting"
    """Not filed yet."""
    MISSING = "missing"
    """Not filed by the cut-off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One directive of one agency in the week."""

    case_id: str
    directive: Directive
    agency: str
    division: str
    standing: Standing
    level: Level | None
    filed_at: datetime | None
    filed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The week as a matrix of directive and agency."""

    week: ReportingWeek
    cells: tuple[Cell, ...]

    def agencies(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(cell.agency for cell in self.cells))

    def directives(self) -> tuple[Directive, ...]:
        """Each directive once, by its number."""
        found = {cell.directive.no: cell.directive for cell in self.cells}
        return tuple(found[no] for no in sorted(found))

    def cell(self, no: str, agency: str) -> Cell | None:
        return next((c for c in self.cells if (c.directive.no, c.agency) == (no, agency)), None)

    def of(self, agency: str) -> Board:
        return Board(week=self.week, cells=tuple(cell for cell in self.cells if cell.agency == agency))

    def standings(self) -> Mapping[Standing, int]:
        counted = Counter(cell.standing for cell in self.cells)
        return {standing: counted[standing] for standing in Standing}

    def levels(self) -> Mapping[Level, int]:
        """How many reports at each of the four levels; what is not reported counts nowhere."""
        counted = Counter(cell.level for cell in self.cells)
        return {level: counted[level] for level in Level}


def board_of(
    week: ReportingWeek,
    work: Iterable[HandOff],
    answers: Mapping[str, Mapping[str, Any]],
    directives: Mapping[str, CaseView],
    directory: DirectoryIndex,
    now: datetime,
) -> Board:
    """The board from the hand-offs of a week's case.

    :param answers: the submitted forms by id of the hand-off.
    :param directives: the directives' cases by id.
    """
    by_subject: dict[str, list[HandOff]] = defaultdict(list)
    for hand_off in work:
        if hand_off.element in (REPORT, *CHECKS) and hand_off.subject in directives:
            by_subject[hand_off.subject].append(hand_off)
    order = {unit.id: place for place, unit in enumerate(directory.units())}
    cells = [
        _cell(week, directives[subject], found, answers, now)
        for subject, found in by_subject.items()
        if any(h.state != WITHDRAWN or _ended_with_the_week(h, week) for h in found)
    ]
    ordered = sorted(cells, key=lambda cell: (order.get(cell.agency, len(order)), cell.directive.no))
    return Board(week=week, cells=tuple(ordered))


def _ended_with_the_week(hand_off: HandOff, week: ReportingWeek) -> bool:
    """Withdrawn when the late window closed: nothing was reported, and the board keeps saying so."""
    return hand_off.closed_at is not None and hand_off.closed_at >= week.cut_off


def _cell(
    week: ReportingWeek,
    case: CaseView,
    found: Sequence[HandOff],
    answers: Mapping[str, Mapping[str, Any]],
    now: datetime,
) -> Cell:
    reports = [h for h in found if h.element == REPORT]
    checks = [h for h in found if h.element in CHECKS]
    by_planning = case.facts.get("mode") == ReportingMode.PLANNING_KEYS or any(h.element == "key_in" for h in checks)
    filed, approved = _last_filed(reports), _approved(checks, answers)
    # What the planning unit keys in counts from its keying; the division's own report from its filing.
    carried = approved if by_planning else filed
    shown = carried or filed
    said = answers.get(shown.id) if shown else None
    return Cell(
        case_id=case.id,
        directive=Directive.model_validate(case.data["directive"]),
        agency=case.data["agency"],
        division=(reports or found)[-1].unit,
        standing=_standing(reports, checks, filed, carried, approved, week.cut_off, now),
        level=Level(said["level"]) if said else None,
        filed_at=shown.closed_at if shown else None,
        filed_by=_name(shown),
    )


def _name(hand_off: HandOff | None) -> str:
    return hand_off.closed_by.name if hand_off and hand_off.closed_by else ""


def _last_filed(reports: Iterable[HandOff]) -> HandOff | None:
    return next((h for h in reversed(list(reports)) if h.state == SUBMITTED), None)


def _approved(checks: Iterable[HandOff], answers: Mapping[str, Mapping[str, Any]]) -> HandOff | None:
    """The check that approved, or keyed in; a return is none."""
    done = [h for h in checks if h.state == SUBMITTED]
    return next((h for h in reversed(done) if answers.get(h.id, {}).get("decision") == ReviewDecision.APPROVE), None)


def _standing(
    reports: Sequence[HandOff],
    checks: Sequence[HandOff],
    filed: HandOff | None,
    carried: HandOff | None,
    approved: HandOff | None,
    cut_off: datetime,
    now: datetime,
) -> Standing:
    if carried is None and now >= cut_off:
        return Standing.MISSING
    if filed is None:
        return Standing.WAITING
    if carried is not None and carried.closed_at is not None and carried.closed_at >= cut_off:
        return Standing.LATE
    if approved is not None:
        return Standing.REPORTED
    if any(h.state == OPEN for h in reports):
        return Standing.RETURNED
    return Standing.CHECKING if now < cut_off or any(h.state == OPEN for h in checks) else Standing.REPORTED
