"""Replay: a story is the same when it is played again, and every value that was touched is named."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text

from audit.knowledge import SAID_TH, standing, steps
from audit.offices import offices_of
from audit.replay import Replayed, replay, replay_cases
from audit.stored import Held, held
from engine import actions
from ledger import mails, organisations
from ledger.errors import HistoryCannotBeRead, UnknownCase
from ledger.event import KINDS
from ledger.work import Ledger
from rules.organisation_file import load_organisation
from schemas.directive import Urgency
from schemas.mail import Attachment, Notice, Recipient
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage, stage_on
from tests.engine.processes import Brief
from tests.flows.people import TWO, accepted, at, do, mails_of, open_work, pass_to, register, settle, week_open

SAMPLE = Path(__file__).parents[2] / "deployments" / "ministries" / "sample.yaml"


@pytest_asyncio.fixture
async def played(ledger: Ledger, clock: ClockThatIsSet) -> AsyncIterator[tuple[Stage, str, str]]:
    """A directive that was reported for a week; the stage, the directive and the week."""
    clock.moment = at("2018-02-12")
    stage = await stage_on(ledger, load_organisation(SAMPLE.read_text()))
    async with stage.intake:
        (case,) = await register(stage)
        week = await week_open(stage)
        await accepted(stage, case)
        await pass_to(stage, clock, at("2018-02-15", "10:00"))
        await do(stage, case, "report", {"level": "in_progress", **TWO})
        await do(stage, case, "check", {"decision": "approve"})
        await pass_to(stage, clock, at("2018-02-19", "10:00"))
        yield stage, case, week


async def replayed(stage: Stage, *case_ids: str) -> dict[str, Replayed]:
    return {one.case_id: one async for one in replay_cases(stage.runtime, case_ids or None)}


async def read(stage: Stage, case_id: str) -> Held:
    async with stage.runtime.ledger.read_through() as connection:
        return (await held(connection, [case_id]))[case_id]


async def spoil(stage: Stage, sql: str, **values: Any) -> None:
    async with stage.runtime.ledger.engine.begin() as connection:
        await connection.execute(text(sql), values)


async def test_a_story_is_the_same_when_it_is_played_again(played: tuple[Stage, str, str]) -> None:
    stage, case, week = played
    found = await replayed(stage)
    assert {one.case_id: [str(d) for d in one.differences] for one in found.values()} == {key: [] for key in found}
    assert found[case].openings >= 4
    assert found[case].mails >= 3
    assert found[week].goes_on == []
    with pytest.raises(UnknownCase):
        await replayed(stage, "no-such-case")


async def test_a_replay_lets_others_have_their_turn(
    played: tuple[Stage, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, case, _ = played
    stored, offices = await read(stage, case), await offices_of(stage.runtime)

    async def counted(breath: int) -> tuple[int, int]:
        """Turns of others while the case is replayed, and how many waits were opened anew."""
        monkeypatch.setattr("audit.replay.A_BREATH", breath)
        turns = 0

        async def others() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        at_work = asyncio.create_task(others())
        told = await replay(stored, offices)
        at_work.cancel()
        return turns, told.openings

    (turns, openings), (in_one_breath, _) = await counted(1), await counted(1_000)
    assert turns - in_one_breath == openings > 3


TOUCHED: list[tuple[str, str, tuple[str, str]]] = [
    ("a title", "hand_off:open", ("title", "x")),
    ("a deadline", "hand_off:open", ("due_at", "2018-02-13T00:00:00.000000+00:00")),
    ("a unit", "hand_off:open", ("unit", "dept")),
    ("an actor's form", "hand_off:submit", ("digest", "0" * 64)),
]


@pytest.mark.parametrize(("what", "kind", "change"), TOUCHED, ids=[row[0] for row in TOUCHED])
async def test_what_was_written_into_an_event_is_named_with_its_field(
    played: tuple[Stage, str, str], what: str, kind: str, change: tuple[str, str]
) -> None:
    """The event is believed here; that its hash no longer fits is what verifying says."""
    stage, case, _ = played
    event = next(event for event in (await read(stage, case)).events if event.kind == kind)
    name, value = change
    payload = json.dumps(event.content | {name: value}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    where = "WHERE case_id = :case AND seq = :seq"
    await spoil(stage, f"UPDATE events SET payload = :payload {where}", payload=payload, case=case, seq=event.seq)
    told = {(d.seq, d.where, d.field) for d in (await replayed(stage, case))[case].differences}
    assert (event.seq, kind, name) in told


ROWS: list[tuple[str, str, str, str]] = [
    ("a mail's words", "UPDATE mails SET context = replace(context, 'asked', 'asced') WHERE case_id = :case",
     "mail:task", "context"),
    ("a mail's address", "UPDATE mails SET email = 'x@x.example' WHERE case_id = :case", "mail:task", "email"),
    ("a mail is gone", "DELETE FROM mails WHERE case_id = :case", "mail:task", "row"),
    ("what it waits for", "UPDATE cases SET waiting_for = 'รอรัฐมนตรี' WHERE id = :case", "cases", "waiting_for"),
    ("a phase", "UPDATE cases SET phase = 'x' WHERE id = :case", "cases", "phase"),
    ("open work", "UPDATE hand_offs SET state = 'withdrawn' WHERE case_id = :case", "hand_offs", "state"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "sql", "where", "name"), ROWS, ids=[row[0] for row in ROWS])
async def test_rows_and_mails_that_were_touched_are_named(
    played: tuple[Stage, str, str], what: str, sql: str, where: str, name: str
) -> None:
    stage, case, _ = played
    await spoil(stage, sql, case=case)
    assert (where, name) in {(d.where, d.field) for d in (await replayed(stage, case))[case].differences}


@pytest.mark.parametrize(("column", "spoiled"), [("payload", "x"), ("payload", "[]"), ("actor", "x")])
async def test_an_event_that_cannot_be_read_is_named_and_the_other_cases_are_played(
    played: tuple[Stage, str, str], column: str, spoiled: str
) -> None:
    stage, case, week = played
    sql = f"UPDATE events SET {column} = :spoiled WHERE case_id = :case AND seq = 1"
    await spoil(stage, sql, case=case, spoiled=spoiled)
    found = await replayed(stage)
    assert [(d.seq, d.field) for d in found[case].differences] == [(1, "history")]
    assert f"Event 1 (case:open) of case «{case}» cannot be read: its {column}" in found[case].differences[0].held
    assert found[week].same
    with pytest.raises(HistoryCannotBeRead):
        await replay(await read(stage, case), await offices_of(stage.runtime))


async def test_an_opening_that_says_nothing_stops_no_other_case(played: tuple[Stage, str, str]) -> None:
    stage, case, week = played
    await spoil(stage, "UPDATE events SET payload = '{}' WHERE case_id = :case AND seq = 1", case=case)
    found = await replayed(stage)
    assert "KeyError" in str(found[case].differences[0])
    assert found[week].same


@pytest.mark.parametrize("until", [None, at("2018-02-11"), at("2018-02-13")])
async def test_a_case_without_a_history_is_not_the_same(played: tuple[Stage, str, str], until: datetime | None) -> None:
    stage, case, week = played
    headed = len((await read(stage, case)).events)
    await spoil(stage, "DELETE FROM events WHERE case_id = :case", case=case)
    told = await replay(await read(stage, case), await offices_of(stage.runtime), until=until)
    assert [(d.seq, d.where, d.key, d.field) for d in told.differences] == [(None, "case", case, "history")]
    assert f"has no history left, though its row says that it had {headed} events" in told.differences[0].held
    found = await replayed(stage)
    assert (found[case].same, found[week].same) == (False, True)


async def test_mails_are_counted_by_what_was_compared(played: tuple[Stage, str, str]) -> None:
    """Those that steps wrote, and that have left, only by what became of them."""
    stage, case, _ = played
    before = (await replayed(stage, case))[case]
    assert before.outcomes == 0, "nothing has left yet"
    async with stage.runtime.ledger.begin() as work:
        minister = Recipient(name="รัฐมนตรี", email="minister@moj.example")
        notice = Notice(subject="รายงาน", title="รายงาน", link="/", body="รายงาน")
        mails.queue(work, once="step:1", case_id=case, message=notice, recipient=minister)
        await work.commit()
    claimed = await mails.claim(stage.runtime.ledger, claimed_by="w", limit=99, seconds=9)
    async with stage.runtime.ledger.begin() as work:
        await mails.settle(work, [mails.Settled(mail=mail, outcome="send") for mail in claimed.mails], actor=ACTOR)
        await work.commit()
    after = (await replayed(stage, case))[case]
    assert (after.mails, after.outcomes) == (before.mails, 1)


@pytest_asyncio.fixture
async def reported(played: tuple[Stage, str, str]) -> tuple[Stage, str]:
    """A mail with a PDF, as steps write them, has left; nothing in the history makes it anew."""
    stage, case, _ = played
    async with stage.runtime.ledger.begin() as work:
        minister = Recipient(name="รัฐมนตรี", email="minister@moj.example")
        notice = Notice(subject="รายงาน", title="รายงาน", link="/", body="ล่าช้า 3 เรื่อง")
        pdf = Attachment(name="รายงาน.pdf", media_type="application/pdf", sha256="a" * 64)
        mails.queue(work, once="step:1", case_id=case, message=notice, recipient=minister, attachments=(pdf,))
        await work.commit()
    claimed = await mails.claim(stage.runtime.ledger, claimed_by="w", limit=99, seconds=9)
    async with stage.runtime.ledger.begin() as work:
        ours = [mail for mail in claimed.mails if mail.once == "step:1"]
        await mails.settle(work, [mails.Settled(mail=mail, outcome="send") for mail in ours], actor=ACTOR)
        await work.commit()
    return stage, case


@pytest.mark.parametrize("change", [
    "context = replace(context, 'ล่าช้า 3', 'ล่าช้า 0')",
    f"attachments = replace(attachments, '{'a' * 64}', '{'b' * 64}')",
    "name = 'ผู้อื่น'",
])  # fmt: skip
async def test_what_a_sent_mail_said_cannot_be_rewritten(reported: tuple[Stage, str], change: str) -> None:
    stage, case = reported
    assert (await replayed(stage, case))[case].same
    await spoil(stage, f"UPDATE mails SET {change} WHERE once = 'step:1'")
    told = (await replayed(stage, case))[case].differences
    assert [(d.where, d.key, d.field) for d in told] == [("mail:notice", "step:1", "content")]


PUT_IN: list[tuple[str, str, str]] = [
    ("task", "x", "queued"),
    ("task", "task:{id}:x", "queued"),
    ("task", "task:{id}:x", "sent"),
    ("reminder", "reminder:{id}:9:{officer}", "queued"),
    ("open_work", "reminder:{id}:9:{officer}", "queued"),
    ("withdrawn", "withdrawn:{id}:{officer}", "queued"),
    ("replanned", "replanned:2018-02-12T00:00:00.000000+00:00:{id}:{officer}", "queued"),
    ("digest", "digest:{id}:2018-02-12T00:00:00.000000+00:00:{officer}", "queued"),
    ("undeliverable", "undeliverable:{mail}:{officer}", "queued"),
]


@pytest.mark.parametrize(("folder", "once", "state"), PUT_IN, ids=["-".join(row) for row in PUT_IN])
async def test_a_mail_for_which_the_history_has_no_occasion_is_named(
    played: tuple[Stage, str, str], folder: str, once: str, state: str
) -> None:
    """A copy of the mail with which work was asked for, to somebody else; the worker would send it on."""
    stage, case, _ = played
    asked = next(mail for mail in (await read(stage, case)).mails if mail.folder == "task")
    once = once.format(id=asked.hand_off_id, officer=asked.officer, mail=asked.id)
    columns = "case_id, hand_off_id, context, attachments, officer, name, queued_at, available_at, reason, attempts"
    copied = f"""INSERT INTO mails (id, once, folder, email, state, {columns})
        SELECT 'put-in', :once, :folder, 'x@x.example', :state, {columns} FROM mails WHERE id = :id"""
    await spoil(stage, copied, id=asked.id, once=once, folder=folder, state=state)
    told = (await replayed(stage, case))[case].differences
    assert {(d.where, d.key) for d in told} == {(f"mail:{folder}", once)}
    assert ("row", "x@x.example") in {(d.field, d.held) for d in told}


async def test_a_mail_that_left_before_events_told_of_its_content_is_compared_without_it(
    reported: tuple[Stage, str],
) -> None:
    stage, case = reported
    event = next(event for event in (await read(stage, case)).events if event.kind == "mail:send")
    said = {name: value for name, value in event.content.items() if name != "content"}
    payload = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    where = "WHERE case_id = :case AND seq = :seq"
    await spoil(stage, f"UPDATE events SET payload = :payload {where}", payload=payload, case=case, seq=event.seq)
    assert (await replayed(stage, case))[case].same


async def test_a_case_may_say_what_it_waited_for_when_it_went_to_sleep(ledger: Ledger, clock: ClockThatIsSet) -> None:
    """One of several has answered since, which wakes nobody; and everybody has another name by now."""
    clock.moment = at("2018-02-12")
    stage = await stage_on(ledger)
    async with stage.intake:
        await stage.open("trial-everyone", Brief())
        await stage.run()
        said = (await read(stage, "case-1")).case["waiting_for"]
        asked = await stage.open_work()
        assert said.startswith(f"รอ {len(asked)} งาน")
        await stage.submit(next(iter(asked)), {"text": "แล้ว"})
        clock.advance(days=1)
        standing_one = stage.runtime.directory.organisation
        renamed = standing_one.replace(units=tuple(unit.replace(th=f"{unit.th}ใหม่") for unit in standing_one.units))
        async with stage.runtime.ledger.begin() as work:
            await organisations.store(work, renamed, stage.runtime.policy, actor=ACTOR, reason="ชื่อใหม่")
            await work.commit()
    assert (await read(stage, "case-1")).case["waiting_for"] == said
    assert (await replayed(stage, "case-1"))["case-1"].same


async def test_the_organisation_of_that_day_counts_not_todays(
    played: tuple[Stage, str, str], clock: ClockThatIsSet
) -> None:
    """Everybody has another address and the holidays have changed; what was written then is still what it was."""
    stage, case, _ = played
    clock.advance(days=1)
    standing_one = stage.runtime.directory.organisation
    moved = standing_one.replace(
        officers=tuple(officer.replace(email=f"new-{officer.email}") for officer in standing_one.officers)
    )
    async with stage.runtime.ledger.begin() as work:
        await organisations.store(work, moved, stage.runtime.policy, actor=ACTOR, reason="ที่อยู่ใหม่")
        await work.commit()
    assert (await replayed(stage, case))[case].same


async def test_a_cancelled_case_is_played_up_to_its_end(played: tuple[Stage, str, str]) -> None:
    stage, case, week = played
    await actions.cancel_case(stage.runtime, case, reason="ยกเลิก", actor=ACTOR)
    for one in (await replayed(stage, case, week)).values():
        assert list(map(str, one.differences)) == []


async def test_at_a_moment_only_what_was_known_then_is_shown(played: tuple[Stage, str, str]) -> None:
    stage, case, _ = played
    stored, offices = await read(stage, case), await offices_of(stage.runtime)
    moment = at("2018-02-12", "12:00")
    assert await standing(stored, offices, moment - timedelta(days=1)) is None
    stood = await standing(stored, offices, moment)
    assert stood is not None
    assert (stood.state, stood.head[0]) == ("open", len([e for e in stored.events if e.at <= moment]))
    assert (await replay(stored, offices, until=moment)).same
    opened = next(event for event in stored.events if event.kind == "hand_off:open")
    just_then = next(index for index, event in enumerate(stored.events) if event.seq == opened.seq)
    told = list(steps(stored.events))[just_then]
    assert (told.said, told.told, told.open_work) == ("ส่งงาน", (opened.content["unit"],), 1)


def test_every_kind_of_event_has_its_words() -> None:
    assert SAID_TH.keys() == KINDS.keys()


async def test_what_a_slower_unit_of_work_writes_is_of_the_moment_of_its_events(
    ledger: Ledger, clock: ClockThatIsSet
) -> None:
    """Two processes at once: the run had begun before the form was in. Its mails were of a moment before its events."""
    clock.moment = at("2018-02-12")
    stage = await stage_on(ledger, load_organisation(SAMPLE.read_text()))
    async with stage.intake:
        (case,) = await register(stage, urgency=Urgency.MOST_URGENT)
        asked = await open_work(stage, case, "receive")
        clock.advance(seconds=30)
        await stage.intake.submit(asked.id, {"decision": "accept"}, officer="dept-plan.1", through="test")
        clock.advance(seconds=-1)
        await settle(stage)
        assigned = await open_work(stage, case, "assign")
    assert assigned.opened_at == at("2018-02-12") + timedelta(seconds=30)
    assert {m.queued_at for m in await mails_of(stage, case, "task") if m.hand_off_id == assigned.id} == {
        assigned.opened_at
    }
    found = [one async for one in replay_cases(stage.runtime)]
    assert [(one.case_id, one.differences) for one in found] == [(case, [])]
