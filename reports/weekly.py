"""The Monday report to the minister (S0 line 11; requirements 1.0, documents 3).

«รมว.ยธ. ให้ สนย. รวบรวมผลการดำเนินงานตามข้อสั่งการและรายงานผลให้ รมว.ยธ. ทราบ ทุกวันจันทร์ ช่วงเช้า»
"""

from __future__ import annotations

from collections import Counter

from reports.register import (
    NOTHING,
    Register,
    by_level,
    counted,
    late_of_earlier_weeks,
    level_name,
    responsible,
    week_name,
    written,
)
from reports.register_workbook import late_sheet, register_sheet
from reports.typesetting import NEUTRAL, Letterhead, Sheet, typeset
from reports.workbook import Book, head, titles, write
from rules.thai import Digits, thai_date, thai_moment
from rules.week import week_label_th
from schemas.base import Record
from schemas.directive import LEVEL_TH, Level
from schemas.weekly import TIMELINESS_TH, LateAddendum, SnapshotRow, Timeliness, WeekSnapshot

TITLE = "รายงานผลการดำเนินงานตามข้อสั่งการ"
SECRETARIAT = "ฝ่ายเลขานุการ"
DRAFT = "ร่างรายงานเพื่อการตรวจทานของฝ่ายเลขานุการ"
NOT_YET_REVIEWED = "ร่างรายงานเพื่อให้ฝ่ายเลขานุการตรวจทาน บันทึกของฝ่ายเลขานุการจะปรากฏในส่วนนี้"
UNREVIEWED = "ฝ่ายเลขานุการยังมิได้ตรวจทานรายงานฉบับนี้ ข้อมูลเป็นไปตามที่ส่วนราชการรายงาน ณ เวลาปิดรับรายงาน"
COUNT_COLUMNS = ("ส่วนราชการ", *LEVEL_TH.values(), "รวม", TIMELINESS_TH[Timeliness.MISSING])

Counts = tuple[tuple[str, tuple[int, ...]], ...]


class Item(Record):
    """One line of a list on the first page."""

    title: str
    no: str
    responsible: str
    detail: str
    alert: bool = False


class MinisterReportSheet(Sheet):
    to: str
    week: str
    state_of_data: str
    count_columns: tuple[str, ...]
    counts: tuple[tuple[str, ...], ...]
    """A row an agency and the totals last: name, four levels, sum, missing."""
    counted: str
    """Where what is missing is counted; empty when nothing is."""
    completed: tuple[Item, ...]
    failing: tuple[Item, ...]
    nothing: str
    reviewed: bool
    unreviewed: str
    note: str
    table: Register
    addenda: Register | None
    watermark: str = ""


def draft_report_pdf(snapshot: WeekSnapshot, *, digits: Digits = "thai", letterhead: Letterhead = NEUTRAL) -> bytes:
    """The report as the secretariat reviews it: every page says that it is a draft. Raises ReportError."""
    sheet = minister_report_sheet(snapshot, note="", reviewed=False, digits=digits, letterhead=letterhead)
    return typeset("minister_report", sheet.replace(watermark=DRAFT, unreviewed=NOT_YET_REVIEWED), digits=digits)


