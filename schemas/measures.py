"""The Prime Minister's six measures and the twelve activities of KPI 4.2, a province and a fiscal year (S3; P12)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import Field, model_validator

from schemas.attachment import AttachedFile, FilesIfAny
from schemas.base import FiscalYear, Identifier, LongText, Moment, Record, ShortText, TextIfAny, UnitId
from schemas.circular import Circular, Conclusion, Recipient
from schemas.directive import Urgency
from schemas.exact import Exact
from schemas.form import Form, ask
from schemas.refusal import refuse_repeats
from schemas.weekly import ReviewDecision


class Source(StrEnum):
    """Where an activity comes from: one of the six measures, or one of the five categories (S3, 1.1 and 2.1)."""

    PAPER = "paper"
    IT = "it"
    ENERGY = "energy"
    BUDGET = "budget"
    ANTI_CORRUPTION = "anti_corruption"
    INTEGRATION = "integration"
    CONVENIENCE = "convenience"
    COOPERATION = "cooperation"
    HONESTY = "honesty"
    EFFICIENCY = "efficiency"
    RESOURCES = "resources"


MEASURES = tuple(Source)[:6]
CATEGORIES = tuple(Source)[6:]
SAVED = (Source.PAPER, Source.BUDGET)
"""Saved by at least ten per cent (S3, 3.2)."""
ALL_YEAR = (Source.ENERGY, *SAVED)
"""Reported on for the twelve months of the year; everything else until its outputs are complete (S3, 3.2 and 3.3)."""
SOURCE_TH = {
    Source.PAPER: "การลดกระดาษ",
    Source.IT: "การใช้ระบบสารสนเทศ",
    Source.ENERGY: "การลดพลังงาน",
    Source.BUDGET: "การประหยัดงบประมาณ",
    Source.ANTI_CORRUPTION: "การปราบปรามทุจริต",
    Source.INTEGRATION: "การบูรณาการผลงาน",
    Source.CONVENIENCE: "การอำนวยความสะดวกแก่ประชาชน",
    Source.COOPERATION: "การบูรณาการการทำงานระหว่างหน่วยงาน/ภาคส่วนอื่น",
    Source.HONESTY: "การป้องกัน/แก้ไขปัญหาด้านทุจริต",
    Source.EFFICIENCY: "การเพิ่มประสิทธิภาพของส่วนราชการภายในจังหวัด",
    Source.RESOURCES: "การประหยัดทรัพยากร",
}
SOURCE_EN = {
    Source.PAPER: "Less paper",
    Source.IT: "Information systems",
    Source.ENERGY: "Less energy",
    Source.BUDGET: "Saving the budget",
    Source.ANTI_CORRUPTION: "Fighting corruption",
    Source.INTEGRATION: "Integrated results",
    Source.CONVENIENCE: "Convenience for the public",
    Source.COOPERATION: "Cooperation between agencies and sectors",
    Source.HONESTY: "Preventing corruption",
    Source.EFFICIENCY: "Efficiency of the province's agencies",
    Source.RESOURCES: "Saving resources",
}
OLD_GROUP = dict(zip(CATEGORIES, "AAABB", strict=True))
"""The groups of which the conditions are cancelled (S3, 2.1); shown as history, checked by nothing."""
CANCELLED_TH = "ยกเลิกเงื่อนไขกลุ่ม A และ B แล้ว รวมถึงเงื่อนไขที่ให้เลือกเรื่องในกลุ่ม A อย่างน้อย 3 เรื่องจาก 12 เรื่อง"


class MeasuresCase(Record):
    """Input: one province, one fiscal year."""

    fiscal_year: FiscalYear
    province: UnitId
    """Its head, the governor, approves the plan, and signs the letter."""
    office: UnitId
    """The planning unit of the province's office, which makes the plan."""
    energy_office: UnitId
    """Records electricity and fuel (S3, 3.2)."""
    central: UnitId
    """The division of สำนักงาน ก.พ.ร. to which plan and reports go."""
    letter: Circular
    recipients: tuple[Recipient, ...] = Field(min_length=1)
    """The heads of the province's agencies, in the order of the list."""
    plan_due: Moment
    order: TextIfAny = ""
    """The letter that orders the measures, as it is cited."""
    attachments: FilesIfAny = ()
    """That letter and what came with it; before whoever chooses, plans and approves."""
    enclosed: FilesIfAny = ()
    """What goes out with the letter to the heads, as far as it travels as files."""


