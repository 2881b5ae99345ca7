"""The score of one KPI from its criteria and what was reported (requirements 4.1). Scores are exact until rounded."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from rules.errors import ResultDoesNotFit
from rules.exact import mean, ratio, rounded
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
    PartsResult,
    Quantitative,
    Result,
    StepTable,
    ValueResult,
)
from schemas.form import Problem
from schemas.kpi import Kpi


def score(kpi: Kpi, result: Result) -> Decimal | None:
    """The score with four decimals, half up; None as long as the criteria or a part of the result is missing.

    Raises ResultDoesNotFit.
    """
    if problems := result_problems(kpi, result):
        raise ResultDoesNotFit(number=kpi.number, problems=problems)
    exact = None if kpi.criteria is None else exact_score(kpi.criteria, result)
    return None if exact is None else rounded(exact)


def exact_score(criteria: Criteria, result: Result) -> Fraction | None:
    """The score before rounding, for a result that fits; None as long as a part of a composite is missing."""
    match criteria, result:
        case Quantitative(), ValueResult():
            return _interpolated(criteria, ratio(result.value))
        case StepTable(), ValueResult():
            return Fraction(next(each.score for each in criteria.ranges if each.holds(result.value)))
        case Milestones(), MilestoneResult() | CountResult():
            return Fraction(max(criteria.floor, _steps_achieved(criteria, result)))
        case Composite(), PartsResult():
            return _of_parts(criteria, result)
        case External(), ExternalResult():
            return ratio(result.score)
    raise TypeError(f"{type(result).__name__} does not fit {type(criteria).__name__}")


def floor_of(criteria: Criteria | None) -> Fraction:
    """What a KPI counts for that is not reported: the criteria's floor, of a composite the mean floor of its parts."""
    if criteria is None:
        return Fraction(1)
    if isinstance(criteria, Composite):
        floor = mean((ratio(part.weight), floor_of(part.criteria)) for part in criteria.parts)
        assert floor is not None, "a composite has parts, and each has a weight"
        return floor
    return Fraction(criteria.floor)


def _interpolated(criteria: Quantitative, value: Fraction) -> Fraction:
    sign = 1 if criteria.more_is_better else -1
    points = [sign * ratio(point) for point in criteria.points]
    value *= sign
    if value < points[0]:
        return Fraction(criteria.floor)
    for level in range(1, 5):
        low, high = points[level - 1], points[level]
        if value <= high:
            return level + (value - low) / (high - low)
    return Fraction(5)


def _steps_achieved(criteria: Milestones, result: MilestoneResult | CountResult) -> int:
    if isinstance(result, CountResult):
        return result.count
    if criteria.rule is MilestoneRule.COUNT:
        return len(result.done)
    return next((step for step in range(5) if step + 1 not in result.done), 5)


def _of_parts(criteria: Composite, result: PartsResult) -> Fraction | None:
    scores = []
    for part in criteria.parts:
        reported = result.parts.get(part.number)
        scored = None if reported is None else exact_score(part.criteria, reported)
        if scored is None:
            return None
        scores.append((ratio(part.weight), scored))
    return mean(scores)


# --- does a result fit? ------------------------------------------------------------------------------------


def result_problems(kpi: Kpi, result: Result) -> tuple[Problem, ...]:
    """Why a result cannot be scored by the KPI's criteria; a part not yet reported is not a problem."""
    return () if kpi.criteria is None else tuple(_problems(kpi.number, kpi.criteria, result, "result"))


def missing_parts(criteria: Criteria | None, result: Result | None) -> tuple[KpiNumber, ...]:
    """The parts of a composite for which nothing is reported yet, down to the last level."""
    if not isinstance(criteria, Composite):
        return ()
    reported = result.parts if isinstance(result, PartsResult) else {}
    missing: list[KpiNumber] = []
    for part in criteria.parts:
        below = missing_parts(part.criteria, reported.get(part.number))
        missing.extend(below or (() if part.number in reported else (part.number,)))
    return tuple(missing)


def _problems(number: KpiNumber, criteria: Criteria, result: Result, field: str) -> Iterator[Problem]:
    kinds, th, en = _expected(criteria)
    if not isinstance(result, kinds):
        yield Problem(field=field, th=f"ตัวชี้วัดที่ {number} ต้องรายงาน{th}", en=f"KPI {number} is reported as {en}")
    elif isinstance(criteria, Composite) and isinstance(result, PartsResult):
        yield from _problems_of_parts(number, criteria, result, field)
    elif isinstance(criteria, External) and isinstance(result, ExternalResult) and result.score < criteria.floor:
        yield Problem(
            field=f"{field}.score",
            th=f"ตัวชี้วัดที่ {number} มีคะแนนต่ำสุดได้ {criteria.floor} แต่ได้รับคะแนน {result.score}",
            en=f"KPI {number} scores at least {criteria.floor}, but {result.score} was given",
        )


def _expected(criteria: Criteria) -> tuple[tuple[type[Result], ...], str, str]:
    """The kinds of result that fit, and what they are called."""
    match criteria:
        case Quantitative() | StepTable():
            return (ValueResult,), "ค่าที่วัดได้", "a measured value"
        case Milestones(rule=MilestoneRule.CONSECUTIVE):
            return (MilestoneResult,), "ขั้นตอนที่ดำเนินการแล้ว", "the steps that were achieved"
        case Milestones():
            return (MilestoneResult, CountResult), "จำนวนหรือขั้นตอนที่ดำเนินการแล้ว", "the steps achieved, or their number"
        case Composite():
            return (PartsResult,), "ผลของตัวชี้วัดย่อย", "the results of its parts"
        case External():
            return (ExternalResult,), f"คะแนนจาก{criteria.assessor}", f"a score from {criteria.assessor}"
        case _:
            assert_never(criteria)


def _problems_of_parts(number: KpiNumber, criteria: Composite, result: PartsResult, field: str) -> Iterator[Problem]:
    parts = {part.number: part.criteria for part in criteria.parts}
    for reported, of_part in result.parts.items():
        at = f"{field}.parts.{reported}"
        if reported in parts:
            yield from _problems(reported, parts[reported], of_part, at)
        else:
            yield Problem(
                field=at,
                th=f"ตัวชี้วัดที่ {number} ไม่มีตัวชี้วัดย่อย {reported}",
                en=f"KPI {number} has no part {reported}",
            )
