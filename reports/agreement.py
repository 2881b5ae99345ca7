"""คำรับรองการปฏิบัติราชการ: six clauses, two signatures, and the annex of KPIs (requirements 4.6; S1:L28, L29)."""

from __future__ import annotations

from reports.criteria import CriteriaLine, criteria_lines, weight_text
from reports.dimensions import Group, groups, known_weight, weight_below
from reports.figures import NOT_STATED, number, period, sentence
from reports.names import Names
from reports.register import NOTHING, written
from reports.signing import Signature, signature
from reports.typesetting import NEUTRAL, Letterhead, Sheet, typeset
from rules.exact import ratio
from rules.kpi_checks import book_findings
from rules.kpi_findings import finding, plain
from rules.thai import Digits, thai_fiscal_year
from schemas.base import Moment, Record
from schemas.kpi import ASPECT_TH, Kpi, KpiBook
from schemas.letters import AgreementParties
from schemas.scorecard import FindingCode

TITLE = "คำรับรองการปฏิบัติราชการ"
MAKER, RECEIVER = "ผู้ทำคำรับรอง", "ผู้รับคำรับรอง"
COLUMNS = ("ที่", "ตัวชี้วัด", "ประเด็นการประเมิน", "น้ำหนัก (ร้อยละ)", "ค่าเป้าหมาย", "เกณฑ์การให้คะแนน")


class AnnexLine(Record):
    number: str
    th: str
    aspect: str
    weight: str
    weight_mark: str
    """How the weight is known, where the source does not print it."""
    target: str
    unit_of_measure: str
    criteria: tuple[CriteriaLine, ...]


class AnnexGroup(Record):
    name: str
    weight: str
    """«น้ำหนักรวมร้อยละ 70»."""
    depth: int
    empty: bool
    lines: tuple[AnnexLine, ...]


class AgreementSheet(Sheet):
    agency: str
    year: str
    clauses: tuple[str, ...]
    """Without their numbers."""
    signatures: tuple[Signature, ...]
    annex_title: str
    columns: tuple[str, ...] = COLUMNS
    groups: tuple[AnnexGroup, ...]
    total: str
    """The sum of the weights."""
    warnings: tuple[str, ...]
    """What does not add up; printed in red above the table."""
    nothing: str = NOTHING


