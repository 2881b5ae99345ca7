"""Verbs on a case: each adds one event to each chain that it changes, and the rows follow."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from ledger import cases, documents, hand_offs, reading, tables, waits
from ledger.errors import CaseExists, CaseIsClosed, CaseIsNotClosed, LedgerError
from ledger.hand_offs import hand_off_id
from ledger.work import Ledger, Work
from tests.ledger.scene import (
    CUT_OFF,
    DIRECTIVE,
    FLOW,
    SOMCHAI,
    SUDA,
    WEEK,
    handed_off,
    kinds,
    new_case,
    opened,
    order,
    rows,
    story,
    submission,
    woken,
)  # fmt: skip

Verb = Callable[[Work], Awaitable[object]]


async def _plainly(verb: Callable[[], object]) -> object:
    return verb()


async def _withdraw(work: Work) -> None:
    found = [await reading.hand_off(work.connection, hand_off_id(DIRECTIVE, "report"))]
    await hand_offs.withdraw(work, found, reason="ยกเลิก", actor=SOMCHAI)


async def _attach(work: Work) -> None:
    digest = await documents.put(work, b"%PDF", "application/pdf")
    await documents.attach(
        work, DIRECTIVE, name="a.pdf", sha256=digest, media_type="application/pdf", size=4, actor=SUDA
    )


async def _fire(work: Work) -> None:
    await waits.fire_timers(work, await waits.due_timers(work, limit=9), actor=FLOW)


ELEMENT: dict[str, Any] = {"element": "e", "branch": "", "gate": None, "actor": FLOW}
VERBS: dict[str, tuple[str, str, Verb]] = {
    # verb: (kinds added to the directive, kinds added to the week that called it, what is done)
    "close": (
        "case:close", "call:return",
        lambda w: cases.close_case(w, DIRECTIVE, key="end", branch="", result=1, actor=FLOW),
    ),
    "cancel": ("case:cancel", "call:return", lambda w: cases.cancel_case(w, DIRECTIVE, reason="ยกเลิก", actor=SOMCHAI)),
    "supersede": (
        "case:supersede", "call:return",
        lambda w: cases.cancel_case(w, DIRECTIVE, reason="แทน", actor=SOMCHAI, superseded_by="d-2"),
    ),
    "phase": ("case:phase", "", lambda w: cases.note_phase(w, DIRECTIVE, phase="reporting", actor=FLOW)),
    "record": ("case:record", "", lambda w: cases.record(w, DIRECTIVE, what="x", content={}, actor=FLOW)),
    "hand off": (
        "hand_off:open", "",
        lambda w: _plainly(lambda: hand_offs.open_hand_off(w, DIRECTIVE, order("other"), actor=FLOW)),
    ),
    "submit": ("hand_off:submit", "", lambda w: hand_offs.submit_all(w, [submission("report")])),
    "withdraw": ("hand_off:withdraw", "", _withdraw),
    "gate": ("gate:open", "", lambda w: _plainly(lambda: waits.open_gate(w, DIRECTIVE, key="g", need=2, actor=FLOW))),
    "timer": (
        "timer:set", "",
        lambda w: _plainly(lambda: waits.set_timer(w, DIRECTIVE, key="t", at=CUT_OFF, **ELEMENT)),
    ),
    "fire": ("timer:fire", "", _fire),
    "await": ("message:await", "", lambda w: waits.await_message(w, DIRECTIVE, key="m", name="opinion", **ELEMENT)),
    "message that nobody awaits": (
        "message:arrive", "",
        lambda w: waits.deliver_message(w, DIRECTIVE, name="opinion", payload={}, sender="", actor=FLOW),
    ),
    "message that is awaited": (
        "message:arrive message:take", "",
        lambda w: waits.deliver_message(w, DIRECTIVE, name="completed", payload={}, sender="", actor=FLOW),
    ),
    "call": (
        "call:start", "",
        lambda w: _plainly(lambda: waits.start_call(w, DIRECTIVE, key="c", child="x", **ELEMENT)),
    ),
    "cancel a wait": (
        "wait:cancel", "",
        lambda w: _plainly(lambda: waits.cancel_wait(w, DIRECTIVE, key="due", reason="", actor=FLOW)),
    ),
    "attach": ("document:add", "", _attach),
}  # fmt: skip


async def _scene(ledger: Ledger) -> None:
    """A directive that a week has called; a report, a timer that is due and a message are awaited."""
    await opened(ledger, WEEK)
    async with ledger.begin() as work:
        await work.lock(WEEK)
        waits.start_call(work, WEEK, key="call", child=DIRECTIVE, **ELEMENT)
        await cases.open_case(work, new_case(parent=(WEEK, "call")), actor=FLOW)
        waits.set_timer(work, DIRECTIVE, key="due", at=work.now, **ELEMENT)
        await waits.await_message(work, DIRECTIVE, key="done", name="completed", **ELEMENT)
        await work.commit()
    await handed_off(ledger, order("report"))


@pytest.mark.parametrize("name", VERBS)
async def test_each_verb_writes_exactly_its_events(ledger: Ledger, name: str) -> None:
    of_the_directive, of_the_week, verb = VERBS[name]
    await _scene(ledger)
    before = len(await kinds(ledger)), len(await kinds(ledger, WEEK))
    async with ledger.begin() as work:
        await work.lock(DIRECTIVE)
        await verb(work)
        await work.commit()
    assert await kinds(ledger, after=before[0]) == of_the_directive.split()
    assert await kinds(ledger, WEEK, after=before[1]) == of_the_week.split()


# --- opening -----------------------------------------------------------------------------------------------


async def test_an_opened_case_is_read_as_it_was_told_and_wants_a_run(ledger: Ledger) -> None:
    assert await opened(ledger)
    async with ledger.read() as connection:
        case = await reading.case(connection, DIRECTIVE)
    assert (case.process, case.version, case.data, case.units) == (
        "directive", 1, {"no": "2561-0007"}, ("agency", "division"),
    )  # fmt: skip
    assert (case.state, case.phase, case.facts, case.fiscal_year_be, case.head_seq) == ("open", "", {}, 2561, 1)
    assert await woken(ledger)


async def test_opening_the_same_case_twice_writes_nothing_the_second_time(ledger: Ledger) -> None:
    assert [await opened(ledger), await opened(ledger)] == [True, False]
    assert await kinds(ledger) == ["case:open"]


async def test_opening_the_same_case_twice_in_one_unit_of_work_writes_it_once(ledger: Ledger) -> None:
    async with ledger.begin() as work:
        assert [await cases.open_case(work, new_case(), actor=FLOW) for _ in range(2)] == [True, False]
        await work.commit()
    assert await kinds(ledger) == ["case:open"]


async def test_of_two_that_open_the_same_case_at_once_one_does(ledger: Ledger) -> None:
    async with ledger.begin() as work:
        assert await cases.open_case(work, new_case(), actor=FLOW)
        rival = asyncio.create_task(opened(ledger))
        await asyncio.sleep(0.05)
        await work.commit()
    assert not await rival
    assert await kinds(ledger) == ["case:open"]


async def test_a_case_with_other_data_under_the_same_id_is_refused(ledger: Ledger) -> None:
    await opened(ledger)
    with pytest.raises(CaseExists):
        await opened(ledger, data={"no": "2561-0008"})


# --- ending ------------------------------------------------------------------------------------------------


async def test_closing_a_case_keeps_its_result_and_returns_to_the_case_that_called(ledger: Ledger) -> None:
    await story(ledger)
    async with ledger.read() as connection:
        directive = await reading.case(connection, DIRECTIVE)
        returned = (await reading.history(connection, WEEK))[-1]
    assert (directive.state, directive.result) == ("completed", {"ending": "completed"})
    assert returned.content == {
        "child": DIRECTIVE, "state": "completed", "result": {"ending": "completed"}, "gate": None,
    }  # fmt: skip
    assert await woken(ledger, WEEK)


async def test_a_case_that_ended_does_not_wake_a_caller_that_was_cancelled(ledger: Ledger) -> None:
    await _scene(ledger)
    async with ledger.begin() as work:
        await cases.cancel_case(work, WEEK, reason="ยกเลิก", actor=SOMCHAI)
        await work.commit()
    async with ledger.begin() as work:
        await cases.close_case(work, DIRECTIVE, key="end", branch="", result=None, actor=FLOW)
        await work.commit()
    assert (await kinds(ledger, WEEK))[-1] == "case:cancel"
    assert not await woken(ledger, WEEK)


async def test_a_cancelled_case_is_shown_as_ended(ledger: Ledger) -> None:
    await opened(ledger)
    async with ledger.begin() as work:
        await cases.cancel_case(work, DIRECTIVE, reason="ยกเลิกข้อสั่งการ", actor=SOMCHAI)
        await work.commit()
    assert await rows(ledger, tables.cases, "state", "wanted") == [("cancelled", "end")]


@pytest.mark.parametrize("verb", ["close", "cancel", "supersede"])
async def test_a_closed_case_cannot_end_again(ledger: Ledger, verb: str) -> None:
    await story(ledger)
    before = await kinds(ledger)
    async with ledger.begin() as work:
        with pytest.raises(CaseIsClosed):
            await VERBS[verb][2](work)
        await work.commit()
    assert await kinds(ledger) == before


async def test_a_completed_case_is_taken_up_again_with_a_new_run(ledger: Ledger) -> None:
    await story(ledger)
    async with ledger.begin() as work:
        await work.lock(DIRECTIVE)
        work.set_run(DIRECTIVE, flow_run_id="8c1d", run_state="closed")
        await work.commit()
    async with ledger.begin() as work:
        await cases.reopen_case(work, DIRECTIVE, reason="รายงานคลาดเคลื่อน", actor=SOMCHAI)
        await work.commit()
    async with ledger.read() as connection:
        case = await reading.case(connection, DIRECTIVE)
    assert (case.state, case.closed_at, case.result, case.flow_run_id, case.run_state) == (
        "open",
        None,
        None,
        None,
        "none",
    )
    assert await woken(ledger)


async def test_only_a_completed_case_can_be_reopened(ledger: Ledger) -> None:
    await opened(ledger)
    async with ledger.begin() as work:
        with pytest.raises(CaseIsNotClosed):
            await cases.reopen_case(work, DIRECTIVE, reason="", actor=SOMCHAI)


def _all_errors(base: type[LedgerError]) -> list[type[LedgerError]]:
    return [error for sub in base.__subclasses__() for error in (sub, *_all_errors(sub))]


@pytest.mark.parametrize("error", _all_errors(LedgerError), ids=lambda error: error.__name__)
def test_every_error_says_itself_in_both_languages(error: type[LedgerError]) -> None:
    assert error.__doc__
    assert (error.th, error.en) != (LedgerError.th, LedgerError.en)
    assert not error.th.isascii()
    assert error.en.isascii() or "«" in error.en
