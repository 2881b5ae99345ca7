"""One year of performance agreement (P5), from the baselines to the final score, with the trouble that a year has."""

from __future__ import annotations

from typing import Any

import pytest

from engine import actions
from flows import starting
from rules.errors import NotAdmitted, NoYearCalendar
from schemas.actor import Actor, ActorKind
from schemas.agreement import KpiChangeRequest, SurveyScored
from schemas.award_case import StaffRecords
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.agreement import BOOK, answer_everything
from tests.flows.people import at, case_of, do, mails_of, open_work, papers_of, pass_to, settle, work_about
from tests.flows.test_award import (
    AMOUNTS,
    APPROVED,
    COMMUNITY,
    FINANCE,
    NO_OBJECTION,
    STAFF,
    assert_exact,
    paid,
    propose,
)
from tests.flows.test_award import CASE as AWARD
from tests.reports import pdf

PROVISIONAL = ("ประกาศผลคะแนน-เบื้องต้น-2555.pdf", "ประกาศผลคะแนน-เบื้องต้น-2555.xlsx")
FINAL = ("ประกาศผลคะแนน-ขั้นสุดท้าย-2555.pdf", "ประกาศผลคะแนน-ขั้นสุดท้าย-2555.xlsx")
YEAR = "agreement-2555-cdd"
OFFICER = Actor(kind=ActorKind.OFFICER, officer="cdd-community.1", unit="cdd-community", name="ผู้จัดเก็บข้อมูล")


@pytest.fixture
def october(clock: ClockThatIsSet) -> ClockThatIsSet:
    """จันทร์ 3 ตุลาคม 2554: the first working day of the year."""
    clock.moment = at("2011-10-03")
    return clock


async def opened(stage: Stage) -> str:
    case = await starting.open_agreement_year(stage.runtime, BOOK, actor=ACTOR)
    await settle(stage)
    return case


async def change(stage: Stage, **asked: Any) -> None:
    form = KpiChangeRequest(kpi="1.1.1", reason="น้ำท่วมในพื้นที่", **asked)
    await starting.request_kpi_change(stage.runtime, YEAR, form, unit="cdd-community", actor=OFFICER)
    await settle(stage)


async def test_every_unit_is_asked_for_its_baselines_first(department: Stage, october: ClockThatIsSet) -> None:
    case = await opened(department)
    asked = await work_about(department, case)
    assert {(h.element, h.key, h.unit) for h in asked} == {
        ("baselines", "baselines[1.1.1]", "cdd-community"), ("baselines", "baselines[7]", "cdd-finance"),
        ("baselines", "baselines[10]", "cdd-personnel"), ("baselines", "baselines[11]", "cdd-information"),
    }  # fmt: skip
    assert {h.due_at for h in asked} == {at("2011-10-07", "23:59:59")}


async def test_a_year_without_a_calendar_is_not_opened(department: Stage, october: ClockThatIsSet) -> None:
    with pytest.raises(NoYearCalendar, match="2556"):
        await starting.open_agreement_year(department.runtime, BOOK.replace(fiscal_year=2556), actor=ACTOR)


async def test_levels_are_given_all_five_or_none_and_in_one_direction(
    department: Stage, october: ClockThatIsSet
) -> None:
    case = await opened(department)
    await answer_everything(department, but=("negotiate",))
    hand_off = next(h for h in await work_about(department, case) if h.key == "negotiate[1.1.1]")
    for levels, field in (
        ({"level_1": "60", "level_2": "65"}, "level_3"),
        ({f"level_{n}": value for n, value in enumerate("65487", start=1)}, "level_1"),
    ):
        with pytest.raises(NotAdmitted) as refused:
            await department.intake.submit(hand_off.id, levels, officer="cdd-psdg.1", through="test")
        assert [problem.field for problem in refused.value.problems] == [field]


