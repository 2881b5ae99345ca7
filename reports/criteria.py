"""Criteria of five levels, results and doubts as the documents of an agreement year show them (requirements 4.1)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from reports.figures import NONE, NOT_STATED, number, score
from reports.register import written
from rules.exact import ratio, rounded
from rules.scoring import exact_score
from rules.thai import Digits
from schemas.base import Record
from schemas.criteria import (
    Composite,
    CountResult,
    Criteria,
    External,
    ExternalResult,
    KpiNumber,
    MilestoneResult,
    MilestoneRule,
    Milestones,
    Part,
    PartsResult,
    Quantitative,
    Result,
    StepRange,
    StepTable,
    ValueResult,
)
from schemas.exact import Exact
from schemas.kpi import Confidence, Kpi

KIND_TH = {
    "quantitative": "เชิงปริมาณ เทียบบัญญัติไตรยางศ์ระหว่างระดับ",
    "step_table": "ช่วงคะแนน ไม่เทียบบัญญัติไตรยางศ์",
    "milestones": "ระดับความสำเร็จตามขั้นตอน",
    "composite": "ถ่วงน้ำหนักจากตัวชี้วัดย่อย",
    "external": "คะแนนจากหน่วยงานภายนอก",
}
RULE_TH = {
    MilestoneRule.CONSECUTIVE: "คะแนนเท่ากับจำนวนขั้นตอนที่สำเร็จต่อเนื่องกันจากขั้นตอนที่ 1",
    MilestoneRule.COUNT: "คะแนนเท่ากับจำนวนขั้นตอนที่สำเร็จ ไม่ว่าขั้นตอนใด",
}
CONFIDENCE_TH = {
    Confidence.PRINTED: "",
    Confidence.RECONSTRUCTED: "สรุปได้จากเอกสาร",
    Confidence.GUESS: "คาดคะเน",
    Confidence.UNKNOWN: "",
}


class CriteriaLine(Record):
    """The criteria of a KPI, or of one part of it.

    Either `levels` are five short texts, one a level, or `texts` say it in lines across all five columns.
    """

    number: str
    th: str
    weight: str = ""
    """A part's weight: «2 ใน 5»."""
    unit_of_measure: str = ""
    kind: str
    levels: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    note: str = ""
    """The lowest score, where it is not 1, or the rule of milestones."""
    depth: int = 0
    """0 for the KPI itself."""


def criteria_lines(kpi: Kpi, digits: Digits) -> tuple[CriteriaLine, ...]:
    """The KPI's own line, then those of its parts, each below what it is part of."""
    return tuple(_lines(kpi.number, kpi.th, kpi.unit_of_measure, "", kpi.criteria, digits, 0))


def _lines(
    no: KpiNumber, th: str, unit: str, weight: str, criteria: Criteria | None, digits: Digits, depth: int
) -> list[CriteriaLine]:  # fmt: skip
    own = CriteriaLine(
        number=written(no, digits), th=th, weight=weight, unit_of_measure=unit, depth=depth,
        kind=NOT_STATED if criteria is None else KIND_TH[criteria.kind],
        levels=_levels(criteria, digits), texts=_texts(criteria, digits), note=_note(criteria, digits),
    )  # fmt: skip
    parts = criteria.parts if isinstance(criteria, Composite) else ()
    below = [
        _lines(part.number, part.th, part.unit_of_measure, part_weight(part, parts, digits), part.criteria, digits,
               depth + 1)
        for part in parts
    ]  # fmt: skip
    return [own, *(line for lines in below for line in lines)]


def part_weight(part: Part, parts: tuple[Part, ...], digits: Digits) -> str:
    """«2 ใน 5»: parts have weights of their own scale."""
    whole = sum((each.weight for each in parts), Decimal(0))
    return f"{number(part.weight, digits)} ใน {number(whole, digits)}"


def _levels(criteria: Criteria | None, digits: Digits) -> tuple[str, ...]:
    match criteria:
        case Quantitative():
            return tuple(number(point, digits) for point in criteria.points)
        case StepTable():
            ranges = {each.score: range_text(each, digits) for each in criteria.ranges}
            return tuple(ranges.get(level, NONE) for level in range(1, 6))
        case _:
            return ()


