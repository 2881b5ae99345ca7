"""Scores in a province's cascade: level or ratio, weighted total, what is flagged, and the ranking (R2.1 to R2.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from rules.exact import mean, ratio, rounded
from rules.scoring import exact_score
from schemas.base import Moment, UnitId
from schemas.cascade import (
    AgencyCascadeCase,
    AssessedKpi,
    CascadeRules,
    Follow,
    IndividualKpi,
    KeyKpi,
    KeyKpis,
    KpiKind,
    Member,
    Placed,
    Remedied,
    RoundScore,
    ScoredKpi,
)
from schemas.criteria import Quantitative, ValueResult
from schemas.kpi import Round

PERCENT, RESULT_PLACES = 100, 2
"""A result in per cent has two decimals [DEFAULT]; it is scored as it was written."""


def levels_of(levels: str) -> tuple[str, ...]:
    """The criteria of the levels 1 to 5 as they were written, divided by « / »; by «/» where no stroke stands apart.

    Officials write a stroke within a level too: «มีแผนงาน/โครงการ / มีคำสั่ง».
    """
    apart = re.split(r"\s+/\s+", levels.strip())
    return tuple(part.strip() for part in (apart if len(apart) > 1 else levels.split("/")))


def points_of(kpi: KeyKpi) -> Quantitative:
    """The levels of a ratio. Raises ValueError or ArithmeticError where they are not five numbers in one direction."""
    return Quantitative.model_validate({"points": [Decimal(part.replace(",", "")) for part in kpi.levels.split("/")]})


def percentage(assessed: AssessedKpi) -> Decimal | None:
    """What the values give: numerator / denominator in per cent; None where they give nothing."""
    if assessed.numerator is None or not assessed.denominator:
        return None
    return rounded(ratio(assessed.numerator) / ratio(assessed.denominator) * PERCENT, RESULT_PLACES)


def score_of(kpi: KeyKpi, assessed: AssessedKpi) -> Fraction:
    """The exact score of an admitted line: the level itself, or in proportion between the levels."""
    if kpi.kind is KpiKind.MILESTONE:
        assert assessed.level is not None
        return Fraction(assessed.level)
    assert assessed.value is not None
    scored = exact_score(points_of(kpi), ValueResult(value=assessed.value))
    assert scored is not None
    return scored


def is_low(score: Fraction, rules: CascadeRules) -> bool:
    """R2.1: «น้อยกว่า 2.5», strictly."""
    return score < ratio(rules.remedial_below)


def round_score(
    kpis: KeyKpis, assessed: Iterable[AssessedKpi], round_: Round, rules: CascadeRules, *, last: bool
) -> RoundScore:
    """The weighted total with four decimals, and what is flagged on the exact scores.

    A remedial plan is called for on the KPIs of which the province says so, never on the total: S2 counts the nine
    agencies on «ถ่ายทอดตัวชี้วัด» alone, while totals lay between 2 and 4 (decision 39).
    """
    by_number = {each.number: each for each in assessed}
    scores = {kpi.number: score_of(kpi, by_number[kpi.number]) for kpi in kpis}
    total = mean((ratio(kpi.weight), scores[kpi.number]) for kpi in kpis)
    assert total is not None
    flagged = tuple(kpi.number for kpi in kpis if kpi.follow is Follow.REMEDY and is_low(scores[kpi.number], rules))
    return RoundScore(
        round=round_, total=rounded(total),
        kpis=tuple(
            ScoredKpi(number=kpi.number, score=rounded(scores[kpi.number]), value=by_number[kpi.number].value)
            for kpi in kpis
        ),
        flagged=flagged, remedial=() if last else flagged,
        warned=round_ is Round.NINE and total < ratio(rules.nine_month_target),
    )  # fmt: skip


def individual_score(kpis: Iterable[IndividualKpi], levels: Iterable[int]) -> Decimal:
    """Σ level × weight / Σ weight, with four decimals (W-mfa: คะแนน (ก) × น้ำหนัก (ข)); `levels` by line."""
    total = mean((ratio(kpi.weight), Fraction(level)) for kpi, level in zip(kpis, levels, strict=True))
    assert total is not None
    return rounded(total)


def remedied(case: AgencyCascadeCase, kpi: KeyKpi, assessed: AssessedKpi, *, at: Moment) -> Remedied:
    """A remedial plan after its recheck at a moment: met, or once more, or too late for that."""
    score = score_of(kpi, assessed)
    met = not is_low(score, case.rules)
    return Remedied(kpi=kpi.number, score=rounded(score), met=met, over=met or at >= case.year_ends)


def places(
    members: Iterable[Member], values: Mapping[UnitId, Decimal], rules: CascadeRules
) -> tuple[tuple[Placed, ...], tuple[str, ...]]:
    """R2.4: the agencies by their result, the highest first, and those without one.

    Who is equal shares a rank, and the next rank is left out [DEFAULT].
    """
    there = [(member, values[member.unit]) for member in members if member.unit in values]
    ordered = sorted(there, key=lambda each: -each[1])
    ranks = {value: 1 + sum(other > value for other in values.values()) for value in set(values.values())}
    return tuple(
        Placed(
            unit=member.unit, th=member.th, value=value, rank=ranks[value], awarded=ranks[value] <= rules.ranks
        )
        for member, value in ordered
    ), tuple(member.th for member in members if member.unit not in values)  # fmt: skip
