"""What a province reports month by month, and what becomes of it: savings, outputs, energy (S3, 3.2 and 3.3; P12)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from schemas.attachment import AttachedFile
from schemas.base import Identifier, LongText, Moment, Record, UnitId
from schemas.exact import Exact, Figures
from schemas.form import Facts, Form, ask
from schemas.measures import SAVED, MeasuresPlan, Source

Amount = Annotated[Decimal, Figures(ge=0)]


class EnergyReport(Form):
    """สำนักงานพลังงานจังหวัด records what it keyed into www.e-report.energy.go.th."""

    title_th: ClassVar[str] = "บันทึกการใช้พลังงานไฟฟ้าและน้ำมันเชื้อเพลิง"
    title_en: ClassVar[str] = "Record electricity and fuel"

    electricity: Amount = ask("พลังงานไฟฟ้า (หน่วย: กิโลวัตต์-ชั่วโมง)", "Electricity (kWh)")
    fuel: Amount = ask("น้ำมันเชื้อเพลิง (ลิตร)", "Fuel (litres)")
    recorded_on: date = ask(
        "วันที่บันทึกในระบบ e-report", "Recorded in e-report on", widget="date",
        help_th="www.e-report.energy.go.th", help_en="www.e-report.energy.go.th",
    )  # fmt: skip
    note: LongText = ask("หมายเหตุ", "Note", widget="textarea", rows=2, default="")


class UsageReport(Form):
    """What was used of paper or of the budget in a month."""

    title_th: ClassVar[str] = "รายงานปริมาณที่ใช้ประจำเดือน"
    title_en: ClassVar[str] = "Report what was used in the month"

    used: Amount = ask("ปริมาณที่ใช้ในเดือน", "Used in the month", help_th="หน่วยเดียวกับค่าฐาน", help_en="As the baseline")
    note: LongText = ask("ผลการดำเนินงาน", "What was done", widget="textarea", rows=3, default="")


class OutputReport(Form):
    """How much of an activity's output there is by now."""

    title_th: ClassVar[str] = "รายงานความก้าวหน้าของกิจกรรมประจำเดือน"
    title_en: ClassVar[str] = "Report the activity's progress in the month"

    output: Amount = ask(
        "ผลผลิตสะสมถึงสิ้นเดือน", "Output by the end of the month",
        help_th="เมื่อครบตามแผน ไม่ต้องรายงานในเดือนถัดไป", help_en="Once it is complete, no further report is asked for",
    )  # fmt: skip
    note: LongText = ask("ผลการดำเนินงาน", "What was done", widget="textarea", rows=3, default="")


MonthlyForm = EnergyReport | UsageReport | OutputReport


class ReportAsked(Record):
    """A report that a month asks for."""

    key: Identifier
    """Of the activity."""
    source: Source
    th: str
    unit: UnitId
    version: int
    """The plan that holds as it is asked for; 0 before there is one."""
    said: Facts = ()
    """What that plan says: baseline of the month, target, output so far."""

    @property
    def form(self) -> type[Form]:
        if self.source is Source.ENERGY:
            return EnergyReport
        return UsageReport if self.source in SAVED else OutputReport


class MonthAsked(Record):
    """What a month asks for, as the plan and the reports stood when it opened."""

    reports: tuple[ReportAsked, ...]


class MonthlyReport(Record):
    """A report as it came in."""

    key: Identifier
    month: date
    """Its first day."""
    version: int
    """Of the plan that held when it was asked for; 0 before there was one."""
    at: Moment
    late: bool
    form: MonthlyForm


class Saving(Record):
    """A month of paper or the budget beside its baseline; percentages have two decimals, halves away from zero."""

    month: date
    baseline: Exact
    """Of the version of the plan under which the month was reported on."""
    used: Exact
    percent: Exact
    together: Exact
    """Of all months reported on so far."""


class MonthPrinted(Record):
    """The month's report to สำนักงาน ก.พ.ร. as it was sent."""

    papers: tuple[AttachedFile, ...]
    missing: tuple[Identifier, ...]
    """Activities that had not reported when it was due."""


class SavedInYear(Record):
    source: Source
    percent: Exact | None
    """None: no month could be compared."""
    target: Exact | None
    met: bool


class MeasuresOutcome(Record):
    plans: tuple[MeasuresPlan, ...]
    saved: tuple[SavedInYear, ...]
    completed: tuple[tuple[Identifier, date], ...]
    """Activities whose outputs are complete, with the month in which they were."""
    unfinished: tuple[Identifier, ...]
    reports: int
    late: int
    """Reports after the 2nd."""
    papers: tuple[AttachedFile, ...]