class MonthOfYear(Record):
    """A month that is reported on."""

    first_day: date
    opens: Moment
    """When its reports are asked for: some working days before they are due, for the 2nd may be a holiday."""
    due: Moment
    """The end of the 2nd of the month after it: «ก่อนวันที่ ๓», rolled to no working day (S3, 3.2)."""

    @property
    def key(self) -> str:
        return f"{self.first_day:%Y-%m}"


class MeasuresOffice(Record):
    """Names, days and the saving that is asked for, as looked up when the case began."""

    province_th: str
    office_th: str
    central_th: str
    owners: tuple[tuple[UnitId, str], ...]
    """Units that may be in charge of an activity."""
    months: tuple[MonthOfYear, ...]
    receipts_due: Moment
    saving_percent: Exact
    step_days: int


class MeasuresOrder(Form):
    """A province begins: the letter to the heads of its agencies, and by when the plan goes to สำนักงาน ก.พ.ร."""

    title_th: ClassVar[str] = "ดำเนินการตามมาตรการ 6 เรื่องของนายกรัฐมนตรี"
    title_en: ClassVar[str] = "Begin the six measures of a year"

    fiscal_year: FiscalYear = ask("ปีงบประมาณ พ.ศ.", "Fiscal year (B.E.)")
    order: TextIfAny = ask(
        "หนังสือสั่งการ", "Ordering letter", default="",
        help_th="ระบุเจ้าของหนังสือ เลขที่ และวันที่ เช่น หนังสือสำนักงาน ก.พ.ร. ที่ นร 1200/ว 20 ลงวันที่ 29 กันยายน 2560",
        help_en="Whose letter it is, its number and its date",
    )  # fmt: skip
    attachments: FilesIfAny = ask(
        "แฟ้มหนังสือสั่งการและเอกสารประกอบ", "Files of the ordering letter", widget="files", default=(),
        help_th="ผู้เลือกกิจกรรม ผู้จัดทำแผน และผู้อนุมัติแผนจะเห็นแฟ้มเหล่านี้ในแบบฟอร์ม",
        help_en="Whoever chooses the activities, plans them and approves the plan finds them beside the form",
    )  # fmt: skip
    plan_due_on: date = ask(
        "ส่งแผนถึงสำนักงาน ก.พ.ร. ภายในวันที่", "Plan to OPDC by", widget="date",
        help_th="ตามหนังสือสั่งการ เช่น 15 พฤศจิกายน 2560", help_en="As the order says",
    )  # fmt: skip
    energy_office: UnitId = ask(
        "หน่วยงานที่บันทึกการใช้พลังงาน", "Unit that records energy", widget="select", choices="owners",
        help_th="สำนักงานพลังงานจังหวัด", help_en="The province's energy office",
    )  # fmt: skip
    no: ShortText = ask(
        "เลขที่หนังสือเวียน", "Number of the circular",
        help_th="ตามทะเบียนหนังสือส่ง เช่น สค 0017.2/ว 14080", help_en="By the outgoing register, with its ว",
    )  # fmt: skip
    on: date = ask("ลงวันที่", "Dated", widget="date")
    urgency: Urgency = ask("ชั้นความเร็ว", "Urgency", widget="select", default=Urgency.NORMAL)
    subject: ShortText = ask("เรื่อง", "Subject")
    text: LongText = ask(
        "ข้อความ", "Text", widget="textarea", rows=8, min_length=1,
        help_th="หนึ่งย่อหน้าต่อหนึ่งบรรทัด ไม่ต้องใส่คำลงท้าย", help_en="A paragraph a line, without the closing words",
    )  # fmt: skip
    references: LongText = ask(
        "อ้างถึง", "References", widget="textarea", rows=2, default="",
        help_th="หนึ่งรายการต่อหนึ่งบรรทัด พร้อมเลขที่และวันที่ เช่น หนังสือสำนักงาน ก.พ.ร. ที่ นร 1200/ว 12 ลงวันที่ 6 กันยายน 2562",
        help_en="One a line, with number and date of the letter",
    )  # fmt: skip
    enclosures: LongText = ask(
        "สิ่งที่ส่งมาด้วย", "Enclosures", widget="textarea", rows=2, default="",
        help_th="หนึ่งรายการต่อหนึ่งบรรทัด พร้อมจำนวน", help_en="One a line, with the number of copies",
    )  # fmt: skip
    files: FilesIfAny = ask(
        "แฟ้มสิ่งที่ส่งมาด้วย", "Files of the enclosures", widget="files", default=(),
        help_th="หัวหน้าส่วนราชการทุกแห่งจะเปิดอ่านได้จากแบบตอบรับหนังสือเวียน",
        help_en="Every head can open them from the form of receipt",
    )  # fmt: skip
    conclusion: Conclusion = ask("คำลงท้ายเรื่อง", "Closing words", widget="select", default=Conclusion.NOTE)


