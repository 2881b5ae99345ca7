"""The performance-agreement cycle of one agency and fiscal year: its case, its forms, its outcome (requirements P5)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from schemas.appeal import AppealOutcome
from schemas.attachment import AttachedFiles
from schemas.award_case import AwardOutcome
from schemas.base import CaseId, DayIfAny, FiscalYear, LongText, Moment, OfficerId, Record, ShortText, UnitId
from schemas.criteria import KpiNumber, Levels
from schemas.exact import Exact, Money, Score, Weight
from schemas.form import Form, ask
from schemas.kpi import BookCase, KpiBook
from schemas.sar import SarOutcome
from schemas.weekly import ReviewDecision


class AgreementCase(BookCase):
    """Input of the agreement cycle: the KPIs as the working group drafts them before the negotiation."""


def agreement_case_id(agency: UnitId, fiscal_year: FiscalYear) -> CaseId:
    return f"agreement-{fiscal_year}-{agency}"


class SignedAgreement(Record):
    """The agreement as signed by maker and receiver (S1, slide 7)."""

    made_on: date
    maker: str
    received_on: date
    receiver: str


class ChangeEnding(StrEnum):
    """What became of a request to change a KPI's details (P5 step 15)."""

    APPROVED = "approved"
    NOT_FORWARDED = "not_forwarded"
    REFUSED = "refused"
    TOO_LATE = "too_late"


CHANGE_ENDING_TH = {
    ChangeEnding.APPROVED: "อนุมัติ",
    ChangeEnding.NOT_FORWARDED: "กพร. ไม่เสนอสำนักงาน ก.พ.ร.",
    ChangeEnding.REFUSED: "สำนักงาน ก.พ.ร. ไม่อนุมัติ",
    ChangeEnding.TOO_LATE: "ไม่รับคำขอ เนื่องจากพ้นกำหนด",
}
CHANGE_ENDING_EN = {
    ChangeEnding.APPROVED: "Approved",
    ChangeEnding.NOT_FORWARDED: "Not forwarded to OPDC",
    ChangeEnding.REFUSED: "Refused by OPDC",
    ChangeEnding.TOO_LATE: "Not taken: after the closing date",
}


class ChangeRequested(Record):
    """Message to the year's case: an owner asks for other details of a KPI."""

    kpi: KpiNumber
    unit: UnitId
    officer: OfficerId
    target: Exact | None = None
    levels: Levels | None = None
    weight: Weight | None = None
    details: str = ""
    reason: ShortText
    requested_at: Moment


class ChangeResult(Record):
    """A request to change details, settled."""

    request: ChangeRequested
    ending: ChangeEnding
    reason: str = ""


class ChangeAsked(Record):
    """A request and what became of it; None while it is being decided."""

    request: ChangeRequested
    result: ChangeResult | None = None


class SurveyScored(Record):
    """Message from the National Statistical Office: the score of a satisfaction survey (P5 step 18)."""

    kpi: KpiNumber
    score: Score
    reference: ShortText


class AnnouncedScore(Record):
    """The score of one KPI as สำนักงาน ก.พ.ร. announced it."""

    number: KpiNumber
    score: Score
    remark: str = ""


class AgreementOutcome(Record):
    """Result of the agreement cycle."""

    book: KpiBook
    """The KPIs as they stood at the end of the year."""
    signed: SignedAgreement
    rounds: tuple[SarOutcome, ...]
    changes: tuple[ChangeResult, ...]
    announced: tuple[AnnouncedScore, ...]
    announced_at: Moment
    score_appeal: AppealOutcome
    final_score: Score | None
    """The official total after all appeals are decided."""
    award: AwardOutcome | None = None


# --- forms -------------------------------------------------------------------------------------------------


class BaselineForm(Form):
    """Step 1: a unit gathers what was achieved in the last three years (S1, slide 6)."""

    title_th: ClassVar[str] = "รวบรวมข้อมูลพื้นฐานของตัวชี้วัด"
    title_en: ClassVar[str] = "Gather the baselines of a KPI"

    last_year: Exact | None = ask("ผลการดำเนินงานปีที่แล้ว", "Last year's result", default=None,
                                  help_th="เว้นว่างได้หากไม่มีข้อมูล", help_en="Leave blank where there is none")  # fmt: skip
    two_years_ago: Exact | None = ask("ผลการดำเนินงาน 2 ปีก่อน", "Result two years ago", default=None)
    three_years_ago: Exact | None = ask("ผลการดำเนินงาน 3 ปีก่อน", "Result three years ago", default=None)
    data_source: LongText = ask(
        "แหล่งข้อมูล/วิธีการจัดเก็บข้อมูล", "Source of the data", widget="textarea", rows=3, min_length=1
    )


class KpiChoice(Form):
    """Step 2: the department's working group chooses the KPIs that it takes into the negotiation."""

    title_th: ClassVar[str] = "เลือกตัวชี้วัดของกรม"
    title_en: ClassVar[str] = "Choose the department's KPIs"

    kpis: tuple[str, ...] = ask("ตัวชี้วัดที่เสนอ", "KPIs proposed", widget="checkboxes", choices="kpis", min_length=1)
    note: LongText = ask("มติคณะทำงาน", "Resolution of the working group", widget="textarea", rows=3, default="")


