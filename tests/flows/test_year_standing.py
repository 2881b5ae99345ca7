"""How far a year has come, for whoever asks from outside its flow; on both databases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine import actions
from flows import starting
from flows.year_calendar import move_year_day
from flows.year_standing import YearStanding, changes_of, running_year, running_years
from ledger.errors import UnknownCase
from schemas.actor import Actor, ActorKind
from schemas.agreement import ChangeEnding, KpiChangeRequest, SurveyScored
from schemas.kpi import KpiBook, Round
from schemas.year import YearDay
from schemas.year_move import DayMove
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.agreement import BOOK, answer_everything, open_round
from tests.flows.people import at, do, pass_to, settle

YEAR = "agreement-2555-cdd"
KEEPER = Actor(kind=ActorKind.OFFICER, officer="cdd-community.1", unit="cdd-community", name="ผู้จัดเก็บข้อมูล")
BEFORE_DETAILS = ("write_details",)


@pytest.fixture
def october(clock: ClockThatIsSet) -> ClockThatIsSet:
    """จันทร์ 3 ตุลาคม 2554."""
    clock.moment = at("2011-10-03")
    return clock


async def opened(stage: Stage, *, but: tuple[str, ...] = ()) -> None:
    """The year with all its work done but that of some elements."""
    await starting.open_agreement_year(stage.runtime, BOOK, actor=ACTOR)
    await settle(stage)
    await answer_everything(stage, but=but)


async def standing(stage: Stage) -> YearStanding:
    async with stage.runtime.ledger.read() as connection:
        found = await running_year(stage.runtime, connection, YEAR)
    assert found is not None
    return found


async def cases(stage: Stage, *concerning: str) -> list[str]:
    """The running years, of all units or those that concern some."""
    async with stage.runtime.ledger.read() as connection:
        found = await running_years(stage.runtime, connection, concerning=concerning or None)
    return [year.case for year in found]


async def ask(stage: Stage, target: str, **answers: Any) -> None:
    form = KpiChangeRequest(kpi="1.1.1", reason="น้ำท่วมในพื้นที่", target=target)
    await starting.request_kpi_change(stage.runtime, YEAR, form, unit="cdd-community", actor=KEEPER)
    await settle(stage)
    for element, answer in answers.items():
        await do(stage, YEAR, element, answer)


def target(book: KpiBook) -> Decimal | None:
    kpi = book.kpi("1.1.1")
    assert kpi is not None
    return kpi.target


# --- as it goes on -----------------------------------------------------------------------------------------


async def test_a_year_stands_from_the_moment_in_which_its_calendar_was_looked_up(
    department: Stage, october: ClockThatIsSet
) -> None:
    await starting.open_agreement_year(department.runtime, BOOK, actor=ACTOR)
    async with department.runtime.ledger.read() as connection:
        assert await running_year(department.runtime, connection, YEAR) is None
        assert await running_years(department.runtime, connection) == []
    await settle(department)
    year = await standing(department)
    assert (year.case, year.title) == (YEAR, "คำรับรองการปฏิบัติราชการ ปีงบประมาณ พ.ศ. 2555 กรมการพัฒนาชุมชน")
    assert (year.book, year.office.psdg, year.changes, year.surveys) == (BOOK, "cdd-psdg", (), ())
    assert year.changes_close == at("2012-04-02", "23:59:59")
    assert await cases(department) == [YEAR]


async def test_a_change_can_be_asked_for_once_the_details_are_agreed(
    department: Stage, october: ClockThatIsSet
) -> None:
    await opened(department, but=BEFORE_DETAILS)
    year = await standing(department)
    assert (year.detailed, year.takes_changes) == (False, False)
    assert year.book == BOOK, "as drafted: the negotiation is not agreed before the details are"
    await answer_everything(department)
    year = await standing(department)
    assert (year.detailed, year.takes_changes) == (True, True)
    assert {kpi.description for kpi in year.book.kpis} == {"คำอธิบายตัวชี้วัด"}


async def test_requests_are_told_with_what_became_of_them_and_those_approved_are_in_the_book(
    department: Stage, october: ClockThatIsSet
) -> None:
    await opened(department)
    await ask(department, "77", check_change={"decision": "approve"}, decide_change={"decision": "approve"})
    await ask(department, "76", check_change={"decision": "return", "comment": "ขาดหลักฐาน"})
    await ask(department, "75", check_change={"decision": "approve"})
    year = await standing(department)
    assert [(c.request.target, c.result.ending if c.result else None) for c in year.changes] == [
        (Decimal(77), ChangeEnding.APPROVED), (Decimal(76), ChangeEnding.NOT_FORWARDED), (Decimal(75), None),
    ]  # fmt: skip
    assert (target(year.book), target(BOOK)) == (Decimal(77), Decimal(80))
    await do(department, YEAR, "decide_change", {"decision": "approve"})
    assert target((await standing(department)).book) == Decimal(75), "the later one holds"


async def test_the_closing_day_is_that_of_the_calendar_as_it_stands_now(
    department: Stage, october: ClockThatIsSet
) -> None:
    await opened(department)
    move = DayMove(day=YearDay.CHANGES_CLOSE, due=date(2012, 4, 30), reason="น้ำท่วมหลายจังหวัด")
    await move_year_day(department.runtime, "cdd", 2555, move, actor=ACTOR)
    await settle(department)
    assert (await standing(department)).changes_close == at("2012-04-30", "23:59:59")


async def test_the_last_score_of_a_survey_stands(department: Stage, october: ClockThatIsSet) -> None:
    await opened(department, but=("baselines",))
    year = await standing(department)
    assert (year.measured_outside, year.takes_surveys, year.survey_of("11")) == (("11",), True, None)
    for score in ("3.5", "4.25"):
        scored = SurveyScored(kpi="11", score=score, reference="นร 1")
        await starting.record_survey(department.runtime, YEAR, scored, actor=ACTOR)
    year = await standing(department)
    assert [each.score for each in year.surveys] == [Decimal("3.5"), Decimal("4.25")]
    stands = year.survey_of("11")
    assert stands is not None
    assert (stands.score, year.survey_of("7")) == (Decimal("4.25"), None)


async def test_after_the_last_round_neither_changes_nor_surveys_are_taken(
    department: Stage, october: ClockThatIsSet
) -> None:
    await opened(department)
    scored = SurveyScored(kpi="11", score="4.25", reference="นร 1")
    await starting.record_survey(department.runtime, YEAR, scored, actor=ACTOR)
    for day in ("2012-04-02", "2012-07-02", "2012-10-02"):
        year = await standing(department)
        assert (year.takes_changes, year.takes_surveys) == (True, True)
        await pass_to(department, october, at(day))
        await answer_everything(department, but=("announce",))
    year = await standing(department)
    assert (year.detailed, year.changes_ended, year.surveys_ended) == (True, True, True)
    assert (year.takes_changes, year.takes_surveys) == (False, False)


# --- whose it is -------------------------------------------------------------------------------------------


async def test_a_kpi_is_held_by_all_its_units_and_by_psdg_where_it_has_none(
    department: Stage, october: ClockThatIsSet
) -> None:
    *rest, last = BOOK.kpis
    book = BOOK.replace(kpis=(*rest, last.replace(holdings=())))
    await starting.open_agreement_year(department.runtime, book, actor=ACTOR)
    await settle(department)
    year = await standing(department)
    held = {
        unit: [kpi.number for kpi in year.held_by(unit)]
        for unit in ("cdd-community", "cdd-personnel", "cdd-institute", "cdd-psdg", "cdd-audit")
    }
    assert held == {
        "cdd-community": ["1.1.1"], "cdd-personnel": ["10"], "cdd-institute": ["10"], "cdd-psdg": ["11"],
        "cdd-audit": [],
    }  # fmt: skip


async def test_years_are_found_by_the_units_that_they_concern(department: Stage, october: ClockThatIsSet) -> None:
    """The agency and กพร. from the beginning, a unit as soon as it holds work in it."""
    await opened(department, but=("baselines",))
    assert await cases(department, "cdd") == [YEAR]
    assert await cases(department, "cdd-finance") == [YEAR]
    assert await cases(department, "cdd-audit", "cdd-wisdom") == []
    assert await cases(department, "cdd-audit", "cdd-psdg") == [YEAR]


# --- what is no running year -------------------------------------------------------------------------------


async def test_a_year_that_has_ended_runs_no_more_but_its_requests_are_told(
    department: Stage, october: ClockThatIsSet
) -> None:
    await opened(department)
    await ask(department, "77", check_change={"decision": "return", "comment": "ขาดหลักฐาน"})
    await actions.cancel_case(department.runtime, YEAR, reason="ยุบกรม", actor=ACTOR)
    await settle(department)
    async with department.runtime.ledger.read() as connection:
        assert await running_year(department.runtime, connection, YEAR) is None
        assert await running_years(department.runtime, connection) == []
        (change,) = await changes_of(connection, YEAR)
    assert change.result is not None
    assert (change.request.officer, change.result.reason) == ("cdd-community.1", "ขาดหลักฐาน")


async def test_another_process_is_no_year_and_a_case_that_is_not_there_is_named(
    department: Stage, october: ClockThatIsSet
) -> None:
    case = await open_round(department, Round.SIX)
    async with department.runtime.ledger.read() as connection:
        assert await running_year(department.runtime, connection, case) is None
        assert await changes_of(connection, case) == ()
        with pytest.raises(UnknownCase, match="agreement-2599-cdd"):
            await running_year(department.runtime, connection, "agreement-2599-cdd")
