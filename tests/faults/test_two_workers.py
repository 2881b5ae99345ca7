"""Two workers on one ledger: a case is run by one at a time, and nobody is reminded or written to twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from engine import mail_out, prefect_run
from engine.case_run import CaseRun, Parked
from engine.lease import claim
from engine.sweep import sweep_once
from flows import starting
from ledger import cases, reading, tables, verify
from ledger.database import passes_by_itself
from ledger.errors import RunTakenOver
from ledger.work import Ledger
from rules.organisation_file import load_organisation
from schemas.mail import Notice
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, InPlace, stage_on
from tests.faults.dying import Faults
from tests.faults.office import MachineClock, Office, Screens
from tests.faults.sink import Sink
from tests.faults.story import FORTNIGHT, IS_KEYED_FOR, KEYS_ITSELF, WEEK

T = TypeVar("T")
SAMPLE = Path(__file__).parents[2] / "deployments" / "ministries" / "sample.yaml"
ROUNDS = 6


class Overlaps:
    """Notes when a case is run while it is run."""

    def __init__(self) -> None:
        self.running: Counter[str] = Counter()
        self.runs: Counter[str] = Counter()
        self.twice: list[str] = []

    async def go(self, run: CaseRun, go: Callable[[CaseRun], Awaitable[T]]) -> T:
        self.runs[run.case_id] += 1
        self.running[run.case_id] += 1
        if self.running[run.case_id] > 1:
            self.twice.append(run.case_id)
        try:
            await asyncio.sleep(0.002)
            return await go(run)
        finally:
            self.running[run.case_id] -= 1


async def side_by_side(workers: list[Office]) -> None:
    """All loops of all workers at the same time, until nothing is left."""
    for _ in range(ROUNDS * 5):
        loops = [
            once
            for worker in workers
            for once in (worker.run_wanted, worker.mail_out.once, lambda w=worker: sweep_once(w.runtime))
        ]
        found = await asyncio.gather(*(once() for once in loops))
        if not sum(found) and not await workers[0]._left():
            return
    raise AssertionError("the workers do not come to rest")


async def test_two_workers_share_a_fortnight_without_doing_anything_twice(
    database: AsyncEngine, clock: ClockThatIsSet, machine: MachineClock, sink: Sink, without_prefect: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    overlaps, go = Overlaps(), CaseRun.go
    monkeypatch.setattr(CaseRun, "go", lambda run: overlaps.go(run, go))
    monkeypatch.setattr(prefect_run, "PrefectPerformer", InPlace)
    ledger = Ledger(database, clock)
    clock.moment = FORTNIGHT[0].at - timedelta(minutes=30)
    await stage_on(ledger, load_organisation(SAMPLE.read_text()))
    url, screens = database.url.render_as_string(hide_password=False), Screens()
    async with AsyncExitStack() as stack:
        workers = [
            await stack.enter_async_context(Office(url, clock, machine, Faults(), screens, sink.port)) for _ in range(3)
        ]
        for act in FORTNIGHT:
            while (upcoming := await workers[0]._upcoming()) is not None and upcoming <= act.at:
                clock.moment = max(clock.moment, upcoming)
                await side_by_side(workers)
            clock.moment = act.at
            await act.do(workers[0])
            await side_by_side(workers)

    assert overlaps.twice == []
    assert overlaps.runs[WEEK] > 5
    assert {mail: n for mail, n in sink.counts().items() if n > 1} == {}
    assert (await verify.verify_all(ledger)).whole
    async with ledger.read() as connection:
        events = [e for case in (WEEK, KEYS_ITSELF, IS_KEYED_FOR) for e in await reading.history(connection, case)]
        states = Counter((await connection.scalars(select(tables.mails.c.state))).all())
    fired = Counter((e.case_id, e.key, e.content["rung"]) for e in events if e.kind == "reminder:fire")
    assert fired
    assert set(fired.values()) == {1}
    assert set(states) <= {"sent", "skipped"}
    assert states["sent"] == len(sink.taken)


async def test_a_run_that_was_taken_over_writes_nothing_more(
    ledger: Ledger, machine: MachineClock, clock: ClockThatIsSet
) -> None:
    """A worker that slept through its lease (a frozen machine) wakes up when another has carried on."""
    clock.moment = FORTNIGHT[0].at
    stage = await stage_on(ledger, load_organisation(SAMPLE.read_text()))
    asleep, awake = asyncio.Event(), asyncio.Event()

    class Frozen(InPlace):
        async def perform(self, work: Callable[[], Awaitable[T]], **how: Any) -> T:
            asleep.set()
            await awake.wait()
            return await super().perform(work, **how)

    week = await starting.ensure_week_open(stage.runtime, actor=ACTOR)
    first = await claim(ledger, week, runner="first", seconds=60, flow_run_id="1")
    assert first is not None
    frozen = asyncio.create_task(CaseRun(stage.runtime, week, fence=first.fence, performer=Frozen()).go())
    await asleep.wait()
    assert await claim(ledger, week, runner="second", seconds=60, flow_run_id="2") is None, "the lease still holds"
    machine.ahead += timedelta(seconds=61)
    second = await claim(ledger, week, runner="second", seconds=60, flow_run_id="2")
    assert second is not None
    assert isinstance(await CaseRun(stage.runtime, week, fence=second.fence, performer=InPlace()).go(), Parked)
    async with ledger.read() as connection:
        before = (await reading.case(connection, week)).head_hash
    awake.set()
    with pytest.raises(RunTakenOver):
        await frozen
    async with ledger.read() as connection:
        assert (await reading.case(connection, week)).head_hash == before


async def test_mails_that_a_slow_server_holds_are_not_sent_by_another_worker(
    database: AsyncEngine, clock: ClockThatIsSet, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server may think for ten minutes before it takes a mail; the claim on it lasts two."""
    monkeypatch.setattr(mail_out, "CLAIM_SECONDS", 1)
    sink.seconds = 2.5
    ledger = Ledger(database, clock)
    clock.moment = FORTNIGHT[0].at
    stage = await stage_on(ledger, load_organisation(SAMPLE.read_text()))
    organisation = stage.runtime.directory.organisation
    async with ledger.begin() as work:
        await cases.open_case(
            work, cases.NewCase(id="case-1", process="directive-lifecycle", version=1, title="เรื่อง", data={}),
            actor=mail_out.MAIL,
        )  # fmt: skip
        notice = Notice(subject="ทดสอบ", body="ทดสอบ", title="เรื่อง", link="/cases/case-1")
        stage.runtime.post.send(work, "case-1", organisation.officers[:1], "slow", notice)
        await work.commit()
    url = database.url.render_as_string(hide_password=False)
    async with AsyncExitStack() as stack:
        first, second = [
            await stack.enter_async_context(Office(url, clock, MachineClock(), Faults(), Screens(), sink.port))
            for _ in range(2)
        ]
        slow = asyncio.create_task(first.mail_out.once())
        await asyncio.sleep(0.3)
        for _ in range(8):
            assert await second.mail_out.once() == 0
            await asyncio.sleep(0.3)
        assert await slow == 1
    assert len(sink.taken) == 1


@pytest.mark.postgres
async def test_the_end_of_a_database_session_is_trouble_that_passes(migrated_postgres: AsyncEngine) -> None:
    """PostgreSQL restarts, or an administrator ends the session: the case is tried again, it does not fail."""
    async with migrated_postgres.connect() as victim, migrated_postgres.connect() as administrator:
        pid = await victim.scalar(text("select pg_backend_pid()"))
        waiting = asyncio.create_task(victim.execute(text("select pg_sleep(30)")))
        await asyncio.sleep(0.2)
        await administrator.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})
        with pytest.raises(DBAPIError) as ended:
            await waiting
    assert passes_by_itself(ended.value)
