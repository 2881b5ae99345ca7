"""A round of self-assessment reports (P7): reported, certified twice, scored, approved, sent and acknowledged.

The scores are worked out by hand:
1.1.1: 72 lies between 70 (level 3) and 75 (level 4): 3 + 2/5 = 3.4
7: 7.1 = 73 lies between 72 and 74: 3.5; 7.2 = 94: 5; (2·3.5 + 1·5)/3 = 4
10: steps 1 to 4 without a gap: 4
All three, Σ weight 80: (40·3.4 + 20·4 + 20·4)/80 = (136 + 80 + 80)/80 = 3.7
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ledger import reading
from ledger.errors import NotTheHolder
from rules.errors import NotAdmitted
from schemas.criteria import Composite, External, Part
from schemas.kpi import Round
from schemas.organisation import Duty
from tests.conftest import ClockThatIsSet
from tests.engine.driver import Stage
from tests.flows.agreement import BOOK, CERTIFIED, SAID, open_round
from tests.flows.people import acting, at, case_of, do, mails_of, open_work, papers_of, pass_to, settle, work_about
from tests.reports import pdf

REPORTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("1.1.1", "cdd-community", {"value": "๗๒"}),
    ("7.1", "cdd-finance", {"value": "73.00"}),
    ("7.2", "cdd-finance", {"value": "94"}),
    ("10", "cdd-personnel", {"done": ["1", "2", "3", "4"]}),
    ("cdd-institute", "cdd-institute", {}),
)


@pytest.fixture
def april(clock: ClockThatIsSet) -> ClockThatIsSet:
    """จันทร์ 2 เมษายน 2555: the round of six months is open."""
    clock.moment = at("2012-04-02")
    return clock


async def hand_in(stage: Stage, case: str, key: str, data: dict[str, Any]) -> None:
    """The open hand-off whose key holds `key` is answered by an officer of its unit."""
    (hand_off,) = [h for h in await work_about(stage, case) if key in h.key]
    (holder, *_) = stage.runtime.post.holders_of(hand_off)
    await stage.intake.submit(hand_off.id, data, officer=holder.id, through="test")
    await settle(stage)


async def reported(stage: Stage, case: str) -> None:
    for name, _, result in REPORTS:
        await hand_in(stage, case, f"keep[{name}]", SAID | result)


async def certified(stage: Stage, case: str, *numbers: str) -> None:
    for number in numbers or ("1.1.1", "7", "10"):
        await hand_in(stage, case, f"cards[{number}]/certify_supervisor", CERTIFIED)
        await hand_in(stage, case, f"cards[{number}]/certify_psdg", CERTIFIED)


async def finished(stage: Stage, case: str) -> dict[str, Any]:
    await do(stage, case, "send", {"reference": "มท 0409.2/1234"})
    await do(stage, case, "acknowledge", {"reference": "นร 1204/55"})
    ended = await case_of(stage, case)
    assert ended.state == "completed"
    return dict(ended.result)


async def test_the_round_opens_after_its_period_and_asks_every_keeper_by_the_day_of_the_source(
    department: Stage, clock: ClockThatIsSet
) -> None:
    clock.moment = at("2012-03-30")
    case = await open_round(department, Round.SIX)
    assert await work_about(department, case) == []
    await pass_to(department, clock, at("2012-04-02"))
    asked = await work_about(department, case)
    assert {(h.key.partition("/keep")[2], h.unit) for h in asked} == {(f"[{name}]", unit) for name, unit, _ in REPORTS}
    assert {h.due_at for h in asked} == {at("2012-04-11", "23:59:59")}
    (one,) = [h for h in asked if h.unit == "cdd-community"]
    assert one.title == "รายงานผลตัวชี้วัดที่ 1.1.1 รอบ 6 เดือน"
    assert ("น้ำหนัก", "ร้อยละ 40") in one.context.facts
    assert len(await mails_of(department, case, "task")) >= 5


async def test_a_round_is_certified_scored_approved_sent_and_acknowledged(
    department: Stage, april: ClockThatIsSet
) -> None:
    case = await open_round(department, Round.SIX)
    await reported(department, case)
    first = await open_work(department, case, "certify_supervisor", unit="cdd-finance")
    assert first.duty == Duty.SUPERVISOR
    assert ("ค่าคะแนนที่ได้", "4.0000") in first.context.facts
    await certified(department, case)
    approval = await open_work(department, case, "approve")
    assert (approval.unit, approval.duty) == ("cdd", Duty.HEAD)
    assert ("คะแนนเฉพาะตัวที่รายงาน", "3.7000") in approval.context.facts
    await do(department, case, "approve", {"decision": "approve"})
    said = await finished(department, case)
    assert [card["score"] for card in said["final"]["cards"]] == ["3.4000", "4.0000", "4.0000"]
    assert (said["final"]["card"]["total_all"], said["sent_late"]) == ("3.7000", False)
    # The fourth KPI has not started, so 80 of 100 count; it is said and not rescaled.
    assert "weight_sum_not_100" in {finding["code"] for finding in said["final"]["card"]["findings"]}


async def test_an_acknowledgement_that_stays_out_is_recorded_by_whoever_is_ordered_to_act_for_the_office(
    department: Stage, april: ClockThatIsSet
) -> None:
    case = await open_round(department, Round.NINE)
    await pass_to(department, april, at("2012-07-02"))
    await reported(department, case)
    await certified(department, case)
    await do(department, case, "send", {"reference": "มท 0409.2/1234"})
    waiting = await open_work(department, case, "acknowledge")
    data = {"reference": "นร 1204/55", "note": "บันทึกตามหนังสือตอบรับ"}
    with pytest.raises(NotTheHolder):
        await department.intake.submit(waiting.id, data, officer="cdd-psdg.1", through="test")
    order = "คำสั่งกรมการพัฒนาชุมชน ที่ 77/2555"
    await acting(department, "cdd-psdg.1", "นางสาวสุดา แก้วใส", unit="opdc", instrument=order)
    await department.intake.submit(waiting.id, data, officer="cdd-psdg.1", through="test")
    await settle(department)
    assert (await case_of(department, case)).state == "completed"
    async with department.runtime.ledger.read() as connection:
        (said,) = [
            e for e in await reading.history(connection, case) if e.kind == "hand_off:submit" and e.key == waiting.key
        ]
    assert (said.by.officer, said.by.unit, said.by.instrument) == ("cdd-psdg.1", "cdd-psdg", order)


async def test_a_refusal_says_why_and_goes_back_to_the_keeper_with_what_was_written(
    department: Stage, april: ClockThatIsSet
) -> None:
    case = await open_round(department, Round.SIX)
    await reported(department, case)
    with pytest.raises(NotAdmitted) as refused:
        await hand_in(department, case, "cards[1.1.1]/certify_supervisor", {"decision": "refuse"})
    assert [problem.field for problem in refused.value.problems] == ["remark"]
    await hand_in(department, case, "cards[1.1.1]/certify_supervisor", CERTIFIED)
    await hand_in(department, case, "cards[1.1.1]/certify_psdg", {"decision": "refuse", "remark": "หลักฐานไม่ครบ"})
    again = await open_work(department, case, "keep", unit="cdd-community")
    assert again.context.note == "กลุ่มพัฒนาระบบบริหารไม่อนุมัติ: หลักฐานไม่ครบ"
    assert again.context.prefill["value"] == "72"
    await hand_in(department, case, "cards[1.1.1]/keep", SAID | {"value": "70"})
    await certified(department, case)
    assert ("ค่าคะแนนที่ได้", "3.0000") not in (await open_work(department, case, "approve")).context.facts
    await do(department, case, "approve", {"decision": "approve"})
    said = await finished(department, case)
    assert said["final"]["cards"][0]["score"] == "3.0000"


async def test_a_kpi_counts_only_when_all_its_keepers_have_reported(department: Stage, april: ClockThatIsSet) -> None:
    case = await open_round(department, Round.SIX)
    await hand_in(department, case, "keep[10]", SAID | {"done": ["1", "2"]})
    waiting = [h.element for h in await work_about(department, case) if "cards[10]" in h.key]
    assert waiting == ["keep"]
    await hand_in(department, case, "keep[cdd-institute]", SAID)
    assert [h.element for h in await work_about(department, case) if "cards[10]" in h.key] == ["certify_supervisor"]


async def test_what_is_late_is_marked_and_what_never_comes_counts_at_the_floor(
    department: Stage, april: ClockThatIsSet
) -> None:
    case = await open_round(department, Round.SIX)
    await reported(department, case)
    await certified(department, case, "7")
    await pass_to(department, april, at("2012-04-20"))
    await certified(department, case, "1.1.1")
    # Three working days before 30 April the director-general gets what there is.
    await pass_to(department, april, at("2012-04-25", "08:30"))
    assert ("ยังไม่รายงาน", "10") in (await open_work(department, case, "approve")).context.facts
    await do(department, case, "approve", {"decision": "approve"})
    await pass_to(department, april, at("2012-05-02"))
    said = await finished(department, case)
    assert await work_about(department, case) == []
    assert (said["sent_late"], [card["late"] for card in said["final"]["cards"]]) == (True, [True, False])
    # (40·3.4 + 20·4 + 20·1)/80 = 236/80 = 2.95; without what was not reported (136 + 80)/60 = 3.6
    card = said["final"]["card"]
    assert (card["total_all"], card["total_reported"], said["final"]["missing"]) == ("2.9500", "3.6000", ["10"])


async def test_what_is_put_up_is_what_is_printed_sent_and_counted(department: Stage, april: ClockThatIsSet) -> None:
    """KPI 10 is not certified on the day of the book; it comes in when the report is returned for it, and is late."""
    case = await open_round(department, Round.SIX)
    await reported(department, case)
    await certified(department, case, "1.1.1", "7")
    await pass_to(department, april, at("2012-04-25", "08:30"))
    assert {h.element for h in await work_about(department, case)} == {"approve"}
    await do(department, case, "approve", {"decision": "return", "remark": "ขอตัวชี้วัดที่ 10"})
    await do(department, case, "revise", {"kpis": ["10"], "comment": "รายงานโดยด่วน"})
    await hand_in(department, case, "keep[10]", SAID | {"done": ["1", "2", "3", "4"]})
    await hand_in(department, case, "keep[cdd-institute]", SAID)
    await hand_in(department, case, "cards[10]#2/certify_supervisor", CERTIFIED)
    await hand_in(department, case, "cards[10]#2/certify_psdg", CERTIFIED)
    await do(department, case, "approve", {"decision": "approve"})
    (paper,) = [
        p for name, p in (await papers_of(department, case)).items() if name.startswith("SAR") and "pdf" in name
    ]
    assert "๓.๗๐๐๐" in pdf.text(paper)
    said = await finished(department, case)
    assert (said["final"]["card"]["total_all"], said["final"]["missing"]) == ("3.7000", [])
    assert [card["late"] for card in said["final"]["cards"]] == [False, False, True]


async def test_a_returned_sar_sends_the_named_kpis_back_and_is_put_up_again(
    department: Stage, april: ClockThatIsSet
) -> None:
    case = await open_round(department, Round.SIX)
    await reported(department, case)
    await certified(department, case)
    await do(department, case, "approve", {"decision": "return", "remark": "ขอให้ตรวจสอบการเบิกจ่าย"})
    revise = await open_work(department, case, "revise")
    assert revise.context.note == "อธิบดีส่งคืน: ขอให้ตรวจสอบการเบิกจ่าย"
    await do(department, case, "revise", {"kpis": ["7"], "comment": "แนบหลักฐานการเบิกจ่าย"})
    await hand_in(department, case, "keep[7.1]", SAID | {"value": "76"})
    await hand_in(department, case, "keep[7.2]", SAID | {"value": "94"})
    await hand_in(department, case, "cards[7]#2/certify_supervisor", CERTIFIED)
    await hand_in(department, case, "cards[7]#2/certify_psdg", CERTIFIED)
    assert ("คะแนนเฉพาะตัวที่รายงาน", "3.9500") in (await open_work(department, case, "approve")).context.facts
    await do(department, case, "approve", {"decision": "approve"})
    await finished(department, case)


async def test_what_is_sent_back_after_the_day_of_the_book_is_waited_for(
    department: Stage, april: ClockThatIsSet
) -> None:
    """The book's day is 25 April. Sent back on the 26th: five working days, and no later than they were certified."""
    case = await open_round(department, Round.SIX)
    await reported(department, case)
    await certified(department, case)
    await pass_to(department, april, at("2012-04-26"))
    await do(department, case, "approve", {"decision": "return", "remark": "ขอให้ตรวจสอบการเบิกจ่าย"})
    await do(department, case, "revise", {"kpis": ["7"], "comment": "แนบหลักฐาน"})
    await pass_to(department, april, at("2012-04-30", "09:00"))
    asked = await work_about(department, case)
    assert {h.element for h in asked} == {"keep"}
    assert {h.due_at for h in asked} == {at("2012-05-03", "16:30")}
    await hand_in(department, case, "keep[7.1]", SAID | {"value": "76"})
    await hand_in(department, case, "keep[7.2]", SAID | {"value": "94"})
    await hand_in(department, case, "cards[7]#2/certify_supervisor", CERTIFIED)
    await hand_in(department, case, "cards[7]#2/certify_psdg", CERTIFIED)
    assert ("คะแนนเฉพาะตัวที่รายงาน", "3.9500") in (await open_work(department, case, "approve")).context.facts
    await do(department, case, "approve", {"decision": "approve"})
    said = await finished(department, case)
    assert [card["late"] for card in said["final"]["cards"]] == [False, False, False]


