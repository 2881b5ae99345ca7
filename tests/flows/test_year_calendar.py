"""A day of the calendar is moved while the year runs: open work follows, visibly, and its holders are told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.runtime import Runtime
from engine.settings import Settings
from flows import starting
from flows.year_calendar import CALENDAR_MOVE, move_year_day
from ledger import organisations, reading
from rules.errors import NoYearCalendar
from schemas.agreement import KpiChangeRequest
from schemas.kpi import Round
from schemas.mail import ReplannedMail
from schemas.year import YearDay
from schemas.year_move import DayMove, Replanned
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.agreement import BOOK, SAID, answer_everything, open_round
from tests.flows.people import at, case_of, do, mails_of, messages_of, open_work, pass_to, settle, work_about

YEAR, SAR = "agreement-2555-cdd", "sar-2555-cdd-6"
WHY = "หนังสือ ที่ มท 0414/ว 12 น้ำท่วมหลายจังหวัด"


async def moved(
    stage: Stage, day: YearDay, due: str, *, opens: str | None = None, reason: str = WHY
) -> tuple[Replanned, ...]:
    first = date.fromisoformat(opens) if opens else None
    move = DayMove(day=day, opens=first, due=date.fromisoformat(due), reason=reason)
    replanned = await move_year_day(stage.runtime, "cdd", 2555, move, actor=ACTOR)
    await settle(stage)
    return replanned


async def dues(stage: Stage, case: str) -> dict[str, Any]:
    return {h.key: h.due_at for h in await work_about(stage, case)}


@pytest.fixture
def april(clock: ClockThatIsSet) -> ClockThatIsSet:
    """จันทร์ 2 เมษายน 2555: the six months are over, the divisions report."""
    clock.moment = at("2012-04-02")
    return clock


async def test_open_work_gets_the_new_moment_and_its_holders_one_mail_a_unit(
    department: Stage, april: ClockThatIsSet
) -> None:
    case = await open_round(department, Round.SIX)
    before = await dues(department, case)
    assert set(before.values()) == {at("2012-04-11", "23:59:59")}
    replanned = await moved(department, YearDay.SAR_6_INTERNAL, "2012-04-20")
    assert {each.key for each in replanned} == set(before)
    assert set((await dues(department, case)).values()) == {at("2012-04-20", "23:59:59")}
    # สสช. and กค. hold one KPI each, กจ. and สพช. one together; กค. has two parts of it in one mail.
    mails = [m for m in await messages_of(department, case, "replanned") if isinstance(m, ReplannedMail)]
    assert sorted((m.unit, len(m.lines)) for m in mails) == [
        ("กองการเจ้าหน้าที่", 1), ("กองคลัง", 2), ("สถาบันการพัฒนาชุมชน", 1), ("สำนักเสริมสร้างความเข้มแข็งชุมชน", 1),
    ]  # fmt: skip
    line = mails[0].lines[0]
    assert (line.was, line.due) == (at("2012-04-11", "23:59:59"), at("2012-04-20", "23:59:59"))
    assert WHY in mails[0].reason
    # The operator reads the new moment, too.
    assert "20 เมษายน 2555" in (await case_of(department, case)).waiting_for


async def test_the_same_move_once_more_changes_nothing(department: Stage, april: ClockThatIsSet) -> None:
    case = await open_round(department, Round.SIX)
    assert await moved(department, YearDay.SAR_6_INTERNAL, "2012-04-20")
    seen = (await case_of(department, case)).head_seq
    assert await moved(department, YearDay.SAR_6_INTERNAL, "2012-04-20") == ()
    assert (await case_of(department, case)).head_seq == seen
    assert len(await mails_of(department, case, "replanned")) == 4


async def test_reminders_follow_the_day_and_the_old_ones_are_silent(department: Stage, april: ClockThatIsSet) -> None:
    """Reminded the working day before and on the day; told on at nine on the working day after it."""
    case = await open_round(department, Round.SIX)
    await moved(department, YearDay.SAR_6_INTERNAL, "2012-04-20")
    await pass_to(department, april, at("2012-04-18"))
    assert await mails_of(department, case, "reminder") == []
    assert await mails_of(department, case, "digest") == []
    await pass_to(department, april, at("2012-04-20"))
    reminders = {m.queued_at for m in await mails_of(department, case, "reminder")}
    assert reminders == {at("2012-04-19"), at("2012-04-20")}
    await pass_to(department, april, at("2012-04-23"))
    assert {m.queued_at for m in await mails_of(department, case, "digest")} == {at("2012-04-23")}


async def test_a_rung_that_has_fired_stays_and_the_numbers_go_on(department: Stage, april: ClockThatIsSet) -> None:
    case = await open_round(department, Round.SIX)
    await pass_to(department, april, at("2012-04-10"))
    fired = await mails_of(department, case, "reminder")
    assert fired
    await moved(department, YearDay.SAR_6_INTERNAL, "2012-04-20")
    await pass_to(department, april, at("2012-04-19"))
    assert len(await mails_of(department, case, "reminder")) == 2 * len(fired)


async def test_work_that_is_opened_later_rests_on_the_new_day(department: Stage, april: ClockThatIsSet) -> None:
    case = await open_round(department, Round.SIX)
    await moved(department, YearDay.SAR_6_INTERNAL, "2012-04-20")
    await do(department, case, "keep", SAID | {"value": "72"}, unit="cdd-community")
    assert (await open_work(department, case, "certify_supervisor")).due_at == at("2012-04-20", "23:59:59")


async def test_what_is_late_is_judged_by_the_day_as_it_stood(department: Stage, april: ClockThatIsSet) -> None:
    """The report is due on 30 April; moved to 10 May it is in time on 8 May, and its approval begins three days before.

    5 May was a Saturday, so 7 May is off; 9 May 2555 was the royal ploughing day.
    """
    case = await open_round(department, Round.SIX)
    await moved(department, YearDay.SAR_6, "2012-05-10")
    await answer_everything(department, but=("certify_psdg", "send", "approve"))
    await pass_to(department, april, at("2012-05-03", "08:29"))
    assert not [h for h in await work_about(department, case) if h.element == "approve"]
    await pass_to(department, april, at("2012-05-03", "08:30"))
    await do(department, case, "approve", {"decision": "approve"})
    assert (await open_work(department, case, "send")).due_at == at("2012-05-10", "23:59:59")
    april.moment = at("2012-05-08")
    await answer_everything(department, but=("certify_psdg",))
    result = (await case_of(department, case)).result
    assert (result["sent_late"], result["sent_on"]) == (False, "2012-05-08T02:00:00.000000+00:00")


# --- the whole year ----------------------------------------------------------------------------------------


@pytest.fixture
async def year(department: Stage, clock: ClockThatIsSet) -> str:
    """From the baselines to the printed details, all by 3 October 2554."""
    clock.moment = at("2011-10-03")
    case = await starting.open_agreement_year(department.runtime, BOOK, actor=ACTOR)
    await settle(department)
    await answer_everything(department)
    return case


async def test_a_move_stands_in_the_history_of_the_year_and_in_the_policy(
    department: Stage, clock: ClockThatIsSet, year: str
) -> None:
    await moved(department, YearDay.FOLLOW_UP_6, "2012-04-05")
    async with department.runtime.ledger.read() as connection:
        (event,) = await reading.events_named(connection, year, "case:record", CALENDAR_MOVE)
        standing = await organisations.latest(connection)
    assert event.content["becomes"] == ["", "2012-04-05"]
    assert [each["key"] for each in event.content["replanned"]] == ["follow_ups/follow_up[round-6]/follow_up_due"]
    assert standing is not None
    assert (standing.actor, standing.version) == (ACTOR, event.content["version"])
    assert "จาก 30 มีนาคม 2555 เป็น 5 เมษายน 2555" in standing.reason
    moved_entry = standing.policy.years[0].entry(YearDay.FOLLOW_UP_6)
    assert (moved_entry.due, moved_entry.source) == (date(2012, 4, 5), WHY)


async def test_timers_follow_their_day_and_hold_up_nothing_else(
    department: Stage, clock: ClockThatIsSet, year: str
) -> None:
    """Follow-up 1 moves from 30 March behind the meeting of April, which still is on 2 April."""
    await moved(department, YearDay.FOLLOW_UP_6, "2012-04-05")
    await pass_to(department, clock, at("2012-04-02"))
    async with department.runtime.ledger.read() as connection:
        known = await reading.cases_named(connection, ["follow-up-2555-cdd-2012-04", "follow-up-2555-cdd-round-6"])
    assert set(known) == {"follow-up-2555-cdd-2012-04"}
    await pass_to(department, clock, at("2012-04-05", "08:30"))
    assert (await case_of(department, "follow-up-2555-cdd-round-6")).opened_at == at("2012-04-05", "08:30")


async def test_a_closing_day_that_is_moved_lets_requests_in(
    department: Stage, clock: ClockThatIsSet, year: str
) -> None:
    await pass_to(department, clock, at("2012-03-30"))
    await moved(department, YearDay.CHANGES_CLOSE, "2012-04-30")
    await pass_to(department, clock, at("2012-04-10"))
    form = KpiChangeRequest(kpi="1.1.1", reason="น้ำท่วม", target="77")
    await starting.request_kpi_change(department.runtime, year, form, unit="cdd-community", actor=ACTOR)
    await settle(department)
    assert (await open_work(department, year, "check_change")).unit == "cdd-psdg"


async def test_the_visit_is_asked_for_anew_when_its_period_is_moved(
    department: Stage, clock: ClockThatIsSet, year: str
) -> None:
    await pass_to(department, clock, at("2012-05-01"))
    visit = "visit-2555-cdd-pre"
    first = await open_work(department, visit, "schedule")
    assert first.context.limits == {"first_day": "2012-05-01", "last_day": "2012-06-30"}
    await moved(department, YearDay.VISIT_PRE, "2012-07-31", opens="2012-06-01")
    again = await open_work(department, visit, "schedule")
    assert again.id != first.id
    assert again.context.limits == {"first_day": "2012-06-01", "last_day": "2012-07-31"}
    assert again.due_at == at("2012-06-01", "08:30")
    await do(department, visit, "schedule", {"first_day": "2012-07-02", "last_day": "2012-07-03"})
    assert (await open_work(department, visit, "prepare")).unit == "cdd-psdg"


async def test_a_worker_that_does_not_know_of_the_move_yet_opens_no_work_on_the_old_day(
    department: Stage, april: ClockThatIsSet
) -> None:
    case = await open_round(department, Round.SIX)
    await department.intake.submit(
        (await open_work(department, case, "keep", unit="cdd-community")).id, SAID | {"value": "72"},
        officer="cdd-community.1", through="test",
    )  # fmt: skip
    stale, elsewhere = department.runtime, Runtime(Settings(), department.runtime.ledger)
    await elsewhere.refresh()
    seen = stale.policy
    move = DayMove(day=YearDay.SAR_6_INTERNAL, due=date(2012, 4, 20), reason=WHY)
    await move_year_day(elsewhere, "cdd", 2555, move, actor=ACTOR)
    assert stale.policy == seen, "it has not looked since"
    async with stale.ledger.begin() as work:
        await stale.hold(work)
    assert stale.policy.years[0].entry(YearDay.SAR_6_INTERNAL).due == date(2012, 4, 20)
    await settle(department)
    assert set((await dues(department, case)).values()) == {at("2012-04-20", "23:59:59")}


async def test_a_year_without_a_calendar_has_no_day_to_move(department: Stage, april: ClockThatIsSet) -> None:
    move = DayMove(day=YearDay.SAR_6, due=date(2013, 4, 30), reason=WHY)
    with pytest.raises(NoYearCalendar):
        await move_year_day(department.runtime, "cdd", 2556, move, actor=ACTOR)
