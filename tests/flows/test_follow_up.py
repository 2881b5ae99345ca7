"""The month's follow-up (P6): owners report, the lights go to the department's meeting, กพร. keys the minute.

Before 1 April 183 of the 366 days of fiscal year 2555 have passed: 50 per cent. With margins of 10 and 25 a KPI is
green from 40, yellow from 25 and red below.
"""

from __future__ import annotations

from typing import Any

import pytest

from engine import actions
from ledger import hand_offs
from ledger.errors import HandOffIsWithdrawn
from rules.errors import NotAdmitted
from schemas.actor import system
from schemas.follow_up import FollowUpCase, FollowUpOutcome, TrafficLight, follow_up_case_id
from schemas.kpi import Round
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.agreement import BOOK
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

ON_PLAN: dict[str, Any] = {"percent": "45", "done": "จัดทำแผนชุมชนแล้ว 900 หมู่บ้าน", "next_step": "ดำเนินการส่วนที่เหลือ"}
BEHIND = ON_PLAN | {"percent": "๓๐.๕"}
FAR_BEHIND = ON_PLAN | {"percent": "10", "problem": "ยังไม่ได้รับจัดสรรงบประมาณ"}
MINUTE: dict[str, Any] = {"held_on": "2012-04-12", "resolutions": "ให้เร่งรัดตัวชี้วัดที่ 10"}


@pytest.fixture
def april(clock: ClockThatIsSet) -> ClockThatIsSet:
    """จันทร์ 2 เมษายน 2555, the first working day of the month."""
    clock.moment = at("2012-04-02")
    return clock


async def followed(stage: Stage, month: str = "2012-04-01", round_: Round | None = None, **more: Any) -> str:
    data = FollowUpCase.model_validate({"book": BOOK, "month": month, "round": round_, **more})
    case_id = follow_up_case_id("cdd", 2555, data.month, round_)
    await actions.start_case(
        stage.runtime, "monthly-follow-up", data, case_id=case_id, title="การติดตาม", units=("cdd",), actor=ACTOR
    )
    await settle(stage)
    await stage.sweep()  # the day has come already
    await settle(stage)
    return case_id


async def report(stage: Stage, case: str, number: str, data: dict[str, Any]) -> None:
    (hand_off,) = [h for h in await work_about(stage, case) if f"reports[{number}]" in h.key]
    (holder, *_) = stage.runtime.post.holders_of(hand_off)
    await stage.intake.submit(hand_off.id, data, officer=holder.id, through="test")
    await settle(stage)


async def outcome(stage: Stage, case: str) -> FollowUpOutcome:
    ended = await case_of(stage, case)
    assert ended.state == "completed"
    return FollowUpOutcome.model_validate(ended.result)


async def agenda(stage: Stage, case: str) -> dict[str, str]:
    return dict((await open_work(stage, case, "minute")).context.facts)


async def test_owners_are_asked_on_the_first_working_day_of_the_month(department: Stage, clock: ClockThatIsSet) -> None:
    clock.moment = at("2012-03-28")
    case = await followed(department)
    await pass_to(department, clock, at("2012-04-02", "08:29:59"))  # 1 April is a Sunday
    assert await work_about(department, case) == []
    await pass_to(department, clock, at("2012-04-02"))
    asked = await work_about(department, case)
    # The main holder alone: KPI 10 is shared with cdd-institute, KPI 11 starts at twelve months.
    assert {h.unit for h in asked} == {"cdd-community", "cdd-finance", "cdd-personnel"}
    assert {h.due_at for h in asked} == {at("2012-04-05", "16:30")}
    (one,) = [h for h in asked if h.unit == "cdd-community"]
    assert one.title == "รายงานความก้าวหน้าตัวชี้วัดที่ 1.1.1 การติดตามประจำเดือนเมษายน 2555"
    assert ("ระยะเวลาที่ผ่านไปของปีงบประมาณ", "ร้อยละ 50.00 (ก่อนวันที่ 1 เมษายน 2555)") in one.context.facts
    assert ("ค่าเป้าหมาย", "80 ร้อยละ") in one.context.facts
    assert len(await mails_of(department, case, "task")) >= 3