async def test_a_year_from_the_baselines_to_the_final_score(department: Stage, october: ClockThatIsSet) -> None:
    """The score by hand: (40·3.6 + 20·4 + 20·4 + 20·4.25)/100 = (144 + 80 + 80 + 85)/100 = 3.89.

    As announced, with 3.4 for the first KPI: (136 + 80 + 80 + 85)/100 = 3.81.
    """
    case = await opened(department)
    await answer_everything(department, but=("notify_result",))
    october.moment = at("2011-11-21")
    await do(department, case, "notify_result", {"reference": "นร 1204/1", "dated": "18 พ.ย. 2554"})

    # The unit appeals on the target that was negotiated; it is accepted in part.
    appeal = "appeal-2555-cdd-negotiation"
    await do(
        department, appeal, "draft", {"wish": "appeal", "requested": "78", "reasons": "น้ำท่วม"}, unit="cdd-community"
    )
    await answer_everything(department, but=("check", "sign", "decide"))
    await do(department, appeal, "check", {"decision": "approve"})
    await do(department, appeal, "sign", {"decision": "sign"})
    await do(department, appeal, "decide", {"verdict": "partly", "value": "79", "reasons": "รับบางส่วน"})
    (letter,) = (pdf.text(paper) for paper in (await papers_of(department, appeal)).values())
    for said in ("หนังสือสำนักงานก.พ.ร.ที่นร๑๒๐๔/๑ลงวันที่๑๘พฤศจิกายน๒๕๕๔", "ขออุทธรณ์ผลการเจรจา", "๘๐", "๗๘", "๒๑พฤศจิกายน๒๕๕๔"):
        assert said in letter, said
    signing = await open_work(department, case, "sign_maker")
    assert ("ตัวชี้วัดที่ 1.1.1", "ค่าเป้าหมาย 79 น้ำหนักร้อยละ 40") in signing.context.facts

    october.moment = at("2011-12-20")
    await do(department, case, "sign_maker", {"signed_on": "2011-12-20"})
    assert (await open_work(department, case, "sign_receiver")).unit == "moi-ops"
    await do(department, case, "sign_receiver", {"signed_on": "2011-12-27"})
    villages = await open_work(department, case, "write_details", unit="cdd-community")
    with pytest.raises(NotAdmitted) as refused:  # 79 is signed; step 8 is not the place to agree on something else
        await do(
            department, case, "write_details", {"description": "ก", "data_source": "ข", "target": "75", "weight": "10"},
            unit="cdd-community",
        )  # fmt: skip
    assert {problem.field for problem in refused.value.problems} == {"target", "weight"}
    assert (villages.context.prefill["target"], villages.context.prefill["level_5"]) == ("79", "80")
    await do(department, case, "write_details", {"description": "ก", "data_source": "ข"}, unit="cdd-finance")
    await do(department, case, "check_details", {"decision": "return", "comment": "ขาดสูตร"})
    again = await open_work(department, case, "write_details", unit="cdd-finance")
    assert again.context.note == "กลุ่มพัฒนาระบบบริหารส่งคืนแก้ไข: ขาดสูตร"
    await answer_everything(department)

    # A change in time is decided; one after 2 April is refused by the calendar.
    await pass_to(department, october, at("2012-03-15"))
    await change(department, target="77")
    await do(department, case, "check_change", {"decision": "approve"})
    await do(department, case, "decide_change", {"decision": "approve"})
    await pass_to(department, october, at("2012-04-03"))
    await change(department, target="70")
    assert {h.element for h in await work_about(department, case)} & {"check_change", "decide_change"} == set()
    told = [m.officer for m in await mails_of(department, case, "notice")]
    assert set(told) == {"cdd-community.1", "cdd-psdg.1"}

    await answer_everything(department)
    await pass_to(department, october, at("2012-07-02"))
    await answer_everything(department)
    await starting.record_survey(
        department.runtime, case, SurveyScored(kpi="11", score="4.25", reference="นร 0500/9"), actor=ACTOR
    )
    await settle(department)
    await pass_to(department, october, at("2012-10-02"))
    await answer_everything(department, but=("announce",))

    october.moment = at("2013-02-20")
    await answer_everything(department, but=("draft",))
    appeal = "appeal-2555-cdd-score"
    drafts = [h for h in await work_about(department, appeal) if h.element == "draft"]
    assert {tuple(file.name for file in h.context.files) for h in drafts} == {PROVISIONAL}
    announced = pdf.text((await papers_of(department, case))[PROVISIONAL[0]])
    for said in ("(เบื้องต้น)", "ภายในวันที่๗มีนาคม๒๕๕๖", "๓.๘๑๐๐", "๓.๔๐๐๐", "๔.๐๐๐๐", "๔.๒๕๐๐", "อธิบดีกรมการพัฒนาชุมชน"):
        assert said in announced, said
    await do(department, appeal, "draft", {"wish": "appeal", "requested": "3.8", "reasons": "ก"}, unit="cdd-community")
    await answer_everything(department, but=("check", "sign", "decide"))
    await do(department, appeal, "check", {"decision": "approve"})
    await do(department, appeal, "sign", {"decision": "sign"})
    await do(department, appeal, "decide", {"verdict": "partly", "value": "3.6", "reasons": "รับบางส่วน"})

    # The final score is above the threshold; the personnel records come by message, then the money is shared out.
    announced = pdf.text((await papers_of(department, case))[FINAL[0]])
    for said in ("สุดท้าย)", "๓.๘๙๐๐", "จากเดิม๓.๔๐๐๐เป็น๓.๖๐๐๐", "จำนวน๑ตัวชี้วัด", "๔.๐๐๐๐", "๔.๒๕๐๐"):
        assert said in announced, said
    waiting = await case_of(department, AWARD)
    assert (waiting.state, waiting.waiting_for) == ("open", "รอทะเบียนบุคคลของปีจากกองการเจ้าหน้าที่")
    october.moment = at("2013-06-03")
    records = StaffRecords(staff={COMMUNITY: STAFF[COMMUNITY], FINANCE: STAFF[FINANCE]})
    await actions.send_message(department.runtime, AWARD, records, sender="cdd-personnel", actor=ACTOR)
    await settle(department)
    amounts = await open_work(department, AWARD, "amounts")
    assert tuple(file.name for file in amounts.context.files) == FINAL
    await do(department, AWARD, "amounts", AMOUNTS)
    await propose(department, COMMUNITY)
    await propose(department, FINANCE)
    await do(department, AWARD, "check", APPROVED)
    await do(department, AWARD, "approve", APPROVED)
    for unit in (COMMUNITY, FINANCE):
        await do(department, AWARD, "object", NO_OBJECTION, unit=unit)
    october.moment = at("2013-06-28")
    paying = await open_work(department, AWARD, "pay")
    assert [file.name for file in paying.context.files] == [f"คำสั่งจ่ายเงินรางวัล-2555.{kind}" for kind in ("pdf", "xlsx")]
    order = (await paid(department)).order
    assert order is not None
    assert_exact(order.award)

    ended = await case_of(department, case)
    assert ended.state == "completed"
    result = ended.result
    assert result["award"]["order"]["award"]["total"] == "3.8900"
    assert result["final_score"] == "3.8900"
    assert [r["final"]["card"]["total_all"] for r in result["rounds"]] == ["3.7000", "3.7000", "3.8100"]
    assert [c["ending"] for c in result["changes"]] == ["approved", "too_late"]
    assert next(k["target"] for k in result["book"]["kpis"] if k["number"] == "1.1.1") == "77"
