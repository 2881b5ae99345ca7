"""Forgery by whoever holds the database, and rows spoiled beyond reading: named, and nothing else is hidden by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from ledger import anchors, mails, tables
from ledger.anchor_key import AnchorKey, make_key, public_keys
from ledger.anchoring import anchor
from ledger.canonical import GENESIS
from ledger.chain import Break
from ledger.errors import AnchorsBeginAnew, CaseIsMissing
from ledger.findings import REGISTER, Judgement, NewFinding, sign
from ledger.findings import every as every_finding
from ledger.merkle import Tree
from ledger.restore import differences_everywhere
from ledger.verify import Verification, joined, verify_all, verify_one
from ledger.work import Ledger
from schemas.mail import Notice, Recipient
from tests.conftest import ClockThatIsSet
from tests.ledger.anchored import OTHER, anchored, note, rewrite, spoil
from tests.ledger.scene import DIRECTIVE, SUDA, WEEK, opened, story

Told = set[tuple[object, object]]


def told(found: Verification, name: str = "anchor") -> Told:
    """(number of the anchor, or what else is named; what is wrong with it)."""
    return {(b.facts[name], b.facts["reason"]) for b in found.broken if name in b.facts}


def remarks(found: Verification) -> list[str]:
    return [remark.name for remark in found.remarks]


# --- another key -------------------------------------------------------------------------------------------


async def signed_anew(ledger: Ledger, forger: AnchorKey, *, next_key: str = "") -> None:
    """Every anchor over the heads as they stand now, under the same numbers, signed with the forger's key."""
    async with ledger.read() as connection:
        stored = (await anchors.last_ones(connection, 9))[::-1]
        leaves = (await connection.execute(select(tables.anchor_leaves).order_by(tables.anchor_leaves.c.anchor))).all()
    tree, previous = Tree(), GENESIS
    async with ledger.engine.begin() as connection:
        await connection.execute(delete(tables.anchor_nodes))
        for one in stored:
            changed = tree.put({
                leaf.place: leaf.node for leaf in map(anchors.leaf_from_row, leaves) if leaf.anchor == one.number
            })  # fmt: skip
            await connection.execute(insert(tables.anchor_nodes), [
                {"level": level, "place": place, "anchor": one.number, "hash": node}
                for (level, place), node in changed.items()
            ])  # fmt: skip
            last = one is stored[-1]
            said = anchors.Statement(
                number=one.number, at=one.at, previous=previous, cases=one.cases, events=one.events,
                root=tree.root.hex(), refused=(), key=forger.public, next_key=next_key if last else "",
            )  # fmt: skip
            previous = said.digest
            row = {"previous": said.previous, "root": said.root, "key": said.key, "next_key": said.next_key}
            signature = {"hash": said.digest, "signature": forger.sign(said.text)}
            await connection.execute(
                update(tables.anchors).where(tables.anchors.c.number == one.number).values(row | signature)
            )


async def test_a_forgery_that_is_whole_in_itself_is_not_signed_with_our_key(
    played: Any, ledger: Ledger, key: AnchorKey, tmp_path: Path
) -> None:
    await played()
    assert remarks(await verify_all(ledger, ours=[key.public])) == []
    await rewrite(ledger, OTHER, 2, '{"said":"x"}', with_leaves=True)
    await signed_anew(ledger, make_key(tmp_path / "forged.pem"))
    blind = await verify_all(ledger)
    assert (blind.broken, remarks(blind)) == ((), ["key_not_compared"]), "without a key nothing can tell, which is said"
    for found in (await verify_all(ledger, ours=[key.public]), await verify_one(ledger, WEEK, ours=[key.public])):
        assert told(found) == {(2, Break.FOREIGN_KEY)}


