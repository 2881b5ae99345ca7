"""One run at a time: a case is leased to the run that executes it, with a number that fences off any older run."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select, update

from engine.errors import LeaseLost
from ledger.clock import machine_now
from ledger.tables import cases
from ledger.work import Ledger
from schemas.actor import system

TAKEN_UP = frozenset({"failed", "detached"})
"""A run in one of these states is not woken by itself; somebody must take the case up again."""

log = logging.getLogger("sangkan.lease")


@dataclass(frozen=True, slots=True)
class Lease:
    case_id: str
    fence: int
    was: str
    """State of the run before: `failed` or `detached` mean that somebody has taken the case up again."""


def dispatched_by(runner: str) -> str:
    """The mark of a case that a dispatcher has chosen and whose run has not begun yet."""
    return f"dispatch:{runner}"


async def claim(ledger: Ledger, case_id: str, *, runner: str, seconds: int, flow_run_id: str) -> Lease | None:
    """Lease an open case to a Prefect run; None when another run holds it or it is not open.

    The wish for a run stays, dated at the end of the lease: if this run dies, the dispatcher starts another.
    """
    c, now = cases.c, machine_now()
    until = now + timedelta(seconds=seconds)
    is_free = or_(c.lease_until.is_(None), c.lease_until < now, c.runner == dispatched_by(runner))
    async with ledger.begin() as work:
        standing = select(c.run_state).where(c.id == case_id, c.state == "open", is_free).with_for_update()
        was = await work.connection.scalar(standing)
        if was is None:
            return None
        taken = (
            update(cases)
            .where(c.id == case_id)
            .values(
                fence=c.fence + 1, runner=runner, lease_until=until, run_state="running", wanted="run",
                wanted_at=until, flow_run_id=flow_run_id, run_error=None,
            )
            .returning(c.fence)
        )  # fmt: skip
        fence = await work.connection.scalar(taken)
        if was in TAKEN_UP:
            await work.lock(case_id)
            work.append(case_id, "run:attach", "", system("prefect"), {"flow_run": flow_run_id, "after": was})
        await work.commit()
    return Lease(case_id, int(fence or 0), was)


async def renew(ledger: Ledger, lease: Lease, *, seconds: int) -> None:
    """:raises LeaseLost: another run has the case now."""
    c = cases.c
    statement = (
        update(cases)
        .where(c.id == lease.case_id, c.fence == lease.fence)
        .values(lease_until=machine_now() + timedelta(seconds=seconds))
        .returning(c.fence)
    )
    async with ledger.begin() as work:
        held = await work.connection.scalar(statement)
        await work.commit()
    if held is None:
        raise LeaseLost(case=lease.case_id)


async def release(ledger: Ledger, lease: Lease) -> None:
    """Give the case back; a newer run's lease is not touched."""
    statement = (
        update(cases)
        .where(cases.c.id == lease.case_id, cases.c.fence == lease.fence)
        .values(lease_until=None, runner=None)
    )
    async with ledger.begin() as work:
        await work.connection.execute(statement)
        await work.commit()


@asynccontextmanager
async def renewing(ledger: Ledger, lease: Lease, *, seconds: int) -> AsyncIterator[None]:
    """Keep the lease while the block runs; losing it cancels the block."""
    owner = asyncio.current_task()
    assert owner is not None

    async def keep() -> None:
        try:
            await _keep(ledger, lease, seconds=seconds)
        except (LeaseLost, TimeoutError) as lost:
            log.warning("case %s: the run stops, its lease is gone: %r", lease.case_id, lost)
            owner.cancel()

    keeper = asyncio.create_task(keep(), name=f"lease of {lease.case_id}")
    try:
        yield
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)


async def _keep(ledger: Ledger, lease: Lease, *, seconds: int) -> None:
    """Renew the lease again and again. :raises LeaseLost, TimeoutError: another run has it, or it has run out."""
    ends = asyncio.get_running_loop().time() + seconds
    while True:
        async with asyncio.timeout_at(ends):
            ends = await _renewed(ledger, lease, seconds=seconds)


async def _renewed(ledger: Ledger, lease: Lease, *, seconds: int) -> float:
    """Renew it in a third of its time, and try again until the database takes it; when it then ends (loop's time)."""
    await asyncio.sleep(seconds / 3)
    while True:
        asked = asyncio.get_running_loop().time()
        try:
            await renew(ledger, lease, seconds=seconds)
            return asked + seconds
        except LeaseLost:
            raise
        except Exception as trouble:
            log.warning("case %s: lease not renewed: %r", lease.case_id, trouble)
            await asyncio.sleep(seconds / 12)
