"""The embedded stack: Prefect on SQLite, worker, portal and local mailbox on one machine, from one command."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.error import URLError
from urllib.request import urlopen

from deployments import prefect_settings
from deployments.errors import PartDidNotStart, StepFailed
from deployments.home import DATA, Home
from deployments.ports import HOST, Ports, refuse_busy
from deployments.supervisor import Part, Supervisor, command, until
from deployments.wording import say, welcome

START_SECONDS = 120
LOG_LIMIT = 5_000_000
"""Bytes of a part's log that are kept on from one start to the next."""


@dataclass(slots=True)
class Stack:
    """One stack over one folder."""

    home: Home
    ports: Ports
    _supervisor: Supervisor = field(init=False)

    @property
    def prefect_url(self) -> str:
        return f"http://{HOST}:{self.ports.prefect}"

    @property
    def portal_url(self) -> str:
        return f"http://{HOST}:{self.ports.portal}"

    def run(self) -> None:
        """Run until SIGINT or SIGTERM. :raises PortIsBusy, AlreadyRunning, PartDidNotStart, StepFailed:"""
        self.home.prepare()
        with self.home.locked():
            refuse_busy(self.ports)
            self._put_old_logs_aside()
            self.home.keep_environment(self.settings())
            asyncio.run(self._run())

    # --- settings --------------------------------------------------------------------------------------

    def settings(self) -> dict[str, str]:
        """What the parts are told; a `SANGKAN_…` variable that was set by hand stands."""
        own = {
            "SANGKAN_DATABASE_URL": f"sqlite+aiosqlite:///{self.home.ledger}",
            "SANGKAN_SECRET_KEY": self.home.secret_key,
            "SANGKAN_PORTAL_URL": self.portal_url,
            "SANGKAN_SMTP_HOST": HOST,
            "SANGKAN_SMTP_PORT": str(self.ports.smtp),
            "SANGKAN_MAILBOX_FOLDER": str(self.home.mailbox),
            "SANGKAN_ANCHOR_KEY": str(self.home.anchor_key),
        }
        if (clock := self.home.kept_environment().get("SANGKAN_CLOCK")) is not None:
            own["SANGKAN_CLOCK"] = clock  # the times of a ledger go on by the clock that set them
        by_hand = {name: os.environ[name] for name in os.environ if name.startswith("SANGKAN_")}
        prefect = {"PREFECT_API_URL": f"{self.prefect_url}/api", "PREFECT_HOME": str(self.home.prefect)}
        return own | by_hand | prefect | dict(prefect_settings.CLIENT) | {DATA: str(self.home.folder)}

    def environment(self) -> dict[str, str]:
        """The whole environment of the parts; nothing of it points Prefect elsewhere."""
        server = prefect_settings.server_environment(HOST, self.ports.prefect, self.home.prefect)
        inherited = prefect_settings.without_prefect(os.environ)
        return inherited | {"PYTHONUNBUFFERED": "1"} | server | self.settings()

    # --- parts -----------------------------------------------------------------------------------------

    def part(self, name: str, *arguments: str, stop_seconds: float = 15.0) -> Part:
        return Part(name=name, command=arguments, log=self.home.log(name), stop_seconds=stop_seconds)

    def prefect(self) -> Part:
        return self.part("prefect", *prefect_settings.server_command(HOST, self.ports.prefect))

    def mailbox(self) -> Part:
        return self.part("mailbox", *command("mailbox"))

    def worker(self) -> Part:
        return self.part("worker", *command("worker"), stop_seconds=30.0)

    def portal(self) -> Part:
        return self.part("portal", *command("portal", "--port", str(self.ports.portal)))

    # --- running ---------------------------------------------------------------------------------------

    async def _run(self) -> None:
        self._supervisor = Supervisor(self.environment(), say)
        asked = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, asked.set)
        running = asyncio.create_task(self._start_and_furnish())
        stopping = asyncio.create_task(asked.wait())
        try:
            await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
                await stopping
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError, PartDidNotStart, StepFailed):
                await running
            say("stopping", {})
            await self._supervisor.stop()
            say("stopped", {})

    async def _start_and_furnish(self) -> None:
        say("starting", {"folder": self.home.folder})
        await self._start()
        print(welcome(self.portal_url, self.prefect_url, self.ports.smtp, self.home.demo_password), flush=True)
        if await self._supervisor.once(self.part("samples", *command("samples"))):
            say("samples_wait", {"log": self.home.log("samples")})
        else:
            say("ready", {})

    async def _start(self) -> None:
        """Prefect takes longest and begins first; the ledger is made ready meanwhile."""
        await self._supervisor.start(self.prefect())
        await self._supervisor.start(self.mailbox())
        prepare = self.part("prepare", *command("prepare"))
        if await self._supervisor.once(prepare):
            raise StepFailed(log=prepare.log)
        await self._supervisor.start(self.worker())
        await self._supervisor.start(self.portal())
        await self._answers("prefect", f"{self.prefect_url}/api/health", "Prefect ", "Prefect")
        await self._answers("portal", f"{self.portal_url}/ready", "หน้าเว็บ", "The portal")

    async def _answers(self, name: str, url: str, th: str, en: str) -> None:
        if not await until(lambda: asyncio.to_thread(_is_well, url), seconds=START_SECONDS):
            raise PartDidNotStart(what_th=th, what_en=en, seconds=START_SECONDS, log=self.home.log(name))

    def _put_old_logs_aside(self) -> None:
        for log in self.home.log("").parent.glob("*.log"):
            if log.stat().st_size > LOG_LIMIT:
                log.replace(log.with_suffix(".log.1"))


def _is_well(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
