"""The workbook of personnel records: what the template offers, and every problem by its row and column."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from reports.staff_workbook import CHOICES_SHEET, SHEET, read_staff, staff_template
from rules.award_case import conflicts
from rules.errors import BrokenStaffFile
from rules.staff_list import COLUMNS
from schemas.kpi import OwnerRole
from tests.portal.department import ROWS, Cells, filled_in, person

DATED = datetime(2013, 6, 3, 2, 0, tzinfo=UTC)
COMMUNITY_TH = "สำนักเสริมสร้างความเข้มแข็งชุมชน"
UNITS = (("cdd-community", COMMUNITY_TH), ("cdd-finance", "กองคลัง"), ("cdd-wisdom", "สำนักส่งเสริมภูมิปัญญาท้องถิ่น"))
TEMPLATE = staff_template("กรมการพัฒนาชุมชน", 2555, UNITS, dated=DATED)
FIRST = 10
"""Row of the first person: four lines, a blank one, the head and the three units come before."""


def problems(*rows: Cells, content: bytes | None = None) -> list[str]:
    with pytest.raises(BrokenStaffFile) as broken:
        read_staff(content or filled_in(TEMPLATE, rows), UNITS)
    return [problem.th for problem in broken.value.problems]


def one(**changes: Any) -> Cells:
    return person("กองคลัง", "f-1", "นายสาม", 48000, 12) | changes


def test_the_template_names_the_units_and_offers_lists() -> None:
    workbook = load_workbook(BytesIO(TEMPLATE))
    sheet = workbook[SHEET]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]
    assert rows[0] == [th for th, _ in COLUMNS.values()]
    assert [row[0] for row in rows[1:]] == [th for _, th in UNITS]
    offered = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation if v.type == "list"}
    assert offered["A7:A2006"] == f"'{CHOICES_SHEET}'!$A$2:$A$4"
    assert len(offered) == 5
    assert staff_template("กรมการพัฒนาชุมชน", 2555, UNITS, dated=DATED) == TEMPLATE, "the same bytes"


def test_a_template_that_nobody_filled_in_names_nobody() -> None:
    assert problems(content=TEMPLATE) == ["ไม่มีรายชื่อบุคคลในตาราง"]


def test_what_is_filled_in_becomes_the_lists_of_the_units() -> None:
    lists = read_staff(filled_in(TEMPLATE), UNITS)
    assert {unit: [line.id for line in lines] for unit, lines in lists.items()} == {
        "cdd-community": ["c-1", "c-2"], "cdd-finance": ["c-2", "f-1"],
    }  # fmt: skip
    first, second = lists["cdd-community"]
    assert (first.salary, first.role, first.performance, first.under_penalty) == (
        Decimal("31450.5"), OwnerRole.MAIN_OWNER, Decimal(1), False,
    )  # fmt: skip
    assert (second.salary, second.months) == (Decimal(22000), 8)
    assert lists["cdd-finance"][1].executive
    assert conflicts(lists) == ()


def test_columns_are_known_by_their_titles_and_units_by_their_ids_too() -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    names = list(COLUMNS)[::-1]
    sheet.append([COLUMNS[name][0] for name in names])
    sheet.append([one(unit="cdd-finance").get(name) for name in names])
    made = BytesIO()
    workbook.save(made)
    assert [line.name for line in read_staff(made.getvalue(), UNITS)["cdd-finance"]] == ["นายสาม"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (one(unit="กองไม่มีจริง"), "คอลัมน์ A: ไม่มีหน่วยงาน «กองไม่มีจริง» ในรอบปีนี้"),
        (one(unit=None), "คอลัมน์ A: กรุณากรอก «หน่วยงาน»"),
        (one(id="3100900123456"), "คอลัมน์ B: ไม่ใช้เลขประจำตัวประชาชน 13 หลัก ให้ใช้รหัสประจำตัวของหน่วยงาน"),
        (one(id=3100900123456), "คอลัมน์ B: ไม่ใช้เลขประจำตัวประชาชน 13 หลัก ให้ใช้รหัสประจำตัวของหน่วยงาน"),
        (one(id="นาย ก"), "คอลัมน์ B: «รหัสประจำตัว» มีรูปแบบไม่ถูกต้อง"),
        (one(name=None), "คอลัมน์ C: กรุณากรอก «ชื่อ–สกุล»"),
        (one(group="จ้างเหมา"), "คอลัมน์ D: «ประเภทบุคลากร» ต้องเป็น ข้าราชการ, ลูกจ้างประจำ, พนักงานราชการ, ลูกจ้างชั่วคราว"),
        (one(executive="อาจจะ"), "คอลัมน์ E: «ผู้บริหาร» ต้องเป็น ใช่, ไม่ใช่"),
        (one(salary=0), "คอลัมน์ F: «เงินเดือน (บาท)» ต้องมากกว่า 0"),
        (one(salary="สองหมื่น"), "คอลัมน์ F: «เงินเดือน (บาท)» ต้องเป็นตัวเลข เช่น 82.5"),
        (one(months=13), "คอลัมน์ G: «เดือนที่ปฏิบัติงาน» ต้องไม่เกิน 12"),
        (one(months=None), "คอลัมน์ G: กรุณากรอก «เดือนที่ปฏิบัติงาน»"),
        (one(role="หัวหน้า"), "คอลัมน์ H: «บทบาทสูงสุดในตัวชี้วัด» ต้องเป็น เจ้าภาพหลัก, เจ้าภาพรอง, ผู้สนับสนุน, ไม่มี"),
        (one(performance=-1), "คอลัมน์ I: «ผลการปฏิบัติงาน» ต้องไม่น้อยกว่า 0"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_cell_is_said_by_row_and_column(row: Cells, said: str) -> None:
    assert problems(row) == [f"แถวที่ {FIRST} {said}"]


def test_all_problems_are_said_together_and_none_twice() -> None:
    found = problems(one(months="x", salary=None), one(id="f-2", group=None), *ROWS)
    assert found == [
        f"แถวที่ {FIRST} คอลัมน์ F: กรุณากรอก «เงินเดือน (บาท)»",
        f"แถวที่ {FIRST} คอลัมน์ G: «เดือนที่ปฏิบัติงาน» ต้องเป็นจำนวนเต็ม",
        f"แถวที่ {FIRST + 1} คอลัมน์ D: กรุณากรอก «ประเภทบุคลากร»",
    ]


def test_rows_that_contradict_each_other_are_said_at_the_later_one() -> None:
    found = problems(
        one(), one(), person(COMMUNITY_TH, "f-1", "นายสาม", 47000, 3, under_penalty="ใช่"),
    )  # fmt: skip
    assert found == [
        f"แถวที่ {FIRST + 1} คอลัมน์ B: รหัส «f-1» ของหน่วยงานนี้ซ้ำกับแถวที่ {FIRST}",
        f"แถวที่ {FIRST + 2} คอลัมน์ F: «เงินเดือน (บาท)» ของรหัส «f-1» ไม่ตรงกับแถวที่ {FIRST}",
        f"แถวที่ {FIRST + 2} คอลัมน์ J: «ถูกลงโทษทางวินัย» ของรหัส «f-1» ไม่ตรงกับแถวที่ {FIRST}",
        f"แถวที่ {FIRST + 2} คอลัมน์ G: รหัส «f-1» รวมทุกหน่วยงาน 15 เดือน เกิน 12 เดือน",
    ]


def test_another_workbook_and_a_damaged_one_are_refused() -> None:
    other = BytesIO()
    Workbook().save(other)
    (said,) = problems(content=other.getvalue())
    assert said.startswith("ไม่พบหัวตารางที่มีคอลัมน์ «หน่วยงาน»")
    assert problems(content=TEMPLATE[:2000]) == ["เปิดแฟ้มตารางนี้ไม่ได้ แฟ้มอาจเสียหาย"]
