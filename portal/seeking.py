"""What pages for auditors and administrators are asked for, read: whom a name means, and which days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rules.calendar import bangkok_moment
from rules.directory import DirectoryIndex
from rules.errors import UnreadableDate
from rules.thai_reading import parse_thai_date
from schemas.organisation import Officer

NAMED_AT_MOST = 50
"""Officers whose names one text may fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole days: from the first moment on, and before the end; None leaves that side open."""

    since: datetime | None
    until: datetime | None


def period_of(asked: Mapping[str, str], problems: dict[str, str]) -> Period:
    """The days from `since` to `until`, both included; what cannot be read is named in `problems`.

    A month in place of a day is all of its days.
    """
    since, until = _days(asked, "since", problems), _days(asked, "until", problems)
    if since is not None and until is not None and until[1] < since[0]:
        problems["until"] = "audit.period_reversed"
    return Period(
        since=None if since is None else _midnight(since[0]),
        until=None if until is None else _midnight(until[1] + timedelta(days=1)),
    )


def named_in(
    directory: DirectoryIndex, asked: Mapping[str, str], problems: dict[str, str]
) -> tuple[Officer | str, ...] | None:
    """Whom the field `officer` means by name or account; None when nobody was asked for.

    An account that nobody bears today may be that of somebody who has left, so it is looked for as it stands.
    """
    officers = _named(directory, asked["officer"])
    if officers is not None and not officers:
        problems["officer"] = "audit.nobody_named"
    if officers is not None and len(officers) > NAMED_AT_MOST:
        problems["officer"] = "audit.too_many_named"
    return officers


def _days(asked: Mapping[str, str], field: str, problems: dict[str, str]) -> tuple[date, date] | None:
    """One day, or a whole month that was written in its place."""
    if not asked[field]:
        return None
    try:
        read = parse_thai_date(asked[field])
    except UnreadableDate:
        problems[field] = "audit.unreadable_day"
        return None
    return read.start, read.end


def _midnight(day: date) -> datetime:
    return bangkok_moment(day, time())


def _named(directory: DirectoryIndex, sought: str) -> tuple[Officer | str, ...] | None:
    if not sought:
        return None
    officers = directory.organisation.officers
    exact = [each for each in officers if each.id == sought]
    wanted = sought.casefold()
    found = exact or [each for each in officers if wanted in f"{each.id} {each.name}".casefold()]
    return tuple(found) or ((sought,) if sought.isascii() and " " not in sought else ())
