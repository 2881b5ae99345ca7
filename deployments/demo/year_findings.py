"""What came of the agreement year's story, beside what every story reads: its calendar as lived, and its outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from deployments.demo.findings import Findings, read_common
from deployments.demo.year_story import (
    AGENCY,
    AWARD,
    FISCAL_YEAR,
    NEGOTIATION_APPEAL,
    YEAR,
    follow_up,
    sar,
    visit,
)
from deployments.furnishing import COMMUNITY_DEVELOPMENT
from engine.runtime import Runtime
from ledger import reading
from ledger.cases import CaseView
from ledger.hand_offs import HandOff
from rules.kpi_checks import book_findings
from rules.organisation_file import load_policy
from rules.year import calendar_of, plan
from schemas.agreement import AgreementOutcome
from schemas.appeal import AppealOutcome
from schemas.base import CaseId, UnitId
from schemas.follow_up import FollowUpOutcome
from schemas.kpi import Round
from schemas.scorecard import FindingCode
from schemas.site_visit import SiteVisitOutcome
from schemas.year import YearDay

SURVEY_MESSAGE = "SurveyScored"
WORK: Mapping[YearDay, tuple[CaseId, tuple[str, ...]]] = {
    YearDay.BASELINES: (YEAR, ("baselines",)),
    YearDay.CHOICE: (YEAR, ("choose",)),
    YearDay.CONSULTATION: (YEAR, ("consult",)),
    YearDay.NEGOTIATION: (YEAR, ("negotiate",)),
    YearDay.NEGOTIATION_RESULT: (YEAR, ("notify_result",)),
    YearDay.SIGNING: (YEAR, ("sign_maker", "sign_receiver")),
    YearDay.DETAILS: (YEAR, ("write_details", "check_details")),
    YearDay.DISTRIBUTION: (YEAR, ("receive_book",)),
    YearDay.BRIEFING: (YEAR, ("brief",)),
    YearDay.BUDGET: (YEAR, ("budget",)),
    YearDay.EVIDENCE: (YEAR, ("gather_evidence",)),
    YearDay.CHANGES_CLOSE: (YEAR, ("check_change", "decide_change")),
    **{YearDay.follow_up(r): (follow_up(f"round-{r}"), ("progress", "minute")) for r in Round},
    **{YearDay.internal(r): (sar(r), ("keep", "certify_supervisor", "certify_psdg")) for r in Round},
    **{YearDay.report(r): (sar(r), ("send",)) for r in Round},
    YearDay.VISIT_PRE: (visit("pre"), ("schedule", "prepare", "ready", "support", "record", "answer", "close_visit")),
    YearDay.VISIT_POST: (visit("post"), ("schedule", "prepare", "ready", "support", "record", "close_visit")),
    YearDay.ANNOUNCEMENT: (YEAR, ("announce",)),
    YearDay.AWARD: (AWARD, ("amounts", "propose", "check", "approve", "object", "pay")),
}
"""The work that a day of the calendar is about: case and elements. The survey comes by message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LivedDay:
    """A named day of the calendar: as printed, as it holds, and when its work really began and ended."""

    th: str
    printed: date
    holds: datetime
    began: datetime | None
    ended: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFindings(Findings):
    days: Mapping[YearDay, LivedDay]
    asked_again: frozenset[tuple[CaseId, str]]
    """(case, element with what it is about) of every piece of work that was asked for a second time."""
    missing_at_approval: str
    """What the director-general read as not reported when the SAR of six months was put up."""
    year: AgreementOutcome
    negotiation: AppealOutcome
    follow_ups: Mapping[str, FollowUpOutcome]
    """By name, such as `2012-06`."""
    visits: Mapping[str, SiteVisitOutcome]
    weights: tuple[str, ...]
    """The findings about sums of weights, in Thai."""


async def read_findings(runtime: Runtime) -> YearFindings:
    common = await read_common(runtime)
    cases = common["cases"]
    work: dict[CaseId, tuple[HandOff, ...]] = {}
    async with runtime.ledger.read() as connection:
        for case_id in cases:
            work[case_id] = await reading.hand_offs_of_case(connection, case_id)
        surveys = await reading.events_named(connection, YEAR, "message:arrive", SURVEY_MESSAGE)
    year = AgreementOutcome.model_validate(cases[YEAR].result)
    return YearFindings(
        **common,
        days=_lived_days(runtime, work, [event.at for event in surveys]),
        asked_again=frozenset((w.case_id, w.key) for of_case in work.values() for w in of_case if "#2" in w.key),
        missing_at_approval=next(
            (dict(w.context.facts)["ยังไม่รายงาน"] for w in work[sar(6)] if w.element == "approve"), ""
        ),
        year=year,
        negotiation=AppealOutcome.model_validate(cases[NEGOTIATION_APPEAL].result),
        follow_ups={_name(c): FollowUpOutcome.model_validate(c.result) for c in _of(cases, "monthly-follow-up")},
        visits={_name(c): SiteVisitOutcome.model_validate(c.result) for c in _of(cases, "site-visit")},
        weights=_weight_warnings(year),
    )


def abbreviations(runtime: Runtime) -> Mapping[UnitId, str]:
    """«สสช.» by unit, in protocol order."""
    units = sorted(runtime.directory.organisation.units, key=lambda unit: unit.seq)
    return {unit.id: unit.short for unit in units}


def _missing(work: Iterable[HandOff]) -> str:
    put_up = next((w.context.facts for w in work if w.element == "approve"), ())
    return dict(put_up).get("ยังไม่รายงาน", "")


def _lived_days(
    runtime: Runtime, work: Mapping[CaseId, tuple[HandOff, ...]], surveys: list[datetime]
) -> Mapping[YearDay, LivedDay]:
    """In the order of the calendar; as printed is as the file has it with which the year began."""
    file = load_policy(COMMUNITY_DEVELOPMENT.policy.read_text(encoding="utf-8"))
    printed = calendar_of(file.years, AGENCY, FISCAL_YEAR)
    years = runtime.policy.years
    calendar = plan(calendar_of(years, AGENCY, FISCAL_YEAR), calendar=runtime.calendar)
    began: dict[YearDay, list[datetime]] = {YearDay.SURVEY: surveys}
    ended: dict[YearDay, list[datetime]] = {YearDay.SURVEY: surveys}
    for day, (case, elements) in WORK.items():
        of_day = [w for w in work[case] if w.element in elements]
        began[day] = [w.opened_at for w in of_day]
        ended[day] = [w.closed_at for w in of_day if w.closed_at is not None]
    return {
        day: LivedDay(
            th=planned.th, printed=printed.entry(day).due, holds=planned.due, began=min(began[day], default=None),
            ended=max(ended[day], default=None),
        )
        for day, planned in calendar.days.items()
    }  # fmt: skip


def _of(cases: Mapping[CaseId, CaseView], process: str) -> list[CaseView]:
    found = [case for case in cases.values() if case.process == process and case.result is not None]
    return sorted(found, key=lambda case: (case.opened_at, case.id))


def _name(case: CaseView) -> str:
    """`2012-06` of `follow-up-2555-cdd-2012-06`."""
    return case.id.partition("-cdd-")[2]


def _weight_warnings(year: AgreementOutcome) -> tuple[str, ...]:
    """Where weights do not add up to 100: as the source prints them, and as they stand at the end of the year."""
    card = year.score_appeal.scorecard
    found = (*(card.findings if card else ()), *book_findings(year.book))
    return tuple(dict.fromkeys(each.th for each in found if each.code is FindingCode.WEIGHT_SUM_NOT_100))
