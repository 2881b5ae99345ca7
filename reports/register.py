"""The table of directives by level, as every document prints it (S0 lines 13 to 18 and 34; requirements P3, R0.6).

Columns: ลำดับ | ข้อสั่งการ | วันที่สั่งการ | หน่วยงานรับผิดชอบ | เป้าหมาย | แผน | ผล | ผลผลิต | ผลลัพธ์ | ผลกระทบ.
"""

from __future__ import annotations

from collections.abc import Iterable

from rules.calendar import bangkok_date
from rules.thai import Digits, thai_date, thai_moment, thai_time, thai_weekday_date, to_thai_digits
from rules.week import days_label_th
from schemas.base import Record
from schemas.directive import LEVEL_NUMBER, LEVEL_TH, URGENCY_TH, Level, Urgency
from schemas.weekly import HEADINGS, TIMELINESS_TH, LateAddendum, SnapshotRow, Timeliness, WeekSnapshot

COLUMNS = ("ลำดับ", "ข้อสั่งการ", "วันที่สั่งการ", "หน่วยงานรับผิดชอบ", "เป้าหมาย", "แผน", "ผล", "ผลผลิต", "ผลลัพธ์", "ผลกระทบ")
WITHOUT_REPORT = "เรื่องที่ไม่มีรายงานนับไว้ในระดับที่รายงานครั้งล่าสุด หากยังไม่เคยรายงานนับตามลักษณะของข้อสั่งการ"
NOTHING = "– ไม่มี –"
NOT_YET_REPORTED = "ยังไม่รายงาน"
NOT_REVIEWED = "กลุ่มแผน/กองแผนยังไม่ได้ตรวจ"
RETURNED = "ส่งคืนแก้ไข"
NARROWEST = 0.095
"""Least share of the six headings' width for one of them: the head «ผลกระทบ» needs it."""


class Remark(Record):
    """A mark on a line; an alert is printed in red as well as bold, for printers without colour."""

    text: str
    alert: bool = False


class Line(Record):
    """One directive. `headings` are the six texts, or None when nothing was reported."""

    serial: str
    no: str
    title: str
    urgency: str = ""
    ordered_on: str
    agency: str
    division: str
    headings: tuple[str, ...] | None
    absence: str = ""
    """What stands instead of the headings: «ไม่รายงาน»."""
    remarks: tuple[Remark, ...] = ()


class Section(Record):
    """One level, or one earlier week of late reports."""

    name: str
    count: str
    lines: tuple[Line, ...]


class Register(Record):
    columns: tuple[str, ...] = COLUMNS
    nothing: str = NOTHING
    sections: tuple[Section, ...]
    widths: tuple[float, ...]
    """Shares of the six headings in what the first four columns leave; they add up to 1."""


def written(value: str | int, digits: Digits) -> str:
    """What the system writes, in the digits asked for."""
    return to_thai_digits(str(value)) if digits == "thai" else str(value)


def level_name(level: Level) -> str:
    """For example «2.1 ข้อสั่งการทั่วไป»."""
    return f"{LEVEL_NUMBER[level]} ข้อสั่งการ{LEVEL_TH[level]}"


def week_name(late: LateAddendum, digits: Digits) -> str:
    """The week of a late report by its days, as the product names weeks; by its Friday where no more is known."""
    if late.days is None:
        return f"สัปดาห์{thai_weekday_date(late.friday, digits)}"
    return written(days_label_th(*late.days), digits)


def weeks_of(addenda: Iterable[LateAddendum], digits: Digits) -> dict[str, list[SnapshotRow]]:
    """The late reports by the names of their weeks, the earliest week first."""
    found = dict[str, list[SnapshotRow]]()
    for late in sorted(addenda, key=lambda late: late.friday):
        found.setdefault(week_name(late, digits), []).append(late.row)
    return found


def counted(snapshot: WeekSnapshot) -> str:
    """Where a directive without a report is counted; empty when each has one."""
    return WITHOUT_REPORT if any(row.timeliness is Timeliness.MISSING for row in snapshot.rows) else ""


def by_level(snapshot: WeekSnapshot, *, digits: Digits, one_agency: bool, open_week: bool = False) -> Register:
    """The four sections 2.1 to 2.4 in this order, also the empty ones (R0.6)."""
    sections = [
        Section(
            name=written(level_name(level), digits),
            count=written(len(snapshot.at_level(level)), digits),
            lines=_lines(snapshot.at_level(level), digits, one_agency, open_week),
        )
        for level in Level
    ]
    return Register(sections=tuple(sections), widths=heading_widths(snapshot.rows))