async def test_a_forger_who_hands_over_to_our_key_is_found_and_remarked_when_ours_has_signed_on(
    played: Any, ledger: Ledger, key: AnchorKey, tmp_path: Path
) -> None:
    await played()
    await rewrite(ledger, OTHER, 2, '{"said":"x"}', with_leaves=True)
    await signed_anew(ledger, make_key(tmp_path / "forged.pem"), next_key=key.public)
    assert told(await verify_all(ledger, ours=[key.public])) == {(2, Break.FOREIGN_KEY)}
    assert await anchor(ledger, key) is not None
    found = joined([await verify_one(ledger, case, ours=[key.public]) for case in (OTHER, WEEK)])
    for each in (await verify_all(ledger, ours=[key.public]), found):
        assert (each.broken, remarks(each), each.remarks[0].facts["number"]) == ((), ["key_not_held"], 2)


async def test_a_key_that_was_rotated_is_ours_as_long_as_it_is_kept_beside_the_new_one(
    played: Any, ledger: Ledger, key: AnchorKey, tmp_path: Path
) -> None:
    await played()
    (tmp_path / "anchor.pem").rename(tmp_path / "anchor.until-3")
    new = make_key(tmp_path / "anchor.pem")
    ours = public_keys(tmp_path / "anchor.pem")
    assert ours == (new.public, key.public)
    assert told(await verify_all(ledger, ours=ours)) == {(2, Break.FOREIGN_KEY)}, "nothing names the new one"
    await anchor(ledger, key, hand_over_to=new.public)
    for _ in range(2):
        found = await verify_all(ledger, ours=ours)
        assert (found.broken, remarks(found)) == ((), [])
        await note(ledger, OTHER, "e")
        await anchor(ledger, new)


async def test_anchors_that_were_wiped_out_do_not_begin_anew_unless_somebody_says_so(
    played: Any, ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet
) -> None:
    await played()
    await spoil(ledger, [f"DELETE FROM {table}" for table in ("anchor_nodes", "anchor_leaves", "anchors")])
    await rewrite(ledger, OTHER, 2, '{"said":"x"}')
    assert remarks(await verify_all(ledger, ours=[key.public])) == ["no_anchor"]
    clock.advance(days=1)
    with pytest.raises(AnchorsBeginAnew, match="history begins at 2018-04-20 05:00 UTC"):
        await anchor(ledger, key)
    assert await anchor(ledger, key, first=True) is not None
    found = await verify_all(ledger, ours=[key.public])
    assert (found.broken, remarks(found)) == ((), ["anchors_begin_late"])
    assert found.remarks[0].facts["since"] == "2018-04-20 05:00 UTC"
    assert found.remarks[0].facts["at"] == "2018-04-21 15:00 UTC"


async def test_anchors_that_were_cut_off_and_made_anew_leave_events_that_waited_for_one(
    played: Any, ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet
) -> None:
    await played()
    await anchor(ledger, key)
    clock.advance(days=4)  # nothing happens on a long weekend, and that is no pause
    for _ in range(3):
        await note(ledger, OTHER, "d")
        await anchor(ledger, key)
        clock.advance(hours=13)
    assert remarks(await verify_all(ledger, ours=[key.public])) == []
    await spoil(ledger, [
        *(f"DELETE FROM {table} WHERE anchor > 3" for table in ("anchor_nodes", "anchor_leaves")),
        "DELETE FROM anchors WHERE number > 3",
    ])  # fmt: skip
    await anchor(ledger, key)
    found = await verify_all(ledger, ours=[key.public])
    assert (found.broken, remarks(found)) == ((), ["anchors_paused"])
    facts = found.remarks[0].facts
    assert (facts["pauses"], facts["after"], facts["next"], facts["hours"]) == (1, 3, 4, 39)


# --- nodes, anchors and cases that are gone ------------------------------------------------------------------

LEAVES_GONE = f"DELETE FROM anchor_leaves WHERE case_id = '{OTHER}'"
CASE_GONE = [f"DELETE FROM {table} WHERE {'id' if table == 'cases' else 'case_id'} = '{OTHER}'" for table in (
    "events", "cases",
)]  # fmt: skip


