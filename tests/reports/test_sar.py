"""SAR book, e-SAR cards and the summary as a workbook, against the year worked by hand in `agreement_year`."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from reports.errors import CardDoesNotFit
from reports.sar import SarSheet, e_sar_pdf, sar_book_pdf, sar_sheet
from reports.sar_cards import CardPage
from reports.sar_workbook import sar_summary_xlsx
from reports.score_table import Light, light, totals
from rules.scorecard import scorecard
from schemas.criteria import PartsResult, ValueResult
from schemas.kpi import Round
from schemas.policy import AgreementPolicy
from schemas.sar_card import Certification, SarCard
from schemas.scorecard import KpiReport, Scorecard
from tests.reports import pdf
from tests.reports.agreement_year import (
    BOOK,
    CARDS,
    CERTIFIED_ON,
    LONG,
    NAMES,
    REPORTED_AT,
    REPORTS,
    RESULTS,
    card,
    six_months,
)

POLICY = AgreementPolicy()
HOW: dict[str, Any] = {"policy": POLICY, "names": NAMES, "dated": REPORTED_AT}
NUMBERS = (
    "3.4000", "4.0000", "3.6000", "2.0000", "4.2345", "2.5000", "3.0000", "5.0000",
    "0.8293", "0.4878", "1.3171", "0.2927", "0.5164", "0.7391", "0.4348", "1.1739", "0.2609", "0.4603", "0.1087",
    "3.0157", "2.3858", "3.4432", "3.1777",
)  # fmt: skip
"""Every score of the worked example."""


def sheet(of: Scorecard | None = None, cards: tuple[SarCard, ...] = CARDS, **how: Any) -> SarSheet:
    return sar_sheet(of or six_months(), BOOK, cards, **{**HOW, "digits": "arabic", **how})


def page(of: SarSheet, number: str) -> CardPage:
    return next(each for each in of.cards if each.line.number == number)


# --- the summary -------------------------------------------------------------------------------------------


def test_every_row_of_the_summary_is_as_worked_by_hand() -> None:
    rows = [
        (x.number, x.weight, x.result, x.score, x.weighted_reported, x.weighted_all, x.state, x.light_th)
        for group in sheet().summary.groups
        for x in group.lines
    ]
    assert rows == [
        ("1.1", "20", "72", "3.4000", "0.8293", "0.7391", "ให้คะแนนแล้ว", "เหลือง"),
        ("1.2", "10", "86", "4.0000", "0.4878", "0.4348", "ให้คะแนนแล้ว", "เหลือง"),
        ("2", "30", "รายงาน 3 ตัวชี้วัดย่อย", "3.6000", "1.3171", "1.1739", "ให้คะแนนแล้ว", "เหลือง"),
        ("3", "12", "ขั้นตอนที่ 1,\u00a02,\u00a04", "2.0000", "0.2927", "0.2609", "ให้คะแนนแล้ว", "แดง"),
        ("4", "10", "ได้รับคะแนน 4.2345", "4.2345", "0.5164", "0.4603", "ให้คะแนนแล้ว", "เขียว"),
        ("5", "10", "–", "–", "–", "0.1087", "ยังไม่รายงาน", ""),
        ("6", "เอกสารไม่ระบุ", "–", "–", "–", "–", "ยังไม่เริ่ม", ""),
    ]


def test_parts_of_a_composite_are_shown_with_their_share_in_its_score() -> None:
    parts = page(sheet(), "2").line.parts
    assert [(x.number, x.weight, x.result, x.score, x.weighted) for x in parts] == [
        ("2.1", "2 ใน 5", "7", "2.5000", "1.0000"),
        ("2.2", "1 ใน 5", "สำเร็จ 3 ขั้นตอน", "3.0000", "0.6000"),
        ("2.3", "2 ใน 5", "100", "5.0000", "2.0000"),
    ]


def test_a_part_that_is_not_reported_has_no_score() -> None:
    half = PartsResult(parts={"2.1": ValueResult(value=Decimal(7))})
    of = six_months(k2=KpiReport(result=half))
    cards = (*(each for each in CARDS if each.number != "2"), SarCard(number="2", result=half))
    shown = page(sheet(of, cards), "2").line
    assert [(x.score, x.weighted) for x in shown.parts] == [("2.5000", "1.0000"), ("–", "–"), ("–", "–")]
    assert (shown.score, shown.state) == ("–", "ยังไม่รายงาน")


def test_dimensions_have_their_weight_and_both_scores() -> None:
    assert [(g.name, g.depth, g.weight, g.score_reported, g.score_all) for g in sheet().summary.groups] == [
        ("มิติภายนอก", 0, "60", "3.6000", "3.6000"),
        ("ประสิทธิผล", 1, "60", "3.6000", "3.6000"),
        ("มิติภายใน", 0, "32", "3.0157", "2.3858"),
    ]


def test_both_totals_say_what_they_mean() -> None:
    reported, all_ = sheet().summary.totals
    assert (reported.name, reported.score, reported.weight) == ("คะแนนเฉพาะตัวที่รายงาน", "3.4432", "82")
    assert (all_.name, all_.score, all_.weight) == ("คะแนนรวมทุกตัวชี้วัด", "3.1777", "92")
    assert "อาจสูงกว่าความเป็นจริง" in reported.meaning
    assert "จะเป็นคะแนนทางการเมื่อสิ้นปี (รอบ 12 เดือน)" in all_.meaning
    assert not all_.official


def test_at_twelve_months_the_total_over_everything_is_official() -> None:
    reported, all_ = totals(scorecard(BOOK, REPORTS, Round.TWELVE), "arabic")
    assert (reported.official, all_.official) == (False, True)
    assert all_.meaning.endswith("เป็นคะแนนทางการของปี")


def test_what_is_not_reported_and_what_is_provisional_is_said() -> None:
    of = six_months(k3=KpiReport(result=RESULTS["3"], certified_by_supervisor=True))
    shown = sheet(of).summary
    assert shown.unreported == "ยังไม่รายงาน: ตัวชี้วัดที่ 5"
    assert shown.provisional.startswith("คะแนนเบื้องต้น: ตัวชี้วัดที่ 3 ")
    assert sheet().summary.provisional == ""
    assert page(sheet(of), "3").line.alert


@pytest.mark.parametrize(
    ("score", "colour"),
    [
        ("5.0000", Light.GREEN), ("4.0001", Light.GREEN), ("4.0000", Light.YELLOW), ("3.0000", Light.YELLOW),
        ("2.9999", Light.RED), ("0.0000", Light.RED), (None, Light.NONE),
    ],
)  # fmt: skip
def test_the_light_changes_at_the_thresholds_of_the_policy(score: str | None, colour: Light) -> None:
    assert light(None if score is None else Decimal(score), POLICY) is colour


def test_other_thresholds_are_other_lights() -> None:
    strict = AgreementPolicy(traffic_light_green=Decimal("4.5000"), traffic_light_yellow=Decimal("3.5000"))
    shown = sheet(policy=strict).summary
    assert [x.light_th for group in shown.groups for x in group.lines] == [
        "แดง",
        "เหลือง",
        "เหลือง",
        "แดง",
        "เหลือง",
        "",
        "",
    ]
    assert shown.legend == "เขียว: คะแนนสูงกว่า 4.5000 · เหลือง: ตั้งแต่ 3.5000 ถึง 4.5000 · แดง: ต่ำกว่า 3.5000"


# --- the cards ---------------------------------------------------------------------------------------------


def test_a_card_shows_how_its_weighted_score_comes_about() -> None:
    shown = page(sheet(), "1.1")
    assert shown.workings == "น้ำหนัก × คะแนน ÷ น้ำหนักรวมของทุกตัวชี้วัด: 20 × 3.4000 ÷ 92 = 0.7391"
    assert shown.calculation == "4,320 × 100 ÷ 6,000 = 72"
    assert shown.baselines == (
        ("ปีงบประมาณ พ.ศ. 2552", "58.5"), ("ปีงบประมาณ พ.ศ. 2553", "61"), ("ปีงบประมาณ พ.ศ. 2554", "63.1"),
    )  # fmt: skip


def test_a_card_names_who_answers_what_was_written_and_the_evidence() -> None:
    shown = page(sheet(), "1.1")
    assert [(c.role, c.name, c.detail) for c in shown.contacts] == [
        ("ผู้กำกับดูแลตัวชี้วัด", "นางวันดี มีสุข หัวหน้ากลุ่มงาน", "โทร. 0 2141 1111 · wandee@dept.example"),
        ("ผู้จัดเก็บข้อมูล", "นายเก่ง ขยัน นักวิชาการชำนาญการ", "รวบรวมข้อมูลจากจังหวัด · โทร. 0 2141 2222"),
    ]
    assert [body for _, body in shown.narratives] == [
        LONG, "ผู้บริหารให้ความสำคัญและติดตามอย่างต่อเนื่อง", "บางพื้นที่ประสบอุทกภัย",
    ]  # fmt: skip
    assert shown.evidence == ("รายงานผลการพัฒนาหมู่บ้าน-2555.pdf", "คำสั่งแต่งตั้งคณะทำงาน.pdf")


def test_a_card_carries_both_certifications_with_day_person_and_remark() -> None:
    assert [(c.decision, c.by, c.at, c.remark) for c in page(sheet(), "3").certifications] == [
        ("รับรอง", "นางวันดี มีสุข หัวหน้ากลุ่มงาน", "วันอังคารที่ 10 เมษายน 2555 เวลา 10.30 น.", "–"),
        ("รับรอง", "นายถูกต้อง ตรวจทาน ผู้อำนวยการกลุ่มพัฒนาระบบบริหาร", "วันอังคารที่ 10 เมษายน 2555 เวลา 10.30 น.",
         "ตรวจสอบหลักฐานครบถ้วน"),
    ]  # fmt: skip


def test_a_refusal_is_shown_with_its_remark() -> None:
    refused = Certification(by="psdg.1", at=CERTIFIED_ON, approved=False, remark="ขาดหลักฐานของกองคลัง")
    cards = (*CARDS[:-1], card("4").replace(psdg=refused))
    shown = page(sheet(cards=cards), "4").certifications[1]
    assert (shown.decision, shown.approved, shown.remark) == ("ไม่รับรอง", False, "ขาดหลักฐานของกองคลัง")


def test_a_kpi_without_a_card_has_its_page_and_says_so() -> None:
    shown = page(sheet(), "5")
    assert not shown.reported
    assert shown.workings == "ยังไม่นับเป็นผลที่รายงาน ค่าคะแนนถ่วงน้ำหนักจึงคิดจากคะแนนต่ำสุด"
    assert [(c.role, c.name) for c in shown.contacts] == [
        ("ผู้กำกับดูแลตัวชี้วัด", "เอกสารไม่ระบุ"), ("ผู้จัดเก็บข้อมูล", "เอกสารไม่ระบุ"),
    ]  # fmt: skip
    assert [c.decision for c in shown.certifications] == ["ยังไม่รับรอง", "ยังไม่รับรอง"]


def test_a_kpi_that_has_not_started_has_no_card() -> None:
    assert [each.line.number for each in sheet().cards] == ["1.1", "1.2", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    "stray", [SarCard(number="9"), SarCard(number="1.1", result=ValueResult(value=Decimal(73))), SarCard(number="1.2")]
)
def test_a_card_never_shows_another_result_than_the_scorecard(stray: SarCard) -> None:
    with pytest.raises(CardDoesNotFit) as caught:
        sheet(cards=(stray,))
    assert caught.value.number == stray.number


# --- the pages ---------------------------------------------------------------------------------------------


def test_every_score_worked_by_hand_is_in_the_book() -> None:
    document = sar_book_pdf(six_months(), BOOK, CARDS, **HOW, digits="arabic")
    extracted = pdf.text(document)
    assert [number for number in NUMBERS if number not in extracted] == []
    assert pdf.is_archival(document)
    assert pdf.sizes(document) == ["842x595"] * 2 + ["595x842"] * 6
    assert document == sar_book_pdf(six_months(), BOOK, CARDS, **HOW, digits="arabic")


def test_the_book_is_in_thai_digits_unless_asked_otherwise() -> None:
    extracted = pdf.text(sar_book_pdf(six_months(), BOOK, CARDS, **HOW))
    thai = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
    assert [number for number in NUMBERS if number.translate(thai) not in extracted] == []
    assert [number for number in NUMBERS if number in extracted] == []


def test_an_e_sar_card_is_a_page_a_kpi() -> None:
    nine = scorecard(BOOK, REPORTS, Round.NINE)
    document = e_sar_pdf(nine, BOOK, CARDS, **HOW, digits="arabic")
    assert pdf.sizes(document) == ["595x842"] * 6
    for at, (number, score, weighted) in enumerate(
        [("1.1", "3.4000", "0.7391"), ("1.2", "4.0000", "0.4348"), ("2", "3.6000", "1.1739"), ("3", "2.0000", "0.2609"),
         ("4", "4.2345", "0.4603")], start=1,
    ):  # fmt: skip
        extracted = pdf.text(document, page=at)
        assert f"ตัวชี้วัดที่{number}" in extracted
        assert score in extracted
        assert weighted in extracted
    assert document == e_sar_pdf(nine, BOOK, CARDS, **HOW, digits="arabic")


def test_a_long_narrative_runs_over_as_many_pages_as_it_needs() -> None:
    long = card("1.1").replace(measures="\n".join(f"{LONG} LINE-{n:03}" for n in range(60)))
    extracted = pdf.text(e_sar_pdf(six_months(), BOOK, (long, *CARDS[1:]), **HOW))
    assert all(f"LINE-{n:03}" in extracted for n in range(60))


def test_a_round_without_any_report_is_printed() -> None:
    empty = scorecard(BOOK, {}, Round.SIX)
    shown = sar_sheet(empty, BOOK, (), **HOW, digits="arabic")
    assert [total.score for total in shown.summary.totals] == ["–", "1.0000"]
    assert shown.summary.unreported == "ยังไม่รายงาน: ตัวชี้วัดที่ 1.1, 1.2, 2, 3, 4, 5"
    assert pdf.pages(sar_book_pdf(empty, BOOK, (), **HOW)) == 8


# --- the workbook ------------------------------------------------------------------------------------------


def test_the_workbook_holds_the_scores_as_numbers() -> None:
    made = sar_summary_xlsx(six_months(), BOOK, policy=POLICY, names=NAMES, dated=REPORTED_AT)
    book = load_workbook(BytesIO(made))
    assert book.sheetnames == ["สรุปคะแนน", "ข้อสังเกต"]
    rows = {str(line[0]): line for line in book["สรุปคะแนน"].iter_rows(values_only=True) if line[0]}
    assert [rows["1.1"][at] for at in (3, 4, 6, 7, 8)] == [70, 20, 3.4, 0.8293, 0.7391]
    assert [rows["2"][at] for at in (3, 4, 6, 7, 8)] == ["เอกสารไม่ระบุ", 30, 3.6, 1.3171, 1.1739]
    assert [rows["5"][at] for at in (4, 6, 7, 8, 9)] == [10, None, None, 0.1087, "ยังไม่รายงาน"]
    assert [rows["มิติภายใน"][at] for at in (4, 7, 8)] == [32, 3.0157, 2.3858]
    totals_ = {line[1]: line[2:4] for line in book["สรุปคะแนน"].iter_rows(values_only=True) if line[1]}
    assert totals_["คะแนนเฉพาะตัวที่รายงาน"][0] == 3.4432
    assert totals_["คะแนนรวมทุกตัวชี้วัด"][0] == 3.1777
    assert "หารด้วยน้ำหนัก 92" in str(totals_["คะแนนรวมทุกตัวชี้วัด"][1])
    (sum_,) = [line for line in book["สรุปคะแนน"].iter_rows(values_only=True) if line[1] == "รวม"]
    assert [sum_[at] for at in (4, 7, 8)] == [92, 3.4432, 3.1777]
    assert "ร้อยละ 92 ไม่ใช่ร้อยละ 100" in str(book["ข้อสังเกต"]["C4"].value)


def test_a_sum_over_a_column_of_scores_never_counts_a_part() -> None:
    made = sar_summary_xlsx(six_months(), BOOK, policy=POLICY, names=NAMES, dated=REPORTED_AT)
    sheet_ = load_workbook(BytesIO(made))["สรุปคะแนน"]
    numbers = [line[6] for line in sheet_.iter_rows(values_only=True) if isinstance(line[6], int | float)]
    assert numbers == [3.4, 4, 3.6, 2, 4.2345]


def test_the_same_scorecard_makes_the_same_workbook() -> None:
    first, again = (sar_summary_xlsx(six_months(), BOOK, **HOW) for _ in range(2))
    assert first == again
