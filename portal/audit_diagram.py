"""A case on the diagram of its model: what the page shows, and what its slider reads, some hundred events at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.approved import Approval, approval_of
from audit.errors import ModelIsUnknown, ModelWasChanged
from audit.keys import name_of
from audit.knowledge import Learned, steps
from audit.sheet import Element, Kind, Sheet, sheet_of
from audit.tokens import ENDS, OPENS, PUT_OFF, Count, Tokens, Waiting, tokens_at
from ledger.event import Event
from ledger.outline import Outlined
from portal.audit_events import what_of
from portal.audit_wording import AuditWording
from portal.texts import text
from portal.timeline import sentence_of_its_own
from portal.wording import Wording

EVENTS_AT_ONCE = 100
"""Events that the page tells of, and the slider reads, at a time."""
WAITING_SHOWN = 100
NO_MODEL = Sheet(process="", th="", elements={}, markers={}, lanes=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The model of a case, or why there is none to show."""

    approval: Approval | None
    sheet: Sheet
    trouble: str = ""
    """Key of the sentence."""


def drawn(process: str, version: int, digest: str | None) -> Drawn:
    """The approved model that a case recorded when it was opened."""
    try:
        approval = approval_of(process, version, digest)
        return Drawn(approval=approval, sheet=sheet_of(approval))
    except ModelIsUnknown:
        return Drawn(approval=None, sheet=NO_MODEL, trouble="audit_case.no_model")
    except ModelWasChanged:
        return Drawn(approval=None, sheet=NO_MODEL, trouble="audit_case.changed_model")


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementLine:
    """An element in the table below the diagram."""

    element: Element
    count: Count
    reached: bool


def element_lines(tokens: Tokens) -> list[ElementLine]:
    """The elements of the model that the ledger can tell of, in the order of the file; gateways that decide nothing
    of which an event tells are not among them."""
    return [
        ElementLine(element=each, count=tokens.counts.get(each.id, Count()), reached=each.id in tokens.counts)
        for each in tokens.sheet.elements.values()
        if each.kind is not Kind.DECIDED or each.id in tokens.counts
    ]


class Telling:
    """The words in which the steps of one case are told."""

    def __init__(
        self, w: Wording, a: AuditWording, unit_name: Callable[[str], str], officer_name: Callable[[str], str]
    ) -> None:
        self._w, self._a, self._unit_name, self._officer_name = w, a, unit_name, officer_name

    def unit(self, unit: str) -> str:
        """The unit by name; empty for what waits for nobody."""
        return self._unit_name(unit) if unit else self._a.lane("")

    def waiting(self, sheet: Sheet, waiting: Waiting) -> dict[str, Any]:
        """One thing that is waited for."""
        element = sheet.elements[waiting.element]
        return {
            "key": waiting.key, "element": waiting.element, "step": self._a.element(element),
            "unit": self.unit(waiting.unit), "seq": waiting.seq,
            "instance": instance_of(waiting.key), "since": self._w.moment(waiting.since),
            "due": waiting.due.isoformat() if waiting.due else "", "until": self._until(waiting), "late": waiting.late,
        }  # fmt: skip

    def _until(self, waiting: Waiting) -> str:
        until = waiting.due or waiting.ends
        return self._w.moment(until) if until else ""

    def step(self, sheet: Sheet, event: Event) -> dict[str, Any]:
        """One event: what happened, who did it, who was told. What somebody has spoiled is said to be so."""
        element = sheet.element(event.key)
        try:
            (learned,) = steps([event])
            said, by = sentence_of_its_own(event, self._w) or self._a.kind(learned.kind), self._a.by(learned.by)
            about, told = what_of(event, self._w), self._told(event, learned)
        except (ValueError, KeyError, TypeError, AttributeError):
            said, by, about, told = text("audit_case.spoiled", self._w.language), "–", "", []
        return {
            "seq": event.seq, "at": event.at.isoformat(), "when": self._w.moment(event.at), "kind": event.kind,
            "said": said, "about": about, "element": element.id if element else "",
            "step": self._a.element(element) if element and self._a.has_name(element) else "", "by": by,
            "key": event.key, "told": told,
        }  # fmt: skip

    def _told(self, event: Event, learned: Learned) -> list[str]:
        """Units and officers by name; by the address who is no officer today."""
        if event.kind == "hand_off:open":
            return [self._unit_name(each) for each in learned.told]
        return [self._officer_name(str(event.content.get("officer", ""))) or each for each in learned.told]

    def gone(self, seq: int) -> dict[str, Any]:
        """In the place of an event that somebody has taken out of the history."""
        return {
            "seq": seq, "at": "", "when": "–", "kind": "", "said": text("audit_case.gone", self._w.language),
            "about": "", "element": "", "step": "", "by": "–", "key": "", "told": [],
        }  # fmt: skip


