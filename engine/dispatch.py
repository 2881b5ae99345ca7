"""From the ledger to Prefect: cases that want a run are started or woken, ended cases are shown as ended.

The wish stands in the case's own row and was committed with the change that caused it, so a wake can be late but never
lost. Dispatchers of several workers share the work: each takes its cases with one statement and marks them.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.exceptions import Abort, ObjectNotFound, Pause
from prefect.flow_engine import run_flow
from prefect.states import Cancelled, Pending, Scheduled
from sqlalchemy import Row, and_, or_, select, update

from engine.known_runs import KnownRuns
from engine.lease import TAKEN_UP, dispatched_by
from engine.prefect_run import RUNNER
from engine.process import flow_of
from engine.runtime import Runtime
from engine.settings import Dispatch
from ledger import tables
from ledger.clock import machine_now
from ledger.event import from_row
from schemas.actor import system

CHOSEN_FOR = timedelta(seconds=30)
"""A chosen case whose run has not begun by then is chosen again."""
SLOWEST_RETRY = timedelta(minutes=2)
STOPPED_BY_HAND = frozenset({StateType.CANCELLED, StateType.CANCELLING})

log = logging.getLogger("sangkan.dispatch")


@dataclass(frozen=True, slots=True)
class Deployed:
    """Ids of a process's deployment in Prefect."""

    deployment_id: UUID
    flow_id: UUID


