"""Restoring a case from its events in memory, and comparing with the stored rows: the tables are only derived."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.errors import UnknownCase
from ledger.event import Event
from ledger.projection import Change, Decrement, Insert, Update, changes
from ledger.reading import history
from ledger.work import Ledger

OF_THE_RUN = frozenset({
    "flow_run_id", "run_state", "fence", "runner", "lease_until",
    "wanted", "wanted_at", "attempts", "run_error", "waiting_for",
})  # fmt: skip
"""Columns of `cases` that are technical and not derived from events."""

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
Stored = dict[Table, dict[Key, Row]]
OWNER = "case_it_belongs_to"


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
        # By the first column of the key, for changes that name no whole key (all pending reminders of a hand-off).
        self._groups: dict[Table, dict[Any, list[Row]]] = {table: defaultdict(list) for table in DERIVED}
        self._case = BEFORE_THE_FIRST_EVENT | {"id": case_id}
        self._add(tables.cases, self._case)

    def rows(self, table: Table) -> dict[Key, Row]:
        return self._rows[table]

    def take(self, event: Event) -> None:
        for change in changes(event):
            self._apply(change)
        self._case |= {"head_seq": event.seq, "head_hash": event.hash, "head_at": event.at}

    def _apply(self, change: Change) -> None:
        match change:
            case Insert(table, row):
                self._add(table, row)
            case Update(table, where, values, unless):
                for row in self._found(table, where):
                    if not (unless and any(row[column] == value for column, value in unless.items())):
                        row |= values
            case Decrement(case_id, gate):
                self._rows[tables.gates][case_id, gate]["remaining"] -= 1

    def _add(self, table: Table, row: Row) -> None:
        key = key_of(table, row)
        self._rows[table][key] = row
        self._groups[table][key[0]].append(row)

    def _found(self, table: Table, where: Row) -> list[Row]:
        names = _key_names(table)
        if all(name in where for name in names):
            row = self._rows[table].get(key_of(table, where))
            return [] if row is None else [row]
        group = self._groups[table][where[names[0]]]
        others = [(name, value) for name, value in where.items() if name != names[0]]
        return [row for row in group if all(row[name] == value for name, value in others)] if others else group


def restored(case_id: str, events: Iterable[Event]) -> Restored:
    """The tables of a case as its events tell them."""
    made = Restored(case_id)
    for event in events:
        made.take(event)
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
        found for table in DERIVED for found in _compare(table, stored.get(table, {}), made.rows(table))
    )  # fmt: skip


async def differences_everywhere(ledger: Ledger) -> tuple[Difference, ...]:
    """The differences of all cases, one case in memory at a time."""
    async with ledger.read() as connection:
        cases = (await connection.scalars(select(tables.cases.c.id).order_by(tables.cases.c.id))).all()
        return tuple([found for case_id in cases for found in await differences(connection, case_id)])


async def stored_rows(connection: AsyncConnection, case_ids: Collection[str]) -> dict[str, Stored]:
    """The derived rows of several cases as they are stored, one query a table; cases that do not exist are left out."""
    found: dict[str, Stored] = {}
    for table in DERIVED:
        result = await connection.execute(_of_cases(table, case_ids))
        names, read_key = [*result.keys()][:-1], _key_reader(table)  # the owner is the last column
        of_case: dict[str, dict[Key, Row]] = defaultdict(dict)
        for row in result.all():
            values = dict(zip(names, row, strict=False))
            of_case[row[-1]][read_key(values)] = values
        for case_id, rows in of_case.items():
            found.setdefault(case_id, {})[table] = rows
    return found


def _of_cases(table: Table, case_ids: Collection[str]) -> Select[Any]:
    if table is tables.reminders:
        # Found through their hand-offs: a reminder whose own `case_id` was changed is still found.
        h = tables.hand_offs.c
        of = select(table, h.case_id.label(OWNER)).join(tables.hand_offs, h.id == table.c.hand_off_id)
        return of.where(h.case_id.in_(case_ids))
    owner = table.c.id if table is tables.cases else table.c.case_id
    return select(table, owner.label(OWNER)).where(owner.in_(case_ids))


def _compare(table: Table, stored: dict[Key, Row], made: dict[Key, Row]) -> Iterator[Difference]:
    if stored == made:
        return
    for key in sorted(stored.keys() | made.keys()):
        here, there = stored.get(key), made.get(key)
        if here is None or there is None:
            yield Difference(table=table.name, key=key, column=None, stored=here, restored=there)
            continue
        if here == there:
            continue
        for name in sorted(here.keys() - OF_THE_RUN):
            if here[name] != there.get(name):
                yield Difference(table=table.name, key=key, column=name, stored=here[name], restored=there.get(name))


@cache
def _key_names(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key)


@cache
def _key_reader(table: Table) -> Callable[[Row], Key]:
    names = _key_names(table)
    return itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)


def key_of(table: Table, row: Row) -> Key:
    """The primary key of a row."""
    return _key_reader(table)(row)
