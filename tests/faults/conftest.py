"""A mail server, the machine's clock, and an office without Prefect."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from prefect.exceptions import Pause

import flows
import ledger.clock
from engine import prefect_run
from tests.faults.office import MachineClock
from tests.faults.sink import Sink

assert flows.__all__  # the processes enter the register


@pytest.fixture
def sink() -> Iterator[Sink]:
    server = Sink()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> MachineClock:
    """Every module that tells the machine's time tells this one."""
    clock, original = MachineClock(), ledger.clock.machine_now
    for module in list(sys.modules.values()):
        if getattr(module, "machine_now", None) is original:
            monkeypatch.setattr(module, "machine_now", clock.now)
    return clock


@pytest.fixture
def without_prefect(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run sleeps by ending; nothing is shown."""

    async def suspend(_message: str) -> Pause:
        return Pause()

    async def show(*_: Any) -> None: ...

    monkeypatch.setattr(prefect_run, "suspend", suspend)
    monkeypatch.setattr(prefect_run, "_show", show)
