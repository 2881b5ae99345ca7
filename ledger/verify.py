"""Does the history still say what it said? Every event is hashed again and must continue the one before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.canonical import GENESIS
from ledger.errors import ChainBroken, UnknownCase
from ledger.event import Event, from_row
from ledger.work import Ledger


class Break(StrEnum):
    """How a chain can be broken."""

    CHANGED = "changed"
    GAP = "gap"
    REORDERED = "reordered"
    DETACHED = "detached"
    TRUNCATED = "truncated"


WHY_EN = {
    Break.CHANGED: "a field of the event was changed after it was written",
    Break.GAP: "events before it are missing",
    Break.REORDERED: "it stands out of its order, or twice",
    Break.DETACHED: "it does not continue the event before it",
    Break.TRUNCATED: "the history does not end where the case says that it ends",
}
WHY_TH = {
    Break.CHANGED: "มีการแก้ไขข้อมูลของรายการหลังการบันทึก",
    Break.GAP: "รายการก่อนหน้าขาดหาย",
    Break.REORDERED: "รายการผิดลำดับหรือซ้ำ",
    Break.DETACHED: "รายการไม่ต่อเนื่องกับรายการก่อนหน้า",
    Break.TRUNCATED: "ประวัติไม่สิ้นสุดที่รายการสุดท้ายของเรื่อง",
}


@dataclass(frozen=True, slots=True)
class ChainHead:
    """Where a case says that its chain ends."""

    case_id: str
    seq: int
    hash: str


class Chain:
    """A chain as it is read, event by event; keeps nothing but its end, so a case may be of any length."""

    def __init__(self, case_id: str) -> None:
        self.end = ChainHead(case_id, 0, GENESIS)

    def follow(self, event: Event) -> None:
        """:raises ChainBroken: the event is not what comes next."""
        wrong = self._wrong(event)
        if wrong is not None:
            raise _broken(self.end.case_id, event.seq, wrong)
        self.end = ChainHead(self.end.case_id, event.seq, event.hash)

    def _wrong(self, event: Event) -> Break | None:
        if event.seq > self.end.seq + 1:
            return Break.GAP
        if event.seq <= self.end.seq:
            return Break.REORDERED
        if event.hash != event.expected_hash():
            return Break.CHANGED
        if event.prev_hash != self.end.hash or event.case_id != self.end.case_id:
            return Break.DETACHED
        return None

    def close(self, head: ChainHead) -> None:
        """:raises ChainBroken: the case says that its chain ends elsewhere."""
        if self.end != head:
            raise _broken(head.case_id, self.end.seq, Break.TRUNCATED)


def _broken(case_id: str, seq: int, reason: Break) -> ChainBroken:
    return ChainBroken(case=case_id, seq=seq, reason=reason, why=WHY_EN[reason], why_th=WHY_TH[reason])


def verify_case(events: Iterable[Event], *, head: ChainHead | None = None) -> None:
    """Check the events of one case, in order, and that they end at `head` where it is known.

    :raises ChainBroken: with the case, the `seq` at which it breaks and the `reason` (`Break`).
    """
    chain: Chain | None = Chain(head.case_id) if head else None
    for event in events:
        chain = chain or Chain(event.case_id)
        chain.follow(event)
    if chain is not None and head is not None:
        chain.close(head)


async def verify_stored(connection: AsyncConnection, case_id: str) -> ChainHead:
    """Check the stored history of one case against its head, in one query; where its chain ends.

    :raises UnknownCase: there is no such case.
    :raises ChainBroken: as `verify_case`.
    """
    chain, head = Chain(case_id), None
    for row in await connection.execute(_histories().where(tables.cases.c.id == case_id)):
        head = _head(row)
        if row.seq is not None:
            chain.follow(from_row(row))
    if head is None:
        raise UnknownCase(case=case_id)
    chain.close(head)
    return chain.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """How much was checked, and the first break of every case that has one."""

    cases: int
    events: int
    broken: tuple[ChainBroken, ...]

    @property
    def whole(self) -> bool:
        return not self.broken


async def verify_all(ledger: Ledger) -> Verification:
    """Check every case; the rows are streamed, so memory does not grow with the ledger, and time only with events."""
    broken: dict[str, ChainBroken] = {}
    cases = events = 0
    chain, head = Chain(""), ChainHead("", 0, GENESIS)
    async with ledger.read_through() as connection, connection.stream(_histories()) as rows:
        async for row in rows:
            if row.id != head.case_id:
                _note(broken, chain, head)
                chain, head = Chain(row.id), _head(row)
                cases += 1
            if row.seq is not None:
                events += 1
                _note(broken, chain, from_row(row))
    _note(broken, chain, head)
    return Verification(cases=cases, events=events, broken=tuple(broken.values()))


def _note(broken: dict[str, ChainBroken], chain: Chain, found: Event | ChainHead) -> None:
    """Go on with the chain, or note its first break; what follows a break says nothing."""
    if chain.end.case_id in broken:
        return
    try:
        if isinstance(found, Event):
            chain.follow(found)
        else:
            chain.close(found)
    except ChainBroken as breach:
        broken[chain.end.case_id] = breach


def _histories() -> Any:
    """Every case with its events in order; a case without any stands alone."""
    c, e = tables.cases.c, tables.events.c
    return (
        select(c.id, c.head_seq, c.head_hash, tables.events)
        .join(tables.events, e.case_id == c.id, isouter=True)
        .order_by(c.id, e.seq)
    )


def _head(row: Any) -> ChainHead:
    return ChainHead(row.id, row.head_seq, row.head_hash)
