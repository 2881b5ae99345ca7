"""Steps of a site visit of สำนักงาน ก.พ.ร. (P8)."""

from __future__ import annotations

import asyncio
from datetime import datetime

from engine.step import Step, step_task
from ledger import cases
from ledger.work import Work
from reports.site_visit import site_visit_pdf
from rules.calendar import bangkok_date
from rules.letters import OPDC_TH
from rules.signing import head_signs, signed_by
from rules.site_visit import answers_due, kpis_to_visit, schedule_due, visit_days, visit_period, visited_kpis
from rules.visit_record import visit_record
from schemas.actor import Actor
from schemas.attachment import AttachedFile
from schemas.base import Moment
from schemas.letters import Signatory
from schemas.site_visit import (
    Prepared,
    SiteVisitCase,
    VisitAnswered,
    VisitClosing,
    VisitDays,
    VisitOffice,
    VisitPreparation,
    VisitReadiness,
    VisitRecorded,
    VisitSchedule,
    VisitStanding,
)
from schemas.visit_record import Visit
from schemas.year_office import YearOffice
from tasks.letterhead import house_style
from tasks.papers import FLOW, PDF, Paper, bind
from tasks.year_office import year_office

NUMBER = {Visit.PRE: "ครั้งที่-1", Visit.POST: "ครั้งที่-2"}
"""The visit in the name of its record."""


@step_task("ตรวจสอบหน่วยงานและช่วงเวลาตรวจประเมิน")
async def look_up_visit(step: Step, data: SiteVisitCase) -> VisitOffice:
    """Who is concerned, and the calendar's period for the visit.

    :raises UnknownUnit, NoPsdg, NoSecretariat, NoYearCalendar: something is missing; the run stops and says so.
    """
    office = year_office(step, data.agency, data.fiscal_year)
    first_day, last_day = visit_period(data.kind, office.plan)
    due = schedule_due(first_day, step.now, calendar=step.runtime.calendar, policy=office.policy)
    return VisitOffice(office=office, first_day=first_day, last_day=last_day, schedule_due=due)


@step_task("กำหนดวันตรวจประเมิน")
async def set_visit_days(step: Step, office: YearOffice, schedule: VisitSchedule) -> VisitDays:
    """The announced days as moments; the case notes them."""
    days = visit_days(schedule, step.now, calendar=step.runtime.calendar, policy=office.policy)

    async def note(work: Work) -> None:
        facts = {"begins": days.begins.isoformat(), "ends": days.ends.isoformat()}
        await cases.note_phase(work, step.case_id, actor=FLOW, phase="announced", facts=facts)

    step.then(note)
    return days


@step_task("รวบรวมความพร้อมของหลักฐาน")
async def gather_readiness(step: Step, ready: tuple[Prepared, ...], provinces: tuple[Prepared, ...]) -> VisitReadiness:
    """What owners and provinces have said by the time the visit begins."""

    async def note(work: Work) -> None:
        facts = {"ready": len(ready), "provinces": len(provinces)}
        await cases.note_phase(work, step.case_id, actor=FLOW, phase="visiting", facts=facts)

    step.then(note)
    return VisitReadiness(at=step.now, kpis=ready, provinces=provinces)


@step_task("กำหนดวันตอบข้อซักถาม")
async def set_answers_due(step: Step, office: YearOffice, recorded: tuple[VisitRecorded, ...]) -> datetime:
    """The last moment by which an answer is due: the days count from the last request."""
    asked = max((each.at for each in recorded if each.request), default=step.now)
    return answers_due(asked, calendar=step.runtime.calendar, policy=office.policy)


@step_task("สรุปผลการตรวจประเมินรายตัวชี้วัด")
async def sum_up_visit(
    step: Step, data: SiteVisitCase, office: YearOffice, readiness: VisitReadiness,
    recorded: tuple[VisitRecorded, ...], answered: tuple[VisitAnswered, ...], phase: str,
) -> VisitStanding:  # fmt: skip
    """Every KPI with finding, request and answer as known by now."""
    kpis = kpis_to_visit(data)
    standing = VisitStanding(at=step.now, kpis=visited_kpis(kpis, office, readiness.kpis, recorded, answered))

    async def note(work: Work) -> None:
        facts = {
            "recorded": len(recorded),
            "requests": sum(each.asked for each in standing.kpis),
            "unanswered": len(standing.unanswered),
        }
        await cases.note_phase(work, step.case_id, actor=FLOW, phase=phase, facts=facts)

    step.then(note)
    return standing


@step_task("จัดพิมพ์บันทึกการตรวจประเมิน")
async def print_visit(
    step: Step, data: SiteVisitCase, office: YearOffice, schedule: VisitSchedule, prepared: VisitPreparation,
    provinces: tuple[Prepared, ...], standing: VisitStanding, closing: VisitClosing, closed_by: Actor,
    closed_at: Moment,
) -> tuple[AttachedFile, ...]:  # fmt: skip
    """The record of the visit as it was closed. Who has closed it has signed; the others sign by hand."""
    runtime, directory, day = step.runtime, step.runtime.directory, bangkok_date(closed_at)
    by_letter = office.opdc == office.psdg  # กพร. has keyed in what the visitors wrote (decision 18)
    visitor = Signatory(position=f"ผู้แทน{OPDC_TH}") if by_letter else signed_by(directory, closed_by, office.opdc, day)
    record = visit_record(
        data, office, schedule, prepared, provinces, standing, closing, day,
        (visitor, head_signs(directory, office.psdg)), calendar=runtime.calendar,
    )  # fmt: skip
    pdf = await asyncio.to_thread(site_visit_pdf, record, dated=closed_at, **house_style(runtime))
    return bind(step, [Paper(f"บันทึกการตรวจประเมิน-{NUMBER[data.kind]}-{data.fiscal_year}.pdf", PDF, pdf)])
