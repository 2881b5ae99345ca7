"""The summary of a round: KPIs by dimension with result, score, weighted scores and traffic light (requirements 4.6).

ตัวชี้วัด | หน่วย | เป้าหมาย | น้ำหนัก | ผล | ค่าคะแนนที่ได้ | คะแนนถ่วงน้ำหนัก. The last column stands twice, once for each
total: a sum of what is reported flatters, a sum over everything does not, and neither may be taken for the other.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from reports.criteria import ResultLine, part_lines, result_text
from reports.dimensions import UNSTATED, Group, groups
from reports.figures import NONE, NOT_STATED, number, score
from reports.findings import finding_text
from reports.names import Names
from reports.register import written
from rules.thai import Digits
from schemas.base import Record
from schemas.kpi import KpiBook, Round
from schemas.policy import AgreementPolicy
from schemas.scorecard import ROW_STATE_TH, RowState, Scorecard, ScoreRow, Subtotal

COLUMNS = (
    "ที่", "ตัวชี้วัด", "หน่วย", "เป้าหมาย", "น้ำหนัก (ร้อยละ)", "ผลการดำเนินงาน", "ค่าคะแนนที่ได้", "ถ่วงน้ำหนัก เฉพาะตัวที่รายงาน",
    "ถ่วงน้ำหนัก ทุกตัวชี้วัด", "สถานะ",
)  # fmt: skip
REPORTED = "คะแนนเฉพาะตัวที่รายงาน"
ALL = "คะแนนรวมทุกตัวชี้วัด"


class Light(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    NONE = "none"
    """No score yet."""


LIGHT_TH = {Light.GREEN: "เขียว", Light.YELLOW: "เหลือง", Light.RED: "แดง", Light.NONE: ""}


class SummaryLine(Record):
    number: str
    th: str
    unit_of_measure: str
    target: str
    weight: str
    result: str
    score: str
    weighted_reported: str
    weighted_all: str
    state: str
    light: Light
    light_th: str
    """The light in a word: many printers have no colours, and many eyes do not tell these apart."""
    alert: bool
    """Not reported, or provisional."""
    parts: tuple[ResultLine, ...]


class SummaryGroup(Record):
    """A dimension with its subtotals."""

    name: str
    depth: int
    weight: str
    score_reported: str
    score_all: str
    empty: bool
    lines: tuple[SummaryLine, ...]


class Total(Record):
    name: str
    score: str
    weight: str
    """What it is divided by."""
    meaning: str
    official: bool = False


class Summary(Record):
    columns: tuple[str, ...] = COLUMNS
    groups: tuple[SummaryGroup, ...]
    weight: str
    totals: tuple[Total, ...]
    legend: str
    provisional: str
    """«คะแนนเบื้องต้น …» where a score is not final; else empty."""
    unreported: str
    """Which KPIs are not reported; else empty."""
    findings: tuple[str, ...]


def summary(card: Scorecard, book: KpiBook, policy: AgreementPolicy, *, names: Names, digits: Digits) -> Summary:
    """The table of a scorecard; `book` is the agreement that the scorecard was made from."""
    rows = {row.number: row for row in card.rows}
    return Summary(
        groups=tuple(_group(card, group, rows, book, policy, digits) for group in groups(book)),
        weight=number(card.weight, digits),
        totals=totals(card, digits),
        legend=legend(policy, digits),
        provisional=provisional(card, digits),
        unreported=unreported(card, digits),
        findings=tuple(finding_text(each, names, digits) for each in card.findings),
    )


def totals(card: Scorecard, digits: Digits) -> tuple[Total, ...]:
    """Both totals with what they mean; that over everything is official at twelve months."""
    floor = "ตัวชี้วัดที่ยังไม่รายงานนับเป็นคะแนนต่ำสุด"
    official = card.official is not None
    stands = "เป็นคะแนนทางการของปี" if official else "จะเป็นคะแนนทางการเมื่อสิ้นปี (รอบ 12 เดือน)"
    return (
        Total(
            name=REPORTED, score=score(card.total_reported, digits), weight=number(card.weight_reported, digits),
            meaning="ไม่นับตัวชี้วัดที่ยังไม่รายงาน จึงอาจสูงกว่าความเป็นจริง",
        ),
        Total(
            name=ALL, score=score(card.total_all, digits), weight=number(card.weight, digits),
            meaning=written(f"{floor} {stands}", digits), official=official,
        ),
    )  # fmt: skip


def legend(policy: AgreementPolicy, digits: Digits) -> str:
    """What the three lights mean."""
    green, yellow = score(policy.traffic_light_green, digits), score(policy.traffic_light_yellow, digits)
    return f"เขียว: คะแนนสูงกว่า {green} · เหลือง: ตั้งแต่ {yellow} ถึง {green} · แดง: ต่ำกว่า {yellow}"


def light(of: Decimal | None, policy: AgreementPolicy) -> Light:
    if of is None:
        return Light.NONE
    if of > policy.traffic_light_green:
        return Light.GREEN
    return Light.YELLOW if of >= policy.traffic_light_yellow else Light.RED


def provisional(card: Scorecard, digits: Digits) -> str:
    """A sentence that says which scores are not final."""
    found = [row.number for row in card.rows if row.state is RowState.PROVISIONAL]
    text = f"คะแนนเบื้องต้น: ตัวชี้วัดที่ {', '.join(found)} ยังไม่ผ่านการรับรองครบถ้วนหรืออยู่ระหว่างอุทธรณ์"
    return written(text, digits) if found else ""


def unreported(card: Scorecard, digits: Digits) -> str:
    """A sentence that names the active KPIs without a result."""
    found = [row.number for row in card.rows if row.state is RowState.NOT_REPORTED]
    return written(f"ยังไม่รายงาน: ตัวชี้วัดที่ {', '.join(found)}", digits) if found else ""


def _group(
    card: Scorecard, group: Group, rows: dict[str, ScoreRow], book: KpiBook, policy: AgreementPolicy, digits: Digits
) -> SummaryGroup:
    id_ = group.dimension.id if group.dimension else None
    subtotal = next((each for each in card.dimensions if each.id == id_), _NO_SUBTOTAL)
    return SummaryGroup(
        name=UNSTATED if group.dimension is None else group.th,
        depth=group.depth,
        weight=number(subtotal.weight, digits),
        score_reported=score(subtotal.score_reported, digits),
        score_all=score(subtotal.score_all, digits),
        empty=group.empty,
        lines=tuple(line(rows[kpi.number], book, policy, digits) for kpi in group.kpis),
    )


_NO_SUBTOTAL = Subtotal(id=None, weight=Decimal(0), weight_reported=Decimal(0), score_reported=None, score_all=None)


def line(row: ScoreRow, book: KpiBook, policy: AgreementPolicy, digits: Digits) -> SummaryLine:
    """One KPI in the round, with its parts."""
    kpi = book.kpi(row.number)
    shown = light(row.score, policy)
    return SummaryLine(
        number=written(row.number, digits), th=row.th, unit_of_measure=row.unit_of_measure or NONE,
        target=number(row.target, digits, missing=NOT_STATED), weight=number(row.weight, digits, missing=NOT_STATED),
        result=result_text(row.result, digits), score=score(row.score, digits),
        weighted_reported=score(row.weighted_reported, digits), weighted_all=score(row.weighted_all, digits),
        state=ROW_STATE_TH[row.state], light=shown, light_th=LIGHT_TH[shown],
        alert=row.state in {RowState.NOT_REPORTED, RowState.PROVISIONAL},
        parts=part_lines(kpi.criteria, row.result, digits) if kpi else (),
    )  # fmt: skip


def round_name(round_: Round, digits: Digits) -> str:
    """«รอบ 6 เดือน»."""
    return written(f"รอบ {int(round_)} เดือน", digits)
