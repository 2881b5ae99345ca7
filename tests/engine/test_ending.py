"""Branches that end with others inside them while answers come in: nothing goes on, and a replay finds the same."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from audit.replay import replay_cases
from engine.actions import send_message
from engine.case_run import CaseRun, Closed
from engine.rehearsal import rehearse
from ledger.work import Ledger, Work
from tests.engine.driver import ACTOR, DIVISIONS, Stage
from tests.engine.processes import Brief, Note
from tests.engine.test_vocabulary import closed, parked

ENDINGS = {"race": (Brief(), "reported_or_stopped[everyone]/", "reported_or_stopped[stopped]/", "stopped"),
           "end": (Brief(enough=0), "reports/", "", "ended")}  # fmt: skip
"""How the branch ends: the input, the branch with the others in it, the branch that stops it, the outcome."""


async def differences(stage: Stage) -> list[str]:
    return [str(found) async for one in replay_cases(stage.runtime) for found in one.differences]


def meanwhile(monkeypatch: pytest.MonkeyPatch, ledger: Ledger, happens: Callable[[], Awaitable[None]]) -> None:
    """Let something happen before each unit of work begins, when a run has read and not locked yet."""
    begin, happening = ledger.begin, False

    @asynccontextmanager
    async def begin_later() -> AsyncIterator[Work]:
        nonlocal happening
        if not happening:
            happening = True
            try:
                await happens()
            finally:  # a branch that is ended meanwhile must not keep others from answering ever after
                happening = False
        async with begin() as work:
            yield work

    monkeypatch.setattr(ledger, "begin", begin_later)


def unreliable(monkeypatch: pytest.MonkeyPatch, breaks: Callable[[], bool]) -> None:
    """Lose the connection now and then, before a COMMIT arrives or before its reply."""
    commit = CaseRun._commit

    async def commit_or_not(run: CaseRun, work: Work) -> None:
        if breaks():
            raise ConnectionError("before COMMIT")
        await commit(run, work)
        if breaks():
            raise ConnectionError("before its reply")

    monkeypatch.setattr(CaseRun, "_commit", commit_or_not)


@pytest.mark.parametrize("ending", ENDINGS)
async def test_an_answer_that_comes_as_the_flow_decides_is_taken_in_first_and_nothing_goes_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    brief, within, stop, outcome = ENDINGS[ending]
    drop = CaseRun.drop

    async def as_it_is_handed_in(run: CaseRun, key: str, *args: Any) -> bool:
        if (draft := f"{within}reports[div-a]/draft") in await stage.open_work():
            await stage.submit(draft, {"text": "ร่าง"})
        return await drop(run, key, *args)

    monkeypatch.setattr(CaseRun, "drop", as_it_is_handed_in)
    await stage.open("trial-nested", brief)
    await parked(stage)
    await stage.submit(f"{stop}stop", {})
    await parked(stage)
    after = await stage.open_work()
    assert set(after) == {"after"}
    assert after["after"].context.facts == (("div-a:short", ""),)
    assert (await rehearse(stage.runtime, "case-1")).changes_nothing
    await stage.submit("after", {})
    assert await closed(stage) == (outcome, "div-a:short")
    assert await differences(stage) == []


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("seed", range(12))
async def test_whenever_answers_come_a_replay_decides_the_same(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, ending: str, seed: int
) -> None:
    dice, (brief, *_) = random.Random(seed), ENDINGS[ending]

    async def somebody_may_answer() -> None:
        while dice.random() < 0.4 and (keys := sorted(await stage.open_work())):
            await stage.submit(dice.choice(keys), {"text": "ตอบ"})

    async def run() -> bool:
        """Whether the case goes on; where it waits, it owes nothing."""
        with suppress(ConnectionError):
            if isinstance(await stage.run(), Closed):
                return False
            assert await stage.wants_run() or (await rehearse(stage.runtime, "case-1")).changes_nothing
            assert await differences(stage) == []
        return True

    await stage.open("trial-nested", brief)
    meanwhile(monkeypatch, stage.runtime.ledger, somebody_may_answer)
    unreliable(monkeypatch, lambda: dice.random() < 0.05)
    turns = 0
    while await run():
        turns += 1
        assert turns < 1000, "it never ends"
    assert await differences(stage) == []


@pytest.mark.parametrize(("enough", "within"), [(1, ""), (0, "either[stopped]/")])
async def test_what_a_branch_was_about_to_ask_is_not_asked_once_it_has_ended(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, enough: int, within: str
) -> None:
    """It ends while the same run opens what another branch asks for; its own turn comes after that."""
    await stage.open("trial-left", Brief(enough=enough))
    await parked(stage)
    for key in [key for key in await stage.open_work() if "begin" in key]:
        await stage.submit(key, {})
    perform = stage.performed.perform

    async def overtaken(do_it: Callable[[], Awaitable[Any]], **about: Any) -> Any:
        if about["element"] == "kept":
            await stage.submit(f"{within}stop", {})
        elif about["element"] == "given_up":
            await asyncio.wait_for(ended.wait(), 10)
        return await perform(do_it, **about)

    async def drop_and_tell(run: CaseRun, key: str, *args: Any) -> bool:
        done = await drop(run, key, *args)
        ended.set()
        return done

    drop, ended = CaseRun.drop, asyncio.Event()
    monkeypatch.setattr(CaseRun, "drop", drop_and_tell)
    monkeypatch.setattr(stage.performed, "perform", overtaken)
    await parked(stage)
    assert set(await stage.open_work()) == {"asking[kept]/kept", "last"}
    assert (await rehearse(stage.runtime, "case-1")).changes_nothing
    assert await differences(stage) == []


@pytest.mark.parametrize("enough", [1, 0])
async def test_what_is_accepted_as_the_case_closes_has_its_effect_first(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, enough: int
) -> None:
    """It stands before the end in the history; whoever sent it was told that it was accepted."""
    close = CaseRun._close

    async def as_somebody_says_something(run: CaseRun, *args: Any) -> Any:
        monkeypatch.setattr(CaseRun, "_close", close)
        await send_message(stage.runtime, "case-1", Note(text="จด"), sender="test", actor=ACTOR)
        return await close(run, *args)

    await stage.open("trial-beside", Brief(enough=enough))
    await parked(stage)
    await stage.submit("last", {"text": "จบ"})
    monkeypatch.setattr(CaseRun, "_close", as_somebody_says_something)
    assert await closed(stage) == ("จบ",)
    assert [kind for kind in await stage.kinds() if kind in {"message:take", "step:done", "case:close"}] == [
        "message:take", "step:done", "case:close",
    ]  # fmt: skip
    assert await differences(stage) == []


@pytest.mark.parametrize(("enough", "said"), [(1, DIVISIONS[:3]), (2, ("div-a", "div-b"))])
async def test_who_was_answered_before_is_not_waited_for_again(
    stage: Stage, enough: int, said: tuple[str, ...]
) -> None:
    await stage.open("trial-again", Brief(enough=enough))
    await parked(stage)
    await stage.submit("answer[div-a]", {"text": "div-a"})
    await parked(stage)
    for division in said[1:]:
        await stage.submit(f"answer[{division}]", {"text": division})
    assert await stage.wants_run()
    assert await closed(stage) == ("div-a", *said)
    assert await differences(stage) == []
