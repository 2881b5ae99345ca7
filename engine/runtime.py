"""What every part of the engine needs, built once per process from the settings."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from engine.links import Links
from engine.post import Post
from engine.process import Process
from engine.settings import ClockKind, Settings
from ledger import organisations
from ledger.cases import NewCase
from ledger.clock import Clock, RealClock, SimulatedClock
from ledger.database import open_database
from ledger.work import Ledger, Work
from rules.calendar import Calendar, bangkok_date
from rules.directory import DirectoryIndex
from schemas.base import Record
from schemas.policy import Policy

FRESH_SECONDS = 2.0
"""How old the organisation in memory may be."""


class NoOrganisation(Exception):
    """The ledger holds no organisation yet; load one with `sangkan organisation load FILE`."""


class Runtime:
    """Ledger, organisation, policy, calendar and mail room of one process."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self.settings = settings
        self.ledger = ledger
        self._version = 0
        self._looked_at = 0.0
        self._looking = asyncio.Lock()
        self.policy = Policy()
        self.calendar = Calendar()
        self.directory: DirectoryIndex
        self.post: Post
        self.links: Links

    async def refresh(self, *, at_once: bool = False) -> None:
        """Take the newest organisation and policy, looking at most every two seconds. :raises NoOrganisation:"""
        if not at_once and self._is_fresh:
            return
        async with self._looking:
            # Of those who came at the same time, one looks for all.
            if at_once or not self._is_fresh:
                await self._look()

    @property
    def _is_fresh(self) -> bool:
        return time.monotonic() - self._looked_at < FRESH_SECONDS

    async def _look(self) -> None:
        async with self.ledger.read() as connection:
            if (await organisations.latest_version(connection)) != self._version or not self._version:
                await self._look_through(connection)
        self._looked_at = time.monotonic()

    async def _look_through(self, connection: AsyncConnection) -> None:
        standing = await organisations.latest(connection)
        if standing is None:
            raise NoOrganisation
        self._take(standing)

    async def hold(self, work: Work) -> None:
        """Nobody changes organisation and policy until this unit of work ends; the newest are taken."""
        if await organisations.hold(work) != self._version:
            await self._look_through(work.connection)

    def _take(self, standing: organisations.OrganisationVersion) -> None:
        self.policy = standing.policy
        self.calendar = Calendar.of(standing.policy)
        self.directory = DirectoryIndex(standing.organisation)
        self.post = Post(self.directory)
        secret = self.settings.secret_key.get_secret_value()
        self.links = Links(self.settings.portal_url, secret, days=self.policy.office.link_days)
        self._version = standing.version

    @property
    def version(self) -> int:
        """Number of the organisation and policy that were taken last."""
        return self._version

    def as_it_stands(self) -> Runtime:
        """The same, to stay under this organisation and policy when this one has taken newer ones."""
        return copy(self)

    def as_of(self, standing: organisations.OrganisationVersion) -> Runtime:
        """The same installation under an earlier organisation and policy: for looking back."""
        then = Runtime(self.settings, self.ledger)
        then._take(standing)
        return then

    def new_case(
        self, process: Process, data: Record, *, case_id: str, title: str,
        units: tuple[str, ...] = (), parent: tuple[str, str] | None = None,
    ) -> NewCase:  # fmt: skip
        """A case of a process; its input is checked against the process's own model, unless it is one."""
        checked = data if type(data) is process.data else process.data.model_validate(data.model_dump())
        return NewCase(
            id=case_id, process=process.id, version=process.version, title=title,
            data=checked.model_dump(mode="json"), units=units, parent=parent, model=process.model,
        )  # fmt: skip

    @staticmethod
    def today(now: datetime) -> date:
        """The date in Bangkok."""
        return bangkok_date(now)

    async def close(self) -> None:
        await self.ledger.engine.dispose()


def clock_of(settings: Settings) -> Clock:
    return SimulatedClock() if settings.clock is ClockKind.SIMULATED else RealClock()


def ledger_of(settings: Settings) -> Ledger:
    engine: AsyncEngine = open_database(settings.database_url, connections=settings.database_connections)
    return Ledger(engine, clock_of(settings))


def audit_ledger_of(runtime: Runtime) -> Ledger:
    """The ledger as auditors' pages read it: no statement on its connections can write (decision 34).

    Without an address of its own it is the same database with the same account; the connections refuse all the same.
    """
    told = runtime.settings.audit_database_url
    url = told.get_secret_value() if told else runtime.ledger.engine.url.render_as_string(hide_password=False)
    connections = max(2, runtime.settings.database_connections // 2)
    return Ledger(open_database(url, connections=connections, read_only=True), runtime.ledger.clock)


_current: Runtime | None = None


def use_runtime(runtime: Runtime | None) -> None:
    """Make `runtime` the one that flows of this process find."""
    global _current
    _current = runtime


@asynccontextmanager
async def runtime_of_this_process() -> AsyncIterator[Runtime]:
    """The process's runtime; a process that Prefect started for a single run builds one for that run."""
    if _current is not None:
        await _current.refresh()
        yield _current
        return
    settings = Settings()
    runtime = Runtime(settings, ledger_of(settings))
    try:
        await runtime.refresh()
        yield runtime
    finally:
        await runtime.close()
