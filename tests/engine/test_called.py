"""Called cases that are cancelled, and those that nobody waits for any more: who goes on, what ends, who is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from audit.replay import replay_cases
from engine import actions, process
from engine.case_run import CaseRun
from engine.ending import Called, called_by
from engine.errors import CalledCaseCancelled, CaseEnded
from engine.lease import claim
from engine.prefect_run import _note_failure
from ledger import cases, hand_offs, reading, tables
from ledger.errors import CalledCaseIsNeeded, HandOffIsWithdrawn
from ledger.restore import differences_everywhere
from ledger.work import Work
from tests.engine.driver import ACTOR, Stage
from tests.engine.processes import Brief
from tests.engine.test_vocabulary import closed, parked
from tests.flows.conftest import _each_unit_of_work_locks_once

assert _each_unit_of_work_locks_once  # it is used by every test here

FOUR = ("first", "second", "third", "fourth")


async def sent(stage: Stage, *, deep: int = 1) -> None:
    """Four errands are under way, each so many deep."""
    await stage.open("trial-sender", Brief(enough=deep))
    await parked(stage)
    for name in FOUR:
        case_id = f"case-1-{name}"
        for _ in range(deep):
            await parked(stage, case_id)
            case_id += "-further"


async def standing(stage: Stage) -> dict[str, str]:
    """State of every called case, by what its id says after that of the calling case."""
    c = tables.cases.c
    async with stage.runtime.ledger.read() as connection:
        rows = (await connection.execute(select(c.id, c.state).where(c.parent_id.is_not(None)))).all()
    return {row.id.removeprefix("case-1-"): row.state for row in rows}


async def told(stage: Stage, case_id: str) -> list[str]:
    """The reasons that holders of work in the case were given."""
    async with stage.runtime.ledger.read() as connection:
        found = await reading.history(connection, case_id)
        mails = [m for m in await reading.mails_of_case(connection, case_id) if m.folder == "withdrawn"]
    reasons = [event.content["reason"] for event in found if event.kind == "hand_off:withdraw"]
    assert len(mails) == len(reasons)
    return reasons


async def reason_of(stage: Stage, case_id: str) -> str:
    async with stage.runtime.ledger.read() as connection:
        (end,) = [e for e in await reading.history(connection, case_id) if e.kind == "case:cancel"]
    return str(end.content["reason"])


async def nothing_differs(stage: Stage) -> None:
    assert [str(found) async for one in replay_cases(stage.runtime) for found in one.differences] == []
    assert await differences_everywhere(stage.runtime.ledger) == ()


async def cancel(stage: Stage, case_id: str, reason: str = "งดงานนี้", **more: Any) -> None:
    await actions.cancel_case(stage.runtime, case_id, reason=reason, actor=ACTOR, **more)


@pytest.mark.parametrize("successor", [None, "case-2"])
async def test_who_does_not_need_the_result_goes_on_when_the_called_case_is_cancelled(
    stage: Stage, successor: str | None
) -> None:
    """The other of the two is still waited for."""
    await sent(stage)
    await cancel(stage, "case-1-first", superseded_by=successor)
    assert not await stage.wants_run()
    await stage.submit("hurry", {})
    await stage.submit("do", {"text": "เสร็จ"}, case_id="case-1-second")
    await closed(stage, "case-1-second")
    await parked(stage)
    await stage.submit("stop", {})
    await parked(stage)
    await nothing_differs(stage)
    await stage.submit("after", {})
    assert await closed(stage) == ("person", "first: ยกเลิก", "second: เสร็จ")
    await nothing_differs(stage)


async def failed(stage: Stage, error: Exception) -> None:
    """The run of the calling case has stopped with an error."""
    lease = await claim(stage.runtime.ledger, "case-1", runner="test", seconds=60, flow_run_id="run")
    assert lease is not None
    await _note_failure(stage.runtime, lease, error)


async def stands_still(stage: Stage) -> bool:
    async with stage.runtime.ledger.read() as connection:
        return (await reading.case(connection, "case-1")).run_state == "failed"


async def test_who_had_failed_before_the_called_case_was_cancelled_goes_on_once_it_is_taken_up(stage: Stage) -> None:
    """It is told as any other, and sleeps on; whoever takes it up finds it where it would have been."""
    await sent(stage)
    await failed(stage, ValueError("the flow's code"))
    await cancel(stage, "case-1-fourth")
    await cancel(stage, "case-1-first")
    assert (await stage.kinds()).count("call:return") == 2
    assert await stands_still(stage)
    await actions.take_up(stage.runtime, "case-1", actor=ACTOR)
    assert await stage.wants_run()
    await parked(stage)
    assert set(await stage.open_work()) == {"stop"}
    await stage.submit("do", {"text": "เสร็จ"}, case_id="case-1-second")
    await closed(stage, "case-1-second")
    await stage.submit("stop", {})
    await parked(stage)
    await stage.submit("after", {})
    assert await closed(stage) == ("errand", "first: ยกเลิก", "second: เสร็จ")
    await nothing_differs(stage)


async def test_who_has_failed_at_the_cancelled_case_itself_goes_on_once_it_is_taken_up(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as every result counted as needed, the calling case failed where it met the cancelled one."""
    await sent(stage)
    versions = process._REGISTER["trial-errand"]
    with monkeypatch.context() as before:
        before.setitem(versions, 1, replace(versions[1], result_needed=True))
        async with stage.runtime.ledger.begin() as work:
            await work.lock("case-1", "case-1-fourth")
            (do,) = (await stage.open_work("case-1-fourth")).values()
            hand_offs.drop(work, [do], reason="งดงานนี้", actor=ACTOR)
            stage.runtime.post.withdrawn(work, [do], reason="งดงานนี้")
            await cases.cancel_case(work, "case-1-fourth", reason="งดงานนี้", actor=ACTOR)
            await work.commit()
        with pytest.raises(CalledCaseCancelled) as met:
            await stage.run()
        await failed(stage, met.value)
    assert await stands_still(stage)
    await actions.take_up(stage.runtime, "case-1", actor=ACTOR)
    await parked(stage)
    assert set(await stage.open_work()) == {"stop"}
    await nothing_differs(stage)


