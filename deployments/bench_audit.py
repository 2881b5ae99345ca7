"""How fast an auditor is: verifying, replaying and anchoring reporting weeks (`deployments.bench_weeks`)."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

import flows
from audit.replay import replay_cases
from deployments.bench_ministry import ACTOR
from deployments.bench_stack import Database, Say
from deployments.bench_stage import own_database
from deployments.bench_weeks import migrated, runtime_over
from engine.collector import spare_the_collector
from engine.runtime import Runtime
from ledger import cases
from ledger.anchor_key import make_key
from ledger.anchoring import anchor
from ledger.verify import verify_all
from ledger.work import Ledger

assert flows.__all__, "importing the package has registered the processes"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passes:
    """The same work done several times by one process: the first makes ready what the others find."""

    events: int
    seconds: tuple[float, ...]
    cpu_seconds: tuple[float, ...]

    @property
    def per_second(self) -> float:
        """Events a second, as a rule: of the pass in the middle."""
        return self.events / median(self.seconds)

    @property
    def first_per_second(self) -> float:
        return self.events / self.seconds[0]

    @property
    def best_per_second(self) -> float:
        return self.events / min(self.seconds)

    @property
    def per_cpu_second(self) -> float:
        return self.events / median(self.cpu_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """What was audited, and what it took."""

    cases: int
    verified: Passes
    replayed: Passes
    first_anchor_s: float
    next_anchor_s: float
    """An anchor after one case of all has changed."""


async def audit_speed(database: Database, postgres: str, *, weeks: int, each: int, passes: int, say: Say) -> Audited:
    """Weeks with `each` reports, all asked for and handed in, and the directives that they are about.

    Another process writes them, as in life: what an auditor's process has in memory is its own.

    :raises RuntimeError: what was written does not hold; then its speed says nothing.
    """
    with tempfile.TemporaryDirectory() as folder:
        async with _url(database, postgres, Path(folder)) as url:
            await _written(url, weeks, each)
            async with migrated(url) as ledger:
                key = make_key(Path(folder) / "anchor.pem")
                first, _, _ = await _timed(anchor(ledger, key, first=True))
                await _one_more(ledger)
                following_one, _, _ = await _timed(anchor(ledger, key))
                runtime = await runtime_over(ledger)
                spare_the_collector()  # as every command of an auditor does
                say("verifying")
                verified = await _passes(passes, partial(_verified, ledger))
                say("replaying")
                replayed = await _passes(passes, partial(_replayed, runtime))
    if replayed.events != verified.events:
        raise RuntimeError(f"{verified.events} events were verified, and {replayed.events} replayed")
    return Audited(
        cases=weeks + each, verified=verified, replayed=replayed, first_anchor_s=first, next_anchor_s=following_one
    )


@asynccontextmanager
async def _url(database: Database, postgres: str, folder: Path) -> AsyncIterator[str]:
    """An empty database."""
    if database == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / 'ledger.db'}"
        return
    async with own_database(postgres, f"sangkan_bench_audit_{time.time_ns()}") as url:
        yield url.replace("://", "+asyncpg://", 1)


async def _written(url: str, weeks: int, each: int) -> None:
    command = (sys.executable, "-m", "deployments.bench_process", "weeks", str(weeks), str(each))
    # Not among the arguments, which everybody on the machine can read: it may hold a password.
    writer = await asyncio.create_subprocess_exec(*command, env=os.environ | {"SANGKAN_DATABASE_URL": url})
    try:
        code = await writer.wait()
    except BaseException:
        writer.kill()
        raise
    if code != 0:
        raise RuntimeError(f"the weeks could not be written: exit code {code}")


async def _one_more(ledger: Ledger) -> None:
    async with ledger.begin() as work:
        await cases.record(work, "week-0001", what="bench", content={}, actor=ACTOR)
        await work.commit()


async def _verified(ledger: Ledger) -> int:
    """How many events; what is broken is an error."""
    found = await verify_all(ledger)
    if not found.whole:
        raise RuntimeError(f"the audited ledger does not hold: {found.broken[:3]}")
    return found.events


async def _replayed(runtime: Runtime) -> int:
    """How many events; every difference is an error."""
    events = 0
    async for one in replay_cases(runtime):
        if not one.same:
            raise RuntimeError(f"{one.case_id}: {one.differences[0]}")
        events += one.events
    return events


async def _passes(count: int, work: Callable[[], Awaitable[int]]) -> Passes:
    """:param work: says over how many events it went."""
    done = [await _timed(work()) for _ in range(count)]
    seconds, cpu_seconds, events = zip(*done, strict=True)
    return Passes(events=events[0], seconds=seconds, cpu_seconds=cpu_seconds)


async def _timed(work: Awaitable[T]) -> tuple[float, float, T]:
    """(seconds, of these on the processor, what came of it)"""
    began, cpu = time.perf_counter(), time.process_time()
    done = await work
    return time.perf_counter() - began, time.process_time() - cpu, done
