"""A follow-up of an agreement: its case, its forms and its outcome (requirements P6; S1, slides 28 and 29)."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import model_validator

from schemas.actor import Actor
from schemas.attachment import AttachedFiles, FilesIfAny
from schemas.base import CaseId, FiscalYear, LongText, Moment, Record, TextIfAny, UnitId
from schemas.criteria import KpiNumber
from schemas.exact import Figures
from schemas.form import Form, ask
from schemas.kpi import BookCase, Round
from schemas.refusal import refusal
from schemas.year_office import YearOffice

Percent = Annotated[Decimal, Figures(ge=0, le=100, places=2)]
"""A share of a whole year's work or time, in per cent."""


class FollowUpCase(BookCase):
    """Input of a follow-up: of a month, or the one before a round is reported (S1, slide 29)."""

    month: date
    """First day of the month in which the department meets on it."""
    round: Round | None = None
    """The round before whose report it comes; then the year's calendar has its day."""
    purpose: LongText = ""
    """What it is for; left blank, what the calendar says of the round's follow-up."""

    @model_validator(mode="after")
    def _is_a_month(self) -> Self:
        if self.month.day != 1:
            raise refusal("not_first_of_month", "month")
        return self


def follow_up_case_id(agency: UnitId, fiscal_year: FiscalYear, month: date, round_: Round | None = None) -> CaseId:
    return f"follow-up-{fiscal_year}-{agency}-{follow_up_name(month, round_)}"


def follow_up_name(month: date, round_: Round | None = None) -> str:
    """Tells a follow-up apart within the year: `2012-04`, or `round-6` for the one before a round."""
    return f"{month:%Y-%m}" if round_ is None else f"round-{round_}"


class PlannedFollowUp(Record):
    """A follow-up of the year that still lies ahead."""

    name: str
    """As `follow_up_name` has it."""
    name_th: str
    month: date
    round: Round | None
    opens: Moment


class FollowUpOffice(Record):
    """Who is concerned with a follow-up, and its moments, looked up once and recorded."""

    office: YearOffice
    opens: Moment
    due: Moment
    """When progress has to be reported; the meeting then goes on with what there is."""
    as_of: date
    """Progress is measured against the part of the year before this day."""
    elapsed: Percent
    purpose: str


class TrafficLight(StrEnum):
    """How a KPI stands against the part of the year that has passed."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    UNREPORTED = "unreported"


TRAFFIC_LIGHT_TH = {
    TrafficLight.GREEN: "เขียว (เป็นไปตามแผน)",
    TrafficLight.YELLOW: "เหลือง (ล่าช้ากว่าแผน)",
    TrafficLight.RED: "แดง (ล่าช้ากว่าแผนมาก)",
    TrafficLight.UNREPORTED: "ไม่รายงาน",
}
TRAFFIC_LIGHT_EN = {
    TrafficLight.GREEN: "Green (on plan)",
    TrafficLight.YELLOW: "Yellow (behind plan)",
    TrafficLight.RED: "Red (far behind plan)",
    TrafficLight.UNREPORTED: "Not reported",
}


class KpiProgress(Record):
    """What the main holder of a KPI reported."""

    number: KpiNumber
    percent: Percent
    done: str
    problem: str
    next_step: str
    attachments: AttachedFiles = ()
    by: Actor
    at: Moment


class KpiLight(Record):
    """A KPI in the table of the meeting."""

    number: KpiNumber
    th: str
    unit: UnitId
    light: TrafficLight
    progress: KpiProgress | None
    late: bool
    """Reported after the due day: the meeting's agenda showed it as not reported."""


class LightTable(Record):
    """All active KPIs at one moment, in the order of the agreement."""

    at: Moment
    lights: tuple[KpiLight, ...]

    @property
    def missing(self) -> tuple[KpiNumber, ...]:
        return tuple(each.number for each in self.lights if each.light is TrafficLight.UNREPORTED)

    @property
    def counts(self) -> dict[TrafficLight, int]:
        """How many KPIs each light has, none left out."""
        counted = Counter(each.light for each in self.lights)
        return {light: counted[light] for light in TrafficLight}


class Minute(Record):
    """The minute of the department's meeting, as กพร. keyed it."""

    held_on: date
    present: TextIfAny = ""
    """Who took part, one a line."""
    resolutions: str
    attachments: FilesIfAny = ()
    by: Actor
    at: Moment


class FollowUpOutcome(Record):
    """Result of a follow-up."""

    month: date
    round: Round | None
    purpose: str
    as_of: date
    elapsed: Percent
    agenda: LightTable
    """What the meeting was shown."""
    final: LightTable
    """With what came after the due day and before the minute, each marked late."""
    missing: tuple[KpiNumber, ...]
    """KPIs on which nothing was reported by the time of the minute."""
    minute: Minute


# --- forms -------------------------------------------------------------------------------------------------


class ProgressReport(Form):
    """The main holder of a KPI reports progress."""

    title_th: ClassVar[str] = "รายงานความก้าวหน้าตัวชี้วัด"
    title_en: ClassVar[str] = "Report progress on a KPI"

    percent: Percent = ask(
        "ความก้าวหน้าสะสม (ร้อยละ)", "Progress so far (per cent)",
        help_th="ร้อยละของงานตามแผนทั้งปีงบประมาณ 0 ถึง 100 ทศนิยมไม่เกิน 2 ตำแหน่ง",
        help_en="Of the work planned for the whole fiscal year, 0 to 100, at most two decimals",
    )  # fmt: skip
    done: LongText = ask("สิ่งที่ได้ดำเนินการแล้ว", "What was done", widget="textarea", rows=4, min_length=1)
    problem: LongText = ask(
        "ปัญหา/อุปสรรค", "Problems", widget="textarea", rows=3, default="",
        help_th="ต้องระบุเมื่อล่าช้ากว่าแผนมาก", help_en="Required when far behind plan",
    )  # fmt: skip
    next_step: LongText = ask(
        "การดำเนินการขั้นต่อไป", "Next step", widget="textarea", rows=3, default="",
        help_th="ต้องระบุเมื่อยังไม่ครบร้อยละ 100", help_en="Required below 100 per cent",
    )  # fmt: skip
    attachments: AttachedFiles = ask("แฟ้มประกอบ", "Files", widget="files", default=())


class MeetingMinute(Form):
    """กพร. keys the minute of the department's meeting on this agenda item (S1, slide 28)."""

    title_th: ClassVar[str] = "บันทึกรายงานการประชุมกรม"
    title_en: ClassVar[str] = "Key the minute of the department's meeting"

    held_on: date = ask("วันที่ประชุม", "Held on", widget="date")
    present: TextIfAny = ask(
        "ผู้มาประชุม", "Present", widget="textarea", rows=4, default="",
        help_th="หนึ่งคนต่อหนึ่งบรรทัด พร้อมตำแหน่ง", help_en="A person a line, with the position",
    )  # fmt: skip
    resolutions: LongText = ask("มติ/ข้อสั่งการของที่ประชุม", "Resolutions", widget="textarea", rows=6, min_length=1)
    attachments: FilesIfAny = ask(
        "รายงานการประชุม", "The minutes", widget="files", default=(),
        help_th="รายงานการประชุมฉบับเต็มหรือวาระที่เกี่ยวข้อง", help_en="In full, or the agenda item concerned",
    )  # fmt: skip
