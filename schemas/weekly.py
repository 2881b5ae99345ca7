"""The weekly report of a directive, the week and its frozen snapshot (requirements P2; source S0)."""

from __future__ import annotations

import operator
from collections import Counter
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from schemas.attachment import AttachedFile, AttachedFiles
from schemas.base import CaseId, Identifier, LongText, Moment, Record, ShortText, UnitId
from schemas.directive import Level, Nature, ReportingMode, Urgency
from schemas.form import Form, ask

HEADINGS: tuple[tuple[str, str, str], ...] = (
    ("goal", "4.1 เป้าหมายการดำเนินงาน", "4.1 Goal"),
    ("plan", "4.2 แผนการดำเนินงาน", "4.2 Plan"),
    ("result", "4.3 ผลการดำเนินงาน", "4.3 Result"),
    ("output", "4.4 ผลผลิต", "4.4 Output"),
    ("outcome", "4.5 ผลลัพธ์", "4.5 Outcome"),
    ("impact", "4.6 ผลกระทบ", "4.6 Impact"),
)
"""(field, Thai, English) of the six headings, S0 lines 19 to 25."""


class ReportingWeek(Record):
    """One week, known by the Friday of its cut-off; every moment is fixed when the week opens."""

    friday: date
    """The Friday that names the week, also when a holiday moves the cut-off to an earlier day."""
    opens_at: Moment
    """The previous cut-off; reports count from here (exclusive) …"""
    cut_off: Moment
    """… to here, strictly before (R0.1)."""
    internal_due: Moment
    """When a division hands its report to the planning unit, where the planning unit keys in."""
    reminders: tuple[Moment, ...]
    review_due: Moment
    report_at: Moment
    """When the report goes to the minister: Monday morning, or the next working day."""
    next_cut_off: Moment
    """Until then a late report is taken as an addendum."""

    @property
    def case_id(self) -> CaseId:
        return f"week-{self.friday.isoformat()}"


WeekDaysIfAny = Annotated[tuple[date, date] | None, Field(exclude_if=operator.not_)]
"""First and last day of a week, as its label names them; what was kept before has none and is named by its Friday."""


class WeekCase(Record):
    """Input of the weekly cycle."""

    week: ReportingWeek
    previous: CaseId | None = None


class OpenDirective(Record):
    """A directive that must be reported in a week: one line of the register (R0.5)."""

    case: CaseId
    no: Identifier
    title: ShortText
    agency: UnitId
    planning_unit: UnitId
    division: UnitId
    responsible_th: str = ""
    """Agency and division by their Thai names, as they stood when the division accepted."""
    mode: ReportingMode
    ordered_on: date
    ordered_by: str = ""
    source_meeting: str = ""
    urgency: Urgency = Urgency.NORMAL
    nature: Nature
    level: Level | None = None
    """Level last reported; None before the first report."""
    last_report: ReportText | None = None


class DirectiveJoins(Record):
    """Message to the open week: a directive has been accepted and must be reported from now on (R0.5)."""

    directive: OpenDirective


class ReportText(Record):
    """The six headings and the level, as filed."""

    level: Level
    goal: str = ""
    plan: str = ""
    result: str = ""
    output: str = ""
    outcome: str = ""
    impact: str = ""
    completed_on: date | None = None


class WeeklyReport(Form):
    """The weekly form; headings required by level (R0.4) and level transitions (R0.2) are checked by the rules."""

    title_th: ClassVar[str] = "รายงานผลการดำเนินงานตามข้อสั่งการประจำสัปดาห์"
    title_en: ClassVar[str] = "Weekly report on the directive"

    level: Level = ask("ระดับข้อสั่งการ", "Level", widget="radio")
    goal: LongText = ask("4.1 เป้าหมายการดำเนินงาน", "4.1 Goal", widget="textarea", default="")
    plan: LongText = ask("4.2 แผนการดำเนินงาน", "4.2 Plan", widget="textarea", default="")
    result: LongText = ask("4.3 ผลการดำเนินงาน", "4.3 Result", widget="textarea", default="")
    output: LongText = ask("4.4 ผลผลิต", "4.4 Output", widget="textarea", default="")
    outcome: LongText = ask("4.5 ผลลัพธ์", "4.5 Outcome", widget="textarea", default="")
    impact: LongText = ask("4.6 ผลกระทบ", "4.6 Impact", widget="textarea", default="")
    completed_on: date | None = ask("วันที่แล้วเสร็จ", "Completed on", widget="date", default=None)
    attachments: AttachedFiles = ask(
        "เอกสารแนบ", "Attachments",
        help_th="เอกสาร ภาพ หรือไฟล์งานที่เป็นหลักฐานประกอบการรายงาน (ถ้ามี)",
        help_en="Papers, pictures or working files as evidence for the report, if there are any",
        widget="files", default=(),
    )  # fmt: skip
    """Not part of `ReportText`: what is carried over to the next week leaves the files behind."""
    unchanged_confirmed: bool = ask(
        "ยืนยันว่าตรวจทานข้อความที่ยกมาแล้ว",
        "I have checked the text that was carried over",
        widget="checkbox", default=False, with_prefill=True,
    )  # fmt: skip

    def as_text(self) -> ReportText:
        return ReportText.model_validate(self.model_dump(include=set(ReportText.model_fields)))


