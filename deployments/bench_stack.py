"""The whole system on a benchmark's stage: databases of its own, Prefect server, mail server, portal and worker."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx
from prefect.client.orchestration import PrefectClient
from sqlalchemy import func, select

from deployments import prefect_settings
from deployments.bench_load import connected, request_bytes
from deployments.bench_process import COUNTS
from deployments.bench_stage import Stage, free_port, own_database, standing, until
from ledger import migrate, tables
from ledger.clock import RealClock
from ledger.database import open_database
from ledger.work import Ledger

Database = Literal["postgresql", "sqlite"]
TITLE: Mapping[Database, str] = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"
SECRET = "benchmarks-only-" + "0" * 32
PREFECT, PORTAL, WORKER, SINK = "Prefect server", "portal", "worker", "mail server"
AT_ONCE = 200


@dataclass(slots=True)
class Site:
    """One installation: a ledger, its portal and its worker; several may share a stage."""

    stage: Stage
    ledger: Ledger
    url: str
    portal: int
    name: str = ""

    def part(self, name: str) -> str:
        return f"{name} {self.name}".strip()

    async def start_portal(self) -> None:
        self._tell()
        self.stage.start(self.part(PORTAL), "-m", "deployments.bench_process", "portal", str(self.portal))
        await until(self._portal_answers, bool, within_s=60)

    def start_worker(self) -> None:
        self._tell()
        self.stage.start(self.part(WORKER), "-m", "deployments.bench_process", "worker")

    def _tell(self) -> None:
        self.stage.tell(
            SANGKAN_DATABASE_URL=self.url,
            SANGKAN_PORTAL_URL=f"http://127.0.0.1:{self.portal}",
        )

    async def _portal_answers(self) -> bool:
        self.stage.must_run(self.part(PORTAL))
        with contextlib.suppress(OSError):
            async with connected(self.portal) as connection:
                return (await connection.exchange(request_bytes(self.portal, "GET", "/ready"))).status == 200
        return False

    async def quiet(self, *, within_s: float) -> None:
        """Until no case wants a run or has one, and no mail waits."""
        await until(self.unfinished, lambda left: left == 0, within_s=within_s)

    async def unfinished(self) -> int:
        """Cases that want a run or have one, and mails that wait."""
        self.stage.must_run(self.part(WORKER))
        c, m = tables.cases.c, tables.mails.c
        running = c.lease_until.is_not(None) & (c.state == "open")
        busy = select(func.count()).select_from(tables.cases).where(c.wanted.is_not(None) | running)
        waiting = select(func.count()).select_from(tables.mails).where(m.state == "queued")
        async with self.ledger.read() as connection:
            return (await connection.scalar(busy) or 0) + (await connection.scalar(waiting) or 0)


@dataclass(slots=True)
class Arrivals:
    """What the mail server has received: Message-ID → when it first came."""

    file: Path

    def read(self) -> dict[str, float]:
        found: dict[str, float] = {}
        if self.file.exists():
            for line in self.file.read_bytes().splitlines():
                seconds, _, mail = line.decode().partition(" ")
                found.setdefault(mail, float(seconds))
        return found


@dataclass(slots=True)
class Stack:
    """A Prefect server and a mail server, on which sites are set up."""

    stage: Stage
    database: Database
    postgres: str
    prefect_port: int
    arrivals: Arrivals
    _sites: AsyncExitStack

    async def site(self, name: str = "") -> Site:
        """A new installation with an empty ledger."""
        url = await self._sites.enter_async_context(
            _own(self.database, self.postgres, self.stage.folder, f"ledger{name}")
        )
        engine = open_database(url)
        self._sites.push_async_callback(engine.dispose)
        await migrate.upgrade(engine)
        return Site(self.stage, Ledger(engine, RealClock()), url, free_port(), name)

    def count(self) -> Path:
        """Let the processes that are started from here on count what they ask of others; `….PART.json` holds it."""
        counts = self.stage.folder / "counts"
        self.stage.tell(**{COUNTS: str(counts)})
        return counts

    async def runs(self) -> int:
        """How often Prefect has set a flow run to Running so far, all flow runs together."""
        total = offset = 0
        async with PrefectClient(f"http://127.0.0.1:{self.prefect_port}/api") as client:
            while True:
                page = await client.read_flow_runs(limit=AT_ONCE, offset=offset)
                total += sum(run.run_count for run in page)
                offset += AT_ONCE
                if len(page) < AT_ONCE:
                    return total


@asynccontextmanager
async def stack_on(database: Database, postgres: str = POSTGRES, *, servers: int = 1) -> AsyncIterator[Stack]:
    """Prefect server and mail server; everything, databases too, is gone afterwards.

    :param servers: processes of the Prefect server.
    """
    async with AsyncExitStack() as everything:
        stage = await everything.enter_async_context(standing("", {}))
        sites = await everything.enter_async_context(AsyncExitStack())
        prefect = await sites.enter_async_context(_own(database, postgres, stage.folder, "prefect"))
        prefect_port, smtp_port = free_port(), free_port()
        stage.tell(**_environment(stage.folder, prefect, prefect_port, smtp_port))
        # The stage's processes must be gone before the databases that they use.
        sites.push_async_callback(stage.stop_all)
        arrivals = Arrivals(stage.folder / "arrivals")
        stage.start(SINK, "-m", "deployments.bench_process", "sink", str(arrivals.file), str(smtp_port))
        stage.start(
            PREFECT, "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app", "--host", "127.0.0.1",
            "--port", str(prefect_port), "--timeout-keep-alive", "75", "--timeout-graceful-shutdown", "3",
            "--log-level", "warning", "--no-access-log", "--workers", str(servers),
        )  # fmt: skip
        await until(lambda: _is_well(stage, prefect_port), bool, within_s=120)
        yield Stack(stage, database, postgres, prefect_port, arrivals, sites)


def _environment(folder: Path, prefect_url: str, prefect_port: int, smtp_port: int) -> dict[str, str]:
    return {
        **prefect_settings.CLIENT,
        **prefect_settings.SERVER,
        "PREFECT_API_URL": f"http://127.0.0.1:{prefect_port}/api",
        "PREFECT_API_DATABASE_CONNECTION_URL": prefect_url,
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_SERVER_UI_ENABLED": "false",
        "SANGKAN_SECRET_KEY": SECRET,
        "SANGKAN_SMTP_HOST": "127.0.0.1",
        "SANGKAN_SMTP_PORT": str(smtp_port),
    }


async def _is_well(stage: Stage, port: int) -> bool:
    stage.must_run(PREFECT)
    with contextlib.suppress(httpx.TransportError):
        async with httpx.AsyncClient() as client:
            return (await client.get(f"http://127.0.0.1:{port}/api/health")).is_success
    return False


@asynccontextmanager
async def _own(database: Database, postgres: str, folder: Path, name: str) -> AsyncIterator[str]:
    """The SQLAlchemy URL of a new database."""
    if database == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / name}.db"
        return
    async with own_database(postgres, f"sangkan_bench_{name}_{os.getpid()}") as url:
        yield url.replace("://", "+asyncpg://", 1)


Say = Callable[[str], None]
