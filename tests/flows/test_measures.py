"""P12: the six measures of a province in fiscal year 2561 (S3), played by a department of the sample ministry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from flows.measures_opening import issue_criteria, open_measures
from ledger.errors import FormWasUsed
from schemas.directive import Urgency
from schemas.measures import CATEGORIES, MEASURES, SOURCE_TH, CriteriaOrder, MeasuresOrder, Source
from schemas.measures_report import MeasuresOutcome
from schemas.organisation import Duty
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.people import at, case_of, do, mails_of, open_work, papers_of, pass_to, settle, work_about
from tests.reports import pdf

OFFICE, ENERGY, OTHER = "dept-plan", "dept-div-a", "dept-div-b"
ORDER = MeasuresOrder(
    fiscal_year=2561, plan_due_on=date(2017, 11, 15), energy_office=ENERGY, no="สค 0017.2/ว 14080",
    on=date(2017, 10, 11), urgency=Urgency.MOST_URGENT, subject="สรุปผลการประชุมชี้แจงแนวทางการประเมินส่วนราชการ",
    text="ตามที่ได้ประชุม นั้น\nจังหวัดจึงขอส่งสรุปผลการประชุม",
)  # fmt: skip
CRITERIA = CriteriaOrder(reference="นร 1200/ว 4", on=date(2018, 2, 1), text="ให้คำนวณจากปริมาณที่จัดซื้อ")
LAST_DAYS = {
    "2017-10": "2017-11-02", "2017-11": "2017-12-02", "2017-12": "2018-01-02", "2018-01": "2018-02-02",
    "2018-02": "2018-03-02", "2018-03": "2018-04-02", "2018-04": "2018-05-02", "2018-05": "2018-06-02",
    "2018-06": "2018-07-02", "2018-07": "2018-08-02", "2018-08": "2018-09-02", "2018-09": "2018-10-02",
}  # fmt: skip
"""The last day of each month's reports, whatever day of the week it is (requirements 1.3)."""


@pytest.fixture
def october(clock: ClockThatIsSet) -> ClockThatIsSet:
    """พุธ 11 ตุลาคม 2560 เวลา 9.00 น."""
    clock.moment = at("2017-10-11")
    return clock


def chosen(number: int) -> dict[str, Any]:
    six = [
        {"source": source, "th": SOURCE_TH[source], "owner": ENERGY if source is Source.ENERGY else OTHER}
        for source in MEASURES
    ]
    rest = [{"source": CATEGORIES[n % 5], "th": f"กิจกรรมที่เลือก {n + 1}", "owner": OTHER} for n in range(number)]
    return {"activities": six + rest}


def plan_of(form: str, months: list[str], **more: str) -> dict[str, Any]:
    said = {"start": months[0], "output": "ผลผลิต", "indicator": "จำนวนที่แล้วเสร็จ", "unit_of_measure": "เรื่อง"}
    if form == "SavingPlan":
        said |= {"unit_of_measure": "รีม", "target": "10", "baselines": "/".join(["100"] * 12)}
    elif form == "OutputPlan":
        said |= {"target": "4"}
    return said | more


async def begun(stage: Stage) -> str:
    case = await open_measures(stage.runtime, ORDER, office=OFFICE, actor=ACTOR)
    await settle(stage)
    return case


async def planned(stage: Stage, case: str, element: str = "plan_activity", **more: str) -> None:
    """Whoever is asked for the plan of an activity hands it in."""
    for work in [w for w in await work_about(stage, case) if w.element == element]:
        months = [value for value, _ in work.context.choices["months"]]
        await hand_in(stage, work, plan_of(work.form, months, **more))


async def hand_in(stage: Stage, work: Any, data: dict[str, Any]) -> None:
    (holder, *_) = stage.runtime.post.holders(work.unit, work.duty)
    await stage.intake.submit(work.id, data, officer=holder.id, through="test")
    await settle(stage)


async def approved(stage: Stage, case: str, *, counted: bool = True) -> None:
    await do(stage, case, "count_six", {"counted": counted})
    await do(stage, case, "choose", chosen(6 if counted else 12))
    await planned(stage, case)
    await do(stage, case, "approve", {"decision": "approve"})


async def told(stage: Stage, case: str) -> None:
    for work in await work_about(stage, f"circular-{case}"):
        await hand_in(stage, work, {})


