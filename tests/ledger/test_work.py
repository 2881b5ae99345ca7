"""The unit of work: all or nothing, one writer a case, times that never go back."""

from __future__ import annotations

import asyncio
from datetime import UTC, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from ledger import cases, hand_offs, tables, verify, waits
from ledger.clock import SimulatedClock, set_clock
from ledger.errors import RunTakenOver, UnknownCase
from ledger.work import Ledger
from tests.conftest import FRIDAY_NOON, ClockThatIsSet
from tests.ledger.scene import (
    CUT_OFF,
    DIRECTIVE,
    FLOW,
    SOMCHAI,
    WEEK,
    handed_off,
    kinds,
    new_case,
    opened,
    order,
    rows,
    submission,
    submitted,
)  # fmt: skip

NAIVE = FRIDAY_NOON.replace(tzinfo=None)


async def test_leaving_the_block_without_commit_keeps_nothing(ledger: Ledger) -> None:
    async with ledger.begin() as work:
        await cases.open_case(work, new_case(), actor=SOMCHAI)
    kept = {table.name: await rows(ledger, table, *table.c.keys()) for table in tables.metadata.sorted_tables}
    assert {name: found for name, found in kept.items() if found} == {}


async def test_an_error_in_the_block_keeps_nothing(ledger: Ledger) -> None:
    await opened(ledger)

    async def fail() -> None:
        async with ledger.begin() as work:
            await cases.record(work, DIRECTIVE, what="note", content={}, actor=SOMCHAI)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await kinds(ledger) == ["case:open"]


async def test_a_broken_commit_keeps_nothing(ledger: Ledger) -> None:
    await opened(ledger)
    await handed_off(ledger, order("report"))
    with pytest.raises(Exception, match=r"(?i)unique"):
        await handed_off(ledger, order("report/2"), order("report"))
    assert await kinds(ledger) == ["case:open", "hand_off:open"]
    assert await rows(ledger, tables.hand_offs, "key") == [("report",)]


async def test_a_naive_clock_is_refused(ledger: Ledger, clock: ClockThatIsSet) -> None:
    clock.moment = NAIVE
    with pytest.raises(ValueError, match="naive"):
        async with ledger.begin():
            pass


async def test_a_naive_deadline_is_refused(ledger: Ledger) -> None:
    await opened(ledger)
    async with ledger.begin() as work:
        await work.lock(DIRECTIVE)
        with pytest.raises(ValueError, match="naive"):
            hand_offs.open_hand_off(work, DIRECTIVE, order("report", due_at=NAIVE), actor=FLOW)


async def test_a_naive_timer_is_refused(ledger: Ledger) -> None:
    await opened(ledger)
    async with ledger.begin() as work:
        await work.lock(DIRECTIVE)
        with pytest.raises(ValueError, match="naive"):
            waits.set_timer(work, DIRECTIVE, key="t", element="t", branch="", at=NAIVE, gate=None, actor=FLOW)


async def test_moments_come_back_as_utc_with_their_microseconds(ledger: Ledger, clock: ClockThatIsSet) -> None:
    clock.advance(microseconds=123456)
    await opened(ledger)
    ((opened_at,),) = await rows(ledger, tables.cases, "opened_at")
    assert (opened_at, opened_at.tzinfo) == (clock.moment, UTC)


async def test_an_event_is_never_earlier_than_the_one_before_it(ledger: Ledger, clock: ClockThatIsSet) -> None:
    await opened(ledger)
    clock.advance(hours=-3)
    async with ledger.begin() as work:
        await cases.record(work, DIRECTIVE, what="note", content={}, actor=SOMCHAI)
        await work.commit()
    assert await rows(ledger, tables.events, "at") == [(FRIDAY_NOON,), (FRIDAY_NOON,)]


async def test_locking_an_unknown_case_is_refused(ledger: Ledger) -> None:
    await opened(ledger)
    async with ledger.begin() as work:
        with pytest.raises(UnknownCase) as refusal:
            await work.lock(DIRECTIVE, "directive-2561-9999")
        assert refusal.value.facts == {"case": "directive-2561-9999"}


async def test_a_run_that_was_taken_over_may_not_write(ledger: Ledger) -> None:
    await opened(ledger)
    async with ledger.begin() as work:
        await work.lock(DIRECTIVE)
        work.set_run(DIRECTIVE, fence=2)
        await work.commit()
    async with ledger.begin() as work:
        await work.lock(DIRECTIVE, fence=2)
        with pytest.raises(RunTakenOver):
            await work.lock(DIRECTIVE, fence=1)


async def test_concurrent_units_of_work_on_one_case_keep_its_chain_whole(ledger: Ledger) -> None:
    await opened(ledger)
    keys = [f"report/{n}" for n in range(12)]
    await handed_off(ledger, *(order(key) for key in keys))
    answers = await asyncio.gather(*(submitted(ledger, submission(key)) for key in keys))
    assert sorted(answer.seq for (answer,) in answers) == list(range(14, 26))  # type: ignore[union-attr]
    found = await verify.verify_one(ledger, DIRECTIVE)
    assert (found.events, found.whole) == (25, True)


async def test_units_of_work_that_lock_in_opposite_order_do_not_wait_in_a_circle(ledger: Ledger) -> None:
    await opened(ledger, DIRECTIVE)
    await opened(ledger, WEEK)

    async def note(first: str, second: str) -> None:
        async with ledger.begin() as work:
            await work.lock(first, second)
            for case_id in (first, second):
                await cases.record(work, case_id, what="note", content={}, actor=SOMCHAI)
            await work.commit()

    await asyncio.gather(*(note(*pair) for pair in [(DIRECTIVE, WEEK), (WEEK, DIRECTIVE)] * 5))
    assert await kinds(ledger, WEEK) == await kinds(ledger, DIRECTIVE) == ["case:open"] + ["case:record"] * 10


async def test_the_simulated_clock_is_shared_and_never_goes_back(database: AsyncEngine) -> None:
    ledger = Ledger(database, SimulatedClock())
    with pytest.raises(LookupError):
        await ledger.now()
    await set_clock(database, FRIDAY_NOON)
    await set_clock(database, CUT_OFF)
    with pytest.raises(ValueError, match="cannot go back"):
        await set_clock(database, CUT_OFF - timedelta(seconds=1))
    assert await ledger.now() == CUT_OFF
