"""Where one week ends and the next begins: what overtakes what, and days that move. Everything holds in the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.approved import approval_of
from engine import actions, process
from engine.ending import open_work_on
from flows import starting
from ledger import organisations, reading
from ledger.hand_offs import HandOff
from ledger.work import Work
from rules.week import reporting_week, week_label_th
from schemas.directive import Level
from schemas.policy import HolidayOverride, OverrideKind
from schemas.weekly import Timeliness, WeekCase
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.people import (
    SIX,
    TWO,
    accepted,
    at,
    case_of,
    do,
    frozen,
    open_work,
    pass_to,
    register,
    settle,
    subjects_of,
    week_open,
    work_about,
)

NEXT = "week-2018-02-23"
COMPLETED: dict[str, Any] = {"level": "completed", **SIX, "completed_on": "2018-02-12"}


async def holiday(stage: Stage, *days: str) -> None:
    """The cabinet adds holidays; those of before are kept."""
    added = tuple(
        HolidayOverride(on=date.fromisoformat(day), kind=OverrideKind.ADD, name="วันหยุดพิเศษ", source="มติคณะรัฐมนตรี")
        for day in days
    )
    policy = stage.runtime.policy
    async with stage.runtime.ledger.begin() as work:
        grown = policy.replace(holidays=(*policy.holidays, *added))
        await organisations.store(work, stage.runtime.directory.organisation, grown, actor=ACTOR, reason="มติคณะรัฐมนตรี")
        await work.commit()
    await stage.runtime.refresh(at_once=True)


async def hand_in(stage: Stage, subject: str, week: str, data: dict[str, Any]) -> None:
    """The division hands in its report of one of the weeks that ask for it."""
    asked = await open_work(stage, subject, "report", week=week)
    (holder, *_) = stage.runtime.post.holders_of(asked)
    await stage.intake.submit(asked.id, data, officer=holder.id, through="test")
    await settle(stage)


async def standing_round(stage: Stage) -> str:
    """What the worker does once a minute."""
    return await starting.ensure_week_open(stage.runtime, actor=ACTOR)


@pytest.fixture
def weeks_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weeks are opened under the first version of the process and its model."""
    versions = process._REGISTER["weekly-cycle"]
    model = approval_of("weekly-cycle", 1, None).sha256
    monkeypatch.setitem(versions, 1, replace(versions[1], model=model))
    monkeypatch.delitem(versions, 2)


async def completed_at_the_cut_off(stage: Stage, clock: ClockThatIsSet) -> tuple[str, str]:
    """A directive whose report completes it, and its week, at 16.00: nothing has run since."""
    (case,) = await register(stage)
    week = await week_open(stage)
    await accepted(stage, case)
    await do(stage, case, "report", COMPLETED)
    await do(stage, case, "check", {"decision": "approve"})
    await pass_to(stage, clock, at("2018-02-16", "15:59:59"))
    clock.moment = at("2018-02-16", "16:00")
    return case, week


# --- the next week opens ------------------------------------------------------------------------------------


