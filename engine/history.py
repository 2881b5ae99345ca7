"""What the ledger holds of one case, arranged for replay: by key, and by branch in the order of opening."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from ledger.event import Event, actor_named
from schemas.actor import Actor


class Kind(StrEnum):
    """What an element of the flow is."""

    STEP = "step"
    HAND_OFF = "hand-off"
    TIMER = "timer"
    MESSAGE = "message"
    CALL = "call"
    GATE = "gate"
    BRANCH_END = "branch end"
    CLOSE = "close"


class Standing(StrEnum):
    """How far a recorded element has come."""

    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    """Ended from outside: the flow meets `Withdrawn`."""
    DROPPED = "dropped"
    """Ended by the flow itself (lost a race): never answers."""


@dataclass(slots=True, kw_only=True)
class Recorded:
    """One element as the ledger holds it."""

    key: str
    kind: Kind
    branch: str
    standing: Standing = Standing.OPEN
    opened_at: datetime
    opening_seq: int
    """Position of the event that opened it, or with which it was done at once."""
    closing_seq: int = 0
    """Position of the event that answered it: the order in which races are decided."""
    value: Any = None
    """The answer as JSON values; for a hand-off that was withdrawn, the reason."""
    at: datetime | None = None
    """When it was answered."""
    by: str = ""
    """Canonical JSON of the actor who answered."""
    due_at: datetime | None = None
    unit: str = ""
    officer: str | None = None
    title: str = ""
    child: str = ""

    @property
    def actor(self) -> Actor:
        return actor_named(self.by)


_OPENING = {
    "hand_off:open": Kind.HAND_OFF,
    "timer:set": Kind.TIMER,
    "message:await": Kind.MESSAGE,
    "call:start": Kind.CALL,
}
_AT_ONCE = {"step:done": Kind.STEP, "gate:decide": Kind.GATE, "branch:end": Kind.BRANCH_END, "case:close": Kind.CLOSE}
_ANSWERS = frozenset(
    {"hand_off:submit", "hand_off:withdraw", "timer:fire", "message:take", "call:return", "wait:cancel"}
)
_OF_THE_CASE = frozenset(
    {"case:open", "case:migrate", "case:reopen", "case:cancel", "case:supersede", "message:arrive"}
)
_REPLANS = {"hand_off:replan": "due_at", "timer:replan": "at"}
"""Events that give an open element another moment, and the name of that moment in them."""
_RELEVANT = _OPENING.keys() | _AT_ONCE.keys() | _ANSWERS | _OF_THE_CASE | _REPLANS.keys()


class History:
    """The recorded elements of a case. `absorb` takes events in order and says which waits they answered."""

    def __init__(self) -> None:
        self.head_seq = 0
        self.version = 0
        self.title = ""
        self.data: dict[str, Any] = {}
        self.caller: str | None = None
        """Id of the case that called this one."""
        self.state = "open"
        self.elements: dict[str, Recorded] = {}
        self.by_branch: dict[str, dict[str, Recorded]] = defaultdict(dict)
        self.reopenings: list[int] = []
        self._messages: dict[int, dict[str, Any]] = {}

    def absorb(self, events: Iterable[Event]) -> list[Recorded]:
        """Take events that follow the head; returns the elements that are no longer open because of them."""
        answered = []
        for event in events:
            if event.seq != self.head_seq + 1:
                raise ValueError(f"event {event.seq} does not follow {self.head_seq}")
            self.head_seq = event.seq
            if event.kind in _RELEVANT and (element := self._take(event)) is not None:
                answered.append(element)
        return answered

    def _take(self, event: Event) -> Recorded | None:
        said = event.content
        if event.kind in _OPENING:
            self._open(event, said, _OPENING[event.kind])
            return None
        if event.kind in _AT_ONCE:
            element = self._open(event, said, _AT_ONCE[event.kind])
            return self._close(event, element, Standing.DONE, said)
        if event.kind in _ANSWERS:
            return self._close(event, self.elements[event.key], *self._answer(event.kind, said))
        if event.kind in _REPLANS:
            self.elements[event.key].due_at = datetime.fromisoformat(said[_REPLANS[event.kind]])
            return None
        self._note(event, said)
        return None

    def _answer(self, kind: str, said: dict[str, Any]) -> tuple[Standing, Any]:
        """How the element of an answering event stands now, and its value."""
        match kind:
            case "hand_off:submit":
                return Standing.DONE, said["data"]
            case "timer:fire":
                return Standing.DONE, said["at"]
            case "message:take":
                return Standing.DONE, self._messages.pop(said["seq"])
            case "hand_off:withdraw":
                return (Standing.DROPPED if said["by_flow"] else Standing.WITHDRAWN), said["reason"]
            case "wait:cancel":
                return Standing.DROPPED, None
            case _:
                return Standing.DONE, said

    def _note(self, event: Event, said: dict[str, Any]) -> None:
        """Events about the case as a whole."""
        match event.kind:
            case "case:open":
                self.version, self.title, self.data = said["version"], said["title"], said["data"]
                self.caller = said["parent_id"]
            case "case:migrate":
                self.version = said["to"]
            case "case:reopen":
                self.reopenings.append(event.seq)
            case "message:arrive":
                self._messages[event.seq] = said["payload"]
            case _:
                self.state = event.kind.removeprefix("case:")

    def _open(self, event: Event, said: dict[str, Any], kind: Kind) -> Recorded:
        element = Recorded(key=event.key, kind=kind, branch=said["branch"], opened_at=event.at, opening_seq=event.seq)
        if kind is Kind.HAND_OFF:
            element.unit, element.officer, element.title = said["unit"], said.get("officer"), said["title"]
            element.due_at = datetime.fromisoformat(said["due_at"]) if said["due_at"] else None
        elif kind is Kind.TIMER:
            element.due_at = datetime.fromisoformat(said["at"])
        elif kind is Kind.MESSAGE:
            element.title = said.get("title", "")
        elif kind is Kind.CALL:
            element.child = said["child"]
        self.elements[event.key] = element
        self.by_branch[element.branch][event.key] = element
        return element

    @staticmethod
    def _close(event: Event, element: Recorded, standing: Standing, value: Any) -> Recorded:
        element.standing, element.closing_seq, element.value = standing, event.seq, value
        element.at, element.by = event.at, event.actor
        return element

    def open_elements(self) -> list[Recorded]:
        return [element for element in self.elements.values() if element.standing is Standing.OPEN]