async def reported(
    stage: Stage, case: str, month: str, *, used: Mapping[str, str] | None = None, but: tuple[str, ...] = ()
) -> list[str]:
    """The open reports of a month come in; an output grows by one a month. Gives what was asked for."""
    here = [w for w in await work_about(stage, case) if w.context.limits.get("month") == month]
    for work in here:
        key = work.context.limits["activity"]
        if key in but:
            continue
        if work.form == "EnergyReport":
            said = {"electricity": "1,200.5", "fuel": "300", "recorded_on": "2017-10-11"}
        elif work.form == "UsageReport":
            said = {"used": (used or {}).get(key, "90")}
        else:
            before = dict(work.context.facts)["ผลผลิตที่รายงานล่าสุด"].removesuffix(" เรื่อง")
            said = {"output": str(1 + int(before) if before.isdigit() else 1)}
        await hand_in(stage, work, said)
    return sorted(work.context.limits["activity"] for work in here)


async def test_the_heads_are_told_and_the_first_month_is_reported_before_there_is_a_plan(
    ministry: Stage, october: ClockThatIsSet
) -> None:
    case = await begun(ministry)
    circular = await case_of(ministry, f"circular-{case}")
    assert (circular.process, circular.parent_id) == ("circular", case)
    receipts = await work_about(ministry, circular.id)
    assert {w.due_at for w in receipts} == {at("2017-10-16", "16:30")}  # two working days; the 13th is a holiday
    await told(ministry, case)
    await pass_to(ministry, october, at("2017-10-30", "09:00"))
    work = [w for w in await work_about(ministry, case) if w.element == "report_month"]
    assert {(w.context.limits["activity"], w.unit) for w in work} == {
        ("energy", ENERGY), ("paper", OFFICE), ("budget", OFFICE),
    }  # fmt: skip
    assert {w.due_at for w in work} == {at("2017-11-02", "23:59").replace(second=59)}


async def test_the_six_count_with_six_more_or_are_done_beside_twelve(ministry: Stage, october: ClockThatIsSet) -> None:
    case = await begun(ministry)
    await do(ministry, case, "count_six", {})
    choosing = await open_work(ministry, case, "choose")
    assert ("จำนวนกิจกรรมจาก 5 ประเภทเรื่อง", "12") in choosing.context.facts
    assert [line["source"] for line in choosing.context.prefill["activities"]] == list(MEASURES)
    await do(ministry, case, "choose", chosen(12))
    await planned(ministry, case)
    approving = await open_work(ministry, case, "approve")
    assert (approving.unit, approving.duty) == ("dept", Duty.HEAD)
    facts = dict(approving.context.facts)
    assert facts["มาตรการ 6 เรื่องในตัวชี้วัดที่ 4.2"] == "ไม่นับ แต่ยังดำเนินการครบทั้ง 6 เรื่อง"
    assert "เดิมกลุ่ม A" in facts["กิจกรรมที่ 7"]
    assert facts["หมายเหตุ"].startswith("ยกเลิกเงื่อนไขกลุ่ม A และ B แล้ว")
    await do(
        ministry, case, "approve", {"decision": "return", "activities": ["it", "chosen-3"], "comment": "ขอเป้าหมายใหม่"}
    )
    again = [w for w in await work_about(ministry, case) if w.element == "correct"]
    assert {w.key for w in again} == {"correct[it]", "correct[chosen-3]"}
    assert {w.context.note for w in again} == {"ส่งคืนแก้ไข: ขอเป้าหมายใหม่"}
    await planned(ministry, case, "correct", target="9")
    await do(ministry, case, "approve", {"decision": "approve"})
    text = pdf.text((await papers_of(ministry, case))["แผน-กรม-(ตัวอย่าง)-2561-ฉบับที่-1.pdf"])
    assert "ไม่นับในตัวชี้วัดที่๔.๒" in text
    assert text.count("๙เรื่อง") == 2
    assert [m.folder for m in await mails_of(ministry, case, "notice")] == ["notice"] * len(
        ministry.runtime.post.holders("ops-psd", Duty.OFFICER)
    )


async def test_a_plan_after_the_day_is_late_and_not_lost(ministry: Stage, october: ClockThatIsSet) -> None:
    case = await begun(ministry)
    await pass_to(ministry, october, at("2017-11-16", "10:00"))
    digests = [m for m in await mails_of(ministry, case, "digest") if m.queued_at == at("2017-11-16", "09:00")]
    supervisors = ministry.runtime.directory.supervisors_of(OFFICE)
    assert {mail.officer for mail in digests} == {officer.id for officer in supervisors}
    await approved(ministry, case)
    text = pdf.text((await papers_of(ministry, case))["แผน-กรม-(ตัวอย่าง)-2561-ฉบับที่-1.pdf"])
    assert "หลังกำหนดวันที่๑๕พฤศจิกายน๒๕๖๐" in text
    assert (await case_of(ministry, case)).facts["late"] is True


