"""Where a benchmark stands: its own database, its own processes, and the watch on their memory and processor time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import psutil

from deployments.bench_load import call

ROOT = Path(__file__).parents[1]
SAMPLE_EVERY_S = 0.5
LOOK_EVERY_S = 0.3
STOP_WITHIN_S = 10
STARTS_WITHIN_S = 120
LOG_TAIL_BYTES = 4000


T = TypeVar("T")


async def until(look: Callable[[], Awaitable[T]], enough: Callable[[T], bool], *, within_s: float) -> T:
    """What `look` finds as soon as it is `enough`; TimeoutError with the last finding after `within_s` seconds."""
    found: T | None = None
    try:
        async with asyncio.timeout(within_s):
            while not enough(latest := await look()):
                found = latest
                await asyncio.sleep(LOOK_EVERY_S)
            return latest
    except TimeoutError as late:
        raise TimeoutError(f"after {within_s:.0f} s still {found}") from late


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@asynccontextmanager
async def own_database(postgres: str, name: str) -> AsyncIterator[str]:
    """The URL of a new database `name` on the server of `postgres`; dropped at the end, whatever happens."""
    connection = await asyncpg.connect(postgres)
    try:
        await connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(postgres)._replace(path=f"/{name}"))
        finally:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await connection.close()


class Stage:
    """Processes by name. Their output goes to files in `folder`, kept only as long as the stage stands."""

    def __init__(self, folder: Path, database_url: str, environment: Mapping[str, str]) -> None:
        self.folder, self.database_url = folder, database_url
        self._environment = dict(environment)
        self._processes: dict[str, psutil.Popen] = {}
        self._children_named: dict[str, str] = {}
        self._seen_children: set[psutil.Process] = set()
        self.peak_memory_mb: dict[str, float] = {}

    def tell(self, **variables: str) -> None:
        """Environment variables for the processes that are started from here on."""
        self._environment |= variables

    def start(self, name: str, *arguments: str, children: str | None = None) -> None:
        """`python arguments…` as `name`; the memory of child processes that last is summed as `children`."""
        self._processes[name] = self._spawn(name, arguments)
        self._children_named[name] = children or f"{name} (children)"

    async def run(self, name: str, *arguments: str) -> None:
        """`python arguments…` to its end, its memory uncounted; RuntimeError with its output when it fails."""
        process = self._spawn(name, arguments)
        try:
            code = await asyncio.to_thread(process.wait, STARTS_WITHIN_S)
        finally:
            _signal(process, kill=True)
        if code:
            raise RuntimeError(f"{name}: {self.log_tail(name)}")

    def _spawn(self, name: str, arguments: Sequence[str]) -> psutil.Popen:
        with (self.folder / f"{name}.log").open("wb") as log:
            return psutil.Popen(
                [sys.executable, *arguments],
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def serve(self, name: str, application: str, port: int) -> None:
        """A FastAPI application under uvicorn, one process."""
        self.start(
            name, "-m", "uvicorn", "--factory", application, "--host", "127.0.0.1", "--port", str(port),
            "--no-access-log", "--log-level", "warning",
        )  # fmt: skip

    def must_run(self, name: str) -> None:
        """RuntimeError when the process has ended."""
        if self._processes[name].poll() is not None:
            raise RuntimeError(f"{name} ended")

    async def answers(self, name: str, port: int, path: str) -> None:
        """Until `path` answers. RuntimeError when the process ends before, TimeoutError when it stays silent."""

        async def answered() -> bool:
            self.must_run(name)
            return await _accepts(port, path)

        await until(answered, bool, within_s=STARTS_WITHIN_S)

    def log_tail(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_bytes()[-LOG_TAIL_BYTES:].decode(errors="replace")

    def log_tails(self) -> str:
        return "\n".join(f"--- {name}\n{self.log_tail(name)}" for name in self._processes)

    def sample_memory(self) -> None:
        for name, process in tuple(self._processes.items()):
            children = _children(process)
            # Forked for a moment, to run a command, a child seems as large as its parent: it must be seen twice.
            lasting = [child for child in children if child in self._seen_children]
            self._seen_children.update(children)
            self._note(name, _resident_mb(process))
            if lasting:
                self._note(self._children_named[name], sum(map(_resident_mb, lasting)))

    def _note(self, name: str, megabytes: float) -> None:
        self.peak_memory_mb[name] = max(self.peak_memory_mb.get(name, 0.0), megabytes)

    def cpu_seconds(self) -> dict[str, float]:
        """Processor time, user and system, that each process has used so far, its children with it."""
        return {
            name: sum(map(_cpu_seconds, (process, *_children(process)))) for name, process in self._processes.items()
        }

    def pid(self, name: str) -> int:
        return int(self._processes[name].pid)

    async def watch_memory(self) -> None:
        while True:
            await asyncio.to_thread(self.sample_memory)
            await asyncio.sleep(SAMPLE_EVERY_S)

    async def stop_all(self) -> None:
        await asyncio.to_thread(self.stop)

    def stop(self) -> None:
        """The last started first, with its children, then the children of what has ended by itself."""
        for process in reversed(self._processes.values()):
            _end([process, *_children(process)])
        _end([child for child in self._seen_children if child.is_running()])


@asynccontextmanager
async def standing(database_url: str, environment: Mapping[str, str]) -> AsyncIterator[Stage]:
    """A stage with its memory watched. What fails on it is raised with the end of every log as a note."""
    with tempfile.TemporaryDirectory(prefix="benchmark-", ignore_cleanup_errors=True) as folder:
        stage = Stage(Path(folder), database_url, _clean_environment(folder) | dict(environment))
        watch = asyncio.create_task(stage.watch_memory())
        try:
            yield stage
        except Exception as failure:
            # Stopped first: a server writes its traceback only after it has answered 500.
            await asyncio.to_thread(stage.stop)
            failure.add_note(stage.log_tails())
            raise
        finally:
            watch.cancel()
            await asyncio.to_thread(stage.stop)
            with contextlib.suppress(asyncio.CancelledError):
                await watch


def _clean_environment(folder: str) -> dict[str, str]:
    """Ours without what would point a contender at somebody else's server or settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "DBOS_"))}
    return kept | {"PYTHONPATH": str(ROOT), "HOME": folder}


async def _accepts(port: int, path: str) -> bool:
    try:
        await call(port, "GET", path)
    except (OSError, RuntimeError):
        return False
    return True


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _resident_mb(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss) / 1e6
    except psutil.NoSuchProcess:
        return 0.0


def _cpu_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def _end(family: Sequence[psutil.Process]) -> None:
    """Who does not end in time is killed."""
    for member in family:
        _signal(member, kill=False)
    _gone, alive = psutil.wait_procs(family, timeout=STOP_WITHIN_S)
    for member in alive:
        _signal(member, kill=True)
    psutil.wait_procs(alive, timeout=STOP_WITHIN_S)


def _signal(process: psutil.Process, *, kill: bool) -> None:
    try:
        process.kill() if kill else process.terminate()
    except psutil.NoSuchProcess:
        return
