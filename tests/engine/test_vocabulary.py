"""The vocabulary of flows, on the ledger and without a server: each element alone, and what replay makes of it."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest

from engine import actions
from engine.case import Case
from engine.case_run import CaseRun, Closed, Parked
from engine.errors import ReplayMismatch
from engine.process import Process, process_named
from engine.waits import message_name
from ledger import hand_offs, reading, waits
from ledger.errors import CaseIsClosed, CaseStaysClosed, HandOffIsWithdrawn
from ledger.hand_offs import Accepted, Submission
from tests.conftest import ClockThatIsSet
from tests.engine import processes
from tests.engine.driver import ACTOR, DIVISIONS, Stage
from tests.engine.processes import CARRIED_OUT, Brief, Note
from tests.ledger.scene import order


async def closed(stage: Stage, case_id: str = "case-1") -> tuple[str, ...]:
    outcome = await stage.run(case_id)
    assert isinstance(outcome, Closed), outcome
    return tuple(outcome.result["said"])


async def parked(stage: Stage, case_id: str = "case-1") -> str:
    outcome = await stage.run(case_id)
    assert isinstance(outcome, Parked), outcome
    return outcome.waiting_for


async def test_a_sequence_goes_on_from_answer_to_answer_and_carries_each_step_out_once(stage: Stage) -> None:
    CARRIED_OUT.clear()
    await stage.open("trial-sequence", Brief())
    assert "หน่วย plan" in await parked(stage)
    await stage.submit("first", {"text": "ก"})
    assert await stage.wants_run()
    assert "หน่วย div-a" in await parked(stage)
    assert not await stage.wants_run()
    await parked(stage)  # a run without news changes nothing
    assert CARRIED_OUT == ["ก"]
    await stage.submit("second", {"text": "ข"})
    assert await closed(stage) == ("ก", "ก", "ข")
    assert CARRIED_OUT == ["ก"]
    assert stage.performed.names == [
        "ส่งงาน: ตอบแบบทดสอบ → หน่วย plan หน่วย dept", "จดบันทึก", "ส่งงาน: ตอบแบบทดสอบ → หน่วย div-a หน่วย dept",
    ]  # fmt: skip


async def test_all_of_wakes_the_run_once_when_the_last_has_answered(stage: Stage) -> None:
    await stage.open("trial-everyone", Brief())
    assert "5 หน่วยงาน" in await parked(stage)
    for division in reversed(DIVISIONS[1:]):
        await stage.submit(f"answer[{division}]", {"text": division})
        assert not await stage.wants_run()
    await stage.submit("answer[div-a]", {"text": "div-a"})
    assert await stage.wants_run()
    assert await closed(stage) == DIVISIONS


async def test_a_quorum_is_decided_in_the_order_of_the_ledger_and_withdraws_the_rest(stage: Stage) -> None:
    await stage.open("trial-quorum", Brief(enough=2))
    await parked(stage)
    late = (await stage.open_work())["answer[div-a]"]
    for division in ("div-d", "div-b", "div-e"):
        await stage.submit(f"answer[{division}]", {"text": division})
    assert await closed(stage) == ("div-d", "div-b")
    with pytest.raises(HandOffIsWithdrawn):
        await stage.intake.submit(late.id, {"text": "สาย"}, officer="div-a.1", through="test")


@pytest.mark.parametrize("answered", [True, False])
async def test_a_race_against_time_is_won_by_whichever_came_first(
    stage: Stage, clock: ClockThatIsSet, answered: bool
) -> None:
    await stage.open("trial-race", Brief(until=clock.moment + timedelta(hours=1)))
    await parked(stage)
    if answered:
        await stage.submit("answer", {"text": "ทัน"})
    clock.advance(hours=2)
    await stage.sweep()
    await parked(stage)
    assert set(await stage.open_work()) == {"after"}
    await stage.submit("after", {"text": "ต่อ"})
    assert await closed(stage) == (("answer" if answered else "late"), "ต่อ")


async def test_branches_go_on_independently_and_repeat_their_elements(stage: Stage) -> None:
    await stage.open("trial-branches", Brief())
    await parked(stage)
    await stage.submit("reports[div-b]/draft", {"text": "ร่าง 1"})
    await parked(stage)
    await stage.submit("reports[div-b]/check", {"text": "แก้"})
    await parked(stage)
    assert set(await stage.open_work()) == {
        "reports[div-a]/draft", "reports[div-b]/draft#2", "reports[div-c]/draft",
    }  # fmt: skip
    for key in ("reports[div-a]/draft", "reports[div-b]/draft#2", "reports[div-c]/draft"):
        await stage.submit(key, {"text": "ร่าง"})
    await parked(stage)
    for key in ("reports[div-a]/check", "reports[div-b]/check#2", "reports[div-c]/check"):
        await stage.submit(key, {"text": "ok"})
    assert await closed(stage) == ("ร่าง:ok", "ร่าง:ok", "ร่าง:ok")


async def test_work_opened_in_one_go_is_one_task_run(stage: Stage) -> None:
    await stage.open("trial-everyone", Brief())
    await parked(stage)
    assert stage.performed.names == ["ส่งงาน: ตอบแบบทดสอบ (5 รายการ)"]


async def test_a_signal_is_heard_by_who_listens_to_its_topic_now_and_by_nobody_later(stage: Stage) -> None:
    async def broadcast(topic: str) -> int:
        async with stage.runtime.ledger.begin() as work:
            name = message_name(Note, topic)
            listeners, said = await waits.listening(work, name), {"text": topic}
            heard = await waits.signal(work, listeners, name=name, payload=said, sender="test", actor=ACTOR)
            await work.commit()
        return heard

    for case_id in ("case-1", "case-2"):
        await stage.open("trial-signal", Brief(), case_id=case_id)
        await parked(stage, case_id)
    await stage.submit("first", {"text": "ก"})
    assert await broadcast("ก") == 0, "nobody listens yet"
    await parked(stage)
    assert await broadcast("ข") == 0, "nobody listens to this"
    await stage.submit("first", {"text": "ก"}, case_id="case-2")
    await parked(stage, "case-2")
    assert await broadcast("ก") == 2
    assert [await closed(stage, case_id) for case_id in ("case-1", "case-2")] == [("ก",), ("ก",)]
    assert await broadcast("ก") == 0


async def test_a_forked_branch_takes_messages_until_the_flow_ends_it(stage: Stage) -> None:
    await stage.open("trial-fork", Brief())
    await actions.send_message(stage.runtime, "case-1", Note(text="ก่อนเริ่ม"), sender="test", actor=ACTOR)
    await parked(stage)
    await actions.send_message(stage.runtime, "case-1", Note(text="ระหว่างทาง"), sender="test", actor=ACTOR)
    assert await stage.wants_run()
    await parked(stage)
    await stage.submit("stop", {})
    await parked(stage)
    await actions.send_message(stage.runtime, "case-1", Note(text="ไม่มีใครฟัง"), sender="test", actor=ACTOR)
    assert not await stage.wants_run()
    await stage.submit("last", {"text": "จบ"})
    assert await closed(stage) == ("ก่อนเริ่ม", "ระหว่างทาง", "จบ")


async def test_a_branch_reads_what_others_share_when_they_have_taken_in_what_is_recorded(stage: Stage) -> None:
    """In the replay that follows the answer this branch comes to the place before the listening one has begun."""
    await stage.open("trial-shared", Brief())
    await parked(stage)
    for text in ("หนึ่ง", "สอง"):
        await actions.send_message(stage.runtime, "case-1", Note(text=text), sender="test", actor=ACTOR)
        await parked(stage)
    await stage.submit("when", {"text": "พร้อม"})
    (said,) = await closed(stage)
    assert said.partition("@")[0] == "หนึ่ง, สอง"


async def test_a_called_case_returns_its_result_and_wakes_its_parent(stage: Stage) -> None:
    await stage.open("trial-listener", Brief(), case_id="listener")
    await parked(stage, "listener")
    await stage.open("trial-parent", Brief())
    await parked(stage)
    await parked(stage, "case-1-child")
    await stage.submit("answer", {"text": "ผล"}, case_id="case-1-child")
    assert not await stage.wants_run("case-1")
    assert await closed(stage, "case-1-child") == ("ผล",)
    assert await stage.wants_run("case-1")
    assert await closed(stage) == ("ผล",)
    assert await closed(stage, "listener") == ("ผล",)


async def test_a_called_case_that_ends_and_whoever_locks_it_with_its_caller_do_not_wait_in_a_circle(
    stage: Stage,
) -> None:
    await _call_about_to_return(stage)
    await _overtaken_at_the_lock(stage, stage.run("case-1-child"))
    assert await stage.wants_run("case-1")


async def test_cancelling_a_called_case_waits_for_whoever_locks_it_with_its_caller(stage: Stage) -> None:
    await stage.open("trial-sender", Brief())
    await parked(stage)
    cancelling = actions.cancel_case(stage.runtime, "case-1-first", reason="ยกเลิก", actor=ACTOR)
    await _overtaken_at_the_lock(stage, cancelling, child="case-1-first")
    assert (await stage.kinds("case-1-first"))[-1] == "case:cancel"


async def _call_about_to_return(stage: Stage) -> None:
    await stage.open("trial-parent", Brief())
    await parked(stage)
    await parked(stage, "case-1-child")
    await stage.submit("answer", {"text": "ผล"}, case_id="case-1-child")


async def _overtaken_at_the_lock(
    stage: Stage, ending: Coroutine[Any, Any, object], *, child: str = "case-1-child"
) -> None:
    """While the caller is held, somebody asks for both cases, and then the child ends."""

    async def both() -> None:
        async with stage.runtime.ledger.begin() as work:
            await work.lock("case-1", child)
            await work.commit()

    async with stage.runtime.ledger.begin() as work:
        await work.lock("case-1")
        rival = asyncio.create_task(both())
        await asyncio.sleep(0.1)
        ends = asyncio.create_task(ending)
        await asyncio.sleep(0.3)
    await asyncio.gather(rival, ends)


async def test_a_case_of_a_process_that_ends_for_good_cannot_be_reopened(stage: Stage) -> None:
    await stage.open("trial-child", Brief())
    while isinstance(await stage.run(), Parked):
        for key in await stage.open_work():
            await stage.submit(key, {})
    before = await stage.kinds()
    assert before[-1] == "case:close"
    with pytest.raises(CaseStaysClosed):
        await actions.reopen_case(stage.runtime, "case-1", reason="เปิดใหม่", actor=ACTOR)
    assert await stage.kinds() == before


async def test_a_closed_case_goes_on_where_it_ended_when_it_is_reopened(stage: Stage) -> None:
    await stage.open("trial-reopened", Brief())
    await parked(stage)
    await stage.submit("work", {})
    assert await closed(stage) == ("1",)
    await actions.reopen_case(stage.runtime, "case-1", reason="รายงานไม่ครบ", actor=ACTOR)
    await parked(stage)
    assert set(await stage.open_work()) == {"work#2"}
    await stage.submit("work#2", {})
    assert await closed(stage) == ("2",)


async def test_cancelling_withdraws_open_work_and_the_case_takes_nothing_more(stage: Stage) -> None:
    await stage.open("trial-sequence", Brief())
    await parked(stage)
    held = (await stage.open_work())["first"]
    await actions.cancel_case(stage.runtime, "case-1", reason="รัฐมนตรียกเลิก", actor=ACTOR)
    assert await stage.open_work() == {}
    with pytest.raises(HandOffIsWithdrawn):
        await stage.intake.submit(held.id, {"text": "ก"}, officer="plan.1", through="test")
    with pytest.raises(CaseIsClosed):
        await actions.cancel_case(stage.runtime, "case-1", reason="อีกครั้ง", actor=ACTOR)


async def test_what_is_handed_in_or_opened_while_a_case_is_being_cancelled_is_seen(stage: Stage) -> None:
    """Whoever holds the case finishes first: the receipt holds, and what was opened does not outlive the case."""
    await stage.open("trial-sequence", Brief())
    await parked(stage)
    held = (await stage.open_work())["first"]
    async with stage.runtime.ledger.begin() as work:
        await work.lock("case-1")
        cancelling = asyncio.create_task(actions.cancel_case(stage.runtime, "case-1", reason="ยกเลิก", actor=ACTOR))
        await asyncio.sleep(0.1)
        handed_in = Submission(hand_off=held.id, case_id="case-1", data={"text": "ก"}, actor=ACTOR)
        (receipt,) = await hand_offs.submit_all(work, [handed_in])
        assert isinstance(receipt, Accepted)
        hand_offs.open_hand_off(work, "case-1", order("second", unit="plan", subject="case-1"), actor=ACTOR)
        await work.commit()
    await cancelling
    async with stage.runtime.ledger.read() as connection:
        found = await reading.hand_offs_of_case(connection, "case-1")
        told = [m.hand_off_id for m in await reading.mails_of_case(connection, "case-1") if m.folder == "withdrawn"]
    assert {each.key: each.state for each in found} == {"first": "submitted", "second": "withdrawn"}
    assert told == [hand_offs.hand_off_id("case-1", "second")]


async def test_changed_code_under_an_open_case_stops_with_both_keys_named(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.open("trial-sequence", Brief())
    await parked(stage)

    async def renamed(case: Case[Brief]) -> processes.Outcome:
        await case.hand_off("premier", to="plan", form=processes.Answer)
        return processes.Outcome()

    standing = process_named("trial-sequence")
    changed = Process(**{name: getattr(standing, name) for name in Process.__slots__} | {"function": renamed})
    monkeypatch.setattr("engine.case_run.process_named", lambda *_: changed)
    with pytest.raises(ReplayMismatch) as stopped:
        await stage.run()
    assert (stopped.value.held, stopped.value.met) == ("first", "premier")


async def test_code_that_ends_early_is_a_mismatch_too(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await stage.open("trial-sequence", Brief())
    await parked(stage)

    async def shortened(case: Case[Brief]) -> processes.Outcome:
        return processes.Outcome()

    standing = process_named("trial-sequence")
    changed = Process(**{name: getattr(standing, name) for name in Process.__slots__} | {"function": shortened})
    monkeypatch.setattr("engine.case_run.process_named", lambda *_: changed)
    with pytest.raises(ReplayMismatch, match="first"):
        await stage.run()


@pytest.mark.parametrize("process", ["trial-branches", "trial-fork", "trial-everyone", "trial-quorum"])
async def test_what_a_run_held_is_gone_with_it_without_the_garbage_collector(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, process: str
) -> None:
    """A worker's collector comes seldom; runs of large cases must not pile up until it does."""
    runs: list[weakref.ref[CaseRun]] = []
    at_first = CaseRun.__init__

    def remembered(self: CaseRun, *args: Any, **kwargs: Any) -> None:
        at_first(self, *args, **kwargs)
        runs.append(weakref.ref(self))

    monkeypatch.setattr(CaseRun, "__init__", remembered)
    await stage.open(process, Brief())
    gc.disable()
    try:
        await parked(stage)
        await asyncio.sleep(0)
        assert [run() for run in runs] == [None]
    finally:
        gc.enable()


async def test_a_race_that_is_won_before_its_other_members_were_opened_is_replayed(
    stage: Stage, clock: ClockThatIsSet
) -> None:
    """The timer that lost was never written into the ledger; a replay must not ask for it."""
    await stage.open("trial-early-winner", Brief(until=clock.moment + timedelta(hours=1)))
    await parked(stage)
    await parked(stage)
    await stage.submit("after", {"text": "ต่อ"})
    assert await closed(stage) == ("now", "ต่อ")
