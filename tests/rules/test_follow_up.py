"""The traffic light of a KPI: progress against the part of the year that has passed (P6)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.follow_up import elapsed_share, name_th, round_of, traffic_light
from schemas.follow_up import FollowUpCase, TrafficLight, follow_up_case_id
from schemas.kpi import KpiBook, Round
from schemas.policy import AgreementPolicy

BOOK = KpiBook(fiscal_year=2555, agency="cdd", kpis=())
ORDER = (TrafficLight.RED, TrafficLight.YELLOW, TrafficLight.GREEN)
PERCENT = st.decimals(0, 100, places=2)


@pytest.mark.parametrize(
    ("as_of", "share"),
    [
        (date(2011, 9, 30), "0"), (date(2011, 10, 1), "0"), (date(2011, 10, 2), "0.27"), (date(2012, 4, 1), "50"),
        (date(2012, 9, 30), "99.73"), (date(2012, 10, 1), "100"), (date(2012, 12, 31), "100"),
    ],
)  # fmt: skip
def test_the_year_passes_by_days_from_the_first_of_october(as_of: date, share: str) -> None:
    assert elapsed_share(2555, as_of) == Decimal(share)


@pytest.mark.parametrize(
    ("percent", "light"),
    [
        ("50", "green"), ("100", "green"), ("40", "green"), ("39.99", "yellow"), ("25", "yellow"), ("24.99", "red"),
        ("0", "red"), (None, "unreported"),
    ],
)  # fmt: skip
def test_a_margin_itself_still_counts_for_the_better_light(percent: str | None, light: str) -> None:
    said = None if percent is None else Decimal(percent)
    assert traffic_light(said, Decimal(50), AgreementPolicy()) == light


@given(PERCENT, PERCENT, PERCENT)
def test_more_progress_is_never_a_worse_light(one: Decimal, other: Decimal, elapsed: Decimal) -> None:
    less, more = (traffic_light(p, elapsed, AgreementPolicy()) for p in sorted((one, other)))
    assert ORDER.index(less) <= ORDER.index(more)


@given(PERCENT)
def test_what_is_done_is_green_whenever(elapsed: Decimal) -> None:
    assert traffic_light(Decimal(100), elapsed, AgreementPolicy()) is TrafficLight.GREEN


def test_the_margins_can_be_set() -> None:
    strict = AgreementPolicy(progress_green_margin=Decimal(0), progress_yellow_margin=Decimal(0))
    assert traffic_light(Decimal("49.99"), Decimal(50), strict) is TrafficLight.RED


@pytest.mark.parametrize(
    ("as_of", "round_"),
    [
        (date(2011, 10, 1), Round.SIX), (date(2012, 4, 1), Round.SIX), (date(2012, 4, 2), Round.NINE),
        (date(2012, 7, 1), Round.NINE), (date(2012, 7, 2), Round.TWELVE), (date(2012, 10, 1), Round.TWELVE),
    ],
)  # fmt: skip
def test_a_follow_up_belongs_to_the_round_in_which_the_day_before_lies(as_of: date, round_: Round) -> None:
    assert round_of(2555, as_of) is round_


def test_follow_ups_are_told_apart_by_name_and_id() -> None:
    june = date(2012, 6, 1)
    assert name_th(FollowUpCase(book=BOOK, month=june)) == "ประจำเดือนมิถุนายน 2555"
    third = FollowUpCase(book=BOOK, month=date(2012, 10, 1), round=Round.TWELVE)
    assert name_th(third) == "ครั้งที่ 3 (ก่อนรายงานผลรอบ 12 เดือน)"
    assert follow_up_case_id("cdd", 2555, june) == "follow-up-2555-cdd-2012-06"
    assert follow_up_case_id("cdd", 2555, june, Round.NINE) == "follow-up-2555-cdd-round-9"


def test_a_month_is_its_first_day() -> None:
    with pytest.raises(ValidationError) as refused:
        FollowUpCase(book=BOOK, month=date(2012, 6, 2))
    assert [error["type"] for error in refused.value.errors()] == ["not_first_of_month"]
