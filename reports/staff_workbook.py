"""The workbook of personnel records (P10): the template that is filled in, and reading it back."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, Literal

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from reports.workbook import MONEY_FORMAT, Book, head, titles, write
from rules.errors import BrokenStaffFile
from rules.staff_list import CHOICES_OF_COLUMNS, COLUMNS, UNIT, StaffRow, lists_of
from rules.thai import normalise_thai, thai_fiscal_year
from schemas.award_case import Lists
from schemas.base import FiscalYear, Moment, UnitId
from schemas.form import Problem

SHEET, CHOICES_SHEET = "ทะเบียนบุคคล", "รายการให้เลือก"
ROWS = 2_000
"""Rows of the template that offer choices; more can be filled in all the same."""
MOST_ROWS = 50_000
HEAD_WITHIN = 20
"""Rows from the top among which the head of the table is looked for."""
WIDTHS = (40.0, 16.0, 30.0, 18.0, 12.0, 16.0, 14.0, 20.0, 14.0, 16.0)

LIMITS: tuple[tuple[str, Literal["whole", "decimal"], str, str, str], ...] = (
    ("months", "whole", "1", "12", "จำนวนเต็ม 1 ถึง 12"),
    ("salary", "decimal", "0.01", "9999999.99", "จำนวนเงินมากกว่า 0"),
    ("performance", "decimal", "0", "100", "ตัวเลข 0 ถึง 100 ปกติ 1"),
)
"""Columns of numbers: name, kind, least, most, and what a person reads who types another."""

HOW = (
    "กรอกหนึ่งแถวต่อบุคคลและหน่วยงาน ผู้ที่โอนหรือย้ายระหว่างปีมีแถวในทุกหน่วยงานที่ปฏิบัติงาน ตามจำนวนเดือนในหน่วยงานนั้น",
    "แถวที่มีเพียงชื่อหน่วยงานไม่นับ รหัสประจำตัวใช้รหัสของหน่วยงาน ไม่ใช้เลขประจำตัวประชาชน",
)


def staff_template(
    agency_th: str, fiscal_year: FiscalYear, units: Sequence[tuple[UnitId, str]], *, dated: Moment
) -> bytes:
    """A sheet with a line for each unit of the year to begin with; the columns of choices offer lists."""
    book = Book(title=f"ทะเบียนบุคคลเพื่อจัดสรรเงินรางวัล {agency_th}", author=agency_th, dated=dated)
    sheet = book.sheet(SHEET, WIDTHS)
    top = (f"ทะเบียนบุคคลเพื่อจัดสรรเงินรางวัล {agency_th}", f"ประจำ{thai_fiscal_year(fiscal_year)}", *HOW)
    row = titles(sheet, top)
    head(sheet, row, tuple(th for th, _ in COLUMNS.values()))
    for at, (_, th) in enumerate(units, start=row + 1):
        for column, name in enumerate(COLUMNS, start=1):
            form = MONEY_FORMAT if name == "salary" else "@" if name == "id" else ""
            write(sheet, at, column, th if name == UNIT else None, form=form)
    _offer(sheet, book.sheet(CHOICES_SHEET, (40.0, 22.0, 22.0, 12.0, 12.0)), row + 1, [th for _, th in units])
    return book.to_bytes()


def _offer(sheet: Worksheet, choices: Worksheet, first: int, units: Sequence[str]) -> None:
    """Lists in the columns of choices, and limits where a number is asked."""
    columns = {UNIT: tuple(units), **CHOICES_OF_COLUMNS}
    last = first + ROWS - 1
    for at, (name, listed) in enumerate(columns.items(), start=1):
        write(choices, 1, at, COLUMNS[name][0], bold=True, fill="head")
        for row, value in enumerate(listed, start=2):
            write(choices, row, at, value)
        here = get_column_letter(at)
        offer = DataValidation(
            type="list", formula1=f"'{CHOICES_SHEET}'!${here}$2:${here}${len(listed) + 1}", allow_blank=True,
            showErrorMessage=True, errorTitle="เลือกจากรายการ", error=f"กรุณาเลือก «{COLUMNS[name][0]}» จากรายการ",
        )  # fmt: skip
        _within(sheet, offer, name, first, last)
    for name, kind, least, most, said in LIMITS:
        limit = DataValidation(
            type=kind, operator="between", formula1=least, formula2=most, allow_blank=True, showErrorMessage=True,
            errorTitle=COLUMNS[name][0], error=said,
        )  # fmt: skip
        _within(sheet, limit, name, first, last)


def _within(sheet: Worksheet, validation: DataValidation, name: str, first: int, last: int) -> None:
    column = get_column_letter(list(COLUMNS).index(name) + 1)
    validation.add(f"{column}{first}:{column}{last}")
    sheet.add_data_validation(validation)


# --- reading it back ---------------------------------------------------------------------------------------


def read_staff(content: bytes, units: Sequence[tuple[UnitId, str]]) -> Lists:
    """The lists of a filled-in workbook. The columns are known by their titles, in whatever order they stand.

    :raises BrokenStaffFile: with every problem, by row and column.
    """
    try:
        workbook = load_workbook(BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError):
        raise BrokenStaffFile((_UNREADABLE,)) from None
    try:
        sheet = workbook[SHEET] if SHEET in workbook.sheetnames else workbook.worksheets[0]
        rows = enumerate(sheet.iter_rows(values_only=True, max_row=MOST_ROWS + HEAD_WITHIN), start=1)
        places = _head(rows)
        letters = {name: get_column_letter(at + 1) for name, at in places.items()}
        return lists_of(_rows(rows, places), letters, units)
    finally:
        workbook.close()


_UNREADABLE = Problem(
    field="", th="เปิดแฟ้มตารางนี้ไม่ได้ แฟ้มอาจเสียหาย", en="The workbook cannot be opened; it may be damaged"
)


def _head(rows: Iterator[tuple[int, tuple[Any, ...]]]) -> Mapping[str, int]:
    """The place of each column, from 0; `rows` stands after the head then.

    :raises BrokenStaffFile: a column is missing.
    """
    titles_th = {th: name for name, (th, _) in COLUMNS.items()}
    best: dict[str, int] = {}
    for number, values in rows:
        found: dict[str, int] = {}
        for at, value in enumerate(values):
            if isinstance(value, str) and (name := titles_th.get(normalise_thai(value).strip())):
                found.setdefault(name, at)
        if len(found) == len(COLUMNS):
            return found
        best = max(best, found, key=len)
        if number == HEAD_WITHIN:
            break
    missing = ", ".join(f"«{th}»" for name, (th, _) in COLUMNS.items() if name not in best)
    said = Problem(
        field="", th=f"ไม่พบหัวตารางที่มีคอลัมน์ {missing} กรุณาใช้แบบตารางของระบบ",
        en=f"There is no head of a table with {missing}; use the template",
    )  # fmt: skip
    raise BrokenStaffFile((said,))


def _rows(rows: Iterator[tuple[int, tuple[Any, ...]]], places: Mapping[str, int]) -> Iterator[StaffRow]:
    """:raises BrokenStaffFile: more rows than a department has people."""
    for number, values in rows:
        if number > MOST_ROWS:
            said = f"ตารางมีเกิน {MOST_ROWS:,} แถว", f"The table has more than {MOST_ROWS:,} rows"
            raise BrokenStaffFile((Problem(field="", th=said[0], en=said[1]),))
        yield StaffRow(
            number=number, cells={name: values[at] if at < len(values) else None for name, at in places.items()}
        )
