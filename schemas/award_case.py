"""The case of an allocation of award money: its input, its forms and its outcome (requirements P10, 4.5)."""

from __future__ import annotations

import operator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from schemas.attachment import AttachedFile
from schemas.award import Award, AwardPolicy, AwardUnit, Factor, LeftOut, PersonAward, PersonGroup, Salary
from schemas.base import CaseId, FiscalYear, LongText, Moment, OfficerId, Record, Sha256, ShortText, UnitId
from schemas.exact import Money, ScoreAsPrinted
from schemas.form import Form, ask
from schemas.kpi import OwnerRole, YearCase
from schemas.office import Choices
from schemas.organisation import Duty
from schemas.refusal import refuse_repeats
from schemas.weekly import ReviewDecision


class AwardLine(Record):
    """A person's time in one unit within the fiscal year: one line of the unit's list.

    Who served in several units has a line in the list of each; who left has fewer months.
    """

    id: OfficerId = ask("รหัสประจำตัว", "Id", help_th="a–z 0–9", help_en="a–z 0–9", width=12)
    name: ShortText = ask("ชื่อ–สกุล", "Name", width=24)
    group: PersonGroup = ask("ประเภทบุคลากร", "Group", widget="select")
    executive: bool = ask("ผู้บริหาร", "Executive", widget="checkbox", default=False)
    salary: Salary = ask("เงินเดือน (บาท)", "Salary (baht)")
    months: Annotated[int, Field(ge=1, le=12)] = ask("เดือนที่ปฏิบัติงาน", "Months", width=4)
    role: OwnerRole | None = ask("บทบาทสูงสุดในตัวชี้วัด", "Highest part in a KPI", widget="select", default=None)
    performance: Factor = ask("ผลการปฏิบัติงาน", "Performance", help_th="ปกติ 1", help_en="1 as a rule",
                              default=Decimal(1), width=6)  # fmt: skip
    under_penalty: bool = ask("ถูกลงโทษทางวินัย", "Under penalty", widget="checkbox", default=False)


Lists = dict[UnitId, tuple[AwardLine, ...]]
"""The list of each unit."""


class AwardCase(YearCase):
    """Input: the final scores. The personnel records come as a message: this case is read by fewer than the year's."""

    total: ScoreAsPrinted
    """The official total after all appeals."""
    units: tuple[AwardUnit, ...]
    files: tuple[AttachedFile, ...] = ()
    """The final scores as announced, on paper."""
    roles: Annotated[dict[OfficerId, OwnerRole], Field(exclude_if=operator.not_)] = Field(default_factory=dict)
    """Each person's highest part in a KPI, as the table of owners and supporters (O&S) has it (S1 slide 15)."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        refuse_repeats("units", (unit.id for unit in self.units))
        return self


class StaffRecords(Record):
    """Message to the case: the personnel records by which the pots are split to the units (decision 26).

    A later one replaces an earlier one until กพร. has keyed in the pots.
    """

    staff: Lists
    """Everybody who served in a unit within the year, as the personnel records have it."""
    file: AttachedFile | None = None
    """The workbook in which they came, a document of the case; None where a program handed them in."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for unit, lines in self.staff.items():
            refuse_repeats(f"staff[{unit}]", (line.id for line in lines))
        return self

    @property
    def persons(self) -> int:
        """How many; who served in several units counts once."""
        return len({line.id for lines in self.staff.values() for line in lines})


def award_case_id(agency: UnitId, fiscal_year: FiscalYear) -> CaseId:
    return f"award-{fiscal_year}-{agency}"


class Eligibility(Record):
    """Whether the agency gets award money, and why."""

    eligible: bool
    th: str
    en: str


class AwardOffice(Record):
    """Who is concerned with the allocation, as looked up once and recorded in the case."""

    agency: UnitId
    agency_th: str
    psdg: UnitId
    psdg_th: str
    personnel: UnitId
    personnel_th: str
    committee: UnitId
    committee_duty: Duty
    committee_th: str
    finance: UnitId
    units: Choices
    policy: AwardPolicy
    step_days: int
    """Working days for each step."""

    def unit_th(self, unit: UnitId) -> str:
        return dict(self.units).get(unit, unit)


class UnitQuota(Record):
    """A unit's part of the two pots; it stays whatever becomes of the shares within the unit."""

    unit: UnitId
    operators: Money
    executives: Money


class AwardSplit(Record):
    """The pots split to the units by the personnel records."""

    quotas: tuple[UnitQuota, ...]
    """Units that get something."""
    by_records: Award
    """The allocation as the personnel records alone would have it: who is left out, and what nobody can get."""

    def quota(self, unit: UnitId) -> UnitQuota:
        return next(quota for quota in self.quotas if quota.unit == unit)


class UnitFrame(Record):
    """What the shares within one unit rest on, beside its list."""

    agency: UnitId
    fiscal_year: FiscalYear
    total: ScoreAsPrinted
    unit: AwardUnit
    quota: UnitQuota
    policy: AwardPolicy


class UnitShares(Record):
    """The shares of a unit's persons: together the unit's quota, to the satang."""

    unit: UnitId
    persons: tuple[PersonAward, ...]
    left_out: tuple[LeftOut, ...]


class ProposedShares(Record):
    """The shares that follow from the lists, and where the lists of two units do not agree about a person."""

    units: tuple[UnitShares, ...]
    conflicts: tuple[str, ...] = ()
    """In Thai; with any of them nothing is shared out."""