async def test_the_files_of_all_reports_lie_beside_the_minute(department: Stage, april: ClockThatIsSet) -> None:
    case = await followed(department)
    await do_with_file(department, case, "progress", "แผนชุมชน.pdf", ON_PLAN, unit="cdd-community")
    await do_with_file(department, case, "progress", "เบิกจ่าย.pdf", ON_PLAN, unit="cdd-finance")
    await report(department, case, "10", ON_PLAN)
    minute = await open_work(department, case, "minute")
    assert [file.name for file in minute.context.files] == ["แผนชุมชน.pdf", "เบิกจ่าย.pdf"]
    april.moment = at("2012-04-12")
    present = "นายสมชาย ใจดี รองอธิบดี\nนางสาวสุดา แก้วใส ผู้อำนวยการกองคลัง"
    await do_with_file(department, case, "minute", "รายงานการประชุม.pdf", MINUTE | {"present": present})
    said = await outcome(department, case)
    reported = {each.number: each.progress for each in said.final.lights}
    assert [file.name for file in reported["7"].attachments] == ["เบิกจ่าย.pdf"]  # type: ignore[union-attr]
    assert {"แผนชุมชน.pdf", "เบิกจ่าย.pdf", "รายงานการประชุม.pdf"} == set(await papers_of(department, case))
    assert (said.minute.present, [file.name for file in said.minute.attachments]) == (present, ["รายงานการประชุม.pdf"])


async def test_when_all_have_reported_the_meeting_sees_the_lights_at_once(
    department: Stage, april: ClockThatIsSet
) -> None:
    case = await followed(department)
    await report(department, case, "1.1.1", ON_PLAN)
    await report(department, case, "7", BEHIND)
    assert {h.element for h in await work_about(department, case)} == {"progress"}
    await report(department, case, "10", FAR_BEHIND)
    asked = await open_work(department, case, "minute")
    assert (asked.unit, asked.title) == ("cdd-psdg", "บันทึกรายงานการประชุมกรม: การติดตามประจำเดือนเมษายน 2555")
    facts = await agenda(department, case)
    assert facts["สรุปสถานะ"] == "เขียว (เป็นไปตามแผน) 1, เหลือง (ล่าช้ากว่าแผน) 1 และ แดง (ล่าช้ากว่าแผนมาก) 1"
    assert "กองคลัง: เหลือง (ล่าช้ากว่าแผน) ร้อยละ 30.5" in facts["ตัวชี้วัดที่ 7"]
    assert facts["ตัวชี้วัดที่ 10"].endswith("ปัญหา: ยังไม่ได้รับจัดสรรงบประมาณ · ขั้นต่อไป: ดำเนินการส่วนที่เหลือ")
    standing = await case_of(department, case)
    assert (standing.phase, standing.facts["red"], standing.facts["unreported"]) == ("agenda", 1, 0)

    april.moment = at("2012-04-12", "15:00")
    await do(department, case, "minute", MINUTE)
    said = await outcome(department, case)
    assert [(k.number, k.light.value, k.late) for k in said.final.lights] == [
        ("1.1.1", "green", False), ("7", "yellow", False), ("10", "red", False),
    ]  # fmt: skip
    assert (said.missing, str(said.elapsed)) == ((), "50.00")
    assert (said.minute.by.officer, said.minute.at) == ("cdd-psdg.1", at("2012-04-12", "15:00"))
    assert not {"present", "attachments"} & said.minute.model_dump(mode="json").keys(), (
        "as before there were such fields"
    )
    progress = said.final.lights[1].progress
    assert progress is not None
    assert (progress.by.officer, str(progress.percent)) == ("cdd-finance.1", "30.5")


async def test_the_meeting_does_not_wait_for_who_does_not_report(department: Stage, april: ClockThatIsSet) -> None:
    case = await followed(department)
    await report(department, case, "1.1.1", ON_PLAN)
    await pass_to(department, april, at("2012-04-05", "16:29:59"))
    assert [h.element for h in await work_about(department, case) if h.element == "minute"] == []
    await pass_to(department, april, at("2012-04-05", "16:30"))
    facts = await agenda(department, case)
    assert facts["ตัวชี้วัดที่ 7"] == "การเบิกจ่ายเงินงบประมาณ – กองคลัง: ไม่รายงาน"

    april.moment = at("2012-04-10")  # between the agenda and the minute: taken, and marked
    await report(department, case, "7", ON_PLAN)
    (open_still,) = [h for h in await work_about(department, case) if h.element == "progress"]
    april.moment = at("2012-04-12", "15:00")
    await do(department, case, "minute", MINUTE)
    with pytest.raises(HandOffIsWithdrawn):
        await department.intake.submit(open_still.id, ON_PLAN, officer="cdd-personnel.1", through="test")
    told = [m for m in await mails_of(department, case, "withdrawn") if m.officer == "cdd-personnel.1"]
    assert len(told) == 1
    said = await outcome(department, case)
    assert said.missing == ("10",)
    assert said.agenda.missing == ("7", "10")
    assert [(k.number, k.light, k.late) for k in said.final.lights] == [
        ("1.1.1", TrafficLight.GREEN, False), ("7", TrafficLight.GREEN, True), ("10", TrafficLight.UNREPORTED, False),
    ]  # fmt: skip