@pytest.mark.parametrize(("sql", "numbers"), [
    ("DELETE FROM anchor_nodes", {1, 2}),
    ("DELETE FROM anchor_nodes WHERE anchor = 2 AND level = 0", {2}),
    ("UPDATE anchor_nodes SET level = level + 9 WHERE anchor = 1", {1}),
])  # fmt: skip
async def test_a_tree_that_is_not_stored_as_the_heads_make_it_is_named(
    played: Any, ledger: Ledger, sql: str, numbers: set[int]
) -> None:
    await played()
    await spoil(ledger, [sql])
    assert told(await verify_all(ledger)) == {(number, Break.NODES) for number in numbers}


async def test_an_anchor_whose_heads_are_left_is_missing(played: Any, ledger: Ledger) -> None:
    await played()
    await unbound(ledger, ["DELETE FROM anchors WHERE number = 2"])
    for found in (await verify_all(ledger), await verify_one(ledger, OTHER)):
        assert told(found) == {(2, Break.ANCHOR_GONE)}


async def test_a_case_that_is_gone_is_missed_with_what_the_anchors_saw_of_it(played: Any, ledger: Ledger) -> None:
    await played()
    await spoil(ledger, CASE_GONE)
    for found in (await verify_all(ledger), await verify_one(ledger, OTHER)):
        (missing,) = found.broken
        assert isinstance(missing, CaseIsMissing)
        assert missing.message_en.startswith(f"Case «{OTHER}» is missing: anchors saw 4 events of it")
        assert missing.message_en.endswith("; after anchor 2 (2018-04-20 13:00 UTC)")
    await spoil(ledger, [LEAVES_GONE])
    (broken,) = (await verify_all(ledger)).broken
    assert (broken.facts["anchor"], broken.facts["reason"]) == (1, Break.LEAVES)
    assert "anchor 2 covers 3 cases with" in broken.message_en
    assert "the heads left here 2 with" in broken.message_en


# --- rows that cannot be read --------------------------------------------------------------------------------


async def unbound(ledger: Ledger, sql: list[str]) -> None:
    """As whoever may switch foreign keys off."""
    postgres = ledger.engine.dialect.name == "postgresql"
    off, on = (
        ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT")
        if postgres
        else ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON")
    )
    async with ledger.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        for statement in (off, *sql, on):
            await driver.execute(statement)
        if not postgres:
            await driver.commit()


async def test_an_event_of_a_document_that_cannot_be_read_does_not_hide_the_others(ledger: Ledger) -> None:
    await story(ledger)
    await spoil(ledger, ["UPDATE events SET payload = 'x' WHERE kind = 'document:add'"])
    for found in (await verify_all(ledger), await verify_one(ledger, DIRECTIVE)):
        assert told(found, "name") == {("แนบ.txt", Break.PAPER_UNREADABLE)}
        assert told(found, "case") == {(DIRECTIVE, Break.CHANGED), (DIRECTIVE, Break.PAPER_UNREADABLE)}


async def forged_with_a_ghost(ledger: Ledger, case_id: str, number: int) -> None:
    """Beside the head of another case, on its place, one that bears witness to what was put in afterwards."""
    async with ledger.engine.begin() as connection:
        leaf, c = tables.anchor_leaves, tables.cases.c
        (place, *_) = await connection.scalars(
            select(leaf.c.place).where(leaf.c.anchor == number, leaf.c.case_id != case_id)
        )
        head = (await connection.execute(select(c.head_seq, c.head_hash).where(c.id == case_id))).one()
        ghost = {"case_id": case_id, "anchor": number, "place": place, "seq": head.head_seq, "hash": head.head_hash}
        await connection.execute(delete(leaf).where(leaf.c.case_id == case_id, leaf.c.anchor == number))
        await connection.execute(insert(leaf).values(ghost))


async def test_a_head_on_the_place_of_another_bears_no_witness(
    played: Any, ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet
) -> None:
    await played()
    await note(ledger, WEEK, "seen")
    await anchored(ledger, key, clock)
    assert (await verify_all(ledger)).whole
    await rewrite(ledger, OTHER, 5, '{"said":"x"}')
    await forged_with_a_ghost(ledger, OTHER, 3)
    assert (3, Break.LEAVES) in told(await verify_all(ledger))


