"""The worker: a Prefect worker that executes case runs in its own process, and the loops that keep the ledger's word.

Prefect's polling finds runs that were scheduled (an operator's *Resume* or *Retry*); the dispatcher takes what the
ledger wants without that detour. Sweep, mail and reconciliation run beside them, each in its own loop: one that fails
is logged and goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack

import anyio
import anyio.abc
from prefect.client.schemas.objects import FlowRun
from prefect.context import AsyncClientContext
from prefect.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult

from engine.collector import spare_the_collector
from engine.dispatch import Dispatcher
from engine.mail_out import MailOut
from engine.process import flow_of
from engine.reconcile import Reconciler
from engine.runtime import Runtime, use_runtime
from engine.settings import Dispatch
from engine.sweep import sweep_once
from engine.tidying import TIDY_SECONDS, tidy_once
from notifications.mailer import Mailer, MailServer

BUSY_SECONDS = 0.02
"""Pause of a loop that has just found work."""

STANDING_SECONDS = 60.0

log = logging.getLogger("sangkan.worker")


class CaseWorkerResult(BaseWorkerResult):
    """The run has gone as far as it could."""


class CaseWorker(BaseWorker[BaseJobConfiguration, BaseVariables, CaseWorkerResult]):
    """Executes scheduled runs of the pool in this process."""

    type = "sangkan-case"
    job_configuration = BaseJobConfiguration
    _description = "Executes case runs in the worker's own process."
    _display_name = "Sangkan case worker"
    dispatcher: Dispatcher | None = None

    async def run(
        self,
        flow_run: FlowRun,
        configuration: BaseJobConfiguration,
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> CaseWorkerResult:
        """Execute one run that Prefect has scheduled."""
        if task_status is not None:
            task_status.started(1)
        case_id = str(flow_run.parameters["case_id"])
        assert self.dispatcher is not None
        task = self.dispatcher.execute(case_id, flow_of(await self._process_of(flow_run)), flow_run)
        await asyncio.wait([task])
        return CaseWorkerResult(status_code=0, identifier=case_id)

    async def _process_of(self, flow_run: FlowRun) -> str:
        return (await self.client.read_flow(flow_run.flow_id)).name


Once = Callable[[], Awaitable[int]]
"""One round of a loop; returns how much it found to do."""


async def work(
    runtime: Runtime, mail_server: MailServer, *, stop: asyncio.Event, standing: Mapping[str, Once] | None = None
) -> None:
    """Run a worker until `stop` is set; then finish the runs and mails under way.

    :param standing: what else must be looked after (such as that a reporting week is open), once a minute.
    """
    settings = runtime.settings
    await runtime.refresh(at_once=True)
    use_runtime(runtime)
    spare_the_collector()
    async with AsyncExitStack() as stack:
        # The flow engine takes the client of the context; without one it would open a new one for every run.
        shared = await stack.enter_async_context(AsyncClientContext.get_or_create())
        dispatcher = Dispatcher(runtime, shared.client)
        mailer = await stack.enter_async_context(Mailer(mail_server, connections=settings.smtp_connections))
        mail_out, reconciler = MailOut(runtime, mailer), Reconciler(dispatcher)
        loops = [
            _loop("dispatch", dispatcher.once, settings.wake_delay_ms / 1000, stop),
            _loop("sweep", lambda: sweep_once(runtime), settings.sweep_seconds, stop),
            _loop("mail", mail_out.once, settings.wake_delay_ms / 1000, stop),
            _loop("tidy", lambda: tidy_once(runtime), TIDY_SECONDS, stop),
            _loop("reconcile", reconciler.once, settings.reconcile_seconds, stop, busy=settings.reconcile_seconds),
        ]
        loops += [_loop(name, once, STANDING_SECONDS, stop) for name, once in (standing or {}).items()]
        tasks = [asyncio.create_task(loop) for loop in loops]
        if settings.dispatch is Dispatch.IN_PROCESS:
            tasks.append(asyncio.create_task(_poll_prefect(dispatcher, settings.work_pool, stop)))
        try:
            await stop.wait()
            await asyncio.gather(*tasks, return_exceptions=True)
            await dispatcher.drain()
        finally:
            use_runtime(None)


async def _loop(
    name: str,
    once: Once,
    idle: float,
    stop: asyncio.Event,
    *,
    busy: float = BUSY_SECONDS,
) -> None:
    """Call `once` again and again: soon when it found work, after `idle` seconds when it did not."""
    trouble = 0
    while not stop.is_set():
        try:
            found = await once()
            trouble = 0
        except Exception:
            log.exception("%s", name)
            found, trouble = 0, min(trouble + 1, 6)
        pause = idle * 2**trouble if trouble else busy if found else idle
        try:
            await asyncio.wait_for(stop.wait(), pause)
        except TimeoutError:
            continue


async def _poll_prefect(dispatcher: Dispatcher, pool: str, stop: asyncio.Event) -> None:
    """Prefect's own polling, for runs that an operator has scheduled by hand."""
    while not stop.is_set():
        try:
            async with CaseWorker(work_pool_name=pool, name="sangkan", prefetch_seconds=1) as worker:
                worker.dispatcher = dispatcher
                await worker.sync_with_backend()
                while not stop.is_set():
                    await worker.get_and_submit_flow_runs()
                    await _pause(stop, 2.0)
        except Exception as trouble:
            log.warning("polling Prefect: %r", trouble)
            await _pause(stop, 5.0)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with anyio.move_on_after(seconds):
        await stop.wait()
