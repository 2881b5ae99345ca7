"""What pages ask: the right rows, in one order, by one query."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from ledger import reading
from ledger.errors import UnknownCase, UnknownHandOff
from ledger.reading import Count, Workload
from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.ledger.scene import (
    CUT_OFF,
    DIRECTIVE,
    FLOW,
    REPORT,
    WEEK,
    handed_off,
    opened,
    order,
    statements,
    story,
    submission,
    submitted,
    withdrawn,
)  # fmt: skip


async def register(ledger: Ledger, clock: ClockThatIsSet) -> None:
    """Four cases, opened one day after the other; the last one in the next fiscal year."""
    await opened(ledger, "d-1", title="เร่งรัดการใช้จ่าย 100% ของงบ", units=("agency_a",), data={"text": 'คำว่า "ด่วน"'})
    clock.advance(days=1)
    await opened(ledger, "d-2", title="Digital ID", units=("agencyxa", "division"), data={"text": "ก\nข"})
    clock.advance(days=1)
    await opened(ledger, "week", process="week", title="สัปดาห์", units=(), data={})
    clock.advance(days=180)
    await opened(ledger, "d-3", title="ต้นปีงบประมาณ", units=("agency_a",), data={})


FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["d-3", "week", "d-2", "d-1"]),
    ({"process": "directive"}, ["d-3", "d-2", "d-1"]),
    ({"process": "week"}, ["week"]),
    ({"state": "open"}, ["d-3", "week", "d-2", "d-1"]),
    ({"state": "completed"}, []),
    ({"phase": ""}, ["d-3", "week", "d-2", "d-1"]),
    ({"fiscal_year_be": 2561}, ["week", "d-2", "d-1"]),
    ({"fiscal_year_be": 2562}, ["d-3"]),
    ({"unit": "agency_a"}, ["d-3", "d-1"]),
    ({"unit": "agency"}, []),
    ({"text": "งบ"}, ["d-3", "d-1"]),
    ({"text": "DIGITAL"}, ["d-2"]),
    ({"text": "100%"}, ["d-1"]),
    ({"text": "%"}, ["d-1"]),
    ({"text": "_"}, []),
    ({"text": '"ด่วน"'}, ["d-1"]),
    ({"text": "ก\nข"}, ["d-2"]),
    ({"text": "D-3"}, ["d-3"]),
    ({"text": "ใช้จ่าย", "unit": "agency_a", "process": "directive"}, ["d-1"]),
]


@pytest.mark.parametrize(("wanted", "found"), FILTERS, ids=str)
async def test_cases_are_found_by(
    ledger: Ledger, clock: ClockThatIsSet, wanted: dict[str, Any], found: list[str]
) -> None:
    await register(ledger, clock)
    async with ledger.read() as connection:
        assert [case.id for case in await reading.cases_where(connection, limit=10, **wanted)] == found
        assert await reading.count_cases_where(connection, **wanted) == len(found)


async def test_pages_of_cases_join_without_gap_or_repetition(ledger: Ledger) -> None:
    ids = [f"d-{n}" for n in range(7)]
    for case_id in reversed(ids):
        await opened(ledger, case_id)
    async with ledger.read() as connection:
        pages = [await reading.cases_where(connection, limit=3, offset=offset) for offset in (0, 3, 6)]
    assert [[case.id for case in page] for page in pages] == [ids[:3], ids[3:6], ids[6:]]


async def test_cases_are_counted_by_where_they_stand(ledger: Ledger, clock: ClockThatIsSet) -> None:
    await register(ledger, clock)
    await story(ledger)
    async with ledger.read() as connection:
        assert await reading.counts(connection, fiscal_year_be=2561) == (
            Count(process="directive", state="open", phase="", cases=2),
            Count(process="week", state="open", phase="", cases=1),
        )
        assert Count(process="directive", state="completed", phase="reporting", cases=1) in await reading.counts(
            connection
        )


# --- the inbox ---------------------------------------------------------------------------------------------


async def inbox(ledger: Ledger, clock: ClockThatIsSet) -> None:
    await opened(ledger)
    dues = {"tomorrow": CUT_OFF + timedelta(days=1), "today": CUT_OFF}
    for key, due, urgency in [
        ("undated", None, "most_urgent"),
        ("today, normal", "today", "normal"),
        ("tomorrow, most urgent", "tomorrow", "most_urgent"),
        ("today, urgent", "today", "urgent"),
        ("today, most urgent", "today", "most_urgent"),
        ("today, very urgent", "today", "very_urgent"),
        ("today, normal, younger", "today", "normal"),
    ]:
        clock.advance(minutes=1)
        await handed_off(ledger, order(key, due_at=dues[due] if due else None, urgency=urgency))
    await handed_off(ledger, order("of others", unit="elsewhere"))


async def test_in_the_inbox_what_is_due_first_comes_first_then_what_is_urgent(
    ledger: Ledger, clock: ClockThatIsSet
) -> None:
    await inbox(ledger, clock)
    async with ledger.read() as connection:
        found = await reading.inbox(connection, {"division"}, limit=10)
    assert [one.key for one in found] == [
        "today, most urgent", "today, very urgent", "today, urgent", "today, normal", "today, normal, younger",
        "tomorrow, most urgent", "undated",
    ]  # fmt: skip


async def test_the_inbox_is_of_the_units_and_states_that_were_asked_for(ledger: Ledger, clock: ClockThatIsSet) -> None:
    await inbox(ledger, clock)
    await submitted(ledger, submission("undated"))
    await withdrawn(ledger, "today, normal")
    async with ledger.read() as connection:
        assert await reading.inbox(connection, [], limit=10) == ()
        assert len(await reading.inbox(connection, ["division", "elsewhere"], limit=10)) == 6
        assert len(await reading.inbox(connection, ["division"], limit=2, offset=4)) == 1
        closed = await reading.inbox(connection, ["division"], states=("submitted", "withdrawn"), limit=10)
    assert [one.key for one in closed] == ["today, normal", "undated"]


async def test_the_workload_of_units_tells_what_is_late(ledger: Ledger, clock: ClockThatIsSet) -> None:
    await inbox(ledger, clock)
    async with ledger.read() as connection:
        assert await reading.workloads(connection, ["division", "elsewhere", "idle"], CUT_OFF) == (
            Workload(unit="division", open=7, late=0), Workload(unit="elsewhere", open=1, late=0),
        )  # fmt: skip
        assert await reading.workloads(connection, ["division"], CUT_OFF + timedelta(seconds=1)) == (
            Workload(unit="division", open=7, late=5),
        )


# --- one case ----------------------------------------------------------------------------------------------


async def test_what_is_unknown_is_said_so(ledger: Ledger) -> None:
    async with ledger.read() as connection:
        with pytest.raises(UnknownCase):
            await reading.case(connection, DIRECTIVE)
        with pytest.raises(UnknownHandOff):
            await reading.hand_off(connection, "0" * 20)


async def test_work_of_a_case_comes_in_the_order_in_which_it_was_handed_off(ledger: Ledger) -> None:
    await story(ledger)
    async with ledger.read() as connection:
        found = await reading.hand_offs_of_case(connection, DIRECTIVE)
    assert [(one.key, one.state) for one in found] == [
        ("report/1", "submitted"), ("report/2", "withdrawn"), ("report/3", "open"), ("report/4", "open"),
    ]  # fmt: skip


async def test_work_about_a_directive_is_found_in_the_weeks_too(ledger: Ledger, clock: ClockThatIsSet) -> None:
    await opened(ledger)
    await opened(ledger, WEEK)
    await handed_off(ledger, order("report/2561-0007"), case_id=WEEK)
    clock.advance(days=1)
    await handed_off(ledger, order("receive"))
    await handed_off(ledger, order("other", subject="directive-2561-0008"))
    async with ledger.read() as connection:
        found = await reading.hand_offs_of_subject(connection, DIRECTIVE)
    assert [(one.case_id, one.key) for one in found] == [(WEEK, "report/2561-0007"), (DIRECTIVE, "receive")]


async def test_work_of_several_cases_is_told_apart_and_some_of_it_left_out(ledger: Ledger) -> None:
    await opened(ledger)
    await opened(ledger, WEEK)
    await handed_off(ledger, order("receive", element="receive"), order("report/1"))
    await handed_off(ledger, order("report/2"), case_id=WEEK)
    async with ledger.read() as connection:
        found = await reading.hand_offs_of_cases(connection, [WEEK, DIRECTIVE, "nothing"])
        some = await reading.hand_offs_of_cases(connection, [DIRECTIVE], but=("report",))
    assert {case: [one.key for one in work] for case, work in found.items()} == {
        DIRECTIVE: ["receive", "report/1"], WEEK: ["report/2"], "nothing": [],
    }  # fmt: skip
    assert [one.key for one in some[DIRECTIVE]] == ["receive"]


async def test_open_work_of_a_case_and_of_those_that_it_called_comes_by_its_due_day(ledger: Ledger) -> None:
    await opened(ledger, WEEK)
    await opened(ledger, parent=(WEEK, "call"))
    await opened(ledger, "directive-2561-0008")
    await handed_off(ledger, order("undated", due_at=None), order("late", due_at=CUT_OFF + timedelta(days=1)))
    await handed_off(ledger, order("early"), order("done"), case_id=WEEK)
    await handed_off(ledger, order("elsewhere"), case_id="directive-2561-0008")
    await submitted(ledger, submission("done", case_id=WEEK))
    async with ledger.read() as connection:
        found = await reading.open_work_of_family(connection, WEEK)
        assert await reading.open_work_of_family(connection, "nothing") == ()
    assert [(one.case_id, one.key) for one in found] == [(WEEK, "early"), (DIRECTIVE, "late"), (DIRECTIVE, "undated")]


async def test_what_steps_have_recorded_is_found_by_case_and_key(ledger: Ledger) -> None:
    await opened(ledger)
    await opened(ledger, WEEK)
    async with ledger.begin() as work:
        await work.lock(DIRECTIVE, WEEK)
        for case_id, key, result in (
            (DIRECTIVE, "look_up", {"th": "กรม"}),
            (DIRECTIVE, "close", 7),
            (WEEK, "close", None),
        ):
            work.append(case_id, "step:done", key, FLOW, {"element": key, "branch": "", "result": result})
        work.append(WEEK, "case:record", "look_up", FLOW, {"result": "not a step"})
        await work.commit()
    async with ledger.read() as connection:
        found = await reading.step_results(connection, [DIRECTIVE, WEEK], ["look_up", "other"])
        closed = await reading.step_results(connection, [WEEK], ["close"])
    assert found == {(DIRECTIVE, "look_up"): {"th": "กรม"}}
    assert closed == {(WEEK, "close"): None}


async def test_the_answer_is_the_form_as_it_was_submitted(ledger: Ledger) -> None:
    await story(ledger)
    async with ledger.read() as connection:
        found = await reading.hand_offs_of_case(connection, DIRECTIVE)
        assert [await reading.answer(connection, one) for one in found] == [REPORT, None, None, None]


async def test_the_history_can_be_read_on_from_any_event(ledger: Ledger) -> None:
    await story(ledger)
    async with ledger.read() as connection:
        whole = await reading.history(connection, DIRECTIVE)
        assert [event.seq for event in whole] == list(range(1, len(whole) + 1))
        assert await reading.history(connection, DIRECTIVE, after=3, limit=2) == whole[3:5]
        assert await reading.history(connection, DIRECTIVE, after=len(whole)) == ()
    assert {event.hash == event.expected_hash() for event in whole} == {True}


async def test_each_question_is_one_query_whatever_the_number_of_rows(ledger: Ledger, database: AsyncEngine) -> None:
    await opened(ledger)
    keys = [f"report/{n}" for n in range(30)]
    await handed_off(ledger, *(order(key) for key in keys))
    await submitted(ledger, *(submission(key) for key in keys))
    async with ledger.read() as connection:
        found = await reading.hand_offs_of_case(connection, DIRECTIVE)
        with statements(database) as sent:
            await reading.cases_where(connection, limit=10)
            await reading.inbox(connection, ["division"], states=("submitted",), limit=50)
            await reading.hand_offs_of_subject(connection, DIRECTIVE)
            assert await reading.answers(connection, found) == {one.id: REPORT for one in found}
            await reading.history(connection, DIRECTIVE)
    assert len(sent) == 5


NUMBERS: dict[str, tuple[tuple[str, ...], int]] = {
    "nothing was numbered": ((), 0),
    "with and without the agency": (("d_1-2561-0007", "d_1-2561-0012-a", "d_1-2561-0009-long-name"), 12),
    "another year, another prefix": (("d_1-2560-0031-a", "d_1-2561-0002-a", "dx1-2561-0044-a"), 2),
    "the last of four digits": (("d_1-2561-0007-a", "d_1-2561-9999-z"), 9_999),
    "five digits": (("d_1-2561-9999-z", "d_1-2561-10000-a", "d_1-2561-10002", "d_1-2561-10001-zz"), 10_002),
    "six digits": (("d_1-2561-9999-z", "d_1-2561-99999-a", "d_1-2561-100000-a"), 100_000),
}


@pytest.mark.parametrize("given", NUMBERS)
async def test_the_next_number_follows_the_highest_whatever_its_length_and_what_comes_after(
    ledger: Ledger, given: str
) -> None:
    ids, highest = NUMBERS[given]
    for case_id in ids:
        await opened(ledger, case_id)
    async with ledger.read() as connection:
        assert await reading.highest_number(connection, process="directive", prefix="d_1-2561-") == highest
        assert await reading.highest_number(connection, process="another", prefix="d_1-2561-") == 0
