"""A directive is completed while the week after opens: whoever comes first, nobody is asked for one more report."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from engine import actions
from ledger import reading
from ledger.hand_offs import HandOff
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.people import (
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
from tests.flows.test_week_edges import COMPLETED, NEXT, completed_at_the_cut_off, hand_in, opened_beside

Run = Callable[[], Awaitable[Any]]


async def late_report_is_approved(stage: Stage, clock: ClockThatIsSet) -> tuple[str, str, str]:
    """Two directives without a report at 16.00; a minute later one is «แล้วเสร็จ», and nothing has run since.

    The next week has been opened and has not run either. Returns the late one, the other and their week.
    """
    (case,), (other,) = await register(stage), await register(stage, title="ลดความแออัด")
    week = await week_open(stage)
    for each in (case, other):
        await accepted(stage, each)
    await pass_to(stage, clock, at("2018-02-16", "15:59:59"))
    clock.moment = at("2018-02-16", "16:00")
    await stage.sweep()
    await stage.run(week)
    clock.moment = at("2018-02-16", "16:01")
    asked = await open_work(stage, case, "report")
    await stage.intake.submit(asked.id, COMPLETED, officer="dept-div-a.1", through="test")
    await stage.run(week)
    judged = await open_work(stage, case, "check")
    await stage.intake.submit(judged.id, {"decision": "approve"}, officer="dept-plan.1", through="test")
    return case, other, week


def overtaken_as_it_opens(stage: Stage, monkeypatch: pytest.MonkeyPatch, by: Run) -> None:
    """The next week has listed the register; before it asks for the reports, something else happens."""
    perform = stage.performed.perform

    async def overtaken(do_it: Run, **about: Any) -> Any:
        if about["element"] == "report":
            monkeypatch.setattr(stage.performed, "perform", perform)
            await by()
        return await perform(do_it, **about)

    monkeypatch.setattr(stage.performed, "perform", overtaken)


def overtaken_as_it_looks(monkeypatch: pytest.MonkeyPatch, by: Run) -> None:
    """A step has looked for open work on the directive; before it is recorded, something else happens."""
    look = reading.hand_offs_of_subject

    async def look_and_be_overtaken(connection: AsyncConnection, subject: str) -> tuple[HandOff, ...]:
        monkeypatch.setattr(reading, "hand_offs_of_subject", look)
        found = await look(connection, subject)
        await by()
        return found

    monkeypatch.setattr(reading, "hand_offs_of_subject", look_and_be_overtaken)


async def test_what_a_late_report_has_completed_is_not_asked_for_by_the_week_that_opens(
    ministry: Stage, monday: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The week has it on its list. Nobody had heard of the report, and nobody is told that it is withdrawn."""
    case, other, week = await late_report_is_approved(ministry, monday)
    overtaken_as_it_opens(ministry, monkeypatch, lambda: ministry.run(week))
    await ministry.run(NEXT)
    await settle(ministry)
    assert (await case_of(ministry, case)).state == "completed"
    assert await work_about(ministry, case) == []
    assert {h.case_id for h in await work_about(ministry, other)} == {week, NEXT}
    assert await subjects_of(ministry, NEXT, "withdrawn") == []
    await pass_to(ministry, monday, at("2018-02-24"))
    assert [row.directive.case for row in (await frozen(ministry, NEXT)).rows] == [other]


async def test_a_late_report_that_completes_sees_what_has_been_asked_since_it_looked(
    ministry: Stage, monday: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, other, week = await late_report_is_approved(ministry, monday)
    overtaken_as_it_looks(monkeypatch, lambda: ministry.run(NEXT))
    await ministry.run(week)
    await settle(ministry)
    assert await work_about(ministry, case) == []
    (told,) = await subjects_of(ministry, NEXT, "withdrawn")
    assert "ข้อสั่งการที่ 2561-0001" in told
    await pass_to(ministry, monday, at("2018-02-24"))
    assert [row.directive.case for row in (await frozen(ministry, NEXT)).rows] == [other]


@pytest.mark.parametrize("overtaken", ["as it opens", "as the other looks"])
async def test_a_week_that_was_opened_beside_the_one_before_does_not_ask_for_what_that_completes_meanwhile(
    ministry: Stage, monday: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch, overtaken: str
) -> None:
    """As weeks were opened once."""
    case, week = await completed_at_the_cut_off(ministry, monday)
    await opened_beside(ministry, week, "2018-02-23", runs=False)
    await ministry.sweep()
    if overtaken == "as it opens":
        overtaken_as_it_opens(ministry, monkeypatch, lambda: ministry.run(week))
        await ministry.run(NEXT)
    else:
        overtaken_as_it_looks(monkeypatch, lambda: ministry.run(NEXT))
        await ministry.run(week)
    await settle(ministry)
    assert (await case_of(ministry, case)).state == "completed"
    assert await work_about(ministry, case) == []
    await pass_to(ministry, monday, at("2018-02-27"))
    assert (await frozen(ministry, NEXT)).rows == ()


async def test_what_is_reopened_while_the_week_opens_is_asked_for_in_it(
    ministry: Stage, monday: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has left the register when the week asks, and enters it again afterwards."""
    case, _, week = await late_report_is_approved(ministry, monday)

    async def completed_and_reopened() -> None:
        await ministry.run(week)
        await ministry.run(case)
        await actions.reopen_case(ministry.runtime, case, reason="ไม่ครบถ้วน", actor=ACTOR)

    overtaken_as_it_opens(ministry, monkeypatch, completed_and_reopened)
    await ministry.run(NEXT)
    await settle(ministry)
    assert [h.case_id for h in await work_about(ministry, case)] == [NEXT]
    await hand_in(ministry, case, NEXT, {"level": "in_progress", **TWO})
    await do(ministry, case, "check", {"decision": "approve"})
    await pass_to(ministry, monday, at("2018-02-24"))
    assert case in [row.directive.case for row in (await frozen(ministry, NEXT)).rows if row.report is not None]
