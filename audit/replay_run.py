"""The flow of a case, played over its recorded events: every wait and decision that it meets is kept to be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.branches import Member
from engine.case_run import Closed
from engine.errors import ReplayMismatch
from engine.history import Recorded
from engine.process import Process, process_named
from engine.rehearsal import ClosedRun
from engine.runtime import Runtime
from engine.waits import Wait
from ledger.event import Event
from schemas.base import Record


class ReplayRun(ClosedRun):
    """A closed run over given events. `go` plays them; what was met stands in `met`, `decisions` and `result`."""

    def __init__(self, runtime: Runtime, case_id: str, events: Sequence[Event]) -> None:
        super().__init__(runtime, case_id, version=None)
        self._events = events
        self.met: dict[str, Wait[Any]] = {}
        self.gates: dict[str, int] = {}
        """Members that a gate needs, by its key."""
        self.decisions: list[tuple[Recorded, list[str]]] = []
        """Each recorded decision, and who was first by the order of the ledger."""
        self.result: tuple[str, dict[str, Any]] | None = None
        """(key, result) with which the flow closes the case."""
        self.never_met: list[str] = []
        """Keys that the ledger holds and the flow did not come to."""
        self.stumbled = ""
        """What the flow's own code, or the reading of an answer, failed with."""

    async def play(self) -> ReplayRun:
        """Play to the end of the events; a flow that does not fit or fails is noted, not raised."""
        try:
            await self.go()
        except ReplayMismatch as mismatch:
            self.rehearsed.mismatch = str(mismatch)
        except Exception as error:
            self.stumbled = f"{type(error).__name__}: {error}"
        return self

    async def _version(self) -> Process:
        process = process_named(self._events[0].content["process"], self.history.version)
        self.rehearsed.version = process.version
        return process

    async def _absorb_news(self) -> bool:
        if self.history.head_seq:
            return False
        return self._take(self._events)

    def join_gate(self, key: str, members: Sequence[Wait[Any]], *, need: int, decided: bool) -> None:
        self.gates[key] = need
        # One that the ledger holds was opened behind the first gate that it joined before it was asked for.
        new = [wait for wait in members if wait.gate is None and wait.key not in self._asked]
        together = len(new) == len(members) and len({wait.recorded is None for wait in members}) == 1
        if together or need == 1:
            for wait in new:
                wait.gate = key

    def met_decision(self, recorded: Recorded, started: Mapping[str, Member], enough: int) -> None:
        before = [(m.done_seq, name) for name, m in started.items() if m.done and m.done_seq < recorded.closing_seq]
        self.decisions.append((recorded, [name for _, name in sorted(before)[:enough]]))

    async def _close(self, key: str, result: Record) -> Closed:
        self.result = (key, result.model_dump(mode="json"))
        return await super()._close(key, result)

    def forget(self) -> None:
        """What was met points back here; without it the memory of a case is free at once, not when it is searched."""
        self.met.clear()

    def _let_go(self) -> None:
        self.met = dict(self.waits)
        self.never_met = [key for unmet in self._unmet.values() for key in unmet]
        super()._let_go()