async def test_energy_of_december_is_reminded_of_before_the_holidays_and_late_after_the_second(
    ministry: Stage, october: ClockThatIsSet
) -> None:
    """The 2nd of January is a holiday, so the last working day before it is the 29th of December (S3-09)."""
    case = await begun(ministry)
    await pass_to(ministry, october, at("2017-12-27", "12:00"))
    asked = next(w for w in await work_about(ministry, case) if w.key == "month[2017-12]/report[energy]/report_month")
    assert asked.due_at == at("2018-01-02", "23:59").replace(second=59)

    async def reminded() -> int:
        return sum(mail.hand_off_id == asked.id for mail in await mails_of(ministry, case, "reminder"))

    await pass_to(ministry, october, at("2017-12-29", "08:59"))
    assert await reminded() == 0
    await pass_to(ministry, october, at("2017-12-29", "09:00"))
    assert await reminded() == len(ministry.runtime.post.holders(ENERGY, Duty.OFFICER))
    await pass_to(ministry, october, at("2018-01-03", "00:00"))
    text = pdf.text((await papers_of(ministry, case))["รายงาน-กรม-(ตัวอย่าง)-2560-12.pdf"])
    assert "ตามแผนยังไม่ได้รับอนุมัติ" in text
    assert "ยังไม่รายงาน๓กิจกรรม" in text


async def test_new_criteria_make_a_second_version_in_every_running_case_and_nothing_of_the_first_is_lost(
    ministry: Stage, october: ClockThatIsSet
) -> None:
    case = await begun(ministry)
    await approved(ministry, case)
    await pass_to(ministry, october, at("2017-12-04"))
    await reported(ministry, case, "2017-10")
    await reported(ministry, case, "2017-11")
    other = await open_measures(
        ministry.runtime, ORDER.replace(energy_office="oja-div-a"), office="oja-plan", actor=ACTOR
    )
    await settle(ministry)
    criteria = CRITERIA.replace(on=date(2017, 12, 4))
    once = "page-1"
    reached = await issue_criteria(ministry.runtime, criteria, sender="ops-psd", actor=ACTOR, once=once)
    assert set(reached) == {case, other}
    assert await issue_criteria(ministry.runtime, criteria, sender="ops-psd", actor=ACTOR, once=once) == ()
    with pytest.raises(FormWasUsed):
        await issue_criteria(
            ministry.runtime, criteria.replace(text="อื่น"), sender="ops-psd", actor=ACTOR, once=once
        )  # fmt: skip
    await settle(ministry)
    revising = await open_work(ministry, case, "revise")
    assert (revising.unit, revising.context.note) == (OFFICE, "ให้คำนวณจากปริมาณที่จัดซื้อ")
    assert "revise" not in {w.element for w in await work_about(ministry, other)}  # has no plan yet
    again = criteria.replace(reference="นร 1200/ว 9", text="ให้นับเฉพาะหน่วยงานที่คัดเลือก")
    await issue_criteria(ministry.runtime, again, sender="ops-psd", actor=ACTOR)
    late = await open_measures(
        ministry.runtime, ORDER.replace(energy_office="dept2-div-a"), office="dept2-plan", actor=ACTOR
    )
    await settle(ministry)
    await do(ministry, case, "revise", {"activities": ["paper"], "note": "ใช้ปริมาณที่จัดซื้อ"})
    await planned(ministry, case, "adapt", baselines="/".join(["120"] * 12))
    await do(ministry, case, "approve", {"decision": "approve"})
    waited = await open_work(ministry, case, "revise")  # what came meanwhile makes the third version
    assert (waited.context.note, [file.name for file in waited.context.files]) == (
        "ให้นับเฉพาะหน่วยงานที่คัดเลือก", ["แผน-กรม-(ตัวอย่าง)-2561-ฉบับที่-2.pdf", "แผน-กรม-(ตัวอย่าง)-2561-ฉบับที่-2.xlsx"],
    )  # fmt: skip
    papers = await papers_of(ministry, case)
    assert {f"แผน-กรม-(ตัวอย่าง)-2561-ฉบับที่-{n}.{kind}" for n in (1, 2) for kind in ("pdf", "xlsx")} <= papers.keys()
    assert "นร๑๒๐๐/ว๔" in pdf.text(papers["แผน-กรม-(ตัวอย่าง)-2561-ฉบับที่-2.pdf"])
    await pass_to(ministry, october, at("2017-12-28"))
    (paper,) = [w for w in await work_about(ministry, case) if w.context.limits.get("activity") == "paper"]
    assert paper.context.limits == {"activity": "paper", "month": "2017-12", "version": 2}
    await do(ministry, case, "revise", {"activities": ["paper"]})
    await planned(ministry, case, "adapt", baselines="/".join(["150"] * 12))
    await do(ministry, case, "approve", {"decision": "approve"})
    assert "แผน-กรม-(ตัวอย่าง)-2561-ฉบับที่-3.pdf" in await papers_of(ministry, case)
    assert ("ค่าฐานของเดือน", "120 รีม") in paper.context.facts
    for begun_then, reached_by_it in ((other, True), (late, False)):
        await do(ministry, begun_then, "count_six", {"counted": True})
        lines = chosen(6)["activities"]
        agency = "oja" if begun_then == other else "dept2"
        owned = [line | {"owner": f"{agency}-plan"} for line in lines]
        await do(ministry, begun_then, "choose", {"activities": owned})
        await planned(ministry, begun_then)
        await do(ministry, begun_then, "approve", {"decision": "approve"})
        assert ("revise" in {w.element for w in await work_about(ministry, begun_then)}) is reached_by_it


