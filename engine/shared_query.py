"""One query for all who ask at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Batch(Generic[T]):
    keys: set[str] = field(default_factory=set)
    answer: T | None = None


class SharedQuery(Generic[T]):
    """Questions that come while a query is under way wait for its end and share the next one.

    An answer is never older than its question. A query that fails, or whose asker goes away, is put again by the next
    who waits for it.
    """

    def __init__(self, query: Callable[[Collection[str]], Awaitable[T]]) -> None:
        self._query = query
        self._next: _Batch[T] = _Batch()
        self._under_way = asyncio.Lock()

    async def ask(self, key: str) -> T:
        """The answer for a set of keys that holds `key`."""
        batch = self._next
        batch.keys.add(key)
        async with self._under_way:
            if batch.answer is None:
                if self._next is batch:
                    self._next = _Batch()
                batch.answer = await self._query(batch.keys)
        return batch.answer
