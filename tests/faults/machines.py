"""The real processes of an installation: started, killed without warning, started again."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from deployments.prefect_settings import CLIENT, server_command, server_environment, without_prefect
from engine.settings import Settings
from tests.faults.sink import Sink, free_port
from tests.stack import HOST, is_well, leashed

ROOT = Path(__file__).parents[2]
STARTS_WITHIN_SECONDS = 90.0


class Machines:
    """Prefect's server, two workers and a portal as processes, and a mail server; each with its log in `folder`."""

    def __init__(self, folder: Path, database_url: str, secret: str) -> None:
        self.folder, self.sink = folder, Sink()
        self.prefect_port, self.portal_port = free_port(), free_port()
        self.api_url = f"http://{HOST}:{self.prefect_port}/api"
        self.portal_url = f"http://{HOST}:{self.portal_port}"
        self.said = {
            "SANGKAN_DATABASE_URL": database_url,
            "SANGKAN_SECRET_KEY": secret,
            "SANGKAN_PORTAL_URL": self.portal_url,
            "SANGKAN_SMTP_PORT": str(self.sink.port),
            "SANGKAN_LEASE_SECONDS": "5",
            "SANGKAN_RECONCILE_SECONDS": "2",
            "SANGKAN_SMTP_CONNECTIONS": "1",
        }
        self.settings = Settings(
            database_url=database_url, secret_key=secret, portal_url=self.portal_url, _env_file=None
        )
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.deaths = 0

    def start(self, name: str) -> None:
        commands = {
            "prefect": server_command(HOST, self.prefect_port),
            "portal": ("deployments.cli", "portal", "--host", HOST, "--port", str(self.portal_port)),
        }
        worker = ("deployments.cli", "worker")
        (self.folder / "prefect").mkdir(exist_ok=True)
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running[name] = leashed(*commands.get(name, worker), environment=self._environment(name), output=log)

    def _environment(self, name: str) -> dict[str, str]:
        base = without_prefect(os.environ) | {"PYTHONPATH": str(ROOT)}
        if name == "prefect":
            return base | server_environment(HOST, self.prefect_port, self.folder / "prefect")
        client = {"PREFECT_API_URL": self.api_url, "PREFECT_HOME": str(self.folder / "client")}
        return base | dict(CLIENT) | client | self.said

    def kill(self, name: str) -> int:
        """SIGKILL: no handler, no goodbye. Gives the id that the process had."""
        process = self._running.pop(name)
        process.kill()
        process.wait()
        assert process.stdin is not None
        process.stdin.close()
        self.deaths += 1
        return process.pid

    def start_again_what_ended(self) -> None:
        """As a service manager does: a worker ends by itself when it finds no Prefect server at its start."""
        for name, process in list(self._running.items()):
            if process.poll() is not None:
                self.kill(name)
                self.start(name)

    def kill_all(self) -> None:
        for name in list(self._running):
            self.kill(name)

    def wait_for_portal(self) -> None:
        give_up = time.monotonic() + STARTS_WITHIN_SECONDS
        while not is_well(f"{self.portal_url}/health"):
            self.start_again_what_ended()
            assert time.monotonic() < give_up, self.logs()
            time.sleep(0.2)

    def logs(self) -> str:
        """The end of every log, for a failed test."""
        return "\n".join(
            f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}" for log in self.folder.glob("*.log")
        )