async def test_a_finding_that_was_written_anew_is_not_witnessed_by_a_head_beside_another(
    played: Any, ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet
) -> None:
    await played()
    await _found(ledger)
    await anchored(ledger, key, clock)
    await note(ledger, WEEK, "later")
    await anchored(ledger, key, clock)
    async with ledger.engine.begin() as connection:
        f, leaf = tables.findings, tables.anchor_leaves
        (finding,) = [one async for one in every_finding(connection)]
        changed = replace(finding, remark="ไม่มีข้อสังเกต")
        values = {"remark": changed.remark, "hash": changed.expected_hash()}
        await connection.execute(update(f).values(values))
        place = await connection.scalar(select(leaf.c.place).where(leaf.c.anchor == 4))
        ghost = {"case_id": REGISTER, "anchor": 4, "place": place, "seq": 1, "hash": values["hash"]}
        await connection.execute(insert(leaf).values(ghost))
    found = await verify_all(ledger)
    assert told(found, "finding") == {(1, Break.RECOMPUTED)}
    assert (4, Break.LEAVES) in told(found)


async def test_what_an_anchor_saw_and_the_one_before_should_have_seen_came_between_them(
    played: Any, ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet
) -> None:
    await played()
    now, clock.moment = clock.moment, clock.moment - timedelta(hours=6)
    async with ledger.engine.begin() as connection:  # as if nothing had happened in the case since
        await connection.execute(update(tables.cases).where(tables.cases.c.id == WEEK).values(head_at=clock.moment))
    await note(ledger, WEEK, "put in")
    clock.moment = now
    await note(ledger, WEEK, "to be seen")
    await anchored(ledger, key, clock)
    (broken,) = (await verify_all(ledger)).broken
    assert (broken.facts["reason"], broken.facts["since"], broken.facts["until"]) == (Break.BACKDATED, 2, 3)


async def test_an_anchor_of_a_clock_that_was_ahead_makes_no_forgery_of_what_came_after(
    played: Any, ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet
) -> None:
    await played()
    right, clock.moment = clock.moment, clock.moment + timedelta(days=1)
    await note(ledger, WEEK, "ahead")
    await anchor(ledger, key)
    for hours, case in ((1, "directive-2561-0090"), (9, "directive-2561-0091"), (30, "directive-2561-0092")):
        clock.moment = right + timedelta(hours=hours)
        await opened(ledger, case)
        made = await anchor(ledger, key)
        assert (made is not None, made and made.at) == (True, clock.moment)
    found = await verify_all(ledger)
    assert (found.broken, found.uncovered) == ((), 0)
    assert (await verify_one(ledger, "directive-2561-0090")).whole


SPELLED = "strftime('%Y%m%dT%H%M%S.000000', {0})"


async def test_a_moment_in_another_spelling_is_none_for_no_deadline_comes_to_it(
    sqlite: AsyncEngine, clock: ClockThatIsSet
) -> None:
    ledger = Ledger(sqlite, clock)
    await story(ledger)
    assert list(await differences_everywhere(ledger)) == []
    await spoil(ledger, [f"UPDATE hand_offs SET due_at = {SPELLED.format('due_at')} WHERE state = 'open'"])
    assert {(one.table, one.column) for one in await differences_everywhere(ledger)} == {("hand_offs", "due_at")}
    await spoil(ledger, [f"UPDATE events SET at = {SPELLED.format('at')} WHERE case_id = '{WEEK}' AND seq = 1"])
    assert told(await verify_all(ledger), "case") == {(WEEK, Break.CHANGED)}


