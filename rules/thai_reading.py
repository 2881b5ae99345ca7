"""Reading dates as Thai officials write them (requirements 3.1)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, time

from rules.errors import UnreadableDate, UnreadableTime
from rules.thai_text import normalise_thai, to_arabic_digits
from rules.thai_words import FIRST_DAY, MONTHS, SHORT_MONTHS, SHORT_WEEKDAYS, WEEKDAYS
from schemas.base import Record


class ParsedDate(Record):
    """One day (`start` = `end`), or a range of days or whole months, both ends included."""

    start: date
    end: date
    warnings: tuple[tuple[str, str], ...] = ()
    """(Thai, English) sentences: the weekday that is written is not the date's."""

    @property
    def is_range(self) -> bool:
        return self.start != self.end


def _dots_optional(short: str) -> str:
    return short.replace(".", r"\.?\s?")


def _one_of(names: tuple[str, ...]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_MONTH_NUMBER = {name.replace(".", ""): n for names in (MONTHS, SHORT_MONTHS) for n, name in enumerate(names, 1)}
_WEEKDAY_NUMBER = {
    name.removeprefix("วัน"): n for names in (WEEKDAYS, SHORT_WEEKDAYS) for n, name in enumerate(names)
} | {"พฤหัส": 3}

_WEEKDAY = _one_of((*(name.removeprefix("วัน") for name in WEEKDAYS), "พฤหัส"))
_SHORT_WEEKDAY = _one_of(tuple(map(re.escape, SHORT_WEEKDAYS)))
_MONTH = f"{_one_of(MONTHS)}|{_one_of(tuple(map(_dots_optional, SHORT_MONTHS)))}"
_PART = re.compile(
    rf"""(?:ภายใน|ลง|ณ|เมื่อ)?\s*
    (?:วัน)?\s*(?P<weekday>{_WEEKDAY})?\s*,?\s*(?:ที่)?\s*
    (?:(?P<short>{_SHORT_WEEKDAY})\s*(?=\d))?
    (?P<day>\d{{1,2}})?\s*
    (?P<month>{_MONTH})?\s*,?\s*
    (?:[พค]\.\s?ศ\.)?\s*(?P<year>\d{{4}}|\d{{2}})?""",
    re.VERBOSE,
)
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})([/.-])(?P<month>\d{1,2})\2(?P<year>\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_SEPARATOR = re.compile(r"\s*(?:[-–—−]|ถึง)\s*")
_TIME = re.compile(r"(?:เวลา\s*)?(\d{1,2})[.:](\d{2})(?::00)?\s*(?:น\.?)?")


def parse_thai_date(text: str) -> ParsedDate:
    """The day or the range of days that `text` names. Raises UnreadableDate.

    Years from 2400 are BE, four digits below are CE, two digits are 25xx. A range may leave the month or the
    year to its end («11 – 19 กันยายน 2562»); months without days mean whole months.
    """
    clean = " ".join(to_arabic_digits(normalise_thai(text[:200])).split())
    try:
        return _numeric(clean) or _worded(clean)
    except (ValueError, OverflowError):
        raise UnreadableDate(text=text[:100]) from None


def _numeric(clean: str) -> ParsedDate | None:
    found = _YEAR_FIRST.fullmatch(clean) or _DAY_FIRST.fullmatch(clean)
    if found is None:
        return None
    day = _day(_year_ce(found["year"]), int(found["month"]), int(found["day"]))
    return ParsedDate(start=day, end=day)


def _worded(clean: str) -> ParsedDate:
    parts = [_read(part) for part in _SEPARATOR.split(clean)]
    if len(parts) > 2:
        raise ValueError("more than one range")
    first, last = parts[0], parts[-1]
    if last.month is None or last.year is None or (first.day is None) != (last.day is None):
        raise ValueError("no month, no year, or a day on one side only")
    start, end = _start(first, last.month, last.year), _end(last, last.month, last.year)
    if start > end and first.month is not None and first.year is None:
        # «28 ธันวาคม – 3 มกราคม 2562» begins in the year before.
        start = _start(first, last.month, last.year - 1)
    if start > end:
        raise ValueError("the end lies before the start")
    warnings = [*_weekday_warning(first, start), *(_weekday_warning(last, end) if len(parts) == 2 else ())]
    return ParsedDate(start=start, end=end, warnings=tuple(warnings))


class _Part(Record):
    weekday: int | None
    day: int | None
    month: int | None
    year: int | None


def _read(part: str) -> _Part:
    found = _PART.fullmatch(part)
    if found is None:
        raise ValueError("no date")
    weekday = found["weekday"] or found["short"]
    return _Part(
        weekday=_WEEKDAY_NUMBER[weekday] if weekday else None,
        day=int(found["day"]) if found["day"] else None,
        month=_MONTH_NUMBER[re.sub(r"[.\s]", "", found["month"])] if found["month"] else None,
        year=_year_ce(found["year"]) if found["year"] else None,
    )


def _year_ce(written: str) -> int:
    year = int(written)
    if len(written) == 2:
        return 2500 + year - 543
    return year_ce(year)


def year_ce(year: int) -> int:
    """A year of four digits that may be one of the Buddhist era."""
    return year - 543 if year >= 2400 else year


def _day(year: int, month: int, day: int) -> date:
    found = date(year, month, day)
    if found < FIRST_DAY:
        raise ValueError("the Thai year began on 1 April")
    return found


def _start(part: _Part, month: int, year: int) -> date:
    return _day(part.year or year, part.month or month, 1 if part.day is None else part.day)


def _end(part: _Part, month: int, year: int) -> date:
    return _day(year, month, monthrange(year, month)[1] if part.day is None else part.day)


def _weekday_warning(part: _Part, day: date) -> tuple[tuple[str, str], ...]:
    if part.weekday is None or part.weekday == day.weekday():
        return ()
    thai = f"{day.day} {MONTHS[day.month - 1]} {day.year + 543}"
    return (
        (
            f"วันที่ {thai} ตรงกับ{WEEKDAYS[day.weekday()]} ไม่ใช่{WEEKDAYS[part.weekday]}",
            f"{day.isoformat()} is a {_ENGLISH[day.weekday()]}, not a {_ENGLISH[part.weekday]}",
        ),
    )


_ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def parse_thai_time(text: str) -> time:
    """The time of day that `text` names: «16.00 น.», «๐๙.๐๐ น.», «10:24 น.». Raises UnreadableTime."""
    found = _TIME.fullmatch(to_arabic_digits(text[:50]).strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise UnreadableTime(text=text[:50])
    return time(int(found[1]), int(found[2]))