class Consultation(Form):
    """Step 3: informal consultation with the ministry, the mission group and สำนักงาน ก.พ.ร."""

    title_th: ClassVar[str] = "บันทึกการหารือนอกรอบ"
    title_en: ClassVar[str] = "Record the informal consultation"

    ministry: LongText = ask("ความเห็นของกระทรวง", "The ministry's view", widget="textarea", rows=3, default="")
    mission_group: LongText = ask(
        "ความเห็นของกลุ่มภารกิจ", "The mission group's view", widget="textarea", rows=3, default=""
    )
    opdc: LongText = ask("ความเห็นของสำนักงาน ก.พ.ร.", "OPDC's view", widget="textarea", rows=3, default="")


class KpiValues(Record):
    """Values of a KPI: target, weight and, for a measured value, the five levels. What is left blank stays."""

    target: Exact | None = ask("ค่าเป้าหมาย", "Target", default=None)
    weight: Weight | None = ask("น้ำหนัก (ร้อยละ)", "Weight (per cent)", default=None)
    level_1: Exact | None = ask(
        "เกณฑ์ระดับ 1", "Level 1", default=None,
        help_th="กรอกครบทั้ง 5 ระดับ หรือเว้นว่างทั้งหมด", help_en="All five levels, or none",
    )  # fmt: skip
    level_2: Exact | None = ask("เกณฑ์ระดับ 2", "Level 2", default=None)
    level_3: Exact | None = ask("เกณฑ์ระดับ 3", "Level 3", default=None)
    level_4: Exact | None = ask("เกณฑ์ระดับ 4", "Level 4", default=None)
    level_5: Exact | None = ask("เกณฑ์ระดับ 5", "Level 5", default=None)

    @property
    def levels(self) -> tuple[Exact | None, ...]:
        return (self.level_1, self.level_2, self.level_3, self.level_4, self.level_5)


class NegotiatedKpi(KpiValues, Form):
    """Step 4: what executives and the negotiating committee of สำนักงาน ก.พ.ร. agreed on a KPI."""

    title_th: ClassVar[str] = "บันทึกผลการเจรจาตัวชี้วัดและค่าเป้าหมาย"
    title_en: ClassVar[str] = "Record what was negotiated on a KPI"

    note: LongText = ask("ข้อสังเกตจากการเจรจา", "Notes on the negotiation", widget="textarea", rows=3, default="")


class NegotiationNotice(Form):
    """Step 5: สำนักงาน ก.พ.ร. notifies the result; the window for appeals begins."""

    title_th: ClassVar[str] = "แจ้งผลการเจรจาตัวชี้วัด"
    title_en: ClassVar[str] = "Notify the result of the negotiation"

    reference: ShortText = ask("เลขที่หนังสือ", "Letter number")
    dated: DayIfAny = ask(
        "ลงวันที่", "Dated", widget="date", default=None,
        help_th="หนังสืออุทธรณ์จะอ้างถึงหนังสือฉบับนี้ด้วยเลขที่และวันที่",
        help_en="Letters of appeal refer to this letter by its number and date",
    )  # fmt: skip
    note: LongText = ask("ข้อความ", "Note", widget="textarea", rows=3, default="")


class Signature(Form):
    """Step 7: a party signs the agreement."""

    title_th: ClassVar[str] = "ลงนามคำรับรองการปฏิบัติราชการ"
    title_en: ClassVar[str] = "Sign the performance agreement"

    signed_on: date = ask("วันที่ลงนาม", "Signed on", widget="date")


class KpiDetails(KpiValues, Form):
    """Step 8: the unit that holds a KPI writes its details."""

    title_th: ClassVar[str] = "จัดทำรายละเอียดตัวชี้วัด"
    title_en: ClassVar[str] = "Write the details of a KPI"

    description: LongText = ask("คำอธิบาย/ขอบเขต", "Description and scope", widget="textarea", rows=5, min_length=1)
    formula: LongText = ask("สูตรการคำนวณ", "Formula", widget="textarea", rows=3, default="")
    data_source: LongText = ask(
        "แหล่งข้อมูล/วิธีการจัดเก็บข้อมูล", "Source of the data", widget="textarea", rows=3, min_length=1
    )


class DetailsCheck(Form):
    """Step 9: กพร. checks the details."""

    title_th: ClassVar[str] = "ตรวจสอบรายละเอียดตัวชี้วัด"
    title_en: ClassVar[str] = "Check the details of a KPI"

    decision: ReviewDecision = ask("ผลการตรวจ", "Decision", widget="radio", default=ReviewDecision.APPROVE)
    comment: LongText = ask("ข้อคิดเห็น", "Comment", widget="textarea", rows=3, default="")


