"""How long an auditor waits for a page when the ledger is large: a case's page must cost what the case costs.

Two directives and a week of many reports are carried out by the real flows; PostgreSQL then copies their histories,
under other ids and moved back in time, until the ledger is as large as wanted. The copies bear the hashes of what they
were copied from: they are read here, not verified.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

import httpx
from sqlalchemy import Integer, Table, case, column, func, insert, literal, select, text
from sqlalchemy.sql.elements import ColumnElement
from starlette.responses import Response

import flows
from deployments.bench_conformance import straight, with_detours
from deployments.bench_ministry import ACTOR, organisation
from deployments.bench_stack import Say
from deployments.bench_stage import own_database
from deployments.bench_weeks import migrated, reported_weeks
from engine.runtime import Runtime
from ledger import accounts, organisations, tables
from ledger.column_types import UtcMoment
from ledger.work import Ledger
from portal.app import create_app
from portal.session import COOKIE, Sessions
from portal.state import Portal
from schemas.organisation import Duty, Officer
from schemas.policy import Policy

assert flows.__all__, "importing the package has registered the processes"

AUDITOR = "auditor.1"
WEEK = "week-0001"
ROUNDS = 30
"""Requests of each page."""
COPIED = (tables.cases, tables.events, tables.hand_offs, tables.waits)
OF_A_WEEK = 0.5
"""Part of the events that are copies of the week; the others are directives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one page took, in milliseconds."""

    name: str
    p50: float
    p95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """The pages in a ledger of one size."""

    cases: int
    events: int
    pages: tuple[Page, ...]

    def of(self, name: str) -> Page:
        return next(page for page in self.pages if page.name == name)


async def audit_pages(postgres: str, *, events: int, each: int, say: Say) -> tuple[Waited, Waited]:
    """The pages in a small ledger, and when it has grown to so many events. `each`: reports of the week."""
    name = f"sangkan_bench_pages_{time.time_ns()}"
    async with own_database(postgres, name) as url, migrated(url.replace("://", "+asyncpg://", 1)) as ledger:
        say(f"a week of {each} reports and two directives are carried out")
        runtime = await reported_weeks(ledger, 1, each, say)
        lives = [await straight(runtime), await with_detours(runtime)]
        await _auditor_comes(ledger)
        await _settled(ledger)
        say("pages of the small ledger")
        small = await _waited(runtime, lives)
        await _grown(ledger, lives, events, say)
        await _settled(ledger)
        say("pages of the large ledger")
        return small, await _waited(runtime, lives)


async def _auditor_comes(ledger: Ledger) -> None:
    ministry = organisation()
    officer = Officer(
        id=AUDITOR,
        unit="secretariat",
        name="ผู้ตรวจสอบ",
        email="auditor@ministry.example",
        duties=frozenset({Duty.AUDITOR}),
    )
    async with ledger.begin() as work:
        whole = ministry.replace(officers=(*ministry.officers, officer))
        await organisations.store(work, whole, Policy(), actor=ACTOR, reason="benchmark")
        await accounts.create_accounts(work, {AUDITOR: "!"})
        await work.commit()


async def _settled(ledger: Ledger) -> None:
    """What PostgreSQL does by itself within minutes: statistics, and the visibility of what was written."""
    async with ledger.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE"))
        await connection.execute(text("CHECKPOINT"))


# --- a large ledger ----------------------------------------------------------------------------------------


async def _grown(ledger: Ledger, lives: Sequence[str], wanted: int, say: Say) -> None:
    """Copies of each history, so many at a time that a transaction holds some fifty thousand events."""
    _, held = await _size(ledger)
    missing = max(0, wanted - held)
    shares = {WEEK: OF_A_WEEK * missing, **{life: (1 - OF_A_WEEK) * missing / len(lives) for life in lives}}
    for source, share in shares.items():
        length = await _length(ledger, source)
        copies, at_once = int(share / length), max(1, 50_000 // length)
        apart = timedelta(days=7) if source == WEEK else timedelta(days=700) / max(copies, 1)
        for first in range(1, copies + 1, at_once):
            last = min(first + at_once - 1, copies)
            async with ledger.engine.begin() as connection:
                for table in COPIED:
                    await connection.execute(_copies(table, source, first, last, apart))
        say(f"{copies} copies of {source}, {length} events each")


def _copies(table: Table, source: str, first: int, last: int, apart: timedelta) -> Any:
    """INSERT … SELECT of a case's rows, once for each number, with other ids and moved back in time."""
    n = func.generate_series(first, last).table_valued(column("n", Integer), name="numbers").render_derived()
    suffix = literal("-c").op("||")(func.to_char(n.c.n, "FM000000"))
    owner = table.c.id if table is tables.cases else table.c.case_id
    values: dict[str, ColumnElement[Any]] = {}
    for each in table.columns:
        value: ColumnElement[Any] = each
        if isinstance(each.type, UtcMoment):
            value = each - n.c.n * literal(apart)
        elif each is owner:
            value = each.op("||")(suffix)
        elif each.name == "subject":
            value = case((each == source, each.op("||")(suffix)), else_=each)
        elif table is tables.hand_offs and each.name == "id":
            value = func.substr(func.md5(each.op("||")(suffix)), 1, 20)
        values[each.name] = value
    rows = select(*values.values()).select_from(table).join(n, literal(True)).where(owner == source)
    return insert(table).from_select(list(values), rows)


