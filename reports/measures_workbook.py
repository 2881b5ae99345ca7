"""The plan of the six measures as a workbook: what is sent on paper, with its figures as numbers (S3; P12)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from openpyxl.worksheet.worksheet import Worksheet

from reports.measures import CHOSEN, SIX, first_chosen, plan_sheet
from reports.typesetting import NEUTRAL, Letterhead
from reports.workbook import Book, band, exact_form, head, titles, write
from rules.exact import divided
from rules.measures import month_th, months_of, source_th
from schemas.measures import MEASURES, SAVED, Activity, MeasuresCase, MeasuresOffice, MeasuresPlan, Source

COLUMNS = (
    "ที่", "กิจกรรม", "มาตรการหรือประเภทเรื่อง", "หน่วยงานเจ้าของเรื่อง", "เริ่ม", "ผลผลิต", "ตัวชี้วัด", "ค่าเป้าหมาย", "หน่วยนับ",
    "ขั้นตอน",
)  # fmt: skip
WIDTHS = (6.0, 34.0, 32.0, 34.0, 13.0, 34.0, 30.0, 14.0, 18.0, 44.0)
SAVING, USE = "ร้อยละที่ประหยัด", "รายงานปริมาณการใช้"


def plan_xlsx(
    data: MeasuresCase, office: MeasuresOffice, plan: MeasuresPlan, *, letterhead: Letterhead = NEUTRAL
) -> bytes:
    """A sheet of activities and one of baselines; both add up to what the paper says."""
    paper = plan_sheet(data, office, plan, digits="arabic", letterhead=letterhead)
    book = Book(title=paper.title, author=paper.author, dated=paper.dated)
    preamble = (paper.title, paper.under, *(note.text for note in paper.notes))
    _activities(book.sheet("กิจกรรม", WIDTHS), preamble, office, plan)
    saved = [activity for activity in plan.activities if activity.source in SAVED]
    _baselines(book.sheet("ค่าฐาน", (22.0, *[30.0] * len(saved))), preamble[:2], data, saved)
    return book.to_bytes()


def _activities(sheet: Worksheet, preamble: tuple[str, ...], office: MeasuresOffice, plan: MeasuresPlan) -> None:
    row, owners = titles(sheet, preamble), dict(office.owners)
    head(sheet, row, COLUMNS)
    for name, measures, first in ((SIX, True, 1), (CHOSEN, False, first_chosen(plan))):
        row += 1
        band(sheet, row, name, len(COLUMNS))
        here = (activity for activity in plan.activities if (activity.source in MEASURES) is measures)
        for place, activity in enumerate(here, start=first):
            row += 1
            _line(sheet, row, place, activity, owners.get(activity.owner, activity.owner))


def _line(sheet: Worksheet, row: int, place: int, activity: Activity, owner: str) -> None:
    plan, target, unit = activity.plan, _target(activity), activity.plan.unit_of_measure
    if activity.source in SAVED or activity.source is Source.ENERGY:
        unit = USE if activity.source is Source.ENERGY else SAVING
    write(sheet, row, 1, place, across="center")
    for column, text in ((2, activity.th), (3, source_th(activity.source)), (4, owner), (6, plan.output),
                         (7, plan.indicator), (9, unit), (10, plan.milestones)):  # fmt: skip
        write(sheet, row, column, text)
    write(sheet, row, 5, activity.start, across="center")
    write(sheet, row, 8, target, across="right", form="" if target is None else exact_form(target))


def _target(activity: Activity) -> Decimal | None:
    """Energy has none."""
    return None if activity.source is Source.ENERGY else activity.target


def _baselines(sheet: Worksheet, preamble: tuple[str, ...], data: MeasuresCase, saved: Sequence[Activity]) -> None:
    row = titles(sheet, (*preamble, "ค่าฐาน: ปริมาณที่ใช้ในเดือนเดียวกันของปีก่อน"))
    head(sheet, row, ("เดือน", *(f"{each.th} ({each.plan.unit_of_measure})" for each in saved)))
    columns = [divided(each.baselines) for each in saved]
    for place, month in enumerate(months_of(data.fiscal_year)):
        row += 1
        write(sheet, row, 1, month_th(month))
        for column, values in enumerate(columns, start=2):
            write(sheet, row, column, values[place], across="right", form=exact_form(values[place]))
    row += 1
    write(sheet, row, 1, "รวม", bold=True, fill="head")
    for column, values in enumerate(columns, start=2):
        whole = sum(values, Decimal(0))
        write(sheet, row, column, whole, across="right", bold=True, fill="head", form=exact_form(whole))
