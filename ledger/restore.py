"""Restoring a case from its events in memory, and comparing with the stored rows: the tables are only derived."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, Column, Select, Table, bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.errors import UnknownCase
from ledger.event import Event
from ledger.findings import REGISTER
from ledger.projection import Change, Delete, Insert, Ladder, Update, changes
from ledger.reading import history
from ledger.work import Ledger

OF_THE_RUN = frozenset({
    "flow_run_id", "run_state", "fence", "runner", "lease_until",
    "wanted", "wanted_at", "attempts", "run_error", "waiting_for",
})  # fmt: skip
"""Columns of `cases` that are technical and not derived from events; a replay looks at `waiting_for`."""

OF_THE_LEDGER = re.compile(
    rf"anchor anchor:\d+|notice (refused:\d+[\da-f+]*:{re.escape(REGISTER)}|verified:[\da-f-]+):.+"
)
"""Folder and occasion of mails that belong to no case: to the keeper of anchors, about the register, about damage."""

DERIVED = (
    tables.cases,
    tables.hand_offs,
    tables.waits,
    tables.gates,
    tables.reminders,
    tables.messages,
    tables.case_documents,
)
BEFORE_THE_FIRST_EVENT: dict[str, Any] = {
    "phase": "",
    "facts": "{}",
    "units": "[]",
    "closed_at": None,
    "result": None,
}

Row = dict[str, Any]
Key = tuple[Any, ...]
Values = tuple[Any, ...]
"""A row as it is stored: its values in the order of the table's columns."""
Stored = dict[Table, dict[Key, Values]]
CASES: BindParameter[Any] = bindparam("cases", expanding=True)
"""Ids of the cases that are asked for; statements with it are made once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One value that the events do not account for; `column` is None where a whole row is missing or too many."""

    table: str
    key: Key
    column: str | None
    stored: Any
    restored: Any


class Restored:
    """The derived tables of one case, made anew from its events."""

    def __init__(self, case_id: str) -> None:
        self._rows: dict[Table, dict[Key, Row]] = {table: {} for table in DERIVED}
        self._ladders: dict[str, list[Iterable[Row]]] = defaultdict(list)
        """Reminders by their hand-off, with which they go: as a rule there are none left to be made in the end."""
        self._case = BEFORE_THE_FIRST_EVENT | {"id": case_id}
        self._add(tables.cases, [self._case])

    def rows(self, table: Table) -> dict[Key, Row]:
        if table is tables.reminders:
            key = _shape_of(table).key
            return {key(row): row for hand_off_id in self._ladders for row in self._rungs(hand_off_id)}
        return self._rows[table]

    def take(self, events: Iterable[Event]) -> None:
        """Take events that follow those that were taken before."""
        event = None
        for event in events:
            for change in changes(event):
                self._apply(change)
        if event is not None:
            self._case |= {"head_seq": event.seq, "head_hash": event.hash, "head_at": event.at}

    def _apply(self, change: Change) -> None:
        if isinstance(change, Insert):
            self._add(change.table, change.rows)
        elif isinstance(change, Ladder):
            self._ladders[change.hand_off_id].append(change.rows)
        elif isinstance(change, Update):
            if (row := self._rows[change.table].get(_shape_of(change.table).key(change.where))) is not None:
                row |= change.values
        elif isinstance(change, Delete):
            self._take_away(change.where)
        else:
            self._rows[tables.gates][change.case_id, change.gate]["remaining"] -= 1

    def _add(self, table: Table, rows: Sequence[Row]) -> None:
        self._rows[table].update(zip(map(_shape_of(table).key, rows), rows, strict=True))

    def _take_away(self, where: Row) -> None:
        """A whole ladder, or one rung."""
        if len(where) == 1:
            self._ladders.pop(where["hand_off_id"], None)
        else:
            rungs = self._rungs(where["hand_off_id"])
            self._ladders[where["hand_off_id"]] = [[row for row in rungs if not where.items() <= row.items()]]

    def _rungs(self, hand_off_id: str) -> list[Row]:
        """The rungs that are left, made now if they were not."""
        rungs = [row for rows in self._ladders[hand_off_id] for row in rows]
        self._ladders[hand_off_id] = [rungs]
        return rungs


def restored(case_id: str, events: Iterable[Event]) -> Restored:
    """The tables of a case as its events tell them."""
    made = Restored(case_id)
    made.take(events)
    return made


async def differences(connection: AsyncConnection, case_id: str) -> tuple[Difference, ...]:
    """Where the stored rows of a case are not what its events say; empty when all is well.

    The events are believed here; whether they are true is what `ledger.verify` asks.

    :raises UnknownCase: there is no such case.
    """
    stored = await stored_rows(connection, [case_id])
    if tables.cases not in stored.get(case_id, {}):
        raise UnknownCase(case=case_id)
    return compared(restored(case_id, await history(connection, case_id)), stored[case_id])


def compared(made: Restored, stored: Stored) -> tuple[Difference, ...]:
    """Where the stored rows of a case are not those that its events make."""
    return tuple(
        found
        for table in DERIVED
        if table in stored or made.rows(table)
        for found in _compare(table, stored.get(table, {}), made.rows(table))
    )


async def differences_everywhere(ledger: Ledger) -> tuple[Difference, ...]:
    """The differences of all cases, one case in memory at a time, and the rows that belong to no case."""
    async with ledger.read() as connection:
        cases = (await connection.scalars(select(tables.cases.c.id).order_by(tables.cases.c.id))).all()
        found = [one for case_id in cases for one in await _differences_or_why(connection, case_id)]
        owned = (tables.events, tables.mails, *DERIVED)
        return (*found, *[one for table in owned for one in await _without_case(connection, table)])


