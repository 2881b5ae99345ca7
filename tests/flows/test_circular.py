"""A circular letter (S3; P12 step 1): receipts, who has not read it, a second dispatch, and the papers it leaves."""

from __future__ import annotations

from datetime import date

import pytest

from flows.dispatching import open_circular
from ledger.errors import FormWasUsed, HandOffIsWithdrawn
from rules.errors import NotAdmitted
from schemas.circular import CircularOrder, Conclusion
from schemas.directive import Urgency
from schemas.mail import Notice
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.people import at, case_of, do, mails_of, messages_of, open_work, papers_of, pass_to, settle, work_about
from tests.reports import pdf

SECRETARIAT, PLANNING = "ops-psd", "dept-plan"
ORDER = CircularOrder(
    no="ยธ 0204/ว 120", on=date(2018, 2, 12), urgency=Urgency.VERY_URGENT, subject="สรุปผลการประชุมชี้แจงแนวทางการประเมิน",
    text="ตามที่ได้เชิญประชุม เมื่อวันที่ 1 กุมภาพันธ์ 2561 นั้น\nจึงขอส่งสรุปผลการประชุม รายละเอียดตามสิ่งที่ส่งมาด้วย",
    references="หนังสือที่ ยธ 0204/ว 99 ลงวันที่ 22 มกราคม 2561", enclosures="สรุปผลการประชุม จำนวน 1 ชุด",
    recipients=("dept-div-b", "dept-div-a", "dept-div-c"),
)  # fmt: skip
DIVISIONS = ("dept-div-a", "dept-div-b", "dept-div-c")
"""In protocol order, whatever the order in which they were ticked."""
AGAIN = {"decision": "resend", "note": "ขอความร่วมมือตอบรับโดยด่วน", "again_on": "2018-02-16"}


async def sent(stage: Stage, *, sender: str = PLANNING, once: str = "", **changes: object) -> str:
    case = await open_circular(stage.runtime, ORDER.replace(**changes), sender=sender, actor=ACTOR, once=once)
    await settle(stage)
    return case


async def missing(stage: Stage, case: str) -> list[str]:
    """Who has not read it."""
    return sorted(h.unit for h in await work_about(stage, case) if h.element == "acknowledge")


