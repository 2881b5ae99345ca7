"""The real embedded stack on free ports in a folder of its own, its clock simulated: for a rehearsal, nothing else."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator, Mapping, MutableMapping
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

import httpx

from deployments.errors import PartDidNotStart, StepFailed
from deployments.furnishing import Ministry, load_ministry
from deployments.home import Home
from deployments.ports import HOST, Ports
from deployments.stack import Stack
from deployments.supervisor import Supervisor, command, until
from deployments.wording import say
from ledger import migrate
from ledger.clock import SimulatedClock, set_clock
from ledger.database import open_database
from ledger.work import Ledger

STARTS_WITHIN_SECONDS = 120
REHEARSAL: dict[str, str] = {
    "SANGKAN_CLOCK": "simulated",
    # The clock jumps: what falls due is looked for often, or waiting for the next look would be most of the time.
    "SANGKAN_SWEEP_SECONDS": "0.2",
    "SANGKAN_WAKE_DELAY_MS": "100",
}


def rehearse_in(environment: MutableMapping[str, str], settings: Mapping[str, str]) -> None:
    """Forget settings that point to another system, above all to the ledger in use here."""
    for name in [name for name in environment if name.startswith(("SANGKAN_", "PREFECT_"))]:
        del environment[name]
    environment.update(REHEARSAL | dict(settings))


def free_ports() -> Ports:
    """Three different ports, free at this moment."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(3)]
        for each in sockets:
            each.bind((HOST, 0))
        prefect, portal, smtp = (each.getsockname()[1] for each in sockets)
    return Ports(prefect=prefect, portal=portal, smtp=smtp)


@asynccontextmanager
async def standing_stack(
    folder: Path, *, begins: datetime, ministry: Ministry, settings: Mapping[str, str]
) -> AsyncIterator[Stack]:  # fmt: skip
    """Prefect server, worker, portal and mailbox over a ministry, all answering; ended in order afterwards.

    This process's environment is that of the parts from here on.

    :raises PartDidNotStart, StepFailed: with the log to look at.
    """
    rehearse_in(os.environ, settings)
    home = Home(folder)
    home.prepare()
    stack = Stack(home, free_ports())
    os.environ.update(stack.settings())
    home.keep_environment(stack.settings())
    await _furnished(stack, ministry, begins)
    supervisor = Supervisor(stack.environment(), say)
    with home.locked():
        try:
            await _start(stack, supervisor)
            yield stack
        finally:
            await supervisor.stop()


async def _furnished(stack: Stack, ministry: Ministry, begins: datetime) -> None:
    """Before anything starts: the clock never goes back, and an unset one would begin with today."""
    engine = open_database(stack.settings()["SANGKAN_DATABASE_URL"])
    await migrate.upgrade(engine)
    await set_clock(engine, begins)
    await load_ministry(Ledger(engine, SimulatedClock()), ministry, stack.home.demo_password)
    await engine.dispose()


async def _start(stack: Stack, supervisor: Supervisor) -> None:
    await supervisor.start(stack.prefect())
    await supervisor.start(stack.mailbox())
    prepare = stack.part("prepare", *command("prepare"))
    if await supervisor.once(prepare):
        raise StepFailed(log=prepare.log)
    await supervisor.start(stack.worker())
    await supervisor.start(stack.portal())
    for name, url in (("prefect", f"{stack.prefect_url}/api/health"), ("portal", f"{stack.portal_url}/ready")):
        if not await until(lambda url=url: _answers(url), seconds=STARTS_WITHIN_SECONDS):  # type: ignore[misc]
            raise PartDidNotStart(what_th=name, what_en=name, seconds=STARTS_WITHIN_SECONDS, log=stack.home.log(name))


async def _answers(url: str) -> bool:
    async with httpx.AsyncClient(timeout=5) as client:
        try:
            return (await client.get(url)).status_code == 200
        except httpx.TransportError:
            return False
