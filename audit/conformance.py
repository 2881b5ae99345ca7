"""Did a case keep to the model that it recorded when it was opened?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from audit.approved import approval_of, model_of
from audit.play import Play
from audit.verdict import Conformance
from audit.vocabulary import functions_of
from engine.process import process_named
from ledger.event import Event


def judge(events: Sequence[Event]) -> Conformance:
    """Compare the whole history of one case, from `case:open` on.

    :raises ModelIsUnknown: the model that the case recorded is not kept.
    :raises ModelWasChanged: its file is not the approved one.
    :raises ModelCannotBeRead: the model asks for what the case has not recorded.
    """
    opened = events[0].content
    process, version = opened["process"], opened["version"]
    approval = approval_of(process, version, opened.get("model"))
    data = process_named(process, version).data.model_validate(opened["data"])
    play = Play(model_of(approval), functions_of(process), data)
    _play_through(play, events)
    return Conformance(
        case=events[0].case_id, process=process, version=version, model=approval.sha256,
        head_seq=events[-1].seq, head_hash=events[-1].hash, deviation=play.deviation,
    )  # fmt: skip


def _play_through(play: Play, events: Iterable[Event]) -> None:
    for event in events:
        if not play.take(event):
            return
