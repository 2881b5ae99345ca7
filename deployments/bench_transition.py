"""What one run transition costs (wake, replay, go on, sleep again), and how many of them a worker sustains."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from deployments.bench_counts import read_counts
from deployments.bench_load import clients_for, submit
from deployments.bench_ministry import ACTOR, Signed, agency, furnish, officer_of
from deployments.bench_stack import SECRET, Database, Say, Site, Stack, stack_on
from deployments.bench_stage import until
from engine.runtime import Runtime
from engine.settings import Settings
from flows import starting
from ledger import hand_offs, tables
from ledger.hand_offs import HandOff
from rules.calendar import bangkok_date
from schemas.directive import Nature, Registration

SETTLING_S = 1.0
"""Prefect writes events and task runs a moment later, the counts are written every few tenths of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of `transitions` run transitions, which took `seconds` together."""

    transitions: int
    seconds: float
    counts: Counter[str]
    """What the worker asked of others, all transitions together, idle loops included."""
    cpu_s: dict[str, float]

    @property
    def per_second(self) -> float:
        return self.transitions / self.seconds

    def per_transition(self, family: str) -> dict[str, float]:
        """The counts of one family for one transition, the most frequent first."""
        found = ((name.removeprefix(f"{family} "), n) for name, n in self.counts.most_common())
        return {name: n / self.transitions for name, n in found if f"{family} {name}" in self.counts}


async def transitions(cases: int, database: Database, postgres: str, *, servers: int = 1, say: Say) -> Cost:
    """Each of `cases` directives is acknowledged by its planning unit: one transition a case, `receive` → `assign`."""
    async with stack_on(database, postgres, servers=servers) as stack:
        counts = stack.count()
        site = await stack.site()
        await furnish(site.ledger, ())
        await _open_directives(site, cases)
        await site.start_portal()
        site.start_worker()
        say(f"{cases} directives are opened")
        found = await _standing_at(site, "receive", cases)
        say("they are acknowledged")
        return await _measure(stack, site, found, counts.with_suffix(".worker.json"))


async def _open_directives(site: Site, count: int) -> None:
    runtime = Runtime(Settings(database_url=site.url), site.ledger)
    await runtime.refresh(at_once=True)
    for n in range(count):
        form = Registration(
            title=f"เรื่องที่ {n + 1}", text="ให้ดำเนินการตามนโยบายของรัฐบาล", ordered_by="รัฐมนตรีว่าการกระทรวง",
            ordered_on=bangkok_date(datetime.now(UTC)), nature=Nature.GENERAL, agencies=(agency(n),),
        )  # fmt: skip
        await starting.register_directive(runtime, form, actor=ACTOR)


async def _standing_at(site: Site, element: str, cases: int) -> Sequence[HandOff]:
    """The open hand-offs once every case has come there and sleeps."""
    h = tables.hand_offs.c
    query = hand_offs.query().where(h.element == element, h.state == "open")

    async def look() -> list[HandOff]:
        async with site.ledger.read() as connection:
            return [hand_offs.view(row) for row in await connection.execute(query)]

    found = await until(look, lambda those: len(those) == cases, within_s=120 + 5 * cases)
    await site.quiet(within_s=120)
    return found


async def _measure(stack: Stack, site: Site, found: Sequence[HandOff], counts: Path) -> Cost:
    signed = Signed(site.ledger, SECRET, site.portal)
    requests = {h.id: await signed.form(h.id, officer_of(h.unit), {"decision": "accept"}) for h in found}
    await asyncio.sleep(SETTLING_S)
    runs, before, cpu = await stack.runs(), read_counts(counts), stack.stage.cpu_seconds()
    began = time.perf_counter()
    submissions = await submit(site.portal, requests, clients_for(len(requests)))
    if refused := [one for one in submissions if not one.accepted]:
        raise RuntimeError(f"not accepted: {refused[0]}")
    await _standing_at(site, "assign", len(found))
    took = time.perf_counter() - began
    await asyncio.sleep(SETTLING_S)
    used = stack.stage.cpu_seconds()
    return Cost(
        transitions=await stack.runs() - runs,
        seconds=took,
        counts=read_counts(counts) - before,
        cpu_s={name: used[name] - cpu[name] for name in used},
    )
