"""What stands in the record of a site visit, from what people have handed in (P8)."""

from __future__ import annotations

from datetime import date

from rules.calendar import Calendar, bangkok_date
from rules.letters import OPDC_TH, lines_of
from rules.site_visit import answers_due
from schemas.base import Moment
from schemas.letters import Signatory
from schemas.site_visit import (
    Prepared,
    SiteVisitCase,
    VisitClosing,
    VisitedKpi,
    VisitPreparation,
    VisitSchedule,
    VisitStanding,
)
from schemas.visit_record import ReadyEvidence, RecordedKpi, VisitRecord, VisitRequest
from schemas.year_office import YearOffice

NOT_VISITED_TH = "ไม่ได้ตรวจประเมิน"


def visit_record(
    data: SiteVisitCase, office: YearOffice, schedule: VisitSchedule, prepared: VisitPreparation,
    provinces: tuple[Prepared, ...], standing: VisitStanding, closing: VisitClosing,
    closed_on: date, signatories: tuple[Signatory, ...], *, calendar: Calendar,
) -> VisitRecord:  # fmt: skip
    """The visit as it was closed."""
    return VisitRecord(
        fiscal_year=data.fiscal_year, visit=data.kind, agency_th=office.agency_th, visitor_th=OPDC_TH,
        on=schedule.first_day, until=schedule.last_day if schedule.last_day != schedule.first_day else None,
        note=schedule.note, agenda=prepared.agenda, present=closing.present,
        support=tuple(_ready(each, office) for each in provinces),
        findings=tuple(_found(each, data, office, calendar) for each in standing.kpis),
        summary=closing.remark, closed_on=closed_on, signatories=signatories,
    )  # fmt: skip


def _ready(prepared: Prepared, office: YearOffice) -> ReadyEvidence:
    return ReadyEvidence(
        unit_th=office.unit_th(prepared.unit), outstanding=prepared.outstanding,
        evidence=(*lines_of(prepared.evidence), *(file.name for file in prepared.attachments)),
    )  # fmt: skip


def _found(each: VisitedKpi, data: SiteVisitCase, office: YearOffice, calendar: Calendar) -> RecordedKpi:
    recorded = each.recorded
    return RecordedKpi(
        number=each.number, th=each.th, ready=_ready(each.ready, office) if each.ready else None,
        findings=recorded.finding if recorded else NOT_VISITED_TH, reported=data.scores.get(each.number),
        proposed=recorded.proposed_score if recorded else None, requests=_requests(each, office, calendar),
    )  # fmt: skip


def _requests(each: VisitedKpi, office: YearOffice, calendar: Calendar) -> tuple[VisitRequest, ...]:
    if each.recorded is None or not each.asked:
        return ()
    asked = VisitRequest(request=each.recorded.request, due=_due(each.recorded.at, office, calendar))
    answered = each.answered
    if answered is None:
        return (asked,)
    evidence = (*lines_of(answered.evidence), *(file.name for file in answered.attachments))
    return (
        asked.replace(
            answer=answered.answer, evidence=evidence, answered_by=office.unit_th(each.unit),
            answered_on=bangkok_date(answered.at),
        ),
    )  # fmt: skip


def _due(asked_at: Moment, office: YearOffice, calendar: Calendar) -> date:
    return bangkok_date(answers_due(asked_at, calendar=calendar, policy=office.policy))
