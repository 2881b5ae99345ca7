"""A site visit (P8): announced within its period, prepared, visited KPI by KPI, answered by the owners, closed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine import actions
from ledger import hand_offs
from ledger.canonical import sha256 as content_hash
from ledger.errors import HandOffIsWithdrawn
from rules.errors import NotAdmitted
from rules.organisation_file import load_organisation, load_policy
from schemas.actor import system
from schemas.attachment import AttachedFile
from schemas.site_visit import SiteVisitCase, SiteVisitOutcome, site_visit_case_id
from schemas.visit_record import Visit
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage, stage_on
from tests.flows.agreement import BOOK, MINISTRIES
from tests.flows.people import (
    at,
    case_of,
    do,
    do_with_file,
    mails_of,
    open_work,
    papers_of,
    pass_to,
    settle,
    work_about,
)
from tests.reports import pdf

DAYS: dict[str, Any] = {"first_day": "15 พฤษภาคม 2555", "last_day": "๑๖ พ.ค. ๒๕๕๕", "note": "ห้องประชุม 3001"}
PLAN: dict[str, Any] = {
    "agenda": "09.00 น. รับฟังภาพรวม", "evidence": "แผนชุมชน รายงานการเบิกจ่าย", "provinces": ["cdd-province-b"]
}  # fmt: skip
READY: dict[str, Any] = {"evidence": "แฟ้มที่ 1 ถึง 3 ที่ กพร."}
SEEN: dict[str, Any] = {"finding": "ดำเนินการครบตามขั้นตอน"}
ASKED = SEEN | {"proposed_score": "๓.๕", "request": "ขอรายชื่อหมู่บ้านที่สุ่มตรวจ"}
ANSWER: dict[str, Any] = {"answer": "ส่งรายชื่อ 120 หมู่บ้านแล้ว", "evidence": "หนังสือที่ มท 0402/7"}
RECORD = "บันทึกการตรวจประเมิน-ครั้งที่-1-2555.pdf"
REMARK: dict[str, Any] = {"remark": "มีความพร้อมในภาพรวม"}


@pytest.fixture
def spring(clock: ClockThatIsSet) -> ClockThatIsSet:
    """จันทร์ 23 เมษายน 2555: a week before the period of the first visit."""
    clock.moment = at("2012-04-23")
    return clock


async def called(stage: Stage, kind: Visit = Visit.PRE, **more: Any) -> str:
    case_id = site_visit_case_id("cdd", 2555, kind)
    await actions.start_case(
        stage.runtime, "site-visit", SiteVisitCase(book=BOOK, kind=kind, **more), case_id=case_id,
        title="Site Visit", units=("cdd",), actor=ACTOR,
    )  # fmt: skip
    await settle(stage)
    return case_id


async def hand_in(stage: Stage, case: str, key: str, data: dict[str, Any]) -> None:
    """The open hand-off whose key holds `key` is answered by an officer of its unit."""
    (hand_off,) = [h for h in await work_about(stage, case) if key in h.key]
    (holder, *_) = stage.runtime.post.holders_of(hand_off)
    await stage.intake.submit(hand_off.id, data, officer=holder.id, through="test")
    await settle(stage)


async def announced(stage: Stage, case: str, days: dict[str, Any] = DAYS) -> None:
    await do(stage, case, "schedule", days)
    await do(stage, case, "prepare", PLAN)


async def visiting(stage: Stage, clock: ClockThatIsSet, case: str) -> None:
    """The visit has begun; KPI 10's owner and the province have not said that they are ready."""
    await announced(stage, case)
    await hand_in(stage, case, "evidence[1.1.1]", READY)
    await hand_in(stage, case, "evidence[7]", READY | {"outstanding": "รายงานเดือนเมษายน รอตรวจสอบ"})
    await pass_to(stage, clock, at("2012-05-15"))


async def recorded(stage: Stage, case: str) -> None:
    """KPIs 1.1.1 and 10 are asked about, 7 is not."""
    await hand_in(stage, case, "records[1.1.1]", ASKED)
    await hand_in(stage, case, "records[7]", SEEN)
    await hand_in(stage, case, "records[10]", SEEN | {"request": "ขอแผนพัฒนาบุคลากร"})


