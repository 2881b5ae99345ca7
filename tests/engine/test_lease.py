"""A lease is kept for as long as its run lives, also when the database is away for a while."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from engine import lease as leases
from engine.lease import Lease, claim, renew, renewing
from ledger import tables
from ledger.clock import machine_now
from tests.engine.driver import Stage
from tests.engine.processes import Brief


async def leased(stage: Stage) -> Lease:
    await stage.open("trial-sequence", Brief())
    lease = await claim(stage.runtime.ledger, "case-1", runner="test", seconds=1, flow_run_id="run")
    assert lease is not None
    return lease


async def held_until(stage: Stage) -> datetime:
    async with stage.runtime.ledger.read() as connection:
        until: datetime = (await connection.scalars(select(tables.cases.c.lease_until))).one()
        return until


async def no_database(*_: Any, **__: Any) -> None:
    raise OSError("the database is away")


async def no_answer(*_: Any, **__: Any) -> None:
    await asyncio.sleep(60)


async def test_a_lease_outlives_a_database_that_was_away_for_a_moment(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    lease = await leased(stage)
    monkeypatch.setattr(leases, "renew", no_database)
    async with renewing(stage.runtime.ledger, lease, seconds=1):
        await asyncio.sleep(0.5)
        monkeypatch.setattr(leases, "renew", renew)
        await asyncio.sleep(1)
        assert await held_until(stage) > machine_now()
    assert "the database is away" in caplog.text


@pytest.mark.parametrize("database_is", [no_database, no_answer])
async def test_a_run_stops_when_its_lease_runs_out_because_the_database_is_away(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, database_is: Any
) -> None:
    lease = await leased(stage)
    monkeypatch.setattr(leases, "renew", database_is)

    async def run() -> None:
        async with renewing(stage.runtime.ledger, lease, seconds=1):
            await asyncio.sleep(3)

    running = asyncio.create_task(run())
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_run_stops_when_another_has_its_lease(stage: Stage) -> None:
    lease = await leased(stage)

    async def run() -> None:
        async with renewing(stage.runtime.ledger, Lease("case-1", lease.fence - 1, ""), seconds=1):
            await asyncio.sleep(3)

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(run())
