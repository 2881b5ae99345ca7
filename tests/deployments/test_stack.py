"""The embedded stack from its first start to its second: killed, stopped, and going on exactly where it was."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from deployments.home import Home
from deployments.ports import Ports
from engine.intake import Intake
from engine.runtime import Runtime, ledger_of
from engine.settings import Settings
from ledger import reading
from ledger.hand_offs import OPEN
from ledger.restore import differences_everywhere
from ledger.verify import verify_all
from ledger.waits import nothing_in_flight
from notifications.mailbox import Mailbox
from schemas.directive import Level
from tests.deployments.trial import until
from tests.stack import free_port, held_port, is_well

pytestmark = pytest.mark.stack
ROOT = Path(__file__).parents[2]
READY = "The sample directives and the reporting week are ready"
START_SECONDS, STEP_SECONDS, STOP_SECONDS = 300.0, 120.0, 60.0


class RunningStack:
    """`sangkan run` as an operator starts it."""

    def __init__(self, home: Home, ports: Ports) -> None:
        self.home, self.ports = home, ports
        self.said = home.folder.parent / "said"
        options = (
            "--data", str(home.folder), "--port-prefect", str(ports.prefect), "--port-portal", str(ports.portal),
            "--port-smtp", str(ports.smtp),
        )  # fmt: skip
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("SANGKAN_", "PREFECT_"))}
        with self.said.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "deployments.cli", "run", *options],
                cwd=home.folder.parent, env=inherited | {"PYTHONPATH": str(ROOT)}, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def output(self) -> str:
        return self.said.read_text(encoding="utf-8")

    def wait_until_it_says(self, sentence: str, seconds: float) -> None:
        self._wait(lambda: sentence in self.output(), seconds, sentence)

    def _wait(self, look: Callable[[], bool], seconds: float, what: str) -> None:
        give_up = time.monotonic() + seconds
        while not look():
            assert self.process.poll() is None, self.everything()
            assert time.monotonic() < give_up, f"not «{what}» within {seconds:.0f} s:\n{self.everything()}"
            time.sleep(0.1)

    def everything(self) -> str:
        logs = sorted(self.home.log("").parent.glob("*.log"))
        return self.output() + "".join(f"\n--- {log.name}\n{log.read_text(encoding='utf-8')[-2000:]}" for log in logs)

    def parts(self) -> dict[str, psutil.Process]:
        """The children by what they run."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            try:
                line = " ".join(child.cmdline())
            except psutil.NoSuchProcess:  # it has just ended
                continue
            name = next((n for n in ("uvicorn", "worker", "portal", "mailbox", "samples") if f" {n}" in line), None)
            if name:
                found[name] = child
        return found

    def kill(self, name: str) -> None:
        """As `kill -9`; waits until the supervisor has started it again."""
        victim = self.parts()[name]
        victim.kill()
        self._wait(lambda: name in (p := self.parts()) and p[name].pid != victim.pid, STEP_SECONDS, f"{name} again")

    def interrupt(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_SECONDS)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "var")


@pytest.fixture
def start(home: Home) -> Iterator[Callable[[], RunningStack]]:
    """Starts the stack on the same data and ports; at the end nothing of it is left."""
    ports = Ports(prefect=free_port(), portal=free_port(), smtp=free_port())
    started: list[RunningStack] = []

    def begin() -> RunningStack:
        started.append(RunningStack(home, ports))
        return started[-1]

    yield begin
    for stack in started:
        if stack.process.poll() is None:
            stack.process.terminate()
            stack.process.wait(STOP_SECONDS)


@asynccontextmanager
async def office(home: Home) -> AsyncIterator[tuple[Runtime, Intake]]:
    """The ledger of the stack, and its door for forms."""
    settings = Settings(database_url=f"sqlite+aiosqlite:///{home.ledger}", _env_file=None)
    runtime = Runtime(settings, ledger_of(settings))
    await runtime.refresh(at_once=True)
    try:
        async with Intake(runtime) as intake:
            yield runtime, intake
    finally:
        await runtime.close()


async def reported_levels(runtime: Runtime) -> set[str]:
    async with runtime.ledger.read() as connection:
        (week,) = await reading.cases_where(connection, limit=2, process="weekly-cycle", state="open")
        work = await reading.hand_offs_of_case(connection, week.id)
        answers = await reading.answers(connection, work)
    return {answers[h.id]["level"] for h in work if h.id in answers and h.element == "report"}