def instance_of(key: str) -> str:
    """What the innermost member is called: the directive of a report, the KPI of a card; empty where there is none."""
    return next((name for part in reversed(key.split("/")) if (name := name_of(part))), "")


def waiting_lines(tokens: Tokens, telling: Telling) -> tuple[list[dict[str, Any]], int]:
    """What is waited for: what is due first comes first; and how much there is in all."""
    found = sorted(tokens.waiting.values(), key=_due_first)
    return [telling.waiting(tokens.sheet, each) for each in found[:WAITING_SHOWN]], len(found)


def _due_first(waiting: Waiting) -> tuple[bool, float, int]:
    return waiting.due is None, waiting.due.timestamp() if waiting.due else 0.0, waiting.seq


def first_of(seq: int) -> int:
    """The first event of the part in which an event stands: 1, 101, 201 …"""
    return (max(seq, 1) - 1) // EVENTS_AT_ONCE * EVENTS_AT_ONCE + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """How the case stood at one moment."""

    lines: list[ElementLine]
    waiting: list[dict[str, Any]]
    waiting_in_all: int
    unknown: list[str]

    @classmethod
    def of(cls, tokens: Tokens, telling: Telling) -> Stood:
        waiting, in_all = waiting_lines(tokens, telling)
        unknown = sorted(tokens.unknown)
        return cls(lines=element_lines(tokens), waiting=waiting, waiting_in_all=in_all, unknown=unknown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some hundred events of a case, complete in itself: how it stood before them, and what each of them changed."""

    first: int
    counts: dict[str, list[int]]
    waiting: list[dict[str, Any]]
    """As much as is shown; each step says how much waits in all."""
    steps: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        return {"first": self.first, "counts": self.counts, "waiting": self.waiting, "steps": self.steps}


@dataclass(slots=True)
class Course:
    """A case followed once from its beginning, through a part of its history."""

    sheet: Sheet
    outline: Sequence[Outlined]
    telling: Telling
    head: int
    """The number of the last event, as the case has it."""

    def through(self, events: Sequence[Event], seq: int, *, now: datetime | None = None) -> tuple[Part, Stood]:
        """The part of the event `seq`, and how the case stood after it; `now`, where that is its latest.

        Events that somebody has taken away keep their places, so that numbers go through.
        """
        first = first_of(seq)
        last = max(min(first + EVENTS_AT_ONCE - 1, self.head), events[-1].seq if events else 0)
        here = {event.seq: event for event in events}
        outlined = {each.seq: each for each in self.outline if first <= each.seq <= last}
        tokens = tokens_at(self.sheet, self.outline, first - 1)
        waiting, _ = waiting_lines(tokens, self.telling)
        counts = {element: _figures(count) for element, count in tokens.counts.items()}
        told, stood = list[dict[str, Any]](), None
        for number in range(first, last + 1):
            event, outlined_event = here.get(number), outlined.get(number)
            if event is None or outlined_event is None:
                told.append(self._gone(tokens, number))
            else:
                told.append(self._step(tokens, event, outlined_event))
            if number == seq:
                if now is not None:
                    tokens.late_at(now)
                stood = Stood.of(tokens, self.telling)
        assert stood is not None, seq
        return Part(first=first, counts=counts, waiting=waiting, steps=told), stood

    def _gone(self, tokens: Tokens, seq: int) -> dict[str, Any]:
        unchanged: dict[str, Any] = {
            "changed": {},
            "waits": None,
            "ended": [],
            "open": tokens.open_work,
            "inAll": len(tokens.waiting),
        }
        return self.telling.gone(seq) | unchanged

    def _step(self, tokens: Tokens, event: Event, outlined: Outlined) -> dict[str, Any]:
        before = set(tokens.waiting) if event.kind in ENDS else set()
        changed = tokens.take(outlined)
        opens = event.kind in OPENS | PUT_OFF
        waits = tokens.waiting.get(event.key) if opens else None
        return self.telling.step(self.sheet, event) | {
            "changed": {element: _figures(count) for element, count in changed.items()},
            "waits": self.telling.waiting(self.sheet, waits) if waits else None,
            "ended": sorted(before) if before else [] if opens else [event.key],
            "open": tokens.open_work,
            "inAll": len(tokens.waiting),
        }


def _figures(count: Count) -> list[int]:
    return [count.open, count.late, count.done, count.withdrawn]
