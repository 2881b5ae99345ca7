"""Annex and details as workbooks, against the year worked by hand in `agreement_year` and S1's own contradictions."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.agreement import agreement_sheet
from reports.agreement_workbook import HEADS, agreement_xlsx
from reports.kpi_workbook import CRITERIA, DETAILS, HOLDERS, TEAM, WORDING, kpi_book_xlsx
from reports.names import Names
from reports.workbook import FONT, RED
from rules.kpi_file import load_kpis
from rules.organisation_file import load_organisation
from schemas.kpi import KpiBook, Responsible, Round
from tests.reports.agreement_year import AGREED_AT, BOOK, NAMES, PARTIES
from tests.reports.test_year_documents import CROWDED

MINISTRIES = Path(__file__).parents[2] / "deployments" / "ministries"
HOW: dict[str, Any] = {"names": NAMES, "dated": AGREED_AT}
NONE, UNSTATED = "–", "เอกสารไม่ระบุ"


def annex(book: KpiBook = BOOK) -> Worksheet:
    opened = load_workbook(BytesIO(agreement_xlsx(PARTIES, book, **HOW)))
    assert opened.sheetnames == ["เอกสารแนบท้าย"]
    return opened["เอกสารแนบท้าย"]


def details(book: KpiBook = BOOK) -> Workbook:
    return load_workbook(BytesIO(kpi_book_xlsx(book, **HOW)))


def head_row(sheet: Worksheet, names: tuple[str, ...]) -> int:
    """The row of the head, which is frozen and repeated on every page."""
    (row,) = [line[0].row for line in sheet.iter_rows() if line[0].value == names[0] and line[1].value == names[1]]
    assert tuple(cell.value for cell in sheet[row][: len(names)]) == names
    assert (sheet.freeze_panes, sheet.print_title_rows) == (f"A{row + 1}", f"${row}:${row}")
    return row


def by_number(sheet: Worksheet, names: tuple[str, ...]) -> dict[str, tuple[Any, ...]]:
    """The rows of KPIs and their parts; the number of a KPI is a text, so that 4.1 and 4.10 are two."""
    lines = sheet.iter_rows(min_row=head_row(sheet, names) + 1, values_only=True)
    return {line[0]: line for line in lines if isinstance(line[0], str) and line[0][:1].isdigit()}


def shown(cell: Any) -> tuple[Any, str]:
    assert isinstance(cell, Cell)
    return cell.value, cell.number_format


def red_texts(sheet: Worksheet) -> list[object]:
    return [cell.value for line in sheet.iter_rows() for cell in line if cell.font.color and _red(cell)]


def _red(cell: Any) -> bool:
    return cell.value is not None and str(cell.font.color.rgb).endswith(RED)


# --- the annex ---------------------------------------------------------------------------------------------


def test_weights_targets_and_levels_of_the_annex_are_numbers() -> None:
    rows = by_number(annex(), HEADS)
    assert list(rows) == ["1.1", "1.2", "2", "2.1", "2.2", "2.3", "3", "4", "5", "6"]
    assert rows["1.1"][2:] == (
        "ผลสัมฤทธิ์ของภารกิจ", "ร้อยละ", 20, NONE, 70, 60, 65, 70, 75, 80, "เชิงปริมาณ เทียบบัญญัติไตรยางศ์ระหว่างระดับ",
    )  # fmt: skip
    assert rows["1.2"][4:12] == (
        10, "สรุปได้จากเอกสาร", 80, "ต่ำกว่า 75", "75 ถึงต่ำกว่า 80", "80 ถึงต่ำกว่า 85", "85 ถึงต่ำกว่า 90", "ตั้งแต่ 90",
    )  # fmt: skip
    assert rows["5"][2:12] == (UNSTATED, NONE, 10, NONE, UNSTATED, 1, 2, 3, 4, 5)
    assert rows["6"][4:] == (UNSTATED, NONE, UNSTATED, *(NONE,) * 5, UNSTATED)


def test_parts_have_levels_of_their_own_and_no_weight_that_a_sum_would_count() -> None:
    rows = by_number(annex(), HEADS)
    assert rows["2"][7:] == (*(NONE,) * 5, "ถ่วงน้ำหนักจากตัวชี้วัดย่อย\nค่าเฉลี่ยถ่วงน้ำหนักของคะแนนตัวชี้วัดย่อย")
    assert rows["2.1"][3:12] == ("วัน", "2 ใน 5", NONE, NONE, 10, 8, 6, 4, 2)
    assert rows["2.3"][4:12] == ("2 ใน 5", NONE, NONE, 80, 85, 90, 95, 100)


def test_steps_of_milestones_are_listed_and_each_level_says_which_are_needed() -> None:
    rows = by_number(annex(), HEADS)
    assert rows["3"][7:12] == ("ขั้นตอนที่ 1", *(f"ขั้นตอนที่ 1 ถึง {level}" for level in range(2, 6)))
    method = rows["3"][12].split("\n")
    assert method[1] == "1. แต่งตั้งคณะทำงานควบคุมภายใน"
    assert method[-1] == "คะแนนเท่ากับจำนวนขั้นตอนที่สำเร็จต่อเนื่องกันจากขั้นตอนที่ 1"
    assert rows["2.2"][7:12] == tuple(f"สำเร็จ {level} ขั้นตอน" for level in range(1, 6)), "counted, whichever they are"
    assert rows["4"][7:] == (*(NONE,) * 5, "คะแนนจากหน่วยงานภายนอก\nคะแนนจากสำนักงานสถิติแห่งชาติ")


def test_dimensions_and_the_whole_have_the_sums_worked_by_hand() -> None:
    """20 + 10 + 30 = 60 of 70; 12 + 10 + 10 = 32 of 30; together 92."""
    sheet = annex()
    lines = list(sheet.iter_rows(min_row=head_row(sheet, HEADS) + 1, values_only=True))
    bands = [(line[0], line[4], line[5]) for line in lines if isinstance(line[0], str) and not line[0][:1].isdigit()]
    assert bands == [
        ("มิติภายนอก", 60, "กรอบกำหนดร้อยละ 70"),
        ("    ประสิทธิผล", 60, None),
        ("มิติภายใน", 32, "กรอบกำหนดร้อยละ 30"),
    ]
    assert (lines[-1][1], lines[-1][4]) == ("น้ำหนักรวม", 92)
    of_kpis = [line[4] for line in lines if isinstance(line[0], str) and line[0][:1].isdigit()]
    assert sum(weight for weight in of_kpis if isinstance(weight, int | float)) == 92


def test_a_sum_other_than_100_is_red_and_told_above_the_table_as_in_print() -> None:
    printed = agreement_sheet(PARTIES, BOOK, **HOW, digits="arabic").warnings
    assert printed[0].startswith("น้ำหนักที่ทราบของตัวชี้วัดทุกตัวรวมกันได้ร้อยละ 92 ไม่ใช่ร้อยละ 100")
    assert red_texts(annex()) == [*printed, "กรอบกำหนดร้อยละ 70", "กรอบกำหนดร้อยละ 30", 92]


def test_weights_of_100_are_not_warned_of() -> None:
    whole = BOOK.replace(frame=(), kpis=tuple(
        kpi.replace(dimension=None, weight=20) for kpi in BOOK.kpis if kpi.number in ("1.1", "1.2", "3", "4", "5")
    ))  # fmt: skip
    assert red_texts(annex(whole)) == []
    *_, last = annex(whole).iter_rows(values_only=True)
    assert last[4] == 100


def test_figures_are_shown_as_people_write_them() -> None:
    first, *rest = BOOK.kpis
    odd = first.replace(weight="2.50", target="1234567.25")
    sheet = annex(BOOK.replace(kpis=(odd, *rest)))
    (row,) = [line for line in sheet.iter_rows() if line[0].value == "1.1"]
    assert [shown(row[at]) for at in (4, 6, 7)] == [(2.5, "#,##0.0"), (1234567.25, "#,##0.00"), (60, "#,##0")]


def test_the_annex_says_whose_agreement_it_belongs_to() -> None:
    sheet = annex()
    lines = [sheet.cell(row, 1).value for row in range(1, 6)]
    assert lines == [
        "เอกสารแนบท้ายคำรับรองการปฏิบัติราชการ", "กรมตัวอย่าง", "ประจำปีงบประมาณ พ.ศ. 2555",
        "ผู้รับคำรับรอง: นางสาวสมศรี รักชาติ ปลัดกระทรวงตัวอย่าง ลงนามวันที่ 30 กันยายน 2554",
        "ผู้ทำคำรับรอง: นายสมชาย ใจดี อธิบดีกรมตัวอย่าง ลงนามวันที่ 29 กันยายน 2554",
    ]  # fmt: skip


# --- the details -------------------------------------------------------------------------------------------


def test_the_details_have_a_row_a_kpi_and_the_sum() -> None:
    sheet = details()["รายละเอียด"]
    rows = by_number(sheet, DETAILS)
    assert list(rows) == ["1.1", "1.2", "2", "3", "4", "5", "6"]
    assert rows["1.1"][2:] == (
        "ประสิทธิผล", "ผลสัมฤทธิ์ของภารกิจ", "ร้อยละ", 20, NONE, None, None, None, 70, 6, NONE,
    )  # fmt: skip
    assert rows["6"][3:] == (UNSTATED, UNSTATED, UNSTATED, NONE, None, None, None, UNSTATED, 12, NONE)
    *_, last = sheet.iter_rows(values_only=True)
    assert (last[1], last[5]) == ("น้ำหนักรวม", 92)
    assert "น้ำหนักที่ทราบของตัวชี้วัดทุกตัวรวมกันได้ร้อยละ 92 ไม่ใช่ร้อยละ 100 (ระบบไม่ปรับน้ำหนักให้)" in red_texts(sheet)


def test_wording_formula_and_source_have_a_sheet_of_their_own() -> None:
    rows = by_number(details()["คำอธิบายและสูตร"], WORDING)
    assert rows["1.1"][2:] == (
        "หมู่บ้านที่ผ่านเกณฑ์ หมายถึง หมู่บ้านที่ผ่านตัวชี้วัดครบทั้ง 6 ด้าน",
        "จำนวนหมู่บ้านที่ผ่านเกณฑ์ × 100 ÷ จำนวนหมู่บ้านทั้งหมด", "ฐานข้อมูลหมู่บ้าน", "ไม่รวมหมู่บ้านที่ตั้งใหม่ในปี",
    )  # fmt: skip
    assert rows["6"][2:] == (UNSTATED, UNSTATED, UNSTATED, NONE)


def test_a_weight_of_one_round_and_a_cancelled_kpi_are_in_their_columns() -> None:
    first, *rest = BOOK.kpis
    changed = first.replace(round_weights={Round.NINE: "12.5"}, cancelled_at=Round.TWELVE)
    rows = by_number(details(BOOK.replace(kpis=(changed, *rest)))["รายละเอียด"], DETAILS)
    assert rows["1.1"][7:13] == (None, 12.5, None, 70, 6, 12)


def test_levels_of_the_details_are_those_of_the_annex() -> None:
    in_details = by_number(details()["เกณฑ์การให้คะแนน"], CRITERIA)
    in_annex = by_number(annex(), HEADS)
    assert list(in_details) == list(in_annex)
    assert [row[4:] for row in in_details.values()] == [row[7:] for row in in_annex.values()]


def test_past_years_are_numbers_with_their_mean() -> None:
    """(58.5 + 61 + 63.1) / 3 = 60.8667."""
    sheet = details()["ข้อมูลพื้นฐาน"]
    years = tuple(f"ปีงบประมาณ พ.ศ. {year}" for year in (2552, 2553, 2554))
    rows = by_number(sheet, ("ที่", "ตัวชี้วัด", "หน่วยวัด", *years, "เฉลี่ย"))
    assert rows["1.1"][3:] == (58.5, 61, 63.1, 60.8667)
    assert rows["3"][3:] == (UNSTATED, UNSTATED, UNSTATED, NONE)


def test_units_have_their_shares_and_how_they_are_known() -> None:
    sheet = details()["หน่วยงาน"]
    lines = list(sheet.iter_rows(min_row=head_row(sheet, HOLDERS) + 1, values_only=True))
    assert [(line[0], *line[2:]) for line in lines] == [
        ("1.1", "สำนักพัฒนาตัวอย่าง", 20, NONE),
        ("1.2", "สำนักพัฒนาตัวอย่าง", 10, NONE),
        ("2", "กองคลัง", 20, NONE),
        ("2", "สำนักพัฒนาตัวอย่าง", 10, "คาดคะเน · ตกลงด้วยวาจา"),
        ("3", "กองคลัง", 12, NONE),
        ("4", "กลุ่มพัฒนาระบบบริหาร", 10, NONE),
        ("5", "กองคลัง", UNSTATED, NONE),
    ]


def test_every_person_has_a_row_for_each_part_in_a_kpi_and_a_later_team_its_round() -> None:
    first, *rest = BOOK.kpis
    handed_on = first.replace(responsible_from={Round.NINE: Responsible(supervisor="second")})
    sheet = details(BOOK.replace(kpis=(handed_on, *rest)))["ผู้รับผิดชอบ"]
    lines = list(sheet.iter_rows(min_row=head_row(sheet, TEAM) + 1, values_only=True))
    assert [line[2:] for line in lines if line[0] == "1.1"] == [
        (6, "ผู้กำกับดูแลตัวชี้วัด", "นางวันดี มีสุข", "หัวหน้ากลุ่มงาน", NONE, "0 2141 1111", "wandee@dept.example"),
        (6, "ผู้จัดเก็บข้อมูล", "นายเก่ง ขยัน", "นักวิชาการชำนาญการ", "รวบรวมข้อมูลจากจังหวัด", "0 2141 2222", NONE),
        (6, "เจ้าภาพหลัก", "นายเก่ง ขยัน", "นักวิชาการชำนาญการ", NONE, "0 2141 2222", NONE),
        (6, "เจ้าภาพรอง", "นางสาวแก้ว ใส", "นักวิชาการปฏิบัติการ", NONE, NONE, NONE),
        (6, "ผู้สนับสนุน", "นางวันดี มีสุข", "หัวหน้ากลุ่มงาน", NONE, "0 2141 1111", "wandee@dept.example"),
        (9, "ผู้กำกับดูแลตัวชี้วัด", "นางสาวแก้ว ใส", "นักวิชาการปฏิบัติการ", NONE, NONE, NONE),
        (9, "ผู้จัดเก็บข้อมูล", UNSTATED, NONE, NONE, NONE, NONE),
    ]
    assert [line[2:5] for line in lines if line[0] == "6"] == [
        (12, "ผู้กำกับดูแลตัวชี้วัด", UNSTATED), (12, "ผู้จัดเก็บข้อมูล", UNSTATED),
    ]  # fmt: skip


def test_what_does_not_fit_is_listed_with_the_names_of_units() -> None:
    lines = [line[1:] for line in details()["ข้อสังเกต"].iter_rows(values_only=True) if isinstance(line[0], int)]
    assert ("2", "น้ำหนักร้อยละ 10 ของ สำนักพัฒนาตัวอย่าง ในตัวชี้วัดที่ 2 เป็นการคาดคะเน ตกลงด้วยวาจา") in lines


# --- both --------------------------------------------------------------------------------------------------

WORKBOOKS: dict[str, Callable[[KpiBook, Names], bytes]] = {
    "annex": lambda book, names: agreement_xlsx(PARTIES, book, names=names, dated=AGREED_AT),
    "details": lambda book, names: kpi_book_xlsx(book, names=names, dated=AGREED_AT),
}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_is_the_same_again_and_prints_one_page_wide(name: str) -> None:
    made = WORKBOOKS[name](BOOK, NAMES)
    assert made == WORKBOOKS[name](BOOK, NAMES)
    for sheet in load_workbook(BytesIO(made)).worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
            "landscape", 1, 0,
        )  # fmt: skip
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        written = [cell for line in sheet.iter_rows() for cell in line if cell.value is not None]
        assert {cell.font.name for cell in written} == {FONT}
        across = sum(sheet.column_dimensions[get_column_letter(at)].width for at in range(1, sheet.max_column + 1))
        assert across <= 215, "five points a letter at ten points: on A4 still seven points high"


@pytest.mark.parametrize("name", WORKBOOKS)
def test_no_text_of_an_officer_becomes_a_formula(name: str) -> None:
    first, *rest = BOOK.kpis
    made = WORKBOOKS[name](BOOK.replace(kpis=(first.replace(th="=1+1", formula="=A1*100"), *rest)), NAMES)
    cells = [c for sheet in load_workbook(BytesIO(made)).worksheets for line in sheet.iter_rows() for c in line]
    assert {cell.data_type for cell in cells if str(cell.value).startswith("=")} == {"s"}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_book_without_names_or_with_sixty_parts_is_made_as_well(name: str) -> None:
    made = load_workbook(BytesIO(WORKBOOKS[name](CROWDED, Names())))
    texts = {cell.value for sheet in made.worksheets for line in sheet.iter_rows() for cell in line}
    assert {"dept", "    PART-60", "2.60"} <= texts


def test_the_book_of_the_source_keeps_its_gaps() -> None:
    """S1 slide 23: 5·8 + 12 + 5 + 10 = 67 of the weights that the slide lets one reconstruct, and no formula."""
    book = load_kpis((MINISTRIES / "cdd-fy2555-kpis.yaml").read_text("utf-8"))
    names = Names.of(load_organisation((MINISTRIES / "cdd.yaml").read_text("utf-8")))
    opened = load_workbook(BytesIO(WORKBOOKS["details"](book, names)))
    rows = by_number(opened["คำอธิบายและสูตร"], WORDING)
    assert len(rows) == 15
    assert {row[3] for row in rows.values()} == {UNSTATED}, "no formula is printed in S1"
    *_, last = opened["รายละเอียด"].iter_rows(values_only=True)
    assert last[5] == 67
    said = [line[2] for line in opened["ข้อสังเกต"].iter_rows(values_only=True) if isinstance(line[0], int)]
    assert any("รวมกันได้ร้อยละ 92" in text for text in said if isinstance(text, str))