async def test_a_correction_that_does_not_come_holds_the_report_up_for_its_days_only(
    department: Stage, april: ClockThatIsSet
) -> None:
    case = await open_round(department, Round.SIX)
    await reported(department, case)
    await certified(department, case)
    await pass_to(department, april, at("2012-04-26"))
    await do(department, case, "approve", {"decision": "return", "remark": "ขอให้ตรวจสอบการเบิกจ่าย"})
    await do(department, case, "revise", {"kpis": ["7"], "comment": "แนบหลักฐาน"})
    await pass_to(department, april, at("2012-05-03", "16:30"))
    put_up = await open_work(department, case, "approve")
    assert ("ยังไม่รายงาน", "7") in put_up.context.facts


async def test_a_returned_sar_may_be_put_up_again_as_it_is(department: Stage, april: ClockThatIsSet) -> None:
    """All is certified already, so the second wait for the day of the book is over before it begins."""
    case = await open_round(department, Round.SIX)
    await reported(department, case)
    await certified(department, case)
    await do(department, case, "approve", {"decision": "return", "remark": "ขอให้ตรวจสอบ"})
    await do(department, case, "revise", {"kpis": [], "comment": "ตรวจสอบแล้ว ไม่มีข้อแก้ไข"})
    await do(department, case, "approve", {"decision": "approve"})
    await finished(department, case)


