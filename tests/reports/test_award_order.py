"""The announcement and the award order, against figures worked by hand in `agreement_year` and `award_example`."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from reports.announcement import announcement_pdf, announcement_sheet, announcement_xlsx
from reports.award_order import AwardOrderSheet, award_order_pdf, award_order_sheet
from reports.award_workbook import award_order_xlsx
from reports.errors import NothingToPay
from rules.award import allocate
from rules.scorecard import scorecard
from rules.thai import Digits
from schemas.kpi import Round
from schemas.scorecard import KpiReport
from tests.reports import pdf
from tests.reports.agreement_year import BOOK, REPORTS, RESULTS, six_months
from tests.reports.agreement_year import NAMES as YEAR_NAMES
from tests.reports.award_example import AWARD, BASIS, NAMES
from tests.reports.letter_values import ANNOUNCEMENT, ORDER, WRITTEN_AT

HOW: dict[str, Any] = {"names": NAMES, "dated": WRITTEN_AT}


def order(digits: Digits = "arabic") -> AwardOrderSheet:
    return award_order_sheet(AWARD, ORDER, payer_th="กองคลัง", **HOW, digits=digits)


# --- the order ---------------------------------------------------------------------------------------------


def test_the_order_says_every_sum_in_figures_and_in_words() -> None:
    assert order().clauses == (
        "ผลการประเมินการปฏิบัติราชการประจำปีงบประมาณ พ.ศ. 2555: คะแนนรวม 3.1777 ไม่น้อยกว่า 3.0000 มีสิทธิได้รับเงินรางวัล",
        "เงินรางวัลผู้ปฏิบัติงาน วงเงิน 120,000.00 บาท (หนึ่งแสนสองหมื่นบาทถ้วน) จัดสรรให้ 2 หน่วยงาน 3 ราย "
        "เป็นเงิน 120,000.00 บาท (หนึ่งแสนสองหมื่นบาทถ้วน)",
        "เงินเพิ่มพิเศษผู้บริหาร วงเงิน 1,000.50 บาท (หนึ่งพันบาทห้าสิบสตางค์) จัดสรรให้ 1 หน่วยงาน 1 ราย "
        "เป็นเงิน 1,000.50 บาท (หนึ่งพันบาทห้าสิบสตางค์)",
        "ให้กองคลังเบิกจ่ายเงินให้แก่ผู้มีรายชื่อตามบัญชีแนบท้ายคำสั่งนี้ รวม 4 ราย "
        "เป็นเงินทั้งสิ้น 121,000.50 บาท (หนึ่งแสนสองหมื่นหนึ่งพันบาทห้าสิบสตางค์)",
    )  # fmt: skip


def test_the_annexes_hold_what_was_worked_by_hand() -> None:
    operators, executives = order().pools
    assert [(u.unit, u.score, u.factor, u.amount) for u in operators.units] == [
        ("สำนักพัฒนาตัวอย่าง", "4.0000", "0.8", "87,272.73"),
        ("กองคลัง", "3.0000", "0.6", "32,727.27"),
    ]
    assert [(g.unit, g.sum, [(p.serial, p.name, p.months, p.amount) for p in g.lines]) for g in operators.groups] == [
        ("สำนักพัฒนาตัวอย่าง", "87,272.73", [
            ("1", "นายเก่ง ขยัน", "12", "58,181.82"), ("2", "นางสาวแก้ว ใส", "12", "29,090.91"),
        ]),
        ("กองคลัง", "32,727.27", [("3", "นายจ่าย ตรง", "12", "32,727.27")]),
    ]  # fmt: skip
    assert (operators.sum, operators.words) == ("120,000.00", "หนึ่งแสนสองหมื่นบาทถ้วน")
    assert executives.units == ()
    assert [(p.name, p.amount) for group in executives.groups for p in group.lines] == [("นางวันดี มีสุข", "1,000.50")]
    assert (order().sum, order().words) == ("121,000.50", "หนึ่งแสนสองหมื่นหนึ่งพันบาทห้าสิบสตางค์")


def test_who_has_a_share_of_two_units_is_numbered_and_counted_once() -> None:
    twice = [s for s in AWARD.persons if s.unit != AWARD.persons[0].unit and s.pool == AWARD.persons[0].pool]
    moved = twice[0].replace(person=AWARD.persons[0].person)
    award = AWARD.replace(persons=tuple(moved if share is twice[0] else share for share in AWARD.persons))
    sheet = award_order_sheet(award, ORDER, payer_th="กองคลัง", **HOW, digits="arabic")
    operators = sheet.pools[0]
    assert [line.serial for group in operators.groups for line in group.lines] == ["1", "2", "(1)"]
    assert "2 หน่วยงาน 2 ราย" in sheet.clauses[1]
    document = pdf.text(award_order_pdf(award, ORDER, payer_th="กองคลัง", **HOW, digits="arabic"))
    assert "ลำดับในวงเล็บคือผู้ที่มีชื่ออยู่แล้ว" in document


def test_the_order_is_numbered_and_dated_as_orders_are() -> None:
    sheet = order("thai")
    assert (sheet.title, sheet.no) == ("คำสั่งกรมตัวอย่าง", "๑๒๓/๒๕๕๖")
    assert sheet.ordered == "สั่ง ณ วันที่ ๑ เมษายน พ.ศ. ๒๕๕๖"
    assert sheet.sum == "๑๒๑,๐๐๐.๕๐"
    assert sheet.subject.endswith("พ.ศ. ๒๕๕๕")


def test_neither_salaries_nor_those_left_out_are_in_an_order() -> None:
    document = pdf.text(award_order_pdf(AWARD, ORDER, payer_th="กองคลัง", **HOW, digits="arabic"))
    assert AWARD.left_out[0].person == "fined"
    assert "FINED-PERSON" not in document
    assert "61,234" not in document
    assert "30,000" not in document


def test_every_amount_is_on_the_pages() -> None:
    document = award_order_pdf(AWARD, ORDER, payer_th="กองคลัง", **HOW, digits="arabic")
    extracted = pdf.text(document)
    for amount in ("87,272.73", "32,727.27", "58,181.82", "29,090.91", "1,000.50", "120,000.00", "121,000.50"):
        assert amount in extracted
    assert pdf.is_archival(document)
    assert pdf.pages(document) == 3
    assert document == award_order_pdf(AWARD, ORDER, payer_th="กองคลัง", **HOW, digits="arabic")


def test_two_pots_of_a_kind_are_told_apart() -> None:
    central = BASIS.pools[0].replace(units=("bureau",))
    regional = central.replace(id="regional", units=("finance",))
    award = allocate(BASIS.replace(pools=(central, regional)))
    sheet = award_order_sheet(award, ORDER, payer_th="กองคลัง", **HOW)
    assert [pool.name for pool in sheet.pools] == ["เงินรางวัลผู้ปฏิบัติงาน (central)", "เงินรางวัลผู้ปฏิบัติงาน (regional)"]


def test_money_that_is_left_is_said_with_the_reason() -> None:
    pools = (BASIS.pools[0], BASIS.pools[1].replace(units=("finance",)))
    sheet = award_order_sheet(allocate(BASIS.replace(pools=pools)), ORDER, payer_th="กองคลัง", **HOW, digits="arabic")
    assert sheet.clauses[2].endswith(
        "เป็นเงิน 0.00 บาท (ศูนย์บาทถ้วน) คงเหลือ 1,000.50 บาท (หนึ่งพันบาทห้าสิบสตางค์) ไม่มีผู้มีสิทธิได้รับเงินจากวงเงินนี้"
    )
    assert [pool.name for pool in sheet.pools] == ["เงินรางวัลผู้ปฏิบัติงาน"]


def test_an_agency_below_the_threshold_gets_no_order() -> None:
    with pytest.raises(NothingToPay) as caught:
        award_order_sheet(allocate(BASIS.replace(total="2.9999")), ORDER, payer_th="กองคลัง", **HOW)
    assert "2.9999" in caught.value.reason
    assert "2.9999" in str(caught.value)


def test_the_workbook_holds_the_amounts_as_numbers() -> None:
    book = load_workbook(BytesIO(award_order_xlsx(AWARD, ORDER, **HOW)))
    assert book.sheetnames == ["หน่วยงาน", "รายบุคคล"]
    units = [line[1:5] for line in book["หน่วยงาน"].iter_rows(values_only=True) if isinstance(line[0], int)]
    assert units == [("สำนักพัฒนาตัวอย่าง", 4, 0.8, 87272.73), ("กองคลัง", 3, 0.6, 32727.27)]
    persons = [line[1:5] for line in book["รายบุคคล"].iter_rows(values_only=True) if isinstance(line[0], int)]
    assert persons == [
        ("นายเก่ง ขยัน", "นักวิชาการชำนาญการ", 12, 58181.82),
        ("นางสาวแก้ว ใส", "นักวิชาการปฏิบัติการ", 12, 29090.91),
        ("นายจ่าย ตรง", "นักวิชาการเงินและบัญชี", 12, 32727.27),
        ("นางวันดี มีสุข", "หัวหน้ากลุ่มงาน", 12, 1000.5),
    ]
    *_, last = book["รายบุคคล"].iter_rows(values_only=True)
    assert (last[0], last[4]) == ("รวมทั้งสิ้น (หนึ่งแสนสองหมื่นหนึ่งพันบาทห้าสิบสตางค์)", 121000.5)
    assert award_order_xlsx(AWARD, ORDER, **HOW) == award_order_xlsx(AWARD, ORDER, **HOW)


# --- the announcement --------------------------------------------------------------------------------------


def test_the_announcement_gives_total_dimensions_kpis_and_units() -> None:
    """Units: bureau 20·3.4 + 10·4 + 10·3.6 = 144 of 40; finance 20·3.6 + 12·2 + 10·1 = 106 of 42; กพร. 4.2345."""
    sheet = announcement_sheet(six_months(), BOOK, ANNOUNCEMENT, names=YEAR_NAMES, dated=WRITTEN_AT, digits="arabic")
    assert sheet.title == "ประกาศกรมตัวอย่าง"
    assert "กรมตัวอย่างได้รับคะแนนรวม 3.1777 คะแนน จากคะแนนเต็ม 5.0000" in sheet.total
    assert [(k.number, k.weight, k.score, k.weighted) for k in sheet.kpis] == [
        ("", "60", "3.6000", ""), ("", "60", "3.6000", ""),
        ("1.1", "20", "3.4000", "0.7391"), ("1.2", "10", "4.0000", "0.4348"), ("2", "30", "3.6000", "1.1739"),
        ("", "32", "2.3858", ""),
        ("3", "12", "2.0000", "0.2609"), ("4", "10", "4.2345", "0.4603"), ("5", "10", "ไม่รายงาน", "0.1087"),
    ]  # fmt: skip
    assert (sheet.weight, sheet.score) == ("92", "3.1777")
    assert [(u.unit, u.weight, u.score) for u in sheet.units] == [
        ("สำนักพัฒนาตัวอย่าง", "40", "3.6000"),
        ("กองคลัง", "42", "2.5238"),
        ("กลุ่มพัฒนาระบบบริหาร", "10", "4.2345"),
    ]
    assert sheet.announced == "ประกาศ ณ วันที่ 15 มีนาคม พ.ศ. 2556"


def test_a_score_under_appeal_is_announced_as_provisional() -> None:
    certified = {"certified_by_supervisor": True, "certified_by_psdg": True}
    of = six_months(k3=KpiReport(result=RESULTS["3"], appeal_open=True, **certified))
    sheet = announcement_sheet(of, BOOK, ANNOUNCEMENT, names=YEAR_NAMES, dated=WRITTEN_AT, digits="thai")
    assert sheet.provisional.startswith("คะแนนเบื้องต้น: ตัวชี้วัดที่ ๓ ")


def test_where_every_score_may_still_be_appealed_the_announcement_names_none_of_them_singly() -> None:
    """At the end of the year 1.1, 1.2, 2 and 3 are announced: 68 + 40 + 108 + 24 = 240, the floor for the rest."""
    scores = (("1.1", "3.4"), ("1.2", "4"), ("2", "3.6"), ("3", "2"))
    open_ = {number: KpiReport(decided=Decimal(score), appeal_open=True) for number, score in scores}
    of = scorecard(BOOK, open_, Round.TWELVE)
    sheet = announcement_sheet(of, BOOK, ANNOUNCEMENT, names=YEAR_NAMES, dated=WRITTEN_AT, digits="arabic")
    assert (sheet.provisional, of.provisional) == ("", True)
    # (240 + 10 · 1 + 10 · 1) / 92; of the year, and of no round
    assert sheet.total == (
        "กรมตัวอย่างได้รับคะแนนรวม 2.8261 คะแนน จากคะแนนเต็ม 5.0000 ในการประเมินผลการปฏิบัติราชการ ประจำปีงบประมาณ พ.ศ. 2555 "
        "รายละเอียดปรากฏตามบัญชีแนบท้ายประกาศนี้"
    )


def test_an_order_or_announcement_without_a_day_has_a_line_for_it() -> None:
    by_hand = ANNOUNCEMENT.replace(signatory=ANNOUNCEMENT.signatory.replace(signed_on=None))
    document = announcement_pdf(six_months(), BOOK, by_hand, names=YEAR_NAMES, dated=WRITTEN_AT)
    assert "ประกาศณวันที่...." in pdf.text(document)
    order = ORDER.replace(no="", signatory=ORDER.signatory.replace(signed_on=None))
    text = pdf.text(award_order_pdf(AWARD, order, payer_th="กองคลัง", **HOW))
    assert "สั่งณวันที่...." in text
    assert "ที่......" in text


def test_an_agreement_without_dimensions_is_announced_without_them() -> None:
    plain = BOOK.replace(frame=(), kpis=tuple(kpi.replace(dimension=None) for kpi in BOOK.kpis))
    of = scorecard(plain, REPORTS, Round.SIX)
    sheet = announcement_sheet(of, plain, ANNOUNCEMENT, names=YEAR_NAMES, dated=WRITTEN_AT, digits="arabic")
    assert [line.number for line in sheet.kpis] == ["1.1", "1.2", "2", "3", "4", "5"]


def test_the_announcement_is_printed_with_all_its_numbers() -> None:
    how: dict[str, Any] = {"names": YEAR_NAMES, "dated": WRITTEN_AT, "digits": "arabic"}
    document = announcement_pdf(six_months(), BOOK, ANNOUNCEMENT, **how)
    extracted = pdf.text(document)
    for number in ("3.1777", "3.6000", "3.4000", "4.0000", "2.0000", "4.2345", "2.3858", "2.5238", "0.7391", "1.1739"):
        assert number in extracted
    assert pdf.is_archival(document)
    signed, annex = (pdf.text(document, page=page) for page in (1, 2))
    assert ("3.1777" in signed, "จึงประกาศมา" in signed, "0.7391" in annex) == (True, True, True)
    assert pdf.pages(document) == 2
    assert document == announcement_pdf(six_months(), BOOK, ANNOUNCEMENT, **how)


def test_the_announcement_as_a_workbook() -> None:
    made = announcement_xlsx(six_months(), BOOK, ANNOUNCEMENT, names=YEAR_NAMES, dated=WRITTEN_AT)
    book = load_workbook(BytesIO(made))
    kpis = {line[0]: line[2:5] for line in book["ตัวชี้วัด"].iter_rows(values_only=True) if line[0]}
    assert kpis["1.1"] == (20, 3.4, 0.7391)
    assert kpis["5"] == (10, "ไม่รายงาน", 0.1087)
    assert "6" not in kpis
    *_, last = book["ตัวชี้วัด"].iter_rows(values_only=True)
    assert (last[2], last[4]) == (92, 3.1777)
    units = [line[1:4] for line in book["หน่วยงาน"].iter_rows(values_only=True) if isinstance(line[0], int)]
    assert units == [("สำนักพัฒนาตัวอย่าง", 40, 3.6), ("กองคลัง", 42, 2.5238), ("กลุ่มพัฒนาระบบบริหาร", 10, 4.2345)]