def late_of_earlier_weeks(addenda: Iterable[LateAddendum], *, digits: Digits, one_agency: bool) -> Register | None:
    """What came after the cut-off of an earlier week, a section a week; None when there is nothing."""
    weeks = weeks_of(addenda, digits)
    if not weeks:
        return None
    return Register(
        sections=tuple(_week_section(name, rows, digits, one_agency) for name, rows in weeks.items()),
        widths=heading_widths([row for rows in weeks.values() for row in rows]),
    )


def _week_section(name: str, rows: list[SnapshotRow], digits: Digits, one_agency: bool) -> Section:
    lines = _lines(rows, digits, one_agency, open_week=False)
    return Section(
        name=name,
        count=written(len(rows), digits),
        lines=tuple(
            line.replace(remarks=(Remark(text=written(level_name(row.level), digits)), *line.remarks))
            for line, row in zip(lines, rows, strict=True)
        ),
    )


def _lines(rows: Iterable[SnapshotRow], digits: Digits, one_agency: bool, open_week: bool) -> tuple[Line, ...]:
    return tuple(_line(serial, row, digits, one_agency, open_week) for serial, row in enumerate(rows, start=1))


def _line(serial: int, row: SnapshotRow, digits: Digits, one_agency: bool, open_week: bool) -> Line:
    agency, division = responsible(row, one_agency=one_agency)
    return Line(
        serial=written(serial, digits),
        no=row.directive.no,
        title=row.directive.title,
        urgency="" if row.directive.urgency is Urgency.NORMAL else URGENCY_TH[row.directive.urgency],
        ordered_on=thai_date(row.directive.ordered_on, digits, "short"),
        agency=agency,
        division=division,
        headings=heading_texts(row),
        absence=absence(row, open_week=open_week),
        remarks=remarks(row, digits),
    )


def responsible(row: SnapshotRow, *, one_agency: bool) -> tuple[str, str]:
    """(agency, division); a document of one agency names it in its title and only the division here."""
    if row.division_th in ("", row.agency_th):
        return row.agency_th, ""
    return (row.division_th, "") if one_agency else (row.agency_th, row.division_th)


def heading_texts(row: SnapshotRow) -> tuple[str, ...] | None:
    """The six headings in their order (S0 lines 19 to 25), or None when nothing was reported."""
    if row.report is None:
        return None
    return tuple(getattr(row.report, field) for field, _, _ in HEADINGS)


def absence(row: SnapshotRow, *, open_week: bool) -> str:
    """What is said of a directive without a report; before the cut-off nobody has failed to report yet."""
    if row.report is not None:
        return ""
    return NOT_YET_REPORTED if open_week else TIMELINESS_TH[Timeliness.MISSING]


def remarks(row: SnapshotRow, digits: Digits) -> tuple[Remark, ...]:
    """Finished on, filed late; then sent back, or who has checked it, or that nobody has."""
    found = []
    if row.report is not None and row.report.completed_on is not None and not row.returned:
        found.append(Remark(text=f"แล้วเสร็จวันที่ {thai_date(row.report.completed_on, digits, 'short')}"))
    if row.timeliness is Timeliness.LATE:
        filed = f" ส่ง{thai_moment(row.filed_at, digits)}" if row.filed_at else ""
        found.append(Remark(text=TIMELINESS_TH[Timeliness.LATE] + filed, alert=True))
    if row.returned:
        found.append(Remark(text=RETURNED, alert=True))
    elif row.approved_at is not None:
        checked = f"{thai_date(bangkok_date(row.approved_at), digits, 'short')} {thai_time(row.approved_at, digits)}"
        found.append(Remark(text=f"ตรวจแล้วโดย {row.approved_by} {checked}"))
    elif row.timeliness is Timeliness.ON_TIME and row.report is not None and not row.reviewed:
        found.append(Remark(text=NOT_REVIEWED))
    return tuple(found)


def heading_widths(rows: Iterable[SnapshotRow]) -> tuple[float, ...]:
    """Shares of the six headings by how much is written under each: long reports take fewer pages.

    The shares add up to 1 and none is less than `NARROWEST`. A full proportion would suit a single row best; the
    exponent leaves room for rows whose length lies elsewhere.
    """
    texts = [text for row in rows if (text := heading_texts(row)) is not None]
    amounts = [(60 + sum(len(each[at]) for each in texts)) ** 0.75 for at in range(len(HEADINGS))]
    spare = 1 - NARROWEST * len(HEADINGS)
    return tuple(round(NARROWEST + spare * amount / sum(amounts), 4) for amount in amounts)
