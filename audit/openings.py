"""What a wait would have written when it was opened: the same code as then, on paper, at the moment of the event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from audit.paper import Paper, Written
from engine.runtime import Runtime
from engine.waits import Call, Opening, Wait
from ledger import tables
from ledger.canonical import canonical
from ledger.event import Event
from schemas.actor import system

FLOW = system("flow")


class _Sheet(NamedTuple):
    """On which the waits of one breath are opened."""

    office: Runtime
    paper: Paper
    opening: Opening


class Reopening:
    """Opens the waits of a case on paper, one after the other; those of one breath on the same sheet."""

    def __init__(self, case_id: str, titles: Mapping[str, str]) -> None:
        """:param titles: titles of the cases that hand-offs are about, by id; they never change."""
        self._case_id, self._titles = case_id, titles
        self._sheet: _Sheet | None = None

    async def opened(self, wait: Wait[Any], event: Event, office: Runtime) -> Paper:
        """Open a wait as `event` opened it; what was written holds until the next one is opened.

        :param office: organisation, policy and calendar of that moment.
        """
        sheet = self._sheet
        if sheet is None or sheet.office is not office or sheet.paper.now != event.at:
            sheet = self._sheet = self._sheet_of(office, event.at)
        else:
            sheet.paper.wipe()
        wait.case.under(office)
        if isinstance(wait, Call):
            wait.announce(sheet.opening)
        else:
            await wait.open(sheet.opening)
        return sheet.paper

    def _sheet_of(self, office: Runtime, at: datetime) -> _Sheet:
        paper = Paper(at)
        opening = Opening(
            work=paper, case_id=self._case_id, actor=FLOW, calendar=office.calendar,
            policy=office.policy, titles=self._titles,
        )  # fmt: skip
        return _Sheet(office, paper, opening)


def first_written(paper: Paper) -> Written:
    """The event that opens the wait; what may follow it (a message that was there already) is another event's."""
    return paper.written[0]


def mails_of(paper: Paper) -> list[dict[str, Any]]:
    """The mails that would be queued."""
    return paper.rows_for(tables.mails)


def child_input(call: Call[Any]) -> str:
    """The input with which the called case is opened, canonical."""
    return canonical(call.called.new.data)
