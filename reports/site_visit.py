"""บันทึกการตรวจประเมิน: the record of a site visit of สำนักงาน ก.พ.ร. (P8; S1:L60, L63)."""

from __future__ import annotations

from reports.figures import NONE, score, sentence
from reports.register import NOTHING, written
from reports.signing import Signature, signature
from reports.typesetting import NEUTRAL, Letterhead, Sheet, typeset
from rules.calendar import bangkok_date
from rules.thai import Digits, thai_date, thai_date_range, thai_fiscal_year, thai_time, thai_weekday_date
from schemas.base import Moment, Record
from schemas.visit_record import VISIT_TH, ReadyEvidence, RecordedKpi, ScheduleLine, VisitRecord, VisitRequest

TITLE = "บันทึกการตรวจประเมินผลการปฏิบัติราชการ"


class RequestLine(Record):
    request: str
    due: str
    answer: str
    evidence: tuple[str, ...]
    answered: str
    """By whom and when."""
    open: bool


class ReadyPart(Record):
    unit: str
    evidence: tuple[str, ...]
    outstanding: str


class FindingPart(Record):
    number: str
    th: str
    ready: ReadyPart | None
    findings: str
    reported: str
    proposed: str
    requests: tuple[RequestLine, ...]


class SiteVisitSheet(Sheet):
    heading: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    schedule: tuple[tuple[str, str, str], ...]
    """(time, what, place)."""
    agenda: str
    present: tuple[tuple[str, str, str], ...]
    """(name, position, of)."""
    support: tuple[ReadyPart, ...]
    findings: tuple[FindingPart, ...]
    summary: str
    signatures: tuple[Signature, ...]
    nothing: str = NOTHING


def site_visit_pdf(
    record: VisitRecord, *, dated: Moment, digits: Digits = "thai", letterhead: Letterhead = NEUTRAL
) -> bytes:
    """The record, upright. `dated`: the moment of the data. Raises ReportError."""
    sheet = site_visit_sheet(record, dated=dated, digits=digits, letterhead=letterhead)
    return typeset("site_visit", sheet, digits=digits)


def site_visit_sheet(
    record: VisitRecord, *, dated: Moment, digits: Digits = "thai", letterhead: Letterhead = NEUTRAL
) -> SiteVisitSheet:
    """What goes onto the pages."""
    closed = thai_date(record.closed_on, digits) if record.closed_on else "ยังไม่ปิดการตรวจประเมิน"
    return SiteVisitSheet(
        title=TITLE,
        author=record.visitor_th,
        dated=dated,
        letterhead=letterhead,
        heading=(
            f"{written(VISIT_TH[record.visit], digits)} ประจำ{thai_fiscal_year(record.fiscal_year, digits)}",
            record.agency_th,
        ),
        facts=(
            ("ผู้ตรวจประเมิน", record.visitor_th),
            ("ส่วนราชการที่รับการตรวจ", record.agency_th),
            ("วันที่ตรวจประเมิน", _days(record, digits)),
            *((("สถานที่", sentence(record.place, digits)),) if record.place else ()),
            *((("รายละเอียด", sentence(record.note, digits)),) if record.note else ()),
            ("ปิดการตรวจประเมิน", closed),
        ),
        schedule=tuple(_scheduled(line, record, digits) for line in record.schedule),
        agenda=sentence(record.agenda, digits),
        present=tuple((each.name, each.position or NONE, each.of or NONE) for each in record.present),
        support=tuple(_ready(each, digits) for each in record.support),
        findings=tuple(_finding(each, digits) for each in record.findings),
        summary=sentence(record.summary, digits),
        signatures=tuple(signature(each, "", digits) for each in record.signatories),
    )


def _days(record: VisitRecord, digits: Digits) -> str:
    if record.until is None:
        return thai_weekday_date(record.on, digits)
    return thai_date_range(record.on, record.until, digits)


def _ready(of: ReadyEvidence, digits: Digits) -> ReadyPart:
    evidence = tuple(sentence(line, digits) for line in of.evidence)
    return ReadyPart(unit=of.unit_th, evidence=evidence, outstanding=sentence(of.outstanding, digits))


def _scheduled(line: ScheduleLine, record: VisitRecord, digits: Digits) -> tuple[str, str, str]:
    """The day is named only where it is not the day of the visit."""
    day = bangkok_date(line.at)
    named = "" if day == record.on else f"{thai_date(day, digits, 'short')} "
    return f"{named}{thai_time(line.at, digits)}", sentence(line.what, digits), sentence(line.place, digits) or NONE


def _finding(of: RecordedKpi, digits: Digits) -> FindingPart:
    return FindingPart(
        number=written(of.number, digits), th=of.th, ready=_ready(of.ready, digits) if of.ready else None,
        findings=sentence(of.findings, digits), reported=score(of.reported, digits),
        proposed=score(of.proposed, digits), requests=tuple(_request(each, digits) for each in of.requests),
    )  # fmt: skip


def _request(of: VisitRequest, digits: Digits) -> RequestLine:
    on = thai_date(of.answered_on, digits, "short") if of.answered_on else ""
    return RequestLine(
        request=sentence(of.request, digits), due=thai_date(of.due, digits, "short") if of.due else NONE,
        answer=sentence(of.answer, digits) or "ยังไม่ตอบ", evidence=tuple(sentence(line, digits) for line in of.evidence),
        answered="\n".join(filter(None, (of.answered_by, on))), open=not of.answer,
    )  # fmt: skip
