"""What people fill in when a province's KPIs are cascaded to persons (S2; requirements P11)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from schemas.appeal import SignDecision
from schemas.attachment import AttachedFiles
from schemas.base import FiscalYear, LongText, ShortText, UnitId
from schemas.cascade import AgreedKpi, AssessedKpi, AssessedLine, GroupKpi, IndividualKpi, KeyKpi
from schemas.form import Form, ask
from schemas.weekly import ReviewDecision


class CascadeOrder(Form):
    """The provincial office begins the cascade of a fiscal year."""

    title_th: ClassVar[str] = "ถ่ายทอดตัวชี้วัดและเป้าหมายสู่ระดับบุคคล"
    title_en: ClassVar[str] = "Cascade the province's KPIs to persons"

    fiscal_year: FiscalYear = ask("ปีงบประมาณ พ.ศ.", "Fiscal year (B.E.)")
    sar_6_due: date = ask("ส่งรายงานการประเมินตนเองรอบ 6 เดือน ภายใน", "Six-month self-assessment by", widget="date")
    sar_9_due: date = ask("รอบ 9 เดือน ภายใน", "Nine-month by", widget="date")
    sar_12_due: date = ask("รอบ 12 เดือน ภายใน", "Twelve-month by", widget="date")
    seminar_on: date = ask("วันสัมมนาป้องกันและปราบปรามการทุจริต", "Seminar against corruption on", widget="date")
    surveys_due: date = ask("ส่งผลสำรวจและแบบสอบถาม ภายใน", "Surveys and questionnaires by", widget="date")
    control_due: date = ask("รายงานการควบคุมภายใน ภายใน", "Internal control report by", widget="date")
    treasury: UnitId = ask(
        "หน่วยงานที่รวบรวมผลความพึงพอใจ", "Compiles satisfaction reports", widget="select", choices="members",
        help_th="สำนักงานคลังจังหวัด", help_en="The provincial treasury office",
    )  # fmt: skip
    statistics: UnitId = ask(
        "หน่วยงานที่เก็บแบบสอบถาม", "Collects questionnaires", widget="select", choices="members",
        help_th="สำนักงานสถิติจังหวัด", help_en="The provincial statistics office",
    )  # fmt: skip


class KeyKpiDraft(Form):
    """The key-KPI committee's proposal, as the office keys it in."""

    title_th: ClassVar[str] = "เสนอตัวชี้วัดที่สำคัญของจังหวัด"
    title_en: ClassVar[str] = "Propose the province's key KPIs"

    kpis: tuple[KeyKpi, ...] = ask(
        "ตัวชี้วัดที่สำคัญ", "Key KPIs", widget="rows", rows=7, default=(), required_mark=True,
        help_th="น้ำหนักรวม 100", help_en="The weights sum to 100",
    )  # fmt: skip
    note: LongText = ask("คำชี้แจง", "Note", widget="textarea", rows=3, default="")


class KeyKpiApproval(Form):
    """The governor approves the key KPIs, or returns them."""

    title_th: ClassVar[str] = "เห็นชอบตัวชี้วัดที่สำคัญของจังหวัด"
    title_en: ClassVar[str] = "Approve the province's key KPIs"

    decision: ReviewDecision = ask("ผลการพิจารณา", "Decision", widget="radio", default=ReviewDecision.APPROVE)
    comment: LongText = ask("ข้อคิดเห็น", "Comment", widget="textarea", rows=3, default="")


class AgencyAgreement(Form):
    """The head of an agency proposes its agreement and signs it."""

    title_th: ClassVar[str] = "จัดทำและลงนามคำรับรองของหน่วยงาน"
    title_en: ClassVar[str] = "Make and sign the agency's agreement"

    kpis: tuple[AgreedKpi, ...] = ask(
        "ระดับเป้าหมายรายตัวชี้วัด", "Level aimed at by KPI", widget="rows", rows=0, default=(), required_mark=True
    )