SPOILED: list[tuple[str, str, Told]] = [
    ("UPDATE anchors SET refused = 'zz' WHERE number = 1", "anchor", {(1, Break.CHANGED)}),
    ("UPDATE anchors SET refused = '[7]' WHERE number = 1", "anchor", {(1, Break.CHANGED)}),
    ("UPDATE findings SET judgement = 'nonsense'", "finding", {(1, Break.CHANGED)}),
]
SPOILED_IN_SQLITE: list[tuple[str, str, Told]] = [
    (f"UPDATE events SET at = 'garbage' WHERE case_id = '{OTHER}' AND seq = 2", "case", {(OTHER, Break.CHANGED)}),
    (f"UPDATE events SET actor = x'ff' WHERE case_id = '{OTHER}' AND seq = 2", "case", {(OTHER, Break.CHANGED)}),
    ("UPDATE documents SET content = content || x'00ff'", "name", {("แนบ.txt", Break.PAPER_CHANGED)}),
    ("UPDATE documents SET content = CAST(content AS TEXT)", "name", {("แนบ.txt", Break.PAPER_CHANGED)}),
    ("UPDATE events SET at = 'garbage'", "seq", {(1, Break.CHANGED)}),
    ("UPDATE anchor_leaves SET hash = x'ff' WHERE anchor = 2", "anchor", {(2, Break.LEAVES)}),
    ("UPDATE anchor_leaves SET seq = 'x' WHERE anchor = 2", "anchor", {(2, Break.LEAVES)}),
    ("UPDATE anchors SET at = 'garbage' WHERE number = 2", "anchor", {(2, Break.CHANGED)}),
    ("UPDATE anchors SET root = x'ff' WHERE number = 2", "anchor", {(2, Break.CHANGED), (2, Break.LEAVES)}),
    ("UPDATE anchors SET signature = x'ff' WHERE number = 2", "anchor", {(2, Break.UNSIGNED)}),
    ("UPDATE findings SET remark = x'ff'", "finding", {(1, Break.CHANGED)}),
    (f"UPDATE events SET seq = 'x' WHERE case_id = '{OTHER}' AND seq = 2", "case", {(OTHER, Break.GAP)}),
    (f"UPDATE cases SET head_seq = 'x' WHERE id = '{OTHER}'", "case", {(OTHER, Break.TRUNCATED)}),
    ("UPDATE anchors SET cases = 'many' WHERE number = 2", "anchor", {(2, Break.CHANGED), (2, Break.LEAVES)}),
]
DEEP = "[" * 100_000


async def _found(ledger: Ledger) -> None:
    async with ledger.begin() as work:
        finding = NewFinding(
            case_id=OTHER, judgement=Judgement.ACCEPTED, remark="ตรวจแล้ว", deviation=None, head_seq=1, head_hash=GENESIS
        )
        await sign(work, finding, actor=SUDA)
        await work.commit()


async def _spoiled(ledger: Ledger, sql: str) -> Verification:
    """With a finding beside, and another damage that must be found as well."""
    await _found(ledger)
    await spoil(ledger, [sql, f"UPDATE events SET key = 'x' WHERE case_id = '{WEEK}' AND seq = 1"])
    return await verify_all(ledger)


@pytest.mark.parametrize(("sql", "name", "expected"), SPOILED, ids=[row[0] for row in SPOILED])
async def test_a_row_that_cannot_be_read_is_named(
    played: Any, ledger: Ledger, sql: str, name: str, expected: Told
) -> None:
    await played()
    found = await _spoiled(ledger, sql)
    assert told(found, name) - {(WEEK, Break.CHANGED)} == expected
    assert (WEEK, Break.CHANGED) in told(found, "case")


@pytest.mark.parametrize(("sql", "name", "expected"), SPOILED_IN_SQLITE, ids=[row[0] for row in SPOILED_IN_SQLITE])
async def test_what_only_sqlite_keeps_is_named(
    sqlite: AsyncEngine, key: AnchorKey, clock: ClockThatIsSet, sql: str, name: str, expected: Told
) -> None:
    ledger = Ledger(sqlite, clock)
    await story(ledger)
    for _ in range(2):
        await (opened(ledger, OTHER) if not await _anchors(ledger) else note(ledger, OTHER, "a", "b"))
        await anchored(ledger, key, clock)
    found = await _spoiled(ledger, sql)
    assert told(found, name) - {(WEEK, Break.CHANGED)} == expected
    assert (WEEK, Break.CHANGED) in told(found, "case")


