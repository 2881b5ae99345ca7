"""Collecting opinions on a draft strategy (requirements P4; S0 line 40)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from schemas.attachment import FilesIfAny
from schemas.base import Identifier, LongText, Moment, Record, ShortText, UnitId
from schemas.form import Form, ask
from schemas.weekly import ReviewDecision


class OpinionCase(Record):
    """Input: an open call to agencies. The source names no date, so the caller must (requirements P4)."""

    no: Identifier
    subject: ShortText
    text: LongText
    agencies: tuple[UnitId, ...]
    due: Moment
    attachments: FilesIfAny = ()
    """The draft on which opinions are asked for."""


class OpinionCall(Form):
    """The secretariat opens a call for opinions."""

    title_th: ClassVar[str] = "เปิดรับความเห็นต่อร่างยุทธศาสตร์"
    title_en: ClassVar[str] = "Open a call for opinions"

    subject: ShortText = ask("เรื่อง", "Subject")
    text: LongText = ask("รายละเอียด", "Details", widget="textarea", rows=6)
    attachments: FilesIfAny = ask(
        "ร่างยุทธศาสตร์และเอกสารประกอบ", "The draft and its annexes", widget="files", default=(),
        help_th="ทุกส่วนราชการจะเห็นเอกสารเหล่านี้ในแบบฟอร์มให้ความเห็น",
        help_en="Every agency finds them beside the form on which it writes",
    )  # fmt: skip
    due_on: date = ask("กำหนดส่งความเห็น", "Opinions due on", widget="date")


class Opinion(Form):
    """The planning unit writes the agency's opinion."""

    title_th: ClassVar[str] = "ให้ความเห็นต่อร่างยุทธศาสตร์"
    title_en: ClassVar[str] = "Opinion on the draft strategy"

    item: ShortText = ask("ประเด็นยุทธศาสตร์ที่เกี่ยวข้อง", "Strategy item concerned")
    opinion: LongText = ask("ความเห็น", "Opinion", widget="textarea", rows=8)
    attachments: FilesIfAny = ask("เอกสารประกอบ", "Documents", widget="files", default=())


class OpinionApproval(Form):
    """The agency head approves the opinion, or returns it."""

    title_th: ClassVar[str] = "เห็นชอบความเห็นของส่วนราชการ"
    title_en: ClassVar[str] = "Approve the agency's opinion"

    decision: ReviewDecision = ask("ผลการพิจารณา", "Decision", widget="radio", default=ReviewDecision.APPROVE)
    comment: LongText = ask("ข้อคิดเห็น", "Comment", widget="textarea", rows=3, default="")


class OverviewOrder(Form):
    """The permanent secretary names the unit that writes the ministry's overview (S0 line 40)."""

    title_th: ClassVar[str] = "มอบหมายหน่วยงานจัดทำภาพรวมกระทรวง"
    title_en: ClassVar[str] = "Name the unit that writes the overview"

    unit: UnitId = ask("หน่วยงานที่มอบหมาย", "Unit", widget="select", choices="units")
    note: LongText = ask("ข้อสั่งการ", "Order", widget="textarea", rows=3, default="")


class CollectionClosing(Form):
    """After the due date the secretariat may go on without the agencies that have not answered."""

    title_th: ClassVar[str] = "ปิดรับความเห็นโดยไม่รอหน่วยงานที่ยังไม่ส่ง"
    title_en: ClassVar[str] = "Close the collection without the missing agencies"

    note: LongText = ask("เหตุผล", "Reason", widget="textarea", rows=3, default="")


class Overview(Form):
    """The ministry's overview of all opinions."""

    title_th: ClassVar[str] = "จัดทำภาพรวมความเห็นของกระทรวง"
    title_en: ClassVar[str] = "The ministry's overview"

    overview: LongText = ask("ภาพรวมความเห็นของกระทรวง", "Overview", widget="textarea", rows=12)


class AgencyOpinion(Record):
    agency: UnitId
    agency_th: str
    item: str
    opinion: str
    attachments: FilesIfAny = ()
    approved_at: Moment


class OpinionOutcome(Record):
    opinions: tuple[AgencyOpinion, ...]
    overview: str
    overview_by: UnitId
