"""The summary of a round as a workbook: weights and scores are numbers that can be sorted and summed."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from reports.criteria import part_lines, result_text
from reports.dimensions import Group, groups
from reports.figures import NONE, NOT_STATED
from reports.findings import finding_text
from reports.names import Names
from reports.register import NOTHING
from reports.sar import TITLE
from reports.score_table import COLUMNS, LIGHT_TH, light, provisional, round_name, totals, unreported
from reports.typesetting import NEUTRAL, Letterhead
from reports.workbook import RED, SCORE_FORMAT, Book, across, head, titles, write
from rules.thai import thai_fiscal_year, thai_moment
from schemas.base import Moment
from schemas.exact import Exact
from schemas.kpi import KpiBook
from schemas.policy import AgreementPolicy
from schemas.scorecard import ROW_STATE_TH, RowState, Scorecard, ScoreRow, Subtotal

LIGHT = "สัญญาณไฟ"
WIDTHS = (8.0, 52.0, 12.0, 13.0, 13.0, 26.0, 13.0, 18.0, 18.0, 16.0, 11.0)
WEIGHT, SCORE, REPORTED, ALL = 5, 7, 8, 9
"""Columns of the figures that are numbers."""


def sar_summary_xlsx(
    card: Scorecard, book: KpiBook, *, policy: AgreementPolicy, names: Names, dated: Moment,
    letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """The summary table, the two totals with what they mean, and the findings."""
    agency = names.unit(card.agency)
    workbook = Book(title=TITLE, author=letterhead.ministry_th or agency, dated=dated)
    round_ = f"{round_name(card.round, 'arabic')} ประจำ{thai_fiscal_year(card.fiscal_year)}"
    notices = (provisional(card, "arabic"), unreported(card, "arabic"))
    preamble = (TITLE, agency, round_, f"ข้อมูล ณ {thai_moment(dated)}", *filter(None, notices))
    sheet = workbook.sheet("สรุปคะแนน", WIDTHS)
    row = titles(sheet, preamble)
    head(sheet, row, (*COLUMNS, LIGHT))
    row = _table(sheet, row, card, book, policy)
    _totals(sheet, row + 2, card)
    _findings(workbook, card, names)
    return workbook.to_bytes()


def _table(sheet: Worksheet, row: int, card: Scorecard, book: KpiBook, policy: AgreementPolicy) -> int:
    """The table below its head; returns its last row."""
    rows = {each.number: each for each in card.rows}
    for group in groups(book):
        row += 1
        _band(sheet, row, card, group)
        if group.empty:
            row += 1
            across(sheet, row, NOTHING, len(WIDTHS))
        for kpi in group.kpis:
            row += 1
            _kpi(sheet, row, rows[kpi.number], policy)
            for part in part_lines(kpi.criteria, rows[kpi.number].result, "arabic"):
                row += 1
                # Texts, not numbers: a sum over the column must not count a part beside its KPI.
                share = "" if part.weighted == NONE else f"ส่วนในคะแนน {part.weighted}"
                values = (
                    "",
                    f"{part.number} {part.th}",
                    "",
                    "",
                    part.weight,
                    part.result,
                    part.score,
                    "",
                    "",
                    share,
                    "",
                )
                for at, value in enumerate(values, start=1):
                    write(sheet, row, at, value, across="left" if at == 2 else "center", color="6E6E6E")
    row += 1
    for at in range(1, len(WIDTHS) + 1):
        write(sheet, row, at, "รวม" if at == 2 else None, bold=True, fill="head")
    _figures(sheet, row, card.weight, None, card.total_reported, card.total_all, bold=True, fill="head")
    return row


def _band(sheet: Worksheet, row: int, card: Scorecard, group: Group) -> None:
    id_ = group.dimension.id if group.dimension else None
    of: Subtotal | None = next((each for each in card.dimensions if each.id == id_), None)
    for at in range(1, len(WIDTHS) + 1):
        write(sheet, row, at, "    " * group.depth + group.th if at == 1 else None, bold=True, fill="band")
    if of is not None:
        _figures(sheet, row, of.weight, None, of.score_reported, of.score_all, bold=True, fill="band")
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=4)


def _kpi(sheet: Worksheet, row: int, of: ScoreRow, policy: AgreementPolicy) -> None:
    red = of.state in {RowState.NOT_REPORTED, RowState.PROVISIONAL}
    write(sheet, row, 1, of.number, across="center")
    write(sheet, row, 2, of.th)
    write(sheet, row, 3, of.unit_of_measure or NONE, across="center")
    write(sheet, row, 4, NOT_STATED if of.target is None else of.target, across="center")
    write(sheet, row, 6, result_text(of.result, "arabic"), across="center")
    _figures(sheet, row, of.weight, of.score, of.weighted_reported, of.weighted_all)
    write(sheet, row, 10, ROW_STATE_TH[of.state], across="center", bold=red, color=RED if red else "000000")
    write(sheet, row, 11, LIGHT_TH[light(of.score, policy)], across="center")


def _figures(
    sheet: Worksheet, row: int, weight: Exact | None, score: Exact | None, reported: Exact | None, all_: Exact | None,
    *, bold: bool = False, fill: str = "",
) -> None:  # fmt: skip
    stated = NOT_STATED if weight is None else weight
    write(sheet, row, WEIGHT, stated, across="center", bold=bold, fill=fill)
    for column, value in ((SCORE, score), (REPORTED, reported), (ALL, all_)):
        write(sheet, row, column, value, across="center", bold=bold, fill=fill, form=SCORE_FORMAT)


def _totals(sheet: Worksheet, row: int, card: Scorecard) -> None:
    values = (card.total_reported, card.total_all)
    for at, (total, value) in enumerate(zip(totals(card, "arabic"), values, strict=True)):
        name = f"{total.name} (ทางการ)" if total.official else total.name
        write(sheet, row + at, 2, name, bold=True)
        write(sheet, row + at, 3, value, bold=True, across="center", form=SCORE_FORMAT)
        write(sheet, row + at, 4, f"หารด้วยน้ำหนัก {total.weight} · {total.meaning}", boxed=False)


def _findings(workbook: Book, card: Scorecard, names: Names) -> None:
    sheet = workbook.sheet("ข้อสังเกต", (8.0, 12.0, 110.0))
    row = titles(sheet, ("ข้อสังเกต",))
    head(sheet, row, ("ลำดับ", "ตัวชี้วัดที่", "ข้อสังเกต"))
    for at, each in enumerate(card.findings, start=1):
        write(sheet, row + at, 1, at, across="center")
        write(sheet, row + at, 2, each.kpi or NONE, across="center")
        write(sheet, row + at, 3, finding_text(each, names, "arabic"))
    if not card.findings:
        across(sheet, row + 1, NOTHING, 3)
