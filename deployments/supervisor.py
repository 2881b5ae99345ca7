"""Keeps child processes running: starts them on a leash, starts again what ends, and stops all in order."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before a part that ended is started again; doubled each time."""
SETTLED_SECONDS = 60.0
"""A part that has lived so long begins with the first pause again."""
LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One process of the stack."""

    name: str
    command: tuple[str, ...]
    """Module and arguments."""
    log: Path
    stop_seconds: float = 15.0
    """How long it may finish what it is doing."""


Say = Callable[[str, Mapping[str, object]], None]


@dataclass(slots=True)
class Supervisor:
    """Runs parts. `say` hears what happens to them: an event's name and its facts."""

    environment: Mapping[str, str]
    say: Say
    _running: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)
    _keepers: dict[str, tuple[Part, asyncio.Task[None]]] = field(default_factory=dict)

    async def once(self, part: Part) -> int:
        """Run a part to its end; its exit code."""
        process = await self._spawn(part)
        try:
            return await process.wait()
        finally:
            await _end(process, part.stop_seconds)

    async def start(self, part: Part) -> None:
        """Run a part from now on, again and again if need be."""
        process = await self._spawn(part)
        self._keepers[part.name] = part, asyncio.create_task(self._keep(part, process), name=f"keep {part.name}")

    def pid(self, name: str) -> int:
        return self._running[name].pid

    async def stop(self) -> None:
        """End the parts, the last started first; each may finish what it is doing."""
        for part, keeper in reversed(self._keepers.values()):
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
            await _end(self._running[part.name], part.stop_seconds)
        self._keepers.clear()

    async def _keep(self, part: Part, process: asyncio.subprocess.Process) -> None:
        pause = FIRST_PAUSE
        while True:
            born = time.monotonic()
            code = await process.wait()
            pause = FIRST_PAUSE if time.monotonic() - born > SETTLED_SECONDS else pause
            self.say("ended", {"part": part.name, "code": code, "pause": pause, "log": part.log})
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            process = await self._spawn(part)
            self.say("again", {"part": part.name})

    async def _spawn(self, part: Part) -> asyncio.subprocess.Process:
        """Start a part in a session of its own, so that Ctrl-C reaches us alone, and on the leash of its input."""
        with part.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "deployments.leash", *part.command,
                stdin=asyncio.subprocess.PIPE, stdout=log, stderr=asyncio.subprocess.STDOUT,
                env=self.environment, start_new_session=True,
            )  # fmt: skip
        self._running[part.name] = process
        return process


async def _end(process: asyncio.subprocess.Process, seconds: float) -> None:
    """Ask a process to end, and after `seconds` end it."""
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def until(ready: Callable[[], Awaitable[bool]], *, seconds: float) -> bool:
    """Whether it became ready in time."""
    end = time.monotonic() + seconds
    while not await ready():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(LOOK_SECONDS)
    return True


def command(*arguments: str) -> tuple[str, ...]:
    """One of our own commands as a part's command."""
    return ("deployments.cli", *arguments)
