"""Who read which case, when, and how far its history went then. Only ever added to; the ledger's time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.cases import CaseView
from ledger.column_types import UtcMoment
from ledger.dialect import parts
from ledger.work import Work

WHAT: dict[str, str] = {
    "case": "the page of the case",
    "audit": "the auditor's page of the case",
    "whole": "whether its history is whole",
    "replay": "the case as it stood at an earlier moment",
    "document": "a document of the case",
    "week": "the board of the week that the case is",
    "year": "a page of the agreement year that the case is",
    "printout": "a print-out or a workbook of what stands in the case",
    "finding": "the page on which a finding about the case is signed",
    "export": "a bundle or an event log in which the case leaves the house",
}
"""Everything of a case that can be read, and what it is."""


BY_COMMAND = "command-line:"
"""Before the account of the machine, where a case is read by a command and not by an officer who has signed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading of a case."""

    id: int
    at: datetime
    officer: str
    """Or, after `BY_COMMAND`, an account of the machine."""
    case_id: str
    what: str
    head_seq: int
    """The last event that the reader could see."""
    head_hash: str


def note(work: Work, *, officer: str, case: CaseView, what: str) -> None:
    """Record a reading, when the unit of work commits. An unknown `what` is a programming error."""
    _require_known(what)
    work.add_row(tables.readings, {
        "at": work.now, "officer": officer, "case_id": case.id, "what": what,
        "head_seq": case.head_seq, "head_hash": case.head_hash,
    })  # fmt: skip


async def note_all(work: Work, *, officer: str, case_ids: Collection[str] | None, what: str) -> None:
    """Record that cases are read, all by default, in statements that carry no row; ids without a case are left out."""
    _require_known(what)
    c = tables.cases.c
    now, who, kind = literal(work.now, UtcMoment()), literal(officer), literal(what)
    rows = select(now, who, c.id, kind, c.head_seq, c.head_hash).order_by(c.id)
    columns = ["at", "officer", "case_id", "what", "head_seq", "head_hash"]
    wanted = [rows] if case_ids is None else [rows.where(c.id.in_(some)) for some in parts(case_ids)]
    for these in wanted:
        await work.connection.execute(insert(tables.readings).from_select(columns, these))


async def latest(
    connection: AsyncConnection, *, case_id: str | None = None, officer: str | None = None,
    before: int | None = None, limit: int,
) -> tuple[Reading, ...]:  # fmt: skip
    """Readings of a case, or by an officer, or all; the latest first, those with an id below `before`."""
    r = tables.readings.c
    query = select(tables.readings).order_by(r.id.desc()).limit(limit)
    for column, wanted in ((r.case_id, case_id), (r.officer, officer)):
        if wanted is not None:
            query = query.where(column == wanted)
    if before is not None:
        query = query.where(r.id < before)
    return tuple(Reading(**row) for row in (await connection.execute(query)).mappings())


def _require_known(what: str) -> None:
    if what not in WHAT:
        raise ValueError(f"{what!r} is nothing of a case that can be read")
