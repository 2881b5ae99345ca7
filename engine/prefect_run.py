"""A case as a Prefect flow run: what the flow function of every process does inside Prefect.

The run takes the lease, replays and goes on; then it is `Suspended` with a Thai sentence that says whom it waits for,
or ends `Completed`. Prefect's own suspension functions are not used: they remember answers in the run, which is the
ledger's task, and they open clients of their own.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID, uuid4

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import ArtifactCreate
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import FlowRunContext
from prefect.exceptions import Pause
from prefect.states import Suspended
from prefect.utilities.engine import propose_state
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionIsFree

from engine.case_card import case_card
from engine.case_run import CaseRun, Closed, Parked
from engine.errors import CaseEnded
from engine.lease import Lease, claim, release, renewing
from engine.runtime import Runtime, runtime_of_this_process
from ledger.database import passes_by_itself
from ledger.dialect import storable
from ledger.errors import RunTakenOver
from schemas.actor import system

T = TypeVar("T")

LONGEST_TROUBLE = 2000
RUNNER = f"{socket.gethostname()}:{os.getpid()}"
log = logging.getLogger("sangkan.run")


class _SleepIsNoError(logging.Filter):
    """Prefect logs every end of a run but `Completed` as an error; operators should see that a case only sleeps."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno == logging.ERROR and record.getMessage().startswith("Finished in state Suspended"):
            record.levelno, record.levelname = logging.INFO, "INFO"
        return True


_SLEEP_IS_NO_ERROR = _SleepIsNoError()


async def carry_out_case(case_id: str) -> None:
    """The body of every flow: one run of one case."""
    logging.getLogger("prefect.flow_runs").addFilter(_SLEEP_IS_NO_ERROR)
    context = FlowRunContext.get()
    assert context is not None, "a case runs inside a Prefect flow run"
    assert context.flow_run is not None
    async with runtime_of_this_process() as runtime:
        lease = await claim(
            runtime.ledger, case_id, runner=RUNNER, seconds=runtime.settings.lease_seconds,
            flow_run_id=str(context.flow_run.id),
        )  # fmt: skip
        if lease is None:
            raise await suspend("เรื่องนี้กำลังดำเนินการอยู่ในรอบอื่น หรือปิดแล้ว")
        await _carry_out_leased(runtime, lease, context.flow_run.id)


async def _carry_out_leased(runtime: Runtime, lease: Lease, flow_run_id: UUID) -> None:
    run = CaseRun(runtime, lease.case_id, fence=lease.fence, performer=PrefectPerformer())
    try:
        async with renewing(runtime.ledger, lease, seconds=runtime.settings.lease_seconds):
            outcome = await run.go()
    except (CaseEnded, RunTakenOver) as ended:
        await release(runtime.ledger, lease)
        raise await suspend(str(ended)) from ended
    except Exception as error:
        if passes_by_itself(error):
            # The lease is left to run out: the dispatcher then starts the case again.
            log.warning("case %s: %r, will be tried again", lease.case_id, error)
            raise await suspend(f"ขัดข้องชั่วคราว ระบบจะดำเนินการต่อเอง ({type(error).__name__})") from error
        await _note_failure(runtime, lease, error)
        raise
    else:
        await _show(runtime, run, outcome, flow_run_id)
        if isinstance(outcome, Parked):
            try:
                raise await suspend(outcome.waiting_for)
            finally:
                await release(runtime.ledger, lease)
        # A case that has ended keeps its lease: Prefect hears of the end only when the flow function has returned, and
        # the reconciler looks, once the lease has run out, whether it did.


async def _show(runtime: Runtime, run: CaseRun, outcome: Parked | Closed, flow_run_id: UUID) -> None:
    """Put the case card on the run; a Prefect server that does not answer does not hold the case up."""
    waiting = outcome.waiting_for if isinstance(outcome, Parked) else ""
    card = case_card(run.case_id, run.history, waiting, runtime.directory, runtime.settings.portal_url)
    artifact = ArtifactCreate(
        key=run.case_id.replace("_", "-").replace(".", "-"), type="markdown", data=card,
        description=waiting or "เสร็จสิ้น", flow_run_id=flow_run_id,
    )  # fmt: skip
    try:
        await client_here().create_artifact(artifact)
    except Exception as trouble:
        log.warning("case %s: no artifact written: %r", run.case_id, trouble)


async def _note_failure(runtime: Runtime, lease: Lease, error: Exception) -> None:
    """Record that the flow stopped with an error; it is taken up again by `sangkan case take-up`.

    A case that was cancelled meanwhile has an end to be shown, and nobody has to take it up.
    """
    said = storable(f"{type(error).__name__}: {error}", LONGEST_TROUBLE)
    async with runtime.ledger.begin() as work:
        (head,) = await work.lock(lease.case_id, fence=lease.fence)
        if head.state != "open":
            return
        work.append(lease.case_id, "run:fail", "", system("flow"), {"error": said})
        work.set_run(
            lease.case_id,
            run_state="failed",
            run_error=said,
            wanted=None,
            wanted_at=None,
            lease_until=None,
            runner=None,
        )
        runtime.post.trouble(work, lease.case_id, head.title, "run-fail", "กระบวนงานหยุดเนื่องจากข้อผิดพลาด", said)
        await work.commit()


def client_here() -> PrefectClient:
    """The client of the running flow: shared, so that no connection is opened for a single call."""
    context = FlowRunContext.get()
    return context.client if context is not None and context.client is not None else get_client()  # type: ignore[return-value]


async def suspend(message: str) -> Pause:
    """Put the running flow run to sleep in Prefect; raise what is returned, so that the flow engine lets go of it.

    A fresh key each time: one that has fired is refused.
    """
    context = FlowRunContext.get()
    assert context is not None
    assert context.flow_run is not None
    proposed: State[Any] = Suspended(pause_key=str(uuid4()), message=message)
    state = await propose_state(client_here(), proposed, flow_run_id=context.flow_run.id)
    return Pause(state=state)


class PrefectPerformer:
    """Each piece of work is a Prefect task run with a Thai name, retried by Prefect."""

    async def perform(
        self, work: Callable[[], Awaitable[T]], *, element: str, name: str, retries: int, retry_delay_seconds: float
    ) -> T:
        async def carry_out() -> T:
            return await work()

        task = Task(
            fn=carry_out,
            name=element,
            task_run_name=name.replace("{", "{{").replace("}", "}}"),
            retries=retries,
            retry_delay_seconds=retry_delay_seconds,
            retry_condition_fn=_may_be_retried,
            cache_policy=NO_CACHE,
            persist_result=False,
        )
        return await task()


async def _may_be_retried(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    error = await state.aresult(raise_on_failure=False)
    return isinstance(error, DBAPIError | NoConnectionIsFree | OSError)
