"""P1: the life of a minister's directive in one agency (requirements P1; source S0, lines 13 to 17 and 30 to 33)."""

from __future__ import annotations

from typing import Any

from engine.case import Case
from engine.process import process
from engine.waits import Lane
from flows.wording import facts_of, thai_list
from schemas.base import UnitId
from schemas.directive import (
    Acceptance,
    AcceptanceDecision,
    Assignment,
    DirectiveCase,
    DirectiveCompleted,
    DirectiveOutcome,
    Receipt,
    ReceiptDecision,
    ReportingMode,
    Reroute,
    RerouteDecision,
    UserGrant,
    UserGrantDecision,
    UserRequest,
)
from schemas.form import FormContext
from schemas.office import Office
from schemas.organisation import Duty
from schemas.weekly import OpenDirective
from tasks.directive import begin_reporting, close_register, create_user, open_successor
from tasks.office import look_up_office


def is_done(outcome: DirectiveOutcome) -> bool:
    """It was carried out, and neither withdrawn nor given to another agency."""
    return outcome.ending == "completed"


@process("directive-lifecycle", title_th="วงจรข้อสั่งการ", data=DirectiveCase, result=DirectiveOutcome, reopens=is_done)
async def directive_lifecycle(case: Case[DirectiveCase]) -> DirectiveOutcome:
    """Acknowledge or reroute, assign, accept; then report every week until the final report is accepted."""
    office = await case.step("look_up", look_up_office, case.data.agency, case.data.directive.urgency)

    if (outcome := await acknowledged_or_rerouted(case, office)) is not None:
        return outcome
    lead, mode = await assigned_and_accepted(case, office)

    while True:
        await case.step("begin_reporting", begin_reporting, in_the_register(case, office, lead, mode))
        completed = await case.receive("completion", DirectiveCompleted, waiting_th="รอรายงานประจำสัปดาห์จนแล้วเสร็จ")
        await case.step("close_register", close_register)
        # Goes on only if the secretariat reopens the directive (R0.3, audited exception).
        await case.close(DirectiveOutcome(ending="completed", completed_on=completed.completed_on))


async def acknowledged_or_rerouted(case: Case[DirectiveCase], office: Office) -> DirectiveOutcome | None:
    """Step 3: the planning unit acknowledges; or says «not ours», and the secretariat decides."""
    note = ""
    while True:
        receipt = await case.hand_off(
            "receive", to=office.planning_unit, form=Receipt, due=office.acknowledge,
            urgency=case.data.directive.urgency, asked_by=office.secretariat_th,
            context=about(case, note=note),
        )  # fmt: skip
        if receipt.decision is ReceiptDecision.ACCEPT:
            return None
        reroute = await case.hand_off(
            "reroute", to=office.secretariat, form=Reroute, due=office.step, asked_by=office.planning_unit_th,
            context=about(
                case,
                note=f"{office.agency_th} แจ้งว่าไม่ใช่ภารกิจของหน่วยงาน: {receipt.reason}",
                choices={"agencies": tuple(choice for choice in office.agencies if choice[0] != office.agency)},
            ),
        )  # fmt: skip
        if reroute.decision is RerouteDecision.WITHDRAW:
            return DirectiveOutcome(ending="withdrawn")
        if reroute.decision is RerouteDecision.REROUTE and reroute.agency is not None:
            # The directive goes on in a case of the other agency; this one ends.
            data = case.data.replace(agency=reroute.agency, rerouted_from=case.id)
            successor = await case.step("start_rerouted", open_successor, data)
            return DirectiveOutcome(ending="rerouted", rerouted_to=successor)
        note = f"{office.secretariat_th} ยืนยันมอบหมาย: {reroute.reason}"


async def assigned_and_accepted(case: Case[DirectiveCase], office: Office) -> tuple[UnitId, ReportingMode]:
    """Steps 4 to 6: divisions are assigned and accept; a division that returns the work sends it back to step 4."""
    note, unstaffed = "", list(office.unstaffed)
    while True:
        assignment = await case.hand_off(
            "assign", to=office.planning_unit, form=Assignment, due=office.step, asked_by=office.secretariat_th,
            urgency=case.data.directive.urgency,
            context=about(
                case, note=note, choices={"divisions": office.divisions},
                limits={"unstaffed": unstaffed} if unstaffed else {},
            ),
        )  # fmt: skip
        mode = await granted_mode(case, office, assignment)
        if assignment.extra_user_email is not None and mode is ReportingMode.DIVISION_KEYS:
            unstaffed = [unit for unit in unstaffed if unit != assignment.lead]
        answers = await case.all_of(
            "accept_all",
            {
                division: case.hand_off(
                    "accept", of=division, to=division, form=Acceptance, due=office.step,
                    asked_by=office.planning_unit_th, urgency=case.data.directive.urgency,
                    context=about(case, note=assignment.note),
                )
                for division in assignment.divisions
            },
        )  # fmt: skip
        returned = {unit: a.reason for unit, a in answers.items() if a.decision is AcceptanceDecision.RETURN}
        if not returned:
            return assignment.lead, mode
        names = dict(office.divisions)
        note = "ส่งคืนโดย " + thai_list(f"{names[unit]} ({reason})" for unit, reason in returned.items())


async def granted_mode(case: Case[DirectiveCase], office: Office, assignment: Assignment) -> ReportingMode:
    """Step 5: an extra user for the lead division; refused, the planning unit keys the reports in (S0 line 33)."""
    wanted = assignment.extra_user_email
    if wanted is None or assignment.mode is not ReportingMode.DIVISION_KEYS or office.administration is None:
        return assignment.mode
    request = UserRequest(
        name=assignment.extra_user_name, position=assignment.extra_user_position, unit=assignment.lead,
        email=wanted, phone=assignment.extra_user_phone,
    )  # fmt: skip
    grant = await case.hand_off(
        "grant_user", to=administrators(office.administration), form=UserGrant, due=office.step,
        asked_by=office.planning_unit_th,
        context=FormContext(
            facts=(
                ("ชื่อ–สกุล", request.name), ("ตำแหน่ง", request.position),
                ("หน่วยงาน", dict(office.divisions)[assignment.lead]), ("อีเมล", request.email),
                ("โทรศัพท์", request.phone),
            )
        ),
    )  # fmt: skip
    if grant.decision is UserGrantDecision.REFUSE:
        return ReportingMode.PLANNING_KEYS
    await case.step("create_user", create_user, request)
    return ReportingMode.DIVISION_KEYS


def about(case: Case[DirectiveCase], **more: Any) -> FormContext:
    """What whoever acts on the directive has before them: what it says, and the papers that came with it."""
    return FormContext(facts=facts_of(case.data.directive), files=case.data.directive.attachments, **more)


def administrators(unit: UnitId) -> Lane:
    return Lane(unit=unit, duty=Duty.ADMINISTRATOR)


def in_the_register(case: Case[DirectiveCase], office: Office, lead: UnitId, mode: ReportingMode) -> OpenDirective:
    """The directive as one line of the weekly register."""
    directive = case.data.directive
    return OpenDirective(
        case=case.id, no=directive.no, title=directive.title, agency=office.agency,
        planning_unit=office.planning_unit, division=lead,
        responsible_th=f"{office.agency_th} / {dict(office.divisions)[lead]}", mode=mode,
        ordered_on=directive.ordered_on, ordered_by=directive.ordered_by, source_meeting=directive.source_meeting,
        urgency=directive.urgency, nature=directive.nature,
    )  # fmt: skip
