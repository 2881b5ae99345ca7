"""When a mail that did not leave is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

from notifications.errors import NaiveMoment

FIRST = timedelta(minutes=1)
LONGEST = timedelta(hours=4)
ATTEMPTS = 24
"""With these three a mail is tried for about three days, a long weekend's outage of the mail server."""


def next_attempt(
    attempts: int,
    *,
    now: datetime,
    first: timedelta = FIRST,
    longest: timedelta = LONGEST,
    most: int = ATTEMPTS,
) -> datetime | None:
    """When to try again after `attempts` that failed: the wait doubles up to `longest`; None means give up.

    Raises `NaiveMoment`; `attempts` below 1 is a `ValueError`.
    """
    if now.tzinfo is None:
        raise NaiveMoment(now=now)
    if attempts < 1:
        raise ValueError(f"attempts must be at least 1, not {attempts}")
    if attempts >= most:
        return None
    # 2^30 minutes is beyond any cap; the limit keeps timedelta from overflowing.
    return now + min(first * (1 << min(attempts - 1, 30)), longest)
