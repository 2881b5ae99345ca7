"""The calendar of an agreement year: named days, as data (requirements 1.1, P5 to P8; source S1, slides 19 to 29)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import model_validator

from schemas.base import FiscalYear, LongText, Moment, Record, ShortText, TextIfAny, UnitId
from schemas.kpi import Round
from schemas.refusal import refusal, refuse_repeats
from schemas.roll import Roll


class YearDay(StrEnum):
    """The days that the flows of an agreement year ask for by name."""

    BASELINES = "baselines"
    CHOICE = "choice"
    CONSULTATION = "consultation"
    NEGOTIATION = "negotiation"
    NEGOTIATION_RESULT = "negotiation_result"
    SIGNING = "signing"
    DETAILS = "details"
    DISTRIBUTION = "distribution"
    BRIEFING = "briefing"
    BUDGET = "budget"
    EVIDENCE = "evidence"
    CHANGES_CLOSE = "changes_close"
    FOLLOW_UP_6 = "follow_up_6"
    FOLLOW_UP_9 = "follow_up_9"
    FOLLOW_UP_12 = "follow_up_12"
    SAR_6_INTERNAL = "sar_6_internal"
    SAR_6 = "sar_6"
    VISIT_PRE = "visit_pre"
    SURVEY = "survey"
    SAR_9_INTERNAL = "sar_9_internal"
    SAR_9 = "sar_9"
    SAR_12_INTERNAL = "sar_12_internal"
    SAR_12 = "sar_12"
    VISIT_POST = "visit_post"
    ANNOUNCEMENT = "announcement"
    AWARD = "award"

    @classmethod
    def internal(cls, round_: Round) -> YearDay:
        """By when the divisions' reports of a round are certified."""
        return cls(f"sar_{round_}_internal")

    @classmethod
    def report(cls, round_: Round) -> YearDay:
        """By when the round is reported to สำนักงาน ก.พ.ร."""
        return cls(f"sar_{round_}")

    @classmethod
    def follow_up(cls, round_: Round) -> YearDay:
        return cls(f"follow_up_{round_}")


class YearEntry(Record):
    """One line of the calendar: a last day, or a period with a first and a last day, both inclusive."""

    day: YearDay
    th: ShortText
    en: ShortText
    opens: date | None = None
    due: date
    roll: Roll = Roll.NEXT
    """What a holiday does to `due`; fixed dates of the year move to the next working day [D] (requirements 3.3)."""
    note: LongText = ""
    """What the source says of it, such as the purpose of a follow-up."""
    note_en: TextIfAny = ""
    source: ShortText
    source_en: TextIfAny = ""

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.opens is not None and self.opens > self.due:
            raise refusal("backwards", "opens")
        return self


class YearCalendar(Record):
    """All named days of one agency's agreement year; none may be left out."""

    fiscal_year: FiscalYear
    agency: UnitId
    entries: tuple[YearEntry, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        refuse_repeats("entries", (entry.day for entry in self.entries))
        if missing := [day for day in YearDay if day not in {entry.day for entry in self.entries}]:
            raise refusal("day_missing", "entries", what=missing[0])
        return self

    def entry(self, day: YearDay) -> YearEntry:
        return next(entry for entry in self.entries if entry.day is day)


class PlannedDay(Record):
    """A line of the calendar as it works out: the moments (UTC) that flows and pages go by."""

    day: YearDay
    th: str
    en: str
    opens: Moment | None
    due: Moment
    printed: date
    """The day as the calendar has it, before a holiday moved it."""
    note: str = ""


class YearPlan(Record):
    """A whole calendar worked out; recorded in the case, so that later holidays do not rewrite it."""

    fiscal_year: FiscalYear
    agency: UnitId
    days: dict[YearDay, PlannedDay]

    def due(self, day: YearDay) -> Moment:
        return self.days[day].due
