"""Steps of the directive lifecycle."""

from __future__ import annotations

from engine.step import Step, step_task
from ledger import cases, organisations, reading, waits
from ledger.work import Work
from schemas.actor import system
from schemas.base import CaseId
from schemas.directive import UserRequest
from schemas.mail import InvitationMail
from schemas.organisation import Duty, Officer
from schemas.weekly import DirectiveJoins, OpenDirective

FLOW = system("flow")


@step_task("นำข้อสั่งการเข้าทะเบียนรายงานประจำสัปดาห์")
async def begin_reporting(step: Step, directive: OpenDirective) -> CaseId | None:
    """Enter the directive in the register and tell the open week, if there is one (R0.5). Returns that week."""
    async with step.runtime.ledger.read() as connection:
        week = await reading.latest_case(connection, process="weekly-cycle", state="open")

    async def enter(work: Work) -> None:
        units = (directive.agency, directive.planning_unit, directive.division)
        facts = directive.model_dump(mode="json")
        await cases.note_phase(work, step.case_id, actor=FLOW, phase="reporting", facts=facts, units=units)
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


@step_task("สร้างผู้ใช้งานใหม่")
async def create_user(step: Step, request: UserRequest) -> str:
    """Add the officer to the organisation and send the invitation to choose a password. Returns the account."""
    taken = {officer.id for officer in step.runtime.directory.organisation.officers}
    account = next(name for n in range(1, 10_000) if (name := f"{request.unit}.{n}") not in taken)
    officer = Officer(
        id=account, unit=request.unit, name=request.name, position=request.position, email=request.email,
        phone=request.phone, duties=frozenset({Duty.OFFICER}),
    )  # fmt: skip

    async def add(work: Work) -> None:
        await organisations.add_officer(work, officer, actor=FLOW, reason=f"คำขอ User เพิ่ม {step.case_id}")
        unit = step.runtime.directory.unit(request.unit).th
        message = InvitationMail(name=officer.name, unit=unit, account=account, link=f"/invitations/{account}")
        step.runtime.post.send(work, step.case_id, [officer], f"invitation:{account}", message)

    step.then(add)
    return account
