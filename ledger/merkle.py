"""The tree over the heads of all cases: one root stands for all of them, and a short path leads from any one to it.

Hashes and pairing are those of RFC 6962, section 2.1: 0x00 before a leaf, 0x01 before two nodes, and on each level the
last node without a partner is carried up as it is. A case keeps its place for good, so that a new head of it changes
one node of each level and a new case adds at the right edge only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from ledger.canonical import canonical

LEAF, NODE = b"\x00", b"\x01"
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""Root of a tree without leaves (RFC 6962)."""


def leaf_hash(case_id: str, seq: int, head_hash: str) -> bytes:
    """The leaf of a case whose history ends with number `seq` under `head_hash`."""
    return hashlib.sha256(LEAF + canonical([case_id, seq, head_hash]).encode()).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()


def counts(leaves: int) -> Iterator[int]:
    """How many nodes each level has, from the leaves up to the root."""
    while leaves > 1:
        yield leaves
        leaves = (leaves + 1) // 2
    yield leaves


def partners(changed: Mapping[int, bytes], count: int) -> set[int]:
    """Places on a level of `count` nodes that must be known beside the changed ones to compute the level above."""
    return {other for place in changed if (other := place ^ 1) < count} - changed.keys()


def lifted(changed: Mapping[int, bytes], beside: Mapping[int, bytes], count: int) -> dict[int, bytes]:
    """The nodes of the level above that change with the `changed` ones of a level of `count` nodes."""
    known = {**beside, **changed}
    above = {}
    for parent in {place >> 1 for place in changed}:
        left, right = known[2 * parent], 2 * parent + 1
        above[parent] = node_hash(left, known[right]) if right < count else left
    return above


class Tree:
    """A whole tree in memory, for checking: some 200 bytes a case."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = [[]]

    def __len__(self) -> int:
        return len(self._levels[0])

    @property
    def root(self) -> bytes:
        return self._levels[-1][0] if len(self) else EMPTY_ROOT

    def put(self, leaves: Mapping[int, bytes]) -> dict[tuple[int, int], bytes]:
        """Set leaves by place; the nodes that changed by (level, place), the leaves and the root among them.

        ValueError: a place was left out, and the tree would have a hole.
        """
        size = max(len(self), max(leaves, default=-1) + 1)
        changed: Mapping[int, bytes] = leaves
        told: dict[tuple[int, int], bytes] = {}
        for level, count in enumerate(counts(size)):
            if level == len(self._levels):
                self._levels.append([])
            row = self._levels[level]
            for place in sorted(changed):
                told[level, place] = changed[place]
                if place == len(row):
                    row.append(changed[place])
                elif place < len(row):
                    row[place] = changed[place]
                else:
                    raise ValueError(f"place {len(row)} is empty")
            if count > 1:
                changed = lifted(changed, {place: row[place] for place in partners(changed, count)}, count)
        return told

    def path(self, place: int) -> list[bytes]:
        """The partners of a leaf on its way to the root."""
        found = []
        for row, count in zip(self._levels, counts(len(self)), strict=False):
            if count > 1 and place ^ 1 < count:
                found.append(row[place ^ 1])
            place >>= 1
        return found


def steps(place: int, leaves: int) -> Iterator[tuple[int, int]]:
    """(level, place) of each partner that the path of a leaf needs, from below."""
    for level, count in enumerate(counts(leaves)):
        if count > 1 and place ^ 1 < count:
            yield level, place ^ 1
        place >>= 1


def root_by(leaf: bytes, place: int, leaves: int, path: Sequence[bytes]) -> bytes | None:
    """The root to which a path leads; None when its length is not that of the place, or there is no such place."""
    wanted = list(steps(place, leaves))
    if not 0 <= place < leaves or len(wanted) != len(path):
        return None
    node = leaf
    for (_, partner), other in zip(wanted, path, strict=True):
        node = node_hash(other, node) if partner % 2 == 0 else node_hash(node, other)
    return node
