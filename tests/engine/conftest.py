"""A stage on each database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from ledger.work import Ledger
from tests.engine.driver import Stage, stage_on


@pytest_asyncio.fixture
async def stage(ledger: Ledger) -> AsyncIterator[Stage]:
    made = await stage_on(ledger)
    async with made.intake:
        yield made
