"""The executive summary of an agreement year: where it stands, what is at risk, what is late and with whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from ledger.hand_offs import OPEN, HandOff
from portal.year_board import Row, YearBoard
from portal.year_cells import CellState, kpi_of
from portal.year_days import Day, DayState
from portal.year_progress import FollowUp
from portal.year_records import YearRecords
from reports.score_table import Light
from schemas.follow_up import TrafficLight

NEXT_DAYS = 3


class Risk(StrEnum):
    """Why a KPI needs the director-general's eye."""

    RED = "red"
    """Its score, as it counts or as it is reported, is red."""
    YELLOW = "yellow"
    NOT_REPORTED = "not_reported"
    OVERDUE = "overdue"
    """Its report is held beyond its due day."""
    PROGRESS = "progress"
    """Its work was far behind plan in the latest follow-up."""


class AwardStage(StrEnum):
    NOT_YET = "not_yet"
    NOT_ENTITLED = "not_entitled"
    AMOUNTS = "amounts"
    PROPOSALS = "proposals"
    CHECKING = "checking"
    OBJECTIONS = "objections"
    ORDERED = "ordered"
    PAID = "paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRisk:
    row: Row
    score: Decimal | None
    risks: tuple[Risk, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What one unit holds beyond its due moments."""

    unit: str
    pieces: int
    oldest: datetime
    """The due moment that passed first."""
    kpis: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    lights: Mapping[Light, int]
    risks: tuple[AtRisk, ...]
    late: tuple[Late, ...]
    next_days: tuple[Day, ...]
    award: AwardStage


def summary_of(
    records: YearRecords, board: YearBoard, days: Iterable[Day], followed: tuple[FollowUp, ...], work: Iterable[HandOff]
) -> Summary:
    """:param work: the open work of the year and of all cases that it has called."""
    ahead = [day for day in days if day.state is not DayState.PAST]
    return Summary(
        lights=board.lights(),
        risks=tuple(at_risk(board, followed)),
        late=late_work(work, records.now),
        next_days=tuple(ahead[:NEXT_DAYS]),
        award=award_stage(records),
    )


def at_risk(board: YearBoard, followed: tuple[FollowUp, ...]) -> Iterator[AtRisk]:
    """In the order of the agreement."""
    red = _far_behind(followed)
    for _, rows in board.sections:
        for row in rows:
            score, found = _risks(board, row)
            # What is announced is no longer a matter of progress.
            risks = (*found, *((Risk.PROGRESS,) if row.kpi.number in red and board.announced is None else ()))
            if risks:
                yield AtRisk(row=row, score=score, risks=risks)


def _risks(board: YearBoard, row: Row) -> tuple[Decimal | None, tuple[Risk, ...]]:
    if (given := row.final if row.final is not None else row.announced) is not None:
        return given, _of_light(board.light(given))
    cell = row.cells.get(board.current.round) if board.current else None
    if cell is None:
        return None, ()
    risks = _of_light(board.light(cell.score))
    if cell.state is CellState.NOT_REPORTED:
        risks += (Risk.NOT_REPORTED,)
    if cell.overdue:
        risks += (Risk.OVERDUE,)
    return cell.score, risks


def _of_light(light: Light) -> tuple[Risk, ...]:
    return {Light.RED: (Risk.RED,), Light.YELLOW: (Risk.YELLOW,)}.get(light, ())


def _far_behind(followed: tuple[FollowUp, ...]) -> frozenset[str]:
    """KPIs that were red in the latest follow-up whose reports are in."""
    latest = next((each for each in reversed(followed) if not each.taking), None)
    table = latest.lights.values() if latest else ()
    return frozenset(each.number for each in table if each.light is TrafficLight.RED)


def late_work(work: Iterable[HandOff], now: datetime) -> tuple[Late, ...]:
    """Open work whose due moment has passed, by unit; who has kept it longest comes first."""
    by_unit: dict[str, list[tuple[datetime, HandOff]]] = defaultdict(list)
    for hand_off in work:
        if hand_off.state == OPEN and hand_off.due_at is not None and hand_off.due_at < now:
            by_unit[hand_off.unit].append((hand_off.due_at, hand_off))
    found = (
        Late(
            unit=unit, pieces=len(held), oldest=min(due for due, _ in held),
            kpis=tuple(dict.fromkeys(number for _, h in held if (number := kpi_of(h)))),
        )
        for unit, held in by_unit.items()
    )  # fmt: skip
    return tuple(sorted(found, key=lambda late: (late.oldest, late.unit)))


def award_stage(records: YearRecords) -> AwardStage:
    case, outcome = records.award_case, records.award
    if case is None:
        return AwardStage.NOT_YET
    if outcome is not None and not outcome.eligibility.eligible:
        return AwardStage.NOT_ENTITLED
    if outcome is not None and outcome.paid_on is not None:
        return AwardStage.PAID
    return AwardStage(case.phase) if case.phase in set(AwardStage) else AwardStage.AMOUNTS