async def test_a_year_of_reports_stops_after_twelve_months_or_when_the_output_is_complete(
    ministry: Stage, october: ClockThatIsSet
) -> None:
    """Energy is late in November; paper saves ten per cent exactly, the budget does not; outputs end when they are."""
    case = await begun(ministry)
    await told(ministry, case)
    await approved(ministry, case)
    asked: dict[str, list[str]] = {}
    for number, (month, day) in enumerate(LAST_DAYS.items(), start=1):
        await pass_to(ministry, october, at(day, "10:00"))
        late = ("energy",) if month == "2017-11" else ()
        asked[month] = await reported(ministry, case, month, used={"paper": "90", "budget": "90.01"}, but=late)
        await pass_to(ministry, october, at(day, "23:59").replace(second=59))
        assert f"รายงาน-กรม-(ตัวอย่าง)-{int(month[:4]) + 543}{month[4:]}.pdf" in await papers_of(ministry, case), number
        if late:
            await pass_to(ministry, october, at("2017-12-03"))
            assert await reported(ministry, case, month) == ["energy"]
    always = {"energy", "paper", "budget"}
    begun_in_october = {f"chosen-{n}" for n in range(1, 7)}
    assert set(asked["2017-10"]) == always | begun_in_october
    assert set(asked["2018-01"]) == always | {"it", "anti_corruption", "integration"} | begun_in_october
    assert set(asked["2018-02"]) == always | {"it", "anti_corruption", "integration"}  # four of four by January
    assert {month for month, keys in asked.items() if set(keys) == always} == {
        "2018-05", "2018-06", "2018-07", "2018-08", "2018-09",
    }  # fmt: skip
    ended = await case_of(ministry, case)
    assert ended.state == "completed"
    outcome = MeasuresOutcome.model_validate(ended.result)
    assert [(s.source, s.percent, s.met) for s in outcome.saved] == [
        (Source.PAPER, Decimal("10.00"), True), (Source.BUDGET, Decimal("9.99"), False),
    ]  # fmt: skip
    assert (outcome.late, len(outcome.completed), outcome.unfinished) == (1, 9, ())
    assert outcome.reports == sum(map(len, asked.values()))
    text = pdf.text((await papers_of(ministry, case))["สรุปผล-กรม-(ตัวอย่าง)-2561.pdf"])
    for said in ("ประหยัดได้ร้อยละ๑๐.๐๐", "ประหยัดได้ร้อยละ๙.๙๙", "ไม่ถึงเป้าหมาย", "ผลผลิตครบถ้วน๙จาก๙กิจกรรม"):
        assert said in text, said
    november = pdf.text((await papers_of(ministry, case))["รายงาน-กรม-(ตัวอย่าง)-2560-11.pdf"])
    assert "ยังไม่รายงาน๑กิจกรรม" in november