async def state(runtime: Runtime) -> dict[str, tuple[str, str]]:
    """Every piece of work of every case, with its state and when it was handed off."""
    async with runtime.ledger.read() as connection:
        cases = await reading.cases_where(connection, limit=100)
        work = [h for case in cases for h in await reading.hand_offs_of_case(connection, case.id)]
    return {h.id: (h.state, str(h.opened_at)) for h in work}


async def at_rest(runtime: Runtime) -> bool:
    """Whether everything that was handed in has been carried on."""
    async with runtime.ledger.read() as connection:
        return await nothing_in_flight(connection)


async def is_open(runtime: Runtime, element: str, title: str) -> str | None:
    """The id of open work of this element in the directive of this title."""
    async with runtime.ledger.read() as connection:
        (case,) = await reading.cases_where(connection, limit=2, process="directive-lifecycle", text=title)
        work = await reading.hand_offs_of_case(connection, case.id)
    return next((h.id for h in work if (h.element, h.state) == (element, OPEN)), None)


async def test_killed_stopped_and_started_again_it_goes_on_where_it_was(
    home: Home, start: Callable[[], RunningStack]
) -> None:
    stack = start()
    await asyncio.to_thread(
        stack.wait_until_it_says, "sample directives and the reporting week are ready", START_SECONDS
    )
    said = stack.output()
    for address in (f"http://127.0.0.1:{stack.ports.portal}", f"http://127.0.0.1:{stack.ports.prefect}", "/mailbox"):
        assert address in said
    assert home.demo_password in said
    assert is_well(f"http://127.0.0.1:{stack.ports.portal}/ready")

    async with office(home) as (runtime, intake):
        assert await reported_levels(runtime) == {level.value for level in Level}
        await until(mail_has_come(home))

        # A form that comes while the worker, and then Prefect, has just been killed is carried on all the same.
        waiting = "สำรวจความพึงพอใจ"
        received = await is_open(runtime, "receive", waiting)
        assert received is not None
        await asyncio.to_thread(stack.kill, "worker")
        await intake.submit(received, {"decision": "accept"}, officer="dept-plan.1", through="session")
        assigned = await until(lambda: is_open(runtime, "assign", waiting), seconds=STEP_SECONDS)
        assert assigned is not None
        await asyncio.to_thread(stack.kill, "uvicorn")
        data = {"divisions": ["dept-div-b"], "lead": "dept-div-b", "mode": "division_keys"}
        await intake.submit(assigned, data, officer="dept-plan.1", through="session")
        await until(lambda: is_open(runtime, "accept", waiting), seconds=STEP_SECONDS)
        await until(lambda: at_rest(runtime), seconds=STEP_SECONDS)

        parts = list(stack.parts().values())
        assert await asyncio.to_thread(stack.interrupt) == 0
        assert "make run" in stack.output()
        assert not [part for part in parts if part.is_running()]
        before = await state(runtime)

        again = start()
        await asyncio.to_thread(again.wait_until_it_says, READY, START_SECONDS)
        assert await state(runtime) == before
        assert (await verify_all(runtime.ledger)).whole
        assert await differences_everywhere(runtime.ledger) == ()
    assert await asyncio.to_thread(again.interrupt) == 0


def mail_has_come(home: Home) -> Callable[[], Awaitable[int]]:
    async def look() -> int:
        return await asyncio.to_thread(lambda: Mailbox(home.mailbox).count())

    return look


def test_a_busy_port_is_named_and_nothing_is_started(home: Home, tmp_path: Path) -> None:
    with held_port() as taken:
        stack = RunningStack(home, Ports(prefect=free_port(), portal=taken, smtp=free_port()))
        assert stack.process.wait(STEP_SECONDS) == 1
    assert f"Port {taken}" in stack.output()
    assert f"พอร์ต {taken}" in stack.output()
    assert "--port-portal" in stack.output()
    assert not home.ledger.exists()


def test_a_second_stack_on_the_same_data_is_refused(home: Home) -> None:
    home.prepare()
    with home.locked():
        stack = RunningStack(home, Ports(prefect=free_port(), portal=free_port(), smtp=free_port()))
        assert stack.process.wait(STEP_SECONDS) == 1
    assert "running already" in stack.output()