async def _differences_or_why(connection: AsyncConnection, case_id: str) -> tuple[Difference, ...]:
    """What somebody has spoiled may fail anywhere: the case is named, and the others are compared all the same."""
    try:
        return await differences(connection, case_id)
    except (ValueError, TypeError, LookupError, AttributeError) as trouble:
        why = f"{type(trouble).__name__}: {trouble}"
        return (Difference(table="events", key=(case_id,), column="payload", stored=why, restored=None),)


async def _without_case(connection: AsyncConnection, table: Table) -> list[Difference]:
    """Rows of cases that do not exist; no foreign key keeps out who may switch it off."""
    c = tables.cases.c
    if table is tables.cases:
        return []
    query = select(*table.primary_key, table.c.case_id).where(~exists().where(c.id == table.c.case_id))
    rightly = {(mail_id,) for mail_id in await _of_the_ledger(connection)} if table is tables.mails else set()
    return [
        Difference(table=table.name, key=tuple(row[:-1]), column="case_id", stored=row.case_id, restored=None)
        for row in await connection.execute(query.order_by(*table.primary_key))
        if tuple(row[:-1]) not in rightly
    ]


async def _of_the_ledger(connection: AsyncConnection) -> set[str]:
    """Ids of the mails that concern the ledger as a whole: they alone name no case."""
    m = tables.mails.c
    found = await connection.execute(select(m.id, m.once, m.folder).where(m.case_id == ""))
    return {row.id for row in found if OF_THE_LEDGER.fullmatch(f"{row.folder} {row.once}")}


async def stored_rows(connection: AsyncConnection, case_ids: Collection[str]) -> dict[str, Stored]:
    """The derived rows of several cases as they are stored, one query a table; cases that do not exist are left out."""
    found: dict[str, Stored] = {}
    for table in DERIVED:
        shape = _shape_of(table)
        rows = (await connection.execute(shape.of_cases, {"cases": case_ids})).all()
        for case_id, owned in groupby(rows, shape.owner):
            values = [row[: shape.width] for row in owned]
            of_case = found.setdefault(case_id, {}).setdefault(table, {})
            of_case.update(zip(map(shape.key_of_values, values), values, strict=True))
    return found


def _of_cases(table: Table) -> Select[Any]:
    """The rows of several cases; reminders with the case that they belong to behind them."""
    if table is tables.reminders:
        # Found through their hand-offs: a reminder whose own `case_id` was changed is still found.
        h = tables.hand_offs.c
        return select(table, h.case_id).join(tables.hand_offs, h.id == table.c.hand_off_id).where(h.case_id.in_(CASES))
    return select(table).where((table.c.id if table is tables.cases else table.c.case_id).in_(CASES))


def _compare(table: Table, stored: dict[Key, Values], made: dict[Key, Row]) -> Iterator[Difference]:
    shape = _shape_of(table)
    if shape.all_derived and _equal(shape, stored, made):
        return
    wrong = {key for key, values in stored.items() if key not in made or not _same(table, values, made[key])}
    for key in sorted(wrong | (made.keys() - stored.keys())):
        here, there = named(table, stored[key]) if key in stored else None, made.get(key)
        if here is None or there is None:
            yield Difference(table=table.name, key=key, column=None, stored=here, restored=there)
            continue
        for name in sorted(here.keys() - OF_THE_RUN):
            if here[name] != there.get(name):
                yield Difference(table=table.name, key=key, column=name, stored=here[name], restored=there.get(name))


def _equal(shape: _Shape, stored: dict[Key, Values], made: dict[Key, Row]) -> bool:
    """All rows at once, as nearly always."""
    try:
        return stored == dict(zip(made, map(shape.values, made.values()), strict=True))
    except KeyError:  # the events never gave a row one of its values
        return False


def _same(table: Table, values: Values, made: Row) -> bool:
    shape = _shape_of(table)
    try:
        return values[: len(shape.derived)] == shape.values(made)
    except KeyError:  # the events never gave it a value
        return False


def named(table: Table, values: Values) -> Row:
    """A stored row by the names of its columns."""
    return dict(zip(_shape_of(table).names, values, strict=True))


def place_of(column: Column[Any]) -> int:
    """Where the value of a column stands in a stored row."""
    return _shape_of(column.table).names.index(column.name)


class _Shape:
    """How the rows of a table are read, made ready once: these readers are called for each row of a ledger."""

    def __init__(self, table: Table) -> None:
        self.names = tuple(column.name for column in table.columns)
        self.derived = tuple(name for name in self.names if name not in OF_THE_RUN)
        self.all_derived = self.derived == self.names
        assert self.names[: len(self.derived)] == self.derived, "technical columns stand behind the others"
        key = tuple(column.name for column in table.primary_key)
        self.key = _several(*key)
        """Primary key of a row."""
        self.key_of_values = _several(*(self.names.index(name) for name in key))
        self.values = _several(*self.derived)
        """The derived values of a row, in the order of the columns."""
        self.of_cases = _of_cases(table)
        """Reads the rows of the cases `cases`."""
        self.width = len(self.names)
        case_id = "id" if table is tables.cases else "case_id"
        self.owner = itemgetter(self.width if table is tables.reminders else self.names.index(case_id))
        """The case of a row that was read so."""


def _several(*places: Any) -> Callable[[Any], tuple[Any, ...]]:
    """Like `itemgetter`, whose answer for one place is no tuple."""
    if len(places) > 1:
        return itemgetter(*places)
    (place,) = places
    return lambda row: (row[place],)


@cache
def _shape_of(table: Table) -> _Shape:
    return _Shape(table)
