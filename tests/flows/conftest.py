"""The sample ministry on each database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

import flows
from ledger.work import Ledger
from rules.organisation_file import load_organisation
from tests.engine.driver import Stage, stage_on

assert flows.__all__  # the processes enter the register
SAMPLE = Path(__file__).parents[2] / "deployments" / "ministries" / "sample.yaml"


@pytest_asyncio.fixture
async def ministry(ledger: Ledger) -> AsyncIterator[Stage]:
    made = await stage_on(ledger, load_organisation(SAMPLE.read_text()))
    async with made.intake:
        yield made