async def outcome(stage: Stage, case: str) -> SiteVisitOutcome:
    ended = await case_of(stage, case)
    assert ended.state == "completed"
    return SiteVisitOutcome.model_validate(ended.result)


async def test_the_visit_is_announced_before_its_period_and_within_it(
    department: Stage, spring: ClockThatIsSet
) -> None:
    case = await called(department)
    asked = await open_work(department, case, "schedule")
    assert (asked.unit, asked.due_at) == ("opdc", at("2012-05-01", "08:30"))
    assert ("ช่วงเวลาตามปฏิทิน", "1 พฤษภาคม – 30 มิถุนายน 2555") in asked.context.facts
    for days, fields in (
        ({"first_day": "2012-04-30", "last_day": "2012-05-02"}, ["first_day"]),
        ({"first_day": "2012-06-29", "last_day": "2012-07-01"}, ["last_day"]),
        ({"first_day": "2012-05-16", "last_day": "2012-05-15"}, ["last_day"]),
    ):
        with pytest.raises(NotAdmitted) as refused:
            await do(department, case, "schedule", days)
        assert [problem.field for problem in refused.value.problems] == fields
    assert "1 พฤษภาคม – 30 มิถุนายน 2555" in _said(await _refusal(department, case))
    await do(department, case, "schedule", {"first_day": "2012-05-01", "last_day": "2012-06-30"})  # its own ends are in
    prepare = await open_work(department, case, "prepare")
    assert (prepare.unit, prepare.due_at) == ("cdd-psdg", at("2012-04-30", "16:30"))
    assert len(prepare.context.choices["provinces"]) == 3


async def _refusal(stage: Stage, case: str) -> NotAdmitted:
    with pytest.raises(NotAdmitted) as refused:
        await do(stage, case, "schedule", {"first_day": "2012-07-02", "last_day": "2012-07-02"})
    return refused.value


def _said(refused: NotAdmitted) -> str:
    return " ".join(problem.th for problem in refused.problems)


async def test_owners_and_the_named_provinces_are_asked_for_evidence_before_the_visit_begins(
    department: Stage, spring: ClockThatIsSet
) -> None:
    case = await called(department)
    await announced(department, case)
    asked = await work_about(department, case)
    assert {(h.element, h.unit) for h in asked} == {
        ("ready", "cdd-community"), ("ready", "cdd-finance"), ("ready", "cdd-personnel"), ("support", "cdd-province-b"),
    }  # fmt: skip
    assert {h.due_at for h in asked} == {at("2012-05-15", "08:30")}
    (one,) = [h for h in asked if h.unit == "cdd-finance"]
    assert one.title == "แจ้งความพร้อมของหลักฐานตัวชี้วัดที่ 7"
    assert ("หลักฐานที่ต้องเตรียม", "แผนชุมชน รายงานการเบิกจ่าย") in one.context.facts
    assert ("วันตรวจประเมิน", "15–16 พฤษภาคม 2555") in one.context.facts


async def test_the_visit_begins_on_its_day_whoever_is_ready(department: Stage, spring: ClockThatIsSet) -> None:
    case = await called(department, scores={"7": "4.0000"})
    await announced(department, case)
    for key in ("evidence[1.1.1]", "evidence[10]", "support[cdd-province-b]"):
        await hand_in(department, case, key, READY)
    await pass_to(department, spring, at("2012-05-15", "08:29:59"))
    assert [h.element for h in await work_about(department, case)] == ["ready"]  # nobody is visited before
    await pass_to(department, spring, at("2012-05-15"))
    records = [h for h in await work_about(department, case) if h.element == "record"]
    assert {(h.unit, h.due_at) for h in records} == {("opdc", at("2012-05-23", "16:30"))}
    facts = {h.title: dict(h.context.facts) for h in records}
    assert facts["บันทึกผลการตรวจประเมินตัวชี้วัดที่ 1.1.1"]["หลักฐาน"] == READY["evidence"]
    late = facts["บันทึกผลการตรวจประเมินตัวชี้วัดที่ 7"]
    assert (late["หลักฐาน"], late["คะแนนที่ผ่านมา"]) == ("หน่วยงานยังไม่แจ้งความพร้อม", "4.0000")
    assert (await case_of(department, case)).facts["ready"] == 2


