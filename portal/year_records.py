"""What the pages of an agreement year read of the ledger: a fixed number of questions, no history as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from engine.runtime import Runtime
from ledger import reading
from ledger.cases import CaseView
from ledger.hand_offs import HandOff
from portal.errors import NotFound
from portal.year_cells import Answers
from rules.errors import NoYearCalendar
from rules.year import calendar_of, plan
from schemas.agreement import AgreementOutcome, ChangeResult, agreement_case_id
from schemas.appeal import AppealCase, AppealKind, AppealOutcome, appeal_case_id
from schemas.award_case import AwardOutcome, AwardSplit, award_case_id
from schemas.kpi import Round
from schemas.sar import sar_case_id
from schemas.year import YearCalendar, YearPlan
from schemas.year_office import YearOffice

OF_PROVINCES = ("receive_book", "brief", "budget", "gather_evidence")
"""Work of every province, which a board has no place for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRecords:
    """An agreement year's case, the cases that it has called by name, and their work."""

    case: CaseView
    cases: Mapping[str, CaseView]
    """The year's own, its rounds, its appeals and its award money, as far as they were opened, by id."""
    work: Mapping[str, tuple[HandOff, ...]]
    """By case id, in the order in which it was handed off."""
    answers: Answers
    steps: Mapping[tuple[str, str], Any]
    """What steps have recorded, by case id and key."""
    changes: tuple[ChangeResult, ...]
    """Requests to change a KPI that are settled, in that order."""
    plan: YearPlan
    """The days that hold for the year."""
    calendar: YearCalendar | None
    """The calendar's lines as the policy has them, with roll and source; None where it has none any more."""
    now: datetime

    @property
    def agency(self) -> str:
        return self.plan.agency

    @property
    def fiscal_year(self) -> int:
        return self.plan.fiscal_year

    @property
    def outcome(self) -> AgreementOutcome | None:
        return None if self.case.result is None else AgreementOutcome.model_validate(self.case.result)

    def round(self, round_: Round) -> CaseView | None:
        return self.cases.get(sar_case_id(self.agency, self.fiscal_year, round_))

    def appeal(self, kind: AppealKind) -> tuple[AppealCase, AppealOutcome | None] | None:
        """The notice that may be appealed against, and what came of it; None before there is one."""
        case = self.cases.get(appeal_case_id(self.agency, self.fiscal_year, kind))
        if case is None:
            return None
        outcome = None if case.result is None else AppealOutcome.model_validate(case.result)
        return AppealCase.model_validate(case.data), outcome

    def appeal_case(self, kind: AppealKind) -> CaseView | None:
        return self.cases.get(appeal_case_id(self.agency, self.fiscal_year, kind))

    @property
    def award_case(self) -> CaseView | None:
        return self.cases.get(award_case_id(self.agency, self.fiscal_year))

    @property
    def award(self) -> AwardOutcome | None:
        case = self.award_case
        return None if case is None or case.result is None else AwardOutcome.model_validate(case.result)

    @property
    def award_split(self) -> AwardSplit | None:
        """The pots split to the units; None before they are."""
        case = self.award_case
        recorded = self.steps.get((case.id, "split")) if case else None
        return None if recorded is None else AwardSplit.model_validate(recorded)

    def work_of(self, case: CaseView | None) -> tuple[HandOff, ...]:
        return self.work.get(case.id, ()) if case else ()

    def answer_of(self, hand_off: HandOff) -> Mapping[str, Any] | None:
        return self.answers.get(hand_off.id)


async def read_year(
    connection: AsyncConnection, runtime: Runtime, agency: str, fiscal_year: int, *, course: bool = False
) -> YearRecords:
    """The year as it stands.

    :param course: with its follow-ups and visits, and with the work of its provinces.
    :raises NotFound: no such year was opened.
    """
    year_id = agreement_case_id(agency, fiscal_year)
    named = [
        year_id, *(sar_case_id(agency, fiscal_year, round_) for round_ in Round),
        *(appeal_case_id(agency, fiscal_year, kind) for kind in AppealKind), award_case_id(agency, fiscal_year),
    ]  # fmt: skip
    now = await runtime.ledger.clock.now(connection)
    cases = await reading.cases_named(connection, named)
    if year_id not in cases:
        raise NotFound
    if course:
        cases |= {case.id: case for case in await reading.children_of(connection, year_id)}
    work = await reading.hand_offs_of_cases(connection, [*cases], but=() if course else OF_PROVINCES)
    answers = await reading.answers(connection, [h for found in work.values() for h in found])
    steps = await reading.step_results(connection, [*cases], ("look_up", "keep_details", "keep_final", "split"))
    recorded = await reading.events_named(connection, year_id, "case:record", "kpi_change")
    return YearRecords(
        case=cases[year_id], cases=cases, work=work, answers=answers, steps=steps, now=now,
        changes=tuple(ChangeResult.model_validate(event.content["result"]) for event in recorded),
        plan=_plan(runtime, steps.get((year_id, "look_up")), agency, fiscal_year),
        calendar=_calendar(runtime, agency, fiscal_year),
    )  # fmt: skip


def _plan(runtime: Runtime, looked_up: Any, agency: str, fiscal_year: int) -> YearPlan:
    """The days as they stand, wherever they were moved to (decision 24); without a calendar, those of the opening.

    :raises NotFound: the year has not run yet, and its calendar is gone from the policy.
    """
    if (year := _calendar(runtime, agency, fiscal_year)) is not None:
        return plan(year, calendar=runtime.calendar)
    if looked_up is None:
        raise NotFound
    return YearOffice.model_validate(looked_up).plan


def _calendar(runtime: Runtime, agency: str, fiscal_year: int) -> YearCalendar | None:
    try:
        return calendar_of(runtime.policy.years, agency, fiscal_year)
    except NoYearCalendar:
        return None
