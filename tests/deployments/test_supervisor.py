"""Parts are started again when they end, stop in time, and never outlive the supervisor."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import pytest

from deployments import supervisor as supervising
from deployments.supervisor import Part, Supervisor

SECONDS = 60.0


def part(folder: Path, what: str, *, stop_seconds: float = 15.0) -> Part:
    command = ("tests.deployments.part", str(folder), what)
    return Part(name="part", command=command, log=folder / "part.log", stop_seconds=stop_seconds)


def births(folder: Path) -> list[int]:
    file = folder / "births"
    return [int(line) for line in file.read_text(encoding="utf-8").split()] if file.exists() else []


def until(look: Callable[[], bool]) -> None:
    give_up = time.monotonic() + SECONDS
    while not look():
        assert time.monotonic() < give_up
        time.sleep(0.05)


async def until_here(look: Callable[[], bool]) -> None:
    await asyncio.to_thread(until, look)


class Heard:
    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, object]]] = []

    def __call__(self, event: str, facts: Mapping[str, object]) -> None:
        self.events.append((event, dict(facts)))


@pytest.fixture
def heard() -> Heard:
    return Heard()


async def test_a_part_that_ends_is_started_again_later_and_later(
    tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "FIRST_PAUSE", 0.01)
    supervisor = Supervisor(dict(os.environ), heard)
    await supervisor.start(part(tmp_path, "ends"))
    await until_here(lambda: len(births(tmp_path)) >= 3)
    await supervisor.stop()
    ended = [facts for event, facts in heard.events if event == "ended"]
    assert [facts["code"] for facts in ended[:2]] == [3, 3]
    assert [facts["pause"] for facts in ended[:2]] == [0.01, 0.02]
    assert ("again", {"part": "part"}) in heard.events


async def test_a_part_that_is_killed_lives_again(tmp_path: Path, heard: Heard) -> None:
    supervisor = Supervisor(dict(os.environ), heard)
    await supervisor.start(part(tmp_path, "lives"))
    await until_here(lambda: len(births(tmp_path)) == 1)
    psutil.Process(supervisor.pid("part")).kill()
    await until_here(lambda: len(births(tmp_path)) == 2)
    await supervisor.stop()
    assert not any(psutil.pid_exists(pid) for pid in births(tmp_path))


async def test_a_part_that_does_not_want_to_stop_is_stopped(tmp_path: Path, heard: Heard) -> None:
    supervisor = Supervisor(dict(os.environ), heard)
    await supervisor.start(part(tmp_path, "stubborn", stop_seconds=0.5))
    await until_here(lambda: len(births(tmp_path)) == 1)
    await supervisor.stop()
    assert not psutil.pid_exists(births(tmp_path)[0])


async def test_what_runs_once_gives_its_code(tmp_path: Path, heard: Heard) -> None:
    assert await Supervisor(dict(os.environ), heard).once(part(tmp_path, "ends")) == 3
    assert heard.events == []


def test_no_part_outlives_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-m", "tests.deployments.parent", str(tmp_path)])
    try:
        until(lambda: len(births(tmp_path)) == 1)
        assert psutil.pid_exists(births(tmp_path)[0])
    finally:
        parent.kill()
        parent.wait()
    until(lambda: not psutil.pid_exists(births(tmp_path)[0]))
