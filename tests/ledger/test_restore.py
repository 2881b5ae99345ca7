"""The tables are only derived: from the events alone every row comes out the same, and a changed row is found."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, DateTime, Integer, Table, and_, insert, select, update

from ledger import cases, documents, hand_offs, reading, tables, verify, waits
from ledger.column_types import CanonicalJson, Number, UtcMoment
from ledger.hand_offs import HandOff
from ledger.restore import DERIVED, OF_THE_RUN, Difference, differences, differences_everywhere
from ledger.work import Ledger, Work
from tests.conftest import FRIDAY_NOON, ClockThatIsSet
from tests.ledger.scene import (
    CUT_OFF,
    DIRECTIVE,
    FLOW,
    SOMCHAI,
    SUDA,
    SWEEP,
    WEEK,
    fire_reminder,
    handed_off,
    new_case,
    opened,
    order,
    story,
    submission,
)  # fmt: skip

# --- any order of verbs ------------------------------------------------------------------------------------


class Procedure:
    """A case on which verbs are carried out in any order; a verb that has nothing to act on does nothing."""

    def __init__(self, ledger: Ledger, clock: ClockThatIsSet, case_id: str) -> None:
        self.ledger, self.clock, self.case_id = ledger, clock, case_id
        self.numbers = itertools.count(1)

    async def carry_out(self, verbs: list[str]) -> None:
        """Several verbs in one unit of work, on a day of its own."""
        self.clock.advance(hours=1)
        async with self.ledger.begin() as work:
            (head,) = await work.lock(self.case_id)
            for verb in verbs if head.state == "open" else ["reopen"]:
                await getattr(self, verb)(work)
            await work.commit()

    async def _open_work(self, work: Work) -> list[HandOff]:
        found = await reading.hand_offs_of_case(work.connection, self.case_id)
        ended = {
            event.key for kind in ("submit", "withdraw") for event in work.appended(self.case_id, f"hand_off:{kind}")
        }
        return [one for one in found if one.state == "open" and one.key not in ended]

    async def hand_off(self, work: Work) -> None:
        for urgency in ("normal", "urgent"):
            told = order(f"report/{next(self.numbers)}", urgency=urgency)
            hand_offs.open_hand_off(work, self.case_id, told, actor=FLOW)

    async def hand_off_behind_a_gate(self, work: Work) -> None:
        gate = f"gate/{next(self.numbers)}"
        waits.open_gate(work, self.case_id, key=gate, need=2, actor=FLOW)
        for _ in range(3):
            told = order(f"report/{next(self.numbers)}", gate=gate)
            hand_offs.open_hand_off(work, self.case_id, told, actor=FLOW)

    async def submit(self, work: Work) -> None:
        keys = [one.key for one in (await self._open_work(work))[:2]]
        await hand_offs.submit_all(work, [submission(key, case_id=self.case_id) for key in [*keys, *keys, "unknown"]])

    async def withdraw(self, work: Work) -> None:
        await hand_offs.withdraw(work, (await self._open_work(work))[:1], reason="ยกเลิก", actor=SOMCHAI)

    async def drop(self, work: Work) -> None:
        hand_offs.drop(work, (await self._open_work(work))[-1:], reason="", actor=FLOW)

    async def remind(self, work: Work) -> None:
        for one in (await self._open_work(work))[:2]:
            fire_reminder(work, self.case_id, one.key, "reminder", 1)
            fire_reminder(work, self.case_id, one.key, "escalation", 1)

    async def set_timers(self, work: Work) -> None:
        gate = f"gate/{next(self.numbers)}"
        waits.open_gate(work, self.case_id, key=gate, need=1, actor=FLOW)
        for hours, behind in ((0, gate), (1, gate), (2, None)):
            key, at = f"timer/{next(self.numbers)}", work.now + timedelta(hours=hours)
            waits.set_timer(work, self.case_id, key=key, element="t", branch="", at=at, gate=behind, actor=FLOW)

    async def fire(self, work: Work) -> None:
        if not work.appended(self.case_id, "timer:fire"):
            await waits.fire_timers(work, await waits.due_timers(work, limit=2), actor=SWEEP)

    async def cancel_timer(self, work: Work) -> None:
        w = tables.waits.c
        query = select(w.key).where(w.case_id == self.case_id, w.state == "open", w.kind == "timer").limit(1)
        fired = {event.key for kind in ("timer:fire", "wait:cancel") for event in work.appended(self.case_id, kind)}
        for key in {row.key for row in await work.rows(query)} - fired:
            waits.cancel_wait(work, self.case_id, key=key, reason="แพ้การแข่ง", actor=FLOW)

    async def ask(self, work: Work) -> None:
        key = f"message/{next(self.numbers)}"
        await waits.await_message(
            work, self.case_id, key=key, element="m", branch="", name="opinion", gate=None, actor=FLOW
        )

    async def tell(self, work: Work) -> None:
        await waits.deliver_message(work, self.case_id, name="opinion", payload={}, sender="opdc", actor=SOMCHAI)

    async def call(self, work: Work) -> None:
        key = f"call/{next(self.numbers)}"
        child = f"{self.case_id}.{key.replace('/', '-')}"
        waits.start_call(work, self.case_id, key=key, element="c", branch="", child=child, gate=None, actor=FLOW)
        await cases.open_case(work, new_case(child, parent=(self.case_id, key)), actor=FLOW)
        await cases.close_case(work, child, key="end", branch="", result=None, actor=FLOW)

    async def note(self, work: Work) -> None:
        await cases.note_phase(work, self.case_id, phase="reporting", units=("agency",), actor=FLOW)
        await cases.note_phase(work, self.case_id, facts={"n": next(self.numbers)}, actor=FLOW)

    async def attach(self, work: Work) -> None:
        digest = await documents.put(work, b"%PDF", "application/pdf")
        await documents.attach(
            work, self.case_id, name=f"{next(self.numbers)}.pdf", sha256=digest, media_type="application/pdf", size=4,
            actor=SUDA,
        )  # fmt: skip

    async def reopen(self, work: Work) -> None:
        await cases.reopen_case(work, self.case_id, reason="รายงานคลาดเคลื่อน", actor=SOMCHAI)


VERBS = [name for name in vars(Procedure) if not name.startswith("_") and name not in ("carry_out", "reopen")]
numbers = itertools.count(1)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(units_of_work=st.lists(st.lists(st.sampled_from(VERBS), min_size=1, max_size=4), min_size=4, max_size=12))
async def test_after_any_order_of_verbs_the_events_account_for_every_row(
    ledger: Ledger, clock: ClockThatIsSet, units_of_work: list[list[str]]
) -> None:
    case_id = f"directive-2561-{next(numbers):04}"
    await opened(ledger, case_id)
    procedure = Procedure(ledger, clock, case_id)
    for verbs in units_of_work:
        await procedure.carry_out(verbs)
    async with ledger.begin() as work:
        await cases.close_case(work, case_id, key="end", branch="", result={"ending": "completed"}, actor=FLOW)
        await work.commit()
    await procedure.carry_out(["reopen"])
    async with ledger.read() as connection:
        assert await differences(connection, case_id) == ()
    assert (await verify.verify_one(ledger, case_id)).whole


async def test_the_story_has_rows_in_every_derived_table_and_no_differences(ledger: Ledger) -> None:
    await story(ledger)
    async with ledger.read() as connection:
        empty = [table.name for table in DERIVED if (await connection.execute(select(table).limit(1))).first() is None]
    assert empty == []
    assert await differences_everywhere(ledger) == ()


# --- tampering ---------------------------------------------------------------------------------------------


def _other(column: Column[Any], value: Any) -> Any:
    """A value that is not `value` and that the column takes."""
    if isinstance(column.type, UtcMoment | DateTime):
        return FRIDAY_NOON if value != FRIDAY_NOON else CUT_OFF
    if isinstance(column.type, Integer | Number):
        return (value or 0) + 1
    if column.name == "case_id":
        return WEEK
    if isinstance(column.type, CanonicalJson):
        return bytes(value) + b" "
    return ("x" if not value or value[0] != "x" else "y") + (value or "")[1:]


CHANGEABLE = [
    (table, column)
    for table in DERIVED
    for column in table.c
    if not column.primary_key and not (table is tables.cases and column.name in OF_THE_RUN)
]


async def _tampered(ledger: Ledger, change: Callable[[Work], Awaitable[None]]) -> tuple[Difference, ...]:
    """The differences after a change that is taken back."""
    async with ledger.begin() as work:
        await change(work)
        return await differences(work.connection, DIRECTIVE)


async def _a_row(work: Work, table: Table) -> Any:
    mine = table.c.id == DIRECTIVE if table is tables.cases else table.c.case_id == DIRECTIVE
    return (await work.connection.execute(select(table).where(mine).order_by(*table.primary_key).limit(1))).one()


async def test_a_change_of_any_column_of_any_row_is_found(ledger: Ledger) -> None:
    await story(ledger)
    missed = []
    for table, column in CHANGEABLE:

        async def change(work: Work, table: Table = table, column: Column[Any] = column) -> None:
            row = (await _a_row(work, table))._mapping
            here = and_(*(key == row[key.name] for key in table.primary_key))
            await work.connection.execute(update(table).where(here).values({column: _other(column, row[column.name])}))

        found = await _tampered(ledger, change)
        gone = column.name == "case_id" and table is tables.hand_offs
        named = {(one.table, one.column) for one in found}
        if (table.name, None if gone else column.name) not in named:
            missed.append((column, found))
    assert missed == []
    assert await differences_everywhere(ledger) == ()


@pytest.mark.parametrize(
    "table", [table for table in DERIVED if table not in (tables.cases, tables.hand_offs)], ids=str
)
async def test_a_row_that_was_removed_is_found(ledger: Ledger, table: Table) -> None:
    await story(ledger)

    async def change(work: Work) -> None:
        row = (await _a_row(work, table))._mapping
        await work.connection.execute(table.delete().where(*(key == row[key.name] for key in table.primary_key)))

    (found,) = await _tampered(ledger, change)
    assert (found.table, found.column, found.stored) == (table.name, None, None)
    assert found.restored is not None


async def test_a_row_that_no_event_made_is_found(ledger: Ledger) -> None:
    await story(ledger)

    async def change(work: Work) -> None:
        row = {"case_id": DIRECTIVE, "seq": 999, "name": "ปลอม.pdf", "sha256": "0" * 64}
        await work.connection.execute(insert(tables.case_documents), row)

    (found,) = await _tampered(ledger, change)
    assert (found.table, found.key, found.restored) == ("case_documents", (DIRECTIVE, 999), None)


async def test_a_difference_names_its_table_key_column_and_both_values(ledger: Ledger) -> None:
    await opened(ledger)
    await handed_off(ledger, order("report"))

    async def change(work: Work) -> None:
        await work.connection.execute(update(tables.hand_offs).values(unit="other"))

    assert await _tampered(ledger, change) == (
        Difference(
            table="hand_offs", key=(hand_offs.hand_off_id(DIRECTIVE, "report"),), column="unit",
            stored="other", restored="division",
        ),
    )  # fmt: skip
