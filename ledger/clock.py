"""The injected clock (design, rule 8): real, fixed for a test, or simulated and shared by all processes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ledger.tables import clock


class Clock(Protocol):
    """Tells the time that counts for cases and deadlines. Leases and retries use `machine_now` instead."""

    async def now(self, connection: AsyncConnection) -> datetime:
        """The current moment in UTC; may read the database through `connection`."""
        ...


def machine_now() -> datetime:
    """The machine's own time: for leases, claims and retry schedules, never for a deadline."""
    return datetime.now(UTC)


class RealClock:
    """The machine's time is the case's time."""

    async def now(self, connection: AsyncConnection) -> datetime:
        return machine_now()


class SimulatedClock:
    """One moment kept in the database, so that portal, worker and sweep rehearse the same day."""

    async def now(self, connection: AsyncConnection) -> datetime:
        moment: datetime | None = await connection.scalar(select(clock.c.now).where(clock.c.id == 1))
        if moment is None:
            raise LookupError("the simulated clock was never set")
        return moment


async def set_clock(engine: AsyncEngine, moment: datetime) -> None:
    """Set the simulated clock; it never goes back, because the ledger's times never do."""
    async with engine.begin() as connection:
        standing = await connection.scalar(select(clock.c.now).where(clock.c.id == 1))
        if standing is None:
            await connection.execute(clock.insert().values(id=1, now=moment))
        elif moment < standing:
            raise ValueError(f"the clock stands at {standing} and cannot go back to {moment}")
        else:
            await connection.execute(clock.update().where(clock.c.id == 1).values(now=moment))
