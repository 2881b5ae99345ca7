"""A unit asks for a further user (S0 line 33): endorsed by its head, granted by the administrator, or not."""

from __future__ import annotations

from typing import Any

import pytest

from flows import starting
from ledger import accounts, organisations
from schemas.organisation import Duty, Officer
from schemas.user_request import UserRequestOrder
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.people import at, case_of, do, mails_of, open_work, papers_of, settle
from tests.reports import pdf

ORDER = UserRequestOrder(
    name="นางสาวสมศรี ใจดี", position="นักวิเคราะห์นโยบายและแผน", email="somsri@dept.example", phone="0 2141 1234",
    reason="แทนเจ้าหน้าที่ที่ย้าย",
)  # fmt: skip
UNIT = "dept-div-a"


async def asked_for(stage: Stage) -> str:
    case = await starting.request_user(stage.runtime, ORDER, unit=UNIT, actor=ACTOR)
    await settle(stage)
    return case


async def users(stage: Stage) -> list[str]:
    await stage.runtime.refresh(at_once=True)
    return [o.id for o in stage.runtime.directory.organisation.officers if o.email == ORDER.email]


async def test_endorsed_and_granted_the_account_is_made_and_its_holder_invited(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    case = await asked_for(ministry)
    endorse = await open_work(ministry, case, "endorse")
    assert (endorse.unit, endorse.duty, endorse.due_at) == (UNIT, Duty.HEAD, at("2018-02-14", "16:30"))
    assert ("เหตุผลความจำเป็น", ORDER.reason) in endorse.context.facts
    await do(ministry, case, "endorse", {"decision": "endorse"})
    grant = await open_work(ministry, case, "grant_user")
    assert (grant.unit, grant.duty) == ("ops-ict", Duty.ADMINISTRATOR)
    assert await users(ministry) == []
    await do(ministry, case, "grant_user", {"decision": "grant"})
    (account,) = await users(ministry)
    assert account.startswith(f"{UNIT}.")
    ended = await case_of(ministry, case)
    assert (ended.state, ended.result["granted"]) == ("completed", True)
    assert [m.officer for m in await mails_of(ministry, case, "invitation")] == [account]
    text = pdf.text((await papers_of(ministry, case))["แบบคำขอ-User-เพิ่ม.pdf"])
    assert "somsri@dept.example" in text
    assert "021411234" in text


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([("endorse", {"decision": "decline", "comment": "มีผู้ใช้พอแล้ว"})], "มีผู้ใช้พอแล้ว"),
        (
            [("endorse", {"decision": "endorse"}), ("grant_user", {"decision": "refuse", "reason": "เกินโควตา"})],
            "เกินโควตา",
        ),
    ],
)
async def test_declined_or_refused_nobody_gets_an_account_and_the_unit_reads_why(
    ministry: Stage, monday: ClockThatIsSet, answers: list[tuple[str, dict[str, Any]]], reason: str
) -> None:
    case = await asked_for(ministry)
    for element, data in answers:
        await do(ministry, case, element, data)
    ended = await case_of(ministry, case)
    assert (ended.state, ended.result["granted"], ended.result["reason"]) == ("completed", False, reason)
    assert await users(ministry) == []
    assert await mails_of(ministry, case, "invitation") == []
    told = await mails_of(ministry, case, "notice")
    assert {str(m.officer).rpartition(".")[0] for m in told} == {UNIT}


async def test_a_new_user_never_gets_the_account_of_somebody_who_left(ministry: Stage, monday: ClockThatIsSet) -> None:
    """Passwords, sessions and links go by the id: the one who left could have come in as the new one."""
    ledger = ministry.runtime.ledger
    async with ledger.read() as connection:
        first = await organisations.latest(connection)
    assert first is not None
    left = Officer(
        id=f"{UNIT}.2", unit=UNIT, name="ผู้ที่โอนย้ายไป", email="left@moj.example", duties=frozenset({Duty.OFFICER})
    )  # fmt: skip
    for officers in ((*first.organisation.officers, left), first.organisation.officers):
        async with ledger.begin() as work:
            changed = first.organisation.replace(officers=officers)
            await organisations.store(work, changed, first.policy, actor=ACTOR, reason="แฟ้มใหม่")
            await accounts.create_accounts(work, {left.id: "what only the old one knows"})
            await work.commit()
        await ministry.runtime.refresh(at_once=True)
    case = await asked_for(ministry)
    await do(ministry, case, "endorse", {"decision": "endorse"})
    await do(ministry, case, "grant_user", {"decision": "grant"})
    (new,) = await users(ministry)
    assert new == f"{UNIT}.3"
    async with ledger.read() as connection:
        assert await accounts.account(connection, new) is None


async def test_two_who_had_the_same_id_in_turn_are_both_invited(ministry: Stage, monday: ClockThatIsSet) -> None:
    """A file without an officer who was granted in between takes the officer out; the unit asks for another."""
    ledger = ministry.runtime.ledger
    async with ledger.read() as connection:
        first = await organisations.latest(connection)
    assert first is not None
    invited = []
    for _ in range(2):
        case = await asked_for(ministry)
        await do(ministry, case, "endorse", {"decision": "endorse"})
        await do(ministry, case, "grant_user", {"decision": "grant"})
        assert (await case_of(ministry, case)).state == "completed"
        invited += [mail.officer for mail in await mails_of(ministry, case, "invitation")]
        async with ledger.begin() as work:
            await organisations.store(work, first.organisation, first.policy, actor=ACTOR, reason="แฟ้มเดิม")
            await work.commit()
        await ministry.runtime.refresh(at_once=True)
    assert len(set(invited)) == 2
