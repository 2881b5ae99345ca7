"""How figures are written in the documents of an agreement year (requirements 3.2, 3.7, 4.1)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from reports.register import written
from rules.calendar import first_day
from rules.exact import SCORE_PLACES, ratio, rounded
from rules.thai import Digits, thai_date, to_thai_digits
from schemas.base import FiscalYear

NONE = "–"
NOT_STATED = "เอกสารไม่ระบุ"

_WORDS_WITHOUT_LATIN = re.compile(r"(?<!\S)[^\sA-Za-z@]+(?!\S)")


def score(value: Decimal | None, digits: Digits, *, missing: str = NONE) -> str:
    """Four decimals: «3.4000»."""
    return missing if value is None else written(f"{rounded(ratio(value), SCORE_PLACES):f}", digits)


def number(value: Decimal | None, digits: Digits, *, missing: str = NONE) -> str:
    """As people write it, with commas and without idle noughts: «1,234.5»."""
    return missing if value is None else written(plain(value), digits)


def plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Decimal, digits: Digits) -> str:
    """Baht with both digits of the satang: «120,000.00»."""
    return written(f"{rounded(ratio(value), 2):,f}", digits)


def sentence(text: str, digits: Digits) -> str:
    """A sentence in the digits asked for; «S1», addresses and file names, which have Latin letters, stay (3.2)."""
    return _WORDS_WITHOUT_LATIN.sub(lambda found: to_thai_digits(found[0]), text) if digits == "thai" else text


def last_day(year: FiscalYear) -> date:
    return date(year - 543, 9, 30)


def period(year: FiscalYear, digits: Digits) -> str:
    """«วันที่ 1 ตุลาคม 2554 ถึงวันที่ 30 กันยายน 2555»."""
    return f"วันที่ {thai_date(first_day(year), digits)} ถึงวันที่ {thai_date(last_day(year), digits)}"


def dated_with_era(day: date, digits: Digits) -> str:
    """«1 เมษายน พ.ศ. 2556», as orders and announcements are dated."""
    day_month, _, year = thai_date(day, digits).rpartition(" ")
    return f"{day_month} พ.ศ. {year}"
