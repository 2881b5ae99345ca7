"""Appeals (P9): one a KPI, within the window, signed by the director-general, decided by สำนักงาน ก.พ.ร."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from engine import actions
from ledger import reading
from ledger.canonical import sha256 as content_hash
from ledger.cases import CaseView
from ledger.errors import HandOffIsWithdrawn
from ledger.work import Ledger
from rules.agreement import with_appeal
from rules.appeal import negotiation_notice, score_notice
from rules.errors import NotAdmitted
from rules.kpi_file import load_kpis
from rules.scoring import score
from schemas.appeal import AppealCase, AppealOutcome
from schemas.criteria import Quantitative, ValueResult
from schemas.kpi import Holding, Kpi, KpiBook
from schemas.organisation import Duty
from schemas.scorecard import KpiReport
from tests import files
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage, stage_on
from tests.flows import agreement
from tests.flows.agreement import MINISTRIES
from tests.flows.people import at, attach, mails_of, open_work, papers_of, pass_to, settle, work_about
from tests.reports import pdf

CASE = "appeal-2555-cdd-score"
FIVE = Quantitative(points=(Decimal(60), Decimal(70), Decimal(80), Decimal(90), Decimal(100)))
COMMUNITY, FINANCE, WISDOM = "cdd-community", "cdd-finance", "cdd-wisdom"


def kpi(number: str, weight: int, *units: str) -> Kpi:
    return Kpi(
        number=number, th=f"ตัวชี้วัดที่ {number}", criteria=FIVE, weight=Decimal(weight), target=Decimal(80),
        holdings=tuple(Holding(unit=unit, weight_share=Decimal(weight) / len(units)) for unit in units),
    )  # fmt: skip


BOOK = KpiBook(
    fiscal_year=2555, agency="cdd",
    kpis=(kpi("1.1", 40, COMMUNITY), kpi("1.2", 30, COMMUNITY), kpi("2", 30, FINANCE, WISDOM)),
)  # fmt: skip
REPORTS = {
    number: KpiReport(decided=Decimal(score)) for number, score in (("1.1", "3.0"), ("1.2", "4.0"), ("2", "2.5"))
}
NO_APPEAL: dict[str, Any] = {"wish": "none"}
APPEAL: dict[str, Any] = {
    "wish": "appeal",
    "requested": "4.5000",
    "reasons": "ข้อมูลครบถ้วนตามหลักฐาน",
    "evidence": "หนังสือที่ มท 0401/1",
}
LETTER = "หนังสืออุทธรณ์-ตัวชี้วัดที่-2-2555.pdf"
DISMISSED = {"verdict": "dismiss", "reasons": "หลักฐานไม่เพียงพอ"}


@pytest.fixture
def notice_day(clock: ClockThatIsSet) -> ClockThatIsSet:
    """พฤหัสบดี 28 กุมภาพันธ์ 2556 เวลา 9.00 น.; fifteen days later is Friday, 15 March."""
    clock.moment = at("2013-02-28")
    return clock


def scores() -> AppealCase:
    return score_notice(BOOK, REPORTS, at("2013-02-28"))


async def announced(stage: Stage, notice: AppealCase | None = None) -> str:
    data = notice or scores()
    await actions.start_case(
        stage.runtime, "appeal", data, case_id=CASE, title="อุทธรณ์ผลคะแนน 2555", units=("cdd",), actor=ACTOR
    )
    await settle(stage)
    return CASE


async def hand_in(stage: Stage, element: str, number: str, data: dict[str, Any]) -> None:
    """The form about one KPI, by an officer of the unit that holds it."""
    found = [h for h in await work_about(stage, CASE) if h.element == element and f"kpis[{number}]" in h.key]
    (hand_off,) = found
    (holder, *_) = stage.runtime.post.holders_of(hand_off)
    await stage.intake.submit(hand_off.id, data, officer=holder.id, through="test")
    await settle(stage)


async def signed(stage: Stage, number: str, **changes: Any) -> None:
    await hand_in(stage, "draft", number, APPEAL | changes)
    await hand_in(stage, "check", number, {"decision": "approve"})
    await hand_in(stage, "sign", number, {"decision": "sign"})


async def case_now(stage: Stage) -> CaseView:
    async with stage.runtime.ledger.read() as connection:
        return await reading.case(connection, CASE)


async def outcome(stage: Stage) -> AppealOutcome:
    ended = await case_now(stage)
    assert ended.state == "completed"
    return AppealOutcome.model_validate(ended.result)


async def endings(stage: Stage) -> dict[str, str]:
    return {result.kpi: result.ending.value for result in (await outcome(stage)).results}


async def test_each_kpi_goes_to_the_unit_that_holds_it_until_four_working_days_before_the_window_ends(
    department: Stage, notice_day: ClockThatIsSet
) -> None:
    await announced(department)
    asked = await work_about(department, CASE)
    assert [(h.element, h.unit) for h in asked] == [("draft", COMMUNITY), ("draft", COMMUNITY), ("draft", FINANCE)]
    assert {h.due_at for h in asked} == {at("2013-03-11", "23:59:59")}
    (jointly,) = [h for h in asked if h.unit == FINANCE]
    assert ("คะแนนที่ประกาศ", "2.5000") in jointly.context.facts
    assert ("หน่วยงานร่วมรับผิดชอบ", "สำนักส่งเสริมภูมิปัญญาท้องถิ่นวิสาหกิจชุมชน") in jointly.context.facts
    standing = await case_now(department)
    assert (standing.phase, standing.facts["total"], standing.facts["provisional"]) == ("provisional", "3.1500", True)


async def test_when_nobody_wants_to_appeal_the_scores_are_final_at_once(
    department: Stage, notice_day: ClockThatIsSet
) -> None:
    await announced(department)
    await hand_in(department, "draft", "1.1", NO_APPEAL)
    await hand_in(department, "draft", "1.2", NO_APPEAL)
    assert (await case_now(department)).state == "open"
    await hand_in(department, "draft", "2", NO_APPEAL)
    ended = await outcome(department)
    assert set(await endings(department)) == {"1.1", "1.2", "2"}
    assert ended.scorecard is not None
    assert not ended.scorecard.provisional
    assert (ended.total_noticed, ended.scorecard.official) == (Decimal("3.1500"), Decimal("3.1500"))
    assert await mails_of(department, CASE, "notice") == []
    assert ((await case_now(department)).phase, (await case_now(department)).facts["provisional"]) == ("final", False)


async def test_one_unit_appeals_on_two_kpis_and_the_total_is_computed_anew(
    department: Stage, notice_day: ClockThatIsSet
) -> None:
    await announced(department)
    await hand_in(department, "draft", "2", NO_APPEAL)
    await signed(department, "1.1", requested="๔.๕")
    await signed(department, "1.2", requested="5")
    await pass_to(department, notice_day, at("2013-03-20"))  # the window is over; what was lodged is still decided
    asked = [h for h in await work_about(department, CASE) if h.element == "decide"]
    assert {(h.unit, h.due_at) for h in asked} == {("opdc", at("2013-04-01", "23:59:59"))}  # 30 March is a Saturday
    assert (await case_now(department)).facts["provisional"] is True
    await hand_in(department, "decide", "1.1", {"verdict": "accept", "reasons": "ครบถ้วน"})
    await hand_in(department, "decide", "1.2", {"verdict": "partly", "value": "4.2", "reasons": "รับเฉพาะไตรมาส 4"})
    ended = await outcome(department)
    assert await endings(department) == {"1.1": "accepted", "1.2": "partly", "2": "not_wanted"}
    assert [result.value for result in ended.results] == [Decimal("4.5"), Decimal("4.2"), Decimal("2.5")]
    # (40 · 4.5 + 30 · 4.2 + 30 · 2.5) / 100
    assert ended.scorecard is not None
    assert (ended.total_noticed, ended.scorecard.official) == (Decimal("3.1500"), Decimal("3.8100"))
    told = [m.officer for m in await mails_of(department, CASE, "notice")]
    assert Counter(told) == {"cdd-community.1": 2, "cdd-psdg.1": 2}


async def test_the_agreement_of_the_source_survives_the_way_into_the_ledger(
    department: Stage, notice_day: ClockThatIsSet
) -> None:
    book = load_kpis((MINISTRIES / "cdd-fy2555-kpis.yaml").read_text("utf-8"))
    reports = {each.number: KpiReport(decided=Decimal("4.1234")) for each in book.kpis}
    await announced(department, score_notice(book, reports, at("2013-02-28")))
    assert len(await work_about(department, CASE)) == len(book.kpis)
    await pass_to(department, notice_day, at("2013-03-16"))
    card = (await outcome(department)).scorecard
    assert card is not None
    assert card.official == Decimal("4.1234")


async def test_a_dismissed_appeal_leaves_the_score_and_cannot_be_lodged_again(
    department: Stage, notice_day: ClockThatIsSet
) -> None:
    await announced(department)
    await signed(department, "1.1")
    await hand_in(department, "decide", "1.1", DISMISSED)
    assert [h for h in await work_about(department, CASE) if "kpis[1.1]" in h.key] == []
    await hand_in(department, "draft", "1.2", NO_APPEAL)
    await hand_in(department, "draft", "2", NO_APPEAL)
    ended = await outcome(department)
    assert ended.results[0].value == Decimal("3.0")
    assert ended.results[0].reason == "หลักฐานไม่เพียงพอ"
    assert ended.scorecard is not None
    assert ended.scorecard.official == Decimal("3.1500")


async def test_the_psdg_and_the_director_general_send_an_appeal_back_with_what_was_written(
    department: Stage, notice_day: ClockThatIsSet
) -> None:
    await announced(department)
    await hand_in(department, "draft", "1.1", APPEAL)
    check = await open_work(department, CASE, "check")
    assert (check.unit, check.due_at) == ("cdd-psdg", at("2013-03-13", "23:59:59"))
    await hand_in(department, "check", "1.1", {"decision": "return", "comment": "ขอหลักฐานเพิ่ม"})
    again = next(h for h in await work_about(department, CASE) if "kpis[1.1]" in h.key)
    assert again.context.note == "กลุ่มพัฒนาระบบบริหาร ส่งคืนแก้ไข: ขอหลักฐานเพิ่ม"
    assert again.context.prefill["reasons"] == APPEAL["reasons"]
    await hand_in(department, "draft", "1.1", APPEAL | {"evidence": "แนบเพิ่มแล้ว"})
    await hand_in(department, "check", "1.1", {"decision": "approve", "comment": "เห็นควรอุทธรณ์"})
    sign = await open_work(department, CASE, "sign")
    assert (sign.unit, sign.duty, sign.due_at) == ("cdd", Duty.HEAD, at("2013-03-15", "23:59:59"))
    assert ("ความเห็น กพร.", "เห็นควรอุทธรณ์") in sign.context.facts
    await hand_in(department, "sign", "1.1", {"decision": "return", "comment": "ปรับถ้อยคำ"})
    await hand_in(department, "draft", "1.1", NO_APPEAL)  # the unit thinks better of it
    await hand_in(department, "draft", "1.2", NO_APPEAL)
    await hand_in(department, "draft", "2", NO_APPEAL)
    assert set((await endings(department)).values()) == {"not_wanted"}


async def test_files_of_evidence_go_with_the_appeal_from_the_unit_to_the_decision(
    department: Stage, notice_day: ClockThatIsSet
) -> None:
    await announced(department)
    await hand_in(department, "draft", "1.1", NO_APPEAL)
    await hand_in(department, "draft", "1.2", NO_APPEAL)
    await attach(department, CASE, "draft", "ผลตรวจนับ.pdf", files.PDF)
    evidence = {"attachments": [content_hash(files.PDF)]}
    await hand_in(department, "draft", "2", APPEAL | evidence)
    assert [file.name for file in (await open_work(department, CASE, "check")).context.files] == ["ผลตรวจนับ.pdf"]
    await hand_in(department, "check", "2", {"decision": "return", "comment": "เพิ่มเหตุผล"})
    again = await open_work(department, CASE, "draft")
    assert [file["name"] for file in again.context.prefill["attachments"]] == ["ผลตรวจนับ.pdf"]
    await signed(department, "2", **evidence)
    decide = await open_work(department, CASE, "decide")
    assert [file.name for file in decide.context.files] == [LETTER, "ผลตรวจนับ.pdf"]
    assert decide.title == "วินิจฉัยคำอุทธรณ์ (2)"
    assert (await papers_of(department, CASE))["ผลตรวจนับ.pdf"] == files.PDF


async def test_the_letter_is_printed_as_signed_before_the_office_of_the_psdc_decides(
    department: Stage, notice_day: ClockThatIsSet
) -> None:
    await announced(department)
    await hand_in(department, "draft", "2", APPEAL)
    await hand_in(department, "check", "2", {"decision": "approve"})
    assert LETTER not in await papers_of(department, CASE)
    notice_day.moment = at("2013-03-14", "16:00")
    await hand_in(department, "sign", "2", {"decision": "sign"})
    decide = await open_work(department, CASE, "decide")
    letter = (await papers_of(department, CASE))[LETTER]
    assert [file.sha256 for file in decide.context.files] == [content_hash(letter)]
    said = pdf.text(letter)
    for figure in ("๒.๕๐๐๐", "๔.๕๐๐๐", "๑๔มีนาคม๒๕๕๖", "๒๘กุมภาพันธ์๒๕๕๖", "พ.ศ.๒๕๕๕", "มท๐๔๐๑/๑"):
        assert figure in said
    for words in ("เลขาธิการก.พ.ร.", "อธิบดีกรมการพัฒนาชุมชน", "กลุ่มพัฒนาระบบบริหาร", APPEAL["reasons"]):
        assert words in said


async def test_an_appeal_that_is_too_late_has_no_letter(department: Stage, notice_day: ClockThatIsSet) -> None:
    await announced(department)
    await hand_in(department, "draft", "2", APPEAL)
    await hand_in(department, "check", "2", {"decision": "approve"})
    await pass_to(department, notice_day, at("2013-03-16"))
    assert await papers_of(department, CASE) == {}


async def test_a_window_in_which_nobody_answers_ends_by_itself_and_the_units_are_told(
    department: Stage, notice_day: ClockThatIsSet
) -> None:
    await announced(department)
    await pass_to(department, notice_day, at("2013-03-15", "23:59:58"))
    assert (await case_now(department)).state == "open"
    (late, *_) = await work_about(department, CASE)
    await pass_to(department, notice_day, at("2013-03-16"))
    assert set((await endings(department)).values()) == {"unanswered"}
    ended = await outcome(department)
    assert ended.scorecard is not None
    assert ended.scorecard.official == Decimal("3.1500")
    told = [m.officer for m in await mails_of(department, CASE, "notice")]
    assert Counter(told) == {"cdd-community.1": 2, "cdd-finance.1": 1, "cdd-psdg.1": 3}
    with pytest.raises(HandOffIsWithdrawn):
        await department.intake.submit(late.id, APPEAL, officer="cdd-community.1", through="test")


async def test_an_appeal_that_is_not_signed_when_the_window_ends_is_refused_as_late(
    department: Stage, notice_day: ClockThatIsSet
) -> None:
    await announced(department)
    await hand_in(department, "draft", "1.1", APPEAL)
    await hand_in(department, "check", "1.1", {"decision": "approve"})
    await hand_in(department, "draft", "1.2", NO_APPEAL)
    await hand_in(department, "draft", "2", NO_APPEAL)
    await pass_to(department, notice_day, at("2013-03-16"))
    (refused, *_) = (await outcome(department)).results
    assert (refused.ending, refused.value, refused.requested) == ("late", Decimal("3.0"), Decimal("4.5"))
    assert refused.reason == "ยังไม่ได้ลงนาม พ้นกำหนดยื่นอุทธรณ์ วันศุกร์ที่ 15 มีนาคม 2556 เวลา 23.59 น."
    async with department.runtime.ledger.read() as connection:
        history = await reading.history(connection, CASE)
    (recorded,) = [event for event in history if event.kind == "case:record"]
    assert refused.reason in recorded.content["reason"]
    assert {m.officer for m in await mails_of(department, CASE, "notice")} == {"cdd-community.1", "cdd-psdg.1"}


async def test_a_signature_after_the_last_moment_is_refused_even_if_the_system_has_not_closed_the_window_yet(
    department: Stage, notice_day: ClockThatIsSet
) -> None:
    await announced(department)
    await hand_in(department, "draft", "1.2", NO_APPEAL)
    await hand_in(department, "draft", "2", NO_APPEAL)
    await hand_in(department, "draft", "1.1", APPEAL)
    await hand_in(department, "check", "1.1", {"decision": "approve"})
    notice_day.moment = at("2013-03-16", "00:00")  # nobody has swept since the day before
    await hand_in(department, "sign", "1.1", {"decision": "sign"})
    (refused, *_) = (await outcome(department)).results
    assert refused.ending == "late"
    assert refused.reason.startswith("ลงนามเมื่อ วันเสาร์ที่ 16 มีนาคม 2556 เวลา 00.00 น. พ้นกำหนด")


async def test_a_signature_at_the_last_moment_is_in_time(department: Stage, notice_day: ClockThatIsSet) -> None:
    await announced(department)
    await hand_in(department, "draft", "1.1", APPEAL)
    await hand_in(department, "check", "1.1", {"decision": "approve"})
    notice_day.moment = at("2013-03-15", "23:59:59")
    await hand_in(department, "sign", "1.1", {"decision": "sign"})
    await pass_to(department, notice_day, at("2013-03-16"))
    assert [h.element for h in await work_about(department, CASE)] == ["decide"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"verdict": "partly", "value": "2.9", "reasons": "ก"}, "ต่ำกว่าที่ประกาศ (3.0000) ไม่ได้"),
        ({"verdict": "accept", "value": "4.4", "reasons": "ก"}, "ต้องเป็นค่าที่ขอ"),
        ({"verdict": "dismiss", "value": "2.9", "reasons": "ก"}, "คงค่าเดิม"),
        ({"verdict": "partly", "reasons": "ก"}, "กรุณาระบุ"),
        ({"verdict": "partly", "value": "6", "reasons": "ก"}, "ระหว่าง 0 ถึง 5"),
    ],
)
async def test_a_decision_that_cannot_be_is_refused_beside_its_value(
    department: Stage, notice_day: ClockThatIsSet, answer: dict[str, Any], said: str
) -> None:
    await announced(department)
    await signed(department, "1.1")
    with pytest.raises(NotAdmitted) as refused:
        await hand_in(department, "decide", "1.1", answer)
    (problem,) = refused.value.problems
    assert problem.field == "value"
    assert said in problem.th


async def test_where_the_policy_says_so_a_decision_may_lower_the_score(
    ledger: Ledger, notice_day: ClockThatIsSet
) -> None:
    organisation, policy = agreement.department()
    lowering = policy.replace(agreement=policy.agreement.replace(appeal_may_lower=True))
    stage = await stage_on(ledger, organisation, lowering)
    async with stage.intake:
        await announced(stage)
        await hand_in(stage, "draft", "1.2", NO_APPEAL)
        await hand_in(stage, "draft", "2", NO_APPEAL)
        await signed(stage, "1.1")
        await hand_in(stage, "decide", "1.1", {"verdict": "dismiss", "value": "2.0", "reasons": "นับซ้ำ"})
        ended = await outcome(stage)
    assert ended.scorecard is not None
    assert ended.scorecard.official == Decimal("2.7500")


@pytest.mark.parametrize(("requested", "said"), [("3.0", "สูงกว่าคะแนนที่ประกาศ (3.0000)"), ("5.1", "ระหว่าง 0 ถึง 5")])
async def test_an_appeal_that_asks_for_no_better_score_is_refused(
    department: Stage, notice_day: ClockThatIsSet, requested: str, said: str
) -> None:
    await announced(department)
    with pytest.raises(NotAdmitted) as refused:
        await hand_in(department, "draft", "1.1", APPEAL | {"requested": requested})
    assert [said in problem.th for problem in refused.value.problems if problem.field == "requested"] == [True]


async def test_after_the_negotiation_targets_are_appealed_against_and_there_is_no_total(
    department: Stage, notice_day: ClockThatIsSet
) -> None:
    await announced(department, negotiation_notice(BOOK, at("2013-02-28")))
    asked = await work_about(department, CASE)
    assert ("ค่าเป้าหมายตามผลการเจรจา", "80") in asked[0].context.facts
    await signed(department, "1.1", requested="75.50")
    await hand_in(department, "decide", "1.1", {"verdict": "partly", "value": "78", "reasons": "ตามผลปีก่อน"})
    await hand_in(department, "draft", "1.2", NO_APPEAL)
    await hand_in(department, "draft", "2", NO_APPEAL)
    ended = await outcome(department)
    assert [result.value for result in ended.results] == [Decimal(78), Decimal(80), Decimal(80)]
    assert ended.scorecard is None


async def test_levels_are_appealed_against_with_the_target_and_stand_in_the_letter_and_the_result(
    department: Stage, notice_day: ClockThatIsSet
) -> None:
    await announced(department, negotiation_notice(BOOK, at("2013-02-28")))
    await signed(department, "1.1", requested="75", levels="55 / 60 / 65 / 70 / 75")
    (letter,) = (pdf.text(paper) for paper in (await papers_of(department, CASE)).values())
    for said in ("๘๐เกณฑ์๖๐/๗๐/๘๐/๙๐/๑๐๐", "๗๕เกณฑ์๕๕/๖๐/๖๕/๗๐/๗๕"):
        assert said in letter, said
    await hand_in(department, "decide", "1.1", {"verdict": "accept", "reasons": "ครบถ้วน"})
    await hand_in(department, "draft", "1.2", NO_APPEAL)
    await hand_in(department, "draft", "2", NO_APPEAL)
    book = with_appeal(BOOK, (await outcome(department)).results)
    appealed, untouched = book.kpis[0], book.kpis[1:]
    assert (appealed.target, untouched) == (Decimal(75), BOOK.kpis[1:])
    assert score(appealed, ValueResult(value=Decimal(75))) == Decimal("5.0000")
