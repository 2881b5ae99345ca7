"""Appeals on a negotiated value or on an announced score (requirements P9, 4.4; source S1, slides 6 and 14)."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Self

from pydantic import Field, model_validator

from schemas.attachment import AttachedFile, AttachedFiles
from schemas.base import CaseId, DayIfAny, FiscalYear, LongText, Moment, Record, ShortText, UnitId
from schemas.criteria import KpiNumber, Levels
from schemas.exact import Exact, Score
from schemas.form import Form, ask
from schemas.kpi import KpiBook, YearCase
from schemas.refusal import refusal, refuse_repeats
from schemas.scorecard import KpiReport, Scorecard
from schemas.weekly import ReviewDecision


class AppealKind(StrEnum):
    """The two points of a year at which an agency may appeal (S1, slides 6 and 14)."""

    NEGOTIATION = "negotiation"
    SCORE = "score"


APPEAL_KIND_TH = {AppealKind.NEGOTIATION: "ผลการเจรจาตัวชี้วัด/ค่าเป้าหมาย", AppealKind.SCORE: "ผลคะแนน"}
APPEAL_KIND_EN = {AppealKind.NEGOTIATION: "Result of the negotiation", AppealKind.SCORE: "Scores"}


class NoticedKpi(Record):
    """One KPI of a notice: what สำนักงาน ก.พ.ร. said of it, and who may appeal."""

    number: KpiNumber
    th: ShortText
    unit: UnitId | None
    """The unit that holds it, the main one where several do (decision 18); None: nobody yet, so กพร. answers."""
    others: tuple[UnitId, ...] = ()
    """Units that hold it jointly; they are named to the main one."""
    value: Exact | None
    """The target as negotiated, or the score as announced; None where the notice names none."""
    levels: Levels | None = None
    """The levels as negotiated; None with scores, and where the KPI is not a measured value."""


class AppealCase(YearCase):
    """Input: one notice, and the window for appeals that it opens."""

    kind: AppealKind
    noticed_at: Moment
    reference: str = ""
    """Number of the letter of notice; empty where none was recorded."""
    reference_on: DayIfAny = None
    """Its date, where that was recorded."""
    files: tuple[AttachedFile, ...] = ()
    """The notice on paper, where there is one."""
    kpis: tuple[NoticedKpi, ...] = Field(min_length=1)
    book: KpiBook | None = None
    """The agreement by which the total is computed anew; only with scores."""
    reports: dict[KpiNumber, KpiReport] = Field(default_factory=dict)
    """What is known of every KPI at the end of the year, the announced scores as `decided`; only with scores."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        refuse_repeats("kpis", (kpi.number for kpi in self.kpis))
        if self.kind is AppealKind.SCORE and self.book is None:
            raise refusal("scores_without_agreement", "book")
        return self


def appeal_case_id(agency: UnitId, fiscal_year: FiscalYear, kind: AppealKind) -> CaseId:
    return f"appeal-{fiscal_year}-{agency}-{kind}"


class AppealWindow(Record):
    """From the notice to the last moment, with the days inside the department by which each part should be done."""

    opens: Moment
    draft_by: Moment
    check_by: Moment
    ends: Moment
    """The last moment at which the director-general's signature is in time."""


class AppealEnding(StrEnum):
    """What became of a KPI."""

    NOT_WANTED = "not_wanted"
    """Its unit said that it does not appeal."""
    UNANSWERED = "unanswered"
    """The window passed and nobody answered."""
    LATE = "late"
    """Not signed within the window: refused."""
    ACCEPTED = "accepted"
    PARTLY = "partly"
    DISMISSED = "dismissed"


APPEAL_ENDING_TH = {
    AppealEnding.NOT_WANTED: "ไม่ประสงค์อุทธรณ์",
    AppealEnding.UNANSWERED: "ไม่ยื่นอุทธรณ์ภายในกำหนด",
    AppealEnding.LATE: "ไม่รับอุทธรณ์ เนื่องจากพ้นกำหนด",
    AppealEnding.ACCEPTED: "รับตามคำอุทธรณ์",
    AppealEnding.PARTLY: "รับบางส่วน",
    AppealEnding.DISMISSED: "ยกคำอุทธรณ์",
}
APPEAL_ENDING_EN = {
    AppealEnding.NOT_WANTED: "No appeal wanted",
    AppealEnding.UNANSWERED: "No appeal within the window",
    AppealEnding.LATE: "Refused as late",
    AppealEnding.ACCEPTED: "Accepted",
    AppealEnding.PARTLY: "Accepted in part",
    AppealEnding.DISMISSED: "Dismissed",
}


class AppealResult(Record):
    """One KPI of the notice, settled."""

    kpi: KpiNumber
    unit: UnitId
    ending: AppealEnding
    noticed: Exact | None
    requested: Exact | None = None
    value: Exact | None
    """What holds from now on: as decided, else as noticed."""
    noticed_levels: Levels | None = None
    levels: Levels | None = None
    """The levels that hold from now on, where the notice had some."""
    reason: str = ""
    """Why สำนักงาน ก.พ.ร. decided so, or why the appeal was refused."""
    signed_at: Moment | None = None
    decided_at: Moment | None = None


