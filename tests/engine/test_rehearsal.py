"""Rehearsing other code over a case: nothing is written, and what would happen is said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from engine import process as register
from engine.case import Case
from engine.rehearsal import DoesNotFit, migrate_case, rehearse
from tests.engine.driver import ACTOR, DIVISIONS, Stage
from tests.engine.processes import Answer, Brief, Outcome, write_down
from tests.engine.test_vocabulary import parked


@pytest.fixture
def second_version(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Register a function as version 2 of the sequence, or of another process, for one test."""

    def enter(function: Callable[[Case[Brief]], Awaitable[Outcome]], process: str = "trial-sequence") -> None:
        versions = register._REGISTER[process]
        monkeypatch.setitem(versions, 2, replace(versions[1], version=2, function=function))

    return enter


async def state_of(stage: Stage) -> tuple[list[str], set[str]]:
    return await stage.kinds(), set(await stage.open_work())


async def test_a_case_that_waits_would_do_nothing_under_its_own_code(stage: Stage) -> None:
    await stage.open("trial-sequence", Brief())
    await parked(stage)
    before = await state_of(stage)
    rehearsed = await rehearse(stage.runtime, "case-1")
    assert rehearsed.changes_nothing
    assert await state_of(stage) == before


async def test_news_would_be_carried_out_and_nothing_is(stage: Stage) -> None:
    await stage.open("trial-sequence", Brief())
    await parked(stage)
    await stage.submit("first", {"text": "ก"})
    before = await state_of(stage)
    rehearsed = await rehearse(stage.runtime, "case-1")
    assert (rehearsed.carries_out, rehearsed.opens) == (["write"], [])
    assert await state_of(stage) == before


async def test_a_case_moves_to_a_version_that_fits_and_goes_on_under_it(
    stage: Stage, second_version: Callable[..., None]
) -> None:
    async def with_a_third_task(case: Case[Brief]) -> Outcome:
        first = await case.hand_off("first", to="plan", form=Answer)
        await case.hand_off("between", to="div-b", form=Answer)
        return Outcome(said=(first.text,))

    await stage.open("trial-sequence", Brief())
    await parked(stage)
    second_version(with_a_third_task)
    await parked(stage)  # it stays under the version that it began with
    rehearsed = await migrate_case(stage.runtime, "case-1", version=2, actor=ACTOR)
    assert rehearsed.fits
    assert "case:migrate" in await stage.kinds()
    await stage.submit("first", {"text": "ก"})
    await parked(stage)
    assert set(await stage.open_work()) == {"between"}


async def test_an_error_of_the_flow_function_is_found_before_it_stops_the_case(
    stage: Stage, second_version: Callable[..., None]
) -> None:
    async def stumbles(case: Case[Brief]) -> Outcome:
        raise ValueError("ทดสอบ")

    await stage.open("trial-sequence", Brief())
    await parked(stage)
    second_version(stumbles)
    assert (await rehearse(stage.runtime, "case-1", version=2)).mismatch == "ValueError: ทดสอบ"


async def test_a_branch_that_does_not_fit_is_found_while_those_it_is_waited_for_with_still_wait(
    stage: Stage, second_version: Callable[..., None]
) -> None:
    async def with_another_task(case: Case[Brief]) -> Outcome:
        async def one(division: str) -> None:
            await case.hand_off("draft", to=division, form=Answer)
            await case.step("write", write_down, division)

        await case.all_of("reports", {d: one(d) for d in DIVISIONS[:3]})
        return Outcome()

    await stage.open("trial-branches", Brief())
    await parked(stage)
    await stage.submit("reports[div-a]/draft", {"text": "ก"})
    await parked(stage)
    second_version(with_another_task, "trial-branches")
    assert "check" in (await rehearse(stage.runtime, "case-1", version=2)).mismatch


async def test_a_version_that_does_not_fit_is_refused_and_the_case_stays(
    stage: Stage, second_version: Callable[..., None]
) -> None:
    async def without_the_first_task(case: Case[Brief]) -> Outcome:
        await case.step("write", write_down, "ก")
        return Outcome()

    await stage.open("trial-sequence", Brief())
    await parked(stage)
    second_version(without_the_first_task)
    before = await state_of(stage)
    with pytest.raises(DoesNotFit, match="first"):
        await migrate_case(stage.runtime, "case-1", version=2, actor=ACTOR)
    assert await state_of(stage) == before
