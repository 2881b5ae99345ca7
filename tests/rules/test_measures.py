"""The six measures: twelve strict days, two ways to stop, savings on exact numbers (S3; requirements 1.3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Calendar, bangkok_date, in_bangkok
from rules.measures import (
    calendar_months,
    completed_in,
    is_asked,
    keyed,
    months_of,
    report_due,
    saved_in_year,
    savings,
    start_months,
)
from rules.reminders import ladder
from schemas.measures import CATEGORIES, MEASURES, ActivityLine, Source
from schemas.measures_report import MonthlyReport, OutputReport, UsageReport
from schemas.policy import HolidayOverride, MeasuresPolicy, OverrideKind
from tests.reports.measures_values import SENT, activities, plan

POLICY = MeasuresPolicy()
OCTOBER, NOVEMBER, JANUARY = date(2017, 10, 1), date(2017, 11, 1), date(2018, 1, 1)

DAYS = [
    # month, last day on which its report is in time, working day before it on which holders are reminded
    ("2017-10", "2017-11-02", "2017-11-01"),  # Thursday
    ("2017-11", "2017-12-02", "2017-12-01"),  # Saturday
    ("2017-12", "2018-01-02", "2017-12-29"),  # a Tuesday, substitute of the 31st; the working day is in the old year
    ("2018-01", "2018-02-02", "2018-02-01"),  # Friday
    ("2018-02", "2018-03-02", "2018-02-28"),  # a Friday; Thursday is Makha Bucha
    ("2018-03", "2018-04-02", "2018-03-30"),  # Monday
    ("2018-04", "2018-05-02", "2018-05-01"),  # a Wednesday; Labour Day is none of the civil service
    ("2018-05", "2018-06-02", "2018-06-01"),  # Saturday
    ("2018-06", "2018-07-02", "2018-06-29"),  # Monday
    ("2018-07", "2018-08-02", "2018-08-01"),  # Thursday
    ("2018-08", "2018-09-02", "2018-08-31"),  # Sunday
    ("2018-09", "2018-10-02", "2018-10-01"),  # Tuesday
]


@pytest.mark.parametrize(("month", "last", "reminded"), DAYS)
def test_reports_come_before_the_third_whatever_day_that_is(month: str, last: str, reminded: str) -> None:
    of = next(m for m in calendar_months(2561, POLICY, Calendar()) if m.key == month)
    assert in_bangkok(of.due).replace(tzinfo=None).isoformat() == f"{last}T23:59:59"
    assert of.due == report_due(of.first_day, POLICY, Calendar())
    first = ladder(opened_at=of.opens, due=of.due, calendar=Calendar(), at_most=4).reminders[0]
    assert bangkok_date(first).isoformat() == reminded
    assert of.opens < first


def test_a_day_that_is_made_a_holiday_moves_the_opening_and_never_the_last_day() -> None:
    made = HolidayOverride(on=date(2017, 10, 30), kind=OverrideKind.ADD, name="วันหยุดพิเศษ", source="มติคณะรัฐมนตรี")
    usual, moved = (calendar_months(2561, POLICY, Calendar(o))[0] for o in ((), (made,)))
    assert (bangkok_date(usual.opens), bangkok_date(moved.opens)) == (date(2017, 10, 30), date(2017, 10, 27))
    assert usual.due == moved.due


def test_a_year_has_twelve_months_from_october() -> None:
    assert [f"{month:%Y-%m}" for month in months_of(2561)] == [month for month, _, _ in DAYS]


@pytest.mark.parametrize(
    ("source", "first", "last"),
    [
        *((source, "2017-10", "2017-10") for source in (Source.ENERGY, Source.PAPER, Source.BUDGET)),
        (Source.IT, "2018-01", "2018-03"), (Source.ANTI_CORRUPTION, "2018-01", "2018-03"),
        (Source.INTEGRATION, "2018-01", "2018-03"), *((category, "2017-10", "2018-09") for category in CATEGORIES),
    ],
)  # fmt: skip
def test_when_an_activity_may_begin(source: Source, first: str, last: str) -> None:
    months = start_months(source, 2561)
    assert (f"{months[0]:%Y-%m}", f"{months[-1]:%Y-%m}") == (first, last)


def test_measures_keep_their_names_and_chosen_activities_their_numbers() -> None:
    lines = [ActivityLine(source=source, th="ก", owner="u") for source in (*CATEGORIES, *reversed(MEASURES))]
    assert list(keyed(lines)) == [*MEASURES, *(f"chosen-{n}" for n in range(1, 6))]


# --- two stop rules ----------------------------------------------------------------------------------------


def output(month: date, amount: str, key: str = "it") -> MonthlyReport:
    return MonthlyReport(
        key=key, month=month, version=1, at=SENT, late=False, form=OutputReport(output=Decimal(amount))
    )  # fmt: skip


BY_KEY = {activity.key: activity for activity in activities("100")}


@pytest.mark.parametrize(
    ("key", "month", "outputs", "asked"),
    [
        ("energy", "2017-10-01", [], True),
        ("energy", "2018-09-01", [], True),
        ("it", "2017-12-01", [], False),  # begins in January
        ("it", "2018-01-01", [], True),
        ("it", "2018-03-01", ["1", "3.99"], True),
        ("it", "2018-03-01", ["1", "4"], False),
        ("it", "2018-09-01", ["1", "4", "0"], False),  # complete once is complete
    ],
)
def test_a_series_ends_with_the_year_or_with_its_output(key: str, month: str, outputs: list[str], asked: bool) -> None:
    reports = [output(date(2018, 1 + n, 1), amount) for n, amount in enumerate(outputs)]
    assert is_asked(BY_KEY[key], date.fromisoformat(month), reports) is asked


def test_a_later_version_with_a_higher_target_takes_the_series_up_again() -> None:
    reports = [output(JANUARY, "4")]
    assert completed_in(BY_KEY["it"], reports) == JANUARY
    wider = BY_KEY["it"].replace(plan=BY_KEY["it"].plan.replace(target=Decimal(5)))
    assert completed_in(wider, reports) is None


# --- savings -----------------------------------------------------------------------------------------------


def used(month: date, amount: str, version: int = 1) -> MonthlyReport:
    return MonthlyReport(
        key="paper", month=month, version=version, at=SENT, late=False, form=UsageReport(used=Decimal(amount))
    )  # fmt: skip


@pytest.mark.parametrize(
    ("amounts", "percent", "met"),
    [
        (["90"], "10.00", True),
        (["90.001"], "10.00", False),  # shown as ten, and yet less than ten
        (["80", "100"], "10.00", True),
        (["80", "100.01"], "10.00", False),
        (["110"], "-10.00", False),
        ([], None, False),
    ],
)
def test_ten_per_cent_are_judged_on_the_whole_numbers(amounts: list[str], percent: str | None, met: bool) -> None:
    reports = [used(month, amount) for month, amount in zip((OCTOBER, NOVEMBER), amounts, strict=False)]
    saved = saved_in_year(Source.PAPER, [plan(1, "100")], reports)
    assert (None if saved.percent is None else str(saved.percent), saved.met) == (percent, met)


def test_a_month_stays_with_the_version_under_which_it_was_reported() -> None:
    plans = [plan(1, "100"), plan(2, "200")]
    reports = [used(OCTOBER, "90", 0), used(NOVEMBER, "90", 1), used(date(2017, 12, 1), "90", 2)]
    assert [(str(s.baseline), str(s.percent), str(s.together)) for s in savings("paper", plans, reports)] == [
        ("100", "10.00", "10.00"), ("100", "10.00", "10.00"), ("200", "55.00", "32.50"),
    ]  # fmt: skip
    assert savings("paper", [], reports) == ()


@given(st.lists(st.decimals(min_value=0, max_value=1000, places=2), min_size=1, max_size=12))
def test_the_year_is_what_its_months_are_together(amounts: list[Decimal]) -> None:
    reports = [used(month, str(amount)) for month, amount in zip(months_of(2561), amounts, strict=False)]
    saved = savings("paper", [plan(1, "100")], reports)
    wanted = (100 * len(amounts) - sum(amounts)) / Decimal(len(amounts))
    assert abs(saved[-1].together - wanted) <= Decimal("0.005")