async def test_what_nobody_has_reported_does_not_hold_up_a_sar_that_is_put_up_again(
    department: Stage, april: ClockThatIsSet
) -> None:
    case = await open_round(department, Round.SIX)
    await reported(department, case)
    await certified(department, case, "1.1.1", "7")
    await pass_to(department, april, at("2012-04-25", "08:30"))
    await do(department, case, "approve", {"decision": "return", "remark": "ขอให้ตรวจสอบ"})
    await do(department, case, "revise", {"kpis": [], "comment": "ตรวจสอบแล้ว ไม่มีข้อแก้ไข"})
    await do(department, case, "approve", {"decision": "approve"})
    await finished(department, case)


async def test_nine_months_are_an_e_sar_card_without_approval(department: Stage, clock: ClockThatIsSet) -> None:
    clock.moment = at("2012-07-02")
    case = await open_round(department, Round.NINE)
    await reported(department, case)
    await certified(department, case)
    assert {h.element for h in await work_about(department, case)} == {"send"}
    assert (await open_work(department, case, "send")).due_at == at("2012-07-16", "23:59:59")
    await finished(department, case)


async def test_a_score_from_outside_stands_and_the_keeper_only_explains(
    department: Stage, clock: ClockThatIsSet
) -> None:
    clock.moment = at("2012-10-02")
    case = await open_round(department, Round.TWELVE, external={"11": "4.25"})
    assert (await open_work(department, case, "keep", unit="cdd-information")).form == "SarCardForm"
    await hand_in(department, case, "keep[11]", SAID)
    await hand_in(department, case, "cards[11]/certify_supervisor", CERTIFIED)
    await hand_in(department, case, "cards[11]/certify_psdg", CERTIFIED)
    await reported(department, case)
    await certified(department, case)
    # (40·3.4 + 20·4 + 20·4 + 20·4.25)/100 = 381/100
    assert ("คะแนนรวม (ไม่รายงานนับคะแนนต่ำสุด)", "3.8100") in (await open_work(department, case, "approve")).context.facts


