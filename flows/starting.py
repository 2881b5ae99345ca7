"""How cases begin: a registration, a call, an order; and the week that must always be open."""

from __future__ import annotations

from datetime import time, timedelta

from engine import actions
from engine.runtime import Runtime
from ledger import reading
from ledger.errors import CaseExists
from rules.calendar import bangkok_date, bangkok_moment
from rules.thai import thai_date, year_be
from rules.week import reporting_week, week_label_th, week_of
from schemas.actor import Actor
from schemas.base import CaseId, UnitId
from schemas.directive import Directive, DirectiveCase, Registration
from schemas.opinion import OpinionCall, OpinionCase
from schemas.printout import PrintoutCase, PrintoutOrder
from schemas.weekly import WeekCase

ATTEMPTS = 20
"""Two officers who register at the same moment want the same number; the second takes the next."""
MEETING_AT = time(9, 30)
"""Executive meetings begin at half past nine [DEFAULT]; the order form asks for the day only."""


async def ensure_week_open(runtime: Runtime, *, actor: Actor) -> CaseId:
    """Open the reporting week that takes reports now, unless it is open; returns its case."""
    await runtime.refresh()
    now = await runtime.ledger.now()
    policy = runtime.policy.weekly
    week = week_of(now, calendar=runtime.calendar, policy=policy)
    before = reporting_week(week.friday - timedelta(days=7), calendar=runtime.calendar, policy=policy)
    async with runtime.ledger.read() as connection:
        known = await reading.cases_with_ids(connection, [week.case_id, before.case_id])
    if week.case_id not in known:
        data = WeekCase(week=week, previous=before.case_id if before.case_id in known else None)
        title = f"รายงานข้อสั่งการ {week_label_th(week)}"
        await actions.start_case(
            runtime, "weekly-cycle", data, case_id=week.case_id, title=title, units=(), actor=actor
        )
    return week.case_id


async def register_directive(runtime: Runtime, form: Registration, *, actor: Actor) -> tuple[CaseId, ...]:
    """Register a directive: one case for each agency (P1). Numbers run within the calendar year of registration."""
    await runtime.refresh()
    now = await runtime.ledger.now()
    for _ in range(ATTEMPTS):
        no = await _next_number(runtime, f"directive-{year_be(bangkok_date(now))}-")
        directive = Directive(no=no, **form.model_dump(exclude={"agencies"}))
        data = DirectiveCase(directive=directive, agency=form.agencies[0], registered_at=now)
        try:
            return tuple([await _open_directive(runtime, data.replace(agency=a), actor) for a in form.agencies])
        except CaseExists:
            continue
    raise CaseExists(case=f"directive-{no}")


async def _open_directive(runtime: Runtime, data: DirectiveCase, actor: Actor) -> CaseId:
    directory, directive = runtime.directory, data.directive
    agency, planning = directory.unit(data.agency), directory.planning_unit_of(data.agency)
    case_id = f"directive-{directive.no}-{agency.id}"
    title = f"ข้อสั่งการที่ {directive.no} {directive.title} ({agency.short})"
    await actions.start_case(
        runtime, "directive-lifecycle", data, case_id=case_id, title=title, units=(agency.id, planning.id), actor=actor
    )
    return case_id


async def _next_number(runtime: Runtime, prefix: str) -> str:
    """`2561-0008` after `2561-0007`; the prefix names the kind of case and the year."""
    process = {"directive": "directive-lifecycle", "opinion": "opinion-collection"}[prefix.partition("-")[0]]
    async with runtime.ledger.read() as connection:
        newest = await reading.latest_case(connection, process=process, prefix=prefix)
    year = prefix.split("-")[1]
    last = int(newest.removeprefix(prefix).split("-")[0]) if newest else 0
    return f"{year}-{last + 1:04d}"


async def open_opinion_call(runtime: Runtime, form: OpinionCall, *, actor: Actor) -> CaseId:
    """Ask every agency for its opinion by the end of office hours of the day that was given."""
    await runtime.refresh()
    now = await runtime.ledger.now()
    agencies = tuple(unit.id for unit in runtime.directory.agencies(on=bangkok_date(now)))
    due = bangkok_moment(form.due_on, runtime.policy.office.closes)
    for _ in range(ATTEMPTS):
        no = await _next_number(runtime, f"opinion-{year_be(bangkok_date(now))}-")
        data = OpinionCase(no=no, subject=form.subject, text=form.text, agencies=agencies, due=due)
        try:
            await actions.start_case(
                runtime, "opinion-collection", data, case_id=f"opinion-{no}", title=f"ความเห็นที่ {no} {form.subject}",
                units=agencies, actor=actor,
            )  # fmt: skip
        except CaseExists:
            continue
        return f"opinion-{no}"
    raise CaseExists(case=f"opinion-{no}")


async def order_printout(runtime: Runtime, form: PrintoutOrder, *, agency: UnitId, actor: Actor) -> CaseId:
    """Order the print-out of an agency for a meeting: ready one working day before, at 16.00 [DEFAULT]."""
    await runtime.refresh()
    office, calendar, unit = runtime.policy.office, runtime.calendar, runtime.directory.unit(agency)
    due_day = calendar.add_working_days(form.meeting_on, -office.printout_days_before)
    data = PrintoutCase(
        agency=agency, meeting_at=bangkok_moment(form.meeting_on, MEETING_AT),
        prepare_at=bangkok_moment(due_day, time(9, 0)), due=bangkok_moment(due_day, office.printout_at),
    )  # fmt: skip
    case_id = f"printout-{form.meeting_on.isoformat()}-{agency}"
    title = f"เอกสารประกอบการประชุมผู้บริหาร {thai_date(form.meeting_on)} ({unit.short})"
    planning = runtime.directory.planning_unit_of(agency)
    await actions.start_case(
        runtime, "meeting-printout", data, case_id=case_id, title=title, units=(agency, planning.id), actor=actor
    )
    return case_id
