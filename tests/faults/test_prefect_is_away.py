"""Prefect does not answer, or answers late: what the ledger has decided meanwhile stands."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.states import Scheduled
from sqlalchemy import select, update

from engine.actions import cancel_case, take_up
from engine.dispatch import Dispatcher
from engine.lease import claim
from engine.prefect_run import _note_failure
from engine.reconcile import Reconciler
from engine.settings import Dispatch
from ledger import tables
from ledger.work import Ledger
from tests.engine.driver import ACTOR, Stage, stage_on
from tests.engine.processes import Brief
from tests.faults.office import MachineClock

RUN = str(UUID(int=7))


class SlowPrefect(PrefectClient):
    """Knows no runs. Before it answers, or says that it cannot, something happens in the office."""

    def __init__(self, meanwhile: Callable[[], Awaitable[Any]], trouble: Exception | None = None) -> None:
        self.meanwhile, self.trouble = meanwhile, trouble
        self.shown: list[tuple[UUID, str]] = []

    async def read_flow_runs(self, *_: Any, **__: Any) -> list[Any]:
        await self.meanwhile()
        if self.trouble is not None:
            raise self.trouble
        return []

    async def read_deployment_by_name(self, name: str) -> Any:
        await self.meanwhile()
        return SimpleNamespace(id=UUID(int=1), flow_id=UUID(int=2))

    async def create_flow_run_from_deployment(self, *_: Any, **__: Any) -> FlowRun:
        return FlowRun(id=UUID(RUN), flow_id=UUID(int=2), state=Scheduled())

    async def set_flow_run_state(self, flow_run_id: Any, state: Any, *_: Any, **__: Any) -> Any:
        self.shown.append((flow_run_id, state.message))


async def nothing() -> None: ...


async def row_of(stage: Stage) -> Any:
    async with stage.runtime.ledger.read() as connection:
        return (await connection.execute(select(tables.cases))).one()


@pytest_asyncio.fixture
async def stage(ledger: Ledger) -> AsyncIterator[Stage]:
    """A case that has its run in Prefect and wants to go on."""
    made = await stage_on(ledger)
    await made.open("trial-sequence", Brief())
    async with ledger.begin() as work:
        await work.connection.execute(update(tables.cases).values(flow_run_id=RUN))
        await work.commit()
    yield made


async def test_a_case_cancelled_while_prefect_was_away_is_shown_as_ended_and_never_run(
    stage: Stage, machine: MachineClock
) -> None:
    async def cancel() -> None:
        await cancel_case(stage.runtime, "case-1", reason="ยุติ", actor=ACTOR)

    prefect = SlowPrefect(cancel, TimeoutError("Prefect does not answer"))
    dispatcher = Dispatcher(stage.runtime, prefect)
    assert await dispatcher.once() == 1
    assert (await row_of(stage)).wanted == "end"
    machine.ahead += timedelta(seconds=31)
    assert [await dispatcher.once(), await dispatcher.once()] == [1, 0]
    assert prefect.shown == [(UUID(RUN), "ยกเลิก: ยุติ")]
    row = await row_of(stage)
    assert (row.wanted, row.run_state) == (None, "closed")


async def test_the_end_of_a_case_whose_run_had_failed_is_shown_as_well(stage: Stage) -> None:
    async with stage.runtime.ledger.begin() as work:
        await work.connection.execute(update(tables.cases).values(run_state="failed"))
        await work.commit()
    await cancel_case(stage.runtime, "case-1", reason="ยุติ", actor=ACTOR)
    prefect = SlowPrefect(nothing)
    assert await Dispatcher(stage.runtime, prefect).once() == 1
    assert prefect.shown == [(UUID(RUN), "ยกเลิก: ยุติ")]


async def test_a_case_that_has_ended_is_not_chosen_for_a_run(stage: Stage) -> None:
    async with stage.runtime.ledger.begin() as work:
        await work.connection.execute(update(tables.cases).values(state="cancelled"))
        await work.commit()

    assert await Dispatcher(stage.runtime, SlowPrefect(nothing)).once() == 0


async def test_trouble_with_prefect_takes_no_lease_from_a_run_that_began_meanwhile(
    stage: Stage, machine: MachineClock
) -> None:
    async def another_worker() -> None:
        machine.ahead += timedelta(seconds=31)
        assert await claim(stage.runtime.ledger, "case-1", runner="other", seconds=60, flow_run_id=RUN)

    await Dispatcher(stage.runtime, SlowPrefect(another_worker, TimeoutError())).once()
    row = await row_of(stage)
    assert (row.runner, row.lease_until is not None, row.wanted_at) == ("other", True, row.lease_until)


async def test_a_wish_that_met_trouble_is_tried_later_and_less_often(stage: Stage, machine: MachineClock) -> None:
    dispatcher = Dispatcher(stage.runtime, SlowPrefect(nothing, TimeoutError()))
    assert await dispatcher.once() == 1
    row = await row_of(stage)
    assert (row.wanted, row.attempts, row.lease_until, row.runner) == ("run", 1, None, None)
    machine.ahead += timedelta(seconds=2)
    assert await dispatcher.once() == 1
    machine.ahead += timedelta(seconds=1)
    assert await dispatcher.once() == 0


async def taken_up(stage: Stage) -> None:
    """The case's run has failed, and an operator gives it a new one."""
    async with stage.runtime.ledger.begin() as work:
        await work.connection.execute(update(tables.cases).values(run_state="failed"))
        await work.commit()
    await take_up(stage.runtime, "case-1", actor=ACTOR)


@pytest.mark.parametrize("loop", ["dispatch", "reconcile"])
async def test_a_case_taken_up_while_prefect_was_asked_for_its_old_run_is_not_detached(stage: Stage, loop: str) -> None:
    dispatcher = Dispatcher(stage.runtime, SlowPrefect(lambda: taken_up(stage)))
    if loop == "reconcile":
        async with stage.runtime.ledger.begin() as work:
            await work.connection.execute(update(tables.cases).values(run_state="asleep", wanted=None))
            await work.commit()
        await Reconciler(dispatcher).once()
    else:
        await dispatcher.once()
    row = await row_of(stage)
    assert (row.run_state, row.wanted) == ("none", "run")
    assert "run:detach" not in await stage.kinds()


async def test_a_run_that_was_made_too_late_is_not_that_of_a_case_taken_up_meanwhile(stage: Stage) -> None:
    async with stage.runtime.ledger.begin() as work:
        await work.connection.execute(update(tables.cases).values(flow_run_id=None))
        await work.commit()
    stage.runtime.settings = stage.runtime.settings.model_copy(update={"dispatch": Dispatch.SCHEDULED})
    await Dispatcher(stage.runtime, SlowPrefect(nothing)).once()
    assert (await row_of(stage)).flow_run_id == RUN
    await taken_up(stage)
    await Dispatcher(stage.runtime, SlowPrefect(lambda: taken_up(stage))).once()
    row = await row_of(stage)
    assert (row.flow_run_id, row.wanted) == (None, "run")


async def test_a_run_that_fails_after_its_case_was_cancelled_leaves_the_end_to_be_shown(stage: Stage) -> None:
    lease = await claim(stage.runtime.ledger, "case-1", runner="test", seconds=60, flow_run_id=RUN)
    assert lease is not None
    await cancel_case(stage.runtime, "case-1", reason="ยุติ", actor=ACTOR)
    await _note_failure(stage.runtime, lease, ValueError("the flow's code"))
    row = await row_of(stage)
    assert (row.wanted, row.run_state) == ("end", "running")
    assert "run:fail" not in await stage.kinds()