class ReviewDecision(StrEnum):
    APPROVE = "approve"
    RETURN = "return"


class ReportReview(Form):
    """The planning unit checks a report that the division has keyed in itself (S0 line 33)."""

    title_th: ClassVar[str] = "ตรวจรายงานประจำสัปดาห์"
    title_en: ClassVar[str] = "Check the weekly report"

    decision: ReviewDecision = ask("ผลการตรวจ", "Decision", widget="radio", default=ReviewDecision.APPROVE)
    comment: LongText = ask("ข้อคิดเห็น", "Comment", widget="textarea", rows=3, default="")


class ReportKeying(WeeklyReport):
    """The planning unit keys a division's report into the system, or returns it (S0 line 32)."""

    title_th: ClassVar[str] = "บันทึกรายงานประจำสัปดาห์ลงในระบบ"
    title_en: ClassVar[str] = "Key the weekly report in"

    decision: ReviewDecision = ask("ผลการตรวจ", "Decision", widget="radio", default=ReviewDecision.APPROVE)
    comment: LongText = ask("ข้อคิดเห็นถึงสำนัก/กอง", "Comment to the division", widget="textarea", rows=3, default="")


class ConsolidatedReview(Form):
    """The secretariat reviews the ministry's report before it goes to the minister."""

    title_th: ClassVar[str] = "ตรวจทานรายงานภาพรวมกระทรวง"
    title_en: ClassVar[str] = "Review the ministry's report"

    note: LongText = ask("บันทึกเสนอรัฐมนตรี", "Note to the minister", widget="textarea", rows=5, default="")


# --- snapshot ----------------------------------------------------------------------------------------------


class Timeliness(StrEnum):
    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"


TIMELINESS_TH = {
    Timeliness.ON_TIME: "ทันกำหนด",
    Timeliness.LATE: "รายงานล่าช้า",
    Timeliness.MISSING: "ไม่รายงาน",
}
TIMELINESS_EN = {Timeliness.ON_TIME: "On time", Timeliness.LATE: "Late", Timeliness.MISSING: "Missing"}


class SnapshotRow(Record):
    """One directive of one agency in the frozen week."""

    directive: OpenDirective
    agency_th: str
    division_th: str
    level: Level
    """The level that was reported; for a missing report, and for one that says «แล้วเสร็จ» and was sent back, the last
    known one, else that of the directive's nature."""
    timeliness: Timeliness
    report: ReportText | None = None
    filed_at: Moment | None = None
    filed_by: str = ""
    reviewed: bool = False
    """The planning unit has approved it before the cut-off."""
    approved_by: str = ""
    approved_at: Moment | None = None
    returned: bool = False
    """The planning unit has sent it back and nothing came since."""
    attachments: tuple[AttachedFile, ...] = ()
    """Evidence that came with the report; its hashes are frozen with the week."""

    @property
    def completes(self) -> bool:
        """The report says «แล้วเสร็จ» and stands (R0.3)."""
        return self.report is not None and self.report.level is Level.COMPLETED and not self.returned


class LateAddendum(Record):
    """A report that came after the cut-off of an earlier week; shown on the next Monday, never in that snapshot."""

    friday: date
    days: WeekDaysIfAny = None
    row: SnapshotRow


class WeekSnapshot(Record):
    """The week as it stood at the cut-off: immutable, kept by the hash of its canonical JSON."""

    week: ReportingWeek
    frozen_at: Moment
    rows: tuple[SnapshotRow, ...]
    late_addenda: tuple[LateAddendum, ...] = ()

    def at_level(self, level: Level) -> tuple[SnapshotRow, ...]:
        return tuple(row for row in self.rows if row.level is level)

    def counts(self) -> dict[Level, int]:
        """How many directives at each of the four levels; a level without any counts 0."""
        found = Counter(row.level for row in self.rows)
        return {level: found[level] for level in Level}

    def of_agency(self, agency: UnitId) -> WeekSnapshot:
        """The part of the snapshot that concerns one agency."""
        return self.replace(
            rows=tuple(row for row in self.rows if row.directive.agency == agency),
            late_addenda=tuple(late for late in self.late_addenda if late.row.directive.agency == agency),
        )


class WeekOutcome(Record):
    """Result of the weekly cycle."""

    snapshot: str
    """SHA-256 of the frozen snapshot."""
    delivered_at: Moment | None
    on_time: int
    late: int
    missing: int


OpenDirective.model_rebuild()
DirectiveJoins.model_rebuild()
