"""Do the anchors hold? Each is hashed, its signature checked, and the tree over what it saw is built again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.anchor_key import is_signed
from ledger.anchors import LATE_COMMIT, Anchor, Leaf, every, leaf_from_row
from ledger.canonical import GENESIS
from ledger.chain import WHY_EN, WHY_TH, Break
from ledger.errors import AnchorBroken
from ledger.merkle import Tree
from ledger.work import STREAMED
from rules.thai import thai_moment


@dataclass(slots=True)
class Witness:
    """The anchors by number, in their order, and what is wrong with them."""

    anchors: dict[int, Anchor] = field(default_factory=dict)
    faults: list[AnchorBroken] = field(default_factory=list)

    @property
    def latest(self) -> Anchor | None:
        return self.anchors[next(reversed(self.anchors))] if self.anchors else None

    def window(self, case_id: str, seq: int, leaves: Iterable[Leaf]) -> dict[str, object]:
        """Between which anchors something happened to event `seq` of a case.

        The anchor that saw it first had followed the chain up to it: it happened afterwards, and before the first
        anchor that refused the case. An event that none has seen yet may have been touched at any time.
        """
        since = min((leaf.anchor for leaf in leaves if leaf.seq >= seq), default=None)
        if since is None or since not in self.anchors:
            return {}
        until = min((n for n, a in self.anchors.items() if n > since and case_id in a.refused), default=None)
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
        return ignorant is not None and event_at < ignorant.at - LATE_COMMIT


def anchor_broken(number: int, reason: Break) -> AnchorBroken:
    return AnchorBroken(anchor=number, reason=reason, why=WHY_EN[reason], why_th=WHY_TH[reason])


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


async def check_anchors(connection: AsyncConnection, kept: Mapping[int, str]) -> Witness:
    """Check all anchors and their trees, in one pass over the heads that they saw.

    :param kept: hashes of anchors by number, from the print-outs and mails of the outside keeper.
    """
    witness = Witness()
    async for anchor in every(connection):
        previous = witness.latest
        if (wrong := wrong_with(anchor, previous)) is not None:
            witness.faults.append(anchor_broken(anchor.number, wrong))
        witness.anchors[anchor.number] = anchor
    await _check_trees(connection, witness)
    for number, digest in sorted(kept.items()):
        stored = witness.anchors.get(number)
        if stored is None or stored.hash != digest:
            witness.faults.append(anchor_broken(number, Break.NOT_KEPT))
    return witness


async def _check_trees(connection: AsyncConnection, witness: Witness) -> None:
    """Grow the tree anchor by anchor; the first whose root it misses is named, the later ones follow from it."""
    tree, seen, events = Tree(), dict[int, Leaf](), 0
    fits = True
    async for number, leaves in _leaves_by_anchor(connection, witness.anchors):
        if not fits:
            continue
        anchor = witness.anchors[number]
        events += sum(leaf.seq - (seen[leaf.place].seq if leaf.place in seen else 0) for leaf in leaves)
        seen |= {leaf.place: leaf for leaf in leaves}
        with suppress(ValueError):  # a hole in the tree: its size tells
            tree.put({leaf.place: leaf.node for leaf in leaves})
        fits = (len(tree), tree.root.hex(), events) == (anchor.cases, anchor.root, anchor.events)
        if not fits:
            witness.faults.append(anchor_broken(number, Break.LEAVES))


async def _leaves_by_anchor(
    connection: AsyncConnection, anchors: Mapping[int, Anchor]
) -> AsyncIterator[tuple[int, list[Leaf]]]:
    """For every anchor, in order, the heads that it saw anew; an anchor may have seen none."""
    leaf = tables.anchor_leaves.c
    numbers = iter(sorted(anchors))
    current = next(numbers, None)
    gathered: list[Leaf] = []
    async with connection.stream(
        select(tables.anchor_leaves).order_by(leaf.anchor, leaf.place), execution_options=STREAMED
    ) as rows:
        async for row in rows:
            while current is not None and row.anchor > current:
                yield current, gathered
                current, gathered = next(numbers, None), []
            gathered.append(leaf_from_row(row))
    while current is not None:
        yield current, gathered
        current, gathered = next(numbers, None), []