async def test_json_nested_without_end_stops_no_verification(played: Any, ledger: Ledger) -> None:
    await played()
    await spoil(ledger, [f"UPDATE events SET payload = '{DEEP}' WHERE kind = 'document:add'"])
    for found in (await verify_all(ledger), await verify_one(ledger, DIRECTIVE)):
        assert (DIRECTIVE, Break.PAPER_UNREADABLE) in told(found, "case")


async def test_a_proof_with_nodes_that_are_none_does_not_hold_and_stops_nothing(
    sqlite: AsyncEngine, key: AnchorKey, clock: ClockThatIsSet
) -> None:
    ledger = Ledger(sqlite, clock)
    await story(ledger)
    await opened(ledger, OTHER)
    await anchored(ledger, key, clock)
    await spoil(ledger, ["UPDATE anchor_nodes SET hash = 'abc'"])
    assert not (await verify_one(ledger, WEEK)).whole
    assert not (await verify_all(ledger)).whole


async def _anchors(ledger: Ledger) -> int:
    async with ledger.read() as connection:
        return len(await anchors.last_ones(connection, 9))


# --- rows of no case -----------------------------------------------------------------------------------------


MAILS: list[tuple[str, str, str, bool]] = [
    ("no-such-case", "notice", "notice/1", True),
    ("no-such-case", "anchor", "anchor:1", True),
    ("", "notice", "notice/1", True),
    ("", "task", "anchor:1", True),
    ("", "notice", "anchor:x", True),
    ("", "notice", f"refused:1:{OTHER}:suda", True),
    ("", "notice", f"refused:1:{REGISTER}:suda", False),
    ("", "anchor", "anchor:1", False),
    (DIRECTIVE, "notice", "notice/1", False),
]


@pytest.mark.parametrize(("case_id", "folder", "once", "found"), MAILS)
async def test_a_mail_belongs_to_a_case_that_exists_or_concerns_the_whole_ledger(
    ledger: Ledger, case_id: str, folder: str, once: str, found: bool
) -> None:
    await story(ledger)
    async with ledger.begin() as work:
        message = Notice(subject="แจ้ง", body="แจ้ง", title="แจ้ง", link="/")
        recipient = Recipient(name="นางสาวสุดา แก้วใส", email="suda@division.example.go.th")
        mail_id = mails.queue(work, once=once, case_id=case_id, message=message, recipient=recipient)
        await work.commit()
    await spoil(ledger, [f"UPDATE mails SET folder = '{folder}' WHERE id = '{mail_id}'"])
    named = [(one.table, one.key, one.column, one.stored) for one in await differences_everywhere(ledger)]
    assert named == [("mails", (mail_id,), "case_id", case_id)] * found


async def test_work_of_a_case_that_does_not_exist_is_found_and_what_cannot_be_rebuilt_is_named(ledger: Ledger) -> None:
    await story(ledger)
    columns = ", ".join(column.name for column in tables.hand_offs.c if column.name not in ("id", "case_id", "state"))
    forged = f"""INSERT INTO hand_offs (id, case_id, state, {columns})
        SELECT 'forged', 'no-such-case', 'open', {columns} FROM hand_offs WHERE key = 'report/1'"""
    await unbound(ledger, [forged])
    (found,) = await differences_everywhere(ledger)
    assert (found.table, found.key, found.column, found.stored) == (
        "hand_offs", ("forged",), "case_id", "no-such-case",
    )  # fmt: skip
    await spoil(ledger, [f"UPDATE events SET payload = 'x' WHERE case_id = '{WEEK}' AND seq = 1"])
    named = {(one.table, one.key) for one in await differences_everywhere(ledger)}
    assert named == {("events", (WEEK,)), ("hand_offs", ("forged",))}
