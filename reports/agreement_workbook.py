"""The annex of the agreement as a workbook: weights, targets and levels are numbers (requirements 4.6; S1:L28, L29).

Beside the signed PDF, for units and กพร., who carry the figures on into their own plans: sorted, filtered, summed.
"""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from reports.agreement import COLUMNS, MAKER, RECEIVER, TITLE, warnings
from reports.criteria import weight_text
from reports.criteria_cells import (
    LEVEL_WIDTH,
    LEVELS,
    METHOD,
    METHOD_WIDTH,
    MUTED,
    CriteriaRow,
    criteria_rows,
    write_criteria,
)
from reports.dimensions import Group, groups, known_weight, weight_below
from reports.figures import NONE, NOT_STATED, number
from reports.names import Names
from reports.register import NOTHING
from reports.typesetting import NEUTRAL, Letterhead
from reports.workbook import RED, Book, across, exact_form, head, titles, warn, write
from rules.thai import thai_date, thai_fiscal_year
from schemas.base import Moment
from schemas.exact import Exact
from schemas.kpi import ASPECT_TH, Kpi, KpiBook
from schemas.letters import AgreementParties, Signatory

NUMBER, KPI, ASPECT, WEIGHT_NAME, TARGET_NAME, _ = COLUMNS
HEADS = (NUMBER, KPI, ASPECT, "หน่วยวัด", WEIGHT_NAME, "ที่มาของน้ำหนัก", TARGET_NAME, *LEVELS, METHOD)
WIDTHS = (8.0, 40.0, 17.0, 11.0, 13.0, 15.0, 13.0, *(LEVEL_WIDTH,) * 5, METHOD_WIDTH)
WEIGHT, MARK, TARGET, FIRST_LEVEL = 5, 6, 7, 8
"""Columns behind those that say which KPI it is."""


def agreement_xlsx(
    parties: AgreementParties, book: KpiBook, *, names: Names, dated: Moment, letterhead: Letterhead = NEUTRAL
) -> bytes:
    """The annex of the agreement between `parties`, in the order of the year's frame, with the sum of weights."""
    agency = names.unit(book.agency)
    workbook = Book(title=f"เอกสารแนบท้าย{TITLE}", author=letterhead.ministry_th or agency, dated=dated)
    sheet = workbook.sheet("เอกสารแนบท้าย", WIDTHS)
    said = (_signed(RECEIVER, parties.receiver), _signed(MAKER, parties.maker))
    row = titles(sheet, (f"เอกสารแนบท้าย{TITLE}", agency, f"ประจำ{thai_fiscal_year(book.fiscal_year)}", *said))
    row = warn(sheet, row, warnings(book, "arabic"))
    head(sheet, row, HEADS)
    for group in groups(book):
        row = _group(sheet, row + 1, book, group)
    write_sum(sheet, row + 1, known_weight(book.kpis), at=WEIGHT, columns=len(HEADS))
    return workbook.to_bytes()


def write_sum(sheet: Worksheet, row: int, sum_: Exact, *, at: int, columns: int) -> None:
    """The row below a table of weights; a sum other than 100 is red, as nothing is put right."""
    for column in range(1, columns + 1):
        write(sheet, row, column, "น้ำหนักรวม" if column == 2 else None, bold=True, fill="head")
    color = "000000" if sum_ == 100 else RED
    write(sheet, row, at, sum_, bold=True, across="center", fill="head", form=exact_form(sum_), color=color)


def write_weight(sheet: Worksheet, row: int, column: int, kpi: Kpi) -> None:
    """The weight as a number, or that no source states it; behind it how it is known."""
    stated = NOT_STATED if kpi.weight is None else kpi.weight
    write(sheet, row, column, stated, across="center", form="" if kpi.weight is None else exact_form(kpi.weight))
    _, mark = weight_text(kpi.weight, kpi.weight_confidence, "arabic")
    write(sheet, row, column + 1, mark or NONE, across="center")


def write_target(sheet: Worksheet, row: int, column: int, target: Exact | None) -> None:
    stated = NOT_STATED if target is None else target
    write(sheet, row, column, stated, across="center", form="" if target is None else exact_form(target))


def _signed(role: str, of: Signatory) -> str:
    """«ผู้ทำคำรับรอง: นายสมชาย ใจดี อธิบดีกรมตัวอย่าง ลงนามวันที่ 29 กันยายน 2554»."""
    day = f"ลงนามวันที่ {thai_date(of.signed_on)}" if of.signed_on else ""
    return f"{role}: {' '.join(filter(None, (of.name, of.position, day)))}"


def _group(sheet: Worksheet, row: int, book: KpiBook, group: Group) -> int:
    """A dimension with its KPIs; returns its last row."""
    _band(sheet, row, book, group)
    if group.empty:
        row += 1
        across(sheet, row, NOTHING, len(HEADS))
    for kpi in group.kpis:
        own, *parts = criteria_rows(kpi)
        row += 1
        _kpi(sheet, row, kpi, own)
        for part in parts:
            row += 1
            _part(sheet, row, part)
    return row


def _band(sheet: Worksheet, row: int, book: KpiBook, group: Group) -> None:
    for at in range(1, len(HEADS) + 1):
        write(sheet, row, at, "    " * group.depth + group.th if at == 1 else None, bold=True, fill="band")
    sum_ = weight_below(book, group)
    write(sheet, row, WEIGHT, sum_, bold=True, across="center", fill="band", form=exact_form(sum_))
    frame = group.dimension.weight if group.dimension else None
    if frame is not None:
        color = "000000" if frame == sum_ else RED
        said = f"กรอบกำหนดร้อยละ {number(frame, 'arabic')}"
        write(sheet, row, MARK, said, bold=True, across="center", fill="band", color=color)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=WEIGHT - 1)


def _kpi(sheet: Worksheet, row: int, kpi: Kpi, own: CriteriaRow) -> None:
    write(sheet, row, 1, kpi.number, across="center")
    write(sheet, row, 2, kpi.th)
    write(sheet, row, 3, ASPECT_TH[kpi.aspect] if kpi.aspect else NOT_STATED)
    write(sheet, row, 4, kpi.unit_of_measure or NONE, across="center")
    write_weight(sheet, row, WEIGHT, kpi)
    write_target(sheet, row, TARGET, kpi.target)
    write_criteria(sheet, row, FIRST_LEVEL, own)


def _part(sheet: Worksheet, row: int, part: CriteriaRow) -> None:
    """Its weight is a text: a sum over the column must not count a part beside its KPI."""
    line = part.line
    values = (
        line.number, "    " * line.depth + line.th, "ตัวชี้วัดย่อย", line.unit_of_measure or NONE, line.weight, NONE, NONE
    )  # fmt: skip
    for at, value in enumerate(values, start=1):
        write(sheet, row, at, value, across="left" if at in (2, 3) else "center", color=MUTED)
    write_criteria(sheet, row, FIRST_LEVEL, part)
