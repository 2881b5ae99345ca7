"""Steps of a request for a further user."""

from __future__ import annotations

import asyncio

from engine.step import Step, step_task
from ledger.work import Work
from reports.directive import user_request_pdf
from rules.errors import NoAdministrator, NoPlanningUnit
from rules.notices import user_request_settled
from schemas.attachment import AttachedFile
from schemas.directive import UserGrant, UserGrantDecision
from schemas.organisation import Duty
from schemas.user_request import UserRequestCase, UserRequestOffice, UserRequestOutcome
from tasks.letterhead import house_style
from tasks.papers import PDF, Paper, bind


@step_task("ตรวจสอบหน่วยงานและผู้ดูแลระบบ")
async def look_up_unit(step: Step, asked: UserRequestCase) -> UserRequestOffice:
    """:raises UnknownUnit, NoAdministrator: nobody could grant it; the run stops and says so."""
    directory = step.runtime.directory
    unit = directory.unit(asked.request.unit)
    agency = directory.agency_of(unit.id)
    try:
        planning = directory.planning_unit_of(agency.id).th if agency else unit.th
    except NoPlanningUnit:
        planning = unit.th
    administrators = directory.officers_with(Duty.ADMINISTRATOR)
    if not administrators:
        raise NoAdministrator(ministry=directory.organisation.ministry)
    return UserRequestOffice(unit_th=unit.th, planning_unit_th=planning, administration=administrators[0].unit)


@step_task("จัดพิมพ์แบบคำขอ User เพิ่ม")
async def print_request(
    step: Step, asked: UserRequestCase, office: UserRequestOffice, outcome: UserRequestOutcome
) -> tuple[AttachedFile, ...]:
    """The form with its decision, kept with the case (S0 line 33)."""
    decision = UserGrantDecision.GRANT if outcome.granted else UserGrantDecision.REFUSE
    pdf = await asyncio.to_thread(
        user_request_pdf, asked.request, unit_th=office.unit_th, planning_unit_th=office.planning_unit_th,
        requested_at=step.now, reason=asked.reason, grant=UserGrant(decision=decision, reason=outcome.reason),
        **house_style(step.runtime),
    )  # fmt: skip
    return bind(step, [Paper("แบบคำขอ-User-เพิ่ม.pdf", PDF, pdf)])


@step_task("แจ้งผลคำขอให้หน่วยงานทราบ")
async def tell_unit(step: Step, asked: UserRequestCase, outcome: UserRequestOutcome) -> None:
    """Officers of the unit read what became of it."""
    post, who = step.runtime.post, asked.request
    unit_th = step.runtime.directory.unit(who.unit).th

    async def write(work: Work) -> None:
        notice = user_request_settled(
            who.name, outcome.reason, granted=outcome.granted, unit_th=unit_th, link=f"/cases/{step.case_id}"
        )  # fmt: skip
        post.send(work, step.case_id, post.holders(who.unit, Duty.OFFICER), f"user-request:{step.case_id}", notice)

    step.then(write)