def _texts(criteria: Criteria | None, digits: Digits) -> tuple[str, ...]:
    match criteria:
        case Milestones():
            return tuple(f"{written(at, digits)}. {step}" for at, step in enumerate(criteria.steps, start=1))
        case Composite():
            return ("ค่าเฉลี่ยถ่วงน้ำหนักของคะแนนตัวชี้วัดย่อย",)
        case External():
            return (f"คะแนนจาก{criteria.assessor}",)
        case None:
            return (NOT_STATED,)
        case _:
            return ()


def _note(criteria: Criteria | None, digits: Digits) -> str:
    notes = [written(RULE_TH[criteria.rule], digits)] if isinstance(criteria, Milestones) else []
    if criteria is not None and not isinstance(criteria, Composite) and criteria.floor == 0:
        notes.append(written("คะแนนต่ำสุด 0", digits))
    return " · ".join(notes)


def range_text(of: StepRange, digits: Digits) -> str:
    """«ต่ำกว่า 75», «75 ถึงต่ำกว่า 80», «ตั้งแต่ 90»."""
    low, high = of.lower, of.upper
    start = "" if low is None else f"{'' if low.included else 'มากกว่า '}{number(low.value, digits)}"
    end = "" if high is None else f"{'' if high.included else 'ต่ำกว่า '}{number(high.value, digits)}"
    if low is None:
        return f"ไม่เกิน {end}" if high is not None and high.included else end
    if high is None:
        return f"ตั้งแต่ {start}" if low.included else start
    return f"{start} ถึง {end}" if high.included else f"{start} ถึง{end}"


# --- weights and results -----------------------------------------------------------------------------------


def weight_text(weight: Exact | None, confidence: Confidence, digits: Digits) -> tuple[str, str]:
    """(the weight or «เอกสารไม่ระบุ», how it is known: «», «สรุปได้จากเอกสาร», «คาดคะเน»)."""
    return number(weight, digits, missing=NOT_STATED), CONFIDENCE_TH[confidence]


class ResultLine(Record):
    """A result with its score: of a KPI, or of one part of it."""

    number: str
    th: str
    weight: str
    result: str
    score: str
    weighted: str


def result_text(result: Result | None, digits: Digits) -> str:
    """The result in a cell; of a composite only how many of its parts are reported, as they have lines of their own."""
    match result:
        case None:
            return NONE
        case ValueResult():
            return number(result.value, digits)
        case CountResult():
            return written(f"สำเร็จ {result.count} ขั้นตอน", digits)
        case MilestoneResult():
            done = ",\u00a0".join(map(str, result.done))
            return written(f"ขั้นตอนที่ {done}" if done else "ยังไม่สำเร็จขั้นตอนใด", digits)
        case PartsResult():
            return written(f"รายงาน {len(result.parts)} ตัวชี้วัดย่อย", digits)
        case ExternalResult():
            return f"ได้รับคะแนน {score(result.score, digits)}"
        case _:
            assert_never(result)


def part_lines(criteria: Criteria | None, result: Result | None, digits: Digits) -> tuple[ResultLine, ...]:
    """A composite's parts with their results and scores; the weighted score is the part's share in the KPI's score."""
    if not isinstance(criteria, Composite):
        return ()
    reported = result.parts if isinstance(result, PartsResult) else {}
    whole = sum((ratio(part.weight) for part in criteria.parts), Fraction(0))
    lines: list[ResultLine] = []
    for part in criteria.parts:
        of_part = reported.get(part.number)
        exact = None if of_part is None else exact_score(part.criteria, of_part)
        lines.append(
            ResultLine(
                number=written(part.number, digits), th=part.th, weight=part_weight(part, criteria.parts, digits),
                result=result_text(of_part, digits), score=score(None if exact is None else rounded(exact), digits),
                weighted=score(None if exact is None else rounded(ratio(part.weight) * exact / whole), digits),
            )
        )  # fmt: skip
        lines += part_lines(part.criteria, of_part, digits)
    return tuple(lines)
