"""The board of any case in which many units work: who has done what, derived from hand-offs alone (decisions 25, 43).

A row is a unit, a column a step of the procedure. Which row a hand-off stands in is told by its key: the first unit
named in brackets on the way to it, through the calls of other cases as well, as in `provinces[tak]/adopt`; the unit
that holds it where the key names none. So advice on a province's draft stands with the province, whoever gives it, and
a case that is called once for a unit is a part of that unit's row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from audit.keys import SEGMENT, element_of
from ledger.boards import MANY, BoardWork, Called
from ledger.hand_offs import OPEN, WITHDRAWN
from rules.calendar import bangkok_date
from schemas.base import UnitId


class State(StrEnum):
    """What a hand-off says at a moment."""

    OVERDUE = "overdue"
    """Open, and its moment has come."""
    OPEN = "open"
    LATE = "late"
    """Handed in after its moment."""
    DONE = "done"
    LAPSED = "lapsed"
    """Never handed in: it was taken back when its moment had come."""
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One hand-off on the board."""

    work: BoardWork
    state: State
    days: int
    """How many days it is or was late, by the calendar; 0 on the day itself."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What one unit has had to do in one step, in the order in which it was asked for."""

    entries: tuple[Entry, ...]

    @cached_property
    def shown(self) -> Entry:
        """What presses most while anything is open; otherwise the last that was not taken back."""
        pressing = [each for each in self.entries if each.work.state == OPEN]
        if pressing:
            return min(pressing, key=lambda each: (each.work.due_at is None, each.work.due_at or each.work.opened_at))
        return next((e for e in reversed(self.entries) if e.state is not State.WITHDRAWN), self.entries[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A column: an element of a process; of one that was called in two ways, two columns."""

    process: str
    call: str
    """The element that called the process; empty for the board's own."""
    element: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The columns of one process, and the case where all of them are of one."""

    process: str
    call: str
    steps: tuple[Step, ...]
    case: Called | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    unit: UnitId
    cells: Mapping[Step, Cell]
    cases: tuple[Called, ...]
    """The cases that were called for this unit alone."""

    @property
    def overdue(self) -> bool:
        """Something of it is late and was not handed in."""
        return any(cell.shown.state in (State.OVERDUE, State.LAPSED) for cell in self.cells.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A step that waits, and for which rows."""

    step: Step
    rows: tuple[tuple[Row, Entry], ...]

    @property
    def holder(self) -> UnitId | None:
        """The one unit that holds the work of several rows, as the adviser of provinces does."""
        holders = {entry.work.unit for _, entry in self.rows}
        return holders.pop() if len(holders) == 1 and len(self.rows) > 1 else None


@dataclass(frozen=True, kw_only=True)
class Board:
    parts: tuple[Part, ...]
    rows: tuple[Row, ...]
    """In protocol order."""
    around: tuple[tuple[Step, Cell], ...]
    """Steps that a few units do for all: they are no columns."""

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for part in self.parts for step in part.steps)

    @property
    def is_of_many(self) -> bool:
        return len(self.rows) >= MANY

    def only(self, keep: Callable[[Row], bool]) -> Board:
        """The board narrowed to some rows; its columns stay."""
        return Board(parts=self.parts, rows=tuple(filter(keep, self.rows)), around=self.around)

    def counts(self) -> Mapping[State, int]:
        """How many hand-offs of the rows say what."""
        found = [e.state for row in self.rows for cell in row.cells.values() for e in cell.entries]
        return {state: found.count(state) for state in State}

    def lapsed(self) -> int:
        """How many units have let something lapse."""
        return sum(any(cell.shown.state is State.LAPSED for cell in row.cells.values()) for row in self.rows)

    def outstanding(self) -> tuple[Waiting, ...]:
        """The steps in which somebody has not answered yet."""
        waiting: dict[Step, list[tuple[Row, Entry]]] = {step: [] for step in self.steps}
        for row in self.rows:
            for step, cell in row.cells.items():
                if cell.shown.work.state == OPEN:
                    waiting[step].append((row, cell.shown))
        return tuple(Waiting(step=step, rows=tuple(found)) for step, found in waiting.items() if found)


Order = Callable[[str], Mapping[str, int]]
"""The places of a process's elements in its model."""


def board_of(
    cases: Sequence[Called], work: Sequence[BoardWork], units: Sequence[UnitId], order: Order, now: datetime
) -> Board:
    """The board of the first of the cases.

    :param units: every unit, in protocol order.
    """
    places = {unit: place for place, unit in enumerate(units)}
    by_id = {case.id: case for case in cases}
    held: dict[Step, dict[UnitId, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    named: set[Step] = set()
    keys = _Keys((by_id[each.case_id].path + each.key for each in work), places)
    for each in work:
        case = by_id[each.case_id]
        step = Step(process=case.process, call=element_of(case.path[:-1]), element=each.element)
        unit = keys.unit(case.path + each.key)
        if unit is not None:
            named.add(step)
        held[step][unit or each.unit].append(_entry(each, now))
    columns = {step: of for step, of in held.items() if step in named or len(of) >= MANY}
    rows = sorted(dict.fromkeys(unit for of in columns.values() for unit in of), key=_by(places))
    alone = defaultdict(list)
    for case in cases:
        if (unit := keys.unit(case.path)) is not None:
            alone[unit].append(case)
    return Board(
        parts=_parts(cases, columns, order),
        rows=tuple(
            Row(
                unit=unit, cases=tuple(alone[unit]),
                cells={step: Cell(entries=tuple(of[unit])) for step, of in columns.items() if unit in of},
            )
            for unit in rows
        ),
        around=tuple(
            (step, Cell(entries=tuple(entries)))
            for step, of in held.items() if step not in columns for entries in of.values()
        ),
    )  # fmt: skip


def _by(places: Mapping[UnitId, int]) -> Callable[[UnitId], tuple[int, UnitId]]:
    return lambda unit: (places.get(unit, len(places)), unit)


class _Keys:
    """Which unit's row a key names: the first in brackets, where keys name more than one in that place.

    What is named in a place that has one unit only (the province of a province's case) tells no rows apart.
    """

    def __init__(self, paths: Iterable[str], units: Collection[UnitId]) -> None:
        self._units = units
        found: dict[str, set[UnitId]] = defaultdict(set)
        for path in paths:
            for place, unit in self._named(path):
                found[place].add(unit)
        self._places = {place for place, named in found.items() if len(named) > 1}

    def unit(self, path: str) -> UnitId | None:
        return next((unit for place, unit in self._named(path) if place in self._places), None)

    def _named(self, path: str) -> Iterator[tuple[str, UnitId]]:
        """(the elements up to a bracket, the unit in it), from without."""
        place = ""
        for part in filter(None, map(SEGMENT.fullmatch, path.split("/"))):
            place += f"{part['element']}/"
            if part["name"] in self._units:
                yield place, part["name"]


def _entry(work: BoardWork, now: datetime) -> Entry:
    if work.state == OPEN and work.due_at is not None and work.due_at <= now:
        return Entry(work=work, state=State.OVERDUE, days=_days(work.due_at, now))
    if work.late and work.due_at is not None and work.closed_at is not None:
        return Entry(work=work, state=State.LATE, days=_days(work.due_at, work.closed_at))
    if work.state == WITHDRAWN and work.due_at is not None and work.closed_at is not None:
        return Entry(work=work, state=State.LAPSED if work.due_at <= work.closed_at else State.WITHDRAWN, days=0)
    return Entry(work=work, state={OPEN: State.OPEN, WITHDRAWN: State.WITHDRAWN}.get(work.state, State.DONE), days=0)


def _days(due: datetime, until: datetime) -> int:
    return (bangkok_date(until) - bangkok_date(due)).days


def _parts(cases: Sequence[Called], columns: Iterable[Step], order: Order) -> tuple[Part, ...]:
    """The columns by process: the board's own first, then those that it called, in the order of their opening."""
    steps: dict[tuple[str, str], list[Step]] = defaultdict(list)
    for step in columns:  # by first opening; this order stays where the model does not know an element
        steps[step.process, step.call].append(step)
    opened: dict[tuple[str, str], list[Called]] = defaultdict(list)
    for case in cases:
        opened[case.process, element_of(case.path[:-1])].append(case)
    return tuple(
        Part(
            process=process, call=call, steps=tuple(_ordered(steps[process, call], order(process))),
            case=of[0] if len(of) == 1 else None,
        )
        for (process, call), of in opened.items() if (process, call) in steps
    )  # fmt: skip


def _ordered(steps: Iterable[Step], places: Mapping[str, int]) -> list[Step]:
    return sorted(steps, key=lambda step: places.get(step.element, len(places)))