async def test_a_formula_is_written_with_its_values_and_goes_to_who_certifies_and_into_the_papers(
    department: Stage, april: ClockThatIsSet
) -> None:
    villages = BOOK.kpis[0].replace(formula="หมู่บ้านที่มีแผน × 100 ÷ หมู่บ้านทั้งหมด")
    case = await open_round(department, Round.SIX, book=BOOK.replace(kpis=(villages,)))
    assert ("สูตรการคำนวณ", villages.formula) in (await open_work(department, case, "keep")).context.facts
    with pytest.raises(NotAdmitted) as refused:
        await hand_in(department, case, "keep[1.1.1]", SAID | {"value": "72"})
    assert [problem.field for problem in refused.value.problems] == ["calculation"]
    written = "4,320 × 100 ÷ 6,000 = 72"
    await hand_in(department, case, "keep[1.1.1]", SAID | {"value": "72", "calculation": written})
    certifying = await open_work(department, case, "certify_supervisor")
    assert ("สูตรและการแทนค่า", written) in certifying.context.facts
    await certified(department, case, "1.1.1")
    await do(department, case, "approve", {"decision": "approve"})
    papers = await papers_of(department, case)
    for name in ("e-SAR-6-เดือน-2555.pdf", "SAR-6-เดือน-2555.pdf"):
        assert "4,320×100÷6,000=72" in pdf.text(papers[name])