async def test_a_visit_from_announcement_to_closing(department: Stage, spring: ClockThatIsSet) -> None:
    case = await called(department)
    await visiting(department, spring, case)
    await hand_in(department, case, "records[1.1.1]", ASKED)
    # The owner is asked at once; the rest is still being visited.
    asked = await open_work(department, case, "answer")
    assert (asked.unit, asked.due_at) == ("cdd-community", at("2012-05-24", "16:30"))
    assert asked.context.note == "ขอรายชื่อหมู่บ้านที่สุ่มตรวจ"
    spring.moment = at("2012-05-16")
    await hand_in(department, case, "records[7]", SEEN)
    assert {h.element for h in await work_about(department, case)} == {"record", "answer", "ready", "support"}
    await hand_in(department, case, "records[10]", SEEN | {"request": "ขอแผนพัฒนาบุคลากร"})
    # Who had not said that the evidence is ready need not any more.
    assert [(h.element, h.unit) for h in await work_about(department, case)] == [
        ("answer", "cdd-community"), ("answer", "cdd-personnel"),
    ]  # fmt: skip
    assert "cdd-province-b.1" in {m.officer for m in await mails_of(department, case, "withdrawn")}
    spring.moment = at("2012-05-18")
    await hand_in(department, case, "answers[10]", ANSWER)
    await hand_in(department, case, "answers[1.1.1]", ANSWER)
    closing = await open_work(department, case, "close_visit")
    facts = dict(closing.context.facts)
    assert closing.unit == "opdc"
    assert facts["ตัวชี้วัดที่ 1.1.1"] == (
        "ข้อค้นพบ: ดำเนินการครบตามขั้นตอน · คะแนนที่เสนอ: 3.5000 · ข้อซักถาม: ขอรายชื่อหมู่บ้านที่สุ่มตรวจ · คำชี้แจง: ส่งรายชื่อ 120 หมู่บ้านแล้ว"
    )
    assert facts["ตัวชี้วัดที่ 7"] == "ข้อค้นพบ: ดำเนินการครบตามขั้นตอน"
    await do(department, case, "close_visit", REMARK)

    said = await outcome(department, case)
    first, second, third = said.kpis
    assert [each.number for each in said.kpis] == ["1.1.1", "7", "10"]
    assert first.recorded is not None
    assert first.answered is not None
    assert (first.recorded.proposed_score, first.recorded.by.officer) == (Decimal("3.5"), "opdc.1")
    assert first.recorded.at == at("2012-05-15")
    assert (first.answered.by.officer, first.answered.at) == ("cdd-community.1", at("2012-05-18"))
    assert second.ready is not None
    assert (second.asked, second.ready.outstanding) == (False, "รายงานเดือนเมษายน รอตรวจสอบ")
    assert third.ready is None
    assert (said.unanswered, said.provinces, said.remark) == ((), (), REMARK["remark"])
    assert (said.closed_by.officer, said.closed_at) == ("opdc.1", at("2012-05-18"))
    standing = await case_of(department, case)
    assert (standing.phase, standing.facts["requests"], standing.facts["unanswered"]) == ("visit_closed", 2, 0)


