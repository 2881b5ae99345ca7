"""Where the tokens of a case stand in its model after each event: what waits, what is done, what was taken back.

Read from the keys of the events by `audit.keys`, as conformance reads them. Conformance plays the model and says
whether the case may stand there; this says where it stands, whether it may or not, and costs a hundredth of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from typing import Any

from audit.sheet import Element, Kind, Sheet
from ledger.outline import Outlined

OPENS = frozenset({"hand_off:open", "timer:set", "message:await", "call:start"})
DONE = frozenset({"hand_off:submit", "timer:fire", "message:take", "call:return"})
TAKEN_BACK = frozenset({"hand_off:withdraw", "wait:cancel"})
PASSES = frozenset({"step:done", "gate:decide", "branch:end", "case:close"})
"""What happens without having waited."""
PUT_OFF = frozenset({"hand_off:replan", "timer:replan"})
ENDS = frozenset({"case:close", "case:cancel", "case:supersede"})


@dataclass(frozen=True, slots=True)
class Count:
    """How an element stands. Of a sub-process the instances are counted: `open` while something in one waits."""

    open: int = 0
    late: int = 0
    """Of those that are open, how many are past their deadline."""
    done: int = 0
    withdrawn: int = 0


NOT_REACHED = Count()


@dataclass(slots=True)
class Waiting:
    """One thing that an element waits for."""

    key: str
    element: str
    since: datetime
    seq: int
    unit: str = ""
    due: datetime | None = None
    """Until when the work is to be done; None for what is nobody's work."""
    ends: datetime | None = None
    """The moment for which a timer is set."""
    late: bool = False


@dataclass(slots=True)
class Tokens:
    """The tokens of one case. Give it the events in their order; it says which elements stand otherwise than before."""

    sheet: Sheet
    counts: dict[str, Count] = field(default_factory=dict)
    """By element; one that is not in it was not reached."""
    waiting: dict[str, Waiting] = field(default_factory=dict)
    """What is open, by key."""
    unknown: set[str] = field(default_factory=set)
    """Elements of which the history tells and the model does not."""
    open_work: int = 0
    """How much of what is open is a unit's."""
    _within: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """What waits in each instance of a sub-process, by its branch."""
    _due: list[tuple[datetime, str]] = field(default_factory=list)

    def take(self, event: Outlined) -> dict[str, Count]:
        """The elements that stand otherwise after this event, and how."""
        changed = dict.fromkeys(self._now_late(event.at))
        if event.kind in OPENS:
            changed |= dict.fromkeys(self._open(event))
        elif event.kind in DONE | TAKEN_BACK:
            changed |= dict.fromkeys(self._close(event.key, done=event.kind in DONE))
        elif event.kind in PASSES:
            changed |= dict.fromkeys(self._pass(event))
        elif event.kind in PUT_OFF:
            changed |= dict.fromkeys(self._put_off(event))
        elif event.kind == "case:reopen" and "reopen" in self.sheet.elements:
            changed[self._count("reopen", done=1)] = None
        if event.kind in ENDS:
            for key in list(self.waiting):
                changed |= dict.fromkeys(self._close(key, done=False))
        return {element: self.counts[element] for element in changed}

    def late_at(self, moment: datetime) -> None:
        """Let time pass without an event, to the moment at which somebody looks."""
        for _ in self._now_late(moment):
            pass

    # --- what an event does ----------------------------------------------------------------------------

    def _open(self, event: Outlined) -> Iterator[str]:
        element = self._element(event.key)
        if element is None:
            return
        said = event.content
        waiting = Waiting(
            key=event.key, element=element.id, since=event.at, seq=event.seq, unit=str(said.get("unit", "")),
            due=_moment(said.get("due_at")), ends=_moment(said.get("at")),
        )  # fmt: skip
        self.waiting[event.key] = waiting
        self.open_work += bool(waiting.unit)
        self._watch(waiting)
        yield self._count(element.id, open=1)
        for branch, part in self.sheet.parts(event.key):
            begun, before = branch in self._within, self._within[branch]
            self._within[branch] += 1
            if before == 0:
                yield self._count(part.id, open=1, done=-1 if begun else 0)

    def _close(self, key: str, *, done: bool) -> Iterator[str]:
        waiting = self.waiting.pop(key, None)
        if waiting is None:
            return
        self.open_work -= bool(waiting.unit)
        late = -1 if waiting.late else 0
        yield self._count(waiting.element, open=-1, late=late, done=int(done), withdrawn=int(not done))
        for branch, part in self.sheet.parts(key):
            self._within[branch] -= 1
            if self._within[branch] == 0:
                yield self._count(part.id, open=-1, done=1)

    def _pass(self, event: Outlined) -> Iterator[str]:
        if event.kind == "case:close" and self.sheet.element(event.key) is None:
            return  # the model ends by itself, without a key
        element = self._element(event.key)
        if element is not None and element.kind is not Kind.PART:
            yield self._count(element.id, done=1)
        for branch, part in self.sheet.parts(event.key):
            if branch not in self._within:
                self._within[branch] = 0
                yield self._count(part.id, done=1)

    def _put_off(self, event: Outlined) -> Iterator[str]:
        waiting = self.waiting.get(event.key)
        if waiting is not None:
            if waiting.late:
                yield self._count(waiting.element, late=-1)
            waiting.due, waiting.ends = _moment(event.content.get("due_at")), _moment(event.content.get("at"))
            waiting.late = False
            self._watch(waiting)

    def _now_late(self, moment: datetime) -> Iterator[str]:
        """Overdue once the moment has come: a deadline is strict (R0.1)."""
        while self._due and self._due[0][0] <= moment:
            due, key = heappop(self._due)
            waiting = self.waiting.get(key)
            if waiting is not None and waiting.due == due and not waiting.late:
                waiting.late = True
                yield self._count(waiting.element, late=1)

    def _watch(self, waiting: Waiting) -> None:
        if waiting.due is not None:
            heappush(self._due, (waiting.due, waiting.key))

    # --- counting --------------------------------------------------------------------------------------

    def _element(self, key: str) -> Element | None:
        element = self.sheet.element(key)
        if element is None and key:
            self.unknown.add(key.rpartition("/")[2])
        return element

    def _count(self, element: str, *, open: int = 0, late: int = 0, done: int = 0, withdrawn: int = 0) -> str:  # noqa: A002
        had = self.counts.get(element, NOT_REACHED)
        self.counts[element] = Count(had.open + open, had.late + late, had.done + done, had.withdrawn + withdrawn)
        return element


def _moment(text: Any) -> datetime | None:
    """None as well for what somebody has spoiled: that is what verifying says."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def tokens_at(sheet: Sheet, events: Sequence[Outlined], seq: int, *, now: datetime | None = None) -> Tokens:
    """The tokens after event number `seq`, and at the moment `now` where that is later."""
    tokens = Tokens(sheet)
    for event in events:
        if event.seq > seq:  # by its number: somebody may have taken others away
            break
        tokens.take(event)
    if now is not None:
        tokens.late_at(now)
    return tokens
