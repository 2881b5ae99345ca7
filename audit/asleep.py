"""What a case that sleeps is said to wait for: people read it as a fact, and it follows from the history.

When a case went to sleep is not recorded: after the last event that its flow wrote, and before or after what has come
in since and did not wake it (a member of a gate). Any of these texts may stand there, and no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audit.offices import Offices
from engine.history import History, Recorded
from engine.wording import waiting_for
from ledger.event import Event

BY_THE_FLOW = frozenset({"hand_off:open", "timer:set", "message:await", "call:start", "step:done", "gate:decide"})
"""Kinds that nobody but the case's own flow writes while it is awake."""


async def text_instead(
    said: str, standing: Sequence[Recorded], events: Sequence[Event], offices: Offices
) -> str | None:
    """The text that belongs there, when what is said is none that may be; None when it may.

    :param standing: what is open after all events.
    """
    if not standing:
        return None
    (office, *_) = offices.at(events[-1].at)
    now = waiting_for(standing, office.directory)
    if said == now:
        return None
    last = max((place for place, event in enumerate(events, 1) if event.kind in BY_THE_FLOW), default=1)
    directories = [each.directory for each in await offices.since(events[last - 1].at)]
    for elements in _open_after(events, last):
        if said in {waiting_for(elements, directory) for directory in directories}:
            return None
    return now


def _open_after(events: Sequence[Event], last: int) -> Iterator[list[Recorded]]:
    """What was open after so many events, and after each that followed."""
    history = History()
    history.absorb(events[:last])
    yield history.open_elements()
    for event in events[last:]:
        history.absorb([event])
        yield history.open_elements()
