"""How fast an auditor is: verifying, replaying and anchoring reporting weeks that the real flow has opened."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from pydantic import SecretStr

from audit.replay import replay_cases
from deployments.bench_load import weekly_report
from deployments.bench_ministry import ACTOR, directives, furnish, officer_of
from deployments.bench_scale import run_in_place
from deployments.bench_stack import Database, Say
from deployments.bench_stage import own_database
from engine import actions
from engine.intake import Intake
from engine.mail_out import MailOut
from engine.runtime import Runtime
from engine.settings import Settings
from ledger import cases, migrate, reading
from ledger.anchor_key import make_key
from ledger.anchoring import anchor
from ledger.clock import RealClock
from ledger.database import open_database
from ledger.verify import verify_all
from ledger.work import Ledger
from notifications.mailbox import Mailbox
from notifications.mailer import Mailer, MailServer
from rules.calendar import bangkok_date
from rules.week import following, week_of
from schemas.weekly import WeekCase

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """What was audited, and what it took, in seconds."""

    cases: int
    events: int
    verify_s: float
    verify_cpu_s: float
    replay_s: float
    replay_cpu_s: float
    first_anchor_s: float
    next_anchor_s: float
    """An anchor after one case of all has changed."""

    @property
    def verified_per_second(self) -> float:
        return self.events / self.verify_s

    @property
    def replayed_per_second(self) -> float:
        return self.events / self.replay_s


async def audit_speed(database: Database, postgres: str, *, weeks: int, each: int, say: Say) -> Audited:
    """Weeks with `each` reports, all asked for and handed in, and the directives that they are about.

    :raises RuntimeError: what was written does not hold; then its speed says nothing.
    """
    with tempfile.TemporaryDirectory() as folder:
        async with _ledger(database, postgres, Path(folder)) as ledger:
            runtime = await reported_weeks(ledger, weeks, each, say)
            key = make_key(Path(folder) / "anchor.pem")
            first, _, _ = await _timed(anchor(ledger, key, first=True))
            await _one_more(ledger)
            following_one, _, _ = await _timed(anchor(ledger, key))
            say("verifying")
            verifying, verifying_cpu, verified = await _timed(verify_all(ledger))
            say("replaying")
            replaying, replaying_cpu, events = await _timed(_replayed(runtime))
    if not verified.whole or events != verified.events:
        raise RuntimeError(f"the audited ledger does not hold: {verified.broken[:3]}")
    return Audited(
        cases=verified.cases, events=events, verify_s=verifying, verify_cpu_s=verifying_cpu, replay_s=replaying,
        replay_cpu_s=replaying_cpu, first_anchor_s=first, next_anchor_s=following_one,
    )  # fmt: skip


@asynccontextmanager
async def _ledger(database: Database, postgres: str, folder: Path) -> AsyncIterator[Ledger]:
    if database == "sqlite":
        async with migrated(f"sqlite+aiosqlite:///{folder / 'ledger.db'}") as ledger:
            yield ledger
        return
    name = f"sangkan_bench_audit_{time.time_ns()}"
    async with own_database(postgres, name) as url, migrated(url.replace("://", "+asyncpg://", 1)) as ledger:
        yield ledger


@asynccontextmanager
async def migrated(url: str) -> AsyncIterator[Ledger]:
    engine = open_database(url)
    try:
        await migrate.upgrade(engine)
        yield Ledger(engine, RealClock())
    finally:
        await engine.dispose()


async def reported_weeks(ledger: Ledger, weeks: int, each: int, say: Say) -> Runtime:
    """Weeks that the real flow has opened, with `each` reports that are asked for by mail and all handed in."""
    now = datetime.now(UTC)
    await furnish(ledger, directives(each, bangkok_date(now) - timedelta(days=14)))
    runtime = Runtime(Settings(secret_key=SecretStr("0" * 40)), ledger)
    await runtime.refresh(at_once=True)
    week = week_of(now, calendar=runtime.calendar, policy=runtime.policy.weekly)
    week = following(week, calendar=runtime.calendar, policy=runtime.policy.weekly)
    async with Intake(runtime) as intake, _post(runtime) as mail_out:
        for number in range(1, weeks + 1):
            case_id = f"week-{number:04d}"
            await actions.start_case(
                runtime, "weekly-cycle", WeekCase(week=week), case_id=case_id, title=f"รายงานข้อสั่งการ {number}",
                units=(), actor=ACTOR,
            )  # fmt: skip
            await run_in_place(runtime, case_id)
            await _all_sent(mail_out)
            await _hand_in(runtime, intake, case_id)
            await run_in_place(runtime, case_id)
            await _all_sent(mail_out)
            if number % 10 == 0:
                say(f"{number} of {weeks} weeks are reported")
    return runtime


@asynccontextmanager
async def _post(runtime: Runtime) -> AsyncIterator[MailOut]:
    """The mail loop of a worker, before a mail server of its own: a history has the mails that left."""
    with tempfile.TemporaryDirectory() as folder:
        mailbox = Mailbox(Path(folder))
        try:
            async with Mailer(MailServer(host="127.0.0.1", port=mailbox.start())) as mailer:
                yield MailOut(runtime, mailer)
        finally:
            mailbox.stop()


async def _all_sent(mail_out: MailOut) -> None:
    while await mail_out.once():
        pass


async def _hand_in(runtime: Runtime, intake: Intake, case_id: str) -> None:
    async with runtime.ledger.read() as connection:
        found = [h for h in await reading.hand_offs_of_case(connection, case_id) if h.form == "WeeklyReport"]
    await asyncio.gather(*(
        intake.submit(
            h.id, weekly_report(h.subject).model_dump(mode="json", exclude_none=True), officer=officer_of(h.unit),
            through="session",
        )
        for h in found
    ))  # fmt: skip


async def _one_more(ledger: Ledger) -> None:
    async with ledger.begin() as work:
        await cases.record(work, "week-0001", what="bench", content={}, actor=ACTOR)
        await work.commit()


async def _replayed(runtime: Runtime) -> int:
    """How many events; every difference is an error."""
    events = 0
    async for one in replay_cases(runtime):
        if not one.same:
            raise RuntimeError(f"{one.case_id}: {one.differences[0]}")
        events += one.events
    return events


async def _timed(work: Awaitable[T]) -> tuple[float, float, T]:
    """(seconds, of these on the processor, what came of it)"""
    began, cpu = time.perf_counter(), time.process_time()
    done = await work
    return time.perf_counter() - began, time.process_time() - cpu, done
