"""What is wrong with a stored history, told and not raised: what was spoiled is evidence, and the others go on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from audit.stored import Held
from ledger.chain import ChainHead, chain_broken
from ledger.diagnosis import diagnose
from ledger.errors import HistoryCannotBeRead, HistoryIsGone, LedgerError
from ledger.event import Event, actor_named

UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)
"""What reading a spoiled history may raise."""


def content_of(event: Event) -> dict[str, Any]:
    """What an event holds; nothing where nothing can be made of it."""
    try:
        content = event.content
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def unreadable(case_id: str, events: Sequence[Event]) -> HistoryCannotBeRead | None:
    """The first event of which nothing can be made."""
    for event in events:
        if column := _spoiled(event):
            return HistoryCannotBeRead(case=case_id, seq=event.seq, kind=event.kind, column=column)
    return None


def _spoiled(event: Event) -> str:
    if not content_of(event) and event.payload != b"{}":
        return "payload"
    try:
        actor_named(event.actor)
    except UNREADABLE:
        return "actor"
    return ""


def damage_of(one: Held) -> Iterator[LedgerError]:
    """An event that cannot be read, and where the chain breaks."""
    head = ChainHead(one.case_id, one.case["head_seq"], one.case["head_hash"])
    if not one.events:
        yield HistoryIsGone(case=one.case_id, seq=head.seq)
        return
    if (spoiled := unreadable(one.case_id, one.events)) is not None:
        yield spoiled
    if (broken := diagnose(one.events, head)) is not None:
        yield chain_broken(one.case_id, *broken)
