"""What the anchors say of one case, by their proofs alone: no other case is read, however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.anchor_key import is_signed
from ledger.anchors import Anchor, Leaf, from_row, latest, leaves_of, prove
from ledger.chain import Break
from ledger.witness import Witness, anchor_broken


async def check_proofs(
    connection: AsyncConnection, case_id: str, kept: Mapping[int, str], ours: Sequence[str] = ()
) -> Witness:
    """The anchors that saw a case anew, the last one and those that were kept, each checked with the case's proof."""
    witness = Witness()
    leaves = await leaves_of(connection, case_id)
    last = await latest(connection)
    numbers = {leaf.anchor for leaf in leaves} | ({last.number} if last else set()) | kept.keys()
    for anchor in await _named(connection, numbers | {number - 1 for number in numbers}, case_id):
        witness.anchors[anchor.number] = anchor
    for number in sorted(numbers & witness.anchors.keys()):
        if (wrong := await _wrong(connection, witness.anchors[number], leaves, kept)) is not None:
            witness.faults.append(anchor_broken(number, wrong))
    witness.compare_keys(ours)
    missing = sorted(numbers - witness.anchors.keys())
    witness.faults += [anchor_broken(number, Break.ANCHOR_GONE) for number in missing]
    return witness


async def _wrong(
    connection: AsyncConnection, anchor: Anchor, leaves: tuple[Leaf, ...], kept: Mapping[int, str]
) -> Break | None:
    if kept.get(anchor.number, anchor.hash) != anchor.hash:
        return Break.NOT_KEPT
    if anchor.hash != anchor.digest:
        return Break.CHANGED
    if not is_signed(anchor.text, signature=anchor.signature, public=anchor.key):
        return Break.UNSIGNED
    leaf = standing(leaves, anchor.number)
    if leaf is not None and not (await prove(connection, leaf, anchor)).holds(anchor):
        return Break.LEAVES
    return None


def standing(leaves: tuple[Leaf, ...], number: int) -> Leaf | None:
    """The head of a case as it stood in an anchor: the last one seen up to then; None when it was not covered yet."""
    return max((leaf for leaf in leaves if leaf.anchor <= number), key=lambda leaf: leaf.anchor, default=None)


async def _named(connection: AsyncConnection, numbers: set[int], case_id: str) -> list[Anchor]:
    """The anchors with these numbers, and those that refused the case."""
    a = tables.anchors.c
    refused = and_(a.refused != "[]", a.refused.contains(f'"{case_id}"', autoescape=True))
    query = select(tables.anchors).where(or_(a.number.in_(numbers), refused)).order_by(a.number)
    return [from_row(row) for row in await connection.execute(query)]
