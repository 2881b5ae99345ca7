"""The KPI framework of a fiscal year, and the KPIs that provinces set under it (S4; requirements P13)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from schemas.attachment import AttachedFile
from schemas.base import FiscalYear, LongText, Moment, Record, ShortText, UnitId
from schemas.form import Form, ask
from schemas.refusal import refuse_repeats
from schemas.weekly import ReviewDecision


class Plan(StrEnum):
    """What the framework of FY2563 is built on (S4, line 8)."""

    NATIONAL = "national"
    MASTER = "master"
    GOVERNMENT = "government"
    REGIONAL = "regional"
    PROVINCIAL = "provincial"


PLAN_TH = {
    Plan.NATIONAL: "ยุทธศาสตร์ชาติ",
    Plan.MASTER: "แผนแม่บท",
    Plan.GOVERNMENT: "นโยบายรัฐบาล",
    Plan.REGIONAL: "แผนพัฒนาภาค",
    Plan.PROVINCIAL: "แผนพัฒนาจังหวัด",
}
PLAN_EN = {
    Plan.NATIONAL: "National strategy",
    Plan.MASTER: "Master plan",
    Plan.GOVERNMENT: "Government policy",
    Plan.REGIONAL: "Regional plan",
    Plan.PROVINCIAL: "Provincial plan",
}


FRAMEWORK_TH = "กรอบการประเมินส่วนราชการตามมาตรการปรับปรุงประสิทธิภาพในการปฏิบัติราชการของจังหวัด"
"""The framework's official name (S4, line 16)."""


class Province(Record):
    """A province: the office that drafts for it, and the unit whose head adopts."""

    unit: UnitId
    """สำนักงานจังหวัด, the planning unit."""
    governor: UnitId
    """The province itself; its head adopts."""
    th: ShortText


class FrameworkCase(Record):
    """Input: one fiscal year, all provinces."""

    fiscal_year: FiscalYear
    sender: UnitId
    """The division of สำนักงาน ก.พ.ร. that drafts and advises."""
    issuer: UnitId
    provinces: tuple[Province, ...] = Field(min_length=1)
    briefing_at: Moment
    workshop_opens: Moment
    workshop_closes: Moment
    publish_by: Moment
    """The last moment before the fiscal year begins (R4.4)."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        refuse_repeats("provinces", (province.unit for province in self.provinces))
        return self


class FrameworkOffice(Record):
    """Who drafts and advises, as looked up when the case began."""

    sender_th: str
    issuer_th: str


class ComponentLine(Record):
    """A component of the assessment, last year and this year (S4, line 16)."""

    component: ShortText = ask("องค์ประกอบ", "Component", width=20)
    before: ShortText = ask("ปีที่แล้ว", "Last year", width=24)
    now: ShortText = ask("ปีนี้", "This year", width=24)


class ProvinceKpi(Record):
    """A KPI as a province drafts it (S4, lines 10 to 14)."""

    th: ShortText = ask("ชื่อตัวชี้วัด", "KPI", width=24)
    unit_of_measure: ShortText = ask("หน่วยวัด", "Unit of measure", width=8)
    years: Annotated[int, Field(ge=1, le=5)] = ask(
        "จำนวนปี", "Years", help_th="รายปี 1 ระยะยาว 3–5", help_en="1 a yearly one, 3 to 5 a long one", width=4
    )  # fmt: skip
    targets: ShortText = ask(
        "ค่าเป้าหมายรายปี", "Target of each year", help_th="คั่นด้วย /", help_en="divided by /", width=14
    )  # fmt: skip
    plan: Plan | None = ask("แผนที่เชื่อมโยง", "Linked to", widget="select", default=None)


Kpis = tuple[ProvinceKpi, ...]


class FrameworkOrder(Form):
    """The central office begins to draft the framework of a year."""

    title_th: ClassVar[str] = "จัดทำกรอบการประเมินและตัวชี้วัดจังหวัด"
    title_en: ClassVar[str] = "Draft the KPI framework of a year"

    fiscal_year: FiscalYear = ask("ปีงบประมาณ พ.ศ.", "Fiscal year (B.E.)")
    briefing_on: date = ask("วันประชุมชี้แจง", "Briefing on", widget="date")
    workshop_from: date = ask("ประชุมเชิงปฏิบัติการ ตั้งแต่วันที่", "Workshop from", widget="date")
    workshop_to: date = ask("ถึงวันที่", "to", widget="date")


class FrameworkDraft(Form):
    """The framework with its comparison, before the briefing."""

    title_th: ClassVar[str] = "จัดทำร่างกรอบการประเมิน"
    title_en: ClassVar[str] = "Draft the framework"

    principles: LongText = ask(
        "หลักในการกำหนดตัวชี้วัด", "Principles of KPI setting", widget="textarea", rows=6, min_length=1
    )
    components: tuple[ComponentLine, ...] = ask(
        "เปรียบเทียบรายองค์ประกอบ", "Comparison by component", widget="rows", rows=3, default=(), required_mark=True
    )  # fmt: skip
    letter_no: ShortText = ask(
        "เลขที่หนังสือเวียนแจ้งจังหวัด", "Number of the circular to provinces",
        help_th="ตามทะเบียนหนังสือส่ง", help_en="By the outgoing register",
    )  # fmt: skip


class ProvinceDraft(Form):
    """A province drafts its three to five KPIs, or revises them."""

    title_th: ClassVar[str] = "จัดทำร่างตัวชี้วัดของจังหวัด"
    title_en: ClassVar[str] = "Draft the province's KPIs"

    kpis: Kpis = ask(
        "ตัวชี้วัด", "KPIs", widget="rows", rows=5, default=(), required_mark=True,
        help_th="3–5 ตัวชี้วัดที่สำคัญเท่านั้น", help_en="Three to five important ones only",
    )  # fmt: skip
    note: LongText = ask("คำชี้แจง", "Note", widget="textarea", rows=3, default="")


class Advice(Form):
    """สำนักงาน ก.พ.ร. advises; its advice is no veto (S4, line 14)."""

    title_th: ClassVar[str] = "ให้คำแนะนำต่อร่างตัวชี้วัดของจังหวัด"
    title_en: ClassVar[str] = "Advise on the province's KPIs"

    comment: LongText = ask(
        "คำแนะนำ", "Advice", widget="textarea", rows=5, default="",
        help_th="เว้นว่างไว้หากไม่มีข้อแนะนำ", help_en="Blank if there is none",
    )  # fmt: skip


class Adoption(Form):
    """The governor adopts the KPIs, or returns them."""

    title_th: ClassVar[str] = "เห็นชอบตัวชี้วัดของจังหวัด"
    title_en: ClassVar[str] = "Adopt the province's KPIs"

    decision: ReviewDecision = ask("ผลการพิจารณา", "Decision", widget="radio", default=ReviewDecision.APPROVE)
    comment: LongText = ask("ข้อคิดเห็น", "Comment", widget="textarea", rows=3, default="")


class Adopted(Record):
    """The KPIs of a province as adopted."""

    unit: UnitId
    kpis: Kpis
    at: Moment


class Published(Record):
    """The framework as it was published."""

    papers: tuple[AttachedFile, ...]
    missing: tuple[UnitId, ...]
    """Provinces that had adopted nothing by then; their governors were told."""


class FrameworkOutcome(Record):
    adopted: tuple[Adopted, ...]
    missing_at_first: tuple[UnitId, ...]
    papers: tuple[AttachedFile, ...]
