"""What came of the story of the six measures, beside what every story reads: each province, its plans and reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from deployments.demo.findings import Findings, read_common
from deployments.demo.measures_story import PROVINCES
from engine.runtime import Runtime
from ledger import reading
from ledger.hand_offs import HandOff
from schemas.base import CaseId, Identifier, UnitId
from schemas.circular import CircularCase, CircularOutcome
from schemas.measures import MeasuresPlan
from schemas.measures_report import MeasuresOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFound:
    """One report as it came in."""

    activity: Identifier
    month: str
    version: int
    unit: UnitId
    due: datetime
    at: datetime
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvinceFound:
    th: str
    case: CaseId
    letter: CircularCase
    receipts: CircularOutcome
    receipts_due: datetime
    late_receipts: int
    plan_due: datetime
    outcome: MeasuresOutcome
    reports: tuple[ReportFound, ...]
    criteria: int
    """How often criteria came."""
    revised: int

    @property
    def plans(self) -> tuple[MeasuresPlan, ...]:
        return self.outcome.plans

    def months_of(self, activity: Identifier) -> tuple[str, ...]:
        return tuple(sorted(report.month for report in self.reports if report.activity == activity))


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuresFindings(Findings):
    provinces: Mapping[CaseId, ProvinceFound]

    @property
    def due_days(self) -> Mapping[str, datetime]:
        """When the reports of a month were due, by month."""
        return {report.month: report.due for province in self.provinces.values() for report in province.reports}


async def read_findings(runtime: Runtime) -> MeasuresFindings:
    common = await read_common(runtime)
    provinces = {}
    for province in PROVINCES:
        async with runtime.ledger.read() as connection:
            work = await reading.hand_offs_of_case(connection, province.case)
            receipts = await reading.hand_offs_of_case(connection, province.circular)
            arrived = await reading.events_named(connection, province.case, "message:arrive", "CriteriaIssued")
        circular = common["cases"][province.circular]
        provinces[province.case] = ProvinceFound(
            th=province.th, case=province.case, letter=CircularCase.model_validate(circular.data),
            receipts=CircularOutcome.model_validate(circular.result), receipts_due=_due(receipts, "acknowledge"),
            late_receipts=sum(each.late for each in receipts if each.element == "acknowledge"),
            plan_due=_due(work, "choose"),
            outcome=MeasuresOutcome.model_validate(common["cases"][province.case].result),
            reports=tuple(_report(each) for each in work if each.element == "report_month"), criteria=len(arrived),
            revised=sum(each.element == "revise" for each in work),
        )  # fmt: skip
    return MeasuresFindings(**common, provinces=provinces)


def _due(work: Sequence[HandOff], element: str) -> datetime:
    due = next(each.due_at for each in work if each.element == element)
    assert due is not None, element
    return due


def _report(work: HandOff) -> ReportFound:
    asked = work.context.limits
    assert work.due_at is not None, work.key
    assert work.closed_at is not None, work.key
    return ReportFound(
        activity=asked["activity"], month=asked["month"], version=asked["version"], unit=work.unit, due=work.due_at,
        at=work.closed_at, late=work.late,
    )  # fmt: skip
