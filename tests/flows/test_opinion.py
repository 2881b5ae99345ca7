"""Collecting opinions on a draft strategy (P4; S0 line 40): agencies write, heads approve, one unit sums up."""

from __future__ import annotations

import pytest

from flows import starting
from ledger.errors import HandOffIsWithdrawn
from rules.errors import NotAdmitted
from schemas.opinion import OpinionCall
from schemas.organisation import Duty
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.people import (
    at,
    case_of,
    do,
    mails_of,
    open_work,
    papers_of,
    pass_to,
    settle,
    work_about,
)

AGENCIES = ("dept", "oja", "dept2", "dept3", "dept4", "dept5")
OPINION = {"item": "ยุทธศาสตร์ชาติด้านความมั่นคง", "opinion": "ควรเพิ่มมาตรการลดระยะเวลาดำเนินคดี"}
APPROVED = {"decision": "approve"}


async def call(stage: Stage) -> str:
    form = OpinionCall(subject="ร่างยุทธศาสตร์ชาติ ระยะ 20 ปี", text="ขอให้จัดทำความเห็นในส่วนที่เกี่ยวข้อง", due_on="2018-02-28")
    case = await starting.open_opinion_call(stage.runtime, form, actor=ACTOR)
    await settle(stage)
    return case


async def answer(stage: Stage, case: str, agency: str) -> None:
    await do(stage, case, "write", OPINION, unit=f"{agency}-plan")
    await do(stage, case, "approve", APPROVED, unit=agency)