class BookReceived(Form):
    """Step 10: a unit or a province has received the printed book."""

    title_th: ClassVar[str] = "รับเอกสารรายละเอียดตัวชี้วัด"
    title_en: ClassVar[str] = "Receive the book of KPI details"

    note: LongText = ask("หมายเหตุ", "Note", widget="textarea", rows=3, default="")


class Briefing(Form):
    """Step 11: the briefing was held."""

    title_th: ClassVar[str] = "บันทึกการประชุมชี้แจง"
    title_en: ClassVar[str] = "Record the briefing"

    held_on: date = ask("วันที่ประชุม", "Held on", widget="date")
    channel: ShortText = ask("ช่องทาง", "Channel", default="ระบบ Web Conference")
    attended: Annotated[int, Field(ge=0)] = ask("จำนวนผู้เข้าร่วม (คน)", "People present")


class ProvinceBudget(Form):
    """Step 12: the department allocates budget for the activities of a province."""

    title_th: ClassVar[str] = "จัดสรรงบประมาณให้จังหวัด"
    title_en: ClassVar[str] = "Allocate budget to a province"

    amount: Money = ask("จำนวนเงิน (บาท)", "Amount (baht)")
    note: LongText = ask("กิจกรรม", "Activities", widget="textarea", rows=3, default="")


class ProvinceEvidence(Form):
    """Step 13: a province has carried out the activities and gathers the evidence."""

    title_th: ClassVar[str] = "ส่งหลักฐานเชิงประจักษ์ของจังหวัด"
    title_en: ClassVar[str] = "Hand in a province's evidence"

    activities: LongText = ask("กิจกรรมที่ดำเนินการ", "Activities", widget="textarea", rows=5, min_length=1)
    evidence: LongText = ask("หลักฐานที่จัดเก็บ", "Evidence kept", widget="textarea", rows=3, min_length=1)
    attachments: AttachedFiles = ask("แฟ้มหลักฐาน", "Files of evidence", widget="files", default=())


class KpiChangeRequest(KpiValues, Form):
    """Step 15: an owner asks for other details of a KPI (until the closing date)."""

    title_th: ClassVar[str] = "ขอเปลี่ยนแปลงรายละเอียดตัวชี้วัด"
    title_en: ClassVar[str] = "Ask for other details of a KPI"

    kpi: KpiNumber = ask("ตัวชี้วัด", "KPI", widget="select", choices="kpis")
    details: LongText = ask("รายละเอียดที่ขอเปลี่ยนแปลง", "What should change", widget="textarea", rows=4, default="")
    reason: ShortText = ask("เหตุผลความจำเป็น", "Reason", widget="textarea", rows=3)


class ChangeCheck(Form):
    """Step 15: กพร. forwards the request to สำนักงาน ก.พ.ร., or not."""

    title_th: ClassVar[str] = "ตรวจสอบคำขอเปลี่ยนแปลงรายละเอียดตัวชี้วัด"
    title_en: ClassVar[str] = "Check a request to change a KPI"

    decision: ReviewDecision = ask("ผลการพิจารณา", "Decision", widget="radio", default=ReviewDecision.APPROVE)
    comment: LongText = ask("ข้อคิดเห็น", "Comment", widget="textarea", rows=3, default="")


class ChangeVerdict(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"


class ChangeDecision(Form):
    """Step 15: สำนักงาน ก.พ.ร. decides on the request."""

    title_th: ClassVar[str] = "พิจารณาคำขอเปลี่ยนแปลงรายละเอียดตัวชี้วัด"
    title_en: ClassVar[str] = "Decide a request to change a KPI"

    decision: ChangeVerdict = ask("ผลการพิจารณา", "Decision", widget="radio", default=ChangeVerdict.APPROVE)
    comment: LongText = ask("เหตุผล", "Reason", widget="textarea", rows=3, default="")


class AnnouncedKpi(Form):
    """Step 19: the score of a KPI as announced."""

    title_th: ClassVar[str] = "แจ้งผลคะแนนตัวชี้วัด"
    title_en: ClassVar[str] = "Announce the score of a KPI"

    score: Score = ask(
        "คะแนนที่ประกาศ", "Score", help_th="0 ถึง 5 ทศนิยมไม่เกิน 4 ตำแหน่ง", help_en="0 to 5, at most four decimals"
    )
    remark: LongText = ask("หมายเหตุ", "Remark", widget="textarea", rows=3, default="")


class SurveyReport(Form):
    """Step 18: the score of a satisfaction survey has come by letter and is recorded for the year."""

    title_th: ClassVar[str] = "บันทึกคะแนนสำรวจความพึงพอใจ"
    title_en: ClassVar[str] = "Record the score of a satisfaction survey"

    kpi: KpiNumber = ask("ตัวชี้วัด", "KPI", widget="select", choices="kpis")
    score: Score = ask("คะแนนที่ได้รับแจ้ง", "Score as notified", help_th="ไม่เกิน 5", help_en="At most 5")
    reference: ShortText = ask("เลขที่หนังสือ", "Letter number")