class GroupAgreement(Form):
    """The head of a group proposes its agreement and signs it."""

    title_th: ClassVar[str] = "จัดทำและลงนามคำรับรองของกลุ่มงาน"
    title_en: ClassVar[str] = "Make and sign the group's agreement"

    kpis: tuple[GroupKpi, ...] = ask(
        "ตัวชี้วัดที่กลุ่มงานรับผิดชอบ", "KPIs of the group", widget="rows", rows=3, default=(), required_mark=True,
        help_th="น้ำหนักรวม 100", help_en="The weights sum to 100",
    )  # fmt: skip


class IndividualAgreement(Form):
    """A person's own agreement: what the person accepts and signs (requirements P11)."""

    title_th: ClassVar[str] = "จัดทำและลงนามแบบกำหนดตัวชี้วัดรายบุคคล"
    title_en: ClassVar[str] = "Make and sign one's individual KPIs"

    position: ShortText = ask("ตำแหน่ง", "Position")
    kpis: tuple[IndividualKpi, ...] = ask(
        "ตัวชี้วัดรายบุคคล", "Individual KPIs", widget="rows", rows=3, default=(), required_mark=True,
        help_th="น้ำหนักรวม 100", help_en="The weights sum to 100",
    )  # fmt: skip


class IndividualAssessment(Form):
    """At the end of the year a person says which level was reached in each line (requirements P11; W-mfa)."""

    title_th: ClassVar[str] = "ประเมินผลตามแบบกำหนดตัวชี้วัดรายบุคคล"
    title_en: ClassVar[str] = "Assess one's individual KPIs"

    lines: tuple[AssessedLine, ...] = ask(
        "ผลรายตัวชี้วัด", "Result by line", widget="rows", rows=0, default=(), required_mark=True
    )
    note: LongText = ask("คำชี้แจง", "Note", widget="textarea", rows=3, default="")
    attachments: AttachedFiles = ask("หลักฐาน", "Evidence", widget="files", default=())


class IndividualConfirmation(Form):
    """The supervisor confirms the assessment, or returns it."""

    title_th: ClassVar[str] = "รับรองผลการประเมินรายบุคคล"
    title_en: ClassVar[str] = "Confirm an individual assessment"

    decision: ReviewDecision = ask("ผลการพิจารณา", "Decision", widget="radio", default=ReviewDecision.APPROVE)
    comment: LongText = ask("ข้อคิดเห็น", "Comment", widget="textarea", rows=3, default="")


class CascadeSignature(Form):
    """The other party signs: the governor, the head of the agency, the supervisor; or returns with a remark."""

    title_th: ClassVar[str] = "ลงนามคำรับรอง"
    title_en: ClassVar[str] = "Sign the agreement"

    decision: SignDecision = ask("ผลการพิจารณา", "Decision", widget="radio", default=SignDecision.SIGN)
    remark: LongText = ask("เหตุผลที่ส่งคืน", "Why it is returned", widget="textarea", rows=3, default="")


class SelfAssessment(Form):
    """An agency's self-assessment of a round (S2, lines 13 and 22)."""

    title_th: ClassVar[str] = "รายงานการประเมินตนเอง"
    title_en: ClassVar[str] = "Self-assessment report"

    kpis: tuple[AssessedKpi, ...] = ask(
        "ผลรายตัวชี้วัด", "Result by KPI", widget="rows", rows=0, default=(), required_mark=True,
        help_th="ตัวชี้วัดร้อยละ: เขียนสูตร ใส่ตัวตั้ง ตัวหาร และผล เว้นระดับว่างไว้ ระบบคำนวณให้",
        help_en="A KPI in per cent: formula, numerator, denominator and result; leave the level blank, it is computed",
    )  # fmt: skip
    note: LongText = ask("คำชี้แจง", "Note", widget="textarea", rows=3, default="")
    attachments: AttachedFiles = ask("หลักฐาน", "Evidence", widget="files", default=())


