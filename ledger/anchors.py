"""Anchors: at intervals one signed statement says how the histories of all cases ended at that moment.

A chain of hashes alone can be computed anew by whoever may write the database. What an anchor has seen cannot: its
hash lies with an outside keeper, and each anchor carries the hash of the one before it. Decision 30 says what an
anchor covers and what stays open until the next one.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Row, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.canonical import canonical, sha256, stamp
from ledger.column_types import UNREADABLE
from ledger.dialect import binary
from ledger.errors import UnknownAnchor
from ledger.merkle import leaf_hash, root_by, steps
from ledger.work import STREAMED, Work

FORMAT = "sangkan-anchor-1"
LATE_COMMIT = timedelta(hours=1)
"""An event is committed so much later than the moment it carries, at the very most."""
ATTESTED_WITHIN = timedelta(days=1)
"""So soon after an event there is an anchor, unless nobody wanted one, the worker stood, or one was taken away."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What an anchor states; the text of it is hashed and signed."""

    number: int
    at: datetime
    previous: str
    """Hash of the anchor before it; zeros for the first."""
    cases: int
    """Cases that it covers: leaves of the tree."""
    events: int
    """Events that it covers."""
    root: str
    """Root of the tree over the heads of all cases (`ledger.merkle`)."""
    refused: tuple[str, ...]
    """Cases whose history no longer continued what an earlier anchor had seen; they keep their earlier leaf."""
    key: str
    """Public key that signs it."""
    next_key: str
    """Public key that signs the next one, where the key changes; else empty."""

    @cached_property
    def text(self) -> bytes:
        said = {
            "format": FORMAT, "number": self.number, "at": stamp(self.at), "previous": self.previous,
            "cases": self.cases, "events": self.events, "root": self.root, "refused": list(self.refused),
            "key": self.key, "next_key": self.next_key,
        }  # fmt: skip
        return canonical(said).encode()

    @cached_property
    def digest(self) -> str:
        """The hash of the text; empty where SQLite holds what no text can be made of."""
        try:
            return sha256(self.text)
        except TypeError:
            return ""

    @property
    def successor(self) -> str:
        """The public key that must sign the next anchor."""
        return self.next_key or self.key


