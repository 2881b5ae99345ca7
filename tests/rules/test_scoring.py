"""The score of one KPI: worked by hand, and for every value."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.errors import ResultDoesNotFit
from rules.exact import mean, ratio, rounded
from rules.scoring import exact_score, floor_of, missing_parts, result_problems, score
from schemas.criteria import (
    Composite,
    CountResult,
    Criteria,
    External,
    ExternalResult,
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
    number_key,
)
from schemas.kpi import Kpi

D = Decimal
STEPS = ("แต่งตั้งคณะทำงาน", "จัดทำแผน", "ดำเนินการ", "ติดตามผล", "สรุปบทเรียน")
RISING = Quantitative(points=(D(60), D(70), D(80), D(90), D(100)))
FALLING = Quantitative(points=(D(15), D(12), D(10), D(9), D("8.5")))
# esar.sskru: below 75, 75–79, 80–84, 85–89, 90 and more (requirements 4.1)
SSKRU = StepTable(
    ranges=(
        StepRange(score=1, below=D(75)),
        StepRange(score=2, at_least=D(75), below=D(80)),
        StepRange(score=3, at_least=D(80), below=D(85)),
        StepRange(score=4, at_least=D(85), below=D(90)),
        StepRange(score=5, at_least=D(90)),
    )
)
# Fewer is better: at most 5 complaints are a 5, more than 5 to 10 a 3, more than 10 a 1.
COMPLAINTS = StepTable(
    ranges=(
        StepRange(score=5, at_most=D(5)),
        StepRange(score=3, above=D(5), at_most=D(10)),
        StepRange(score=1, above=D(10)),
    )
)
# Disbursement: overall, capital, savings weigh 2/1/2 [W-budget].
DISBURSEMENT = Composite(
    parts=(
        Part(number="6.1", th="ภาพรวม", weight=D(2), criteria=RISING),
        Part(number="6.2", th="งบลงทุน", weight=D(1), criteria=RISING),
        Part(number="6.3", th="การประหยัด", weight=D(2), criteria=Milestones(steps=STEPS)),
    )
)


def _kpi(criteria: Criteria | None) -> Kpi:
    return Kpi(number="6", th="ตัวชี้วัด", weight=D(5), criteria=criteria)


def _value(value: str | int) -> ValueResult:
    return ValueResult(value=D(value))


@pytest.mark.parametrize(
    ("criteria", "value", "by_hand"),
    [
        # rising, 10 to a level: 1 + (x − 60) / 10
        (RISING, "59.99", "1.0000"),
        (RISING, "60", "1.0000"),
        (RISING, "64.5", "1.4500"),
        (RISING, "80", "3.0000"),
        (RISING, "99.99", "4.9990"),
        (RISING, "120", "5.0000"),
        # the fifth decimal is a half: 1 + 0.00005 / 10 → no; 1 + 0.0005 / 10 = 1.00005 → 1.0001
        (RISING, "60.0005", "1.0001"),
        (RISING, "60.00049999", "1.0000"),
        # falling with uneven levels: 12 to 10 takes one level, 9 to 8.5 one as well
        (FALLING, "15.1", "1.0000"),
        (FALLING, "14", "1.3333"),  # 1 + 1/3
        (FALLING, "13", "1.6667"),  # 1 + 2/3
        (FALLING, "11", "2.5000"),
        (FALLING, "8.75", "4.5000"),
        (FALLING, "0", "5.0000"),
        (SSKRU, "74.99", "1.0000"),
        (SSKRU, "75", "2.0000"),
        (SSKRU, "79.5", "2.0000"),
        (SSKRU, "89.99", "4.0000"),
        (SSKRU, "90", "5.0000"),
        (COMPLAINTS, "5", "5.0000"),
        (COMPLAINTS, "5.01", "3.0000"),
        (COMPLAINTS, "10", "3.0000"),
        (COMPLAINTS, "11", "1.0000"),
    ],
)
def test_values_scored_by_hand(criteria: Criteria, value: str, by_hand: str) -> None:
    assert str(score(_kpi(criteria), _value(value))) == by_hand


def test_below_the_first_level_the_floor_decides() -> None:
    with_zero = RISING.replace(floor=0)
    assert score(_kpi(with_zero), _value("59.99")) == 0
    assert score(_kpi(with_zero), _value(60)) == 1
    assert [floor_of(with_zero), floor_of(RISING), floor_of(None)] == [0, 1, 1]


@pytest.mark.parametrize(
    ("rule", "result", "by_hand"),
    [
        ("consecutive", MilestoneResult(done=()), 1),
        ("consecutive", MilestoneResult(done=(1, 2)), 2),
        ("consecutive", MilestoneResult(done=(1, 2, 4, 5)), 2),
        ("consecutive", MilestoneResult(done=(2, 3, 4, 5)), 1),
        ("consecutive", MilestoneResult(done=(5, 4, 3, 2, 1)), 5),
        ("count", MilestoneResult(done=(2, 4, 5)), 3),
        ("count", CountResult(count=0), 1),
        ("count", CountResult(count=4), 4),
    ],
)
def test_milestones_scored_by_hand(rule: str, result: Result, by_hand: int) -> None:
    assert score(_kpi(Milestones(steps=STEPS, rule=MilestoneRule(rule))), result) == by_hand


def test_milestones_with_floor_0_give_0_for_nothing() -> None:
    assert score(_kpi(Milestones(steps=STEPS, floor=0)), MilestoneResult()) == 0


def test_a_composite_is_the_mean_with_its_own_weights() -> None:
    # 6.1: 75 → 2.5 · 2 = 5; 6.2: 100 → 5 · 1 = 5; 6.3: 3 steps → 3 · 2 = 6; (5 + 5 + 6) / 5 = 3.2
    parts = {"6.1": _value(75), "6.2": _value(100), "6.3": MilestoneResult(done=(1, 2, 3))}
    assert str(score(_kpi(DISBURSEMENT), PartsResult(parts=parts))) == "3.2000"


def test_a_composite_without_one_of_its_parts_is_not_reported() -> None:
    result = PartsResult(parts={"6.1": _value(75)})
    assert score(_kpi(DISBURSEMENT), result) is None
    assert missing_parts(DISBURSEMENT, result) == ("6.2", "6.3")
    assert missing_parts(DISBURSEMENT, None) == ("6.1", "6.2", "6.3")
    assert missing_parts(RISING, None) == ()


def test_the_floor_of_a_composite_is_the_mean_floor_of_its_parts() -> None:
    first, *others = DISBURSEMENT.parts
    # 0 · 2/5 + 1 · 1/5 + 1 · 2/5
    assert floor_of(Composite(parts=(first.replace(criteria=RISING.replace(floor=0)), *others))) == Fraction(3, 5)


def test_composites_stand_in_composites() -> None:
    inner = Composite(
        parts=(
            Part(number="6.2.1", th="ก", weight=D(1), criteria=RISING),
            Part(number="6.2.2", th="ข", weight=D(3), criteria=RISING),
        )
    )
    outer = Composite(
        parts=(
            Part(number="6.1", th="ค", weight=D(1), criteria=RISING),
            Part(number="6.2", th="ง", weight=D(1), criteria=inner),
        )
    )
    below = PartsResult(parts={"6.2.1": _value(60), "6.2.2": _value(100)})
    # 6.2: (1 + 3·5) / 4 = 4; (5 + 4) / 2 = 4.5
    assert score(_kpi(outer), PartsResult(parts={"6.1": _value(100), "6.2": below})) == D("4.5")
    incomplete = PartsResult(parts={"6.1": _value(100), "6.2": PartsResult(parts={"6.2.1": _value(60)})})
    assert score(_kpi(outer), incomplete) is None
    assert missing_parts(outer, incomplete) == ("6.2.2",)


def test_the_score_of_another_body_is_taken_as_it_is() -> None:
    survey = External(assessor="สำนักงานสถิติแห่งชาติ")
    assert score(_kpi(survey), ExternalResult(score=D("4.12345"))) == D("4.1235")


def test_without_criteria_there_is_no_score() -> None:
    assert score(_kpi(None), _value(5)) is None


@pytest.mark.parametrize(
    ("criteria", "result", "field", "thai"),
    [
        (RISING, CountResult(count=1), "result", "ต้องรายงานค่าที่วัดได้"),
        (SSKRU, MilestoneResult(), "result", "ต้องรายงานค่าที่วัดได้"),
        (Milestones(steps=STEPS), CountResult(count=3), "result", "ขั้นตอนที่ดำเนินการแล้ว"),
        (Milestones(steps=STEPS, rule=MilestoneRule.COUNT), _value(3), "result", "จำนวนหรือขั้นตอน"),
        (External(assessor="สสช."), _value(3), "result", "คะแนนจากสสช."),
        (External(assessor="สสช."), ExternalResult(score=D("0.5")), "result.score", "มีคะแนนต่ำสุดได้ 1"),
        (DISBURSEMENT, _value(3), "result", "ผลของตัวชี้วัดย่อย"),
        (DISBURSEMENT, PartsResult(parts={"6.4": _value(1)}), "result.parts.6.4", "ไม่มีตัวชี้วัดย่อย 6.4"),
        (DISBURSEMENT, PartsResult(parts={"6.3": _value(1)}), "result.parts.6.3", "ตัวชี้วัดที่ 6.3 ต้องรายงาน"),
    ],
)
def test_a_result_that_does_not_fit_is_refused_and_named(
    criteria: Criteria, result: Result, field: str, thai: str
) -> None:
    (problem,) = result_problems(_kpi(criteria), result)
    assert (problem.field, thai in problem.th, problem.en != "") == (field, True, True)
    with pytest.raises(ResultDoesNotFit, match="ตัวชี้วัดที่ 6 ไม่ตรงกับเกณฑ์") as refused:
        score(_kpi(criteria), result)
    assert refused.value.problems == (problem,)


# --- exactness ---------------------------------------------------------------------------------------------


def test_a_half_behind_thirds_is_rounded_up() -> None:
    # 1.5 · (1 + 0.01/3) + 98.5 = 100.005; / 100 = 1.00005, which no decimal of finite length shows on the way.
    criteria = Quantitative(points=(D(10), D(13), D(16), D(19), D(22)))
    third = exact_score(criteria, _value("10.01"))
    assert third is not None
    total = mean([(ratio(D("1.5")), third), (ratio(D("98.5")), Fraction(1))])
    assert total == Fraction("1.00005")
    assert str(rounded(total)) == "1.0001"


def test_the_callers_decimal_context_has_no_say() -> None:
    with localcontext() as context:
        context.prec = 2
        context.rounding = "ROUND_DOWN"
        assert str(score(_kpi(FALLING), _value("13"))) == "1.6667"
        assert str(rounded(Fraction(123456789, 1000))) == "123456.7890"


@pytest.mark.parametrize(
    ("number", "places", "text"),
    [
        (Fraction(0), 4, "0.0000"),
        (Fraction(1, 20000), 4, "0.0001"),
        (Fraction(-1, 20000), 4, "-0.0001"),
        (Fraction(-1, 30000), 4, "0.0000"),
        (Fraction(5, 2), 0, "3"),
    ],
)
def test_halves_are_rounded_away_from_zero(number: Fraction, places: int, text: str) -> None:
    assert str(rounded(number, places)) == text


@pytest.mark.parametrize("binary", [80.1, 80.0, True])
def test_binary_floats_are_refused(binary: float) -> None:
    with pytest.raises(ValidationError, match="binary_float"):
        ValueResult.model_validate({"value": binary})
    with pytest.raises(TypeError):
        ratio(binary)  # type: ignore[arg-type]


def test_a_number_that_is_no_number_is_refused() -> None:
    for text in ("NaN", "Infinity", "1E+999999", "ห้า"):
        with pytest.raises(ValidationError):
            ValueResult.model_validate({"value": text})


def test_numbers_are_sorted_as_people_do() -> None:
    assert sorted(["10", "4.10", "1.1.2", "4.2", "2", "1.1.1"], key=number_key) == [
        "1.1.1", "1.1.2", "2", "4.2", "4.10", "10",
    ]  # fmt: skip


# --- properties --------------------------------------------------------------------------------------------

decimals = st.decimals(min_value=-1000, max_value=1000, places=3, allow_nan=False, allow_infinity=False)


@st.composite
def quantitative(draw: st.DrawFn) -> Quantitative:
    points = sorted(draw(st.lists(decimals, min_size=5, max_size=5, unique=True)))
    if draw(st.booleans()):
        points.reverse()
    return Quantitative.model_validate({"points": points, "floor": draw(st.sampled_from([0, 1]))})


@st.composite
def step_tables(draw: st.DrawFn) -> StepTable:
    cuts = sorted(draw(st.lists(decimals, min_size=1, max_size=4, unique=True)))
    scores = sorted(draw(st.permutations([1, 2, 3, 4, 5]))[: len(cuts) + 1])
    if draw(st.booleans()):
        scores.reverse()
    ranges: list[dict[str, object]] = [{"score": each} for each in scores]
    for place, cut in enumerate(cuts):
        lower_holds = draw(st.booleans())
        ranges[place]["at_most" if lower_holds else "below"] = cut
        ranges[place + 1]["above" if lower_holds else "at_least"] = cut
    return StepTable.model_validate({"ranges": ranges})


def _exact(criteria: Criteria, value: D) -> Fraction:
    found = exact_score(criteria, ValueResult(value=value))
    assert found is not None
    return found


def _more_is_better(criteria: Quantitative | StepTable) -> bool:
    if isinstance(criteria, Quantitative):
        return criteria.more_is_better
    return criteria.ranges[0].score < criteria.ranges[-1].score


@given(st.one_of(quantitative(), step_tables()), decimals)
def test_a_score_stays_within_its_bounds(criteria: Quantitative | StepTable, value: D) -> None:
    found = _exact(criteria, value)
    assert criteria.floor <= found <= 5
    assert found == 0 or found >= 1


@given(st.one_of(quantitative(), step_tables()), decimals, decimals)
def test_a_better_value_never_scores_less(criteria: Quantitative | StepTable, one: D, other: D) -> None:
    worse, better = sorted((one, other), reverse=not _more_is_better(criteria))
    assert _exact(criteria, worse) <= _exact(criteria, better)


@given(quantitative())
def test_at_the_criteria_points_the_score_is_the_level(criteria: Quantitative) -> None:
    assert [_exact(criteria, point) for point in criteria.points] == [1, 2, 3, 4, 5]


@given(quantitative(), st.integers(1, 4))
def test_interpolation_meets_the_points_without_a_jump(criteria: Quantitative, level: int) -> None:
    low, high = criteria.points[level - 1], criteria.points[level]
    tiny = D("0.00000001") * (1 if low < high else -1)
    slope = 1 / abs(ratio(high) - ratio(low)) * abs(ratio(tiny))
    assert _exact(criteria, low + tiny) == level + slope
    assert _exact(criteria, high - tiny) == level + 1 - slope


@given(quantitative(), st.integers(1, 4), st.integers(0, 100))
def test_between_two_points_the_score_is_in_proportion(criteria: Quantitative, level: int, part: int) -> None:
    low, high = criteria.points[level - 1], criteria.points[level]
    assert _exact(criteria, low + (high - low) * part / 100) == level + Fraction(part, 100)


@given(quantitative(), decimals, decimals)
def test_turning_the_scale_round_changes_nothing(criteria: Quantitative, value: D, by: D) -> None:
    turned = Quantitative.model_validate({"points": [by - p for p in criteria.points], "floor": criteria.floor})
    assert turned.more_is_better is not criteria.more_is_better
    assert _exact(turned, by - value) == _exact(criteria, value)


@given(step_tables(), decimals)
def test_a_step_table_holds_every_value_exactly_once(criteria: StepTable, value: D) -> None:
    assert sum(each.holds(value) for each in criteria.ranges) == 1


def test_one_more_milestone_never_scores_less() -> None:
    sets = [subset for size in range(6) for subset in combinations(range(1, 6), size)]
    for rule in MilestoneRule:
        criteria = Milestones(steps=STEPS, rule=rule, floor=0)
        for done in sets:
            here = exact_score(criteria, MilestoneResult(done=done))
            assert here is not None
            assert 0 <= here <= 5
            for more in set(range(1, 6)) - set(done):
                there = exact_score(criteria, MilestoneResult(done=(*done, more)))
                assert there is not None
                assert here <= there


@given(st.lists(st.tuples(quantitative(), decimals, st.integers(1, 100)), min_size=2, max_size=6))
def test_a_composite_lies_between_its_parts_in_any_order(given_parts: list[tuple[Quantitative, D, int]]) -> None:
    parts = [
        Part(number=f"6.{place}", th="ส่วน", weight=D(weight), criteria=criteria)
        for place, (criteria, _, weight) in enumerate(given_parts, start=1)
    ]
    result = PartsResult(parts={f"6.{i}": ValueResult(value=v) for i, (_, v, _) in enumerate(given_parts, start=1)})
    found = exact_score(Composite(parts=tuple(parts)), result)
    scores = [_exact(criteria, value) for criteria, value, _ in given_parts]
    assert found is not None
    assert min(scores) <= found <= max(scores)
    assert exact_score(Composite(parts=tuple(reversed(parts))), result) == found


@given(st.lists(decimals, min_size=5, max_size=5))
def test_criteria_without_one_direction_are_refused(points: list[D]) -> None:
    assume(points not in (sorted(set(points)), sorted(set(points), reverse=True)))
    with pytest.raises(ValidationError, match="points_not_ordered"):
        Quantitative.model_validate({"points": points})
