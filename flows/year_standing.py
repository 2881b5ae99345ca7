"""An agreement year as it stands, for whoever asks from outside its flow: its KPIs, and what was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from engine.runtime import Runtime
from ledger import reading
from ledger.cases import CaseView
from ledger.event import Event
from rules.agreement import measured_outside, with_changes
from rules.year import moment_of
from schemas.agreement import AgreementCase, ChangeAsked, ChangeRequested, ChangeResult, SurveyScored
from schemas.base import CaseId, Moment, Record, UnitId
from schemas.criteria import KpiNumber
from schemas.kpi import Kpi, KpiBook
from schemas.year import YearDay
from schemas.year_office import YearOffice

PROCESS = "agreement-cycle"
CHANGES_END, SURVEYS_END = "changes_end", "surveys_end"
"""Keys with which the year's flow ends the branches that take requests and surveys."""
MOST = 1_000
"""Agreement years that run at the same time; a ministry has one for each department."""


class YearStanding(Record):
    """What the ledger holds of a running year."""

    case: CaseId
    title: str
    office: YearOffice
    book: KpiBook
    """The KPIs with the changes that were approved so far."""
    detailed: bool
    """Whether the details of all KPIs are agreed, so that a change of them can be asked for."""
    changes_ended: bool
    surveys_ended: bool
    changes_close: Moment
    """As the calendar stands now; requests that come later are refused by the flow (P5 step 15; S1, slide 19)."""
    changes: tuple[ChangeAsked, ...]
    """Requests in the order in which they came."""
    surveys: tuple[SurveyScored, ...]
    """Scores of surveys in the order in which they came; the last one for a KPI stands."""

    @property
    def takes_changes(self) -> bool:
        return self.detailed and not self.changes_ended

    @property
    def takes_surveys(self) -> bool:
        return not self.surveys_ended and bool(self.measured_outside)

    @property
    def measured_outside(self) -> tuple[KpiNumber, ...]:
        return measured_outside(self.book)

    def held_by(self, unit: UnitId) -> tuple[Kpi, ...]:
        """The KPIs that a unit holds, alone or with others; กพร. holds those that nobody else does (decision 18)."""
        return tuple(
            kpi
            for kpi in self.book.kpis
            if unit in {holding.unit for holding in kpi.holdings} or self.office.holder_of(kpi) == unit
        )

    def survey_of(self, kpi: KpiNumber) -> SurveyScored | None:
        """The survey's score of a KPI that stands."""
        return next((scored for scored in reversed(self.surveys) if scored.kpi == kpi), None)


async def running_years(
    runtime: Runtime, connection: AsyncConnection, *, concerning: Iterable[UnitId] | None = None
) -> list[YearStanding]:
    """The open years, the latest opened first; those whose flow has not looked up its calendar yet are left out."""
    units = None if concerning is None else tuple(concerning)
    found = await reading.cases_where(connection, limit=MOST, process=PROCESS, state="open", concerning=units)
    standing = [await _standing(runtime, connection, case) for case in found]
    return [year for year in standing if year is not None]


async def running_year(runtime: Runtime, connection: AsyncConnection, case_id: CaseId) -> YearStanding | None:
    """One year; None when it has ended, or its flow has not begun. :raises UnknownCase:"""
    case = await reading.case(connection, case_id)
    return await _standing(runtime, connection, case) if (case.process, case.state) == (PROCESS, "open") else None


async def changes_of(connection: AsyncConnection, case_id: CaseId) -> tuple[ChangeAsked, ...]:
    """The requests of a year, running or not, each with what became of it."""
    asked = await reading.events_named(connection, case_id, "message:arrive", ChangeRequested.__name__)
    requests = [ChangeRequested.model_validate(event.content["payload"]) for event in asked]
    settled = await reading.events_named(connection, case_id, "case:record", "kpi_change")
    results = [ChangeResult.model_validate(event.content["result"]) for event in settled]
    return tuple(
        ChangeAsked(request=request, result=next((r for r in results if r.request == request), None))
        for request in requests
    )


async def _standing(runtime: Runtime, connection: AsyncConnection, case: CaseView) -> YearStanding | None:
    looked_up = await _step(connection, case.id, "look_up")
    if looked_up is None:
        return None
    kept = await _step(connection, case.id, "keep_final") or await _step(connection, case.id, "keep_details")
    agreed = KpiBook.model_validate(kept.content["result"]) if kept else AgreementCase.model_validate(case.data).book
    changes = await changes_of(connection, case.id)
    scored = await reading.events_named(connection, case.id, "message:arrive", SurveyScored.__name__)
    office = YearOffice.model_validate(looked_up.content["result"])
    return YearStanding(
        case=case.id, title=case.title, office=office,
        changes_close=moment_of(office.on(YearDay.CHANGES_CLOSE), calendar=runtime.calendar, policy=runtime.policy),
        book=with_changes(agreed, (asked.result for asked in changes if asked.result is not None)),
        detailed=kept is not None,
        changes_ended=bool(await reading.events_named(connection, case.id, "branch:end", CHANGES_END)),
        surveys_ended=bool(await reading.events_named(connection, case.id, "branch:end", SURVEYS_END)),
        changes=changes,
        surveys=tuple(SurveyScored.model_validate(event.content["payload"]) for event in scored),
    )  # fmt: skip


async def _step(connection: AsyncConnection, case_id: CaseId, key: str) -> Event | None:
    """The event of a step that is done; None before."""
    return next(iter(await reading.events_named(connection, case_id, "step:done", key)), None)
