"""What an event is about, in the auditor's table of events: the document, the phase, the kind of mail, the reason."""

from __future__ import annotations

from ledger.event import Event
from portal.texts import TEXTS, text
from portal.timeline import name_of_message, phase_name, sentence_of_its_own
from portal.wording import Wording

LONGEST = 160
REASONED = frozenset(
    {"case:cancel", "case:reopen", "hand_off:withdraw", "mail:skip", "mail:fail", "run:fail", "run:detach"}
)
"""Kinds of events that give a reason or an error."""


def what_of(event: Event, w: Wording) -> str:
    """As the page of the case says it, without a sentence around; empty where there is nothing to add."""
    said, kind = event.content, event.kind
    parts: list[str] = []
    if kind == "document:add":
        parts.append(str(said["name"]))
    elif kind == "case:phase" and said.get("phase"):
        parts.append(phase_name(str(said["phase"]), w))
    elif kind == "case:record" and not sentence_of_its_own(event, w):
        parts.append(event.key)
    elif kind in {"message:arrive", "message:send"}:
        parts.append(name_of_message(said, w))
    elif kind in {"call:start", "call:return", "case:supersede"}:
        parts.append(str(said.get("child") or said.get("by") or ""))
    elif kind.startswith("mail:"):
        parts.append(_mail(str(said.get("message", "")), w))
    if kind in REASONED:
        parts.append(w.system(_reason(said.get("reason") or said.get("error"))))
    return " · ".join(filter(None, parts))


def _mail(kind: str, w: Wording) -> str:
    key = f"mail.kind.{kind}"
    return text(key, w.language) if key in TEXTS else kind


def _reason(said: object) -> str:
    """The first line of a reason or an error."""
    (line, *_) = str(said or "").splitlines() or [""]
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
