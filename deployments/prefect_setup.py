"""What Prefect must know of us: the work pool, and one deployment for each process. Doing it twice changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.settings import get_current_settings
from prefect.utilities.callables import parameter_schema
from prefect.workers.base import BaseWorker
from prefect.workers.process import ProcessWorker

from deployments.errors import OtherKindOfPool, PrefectDoesNotAnswer, PrefectIsNotSet
from engine.process import Process, flow_of
from engine.settings import Dispatch, Settings
from engine.worker import CaseWorker

WORKERS: dict[Dispatch, type[BaseWorker[Any, Any, Any]]] = {
    Dispatch.IN_PROCESS: CaseWorker,
    Dispatch.SCHEDULED: ProcessWorker,
}
WAIT_SECONDS = 1.0


def prefect_url() -> str:
    """Address of the Prefect API. :raises PrefectIsNotSet:"""
    url = get_current_settings().api.url
    if not url:
        raise PrefectIsNotSet
    return url


async def answering(client: PrefectClient, *, seconds: float) -> None:
    """Wait until the Prefect server answers. :raises PrefectDoesNotAnswer:"""
    try:
        async with asyncio.timeout(seconds):
            while (trouble := await client.api_healthcheck()) is not None:  # noqa: ASYNC110 - another process
                await asyncio.sleep(WAIT_SECONDS)
    except TimeoutError:
        raise PrefectDoesNotAnswer(url=prefect_url(), why=repr(trouble)) from None


async def deploy(
    client: PrefectClient, settings: Settings, processes: Iterable[Process], *, concurrency: int | None = None
) -> tuple[str, ...]:
    """Make pool and deployments what they should be; the names of the deployments.

    :param concurrency: most runs of the pool at a time, for Prefect's own workers (ours keep to `run_concurrency`);
        None leaves it as it is.
    :raises OtherKindOfPool: a pool of this name serves another type of worker.
    :raises PrefectDoesNotAnswer:
    """
    try:
        await _pool(client, settings, concurrency)
        return tuple([await _deployment(client, settings, process) for process in processes])
    except httpx.TransportError as trouble:
        raise PrefectDoesNotAnswer(url=prefect_url(), why=repr(trouble)) from trouble


async def _pool(client: PrefectClient, settings: Settings, concurrency: int | None) -> None:
    worker, name = WORKERS[settings.dispatch], settings.work_pool
    try:
        standing = await client.read_work_pool(name)
    except ObjectNotFound:
        wanted = WorkPoolCreate(
            name=name, type=worker.type, description="เรื่องในระบบติดตามข้อสั่งการ", concurrency_limit=concurrency,
            base_job_template=worker.get_default_base_job_template(),
        )  # fmt: skip
        try:
            await client.create_work_pool(wanted)
        except ObjectAlreadyExists:  # another process was faster
            await _pool(client, settings, concurrency)
        return
    if standing.type != worker.type:
        raise OtherKindOfPool(pool=name, found=standing.type, dispatch=settings.dispatch, needed=worker.type)
    if concurrency is not None and standing.concurrency_limit != concurrency:
        await client.update_work_pool(name, WorkPoolUpdate(concurrency_limit=concurrency))


async def _deployment(client: PrefectClient, settings: Settings, process: Process) -> str:
    flow = flow_of(process.id)
    schema = parameter_schema(flow.fn).model_dump_for_openapi()
    await client.create_deployment(
        flow_id=await client.create_flow(flow),
        name=process.id,
        entrypoint=process.entrypoint,
        version=str(process.version),
        description=flow.description,
        tags=["sangkan", f"process:{process.id}"],
        work_pool_name=settings.work_pool,
        parameter_openapi_schema=schema,
        enforce_parameter_schema=False,  # the flow takes a case's id and asks the ledger for the rest
    )
    return f"{process.id}/{process.id}"
