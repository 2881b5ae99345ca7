"""A minister's directive (ข้อสั่งการ) and the forms of its lifecycle (requirements P1; source S0)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import ClassVar

from schemas.attachment import FilesIfAny
from schemas.base import CaseId, Identifier, LongText, Moment, OfficerId, Record, ShortText, UnitId
from schemas.form import Form, ask
from schemas.organisation import EmailAddress


class Level(StrEnum):
    """The four levels of S0 lines 13 to 17, in the order in which they are printed."""

    GENERAL = "general"
    CONTINUOUS = "continuous"
    COMPLETED = "completed"
    IN_PROGRESS = "in_progress"


LEVEL_TH = {
    Level.GENERAL: "ทั่วไป",
    Level.CONTINUOUS: "ต่อเนื่อง",
    Level.COMPLETED: "แล้วเสร็จ",
    Level.IN_PROGRESS: "อยู่ระหว่างดำเนินการ",
}
LEVEL_EN = {
    Level.GENERAL: "General",
    Level.CONTINUOUS: "Continuous",
    Level.COMPLETED: "Completed",
    Level.IN_PROGRESS: "In progress",
}
LEVEL_NUMBER = {
    Level.GENERAL: "2.1",
    Level.CONTINUOUS: "2.2",
    Level.COMPLETED: "2.3",
    Level.IN_PROGRESS: "2.4",
}


class Nature(StrEnum):
    """What the directive is, whatever its weekly level says; kept when it is completed (S0, reading defended)."""

    GENERAL = "general"
    CONTINUOUS = "continuous"


class Urgency(StrEnum):
    """ชั้นความเร็ว (requirements 3.4)."""

    MOST_URGENT = "most_urgent"
    VERY_URGENT = "very_urgent"
    URGENT = "urgent"
    NORMAL = "normal"


URGENCY_TH = {
    Urgency.MOST_URGENT: "ด่วนที่สุด",
    Urgency.VERY_URGENT: "ด่วนมาก",
    Urgency.URGENT: "ด่วน",
    Urgency.NORMAL: "ปกติ",
}
URGENCY_EN = {
    Urgency.MOST_URGENT: "Most urgent",
    Urgency.VERY_URGENT: "Very urgent",
    Urgency.URGENT: "Urgent",
    Urgency.NORMAL: "Normal",
}


class ReportingMode(StrEnum):
    """Who keys the weekly report in (S0 lines 32 and 33)."""

    PLANNING_KEYS = "planning_keys"
    DIVISION_KEYS = "division_keys"


class Directive(Record):
    """One directive as registered by the secretariat."""

    no: Identifier
    """Running number within the year, for example `2561-0007`."""
    title: ShortText
    text: LongText
    source_meeting: ShortText
    ordered_by: ShortText
    ordered_on: date
    nature: Nature
    urgency: Urgency = Urgency.NORMAL
    attachments: FilesIfAny = ()


class DirectiveCase(Record):
    """Input of the directive lifecycle: one case per directive and agency."""

    directive: Directive
    agency: UnitId
    registered_at: Moment
    rerouted_from: CaseId | None = None


class DirectiveOutcome(Record):
    """Result of the directive lifecycle."""

    ending: str
    """`completed`, `rerouted` or `withdrawn`."""
    completed_on: date | None = None
    rerouted_to: CaseId | None = None


class DirectiveCompleted(Record):
    """Message from the weekly cycle: the final report was accepted (R0.3)."""

    week: CaseId
    completed_on: date


# --- forms -------------------------------------------------------------------------------------------------


class Registration(Form):
    """Step 1: the secretariat registers a directive."""

    title_th: ClassVar[str] = "ลงทะเบียนข้อสั่งการ"
    title_en: ClassVar[str] = "Register a directive"

    title: ShortText = ask("เรื่อง", "Subject")
    text: LongText = ask("ข้อสั่งการ", "Text of the directive", widget="textarea", rows=6)
    source_meeting: ShortText = ask("ที่มา (การประชุม)", "Source (meeting)", default="การประชุมผู้บริหารกระทรวง")
    ordered_by: ShortText = ask("ผู้สั่งการ", "Ordered by")
    ordered_on: date = ask("วันที่สั่งการ", "Ordered on", widget="date")
    nature: Nature = ask("ลักษณะข้อสั่งการ", "Nature", widget="radio", default=Nature.GENERAL)
    urgency: Urgency = ask("ชั้นความเร็ว", "Urgency", widget="radio", default=Urgency.NORMAL)
    attachments: FilesIfAny = ask(
        "เอกสารประกอบ", "Documents", widget="files", default=(),
        help_th="เช่น รายงานการประชุมหรือบันทึกสั่งการ ผู้รับทุกขั้นตอนจะเห็นเอกสารเหล่านี้ในแบบฟอร์ม",
        help_en="Such as the minute or the order; whoever receives the directive finds them beside the form",
    )  # fmt: skip
    agencies: tuple[UnitId, ...] = ask(
        "ส่วนราชการที่รับผิดชอบ", "Responsible agencies", widget="checkboxes", choices="agencies", min_length=1
    )


class ReceiptDecision(StrEnum):
    ACCEPT = "accept"
    NOT_OURS = "not_ours"


class Receipt(Form):
    """Step 3: the planning unit acknowledges, or says that the directive is not for this agency."""

    title_th: ClassVar[str] = "รับทราบข้อสั่งการ"
    title_en: ClassVar[str] = "Acknowledge the directive"

    decision: ReceiptDecision = ask("ผลการพิจารณา", "Decision", widget="radio", default=ReceiptDecision.ACCEPT)
    reason: LongText = ask(
        "เหตุผล (กรณีไม่ใช่ภารกิจของหน่วยงาน)",
        "Reason (if it is not for this agency)",
        widget="textarea",
        rows=3,
        default="",
    )


class RerouteDecision(StrEnum):
    REROUTE = "reroute"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"


class Reroute(Form):
    """The secretariat decides on a directive that an agency says is not its own."""

    title_th: ClassVar[str] = "พิจารณาส่งต่อข้อสั่งการ"
    title_en: ClassVar[str] = "Decide where the directive belongs"

    decision: RerouteDecision = ask("ผลการพิจารณา", "Decision", widget="radio", default=RerouteDecision.REROUTE)
    agency: UnitId | None = ask("ส่งต่อให้ส่วนราชการ", "Send to agency", widget="select", choices="agencies", default=None)
    reason: LongText = ask("เหตุผล", "Reason", widget="textarea", rows=3, default="")


class Assignment(Form):
    """Step 4: the planning unit assigns divisions and says who keys the reports in."""

    title_th: ClassVar[str] = "มอบหมายสำนัก/กอง"
    title_en: ClassVar[str] = "Assign divisions"

    divisions: tuple[UnitId, ...] = ask(
        "สำนัก/กองที่รับผิดชอบ", "Responsible divisions", widget="checkboxes", choices="divisions", min_length=1
    )
    lead: UnitId = ask("หน่วยงานหลัก", "Lead division", widget="select", choices="divisions")
    mode: ReportingMode = ask(
        "ผู้บันทึกรายงานในระบบ", "Who keys the report in", widget="radio", default=ReportingMode.DIVISION_KEYS
    )
    note: LongText = ask("ข้อความถึงสำนัก/กอง", "Note to the divisions", widget="textarea", rows=3, default="")
    extra_user_name: str = ask(
        "ขอเพิ่มบัญชีผู้ใช้: ชื่อ–สกุล", "Extra user: name", default="",
        help_th="กรอกเฉพาะเมื่อหน่วยงานหลักต้องการผู้ใช้งานเพิ่ม", help_en="Only if the lead division needs one more user",
    )  # fmt: skip
    extra_user_position: str = ask("ขอเพิ่มบัญชีผู้ใช้: ตำแหน่ง", "Extra user: position", default="")
    extra_user_email: EmailAddress | None = ask("ขอเพิ่มบัญชีผู้ใช้: อีเมล", "Extra user: e-mail", widget="email", default=None)
    extra_user_phone: str = ask("ขอเพิ่มบัญชีผู้ใช้: โทรศัพท์", "Extra user: phone", widget="tel", default="")


class AcceptanceDecision(StrEnum):
    ACCEPT = "accept"
    RETURN = "return"


class Acceptance(Form):
    """Step 6: a division accepts the assignment, or returns it with a reason."""

    title_th: ClassVar[str] = "รับมอบหมายข้อสั่งการ"
    title_en: ClassVar[str] = "Accept the assignment"

    decision: AcceptanceDecision = ask("ผลการพิจารณา", "Decision", widget="radio", default=AcceptanceDecision.ACCEPT)
    reason: LongText = ask("เหตุผลที่ส่งคืน", "Reason for the return", widget="textarea", rows=3, default="")


class UserGrantDecision(StrEnum):
    GRANT = "grant"
    REFUSE = "refuse"


class UserGrant(Form):
    """Step 5: the administrator grants or refuses the extra user; refusal means that the planning unit keys in."""

    title_th: ClassVar[str] = "พิจารณาคำขอ User เพิ่ม"
    title_en: ClassVar[str] = "Decide on the extra user"

    decision: UserGrantDecision = ask("ผลการพิจารณา", "Decision", widget="radio", default=UserGrantDecision.GRANT)
    reason: LongText = ask("เหตุผล (กรณีไม่อนุมัติ)", "Reason (if refused)", widget="textarea", rows=3, default="")


class UserRequest(Record):
    """คำขอ User เพิ่ม (S0 line 33)."""

    name: ShortText
    position: str
    unit: UnitId
    email: EmailAddress
    phone: str = ""
    requested_by: OfficerId | None = None
