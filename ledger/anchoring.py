"""Making an anchor. It reads what was added since the last one and nothing else, and no writer waits for it.

Before the head of a case goes into the tree, its new events are followed from the head that the last anchor saw: an
anchor never vouches for a chain that is broken, and a case that was computed anew keeps the leaf it had.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.anchor_key import AnchorKey
from ledger.anchors import LATE_COMMIT, Anchor, Leaf, Statement, latest, row_of, unattested_since
from ledger.canonical import GENESIS
from ledger.chain import Chain, ChainHead, start_of
from ledger.dialect import parts, reserve
from ledger.errors import AnchorKeyDoesNotFollow, AnchorsBeginAnew, ChainBroken
from ledger.event import from_row as event_from_row
from ledger.findings import REGISTER, follows
from ledger.merkle import EMPTY_ROOT, counts, lifted, partners
from ledger.work import STREAMED, Ledger, Work
from rules.thai import thai_moment


@dataclass(frozen=True, slots=True)
class _Grown:
    """A case whose head the last anchor did not see: what it saw, and the head as it stands."""

    before: ChainHead
    place: int | None
    head: ChainHead


Alarm = Callable[[Work, Anchor, Collection[str]], Awaitable[None]]
"""Tells of the cases that an anchor refuses and the one before it did not."""


async def anchor(
    ledger: Ledger, key: AnchorKey, *, hand_over_to: str = "", first: bool = False, alarm: Alarm | None = None
) -> Anchor | None:
    """Make an anchor over all cases; None, and nothing written, when no case has changed since the last.

    :param hand_over_to: public key that signs from the next anchor on.
    :param first: there was never an anchor, however old the history is; somebody says so.
    :param alarm: is raised in the same unit of work: no anchor refuses a case without it.
    :raises AnchorKeyDoesNotFollow: the last anchor was signed with another key and names another successor.
    :raises AnchorsBeginAnew: there is none over a history that is older than a day: some may have been taken away.
    """
    async with ledger.begin() as work:
        await reserve(work.connection, "anchors")
        previous = await latest(work.connection)
        if previous is not None and previous.successor != key.public:
            raise AnchorKeyDoesNotFollow(ours=key.public[:16], wanted=previous.successor[:16], anchor=previous.number)
        if previous is None and not first and (since := await unattested_since(work.connection, work.now)) is not None:
            raise AnchorsBeginAnew(since=f"{since:%Y-%m-%d %H:%M} UTC", since_th=thai_moment(since))
        grown, refused = await _grown(work.connection, previous, work.now)
        fresh = set(refused).difference(previous.refused if previous else ())
        if not grown and not hand_over_to and not fresh:
            return None
        leaves, cases = _leaves(grown, previous)
        nodes = await _nodes(work.connection, {leaf.place: leaf.node for leaf in leaves}, cases)
        events = (previous.events if previous else 0) + sum(one.head.seq - one.before.seq for one in grown)
        made = _signed(previous, work.now, nodes, refused, cases=cases, events=events, key=key, next_key=hand_over_to)
        await _write(work, made, leaves, nodes)
        if alarm is not None and fresh:
            await alarm(work, made, fresh)
        await work.commit()
    return made


# --- what is new -------------------------------------------------------------------------------------------


async def _grown(
    connection: AsyncConnection, previous: Anchor | None, now: datetime
) -> tuple[list[_Grown], tuple[str, ...]]:
    """The cases with a new head, in the order of their ids, and those that are refused; so for the register as well."""
    changed = _changed(previous, await _since(connection, previous, now))
    candidates = await _candidates(connection, changed)
    whole = await _followed(connection, candidates, _events(previous, changed))
    refused = candidates.keys() - whole
    grown = [candidates[case_id] for case_id in sorted(whole)]
    register, holds = await _register(connection)
    if register is not None:
        grown.append(register)
    return grown, tuple(sorted(refused if holds else {*refused, REGISTER}))


async def _register(connection: AsyncConnection) -> tuple[_Grown | None, bool]:
    """The register of findings, if it has grown since an anchor saw it; and whether it goes on from there."""
    leaf = tables.anchor_leaves.c
    query = (
        select(leaf.place, leaf.seq, leaf.hash).where(leaf.case_id == REGISTER).order_by(leaf.anchor.desc()).limit(1)
    )
    seen = (await connection.execute(query)).first()
    before = ChainHead(REGISTER, seen.seq, seen.hash) if seen else start_of(REGISTER)
    end = await follows(connection, before)
    if end is None or end == before:
        return None, end is not None
    return _Grown(before, seen.place if seen else None, end), True


async def _since(connection: AsyncConnection, previous: Anchor | None, now: datetime) -> datetime | None:
    """From when on events may be new to anchors; None: from the beginning.

    An anchor of later than now was made by a clock that was ahead, nobody knows when: the one before it counts.
    """
    if previous is None or previous.at <= now:
        return previous.at if previous else None
    a = tables.anchors.c
    earlier: datetime | None = await connection.scalar(select(func.max(a.at)).where(a.at <= now))
    return earlier


def _changed(previous: Anchor | None, since: datetime | None) -> Any:
    """Ids of the cases with events since then, and of those that the last anchor refused."""
    e, c = tables.events.c, tables.cases.c
    if previous is None or since is None:
        return select(c.id)
    recent = select(e.case_id).where(e.at >= since - LATE_COMMIT)
    return select(c.id).where(or_(c.id.in_(recent), c.id.in_(previous.refused)))


async def _candidates(connection: AsyncConnection, changed: Any) -> dict[str, _Grown]:
    c, leaf, every = tables.cases.c, tables.anchor_leaves.c, tables.anchor_leaves.alias().c
    newest = select(func.max(every.anchor)).where(every.case_id == c.id).correlate(tables.cases).scalar_subquery()
    query = (
        select(c.id, c.head_seq, c.head_hash, leaf.place, leaf.seq, leaf.hash)
        .select_from(tables.cases)
        .join(tables.anchor_leaves, and_(leaf.case_id == c.id, leaf.anchor == newest), isouter=True)
        .where(c.id.in_(changed))
    )
    found: dict[str, _Grown] = {}
    for row in await connection.execute(query):
        before = ChainHead(row.id, row.seq or 0, row.hash or GENESIS)
        head = ChainHead(row.id, row.head_seq, row.head_hash)
        if before != head:
            found[row.id] = _Grown(before, row.place, head)
    return found


async def _followed(connection: AsyncConnection, candidates: Mapping[str, _Grown], events: Any) -> set[str]:
    """Those of the cases whose events lead from the head that was seen to the head that stands."""
    chains = {case_id: Chain(one.before) for case_id, one in candidates.items()}
    async with connection.stream(events, execution_options=STREAMED) as rows:
        async for row in rows:
            chain = chains.get(row.case_id)
            if chain is not None and row.seq <= candidates[row.case_id].head.seq and not _follows(chain, row):
                del chains[row.case_id]
    return {case_id for case_id, chain in chains.items() if chain.end == candidates[case_id].head}


def _follows(chain: Chain, row: Any) -> bool:
    if (row.seq, row.hash) == (chain.end.seq, chain.end.hash):
        return True  # the head that was seen
    try:
        chain.follow(event_from_row(row))
    except ChainBroken:
        return False
    return True


def _events(previous: Anchor | None, changed: Any) -> Any:
    """The events of the changed cases, each case from the head that was seen on; at first, of all cases."""
    e, leaf = tables.events.c, tables.anchor_leaves
    query = select(tables.events).order_by(e.case_id, e.seq)
    if previous is None:
        return query
    newest = select(leaf.c.case_id, func.max(leaf.c.seq).label("seq")).group_by(leaf.c.case_id)
    seen = newest.where(leaf.c.case_id.in_(changed)).subquery()
    return query.join(seen, seen.c.case_id == e.case_id, isouter=True).where(
        e.case_id.in_(changed), e.seq >= func.coalesce(seen.c.seq, 0)
    )


# --- writing -----------------------------------------------------------------------------------------------


def _leaves(grown: list[_Grown], previous: Anchor | None) -> tuple[list[Leaf], int]:
    """The new leaves, and how many cases the tree has with them; a case that is new gets the next place."""
    number, cases = (previous.number + 1, previous.cases) if previous else (1, 0)
    leaves: list[Leaf] = []
    for one in grown:
        place = one.place
        if place is None:
            place, cases = cases, cases + 1
        leaves.append(Leaf(case_id=one.head.case_id, anchor=number, place=place, seq=one.head.seq, hash=one.head.hash))
    return leaves, cases


def _signed(
    previous: Anchor | None, now: datetime, nodes: list[dict[int, bytes]], refused: tuple[str, ...],
    *, cases: int, events: int, key: AnchorKey, next_key: str,
) -> Anchor:  # fmt: skip
    standing = previous.root if previous else EMPTY_ROOT.hex()
    # Clocks of machines differ a little; one that was far ahead is not followed.
    at = max(now, previous.at) if previous and previous.at - now < LATE_COMMIT else now
    said = Statement(
        number=previous.number + 1 if previous else 1, at=at,
        previous=previous.hash if previous else GENESIS, cases=cases, events=events,
        root=nodes[-1][0].hex() if nodes[-1] else standing, refused=refused, key=key.public, next_key=next_key,
    )  # fmt: skip
    fields = {name: getattr(said, name) for name in Statement.__dataclass_fields__}
    return Anchor(**fields, hash=said.digest, signature=key.sign(said.text))


async def _write(work: Work, made: Anchor, leaves: list[Leaf], nodes: list[dict[int, bytes]]) -> None:
    await work.connection.execute(tables.anchors.insert(), row_of(made))
    if leaves:
        await work.connection.execute(tables.anchor_leaves.insert(), [asdict(leaf) for leaf in leaves])
        await work.connection.execute(tables.anchor_nodes.insert(), [
            {"level": level, "place": place, "anchor": made.number, "hash": node}
            for level, changed in enumerate(nodes) for place, node in changed.items()
        ])  # fmt: skip


async def _nodes(connection: AsyncConnection, leaves: Mapping[int, bytes], cases: int) -> list[dict[int, bytes]]:
    """The nodes that change, level by level; their partners are read, those beside the changed ones only."""
    found: list[dict[int, bytes]] = []
    changed: dict[int, bytes] = dict(leaves)
    for level, count in enumerate(counts(cases)):
        found.append(changed)
        if count > 1 and changed:
            beside = await _standing(connection, level, partners(changed, count))
            changed = lifted(changed, beside, count)
    return found


async def _standing(connection: AsyncConnection, level: int, places: Iterable[int]) -> dict[int, bytes]:
    """Nodes of a level as the last anchor left them."""
    n = tables.anchor_nodes
    found: dict[int, bytes] = {}
    for wanted in parts(places):
        newest = (
            select(n.c.place, func.max(n.c.anchor).label("anchor"))
            .where(n.c.level == level, n.c.place.in_(wanted))
            .group_by(n.c.place)
        )
        query = select(n.c.place, n.c.hash).where(
            n.c.level == level, tuple_(n.c.place, n.c.anchor).in_(newest.subquery().select())
        )
        found |= {row.place: row.hash for row in await connection.execute(query)}
    return found
