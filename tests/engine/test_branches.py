"""Branches that wait for one another: without turning round, and those who read what is shared come last."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from engine.branches import NEVER, Branches


async def to_the_end(*works: Callable[[Branches], Coroutine[Any, Any, None]]) -> None:
    """Run them side by side until none can go on."""
    branches = Branches()
    for number, work in enumerate(works):
        branches.fork(str(number), work(branches))
    await asyncio.wait_for(branches.quiet.wait(), 10)
    assert branches.failure() is None
    await branches.drop_all()


def counted(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One entry for each callback of the loop from here on."""
    loop, calls = asyncio.get_running_loop(), list[None]()
    call_soon = loop.call_soon

    def counting(*args: Any, **kwargs: Any) -> asyncio.Handle:
        calls.append(None)
        return call_soon(*args, **kwargs)

    monkeypatch.setattr(loop, "call_soon", counting)
    return calls


@pytest.mark.parametrize("wait", [Branches.let_others_park, Branches.let_others_go_on])
async def test_who_waits_for_a_branch_that_works_lets_the_processor_rest(
    wait: Callable[[Branches], Coroutine[Any, Any, None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    async def works(_branches: Branches) -> None:
        await asyncio.sleep(0.05)
        told.append("worked")

    async def waits(branches: Branches) -> None:
        await wait(branches)
        told.append("went on")

    calls = counted(monkeypatch)
    await to_the_end(works, waits, waits, waits)
    assert told == ["worked", "went on", "went on", "went on"]
    assert len(calls) < 100


async def test_who_reads_comes_after_who_ends_whoever_came_first() -> None:
    told: list[str] = []

    async def reads(branches: Branches) -> None:
        await branches.let_others_go_on()
        told.append("read")

    async def ends(branches: Branches) -> None:
        await branches.let_others_park()
        await asyncio.sleep(0)
        told.append("ended")

    async def works(_branches: Branches) -> None:
        await asyncio.sleep(0.01)
        told.append("worked")

    await to_the_end(reads, ends, works, reads, ends)
    assert told == ["worked", "ended", "ended", "read", "read"]


async def test_who_came_first_waits_for_all_who_came_after() -> None:
    told: list[str] = []

    def named(name: str) -> Callable[[Branches], Coroutine[Any, Any, None]]:
        async def reads(branches: Branches) -> None:
            await branches.let_others_go_on()
            told.append(name)

        return reads

    async def works(_branches: Branches) -> None:
        await asyncio.sleep(0.01)

    await to_the_end(named("first"), named("second"), named("third"), works)
    assert told == ["third", "second", "first"]


@pytest.mark.parametrize("turned_round", [False, True])
async def test_who_stands_first_in_the_ledger_goes_first_and_who_does_not_stand_there_last(turned_round: bool) -> None:
    told: list[str] = []
    read, end = Branches.let_others_go_on, Branches.let_others_park

    def after(name: str, wait: Callable[..., Coroutine[Any, Any, None]], **where: float) -> Callable[..., Any]:
        async def goes_on(branches: Branches) -> None:
            await wait(branches, **where)
            told.append(name)

        return goes_on

    come = [
        after("reads now", read), after("ends at 9", end, seq=9), after("ends now", end),
        after("reads at 7", read, seq=7), after("reads at 11", read, seq=11), after("ends at 5", end, seq=5),
    ]  # fmt: skip
    await to_the_end(*(reversed(come) if turned_round else come))
    assert told == ["ends at 5", "reads at 7", "ends at 9", "reads at 11", "ends now", "reads now"]


@pytest.mark.parametrize("names", [("a", "a/b", "a/b/c"), ("a/b/c", "a/b", "a")])
async def test_who_waits_within_a_branch_goes_before_who_may_end_it_whoever_came_first(names: tuple[str, ...]) -> None:
    told: list[str] = []

    async def ends(name: str) -> None:
        await branches.let_others_park()
        told.append(name)

    branches = Branches()
    for name in names:
        branches.fork(name, ends(name))
    await asyncio.wait_for(branches.quiet.wait(), 10)
    assert told == ["a/b/c", "a/b", "a"]


async def test_a_branch_that_is_ended_takes_all_with_it_that_are_within() -> None:
    async def waits() -> None:
        await branches.park([NEVER], 1)

    branches = Branches()
    ended, others = ("a", "a/b", "a/b[1]/c", "a[1]"), ("", "ab", "b/a", "b")
    for name in (*ended, *others):
        branches.fork(name, waits())
    await asyncio.wait_for(branches.quiet.wait(), 10)
    branches.end(["a", "a[1]"])
    assert {name for name, branch in branches.all.items() if branch.dropped} == set(ended)
    await branches.drop_all()


async def test_a_branch_that_is_ended_while_it_waits_holds_nobody_up() -> None:
    told: list[str] = []

    async def waits(branches: Branches) -> None:
        await branches.let_others_park()
        told.append("never")

    async def reads(branches: Branches) -> None:
        await branches.let_others_go_on()
        told.append("read")

    async def ends_it(branches: Branches) -> None:
        await asyncio.sleep(0.01)
        branches.all["0"].cancel()
        await branches.park([NEVER], 1)

    await to_the_end(waits, reads, ends_it)
    assert told == ["read"]
