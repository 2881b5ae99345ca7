"""What the board reads in the keys of hand-offs is what the flows write into them."""

from __future__ import annotations

from ledger import boards
from portal.board import Board, State, board_of
from portal.board_wording import order_of
from tests.conftest import ClockThatIsSet
from tests.engine.driver import Stage
from tests.flows.people import at, do, pass_to
from tests.flows.test_framework import KPIS, PROVINCES, adopted, workshop


async def seen(stage: Stage, case: str) -> Board:
    ledger, units = stage.runtime.ledger, [unit.id for unit in stage.runtime.directory.units()]
    async with ledger.read() as connection:
        cases, work = await boards.family(connection, case, concerning=None)
        return board_of(cases, work, units, order_of, await ledger.clock.now(connection))


async def test_a_province_has_one_row_from_the_circular_to_its_adoption(
    ministry: Stage, september: ClockThatIsSet
) -> None:
    case = await workshop(ministry, september)
    await adopted(ministry, case, "oja", advice="ควรเพิ่มค่าเป้าหมาย")
    await do(ministry, case, "draft", {"kpis": KPIS}, unit="dept-plan")
    await do(ministry, f"circular-{case}", "acknowledge", {}, unit="dept-plan")
    board = await seen(ministry, case)
    offices = [f"{province}-plan" for province in PROVINCES]
    places = {unit.id: unit.seq for unit in ministry.runtime.directory.units()}
    assert [row.unit for row in board.rows] == sorted(offices, key=lambda unit: places[unit])
    assert [(part.process, [step.element for step in part.steps]) for part in board.parts] == [
        ("kpi-framework", ["draft", "advise", "revise", "adopt"]), ("circular", ["acknowledge"]),
    ]  # fmt: skip
    rows = {row.unit: {step.element: cell.shown.state for step, cell in row.cells.items()} for row in board.rows}
    done = dict.fromkeys(("draft", "advise", "revise", "adopt"), State.DONE)
    assert rows["oja-plan"] == done | {"acknowledge": State.OVERDUE}
    assert rows["dept-plan"] == {"draft": State.DONE, "advise": State.OPEN, "acknowledge": State.LATE}
    assert rows["dept2-plan"] == {"draft": State.OPEN, "acknowledge": State.OVERDUE}
    # The drafting of the framework, and who is asked what becomes of the missing receipts.
    assert [(step.element, cell.shown.state) for step, cell in board.around] == [
        ("draft_framework", State.DONE), ("chase", State.OPEN),
    ]  # fmt: skip
    waiting = {each.step.element: each for each in board.outstanding()}
    assert {row.unit for each in waiting.values() for row, _ in each.rows} == set(offices)
    assert [(row.unit, entry.work.unit) for row, entry in waiting["advise"].rows] == [("dept-plan", "ops-psd")]


async def test_work_that_comes_late_stays_late_on_the_board(ministry: Stage, september: ClockThatIsSet) -> None:
    case = await workshop(ministry, september)
    await pass_to(ministry, september, at("2019-09-23"))
    await adopted(ministry, case, "dept")
    row = next(row for row in (await seen(ministry, case)).rows if row.unit == "dept-plan")
    draft = next(cell for step, cell in row.cells.items() if step.element == "draft").shown
    assert (draft.state, draft.days) == (State.LATE, 4)


async def test_what_was_taken_back_when_its_moment_had_come_has_lapsed(
    ministry: Stage, september: ClockThatIsSet
) -> None:
    case = f"circular-{await workshop(ministry, september)}"
    await do(ministry, case, "acknowledge", {}, unit="dept-plan")
    await do(ministry, case, "chase", {"decision": "close", "note": "แจ้งทางโทรศัพท์แล้ว"})
    board = await seen(ministry, case)
    states = {row.unit: cell.shown.state for row in board.rows for cell in row.cells.values()}
    assert (states["dept-plan"], states["oja-plan"]) == (State.LATE, State.LAPSED)
    assert (board.outstanding(), board.lapsed()) == ((), sum(state is State.LAPSED for state in states.values()))
    assert {row.unit for row in board.rows if row.overdue} == set(states) - {"dept-plan"}
