"""A round of self-assessment reports (SAR): its case, its forms and its outcome (requirements P7, 4.6)."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from schemas.attachment import AttachedFile, AttachedFiles
from schemas.base import CaseId, FiscalYear, LongText, Moment, Record, ShortText, UnitId
from schemas.criteria import KpiNumber
from schemas.exact import Exact, Score
from schemas.form import Form, ask
from schemas.kpi import BookCase, Round
from schemas.sar_card import SarCard
from schemas.scorecard import Scorecard


class SarRoundCase(BookCase):
    """Input of a SAR round: the KPIs as agreed when it opens."""

    round: Round
    external: dict[KpiNumber, Score] = Field(default_factory=dict)
    """Scores that another body has supplied already, such as the satisfaction survey (P5 step 18)."""


def sar_case_id(agency: UnitId, fiscal_year: FiscalYear, round_: Round) -> CaseId:
    return f"sar-{fiscal_year}-{agency}-{round_}"


class KpiCard(SarCard):
    """A KPI's report as both have certified it, with the score that it makes."""

    score: Score | None
    """None where the agreement states no criteria."""
    files: tuple[AttachedFile, ...] = ()
    reported_at: Moment
    late: bool
    """Certified after the day by which the divisions' reports were due."""


class RoundScore(Record):
    """The round at one moment: what is certified by then, and the scorecard that follows."""

    at: Moment
    cards: tuple[KpiCard, ...]
    missing: tuple[KpiNumber, ...]
    """Active KPIs that are not certified yet."""
    card: Scorecard

    @property
    def late(self) -> tuple[KpiNumber, ...]:
        return tuple(card.number for card in self.cards if card.late)


class SarOutcome(Record):
    """Result of a SAR round."""

    round: Round
    final: RoundScore
    sent_on: Moment
    """When กพร. had keyed the e-SAR card, and for 6 and 12 months sent the book."""
    sent_late: bool
    reference: str
    acknowledged_at: Moment
    papers: tuple[AttachedFile, ...] = ()
    """e-SAR cards, and for 6 and 12 months the book and its summary, as approved."""


# --- forms -------------------------------------------------------------------------------------------------


class SarCardForm(Form):
    """Step 2: what a data keeper reports beside the result; on its own for a keeper who holds a part of the work."""

    title_th: ClassVar[str] = "รายงานผลการดำเนินงานตามตัวชี้วัด"
    title_en: ClassVar[str] = "Report on a KPI"

    explanation: LongText = ask(
        "คำชี้แจงการปฏิบัติงาน/มาตรการที่ได้ดำเนินการ", "What was done", widget="textarea", rows=5, min_length=1
    )
    success_factors: LongText = ask(
        "ปัจจัยสนับสนุนต่อการดำเนินงาน", "What helped", widget="textarea", rows=3, default=""
    )  # fmt: skip
    obstacles: LongText = ask("อุปสรรคต่อการดำเนินงาน", "What stood in the way", widget="textarea", rows=3, default="")
    attachments: AttachedFiles = ask("หลักฐานอ้างอิง", "Evidence", widget="files", default=())


class ValueReport(SarCardForm):
    """The result is a measured value."""

    value: Exact = ask("ผลการดำเนินงาน (ค่าที่วัดได้)", "Measured value", help_th="ใส่เฉพาะตัวเลข ทศนิยมไม่เกิน 8 ตำแหน่ง",
                       help_en="Figures only, at most eight decimals")  # fmt: skip
    calculation: LongText = ask(
        "สูตรและการแทนค่า", "Formula and values", widget="textarea", rows=2, default="",
        help_th="ต้องระบุเมื่อตัวชี้วัดมีสูตรการคำนวณ เช่น 4,320 × 100 ÷ 6,000 = 72",
        help_en="Required where the KPI has a formula, for example 4,320 × 100 ÷ 6,000 = 72",
    )  # fmt: skip


