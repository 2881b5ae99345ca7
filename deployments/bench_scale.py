"""What open work costs that nobody touches: a small installation and a large one, side by side on one machine."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import func, select, text, update

import flows
from deployments.bench_load import submit
from deployments.bench_ministry import Signed, directives, furnish, officer_of
from deployments.bench_runs import opened_weeks
from deployments.bench_stack import SECRET, WORKER, Database, Say, Site, Stack, stack_on
from engine.runtime import Runtime
from engine.settings import Settings
from ledger import hand_offs, tables
from ledger.hand_offs import HandOff
from rules.calendar import bangkok_date
from schemas.benchmark import percentile

assert flows.__all__, "importing the package has registered the processes"

T = TypeVar("T")
CLIENTS = 10
A_ROUND = 20
"""Reports that are handed in at a time, to both installations in turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """`cases` open weeks with `each` reports that are asked for."""

    name: str
    cases: int
    each: int

    @property
    def hand_offs(self) -> int:
        return self.cases * self.each


SMALL, LARGE = Size(name="small", cases=20, each=50), Size(name="large", cases=500, each=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What one installation needed."""

    size: Size
    worker_mb: float
    """Largest resident memory of the worker."""
    accept_ms: tuple[float, ...]

    @property
    def median_ms(self) -> float:
        return statistics.median(self.accept_ms)

    @property
    def p95_ms(self) -> float:
        return percentile(self.accept_ms, 0.95)


async def scale(
    database: Database, postgres: str, *, sizes: tuple[Size, Size] = (SMALL, LARGE), rounds: int = 10, say: Say
) -> tuple[Standing, Standing]:
    """Twenty reports at a time to each of two installations, alternately, `rounds` times; the small one comes first."""
    async with stack_on(database, postgres) as stack:
        sites = [await _opened(stack, size, say) for size in sizes]
        for site in sites:
            await site.start_portal()
            site.start_worker()
        waiting = [await _waiting(site, rounds * A_ROUND) for site in sites]
        took: list[list[float]] = [[], []]
        for turn in range(rounds):
            say(f"round {turn + 1} of {rounds}")
            for which in (0, 1) if turn % 2 == 0 else (1, 0):
                share = waiting[which][turn * A_ROUND : (turn + 1) * A_ROUND]
                took[which] += await _hand_in(sites[which], share)
        memory = stack.stage.peak_memory_mb
        small, large = (
            Standing(size=size, worker_mb=memory[site.part(WORKER)], accept_ms=tuple(ms))
            for size, site, ms in zip(sizes, sites, took, strict=True)
        )
        return small, large


async def _opened(stack: Stack, size: Size, say: Say) -> Site:
    """An installation whose weeks the real flow has opened; their mails count as sent, their runs as asleep."""
    site = await stack.site(size.name)
    await furnish(site.ledger, directives(size.each, bangkok_date(datetime.now(UTC)) - timedelta(days=14)))
    runtime = Runtime(Settings(database_url=site.url), site.ledger)
    await runtime.refresh(at_once=True)
    # The current week and all that follow lie open at once: more than a ministry has, and the worst for replay.
    async for number, _ in opened_weeks(runtime, "scale", size.cases):
        if number % 50 == 0:
            say(f"{size.name}: {number * size.each:,} of {size.hand_offs:,} hand-offs are open")
    await _count_mails_as_sent(site)
    await _settle(site)
    return site


async def _count_mails_as_sent(site: Site) -> None:
    async with site.ledger.begin() as work:
        await work.connection.execute(update(tables.mails).values(state="sent", settled_at=work.now))
        await work.commit()


async def _settle(site: Site) -> None:
    """What autovacuum and the checkpointer do by themselves within minutes of so much writing."""
    if site.ledger.engine.dialect.name == "postgresql":
        async with site.ledger.engine.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await alone.execute(text("VACUUM (ANALYZE)"))
            await alone.execute(text("CHECKPOINT"))


async def _waiting(site: Site, count: int) -> Sequence[HandOff]:
    """Open reports, spread over the weeks."""
    h = tables.hand_offs.c
    turn = func.row_number().over(partition_by=h.case_id, order_by=h.id).label("turn")
    spread = select(h.id, turn).where(h.case_id.startswith("scale-"), h.state == "open").subquery()
    first = select(spread.c.id).order_by(spread.c.turn, spread.c.id).limit(count)
    async with site.ledger.read() as connection:
        rows = await connection.execute(hand_offs.query().where(h.id.in_(first)).order_by(h.id))
        return [hand_offs.view(row) for row in rows]


async def _hand_in(site: Site, share: Sequence[HandOff]) -> list[float]:
    """Milliseconds of each accepted report; afterwards the installation is at rest again."""
    signed = Signed(site.ledger, SECRET, site.portal)
    requests = {h.id: await signed.report(h.id, officer_of(h.unit), h.subject) for h in share}
    submissions = await submit(site.portal, requests, CLIENTS)
    if refused := [one for one in submissions if not one.accepted]:
        raise RuntimeError(f"not accepted: {refused[0]}")
    await site.quiet(within_s=600)
    return [one.latency_ms for one in submissions]
