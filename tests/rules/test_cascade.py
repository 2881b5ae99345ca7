"""Scores, flags, ranking and payday of a province's cascade (S2; R2.1 to R2.4)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Calendar
from rules.cascade import months_until, payday
from rules.cascade_scores import levels_of, percentage, places, remedied, round_score, score_of
from schemas.cascade import (
    AgencyCascadeCase,
    AssessedKpi,
    CascadeRules,
    Follow,
    KeyKpi,
    KpiKind,
    Member,
    RoundDay,
)
from schemas.kpi import Round
from schemas.policy import HolidayOverride, OverrideKind

RULES = CascadeRules()
ENDS = datetime(2010, 10, 15, 17, tzinfo=UTC)
PAID = KeyKpi(
    number="2.6", th="การเบิกจ่าย", kind=KpiKind.RATIO, levels="60 / 70 / 80 / 90 / 100", weight=Decimal(40),
    host="treasury",
    follow=Follow.RANKED,
)  # fmt: skip
CASCADED = KeyKpi(
    number="2.7", th="การถ่ายทอด", kind=KpiKind.MILESTONE, levels="ก/ข/ค/ง/จ", weight=Decimal(60), host="office",
    follow=Follow.REMEDY,
)  # fmt: skip


def paid(value: str) -> AssessedKpi:
    return AssessedKpi(
        number="2.6", formula="ก", numerator=Decimal(value), denominator=Decimal(100), value=Decimal(value)
    )


def cascaded(level: int) -> AssessedKpi:
    return AssessedKpi(number="2.7", level=level)


@pytest.mark.parametrize(
    ("written", "levels"),
    [
        ("ก/ข/ค/ง/จ", ("ก", "ข", "ค", "ง", "จ")),
        ("ก / ข / ค / ง / จ", ("ก", "ข", "ค", "ง", "จ")),
        (" มีแผนงาน/โครงการ / ข /\nค / ง / ครบ", ("มีแผนงาน/โครงการ", "ข", "ค", "ง", "ครบ")),
    ],
)
def test_a_stroke_within_a_level_divides_nothing(written: str, levels: tuple[str, ...]) -> None:
    assert levels_of(written) == levels


def test_numbers_are_divided_however_their_strokes_stand() -> None:
    mixed = PAID.replace(levels="60/70 / 80/90/100")
    assert score_of(mixed, paid("75")) == score_of(PAID, paid("75"))


@pytest.mark.parametrize(
    ("value", "score"), [("59.99", "1"), ("60", "1"), ("75", "2.5"), ("74.99", "2.499"), ("100", "5"), ("120", "5")]
)
def test_a_ratio_is_scored_in_proportion_between_its_levels(value: str, score: str) -> None:
    assert score_of(PAID, paid(value)) == Fraction(score)


def test_what_the_values_give_has_two_decimals_half_up() -> None:
    two_thirds = AssessedKpi(number="2.6", numerator=Decimal(2), denominator=Decimal(3))
    assert percentage(two_thirds) == Decimal("66.67")
    assert percentage(AssessedKpi(number="2.6", numerator=Decimal(1), denominator=Decimal(0))) is None
    assert percentage(AssessedKpi(number="2.6", numerator=Decimal("0.00125"), denominator=Decimal(10))) == Decimal(
        "0.01"
    )


@pytest.mark.parametrize(("level", "remedial"), [(1, True), (2, True), (3, False), (5, False)])
def test_below_two_and_a_half_a_plan_is_called_for_except_in_the_last_round(level: int, remedial: bool) -> None:
    six = round_score((PAID, CASCADED), (paid("60"), cascaded(level)), Round.SIX, RULES, last=False)
    twelve = round_score((PAID, CASCADED), (paid("60"), cascaded(level)), Round.TWELVE, RULES, last=True)
    assert six.remedial == six.flagged == twelve.flagged == (("2.7",) if remedial else ())  # 2.6 is not followed so
    assert twelve.remedial == ()


def test_exactly_two_and_a_half_is_not_below_it() -> None:
    followed = PAID.replace(follow=Follow.REMEDY)
    for value, flagged in (("75", ()), ("74.99", ("2.6",))):
        score = round_score((followed, CASCADED), (paid(value), cascaded(5)), Round.SIX, RULES, last=False)
        assert score.flagged == flagged, value


@pytest.mark.parametrize(
    ("round_", "value", "warned"),
    [(Round.NINE, "93.75", False), (Round.NINE, "93.74", True), (Round.SIX, "60", False), (Round.TWELVE, "60", False)],
)
def test_the_target_of_three_and_three_quarters_is_of_the_ninth_month(round_: Round, value: str, warned: bool) -> None:
    # 40 of 100 on 93.75 per cent (4.375) and 60 on level 3 and a third of a level: with weights 50/50, 4.375 and 3.125
    even = (PAID.replace(weight=Decimal(50)), PAID.replace(number="2.5", weight=Decimal(50)))
    other = paid("81.25").replace(number="2.5")
    score = round_score(even, (paid(value), other), round_, RULES, last=False)
    assert score.warned is warned
    assert (score.total == Decimal("3.7500")) is (value == "93.75")


LEVELS = st.integers(1, 5)


@given(LEVELS, st.decimals(0, 150, places=2), st.integers(1, 99))
def test_a_total_lies_between_the_scores_that_it_weighs(level: int, value: Decimal, weight: int) -> None:
    kpis = (PAID.replace(weight=Decimal(weight)), CASCADED.replace(weight=Decimal(100 - weight)))
    score = round_score(kpis, (paid(str(value)), cascaded(level)), Round.NINE, RULES, last=False)
    parts = [each.score for each in score.kpis]
    assert min(parts) <= score.total <= max(parts)
    assert score.warned is (score.total < Decimal("3.75")) or score.total == Decimal("3.7500")


CASE = AgencyCascadeCase(
    fiscal_year=2553, province="p", office="office", agency="a", kpis=(PAID, CASCADED), rules=RULES,
    rounds=(RoundDay(number=Round.TWELVE, opens=ENDS, due=ENDS),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("level", "at", "met", "over"),
    [
        (3, datetime(2010, 7, 1, tzinfo=UTC), True, True),
        (2, datetime(2010, 7, 1, tzinfo=UTC), False, False),
        (2, ENDS, False, True),  # the year is over: no further plan
    ],
)
def test_a_remedy_is_over_when_it_is_met_or_the_year_is(level: int, at: datetime, met: bool, over: bool) -> None:
    result = remedied(CASE, CASCADED, cascaded(level), at=at)
    assert (result.met, result.over) == (met, over)


@given(st.dictionaries(st.sampled_from("abcdefg"), st.decimals(0, 100, places=2)))
def test_who_is_equal_shares_a_rank_and_nobody_with_less_stands_before(values: dict[str, Decimal]) -> None:
    members = tuple(Member(unit=unit, th=unit) for unit in "abcdefg")
    placed, missing = places(members, values, RULES)
    assert {each.unit for each in placed} == set(values)
    assert set(missing) == set("abcdefg") - set(values)
    for one in placed:
        better = sum(other.value > one.value for other in placed)
        assert one.rank == better + 1
        assert one.awarded is (one.rank <= 3)


def test_two_firsts_leave_no_second() -> None:
    members = tuple(Member(unit=unit, th=unit) for unit in "abc")
    placed, _ = places(members, {"a": Decimal(90), "b": Decimal("95.00"), "c": Decimal(95)}, RULES)
    assert [(each.unit, each.rank) for each in placed] == [("b", 1), ("c", 1), ("a", 3)]


@pytest.mark.parametrize(
    ("month", "before_last", "day"),
    [
        (date(2010, 5, 1), 3, date(2010, 5, 25)),  # 28 May is Visakha Bucha: 31, 27, 26, 25
        (date(2010, 6, 1), 3, date(2010, 6, 25)),
        (date(2010, 6, 1), 0, date(2010, 6, 30)),
        (date(2010, 12, 1), 3, date(2010, 12, 27)),  # over the new year; 31 December is a holiday
    ],
)
def test_payday_lies_before_the_last_working_day(month: date, before_last: int, day: date) -> None:
    assert payday(month, Calendar(), before_last=before_last) == day


def test_a_late_holiday_moves_payday() -> None:
    closed = HolidayOverride(on=date(2010, 6, 25), kind=OverrideKind.ADD, name="หยุดพิเศษ", source="มติ ครม.")
    assert payday(date(2010, 6, 1), Calendar((closed,)), before_last=3) == date(2010, 6, 24)


def test_the_months_that_are_left_of_the_year() -> None:
    assert [month.month for month in months_until(date(2010, 7, 31), date(2010, 9, 1))] == [7, 8, 9]
    assert list(months_until(date(2010, 10, 1), date(2010, 9, 1))) == []
