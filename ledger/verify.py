"""Does the history still say what it said? Chains, documents, findings, anchors, and what was done to what is broken.

A chain tells of every change within it. That it was computed anew as a whole, or cut off together with its head, only
an anchor can tell that saw it before; that the anchors themselves were made anew, only a hash of one kept outside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.anchors import Leaf, leaves_of
from ledger.chain import Break, Chain, ChainHead, chain_broken, start_of
from ledger.diagnosis import diagnose
from ledger.errors import CaseIsMissing, ChainBroken, LedgerError, UnknownCase
from ledger.event import from_row
from ledger.findings import REGISTER, check_register
from ledger.papers import broken_papers
from ledger.proving import check_proofs
from ledger.reading import history
from ledger.witness import Remark, Witness, check_anchors
from ledger.work import STREAMED, Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """How far anchors bear witness to one case."""

    seq: int = 0
    """The last event that an anchor saw; 0 where none has."""
    anchor: int | None = None
    """The first anchor that saw it, and its moment; None where that anchor is gone."""
    at: datetime | None = None
    refused: tuple[tuple[int, datetime], ...] = ()
    """Number and moment of each anchor that did not vouch for the case: its history no longer was what it had been."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """How much was checked, and what does not hold: the first damage of each history, every document and anchor."""

    cases: int
    events: int
    broken: tuple[LedgerError, ...]
    documents: int = 0
    anchors: int = 0
    uncovered: int = 0
    """Events that no anchor has seen yet."""
    findings: int = 0
    """Findings in the register of auditors."""
    remarks: tuple[Remark, ...] = ()
    """What is no damage, and whoever judges should know."""
    witnessed: Witnessed = Witnessed()
    """Of one case only."""

    @property
    def whole(self) -> bool:
        return not self.broken


def joined(found: Sequence[Verification]) -> Verification:
    """What was found in several cases, each checked by itself."""
    return Verification(
        cases=sum(one.cases for one in found), events=sum(one.events for one in found),
        documents=sum(one.documents for one in found), uncovered=sum(one.uncovered for one in found),
        anchors=max((one.anchors for one in found), default=0),
        broken=tuple(broken for one in found for broken in one.broken),
        remarks=tuple({remark.name: remark for one in found for remark in one.remarks}.values()),
    )  # fmt: skip


async def verify_all(
    ledger: Ledger, *, kept: Mapping[int, str] | None = None, ours: Sequence[str] = ()
) -> Verification:
    """Check everything; the rows are streamed, so memory does not grow with the events, and time only with them.

    :param kept: hashes of anchors by number, as the outside keeper has them.
    :param ours: the public key that is held here, and those that were put aside.
    """
    async with ledger.read_through() as connection:
        witness = await check_anchors(connection, kept or {}, ours)
        reader = _Reader(witness)
        async with connection.stream(_histories(), execution_options=STREAMED) as rows:
            async for some in rows.partitions():  # row by row would cost a switch of coroutines each
                for row in some:
                    reader.take(row)
        reader.end()
        reader.gone(await _seen_and_gone(connection))
        histories = await _diagnosed(connection, reader, witness)
        documents, papers = await broken_papers(connection)
        findings, register = await check_register(connection)
    return Verification(
        cases=reader.cases, events=reader.events, broken=(*histories, *papers, *register, *witness.faults),
        documents=documents, anchors=len(witness.anchors), uncovered=reader.uncovered, findings=findings,
        remarks=tuple(witness.remarks),
    )  # fmt: skip


async def verify_one(
    ledger: Ledger, case_id: str, *, kept: Mapping[int, str] | None = None, ours: Sequence[str] = (),
    contents: bool = True,
) -> Verification:  # fmt: skip
    """Check one case: its chain, its documents, and by their proofs the anchors that saw it; nothing else is read.

    :param contents: whether the content of its documents is read as well, and not only what the history says of them.
    :raises UnknownCase: neither the cases nor the anchors know it.
    """
    async with ledger.read_through() as connection:
        witness = await check_proofs(connection, case_id, kept or {}, ours)
        reader = _Reader(witness)
        for row in await connection.execute(_histories().where(tables.cases.c.id == case_id)):
            reader.take(row)
        reader.end()
        reader.gone(await _seen_and_gone(connection, case_id))
        if not reader.cases and not reader.found:
            raise UnknownCase(case=case_id)
        histories = await _diagnosed(connection, reader, witness)
        documents, papers = await broken_papers(connection, case_id, contents=contents)
        witnessed = _witnessed(case_id, await leaves_of(connection, case_id), witness)
    return Verification(
        cases=reader.cases, events=reader.events, broken=(*histories, *papers, *witness.faults),
        documents=documents, anchors=len(witness.anchors), uncovered=reader.uncovered, remarks=tuple(witness.remarks),
        witnessed=witnessed,
    )  # fmt: skip


def _witnessed(case_id: str, leaves: Sequence[Leaf], witness: Witness) -> Witnessed:
    refused = tuple((each.number, each.at) for each in witness.anchors.values() if case_id in each.refused)
    if not leaves:
        return Witnessed(refused=refused)
    anchor = witness.anchors.get(leaves[-1].anchor)
    number, at = (anchor.number, anchor.at) if anchor else (None, None)
    return Witnessed(seq=leaves[-1].seq, anchor=number, at=at, refused=refused)


class _Reader:
    """Follows the chains of all cases as their events come, and notes the first damage of each."""

    def __init__(self, witness: Witness) -> None:
        self.witness = witness
        self.cases = self.events = self.uncovered = 0
        self.found: dict[str, tuple[int, Break] | None] = {}
        """First damage by case; None: the chain is broken, and what was done is to be found out."""
        self._chain, self._head = Chain(start_of("")), start_of("")
        self._unseen: tuple[int, datetime] | None = None
        self._unseen_events = 0
        self._refused = {case_id for anchor in witness.anchors.values() for case_id in anchor.refused}

    def take(self, row: Any) -> None:
        """A row of `_histories`."""
        if row.id != self._head.case_id:
            self.end()
            self._chain, self._head = Chain(start_of(row.id)), _head(row)
            self.cases += 1
        if row.seq is None:
            return
        self.events += 1
        if row.id not in self.found:
            self._follow(row)

    def _follow(self, row: Any) -> None:
        try:
            self._chain.follow(from_row(row))
        except ChainBroken:
            self.found[row.id] = None
            return
        self._unseen = self._unseen or (row.seq, row.at)
        self._unseen_events += 1
        if row.anchor is not None:
            if row.seen_hash != row.hash:
                self.found[row.id] = (row.seq, Break.RECOMPUTED)
            self._seen_by(row.anchor)

    def _seen_by(self, anchor: int | None) -> None:
        """An anchor saw the events since the one before; None at the end of a case: none has seen them."""
        case_id = self._head.case_id
        if self._unseen is not None and case_id not in self.found and case_id not in self._refused:
            seq, at = self._unseen
            if self.witness.contradicts(at, anchor):
                self.found[case_id] = (seq, Break.BACKDATED)
        if anchor is None:
            self.uncovered += self._unseen_events
        self._unseen, self._unseen_events = None, 0

    def end(self) -> None:
        """The case has no further events."""
        if self._head.case_id and self._head.case_id not in self.found and self._chain.end != self._head:
            self.found[self._head.case_id] = None
        self._seen_by(None)
        self._head = start_of("")

    def gone(self, seen: Mapping[str, tuple[int, bool]]) -> None:
        """Cases of which an anchor saw more than there is: the end of their history was taken away, or all of it."""
        for case_id, (seq, exists) in seen.items():
            standing = self.found.get(case_id)
            if not exists:
                self.found[case_id] = (0, Break.REMOVED)
            elif case_id not in self.found or (standing is not None and standing[1] is Break.BACKDATED):
                self.found[case_id] = (seq, Break.TRUNCATED)


async def _seen_and_gone(connection: AsyncConnection, case_id: str | None = None) -> dict[str, tuple[int, bool]]:
    """By case: the last event that there is, and whether the case is; where the event that an anchor saw is missing."""
    leaf, e, c = tables.anchor_leaves.c, tables.events.c, tables.cases.c
    query = (
        select(leaf.case_id, c.id, c.head_seq)
        .select_from(tables.anchor_leaves)
        .join(tables.events, and_(e.case_id == leaf.case_id, e.seq == leaf.seq), isouter=True)
        .join(tables.cases, c.id == leaf.case_id, isouter=True)
        .where(or_(e.seq.is_(None), c.id.is_(None)), leaf.case_id != REGISTER)
    )
    if case_id is not None:
        query = query.where(leaf.case_id == case_id)
    return {row.case_id: (row.head_seq or 0, row.id is not None) for row in await connection.execute(query)}


async def _diagnosed(connection: AsyncConnection, reader: _Reader, witness: Witness) -> list[LedgerError]:
    """What was done to each case, and between which anchors."""
    told = list[LedgerError]()
    for case_id, damage in reader.found.items():
        if damage is None:
            damage = await _damage(connection, case_id)
        seq, reason = damage
        lost = reason is Break.TRUNCATED  # what is missing begins with the next event
        leaves = await leaves_of(connection, case_id)
        if reason is Break.REMOVED:
            told.append(_missing(case_id, leaves, witness))
            continue
        told.append(
            chain_broken(
                case_id, seq, reason, **witness.window(case_id, seq + lost, leaves, put_in=reason is Break.BACKDATED)
            )
        )
    return told


def _missing(case_id: str, leaves: Sequence[Leaf], witness: Witness) -> CaseIsMissing:
    """With what the anchors saw of it, and after which of them it was taken away."""
    seq = leaves[-1].seq
    unknown = {"since": None, "window": "", "window_th": ""}
    facts = unknown | witness.window(case_id, seq, leaves)
    return CaseIsMissing(case=case_id, seq=seq, reason=Break.REMOVED, **facts)


async def _damage(connection: AsyncConnection, case_id: str) -> tuple[int, Break]:
    c = tables.cases.c
    row = (await connection.execute(select(c.id, c.head_seq, c.head_hash).where(c.id == case_id))).one()
    events = await history(connection, case_id)
    found = diagnose(events, _head(row))
    assert found is not None, "a chain that broke while it was read is broken"
    return found


def _histories() -> Any:
    """Every case with its events in order, each with what an anchor saw there; a case without events stands alone."""
    c, e, leaf = tables.cases.c, tables.events.c, tables.anchor_leaves.c
    return (
        select(tables.events, c.id, c.head_seq, c.head_hash, leaf.anchor, leaf.hash.label("seen_hash"))
        .select_from(tables.cases)
        .join(tables.events, e.case_id == c.id, isouter=True)
        .join(tables.anchor_leaves, and_(leaf.case_id == e.case_id, leaf.seq == e.seq), isouter=True)
        .order_by(c.id, e.seq)
    )


def _head(row: Any) -> ChainHead:
    return ChainHead(row.id, row.head_seq, row.head_hash)
