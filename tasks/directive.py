"""Steps of the directive lifecycle."""

from __future__ import annotations

from engine.errors import Overtaken
from engine.links import INVITATION_LIFETIME, INVITATION_PREFIX
from engine.process import process_named
from engine.step import Step, step_task
from ledger import cases, documents, organisations, reading, waits
from ledger.errors import OfficerExists
from ledger.work import Work
from schemas.actor import system
from schemas.base import CaseId, UnitId
from schemas.directive import Directive, DirectiveCase, UserRequest
from schemas.mail import InvitationMail
from schemas.organisation import Duty, Officer, Unit
from schemas.weekly import DirectiveJoins, OpenDirective

FLOW = system("flow")
REPORTING = "reporting"
"""Phase of a directive that is in the register: it is reported every week."""


@step_task("นำข้อสั่งการเข้าทะเบียนรายงานประจำสัปดาห์")
async def begin_reporting(step: Step, directive: OpenDirective) -> CaseId | None:
    """Enter the directive in the register and tell the open week, if there is one (R0.5). Returns that week."""
    async with step.runtime.ledger.read() as connection:
        week = await reading.latest_case(connection, process="weekly-cycle", state="open")

    async def enter(work: Work) -> None:
        # The week opens the next one under its own lock: of two, the later one finds the directive in the register.
        if await reading.latest_case(work.connection, process="weekly-cycle", state="open") != week:
            raise Overtaken(f"«{week}» is not the open week any more")
        units = (directive.agency, directive.planning_unit, directive.division)
        facts = directive.model_dump(mode="json")
        await cases.note_phase(work, step.case_id, actor=FLOW, phase=REPORTING, facts=facts, units=units)
        if week is not None:
            said = DirectiveJoins(directive=directive).model_dump(mode="json")
            await waits.deliver_message(
                work, week, name=DirectiveJoins.__name__, payload=said, sender=step.case_id, actor=FLOW
            )

    if week is not None:
        step.lock(week)
    step.then(enter)
    return week


@step_task("ปิดทะเบียน: ข้อสั่งการแล้วเสร็จ")
async def close_register(step: Step) -> None:
    """The directive leaves the register; it is never asked for again (R0.3)."""

    async def leave(work: Work) -> None:
        await cases.note_phase(work, step.case_id, actor=FLOW, phase="closed")

    step.then(leave)


@step_task("ส่งต่อข้อสั่งการให้ส่วนราชการอื่น")
async def open_successor(step: Step, data: DirectiveCase) -> CaseId:
    """Open the directive's case in another agency. Returns that case.

    An agency at which the directive is open already keeps its case; one that has given it away before gets a new one.
    The papers that came with the directive go along.
    """
    directory = step.runtime.directory
    agency, planning = directory.unit(data.agency), directory.planning_unit_of(data.agency)
    first = directive_case_id(data.directive, agency.id)
    candidates = [first, *(f"{first}.{n}" for n in range(2, 100))]
    async with step.runtime.ledger.read() as connection:
        known = await reading.cases_named(connection, candidates)
    successor = next(c for c in candidates if c not in known or known[c].state == cases.OPEN)
    new = step.runtime.new_case(
        process_named("directive-lifecycle"), data, case_id=successor,
        title=directive_title(data.directive, agency), units=(agency.id, planning.id),
    )  # fmt: skip

    async def open_it(work: Work) -> None:
        if await cases.open_case(work, new, actor=FLOW):
            await documents.enclose(work, [successor], data.directive.attachments, actor=FLOW)

    if successor not in known:
        step.then(open_it)
    return successor


def directive_case_id(directive: Directive, agency: UnitId) -> CaseId:
    """One case for each directive and agency (P1)."""
    return f"directive-{directive.no}-{agency}"


def directive_title(directive: Directive, agency: Unit) -> str:
    """«ข้อสั่งการที่ 2561-0007 … (สกธ.)»."""
    return f"ข้อสั่งการที่ {directive.no} {directive.title} ({agency.short})"


@step_task("สร้างผู้ใช้งานใหม่")
async def create_user(step: Step, request: UserRequest) -> None:
    """Add the officer to the organisation and send the invitation to choose a password (S0 line 33).

    Who has an account in the unit under this address already keeps it: the work may have been assigned a second time.
    """

    async def add(work: Work) -> None:
        standing = await organisations.latest(work.connection)
        known = standing.organisation.officers if standing else ()
        if any((o.unit, o.email, o.active) == (request.unit, request.email, True) for o in known):
            return
        officer = await _added(work, request, reason=f"คำขอ User เพิ่ม {step.case_id}")
        unit = step.runtime.directory.unit(request.unit).th
        message = InvitationMail(
            name=officer.name, unit=unit, account=officer.id, expires=work.now + INVITATION_LIFETIME,
            link=INVITATION_PREFIX + officer.id,
        )  # fmt: skip
        step.runtime.post.send(work, step.case_id, [officer], f"invitation:{step.case_id}:{step.key}", message)

    step.then(add)


async def _added(work: Work, request: UserRequest, *, reason: str) -> Officer:
    """The officer under the first account of the unit that nobody ever had; another case may take one meanwhile."""
    for number in range(1, 10_000):
        officer = Officer(
            id=f"{request.unit}.{number}", unit=request.unit, name=request.name, position=request.position,
            email=request.email, phone=request.phone, duties=frozenset({Duty.OFFICER}),
        )  # fmt: skip
        try:
            await organisations.add_officer(work, officer, actor=FLOW, reason=reason)
        except OfficerExists:
            continue
        return officer
    raise OfficerExists(officer=f"{request.unit}.*")
