"""Every night all histories are verified, and whoever must know of damage is told once."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from audit.verifying import NightlyVerification
from ledger import tables
from ledger.work import Ledger
from schemas.mail import MESSAGES
from tests.conftest import ClockThatIsSet
from tests.engine.driver import Stage
from tests.flows.people import at, register


@pytest.fixture
def ledger(database: AsyncEngine, clock: ClockThatIsSet) -> Ledger:
    """Both databases."""
    return Ledger(database, clock)


async def told(stage: Stage) -> list[tuple[str, str]]:
    """Officer and body of the notices that belong to no case."""
    m = tables.mails.c
    query = select(m.officer, m.context).where(m.case_id == "").order_by(m.officer)
    async with stage.runtime.ledger.read() as connection:
        found = (await connection.execute(query)).all()
    return [(row.officer, MESSAGES["notice"].model_validate_json(row.context).body) for row in found]  # type: ignore[attr-defined]


async def spoiled(stage: Stage, case: str) -> None:
    async with stage.runtime.ledger.begin() as work:
        await work.connection.execute(
            text("UPDATE events SET key = 'x' WHERE case_id = :case AND seq = 1"), {"case": case}
        )
        await work.commit()


async def test_damage_is_found_in_the_night_and_told_once_however_many_workers_find_it(
    ministry: Stage, monday: ClockThatIsSet, caplog: pytest.LogCaptureFixture
) -> None:
    (case,) = await register(ministry)
    workers = [NightlyVerification(ministry.runtime) for _ in range(2)]
    for worker in workers:
        await worker.once()
    await spoiled(ministry, case)
    monday.moment = at("2018-02-13", "02:59")
    for worker in workers:
        await worker.once()
    assert await told(ministry) == [], "it is not night yet"
    monday.moment = at("2018-02-13", "03:00")
    with caplog.at_level(logging.ERROR, "sangkan.audit"):
        for worker in workers:
            await worker.once()
            await worker.once()
    found = await told(ministry)
    guardians = [officer for officer, _ in found]
    assert guardians == sorted(set(guardians))
    assert {"ops-audit.1", "ops-ict.admin"} <= set(guardians)
    assert all(case in body for _, body in found)
    assert caplog.text.count(case) == len(workers), "each has found it once"
    monday.moment += timedelta(days=1)
    await workers[0].once()
    assert len(await told(ministry)) == 2 * len(found), "as long as it is so, every night"


async def test_mails_that_were_put_in_beforehand_keep_nobody_from_being_told(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    (case,) = await register(ministry)
    worker = NightlyVerification(ministry.runtime)
    await worker.once()
    silence = {"case_id": "", "folder": "notice", "context": b"{}", "name": "x", "email": "x@x", "state": "sent"}
    async with ministry.runtime.ledger.begin() as work:
        for day in (13, 14):
            once = f"verified:2018-02-{day}:ops-audit.1"
            moments = {"queued_at": monday.moment, "available_at": monday.moment}
            await work.connection.execute(insert(tables.mails).values(id=f"m{day}", once=once, **silence, **moments))
        await work.commit()
    await spoiled(ministry, case)
    monday.moment = at("2018-02-13", "03:00")
    await worker.once()
    async with ministry.runtime.ledger.read() as connection:
        m = tables.mails.c
        found = await connection.scalars(select(m.officer).where(m.once.startswith("verified:"), m.state == "queued"))
    assert {"ops-audit.1", "ops-ict.admin"} <= set(found)


async def test_a_whole_history_is_nothing_to_write_about(ministry: Stage, monday: ClockThatIsSet) -> None:
    await register(ministry)
    worker = NightlyVerification(ministry.runtime)
    await worker.once()
    monday.moment += timedelta(days=1)
    await worker.once()
    assert await told(ministry) == []