class Dispatcher:
    """Starts, wakes and ends runs for one worker."""

    def __init__(self, runtime: Runtime, client: PrefectClient) -> None:
        self.runtime = runtime
        self.client = client
        self._deployed: dict[str, Deployed] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._known = KnownRuns(client)

    @property
    def free(self) -> int:
        """How many more runs this worker may execute now."""
        return self.runtime.settings.run_concurrency - len(self._running)

    async def once(self) -> int:
        """Take what is wanted and free; returns how many cases were taken."""
        if self.free <= 0:
            return 0
        chosen = await self._choose()
        if not chosen:
            return 0
        ended = [row for row in chosen if row.wanted == "end"]
        wanted = [row for row in chosen if row.wanted == "run"]
        for row in ended:
            await self._guarded(row, self._show_end(row))
        if wanted:
            await self._start_or_wake(wanted)
        return len(chosen)

    async def drain(self) -> None:
        """Wait for the runs under way."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    # --- choosing --------------------------------------------------------------------------------------

    async def _choose(self) -> Sequence[Row[Any]]:
        c, now = tables.cases.c, machine_now()
        due = (
            select(c.id)
            .where(
                c.wanted.is_not(None),
                or_(c.wanted == "end", and_(c.state == "open", c.run_state.not_in(TAKEN_UP))),
                c.wanted_at <= now,
                or_(c.lease_until.is_(None), c.lease_until < now),
                c.id.not_in(self._running),
            )
            .order_by(c.wanted_at)
            .limit(self.free)
            .with_for_update(skip_locked=True)
        )
        mark: dict[str, Any] = {"wanted_at": now + CHOSEN_FOR}
        if self.runtime.settings.dispatch is Dispatch.IN_PROCESS:
            mark |= {"runner": dispatched_by(RUNNER), "lease_until": now + CHOSEN_FOR}
        # Looking without a write lock first keeps an idle system quiet.
        async with self.runtime.ledger.read() as connection:
            if (await connection.execute(due.with_only_columns(c.id).limit(1))).first() is None:
                return ()
        async with self.runtime.ledger.begin() as work:
            ids = list((await work.connection.scalars(due)).all())
            statement = update(tables.cases).where(c.id.in_(ids)).values(mark).returning(tables.cases)
            rows = (await work.connection.execute(statement)).all() if ids else []
            await work.commit()
        return rows

    # --- starting and waking ---------------------------------------------------------------------------

    async def _start_or_wake(self, rows: Sequence[Row[Any]]) -> None:
        try:
            standing = await self._standing_runs([row.flow_run_id for row in rows if row.flow_run_id])
        except Exception as trouble:
            for row in rows:
                await self._try_later(row, trouble)
            return
        for row in rows:
            await self._guarded(row, self._start_or_wake_one(row, standing))

    async def _start_or_wake_one(self, row: Row[Any], standing: dict[str, FlowRun]) -> None:
        flow_run = standing.get(row.flow_run_id) if row.flow_run_id else await self._create_run(row)
        if flow_run is None:
            await self.detach(row, "ไม่พบ flow run ในระบบ Prefect (ถูกลบ)")
        elif flow_run.state_type in STOPPED_BY_HAND:
            await self.detach(row, "flow run ถูกยกเลิกในระบบ Prefect")
            if flow_run.state_type is StateType.CANCELLING:
                await self.client.set_flow_run_state(flow_run.id, Cancelled(message="ยกเลิกโดยผู้ดูแลระบบ"), force=True)
        elif self.runtime.settings.dispatch is Dispatch.SCHEDULED:
            await self._schedule(flow_run)
        else:
            self.execute(row.id, flow_of(row.process), flow_run)

    async def _standing_runs(self, ids: Sequence[str]) -> dict[str, FlowRun]:
        if not ids:
            return {}
        wanted = FlowRunFilter(id=FlowRunFilterId(any_=[UUID(i) for i in ids]))
        return {str(run.id): run for run in await self.client.read_flow_runs(flow_run_filter=wanted, limit=200)}

    async def _create_run(self, row: Row[Any]) -> FlowRun:
        """A Prefect run for a case that has none. Doing it twice gives the same run."""
        key = f"{row.id}:{row.fence}"
        while (flow_run := await self._run_of_key(row, key)).state and flow_run.state.is_final():
            # Prefect knows a later life of this case than the ledger, which was restored from a copy.
            key = f"{key}:{flow_run.id}"
        async with self.runtime.ledger.begin() as work:
            c = tables.cases.c
            await work.connection.execute(
                update(tables.cases).where(c.id == row.id, c.fence == row.fence).values(flow_run_id=str(flow_run.id))
            )
            await work.commit()
        return flow_run

    async def _run_of_key(self, row: Row[Any], key: str) -> FlowRun:
        deployed = await self.deployed(row.process)
        in_process = self.runtime.settings.dispatch is Dispatch.IN_PROCESS
        return await self.client.create_flow_run_from_deployment(
            deployed.deployment_id,
            parameters={"case_id": row.id},
            state=Pending(message="กำลังเริ่ม") if in_process else Scheduled(message="รอผู้ปฏิบัติงานรับไปดำเนินการ"),
            name=row.title,
            tags=case_tags(row),
            idempotency_key=key,
        )

    async def _schedule(self, flow_run: FlowRun) -> None:
        if not flow_run.state or not flow_run.state.is_scheduled():
            await self.client.set_flow_run_state(flow_run.id, Scheduled(message="มีความคืบหน้า กำลังดำเนินการต่อ"))

    def execute(self, case_id: str, flow: Flow[..., Any], flow_run: FlowRun) -> asyncio.Task[None]:
        """Execute a run in this process, beside the others."""
        task = asyncio.create_task(self._execute(flow, flow_run), name=f"run of {case_id}")
        self._running[case_id] = task
        task.add_done_callback(lambda _: self._running.pop(case_id, None))
        return task

    async def _execute(self, flow: Flow[..., Any], flow_run: FlowRun) -> None:
        # For a run of a deployment the flow engine watches for a suspension by hand: a thread, an event loop, a client
        # and a web socket of its own for every run, and a run that it still sees as Suspended stops at once. Here the
        # ledger decides when a case sleeps, so the engine is told of neither.
        begun = flow_run.model_copy(update={"state": Pending(), "deployment_id": None})
        self._known.begin(flow, flow_run)
        try:
            await cast(Awaitable[Any], run_flow(flow, flow_run=begun, return_type="state"))
        except (Pause, Abort):
            pass  # asleep again, or Prefect did not let it run; the ledger says which
        except Exception:
            log.exception("run %s", flow_run.name)
        finally:
            self._known.end(flow_run)

    async def deployed(self, process: str) -> Deployed:
        if process not in self._deployed:
            found = await self.client.read_deployment_by_name(f"{process}/{process}")
            self._deployed[process] = Deployed(found.id, found.flow_id)
        return self._deployed[process]

    # --- ends, detachment, trouble ---------------------------------------------------------------------

    async def _show_end(self, row: Row[Any]) -> None:
        """A cancelled or superseded case is shown as cancelled; a deleted run needs nothing."""
        if row.flow_run_id:
            state: State[Any] = Cancelled(message=await self._reason_of_end(row.id))
            try:
                await self.client.set_flow_run_state(UUID(row.flow_run_id), state, force=True)
            except ObjectNotFound:
                log.info("case %s has ended and its run was deleted in Prefect", row.id)
        async with self.runtime.ledger.begin() as work:
            await work.lock(row.id)
            work.set_run(row.id, wanted=None, wanted_at=None, run_state="closed", lease_until=None, waiting_for="")
            await work.commit()

    async def _reason_of_end(self, case_id: str) -> str:
        e = tables.events.c
        query = select(tables.events).where(e.case_id == case_id, e.kind.in_(("case:cancel", "case:supersede")))
        async with self.runtime.ledger.read() as connection:
            row = (await connection.execute(query.order_by(e.seq.desc()).limit(1))).first()
        if row is None:
            return "เรื่องสิ้นสุดแล้ว"
        ended = from_row(row)
        return f"{'ยกเลิก' if ended.kind == 'case:cancel' else 'มีเรื่องใหม่แทน'}: {ended.content['reason']}"

    async def detach(self, row: Row[Any], why: str) -> None:
        """The run was stopped or deleted outside the system: recorded once, and the case waits to be taken up.

        A run that has begun while Prefect was asked for the one before is not meant.
        """
        async with self.runtime.ledger.begin() as work:
            (head,) = await work.lock(row.id)
            if head.state != "open" or head.run_state == "detached" or head.fence != row.fence:
                return
            work.append(row.id, "run:detach", "", system("prefect"), {"reason": why})
            work.set_run(
                row.id, run_state="detached", wanted=None, wanted_at=None, lease_until=None, runner=None,
                waiting_for=f"รอผู้ดูแลระบบรับเรื่องต่อ: {why}",
            )  # fmt: skip
            subject = "flow run ของเรื่องนี้ถูกหยุดในระบบ Prefect"
            self.runtime.post.trouble(work, row.id, head.title, "run-detach", subject, why)
            await work.commit()
        log.warning("case %s: %s", row.id, why)

    async def _guarded(self, row: Row[Any], work: Any) -> None:
        try:
            await work
        except Exception as trouble:
            await self._try_later(row, trouble)

    async def _try_later(self, row: Row[Any], trouble: Exception) -> None:
        """Prefect is out of reach or refuses: try again, less and less often; nothing is lost meanwhile.

        What the case wants by now, if it is something else than when it was chosen, stays as it is.
        """
        delay = min(timedelta(seconds=2 ** min(row.attempts, 10)), SLOWEST_RETRY)
        log.warning("case %s: Prefect: %r; again in %s", row.id, trouble, delay)
        c = tables.cases.c
        again = (
            update(tables.cases)
            .where(c.id == row.id, c.wanted == row.wanted, c.wanted_at == row.wanted_at)
            .values(wanted_at=machine_now() + delay, attempts=row.attempts + 1, lease_until=None, runner=None)
        )
        async with self.runtime.ledger.begin() as work:
            await work.connection.execute(again)
            await work.commit()


MOST_UNITS = 50
"""Units of a case that are tags of its run: Prefect refuses an event with more than a hundred related resources."""


def case_tags(row: Row[Any]) -> list[str]:
    """Tags by which operators find a run: process, fiscal year, the case itself, and the first of its units."""
    units = json.loads(row.units)
    tags = [f"process:{row.process}", f"FY{row.fiscal_year_be}", f"case:{row.id}"]
    return [*tags, *(f"unit:{unit}" for unit in units[:MOST_UNITS])]
