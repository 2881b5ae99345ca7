"""The print-out that an agency head carries into the executive meeting (requirements P3; S0 lines 18 and 34)."""

from __future__ import annotations

from datetime import date, time
from typing import ClassVar

from schemas.attachment import FilesIfAny
from schemas.base import CaseId, LongText, Moment, Record, Sha256, UnitId
from schemas.form import Form, ask
from schemas.weekly import ReviewDecision, WeekSnapshot


class PrintoutCase(Record):
    """Input: one agency, one executive meeting."""

    agency: UnitId
    meeting_at: Moment
    """Where no time was given: when the office opens on that day."""
    meeting_timed: bool = False
    """A time was given; else the meeting is known by its day alone."""
    prepare_at: Moment
    """When the table is built: nine o'clock on the day on which it is due."""
    due: Moment
    """When the print-out must be ready: one working day before the meeting, 16.00 น. [DEFAULT]."""


class PrintoutOrder(Form):
    """The planning unit prepares the print-out for a meeting."""

    title_th: ClassVar[str] = "จัดทำเอกสารประกอบการประชุมผู้บริหาร"
    title_en: ClassVar[str] = "Prepare the print-out for the executive meeting"

    meeting_on: date = ask("วันที่ประชุม", "Meeting on", widget="date")
    meeting_time: time | None = ask(
        "เวลาประชุม", "Meeting at", default=None,
        help_th="เช่น 13.30 น. หากยังไม่ทราบเวลา เอกสารจะระบุเฉพาะวันที่",
        help_en="For example 13.30; while it is not known, the print-out states the day alone",
    )  # fmt: skip


class PrintoutCheck(Form):
    """The planning unit checks the table before it is printed."""

    title_th: ClassVar[str] = "ตรวจเอกสารประกอบการประชุมผู้บริหาร"
    title_en: ClassVar[str] = "Check the print-out"

    decision: ReviewDecision = ask("ผลการตรวจ", "Decision", widget="radio", default=ReviewDecision.APPROVE)
    comment: LongText = ask("ข้อคิดเห็น", "Comment", widget="textarea", rows=3, default="")


class PrintoutReceipt(Form):
    """The agency head acknowledges the print-out."""

    title_th: ClassVar[str] = "รับทราบเอกสารประกอบการประชุม"
    title_en: ClassVar[str] = "Acknowledge the print-out"

    note: LongText = ask("บันทึก", "Note", widget="textarea", rows=3, default="")


class Printout(Record):
    """What is printed: one agency's part of a snapshot, or the ministry's, frozen or live."""

    title: str
    agency: UnitId | None
    agency_th: str
    snapshot: WeekSnapshot
    live: bool
    """Not frozen: the pages carry the watermark «ข้อมูล ณ วันที่ … เวลา … น.»."""
    as_of: Moment
    meeting_at: Moment | None = None
    meeting_timed: bool = False
    """As in `PrintoutCase`."""


class PrintoutOutcome(Record):
    week: CaseId | None
    pdf: Sha256
    xlsx: Sha256
    files: FilesIfAny = ()
    """PDF and workbook as they are named beside the form of the head."""
