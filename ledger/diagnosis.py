"""What was done to a broken chain. Checking keeps nothing but its end; only a case that breaks is looked at as a whole.

An event's hash covers its own number, so an event that was moved still tells where it belongs: its hash fits under
another number than the one it stands at.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.canonical import GENESIS
from ledger.chain import Break, ChainHead
from ledger.event import Event

FURTHEST = 1000
"""So far from where it stands an event's own place is looked for."""


def own_place(event: Event) -> int | None:
    """The number under which the event's hash fits, its own first; None when its content was changed."""
    around = sorted(range(max(1, event.seq - FURTHEST), event.seq + FURTHEST + 1), key=lambda seq: abs(seq - event.seq))
    return next((seq for seq in around if _fits(event, seq)), None)


def _fits(event: Event, seq: int) -> bool:
    return event._replace(seq=seq).expected_hash() == event.hash


def diagnose(events: Sequence[Event], head: ChainHead) -> tuple[int, Break] | None:
    """(number, kind) of the first damage of a case's stored events, in order; None when the chain is whole."""
    prev_hash = GENESIS
    for position, event in enumerate(events, start=1):
        if event.seq == position and event.prev_hash == prev_hash and event.hash == event.expected_hash():
            prev_hash = event.hash
            continue
        return _named(events, position, prev_hash)
    if (len(events), prev_hash) != (head.seq, head.hash):
        return len(events), Break.TRUNCATED
    return None


def _named(events: Sequence[Event], position: int, prev_hash: str) -> tuple[int, Break]:
    """The kind of a damage at `position`, before which all is well."""
    event = events[position - 1]
    if event.seq > position:
        return event.seq, Break.GAP
    belongs = own_place(event)
    if belongs is None:
        return _not_itself(events, position, prev_hash)
    if belongs == position:
        return position, Break.DETACHED
    if belongs > position:
        elsewhere = any(_fits(other, position) for other in events[position:][:FURTHEST])
        return position, Break.REORDERED if elsewhere else Break.GAP
    if events[belongs - 1].hash == event.hash:
        return position, Break.REORDERED  # it stands in its own place as well
    # It was pushed on: something that does not belong stands where it belongs.
    return belongs, Break.INSERTED


def _not_itself(events: Sequence[Event], position: int, prev_hash: str) -> tuple[int, Break]:
    """The event's hash fits nowhere: it was put in when what belongs here stands further on, else it was changed."""
    for other in events[position:][:FURTHEST]:
        if other.prev_hash == prev_hash:
            return position, Break.INSERTED
    return position, Break.CHANGED
