"""The office's settings: every proposed rule that the requirements mark [DEFAULT], in one typed place."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, model_validator

from schemas.attachment import FileLimits
from schemas.award import AwardPolicy
from schemas.base import Record, ShortText
from schemas.cascade import CascadeRules
from schemas.deadline import Deadline, WorkingDays, WorkingHours
from schemas.directive import Urgency
from schemas.exact import Exact, Score
from schemas.organisation import UnitRole
from schemas.roll import Roll
from schemas.year import YearCalendar

Digits = Literal["arabic", "thai"]
"""Of what the system prints; what people wrote stays as it is (requirements 3.2)."""


class OverrideKind(StrEnum):
    ADD = "add"
    REMOVE = "remove"


class HolidayOverride(Record):
    """A day that a cabinet resolution made, or unmade, a holiday after the package was written."""

    on: date
    kind: OverrideKind
    name: ShortText
    source: ShortText
    """The resolution or announcement."""


class WeeklyReminder(Record):
    """A reminder at a time of day, on a weekday of the cut-off's own week (0 = Monday)."""

    weekday: int = Field(ge=0, le=6)
    at: time


class WeeklyPolicy(Record):
    """The weekly cycle (S0 lines 11 and 12; requirements P2)."""

    cut_off: time = time(16, 0)
    """Friday, strictly before (R0.1)."""
    friday_holiday: Roll = Roll.PREVIOUS
    monday_holiday: Roll = Roll.NEXT
    internal_days_before: int = Field(default=1, ge=0)
    """Working days before the cut-off at which a division hands in, where the planning unit keys."""
    reminders: tuple[WeeklyReminder, ...] = (
        WeeklyReminder(weekday=2, at=time(9, 0)),
        WeeklyReminder(weekday=3, at=time(9, 0)),
        WeeklyReminder(weekday=4, at=time(9, 0)),
        WeeklyReminder(weekday=4, at=time(14, 0)),
    )
    review_due: time = time(8, 0)
    report_at: time = time(8, 30)


class OfficePolicy(Record):
    """Office hours, acknowledgement and mail."""

    opens: time = time(8, 30)
    closes: time = time(16, 30)
    day_ends: time = time(23, 59, 59)
    """«ภายในวันที่» is the whole day, handed in online (requirements 3.3)."""
    digits: Digits = "thai"
    """In print-outs; letters, orders and announcements are always in Thai ones."""
    acknowledge: dict[Urgency, Deadline] = Field(
        default={
            Urgency.MOST_URGENT: WorkingHours(hours=4),
            Urgency.VERY_URGENT: WorkingDays(days=1),
            Urgency.URGENT: WorkingDays(days=2),
            Urgency.NORMAL: WorkingDays(days=3),
        }
    )
    """By urgency (requirements 3.4)."""
    dispatch_to: UnitRole = UnitRole.PLANNING_UNIT
    step_days: int = Field(default=1, ge=0)
    """Working days for each inner step of the directive lifecycle (P1)."""
    reminders_at_most: int = Field(default=4, ge=0)
    """Reminders for one piece of work; escalations are counted apart."""
    link_days: int = Field(default=30, ge=1)
    """How long the signed link in a task mail opens its form."""
    drafts_kept_days: int = Field(default=90, ge=0)
    """How long a draft of work that was withdrawn stays readable for who wrote it."""
    printout_days_before: int = Field(default=1, ge=0)
    printout_at: time = time(16, 0)
    drafts_framework: bool = False
    """This office is the central one that drafts the KPI framework of provinces (P13)."""
    cascades_kpis: bool = False
    """The agencies of this organisation are provinces that cascade their KPIs to persons (P11)."""
    six_measures: bool = False
    """Agencies are provinces, which carry out the six measures of the Prime Minister (P12)."""


