"""ประกาศผลคะแนน: the scores of a year, or of a round, as announced (S1:L48, L49; P5 step 19)."""

from __future__ import annotations

from reports.dimensions import groups
from reports.figures import NOT_STATED, dated_with_era, number, score, sentence
from reports.names import Names
from reports.register import written
from reports.score_table import provisional, round_name
from reports.signing import Signature, undated
from reports.typesetting import NEUTRAL, Letterhead, Sheet, typeset
from reports.workbook import SCORE_FORMAT, Book, head, titles, write
from rules.thai import Digits, thai_fiscal_year
from schemas.base import Moment, Record
from schemas.kpi import KpiBook
from schemas.letters import Notice
from schemas.scorecard import RowState, Scorecard, ScoreRow

TITLE = "ประกาศผลคะแนน"
COLUMNS = ("ที่", "ตัวชี้วัด", "น้ำหนัก (ร้อยละ)", "ค่าคะแนนที่ได้", "คะแนนถ่วงน้ำหนัก")
UNIT_COLUMNS = ("ลำดับ", "หน่วยงาน", "น้ำหนัก (ร้อยละ)", "คะแนน")
_NOT_ANNOUNCED = {RowState.NOT_STARTED, RowState.CANCELLED}


class AnnouncedKpi(Record):
    number: str
    """Empty for a dimension."""
    th: str
    weight: str
    score: str
    weighted: str
    depth: int = 0


class AnnouncedUnit(Record):
    serial: str
    unit: str
    weight: str
    score: str


class AnnouncementSheet(Sheet):
    issuer: str
    subject: str
    grounds: str
    total: str
    """The sentence with the total."""
    provisional: str
    columns: tuple[str, ...] = COLUMNS
    kpis: tuple[AnnouncedKpi, ...]
    weight: str
    score: str
    unit_columns: tuple[str, ...] = UNIT_COLUMNS
    units: tuple[AnnouncedUnit, ...]
    conclusion: str = "จึงประกาศมาเพื่อทราบโดยทั่วกัน"
    announced: str
    """«ประกาศ ณ วันที่ …»."""
    signature: Signature