class RemedialPlan(Form):
    """What an agency does about a KPI whose score is too low (S2, line 23)."""

    title_th: ClassVar[str] = "จัดทำแผนปรับปรุงตัวชี้วัดที่คะแนนต่ำกว่าเกณฑ์"
    title_en: ClassVar[str] = "Plan to remedy a low score"

    cause: LongText = ask("สาเหตุ", "Cause", widget="textarea", rows=3, min_length=1)
    actions: LongText = ask("แนวทางปรับปรุง", "What will be done", widget="textarea", rows=4, min_length=1)
    recheck_on: date = ask("ประเมินซ้ำวันที่", "Assessed again on", widget="date")


class Reassessment(Form):
    """The agency assesses the KPI again."""

    title_th: ClassVar[str] = "ประเมินตัวชี้วัดซ้ำตามแผนปรับปรุง"
    title_en: ClassVar[str] = "Assess the KPI again"

    kpis: tuple[AssessedKpi, ...] = ask(
        "ผลการประเมินซ้ำ", "Result", widget="rows", rows=0, default=(), required_mark=True
    )
    done: LongText = ask("สิ่งที่ได้ดำเนินการ", "What was done", widget="textarea", rows=4, min_length=1)
    attachments: AttachedFiles = ask("หลักฐาน", "Evidence", widget="files", default=())


class Recheck(Form):
    """The host of the KPI confirms the new assessment, or returns it."""

    title_th: ClassVar[str] = "ตรวจการประเมินซ้ำ"
    title_en: ClassVar[str] = "Check the new assessment"

    decision: ReviewDecision = ask("ผลการพิจารณา", "Decision", widget="radio", default=ReviewDecision.APPROVE)
    comment: LongText = ask("ข้อคิดเห็น", "Comment", widget="textarea", rows=3, default="")


class HostComment(Form):
    """The host of a KPI says what it sees in the reports of a round (S2, lines 16 to 23)."""

    title_th: ClassVar[str] = "ให้ข้อสังเกตและข้อเสนอแนะต่อตัวชี้วัด"
    title_en: ClassVar[str] = "The KPI host's remarks"

    comment: LongText = ask("ข้อสังเกตและข้อเสนอแนะ", "Remarks", widget="textarea", rows=4, min_length=1)


class CascadeMinutes(Form):
    """The minutes of a round's meeting; who came is recorded, whoever reported (S2, lines 11 and 13)."""

    title_th: ClassVar[str] = "บันทึกการประชุมสรุปผลความก้าวหน้า"
    title_en: ClassVar[str] = "Minutes of the progress meeting"

    held_on: date = ask("วันที่ประชุม", "Held on", widget="date")
    attended: tuple[UnitId, ...] = ask(
        "ส่วนราชการที่เข้าร่วมประชุม", "Agencies that attended", widget="checkboxes", choices="members", default=()
    )
    resolution: LongText = ask("สรุปผลการประชุม", "What was resolved", widget="textarea", rows=6, min_length=1)


class CleaningDay(Form):
    """The office sets the Big Cleaning Day of a month, before payday (S2, line 17)."""

    title_th: ClassVar[str] = "กำหนดวัน Big Cleaning Day ประจำเดือน"
    title_en: ClassVar[str] = "Set the Big Cleaning Day of the month"

    on: date = ask("วัน Big Cleaning Day", "Big Cleaning Day", widget="date")
    note: LongText = ask("รายละเอียด", "Details", widget="textarea", rows=3, default="")


class RankingOrder(Form):
    """The governor announces the agencies ranked first to third (S2, line 22)."""

    title_th: ClassVar[str] = "ประกาศผลการจัดอันดับการเบิกจ่ายงบประมาณ"
    title_en: ClassVar[str] = "Announce the ranking of disbursement"

    on: date = ask("วันที่ประกาศ", "Date of the announcement", widget="date")
    note: LongText = ask("ข้อความเพิ่มเติมในประกาศ", "Further words", widget="textarea", rows=3, default="")
