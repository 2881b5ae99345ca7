"""Compares Prefect's runs with the ledger: what was cancelled or deleted there is noticed, and recorded here."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Cancelled, Completed, Suspended
from sqlalchemy import and_, or_, select

from engine.dispatch import STOPPED_BY_HAND, Dispatcher
from engine.lease import Lease, release
from ledger import tables
from ledger.clock import machine_now

A_PAGE = 200
PAGES_AT_ONCE = 5
OUT_OF_STEP = frozenset({StateType.RUNNING, StateType.CRASHED, StateType.FAILED, StateType.COMPLETED})
"""States in which the run of a sleeping case cannot be."""

log = logging.getLogger("sangkan.reconcile")


class Reconciler:
    """Goes round all sleeping cases, a thousand at a time."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self.dispatcher = dispatcher
        self._after = ""

    async def once(self) -> int:
        """Look at the next cases; returns how many were out of step."""
        found = 0
        for _ in range(PAGES_AT_ONCE):
            rows = await self._next_page()
            found += await self._compare(rows)
            self._after = rows[-1].id if len(rows) == A_PAGE else ""
            if not self._after:
                break
        return found

    async def _next_page(self) -> Sequence[Any]:
        """Cases asleep; and those whose end Prefect does not know, because the worker died before telling it."""
        c, now = tables.cases.c, machine_now()
        asleep = and_(c.state == "open", c.run_state == "asleep", or_(c.lease_until.is_(None), c.lease_until < now))
        ended = and_(c.run_state == "closed", c.lease_until < now)
        query = (
            select(c.id, c.flow_run_id, c.run_state, c.waiting_for, c.fence, c.lease_until)
            .where(or_(asleep, ended), c.flow_run_id.is_not(None), c.wanted.is_(None), c.id > self._after)
            .order_by(c.id)
            .limit(A_PAGE)
        )  # fmt: skip
        async with self.dispatcher.runtime.ledger.read() as connection:
            return (await connection.execute(query)).all()

    async def _compare(self, rows: Sequence[Any]) -> int:
        if not rows:
            return 0
        wanted = FlowRunFilter(id=FlowRunFilterId(any_=[UUID(row.flow_run_id) for row in rows]))
        runs = await self.dispatcher.client.read_flow_runs(flow_run_filter=wanted, limit=A_PAGE)
        standing = {str(run.id): run for run in runs}
        return sum([await self._settle(row, standing.get(row.flow_run_id)) for row in rows])

    async def _settle(self, row: Any, run: FlowRun | None) -> bool:
        if row.run_state == "closed":
            await self._show_as_completed(row, run)
        elif run is None:
            await self.dispatcher.detach(row, "ไม่พบ flow run ในระบบ Prefect (ถูกลบ)")
        elif run.state_type in STOPPED_BY_HAND:
            await self.dispatcher.detach(row, "flow run ถูกยกเลิกในระบบ Prefect")
            if run.state_type is StateType.CANCELLING:
                await self.dispatcher.client.set_flow_run_state(
                    run.id, Cancelled(message="ยกเลิกโดยผู้ดูแลระบบ"), force=True
                )
        elif row.lease_until or run.state_type in OUT_OF_STEP:
            # The worker or the server died between the ledger's sleep and Prefect's, or somebody has set a state by
            # hand: show what is so.
            asleep: Any = Suspended(pause_key=str(uuid4()), message=row.waiting_for)
            await self.dispatcher.client.set_flow_run_state(run.id, asleep, force=True)
            await self._release(row)
            log.info("case %s: shown as suspended again", row.id)
        else:
            return False
        return True

    async def _show_as_completed(self, row: Any, run: FlowRun | None) -> None:
        if run is not None and not (run.state and run.state.is_final()):
            ended: Any = Completed(message="เสร็จสิ้น")
            await self.dispatcher.client.set_flow_run_state(run.id, ended, force=True)
            log.info("case %s: shown as completed", row.id)
        await self._release(row)

    async def _release(self, row: Any) -> None:
        """Take away the lease of a run that has died; a newer run keeps its own."""
        await release(self.dispatcher.runtime.ledger, Lease(row.id, row.fence, row.run_state))
