"""P13: the framework of fiscal year 2563 (S4), with the agencies of the sample ministry as its provinces."""

from __future__ import annotations

from datetime import date
from typing import Any

from flows.framework_opening import open_framework
from schemas.framework import FrameworkOrder
from schemas.organisation import Duty
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.people import at, case_of, do, mails_of, open_work, papers_of, pass_to, settle, work_about
from tests.reports import pdf

PROVINCES = ("dept", "oja", "dept2", "dept3", "dept4", "dept5")
ORDER = FrameworkOrder(
    fiscal_year=2563, briefing_on=date(2019, 9, 6), workshop_from=date(2019, 9, 11), workshop_to=date(2019, 9, 19)
)
DRAFT: dict[str, Any] = {
    "principles": "จังหวัดเป็นผู้กำหนดตัวชี้วัดที่สอดคล้องกับแผนพัฒนาจังหวัด 3–5 ตัวชี้วัดที่สำคัญเท่านั้น", "letter_no": "นร 1200/ว 12",
    "components": [{"component": "ศักยภาพการดำเนินงาน", "before": "8 ตัวชี้วัด", "now": "3–5 ตัวชี้วัด"}],
}  # fmt: skip
KPIS: list[dict[str, Any]] = [
    {"th": "รายได้จากการท่องเที่ยว", "unit_of_measure": "ล้านบาท", "years": 1, "targets": "1200", "plan": "provincial"},
    {"th": "คุณภาพน้ำ", "unit_of_measure": "คะแนน", "years": 3, "targets": "80 / 85 / 90", "plan": "national"},
    {"th": "พื้นที่ป่า", "unit_of_measure": "ไร่", "years": 1, "targets": "500", "plan": None},
]


async def workshop(stage: Stage, clock: ClockThatIsSet) -> str:
    """The framework is drafted, provinces are told, the workshop has begun."""
    case = await open_framework(stage.runtime, ORDER, actor=ACTOR)
    await settle(stage)
    await do(stage, case, "draft_framework", DRAFT)
    await pass_to(stage, clock, at("2019-09-11"))
    return case


async def adopted(stage: Stage, case: str, province: str, advice: str = "") -> None:
    await do(stage, case, "draft", {"kpis": KPIS}, unit=f"{province}-plan")
    await do(stage, case, "advise", {"comment": advice})
    if advice:
        await do(stage, case, "revise", {"kpis": KPIS}, unit=f"{province}-plan")
    await do(stage, case, "adopt", {"decision": "approve"}, unit=province)


async def told(stage: Stage, case: str) -> None:
    """Every province takes the circular in."""
    for province in PROVINCES:
        await do(stage, f"circular-{case}", "acknowledge", {}, unit=f"{province}-plan")


async def test_the_framework_goes_to_every_province_as_a_circular_of_its_own(
    ministry: Stage, september: ClockThatIsSet
) -> None:
    case = await open_framework(ministry.runtime, ORDER, actor=ACTOR)
    await settle(ministry)
    drafting = await open_work(ministry, case, "draft_framework")
    assert (drafting.unit, drafting.due_at) == ("ops-psd", at("2019-09-06", "08:30"))
    await do(ministry, case, "draft_framework", DRAFT)
    circular = await case_of(ministry, f"circular-{case}")
    assert (circular.process, circular.parent_id) == ("circular", case)
    asked = await work_about(ministry, circular.id)
    assert {h.unit for h in asked} == {f"{province}-plan" for province in PROVINCES}
    compared = pdf.text((await papers_of(ministry, case))["กรอบการประเมิน-2563.pdf"])
    for said in ("๒๕๖๒", "๒๕๖๓", "๘ตัวชี้วัด", "๓–๕ตัวชี้วัด"):
        assert said in compared, said
    assert await work_about(ministry, case) == []  # the workshop has not begun
    await pass_to(ministry, september, at("2019-09-11", "08:30"))
    drafts = await work_about(ministry, case)
    assert {(h.element, h.unit) for h in drafts} == {("draft", f"{province}-plan") for province in PROVINCES}
    assert {h.due_at for h in drafts} == {at("2019-09-19", "23:59").replace(second=59)}


async def test_the_provinces_get_a_letter_with_cause_purpose_and_days(
    ministry: Stage, september: ClockThatIsSet
) -> None:
    case = await workshop(ministry, september)
    ((name, letter),) = (await papers_of(ministry, f"circular-{case}")).items()
    assert pdf.cut_off(letter) == []
    text = pdf.text(letter)
    assert name == "หนังสือเวียน-นร-1200-ว-12.pdf"
    cause, purpose = text.index("ด้วย"), text.index("จึงขอส่งกรอบการประเมิน")
    assert cause < text.index("สอดคล้องกับแผนพัฒนาจังหวัด") < purpose < text.index("จึงเรียนมาเพื่อโปรดพิจารณา")
    for said in (
        "เรียนผู้ว่าราชการจังหวัดทุกจังหวัด", "วันศุกร์ที่๖กันยายน๒๕๖๒", "วันที่๑๑–๑๙กันยายน๒๕๖๒", "ภายในวันพฤหัสบดีที่๑๙กันยายน๒๕๖๒",
        "ในการปฏิบัติราชการของจังหวัด",
    ):  # fmt: skip
        assert said in text, said
    for never in (".pdf", "๐๘.๓๐", "๒๓.๕๙", "หัวหน้าส่วนราชการ"):
        assert never not in text, never