async def test_evidence_goes_to_the_visitors_and_answers_to_whoever_closes(
    department: Stage, spring: ClockThatIsSet
) -> None:
    gathered = AttachedFile(name="ประชาคม.pdf", media_type="application/pdf", size=9, sha256="a" * 64)
    case = await called(department, evidence=(gathered,))
    await do(department, case, "schedule", DAYS)
    assert (await open_work(department, case, "prepare")).context.files == (gathered,)
    await do(department, case, "prepare", PLAN)
    await do_with_file(department, case, "ready", "แผน.pdf", READY, unit="cdd-community")
    await do_with_file(department, case, "support", "จังหวัด.pdf", READY, unit="cdd-province-b")
    await pass_to(department, spring, at("2012-05-15"))
    records = [h for h in await work_about(department, case) if h.element == "record"]
    shown = {h.title: [file.name for file in h.context.files] for h in records}
    assert shown["บันทึกผลการตรวจประเมินตัวชี้วัดที่ 1.1.1"] == ["แผน.pdf", "จังหวัด.pdf"]
    assert shown["บันทึกผลการตรวจประเมินตัวชี้วัดที่ 7"] == ["จังหวัด.pdf"]
    await recorded(department, case)
    await do_with_file(department, case, "answer", "รายชื่อ.pdf", ANSWER, unit="cdd-community")
    await hand_in(department, case, "answers[10]", ANSWER)
    assert [file.name for file in (await open_work(department, case, "close_visit")).context.files] == ["รายชื่อ.pdf"]
    assert {"แผน.pdf", "จังหวัด.pdf", "รายชื่อ.pdf"} <= set(await papers_of(department, case))
    await do(department, case, "close_visit", REMARK)
    said = pdf.text((await papers_of(department, case))[RECORD])
    assert {name for name in ("แผน.pdf", "จังหวัด.pdf", "รายชื่อ.pdf") if name not in said} == set()


async def test_the_record_is_printed_when_the_visit_is_closed(department: Stage, spring: ClockThatIsSet) -> None:
    """Asked on 15 May, the answers are due seven working days later, on 24 May."""
    case = await called(department, scores={"7": "4.0000"})
    await visiting(department, spring, case)
    await recorded(department, case)
    await hand_in(department, case, "answers[1.1.1]", ANSWER)
    await pass_to(department, spring, at("2012-05-25"))
    assert RECORD not in await papers_of(department, case)
    present = {"present.0.name": "นางสาวตรวจ สอบ", "present.0.position": "", "present.0.of": "สำนักงาน ก.พ.ร."}
    await do(department, case, "close_visit", REMARK | present)
    said = await outcome(department, case)
    record = (await papers_of(department, case))[RECORD]
    assert [(file.name, file.sha256) for file in said.papers] == [(RECORD, content_hash(record))]
    assert [each.name for each in said.present] == ["นางสาวตรวจ สอบ"]
    text = pdf.text(record)
    for figure in ("๑๕–๑๖พฤษภาคม๒๕๕๕", "๒๕พฤษภาคม๒๕๕๕", "๔.๐๐๐๐", "๓.๕๐๐๐", "๒๔พ.ค.๒๕๕๕", "๑๕พ.ค.๒๕๕๕", "๑๒๐"):
        assert figure in text, figure
    for words in ("ห้องประชุม๓๐๐๑", "นางสาวตรวจสอบ", "ยังไม่ตอบ", "หน่วยงานไม่ได้แจ้ง", REMARK["remark"]):
        assert words in text, words


async def test_who_has_not_answered_when_the_visit_is_closed_is_shown_as_unanswered(
    department: Stage, spring: ClockThatIsSet
) -> None:
    case = await called(department)
    await visiting(department, spring, case)
    await recorded(department, case)
    await pass_to(department, spring, at("2012-05-24", "16:29:59"))
    assert {h.element for h in await work_about(department, case)} == {"answer"}
    await pass_to(department, spring, at("2012-05-25"))
    facts = dict((await open_work(department, case, "close_visit")).context.facts)
    assert facts["ตัวชี้วัดที่ 10"].endswith("ข้อซักถาม: ขอแผนพัฒนาบุคลากร · คำชี้แจง: ยังไม่ตอบ")
    await hand_in(department, case, "answers[1.1.1]", ANSWER)  # late, and still before the closing
    (left,) = [h for h in await work_about(department, case) if h.element == "answer"]
    await do(department, case, "close_visit", REMARK)
    with pytest.raises(HandOffIsWithdrawn):
        await department.intake.submit(left.id, ANSWER, officer="cdd-personnel.1", through="test")
    said = await outcome(department, case)
    assert (said.unanswered, said.kpis[0].answered is not None) == (("10",), True)
    assert (await case_of(department, case)).facts["unanswered"] == 1


