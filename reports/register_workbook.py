"""The table of directives by level as a sheet of a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from openpyxl.worksheet.worksheet import Worksheet

from reports.register import COLUMNS, NOTHING, absence, heading_texts, remarks, responsible, weeks_of
from reports.workbook import RED, Book, across, band, head, titles, write
from schemas.directive import URGENCY_TH, Urgency
from schemas.weekly import SnapshotRow, WeekSnapshot

NOTES = "หมายเหตุ"
WIDTHS = (7.0, 34.0, 13.0, 24.0, 30.0, 30.0, 36.0, 26.0, 26.0, 26.0, 22.0)
"""Of the ten columns and the remarks, in characters."""

SheetSection = tuple[str, Sequence[SnapshotRow]]


def register_sheet(
    book: Book, name: str, preamble: tuple[str, ...], sections: Iterable[SheetSection], *,
    one_agency: bool, open_week: bool = False,
) -> Worksheet:  # fmt: skip
    """A sheet with the ten columns and the remarks, each section under its name; an empty one says «– ไม่มี –»."""
    sheet = book.sheet(name, WIDTHS)
    row = titles(sheet, preamble)
    head(sheet, row, (*COLUMNS, NOTES))
    for title, rows in sections:
        row += 1
        band(sheet, row, f"{title} จำนวน {len(rows)} เรื่อง", len(WIDTHS))
        if not rows:
            row += 1
            across(sheet, row, NOTHING, len(WIDTHS))
        for serial, each in enumerate(rows, start=1):
            row += 1
            _directive(sheet, row, serial, each, one_agency, open_week)
    return sheet


def late_sheet(book: Book, snapshot: WeekSnapshot, *, one_agency: bool) -> None:
    """The late reports of earlier weeks, a section a week; no sheet when there are none."""
    weeks = weeks_of(snapshot.late_addenda, "arabic")
    if weeks:
        preamble = ("รายงานที่ส่งหลังปิดรับของสัปดาห์ก่อน",)
        register_sheet(book, "รายงานล่าช้า", preamble, weeks.items(), one_agency=one_agency)


def _directive(sheet: Worksheet, row: int, serial: int, each: SnapshotRow, one_agency: bool, open_week: bool) -> None:
    write(sheet, row, 1, serial, across="center")
    write(sheet, row, 2, f"{each.directive.title}\n({each.directive.no})")
    write(sheet, row, 3, each.directive.ordered_on, across="center")
    write(sheet, row, 4, "\n".join(filter(None, responsible(each, one_agency=one_agency))))
    _headings(sheet, row, each, open_week)
    write(sheet, row, len(WIDTHS), _notes(each))


def _headings(sheet: Worksheet, row: int, each: SnapshotRow, open_week: bool) -> None:
    texts = heading_texts(each)
    if texts is None:
        missing = absence(each, open_week=open_week)
        for at in range(6):
            write(sheet, row, 5 + at, missing, bold=True, color=RED, across="center")
        return
    for at, text in enumerate(texts):
        write(sheet, row, 5 + at, text)


def _notes(each: SnapshotRow) -> str:
    urgency = each.directive.urgency
    named = [] if urgency is Urgency.NORMAL else [URGENCY_TH[urgency]]
    return "\n".join(named + [remark.text for remark in remarks(each, "arabic")])
