"""What is printed of a province's rounds: summary with flags, minutes, and the ranking announced (S2; R2.1 to R2.4)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reports.figures import NONE, dated_with_era, number, sentence
from reports.figures import score as score_text
from reports.register import NOTHING, written
from reports.signing import Signature, undated
from reports.typesetting import NEUTRAL, Letterhead, Sheet, typeset
from rules.exact import ratio, rounded
from rules.thai import Digits, thai_date, thai_fiscal_year, thai_moment
from schemas.base import Moment, Record, UnitId
from schemas.cascade import (
    AgencyScore,
    CascadeCase,
    KeyKpi,
    KeyKpis,
    Ranking,
    RoundScore,
    RoundSummary,
    ScoredKpi,
)
from schemas.cascade_forms import CascadeMinutes, RankingOrder
from schemas.letters import Signatory

SUMMARY, MINUTES = "สรุปผลการประเมินตนเองของส่วนราชการ", "รายงานการประชุมสรุปผลความก้าวหน้า"
REMEDIAL = "บัญชีหน่วยงานที่ต้องจัดทำแผนปรับปรุง"
RANKING = "ผลการจัดอันดับส่วนราชการที่มีอัตราการเบิกจ่ายเงินงบประมาณสูง"
BY_KPI = "ผลการประเมินตนเองรายตัวชี้วัด"
NOT_REPORTED, WARNED = "ยังไม่รายงาน", "ต่ำกว่าเป้าหมายรอบ 9 เดือน"


class ByKpi(Record):
    """The annex: what each agency says of each KPI, for the hosts. A row is number, agency, a cell a KPI, total."""

    title: str = BY_KPI
    hint: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kpis: tuple[tuple[str, str, str], ...]
    """Number, name, weight."""
    kpi_columns: tuple[str, ...] = ("ที่", "ตัวชี้วัด", "น้ำหนัก (ร้อยละ)")


class RoundSheet(Sheet):
    """A row is number, agency, total, remark."""

    heads: tuple[str, ...]
    summary: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, str, str, str], ...]
    remedial_title: str = REMEDIAL
    remedial: tuple[tuple[str, str, str], ...]
    """Number, agency, KPIs."""
    remedial_columns: tuple[str, ...] = ("ที่", "หน่วยงาน", "ตัวชี้วัด")
    by_kpi: ByKpi | None
    """None when nobody has reported."""
    nothing: str = NOTHING


class MinutesSheet(Sheet):
    heads: tuple[str, ...]
    attendance: str
    absent: tuple[str, ...]
    results: tuple[str, ...]
    comments: tuple[tuple[str, str], ...]
    """KPI, what its host said."""
    resolution: str
    nothing: str = NOTHING


class RankingSheet(Sheet):
    """An annex row is rank, agency, result."""

    issuer: str
    subject: str
    grounds: str
    awarded: tuple[str, ...]
    further: str
    columns: tuple[str, ...] = ("อันดับ", "หน่วยงาน", "ร้อยละ")
    rows: tuple[tuple[str, str, str], ...]
    missing: tuple[str, ...]
    conclusion: str = "จึงประกาศมาเพื่อทราบโดยทั่วกัน"
    announced: str
    signature: Signature


Scores = Mapping[UnitId, RoundScore]
"""What the agencies that have reported assess of themselves."""


def round_pdf(
    cascade: CascadeCase, kpis: KeyKpis, summary: RoundSummary, scores: Scores, *, dated: Moment,
    digits: Digits = "thai", letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """Every agency with its total, those who must plan a remedy, and every KPI by itself. Raises ReportError."""
    sheet = round_sheet(cascade, kpis, summary, scores, dated=dated, digits=digits, letterhead=letterhead)
    return typeset("cascade_round", sheet, digits=digits)


def round_sheet(
    cascade: CascadeCase, kpis: KeyKpis, summary: RoundSummary, scores: Scores, *, dated: Moment, digits: Digits,
    letterhead: Letterhead,
) -> RoundSheet:  # fmt: skip
    """What goes onto the pages."""
    names = {kpi.number: kpi.th for kpi in kpis}
    remedial = [each for each in summary.scores if each.remedial]
    return RoundSheet(
        title=SUMMARY, author=cascade.province_th, dated=dated, letterhead=letterhead,
        heads=_heads(cascade, summary, digits),
        summary=(*results(summary, digits), written(f"ข้อมูล ณ {thai_moment(dated)}", digits)),
        columns=("ที่", "หน่วยงาน", "คะแนนรวม", "หมายเหตุ"),
        rows=tuple(
            (written(f"{place}", digits), sentence(each.th, digits), _total(each, digits), _remark(each, digits))
            for place, each in enumerate(summary.scores, start=1)
        ),
        remedial=tuple(
            (
                written(f"{place}", digits), sentence(each.th, digits),
                "\n".join(f"{written(number, digits)} {names[number]}" for number in each.remedial),
            )
            for place, each in enumerate(remedial, start=1)
        ),
        by_kpi=_by_kpi(kpis, summary, scores, digits) if scores else None,
    )  # fmt: skip


def _by_kpi(kpis: KeyKpis, summary: RoundSummary, scores: Scores, digits: Digits) -> ByKpi:
    """The host of a KPI compares what the agencies say of it (S2, lines 16 to 23)."""
    measured = any(each.value is not None for score in scores.values() for each in score.kpis)

    def row(place: int, agency: AgencyScore) -> tuple[str, ...]:
        said = {each.number: each for each in scores[agency.unit].kpis} if agency.unit in scores else {}
        cells = (_scored(said.get(kpi.number), digits) for kpi in kpis)
        return (written(f"{place}", digits), sentence(agency.th, digits), *cells, _total(agency, digits))

    return ByKpi(
        hint="คะแนนตามการประเมินตนเองของหน่วยงาน" + (" ตัวเลขในวงเล็บเป็นผลการดำเนินงาน" if measured else ""),
        columns=("ที่", "หน่วยงาน", *(written(kpi.number, digits) for kpi in kpis), "คะแนนรวม"),
        rows=tuple(row(place, agency) for place, agency in enumerate(summary.scores, start=1)),
        kpis=tuple(
            (written(kpi.number, digits), sentence(kpi.th, digits), number(kpi.weight, digits)) for kpi in kpis
        ),
    )  # fmt: skip


def _scored(kpi: ScoredKpi | None, digits: Digits) -> str:
    if kpi is None:
        return NONE
    value = "" if kpi.value is None else f"\n({number(rounded(ratio(kpi.value), 2), digits)})"
    return score_text(kpi.score, digits) + value


def results(summary: RoundSummary, digits: Digits) -> tuple[str, ...]:
    """How many reported, between which scores, and what is flagged."""
    totals = [each.total for each in summary.scores if each.total is not None]
    remedial, warned = sum(bool(each.remedial) for each in summary.scores), sum(each.warned for each in summary.scores)
    said = [f"ส่งรายงานการประเมินตนเองแล้ว {len(totals)} จาก {len(summary.scores)} หน่วยงาน"]
    if totals:
        said.append(f"คะแนนรวมตั้งแต่ {min(totals):.4f} ถึง {max(totals):.4f}")
    said.append(f"ต้องจัดทำแผนปรับปรุง {remedial} หน่วยงาน")
    if warned:
        said.append(f"{WARNED} {warned} หน่วยงาน")
    return tuple(written(line, digits) for line in said)


def _heads(cascade: CascadeCase, summary: RoundSummary, digits: Digits) -> tuple[str, ...]:
    year = thai_fiscal_year(cascade.fiscal_year, digits)
    return (cascade.province_th, f"{written(f'รอบ {summary.round} เดือน', digits)} {year}")


def _total(agency: AgencyScore, digits: Digits) -> str:
    return score_text(agency.total, digits, missing=NONE)


def _remark(agency: AgencyScore, digits: Digits) -> str:
    if agency.total is None:
        return NOT_REPORTED
    remedial = (f"ต้องจัดทำแผนปรับปรุงตัวชี้วัดที่ {', '.join(agency.remedial)}",) if agency.remedial else ()
    warned = (WARNED,) if agency.warned else ()
    return written("\n".join((*remedial, *warned)), digits)


def minutes_pdf(
    cascade: CascadeCase, summary: RoundSummary, minutes: CascadeMinutes, comments: tuple[tuple[KeyKpi, str], ...], *,
    dated: Moment, digits: Digits = "thai", letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """Who came, what the hosts said, what was resolved. Raises ReportError."""
    came = set(minutes.attended)
    sheet = MinutesSheet(
        title=MINUTES, author=cascade.province_th, dated=dated, letterhead=letterhead,
        heads=(*_heads(cascade, summary, digits), f"วันที่ {thai_date(minutes.held_on, digits)}"),
        attendance=written(f"เข้าร่วมประชุม {len(came)} จาก {len(cascade.agencies)} หน่วยงาน", digits),
        absent=tuple(sentence(each.th, digits) for each in cascade.agencies if each.unit not in came),
        results=results(summary, digits),
        comments=tuple((written(f"{kpi.number} {kpi.th}", digits), sentence(said, digits)) for kpi, said in comments),
        resolution=sentence(minutes.resolution, digits),
    )  # fmt: skip
    return typeset("cascade_minutes", sheet, digits=digits)


def ranking_pdf(
    cascade: CascadeCase, ranking: Ranking, order: RankingOrder, governor: Signatory, *, dated: Moment,
    digits: Digits = "thai", letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """The announcement of who is awarded, with all agencies in its annex. Raises ReportError."""
    year = thai_fiscal_year(cascade.fiscal_year, digits)
    grounds = (
        f"ตามที่{cascade.province_th}ได้กำหนดรางวัลสำหรับส่วนราชการที่มีผลการเบิกจ่ายเงินงบประมาณสูง "
        f"อันดับ 1–{cascade.rules.ranks} ประจำ{year} นั้น"
    )
    # The era stays with its year, and both with the word before them.
    subject = f"{RANKING} {year}".replace(" พ.ศ.", "\u00a0พ.ศ.")
    sheet = RankingSheet(
        title=f"ประกาศ{cascade.province_th}", author=cascade.province_th, dated=dated, letterhead=letterhead,
        issuer=cascade.province_th, subject=subject, grounds=sentence(grounds, digits),
        further=sentence(order.note, digits),
        awarded=tuple(
            written(f"อันดับ {each.rank} {each.th} ร้อยละ {_percent(each.value)}", digits)
            for each in ranking.places if each.awarded
        ),
        rows=tuple(
            (written(f"{each.rank}", digits), sentence(each.th, digits), written(_percent(each.value), digits))
            for each in ranking.places
        ),
        missing=tuple(sentence(th, digits) for th in ranking.missing),
        announced=f"ประกาศ ณ วันที่ {dated_with_era(order.on, digits)}", signature=undated(governor),
    )  # fmt: skip
    return typeset("cascade_ranking", sheet, digits=digits)


def _percent(value: Decimal) -> str:
    return f"{value:.2f}"