async def test_a_race_is_won_by_a_called_case_that_is_cancelled(stage: Stage) -> None:
    await sent(stage)
    await cancel(stage, "case-1-fourth")
    await parked(stage)
    assert set(await stage.open_work()) == {"stop"}
    await nothing_differs(stage)


async def test_who_needs_the_result_has_to_be_cancelled_himself(stage: Stage) -> None:
    """Refused as long as the calling case waits, and nothing is written; then the called case ends with it."""
    await stage.open("trial-parent", Brief())
    await parked(stage)
    await parked(stage, "case-1-child")
    before = await stage.kinds(), await stage.kinds("case-1-child")
    with pytest.raises(CalledCaseIsNeeded) as refused:
        await cancel(stage, "case-1-child")
    assert "กรุณาดำเนินการเรื่องนี้ต่อ หรือยกเลิกเรื่อง «case-1» ซึ่งจะยุติเรื่องนี้ไปด้วย" in refused.value.message_th
    assert "cancel case «case-1»" in refused.value.message_en
    assert (await stage.kinds(), await stage.kinds("case-1-child")) == before
    await cancel(stage, "case-1")
    assert await standing(stage) == {"child": "cancelled"}
    await nothing_differs(stage)


async def test_a_case_of_its_own_is_cancelled_whatever_its_result_is_for(stage: Stage) -> None:
    await stage.open("trial-child", Brief())
    await parked(stage)
    await cancel(stage, "case-1")
    assert (await stage.kinds())[-1] == "case:cancel"


@pytest.mark.parametrize("successor", [None, "case-2"])
async def test_a_case_ends_with_all_that_it_called_however_deep(stage: Stage, successor: str | None) -> None:
    """What has closed meanwhile stays as it is."""
    await sent(stage, deep=3)
    await stage.submit("do", {"text": "เสร็จ"}, case_id="case-1-first-further-further")
    await closed(stage, "case-1-first-further-further")
    work = (await stage.open_work("case-1-second-further"))["do"]
    await cancel(stage, "case-1", "ยุบหน่วยงาน", superseded_by=successor)
    ended = await standing(stage)
    assert ended.pop("first-further-further") == "completed"
    assert len(ended) == 11
    assert set(ended.values()) == {"cancelled"}
    reason = "ยุติตามเรื่อง «เรื่องทดสอบ»: ยุบหน่วยงาน"
    for name in ended:
        assert await reason_of(stage, f"case-1-{name}") == reason
        assert await told(stage, f"case-1-{name}") == [reason]
        assert not await stage.wants_run(f"case-1-{name}")
    with pytest.raises(HandOffIsWithdrawn):
        await stage.intake.submit(work.id, {"text": "สาย"}, officer="div-b.1", through="test")
    assert "call:return" not in await stage.kinds()
    await nothing_differs(stage)


