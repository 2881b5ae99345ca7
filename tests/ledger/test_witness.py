"""Do the anchors hold: each by itself, one after another, and the trees over what they saw; on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.anchor_key import AnchorKey, make_key
from ledger.anchors import LATE_COMMIT, Anchor, Leaf
from ledger.canonical import GENESIS
from ledger.chain import Break
from ledger.witness import Witness, anchor_broken, check_anchors, wrong_with
from ledger.work import Ledger
from tests.conftest import FRIDAY_NOON, ClockThatIsSet
from tests.ledger.anchored import OTHER, anchored, note, rewrite, spoil

Told = list[tuple[object, object]]
"""(number of the anchor, what is wrong with it)."""


async def checked(ledger: Ledger, kept: Mapping[int, str] | None = None) -> Witness:
    async with ledger.read_through() as connection:
        return await check_anchors(connection, kept or {})


def told(witness: Witness) -> Told:
    return [(fault.facts["anchor"], fault.facts["reason"]) for fault in witness.faults]


def made(key: AnchorKey, number: int = 1, previous: str = GENESIS, **more: Any) -> Anchor:
    """An anchor that was signed as anchors are."""
    stated: dict[str, Any] = {
        "number": number, "at": FRIDAY_NOON + timedelta(hours=number), "previous": previous, "cases": 1, "events": 1,
        "root": GENESIS, "refused": (), "key": key.public, "next_key": "", **more,
    }  # fmt: skip
    unsigned = Anchor(**stated, hash="", signature="")
    return replace(unsigned, hash=unsigned.digest, signature=key.sign(unsigned.text))


# --- one anchor --------------------------------------------------------------------------------------------


def test_an_anchor_that_follows_the_one_before_it_is_right(key: AnchorKey) -> None:
    first = made(key)
    assert wrong_with(first, None) is None
    assert wrong_with(made(key, 2, first.hash), first) is None


def test_what_is_wrong_with_an_anchor_is_told_the_gap_first(key: AnchorKey, tmp_path: Path) -> None:
    other = make_key(tmp_path / "other.pem")
    first = made(key)
    assert wrong_with(made(key, 2, first.hash), None) is Break.GAP
    assert wrong_with(made(key, 3, first.hash), first) is Break.GAP
    assert wrong_with(replace(made(key, 2, first.hash), cases=2), first) is Break.CHANGED
    assert wrong_with(made(key, 2, GENESIS), first) is Break.DETACHED
    assert wrong_with(replace(first, signature=made(key, 2).signature), None) is Break.UNSIGNED
    assert wrong_with(replace(first, signature="no hexadecimal digits"), None) is Break.UNSIGNED
    assert wrong_with(made(other, 2, first.hash), first) is Break.OTHER_KEY


def test_a_key_that_was_handed_over_signs_and_the_old_one_does_not(key: AnchorKey, tmp_path: Path) -> None:
    other = make_key(tmp_path / "other.pem")
    handing_over = made(key, next_key=other.public)
    assert wrong_with(made(other, 2, handing_over.hash), handing_over) is None
    assert wrong_with(made(key, 2, handing_over.hash), handing_over) is Break.OTHER_KEY


def test_a_fault_says_in_both_languages_what_it_is() -> None:
    fault = anchor_broken(2, Break.UNSIGNED)
    assert "ลายมือชื่อดิจิทัลไม่ถูกต้อง" in fault.message_th
    assert "its signature does not fit" in str(fault)


# --- what a witness knows ----------------------------------------------------------------------------------


def witness(key: AnchorKey) -> Witness:
    """Three anchors at 13, 14 and 15 o'clock of the Friday; the third refuses the case."""
    anchors = [made(key, number, refused=(OTHER,) if number == 3 else ()) for number in (1, 2, 3)]
    return Witness({anchor.number: anchor for anchor in anchors})


def leaf(anchor: int, seq: int) -> Leaf:
    return Leaf(case_id=OTHER, anchor=anchor, place=0, seq=seq, hash=GENESIS)


def test_damage_lies_between_the_anchor_that_saw_the_event_and_the_one_that_refused_its_case(key: AnchorKey) -> None:
    facts = witness(key).window(OTHER, 4, [leaf(1, 2), leaf(2, 5)])
    assert (facts["since"], facts["until"]) == (2, 3)
    assert facts["window"] == "; after anchor 2 (2018-04-20 07:00 UTC) and before anchor 3 (2018-04-20 08:00 UTC)"
    assert "เกิดขึ้นหลังหมุดหลักฐานที่ 2" in str(facts["window_th"])
    assert "และก่อนหมุดที่ 3" in str(facts["window_th"])


def test_the_anchor_that_saw_it_first_counts_and_only_the_refusal_of_this_case(key: AnchorKey) -> None:
    known = witness(key)
    assert known.window(OTHER, 2, [leaf(2, 5), leaf(1, 2)])["since"] == 1
    assert known.window("another", 4, [leaf(2, 5)])["until"] is None