async def test_answers_that_come_before_the_last_record_let_the_visit_be_closed_at_once(
    department: Stage, spring: ClockThatIsSet
) -> None:
    case = await called(department)
    await visiting(department, spring, case)
    await hand_in(department, case, "records[10]", ASKED)
    await hand_in(department, case, "answers[10]", ANSWER)
    await hand_in(department, case, "records[7]", SEEN)
    await hand_in(department, case, "records[1.1.1]", SEEN)
    await do(department, case, "close_visit", REMARK)
    assert (await outcome(department, case)).unanswered == ()


async def test_where_nothing_is_asked_for_the_visit_can_be_closed_at_once(
    department: Stage, spring: ClockThatIsSet
) -> None:
    case = await called(department)
    await visiting(department, spring, case)
    for number in ("10", "7", "1.1.1"):
        await hand_in(department, case, f"records[{number}]", SEEN)
    await do(department, case, "close_visit", REMARK)
    said = await outcome(department, case)
    assert [each.asked for each in said.kpis] == [False, False, False]


async def test_the_second_visit_looks_at_every_kpi_after_the_year(department: Stage, clock: ClockThatIsSet) -> None:
    clock.moment = at("2012-11-05")  # the period has begun: five working days to announce it
    case = await called(department, Visit.POST)
    asked = await open_work(department, case, "schedule")
    assert asked.due_at == at("2012-11-12", "16:30")
    assert ("วัตถุประสงค์", "ตรวจพิสูจน์ผลการดำเนินงานและหลักฐานเชิงประจักษ์ขั้นสุดท้าย") in asked.context.facts
    await announced(department, case, {"first_day": "2012-11-07", "last_day": "2012-11-07"})
    assert "cdd-information" in {h.unit for h in await work_about(department, case)}


async def test_the_preparation_is_due_before_the_visit_begins(department: Stage, spring: ClockThatIsSet) -> None:
    spring.moment = at("2012-05-14")
    case = await called(department)
    await do(department, case, "schedule", DAYS)
    assert (await open_work(department, case, "prepare")).due_at == at("2012-05-15", "08:30")


async def test_a_score_beyond_the_scale_is_refused(department: Stage, spring: ClockThatIsSet) -> None:
    case = await called(department)
    await visiting(department, spring, case)
    for score in ("5.1", "-1", "3.00001"):
        with pytest.raises(NotAdmitted) as refused:
            await hand_in(department, case, "records[7]", SEEN | {"proposed_score": score})
        assert [problem.field for problem in refused.value.problems] == ["proposed_score"]


async def test_a_kpi_whose_visit_is_called_off_is_shown_as_not_visited(
    department: Stage, spring: ClockThatIsSet
) -> None:
    case = await called(department)
    await visiting(department, spring, case)
    (off,) = [h for h in await work_about(department, case) if "records[7]" in h.key]
    async with department.runtime.ledger.begin() as work:
        await hand_offs.withdraw(work, [off], reason="ไม่ตรวจตัวชี้วัดนี้", actor=system("test"))
        await work.commit()
    await settle(department)
    for number in ("10", "1.1.1"):
        await hand_in(department, case, f"records[{number}]", SEEN)
    facts = dict((await open_work(department, case, "close_visit")).context.facts)
    assert facts["ตัวชี้วัดที่ 7"] == "ไม่ได้ตรวจประเมิน"
    await do(department, case, "close_visit", REMARK)
    assert (await outcome(department, case)).kpis[1].recorded is None


async def test_without_an_account_of_its_own_the_psdg_records_what_opdc_says(
    department: Stage, spring: ClockThatIsSet
) -> None:
    """Decision 18: the same work is held by กพร."""
    text = (MINISTRIES / "cdd.yaml").read_text(encoding="utf-8")
    alone = load_organisation("\n".join(line for line in text.splitlines() if "{id: opdc." not in line))
    policy = load_policy((MINISTRIES / "cdd-policy.yaml").read_text(encoding="utf-8"))
    stage = await stage_on(department.runtime.ledger, alone, policy)
    async with stage.intake:
        case = await called(stage)
        assert (await open_work(stage, case, "schedule")).unit == "cdd-psdg"
