"""What every agency of a province has to do and report by a day, and who compiles it (S2, lines 17 to 21; P11)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import Field

from schemas.attachment import AttachedFile, AttachedFiles
from schemas.base import FiscalYear, LongText, Moment, Record, ShortText, UnitId
from schemas.cascade import DutyKind, Member
from schemas.form import Form, ask

DUTY_TH = {
    DutyKind.CLEANING: "Big Cleaning Day",
    DutyKind.SATISFACTION: "รายงานผลความพึงพอใจของผู้รับบริการ",
    DutyKind.QUESTIONNAIRE: "จัดเก็บแบบสอบถามความพึงพอใจ",
    DutyKind.ANTI_CORRUPTION: "แบบสำรวจความคิดเห็นตามมาตรการป้องกันและปราบปรามการทุจริต",
    DutyKind.SEMINAR: "สัมมนามาตรการป้องกันและปราบปรามการทุจริต",
    DutyKind.INTERNAL_CONTROL: "รายงานการควบคุมภายใน",
}
DUTY_EN = {
    DutyKind.CLEANING: "Big Cleaning Day",
    DutyKind.SATISFACTION: "Satisfaction report",
    DutyKind.QUESTIONNAIRE: "Satisfaction questionnaires",
    DutyKind.ANTI_CORRUPTION: "Opinion survey against corruption",
    DutyKind.SEMINAR: "Seminar against corruption",
    DutyKind.INTERNAL_CONTROL: "Internal control report",
}


class DutyCase(Record):
    """Input: one duty of all agencies."""

    kind: DutyKind
    title: ShortText
    fiscal_year: FiscalYear
    collector: UnitId
    """Who compiles the reports: for satisfaction the provincial treasury office (R2.5)."""
    agencies: tuple[Member, ...] = Field(min_length=1)
    opens: Moment
    due: Moment
    asked_by: UnitId
    note: str = ""
    step_days: int = Field(ge=0)


class DutyOffice(Record):
    """Who asks and who compiles, as looked up when the case began."""

    asked_by_th: str
    collector_th: str


class Filed(Record):
    """What one agency has reported, and when."""

    unit: UnitId
    done_on: date
    result: str
    at: Moment
    late: bool


class DutyList(Record):
    """Who has reported by a moment, in the order of the case."""

    done: tuple[UnitId, ...]
    late: tuple[UnitId, ...]
    """Of those: after the day."""
    missing: tuple[UnitId, ...]
    papers: tuple[AttachedFile, ...]


class DutyOutcome(Record):
    kind: DutyKind
    final: DutyList
    missing_at_first: tuple[UnitId, ...]
    summary: str


class DutyReport(Form):
    """An agency reports that it has done its part."""

    title_th: ClassVar[str] = "รายงานการดำเนินงานตามตัวชี้วัดของจังหวัด"
    title_en: ClassVar[str] = "Report on a duty of the province"

    done_on: date = ask("วันที่ดำเนินการ", "Done on", widget="date")
    result: LongText = ask("ผลการดำเนินงาน", "Result", widget="textarea", rows=4, min_length=1)
    attachments: AttachedFiles = ask("หลักฐาน", "Evidence", widget="files", default=())


class DutySummary(Form):
    """Whoever compiles sums up what all agencies have reported."""

    title_th: ClassVar[str] = "สรุปภาพรวมของทุกส่วนราชการ"
    title_en: ClassVar[str] = "Sum up for the whole province"

    summary: LongText = ask("สรุปภาพรวม", "Summary", widget="textarea", rows=5, min_length=1)
