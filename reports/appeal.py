"""หนังสืออุทธรณ์: the letter with which an agency appeals against a negotiation or a score (P9; S1:L26, L49)."""

from __future__ import annotations

from reports.figures import sentence
from reports.official_letter import LetterSheet, letter_frame
from reports.register import written
from reports.score_table import round_name
from reports.typesetting import NEUTRAL, Letterhead, typeset
from rules.thai import Digits, thai_date, thai_fiscal_year
from schemas.appeal import AppealKind
from schemas.base import Moment, Record
from schemas.letters import AppealLetter, AppealPoint

TITLE = "หนังสืออุทธรณ์"
COLUMNS = {
    AppealKind.SCORE: ("ตัวชี้วัดที่", "ตัวชี้วัด", "คะแนนที่ได้รับแจ้ง", "คะแนนที่ขอ"),
    AppealKind.NEGOTIATION: ("ตัวชี้วัดที่", "ตัวชี้วัด", "ผลการเจรจา", "ที่ขอแก้ไข"),
}


class PointLine(Record):
    number: str
    th: str
    original: str
    requested: str
    reasons: str
    evidence: tuple[str, ...]


class AppealSheet(LetterSheet):
    cause: str
    """ภาคเหตุ."""
    purpose: str
    """ภาคประสงค์, before the table."""
    columns: tuple[str, ...]
    points: tuple[PointLine, ...]
    conclusion: str
    """ภาคสรุป."""


def appeal_pdf(
    appeal: AppealLetter, *, dated: Moment, digits: Digits = "thai", letterhead: Letterhead = NEUTRAL
) -> bytes:
    """The letter. `dated`: the moment of its content. Raises ReportError."""
    return typeset("appeal", appeal_sheet(appeal, dated=dated, digits=digits, letterhead=letterhead), digits=digits)


def appeal_sheet(
    appeal: AppealLetter, *, dated: Moment, digits: Digits = "thai", letterhead: Letterhead = NEUTRAL
) -> AppealSheet:
    """What goes onto the pages. A letter is in Thai digits throughout, also in its reasons (requirements 3.2)."""
    sender = appeal.letter.sender_th
    return AppealSheet(
        title=TITLE,
        author=sender,
        dated=dated,
        letterhead=letterhead,
        letter=letter_frame(appeal.letter, digits),
        cause=_cause(appeal, digits),
        purpose=_purpose(appeal, digits),
        columns=COLUMNS[appeal.kind],
        points=tuple(_point(point, digits) for point in appeal.points),
        conclusion=f"จึงเรียนมาเพื่อโปรดพิจารณา และแจ้งผลการพิจารณาให้{sender}ทราบด้วย จะขอบคุณยิ่ง",
    )


def _cause(appeal: AppealLetter, digits: Digits) -> str:
    what = {
        AppealKind.SCORE: "แจ้งผลคะแนนการประเมินผลการปฏิบัติราชการ",
        AppealKind.NEGOTIATION: "แจ้งผลการเจรจาตัวชี้วัด ค่าเป้าหมาย และเกณฑ์การให้คะแนน",
    }[appeal.kind]
    by = "ตามหนังสือที่อ้างถึง " if appeal.letter.references else "ตามที่"
    round_ = f" {round_name(appeal.round, digits)}" if appeal.round else ""
    return (
        f"{by}{appeal.notified_by} ได้{what}ตามคำรับรองการปฏิบัติราชการ ประจำ{thai_fiscal_year(appeal.fiscal_year, digits)}"
        f"{round_} ให้{appeal.letter.sender_th}ทราบเมื่อวันที่ {thai_date(appeal.notified_on, digits)} ความละเอียดแจ้งแล้ว นั้น"
    )


def _purpose(appeal: AppealLetter, digits: Digits) -> str:
    of = "ผลคะแนน" if appeal.kind is AppealKind.SCORE else "ผลการเจรจา"
    return written(
        f"{appeal.letter.sender_th}พิจารณาแล้ว ขออุทธรณ์{of} จำนวน {len(appeal.points)} ตัวชี้วัด โดยมีรายละเอียดและเหตุผล ดังนี้",
        digits,
    )


def _point(point: AppealPoint, digits: Digits) -> PointLine:
    return PointLine(
        number=written(point.number, digits),
        th=sentence(point.th, digits),
        original=sentence(point.original, digits),
        requested=sentence(point.requested, digits),
        reasons=sentence(point.reasons, digits),
        evidence=tuple(sentence(name, digits) for name in point.evidence),
    )
