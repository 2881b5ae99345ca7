"""Do the anchors hold? Each is hashed, its signature checked, and the tree over what it saw is built again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.anchor_key import is_signed
from ledger.anchors import LATE_COMMIT, Anchor, Leaf, every, in_groups, leaf_from_row, left_waiting, unattested_since
from ledger.canonical import GENESIS, sha256
from ledger.chain import WHY_EN, WHY_TH, Break
from ledger.dialect import binary
from ledger.errors import AnchorBroken
from ledger.merkle import Tree
from ledger.work import STREAMED
from rules.thai import thai_moment


class Remark(NamedTuple):
    """What is no damage by itself, and somebody should know who judges: its name, and facts for its sentence."""

    name: str
    facts: Mapping[str, object]


@dataclass(slots=True)
class Witness:
    """The anchors by number, in their order, what is wrong with them, and what is remarkable."""

    anchors: dict[int, Anchor] = field(default_factory=dict)
    faults: list[AnchorBroken] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    _latest_moments: dict[int, datetime] = field(default_factory=dict)

    @property
    def latest(self) -> Anchor | None:
        return self.anchors[next(reversed(self.anchors))] if self.anchors else None

    def window(self, case_id: str, seq: int, leaves: Iterable[Leaf], *, put_in: bool = False) -> dict[str, object]:
        """Between which anchors something happened to event `seq` of a case, or it was `put_in` itself.

        The anchor that saw it first had followed the chain up to it: it happened afterwards, and before the first
        anchor that refused the case. An event that none has seen yet may have been touched at any time.
        """
        since = min((leaf.anchor for leaf in leaves if leaf.seq >= seq), default=None)
        until = None
        if put_in and since is not None:  # an anchor has seen it, and the one before should have
            since, until = since - 1, since
        if since is None or since not in self.anchors:
            return {}
        until = until or min((n for n, a in self.anchors.items() if n > since and case_id in a.refused), default=None)
        facts: dict[str, object] = {"since": since, "until": until}
        facts["window"] = f"; after anchor {self._in_english(since)}"
        facts["window_th"] = f" เกิดขึ้นหลังหมุดหลักฐานที่ {since} ({thai_moment(self.anchors[since].at)})"
        if until is not None:
            facts["window"] = f"{facts['window']} and before anchor {self._in_english(until)}"
            facts["window_th"] = f"{facts['window_th']} และก่อนหมุดที่ {until} ({thai_moment(self.anchors[until].at)})"
        return facts

    def _in_english(self, number: int) -> str:
        return f"{number} ({self.anchors[number].at:%Y-%m-%d %H:%M} UTC)"

    def knew(self, leaf_anchor: int | None) -> Anchor | None:
        """The last anchor before the one that saw a head first: it did not know the events up to that head."""
        return self.latest if leaf_anchor is None else self.anchors.get(leaf_anchor - 1)

    def contradicts(self, event_at: datetime, first_seen: int | None) -> bool:
        """Was an event of this time missing in an anchor made later than any commit takes?"""
        ignorant = self.knew(first_seen)
        return ignorant is not None and event_at < self._made_by(ignorant) - LATE_COMMIT

    def _made_by(self, anchor: Anchor) -> datetime:
        """When an anchor had been made at the latest: before those that follow it, should its clock have been ahead."""
        if not self._latest_moments:
            earliest = datetime.max.replace(tzinfo=UTC)
            for number in reversed(self.anchors):
                self._latest_moments[number] = earliest = min(earliest, self.anchors[number].at)
        return self._latest_moments[anchor.number]

    def compare_keys(self, ours: Sequence[str]) -> None:
        """The last anchor must be of the key that is held here, the first of `ours`, or hand over to it.

        Then it may be of a key that was put aside. Whoever holds the database alone can sign with a key of his own,
        and name ours as the next: what is signed with a key that nobody here knows is at least remarked.
        """
        last = self.latest
        if last is None:
            self.remarks += [Remark("no_anchor", {})] if ours else []
            return
        if not ours:
            self.remarks.append(Remark("key_not_compared", {}))
            return
        if last.key not in ours or ours[0] not in (last.key, last.successor):
            self.faults.append(anchor_broken(last.number, Break.FOREIGN_KEY))
        elif strangers := [number for number, anchor in self.anchors.items() if anchor.key not in ours]:
            newest = self.anchors[max(strangers)]
            facts = {"number": newest.number, "key": " ".join(in_groups(newest.key))}
            self.remarks.append(Remark("key_not_held", facts))


def anchor_broken(number: int, reason: Break, *, more: str = "", more_th: str = "") -> AnchorBroken:
    why, why_th = f"{WHY_EN[reason]}{more}", f"{WHY_TH[reason]}{more_th}"
    return AnchorBroken(anchor=number, reason=reason, why=why, why_th=why_th)


def wrong_with(anchor: Anchor, previous: Anchor | None) -> Break | None:
    """What is wrong with an anchor by itself, and as the one that follows `previous`."""
    if anchor.number != (previous.number + 1 if previous else 1):
        return Break.GAP
    if anchor.hash != anchor.digest:
        return Break.CHANGED
    if anchor.previous != (previous.hash if previous else GENESIS):
        return Break.DETACHED
    if not is_signed(anchor.text, signature=anchor.signature, public=anchor.key):
        return Break.UNSIGNED
    if previous is not None and anchor.key != previous.successor:
        return Break.OTHER_KEY
    return None


async def check_anchors(connection: AsyncConnection, kept: Mapping[int, str], ours: Sequence[str] = ()) -> Witness:
    """Check all anchors and their trees, in one pass over the heads that they saw.

    :param kept: hashes of anchors by number, from the print-outs and mails of the outside keeper.
    :param ours: the public key that is held here, and those that were put aside.
    """
    witness = Witness()
    async for anchor in every(connection):
        previous = witness.latest
        if (wrong := wrong_with(anchor, previous)) is not None:
            witness.faults.append(anchor_broken(anchor.number, wrong))
        witness.anchors[anchor.number] = anchor
    witness.compare_keys(ours)
    await _check_trees(connection, witness)
    for number in sorted((await _numbers_named(connection) | kept.keys()) - witness.anchors.keys()):
        witness.faults.append(anchor_broken(number, Break.ANCHOR_GONE))
    for number, digest in sorted(kept.items()):
        if number in witness.anchors and witness.anchors[number].hash != digest:
            witness.faults.append(anchor_broken(number, Break.NOT_KEPT))
    await _remark_a_late_beginning(connection, witness)
    await _remark_pauses(connection, witness)
    return witness


async def _numbers_named(connection: AsyncConnection) -> set[int]:
    """The anchors that heads and nodes name."""
    leaf, node = tables.anchor_leaves.c, tables.anchor_nodes.c
    return set(await connection.scalars(select(leaf.anchor).union(select(node.anchor))))


async def _remark_a_late_beginning(connection: AsyncConnection, witness: Witness) -> None:
    first = witness.anchors.get(1)
    if first is not None and (since := await unattested_since(connection, first.at)) is not None:
        facts = {
            "at": f"{first.at:%Y-%m-%d %H:%M} UTC", "at_th": thai_moment(first.at),
            "since": f"{since:%Y-%m-%d %H:%M} UTC", "since_th": thai_moment(since),
        }  # fmt: skip
        witness.remarks.append(Remark("anchors_begin_late", facts))


async def _remark_pauses(connection: AsyncConnection, witness: Witness) -> None:
    """Whoever takes away the last anchors has them made anew, and cannot make them of the moments of the old ones."""
    pauses = [
        (later.at - since, earlier, later)
        for earlier, later in pairwise(witness.anchors.values())
        if (since := await left_waiting(connection, earlier.at, later.at)) is not None
    ]
    if pauses:
        waited, earlier, later = max(pauses, key=itemgetter(0))
        facts = {
            "pauses": len(pauses), "after": earlier.number, "next": later.number, "hours": waited // timedelta(hours=1),
            "at": f"{earlier.at:%Y-%m-%d %H:%M} UTC", "at_th": thai_moment(earlier.at),
            "until": f"{later.at:%Y-%m-%d %H:%M} UTC", "until_th": thai_moment(later.at),
        }  # fmt: skip
        witness.remarks.append(Remark("anchors_paused", facts))


async def _check_trees(connection: AsyncConnection, witness: Witness) -> None:
    """Grow the tree anchor by anchor; the first whose root it misses is named, the later ones follow from it."""
    stored_nodes = {
        number: _digest({(row.level, row.place): row.hash for row in rows if row.anchor == number})
        async for number, rows in _rows_by_anchor(connection, _NODES, witness.anchors)
    }
    tree, seen, places, events = Tree(), dict[int, Leaf](), dict[str, int](), 0
    unfit: int | None = None
    async for number, rows in _rows_by_anchor(connection, _LEAVES, witness.anchors):
        anchor, leaves = witness.anchors[number], [leaf_from_row(row) for row in rows]
        apart = len({leaf.place for leaf in leaves}) == len(leaves)
        for leaf in leaves:
            # A place is a case's for good: what stands beside a genuine head bears witness to nothing.
            apart = apart and places.setdefault(leaf.case_id, leaf.place) == leaf.place
            apart = apart and (leaf.place not in seen or seen[leaf.place].case_id == leaf.case_id)
            events += leaf.seq - (seen[leaf.place].seq if leaf.place in seen else 0)
            seen[leaf.place] = leaf
        if unfit is not None:
            continue
        if not apart:
            unfit = number
            continue
        changed = dict[tuple[int, int], bytes]()
        with suppress(ValueError):  # a hole in the tree: its size tells
            changed = tree.put({leaf.place: leaf.node for leaf in leaves})
        if (len(tree), tree.root.hex(), events) != (anchor.cases, anchor.root, anchor.events):
            unfit = number
        elif stored_nodes[number] != _digest(changed) and all(leaf.anchor == number for leaf in leaves):
            witness.faults.append(anchor_broken(number, Break.NODES))
    if unfit is not None and witness.latest is not None:
        witness.faults.append(_leaves_broken(unfit, witness.latest, len(seen), events))


def _digest(nodes: Mapping[tuple[int, int], bytes]) -> str:
    """One hash for the nodes by (level, place) that an anchor has changed: of all anchors they need not be kept."""
    return sha256(repr(sorted(nodes.items())).encode())


def _leaves_broken(number: int, latest: Anchor, cases: int, events: int) -> AnchorBroken:
    """With what the last anchor covers, where the heads that are left give less or more: a case may be missing."""
    if (cases, events) == (latest.cases, latest.events):
        return anchor_broken(number, Break.LEAVES)
    return anchor_broken(
        number, Break.LEAVES,
        more=f"; anchor {latest.number} covers {latest.cases} cases with {latest.events} events, "
        f"the heads left here {cases} with {events}",
        more_th=f" หมุดที่ {latest.number} รับรอง {latest.cases} เรื่อง {latest.events} รายการ "
        f"แต่ข้อมูลที่เหลืออยู่มี {cases} เรื่อง {events} รายการ",
    )  # fmt: skip


_LEAVES = select(tables.anchor_leaves).order_by(tables.anchor_leaves.c.anchor, tables.anchor_leaves.c.place)
_n = tables.anchor_nodes.c
_NODES = select(_n.anchor, _n.level, _n.place, binary(_n.hash).label("hash")).order_by(_n.anchor)


async def _rows_by_anchor(
    connection: AsyncConnection, query: Select[Any], anchors: Mapping[int, Anchor]
) -> AsyncIterator[tuple[int, list[Row[Any]]]]:
    """For every anchor, in order, its rows; it may have none. Those of one that is gone come with the next."""
    numbers = iter(sorted(anchors))
    current = next(numbers, None)
    gathered: list[Row[Any]] = []
    async with connection.stream(query, execution_options=STREAMED) as rows:
        async for row in rows:
            while current is not None and row.anchor > current:
                yield current, gathered
                current, gathered = next(numbers, None), []
            gathered.append(row)
    while current is not None:
        yield current, gathered
        current, gathered = next(numbers, None), []
