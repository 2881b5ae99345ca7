"""One case is checked against the anchors by its proofs, whatever has become of the others; on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ledger.anchor_key import AnchorKey
from ledger.anchors import Leaf
from ledger.canonical import GENESIS
from ledger.chain import Break
from ledger.proving import check_proofs, standing
from ledger.witness import Witness
from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.ledger.anchored import OTHER, anchored, note, rewrite, spoil
from tests.ledger.scene import DIRECTIVE, WEEK, opened, statements

Told = list[tuple[object, object]]
"""(number of the anchor, what is wrong with it)."""
NEW = "directive-2561-0009"


async def checked(ledger: Ledger, case_id: str, kept: Mapping[int, str] | None = None) -> Witness:
    async with ledger.read_through() as connection:
        return await check_proofs(connection, case_id, kept or {})


async def told(ledger: Ledger, case_id: str, kept: Mapping[int, str] | None = None) -> Told:
    return [(each.facts["anchor"], each.facts["reason"]) for each in (await checked(ledger, case_id, kept)).faults]


def leaf(anchor: int) -> Leaf:
    return Leaf(case_id=OTHER, anchor=anchor, place=0, seq=anchor, hash=GENESIS)


def test_a_case_stands_in_an_anchor_as_it_was_last_seen_by_then() -> None:
    leaves = (leaf(5), leaf(2))
    assert [standing(leaves, number) for number in (1, 2, 4, 5, 9)] == [None, leaf(2), leaf(2), leaf(5), leaf(5)]
    assert standing((), 3) is None


async def test_every_case_is_proved_and_its_anchors_are_known(played: Any, ledger: Ledger) -> None:
    first, second = await played()
    for case_id in (DIRECTIVE, WEEK, OTHER):
        found = await checked(ledger, case_id, {1: first.hash, 2: second.hash})
        assert (found.faults, found.anchors) == ([], {1: first, 2: second})


async def test_a_ledger_without_anchors_proves_nothing(ledger: Ledger) -> None:
    await opened(ledger)
    found = await checked(ledger, DIRECTIVE)
    assert (found.anchors, found.faults) == ({}, [])


DAMAGES: list[tuple[str, str, dict[str, Told]]] = [
    ("the moment of an anchor", "UPDATE anchors SET at = '2018-04-20 05:00:00.000000' WHERE number = 2",
     {OTHER: [(2, Break.CHANGED)], WEEK: [(2, Break.CHANGED)], NEW: [(2, Break.CHANGED)]}),
    ("the signature of the first", f"UPDATE anchors SET signature = '{'0' * 128}' WHERE number = 1",
     {OTHER: [(1, Break.UNSIGNED)], WEEK: [(1, Break.UNSIGNED)], NEW: []}),
    ("the head of one case", f"UPDATE anchor_leaves SET seq = 3 WHERE case_id = '{OTHER}' AND anchor = 2",
     {OTHER: [(2, Break.LEAVES)], WEEK: [], NEW: []}),
    ("the first head of one case",
     f"UPDATE anchor_leaves SET hash = '{GENESIS}' WHERE case_id = '{OTHER}' AND anchor = 1",
     {OTHER: [(1, Break.LEAVES)], WEEK: [], NEW: []}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "sql", "faults"), DAMAGES, ids=[row[0] for row in DAMAGES])
async def test_damage_is_named_for_the_cases_that_it_concerns(
    played: Any, ledger: Ledger, what: str, sql: str, faults: dict[str, Told]
) -> None:
    """A case that no anchor has seen yet is judged by the last anchor alone."""
    await played()
    await opened(ledger, NEW)
    await spoil(ledger, [sql])
    assert {case_id: await told(ledger, case_id) for case_id in faults} == faults


async def test_a_head_of_another_case_that_was_changed_does_not_concern_this_one(played: Any, ledger: Ledger) -> None:
    """No leaf but its own is read: the nodes of the tree are kept beside the leaves."""
    await played()
    await spoil(ledger, [f"UPDATE anchor_leaves SET hash = '{GENESIS}' WHERE case_id <> '{WEEK}'"])
    assert await told(ledger, WEEK) == []
    assert await told(ledger, DIRECTIVE) == [(1, Break.LEAVES), (2, Break.LEAVES)]


async def test_what_was_kept_outside_is_compared(played: Any, ledger: Ledger) -> None:
    first, second = await played()
    await opened(ledger, NEW)
    assert await told(ledger, NEW, {1: first.hash, 2: second.hash}) == []
    assert await told(ledger, NEW, {1: GENESIS, 2: second.hash}) == [(1, Break.NOT_KEPT)]
    assert await told(ledger, OTHER, {2: GENESIS, 9: second.hash}) == [(2, Break.NOT_KEPT), (9, Break.ANCHOR_GONE)]


async def test_the_anchor_that_refused_a_case_is_known_though_later_ones_came(
    played: Any, ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet
) -> None:
    """It dates the damage; a case whose id differs in one sign only is not meant."""
    await played()
    await opened(ledger, NEW)
    await anchored(ledger, key, clock)
    await rewrite(ledger, OTHER, 2, '{"said":"x"}')
    await note(ledger, OTHER, "e")
    refusing = await anchored(ledger, key, clock)
    for said in ("a", "b"):
        await note(ledger, WEEK, said)
        last = await anchored(ledger, key, clock)
    assert (refusing.number, refusing.refused, last.number) == (4, (OTHER,), 6)
    found = await checked(ledger, OTHER)
    # 1 to 3 saw it anew, 4 refuses it, 6 is the last one and 5 the one before that.
    assert (sorted(found.anchors), found.faults) == ([1, 2, 3, 4, 5, 6], [])
    assert sorted((await checked(ledger, NEW)).anchors) == [2, 3, 5, 6], "first seen by 3, which follows 2"
    assert sorted((await checked(ledger, "directive_2561_0008")).anchors) == [5, 6]


async def test_the_questions_asked_for_one_case_do_not_grow_with_the_others(
    ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet
) -> None:
    await opened(ledger, "case-00")
    await opened(ledger, "case-01")
    await anchored(ledger, key, clock)
    with statements(ledger.engine) as few:
        await checked(ledger, "case-00")
    for number in range(2, 40):
        await opened(ledger, f"case-{number:02}")
    await anchored(ledger, key, clock)
    with statements(ledger.engine) as many:
        await checked(ledger, "case-00")
    assert len(many) <= len(few) + 2, "one more anchor to be proved against, and nothing for 38 more cases"
