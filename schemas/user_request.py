"""A unit asks for one more user of the system (S0 line 33); the worked example of docs/how-to/new-process.md."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from schemas.attachment import AttachedFile
from schemas.base import LongText, Record, ShortText, UnitId
from schemas.directive import UserRequest
from schemas.form import Form, ask
from schemas.organisation import EmailAddress


class UserRequestCase(Record):
    """Input: who is to have an account in the unit, and why."""

    request: UserRequest
    reason: LongText


class UserRequestOffice(Record):
    """Who is concerned, as looked up when the request was made."""

    unit_th: str
    planning_unit_th: str
    """The unit that speaks for the agency in the system; the unit itself where there is none."""
    administration: UnitId


class UserRequestOrder(Form):
    """An officer asks for a further user of the own unit."""

    title_th: ClassVar[str] = "ขอเพิ่มบัญชีผู้ใช้"
    title_en: ClassVar[str] = "Ask for a further user"

    name: ShortText = ask("ชื่อ–สกุล", "Name")
    position: ShortText = ask("ตำแหน่ง", "Position")
    email: EmailAddress = ask("อีเมล", "E-mail", widget="email")
    phone: str = ask("โทรศัพท์", "Telephone", widget="tel", default="")
    reason: LongText = ask("เหตุผลความจำเป็น", "Why it is needed", widget="textarea", rows=3, min_length=1)


class EndorsementDecision(StrEnum):
    ENDORSE = "endorse"
    DECLINE = "decline"


class UserRequestEndorsement(Form):
    """The head of the unit endorses the request, or declines it."""

    title_th: ClassVar[str] = "พิจารณาคำขอ User เพิ่มของหน่วยงาน"
    title_en: ClassVar[str] = "Endorse the unit's request for a user"

    decision: EndorsementDecision = ask(
        "ผลการพิจารณา", "Decision", widget="radio", default=EndorsementDecision.ENDORSE
    )  # fmt: skip
    comment: LongText = ask("เหตุผล (กรณีไม่เห็นชอบ)", "Reason (if declined)", widget="textarea", rows=3, default="")


class UserRequestOutcome(Record):
    granted: bool
    reason: str = ""
    """Why it was declined or refused."""
    papers: tuple[AttachedFile, ...] = ()
