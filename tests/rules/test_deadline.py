"""From a rule to a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Calendar, bangkok_moment
from rules.deadline import is_late, resolve
from rules.errors import NaiveTime
from schemas.deadline import At, Deadline, WorkingDays, WorkingHours
from schemas.directive import Urgency
from schemas.policy import OfficePolicy

CALENDAR = Calendar()
WEDNESDAY_MORNING = bangkok_moment(date(2018, 4, 11), time(9, 0))


@pytest.mark.parametrize(
    ("deadline", "due"),
    [
        (WorkingDays(days=1), (date(2018, 4, 12), time(16, 30))),
        (WorkingDays(days=2), (date(2018, 4, 17), time(16, 30))),  # over Songkran
        (WorkingDays(days=0), (date(2018, 4, 11), time(16, 30))),
        (WorkingHours(hours=4), (date(2018, 4, 11), time(13, 0))),
        (At(moment=bangkok_moment(date(2018, 4, 30), time(12, 0))), (date(2018, 4, 30), time(12, 0))),
    ],
)
def test_a_deadline_becomes_a_moment(deadline: Deadline, due: tuple[date, time]) -> None:
    assert resolve(deadline, opened_at=WEDNESDAY_MORNING, calendar=CALENDAR) == bangkok_moment(*due)


@pytest.mark.parametrize(
    ("by", "late"), [(timedelta(0), False), (timedelta(microseconds=-1), False), (timedelta(microseconds=1), True)]
)
def test_work_is_late_after_its_moment_and_not_in_it(by: timedelta, late: bool) -> None:
    assert is_late(WEDNESDAY_MORNING + by, WEDNESDAY_MORNING) is late


def test_work_that_is_due_at_no_moment_is_never_late() -> None:
    assert not is_late(WEDNESDAY_MORNING, None)


@pytest.mark.parametrize(
    ("urgency", "due"),
    [
        (Urgency.MOST_URGENT, (date(2018, 4, 11), time(13, 0))),
        (Urgency.VERY_URGENT, (date(2018, 4, 12), time(16, 30))),
        (Urgency.URGENT, (date(2018, 4, 17), time(16, 30))),
        (Urgency.NORMAL, (date(2018, 4, 18), time(16, 30))),
    ],
)
def test_the_more_urgent_a_directive_the_sooner_it_is_acknowledged(urgency: Urgency, due: tuple[date, time]) -> None:
    deadline = OfficePolicy().acknowledge[urgency]
    assert resolve(deadline, opened_at=WEDNESDAY_MORNING, calendar=CALENDAR) == bangkok_moment(*due)


def test_work_opened_after_hours_and_due_the_same_day_is_due_the_next_working_day() -> None:
    evening = bangkok_moment(date(2018, 4, 12), time(18, 0))
    due = resolve(WorkingDays(days=0), opened_at=evening, calendar=CALENDAR)
    assert due == bangkok_moment(date(2018, 4, 17), time(16, 30))


def test_the_day_of_opening_is_the_day_in_bangkok() -> None:
    past_midnight_in_bangkok = datetime(2018, 4, 10, 17, 30, tzinfo=UTC)
    due = resolve(WorkingDays(days=1), opened_at=past_midnight_in_bangkok, calendar=CALENDAR)
    assert due == bangkok_moment(date(2018, 4, 12), time(16, 30))


@given(
    st.datetimes(datetime.fromisoformat("2018-01-01"), datetime.fromisoformat("2019-01-01"), timezones=st.just(UTC)),
    st.one_of(st.builds(WorkingDays, days=st.integers(0, 30)), st.builds(WorkingHours, hours=st.integers(1, 40))),
)
def test_work_is_never_due_before_it_was_opened(opened_at: datetime, deadline: Deadline) -> None:
    assert resolve(deadline, opened_at=opened_at, calendar=CALENDAR) > opened_at


@pytest.mark.parametrize("deadline", [WorkingDays(days=1), WorkingHours(hours=1)])
def test_a_naive_opening_is_refused(deadline: Deadline) -> None:
    with pytest.raises(NaiveTime):
        resolve(deadline, opened_at=datetime.fromisoformat("2018-04-11T09:00"), calendar=CALENDAR)