def minister_report_pdf(
    snapshot: WeekSnapshot, *, note: str, reviewed: bool, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """The report as PDF/A-2a. `note`: the secretariat's, printed only when it has `reviewed`. Raises ReportError."""
    sheet = minister_report_sheet(snapshot, note=note, reviewed=reviewed, digits=digits, letterhead=letterhead)
    return typeset("minister_report", sheet, digits=digits)


def minister_report_sheet(
    snapshot: WeekSnapshot, *, note: str, reviewed: bool, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> MinisterReportSheet:  # fmt: skip
    """What goes onto the pages."""
    return MinisterReportSheet(
        title=TITLE,
        author=letterhead.ministry_th or SECRETARIAT,
        dated=snapshot.frozen_at,
        letterhead=letterhead,
        to=f"เสนอ รัฐมนตรีว่าการ{letterhead.ministry_th or 'กระทรวง'}",
        week=f"ประจำ{written(week_label_th(snapshot.week), digits)}",
        state_of_data=f"ข้อมูลตามที่ปิดรับรายงาน{thai_moment(snapshot.week.cut_off, digits)}",
        count_columns=COUNT_COLUMNS,
        counts=tuple((name, *(written(n, digits) for n in numbers)) for name, numbers in counts(snapshot)),
        counted=counted(snapshot),
        completed=tuple(_completed_item(row, digits) for row in completed(snapshot)),
        failing=(
            *(_failing_item(row, digits) for row in failing(snapshot)),
            *(_late_item(late, digits) for late in snapshot.late_addenda),
        ),
        nothing=NOTHING,
        reviewed=reviewed,
        unreviewed=UNREVIEWED,
        note=note,
        table=by_level(snapshot, digits=digits, one_agency=False),
        addenda=late_of_earlier_weeks(snapshot.late_addenda, digits=digits, one_agency=False),
    )


def counts(snapshot: WeekSnapshot) -> Counts:
    """(agency, (2.1, 2.2, 2.3, 2.4, sum, missing)) in the order of the snapshot, the totals last.

    Agencies have an order of protocol, which the snapshot keeps; they are never sorted by name (requirements 3.6).
    """
    agencies = dict.fromkeys(row.agency_th for row in snapshot.rows)
    lines = [(name, _numbers([r for r in snapshot.rows if r.agency_th == name])) for name in agencies]
    return (*lines, ("รวม", _numbers(list(snapshot.rows))))


def _numbers(rows: list[SnapshotRow]) -> tuple[int, ...]:
    levels = Counter(row.level for row in rows)
    missing = sum(row.timeliness is Timeliness.MISSING for row in rows)
    return (*(levels[level] for level in Level), len(rows), missing)


def completed(snapshot: WeekSnapshot) -> tuple[SnapshotRow, ...]:
    """Reported as completed in this week; they are never reported again (S0 line 16)."""
    return tuple(row for row in snapshot.rows if row.completes)


def failing(snapshot: WeekSnapshot) -> tuple[SnapshotRow, ...]:
    """Not reported by the cut-off, or reported late."""
    return tuple(row for row in snapshot.rows if row.timeliness is not Timeliness.ON_TIME)


def _completed_item(row: SnapshotRow, digits: Digits) -> Item:
    done = row.report.completed_on if row.report else None
    return _item(row, f"แล้วเสร็จวันที่ {thai_date(done, digits, 'short')}" if done else "แล้วเสร็จ")


def _failing_item(row: SnapshotRow, digits: Digits) -> Item:
    filed = f" ส่ง{thai_moment(row.filed_at, digits)}" if row.filed_at else ""
    return _item(row, TIMELINESS_TH[row.timeliness] + filed, alert=True)


def _late_item(late: LateAddendum, digits: Digits) -> Item:
    """A report to an earlier week that came after its cut-off (S0 line 12)."""
    filed = f" ส่ง{thai_moment(late.row.filed_at, digits)}" if late.row.filed_at else ""
    return _item(late.row, f"{TIMELINESS_TH[Timeliness.LATE]} ({week_name(late, digits)}){filed}", alert=True)


def _item(row: SnapshotRow, detail: str, *, alert: bool = False) -> Item:
    return Item(
        title=row.directive.title,
        no=row.directive.no,
        responsible=" / ".join(filter(None, responsible(row, one_agency=False))),
        detail=detail,
        alert=alert,
    )


def minister_report_xlsx(
    snapshot: WeekSnapshot, *, note: str, reviewed: bool, letterhead: Letterhead = NEUTRAL
) -> bytes:
    """The same report as a workbook: the counts, the two lists, the full table, the late reports."""
    book = Book(title=TITLE, author=letterhead.ministry_th or SECRETARIAT, dated=snapshot.frozen_at)
    sheet = minister_report_sheet(snapshot, note=note, reviewed=reviewed, digits="arabic", letterhead=letterhead)
    _count_sheet(book, snapshot, sheet)
    _list_sheet(book, "แล้วเสร็จ", "ข้อสั่งการที่แล้วเสร็จในสัปดาห์", sheet.completed)
    _list_sheet(book, "ไม่รายงาน-ล่าช้า", "ข้อสั่งการที่ไม่รายงานหรือรายงานล่าช้า", sheet.failing)
    sections = [(level_name(level), snapshot.at_level(level)) for level in Level]
    register_sheet(book, "ข้อสั่งการ", (TITLE, sheet.week, sheet.state_of_data), sections, one_agency=False)
    late_sheet(book, snapshot, one_agency=False)
    return book.to_bytes()


def _count_sheet(book: Book, snapshot: WeekSnapshot, report: MinisterReportSheet) -> None:
    sheet = book.sheet("สรุป", (44.0, 14.0, 14.0, 14.0, 22.0, 12.0, 14.0))
    row = titles(sheet, (TITLE, report.to, report.week, report.state_of_data))
    head(sheet, row, COUNT_COLUMNS)
    *agencies, total = counts(snapshot)
    for name, numbers in (*agencies, total):
        row += 1
        values: tuple[str | int, ...] = (name, *numbers)
        for at, value in enumerate(values, start=1):
            across = "left" if at == 1 else "center"
            write(sheet, row, at, value, across=across, bold=name == total[0])
    note = report.note if report.reviewed else report.unreviewed
    write(sheet, row + 2, 1, "บันทึกฝ่ายเลขานุการ", boxed=False, bold=True, size=11)
    for at, paragraph in enumerate(note.splitlines() or [NOTHING], start=row + 3):
        write(sheet, at, 1, paragraph, boxed=False)


def _list_sheet(book: Book, name: str, title: str, items: tuple[Item, ...]) -> None:
    sheet = book.sheet(name, (7.0, 16.0, 70.0, 44.0, 44.0))
    row = titles(sheet, (title,))
    head(sheet, row, ("ลำดับ", "ที่", "ข้อสั่งการ", "หน่วยงานรับผิดชอบ", "หมายเหตุ"))
    for serial, item in enumerate(items, start=1):
        values: tuple[str | int, ...] = (serial, item.no, item.title, item.responsible, item.detail)
        for at, value in enumerate(values, start=1):
            write(sheet, row + serial, at, value, across="center" if at == 1 else "left")
    if not items:
        write(sheet, row + 1, 1, NOTHING, boxed=False)
