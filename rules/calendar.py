"""The government's calendar: working days, office hours, fiscal years (requirements 3.1 and 3.3).

Holidays come from the package `holidays` (Thailand, public and government), without Labour Day, which only
the private and financial sectors observe, and with the office's overrides for late cabinet resolutions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib.metadata import version as package_version
from zoneinfo import ZoneInfo

import holidays

from rules.errors import NaiveTime, OfficeHoursBackwards
from schemas.policy import HolidayOverride, OverrideKind, Policy
from schemas.roll import Roll

BANGKOK = ZoneInfo("Asia/Bangkok")

_DAY = timedelta(days=1)
_LABOUR_DAY = {"th": "วันแรงงานแห่งชาติ", "en_US": "National Labor Day"}
"""As the package names it in each of its languages."""


def in_bangkok(moment: datetime) -> datetime:
    """`moment` on the clocks of Bangkok. Raises NaiveTime."""
    if moment.tzinfo is None:
        raise NaiveTime(moment=moment.isoformat())
    return moment.astimezone(BANGKOK)


@lru_cache(maxsize=4096)
def bangkok_date(moment: datetime) -> date:
    """The date in Bangkok at `moment`. Raises NaiveTime."""
    return in_bangkok(moment).date()


def bangkok_time(moment: datetime) -> time:
    """The time of day in Bangkok at `moment`. Raises NaiveTime."""
    return in_bangkok(moment).time()


@lru_cache(maxsize=4096)
def bangkok_moment(day: date, at: time) -> datetime:
    """The moment, in UTC, at which the clocks of Bangkok show `at` on `day`."""
    return datetime.combine(day, at, BANGKOK).astimezone(UTC)


def fiscal_year_be(day: date) -> int:
    """Fiscal year of the Buddhist era: FY2555 is 1 Oct 2011 to 30 Sep 2012 (requirements 3.1)."""
    return day.year + 543 + (day.month >= 10)


def first_day(fiscal_year: int) -> date:
    """1 October of the calendar year before (requirements 3.1)."""
    return date(fiscal_year - 544, 10, 1)


@lru_cache(maxsize=64)
def _civil_service_holidays(year: int, language: str = "th") -> Mapping[date, str]:
    package = holidays.country_holidays("TH", years=year, categories=("public", "government"), language=language)
    named = {day: _without(_LABOUR_DAY[language], name) for day, name in package.items() if day.year == year}
    return {day: name for day, name in named.items() if name}


def _without(unobserved: str, name: str) -> str:
    return "; ".join(part for part in name.split("; ") if unobserved not in part)


@dataclass(frozen=True)
class Calendar:
    """Working days and office hours of one ministry.

    `overrides` are applied in order, the last one for a day wins; times are those of Bangkok.
    Raises OfficeHoursBackwards.
    """

    overrides: tuple[HolidayOverride, ...] = ()
    opens: time = time(8, 30)
    closes: time = time(16, 30)
    day_ends: time = time(23, 59, 59)

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise OfficeHoursBackwards(opens=self.opens, closes=self.closes)

    @classmethod
    def of(cls, policy: Policy) -> Calendar:
        """Working days and office hours as a policy has them."""
        return cls(policy.holidays, policy.office.opens, policy.office.closes, policy.office.day_ends)

    @cached_property
    def _overridden(self) -> Mapping[date, str | None]:
        return {o.on: o.name if o.kind is OverrideKind.ADD else None for o in self.overrides}

    @cached_property
    def version(self) -> str:
        """SHA-256 over all that decides what is a working hour; kept beside what was resolved with it."""
        parts = [package_version("holidays"), self.opens.isoformat(), self.closes.isoformat()]
        parts += [override.model_dump_json() for override in self.overrides]
        return sha256("\n".join(parts).encode()).hexdigest()

    def holiday_name(self, day: date) -> str | None:
        """The Thai name of the civil-service holiday on `day`; None for other days, weekends among them."""
        if day in self._overridden:
            return self._overridden[day]
        return _civil_service_holidays(day.year).get(day)

    def holiday_name_en(self, day: date) -> str | None:
        """As `holiday_name`, in English; a day that the office has set is named as the office wrote it."""
        if day in self._overridden:
            return self._overridden[day]
        return _civil_service_holidays(day.year, "en_US").get(day)

    @cached_property
    def _working_days(self) -> dict[date, bool]:
        """The days that were asked about: every ladder of reminders walks over the same few."""
        return {}

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, and no holiday."""
        known = self._working_days.get(day)
        if known is None:
            known = self._working_days[day] = day.weekday() < 5 and self.holiday_name(day) is None
        return known

    def next_working_day(self, day: date) -> date:
        """The first working day strictly after `day`."""
        return self._walk(day, _DAY)

    def previous_working_day(self, day: date) -> date:
        """The last working day strictly before `day`."""
        return self._walk(day, -_DAY)

    def _walk(self, day: date, step: timedelta) -> date:
        day += step
        while not self.is_working_day(day):
            day += step
        return day

    def roll(self, day: date, roll: Roll) -> date:
        """`day` itself if it is a working day; else what `roll` says."""
        if roll is Roll.KEEP or self.is_working_day(day):
            return day
        return self.next_working_day(day) if roll is Roll.NEXT else self.previous_working_day(day)

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day`, before it if n is negative; for n = 0 `day` rolled to the next."""
        if n == 0:
            return self.roll(day, Roll.NEXT)
        for _ in range(abs(n)):
            day = self._walk(day, _DAY if n > 0 else -_DAY)
        return day

    def ends(self, day: date) -> datetime:
        """The last moment (UTC) of a day: what is handed in online has the whole of it (requirements 3.3)."""
        return bangkok_moment(day, self.day_ends)

    def within(self, day: date) -> datetime:
        """The last moment (UTC) of «ภายในวันที่» `day`; a day off moves on to the next working day (requirements 3.3)."""
        return self.ends(self.roll(day, Roll.NEXT))

    def add_working_hours(self, moment: datetime, n: int) -> datetime:
        """The moment (UTC) when `n` office hours have passed since `moment`. Raises NaiveTime.

        Only time within office hours of working days counts; the lunch hour does, urgent papers do not wait.
        """
        left = timedelta(hours=n)
        at = self._when_open(in_bangkok(moment))
        while (today := datetime.combine(at.date(), self.closes, BANGKOK) - at) < left:
            left -= today
            at = self._opening_after(at.date())
        return (at + left).astimezone(UTC)

    def _when_open(self, local: datetime) -> datetime:
        """`local` if the office is open then, else the next opening."""
        if not self.is_working_day(local.date()) or local.time() >= self.closes:
            return self._opening_after(local.date())
        return max(local, datetime.combine(local.date(), self.opens, BANGKOK))

    def _opening_after(self, day: date) -> datetime:
        return datetime.combine(self.next_working_day(day), self.opens, BANGKOK)
