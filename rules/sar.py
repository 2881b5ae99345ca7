"""What a KPI's keepers are asked in a round, and the result that their answers make (requirements P7, 4.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from schemas.agreement import SurveyReport
from schemas.criteria import (
    Composite,
    CountResult,
    Criteria,
    External,
    ExternalResult,
    KpiNumber,
    MilestoneResult,
    Milestones,
    PartsResult,
    Result,
    ValueResult,
)
from schemas.exact import Score
from schemas.form import FormContext, Problem
from schemas.kpi import Kpi, KpiBook, Round
from schemas.sar import ExternalReport, MilestoneReport, SarCardForm, ValueReport


class Leaf(NamedTuple):
    """A KPI, or a part of one at the lowest level, for which one result is reported."""

    number: KpiNumber
    th: str
    unit_of_measure: str
    criteria: Criteria | None


def active_kpis(book: KpiBook, round_: Round) -> tuple[Kpi, ...]:
    """The KPIs that have started by the round and are not cancelled at it [W-mds]."""
    return tuple(
        kpi for kpi in book.kpis if kpi.starts_at <= round_ and (kpi.cancelled_at is None or kpi.cancelled_at > round_)
    )


def leaves(kpi: Kpi) -> tuple[Leaf, ...]:
    """The KPI itself, or the lowest parts of a composite, in the order of the agreement."""
    return tuple(_leaves(Leaf(kpi.number, kpi.th, kpi.unit_of_measure, kpi.criteria)))


def _leaves(leaf: Leaf) -> Iterator[Leaf]:
    if not isinstance(leaf.criteria, Composite):
        yield leaf
        return
    for part in leaf.criteria.parts:
        yield from _leaves(Leaf(part.number, part.th, part.unit_of_measure, part.criteria))


def report_form(criteria: Criteria | None) -> type[SarCardForm]:
    """The form in which a result is reported by its criteria; without criteria only what was done can be said."""
    match criteria:
        case None | Composite():
            return SarCardForm
        case Milestones():
            return MilestoneReport
        case External():
            return ExternalReport
        case _:
            return ValueReport


def result_of(
    criteria: Criteria | None, number: KpiNumber, reports: Mapping[KpiNumber, SarCardForm], external: Score | None
) -> Result | None:
    """The result of a KPI from the reports on its leaves; None as long as there is nothing to score.

    :param external: the score that another body has supplied; it goes before what a keeper recorded of it.
    """
    match criteria, reports.get(number):
        case Composite(parts=parts), _:
            found = {part.number: result_of(part.criteria, part.number, reports, None) for part in parts}
            return PartsResult(parts={number: result for number, result in found.items() if result is not None})
        case External(), ExternalReport(score=score):
            return ExternalResult(score=score if external is None else external)
        case External(), _ if external is not None:
            return ExternalResult(score=external)
        case Milestones(), MilestoneReport(done=done):
            return MilestoneResult(done=tuple(int(step) for step in done))
        case _, ValueReport(value=value):
            return ValueResult(value=Decimal(value))
        case _:
            return None


def result_th(result: Result) -> str:
    """A result as a page or a document says it."""
    match result:
        case ValueResult(value=value):
            return f"{value.normalize():f}"
        case CountResult(count=count):
            return f"สำเร็จ {count} ขั้นตอน"
        case MilestoneResult(done=done):
            return f"ขั้นตอนที่ {', '.join(map(str, done))}" if done else "ยังไม่สำเร็จขั้นตอนใด"
        case ExternalResult(score=score):
            return f"คะแนน {score}"
        case PartsResult(parts=parts):
            return "; ".join(f"{number}: {result_th(part)}" for number, part in parts.items())


def result_en(result: Result) -> str:
    """The same in English."""
    match result:
        case ValueResult(value=value):
            return f"{value.normalize():f}"
        case CountResult(count=count):
            return f"{count} steps achieved"
        case MilestoneResult(done=done):
            return f"Steps {', '.join(map(str, done))}" if done else "No step achieved yet"
        case ExternalResult(score=score):
            return f"Score {score}"
        case PartsResult(parts=parts):
            return "; ".join(f"{number}: {result_en(part)}" for number, part in parts.items())


# --- what the forms must satisfy ---------------------------------------------------------------------------


def limits_of_report(kpi: Kpi, criteria: Criteria | None) -> dict[str, Any]:
    """Whether the KPI has a formula, and the lowest score that another body can have given; JSON values."""
    if isinstance(criteria, External):
        return {"floor": criteria.floor}
    return {"has_formula": True} if kpi.formula else {}


def limits_of_survey(book: KpiBook) -> dict[str, Any]:
    """The same for every KPI that is measured outside."""
    return {"floors": {kpi.number: kpi.criteria.floor for kpi in book.kpis if isinstance(kpi.criteria, External)}}


def problems_of_external(form: ExternalReport, context: FormContext, _today: date) -> Iterator[Problem]:
    yield from _below(context.limits.get("floor"), form.score)


def problems_of_survey(form: SurveyReport, context: FormContext, _today: date) -> Iterator[Problem]:
    yield from _below(context.limits.get("floors", {}).get(form.kpi), form.score)


def problems_of_value(form: ValueReport, context: FormContext, _today: date) -> Iterator[Problem]:
    """The SAR writes the formula with its values (S2-09)."""
    if context.limits.get("has_formula") and not form.calculation:
        yield Problem(
            field="calculation",
            th="ตัวชี้วัดนี้มีสูตรการคำนวณ กรุณาเขียนสูตรพร้อมแทนค่า",
            en="This KPI has a formula: write it with its values",
        )


def _below(floor: int | None, score: Score) -> Iterator[Problem]:
    if floor is not None and score < floor:
        yield Problem(
            field="score",
            th=f"คะแนนต่ำสุดของตัวชี้วัดนี้คือ {floor} ตามที่กำหนดในคำรับรอง",
            en=f"The lowest score of this KPI is {floor}, as the agreement has it",
        )