class AppealOutcome(Record):
    """Result of the case: final values of every KPI of the notice and, for scores, the totals."""

    kind: AppealKind
    window: AppealWindow
    results: tuple[AppealResult, ...]
    """In the order of the notice."""
    total_noticed: Score | None = None
    """The official total as announced."""
    scorecard: Scorecard | None = None
    """Computed anew from what holds now; no appeal is open on it."""


# --- forms -------------------------------------------------------------------------------------------------


class AppealWish(StrEnum):
    APPEAL = "appeal"
    NONE = "none"


class AppealDraft(Form):
    """The unit that holds the KPI appeals, or says that it does not want to."""

    title_th: ClassVar[str] = "แจ้งความประสงค์อุทธรณ์ตัวชี้วัด"
    title_en: ClassVar[str] = "Appeal on a KPI, or say that none is wanted"

    wish: AppealWish = ask(
        "ความประสงค์", "Appeal or not", widget="radio",
        help_th="อุทธรณ์ได้หนึ่งครั้งต่อหนึ่งตัวชี้วัด เมื่อแจ้งว่าไม่ประสงค์อุทธรณ์แล้วจะยื่นภายหลังไม่ได้",
        help_en="One appeal for each KPI. Once you have said that none is wanted, none can follow.",
    )  # fmt: skip
    requested: Exact | None = ask(
        "ค่าหรือคะแนนที่ขอ", "Value or score requested", default=None,
        help_th="กรอกเมื่อประสงค์อุทธรณ์ เป็นตัวเลข เช่น 4.2500", help_en="A number, when you appeal, such as 4.2500",
    )  # fmt: skip
    levels: LongText = ask(
        "เกณฑ์ระดับ 1 ถึง 5 ที่ขอ", "Levels 1 to 5 requested", default="",
        help_th="เฉพาะผลการเจรจา กรอกครบทั้ง 5 ระดับ คั่นด้วย / เช่น 60 / 65 / 70 / 75 / 80 เว้นว่างคือคงเกณฑ์เดิม",
        help_en="After a negotiation only: all five, divided by /; blank leaves them as they are",
    )  # fmt: skip
    reasons: LongText = ask(
        "เหตุผล", "Reasons", widget="textarea", rows=6, default="",
        help_th="กรอกเมื่อประสงค์อุทธรณ์", help_en="When you appeal",
    )  # fmt: skip
    evidence: LongText = ask(
        "หลักฐานประกอบ", "Evidence", widget="textarea", rows=3, default="",
        help_th="ระบุชื่อเอกสาร เลขที่ และวันที่", help_en="Name, number and date of each document",
    )  # fmt: skip
    attachments: AttachedFiles = ask("แฟ้มหลักฐาน", "Files of evidence", widget="files", default=())


class AppealCheck(Form):
    """กพร. checks the draft: on to the director-general, or back to the unit."""

    title_th: ClassVar[str] = "ตรวจสอบคำอุทธรณ์"
    title_en: ClassVar[str] = "Check the appeal"

    decision: ReviewDecision = ask("ผลการตรวจสอบ", "Decision", widget="radio", default=ReviewDecision.APPROVE)
    comment: LongText = ask("ข้อคิดเห็น", "Comment", widget="textarea", rows=3, default="")


class SignDecision(StrEnum):
    SIGN = "sign"
    RETURN = "return"


class AppealSignature(Form):
    """The director-general signs the appeal, or sends it back."""

    title_th: ClassVar[str] = "ลงนามคำอุทธรณ์ถึงสำนักงาน ก.พ.ร."
    title_en: ClassVar[str] = "Sign the appeal"

    decision: SignDecision = ask("การลงนาม", "Decision", widget="radio", default=SignDecision.SIGN)
    comment: LongText = ask("ข้อสั่งการ", "Comment", widget="textarea", rows=3, default="")


class AppealVerdict(StrEnum):
    ACCEPT = "accept"
    PARTLY = "partly"
    DISMISS = "dismiss"


class AppealDecision(Form):
    """สำนักงาน ก.พ.ร. decides; where it has no account กพร. records what its letter says (decision 18)."""

    title_th: ClassVar[str] = "วินิจฉัยคำอุทธรณ์"
    title_en: ClassVar[str] = "Decide the appeal"

    verdict: AppealVerdict = ask("คำวินิจฉัย", "Decision", widget="radio")
    value: Exact | None = ask(
        "ค่าหรือคะแนนตามคำวินิจฉัย", "Value or score as decided", default=None,
        help_th="กรอกเมื่อรับบางส่วน หากรับตามคำอุทธรณ์ ระบบใช้ค่าที่ขอ",
        help_en="When it is accepted in part; accepted as a whole, the value requested holds",
    )  # fmt: skip
    levels: LongText = ask(
        "เกณฑ์ระดับ 1 ถึง 5 ตามคำวินิจฉัย", "Levels 1 to 5 as decided", default="",
        help_th="เฉพาะผลการเจรจา กรอกเมื่อรับบางส่วน คั่นด้วย / เว้นว่างได้หากมิได้ขอเปลี่ยนเกณฑ์",
        help_en="After a negotiation only, when it is accepted in part; divided by /",
    )  # fmt: skip
    reasons: LongText = ask("เหตุผล", "Reasons", widget="textarea", rows=5, min_length=1)
    reference: ShortText | None = ask("เลขที่หนังสือ", "Letter number", default=None)
