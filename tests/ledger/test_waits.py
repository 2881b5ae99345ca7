"""Moments, messages and child cases: each is answered exactly once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from ledger import cases, tables, waits
from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.ledger.scene import (
    CUT_OFF,
    DIRECTIVE,
    FLOW,
    SOMCHAI,
    SWEEP,
    WEEK,
    handed_off,
    kinds,
    new_case,
    opened,
    order,
    rows,
    timers_fired,
    woken,
)  # fmt: skip


async def timer_set(ledger: Ledger, key: str = "cut_off", gate: str | None = None) -> None:
    async with ledger.begin() as work:
        await work.lock(DIRECTIVE)
        waits.set_timer(work, DIRECTIVE, key=key, element="cut_off", branch="", at=CUT_OFF, gate=gate, actor=FLOW)
        await work.commit()


async def message_awaited(ledger: Ledger, key: str, name: str = "opinion") -> None:
    async with ledger.begin() as work:
        await work.lock(DIRECTIVE)
        await waits.await_message(
            work, DIRECTIVE, key=key, element="opinion", branch="", name=name, gate=None, actor=FLOW
        )
        await work.commit()


async def message_delivered(ledger: Ledger, text: str = "", name: str = "opinion") -> None:
    async with ledger.begin() as work:
        await waits.deliver_message(work, DIRECTIVE, name=name, payload={"text": text}, sender="opdc", actor=SOMCHAI)
        await work.commit()


# --- timers ------------------------------------------------------------------------------------------------

MOMENTS = [(timedelta(microseconds=-1), 0), (timedelta(0), 1), (timedelta(hours=30), 1)]


@pytest.mark.parametrize(("after", "fired"), MOMENTS)
async def test_a_timer_fires_at_its_moment_and_not_before(
    ledger: Ledger, clock: ClockThatIsSet, after: timedelta, fired: int
) -> None:
    await opened(ledger)
    await timer_set(ledger)
    await woken(ledger)
    clock.moment = CUT_OFF + after
    assert await timers_fired(ledger) == fired
    assert await woken(ledger) == bool(fired)


async def test_a_timer_fires_once(ledger: Ledger, clock: ClockThatIsSet) -> None:
    await opened(ledger)
    await timer_set(ledger)
    clock.moment = CUT_OFF
    assert [await timers_fired(ledger), await timers_fired(ledger)] == [1, 0]
    assert (await kinds(ledger)).count("timer:fire") == 1


async def test_of_two_sweeps_that_saw_the_same_timer_one_fires_it(ledger: Ledger, clock: ClockThatIsSet) -> None:
    await opened(ledger)
    await timer_set(ledger)
    clock.moment = CUT_OFF
    async with ledger.begin() as work:
        due = await waits.due_timers(work, limit=10)
    fired = []
    for _ in range(2):
        async with ledger.begin() as work:
            fired.append(await waits.fire_timers(work, due, actor=SWEEP))
            await work.commit()
    assert fired == [1, 0]


async def test_a_timer_of_a_cancelled_case_does_not_fire_though_a_sweep_saw_it_due(
    ledger: Ledger, clock: ClockThatIsSet
) -> None:
    await opened(ledger)
    await timer_set(ledger)
    clock.moment = CUT_OFF
    async with ledger.begin() as work:
        seen = await waits.due_timers(work, limit=10)
    async with ledger.begin() as work:
        await cases.cancel_case(work, DIRECTIVE, reason="ยกเลิก", actor=SOMCHAI)
        await work.commit()
    async with ledger.begin() as work:
        assert await waits.due_timers(work, limit=10) == []
        assert await waits.fire_timers(work, seen, actor=SWEEP) == 0


async def test_the_next_moment_is_the_earliest_of_timers_and_reminders(ledger: Ledger) -> None:
    async with ledger.begin() as work:
        assert await waits.next_moment(work.connection) is None
    await opened(ledger)
    await timer_set(ledger)
    async with ledger.begin() as work:
        assert await waits.next_moment(work.connection) == CUT_OFF
    await handed_off(ledger, order("report"))
    async with ledger.begin() as work:
        assert await waits.next_moment(work.connection) == CUT_OFF - timedelta(hours=2)


async def test_the_system_is_at_rest_when_no_run_is_wanted(ledger: Ledger) -> None:
    await opened(ledger)
    async with ledger.begin() as work:
        assert not await waits.nothing_in_flight(work.connection)
    await woken(ledger)
    async with ledger.begin() as work:
        assert await waits.nothing_in_flight(work.connection)


# --- messages ----------------------------------------------------------------------------------------------


async def test_a_message_is_taken_by_the_oldest_wait_and_only_by_it(ledger: Ledger) -> None:
    await opened(ledger)
    await message_awaited(ledger, "first")
    await message_awaited(ledger, "second")
    await woken(ledger)
    await message_delivered(ledger)
    assert await rows(ledger, tables.waits, "key", "state") == [("first", "done"), ("second", "open")]
    assert await woken(ledger)


async def test_a_message_that_came_before_the_flow_asked_is_taken_when_it_asks(ledger: Ledger) -> None:
    await opened(ledger)
    await message_delivered(ledger, "ก่อน")
    await message_delivered(ledger, "หลัง")
    assert await rows(ledger, tables.messages, "taken_by") == [(None,), (None,)]
    await message_awaited(ledger, "first")
    await message_awaited(ledger, "second")
    await message_awaited(ledger, "third")
    assert await rows(ledger, tables.messages, "taken_by") == [("first",), ("second",)]
    assert await rows(ledger, tables.waits, "key", "state") == [
        ("first", "done"), ("second", "done"), ("third", "open"),
    ]  # fmt: skip


async def test_a_message_of_another_name_is_left(ledger: Ledger) -> None:
    await opened(ledger)
    await message_awaited(ledger, "opinion")
    await woken(ledger)
    await message_delivered(ledger, name="resolution")
    assert await rows(ledger, tables.waits, "state") == [("open",)]
    assert not await woken(ledger)


@pytest.mark.parametrize("first", ["await", "deliver"])
async def test_asking_and_arriving_in_one_unit_of_work_meet(ledger: Ledger, first: str) -> None:
    await opened(ledger)
    await woken(ledger)
    async with ledger.begin() as work:
        await work.lock(DIRECTIVE)
        for verb in (first, {"await": "deliver", "deliver": "await"}[first]):
            if verb == "await":
                await waits.await_message(
                    work, DIRECTIVE, key="k", element="e", branch="", name="opinion", gate=None, actor=FLOW
                )
            else:
                await waits.deliver_message(work, DIRECTIVE, name="opinion", payload={}, sender="", actor=FLOW)
        await work.commit()
    assert await rows(ledger, tables.messages, "taken_by") == [("k",)]
    assert await rows(ledger, tables.waits, "state") == [("done",)]
    assert await woken(ledger)


async def test_a_wait_that_was_cancelled_takes_no_message(ledger: Ledger) -> None:
    await opened(ledger)
    await message_awaited(ledger, "opinion")
    async with ledger.begin() as work:
        await work.lock(DIRECTIVE)
        waits.cancel_wait(work, DIRECTIVE, key="opinion", reason="แพ้การแข่ง", actor=FLOW)
        await waits.deliver_message(work, DIRECTIVE, name="opinion", payload={}, sender="", actor=SOMCHAI)
        await work.commit()
    assert await rows(ledger, tables.messages, "taken_by") == [(None,)]


async def test_a_message_to_a_closed_case_is_kept_and_wakes_nobody(ledger: Ledger) -> None:
    await opened(ledger)
    await message_awaited(ledger, "opinion")
    async with ledger.begin() as work:
        await cases.close_case(work, DIRECTIVE, key="end", branch="", result=None, actor=FLOW)
        work.set_run(DIRECTIVE, wanted=None)
        await work.commit()
    await message_delivered(ledger)
    assert await rows(ledger, tables.messages, "taken_by") == [(None,)]
    assert not await woken(ledger)


async def test_a_signal_is_not_kept_for_who_stopped_listening_while_it_came(ledger: Ledger) -> None:
    async def broadcast() -> int:
        async with ledger.begin() as work:
            listeners = await waits.listening(work, "opinion")
            heard = await waits.signal(work, listeners, name="opinion", payload={}, sender="", actor=FLOW)
            await work.commit()
        return heard

    await opened(ledger)
    await message_awaited(ledger, "first")
    async with ledger.begin() as work:
        await work.lock(DIRECTIVE)
        telling = asyncio.create_task(broadcast())
        await asyncio.sleep(0.1)
        waits.cancel_wait(work, DIRECTIVE, key="first", reason="แพ้การแข่ง", actor=FLOW)
        await work.commit()
    assert await telling == 0
    await message_awaited(ledger, "second")
    assert await rows(ledger, tables.waits, "key", "state") == [("first", "cancelled"), ("second", "open")]


# --- calls and gates ---------------------------------------------------------------------------------------


async def test_a_gate_over_a_form_a_timer_and_a_call_opens_when_all_are_done(
    ledger: Ledger, clock: ClockThatIsSet
) -> None:
    await opened(ledger)
    async with ledger.begin() as work:
        await work.lock(DIRECTIVE)
        waits.open_gate(work, DIRECTIVE, key="all", need=2, actor=FLOW)
        waits.start_call(work, DIRECTIVE, key="call", element="e", branch="", child=WEEK, gate="all", actor=FLOW)
        await cases.open_case(work, new_case(WEEK, parent=(DIRECTIVE, "call")), actor=FLOW)
        await work.commit()
    await timer_set(ledger, gate="all")
    await woken(ledger)
    async with ledger.begin() as work:
        await cases.close_case(work, WEEK, key="end", branch="", result={"on_time": 3}, actor=FLOW)
        await work.commit()
    assert not await woken(ledger)
    clock.moment = CUT_OFF
    await timers_fired(ledger)
    assert await woken(ledger)
    assert await rows(ledger, tables.waits, "key", "state") == [("call", "done"), ("cut_off", "done")]
