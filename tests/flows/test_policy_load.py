"""A new organisation file is loaded while a year runs: open work follows its calendar and holidays (decision 24)."""

from __future__ import annotations

import asyncio
import re
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from deployments.operating import load_files
from engine.replan import replan
from engine.settings import ClockKind, Settings
from ledger import organisations, reading, tables
from ledger.clock import set_clock
from ledger.work import Ledger
from rules.year_move import with_day
from schemas.kpi import Round
from schemas.mail import ReplannedMail
from schemas.policy import HolidayOverride, OverrideKind
from schemas.year import YearDay
from schemas.year_move import DayMove, Replanned
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage, stage_on
from tests.flows import agreement
from tests.flows.agreement import MINISTRIES, open_round
from tests.flows.people import at, case_of, mails_of, messages_of, pass_to, settle, work_about
from tests.flows.test_site_visit import called

SAR = "sar-2555-cdd-6"
BY = "cdd-information.admin"
WHY = "มติคณะรัฐมนตรี 3 เมษายน 2555"
ORGANISATION = (MINISTRIES / "cdd.yaml").read_text(encoding="utf-8")
POLICY = (MINISTRIES / "cdd-policy.yaml").read_text(encoding="utf-8")
OLD, NEW = at("2012-04-11", "23:59:59"), at("2012-04-20", "23:59:59")
HOLIDAY = HolidayOverride(on=date(2012, 4, 27), kind=OverrideKind.ADD, name="วันหยุดราชการเพิ่มเป็นกรณีพิเศษ", source=WHY)


def with_internal_day(day: str) -> str:
    """The policy file with another last day for the divisions' six-month reports."""
    changed, found = re.subn(r"(day: sar_6_internal\n.*\n.*\n\s+due: )2012-04-11", rf"\g<1>{day}", POLICY)
    assert found == 1
    return changed


@pytest.fixture
async def april(department: Stage, clock: ClockThatIsSet) -> Stage:
    """จันทร์ 2 เมษายน 2555: the divisions report; the command sees the same moment on its simulated clock."""
    clock.moment = at("2012-04-02")
    await set_clock(department.runtime.ledger.engine, clock.moment)
    await open_round(department, Round.SIX)
    return department


def settings_of(engine: AsyncEngine) -> Settings:
    url = engine.url.render_as_string(hide_password=False)
    return Settings(database_url=url, clock=ClockKind.SIMULATED, _env_file=None)


async def load(stage: Stage, policy: str | None, *, organisation: str = ORGANISATION) -> None:
    await load_files(settings_of(stage.runtime.ledger.engine), organisation, policy, by=BY, reason=WHY)


async def replans(stage: Stage, kind: str) -> list[tuple[str, str, dict[str, Any]]]:
    """(key, actor, content) of the events of a kind in the round's case."""
    async with stage.runtime.ledger.read() as connection:
        history = await reading.history(connection, SAR)
    return [(e.key, str(e.by.officer), e.content) for e in history if e.kind == kind]


async def dues(stage: Stage) -> set[datetime | None]:
    return {h.due_at for h in await work_about(stage, SAR)}


async def state(stage: Stage) -> dict[str, Any]:
    """Heads of all cases and the number of mails: what may not change when nothing is replanned."""
    c = tables.cases.c
    async with stage.runtime.ledger.read() as connection:
        heads = (await connection.execute(select(c.id, c.head_hash, c.wanted).order_by(c.id))).all()
        mails = await connection.scalar(select(func.count()).select_from(tables.mails))
    return {"heads": heads, "mails": mails}


# --- loaded by command -------------------------------------------------------------------------------------


