"""Questions at the same time share a query; an answer is never older than its question."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import pytest

from engine.shared_query import SharedQuery


class Asked:
    """Remembers what was asked together; answers when it is let."""

    def __init__(self) -> None:
        self.batches: list[set[str]] = []
        self.gate = asyncio.Event()
        self.troubles: list[Exception] = []

    async def __call__(self, keys: Collection[str]) -> int:
        self.batches.append(set(keys))
        number = len(self.batches)
        await self.gate.wait()
        if self.troubles:
            raise self.troubles.pop()
        return number


async def started(*questions: asyncio.Task[int]) -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_what_is_asked_during_a_query_shares_the_next() -> None:
    asked = Asked()
    shared = SharedQuery(asked)
    first = asyncio.create_task(shared.ask("a"))
    await started(first)
    later = [asyncio.create_task(shared.ask(key)) for key in ("a", "b", "c")]
    await started(*later)
    asked.gate.set()
    assert await first == 1
    assert await asyncio.gather(*later) == [2, 2, 2], "an answer must not be older than its question"
    assert asked.batches == [{"a"}, {"a", "b", "c"}]


async def test_trouble_reaches_one_asker_and_the_next_asks_again() -> None:
    asked = Asked()
    asked.troubles = [ConnectionError("gone")]
    asked.gate.set()
    shared = SharedQuery(asked)
    answers = await asyncio.gather(shared.ask("a"), shared.ask("b"), return_exceptions=True)
    assert isinstance(answers[0], ConnectionError)
    assert answers[1] == 2


async def test_an_asker_who_goes_away_takes_no_answer_from_the_others() -> None:
    asked = Asked()
    shared = SharedQuery(asked)
    leaving, staying = asyncio.create_task(shared.ask("a")), asyncio.create_task(shared.ask("b"))
    await started(leaving, staying)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    asked.gate.set()
    assert await staying == 2