def agreement_pdf(
    parties: AgreementParties, book: KpiBook, *, names: Names, dated: Moment, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """The agreement upright, its annex lying. `dated`: when its content was agreed. Raises ReportError."""
    sheet = agreement_sheet(parties, book, names=names, dated=dated, digits=digits, letterhead=letterhead)
    return typeset("agreement", sheet, digits=digits)


def agreement_sheet(
    parties: AgreementParties, book: KpiBook, *, names: Names, dated: Moment, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> AgreementSheet:  # fmt: skip
    """What goes onto the pages."""
    agency = names.unit(book.agency)
    return AgreementSheet(
        title=TITLE,
        author=agency,
        dated=dated,
        letterhead=letterhead,
        agency=agency,
        year=f"ประจำ{thai_fiscal_year(book.fiscal_year, digits)}",
        clauses=clauses(parties, book.fiscal_year, digits),
        signatures=(signature(parties.receiver, RECEIVER, digits), signature(parties.maker, MAKER, digits)),
        annex_title=f"เอกสารแนบท้าย{TITLE}",
        groups=tuple(_group(book, group, digits) for group in groups(book)),
        total=_total(book, digits),
        warnings=warnings(book, digits),
    )


def clauses(parties: AgreementParties, year: int, digits: Digits) -> tuple[str, ...]:
    """The six clauses that [W-mfa] confirms, in words of our own."""
    maker, receiver = parties.maker, parties.receiver
    return (
        f"คำรับรองระหว่าง {_party(receiver.name, receiver.position)} {RECEIVER} "
        f"และ {_party(maker.name, maker.position)} {MAKER}",
        f"คำรับรองนี้{MAKER}ให้ไว้แต่ฝ่ายเดียว มิใช่สัญญา และใช้บังคับเป็นเวลา {written(1, digits)} ปี ตั้งแต่{period(year, digits)}",
        "กรอบการประเมินผล ประเด็นการประเมิน น้ำหนัก ตัวชี้วัด ค่าเป้าหมาย และเกณฑ์การให้คะแนน "
        "ให้เป็นไปตามเอกสารแนบท้าย ซึ่งถือเป็นส่วนหนึ่งของคำรับรองนี้",
        f"{receiver.position} ในฐานะ{RECEIVER} ได้พิจารณารายละเอียดตามข้อ {written(3, digits)} แล้วเห็นชอบด้วย "
        f"และจะให้คำแนะนำ กำกับดูแล และตรวจสอบการปฏิบัติราชการของ{maker.position}ให้เป็นไปตามคำรับรองนี้",
        f"{maker.position} ในฐานะ{MAKER} ได้ทำความเข้าใจรายละเอียดตามข้อ {written(3, digits)} โดยตลอดแล้ว "
        "และรับรองว่าจะปฏิบัติราชการอย่างเต็มความสามารถ ให้ผลงานของทุกตัวชี้วัดบรรลุเป้าหมายในระดับสูงสุด "
        "เพื่อประโยชน์สุขของประชาชน",
        f"{RECEIVER}และ{MAKER}มีความเข้าใจในคำรับรองนี้ตรงกัน จึงได้ลงลายมือชื่อไว้เป็นสำคัญ",
    )


def _party(name: str, position: str) -> str:
    return f"{name} ตำแหน่ง {position}" if name else position


def warnings(book: KpiBook, digits: Digits) -> tuple[str, ...]:
    """Weights that do not add up, of the KPIs themselves and of what sources print; nothing is put right."""
    unknown = [kpi.number for kpi in book.kpis if kpi.weight is None]
    sum_ = known_weight(book.kpis)
    found = []
    if sum_ != 100:
        of_th = "ที่ทราบของตัวชี้วัดทุกตัว" if unknown else "ของตัวชี้วัดทุกตัว"
        found.append(
            finding(FindingCode.WEIGHT_SUM_NOT_100, sum=plain(ratio(sum_)), of_th=of_th, of_en="of all KPIs").th
        )  # fmt: skip
    if unknown:
        found.append(f"{NOT_STATED}น้ำหนักของตัวชี้วัดที่ {', '.join(unknown)}")
    codes = {FindingCode.WEIGHT_SUM_NOT_100, FindingCode.DIMENSION_WEIGHT_DIFFERS}
    found += [each.th for each in book_findings(book) if each.code in codes]
    return tuple(sentence(text, digits) for text in found)


def _total(book: KpiBook, digits: Digits) -> str:
    return number(known_weight(book.kpis), digits)


def _group(book: KpiBook, group: Group, digits: Digits) -> AnnexGroup:
    frame = group.dimension.weight if group.dimension else None
    sum_ = number(weight_below(book, group), digits)
    given = "" if frame is None else f" (กรอบกำหนดร้อยละ {number(frame, digits)})"
    return AnnexGroup(
        name=group.th,
        weight=f"น้ำหนักรวมร้อยละ {sum_}{given}",
        depth=group.depth,
        empty=group.empty,
        lines=tuple(_line(kpi, digits) for kpi in group.kpis),
    )


def _line(kpi: Kpi, digits: Digits) -> AnnexLine:
    weight, mark = weight_text(kpi.weight, kpi.weight_confidence, digits)
    return AnnexLine(
        number=written(kpi.number, digits),
        th=kpi.th,
        aspect=ASPECT_TH[kpi.aspect] if kpi.aspect else NOT_STATED,
        weight=weight,
        weight_mark=mark,
        target=number(kpi.target, digits, missing=NOT_STATED),
        unit_of_measure=kpi.unit_of_measure,
        criteria=criteria_lines(kpi, digits),
    )
