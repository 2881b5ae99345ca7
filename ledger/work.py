"""The unit of work: one transaction, in which verbs append events and everything derived is written with them.

Verbs do not touch tables of their own. They lock the cases they change, check, and `append` events; the unit keeps
them in memory and writes all at `commit`: one INSERT for the events, one statement for each kind of derived change,
one UPDATE of the case heads, and the COMMIT. A hundred submissions cost the same number of round trips as one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, Table, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ledger import tables
from ledger.canonical import GENESIS
from ledger.clock import Clock, machine_now
from ledger.errors import RunTakenOver, UnknownCase
from ledger.event import Event, actor_text, seal
from ledger.projection import Change, Decrement, Delete, Insert, Ladder, Update, changes
from schemas.actor import Actor

SKEW = timedelta(minutes=1)
"""So much later than this unit another may have begun and still been first: clocks of machines differ, locks are waited
for."""


@dataclass(slots=True)
class Head:
    """A locked case: the end of its chain and what verbs need to know of it."""

    id: str
    process: str
    title: str
    state: str
    phase: str
    parent_id: str | None
    parent_key: str | None
    seq: int
    hash: str
    at: datetime | None
    fence: int
    run_state: str = "none"
    new: bool = False


class Work:
    """One transaction on the ledger. Made by `Ledger.begin`; nothing is kept unless `commit` is awaited."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        if now.tzinfo is None:
            raise ValueError(f"naive time {now!r}")
        self.connection = connection
        self.now = now
        """The moment of all that it writes; never before the last event of a case that it has locked."""
        self._heads: dict[str, Head] = {}
        self._events: list[Event] = []
        self._case_values: dict[str, dict[str, Any]] = defaultdict(dict)
        self._gates: dict[tuple[str, str], int] = {}
        self._rows: dict[Table, list[dict[str, Any]]] = defaultdict(list)
        self.committed = False

    # --- reading and locking ---------------------------------------------------------------------------

    async def lock(self, *case_ids: str, fence: int | None = None) -> list[Head]:
        """Lock cases in the order of their ids.

        A unit of work locks at once all that it changes: two that did not could wait for each other in a circle.

        :param fence: refuse with `RunTakenOver` when the case's run is not the one with this number.
        :raises UnknownCase: one of them does not exist.
        """
        found = await self.lock_existing(*case_ids)
        for case_id in case_ids:
            if case_id not in found:
                raise UnknownCase(case=case_id)
        heads = [found[case_id] for case_id in case_ids]
        for head in heads:
            if fence is not None and head.fence != fence:
                raise RunTakenOver(case=head.id, held=head.fence, ours=fence)
        return heads

    async def lock_existing(self, *case_ids: str) -> dict[str, Head]:
        """Lock as `lock` does, but leave out the cases that do not exist; heads by case id."""
        missing = sorted(set(case_ids) - self._heads.keys())
        if missing:
            await self._lock_rows(missing)
        return {case_id: self._heads[case_id] for case_id in case_ids if case_id in self._heads}

    def held(self, case_id: str) -> Head | None:
        """A case that this unit has locked; None when it did not, or when there is none."""
        return self._heads.get(case_id)

    async def _lock_rows(self, case_ids: list[str]) -> None:
        c = tables.cases.c
        query = (
            select(
                c.id, c.process, c.title, c.state, c.phase, c.parent_id, c.parent_key,
                c.head_seq, c.head_hash, c.head_at, c.fence, c.run_state,
            )
            .where(c.id.in_(case_ids)).order_by(c.id).with_for_update()
        )  # fmt: skip
        for row in await self.connection.execute(query):
            self._heads[row.id] = Head(
                id=row.id, process=row.process, title=row.title, state=row.state, phase=row.phase,
                parent_id=row.parent_id, parent_key=row.parent_key,
                seq=row.head_seq, hash=row.head_hash, at=row.head_at, fence=row.fence, run_state=row.run_state,
            )  # fmt: skip
            # Another unit may have begun later and been here first. Deadlines, mails and events of this one are then
            # of one moment all the same, and of none before it: whoever makes them anew has the event's alone. What a
            # wrong clock has written stays in its case; it must not make others late.
            if row.head_at is not None and row.head_at <= self.now + SKEW:
                self.now = max(self.now, row.head_at)

    async def load_gates(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Read the counters of gates whose members are about to be resolved; their cases must be locked."""
        missing = {pair for pair in wanted if pair not in self._gates}
        if not missing:
            return
        g = tables.gates.c
        query = select(g.case_id, g.key, g.remaining).where(
            g.case_id.in_({case for case, _ in missing}), g.key.in_({key for _, key in missing})
        )
        for row in await self.connection.execute(query):
            self._gates[row.case_id, row.key] = row.remaining

    async def rows(self, query: Any) -> Sequence[Row[Any]]:
        return (await self.connection.execute(query)).all()

    # --- writing ---------------------------------------------------------------------------------------

    def create(self, case_id: str, *, process: str, title: str, parent: tuple[str, str] | None) -> Head:
        """A head for a case that does not exist yet; `case:open` must be its first event."""
        parent_id, parent_key = parent or (None, None)
        head = Head(
            id=case_id, process=process, title=title, state="open", phase="",
            parent_id=parent_id, parent_key=parent_key, seq=0, hash=GENESIS, at=None, fence=0, new=True,
        )  # fmt: skip
        self._heads[case_id] = head
        return head

    def append(self, case_id: str, kind: str, key: str, actor: Actor, payload: dict[str, Any]) -> Event:
        """Add an event to the chain of a locked case. Its time never lies before that of the event before it."""
        head = self._heads[case_id]
        event = seal(
            case_id=case_id,
            seq=head.seq + 1,
            at=max(self.now, head.at) if head.at else self.now,
            kind=kind,
            key=key,
            actor=actor_text(actor),
            payload=payload,
            prev_hash=head.hash,
        )
        head.seq, head.hash, head.at = event.seq, event.hash, event.at
        self._events.append(event)
        return event

    def appended(self, case_id: str, kind: str) -> list[Event]:
        """Events of a kind that this unit has added to a case so far."""
        return [event for event in self._events if event.case_id == case_id and event.kind == kind]

    def events_of(self, case_id: str) -> list[Event]:
        """All events that this unit has added to a case so far."""
        return [event for event in self._events if event.case_id == case_id]

    def new_gate(self, case_id: str, key: str, need: int) -> None:
        """A gate that this unit opens: its counter is known without reading."""
        self._gates[case_id, key] = need

    def resolve(self, case_id: str, gate: str | None) -> None:
        """A wait was answered: wake the case when nothing else must happen first (design, rule 2)."""
        if gate is None:
            self.want_run(case_id)
            return
        remaining = self._gates[case_id, gate] = self._gates[case_id, gate] - 1
        if remaining == 0:
            self.want_run(case_id)

    def want_run(self, case_id: str, *, delay: timedelta = timedelta(0)) -> None:
        """Ask the dispatcher to start or wake the case's run once this is committed."""
        self._case_values[case_id] |= {"wanted": "run", "wanted_at": machine_now() + delay, "attempts": 0}

    def want_end(self, case_id: str) -> None:
        """Ask the dispatcher to show the end of the case in Prefect."""
        self._case_values[case_id] |= {"wanted": "end", "wanted_at": machine_now(), "attempts": 0}

    def set_run(self, case_id: str, **values: Any) -> None:
        """Set columns of the run (technical, not history)."""
        self._case_values[case_id] |= values

    def add_row(self, table: Table, row: dict[str, Any]) -> None:
        """Add a row that is not derived from events (a mail to be sent)."""
        self._rows[table].append(row)

    # --- commit ----------------------------------------------------------------------------------------

    async def commit(self) -> None:
        """Write everything and commit."""
        await self._insert_new_cases()
        if self._events:
            await self.connection.execute(tables.events.insert(), [event._asdict() for event in self._events])
        await self._apply([change for event in self._events for change in changes(event)])
        await self._update_heads()
        for table, rows in self._rows.items():
            await self.connection.execute(table.insert(), rows)
        await self.connection.commit()
        self.committed = True

    async def _insert_new_cases(self) -> None:
        new = [head for head in self._heads.values() if head.new and head.seq]
        if not new:
            return
        placeholder = {"process_version": 0, "data": "", "fiscal_year_be": 0, "state": "open"}
        await self.connection.execute(
            tables.cases.insert(),
            [
                placeholder
                | {
                    "id": head.id, "process": head.process, "title": head.title, "opened_at": self.now,
                    "head_seq": head.seq, "head_hash": head.hash, "head_at": head.at,
                }
                for head in new
            ],
        )  # fmt: skip

    async def _apply(self, pending: list[Change]) -> None:
        """Write derived changes, one statement for each shape; inserts first, what follows may concern a new row."""
        inserts: dict[Table, list[dict[str, Any]]] = defaultdict(list)
        shaped: dict[_Shape, list[dict[str, Any]]] = defaultdict(list)
        done: Counter[tuple[str, str]] = Counter()
        for change in pending:
            match change:
                case Insert(table, rows):
                    inserts[table].extend(rows)
                case Ladder(_, rungs):
                    inserts[tables.reminders].extend(rungs)
                case Update(table, where, values) if table is tables.cases:
                    self._case_values[where["id"]] |= values
                case Update(table, where, values):
                    shape = _Shape(table, tuple(where), tuple(values))
                    shaped[shape].append(shape.parameters(where, values))
                case Delete(table, where):
                    shape = _Shape(table, tuple(where))
                    shaped[shape].append(shape.parameters(where))
                case Decrement(case_id, gate):
                    done[case_id, gate] += 1
        for table, rows in inserts.items():
            await self.connection.execute(table.insert(), rows)
        for shape, rows in shaped.items():
            await self.connection.execute(shape.statement(), rows)
        await self._decrement(done)

    async def _decrement(self, done: Counter[tuple[str, str]]) -> None:
        if not done:
            return
        g = tables.gates.c
        statement = (
            update(tables.gates)
            .where(g.case_id == bindparam("w_case"), g.key == bindparam("w_key"))
            .values(remaining=g.remaining - bindparam("v_by"))
        )
        rows = [{"w_case": case, "w_key": key, "v_by": n} for (case, key), n in done.items()]
        await self.connection.execute(statement, rows)

    async def _update_heads(self) -> None:
        touched = {event.case_id for event in self._events} | self._case_values.keys()
        updates: dict[_Shape, list[dict[str, Any]]] = defaultdict(list)
        for case_id in sorted(touched):
            head = self._heads[case_id]
            values = {"head_seq": head.seq, "head_hash": head.hash, "head_at": head.at} | self._case_values[case_id]
            shape = _Shape(tables.cases, ("id",), tuple(values))
            updates[shape].append(shape.parameters({"id": case_id}, values))
        for shape, rows in updates.items():
            await self.connection.execute(shape.statement(), rows)


class _Shape(NamedTuple):
    """Updates of one shape, or deletions, go to the database as one statement."""

    table: Table
    where: tuple[str, ...]
    values: tuple[str, ...] | None = None
    """None: the rows are deleted."""

    @staticmethod
    def parameters(where: dict[str, Any], values: dict[str, Any] | None = None) -> dict[str, Any]:
        named = {"w": where, "v": values or {}}
        return {f"{prefix}_{column}": value for prefix, row in named.items() for column, value in row.items()}

    def statement(self) -> Any:
        found = [self.table.c[column] == bindparam(f"w_{column}") for column in self.where]
        if self.values is None:
            return delete(self.table).where(*found)
        return update(self.table).where(*found).values({column: bindparam(f"v_{column}") for column in self.values})


STREAMED = {"yield_per": 500}
"""Execution options of a query whose rows are fetched as they are wanted."""


class Ledger:
    """The door to the ledger: units of work that write, and short connections that only read."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self.engine = engine
        self.clock = clock
        # On PostgreSQL each statement sees what was committed before it, within a transaction or without: reading
        # without one saves two round trips. On SQLite a reading transaction is one consistent picture.
        options = {"isolation_level": "AUTOCOMMIT"} if engine.dialect.name == "postgresql" else {"reading": True}
        self._reading = engine.execution_options(**options)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        """A unit of work; leaving the block without `commit` keeps nothing."""
        async with self.engine.connect() as connection:
            work = Work(connection, await self.clock.now(connection))
            try:
                yield work
            finally:
                if not work.committed:
                    await connection.rollback()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading only."""
        async with self._reading.connect() as connection:
            try:
                yield connection
            finally:
                await connection.rollback()

    @asynccontextmanager
    async def read_through(self) -> AsyncIterator[AsyncConnection]:
        """A transaction for reading so much that rows are streamed (`STREAMED`); a server's cursor lives in one."""
        async with self.engine.connect() as connection:
            await connection.execution_options(reading=True)
            try:
                yield connection
            finally:
                await connection.rollback()

    async def now(self) -> datetime:
        """The moment that counts for deadlines."""
        async with self.read() as connection:
            return await self.clock.now(connection)
