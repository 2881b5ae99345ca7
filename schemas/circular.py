"""Circular letters (หนังสือเวียน): recipients, receipts, who has not read it, and a second dispatch (S3; P12 step 1)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import Field, model_validator

from schemas.actor import Actor
from schemas.attachment import AttachedFile, FilesIfAny
from schemas.base import LongText, Moment, Record, ShortText, UnitId
from schemas.directive import Urgency
from schemas.form import Form, ask
from schemas.refusal import refuse_repeats


class Conclusion(StrEnum):
    """What the letter asks of who reads it (ภาคสรุป)."""

    NOTE = "note"
    COMPLY = "comply"
    CONSIDER = "consider"


CONCLUSION_TH = {
    Conclusion.NOTE: "จึงเรียนมาเพื่อทราบ",
    Conclusion.COMPLY: "จึงเรียนมาเพื่อทราบและถือปฏิบัติ",
    Conclusion.CONSIDER: "จึงเรียนมาเพื่อโปรดพิจารณา",
}
CONCLUSION_EN = {
    Conclusion.NOTE: "For information",
    Conclusion.COMPLY: "For information and compliance",
    Conclusion.CONSIDER: "For consideration",
}


class Recipient(Record):
    """A line of the list at the end of the letter (บัญชีรายชื่อแนบท้าย), in protocol order."""

    unit: UnitId
    """The unit that takes the letter in."""
    addressee: ShortText
    """The head to whom it is written: «พัฒนาการจังหวัดสมุทรสาคร»."""


class Circular(Record):
    """What the letter says."""

    no: ShortText
    """With its ว: «สค 0017.2/ว 14080»."""
    on: date
    urgency: Urgency = Urgency.NORMAL
    subject: ShortText
    to: ShortText = "หัวหน้าส่วนราชการที่เกี่ยวข้อง"
    """เรียน, as S3 has it; the list at the end names each."""
    text: LongText
    """Its paragraphs, one to a line, without the closing one."""
    references: tuple[ShortText, ...] = ()
    """อ้างถึง."""
    enclosures: tuple[ShortText, ...] = ()
    """สิ่งที่ส่งมาด้วย, each with its number of copies."""
    conclusion: Conclusion = Conclusion.NOTE


class CircularCase(Record):
    """Input of a circular, which another process may call."""

    sender: UnitId
    """The unit in charge (เจ้าของเรื่อง); it is told who has not read the letter."""
    issuer: UnitId
    """In whose name, and over whose head's signature, the letter goes out."""
    letter: Circular
    recipients: tuple[Recipient, ...] = Field(min_length=1)
    due: Moment | None = None
    """Until when receipt is acknowledged; None: what the urgency asks for (requirements 3.4)."""
    files: FilesIfAny = ()
    """What is enclosed, as far as it travels as files."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        refuse_repeats("recipients", (recipient.unit for recipient in self.recipients))
        return self


class Dispatch(Record):
    """Who is concerned and until when, as looked up when the letter goes out."""

    sender_th: str
    issuer_th: str
    due: Moment


class Receipts(Record):
    """How far a circular has been taken in, at the moment at which the sender is asked about it."""

    received: int
    missing: tuple[str, ...]
    """The addressees who have not acknowledged, in the order of the list."""


class CircularOrder(Form):
    """A unit sends a circular."""

    title_th: ClassVar[str] = "ส่งหนังสือเวียน"
    title_en: ClassVar[str] = "Send a circular"

    no: ShortText = ask(
        "เลขที่หนังสือ", "Number of the letter",
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
        help_th="หนึ่งรายการต่อหนึ่งบรรทัด พร้อมจำนวน เช่น สรุปผลการประชุม จำนวน 1 ชุด",
        help_en="One a line, with the number of copies",
    )  # fmt: skip
    files: FilesIfAny = ask(
        "แฟ้มสิ่งที่ส่งมาด้วย", "Files of the enclosures", widget="files", default=(),
        help_th="ผู้รับทุกหน่วยงานจะเปิดอ่านได้จากแบบตอบรับ",
        help_en="Every recipient can open them from the form of receipt",
    )  # fmt: skip
    conclusion: Conclusion = ask("คำลงท้ายเรื่อง", "Closing words", widget="select", default=Conclusion.NOTE)
    recipients: tuple[UnitId, ...] = ask("ผู้รับ", "Recipients", widget="checkboxes", choices="recipients", min_length=1)
    due_on: date | None = ask(
        "ขอให้ตอบรับภายในวันที่", "Receipt to be acknowledged by", widget="date", default=None,
        help_th="เว้นว่างไว้ ระบบจะกำหนดตามชั้นความเร็ว", help_en="Blank: what the urgency asks for",
    )  # fmt: skip


class CircularReceipt(Form):
    """A recipient acknowledges receipt."""

    title_th: ClassVar[str] = "ตอบรับหนังสือเวียน"
    title_en: ClassVar[str] = "Acknowledge the circular"

    note: LongText = ask("ข้อความถึงผู้ส่ง (ถ้ามี)", "Message to the sender, if any", widget="textarea", rows=3, default="")


class ChaseDecision(StrEnum):
    RESEND = "resend"
    CLOSE = "close"


CHASE_TH = {ChaseDecision.RESEND: "ส่งซ้ำไปยังหน่วยงานที่ยังไม่ตอบรับ", ChaseDecision.CLOSE: "ปิดเรื่องโดยไม่รอ"}
CHASE_EN = {
    ChaseDecision.RESEND: "Send again to those who have not answered",
    ChaseDecision.CLOSE: "Close without them",
}


class CircularChase(Form):
    """After the day set the sender sends the letter again, or closes without those who have not answered."""

    title_th: ClassVar[str] = "ติดตามหน่วยงานที่ยังไม่ตอบรับหนังสือเวียน"
    title_en: ClassVar[str] = "Follow up on recipients who have not answered"

    decision: ChaseDecision = ask("การดำเนินการ", "Decision", widget="radio", default=ChaseDecision.RESEND)
    note: LongText = ask("ข้อความหรือเหตุผล", "Message or reason", widget="textarea", rows=3, default="")
    again_on: date | None = ask(
        "ติดตามอีกครั้งวันที่", "Look again on", widget="date", default=None,
        help_th="กรณีส่งซ้ำ", help_en="When it is sent again",
    )  # fmt: skip


class Received(Record):
    """A receipt: who took the letter in, and when."""

    unit: UnitId
    by: Actor
    at: Moment
    note: str = ""


class ReceiptList(Record):
    """The list of receipts as it was printed."""

    sent_again: int
    papers: tuple[AttachedFile, ...]


class CircularOutcome(Record):
    received: tuple[Received, ...]
    """In the order of the list."""
    missing: tuple[UnitId, ...]
    """Those without whom it was closed."""
    sent_again: int
    papers: tuple[AttachedFile, ...] = ()
    """The letter, and the list with the receipts."""
