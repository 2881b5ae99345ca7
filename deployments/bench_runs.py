"""Cases that run in the benchmark's own process, without Prefect."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

import flows
from deployments.bench_ministry import ACTOR
from engine import actions
from engine.case_run import CaseRun
from engine.lease import claim, release
from engine.runtime import Runtime
from rules.week import following, week_of
from schemas.base import CaseId
from schemas.weekly import WeekCase

assert flows.__all__, "importing the package has registered the processes"
T = TypeVar("T")


class InPlace:
    """Performs a case's work at once, without Prefect: so that a hundred thousand hand-offs are opened in minutes."""

    async def perform(
        self, work: Callable[[], Awaitable[T]], *, element: str, name: str, retries: int, retry_delay_seconds: float
    ) -> T:
        return await work()


async def run_in_place(runtime: Runtime, case_id: str) -> None:
    """One run of a case, without Prefect."""
    lease = await claim(runtime.ledger, case_id, runner="bench", seconds=600, flow_run_id="")
    assert lease is not None
    await CaseRun(runtime, case_id, fence=lease.fence, performer=InPlace()).go()
    await release(runtime.ledger, lease)
    async with runtime.ledger.begin() as work:
        await work.lock(case_id)
        work.set_run(case_id, flow_run_id=None)  # its first run in Prefect is made when a report comes in
        await work.commit()


async def opened_weeks(runtime: Runtime, name: str, count: int) -> AsyncIterator[tuple[int, CaseId]]:
    """So many cases of one reporting week, each opened by the real flow: its number from 1 and its id."""
    week = week_of(datetime.now(UTC), calendar=runtime.calendar, policy=runtime.policy.weekly)
    week = following(week, calendar=runtime.calendar, policy=runtime.policy.weekly)
    for number in range(1, count + 1):
        case_id = f"{name}-{number:04d}"
        await actions.start_case(
            runtime, "weekly-cycle", WeekCase(week=week), case_id=case_id, title=f"รายงานข้อสั่งการ {number}",
            units=(), actor=ACTOR,
        )  # fmt: skip
        await run_in_place(runtime, case_id)
        yield number, case_id
