"""Called cases of a year and of a province that are called off, or that nobody waits for any more."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from engine import actions
from ledger import reading
from ledger.errors import CalledCaseIsNeeded
from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows import province as p
from tests.flows.agreement import answer_everything
from tests.flows.conftest import staged
from tests.flows.people import at, case_of, mails_of, pass_to, run_what_wants, settle, work_about
from tests.flows.test_year import YEAR, rounds_open, surveyed, under_way

FOLLOW_UP, VISIT = "follow-up-2555-cdd-2011-11", "visit-2555-cdd-post"


@pytest_asyncio.fixture
async def province(ledger: Ledger, clock: ClockThatIsSet) -> AsyncIterator[Stage]:
    """จันทร์ 10 พฤษภาคม 2553 เวลา 9.00 น.: the key KPIs are approved, every agency has its own case."""
    clock.moment = p.BEGINS
    async with staged(ledger, *p.organisation()) as made:
        await p.opened(made)
        await p.key_kpis_approved(made)
        yield made
        await settle(made)


async def cancel(stage: Stage, case_id: str, reason: str) -> None:
    await actions.cancel_case(stage.runtime, case_id, reason=reason, actor=ACTOR)
    await settle(stage)


async def open_beneath(stage: Stage, case_id: str) -> set[str]:
    """The open cases that a case has called."""
    async with stage.runtime.ledger.read() as connection:
        return {child.id for child in await reading.children_of(connection, case_id) if child.state == "open"}


# --- the called case is cancelled ----------------------------------------------------------------------------


async def test_a_year_goes_on_without_a_meeting_that_was_called_off(department: Stage, clock: ClockThatIsSet) -> None:
    await under_way(department, clock)
    await pass_to(department, clock, at("2011-11-01", "12:00"))
    await cancel(department, FOLLOW_UP, "งดประชุมกรมเดือนนี้")
    assert (await case_of(department, YEAR)).state == "open"
    await pass_to(department, clock, at("2011-12-01", "12:00"))
    assert await open_beneath(department, YEAR) == {"follow-up-2555-cdd-2011-12"}


async def test_a_visit_that_was_called_off_leaves_no_record_and_the_other_takes_place(
    department: Stage, clock: ClockThatIsSet
) -> None:
    await under_way(department, clock)
    await pass_to(department, clock, at("2012-05-01", "12:00"))
    await cancel(department, "visit-2555-cdd-pre", "งดตรวจประเมินก่อนสิ้นปีงบประมาณ")
    await pass_to(department, clock, at("2012-12-03"), then=run_what_wants)
    assert VISIT in await open_beneath(department, YEAR)


async def test_a_round_a_year_waits_for_is_not_cancelled_by_itself(department: Stage, clock: ClockThatIsSet) -> None:
    await under_way(department, clock)
    await pass_to(department, clock, at("2012-04-02"))
    with pytest.raises(CalledCaseIsNeeded):
        await cancel(department, "sar-2555-cdd-6", "ไม่รายงานรอบนี้")
    assert (await case_of(department, "sar-2555-cdd-6")).state == "open"
    await cancel(department, YEAR, "ยุบกรม")
    assert (await case_of(department, "sar-2555-cdd-6")).state == "cancelled"
    assert await open_beneath(department, YEAR) == set()


async def test_a_province_goes_on_without_an_agency_that_was_dissolved(province: Stage, clock: ClockThatIsSet) -> None:
    """Round and ranking have a line of it without a score, as of one that does not report."""
    await cancel(province, p.agency_case(p.TREASURY), "ยุบหน่วยงาน")
    assert {work.unit for work in await p.asked(province, "propose")} == {p.OFFICE, p.STATISTICS}
    await p.all_do(province, "propose", lambda work: dict(work.context.prefill))
    await p.all_do(province, "sign", {"decision": "sign"})
    await p.until(province, clock, "2010-06-07")
    (meeting,) = await p.asked(province, "meet")
    assert meeting.case_id == p.CASE
    assert (await case_of(province, p.CASE)).state == "open"


async def test_a_province_goes_on_without_a_duty_that_was_called_off(province: Stage, clock: ClockThatIsSet) -> None:
    (duty, *others) = sorted(each for each in await open_beneath(province, p.CASE) if each.startswith("duty-"))
    await cancel(province, duty, "งดสัมมนา")
    assert set(others) < await open_beneath(province, p.CASE)
    assert (await case_of(province, p.CASE)).state == "open"


# --- nobody waits for the called case any more ---------------------------------------------------------------


async def test_nobody_in_a_province_is_asked_any_more_once_the_cascade_is_cancelled(province: Stage) -> None:
    asked = await p.asked(province, "propose")
    assert len(asked) == len(p.AGENCIES)
    beneath = await open_beneath(province, p.CASE)
    await cancel(province, p.CASE, "จังหวัดยกเลิก")
    assert await p.asked(province, "propose") == []
    assert await open_beneath(province, p.CASE) == set()
    title = (await case_of(province, p.CASE)).title
    for case_id in beneath:
        async with province.runtime.ledger.read() as connection:
            (ended,) = [e for e in await reading.history(connection, case_id) if e.kind == "case:cancel"]
        assert ended.content["reason"] == f"ยุติตามเรื่อง «{title}»: จังหวัดยกเลิก"
    told = [mail for unit in p.AGENCIES for mail in await mails_of(province, p.agency_case(unit), "withdrawn")]
    assert {mail.hand_off_id for mail in told} == {work.id for work in asked}


async def test_a_visit_that_is_not_closed_by_the_announcement_ends_with_it(
    department: Stage, clock: ClockThatIsSet
) -> None:
    await under_way(department, clock)
    await surveyed(department)
    await rounds_open(department, clock, but="announce")
    await pass_to(department, clock, at("2012-12-03"), then=run_what_wants)
    assert (await case_of(department, VISIT)).state == "open"
    await answer_everything(department, but=("schedule", "draft"))
    visit = await case_of(department, VISIT)
    assert visit.state == "cancelled"
    assert await work_about(department, VISIT) == []
    assert (await case_of(department, YEAR)).state == "open"