class AwardOrder(Record):
    """The order (คำสั่งจ่ายเงินรางวัล) and what it was printed from."""

    award: Award
    names: dict[OfficerId, str]
    reference: str
    """The letter by which the amounts were notified."""
    objections: tuple[tuple[UnitId, str], ...]
    """(unit, objection) that were upheld or not; the shares are those after them."""
    ordered_at: Moment
    pdf: Sha256 | None
    """None where there is nothing to pay."""
    files: tuple[AttachedFile, ...] = ()
    """The same, as it is named beside the form of whoever pays."""


class AwardOutcome(Record):
    """Result of the case."""

    eligibility: Eligibility
    order: AwardOrder | None = None
    paid_on: date | None = None
    payment_reference: str = ""


# --- forms -------------------------------------------------------------------------------------------------


class AwardAmounts(Form):
    """กพร. keys in the pots as สำนักงาน ก.พ.ร. and the Budget Bureau have notified them."""

    title_th: ClassVar[str] = "บันทึกวงเงินรางวัลที่ได้รับแจ้ง"
    title_en: ClassVar[str] = "Key in the award money as notified"

    operators: Money = ask("วงเงินรางวัลผู้ปฏิบัติงาน (บาท)", "Pot for operators (baht)")
    executives: Money = ask("วงเงินเพิ่มพิเศษผู้บริหาร (บาท)", "Pot for executives (baht)")
    reference: ShortText = ask("เลขที่หนังสือแจ้งวงเงิน", "Letter of notification")
    notified_on: date = ask("ลงวันที่", "Dated", widget="date")


class AwardProposal(Form):
    """A unit proposes its persons: who, how long, in which part and with what performance."""

    title_th: ClassVar[str] = "เสนอบัญชีรายชื่อผู้ได้รับเงินรางวัล"
    title_en: ClassVar[str] = "Propose the persons for award money"
    personal: ClassVar[bool] = True

    persons: tuple[AwardLine, ...] = ask(
        "บัญชีรายชื่อ", "List of persons", widget="rows", rows=3, default=(), required_mark=True,
        help_th="รวมผู้ที่โอน ย้าย หรือออกระหว่างปี ตามเดือนที่ปฏิบัติงานในหน่วยงานนี้ ลบรายชื่อโดยล้างทุกช่องในแถว",
        help_en="With those who left or moved, by their months in this unit. To drop a person, clear the whole line.",
    )  # fmt: skip
    note: LongText = ask("คำชี้แจง", "Note", widget="textarea", rows=3, default="")


class AwardListCheck(Form):
    """The personnel division, or กพร., checks all lists; it may send some back."""

    title_th: ClassVar[str] = "ตรวจสอบบัญชีรายชื่อและการจัดสรรเงินรางวัล"
    title_en: ClassVar[str] = "Check the lists and shares"
    personal: ClassVar[bool] = True

    decision: ReviewDecision = ask("ผลการตรวจสอบ", "Decision", widget="radio", default=ReviewDecision.APPROVE)
    units: tuple[UnitId, ...] = ask(
        "หน่วยงานที่ต้องแก้ไข", "Units that must correct", widget="checkboxes", choices="units", default=()
    )
    comment: LongText = ask("ข้อคิดเห็น", "Comment", widget="textarea", rows=3, default="")


class AwardApproval(Form):
    """The committee approves the shares, or sends lists back."""

    title_th: ClassVar[str] = "เห็นชอบการจัดสรรเงินรางวัล"
    title_en: ClassVar[str] = "Approve the shares"
    personal: ClassVar[bool] = True

    decision: ReviewDecision = ask("ผลการพิจารณา", "Decision", widget="radio", default=ReviewDecision.APPROVE)
    units: tuple[UnitId, ...] = ask(
        "หน่วยงานที่ต้องแก้ไข", "Units that must correct", widget="checkboxes", choices="units", default=()
    )
    comment: LongText = ask("ข้อคิดเห็น", "Comment", widget="textarea", rows=3, default="")


class ObjectionWish(StrEnum):
    OBJECT = "object"
    NONE = "none"


class AwardObjection(Form):
    """A unit hands in the objection of one of its persons, or says that there is none."""

    title_th: ClassVar[str] = "แจ้งข้อโต้แย้งการจัดสรรเงินรางวัล"
    title_en: ClassVar[str] = "Objection to the shares"
    personal: ClassVar[bool] = True

    wish: ObjectionWish = ask("ข้อโต้แย้ง", "Objection", widget="radio")
    person: ShortText | None = ask(
        "ผู้โต้แย้ง", "Who objects", default=None,
        help_th="ชื่อ–สกุล หากมีหลายรายให้ระบุทุกราย", help_en="Name; all of them where several object",
    )  # fmt: skip
    reasons: LongText = ask("เหตุผล", "Reasons", widget="textarea", rows=5, default="")


class AwardPayment(Form):
    """The finance division confirms that the money was paid as ordered."""

    title_th: ClassVar[str] = "ยืนยันการจ่ายเงินรางวัล"
    title_en: ClassVar[str] = "Confirm the payment"

    paid_on: date = ask("วันที่จ่าย", "Paid on", widget="date")
    amount: Money = ask("จำนวนเงินที่จ่ายทั้งสิ้น (บาท)", "Paid altogether (baht)")
    reference: ShortText = ask("เลขที่เอกสารการจ่าย", "Payment document")
