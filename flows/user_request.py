"""A unit asks for a further user: its head endorses, the administrator grants (S0 line 33)."""

from __future__ import annotations

from engine.case import Case
from engine.process import process
from engine.waits import Lane
from schemas.deadline import WorkingDays
from schemas.directive import UserGrant, UserGrantDecision
from schemas.form import Facts, FormContext
from schemas.organisation import Duty
from schemas.user_request import (
    EndorsementDecision,
    UserRequestCase,
    UserRequestEndorsement,
    UserRequestOffice,
    UserRequestOutcome,
)
from tasks.directive import create_user
from tasks.user_request import look_up_unit, print_request, tell_unit

STEP = WorkingDays(days=2)
"""For the head as for the administrator; S0 gives no time [DEFAULT]."""


@process("user-request", title_th="คำขอ User เพิ่ม", data=UserRequestCase, result=UserRequestOutcome)
async def user_request(case: Case[UserRequestCase]) -> UserRequestOutcome:
    """Endorsed and granted, the account is made and its holder invited; the unit is told either way."""
    office = await case.step("look_up", look_up_unit, case.data)
    outcome = await decided(case, office)
    if outcome.granted:
        await case.step("create_user", create_user, case.data.request)
    papers = await case.step("print_request", print_request, case.data, office, outcome)
    await case.step("tell_unit", tell_unit, case.data, outcome)
    return outcome.replace(papers=papers)


async def decided(case: Case[UserRequestCase], office: UserRequestOffice) -> UserRequestOutcome:
    context = FormContext(facts=facts(case.data, office))
    endorsement = await case.hand_off(
        "endorse", to=Lane(unit=case.data.request.unit, duty=Duty.HEAD), form=UserRequestEndorsement, due=STEP,
        asked_by=case.data.request.unit, context=context,
    )  # fmt: skip
    if endorsement.decision is EndorsementDecision.DECLINE:
        return UserRequestOutcome(granted=False, reason=endorsement.comment)
    grant = await case.hand_off(
        "grant_user", to=Lane(unit=office.administration, duty=Duty.ADMINISTRATOR), form=UserGrant, due=STEP,
        asked_by=case.data.request.unit, context=context,
    )  # fmt: skip
    return UserRequestOutcome(granted=grant.decision is UserGrantDecision.GRANT, reason=grant.reason)


def facts(asked: UserRequestCase, office: UserRequestOffice) -> Facts:
    who = asked.request
    return (
        ("ชื่อ–สกุล", who.name), ("ตำแหน่ง", who.position), ("หน่วยงาน", office.unit_th), ("อีเมล", who.email),
        ("โทรศัพท์", who.phone), ("เหตุผลความจำเป็น", asked.reason),
    )  # fmt: skip
