"""Handing in the personnel records of an allocation of award money (P10): checked whole, kept whole, or not at all."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from engine.runtime import Runtime
from ledger import hand_offs, reading, waits
from ledger.canonical import sha256
from ledger.cases import CaseView
from ledger.errors import CaseIsClosed, RecordsAreInUse
from ledger.hand_offs import hand_off_id
from reports.staff_workbook import read_staff, staff_template
from rules.attachment import take_file
from schemas.actor import Actor
from schemas.attachment import FileKind, FileLimits
from schemas.award_case import AwardCase, StaffRecords
from schemas.base import CaseId, Moment, UnitId
from tasks.papers import put_document

PROCESS = "award-allocation"
AMOUNTS = "amounts"
"""Key of the work with which กพร. keys in the pots; from then on the records hold (decision 26)."""
MOST = 1_000
"""Allocations that run at the same time."""
WORKBOOK = FileLimits(most=1, megabytes=10, kinds=(FileKind.XLSX,))


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """Records as they came."""

    seq: int
    at: Moment
    by: Actor
    records: StaffRecords


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationStanding:
    """A running allocation, for whoever hands in its records."""

    case: CaseView
    data: AwardCase
    units: tuple[tuple[UnitId, str], ...]
    """(id, Thai name) of the units of the year."""
    handed_in: tuple[HandedIn, ...]
    """In the order in which they came; the last ones stand."""
    in_use: bool
    """Whether the pots are keyed in, so that the records can no longer be replaced."""


async def running_allocations(runtime: Runtime, connection: AsyncConnection) -> list[AllocationStanding]:
    """The open allocations, the latest opened first."""
    found = await reading.cases_where(connection, limit=MOST, process=PROCESS, state="open")
    return [await _standing(runtime, connection, case) for case in found]


async def allocation(runtime: Runtime, connection: AsyncConnection, case_id: CaseId) -> AllocationStanding:
    """:raises UnknownCase:"""
    return await _standing(runtime, connection, await reading.case(connection, case_id))


async def _standing(runtime: Runtime, connection: AsyncConnection, case: CaseView) -> AllocationStanding:
    data = AwardCase.model_validate(case.data)
    return AllocationStanding(
        case=case, data=data, units=tuple((unit.id, runtime.directory.unit(unit.id).th) for unit in data.units),
        handed_in=await records_of(connection, case.id), in_use=await _in_use(connection, case.id),
    )  # fmt: skip


async def records_of(connection: AsyncConnection, case_id: CaseId) -> tuple[HandedIn, ...]:
    """All records that were handed in, those that were replaced among them."""
    events = await reading.events_named(connection, case_id, "message:arrive", StaffRecords.__name__)
    return tuple(
        HandedIn(seq=e.seq, at=e.at, by=e.by, records=StaffRecords.model_validate(e.content["payload"])) for e in events
    )


async def _in_use(connection: AsyncConnection, case_id: CaseId) -> bool:
    found = await reading.hand_offs_named(connection, {hand_off_id(case_id, AMOUNTS)})
    return any(each.state == hand_offs.SUBMITTED for each in found.values())


def template_of(runtime: Runtime, standing: AllocationStanding, *, dated: Moment) -> bytes:
    """The workbook to be filled in for an allocation."""
    agency = runtime.directory.unit(standing.data.agency)
    return staff_template(agency.th, standing.data.fiscal_year, standing.units, dated=dated)


async def hand_in_staff(
    runtime: Runtime, standing: AllocationStanding, name: str, content: bytes, *, unit: UnitId, actor: Actor,
    once: str = "",
) -> StaffRecords:  # fmt: skip
    """Check a filled-in workbook and hand it in: the records as a message, the file as a document of the case.

    :param once: the key of the page on which it was chosen; sent again, nothing more comes of it.
    :raises FileNotTaken: it is no workbook.
    :raises BrokenStaffFile: with every problem, by row and column.
    :raises RecordsAreInUse: the pots are keyed in.
    :raises CaseIsClosed, FormWasUsed:
    """
    digest = await asyncio.to_thread(sha256, content)
    file = await asyncio.to_thread(take_file, name, content, digest, WORKBOOK, ())
    staff = await asyncio.to_thread(read_staff, content, standing.units)
    records, order = StaffRecords(staff=staff, file=file), f"{once}:{digest[:16]}" if once else ""
    async with runtime.ledger.begin() as work:
        (head,) = await work.lock(standing.case.id)
        told = StaffRecords.__name__
        if order and await waits.is_delivered(work, head.id, name=told, order=order):
            return records
        if head.state != "open":
            raise CaseIsClosed(case=head.id, state=head.state)
        if await _in_use(work.connection, head.id):
            raise RecordsAreInUse(case=head.id)
        await put_document(work, head.id, file.name, file.media_type, content, actor=actor)
        said = records.model_dump(mode="json")
        await waits.deliver_message(work, head.id, name=told, payload=said, sender=unit, actor=actor, order=order)
        await work.commit()
    return records
