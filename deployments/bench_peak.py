"""The weekly peak: all divisions report at the same time, as on a Friday before the cut-off (S0 line 12)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from deployments.bench_load import Submission, clients_for, submit
from deployments.bench_ministry import Signed, directives, furnish, officer_of
from deployments.bench_result import summarise
from deployments.bench_stack import SECRET, TITLE, Database, Say, Site, Stack, stack_on
from deployments.bench_stage import until
from engine.settings import Settings
from ledger import reading, tables
from ledger.hand_offs import HandOff, hand_off_id
from notifications.envelope import message_id
from rules.calendar import bangkok_date
from schemas.benchmark import BenchmarkResult
from schemas.weekly import OpenDirective

SECONDS_A_DIRECTIVE = 1.0
"""Patience with each phase, on top of two minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """The result as every engine has it, and what it cost us."""

    result: BenchmarkResult
    cpu_ms: dict[str, float]
    """Processor time of each process per accepted submission, from the first request to rest."""
    runs: int


async def weekly_peak(count: int, database: Database, postgres: str, *, servers: int = 1, say: Say) -> Peak:
    """One peak of `count` directives on a new installation."""
    register = directives(count, bangkok_date(datetime.now(UTC)) - timedelta(days=14))
    async with stack_on(database, postgres, servers=servers) as stack:
        site = await stack.site()
        await furnish(site.ledger, register)
        await site.start_portal()
        site.start_worker()
        say(f"the week is opened: {count} reports are asked for")
        week = await _week_is_open(stack, site, count)
        say("the peak")
        return await _Friday(stack, site, week, register).measure()


async def _week_is_open(stack: Stack, site: Site, count: int) -> str:
    """The case of the week once all its reports were asked for, all mails sent, and its run sleeps."""
    h = tables.hand_offs.c
    within = 120 + SECONDS_A_DIRECTIVE * count

    async def asked_for() -> list[str]:
        site.stage.must_run("worker")
        async with site.ledger.read() as connection:
            query = select(h.case_id).where(h.element == "report", h.state == "open")
            return list((await connection.scalars(query)).all())

    found = await until(asked_for, lambda cases: len(cases) == count, within_s=within)
    await site.quiet(within_s=within)
    await _all_came(stack, await _asked(site, found[0]), within_s=60)
    return found[0]


async def _asked(site: Site, week: str) -> dict[str, str]:
    """Directive → Message-ID of the mail that asks for its report."""
    async with site.ledger.read() as connection:
        found = await reading.hand_offs_of_case(connection, week)
    return {h.subject: mail_of(h.id, h.unit) for h in found if h.element == "report"}


def mail_of(hand_off: str, unit: str) -> str:
    """The Message-ID under which the officer of a unit is asked to do a piece of work."""
    domain = Settings.model_fields["mail_from"].default.rpartition("@")[2]
    return message_id(f"task:{hand_off}:{officer_of(unit)}", domain)


async def _all_came(stack: Stack, expected: Mapping[str, str], *, within_s: float) -> dict[str, float]:
    """Directive → when its mail came."""

    async def look() -> dict[str, float]:
        came = stack.arrivals.read()
        return {directive: came[mail] for directive, mail in expected.items() if mail in came}

    return await until(look, lambda found: len(found) == len(expected), within_s=within_s)


class _Friday:
    """The last hour of the week."""

    def __init__(self, stack: Stack, site: Site, week: str, register: tuple[OpenDirective, ...]) -> None:
        self._stack, self._site, self._week = stack, site, week
        self._register = {line.case: line for line in register}
        self._clients = clients_for(len(register))

    async def measure(self) -> Peak:
        requests = await self._requests()
        runs_before, cpu_before = await self._stack.runs(), self._stack.stage.cpu_seconds()
        load = os.getloadavg()[0]
        submissions = await submit(self._site.portal, requests, self._clients)
        accepted = [one for one in submissions if one.accepted]
        if not accepted:
            raise RuntimeError(f"nothing was accepted: {submissions[0]}")
        within = 60 + SECONDS_A_DIRECTIVE * len(accepted)
        mails = await _all_came(self._stack, self._checks(accepted), within_s=within)
        await self._site.quiet(within_s=within)
        cpu = self._stack.stage.cpu_seconds()
        runs = await self._stack.runs() - runs_before
        notes = (f"one case a week with {len(self._register)} reports", f"load average before the peak {load:.1f}")
        result = summarise(
            submissions, mails, engine="sangkan", database=TITLE[self._stack.database], clients=self._clients,
            runs=runs, peak_memory_mb=dict(self._stack.stage.peak_memory_mb), notes=notes,
        )  # fmt: skip
        return Peak(
            result=result,
            runs=runs,
            cpu_ms={name: 1000 * (cpu[name] - cpu_before[name]) / len(accepted) for name in cpu},
        )

    async def _requests(self) -> dict[str, bytes]:
        async with self._site.ledger.read() as connection:
            found = await reading.hand_offs_of_case(connection, self._week)
        signed = Signed(self._site.ledger, SECRET, self._site.portal)
        return {h.subject: await self._request(signed, h) for h in found if h.element == "report"}

    async def _request(self, signed: Signed, hand_off: HandOff) -> bytes:
        return await signed.report(hand_off.id, officer_of(hand_off.unit), self._register[hand_off.subject].no)

    def _checks(self, accepted: list[Submission]) -> dict[str, str]:
        """Directive → Message-ID of the mail that asks the planning unit to check its report."""
        lines = [self._register[one.directive] for one in accepted]
        return {
            line.case: mail_of(hand_off_id(self._week, f"reports[{line.case}]/check"), line.planning_unit)
            for line in lines
        }