async def test_a_score_below_the_lowest_is_refused_beside_its_field_and_holds_nothing_up(
    department: Stage, clock: ClockThatIsSet
) -> None:
    clock.moment = at("2012-10-02")
    surveyed = Part(number="7.2", th="ผลสำรวจ", weight=Decimal(1), criteria=External(assessor="กรมบัญชีกลาง"))
    parts = (Part(number="7.1", th="รายจ่ายลงทุน", weight=Decimal(1), criteria=BOOK.kpis[0].criteria), surveyed)
    finance = BOOK.kpis[1].replace(criteria=Composite(parts=parts))
    case = await open_round(department, Round.TWELVE, book=BOOK.replace(kpis=(finance, BOOK.kpis[3])))
    for name in ("11", "7.2"):
        with pytest.raises(NotAdmitted) as refused:
            await hand_in(department, case, f"keep[{name}]", SAID | {"score": "0.5"})
        assert [problem.field for problem in refused.value.problems] == ["score"]
        await hand_in(department, case, f"keep[{name}]", SAID | {"score": "1"})
    await hand_in(department, case, "keep[7.1]", SAID | {"value": "80"})
    await certified(department, case, "7", "11")
    # 7: (5 + 1)/2 = 3; together (20·3 + 20·1)/40
    assert ("คะแนนเฉพาะตัวที่รายงาน", "2.0000") in (await open_work(department, case, "approve")).context.facts


async def test_weights_that_do_not_add_up_are_said_to_the_director_general(
    department: Stage, clock: ClockThatIsSet
) -> None:
    clock.moment = at("2012-10-02")
    light = BOOK.replace(kpis=(BOOK.kpis[0].replace(weight="32", holdings=()), *BOOK.kpis[1:]))
    case = await open_round(department, Round.TWELVE, book=light)
    await pass_to(department, clock, at("2012-10-26", "08:30"))
    facts = (await open_work(department, case, "approve")).context.facts
    assert any("92" in value for label, value in facts if label == "ข้อสังเกต")
