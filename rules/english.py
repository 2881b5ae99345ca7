"""English dates of the Christian era, for the second language of pages and errors."""

from __future__ import annotations

from datetime import date

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def english_date(day: date) -> str:
    """For example 13 April 2018."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def english_month(year: int, month: int) -> str:
    """For example April 2018."""
    return f"{_MONTHS[month - 1]} {year}"


def english_date_range(first: date, last: date) -> str:
    """For example 6–12 April 2018, or 28 April – 4 May 2018."""
    if first == last:
        return english_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{english_date(last)}"
    if first.year == last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} – {english_date(last)}"
    return f"{english_date(first)} – {english_date(last)}"
