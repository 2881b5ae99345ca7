"""What a wait would have written when it was opened: the same code as then, on paper, at the moment of the event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from audit.paper import Paper, Written
from engine.runtime import Runtime
from engine.waits import Call, Opening, Wait
from ledger import tables
from ledger.canonical import canonical
from ledger.event import Event
from schemas.actor import system

FLOW = system("flow")


async def opened_anew(wait: Wait[Any], event: Event, office: Runtime, titles: Mapping[str, str]) -> Paper:
    """Open a wait on paper as `event` opened it.

    :param office: organisation, policy and calendar of that moment.
    :param titles: titles of the cases that hand-offs are about, by id; they never change.
    """
    paper = Paper(event.at)
    opening = Opening(
        work=paper, case_id=event.case_id, actor=FLOW, calendar=office.calendar,
        policy=office.policy, titles=titles,
    )  # fmt: skip
    wait.case.under(office)
    if isinstance(wait, Call):
        wait.announce(opening)
    else:
        await wait.open(opening)
    return paper


def first_written(paper: Paper) -> Written:
    """The event that opens the wait; what may follow it (a message that was there already) is another event's."""
    return paper.written[0]


def mails_of(paper: Paper) -> list[dict[str, Any]]:
    """The mails that would be queued."""
    return paper.rows_for(tables.mails)


def child_input(call: Call[Any]) -> str:
    """The input with which the called case is opened, canonical."""
    return canonical(call.called.new.data)
