"""Cases as Prefect runs: deployed twice without a change, executed by our worker and by Prefect's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.context import AsyncClientContext

from deployments.errors import OtherKindOfPool
from deployments.prefect_setup import deploy
from engine.dispatch import Dispatcher
from engine.process import process_named, processes
from engine.runtime import use_runtime
from engine.settings import Dispatch
from tests.deployments.trial import (
    asked_for,
    case_of,
    environment_of,
    settings_for,
    trial_ministry,
    until,
)
from tests.engine.driver import Stage
from tests.engine.processes import Brief
from tests.stack import PrefectServer, end, leashed, on_stack

pytestmark = on_stack


async def run_of(client: PrefectClient, stage: Stage, case_id: str) -> FlowRun:
    case = await case_of(stage, case_id)
    assert case.flow_run_id is not None
    return await client.read_flow_run(UUID(case.flow_run_id))


async def test_deploying_twice_changes_nothing(prefect_api: PrefectServer, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, dispatch=Dispatch.IN_PROCESS, pool="twice")
    async with get_client() as client:
        names = await deploy(client, settings, processes())
        first = {name: await client.read_deployment_by_name(name) for name in names}
        await deploy(client, settings, processes())
        again = {name: await client.read_deployment_by_name(name) for name in names}
    assert {name: d.id for name, d in first.items()} == {name: d.id for name, d in again.items()}
    for process in processes():
        deployed = again[f"{process.id}/{process.id}"]
        assert deployed.entrypoint == process.entrypoint
        assert f"process:{process.id}" in deployed.tags
        assert process.title_th in (deployed.description or "")


async def test_a_pool_of_another_type_is_named(prefect_api: PrefectServer, tmp_path: Path) -> None:
    async with get_client() as client:
        await deploy(client, settings_for(tmp_path, dispatch=Dispatch.IN_PROCESS, pool="ours"), [])
        with pytest.raises(OtherKindOfPool, match="sangkan-case") as refused:
            await deploy(client, settings_for(tmp_path, dispatch=Dispatch.SCHEDULED, pool="ours"), [])
    assert "process" in refused.value.th


async def test_the_limit_of_a_pool_stays_unless_another_is_given(prefect_api: PrefectServer, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, dispatch=Dispatch.SCHEDULED, pool="limited")
    async with get_client() as client:
        for limit, expected in ((3, 3), (None, 3), (5, 5)):
            await deploy(client, settings, [], concurrency=limit)
            assert (await client.read_work_pool("limited")).concurrency_limit == expected


@asynccontextmanager
async def dispatching(stage: Stage) -> AsyncIterator[PrefectClient]:
    """The dispatcher of our worker, without its other loops."""
    async with AsyncClientContext.get_or_create() as shared:
        dispatcher = Dispatcher(stage.runtime, shared.client)

        async def for_ever() -> None:
            while True:
                await dispatcher.once()
                await asyncio.sleep(0.1)

        use_runtime(stage.runtime)
        task = asyncio.create_task(for_ever())
        try:
            yield shared.client
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await dispatcher.drain()
            use_runtime(None)


async def play_sequence(stage: Stage, client: PrefectClient, case_id: str, *, seconds: float) -> None:
    """A case from its start to its end: suspended while people are awaited, completed at last."""

    async def is_in(wanted: StateType) -> bool:
        return (await run_of(client, stage, case_id)).state_type is wanted

    await stage.open("trial-sequence", Brief(), case_id=case_id)
    await until(lambda: asked_for(stage, "first", case_id), seconds=seconds)
    await until(lambda: is_in(StateType.PAUSED), seconds=seconds)
    run = await run_of(client, stage, case_id)
    assert run.state is not None
    assert run.state.name == "Suspended"
    assert "ตอบแบบทดสอบ" in (run.state.message or "")
    assert f"case:{case_id}" in run.tags

    await stage.submit("first", {"text": "ก"}, case_id=case_id)
    await until(lambda: asked_for(stage, "second", case_id), seconds=seconds)
    await stage.submit("second", {"text": "ข"}, case_id=case_id)
    await until(lambda: is_in(StateType.COMPLETED), seconds=seconds)

    assert (await case_of(stage, case_id)).result == {"said": ["ก", "ก", "ข"]}
    assert (await run_of(client, stage, case_id)).id == run.id, "one run carries the case from its start to its end"


async def test_our_worker_carries_a_case_through(prefect_api: PrefectServer, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, dispatch=Dispatch.IN_PROCESS, pool="in-process")
    async with trial_ministry(settings) as stage, dispatching(stage) as client:
        await deploy(client, settings, [process_named("trial-sequence")])
        await play_sequence(stage, client, "case-of-ours", seconds=60)


async def test_a_case_of_very_many_units_has_its_run(prefect_api: PrefectServer, tmp_path: Path) -> None:
    """Prefect refuses a run whose event has more than a hundred related resources, and each tag is one."""
    settings = settings_for(tmp_path, dispatch=Dispatch.IN_PROCESS, pool="in-process-many")
    async with trial_ministry(settings) as stage, dispatching(stage) as client:
        await deploy(client, settings, [process_named("trial-sequence")])
        units = tuple(f"office-{n}" for n in range(154))
        await stage.open("trial-sequence", Brief(), case_id="case-of-many", units=units)
        await until(lambda: asked_for(stage, "first", "case-of-many"), seconds=60)
        run = await run_of(client, stage, "case-of-many")
    assert len([tag for tag in run.tags if tag.startswith("unit:")]) == 50
    assert "unit:office-0" in run.tags


async def test_prefects_own_process_worker_carries_a_case_through(prefect_api: PrefectServer, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, dispatch=Dispatch.SCHEDULED, pool="stock")
    root = Path(__file__).parents[2]
    said = environment_of(settings) | {"PREFECT_WORKER_QUERY_SECONDS": "1", "PYTHONPATH": str(root)}
    environment = prefect_api.environment() | said
    async with trial_ministry(settings) as stage, dispatching(stage) as client:
        await deploy(client, settings, [process_named("trial-sequence")])
        with (tmp_path / "worker.log").open("wb") as log:
            command = ("prefect", "worker", "start", "--pool", "stock", "--type", "process", "--name", "stock")
            worker = leashed(*command, environment=environment, output=log)
        try:
            await play_sequence(stage, client, "case-of-prefect", seconds=180)
        except AssertionError as failure:
            failure.add_note((tmp_path / "worker.log").read_text(encoding="utf-8")[-9000:])
            raise
        finally:
            end(worker)