async def test_a_report_at_the_last_moment_is_in_time(department: Stage, april: ClockThatIsSet) -> None:
    case = await followed(department)
    april.moment = at("2012-04-05", "16:30")
    for number in ("1.1.1", "7", "10"):
        await report(department, case, number, ON_PLAN)
    await do(department, case, "minute", MINUTE | {"held_on": "5 เม.ย. 2555"})
    assert [k.late for k in (await outcome(department, case)).final.lights] == [False, False, False]


async def test_a_follow_up_before_a_round_comes_on_its_day_with_the_purpose_of_the_source(
    department: Stage, clock: ClockThatIsSet
) -> None:
    clock.moment = at("2012-05-30")
    case = await followed(department, "2012-06-01", Round.NINE)
    await pass_to(department, clock, at("2012-06-15", "08:29:59"))
    assert await work_about(department, case) == []
    await pass_to(department, clock, at("2012-06-15"))
    asked = await open_work(department, case, "progress", unit="cdd-finance")
    assert ("การติดตาม", "ครั้งที่ 2 (ก่อนรายงานผลรอบ 9 เดือน) ปีงบประมาณ พ.ศ. 2555") in asked.context.facts
    purpose = "ติดตามความก้าวหน้า ปัญหา อุปสรรค ตรวจพิสูจน์และจัดเตรียมหลักฐานอ้างอิง"
    assert ("วัตถุประสงค์", purpose) in asked.context.facts
    # 258 of 366 days before 15 June
    assert ("ระยะเวลาที่ผ่านไปของปีงบประมาณ", "ร้อยละ 70.49 (ก่อนวันที่ 15 มิถุนายน 2555)") in asked.context.facts


async def test_the_last_quarter_follows_the_kpis_that_start_at_twelve_months(
    department: Stage, clock: ClockThatIsSet
) -> None:
    clock.moment = at("2012-08-01")
    case = await followed(department, "2012-08-01", purpose="เร่งรัดก่อนสิ้นปีงบประมาณ")
    asked = await open_work(department, case, "progress", unit="cdd-information")
    assert ("วัตถุประสงค์", "เร่งรัดก่อนสิ้นปีงบประมาณ") in asked.context.facts


async def test_who_is_far_behind_says_why_and_whoever_is_not_done_says_what_comes_next(
    department: Stage, april: ClockThatIsSet
) -> None:
    case = await followed(department)
    with pytest.raises(NotAdmitted) as refused:
        await report(department, case, "10", {"percent": "24.99", "done": "ก"})
    assert [problem.field for problem in refused.value.problems] == ["problem", "next_step"]
    assert "ต่ำกว่าร้อยละ 25.00" in refused.value.problems[0].th
    await report(department, case, "10", ON_PLAN | {"percent": "25"})
    await report(department, case, "7", {"percent": "100", "done": "เบิกจ่ายครบ"})
    await report(department, case, "1.1.1", ON_PLAN)
    with pytest.raises(NotAdmitted) as refused:
        await do(department, case, "minute", MINUTE)  # 12 April has not come
    assert [problem.field for problem in refused.value.problems] == ["held_on"]
    with pytest.raises(NotAdmitted) as refused:
        await do(department, case, "minute", MINUTE | {"held_on": "2012-03-30"})
    assert "2 เมษายน 2555" in refused.value.problems[0].th


async def test_work_that_is_withdrawn_from_outside_holds_nothing_up(department: Stage, april: ClockThatIsSet) -> None:
    case = await followed(department)
    for number in ("1.1.1", "7"):
        await report(department, case, number, ON_PLAN)
    (left,) = await work_about(department, case)
    async with department.runtime.ledger.begin() as work:
        await hand_offs.withdraw(work, [left], reason="ยกเลิกตัวชี้วัด", actor=system("test"))
        await work.commit()
    await settle(department)
    april.moment = at("2012-04-12", "15:00")
    await do(department, case, "minute", MINUTE)
    assert (await outcome(department, case)).missing == ("10",)


async def test_without_an_active_kpi_the_meeting_only_notes_it(department: Stage, april: ClockThatIsSet) -> None:
    (measured_once_a_year,) = (kpi for kpi in BOOK.kpis if kpi.starts_at is Round.TWELVE)
    case = await followed(department, book=BOOK.replace(kpis=(measured_once_a_year,)))
    assert (await agenda(department, case))["สรุปสถานะ"] == "ไม่มีตัวชี้วัดที่ต้องติดตาม"
    april.moment = at("2012-04-12", "15:00")
    await do(department, case, "minute", MINUTE)
    assert (await outcome(department, case)).final.lights == ()


async def test_a_follow_up_that_is_opened_late_gives_the_owners_their_days(
    department: Stage, clock: ClockThatIsSet
) -> None:
    clock.moment = at("2012-04-18")
    case = await followed(department)
    assert {h.due_at for h in await work_about(department, case)} == {at("2012-04-23", "16:30")}
