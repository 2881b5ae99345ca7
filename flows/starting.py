"""How cases begin: a registration, a call, an order; and the week that must always be open."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from engine import actions
from engine.process import process_named
from engine.runtime import Runtime
from flows.numbered import next_number, open_by_form, open_numbered, opened_by, order_of
from flows.year_standing import CHANGES_END, SURVEYS_END
from ledger import cases, reading
from ledger.cases import NewCase
from rules.calendar import bangkok_moment
from rules.thai import thai_date
from rules.week import reporting_week, week_label_th, week_of
from rules.year import calendar_of
from schemas.actor import Actor
from schemas.agreement import (
    AgreementCase,
    ChangeRequested,
    KpiChangeRequest,
    SurveyScored,
    agreement_case_id,
)
from schemas.base import CaseId, UnitId
from schemas.directive import Directive, DirectiveCase, Registration, UserRequest
from schemas.kpi import KpiBook
from schemas.opinion import OpinionCall, OpinionCase
from schemas.printout import PrintoutCase, PrintoutOrder
from schemas.user_request import UserRequestCase, UserRequestOrder
from schemas.weekly import WeekCase
from tasks.directive import directive_case_id, directive_title
from tasks.papers import Paper, put_document
from tasks.year_office import SURVEY


async def ensure_week_open(runtime: Runtime, *, actor: Actor) -> CaseId:
    """Open the reporting week that takes reports now, unless one is open; returns that case.

    The newest week opens the next one itself, once it is frozen: opened beside it, the next would still find in the
    register what this one completes, and one whose moments a holiday has moved would not be opened twice.
    """
    await runtime.refresh()
    now = await runtime.ledger.now()
    policy = runtime.policy.weekly
    week = week_of(now, calendar=runtime.calendar, policy=policy)
    before = reporting_week(week.friday - timedelta(days=7), calendar=runtime.calendar, policy=policy)
    async with runtime.ledger.read() as connection:
        standing = await reading.latest_case(connection, process="weekly-cycle", state="open")
        if standing is not None and (await reading.case(connection, standing)).phase != "delivered":
            return standing
        known = await reading.cases_named(connection, [week.case_id, before.case_id])
    if week.case_id not in known:
        data = WeekCase(week=week, previous=before.case_id if before.case_id in known else None)
        title = f"รายงานข้อสั่งการ {week_label_th(week)}"
        await actions.start_case(
            runtime, "weekly-cycle", data, case_id=week.case_id, title=title, units=(), actor=actor
        )
    return week.case_id


async def register_directive(
    runtime: Runtime, form: Registration, *, actor: Actor, once: str = ""
) -> tuple[CaseId, ...]:
    """Register a directive: one case for each agency (P1), all or none.

    Numbers run within the calendar year of registration; officers who register at the same moment get one each.

    :param once: the key of the page on which the form was filled in; sent again, it gives the same cases.
    :raises FormWasUsed: sent again with other content.
    :raises DocumentIsMissing: a file of the form is no longer kept.
    """
    await runtime.refresh()
    async with runtime.ledger.begin() as work:
        no = await next_number(work, "directive-lifecycle", "directive")
        if standing := await opened_by(work, runtime, form, once):
            return standing
        directive = Directive(no=no, **form.model_dump(exclude={"agencies"}))
        new = [_case_of(runtime, directive, agency, registered_at=work.now) for agency in form.agencies]
        await open_by_form(work, new, form, actor=actor, once=once)
        await work.commit()
    return tuple(case.id for case in new)


def _case_of(runtime: Runtime, directive: Directive, agency_id: UnitId, *, registered_at: datetime) -> NewCase:
    agency, planning = runtime.directory.unit(agency_id), runtime.directory.planning_unit_of(agency_id)
    return runtime.new_case(
        process_named("directive-lifecycle"),
        DirectiveCase(directive=directive, agency=agency.id, registered_at=registered_at),
        case_id=directive_case_id(directive, agency.id), title=directive_title(directive, agency),
        units=(agency.id, planning.id),
    )  # fmt: skip


async def open_opinion_call(runtime: Runtime, form: OpinionCall, *, actor: Actor, once: str = "") -> CaseId:
    """Ask every agency for its opinion within the day that was given; `once` as above."""
    await runtime.refresh()

    def made(no: str, today: date) -> NewCase:
        agencies = tuple(unit.id for unit in runtime.directory.agencies(on=today))
        due = runtime.calendar.within(form.due_on)
        return runtime.new_case(
            process_named("opinion-collection"), case_id=f"opinion-{no}", title=f"ความเห็นที่ {no} {form.subject}",
            data=OpinionCase(
                no=no, subject=form.subject, text=form.text, agencies=agencies, due=due, attachments=form.attachments
            ),
            units=agencies,
        )  # fmt: skip

    return await open_numbered(
        runtime, form, made, process="opinion-collection", prefix="opinion", actor=actor, once=once
    )  # fmt: skip


async def request_user(
    runtime: Runtime, form: UserRequestOrder, *, unit: UnitId, actor: Actor, once: str = ""
) -> CaseId:
    """Ask for a further user of a unit; `once` as above."""
    await runtime.refresh()
    request = UserRequest(
        name=form.name, position=form.position, unit=unit, email=form.email, phone=form.phone,
        requested_by=actor.officer,
    )  # fmt: skip

    def made(no: str, _today: date) -> NewCase:
        return runtime.new_case(
            process_named("user-request"), UserRequestCase(request=request, reason=form.reason),
            case_id=f"user-request-{no}", title=f"คำขอ User เพิ่ม {form.name}", units=(unit,),
        )  # fmt: skip

    return await open_numbered(
        runtime, form, made, process="user-request", prefix="user-request", actor=actor, once=once
    )  # fmt: skip


async def order_printout(runtime: Runtime, form: PrintoutOrder, *, agency: UnitId, actor: Actor) -> CaseId:
    """Order the print-out of an agency for a meeting: ready one working day before, at 16.00 [DEFAULT]."""
    await runtime.refresh()
    office, calendar, unit = runtime.policy.office, runtime.calendar, runtime.directory.unit(agency)
    due_day = calendar.add_working_days(form.meeting_on, -office.printout_days_before)
    data = PrintoutCase(
        agency=agency, meeting_at=bangkok_moment(form.meeting_on, form.meeting_time or office.opens),
        meeting_timed=form.meeting_time is not None, prepare_at=bangkok_moment(due_day, time(9, 0)),
        due=bangkok_moment(due_day, office.printout_at),
    )  # fmt: skip
    case_id = f"printout-{form.meeting_on.isoformat()}-{agency}"
    title = f"เอกสารประกอบการประชุมผู้บริหาร {thai_date(form.meeting_on)} ({unit.short})"
    planning = runtime.directory.planning_unit_of(agency)
    await actions.start_case(
        runtime, "meeting-printout", data, case_id=case_id, title=title, units=(agency, planning.id), actor=actor
    )
    return case_id


async def open_agreement_year(runtime: Runtime, book: KpiBook, *, actor: Actor, file: Paper | None = None) -> CaseId:
    """Open an agency's agreement year with the KPIs that its working group drafts (P5).

    :param file: the file from which the KPIs were read, kept as the first document of the case.
    :raises NoYearCalendar: the policy has no calendar of that year for the agency.
    :raises CaseExists: the year is open already.
    """
    await runtime.refresh()
    calendar_of(runtime.policy.years, book.agency, book.fiscal_year)
    agency, psdg = runtime.directory.unit(book.agency), runtime.directory.psdg_of(book.agency)
    case_id = agreement_case_id(book.agency, book.fiscal_year)
    new = runtime.new_case(
        process_named("agreement-cycle"), AgreementCase(book=book), case_id=case_id, units=(agency.id, psdg.id),
        title=f"คำรับรองการปฏิบัติราชการ ปีงบประมาณ พ.ศ. {book.fiscal_year} {agency.th}",
    )  # fmt: skip
    async with runtime.ledger.begin() as work:
        if await cases.open_case(work, new, actor=actor) and file is not None:
            await put_document(work, case_id, *file, actor=actor)
        await work.commit()
    return case_id


async def request_kpi_change(
    runtime: Runtime, case_id: CaseId, form: KpiChangeRequest, *, unit: UnitId, actor: Actor, once: str = ""
) -> None:
    """Ask for other details of a KPI; when this is recorded decides whether it is in time (P5 step 15).

    :param once: as above.
    :raises FormWasUsed, CaseIsClosed:
    :raises NobodyTakesIt: the year's last round is over.
    """
    levels = form.levels if all(level is not None for level in form.levels) else None
    message = ChangeRequested(
        kpi=form.kpi, unit=unit, officer=actor.officer or "", target=form.target, weight=form.weight, levels=levels,
        details=form.details, reason=form.reason, requested_at=await runtime.ledger.now(),
    )  # fmt: skip
    await actions.send_message(
        runtime, case_id, message, sender=unit, actor=actor, order=order_of(form, once), until=CHANGES_END
    )


async def record_survey(
    runtime: Runtime, case_id: CaseId, scored: SurveyScored, *, actor: Actor, once: str = ""
) -> None:
    """The score of a satisfaction survey has come from outside (P5 step 18); `once` as above.

    :raises FormWasUsed, CaseIsClosed:
    :raises NobodyTakesIt: the round of twelve months, for which it counts, is over.
    """
    await actions.send_message(
        runtime, case_id, scored, sender=SURVEY, actor=actor, order=order_of(scored, once), until=SURVEYS_END
    )