# --- the choice of the activities --------------------------------------------------------------------------


class SixCounting(Form):
    """Whether the six measures count among the twelve activities of KPI 4.2; done they must be in any case."""

    title_th: ClassVar[str] = "พิจารณานำมาตรการ 6 เรื่องไปนับในตัวชี้วัดที่ 4.2"
    title_en: ClassVar[str] = "Count the six measures for KPI 4.2?"

    counted: bool = ask(
        "นับมาตรการ 6 เรื่องเป็นกิจกรรมของตัวชี้วัดที่ 4.2", "Count the six measures as activities of KPI 4.2",
        widget="checkbox", default=False,
        help_th="นับ: เลือกกิจกรรมจาก 5 ประเภทเรื่องเพิ่มอีก 6 กิจกรรม ไม่นับ: เลือก 12 กิจกรรม และยังต้องดำเนินการทั้ง 6 เรื่อง",
        help_en="If counted, six more come from the five categories; if not, twelve, and the six are done all the same",
    )  # fmt: skip
    reason: LongText = ask("เหตุผล", "Reason", widget="textarea", rows=2, default="")


class ActivityLine(Record):
    """An activity as it is chosen."""

    source: Source = ask("มาตรการหรือประเภทเรื่อง", "Measure or category", widget="select")
    th: ShortText = ask("ชื่อกิจกรรม", "Activity", width=30)
    owner: UnitId = ask("หน่วยงานเจ้าของเรื่อง", "In charge", widget="select", choices="owners")


class ActivityChoice(Form):
    """The six measures, each once, and the activities from the categories."""

    title_th: ClassVar[str] = "เลือกกิจกรรมและหน่วยงานเจ้าของเรื่อง"
    title_en: ClassVar[str] = "Choose the activities and who is in charge"

    activities: tuple[ActivityLine, ...] = ask(
        "กิจกรรม", "Activities", widget="rows", rows=12, default=(), required_mark=True,
        help_th="มาตรการทั้ง 6 เรื่อง เรื่องละหนึ่งกิจกรรม และกิจกรรมจาก 5 ประเภทเรื่อง โดยไม่จำกัดว่ามาจากกลุ่มใด",
        help_en="Each of the six measures once, and activities of the five categories, of whichever former group",
    )  # fmt: skip


class ActivityPlan(Form):
    """Who is in charge of an activity plans it, or revises the plan; energy, of which only the use is reported."""

    title_th: ClassVar[str] = "จัดทำแผนของกิจกรรม"
    title_en: ClassVar[str] = "Plan the activity"

    start: str = ask("เดือนที่เริ่มดำเนินการ", "First month", widget="select", choices="months")
    output: LongText = ask("ผลผลิต", "Output", widget="textarea", rows=2, min_length=1)
    indicator: ShortText = ask("ตัวชี้วัดของกิจกรรม", "Indicator")
    unit_of_measure: ShortText = ask("หน่วยนับ", "Unit of measure")
    milestones: LongText = ask(
        "ขั้นตอนรายเดือน", "Milestones by month", widget="textarea", rows=4, default="",
        help_th="หนึ่งเดือนต่อหนึ่งบรรทัด", help_en="A month a line",
    )  # fmt: skip


class SavingPlan(ActivityPlan):
    """Of paper and of the budget."""

    target: Exact = ask("เป้าหมายการประหยัด (ร้อยละ)", "Saving aimed at (per cent)")
    baselines: LongText = ask(
        "ค่าฐานรายเดือน", "Baseline of each month", widget="textarea", rows=2, min_length=1,
        help_th="ปริมาณที่ใช้ในเดือนเดียวกันของปีก่อน ตุลาคม–กันยายน 12 ค่า คั่นด้วย /",
        help_en="What was used in each month of last year, October to September, divided by /",
    )  # fmt: skip


class OutputPlan(ActivityPlan):
    """Of every other activity, which is reported on until all of its output is there."""

    target: Exact = ask(
        "จำนวนผลผลิตทั้งหมดตามแผน", "Whole quantity of the output",
        help_th="เมื่อรายงานครบจำนวนนี้ ไม่ต้องรายงานต่อ", help_en="Once it is reached, no further report is asked for",
    )  # fmt: skip