async def test_advice_is_no_veto_and_the_governor_adopts(ministry: Stage, september: ClockThatIsSet) -> None:
    case = await workshop(ministry, september)
    await do(ministry, case, "draft", {"kpis": KPIS}, unit="dept-plan")
    advising = await open_work(ministry, case, "advise")
    assert ("ข้อสังเกต", "ตัวชี้วัดที่ 3 ไม่ระบุแผนที่เชื่อมโยง") in advising.context.facts
    await do(ministry, case, "advise", {"comment": "ควรเพิ่มค่าเป้าหมาย"})
    revising = await open_work(ministry, case, "revise", unit="dept-plan")
    assert revising.context.note.endswith("ควรเพิ่มค่าเป้าหมาย")
    assert [kpi["th"] for kpi in revising.context.prefill["kpis"]] == [kpi["th"] for kpi in KPIS]
    await do(ministry, case, "revise", {"kpis": KPIS}, unit="dept-plan")  # the same: the province decides
    adopting = await open_work(ministry, case, "adopt", unit="dept")
    assert adopting.duty == Duty.HEAD
    await do(ministry, case, "adopt", {"decision": "return", "comment": "ขอเป้าหมายใหม่"}, unit="dept")
    again = await open_work(ministry, case, "revise", unit="dept-plan")
    assert again.context.note == "ส่งคืนแก้ไข: ขอเป้าหมายใหม่"
    await do(ministry, case, "revise", {"kpis": KPIS}, unit="dept-plan")
    await do(ministry, case, "adopt", {"decision": "approve"}, unit="dept")
    assert {h.unit for h in await work_about(ministry, case)} == {f"{province}-plan" for province in PROVINCES[1:]}


async def test_all_adopted_before_the_year_it_is_published_at_once(ministry: Stage, september: ClockThatIsSet) -> None:
    case = await workshop(ministry, september)
    await told(ministry, case)
    for number, province in enumerate(PROVINCES):
        await adopted(ministry, case, province, advice="ควรเพิ่มค่าเป้าหมาย" if number % 2 else "")
    ended = await case_of(ministry, case)
    assert (ended.state, ended.result["missing_at_first"]) == ("completed", [])
    assert [each["unit"] for each in ended.result["adopted"]] == [f"{province}-plan" for province in PROVINCES]
    papers = await papers_of(ministry, case)
    assert [each["name"] for each in ended.result["papers"]] == list(papers)
    assert list(papers) == ["กรอบการประเมิน-2563.pdf", "ตัวชี้วัดจังหวัด-2563-เล่ม-1.pdf"]
    book = pdf.text(papers["ตัวชี้วัดจังหวัด-2563-เล่ม-1.pdf"])
    assert "เห็นชอบแล้ว๖จาก๖จังหวัด" in book
    assert "๘๐/๘๕/๙๐" in book
    await pass_to(ministry, september, at("2019-10-05"))
    assert await work_about(ministry, case) == []


async def test_before_the_year_begins_it_is_published_without_the_late_and_their_governors_are_told(
    ministry: Stage, september: ClockThatIsSet
) -> None:
    case = await workshop(ministry, september)
    await told(ministry, case)
    for province in PROVINCES[:-1]:
        await adopted(ministry, case, province)
    await pass_to(ministry, september, at("2019-09-30", "23:58"))
    assert list(await papers_of(ministry, case)) == ["กรอบการประเมิน-2563.pdf"]
    await pass_to(ministry, september, at("2019-10-01", "00:00"))
    first = pdf.text((await papers_of(ministry, case))["ตัวชี้วัดจังหวัด-2563-เล่ม-1.pdf"])
    assert "เห็นชอบแล้ว๕จาก๖จังหวัด" in first
    assert [m.officer for m in await mails_of(ministry, case, "notice")] == ["dept5.head"]
    await adopted(ministry, case, "dept5")
    ended = await case_of(ministry, case)
    assert (ended.state, ended.result["missing_at_first"]) == ("completed", ["dept5-plan"])
    assert "เห็นชอบแล้ว๖จาก๖จังหวัด" in pdf.text((await papers_of(ministry, case))["ตัวชี้วัดจังหวัด-2563-เล่ม-2.pdf"])
