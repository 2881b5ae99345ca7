"""Moving a day of an agreement year's calendar: what is refused, and the policy that comes of it (decision 24)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from rules.thai import thai_date, thai_date_range
from rules.year import calendar_of
from schemas.base import FiscalYear, UnitId
from schemas.deadline import OnYearDay
from schemas.form import FormContext, Problem
from schemas.kpi import Round
from schemas.policy import Policy
from schemas.year import YearCalendar, YearDay, YearEntry
from schemas.year_move import DayMove

_ORDERED = tuple((YearDay.internal(round_), YearDay.report(round_)) for round_ in Round)
"""A round's report is not due before the divisions' own reports are."""
YEARS_AHEAD = 2
"""Award money is paid within two years after the fiscal year; a later date is a slip of the keyboard."""


def context_of_move(year: YearCalendar) -> FormContext:
    """What the form needs to know of the calendar as it stands."""
    return FormContext(
        choices={"days": tuple((entry.day.value, f"{entry.th} ({when_th(entry)})") for entry in year.entries)},
        limits={"calendar": year.model_dump(mode="json")},
    )


def when_th(entry: YearEntry) -> str:
    """The date, or the period, as a calendar prints it."""
    return thai_date(entry.due) if entry.opens is None else thai_date_range(entry.opens, entry.due)


def problems_of_day_move(form: DayMove, context: FormContext, today: date) -> Iterator[Problem]:
    year = YearCalendar.model_validate(context.limits["calendar"])
    entry = year.entry(form.day)
    yield from _of_the_period(form, entry)
    if (form.opens, form.due) == (entry.opens, entry.due):
        yield Problem(field="due", th="เป็นวันเดิม ไม่มีการเปลี่ยนแปลง", en="This is the day as it stands")
    if form.due < today:
        yield Problem(field="due", th="วันครบกำหนดใหม่ต้องไม่ก่อนวันนี้", en="The new day lies in the past")
    last = date(year.fiscal_year - 543 + YEARS_AHEAD, 9, 30)
    if form.due > last:
        yield Problem(
            field="due", th=f"วันครบกำหนดใหม่ต้องไม่เกินวันที่ {thai_date(last)}",
            en=f"The new day lies after {last.isoformat()}",
        )  # fmt: skip
    yield from _of_the_order(form, year)


def _of_the_period(form: DayMove, entry: YearEntry) -> Iterator[Problem]:
    if entry.opens is None and form.opens is not None:
        yield Problem(field="opens", th="กำหนดนี้เป็นวันเดียว ไม่มีวันแรก", en="This is a single day without a first day")
    if entry.opens is not None and form.opens is None:
        yield Problem(field="opens", th="กรุณาระบุวันแรกของช่วงเวลา", en="Give the first day of the period")
    if form.opens is not None and form.opens > form.due:
        yield Problem(field="due", th="วันสุดท้ายต้องไม่ก่อนวันแรก", en="The last day lies before the first")


def _of_the_order(form: DayMove, year: YearCalendar) -> Iterator[Problem]:
    dates: dict[YearDay, date] = {entry.day: entry.due for entry in year.entries} | {form.day: form.due}
    for earlier, later in _ORDERED:
        if form.day in (earlier, later) and dates[earlier] > dates[later]:
            a, b = year.entry(earlier), year.entry(later)
            yield Problem(
                field="due", th=f"«{a.th}» ต้องไม่หลัง «{b.th}»", en=f"“{a.en}” may not come after “{b.en}”"
            )  # fmt: skip


def with_day(policy: Policy, agency: UnitId, fiscal_year: FiscalYear, move: DayMove) -> Policy:
    """The policy with the day on its new date; the entry names the reason as its source. Raises NoYearCalendar."""
    year = calendar_of(policy.years, agency, fiscal_year)
    entry = year.entry(move.day)
    if (entry.opens, entry.due) == (move.opens, move.due):
        return policy
    moved = entry.replace(opens=move.opens, due=move.due, source=move.reason)
    entries = tuple(moved if each is entry else each for each in year.entries)
    years = tuple(year.replace(entries=entries) if each is year else each for each in policy.years)
    return policy.replace(years=years)


def moved_days(before: Policy, after: Policy) -> Iterator[OnYearDay]:
    """The days that have other dates, of calendars that both policies have."""
    known = {(year.agency, year.fiscal_year): year for year in before.years}
    for year in after.years:
        for entry in year.entries if (year.agency, year.fiscal_year) in known else ():
            was = known[year.agency, year.fiscal_year].entry(entry.day)
            if (was.opens, was.due) != (entry.opens, entry.due):
                yield OnYearDay(agency=year.agency, fiscal_year=year.fiscal_year, day=entry.day)


def reason_th(entry: YearEntry, move: DayMove) -> str:
    """What holders of the work and auditors read: which day, from when to when, and why."""
    after: dict[str, Any] = {"opens": move.opens, "due": move.due}
    return f"เลื่อน «{entry.th}» จาก {when_th(entry)} เป็น {when_th(entry.replace(**after))}: {move.reason}"