async def test_every_recipient_gets_the_letter_and_the_time_that_its_urgency_leaves(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    case = await sent(ministry)
    asked = await work_about(ministry, case)
    assert {(h.element, h.unit) for h in asked} == {("acknowledge", unit) for unit in DIVISIONS}
    assert {h.due_at for h in asked} == {at("2018-02-13", "16:30")}  # very urgent: one working day
    (letter,) = asked[0].context.files
    assert letter.name == "หนังสือเวียน-ยธ-0204-ว-120.pdf"
    assert (await case_of(ministry, case)).title == f"หนังสือเวียน {ORDER.no} {ORDER.subject}"
    assert {m.officer for m in await mails_of(ministry, case, "task")} >= {"dept-div-a.1", "dept-div-b.1"}
    text = pdf.text((await papers_of(ministry, case))[letter.name])
    for said in ("ด่วนมาก", "๐๒๐๔/ว๑๒๐", "๑๒กุมภาพันธ์๒๕๖๑", "หัวหน้าส่วนราชการที่เกี่ยวข้อง", "บัญชีแนบท้ายหนังสือ"):
        assert said in text, said


async def test_the_sender_says_what_the_letter_asks_for(ministry: Stage, monday: ClockThatIsSet) -> None:
    case = await sent(ministry, conclusion=Conclusion.COMPLY)
    assert "จึงเรียนมาเพื่อทราบและถือปฏิบัติ" in pdf.text((await papers_of(ministry, case))["หนังสือเวียน-ยธ-0204-ว-120.pdf"])


async def test_it_ends_when_all_have_acknowledged_and_the_list_says_who_and_when(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    case = await sent(ministry)
    await do(ministry, case, "acknowledge", {"note": "แจ้ง ผอ.กองแล้ว"}, unit="dept-div-b")
    assert await missing(ministry, case) == ["dept-div-a", "dept-div-c"]
    await do(ministry, case, "acknowledge", {}, unit="dept-div-a")
    await do(ministry, case, "acknowledge", {}, unit="dept-div-c")
    ended = await case_of(ministry, case)
    assert ended.state == "completed"
    assert [(r["unit"], r["note"]) for r in ended.result["received"]] == [
        ("dept-div-a", ""), ("dept-div-b", "แจ้ง ผอ.กองแล้ว"), ("dept-div-c", ""),
    ]  # fmt: skip
    assert (ended.result["missing"], ended.result["sent_again"]) == ([], 0)
    papers = await papers_of(ministry, case)
    assert [paper["name"] for paper in ended.result["papers"]] == list(papers)
    receipts = pdf.text(papers["บัญชีผู้รับ-ยธ-0204-ว-120.pdf"])
    for said in ("ตอบรับแล้ว๓จาก๓หน่วยงาน", "แจ้งผอ.กองแล้ว", "๑๒ก.พ."):
        assert said in receipts, said
    assert "ยังไม่ตอบรับ" not in receipts
    await pass_to(ministry, monday, at("2018-02-28"))
    assert await work_about(ministry, case) == []


async def test_after_the_day_the_sender_sees_who_has_not_read_it_and_sends_it_again_to_them_alone(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    case = await sent(ministry)
    await do(ministry, case, "acknowledge", {}, unit="dept-div-a")
    await pass_to(ministry, monday, at("2018-02-13", "16:29"))
    assert {h.element for h in await work_about(ministry, case)} == {"acknowledge"}
    await pass_to(ministry, monday, at("2018-02-13", "16:30"))
    chase = await open_work(ministry, case, "chase")
    assert chase.unit == PLANNING
    assert ("ตอบรับแล้ว", "1 จาก 3 หน่วยงาน") in chase.context.facts
    (who,) = [said for label, said in chase.context.facts if label == "ยังไม่ตอบรับ"]
    assert "และ" in who
    assert "ก)" not in who
    await do(ministry, case, "chase", AGAIN)
    notices = await mails_of(ministry, case, "notice")
    asked = {h.unit: h for h in await work_about(ministry, case)}
    assert {m.hand_off_id for m in notices} == {asked[unit].id for unit in ("dept-div-b", "dept-div-c")}
    told, *_ = await messages_of(ministry, case, "notice")
    assert isinstance(told, Notice)
    assert "หนังสือเวียน ที่ ยธ 0204/ว 120 ลงวันที่ 12 กุมภาพันธ์ 2561" in told.body
    assert told.body.endswith(AGAIN["note"])
    assert told.asked == "เปิดอ่านหนังสือและตอบรับหนังสือเวียนโดยเร็ว"
    assert not [m for m in notices if str(m.officer).startswith("dept-div-a")]
    assert asked["dept-div-b"].due_at == at("2018-02-13", "16:30")  # late stays late
    await pass_to(ministry, monday, at("2018-02-16", "08:59"))
    assert {h.element for h in await work_about(ministry, case)} == {"acknowledge"}
    await do(ministry, case, "acknowledge", {}, unit="dept-div-b")
    await pass_to(ministry, monday, at("2018-02-16"))
    assert ("ตอบรับแล้ว", "2 จาก 3 หน่วยงาน") in (await open_work(ministry, case, "chase")).context.facts
    await do(ministry, case, "acknowledge", {}, unit="dept-div-c")
    ended = await case_of(ministry, case)  # the sender's question is dropped: nobody is missing
    assert (ended.state, ended.result["sent_again"]) == ("completed", 1)
    assert [m.officer for m in await mails_of(ministry, case, "withdrawn")] == ["dept-plan.1", "dept-plan.2"]


async def test_closed_without_some_the_list_names_them_and_their_work_is_taken_back(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    case = await sent(ministry)
    for unit in ("dept-div-a", "dept-div-b"):
        await do(ministry, case, "acknowledge", {}, unit=unit)
    await pass_to(ministry, monday, at("2018-02-14"))
    late = await open_work(ministry, case, "acknowledge")
    with pytest.raises(NotAdmitted):
        await do(ministry, case, "chase", {"decision": "close"})
    await do(ministry, case, "chase", {"decision": "close", "note": "แจ้งทางโทรศัพท์แล้ว"})
    ended = await case_of(ministry, case)
    assert (ended.state, ended.result["missing"]) == ("completed", ["dept-div-c"])
    with pytest.raises(HandOffIsWithdrawn):
        await ministry.intake.submit(late.id, {}, officer="dept-div-c.1", through="test")
    receipts = pdf.text((await papers_of(ministry, case))["บัญชีผู้รับ-ยธ-0204-ว-120.pdf"])
    assert "ยังไม่ตอบรับ" in receipts
    assert "ตอบรับแล้ว๒จาก๓หน่วยงาน" in receipts


async def test_the_secretariat_writes_to_agencies_whose_planning_units_take_the_letter_in(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    case = await sent(ministry, sender=SECRETARIAT, recipients=("oja", "dept"), due_on=date(2018, 2, 19))
    asked = await work_about(ministry, case)
    assert {h.unit for h in asked} == {"dept-plan", "oja-plan"}
    assert {h.due_at for h in asked} == {at("2018-02-19", "23:59:59")}
    data = (await case_of(ministry, case)).data
    assert (data["issuer"], [r["unit"] for r in data["recipients"]]) == ("ops", ["dept-plan", "oja-plan"])
    assert data["recipients"][0]["addressee"] == "อธิบดีกรม (ตัวอย่าง)"


async def test_a_page_sent_twice_sends_one_circular(ministry: Stage, monday: ClockThatIsSet) -> None:
    first = await sent(ministry, once="page-1")
    assert await sent(ministry, once="page-1") == first
    with pytest.raises(FormWasUsed):
        await sent(ministry, once="page-1", subject="เรื่องอื่น")
    assert await sent(ministry, once="page-2") != first
