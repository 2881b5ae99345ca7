"""When a mail is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from notifications.backoff import ATTEMPTS, LONGEST, next_attempt
from notifications.errors import NaiveMoment

FRIDAY = datetime(2018, 4, 13, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (8, 128), (9, 240), (23, 240)]
)
def test_the_wait_doubles_up_to_four_hours(attempts, minutes):
    assert next_attempt(attempts, now=FRIDAY) == FRIDAY + timedelta(minutes=minutes)


def test_a_mail_is_given_up_after_the_last_attempt():
    assert next_attempt(ATTEMPTS - 1, now=FRIDAY) is not None
    assert next_attempt(ATTEMPTS, now=FRIDAY) is None


def test_an_outage_over_a_long_weekend_is_survived():
    at, moments = FRIDAY, [FRIDAY]
    while (again := next_attempt(len(moments), now=at)) is not None:
        moments.append(at := again)
    assert moments[-1] - FRIDAY > timedelta(days=2, hours=12)
    assert all(later - earlier <= LONGEST for earlier, later in pairwise(moments))


def test_many_attempts_do_not_overflow():
    assert next_attempt(10_000, now=FRIDAY, most=20_000) == FRIDAY + LONGEST


def test_a_naive_moment_is_refused():
    with pytest.raises(NaiveMoment):
        next_attempt(1, now=datetime(2018, 4, 13, 9, 0))  # noqa: DTZ001


def test_before_the_first_attempt_there_is_no_next():
    with pytest.raises(ValueError, match="at least 1"):
        next_attempt(0, now=FRIDAY)
