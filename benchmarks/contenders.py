"""The other engines: how each is set up, and one peak on it from the empty database to the closed week."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.load import MailServer, check_body, directive_numbers, report_body
from benchmarks.mail import DATABASE_URL, SMTP_PORT, Step
from benchmarks.result import BenchmarkResult, summarise
from deployments.bench_load import Submission, call, clients_for, request_bytes, submit
from deployments.bench_stage import Stage, free_port, own_database, standing, until

CUT_OFF_IN = timedelta(hours=6)
WORK_POOL = "weekly"
PREFECT_POLL_S = 1
PREFECT_RUNS_AT_ONCE = 4


class NotInstalled(Exception):
    """The engine's package is missing; it is in requirements/compare.txt."""

    def __init__(self, package: str) -> None:
        super().__init__(f"{package} is not installed: pip install -r requirements/compare.txt")
        self.package = package


@dataclass(frozen=True, kw_only=True)
class Contender:
    title: str
    package: str
    set_up: Callable[[Stage], Awaitable[int]]
    """Starts the processes and gives the port of the application."""
    at_most: int
    """Directives beyond which a peak would take unreasonably long."""
    patience_s: float
    """For one transition of one case, before the peak is given up; plus a minute."""
    notes: tuple[str, ...] = ()

    def within_s(self, directives: int) -> float:
        return 60 + self.patience_s * directives


async def _dbos(stage: Stage) -> int:
    return await _application(stage, "benchmarks.on_dbos:create")


async def _spiff(stage: Stage) -> int:
    return await _application(stage, "benchmarks.on_spiff:create")


async def _application(stage: Stage, factory: str) -> int:
    port = free_port()
    stage.serve("application", factory, port)
    await stage.answers("application", port, "/openapi.json")
    return port


async def _prefect(stage: Stage) -> int:
    port = free_port()
    stage.tell(
        PREFECT_API_URL=f"http://127.0.0.1:{port}/api",
        PREFECT_API_DATABASE_CONNECTION_URL=stage.database_url.replace("://", "+asyncpg://", 1),
        PREFECT_HOME=str(stage.folder / "prefect"),
        PREFECT_SERVER_ANALYTICS_ENABLED="false",
        PREFECT_LOGGING_LEVEL="WARNING",
        PREFECT_WORKER_QUERY_SECONDS=str(PREFECT_POLL_S),
    )
    stage.start("Prefect server", "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port))
    await stage.answers("Prefect server", port, "/api/health")
    # Not `worker start --limit`: a run resumed before its last process has ended stops such a worker (3.8.8,
    # «this borrower is already holding one of this CapacityLimiter's tokens»).
    await stage.run("work pool", "-m", "prefect", "work-pool", "create", WORK_POOL, "--type", "process")
    await stage.run(
        "work pool limit", "-m", "prefect", "work-pool", "set-concurrency-limit", WORK_POOL,
        str(PREFECT_RUNS_AT_ONCE),
    )  # fmt: skip
    stage.start("worker", "-m", "prefect", "worker", "start", "--pool", WORK_POOL, children="flow runs")
    return await _application(stage, "benchmarks.plain_prefect_portal:create")


CONTENDERS = {
    "prefect": Contender(
        title="plain Prefect",
        package="prefect",
        set_up=_prefect,
        at_most=20,
        patience_s=30,
        notes=(
            f"process worker polls every {PREFECT_POLL_S} s (default: 10 s), "
            f"at most {PREFECT_RUNS_AT_ONCE} flow runs at once",
            "a run is one start of the flow in a new interpreter",
        ),
    ),
    "dbos": Contender(
        title="DBOS",
        package="dbos",
        set_up=_dbos,
        at_most=10_000,
        patience_s=1,
        notes=("a run is one wake of a waiting workflow, held in memory between forms",),
    ),
    "spiff": Contender(
        title="SpiffWorkflow",
        package="SpiffWorkflow",
        set_up=_spiff,
        at_most=10_000,
        patience_s=1,
        notes=("a run is one restoring, running and storing of an instance",),
    ),
}


async def peak(key: str, directives: int, *, postgres: str) -> BenchmarkResult:
    """One weekly peak on the contender `key`; NotInstalled, or what failed with the end of every process's log."""
    contender = CONTENDERS[key]
    if importlib.util.find_spec(contender.package) is None:
        raise NotInstalled(contender.package)
    async with (
        own_database(postgres, f"sangkan_benchmark_{key}_{os.getpid()}") as database_url,
        MailServer().listening() as mail_server,
        standing(database_url, {DATABASE_URL: database_url, SMTP_PORT: str(mail_server.port)}) as stage,
    ):
        port = await contender.set_up(stage)
        return await Week(contender, stage, mail_server, port, directive_numbers(directives)).measure()


class Week:
    """One week on one contender."""

    def __init__(
        self, contender: Contender, stage: Stage, mail: MailServer, port: int, directives: tuple[str, ...]
    ) -> None:
        self._contender, self._stage, self._mail = contender, stage, mail
        self._port, self._directives = port, directives
        self._clients = clients_for(len(directives))
        self._within_s = contender.within_s(len(directives))

    async def measure(self) -> BenchmarkResult:
        await self._open()
        await self._all_stand("awaiting")
        runs_before = await self._runs()
        submissions = await self._hand_in("report", report_body)
        accepted = [one.directive for one in submissions if one.accepted]
        await self._mail.wait_for("check", accepted, self._within_s)
        # A case has run until it stands at its next form, which may be after its mail has come.
        await self._all_stand("awaiting")
        runs = await self._runs() - runs_before
        memory = dict(self._stage.peak_memory_mb)
        notes = (*self._contender.notes, *self._repeated_mails())
        await self._finish(len(accepted))
        return summarise(
            submissions,
            self._mail.arrivals("check"),
            engine=self._contender.title,
            database="PostgreSQL",
            clients=self._clients,
            runs=runs,
            peak_memory_mb=memory,
            notes=notes,
        )

    async def _open(self) -> None:
        cut_off = datetime.now(UTC) + CUT_OFF_IN
        week = {"directives": self._directives, "cut_off": cut_off.isoformat()}
        await call(self._port, "POST", "/week", week)
        await self._mail.wait_for("report", self._directives, self._within_s)

    async def _hand_in(self, step: Step, body: Callable[[str], bytes]) -> tuple[Submission, ...]:
        requests = {
            directive: request_bytes(self._port, "POST", f"/directives/{directive}/{step}", body(directive))
            for directive in self._directives
        }
        return await submit(self._port, requests, self._clients)

    async def _runs(self) -> int:
        return int((await call(self._port, "GET", "/week/effort"))["runs"])

    async def _all_stand(self, where: str) -> None:
        """Until every case stands there: `awaiting` a form, or `ended`."""
        await until(
            lambda: call(self._port, "GET", "/week"),
            lambda standing: standing[where] >= len(self._directives),
            within_s=self._within_s,
        )

    async def _finish(self, reported: int) -> None:
        """The planning unit checks all that was reported and the week is closed: the whole process was done."""
        checks = await self._hand_in("check", check_body)
        await self._all_stand("ended")
        closing = await call(self._port, "POST", "/week/close")
        if closing["checked"] != reported or reported != sum(one.accepted for one in checks):
            raise RuntimeError(f"{reported} reported, but the closed week says {closing}")

    def _repeated_mails(self) -> tuple[str, ...]:
        repeated = self._mail.repeated("report") + self._mail.repeated("check")
        return (f"{repeated} mails came more than once",) if repeated else ()
