"""A real Prefect server from the locked set, one a test session: `pytest_plugins = ["tests.stack"]`."""

from __future__ import annotations

import gc
import json
import os
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from prefect.events.worker import EventsWorker
from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, PREFECT_LOGGING_TO_API_ENABLED
from prefect.settings import temporary_settings as temporary_prefect_settings

from deployments.prefect_settings import CLIENT, server_command, server_environment, without_prefect

on_stack = [
    pytest.mark.stack,
    # Prefect leaves sockets of its own clients to the garbage collector, whenever that comes.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
"""`pytestmark = on_stack` of a module whose tests run Prefect in this process."""

HOST = "127.0.0.1"
START_SECONDS = 180.0
STOP_SECONDS = 20.0


@dataclass(frozen=True)
class PrefectServer:
    """A Prefect server of this session's own."""

    api_url: str
    home: Path

    def environment(self) -> dict[str, str]:
        """For processes that are to talk to it."""
        said = {"PREFECT_API_URL": self.api_url, "PREFECT_HOME": str(self.home)}
        return without_prefect(os.environ) | dict(CLIENT) | said

    def get(self, path: str) -> Any:
        with urlopen(self.api_url + path, timeout=10) as answer:
            return json.load(answer)


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    """The session's Prefect server; tests that use it are marked `stack`."""
    home, port = tmp_path_factory.mktemp("prefect"), free_port()
    environment = without_prefect(os.environ) | server_environment(HOST, port, home)
    with (home / "server.log").open("wb") as log:
        process = leashed(*server_command(HOST, port), environment=environment, output=log)
    server = PrefectServer(f"http://{HOST}:{port}/api", home)
    try:
        wait_for_health(server.api_url + "/health", process, home / "server.log")
        yield server
    finally:
        end(process)


@pytest.fixture
def prefect_api(prefect_server: PrefectServer) -> Iterator[PrefectServer]:
    """This process's Prefect clients talk to the session's server, with the settings of our worker."""
    settings = {
        PREFECT_API_URL: prefect_server.api_url,
        PREFECT_LOGGING_TO_API_ENABLED: False,
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,
    }
    with temporary_prefect_settings(updates=settings):
        yield prefect_server
        # Prefect leaves the socket of its event client to the garbage collector.
        EventsWorker.drain_all()
        with warnings.catch_warnings(action="ignore", category=ResourceWarning):
            gc.collect()


def leashed(*command: str, environment: dict[str, str], output: Any) -> subprocess.Popen[bytes]:
    """Start `python -m …` so that it ends with us, however we end."""
    return subprocess.Popen(
        [sys.executable, "-m", "deployments.leash", *command],
        stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT, env=environment, start_new_session=True,
    )  # fmt: skip


def end(process: subprocess.Popen[bytes]) -> int:
    """Ask a process to end, and end it if it does not; its exit code."""
    process.terminate()
    try:
        return process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
    finally:
        assert process.stdin is not None
        process.stdin.close()


def wait_for_health(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while not is_well(url):
        if process.poll() is not None or time.monotonic() > give_up:
            pytest.fail(f"the Prefect server did not start:\n{log.read_text(encoding='utf-8')[-4000:]}")
        time.sleep(0.2)


def is_well(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def free_port() -> int:
    with held_port() as port:
        return port


@contextmanager
def held_port() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen()
        port: int = listener.getsockname()[1]
        yield port