async def test_every_agency_is_asked_by_the_end_of_office_hours_of_the_day_given(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    case = await call(ministry)
    asked = await work_about(ministry, case)
    assert {(h.element, h.unit) for h in asked} == {("write", f"{agency}-plan") for agency in AGENCIES}
    assert {h.due_at for h in asked} == {at("2018-02-28", "23:59:59")}
    assert (await case_of(ministry, case)).title == "ความเห็นที่ 2561-0001 ร่างยุทธศาสตร์ชาติ ระยะ 20 ปี"


async def test_when_all_have_answered_the_overview_is_ordered_written_and_bound(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    case = await call(ministry)
    for agency in AGENCIES[:-1]:
        await answer(ministry, case, agency)
    await do(ministry, case, "write", OPINION, unit="dept5-plan")
    assert [h.element for h in await work_about(ministry, case)] == ["approve"]
    await do(ministry, case, "approve", APPROVED, unit="dept5")
    order = await open_work(ministry, case, "order_overview")
    assert (order.unit, order.duty, order.due_at) == ("ops", Duty.HEAD, None)  # the source names no date
    assert ("ได้รับความเห็นแล้ว", "6 ส่วนราชการ") in order.context.facts
    assert [m.officer for m in await mails_of(ministry, case, "task") if m.hand_off_id == order.id] == ["ops.head"]
    await do(ministry, case, "order_overview", {"unit": "oja", "note": "ให้แล้วเสร็จโดยเร็ว"})
    written = await open_work(ministry, case, "write_overview")
    assert (written.unit, written.context.note) == ("oja", "ให้แล้วเสร็จโดยเร็ว")
    assert ("สำนักงานกิจการยุติธรรม", OPINION["opinion"]) in written.context.facts
    await do(ministry, case, "write_overview", {"overview": "กระทรวงเห็นควรสนับสนุนร่างยุทธศาสตร์ชาติ"})
    ended = await case_of(ministry, case)
    assert (ended.state, ended.result["overview_by"]) == ("completed", "oja")
    assert [opinion["agency"] for opinion in ended.result["opinions"]] == list(AGENCIES)
    assert (await papers_of(ministry, case))["ความเห็น-2561-0001.pdf"].startswith(b"%PDF-")
    await pass_to(ministry, monday, at("2018-03-31"))
    assert await work_about(ministry, case) == []


async def test_an_opinion_returned_by_the_head_is_written_again_with_the_comment(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    case = await call(ministry)
    await do(ministry, case, "write", OPINION, unit="dept-plan")
    asked = await open_work(ministry, case, "approve")
    assert (asked.unit, asked.duty) == ("dept", Duty.HEAD)
    assert ("ความเห็น", OPINION["opinion"]) in asked.context.facts
    await do(ministry, case, "approve", {"decision": "return", "comment": "ขอให้อ้างอิงแผนแม่บท"})
    again = await open_work(ministry, case, "write", unit="dept-plan")
    assert again.context.note == "ส่งคืนแก้ไข: ขอให้อ้างอิงแผนแม่บท"
    assert again.context.prefill == OPINION
    better = OPINION | {"opinion": "ควรเพิ่มมาตรการตามแผนแม่บท"}
    await do(ministry, case, "write", better, unit="dept-plan")
    assert ("ความเห็น", better["opinion"]) in (await open_work(ministry, case, "approve")).context.facts


async def test_only_after_the_due_date_may_the_secretariat_go_on_without_the_missing(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    case = await call(ministry)
    for agency in AGENCIES[1:]:
        await answer(ministry, case, agency)
    await pass_to(ministry, monday, at("2018-02-28", "16:29"))
    assert {h.element for h in await work_about(ministry, case)} == {"write"}
    await pass_to(ministry, monday, at("2018-02-28", "23:59:59"))
    missing = await open_work(ministry, case, "write")
    assert (await open_work(ministry, case, "close_collection")).unit == "ops-psd"
    await do(ministry, case, "close_collection", {"note": "กรม (ตัวอย่าง) ไม่ส่งความเห็น"})
    assert [h.element for h in await work_about(ministry, case)] == ["order_overview"]
    told = await mails_of(ministry, case, "withdrawn")
    assert [(m.officer, m.hand_off_id) for m in told] == [("dept-plan.1", missing.id), ("dept-plan.2", missing.id)]
    with pytest.raises(HandOffIsWithdrawn):
        await ministry.intake.submit(missing.id, OPINION, officer="dept-plan.1", through="test")
    await do(ministry, case, "order_overview", {"unit": "ops-psd"})
    await do(ministry, case, "write_overview", {"overview": "ภาพรวม"})
    opinions = (await case_of(ministry, case)).result["opinions"]
    assert [opinion["agency"] for opinion in opinions] == list(AGENCIES[1:])


async def test_an_agency_may_still_answer_after_the_due_date_until_the_collection_is_closed(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    case = await call(ministry)
    for agency in AGENCIES[1:]:
        await answer(ministry, case, agency)
    await pass_to(ministry, monday, at("2018-03-02"))
    await answer(ministry, case, "dept")
    assert [h.element for h in await work_about(ministry, case)] == ["order_overview"]  # nothing is left to be closed
    assert [m.officer for m in await mails_of(ministry, case, "withdrawn")] == ["ops-psd.1", "ops-psd.2"]


async def test_the_missing_are_reminded_and_their_supervisor_is_told_once(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    case = await call(ministry)
    for agency in AGENCIES[1:]:
        await answer(ministry, case, agency)
    await pass_to(ministry, monday, at("2018-03-31"))
    reminders = [m for m in await mails_of(ministry, case, "reminder") if m.officer == "dept-plan.1"]
    # Makha Bucha, 1 March 2561, is a holiday: no reminder on it.
    assert [m.queued_at for m in reminders] == [at(f"2018-{day}") for day in ("02-27", "02-28", "03-02", "03-05")]
    assert [(m.officer, m.queued_at) for m in await mails_of(ministry, case, "digest")] == [
        ("dept-plan.head", at("2018-03-02"))
    ]


async def test_the_overview_goes_to_a_unit_of_the_list_only(ministry: Stage, monday: ClockThatIsSet) -> None:
    case = await call(ministry)
    for agency in AGENCIES:
        await answer(ministry, case, agency)
    with pytest.raises(NotAdmitted) as refused:
        await do(ministry, case, "order_overview", {"unit": "dept-div-a"})
    assert [problem.field for problem in refused.value.problems] == ["unit"]