class AgreementPolicy(Record):
    """The performance-agreement year (P5 to P9)."""

    @model_validator(mode="before")
    @classmethod
    def _without_day_ends(cls, said: Any) -> Any:
        """Years that began earlier recorded an end of the day of their own, which is the office's now."""
        return {name: value for name, value in said.items() if name != "day_ends"} if isinstance(said, dict) else said

    step_days: int = Field(default=5, ge=0)
    """Working days for each inner step that the calendar does not date: certification, checks, signatures."""
    book_days_before: int = Field(default=3, ge=0)
    """Working days before the report is due at which the director-general gets it, with what is certified by then."""
    appeal_days: int = Field(default=15, ge=1)
    """Calendar days from the notice in which an appeal may be lodged (requirements 4.4)."""
    appeal_inner_days: int = Field(default=2, ge=0)
    """Working days before the window ends at which กพร. is done with checking; units, as many again before that."""
    decision_days: int = Field(default=30, ge=1)
    """Calendar days in which สำนักงาน ก.พ.ร. decides an appeal."""
    appeal_may_lower: bool = False
    """Whether a decision may be worse than the score that was appealed against."""
    visit_answer_days: int = Field(default=7, ge=0)
    """Working days in which owners answer what a site visit asked for."""
    traffic_light_green: Score = Decimal("4.0000")
    """A KPI is green above this score, as the Ministry of Interior's page has it: <3, ≤4, ≤5 [W-moi]…"""
    traffic_light_yellow: Score = Decimal("3.0000")
    """… and yellow from this one on; below it is red."""
    progress_days: int = Field(default=3, ge=0)
    """Working days in which owners report progress for a month's meeting."""
    progress_green_margin: Exact = Field(default=Decimal("10.00"), ge=0)
    """A KPI's progress is green while it is at most so many percentage points behind the part of the year passed…"""
    progress_yellow_margin: Exact = Field(default=Decimal("25.00"), ge=0)
    """… and yellow up to here; further behind is red."""


class CascadePolicy(Record):
    """The cascade of a province's key KPIs to persons (P11)."""

    rules: CascadeRules = CascadeRules()
    """A case keeps to the rules with which it began."""
    report_days: int = Field(default=10, ge=0)
    """Working days before a round is due at which agencies are asked for their self-assessment."""
    duty_days: int = Field(default=20, ge=0)
    """Working days before a duty is due at which agencies are asked for it."""
    payday_before_last: int = Field(default=3, ge=0)
    """Salaries are paid so many working days before the last working day of the month."""


class MeasuresPolicy(Record):
    """The six measures of a province (S3; P12)."""

    receipt_days: int = Field(default=2, ge=0)
    """Working days in which heads acknowledge the letter."""
    step_days: int = Field(default=3, ge=0)
    """Working days for each step of a revision of the plan."""
    report_before_day: int = Field(default=3, ge=2, le=28)
    """Reports come before this day of the following month, whatever day of the week it is (S3-09)."""
    report_opens_days: int = Field(default=3, ge=1)
    """Working days before they are due at which reports are asked for."""
    saving_percent: Exact = Field(default=Decimal("10.00"), gt=0, lt=100)
    """Least saving of paper and of the budget (S3-08)."""


class Policy(Record):
    @model_validator(mode="before")
    @classmethod
    def _day_ends_for_all(cls, said: Any) -> Any:
        """Where only the agreement year had an end of the day, as in policies of older ledgers, all have it."""
        if isinstance(said, dict) and "day_ends" in said.get("agreement", {}):
            agreement = dict(said["agreement"])
            office = {"day_ends": agreement.pop("day_ends")} | said.get("office", {})
            return said | {"agreement": agreement, "office": office}
        return said

    weekly: WeeklyPolicy = WeeklyPolicy()
    office: OfficePolicy = OfficePolicy()
    agreement: AgreementPolicy = AgreementPolicy()
    years: tuple[YearCalendar, ...] = ()
    """The calendar of each agreement year."""
    award: AwardPolicy = AwardPolicy()
    cascade: CascadePolicy = CascadePolicy()
    measures: MeasuresPolicy = MeasuresPolicy()
    files: FileLimits = FileLimits()
    """What may be attached to a form."""
    holidays: tuple[HolidayOverride, ...] = ()
