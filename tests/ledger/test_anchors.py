"""Anchors: what each damage is called, where and between which anchors it happened; tried on the database itself."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import anchors, tables, verify
from ledger.anchor_key import AnchorKey, is_signed, make_key, read_key
from ledger.anchoring import anchor
from ledger.anchors import Anchor
from ledger.canonical import GENESIS
from ledger.chain import Break
from ledger.database import open_database
from ledger.errors import (
    AnchorKeyDoesNotFollow,
    AnchorKeyIsExposed,
    AnchorKeyIsMissing,
    AnchorKeyIsUnusable,
    AnchorKeyStands,
)
from ledger.verify import Verification, verify_all, verify_one
from ledger.witness import Witness, check_anchors
from ledger.work import Ledger
from tests.conftest import FRIDAY_NOON, ClockThatIsSet
from tests.ledger.anchored import OTHER, Sql, anchored, note, rewrite, spoil
from tests.ledger.scene import DIRECTIVE, WEEK, opened, rows, statements, story

# --- making ------------------------------------------------------------------------------------------------


async def test_an_anchor_covers_every_case_and_every_event(played: Any, ledger: Ledger) -> None:
    first, second = await played()
    found = await verify_all(ledger)
    assert (found.broken, found.anchors, found.uncovered) == ((), 2, 1)
    assert (first.number, first.cases, first.previous, first.refused) == (1, 3, GENESIS, ())
    assert (second.number, second.cases, second.previous) == (2, 3, first.hash)
    assert second.events == first.events + 3 == found.events - 1
    assert is_signed(second.text, signature=second.signature, public=second.key)
    assert json.loads(second.text)["root"] == second.root


class Passes(dict[int, Anchor]):
    """Anchors by number, and how often somebody goes through all of them."""

    passes = 0

    def __iter__(self) -> Iterator[int]:
        self.passes += 1
        return super().__iter__()

    def values(self) -> Any:
        self.passes += 1
        return super().values()


async def test_the_anchors_are_gone_through_once_however_many_cases_and_heads_they_saw(
    played: Any, ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    await played()
    for number in range(5):
        await note(ledger, OTHER, f"{number}")
        await anchored(ledger, key, clock)
    found: list[Passes] = []

    async def counted(*asked: Any) -> Witness:
        witness = await check_anchors(*asked)
        witness.anchors = Passes(witness.anchors)
        found.append(witness.anchors)
        return witness

    monkeypatch.setattr(verify, "check_anchors", counted)
    assert (await verify_all(ledger)).whole
    assert [anchors.passes for anchors in found] == [1]


async def test_without_news_no_anchor_is_made(played: Any, ledger: Ledger, key: AnchorKey) -> None:
    await played()
    assert await anchor(ledger, key) is not None
    assert await anchor(ledger, key) is None


async def test_an_empty_ledger_has_nothing_to_anchor(ledger: Ledger, key: AnchorKey) -> None:
    assert await anchor(ledger, key) is None


async def test_an_anchor_writes_for_the_cases_that_changed_only(
    ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet
) -> None:
    for number in range(40):
        await opened(ledger, f"case-{number:02}")
    await anchored(ledger, key, clock)
    clock.advance(hours=2)
    await note(ledger, "case-07", "a")
    with statements(ledger.engine) as sent:
        await anchored(ledger, key, clock)
    seen = await rows(ledger, tables.anchor_leaves, "case_id", "anchor")
    assert [case_id for case_id, number in seen if number == 2] == ["case-07"]
    nodes = await rows(ledger, tables.anchor_nodes, "level", "place", "anchor")
    assert [place for _, place, number in nodes if number == 2] == [7, 3, 1, 0, 0, 0, 0]
    assert len(sent) <= 15
    assert (await verify_all(ledger)).whole


async def test_every_case_is_proved_against_every_anchor_without_the_others(played: Any, ledger: Ledger) -> None:
    made = await played()
    async with ledger.read() as connection:
        for case_id in (DIRECTIVE, WEEK, OTHER):
            for leaf in await anchors.leaves_of(connection, case_id):
                for one in made[leaf.anchor - 1 :]:
                    proof = await anchors.prove(connection, leaf, one)
                    still = leaf.anchor == one.number or case_id != OTHER
                    assert proof.holds(one) is still, "an old head of a case is not in the later anchor"
                    assert not replace(proof, leaf=replace(leaf, seq=leaf.seq + 1)).holds(one)


# --- damage, with SQL --------------------------------------------------------------------------------------

EVENT = f"UPDATE events SET {{}} WHERE case_id = '{OTHER}' AND seq = "
LAST = f"DELETE FROM events WHERE case_id = '{OTHER}' AND seq = "
HEAD = f"""UPDATE cases SET head_seq = {{0}}, head_hash =
    (SELECT hash FROM events WHERE case_id = '{OTHER}' AND seq = {{0}}) WHERE id = '{OTHER}'"""
SWAP = (
    f"UPDATE events SET seq = 99 WHERE case_id = '{OTHER}' AND seq = 2",
    f"UPDATE events SET seq = 2 WHERE case_id = '{OTHER}' AND seq = 3",
    f"UPDATE events SET seq = 3 WHERE case_id = '{OTHER}' AND seq = 99",
)
PUSHED = tuple(f"UPDATE events SET seq = {n + 1} WHERE case_id = '{OTHER}' AND seq = {n}" for n in (5, 4, 3, 2))
INSERTED = (
    *PUSHED,
    f"""INSERT INTO events SELECT case_id, 2, at, kind, key, actor, '{{{{"said":"x"}}}}', prev_hash, hash
        FROM events WHERE case_id = '{OTHER}' AND seq = 3""".replace("{{", "{").replace("}}", "}"),
    HEAD.format(6),
)
DROPPED = (
    f"DELETE FROM events WHERE case_id = '{OTHER}' AND seq = 2",
    *(f"UPDATE events SET seq = {n - 1} WHERE case_id = '{OTHER}' AND seq = {n}" for n in (3, 4, 5)),
    HEAD.format(4),
)
GONE = tuple(f"DELETE FROM {table} WHERE {'id' if table == 'cases' else 'case_id'} = '{OTHER}'" for table in (
    "events", "cases",
))  # fmt: skip

DAMAGES: list[tuple[str, Sql, tuple[int, Break, int | None]]] = [
    ("an event is changed", [EVENT.format("payload = '{}'") + "3"], (3, Break.CHANGED, 2)),
    ("an actor is changed", [EVENT.format("actor = '{}'") + "1"], (1, Break.CHANGED, 1)),
    ("a moment is changed", [EVENT.format("at = '2017-01-01 00:00:00.000000'") + "2"], (2, Break.CHANGED, 2)),
    ("the event that no anchor has seen is changed", [EVENT.format("key = 'x'") + "5"], (5, Break.CHANGED, None)),
    ("an event is removed", [LAST + "3"], (4, Break.GAP, 2)),
    ("an event is removed and the others moved up", DROPPED, (2, Break.GAP, 2)),
    ("two events are exchanged", SWAP, (2, Break.REORDERED, 2)),
    ("an event is put in and the others moved on", INSERTED, (2, Break.INSERTED, 2)),
    ("the last event is removed", [LAST + "5"], (4, Break.TRUNCATED, None)),
    ("what an anchor saw is cut off, and the head with it", [LAST + "5", LAST + "4", HEAD.format(3)],
     (3, Break.TRUNCATED, 2)),
    ("a case is taken away", GONE, (4, Break.REMOVED, 2)),
]  # fmt: skip


def only(found: Verification) -> Any:
    (broken,) = found.broken
    return broken.facts


@pytest.mark.parametrize(("what", "sql", "told"), DAMAGES, ids=[row[0] for row in DAMAGES])
async def test_damage_is_found_named_and_dated(
    played: Any, ledger: Ledger, what: str, sql: Sql, told: tuple[int, Break, int | None]
) -> None:
    await played()
    await spoil(ledger, sql)
    for found in (await verify_all(ledger), await verify_one(ledger, OTHER)):
        facts = only(found)
        assert (facts["case"], facts["seq"], facts["reason"], facts["since"]) == (OTHER, *told)
    assert (await verify_one(ledger, WEEK)).whole


async def test_a_chain_computed_anew_is_found_by_the_anchor_that_saw_it(played: Any, ledger: Ledger) -> None:
    await played()
    await rewrite(ledger, OTHER, 2, '{"said":"x"}')
    for found in (await verify_all(ledger), await verify_one(ledger, OTHER)):
        facts = only(found)
        assert (facts["seq"], facts["reason"], facts["since"], facts["until"]) == (4, Break.RECOMPUTED, 2, None)
        assert "หลังหมุดหลักฐานที่ 2" in found.broken[0].message_th


async def test_what_no_anchor_has_seen_yet_can_be_computed_anew(played: Any, ledger: Ledger) -> None:
    """The window that stays open (decision 30): only the next anchor closes it."""
    await played()
    await rewrite(ledger, OTHER, 5, '{"said":"x"}')
    assert (await verify_all(ledger)).whole


async def test_the_next_anchor_refuses_a_case_that_was_computed_anew_and_so_dates_the_damage(
    played: Any, ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet
) -> None:
    await played()
    await rewrite(ledger, OTHER, 2, '{"said":"x"}')
    clock.advance(hours=2)
    await note(ledger, OTHER, "e")
    await note(ledger, WEEK, "e")
    made = await anchored(ledger, key, clock)
    assert made.refused == (OTHER,)
    facts = only(await verify_all(ledger))
    assert (facts["reason"], facts["since"], facts["until"]) == (Break.RECOMPUTED, 2, 3)
    assert await anchor(ledger, key) is None, "a case that is refused once more is no news"


async def test_heads_changed_together_with_the_chain_do_not_fit_the_signed_root(played: Any, ledger: Ledger) -> None:
    await played()
    await rewrite(ledger, OTHER, 2, '{"said":"x"}', with_leaves=True)
    found = await verify_all(ledger)
    assert [(b.facts["anchor"], b.facts["reason"]) for b in found.broken] == [(2, Break.LEAVES)]
    assert [b.facts["reason"] for b in (await verify_one(ledger, OTHER)).broken] == [Break.LEAVES]


async def test_an_event_put_in_at_the_end_with_an_old_date_is_found(
    played: Any, ledger: Ledger, clock: ClockThatIsSet
) -> None:
    await played()
    clock.moment -= timedelta(days=2)
    await opened(ledger, "directive-2561-0001")
    for found in (await verify_all(ledger), await verify_one(ledger, "directive-2561-0001")):
        assert (only(found)["seq"], only(found)["reason"]) == (1, Break.BACKDATED)


ANCHOR_DAMAGES: list[tuple[str, Sql, list[tuple[int, Break]]]] = [
    ("its moment", ["UPDATE anchors SET at = '2018-04-20 05:00:00.000000' WHERE number = 2"], [(2, Break.CHANGED)]),
    ("its root", [f"UPDATE anchors SET root = '{GENESIS}' WHERE number = 1"], [(1, Break.CHANGED), (1, Break.LEAVES)]),
    ("its signature", [f"UPDATE anchors SET signature = '{'0' * 128}' WHERE number = 2"], [(2, Break.UNSIGNED)]),
    ("what it saw", [f"UPDATE anchor_leaves SET seq = 3 WHERE case_id = '{OTHER}' AND anchor = 2"],
     [(2, Break.LEAVES)]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "sql", "told"), ANCHOR_DAMAGES, ids=[row[0] for row in ANCHOR_DAMAGES])
async def test_a_changed_anchor_is_named(
    played: Any, ledger: Ledger, what: str, sql: Sql, told: list[tuple[int, Break]]
) -> None:
    await played()
    await spoil(ledger, sql)
    broken = (await verify_all(ledger)).broken
    assert [(b.facts["anchor"], b.facts["reason"]) for b in broken if "anchor" in b.facts] == told


async def test_anchors_that_were_all_made_anew_are_found_by_the_one_that_was_kept_outside(
    played: Any, ledger: Ledger, key: AnchorKey
) -> None:
    kept = {one.number: one.hash for one in await played()}
    assert (await verify_all(ledger, kept=kept)).whole
    await rewrite(ledger, OTHER, 2, '{"said":"x"}')
    await spoil(ledger, [f"DELETE FROM {table}" for table in ("anchor_nodes", "anchor_leaves", "anchors")])
    assert await anchor(ledger, key) is not None
    assert (await verify_all(ledger)).whole, "whoever holds database and key can make everything anew"
    for found in (await verify_all(ledger, kept=kept), await verify_one(ledger, OTHER, kept=kept)):
        told = {(b.facts["anchor"], b.facts["reason"]) for b in found.broken}
        assert told >= {(1, Break.NOT_KEPT), (2, Break.ANCHOR_GONE)}


PAPERS: list[tuple[str, str, Break]] = [
    ("its content is changed", "UPDATE documents SET content = content || content", Break.PAPER_CHANGED),
    ("its content is gone", "DELETE FROM documents", Break.PAPER_MISSING),
    ("the list names another", f"UPDATE case_documents SET sha256 = '{GENESIS}'", Break.PAPER_UNNAMED),
    ("the list names it otherwise", "UPDATE case_documents SET name = 'x'", Break.PAPER_UNNAMED),
    ("the list has lost it", "DELETE FROM case_documents", Break.PAPER_UNNAMED),
    ("its media type is another", "UPDATE documents SET media_type = 'text/html'", Break.PAPER_UNLIKE),
    ("its size is another", "UPDATE documents SET size = 1", Break.PAPER_UNLIKE),
]


@pytest.mark.parametrize(("what", "sql", "reason"), PAPERS, ids=[row[0] for row in PAPERS])
async def test_a_changed_evidence_file_is_named(ledger: Ledger, what: str, sql: str, reason: Break) -> None:
    await story(ledger)
    assert (await verify_all(ledger)).documents == 1
    await spoil(ledger, [sql])
    for found in (await verify_all(ledger), await verify_one(ledger, DIRECTIVE)):
        assert (only(found)["case"], only(found)["name"], only(found)["reason"]) == (DIRECTIVE, "แนบ.txt", reason)


# --- keys --------------------------------------------------------------------------------------------------


async def test_a_key_is_handed_over_by_an_anchor_and_no_other_key_is_taken(
    played: Any, ledger: Ledger, key: AnchorKey, tmp_path: Path
) -> None:
    await played()
    other = make_key(tmp_path / "next.pem")
    with pytest.raises(AnchorKeyDoesNotFollow):
        await anchor(ledger, other)
    assert await anchor(ledger, key, hand_over_to=other.public) is not None
    with pytest.raises(AnchorKeyDoesNotFollow):
        await anchor(ledger, key)
    await note(ledger, OTHER, "e")
    made = await anchor(ledger, other)
    assert made is not None
    assert made.key == other.public
    assert (await verify_all(ledger)).whole
    await spoil(ledger, ["UPDATE anchors SET next_key = '' WHERE number = 3"])
    told = [(b.facts["anchor"], b.facts["reason"]) for b in (await verify_all(ledger)).broken]
    assert told == [(3, Break.CHANGED), (4, Break.OTHER_KEY)]


def test_a_key_is_its_owners_only_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "anchor.pem"
    made = make_key(file)
    assert (file.stat().st_mode & 0o777, read_key(file).public) == (0o600, made.public)
    with pytest.raises(AnchorKeyStands):
        make_key(file)
    file.chmod(0o640)
    with pytest.raises(AnchorKeyIsExposed):
        read_key(file)
    with pytest.raises(AnchorKeyIsMissing):
        read_key(tmp_path / "none.pem")
    with os.fdopen(os.open(tmp_path / "other.pem", os.O_CREAT | os.O_WRONLY, 0o600), "w") as out:
        out.write("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    with pytest.raises(AnchorKeyIsUnusable):
        read_key(tmp_path / "other.pem")


# --- nothing escapes ---------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_random_damage_is_never_missed(data: st.DataObject, migrated_file: Path, tmp_path: Path) -> None:
    """Any field of any event, any event, any head that an anchor has seen; each time on a ledger of its own."""
    clock = ClockThatIsSet(FRIDAY_NOON)
    file = tmp_path / f"{uuid.uuid4().hex}.db"
    shutil.copyfile(migrated_file, file)
    ledger = Ledger(open_database(f"sqlite+aiosqlite:///{file}"), clock)
    try:
        await story(ledger)
        await anchored(ledger, make_key(file.with_suffix(".pem")), clock)
        table, change = data.draw(st.sampled_from(CHANGES))
        place = f"{data.draw(st.integers(0, 30))} % (SELECT count(*) FROM {table})"
        await spoil(
            ledger, [f"{change} WHERE rowid = (SELECT rowid FROM {table} ORDER BY rowid LIMIT 1 OFFSET {place})"]
        )
        found = await verify_all(ledger)
        assert not found.whole, change
        assert all(broken.message_th and broken.message_en for broken in found.broken)
    finally:
        await ledger.engine.dispose()
        file.unlink()


CHANGES = [
    ("events", "DELETE FROM events"),
    *(("events", f"UPDATE events SET {column} = {column} || 'x'") for column in (
        "kind", "key", "actor", "payload", "prev_hash", "hash",
    )),
    ("events", "UPDATE events SET seq = seq + 1000"),
    ("events", "UPDATE events SET at = datetime(at, '+1 second') || '.000000'"),
    ("events", "UPDATE events SET payload = replace(payload, '}', ' }')"),
    ("cases", "UPDATE cases SET head_seq = head_seq + 1"),
    ("cases", "UPDATE cases SET head_hash = lower(hex(randomblob(32)))"),
    ("documents", "UPDATE documents SET content = randomblob(9)"),
    ("documents", "DELETE FROM documents"),
    ("case_documents", "DELETE FROM case_documents"),
    ("anchors", "UPDATE anchors SET cases = cases + 1"),
    ("anchors", "UPDATE anchors SET events = events + 1"),
    ("anchors", "UPDATE anchors SET refused = '[\"x\"]'"),
    ("anchors", "UPDATE anchors SET key = lower(hex(randomblob(32)))"),
    ("anchor_leaves", "UPDATE anchor_leaves SET hash = lower(hex(randomblob(32)))"),
    ("anchor_leaves", "UPDATE anchor_leaves SET place = place + 1000"),
    ("anchor_leaves", "DELETE FROM anchor_leaves"),
    ("anchor_nodes", "DELETE FROM anchor_nodes"),
    ("anchor_nodes", "UPDATE anchor_nodes SET hash = randomblob(32)"),
    ("anchor_nodes", "UPDATE anchor_nodes SET level = level + 1000"),
    ("documents", "UPDATE documents SET content = content || x'ff'"),
    ("events", "UPDATE events SET at = 'x'"),
    ("events", "UPDATE events SET payload = 'x'"),
    ("events", "UPDATE events SET actor = x'ff'"),
    ("anchors", "UPDATE anchors SET refused = 'x'"),
    ("anchors", "UPDATE anchors SET at = 'x'"),
    ("anchors", "UPDATE anchors SET root = x'ff'"),
]  # fmt: skip
