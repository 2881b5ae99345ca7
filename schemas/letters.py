"""Papers that go out over a signature: the agreement, letters, orders, announcements (requirements 3.4, 4.6)."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from schemas.appeal import AppealKind
from schemas.base import FiscalYear, LongText, Record, ShortText
from schemas.criteria import KpiNumber
from schemas.directive import Urgency
from schemas.kpi import Round
from schemas.refusal import refuse_repeats


class Signatory(Record):
    """Who signs, and when; without a name or a day the line is left dotted, to be filled in by hand."""

    name: str = ""
    """With the title: «นางสาวสมศรี ใจดี»."""
    position: ShortText
    """In full: «อธิบดีกรมการพัฒนาชุมชน»."""
    signed_on: date | None = None


class AgreementParties(Record):
    """Between whom an agreement stands."""

    maker: Signatory
    """ผู้ทำคำรับรอง: the head of the agency."""
    receiver: Signatory
    """ผู้รับคำรับรอง: the permanent secretary."""


class Notice(Record):
    """An order (คำสั่ง) or an announcement (ประกาศ) of an agency."""

    issuer_th: ShortText
    """The agency: «กรมการพัฒนาชุมชน»."""
    no: str = ""
    """«123/2556»; announcements have none."""
    subject: ShortText
    grounds: LongText
    """The first paragraph: on what it rests and why."""
    signatory: Signatory
    """Signs on the day of issue."""


class OfficialLetter(Record):
    """The frame of an external letter (หนังสือภายนอก)."""

    urgency: Urgency = Urgency.NORMAL
    no: str = ""
    """«มท 0408/1234»; the registry gives it when the letter goes out, until then the line is left dotted."""
    sender_th: ShortText
    address: LongText = ""
    on: date
    subject: ShortText
    to: ShortText
    """«เลขาธิการ ก.พ.ร.»."""
    references: tuple[ShortText, ...] = ()
    """อ้างถึง."""
    enclosures: tuple[ShortText, ...] = ()
    """สิ่งที่ส่งมาด้วย, each with its number of copies."""
    signatory: Signatory
    owner_th: ShortText
    """ส่วนราชการเจ้าของเรื่อง: the office, and its group on a line of its own."""
    phone: str = ""
    fax: str = ""
    email: str = ""


class AppealPoint(Record):
    """One KPI, what stands, what is asked for, and why."""

    number: KpiNumber
    th: ShortText
    original: ShortText
    requested: ShortText
    reasons: LongText
    evidence: tuple[LongText, ...] = ()


class AppealLetter(Record):
    """หนังสืออุทธรณ์ (P9)."""

    letter: OfficialLetter
    fiscal_year: FiscalYear
    round: Round | None = None
    """The round of the score; none in an appeal against the negotiation."""
    kind: AppealKind
    notified_by: ShortText
    """«สำนักงาน ก.พ.ร.»."""
    notified_on: date
    """When the agency was told what it appeals against."""
    points: tuple[AppealPoint, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_a_kpi(self) -> Self:
        refuse_repeats("points", (point.number for point in self.points))
        return self
