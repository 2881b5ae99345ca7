"""How much of a week its readers see: who reads every case all of it, an agency's people their agency's part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import documents, reading
from ledger.cases import CaseView
from ledger.documents import CaseDocument
from ledger.event import Event
from ledger.hand_offs import OPEN, HandOff
from ledger.reading import MailView
from portal.rights import Rights
from portal.state import Portal
from rules.errors import UnknownUnit

WEEK = "weekly-cycle"
OF_THE_WEEK = ("case:open", "case:phase", "case:close", "case:cancel", "case:reopen")
"""Kinds of events that say how far the week has come, and nothing of anybody's work."""
EVENTS_SHOWN, WORK_SHOWN, MAILS_SHOWN = 150, 50, 50
"""A week of a whole ministry has some five events for each of its thousand reports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What stands on the page of a case beside its own facts."""

    events: tuple[Event, ...]
    first: int
    last: int
    """Numbers of the events between which all that the reader may see is shown."""
    work: tuple[HandOff, ...]
    open_in_all: int
    mails: tuple[MailView, ...]
    mails_in_all: int
    documents: tuple[CaseDocument, ...]


def sees_whole(rights: Rights, case: CaseView) -> bool:
    """Whether all that stands in the case is for the officer, who may read it (decision 47)."""
    return case.process != WEEK or rights.reads_everything


def as_seen(rights: Rights, case: CaseView) -> CaseView:
    """The case; who sees a part of it only is not told for which units it waits, nor what went wrong with its run."""
    return case if sees_whole(rights, case) else replace(case, waiting_for="", run_error=None)


def agency_of(portal: Portal, unit: str) -> str:
    """The agency of a unit; empty where there is none, or the unit is unknown by now."""
    try:
        agency = portal.runtime.directory.agency_of(unit)
    except UnknownUnit:
        return ""
    return agency.id if agency else ""


def is_of_part(portal: Portal, rights: Rights) -> Callable[[str], bool]:
    """Whether what a unit reports on a directive belongs to the reader's agency."""
    agencies = {agency_of(portal, unit) for unit in rights.units} - {""}
    return lambda unit: unit in rights.concerned or agency_of(portal, unit) in agencies


async def whole_of(connection: AsyncConnection, case: CaseView, last: int) -> Contents:
    """The events up to number `last`, as many as a page takes, and the case's work, mails and documents."""
    after = max(last - EVENTS_SHOWN, 0)
    work, open_in_all = await reading.open_work_on(connection, case.id, limit=WORK_SHOWN)
    mails, mails_in_all = await reading.latest_mails(connection, case.id, limit=MAILS_SHOWN)
    return Contents(
        events=await reading.history(connection, case.id, after=after, limit=last - after), first=after + 1, last=last,
        work=work, open_in_all=open_in_all, mails=mails, mails_in_all=mails_in_all,
        documents=await documents.of_case(connection, case.id),
    )  # fmt: skip


async def part_of(connection: AsyncConnection, portal: Portal, rights: Rights, case: CaseView) -> Contents:
    """All of the agency's reports in a week. What the secretariat is handed, and documents, are of the whole week."""
    ours = is_of_part(portal, rights)
    held = await reading.hand_offs_of_case(connection, case.id)
    work = tuple(h for h in held if h.subject != case.id and ours(h.unit))
    waiting = tuple(h for h in work if h.state == OPEN)
    mails, mails_in_all = await reading.latest_mails(
        connection, case.id, limit=MAILS_SHOWN, about={h.id for h in work}
    )  # fmt: skip
    return Contents(
        events=await reading.events_of_work(connection, case.id, {h.key for h in work}, OF_THE_WEEK), first=1,
        last=case.head_seq, work=waiting[:WORK_SHOWN], open_in_all=len(waiting), mails=mails,
        mails_in_all=mails_in_all, documents=(),
    )  # fmt: skip