def test_what_no_anchor_has_seen_may_have_been_touched_at_any_time(key: AnchorKey) -> None:
    assert witness(key).window(OTHER, 6, [leaf(1, 2), leaf(2, 5)]) == {}
    assert witness(key).window(OTHER, 1, []) == {}
    assert Witness().window(OTHER, 1, [leaf(1, 2)]) == {}, "its anchor is gone"


def test_an_event_older_than_an_anchor_that_does_not_know_it_was_put_in_afterwards(key: AnchorKey) -> None:
    """Between the moment that an event carries and its commit lies an hour at the most."""
    known = witness(key)
    assert known.latest is known.anchors[3]
    at = known.anchors[3].at - LATE_COMMIT
    assert not known.contradicts(at, None)
    assert known.contradicts(at - timedelta(microseconds=1), None)
    # Seen first by anchor 2: only anchor 1 did not know it.
    assert not known.contradicts(known.anchors[1].at - LATE_COMMIT, 2)
    assert known.contradicts(known.anchors[1].at - LATE_COMMIT - timedelta(microseconds=1), 2)
    assert not known.contradicts(FRIDAY_NOON - timedelta(days=365), 1), "the first anchor has none before it"
    assert not Witness().contradicts(FRIDAY_NOON, None)
    assert Witness().latest is None


# --- all anchors of a ledger -------------------------------------------------------------------------------


async def test_anchors_that_were_left_alone_hold(played: Any, ledger: Ledger) -> None:
    first, second = await played()
    found = await checked(ledger, {1: first.hash, 2: second.hash})
    assert (told(found), found.anchors, found.latest) == ([], {1: first, 2: second}, second)


async def test_a_ledger_without_anchors_has_nothing_to_check(ledger: Ledger) -> None:
    found = await checked(ledger)
    assert (found.anchors, found.faults) == ({}, [])
    assert told(await checked(ledger, {1: GENESIS})) == [(1, Break.ANCHOR_GONE)]


DAMAGES: list[tuple[str, list[str], Told]] = [
    ("the first one is taken away", [
        "DELETE FROM anchor_nodes WHERE anchor = 1", "DELETE FROM anchor_leaves WHERE anchor = 1",
        "DELETE FROM anchors WHERE number = 1",
    ], [(2, Break.GAP), (2, Break.LEAVES)]),
    ("another one before it is named", [f"UPDATE anchors SET previous = '{'1' * 64}' WHERE number = 2"],
     [(2, Break.CHANGED)]),
    ("a head that it saw is taken away", [f"DELETE FROM anchor_leaves WHERE case_id = '{OTHER}' AND anchor = 1"],
     [(1, Break.LEAVES)]),
    ("a head is claimed that it never saw",
     [f"INSERT INTO anchor_leaves SELECT 'invented', 2, 3, 1, hash FROM anchor_leaves WHERE case_id = '{OTHER}'"
      " AND anchor = 1"], [(2, Break.LEAVES)]),
    ("heads of both are changed, the second follows from the first",
     [f"UPDATE anchor_leaves SET hash = '{'1' * 64}' WHERE case_id = '{OTHER}'"], [(1, Break.LEAVES)]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "sql", "faults"), DAMAGES, ids=[row[0] for row in DAMAGES])
async def test_damage_to_anchors_is_named(played: Any, ledger: Ledger, what: str, sql: list[str], faults: Told) -> None:
    await played()
    await spoil(ledger, sql)
    assert told(await checked(ledger)) == faults


async def test_that_the_last_anchor_is_gone_only_the_keeper_knows(played: Any, ledger: Ledger) -> None:
    first, second = await played()
    await spoil(ledger, [f"DELETE FROM {table} WHERE anchor = 2" for table in ("anchor_nodes", "anchor_leaves")])
    await spoil(ledger, ["DELETE FROM anchors WHERE number = 2"])
    assert told(await checked(ledger)) == []
    assert told(await checked(ledger, {1: first.hash, 2: second.hash})) == [(2, Break.ANCHOR_GONE)]


async def test_an_anchor_that_was_kept_otherwise_is_not_the_one(played: Any, ledger: Ledger) -> None:
    first, _ = await played()
    assert told(await checked(ledger, {1: first.hash, 2: GENESIS, 7: GENESIS})) == [
        (7, Break.ANCHOR_GONE), (2, Break.NOT_KEPT),
    ]  # fmt: skip


async def test_an_anchor_that_saw_no_head_anew_holds_as_well(
    played: Any, ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet
) -> None:
    """It refuses a case, which is news; the tree stays as it was."""
    await played()
    await anchored(ledger, key, clock)
    await rewrite(ledger, OTHER, 2, '{"said":"x"}')
    await note(ledger, OTHER, "e")
    refusing = await anchored(ledger, key, clock)
    assert refusing.refused == (OTHER,)
    async with ledger.read_through() as connection:
        found = await check_anchors(connection, {})
    assert (told(found), found.latest) == ([], refusing)
    assert found.window(OTHER, 2, [leaf(2, 4)])["until"] == refusing.number
