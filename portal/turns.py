"""Passwords are verified in turn, so that each attempt is counted before the next one is looked at."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

AT_ONCE = 4
"""Passwords that one process hashes at the same time [DEFAULT]: argon2 takes 64 MB and four threads for each."""


class Turns:
    """Turns of one process: for one account from one address one after another, and few at once for all of them."""

    def __init__(self) -> None:
        self.room = asyncio.Semaphore(AT_ONCE)
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, address: str, account: str) -> AsyncIterator[None]:
        lock = self._locks.setdefault((address, account), asyncio.Lock())
        async with lock, self.room:
            yield
