"""The agreement and the book of KPI details, against the year worked by hand and against S1's own contradictions."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.agreement import AgreementSheet, agreement_pdf, agreement_sheet
from reports.criteria import range_text
from reports.kpi_book import KpiBookSheet, KpiPage, kpi_book_pdf, kpi_book_sheet
from reports.names import Names
from rules.kpi_file import load_kpis
from rules.organisation_file import load_organisation
from rules.thai import Digits
from schemas.criteria import StepRange
from schemas.kpi import KpiBook
from tests.reports import pdf
from tests.reports.agreement_year import AGREED_AT, BOOK, NAMES, PARTIES

MINISTRIES = Path(__file__).parents[2] / "deployments" / "ministries"


@pytest.fixture(scope="module")
def s1() -> tuple[KpiBook, Names]:
    book = load_kpis((MINISTRIES / "cdd-fy2555-kpis.yaml").read_text("utf-8"))
    return book, Names.of(load_organisation((MINISTRIES / "cdd.yaml").read_text("utf-8")))


def agreement(digits: Digits = "arabic") -> AgreementSheet:
    return agreement_sheet(PARTIES, BOOK, names=NAMES, dated=AGREED_AT, digits=digits)


def details(digits: Digits = "arabic") -> KpiBookSheet:
    return kpi_book_sheet(BOOK, names=NAMES, dated=AGREED_AT, digits=digits)


def page(number: str) -> KpiPage:
    return next(kpi for kpi in details().kpis if kpi.number == number)


# --- the agreement -----------------------------------------------------------------------------------------


def test_the_agreement_has_six_clauses_between_its_parties() -> None:
    first, period, annex, receiver, maker, last = agreement().clauses
    assert "นางสาวสมศรี รักชาติ ตำแหน่ง ปลัดกระทรวงตัวอย่าง ผู้รับคำรับรอง" in first
    assert "นายสมชาย ใจดี ตำแหน่ง อธิบดีกรมตัวอย่าง ผู้ทำคำรับรอง" in first
    assert "มิใช่สัญญา" in period
    assert "เป็นเวลา 1 ปี ตั้งแต่วันที่ 1 ตุลาคม 2554 ถึงวันที่ 30 กันยายน 2555" in period
    assert "เอกสารแนบท้าย" in annex
    assert receiver.startswith("ปลัดกระทรวงตัวอย่าง ในฐานะผู้รับคำรับรอง")
    assert "ตามข้อ 3" in receiver
    assert maker.startswith("อธิบดีกรมตัวอย่าง ในฐานะผู้ทำคำรับรอง")
    assert "ลงลายมือชื่อ" in last


def test_the_agreement_is_in_thai_digits_where_an_official_paper_needs_them() -> None:
    sheet = agreement("thai")
    assert sheet.year == "ประจำปีงบประมาณ พ.ศ. ๒๕๕๕"
    assert "ตั้งแต่วันที่ ๑ ตุลาคม ๒๕๕๔ ถึงวันที่ ๓๐ กันยายน ๒๕๕๕" in sheet.clauses[1]
    assert sheet.groups[1].lines[0].criteria[0].levels == ("๖๐", "๖๕", "๗๐", "๗๕", "๘๐")


def test_both_sign_with_name_position_and_day() -> None:
    assert [(s.role, s.name, s.position, s.date) for s in agreement().signatures] == [
        ("ผู้รับคำรับรอง", "นางสาวสมศรี รักชาติ", "ปลัดกระทรวงตัวอย่าง", "30 กันยายน 2554"),
        ("ผู้ทำคำรับรอง", "นายสมชาย ใจดี", "อธิบดีกรมตัวอย่าง", "29 กันยายน 2554"),
    ]


def test_the_annex_holds_every_weight_target_and_level() -> None:
    lines = [
        (group.name, group.weight, [(line.number, line.weight, line.target) for line in group.lines])
        for group in agreement().groups
    ]
    assert lines == [
        ("มิติภายนอก", "น้ำหนักรวมร้อยละ 60 (กรอบกำหนดร้อยละ 70)", []),
        ("ประสิทธิผล", "น้ำหนักรวมร้อยละ 60", [
            ("1.1", "20", "70"), ("1.2", "10", "80"), ("2", "30", "เอกสารไม่ระบุ"),
        ]),
        ("มิติภายใน", "น้ำหนักรวมร้อยละ 32 (กรอบกำหนดร้อยละ 30)", [
            ("3", "12", "5"), ("4", "10", "เอกสารไม่ระบุ"), ("5", "10", "เอกสารไม่ระบุ"),
            ("6", "เอกสารไม่ระบุ", "เอกสารไม่ระบุ"),
        ]),
    ]  # fmt: skip
    assert agreement().total == "92"


def test_criteria_of_every_kind_are_shown() -> None:
    annex = {line.number: line.criteria for group in agreement().groups for line in group.lines}
    assert annex["1.1"][0].levels == ("60", "65", "70", "75", "80")
    assert annex["1.2"][0].levels == ("ต่ำกว่า 75", "75 ถึงต่ำกว่า 80", "80 ถึงต่ำกว่า 85", "85 ถึงต่ำกว่า 90", "ตั้งแต่ 90")
    assert [(part.number, part.weight, part.levels) for part in annex["2"][1:]] == [
        ("2.1", "2 ใน 5", ("10", "8", "6", "4", "2")),
        ("2.2", "1 ใน 5", ()),
        ("2.3", "2 ใน 5", ("80", "85", "90", "95", "100")),
    ]
    assert annex["2"][2].texts == ("1. แต่งตั้งคณะทำงาน", "2. จัดทำแผน", "3. ประชุมเร่งรัด", "4. รายงานผล", "5. สรุปบทเรียน")
    assert annex["3"][0].note == "คะแนนเท่ากับจำนวนขั้นตอนที่สำเร็จต่อเนื่องกันจากขั้นตอนที่ 1"
    assert annex["4"][0].texts == ("คะแนนจากสำนักงานสถิติแห่งชาติ",)
    assert annex["6"][0].texts == ("เอกสารไม่ระบุ",)


@pytest.mark.parametrize(
    ("ends", "shown"),
    [
        ({"at_most": 10}, "ไม่เกิน 10"),
        ({"below": 10}, "ต่ำกว่า 10"),
        ({"above": 10, "at_most": 20}, "มากกว่า 10 ถึง 20"),
        ({"at_least": 10, "below": 20}, "10 ถึงต่ำกว่า 20"),
        ({"above": "1234.50"}, "มากกว่า 1,234.5"),
        ({"at_least": 10}, "ตั้งแต่ 10"),
    ],
)
def test_ranges_are_read_as_people_say_them(ends: dict[str, object], shown: str) -> None:
    assert range_text(StepRange.model_validate({"score": 1, **ends}), "arabic") == shown


def test_weights_that_do_not_add_up_are_told_above_the_annex() -> None:
    assert agreement().warnings == (
        "น้ำหนักที่ทราบของตัวชี้วัดทุกตัวรวมกันได้ร้อยละ 92 ไม่ใช่ร้อยละ 100 (ระบบไม่ปรับน้ำหนักให้)",
        "เอกสารไม่ระบุน้ำหนักของตัวชี้วัดที่ 6",
        "มิติ มิติภายนอก กำหนดน้ำหนักร้อยละ 70 แต่ตัวชี้วัดรวมกันได้ร้อยละ 60",
        "มิติ มิติภายใน กำหนดน้ำหนักร้อยละ 30 แต่ตัวชี้วัดรวมกันได้ร้อยละ 32",
    )


def test_the_92_per_cent_of_the_source_are_told_and_its_names_keep_their_digits(s1: tuple[KpiBook, Names]) -> None:
    """S1 slide 23: 20 + 12 + 5 + 10 + 20 + 5 + 10 + 5 + 5 = 92."""
    book, names = s1
    sheet = agreement_sheet(PARTIES, book, names=names, dated=AGREED_AT, digits="thai")
    said = "ตาม เอกสารสรุปตัวชี้วัดของกรม แผ่นที่ ๒๓ รวมกันได้ร้อยละ ๙๒ ไม่ใช่ร้อยละ ๑๐๐ (ระบบไม่ปรับน้ำหนักให้)"
    assert f"น้ำหนักของทุกหน่วยงาน{said}" in sheet.warnings
    assert sheet.total == "๖๗", "5·8 + 12 + 5 + 10 of the weights that the slide lets one reconstruct"


def test_the_agreement_stands_upright_its_annex_lies_and_its_numbers_are_on_the_pages() -> None:
    document = agreement_pdf(PARTIES, BOOK, names=NAMES, dated=AGREED_AT, digits="arabic")
    assert pdf.is_archival(document)
    assert pdf.pages(document) == 3
    assert pdf.sizes(document) == ["595x842", "842x595", "842x595"]
    annex = pdf.text(document, page=2) + pdf.text(document, page=3)
    for number in ("60", "65", "70", "75", "80", "90", "95", "100", "92"):
        assert number in annex
    assert document == agreement_pdf(PARTIES, BOOK, names=NAMES, dated=AGREED_AT, digits="arabic")


def test_a_party_without_a_name_signs_by_hand(s1: tuple[KpiBook, Names]) -> None:
    book, names = s1
    unnamed = PARTIES.replace(maker=PARTIES.maker.replace(name="", signed_on=None))
    sheet = agreement_sheet(unnamed, book, names=names, dated=AGREED_AT)
    assert (sheet.signatures[1].name, sheet.signatures[1].date) == ("", "")
    assert "อธิบดีกรมตัวอย่าง ผู้ทำคำรับรอง" in sheet.clauses[0]
    assert pdf.pages(agreement_pdf(unnamed, book, names=names, dated=AGREED_AT)) == 3


# --- the book of details -----------------------------------------------------------------------------------


def test_a_kpi_has_all_its_fields() -> None:
    shown = page("1.1")
    assert shown.fields == (
        ("มิติ", "ประสิทธิผล"),
        ("ประเด็นการประเมินผล", "ผลสัมฤทธิ์ของภารกิจ"),
        ("หน่วยวัด", "ร้อยละ"),
        ("น้ำหนัก", "ร้อยละ 20"),
        ("ค่าเป้าหมาย", "70"),
        ("รอบการประเมิน", "เริ่มประเมินรอบ 6 เดือน"),
        ("คำอธิบาย", "หมู่บ้านที่ผ่านเกณฑ์ หมายถึง หมู่บ้านที่ผ่านตัวชี้วัดครบทั้ง 6 ด้าน"),
        ("สูตรการคำนวณ", "จำนวนหมู่บ้านที่ผ่านเกณฑ์ × 100 ÷ จำนวนหมู่บ้านทั้งหมด"),
    )
    assert shown.details == (("แหล่งข้อมูล", "ฐานข้อมูลหมู่บ้าน"), ("หมายเหตุ", "ไม่รวมหมู่บ้านที่ตั้งใหม่ในปี"))


def test_past_years_are_shown_with_their_average() -> None:
    """(58.5 + 61 + 63.1) / 3 = 60.8667."""
    assert page("1.1").baselines == (("2552", "58.5"), ("2553", "61"), ("2554", "63.1"))
    assert page("1.1").average == "60.8667"


def test_who_answers_is_named_with_the_table_of_owners_and_supporters() -> None:
    (team,) = page("1.1").teams
    assert (team.supervisor, team.contact) == ("นางวันดี มีสุข หัวหน้ากลุ่มงาน", "โทร. 0 2141 1111 · wandee@dept.example")
    assert [(k.name, k.activity, k.phone) for k in team.keepers] == [
        ("นายเก่ง ขยัน นักวิชาการชำนาญการ", "รวบรวมข้อมูลจากจังหวัด", "0 2141 2222")
    ]
    assert [(owner.name, details().roles[owner.ticked]) for owner in team.owners] == [
        ("นายเก่ง ขยัน", "เจ้าภาพหลัก"),
        ("นางสาวแก้ว ใส", "เจ้าภาพรอง"),
        ("นางวันดี มีสุข", "ผู้สนับสนุน"),
    ]


def test_doubts_are_marked_and_what_is_not_stated_is_said() -> None:
    assert dict(page("1.2").fields)["น้ำหนัก"] == "ร้อยละ 10 (สรุปได้จากเอกสาร)"
    assert dict(page("6").fields)["น้ำหนัก"] == "เอกสารไม่ระบุ"
    assert [(h.unit, h.share, h.mark) for h in page("2").holders] == [
        ("กองคลัง", "20", ""),
        ("สำนักพัฒนาตัวอย่าง", "10", "คาดคะเน · ตกลงด้วยวาจา"),
    ]
    assert [(h.unit, h.share) for h in page("5").holders] == [("กองคลัง", "เอกสารไม่ระบุ")]
    assert page("6").teams[0].supervisor == "เอกสารไม่ระบุ"
    assert page("2").findings == ("น้ำหนักร้อยละ 10 ของ สำนักพัฒนาตัวอย่าง ในตัวชี้วัดที่ 2 เป็นการคาดคะเน ตกลงด้วยวาจา",)


def test_the_contents_follow_the_frame_and_name_the_page_of_each_kpi() -> None:
    assert [(line.number, line.weight) for line in details().contents] == [
        ("", ""), ("", ""), ("1.1", "20"), ("1.2", "10"), ("2", "30"),
        ("", ""), ("3", "12"), ("4", "10"), ("5", "10"), ("6", "เอกสารไม่ระบุ"),
    ]  # fmt: skip
    document = kpi_book_pdf(BOOK, names=NAMES, dated=AGREED_AT, digits="arabic")
    first = {page: pdf.text(document, page=page) for page in range(2, pdf.pages(document) + 1)}
    begins = {
        number: next(at for at, text in first.items() if f"ตัวชี้วัดที่{number}" in text[:80])
        for number in ("1.1", "1.2", "2", "3", "4", "5", "6")
    }
    contents = pdf.text(document, page=1, layout=True)
    assert pdf.pages(document) == 9, "what is found of the whole agreement follows the last KPI"
    assert "ข้อสังเกตต่อคำรับรองทั้งฉบับ" in first[9]
    assert begins == {"1.1": 2, "1.2": 3, "2": 4, "3": 6, "4": 7, "5": 8, "6": 9}
    assert all(f"{weight}{begins[number]}" in contents for number, weight in (("1.1", 20), ("2", 30), ("3", 12)))


def test_the_whole_book_of_the_source_is_printed_and_is_the_same_again(s1: tuple[KpiBook, Names]) -> None:
    book, names = s1
    first, again = (kpi_book_pdf(book, names=names, dated=AGREED_AT) for _ in range(2))
    assert first == again
    assert pdf.is_archival(first)
    assert pdf.pages(first) >= 1 + len(book.kpis)
    sheet = kpi_book_sheet(book, names=names, dated=AGREED_AT)
    assert len(sheet.kpis) == 15
    assert all(dict(kpi.fields)["สูตรการคำนวณ"] == "เอกสารไม่ระบุ" for kpi in sheet.kpis)
    assert any("ตัวชี้วัดรวมไม่ตรงกัน" in text for text in sheet.findings)
    assert "ไม่มีตัวชี้วัดที่ ๒ ทั้งที่มีตัวชี้วัดลำดับถัดไป" in sheet.findings
