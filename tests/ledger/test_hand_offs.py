"""A form is accepted or refused here and nowhere else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ledger import cases, hand_offs, reading, tables
from ledger.canonical import canonical
from ledger.errors import CaseIsClosed, HandOffIsAnswered, HandOffIsWithdrawn, LedgerError, UnknownHandOff
from ledger.hand_offs import Accepted, Submission, hand_off_id
from ledger.work import Ledger
from schemas.attachment import AttachedFile
from schemas.form import FormContext
from tests.conftest import ClockThatIsSet
from tests.ledger.scene import (
    CUT_OFF,
    DIRECTIVE,
    FLOW,
    REPORT,
    SOMCHAI,
    SUDA,
    WEEK,
    fire_reminder,
    handed_off,
    kinds,
    opened,
    order,
    rows,
    statements,
    submission,
    submitted,
    withdrawn,
    woken,
)  # fmt: skip

REPORT_ID = hand_off_id(DIRECTIVE, "report")


async def test_a_hand_off_is_read_as_it_was_ordered(ledger: Ledger) -> None:
    await opened(ledger)
    told = order("report", officer="suda")
    await handed_off(ledger, told)
    async with ledger.read() as connection:
        found = await reading.hand_off(connection, REPORT_ID)
    same = (
        "key", "element", "unit", "duty", "officer", "form", "title", "asked_by", "subject", "urgency", "context",
        "due_at",
    )  # fmt: skip
    assert {name: getattr(found, name) for name in same} == {name: getattr(told, name) for name in same}
    assert (found.state, found.case_title, found.closed_by) == ("open", "เร่งรัดการใช้จ่ายงบประมาณ", None)


@pytest.mark.parametrize("spoil", ["UPDATE events SET payload = 'x'", "DELETE FROM events"])
async def test_work_whose_event_was_spoiled_or_taken_away_is_still_there(ledger: Ledger, spoil: str) -> None:
    await opened(ledger)
    await handed_off(ledger, order("report"))
    async with ledger.engine.begin() as connection:
        await connection.execute(text(f"{spoil} WHERE kind = 'hand_off:open'"))
    async with ledger.read() as connection:
        found = await reading.hand_off(connection, REPORT_ID)
    assert (found.state, found.form, found.context) == ("open", order("report").form, FormContext())


@pytest.mark.parametrize(
    "context",
    [
        FormContext(),
        FormContext(note="ส่งคืนแก้ไข: ขาดผลลัพธ์"),
        FormContext(
            facts=(("เรื่อง", "เร่งรัดการใช้จ่ายงบประมาณ"),), prefill={"goal": "", "kpis": ["1.1"], "score": None},
            choices={"divisions": (("division", "กอง ก"),), "none": ()},
            files=(AttachedFile(name="หลักฐาน.pdf", sha256="0" * 64, media_type="application/pdf", size=12),),
            limits={"previous_level": None, "red_below": "25.00"},
        ),
    ],
)  # fmt: skip
def test_what_stands_above_a_form_is_kept_as_its_own_model_writes_it(context: FormContext) -> None:
    assert canonical(context.said()) == canonical(context.model_dump(mode="json", exclude_defaults=True))
    assert FormContext.model_validate_json(canonical(context.said())) == context


def test_no_field_of_what_stands_above_a_form_is_forgotten() -> None:
    fields: dict[str, Any] = {
        "facts": (("ก", "ข"),), "prefill": {"a": 1}, "choices": {"a": ()}, "note": "ก", "limits": {"a": 1},
        "files": (AttachedFile(name="ก.pdf", sha256="0" * 64, media_type="application/pdf", size=1),),
    }  # fmt: skip
    assert fields.keys() == FormContext.model_fields.keys() == FormContext(**fields).said().keys()


async def test_an_event_names_an_officer_only_where_the_work_is_his(ledger: Ledger) -> None:
    """Histories from before work could be handed to a person are written as they ever were."""
    await opened(ledger)
    await handed_off(ledger, order("report"), order("own", officer="suda"))
    async with ledger.read() as connection:
        events = await reading.history(connection, DIRECTIVE)
    named = [event.content.get("officer", "–") for event in events if event.kind == "hand_off:open"]
    assert named == ["–", "suda"]


@pytest.mark.parametrize(("after", "late"), [(0, False), (1, True)])
async def test_what_is_handed_in_after_its_moment_is_late_and_what_is_withdrawn_is_not(
    ledger: Ledger, clock: ClockThatIsSet, after: int, late: bool
) -> None:
    await opened(ledger)
    await handed_off(ledger, order("report"), order("other"), order("open"))
    clock.moment = CUT_OFF + timedelta(seconds=after)
    await submitted(ledger, submission("report"))
    await withdrawn(ledger, "other")
    async with ledger.read() as connection:
        found = {h.key: h.late for h in await reading.hand_offs_of_case(connection, DIRECTIVE)}
    assert found == {"report": late, "other": False, "open": False}


async def test_its_reminders_are_planned_with_it(ledger: Ledger) -> None:
    await opened(ledger)
    await handed_off(ledger, order("report"))
    assert await rows(ledger, tables.reminders, "kind", "rung") == [
        ("escalation", 1), ("reminder", 1), ("reminder", 2),
    ]  # fmt: skip


async def test_an_accepted_form_closes_the_work_takes_its_reminders_away_and_wakes_the_case(ledger: Ledger) -> None:
    await opened(ledger)
    await woken(ledger)
    await handed_off(ledger, order("report"))
    (receipt,) = await submitted(ledger, submission("report"))
    assert isinstance(receipt, Accepted)
    async with ledger.read() as connection:
        found = await reading.hand_off(connection, REPORT_ID)
        event = (await reading.history(connection, DIRECTIVE))[-1]
    assert (receipt.seq, receipt.at, receipt.hash, receipt.repeated) == (event.seq, event.at, event.hash, False)
    assert (found.state, found.closed_at, found.closed_seq, found.closed_by) == ("submitted", event.at, event.seq, SUDA)
    assert await rows(ledger, tables.reminders, "rung") == []
    assert await woken(ledger)


async def test_only_rungs_that_are_still_to_be_taken_stand_in_the_table(ledger: Ledger) -> None:
    await opened(ledger)
    await handed_off(ledger, order("report"))
    async with ledger.begin() as work:
        await work.lock(DIRECTIVE)
        fire_reminder(work, DIRECTIVE, "report", "reminder", 1)
        await work.commit()
    assert await rows(ledger, tables.reminders, "kind", "rung") == [("escalation", 1), ("reminder", 2)]
    await submitted(ledger, submission("report"))
    assert await rows(ledger, tables.reminders, "kind", "rung") == []


async def test_a_double_click_gets_the_same_receipt_and_writes_nothing(ledger: Ledger) -> None:
    await opened(ledger)
    await handed_off(ledger, order("report"))
    (first,) = await submitted(ledger, submission("report"))
    (second,) = await submitted(ledger, submission("report"))
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert (second.seq, second.at, second.hash, second.repeated) == (first.seq, first.at, first.hash, True)
    assert await kinds(ledger) == ["case:open", "hand_off:open", "hand_off:submit"]


async def test_a_double_click_within_one_batch_is_accepted_once(ledger: Ledger) -> None:
    await opened(ledger)
    await handed_off(ledger, order("report"))
    answers = await submitted(ledger, submission("report"), submission("report"), submission("report", data={"x": 1}))
    assert [getattr(answer, "repeated", type(answer)) for answer in answers] == [False, True, HandOffIsAnswered]
    assert (await kinds(ledger)).count("hand_off:submit") == 1


async def _refuse(ledger: Ledger, how: str) -> Submission:
    await opened(ledger)
    await handed_off(ledger, order("report"))
    match how:
        case "answered":
            await submitted(ledger, submission("report", actor=SOMCHAI))
            return submission("report", data={**REPORT, "result": "อื่น"})
        case "withdrawn":
            await withdrawn(ledger, "report")
        case "closed":
            async with ledger.begin() as work:
                await cases.cancel_case(work, DIRECTIVE, reason="ยกเลิก", actor=SOMCHAI)
                await work.commit()
        case "unknown":
            return submission("no-such-report")
        case "unknown case":
            return submission("report", case_id="directive-2561-9999")
        case "of another case":
            await opened(ledger, WEEK)
            return Submission(hand_off=REPORT_ID, case_id=WEEK, data=REPORT, actor=SUDA)
    return submission("report")


REFUSALS: list[tuple[str, type[LedgerError], str]] = [
    ("answered", HandOffIsAnswered, "งานนี้มีผู้ส่งแล้วโดย นายสมชาย ใจดี เมื่อ 2018-04-20T05:00:00.000000+00:00"),
    ("withdrawn", HandOffIsWithdrawn, "งานนี้ยกเลิกแล้ว ไม่ต้องดำเนินการต่อ: ยกเลิกข้อสั่งการ"),
    ("closed", CaseIsClosed, "เรื่อง «directive-2561-0007» ปิดแล้ว (สถานะ cancelled)"),
    ("unknown", UnknownHandOff, f"ไม่พบงานที่ส่งมอบ «{hand_off_id(DIRECTIVE, 'no-such-report')}»"),
    ("unknown case", UnknownHandOff, f"ไม่พบงานที่ส่งมอบ «{hand_off_id('directive-2561-9999', 'report')}»"),
    ("of another case", UnknownHandOff, f"ไม่พบงานที่ส่งมอบ «{REPORT_ID}»"),
]


@pytest.mark.parametrize(("how", "error", "sentence"), REFUSALS)
async def test_a_refused_form_changes_nothing(
    ledger: Ledger, how: str, error: type[LedgerError], sentence: str
) -> None:
    refused = await _refuse(ledger, how)
    before = await _everything(ledger)
    (answer,) = await submitted(ledger, refused)
    assert type(answer) is error
    assert answer.message_th == sentence
    assert await _everything(ledger) == before


async def _everything(ledger: Ledger) -> list[list[Any]]:
    return [await rows(ledger, table, *table.c.keys()) for table in tables.metadata.sorted_tables]


async def test_refusing_one_form_does_not_touch_the_others(ledger: Ledger) -> None:
    await opened(ledger)
    await handed_off(ledger, order("report/1"), order("report/2"))
    await withdrawn(ledger, "report/1")
    answers = await submitted(
        ledger, submission("x", case_id="no-case"), submission("report/1"), submission("report/2"), submission("x")
    )
    assert [type(answer) for answer in answers] == [UnknownHandOff, HandOffIsWithdrawn, Accepted, UnknownHandOff]


# --- gates -------------------------------------------------------------------------------------------------


async def test_a_gate_counts_down_and_wakes_the_case_exactly_once(ledger: Ledger) -> None:
    await opened(ledger)
    await woken(ledger)
    keys = [f"report/{n}" for n in range(5)]
    await handed_off(ledger, *(order(key) for key in keys), need=3)
    seen = []
    for key in keys:
        await submitted(ledger, submission(key))
        ((remaining,),) = await rows(ledger, tables.gates, "remaining")
        seen.append((remaining, await woken(ledger)))
    assert seen == [(2, False), (1, False), (0, True), (-1, False), (-2, False)]


async def test_a_gate_that_one_batch_runs_through_wakes_the_case(ledger: Ledger) -> None:
    await opened(ledger)
    await woken(ledger)
    keys = [f"report/{n}" for n in range(5)]
    await handed_off(ledger, *(order(key) for key in keys), need=3)
    await submitted(ledger, *(submission(key) for key in keys))
    assert await woken(ledger)
    assert await rows(ledger, tables.gates, "need", "remaining") == [(3, -2)]


async def test_work_that_an_officer_withdraws_counts_as_done_behind_its_gate(ledger: Ledger) -> None:
    await opened(ledger)
    await woken(ledger)
    await handed_off(ledger, order("report/1"), order("report/2"), need=2)
    await submitted(ledger, submission("report/1"))
    await withdrawn(ledger, "report/2")
    assert await woken(ledger)


async def test_a_form_that_came_in_meanwhile_is_not_withdrawn_and_its_gate_counts_it_once(ledger: Ledger) -> None:
    """Whoever withdraws has looked before: the receipt holds, and only what is open still is withdrawn."""
    await opened(ledger)
    await woken(ledger)
    await handed_off(ledger, *(order(f"report/{n}") for n in range(3)), need=3)
    async with ledger.read() as connection:
        seen = await reading.hand_offs_of_case(connection, DIRECTIVE)
    await submitted(ledger, submission("report/0"))
    async with ledger.begin() as work:
        gone = await hand_offs.withdraw(work, seen[:2], reason="แล้วเสร็จ", actor=FLOW)
        await work.commit()
    assert [each.key for each in gone] == ["report/1"]
    assert await rows(ledger, tables.gates, "remaining") == [(1,)]
    async with ledger.read() as connection:
        states = {each.key: each.state for each in await reading.hand_offs_of_case(connection, DIRECTIVE)}
    assert states == {"report/0": "submitted", "report/1": "withdrawn", "report/2": "open"}
    await submitted(ledger, submission("report/2"))
    assert await woken(ledger)


async def test_work_that_the_flow_itself_withdraws_wakes_nobody(ledger: Ledger) -> None:
    await opened(ledger)
    await woken(ledger)
    await handed_off(ledger, order("report/1"), need=1)
    await withdrawn(ledger, "report/1", by_flow=True)
    assert not await woken(ledger)
    assert await rows(ledger, tables.gates, "remaining") == [(1,)]


# --- cost --------------------------------------------------------------------------------------------------

A_BATCH = [
    "SELECT cases", "SELECT hand_offs", "SELECT gates",
    "INSERT events", "UPDATE hand_offs", "DELETE reminders", "UPDATE gates", "UPDATE cases",
]  # fmt: skip
"""Lock, look, count; then the events and what follows from them. COMMIT is one more round trip."""


def _outline(statement: str) -> str:
    words = statement.replace('"', "").split()
    table = {"SELECT": words.index("FROM") + 1 if "FROM" in words else 0, "INSERT": 2, "UPDATE": 1, "DELETE": 2}[
        words[0]
    ]
    return f"{words[0]} {words[table]}"


@pytest.mark.parametrize("number", [1, 100])
async def test_a_batch_of_any_size_takes_eight_statements(ledger: Ledger, database: AsyncEngine, number: int) -> None:
    await opened(ledger)
    keys = [f"report/{n}" for n in range(number)]
    await handed_off(ledger, *(order(key) for key in keys), need=number)
    with statements(database) as sent:
        answers = await submitted(ledger, *(submission(key) for key in keys))
    assert [type(answer) for answer in answers] == [Accepted] * number
    assert [_outline(statement) for statement in sent] == A_BATCH


async def test_a_hundred_repeated_submissions_take_as_many_statements_as_one(
    ledger: Ledger, database: AsyncEngine
) -> None:
    await opened(ledger)
    keys = [f"report/{n}" for n in range(100)]
    await handed_off(ledger, *(order(key) for key in keys))
    await submitted(ledger, *(submission(key) for key in keys))
    with statements(database) as sent:
        answers = await submitted(ledger, *(submission(key) for key in keys))
    assert [getattr(answer, "repeated", None) for answer in answers] == [True] * 100
    assert [_outline(statement) for statement in sent] == ["SELECT cases", "SELECT hand_offs"]


async def test_forms_of_many_cases_take_the_same_number_of_statements(ledger: Ledger, database: AsyncEngine) -> None:
    ids = [f"directive-2561-{n:04}" for n in range(20)]
    for case_id in ids:
        await opened(ledger, case_id)
        await handed_off(ledger, order("report"), case_id=case_id, need=1)
    with statements(database) as sent:
        await submitted(ledger, *(submission("report", case_id=case_id) for case_id in ids))
    assert [_outline(statement) for statement in sent] == A_BATCH


def test_the_id_of_a_hand_off_is_derived_from_its_case_and_key() -> None:
    assert hand_offs.hand_off_id("a", "b") == hand_offs.hand_off_id("a", "b") != hand_offs.hand_off_id("ab", "")