async def test_the_standing_round_at_the_cut_off_leaves_the_next_week_to_the_one_that_ends(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    """It opened the next week beside it, which then asked again for what this one was about to complete."""
    case, week = await completed_at_the_cut_off(ministry, monday)
    assert await standing_round(ministry) == week
    await ministry.sweep()
    await ministry.run(week)
    assert await standing_round(ministry) == NEXT
    await settle(ministry)
    assert (await case_of(ministry, case)).state == "completed"
    await pass_to(ministry, monday, at("2018-02-27"))
    assert [row.level for row in (await frozen(ministry, week)).rows] == [Level.COMPLETED]
    assert (await frozen(ministry, NEXT)).rows == ()


async def test_a_holiday_that_is_declared_in_the_week_opens_no_second_week_beside_it(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    """The open week keeps its Friday, and the next follows it."""
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepted(ministry, case)
    monday.moment = at("2018-02-14")
    await holiday(ministry, "2018-02-16")
    await pass_to(ministry, monday, at("2018-02-15", "16:30"))
    assert await standing_round(ministry) == week
    assert [h.case_id for h in await work_about(ministry, case)] == [week]
    await hand_in(ministry, case, week, COMPLETED)
    await do(ministry, case, "check", {"decision": "approve"})
    await pass_to(ministry, monday, at("2018-02-27"))
    assert [row.level for row in (await frozen(ministry, week)).rows] == [Level.COMPLETED]
    assert (await frozen(ministry, NEXT)).rows == ()


async def test_two_holidays_one_after_the_other_keep_no_report_from_the_minister(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    """The week was opened under the first of them, and again, with other moments, under both."""
    week = await week_open(ministry)
    monday.moment = at("2018-02-14")
    await holiday(ministry, "2018-02-16")
    await pass_to(ministry, monday, at("2018-02-15", "16:30"))
    await standing_round(ministry)
    await settle(ministry)
    await holiday(ministry, "2018-02-23")
    await pass_to(ministry, monday, at("2018-02-20"))
    assert (await case_of(ministry, week)).phase == "delivered"
    assert (await case_of(ministry, NEXT)).data["week"]["cut_off"] == "2018-02-22T09:00:00.000000+00:00"


async def test_a_week_that_was_opened_beside_the_one_before_does_not_go_on_asking_for_what_that_completes(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    """As weeks were opened once: the report is withdrawn when the week before is frozen."""
    case, week = await completed_at_the_cut_off(ministry, monday)
    await opened_beside(ministry, week, "2018-02-23")
    assert [h.case_id for h in await work_about(ministry, case)] == [NEXT]
    await ministry.sweep()
    await settle(ministry)
    assert await work_about(ministry, case) == []
    (told,) = await subjects_of(ministry, NEXT, "withdrawn")
    assert "ข้อสั่งการที่ 2561-0001" in told
    await pass_to(ministry, monday, at("2018-02-27"))
    assert (await frozen(ministry, NEXT)).rows == ()


async def opened_beside(stage: Stage, before: str, friday: str, *, runs: bool = True) -> None:
    """The week of a Friday is opened while the one before still takes reports, and lists the register if it runs."""
    week = reporting_week(
        date.fromisoformat(friday), calendar=stage.runtime.calendar, policy=stage.runtime.policy.weekly
    )
    await actions.start_case(
        stage.runtime, "weekly-cycle", WeekCase(week=week, previous=before), case_id=week.case_id,
        title=f"รายงานข้อสั่งการ {week_label_th(week)}", units=(), actor=ACTOR,
    )  # fmt: skip
    if runs:
        await stage.run(week.case_id)


# --- the late window ----------------------------------------------------------------------------------------


async def test_a_holiday_that_moves_the_next_cut_off_moves_the_end_of_the_late_window(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    """It stayed on the Friday: what came after the real cut-off was accepted, and was in no Monday's report."""
    (case,), (other,) = await register(ministry), await register(ministry, title="ลดความแออัด")
    week = await week_open(ministry)
    for each in (case, other):
        await accepted(ministry, each)
    await pass_to(ministry, monday, at("2018-02-14"))
    await holiday(ministry, "2018-02-23")
    await pass_to(ministry, monday, at("2018-02-20", "10:00"))
    await hand_in(ministry, case, week, {"level": "in_progress", **TWO})
    assert (await open_work(ministry, case, "check")).due_at == at("2018-02-22", "16:00")
    await do(ministry, case, "check", {"decision": "return", "comment": "ขอแผนให้ชัดเจน"})
    assert (await open_work(ministry, case, "report", week=week)).due_at == at("2018-02-22", "16:00")
    await pass_to(ministry, monday, at("2018-02-22", "15:30"))
    await hand_in(ministry, case, week, {"level": "in_progress", **TWO, "plan": "แผนใหม่"})
    await do(ministry, case, "check", {"decision": "approve"})
    await pass_to(ministry, monday, at("2018-02-22", "16:00"))
    assert (await case_of(ministry, week)).state == "completed"
    assert week not in [h.case_id for h in await work_about(ministry, other)]
    (addendum,) = (await frozen(ministry, NEXT)).late_addenda
    assert (addendum.row.directive.case, addendum.row.filed_at) == (case, at("2018-02-22", "15:30"))


async def test_a_report_that_comes_at_the_cut_off_itself_is_checked_by_the_next_one_as_it_was_moved(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    """The run that asks for the check is the one that freezes the week and plans the next."""
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepted(ministry, case)
    await pass_to(ministry, monday, at("2018-02-16", "15:59:59"))
    await holiday(ministry, "2018-02-23")
    monday.moment = at("2018-02-16", "16:00")
    asked = await open_work(ministry, case, "report")
    await ministry.intake.submit(asked.id, {"level": "in_progress", **TWO}, officer="dept-div-a.1", through="test")
    await ministry.sweep()
    await settle(ministry)
    assert (await open_work(ministry, case, "check")).due_at == at("2018-02-22", "16:00")
    await do(ministry, case, "check", {"decision": "approve"})
    await pass_to(ministry, monday, at("2018-02-22", "16:00"))
    assert [row.timeliness for row in (await frozen(ministry, week)).rows] == [Timeliness.MISSING]
    (addendum,) = (await frozen(ministry, NEXT)).late_addenda
    assert addendum.row.timeliness is Timeliness.LATE


@pytest.mark.usefixtures("weeks_of_before")
async def test_a_week_of_before_ends_when_it_was_said_to_end(ministry: Stage, monday: ClockThatIsSet) -> None:
    """Its history goes on as it began, and keeps to the model that it began with."""
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepted(ministry, case)
    await pass_to(ministry, monday, at("2018-02-14"))
    await holiday(ministry, "2018-02-23")
    await pass_to(ministry, monday, at("2018-02-20", "10:00"))
    await hand_in(ministry, case, week, {"level": "in_progress", **TWO})
    assert (await open_work(ministry, case, "check")).due_at == at("2018-02-23", "16:00")
    await pass_to(ministry, monday, at("2018-02-23", "15:59"))
    assert (await case_of(ministry, week)).state == "open"
    await pass_to(ministry, monday, at("2018-02-23", "16:00"))
    assert (await case_of(ministry, week)).state == "completed"


# --- reopened in the same week ------------------------------------------------------------------------------


async def completed_late_and_reopened(stage: Stage, clock: ClockThatIsSet) -> str:
    """A late report completes the directive on Monday; on Tuesday the secretariat reopens it. Returns the directive."""
    (case,) = await register(stage)
    week = await week_open(stage)
    await accepted(stage, case)
    await pass_to(stage, clock, at("2018-02-19", "10:00"))
    await hand_in(stage, case, week, COMPLETED)
    await do(stage, case, "check", {"decision": "approve"})
    assert (await case_of(stage, case)).state == "completed"
    clock.moment = at("2018-02-20")
    await actions.reopen_case(stage.runtime, case, reason="ไม่ครบถ้วน", actor=ACTOR)
    await settle(stage)
    return case


async def test_what_was_completed_late_and_reopened_is_asked_for_in_the_same_week(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    """It had been asked for in that week once, and came into no report of it."""
    case = await completed_late_and_reopened(ministry, monday)
    assert [h.case_id for h in await work_about(ministry, case)] == [NEXT]
    await do(ministry, case, "report", {"level": "in_progress", **TWO})
    await do(ministry, case, "check", {"decision": "approve"})
    await pass_to(ministry, monday, at("2018-02-27"))
    (row,) = (await frozen(ministry, NEXT)).rows
    assert (row.directive.case, row.timeliness, row.reviewed) == (case, Timeliness.ON_TIME, True)


async def test_the_second_report_of_a_week_is_withdrawn_like_the_first(ministry: Stage, monday: ClockThatIsSet) -> None:
    case = await completed_late_and_reopened(ministry, monday)
    await actions.cancel_case(ministry.runtime, case, reason="ซ้ำ", actor=ACTOR)
    await settle(ministry)
    assert await work_about(ministry, case) == []
    await pass_to(ministry, monday, at("2018-02-27"))
    assert (await frozen(ministry, NEXT)).rows == ()


@pytest.mark.usefixtures("weeks_of_before")
async def test_a_week_of_before_asks_once_for_a_directive(ministry: Stage, monday: ClockThatIsSet) -> None:
    case = await completed_late_and_reopened(ministry, monday)
    assert await work_about(ministry, case) == []
    await pass_to(ministry, monday, at("2018-02-27"))
    assert (await frozen(ministry, NEXT)).rows == ()


# --- what overtakes what ------------------------------------------------------------------------------------


async def accepts_without_a_run(stage: Stage, case: str) -> None:
    """The last division accepts; nothing has run since."""
    await do(stage, case, "receive", {"decision": "accept"})
    await do(stage, case, "assign", {"divisions": ["dept-div-a"], "lead": "dept-div-a", "mode": "division_keys"})
    asked = await open_work(stage, case, "accept")
    await stage.intake.submit(asked.id, {"decision": "accept"}, officer="dept-div-a.1", through="test")


async def test_a_directive_that_is_cancelled_before_the_week_has_taken_it_in_is_not_asked_for(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepts_without_a_run(ministry, case)
    await ministry.run(case)  # the week has been told, and has not run
    await actions.cancel_case(ministry.runtime, case, reason="ซ้ำ", actor=ACTOR)
    await settle(ministry)
    assert await work_about(ministry, case) == []
    assert await subjects_of(ministry, week, "withdrawn") == [], "nobody had heard of it"
    await pass_to(ministry, monday, at("2018-02-17"))
    assert (await frozen(ministry, week)).rows == ()


@pytest.mark.parametrize("cancelled", ["before the lock", "under the first look"])
async def test_a_directive_that_is_cancelled_while_the_week_opens_is_not_asked_for(
    ministry: Stage, monday: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch, cancelled: str
) -> None:
    """The week has it on its list. Either the week opens the report first, or the directive is cancelled first."""
    if ministry.runtime.ledger.engine.dialect.name == "sqlite":
        cancelled = "before the lock"  # one writer waits for the other before it looks
    (case,), (other,) = await register(ministry), await register(ministry, title="ลดความแออัด")
    for each in (case, other):
        await accepted(ministry, each)
    perform, look = ministry.performed.perform, open_work_on
    opens = asyncio.Event()

    async def cancel() -> None:
        await actions.cancel_case(ministry.runtime, case, reason="ซ้ำ", actor=ACTOR)

    async def look_and_be_overtaken(work: Work, ended: Collection[str]) -> list[HandOff]:
        monkeypatch.setattr("engine.actions.open_work_on", look)
        found = await look(work, ended)
        opens.set()
        await opened.wait()
        return found

    async def overtaken(do_it: Callable[[], Awaitable[Any]], **about: Any) -> Any:
        if about["element"] == "report" and cancelled == "before the lock":
            await cancel()
        elif about["element"] == "report":
            cancelling = asyncio.create_task(cancel())
            await opens.wait()
            done = await perform(do_it, **about)
            opened.set()
            await cancelling
            return done
        return await perform(do_it, **about)

    opened = asyncio.Event()
    monkeypatch.setattr(ministry.performed, "perform", overtaken)
    if cancelled != "before the lock":
        monkeypatch.setattr("engine.actions.open_work_on", look_and_be_overtaken)
    week = await starting.ensure_week_open(ministry.runtime, actor=ACTOR)
    await ministry.run(week)
    monkeypatch.setattr(ministry.performed, "perform", perform)
    await settle(ministry)
    assert await work_about(ministry, case) == []
    assert [h.case_id for h in await work_about(ministry, other)] == [week]
    await pass_to(ministry, monday, at("2018-02-17"))
    assert [row.directive.case for row in (await frozen(ministry, week)).rows] == [other]


async def test_a_directive_that_enters_the_register_while_the_next_week_opens_is_asked_for_there(
    ministry: Stage, monday: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It told the week that had ended, and the next one had listed the register without it."""
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await pass_to(ministry, monday, at("2018-02-16", "15:00"))
    await accepts_without_a_run(ministry, case)
    look = reading.latest_case

    async def look_and_be_overtaken(connection: AsyncConnection, **about: Any) -> str | None:
        monkeypatch.setattr(reading, "latest_case", look)
        found = await look(connection, **about)
        monday.moment = at("2018-02-16", "16:00")
        await ministry.sweep()
        await ministry.run(week)
        await ministry.run(NEXT)
        return found

    monkeypatch.setattr(reading, "latest_case", look_and_be_overtaken)
    await ministry.run(case)
    await settle(ministry)
    assert [h.case_id for h in await work_about(ministry, case)] == [NEXT]
    await pass_to(ministry, monday, at("2018-02-17"))
    assert (await frozen(ministry, week)).rows == ()