@dataclass(frozen=True, kw_only=True)
class Anchor(Statement):
    """A statement with its hash and signature as stored."""

    hash: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """The head of one case as an anchor saw it for the first time."""

    case_id: str
    anchor: int
    place: int
    seq: int
    hash: str

    @property
    def node(self) -> bytes:
        return leaf_hash(self.case_id, self.seq, self.hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A leaf and its way to the root of an anchor: this case ended so when that anchor was made."""

    leaf: Leaf
    anchor: int
    """The anchor whose root it leads to: that of the leaf, or a later one."""
    path: tuple[bytes, ...]

    def holds(self, anchor: Anchor) -> bool:
        reached = root_by(self.leaf.node, self.leaf.place, anchor.cases, self.path)
        return self.anchor == anchor.number and reached is not None and reached.hex() == anchor.root


# --- reading -----------------------------------------------------------------------------------------------


async def latest(connection: AsyncConnection) -> Anchor | None:
    """The last anchor; None before the first."""
    a = tables.anchors
    row = (await connection.execute(select(a).order_by(a.c.number.desc()).limit(1))).first()
    return None if row is None else from_row(row)


async def numbered(connection: AsyncConnection, number: int) -> Anchor:
    """:raises UnknownAnchor:"""
    a = tables.anchors
    row = (await connection.execute(select(a).where(a.c.number == number))).first()
    if row is None:
        raise UnknownAnchor(anchor=number)
    return from_row(row)


async def every(connection: AsyncConnection, *, since: int = 1) -> AsyncIterator[Anchor]:
    """The anchors from number `since` on, in order."""
    a = tables.anchors
    async with connection.stream(
        select(a).where(a.c.number >= since).order_by(a.c.number), execution_options=STREAMED
    ) as rows:
        async for row in rows:
            yield from_row(row)


async def last_ones(connection: AsyncConnection, limit: int) -> tuple[Anchor, ...]:
    """The latest anchors, the newest first."""
    a = tables.anchors
    found = await connection.execute(select(a).order_by(a.c.number.desc()).limit(limit))
    return tuple(from_row(row) for row in found)


async def unattested_since(connection: AsyncConnection, first: datetime) -> datetime | None:
    """When the oldest event was recorded, if the first anchor, made at `first`, is so much younger that it shows."""
    oldest: datetime | None = await connection.scalar(select(func.min(tables.events.c.at)))
    return oldest if oldest not in (None, UNREADABLE) and oldest < first - ATTESTED_WITHIN else None


async def left_waiting(connection: AsyncConnection, earlier: datetime, later: datetime) -> datetime | None:
    """When the oldest event between two anchors was recorded, if it waited for the later one for more than a day."""
    at = tables.events.c.at
    if later - earlier <= ATTESTED_WITHIN:
        return None
    oldest: datetime | None = await connection.scalar(
        select(func.min(at)).where(at > earlier, at < later - ATTESTED_WITHIN)
    )
    return oldest


async def leaves_of(connection: AsyncConnection, case_id: str) -> tuple[Leaf, ...]:
    """Every head of a case that an anchor saw, in the order of the anchors."""
    leaf = tables.anchor_leaves
    rows = await connection.execute(select(leaf).where(leaf.c.case_id == case_id).order_by(leaf.c.anchor))
    return tuple(leaf_from_row(row) for row in rows)


async def prove(connection: AsyncConnection, leaf: Leaf, anchor: Anchor) -> Proof:
    """The way from a leaf to the root of an anchor, in one query of as many rows as the tree has levels.

    What was put down later than that anchor is left out; whether the way leads there is `Proof.holds`.
    """
    n = tables.anchor_nodes
    wanted = list(steps(leaf.place, anchor.cases))
    if not wanted:
        return Proof(leaf=leaf, anchor=anchor.number, path=())
    standing = (
        select(n.c.level, n.c.place, func.max(n.c.anchor).label("anchor"))
        .where(tuple_(n.c.level, n.c.place).in_(wanted), n.c.anchor <= anchor.number)
        .group_by(n.c.level, n.c.place)
        .subquery()
    )
    join = (n.c.level == standing.c.level) & (n.c.place == standing.c.place) & (n.c.anchor == standing.c.anchor)
    query = select(n.c.level, binary(n.c.hash).label("hash")).join(standing, join).order_by(n.c.level)
    rows = await connection.execute(query)
    return Proof(leaf=leaf, anchor=anchor.number, path=tuple(row.hash or b"" for row in rows))


def from_row(row: Row[Any]) -> Anchor:
    return Anchor(
        number=row.number, at=row.at, previous=row.previous, cases=row.cases, events=row.events, root=row.root,
        refused=_refused(row.refused), key=row.key, next_key=row.next_key, hash=row.hash,
        signature=row.signature,
    )  # fmt: skip


def _refused(stored: str) -> tuple[str, ...]:
    """The cases of an anchor's column; what cannot be read is taken for a name, and no longer fits the hash."""
    try:
        told = json.loads(stored)
    except ValueError:
        return (stored,)
    return tuple(told) if isinstance(told, list) and all(isinstance(one, str) for one in told) else (stored,)


def leaf_from_row(row: Row[Any]) -> Leaf:
    """A head; SQLite keeps whatever is put into a column, and what is no number counts as none."""
    place, seq = (value if isinstance(value, int) else 0 for value in (row.place, row.seq))
    return Leaf(case_id=row.case_id, anchor=row.anchor, place=place, seq=seq, hash=str(row.hash))


# --- the outside keeper ------------------------------------------------------------------------------------


async def last_posted(connection: AsyncConnection, now: datetime) -> datetime | None:
    """When an anchor was last posted to the outside keeper; None before the first time.

    A moment that is still to come was put there by somebody who wants none to go out, and does not count.
    """
    a = tables.anchors.c
    moment: datetime | None = await connection.scalar(select(func.max(a.posted_at)).where(a.posted_at <= now))
    return moment


async def mark_posted(work: Work, number: int) -> bool:
    """Note that an anchor goes to the outside keeper; False when it did before. It is no part of what is stated."""
    a = tables.anchors
    noted = update(a).where(a.c.number == number, a.c.posted_at.is_(None)).values(posted_at=work.now)
    return bool((await work.connection.execute(noted)).rowcount)


def row_of(anchor: Anchor) -> dict[str, Any]:
    """The row of a new anchor."""
    row = {name: getattr(anchor, name) for name in Anchor.__dataclass_fields__}
    return row | {"refused": canonical(list(anchor.refused))}


def in_groups(digest: str) -> Sequence[str]:
    """A hash in groups of eight, as it is printed and read aloud."""
    return [digest[start : start + 8] for start in range(0, len(digest), 8)]