def announcement_pdf(
    card: Scorecard, book: KpiBook, notice: Notice, *, names: Names, dated: Moment, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """The announcement with the scores of all KPIs and units. Raises ReportError."""
    sheet = announcement_sheet(card, book, notice, names=names, dated=dated, digits=digits, letterhead=letterhead)
    return typeset("announcement", sheet, digits=digits)


def announcement_sheet(
    card: Scorecard, book: KpiBook, notice: Notice, *, names: Names, dated: Moment, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> AnnouncementSheet:  # fmt: skip
    """What goes onto the pages."""
    day = notice.signatory.signed_on
    return AnnouncementSheet(
        title=f"ประกาศ{notice.issuer_th}",
        author=notice.issuer_th,
        dated=dated,
        letterhead=letterhead,
        issuer=notice.issuer_th,
        subject=sentence(notice.subject, digits),
        grounds=sentence(notice.grounds, digits),
        total=_total(card, names, digits),
        provisional=_open(card, digits),
        kpis=_kpis(card, book, digits),
        weight=number(card.weight, digits),
        score=score(card.total_all, digits),
        units=_units(card, names, digits),
        announced=f"ประกาศ ณ วันที่ {dated_with_era(day, digits)}" if day else "",
        signature=undated(notice.signatory),
    )


def _total(card: Scorecard, names: Names, digits: Digits) -> str:
    of = f"{score(card.total_all, digits)} คะแนน จากคะแนนเต็ม {written('5.0000', digits)}"
    year = thai_fiscal_year(card.fiscal_year, digits)
    of_round = "" if card.official is not None else f"{round_name(card.round, digits)} "
    in_ = f"ในการประเมินผลการปฏิบัติราชการ {of_round}ประจำ{year} รายละเอียดปรากฏตามบัญชีแนบท้ายประกาศนี้"
    return f"{names.unit(card.agency)}ได้รับคะแนนรวม {of} {in_}"


def _open(card: Scorecard, digits: Digits) -> str:
    """Which scores are not final; where none is, the announcement's own words say it of the whole."""
    final = any(row.score is not None and row.state is RowState.SCORED for row in card.rows)
    return provisional(card, digits) if final else ""


def _announced(row: ScoreRow) -> bool:
    return row.state not in _NOT_ANNOUNCED


def _kpis(card: Scorecard, book: KpiBook, digits: Digits) -> tuple[AnnouncedKpi, ...]:
    rows = {row.number: row for row in card.rows}
    subtotals = {each.id: each for each in card.dimensions}
    lines = []
    for group in groups(book):
        of = subtotals.get(group.dimension.id if group.dimension else None)
        if of is None or not of.weight:
            continue
        if book.frame:
            lines.append(
                AnnouncedKpi(
                    number="", th=group.th, weight=number(of.weight, digits), score=score(of.score_all, digits),
                    weighted="", depth=group.depth,
                )
            )  # fmt: skip
        lines += [_kpi(rows[kpi.number], digits, group.depth) for kpi in group.kpis if _announced(rows[kpi.number])]
    return tuple(lines)


def _kpi(row: ScoreRow, digits: Digits, depth: int) -> AnnouncedKpi:
    return AnnouncedKpi(
        number=written(row.number, digits), th=row.th, weight=number(row.weight, digits, missing=NOT_STATED),
        score=score(row.score, digits, missing="ไม่รายงาน"), weighted=score(row.weighted_all, digits), depth=depth,
    )  # fmt: skip


def _units(card: Scorecard, names: Names, digits: Digits) -> tuple[AnnouncedUnit, ...]:
    known = [(each.id, each) for each in card.units if each.id is not None]
    ordered = sorted(known, key=lambda found: names.place(found[0]))
    return tuple(
        AnnouncedUnit(
            serial=written(at, digits), unit=names.unit(id_), weight=number(of.weight, digits),
            score=score(of.score_all, digits),
        )
        for at, (id_, of) in enumerate(ordered, start=1)
    )  # fmt: skip


def announcement_xlsx(
    card: Scorecard, book: KpiBook, notice: Notice, *, names: Names, dated: Moment, letterhead: Letterhead = NEUTRAL
) -> bytes:
    """A sheet of KPIs and a sheet of units; weights and scores are numbers."""
    workbook = Book(title=TITLE, author=letterhead.ministry_th or notice.issuer_th, dated=dated)
    text = announcement_sheet(card, book, notice, names=names, dated=dated, digits="arabic")
    notes = tuple(filter(None, (notice.subject, text.total, text.provisional)))
    sheet = workbook.sheet("ตัวชี้วัด", (8.0, 70.0, 18.0, 18.0, 20.0))
    row = titles(sheet, (text.title, *notes))
    head(sheet, row, COLUMNS)
    for of in (each for each in card.rows if _announced(each)):
        row += 1
        write(sheet, row, 1, of.number, across="center")
        write(sheet, row, 2, of.th)
        write(sheet, row, 3, NOT_STATED if of.weight is None else of.weight, across="center")
        write(sheet, row, 4, "ไม่รายงาน" if of.score is None else of.score, across="center", form=SCORE_FORMAT)
        write(sheet, row, 5, of.weighted_all, across="center", form=SCORE_FORMAT)
    for at, value in enumerate(("", "รวม", card.weight, None, card.total_all), start=1):
        form = SCORE_FORMAT if at == 5 else ""
        write(sheet, row + 1, at, value, bold=True, fill="head", across="left" if at == 2 else "center", form=form)
    sheet = workbook.sheet("หน่วยงาน", (8.0, 70.0, 18.0, 18.0))
    row = titles(sheet, (text.title, notice.subject))
    head(sheet, row, UNIT_COLUMNS)
    units = sorted((each for each in card.units if each.id), key=lambda each: names.place(each.id or ""))
    for serial, unit in enumerate(units, start=1):
        write(sheet, row + serial, 1, serial, across="center")
        write(sheet, row + serial, 2, names.unit(unit.id or ""))
        write(sheet, row + serial, 3, unit.weight, across="center")
        write(sheet, row + serial, 4, unit.score_all, across="center", form=SCORE_FORMAT)
    return workbook.to_bytes()
