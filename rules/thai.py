"""Thai dates, times and text at the edge of the system (requirements 3.1, 3.2, 3.5 and 3.6).

Dates are stored in the Christian era and shown in the Buddhist era (BE = CE + 543).
"""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache
from typing import Literal

from rules.calendar import in_bangkok
from rules.errors import BeforeModernCalendar
from rules.thai_reading import ParsedDate, parse_thai_date, parse_thai_time
from rules.thai_text import collation_key, normalise_thai, to_arabic_digits, to_thai_digits, truncate
from rules.thai_words import FIRST_DAY, MONTHS, SHORT_MONTHS, WEEKDAYS
from schemas.policy import Digits

__all__ = [
    "Digits", "ParsedDate", "Style", "collation_key", "file_date", "normalise_thai", "parse_thai_date",
    "parse_thai_time", "thai_date", "thai_date_range", "thai_fiscal_year", "thai_moment", "thai_time",
    "thai_weekday_date", "to_arabic_digits", "to_thai_digits", "truncate",
]  # fmt: skip

Style = Literal["long", "short", "numeric"]


def file_date(day: date) -> str:
    """«2561-04-20»: a day within the name of a file; files sort by it. Raises BeforeModernCalendar."""
    return f"{year_be(day)}-{day:%m-%d}"


@lru_cache(maxsize=4096)
def thai_date(day: date, digits: Digits = "arabic", style: Style = "long") -> str:
    """«13 เมษายน 2561», short «13 เม.ย. 2561», numeric «13/04/2561». Raises BeforeModernCalendar."""
    year = year_be(day)
    match style:
        case "long":
            text = f"{day.day} {MONTHS[day.month - 1]} {year}"
        case "short":
            text = f"{day.day} {SHORT_MONTHS[day.month - 1]} {year}"
        case "numeric":
            text = f"{day.day:02}/{day.month:02}/{year}"
    return _in(digits, text)


def year_be(day: date) -> int:
    """The calendar year of the Buddhist era. Raises BeforeModernCalendar for days before 1941 CE."""
    if day < FIRST_DAY:
        raise BeforeModernCalendar(day=day.isoformat())
    return day.year + 543


def thai_weekday_date(day: date, digits: Digits = "arabic") -> str:
    """«วันศุกร์ที่ 13 เมษายน 2561»."""
    return f"{WEEKDAYS[day.weekday()]}ที่ {thai_date(day, digits)}"


def thai_time(at: time | datetime, digits: Digits = "arabic") -> str:
    """«16.00 น.»; a moment is shown on the clocks of Bangkok. Raises NaiveTime for a naive moment."""
    local = in_bangkok(at) if isinstance(at, datetime) else at
    return _in(digits, f"{local:%H.%M} น.")


def thai_moment(moment: datetime, digits: Digits = "arabic") -> str:
    """«วันศุกร์ที่ 13 เมษายน 2561 เวลา 16.00 น.», on the clocks of Bangkok. Raises NaiveTime."""
    local = in_bangkok(moment)
    return f"{thai_weekday_date(local.date(), digits)} เวลา {thai_time(local.time(), digits)}"


def thai_meeting(at: datetime, digits: Digits = "arabic", *, timed: bool) -> str:
    """When a meeting is: its moment, or its day alone where no time was given. Raises NaiveTime."""
    return thai_moment(at, digits) if timed else thai_weekday_date(in_bangkok(at).date(), digits)


def thai_date_range(first: date, last: date, digits: Digits = "arabic", style: Style = "long") -> str:
    """«6–12 เมษายน 2561», «28 เมษายน – 4 พฤษภาคม 2561», or the one day."""
    end = thai_date(last, digits, style)
    if first == last:
        return end
    start = thai_date(first, digits, style)
    if style == "numeric" or first.year != last.year:
        return f"{start} – {end}"
    if first.month == last.month:
        return f"{start.split()[0]}–{end}"
    return f"{start.rsplit(' ', 1)[0]} – {end}"


def thai_fiscal_year(year: int, digits: Digits = "arabic") -> str:
    """«ปีงบประมาณ พ.ศ. 2561»."""
    return _in(digits, f"ปีงบประมาณ พ.ศ. {year}")


def _in(digits: Digits, text: str) -> str:
    return to_thai_digits(text) if digits == "thai" else text