async def test_open_work_follows_the_loaded_calendar_and_its_case_and_holders_are_told(
    april: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = {h.key for h in await work_about(april, SAR)}
    assert await dues(april) == {OLD}
    await load(april, with_internal_day("2012-04-20"))
    assert f"{len(asked)} รายการ ระบบแจ้งผู้รับผิดชอบแล้ว" in capsys.readouterr().out

    assert await dues(april) == {NEW}
    events = await replans(april, "hand_off:replan")
    assert {key for key, _, _ in events} == asked
    assert {by for _, by, _ in events} == {BY}
    assert {(said["was"][:19], said["due_at"][:19], said["reason"]) for _, _, said in events} == {
        ("2012-04-11T16:59:59", "2012-04-20T16:59:59", WHY)
    }
    mails = [m for m in await messages_of(april, SAR, "replanned") if isinstance(m, ReplannedMail)]
    assert sorted((m.unit, [(line.was, line.due) for line in m.lines]) for m in mails) == [
        ("กองการเจ้าหน้าที่", [(OLD, NEW)]), ("กองคลัง", [(OLD, NEW)] * 2),
        ("สถาบันการพัฒนาชุมชน", [(OLD, NEW)]), ("สำนักเสริมสร้างความเข้มแข็งชุมชน", [(OLD, NEW)]),
    ]  # fmt: skip
    assert {m.reason for m in mails} == {WHY}

    # A run is asked for, which shows the operator the new moment.
    assert [case for case, _, wanted in (await state(april))["heads"] if wanted == "run"] == [SAR]
    await settle(april)
    assert "20 เมษายน 2555" in (await case_of(april, SAR)).waiting_for


async def test_reminders_of_replanned_work_come_before_its_new_day(april: Stage, clock: ClockThatIsSet) -> None:
    await load(april, with_internal_day("2012-04-20"))
    await settle(april)
    await pass_to(april, clock, at("2012-04-18"))
    assert await mails_of(april, SAR, "reminder") == []
    await pass_to(april, clock, at("2012-04-19"))
    assert {m.queued_at for m in await mails_of(april, SAR, "reminder")} == {at("2012-04-19")}


async def test_a_holiday_moves_the_timers_that_count_working_days(
    april: Stage, clock: ClockThatIsSet, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three working days before 30 April: 27, 26 and 25; when the 27th is off: 26, 25 and 24. Nobody's work moves."""
    policy = POLICY + (
        f"\nholidays:\n  - {{on: 2012-04-27, kind: add, name: {HOLIDAY.name}, source: {HOLIDAY.source}}}\n"
    )
    assert "\nholidays:" not in POLICY
    await load(april, policy)
    said = capsys.readouterr().out
    assert "เวลาที่ระบบรออยู่เปลี่ยน 1 รายการ" in said
    assert "แจ้งผู้รับผิดชอบแล้ว" not in said
    moved = {key: (said["was"], said["at"]) for key, _, said in await replans(april, "timer:replan")}
    assert moved == {"book_day": ("2012-04-25T01:30:00.000000+00:00", "2012-04-24T01:30:00.000000+00:00")}
    assert await replans(april, "hand_off:replan") == []
    assert await mails_of(april, SAR, "replanned") == [], "nobody holds a timer"
    await settle(april)
    await pass_to(april, clock, at("2012-04-24", "08:30"))
    assert {h.element for h in await work_about(april, SAR)} >= {"approve"}


@pytest.mark.parametrize("policy", [None, POLICY, POLICY + "\noffice: {reminders_at_most: 1}\n"])
async def test_nothing_is_written_in_any_case_when_no_moment_changes(
    april: Stage, policy: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a policy the standing one is kept; the same files add no version; another setting moves no day."""
    before, version = await state(april), await version_of(april)
    await load(april, policy)
    assert await state(april) == before
    assert await version_of(april) == version + (policy is not None and "office:" in policy)
    assert "กำหนดของงานที่ค้าง" not in capsys.readouterr().out


async def version_of(stage: Stage) -> int:
    async with stage.runtime.ledger.read() as connection:
        return await organisations.latest_version(connection)


async def test_those_are_told_who_hold_the_work_in_the_new_organisation(april: Stage) -> None:
    moved_on = ORGANISATION.replace("cdd-finance.1@cdd.example", "clerk@finance.example")
    assert moved_on != ORGANISATION
    await load(april, with_internal_day("2012-04-20"), organisation=moved_on)
    recipients = {m.email for m in await mails_of(april, SAR, "replanned")}
    assert "clerk@finance.example" in recipients
    assert "cdd-finance.1@cdd.example" not in recipients


@pytest.mark.postgres
async def test_a_day_that_is_moved_while_an_organisation_is_loaded_stays_moved(
    postgres: AsyncEngine, clock: ClockThatIsSet
) -> None:
    """The command waits for whoever changes the policy before it reads the one that it keeps."""
    clock.moment = at("2012-04-02")
    await set_clock(postgres, clock.moment)
    stage = await stage_on(Ledger(postgres, clock), *agreement.department())
    move = DayMove(day=YearDay.SAR_6_INTERNAL, due=date(2012, 4, 20), reason=WHY)
    policy = with_day(stage.runtime.policy, "cdd", 2555, move)
    async with stage.runtime.ledger.begin() as work:
        await organisations.hold(work)
        loading = asyncio.create_task(load(stage, None))
        await somebody_waits(postgres)
        await organisations.store(work, stage.runtime.directory.organisation, policy, actor=ACTOR, reason=WHY)
        await work.commit()
    await loading
    await stage.runtime.refresh(at_once=True)
    assert stage.runtime.policy == policy


async def somebody_waits(engine: AsyncEngine) -> None:
    """Until a transaction of this database waits for what another one has reserved."""
    waiting = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    async with asyncio.timeout(20), engine.connect() as connection:
        while not await connection.scalar(waiting):  # noqa: ASYNC110 (the server tells nobody)
            await asyncio.sleep(0.02)


# --- replan itself -----------------------------------------------------------------------------------------


async def replanned(stage: Stage, years: list[str]) -> tuple[Replanned, ...]:
    move = DayMove(day=YearDay.SAR_6_INTERNAL, due=date(2012, 4, 20), reason=WHY)
    policy = with_day(stage.runtime.policy, "cdd", 2555, move).replace(holidays=(HOLIDAY,))
    organisation = stage.runtime.directory.organisation
    async with stage.runtime.ledger.begin() as work:
        await stage.runtime.hold(work)
        await organisations.store(work, organisation, policy, actor=ACTOR, reason=WHY)
        found = await replan(work, stage.runtime, policy, years, reason=WHY, actor=ACTOR)
        await work.commit()
    await settle(stage)
    return found


async def test_what_was_replanned_is_returned_timers_first(april: Stage) -> None:
    timer, *work = await replanned(april, ["2555/cdd"])
    assert timer == Replanned(
        case=SAR, key="book_day", was=at("2012-04-25", "08:30"), due=at("2012-04-24", "08:30")
    )  # fmt: skip
    assert {(each.case, each.was, each.due) for each in work} == {(SAR, OLD, NEW)}
    assert {(each.key, each.unit) for each in work} == {(h.key, h.unit) for h in await work_about(april, SAR)}


@pytest.mark.parametrize("years", [[], ["2556/cdd"], ["2555/moi-ops"]])
async def test_work_of_other_calendars_stays_where_it_is(april: Stage, years: list[str]) -> None:
    before = await state(april)
    assert await replanned(april, years) == ()
    assert await state(april) == before
    assert await dues(april) == {OLD}


async def test_a_site_visit_hears_that_its_period_moved_when_the_policy_is_loaded(
    department: Stage, clock: ClockThatIsSet
) -> None:
    """As it does when the day is moved on its page."""
    clock.moment = at("2012-04-23")
    await set_clock(department.runtime.ledger.engine, clock.moment)
    case = await called(department)
    changed = POLICY.replace("opens: 2012-05-01\n        due: 2012-06-30", "opens: 2012-07-01\n        due: 2012-07-31")
    assert changed != POLICY
    await load_files(settings_of(department.runtime.ledger.engine), ORGANISATION, changed, by=BY, reason=WHY)
    await department.runtime.refresh(at_once=True)
    await settle(department)
    (asked,) = [h for h in await work_about(department, case) if h.key.startswith("schedule")]
    limits = {"first_day": "2012-07-01", "last_day": "2012-07-31"}
    assert limits.items() <= asked.context.limits.items()
