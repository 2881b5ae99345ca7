"""A site visit of สำนักงาน ก.พ.ร.: its case, its forms and its outcome (requirements P8; S1, slides 13, 19 and 20)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import Field

from schemas.actor import Actor
from schemas.attachment import AttachedFile, AttachedFiles
from schemas.base import CaseId, FiscalYear, LongText, Moment, Record, UnitId
from schemas.criteria import KpiNumber
from schemas.exact import Score, ScoreAsPrinted
from schemas.form import Form, ask
from schemas.kpi import BookCase
from schemas.visit_record import Present, Visit
from schemas.year_office import YearOffice

VISIT_EN = {Visit.PRE: "No. 1 (pre-evaluation)", Visit.POST: "No. 2 (post-evaluation)"}
VISIT_PURPOSE_TH = {
    Visit.PRE: "ตรวจความพร้อมในการดำเนินงาน และประเด็นเกี่ยวกับคำนิยามหรือรายละเอียดตัวชี้วัด",
    Visit.POST: "ตรวจพิสูจน์ผลการดำเนินงานและหลักฐานเชิงประจักษ์ขั้นสุดท้าย",
}


class SiteVisitCase(BookCase):
    """Input of a site visit: the KPIs as agreed when it is announced."""

    kind: Visit
    scores: dict[KpiNumber, Score] = Field(default_factory=dict)
    """Scores so far, where there are any."""
    evidence: tuple[AttachedFile, ...] = ()
    """Files of evidence that provinces have handed in so far (P5 step 13)."""


def site_visit_case_id(agency: UnitId, fiscal_year: FiscalYear, kind: Visit) -> CaseId:
    return f"visit-{fiscal_year}-{agency}-{kind}"


class VisitOffice(Record):
    """Who is concerned with a visit and the period in which it must lie, looked up once and recorded."""

    office: YearOffice
    first_day: date
    last_day: date
    schedule_due: Moment


class VisitDays(Record):
    """The visit as announced, in moments."""

    begins: Moment
    ends: Moment
    prepare_by: Moment
    record_by: Moment


class Prepared(Record):
    """Evidence that a unit says is ready."""

    kpi: KpiNumber | None
    """None where a province supports the visit as a whole."""
    unit: UnitId
    evidence: str
    outstanding: str
    attachments: AttachedFiles = ()
    by: Actor
    at: Moment


class VisitReadiness(Record):
    """What was ready when the visit began."""

    at: Moment
    kpis: tuple[Prepared, ...]
    provinces: tuple[Prepared, ...]


class VisitRecorded(Record):
    """What สำนักงาน ก.พ.ร. recorded of one KPI."""

    kpi: KpiNumber
    finding: str
    proposed_score: ScoreAsPrinted | None
    request: str
    by: Actor
    at: Moment


class VisitAnswered(Record):
    """What the owner of a KPI answered to the request."""

    kpi: KpiNumber
    answer: str
    evidence: str
    attachments: AttachedFiles = ()
    by: Actor
    at: Moment


class VisitedKpi(Record):
    """One KPI as the visit leaves it."""

    number: KpiNumber
    th: str
    unit: UnitId
    ready: Prepared | None
    """None where its owner did not say so before the visit began."""
    recorded: VisitRecorded | None
    """None where its visit was called off from outside."""
    answered: VisitAnswered | None

    @property
    def asked(self) -> bool:
        return self.recorded is not None and bool(self.recorded.request)

    @property
    def unanswered(self) -> bool:
        """There was a request, and no answer to it."""
        return self.asked and self.answered is None


class VisitStanding(Record):
    """All KPIs of a visit at one moment, in the order of the agreement."""

    at: Moment
    kpis: tuple[VisitedKpi, ...]

    @property
    def unanswered(self) -> tuple[KpiNumber, ...]:
        return tuple(each.number for each in self.kpis if each.unanswered)


class SiteVisitOutcome(Record):
    """Result of a site visit."""

    kind: Visit
    first_day: date
    last_day: date
    agenda: str
    provinces: tuple[Prepared, ...]
    kpis: tuple[VisitedKpi, ...]
    unanswered: tuple[KpiNumber, ...]
    """KPIs whose owner had not answered a request when the visit was closed."""
    remark: str
    present: tuple[Present, ...] = ()
    closed_by: Actor
    closed_at: Moment
    papers: tuple[AttachedFile, ...] = ()
    """The record of the visit."""


# --- forms -------------------------------------------------------------------------------------------------


class VisitSchedule(Form):
    """สำนักงาน ก.พ.ร. says when it comes; without an account of its own กพร. records its letter (decision 18)."""

    title_th: ClassVar[str] = "แจ้งกำหนดการตรวจประเมิน ณ ส่วนราชการ (Site Visit)"
    title_en: ClassVar[str] = "Announce the site visit"

    first_day: date = ask("วันแรกของการตรวจประเมิน", "First day", widget="date")
    last_day: date = ask("วันสุดท้ายของการตรวจประเมิน", "Last day", widget="date")
    note: LongText = ask(
        "สถานที่ คณะผู้ตรวจประเมิน และรายละเอียดอื่น", "Place, visitors and anything else", widget="textarea", rows=3,
        default="",
    )  # fmt: skip


class VisitPreparation(Form):
    """กพร. prepares the agenda and lists the evidence that is wanted (S1, slides 12 and 13)."""

    title_th: ClassVar[str] = "จัดเตรียมกำหนดการและรายการหลักฐานเชิงประจักษ์"
    title_en: ClassVar[str] = "Prepare agenda and list of evidence"

    agenda: LongText = ask("กำหนดการ", "Agenda", widget="textarea", rows=5, min_length=1)
    evidence: LongText = ask("รายการหลักฐานที่ต้องเตรียม", "Evidence wanted", widget="textarea", rows=5, min_length=1)
    provinces: tuple[str, ...] = ask(
        "จังหวัดที่ขอให้สนับสนุนข้อมูล (ณ ที่ตั้ง)", "Provinces that support the visit", widget="checkboxes",
        choices="provinces", default=(),
    )  # fmt: skip


class EvidenceReady(Form):
    """The main holder of a KPI says that the evidence is ready."""

    title_th: ClassVar[str] = "แจ้งความพร้อมของหลักฐานเชิงประจักษ์"
    title_en: ClassVar[str] = "Say that the evidence is ready"

    evidence: LongText = ask("หลักฐานที่เตรียมไว้และที่จัดเก็บ", "Evidence and where it is kept", widget="textarea",
                             rows=4, min_length=1)  # fmt: skip
    outstanding: LongText = ask("หลักฐานที่ยังไม่พร้อมและเหตุผล", "What is not ready, and why", widget="textarea", rows=3,
                                default="")  # fmt: skip
    attachments: AttachedFiles = ask("แฟ้มหลักฐาน", "Files of evidence", widget="files", default=())


class ProvinceSupport(EvidenceReady):
    """A province supports the visit with its own evidence, on site (S1, slide 13)."""

    title_th: ClassVar[str] = "สนับสนุนข้อมูลการตรวจประเมิน (ณ ที่ตั้ง)"
    title_en: ClassVar[str] = "Support the visit on site"


class VisitFinding(Form):
    """สำนักงาน ก.พ.ร. records its visit to one KPI."""

    title_th: ClassVar[str] = "บันทึกผลการตรวจประเมินรายตัวชี้วัด"
    title_en: ClassVar[str] = "Record the visit to a KPI"

    finding: LongText = ask("ข้อค้นพบ/ข้อสังเกต", "Finding", widget="textarea", rows=5, min_length=1)
    proposed_score: ScoreAsPrinted | None = ask(
        "คะแนนที่เสนอ", "Score proposed", default=None,
        help_th="0 ถึง 5 ทศนิยมไม่เกิน 4 ตำแหน่ง เว้นว่างได้", help_en="0 to 5, at most four decimals; may be left blank",
    )  # fmt: skip
    request: LongText = ask(
        "ข้อซักถามหรือหลักฐานที่ขอเพิ่มเติม", "Request", widget="textarea", rows=3, default="",
        help_th="เว้นว่างหมายถึงไม่มีข้อซักถาม", help_en="Blank: nothing is asked for",
    )  # fmt: skip


class VisitAnswer(Form):
    """The owner of a KPI answers what the visit asked for."""

    title_th: ClassVar[str] = "ตอบข้อซักถามของการตรวจประเมิน"
    title_en: ClassVar[str] = "Answer the request of the visit"

    answer: LongText = ask("คำชี้แจง", "Answer", widget="textarea", rows=5, min_length=1)
    evidence: LongText = ask("หลักฐานเพิ่มเติม", "Further evidence", widget="textarea", rows=3, default="")
    attachments: AttachedFiles = ask("แฟ้มหลักฐานเพิ่มเติม", "Files of further evidence", widget="files", default=())


class VisitClosing(Form):
    """สำนักงาน ก.พ.ร. closes the visit."""

    title_th: ClassVar[str] = "สรุปและปิดการตรวจประเมิน"
    title_en: ClassVar[str] = "Close the visit"

    remark: LongText = ask("ความเห็นในภาพรวม", "Overall remark", widget="textarea", rows=5, min_length=1)
    present: tuple[Present, ...] = ask(
        "ผู้เข้าร่วมการตรวจประเมิน", "Who was present", widget="rows", rows=3, default=(),
        help_th="พิมพ์ไว้ในบันทึกการตรวจประเมิน เว้นว่างได้", help_en="Printed in the record of the visit; may be left blank",
    )  # fmt: skip
