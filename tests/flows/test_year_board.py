"""What the board derives from hand-offs is what the flows themselves have recorded."""

from __future__ import annotations

from decimal import Decimal

import pytest

from flows import starting
from ledger import reading
from portal.year_board import YearBoard, board_of
from portal.year_cells import CellState, RoundBoard, round_board
from portal.year_days import DayState, days_of
from portal.year_progress import follow_ups
from portal.year_records import YearRecords, read_year
from schemas.follow_up import FollowUpOutcome, TrafficLight
from schemas.kpi import KpiBook, Round
from schemas.sar import SarOutcome
from schemas.year import YearDay
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.agreement import BOOK, CERTIFIED, SAID, answer_everything, open_round
from tests.flows.people import at, case_of, do, pass_to, settle

DUE = at("2012-04-30", "23:59:59")


@pytest.fixture
def april(clock: ClockThatIsSet) -> ClockThatIsSet:
    """จันทร์ 2 เมษายน 2555: the first working day after the round of six months."""
    clock.moment = at("2012-04-02")
    return clock


async def seen(stage: Stage, case_id: str) -> RoundBoard:
    async with stage.runtime.ledger.read() as connection:
        case = await reading.case(connection, case_id)
        work = await reading.hand_offs_of_case(connection, case_id)
        answers = await reading.answers(connection, work)
        now = await stage.runtime.ledger.clock.now(connection)
    return round_board(BOOK, Round.SIX, case, work, answers, due=DUE, now=now)


async def test_each_standing_follows_from_what_people_did(department: Stage, april: ClockThatIsSet) -> None:
    case = await open_round(department, Round.SIX)

    async def states() -> dict[str, CellState]:
        return {number: cell.state for number, cell in (await seen(department, case)).cells.items()}

    asked = dict.fromkeys(("1.1.1", "7", "10"), CellState.REPORTING) | {"11": CellState.INACTIVE}
    assert await states() == asked
    await do(department, case, "keep", SAID | {"value": "72"}, unit="cdd-community")
    assert await states() == asked | {"1.1.1": CellState.SUPERVISOR}
    await do(department, case, "certify_supervisor", CERTIFIED)
    assert await states() == asked | {"1.1.1": CellState.PSDG}
    await do(department, case, "certify_psdg", {"decision": "refuse", "remark": "ขาดเอกสาร"})
    returned = (await seen(department, case)).cells["1.1.1"]
    assert (returned.state, returned.remark) == (CellState.RETURNED, "กลุ่มพัฒนาระบบบริหารไม่อนุมัติ: ขาดเอกสาร")
    await do(department, case, "keep", SAID | {"value": "73"}, unit="cdd-community")
    await do(department, case, "certify_supervisor", CERTIFIED)
    await do(department, case, "certify_psdg", CERTIFIED)
    assert await states() == asked | {"1.1.1": CellState.CERTIFIED}


async def test_the_board_has_the_scores_that_the_round_recorded(department: Stage, april: ClockThatIsSet) -> None:
    """One KPI is certified in time, one late, one not at all; who is sent back by the director-general is not late."""
    case = await open_round(department, Round.SIX)
    await answer_everything(department, but=("cards[7]/keep[7.1]", "cards[10]/keep[10]"))
    await pass_to(department, april, at("2012-04-12"))
    await answer_everything(department, but=("cards[10]/keep[10]",))
    await pass_to(department, april, at("2012-04-25"))
    await do(department, case, "approve", {"decision": "return", "remark": "ทบทวนตัวเลข"})
    await do(department, case, "revise", {"kpis": ["1.1.1"], "comment": "ตรวจอีกครั้ง"})
    again = (await seen(department, case)).cells["1.1.1"]
    assert (again.state, again.remark) == (CellState.RETURNED, "ส่งคืนแก้ไข: ตรวจอีกครั้ง")
    await answer_everything(department, but=("cards[10]/keep[10]",), keep=SAID | {"value": "74"})
    await pass_to(department, april, at("2012-04-26"))  # the day of the book is over: it is put up again
    await answer_everything(department, but=("cards[10]/keep[10]",))

    found, outcome = await seen(department, case), SarOutcome.model_validate((await case_of(department, case)).result)
    assert found.card == outcome.final.card
    assert found.sent_at == outcome.sent_on
    assert {n: cell.state for n, cell in found.cells.items()} == {
        "1.1.1": CellState.CERTIFIED, "7": CellState.LATE, "10": CellState.NOT_REPORTED, "11": CellState.INACTIVE,
    }  # fmt: skip
    assert {card.number: card.late for card in outcome.final.cards} == {"1.1.1": False, "7": True}


async def test_a_year_on_its_board_is_the_year_of_its_flow(department: Stage, april: ClockThatIsSet) -> None:
    """A year that is opened in April goes through its negotiation at once, then through a round and a month."""

    async def year() -> tuple[YearRecords, YearBoard]:
        async with department.runtime.ledger.read() as connection:
            records = await read_year(connection, department.runtime, "cdd", 2555, course=True)
        return records, board_of(records, department.runtime.policy.agreement)

    await starting.open_agreement_year(department.runtime, BOOK, actor=ACTOR)
    await settle(department)
    negotiated = {"target": "78", "weight": "41", **{f"level_{n}": str(58 + 4 * n) for n in range(1, 6)}}
    await answer_everything(department, but=("negotiate[1.1.1]",))
    await do(department, "agreement-2555-cdd", "negotiate", negotiated)
    _, agreed = await year()
    assert (agreed.rows["1.1.1"].kpi.target, agreed.rows["1.1.1"].kpi.weight) == (Decimal(78), Decimal(41))
    assert [baseline.value for baseline in agreed.rows["1.1.1"].kpi.baselines] == [70, 65]

    await answer_everything(department, but=("keep",))
    await pass_to(department, april, at("2012-04-24"))  # the day before the book is made
    _, late = await year()
    assert {cell.overdue for cell in late.rounds[0].cells.values() if cell.holders} == {True}
    await pass_to(department, april, at("2012-05-08"))
    records, board = await year()
    assert board.book == KpiBook.model_validate(records.steps[records.case.id, "keep_details"])
    assert not any(cell.holders for cell in board.rounds[0].cells.values())
    (may,) = (each for each in follow_ups(records) if each.month.month == 5)
    assert {each.light for each in may.lights.values()} == {TrafficLight.UNREPORTED}
    await answer_everything(department, but=("keep",))
    records, _ = await year()
    (may,) = (each for each in follow_ups(records) if each.month.month == 5)
    recorded = FollowUpOutcome.model_validate((await case_of(department, may.case_id)).result)
    assert tuple(may.lights.values()) == recorded.final.lights
    days = {day.planned.day: day for day in days_of(records, department.runtime.calendar)}
    signing, visit = days[YearDay.SIGNING].work, days[YearDay.VISIT_PRE]
    assert signing is not None
    assert (signing.handed_in, signing.late) == (2, True)
    assert (visit.state, visit.work is not None) == (DayState.RUNNING, True)