class MilestoneReport(SarCardForm):
    """The result is which steps were achieved."""

    done: tuple[str, ...] = ask(
        "ขั้นตอนที่ดำเนินการแล้วเสร็จ", "Steps achieved", widget="checkboxes", choices="steps", default=()
    )


class ExternalReport(SarCardForm):
    """The score was given by another body; the keeper records it with the evidence."""

    score: Score = ask("คะแนนที่หน่วยงานผู้ประเมินแจ้ง", "Score as notified", help_th="ไม่เกิน 5", help_en="At most 5")


class CertificationDecision(StrEnum):
    CERTIFY = "certify"
    REFUSE = "refuse"


class Certification(Form):
    """Steps 3 and 4: the KPI's supervisor, then กพร.; a refusal needs a remark and returns to the keeper [W-mds]."""

    title_th: ClassVar[str] = "รับรองผลการดำเนินงานตามตัวชี้วัด"
    title_en: ClassVar[str] = "Certify the report on a KPI"

    decision: CertificationDecision = ask(
        "ผลการพิจารณา", "Decision", widget="radio", default=CertificationDecision.CERTIFY
    )
    remark: LongText = ask("หมายเหตุ", "Remark", widget="textarea", rows=3, default="",
                           help_th="ต้องระบุเมื่อไม่อนุมัติ", help_en="Required when refused")  # fmt: skip


class ApprovalDecision(StrEnum):
    APPROVE = "approve"
    RETURN = "return"


class SarApproval(Form):
    """Step 6: the director-general approves the SAR, or returns it to กพร."""

    title_th: ClassVar[str] = "อนุมัติรายงานการประเมินผลตนเอง (SAR)"
    title_en: ClassVar[str] = "Approve the self-assessment report"

    decision: ApprovalDecision = ask("ผลการพิจารณา", "Decision", widget="radio", default=ApprovalDecision.APPROVE)
    remark: LongText = ask("ข้อสั่งการ", "Remark", widget="textarea", rows=3, default="")


class SarRevision(Form):
    """กพร. says which KPIs go back to their keepers after the director-general has returned the SAR."""

    title_th: ClassVar[str] = "แก้ไขรายงานการประเมินผลตนเอง (SAR)"
    title_en: ClassVar[str] = "Revise the self-assessment report"

    kpis: tuple[str, ...] = ask(
        "ตัวชี้วัดที่ส่งคืนให้แก้ไข", "KPIs that go back", widget="checkboxes", choices="kpis", default=(),
        help_th="ไม่เลือกเลยหมายถึงเสนออธิบดีอีกครั้งโดยไม่ส่งคืนตัวชี้วัดใด", help_en="None: it is put up again as it is",
    )  # fmt: skip
    comment: LongText = ask("ข้อความถึงผู้จัดเก็บข้อมูล", "Note to the keepers", widget="textarea", rows=3, min_length=1)


class SarSent(Form):
    """Step 7: กพร. has keyed the e-SAR card at สำนักงาน ก.พ.ร. and, for 6 and 12 months, sent the book."""

    title_th: ClassVar[str] = "ส่งรายงานและกรอก e-SAR Card"
    title_en: ClassVar[str] = "Send the report and key the e-SAR card in"

    reference: ShortText = ask("เลขที่หนังสือนำส่ง หรือเลขอ้างอิง e-SAR Card", "Letter number or e-SAR reference")
    note: LongText = ask("หมายเหตุ", "Note", widget="textarea", rows=3, default="")


class SarAcknowledged(Form):
    """Step 8: สำนักงาน ก.พ.ร. acknowledges; without an account of its own กพร. records the letter."""

    title_th: ClassVar[str] = "รับทราบรายงานของส่วนราชการ"
    title_en: ClassVar[str] = "Acknowledge the agency's report"

    reference: str = ask("เลขที่หนังสือตอบรับ", "Number of the acknowledging letter", default="")
    note: LongText = ask("หมายเหตุ", "Note", widget="textarea", rows=3, default="")