async def test_a_called_case_ends_with_the_branch_that_waited_for_it(stage: Stage) -> None:
    """The third when its branch is ended, the fourth when somebody is faster; the others go on."""
    await sent(stage, deep=2)
    await stage.submit("hurry", {})
    await parked(stage)
    gone = {name for name, state in (await standing(stage)).items() if state == "cancelled"}
    assert gone == {"fourth", "fourth-further"}
    await stage.submit("stop", {})
    await parked(stage)
    now = await standing(stage)
    assert {name for name, state in now.items() if state == "cancelled"} == {*gone, "third", "third-further"}
    assert {now[name] for name in ("first", "second", "first-further", "second-further")} == {"open"}
    assert await told(stage, "case-1-third-further") == ["ยุติตามเรื่อง «เรื่องทดสอบ»: พอแล้ว"]
    await nothing_differs(stage)


async def test_a_case_that_closes_ends_what_it_called_and_does_not_wait_for(stage: Stage) -> None:
    """The errand is done; what it has sent on beside it, and what that has sent, is over."""
    await sent(stage, deep=3)
    await stage.submit("do", {"text": "เสร็จ"}, case_id="case-1-first")
    await closed(stage, "case-1-first")
    now = await standing(stage)
    assert (now["first"], now["first-further"], now["first-further-further"]) == ("completed", "cancelled", "cancelled")
    assert now["second-further-further"] == "open"
    assert await told(stage, "case-1-first-further-further") == ["ยุติตามเรื่อง «งานที่ฝาก first»: เรื่องเสร็จสิ้นแล้ว"]
    await nothing_differs(stage)


@pytest.mark.parametrize("where", ["engine.actions", "engine.case_run"])
async def test_what_was_called_between_the_look_and_the_lock_ends_as_well(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """The first look comes before the errands have sent others; the unit of work is begun anew."""
    await sent(stage, deep=2)
    looks = 0

    async def a_little_earlier(work: Work, caller: str, *, keys: Any = None) -> Called:
        nonlocal looks
        looks += 1
        found = await called_by(work, caller, keys=keys)
        known = frozenset(each for each in found.cases if "further" not in each) if looks == 1 else found.cases
        return Called(found.caller, found.keys, known, known)

    monkeypatch.setattr(f"{where}.called_by", a_little_earlier)
    if where == "engine.actions":
        await cancel(stage, "case-1")
        assert set((await standing(stage)).values()) == {"cancelled"}
    else:
        await stage.submit("do", {}, case_id="case-1-first")
        await closed(stage, "case-1-first")
        assert (await standing(stage))["first-further"] == "cancelled"
        looks = 0
        await stage.submit("hurry", {})
        await parked(stage)
        assert (await standing(stage))["fourth-further"] == "cancelled"
    assert looks == 2
    await nothing_differs(stage)


async def test_a_run_of_a_called_case_that_ends_meanwhile_stops_quietly(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its next write finds that the case is over."""
    await stage.open("trial-sender", Brief(enough=2))
    await parked(stage)
    open_pending = CaseRun._open_pending

    async def overtaken(run: CaseRun) -> None:
        if run.case_id == "case-1-first":
            await cancel(stage, "case-1")
        await open_pending(run)

    monkeypatch.setattr(CaseRun, "_open_pending", overtaken)
    with pytest.raises(CaseEnded):
        await stage.run("case-1-first")
    assert set((await standing(stage)).values()) == {"cancelled"}
    assert await stage.open_work("case-1-first") == {}
    await nothing_differs(stage)


async def test_a_case_that_was_opened_by_itself_does_not_end_with_who_called_it_as_well(stage: Stage) -> None:
    """A case of that id stood already, with the same input: it is nobody's."""
    await stage.open("trial-errand", Brief(), case_id="case-1-first")
    await parked(stage, "case-1-first")
    await sent(stage)
    await cancel(stage, "case-1")
    async with stage.runtime.ledger.read() as connection:
        assert (await reading.case(connection, "case-1-first")).state == cases.OPEN
