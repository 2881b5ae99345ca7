"""The calendar of an agreement year, worked out (source S1, slides 19 and 20)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rules.calendar import Calendar, in_bangkok
from rules.errors import BrokenPolicyFile, NoYearCalendar
from rules.organisation_file import load_organisation, load_policy
from rules.year import appeal_window_ends, calendar_of, plan, round_opens
from schemas.kpi import Round
from schemas.year import YearDay, YearPlan

MINISTRIES = Path(__file__).parents[2] / "deployments" / "ministries"


@pytest.fixture(scope="module")
def text() -> str:
    return (MINISTRIES / "cdd-policy.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def year(text: str) -> YearPlan:
    policy = load_policy(text)
    return plan(calendar_of(policy.years, "cdd", 2555), calendar=Calendar())


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (YearDay.CHANGES_CLOSE, date(2012, 4, 2)),
        (YearDay.SAR_6_INTERNAL, date(2012, 4, 11)),
        (YearDay.SAR_6, date(2012, 4, 30)),
        (YearDay.SAR_9, date(2012, 7, 16)),
        (YearDay.SAR_12, date(2012, 10, 31)),
        (YearDay.VISIT_PRE, date(2012, 6, 30)),
        (YearDay.SURVEY, date(2012, 8, 31)),
        (YearDay.VISIT_POST, date(2012, 12, 31)),
    ],
)
def test_the_days_of_the_source_hold_until_they_end(year: YearPlan, day: YearDay, last: date) -> None:
    due = in_bangkok(year.due(day))
    assert (due.date(), f"{due:%H:%M:%S}") == (last, "23:59:59")


def test_a_day_off_moves_a_last_day_on_and_the_printed_day_stays_known(text: str) -> None:
    policy = load_policy(text.replace("due: 2012-04-30", "due: 2012-04-29"))  # a Sunday
    day = plan(calendar_of(policy.years, "cdd", 2555), calendar=Calendar()).days[YearDay.SAR_6]
    assert (day.printed, in_bangkok(day.due).date()) == (date(2012, 4, 29), date(2012, 4, 30))


def test_rounds_open_the_day_after_their_period() -> None:
    opened = [in_bangkok(round_opens(2555, r, calendar=Calendar())).date() for r in Round]
    assert opened == [date(2012, 4, 1), date(2012, 7, 1), date(2012, 10, 1)]


def test_an_appeal_window_that_ends_on_a_holiday_moves_on() -> None:
    # 29 March and fifteen days are 13 April, Songkran; 16 April is its substitute's last day off in 2555.
    ends = in_bangkok(appeal_window_ends(date(2012, 3, 29), 15, calendar=Calendar()))
    assert ends.date() == date(2012, 4, 17)


def test_a_year_that_nobody_planned_is_named() -> None:
    with pytest.raises(NoYearCalendar, match="2556"):
        calendar_of((), "cdd", 2556)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("day: sar_9\n", "day: sar_6\n", "years[1].entries"),
        ("opens: 2012-05-01", "opens: 2012-07-01", "years[1].entries[18]"),
        ("due: 2012-04-30", "due: 30 เมษายน", "years[1].entries[17].due"),
    ],
)
def test_a_broken_calendar_names_the_line_and_the_field(text: str, old: str, new: str, field: str) -> None:
    with pytest.raises(BrokenPolicyFile) as broken:
        load_policy(text.replace(old, new, 1))
    assert broken.value.problems[0].field.startswith(field)


def test_the_department_of_the_source_can_be_loaded() -> None:
    organisation = load_organisation((MINISTRIES / "cdd.yaml").read_text(encoding="utf-8"))
    abbreviations = ["สสช.", "สภว.", "สทอ.", "ศสท.", "กผ.", "กค.", "กจ.", "สพช.", "กพร.", "ตภ."]
    assert {u.abbr for u in organisation.units}.issuperset(abbreviations)