def plan_form_of(source: Source) -> type[ActivityPlan]:
    if source is Source.ENERGY:
        return ActivityPlan
    return SavingPlan if source in SAVED else OutputPlan


class PlanApproval(Form):
    """The governor approves the plan, or returns it and names the activities to be corrected."""

    title_th: ClassVar[str] = "อนุมัติแผนการดำเนินงาน"
    title_en: ClassVar[str] = "Approve the plan"

    decision: ReviewDecision = ask("ผลการพิจารณา", "Decision", widget="radio", default=ReviewDecision.APPROVE)
    activities: tuple[Identifier, ...] = ask(
        "กิจกรรมที่ส่งคืนแก้ไข", "Activities to be corrected", widget="checkboxes", choices="activities", default=(),
        help_th="เลือกเมื่อส่งคืน", help_en="When it is returned",
    )  # fmt: skip
    comment: LongText = ask("ข้อคิดเห็น", "Comment", widget="textarea", rows=3, default="")


class PlanRevision(Form):
    """Written criteria have come: the province's office says which activities have to be planned anew."""

    title_th: ClassVar[str] = "ปรับแผนตามหลักเกณฑ์ที่สำนักงาน ก.พ.ร. กำหนดใหม่"
    title_en: ClassVar[str] = "Revise the plan under the new criteria"

    activities: tuple[Identifier, ...] = ask(
        "กิจกรรมที่ต้องปรับแผน", "Activities to be planned anew", widget="checkboxes", choices="activities", min_length=1
    )
    note: LongText = ask("แนวทางการปรับแผน", "How to revise", widget="textarea", rows=3, default="")


# --- criteria of the central office ------------------------------------------------------------------------


class CriteriaOrder(Form):
    """สำนักงาน ก.พ.ร. issues written criteria to every running case (S3, 4)."""

    title_th: ClassVar[str] = "แจ้งหลักเกณฑ์มาตรการ 6 เรื่องเป็นลายลักษณ์อักษร"
    title_en: ClassVar[str] = "Issue written criteria for the six measures"

    reference: ShortText = ask(
        "เลขที่หนังสือ", "Number of the letter", help_th="ตามทะเบียนหนังสือส่ง", help_en="By the register"
    )
    on: date = ask("ลงวันที่", "Dated", widget="date")
    text: LongText = ask("หลักเกณฑ์และแนวทาง", "Criteria", widget="textarea", rows=6, min_length=1)
    files: FilesIfAny = ask(
        "แฟ้มหนังสือและหลักเกณฑ์", "Files of the letter and the criteria", widget="files", default=(),
        help_th="ทุกจังหวัดที่ต้องปรับแผนจะเห็นแฟ้มเหล่านี้ในแบบฟอร์ม",
        help_en="Every province that revises its plan finds them beside the form",
    )  # fmt: skip


class CriteriaIssued(Record):
    """Message: the criteria as they came to a province."""

    reference: ShortText
    on: date
    text: LongText
    files: FilesIfAny = ()


# --- the plan ----------------------------------------------------------------------------------------------


class Activity(Record):
    """An activity of the plan; its key stays the same in all versions."""

    key: Identifier
    source: Source
    th: ShortText
    owner: UnitId
    plan: SavingPlan | OutputPlan | ActivityPlan

    @property
    def start(self) -> date:
        return date.fromisoformat(f"{self.plan.start}-01")

    @property
    def target(self) -> Decimal:
        """Of an activity that is measured; energy has none (S3 names none)."""
        assert isinstance(self.plan, SavingPlan | OutputPlan), self.key
        return self.plan.target

    @property
    def baselines(self) -> str:
        """Of paper and of the budget."""
        assert isinstance(self.plan, SavingPlan), self.key
        return self.plan.baselines


class MeasuresPlan(Record):
    """The plan as the governor approved it and as it went to สำนักงาน ก.พ.ร."""

    version: int = Field(ge=1)
    counted: bool
    """Whether the six are among the twelve activities of KPI 4.2."""
    activities: tuple[Activity, ...]
    criteria: CriteriaIssued | None = None
    """What made this version; none for the first."""
    sent_at: Moment
    late: bool = False
    """The first version, sent after the day that the order gives."""
    papers: tuple[AttachedFile, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        refuse_repeats("activities", (activity.key for activity in self.activities))
        return self

    def activity(self, key: str) -> Activity | None:
        return next((activity for activity in self.activities if activity.key == key), None)
