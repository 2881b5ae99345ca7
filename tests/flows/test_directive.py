"""The directive's life in an agency (P1): received or sent on, assigned, accepted, reported, ended, taken up again."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime

import pytest

from engine import actions
from flows import starting
from ledger.errors import CaseIsClosed, CaseStaysClosed, HandOffIsWithdrawn
from ledger.work import Ledger
from rules.errors import NotAdmitted
from rules.organisation_file import load_organisation
from schemas.directive import URGENCY_TH, Registration, Urgency
from schemas.mail import InvitationMail
from schemas.organisation import Duty, Officer
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.conftest import SAMPLE, staged
from tests.flows.people import (
    SIX,
    TWO,
    accepted,
    at,
    case_of,
    do,
    frozen,
    mails_of,
    messages_of,
    open_work,
    pass_to,
    register,
    settle,
    week_open,
    work_about,
)

NOT_OURS = {"decision": "not_ours", "reason": "เป็นภารกิจของสำนักงานกิจการยุติธรรม"}
ANOTHER_USER = {
    "divisions": ["dept-div-a"], "lead": "dept-div-a", "mode": "division_keys", "extra_user_name": "นางสาวตัวอย่าง ขยัน",
    "extra_user_position": "นักวิเคราะห์นโยบายและแผน", "extra_user_email": "new.user@moj.example",
    "extra_user_phone": "0 2141 5100",
}  # fmt: skip


# --- received ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("urgency", "registered", "due"),
    [
        (Urgency.MOST_URGENT, at("2018-02-12"), at("2018-02-12", "13:00")),
        (Urgency.MOST_URGENT, at("2018-02-16", "14:30"), at("2018-02-19", "10:30")),  # Friday; two hours on Monday
        (Urgency.VERY_URGENT, at("2018-02-12"), at("2018-02-13", "16:30")),
        (Urgency.URGENT, at("2018-02-12"), at("2018-02-14", "16:30")),
        (Urgency.NORMAL, at("2018-02-12"), at("2018-02-15", "16:30")),
        (Urgency.NORMAL, at("2018-02-27"), at("2018-03-05", "16:30")),  # Makha Bucha, 1 March, and a weekend between
    ],
)
async def test_the_urgency_decides_when_the_directive_must_be_acknowledged(
    ministry: Stage, clock: ClockThatIsSet, urgency: Urgency, registered: datetime, due: datetime
) -> None:
    clock.moment = registered
    (case,) = await register(ministry, urgency=urgency)
    asked = await open_work(ministry, case, "receive")
    assert (asked.unit, asked.urgency, asked.due_at) == ("dept-plan", urgency, due)
    assert ("ชั้นความเร็ว", URGENCY_TH[urgency]) in asked.context.facts


async def test_each_agency_has_a_case_of_its_own_under_one_number(ministry: Stage, monday: ClockThatIsSet) -> None:
    cases = await register(ministry, "dept", "oja")
    assert cases == ("directive-2561-0001-dept", "directive-2561-0001-oja")
    assert await register(ministry, "dept") == ("directive-2561-0002-dept",)
    assert [mail.officer for mail in await mails_of(ministry, cases[0], "task")] == ["dept-plan.1", "dept-plan.2"]
    assert [mail.officer for mail in await mails_of(ministry, cases[1], "task")] == ["oja-plan.1", "oja-plan.2"]


async def test_officers_who_register_at_the_same_moment_get_different_numbers(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    agencies = ("dept", "oja", "dept2", "dept3")
    made = await asyncio.gather(*(register_only(ministry, agency) for agency in agencies))
    await settle(ministry)
    assert sorted(case.split("-")[2] for case in made) == ["0001", "0002", "0003", "0004"]


async def register_only(stage: Stage, agency: str) -> str:
    """Register without waiting for the runs, as the portal does."""
    form = Registration(
        title=f"เรื่องของ {agency}", text="ให้ดำเนินการ", ordered_by="รัฐมนตรี", ordered_on="2018-02-06", agencies=(agency,)
    )
    (case,) = await starting.register_directive(stage.runtime, form, actor=ACTOR)
    return case


# --- not ours ----------------------------------------------------------------------------------------------


async def test_a_directive_for_another_agency_goes_on_there(ministry: Stage, monday: ClockThatIsSet) -> None:
    (case,) = await register(ministry)
    await do(ministry, case, "receive", NOT_OURS)
    asked = await open_work(ministry, case, "reroute")
    assert asked.unit == "ops-psd"
    assert "เป็นภารกิจของสำนักงานกิจการยุติธรรม" in asked.context.note
    await do(ministry, case, "reroute", {"decision": "reroute", "agency": "oja"})
    ended, successor = await case_of(ministry, case), await case_of(ministry, "directive-2561-0001-oja")
    assert (ended.state, ended.result["ending"], ended.result["rerouted_to"]) == ("completed", "rerouted", successor.id)
    assert (successor.data["rerouted_from"], successor.units) == (case, ("oja", "oja-plan"))
    assert successor.title == "ข้อสั่งการที่ 2561-0001 เร่งรัดคดีค้าง (สกธ.)"
    assert (await open_work(ministry, successor.id, "receive")).unit == "oja-plan"


async def test_an_agency_cannot_be_sent_its_own_directive(ministry: Stage, monday: ClockThatIsSet) -> None:
    (case,) = await register(ministry)
    await do(ministry, case, "receive", NOT_OURS)
    with pytest.raises(NotAdmitted) as refused:
        await do(ministry, case, "reroute", {"decision": "reroute", "agency": "dept"})
    assert [problem.field for problem in refused.value.problems] == ["agency"]


async def test_sent_to_an_agency_that_has_the_directive_already_it_is_not_opened_twice(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    first, second = await register(ministry, "dept", "oja")
    await do(ministry, first, "receive", NOT_OURS)
    await do(ministry, first, "reroute", {"decision": "reroute", "agency": "oja"})
    assert (await case_of(ministry, first)).result["rerouted_to"] == second
    (asked,) = await work_about(ministry, second)
    assert asked.element == "receive"


async def test_a_directive_sent_back_gets_a_new_case_and_the_old_one_stays_closed(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    (case,) = await register(ministry)
    await do(ministry, case, "receive", NOT_OURS)
    await do(ministry, case, "reroute", {"decision": "reroute", "agency": "oja"})
    other = "directive-2561-0001-oja"
    await do(ministry, other, "receive", NOT_OURS)
    await do(ministry, other, "reroute", {"decision": "reroute", "agency": "dept"})
    assert (await case_of(ministry, other)).result["rerouted_to"] == "directive-2561-0001-dept.2"
    assert (await open_work(ministry, "directive-2561-0001-dept.2", "receive")).unit == "dept-plan"
    assert (await case_of(ministry, case)).state == "completed"
    assert await register(ministry, "dept") == ("directive-2561-0002-dept",)


async def test_confirmed_by_the_secretariat_the_agency_is_asked_again_and_told_why(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    (case,) = await register(ministry)
    await do(ministry, case, "receive", NOT_OURS)
    await do(ministry, case, "reroute", {"decision": "confirm", "reason": "กรมเป็นเจ้าของกฎหมาย"})
    again = await open_work(ministry, case, "receive")
    assert (again.key, again.context.note) == ("receive#2", "สำนักนโยบายและยุทธศาสตร์ ยืนยันมอบหมาย: กรมเป็นเจ้าของกฎหมาย")
    await do(ministry, case, "receive", {"decision": "accept"})
    assert (await open_work(ministry, case, "assign")).unit == "dept-plan"


async def test_a_directive_withdrawn_by_the_secretariat_is_never_reported(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await do(ministry, case, "receive", NOT_OURS)
    await do(ministry, case, "reroute", {"decision": "withdraw", "reason": "ซ้ำกับข้อสั่งการเดิม"})
    assert (await case_of(ministry, case)).result["ending"] == "withdrawn"
    await pass_to(ministry, monday, at("2018-02-17"))
    assert (await frozen(ministry, week)).rows == ()


# --- assigned ----------------------------------------------------------------------------------------------


async def test_all_divisions_accept_before_reporting_begins_and_the_lead_reports(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    (case,) = await register(ministry)
    await week_open(ministry)
    await do(ministry, case, "receive", {"decision": "accept"})
    divisions = ["dept-div-a", "dept-div-b", "dept-div-c"]
    note = {"note": "โปรดดำเนินการโดยเร็ว"}
    await do(ministry, case, "assign", {"divisions": divisions, "lead": "dept-div-b", "mode": "division_keys"} | note)
    assert [(h.unit, h.context.note) for h in await work_about(ministry, case)] == [
        (division, "โปรดดำเนินการโดยเร็ว") for division in divisions
    ]
    for division in ("dept-div-c", "dept-div-a"):
        await do(ministry, case, "accept", {"decision": "accept"}, unit=division)
    assert (await case_of(ministry, case)).phase == ""
    await do(ministry, case, "accept", {"decision": "accept"}, unit="dept-div-b")
    assert (await case_of(ministry, case)).phase == "reporting"
    (report,) = await work_about(ministry, case)
    assert (report.element, report.unit, report.case_id) == ("report", "dept-div-b", "week-2018-02-16")


async def test_the_run_is_woken_once_when_the_last_division_has_accepted(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    (case,) = await register(ministry)
    await do(ministry, case, "receive", {"decision": "accept"})
    divisions = ["dept-div-a", "dept-div-b"]
    await do(ministry, case, "assign", {"divisions": divisions, "lead": "dept-div-a", "mode": "division_keys"})
    woken = []
    for division in divisions:
        asked = await open_work(ministry, case, "accept", unit=division)
        await ministry.intake.submit(asked.id, {"decision": "accept"}, officer=f"{division}.1", through="test")
        woken.append(await ministry.wants_run(case))
    assert woken == [False, True]
    await settle(ministry)


async def test_returned_by_a_division_the_planning_unit_assigns_again(ministry: Stage, monday: ClockThatIsSet) -> None:
    (case,) = await register(ministry)
    await do(ministry, case, "receive", {"decision": "accept"})
    both = {"divisions": ["dept-div-a", "dept-div-b"], "lead": "dept-div-a", "mode": "division_keys"}
    await do(ministry, case, "assign", both)
    back = {"decision": "return", "reason": "ไม่ใช่ภารกิจของกอง"}
    await do(ministry, case, "accept", back, unit="dept-div-a")
    await do(ministry, case, "accept", {"decision": "accept"}, unit="dept-div-b")
    again = await open_work(ministry, case, "assign")
    assert again.context.note == "ส่งคืนโดย กอง (ตัวอย่าง ก) (ไม่ใช่ภารกิจของกอง)"
    await do(ministry, case, "assign", {"divisions": ["dept-div-b"], "lead": "dept-div-b", "mode": "planning_keys"})
    await do(ministry, case, "accept", {"decision": "accept"})
    facts = (await case_of(ministry, case)).facts
    assert (facts["division"], facts["mode"]) == ("dept-div-b", "planning_keys")


async def test_a_return_without_a_reason_is_not_accepted(ministry: Stage, monday: ClockThatIsSet) -> None:
    (case,) = await register(ministry)
    await do(ministry, case, "receive", {"decision": "accept"})
    await do(ministry, case, "assign", {"divisions": ["dept-div-a"], "lead": "dept-div-a", "mode": "division_keys"})
    with pytest.raises(NotAdmitted):
        await do(ministry, case, "accept", {"decision": "return"})


@pytest.mark.parametrize(
    ("mode", "report_due", "then"),
    [
        ("division_keys", at("2018-02-16", "16:00"), "check"),
        ("planning_keys", at("2018-02-15", "16:00"), "key_in"),
    ],
)
async def test_the_reporting_mode_says_who_keys_in_and_when_the_division_is_due(
    ministry: Stage, monday: ClockThatIsSet, mode: str, report_due: datetime, then: str
) -> None:
    (case,) = await register(ministry)
    await week_open(ministry)
    await accepted(ministry, case, mode=mode)
    report = await do(ministry, case, "report", {"level": "in_progress", **TWO})
    following = await open_work(ministry, case, then)
    assert (report.unit, report.due_at) == ("dept-div-a", report_due)
    assert (following.unit, following.due_at) == ("dept-plan", at("2018-02-16", "16:00"))


# --- one more user -----------------------------------------------------------------------------------------


async def officers_of(stage: Stage, unit: str) -> dict[str, Officer]:
    await stage.runtime.refresh(at_once=True)
    return {officer.id: officer for officer in stage.runtime.directory.officers_of(unit)}


async def test_a_granted_user_is_in_the_organisation_and_invited_and_can_report(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    (case,) = await register(ministry)
    await week_open(ministry)
    await do(ministry, case, "receive", {"decision": "accept"})
    await do(ministry, case, "assign", ANOTHER_USER)
    asked = await open_work(ministry, case, "grant_user")
    assert (asked.unit, asked.duty) == ("ops-ict", Duty.ADMINISTRATOR)
    assert ("อีเมล", "new.user@moj.example") in asked.context.facts
    await do(ministry, case, "grant_user", {"decision": "grant"})
    made = (await officers_of(ministry, "dept-div-a"))["dept-div-a.2"]
    assert (made.name, made.email, made.duties) == (
        "นางสาวตัวอย่าง ขยัน", "new.user@moj.example", frozenset({Duty.OFFICER}),
    )  # fmt: skip
    (invitation,) = await mails_of(ministry, case, "invitation")
    assert (invitation.officer, invitation.email) == ("dept-div-a.2", "new.user@moj.example")
    (said,) = await messages_of(ministry, case, "invitation")
    assert isinstance(said, InvitationMail)
    link = ministry.runtime.links.absolute(said.link, officer=made.id, issued_at=invitation.queued_at)
    until = ministry.runtime.links.read_invitation(link.rpartition("/")[2], now=invitation.queued_at).expires_at
    assert said.expires == until  # what the mail says of the link is what the link does
    await do(ministry, case, "accept", {"decision": "accept"})
    report = await open_work(ministry, case, "report")
    two = {"level": "in_progress", **TWO}
    await ministry.intake.submit(report.id, two, officer="dept-div-a.2", through="test")
    await settle(ministry)
    assert (await open_work(ministry, case, "check")).unit == "dept-plan"


async def test_a_division_without_a_user_is_assigned_only_with_its_first_one(
    ledger: Ledger, monday: ClockThatIsSet
) -> None:
    organisation = load_organisation(SAMPLE.read_text())
    others = tuple(officer for officer in organisation.officers if officer.unit != "dept-div-a")
    async with staged(ledger, organisation.replace(officers=others)) as ministry:
        (case,) = await register(ministry)
        await do(ministry, case, "receive", {"decision": "accept"})
        alone = {"divisions": ["dept-div-a"], "lead": "dept-div-a", "mode": "division_keys"}
        with pytest.raises(NotAdmitted) as refused:
            await do(ministry, case, "assign", alone)
        assert [problem.field for problem in refused.value.problems] == ["lead"]
        await do(ministry, case, "assign", ANOTHER_USER)
        await do(ministry, case, "grant_user", {"decision": "grant"})
        asked = await open_work(ministry, case, "accept")
        told = [mail.email for mail in await mails_of(ministry, case, "task") if mail.hand_off_id == asked.id]
        assert told == ["new.user@moj.example"]
        await do(ministry, case, "accept", {"decision": "return", "reason": "ไม่ใช่ภารกิจของกอง"})
        assert (await open_work(ministry, case, "assign")).context.limits == {}


async def test_a_refused_user_means_that_the_planning_unit_keys_in(ministry: Stage, monday: ClockThatIsSet) -> None:
    (case,) = await register(ministry)
    before = await officers_of(ministry, "dept-div-a")
    await do(ministry, case, "receive", {"decision": "accept"})
    await do(ministry, case, "assign", ANOTHER_USER)
    await do(ministry, case, "grant_user", {"decision": "refuse", "reason": "กองมีผู้ใช้งานครบแล้ว"})
    await do(ministry, case, "accept", {"decision": "accept"})
    assert (await case_of(ministry, case)).facts["mode"] == "planning_keys"
    assert await officers_of(ministry, "dept-div-a") == before
    assert await mails_of(ministry, case, "invitation") == []


async def test_no_user_is_asked_for_where_the_planning_unit_keys_in(ministry: Stage, monday: ClockThatIsSet) -> None:
    (case,) = await register(ministry)
    await do(ministry, case, "receive", {"decision": "accept"})
    await do(ministry, case, "assign", ANOTHER_USER | {"mode": "planning_keys"})
    assert [h.element for h in await work_about(ministry, case)] == ["accept"]


async def test_assigned_again_the_same_person_gets_no_second_account(ministry: Stage, monday: ClockThatIsSet) -> None:
    (case,) = await register(ministry)
    await do(ministry, case, "receive", {"decision": "accept"})
    for _ in range(2):
        await do(ministry, case, "assign", ANOTHER_USER)
        await do(ministry, case, "grant_user", {"decision": "grant"})
        await do(ministry, case, "accept", {"decision": "return", "reason": "ขอหารือก่อน"})
    assert set(await officers_of(ministry, "dept-div-a")) == {"dept-div-a.1", "dept-div-a.2", "dept-div-a.head"}
    assert len(await mails_of(ministry, case, "invitation")) == 1


async def test_two_users_granted_at_the_same_moment_get_an_account_each(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    cases = [(await register(ministry))[0] for _ in range(2)]
    granted = []
    for number, case in enumerate(cases):
        await do(ministry, case, "receive", {"decision": "accept"})
        await do(ministry, case, "assign", ANOTHER_USER | {"extra_user_email": f"new{number}@moj.example"})
        granted.append(await open_work(ministry, case, "grant_user"))
    for asked in granted:
        await ministry.intake.submit(asked.id, {"decision": "grant"}, officer="ops-ict.admin", through="test")
    await settle(ministry)  # without a pause in which the organisation in memory would be read anew
    made = await officers_of(ministry, "dept-div-a")
    assert [made[f"dept-div-a.{n}"].email for n in (2, 3)] == ["new0@moj.example", "new1@moj.example"]


# --- ended and taken up again ------------------------------------------------------------------------------


@pytest.mark.parametrize(("successor", "state"), [(None, "cancelled"), ("directive-2561-0009-dept", "superseded")])
async def test_an_ended_directive_leaves_no_work_and_its_holders_are_told(
    ministry: Stage, monday: ClockThatIsSet, successor: str | None, state: str
) -> None:
    (case,) = await register(ministry)
    asked = await open_work(ministry, case, "receive")
    reason = "รัฐมนตรีมีข้อสั่งการใหม่"
    await actions.cancel_case(ministry.runtime, case, reason=reason, actor=ACTOR, superseded_by=successor)
    await settle(ministry)
    assert (await case_of(ministry, case)).state == state
    assert await work_about(ministry, case) == []
    assert [mail.officer for mail in await mails_of(ministry, case, "withdrawn")] == ["dept-plan.1", "dept-plan.2"]
    with pytest.raises(HandOffIsWithdrawn) as refused:
        await ministry.intake.submit(asked.id, {"decision": "accept"}, officer="dept-plan.1", through="test")
    assert reason in str(refused.value)
    with pytest.raises(CaseIsClosed):
        await actions.cancel_case(ministry.runtime, case, reason=reason, actor=ACTOR)


async def completed(stage: Stage, clock: ClockThatIsSet) -> str:
    """A directive that was completed in the week of 12 February 2561."""
    (case,) = await register(stage)
    await week_open(stage)
    await accepted(stage, case)
    await do(stage, case, "report", {"level": "completed", **SIX, "completed_on": "2018-02-12"})
    await do(stage, case, "check", {"decision": "approve"})
    await pass_to(stage, clock, at("2018-02-19", "10:00"))
    assert (await case_of(stage, case)).state == "completed"
    return case


async def test_reopened_by_the_secretariat_it_is_reported_again_until_it_is_completed_again(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    case = await completed(ministry, monday)
    await actions.reopen_case(ministry.runtime, case, reason="ผลการดำเนินงานไม่ครบถ้วน", actor=ACTOR)
    await settle(ministry)
    assert (await case_of(ministry, case)).state == "open"
    report = await open_work(ministry, case, "report")
    assert (report.case_id, report.unit) == ("week-2018-02-23", "dept-div-a")
    await do(ministry, case, "report", {"level": "completed", **SIX, "completed_on": "2018-02-19"})
    await do(ministry, case, "check", {"decision": "approve"})
    await pass_to(ministry, monday, at("2018-03-03"))
    again = await case_of(ministry, case)
    assert (again.state, again.result["completed_on"]) == ("completed", "2018-02-19")
    assert (await frozen(ministry, "week-2018-03-02")).rows == ()
    kinds = Counter(await ministry.kinds(case))
    assert (kinds["case:close"], kinds["case:reopen"]) == (2, 1)


async def test_a_completed_directive_is_not_asked_for_in_the_weeks_after(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    case = await completed(ministry, monday)
    assert await work_about(ministry, case) == []
    await pass_to(ministry, monday, at("2018-03-10"))
    for friday in ("2018-02-23", "2018-03-02", "2018-03-09"):
        assert (await frozen(ministry, f"week-{friday}")).rows == ()


# --- mail --------------------------------------------------------------------------------------------------


async def test_open_work_is_reminded_of_four_times_at_most_and_one_digest_goes_to_the_supervisor(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    (case,) = await register(ministry)
    await pass_to(ministry, monday, at("2018-03-15"))
    reminders = await mails_of(ministry, case, "reminder")
    assert [mail.queued_at for mail in reminders if mail.officer == "dept-plan.1"] == [
        at("2018-02-14"), at("2018-02-15"), at("2018-02-16"), at("2018-02-19"),
    ]  # fmt: skip
    assert {mail.officer for mail in reminders} == {"dept-plan.1", "dept-plan.2"}
    (digest,) = await mails_of(ministry, case, "digest")
    assert (digest.officer, digest.queued_at) == ("dept-plan.head", at("2018-02-16"))


async def test_several_late_pieces_of_work_make_one_reminder_and_one_digest_a_person(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    cases = [(await register(ministry, title=f"เรื่องที่ {n}"))[0] for n in range(3)]
    await pass_to(ministry, monday, at("2018-02-16", "12:00"))
    sent = [
        mail for case in cases for folder in ("open_work", "digest") for mail in await mails_of(ministry, case, folder)
    ]
    assert Counter((mail.folder, mail.officer) for mail in sent) == {
        ("open_work", "dept-plan.1"): 3, ("open_work", "dept-plan.2"): 3, ("digest", "dept-plan.head"): 1,
    }  # fmt: skip
    assert [mail for case in cases for mail in await mails_of(ministry, case, "reminder")] == []


async def test_work_that_is_done_is_not_reminded_of(ministry: Stage, monday: ClockThatIsSet) -> None:
    (case,) = await register(ministry)
    await pass_to(ministry, monday, at("2018-02-14", "12:00"))
    await accepted(ministry, case)
    before = len(await mails_of(ministry, case, "reminder"))
    await pass_to(ministry, monday, at("2018-03-15"))
    assert len(await mails_of(ministry, case, "reminder")) == before == 2
    assert await mails_of(ministry, case, "digest") == []


@pytest.mark.parametrize("decision", ["withdraw", "reroute"])
async def test_a_directive_that_was_not_carried_out_is_not_reopened(
    ministry: Stage, monday: ClockThatIsSet, decision: str
) -> None:
    (case,) = await register(ministry)
    await do(ministry, case, "receive", NOT_OURS)
    (asked,) = [h for h in await work_about(ministry, case) if h.key == "reroute"]
    agency = asked.context.choices["agencies"][0][0] if decision == "reroute" else None
    await do(ministry, case, "reroute", {"decision": decision, "reason": "ถอนเรื่อง", "agency": agency})
    assert (await case_of(ministry, case)).state == "completed"
    with pytest.raises(CaseStaysClosed):
        await actions.reopen_case(ministry.runtime, case, reason="เปิดใหม่", actor=ACTOR)
    assert (await case_of(ministry, case)).state == "completed"
