"""When holders are reminded and supervisors told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import BANGKOK, Calendar
from rules.reminders import ladder

CALENDAR = Calendar()


def at(day: str, time: str = "09:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{time}+07:00").astimezone(UTC)


def said(moments: tuple[datetime, ...]) -> list[str]:
    return [moment.astimezone(BANGKOK).strftime("%a %Y-%m-%d %H:%M") for moment in moments]


def test_the_usual_ladder_is_the_day_before_the_day_itself_and_the_working_days_after() -> None:
    rungs = ladder(opened_at=at("2018-02-12"), due=at("2018-02-15", "16:30"), calendar=CALENDAR, at_most=4)
    assert said(rungs.reminders) == [
        "Wed 2018-02-14 09:00", "Thu 2018-02-15 09:00", "Fri 2018-02-16 09:00", "Mon 2018-02-19 09:00",
    ]  # fmt: skip
    assert said(rungs.escalations) == ["Fri 2018-02-16 09:00"]


def test_reminder_is_not_sent_on_songkran() -> None:
    rungs = ladder(opened_at=at("2018-04-09"), due=at("2018-04-12", "16:30"), calendar=CALENDAR, at_most=3)
    assert said(rungs.reminders) == ["Wed 2018-04-11 09:00", "Thu 2018-04-12 09:00", "Tue 2018-04-17 09:00"]
    assert said(rungs.escalations) == ["Tue 2018-04-17 09:00"]


@pytest.mark.parametrize(("at_most", "expected"), [(0, 0), (1, 1), (2, 2)])
def test_there_are_at_most_as_many_reminders_as_configured(at_most: int, expected: int) -> None:
    explicit = tuple(at("2018-02-14") + timedelta(hours=n) for n in range(5))
    rungs = ladder(
        opened_at=at("2018-02-12"), due=at("2018-02-16"), calendar=CALENDAR, at_most=at_most, explicit=explicit
    )
    assert len(rungs.reminders) == expected


def test_what_lies_in_the_past_is_not_reminded_of() -> None:
    explicit = (at("2018-02-14"), at("2018-02-15"))
    rungs = ladder(
        opened_at=at("2018-02-14", "10:00"), due=at("2018-02-16"), calendar=CALENDAR, at_most=4, explicit=explicit
    )
    assert said(rungs.reminders) == ["Thu 2018-02-15 09:00"]


def test_work_without_a_due_date_has_no_escalation() -> None:
    assert ladder(opened_at=at("2018-02-14"), due=None, calendar=CALENDAR, at_most=4).escalations == ()


@given(
    st.integers(0, 5000).map(lambda n: datetime(2012, 1, 1, 3, 17, tzinfo=UTC) + timedelta(days=n, hours=n % 24)),
    st.integers(1, 400),
    st.integers(0, 6),
)
def test_every_usual_rung_lies_ahead_on_a_working_day(opened_at: datetime, hours: int, at_most: int) -> None:
    rungs = ladder(opened_at=opened_at, due=opened_at + timedelta(hours=hours), calendar=CALENDAR, at_most=at_most)
    assert len(rungs.reminders) <= at_most
    assert list(rungs.reminders) == sorted(set(rungs.reminders))
    assert all(moment > opened_at for moment in rungs.reminders)
    days = [moment.astimezone(BANGKOK).date() for moment in (*rungs.reminders, *rungs.escalations)]
    assert all(CALENDAR.is_working_day(day) for day in days)