async def _length(ledger: Ledger, case_id: str) -> int:
    async with ledger.read() as connection:
        found = await connection.scalar(select(tables.cases.c.head_seq).where(tables.cases.c.id == case_id))
        return int(found or 0)


async def _size(ledger: Ledger) -> tuple[int, int]:
    async with ledger.read() as connection:
        counts = [await connection.scalar(select(func.count()).select_from(t)) for t in (tables.cases, tables.events)]
        return int(counts[0] or 0), int(counts[1] or 0)


# --- the pages ---------------------------------------------------------------------------------------------


async def _waited(runtime: Runtime, lives: Sequence[str]) -> Waited:
    cases, events = await _size(runtime.ledger)
    app = create_app(runtime)
    async with app.router.lifespan_context(app):
        portal: Portal = app.state.portal
        cookie = await _cookie(portal)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.bench", cookies=cookie) as browser:
            pages = [await _page(browser, name, addresses) for name, addresses in _addresses(lives).items()]
    return Waited(cases=cases, events=events, pages=tuple(pages))


def _addresses(lives: Sequence[str]) -> Mapping[str, Sequence[str]]:
    week = f"/audit/cases/{WEEK}"
    return {
        "a directive": [f"/audit/cases/{life}" for life in lives],
        "a week": [week],
        "a week in the middle": [f"{week}?seq=1500"],
        "whether a week's history is whole": [f"{week}/whole"],
        "a part of a week, for the slider": [f"{week}/steps?seq={seq}" for seq in (1, 700, 1900)],
        "heat map of directives, a year": ["/audit/processes/directive-lifecycle"],
        "heat map of weeks, a year": ["/audit/processes/weekly-cycle"],
        "heat map of weeks, a quarter": ["/audit/processes/weekly-cycle?quarter=1"],
        "processes": ["/audit/processes"],
    }


async def _cookie(portal: Portal) -> dict[str, str]:
    """A session of the auditor, who has no password."""
    runtime = portal.runtime
    await runtime.refresh(at_once=True)
    async with runtime.ledger.read() as connection:
        account = await accounts.account(connection, AUDITOR)
    assert account is not None
    sessions: Sessions = portal.sessions
    response = Response()
    sessions.begin(response, AUDITOR, account.epoch, await runtime.ledger.now())
    value = response.headers.getlist("set-cookie")[0].partition(";")[0].partition("=")[2]
    return {COOKIE: value.strip('"')}


async def _page(browser: httpx.AsyncClient, name: str, addresses: Sequence[str]) -> Page:
    """:raises RuntimeError: a page did not answer as it should; then its speed says nothing."""
    took: list[float] = []
    for n in range(ROUNDS + len(addresses)):
        began = time.perf_counter()
        answer = await browser.get(addresses[n % len(addresses)])
        took.append(1000 * (time.perf_counter() - began))
        if answer.status_code != 200:
            raise RuntimeError(f"{answer.request.url}: {answer.status_code}")
    warm = sorted(took[len(addresses) :])
    return Page(name=name, p50=median(warm), p95=warm[int(0.95 * (len(warm) - 1))])
