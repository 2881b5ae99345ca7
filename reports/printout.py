"""The print-out that an agency head carries into the executive meeting (S0 lines 18 and 34; requirements P3)."""

from __future__ import annotations

from reports.register import Register, by_level, counted, late_of_earlier_weeks, level_name, written
from reports.register_workbook import late_sheet, register_sheet
from reports.typesetting import NEUTRAL, Letterhead, Sheet, typeset
from reports.workbook import Book
from rules.calendar import bangkok_date
from rules.thai import Digits, thai_date, thai_meeting, thai_moment, thai_time
from rules.week import week_label_th
from schemas.directive import Level
from schemas.printout import Printout
from schemas.weekly import Timeliness, WeekSnapshot


class PrintoutSheet(Sheet):
    heading: tuple[str, ...]
    """Lines below the title: agency, meeting, week."""
    state_of_data: str
    counts: tuple[tuple[str, str], ...]
    """(label, number): the four levels, the sum, and what is missing or late."""
    counted: str
    """Where what is missing is counted; empty when nothing is."""
    table: Register
    annex: Register | None
    watermark: str


def printout_pdf(printout: Printout, *, digits: Digits = "thai", letterhead: Letterhead = NEUTRAL) -> bytes:
    """A4 landscape, the four levels in order, the late reports of earlier weeks as an annex. Raises ReportError."""
    return typeset("printout", printout_sheet(printout, digits=digits, letterhead=letterhead), digits=digits)


def printout_sheet(printout: Printout, *, digits: Digits = "thai", letterhead: Letterhead = NEUTRAL) -> PrintoutSheet:
    """What goes onto the pages."""
    one_agency = printout.agency is not None
    snapshot = printout.snapshot
    return PrintoutSheet(
        title=printout.title,
        author=printout.agency_th,
        dated=printout.as_of,
        letterhead=letterhead,
        heading=heading(printout, digits),
        state_of_data=state_of_data(printout, digits),
        counts=counts(snapshot, digits, open_week=is_open(printout)),
        counted=counted(snapshot),
        table=by_level(snapshot, digits=digits, one_agency=one_agency, open_week=is_open(printout)),
        annex=late_of_earlier_weeks(snapshot.late_addenda, digits=digits, one_agency=one_agency),
        watermark=data_as_of(printout, digits) if printout.live else "",
    )


def is_open(printout: Printout) -> bool:
    """Are the data those of a week that still takes reports?"""
    return printout.live and printout.as_of < printout.snapshot.week.cut_off


def heading(printout: Printout, digits: Digits) -> tuple[str, ...]:
    """Agency, meeting (if there is one), week."""
    lines = [printout.agency_th]
    if printout.meeting_at is not None:
        meeting = thai_meeting(printout.meeting_at, digits, timed=printout.meeting_timed)
        lines.append(f"ประกอบการประชุมผู้บริหาร {meeting}")
    lines.append(f"ประจำ{written(week_label_th(printout.snapshot.week), digits)}")
    return tuple(lines)


def state_of_data(printout: Printout, digits: Digits) -> str:
    """Which cut-off the data are of, or that the week is not closed yet."""
    cut_off = thai_moment(printout.snapshot.week.cut_off, digits)
    if printout.live:
        return f"{data_as_of(printout, digits)} (ยังไม่ปิดรอบ กำหนดปิดรับรายงาน{cut_off})"
    return f"ข้อมูลตามที่ปิดรับรายงาน{cut_off}"


def data_as_of(printout: Printout, digits: Digits) -> str:
    """«ข้อมูล ณ วันที่ … เวลา … น.» (requirements P3)."""
    day = thai_date(bangkok_date(printout.as_of), digits)
    return f"ข้อมูล ณ วันที่ {day} เวลา {thai_time(printout.as_of, digits)}"


def counts(snapshot: WeekSnapshot, digits: Digits, *, open_week: bool = False) -> tuple[tuple[str, str], ...]:
    """Directives at each level, in all, and without a report."""
    numbers: list[tuple[str, int]] = [(level_name(level), number) for level, number in snapshot.counts().items()]
    numbers.append(("รวม", len(snapshot.rows)))
    missing = sum(row.timeliness is Timeliness.MISSING for row in snapshot.rows)
    numbers.append(("ยังไม่รายงาน" if open_week else "ไม่รายงาน", missing))
    return tuple((written(label, digits), written(number, digits)) for label, number in numbers)


def printout_xlsx(printout: Printout) -> bytes:
    """The same table as a workbook of one sheet, with an annex sheet where there are late reports."""
    book = Book(title=printout.title, author=printout.agency_th, dated=printout.as_of)
    preamble = (printout.title, *heading(printout, "arabic"), state_of_data(printout, "arabic"))
    one_agency = printout.agency is not None
    rows = [(level_name(level), printout.snapshot.at_level(level)) for level in Level]
    register_sheet(book, "ข้อสั่งการ", preamble, rows, one_agency=one_agency, open_week=is_open(printout))
    late_sheet(book, printout.snapshot, one_agency=one_agency)
    return book.to_bytes()
