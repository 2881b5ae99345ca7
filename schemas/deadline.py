"""When something is due: said as a rule, resolved to a moment when the work is opened."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import FiscalYear, Moment, Record, UnitId
from schemas.year import YearDay


class At(Record):
    """At a fixed moment."""

    kind: Literal["at"] = "at"
    moment: Moment


@lru_cache(maxsize=256)
def at(moment: datetime) -> At:
    """A fixed moment; checked once, where it is asked of a whole ministry."""
    return At(moment=moment)


class WorkingDays(Record):
    """End of office hours on the n-th working day after the day on which the work was opened."""

    kind: Literal["working_days"] = "working_days"
    days: int = Field(ge=0)


class WorkingHours(Record):
    """n office hours after the work was opened, counted within office hours of working days only."""

    kind: Literal["working_hours"] = "working_hours"
    hours: int = Field(ge=1)


Deadline = Annotated[At | WorkingDays | WorkingHours, Field(discriminator="kind")]


class DayEdge(StrEnum):
    """Which end of a named day is meant; for a period, of its first or its last day."""

    BEGINS = "begins"
    """As the office opens."""
    ENDS = "ends"
    """When the day is over («ภายในวันที่»)."""


class OnYearDay(Record):
    """On a named day of an agreement year's calendar, or so many working days before it.

    Resolved when the work is opened, and anew for open work when the calendar changes (decision 24).
    """

    agency: UnitId
    fiscal_year: FiscalYear
    day: YearDay
    edge: DayEdge = DayEdge.ENDS
    before: int = Field(default=0, ge=0)
    """Working days before the day."""

    @property
    def year(self) -> str:
        """Names the calendar: `2555/cdd`."""
        return f"{self.fiscal_year}/{self.agency}"

    @property
    def topic(self) -> str:
        """What a signal about this day is called: `2555/cdd/visit_pre`."""
        return f"{self.year}/{self.day}"
