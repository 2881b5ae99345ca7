"""The ministry and the department of the stories; here flows may do otherwise than their models say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

import flows
from audit.bundle import VERIFIER
from ledger.work import Ledger
from rules.organisation_file import load_organisation
from tests.conftest import ClockThatIsSet
from tests.engine.driver import Stage, stage_on
from tests.flows import agreement
from tests.flows.people import at

assert flows.__all__  # the processes enter the register
SAMPLE = Path(__file__).parents[2] / "deployments" / "ministries" / "sample.yaml"


@pytest.fixture
def ledger(sqlite: AsyncEngine, clock: ClockThatIsSet) -> Ledger:
    """Playing a history asks nothing of the database; what is kept is tested on both (`test_checking.py`)."""
    return Ledger(sqlite, clock)


@pytest_asyncio.fixture
async def ministry(ledger: Ledger) -> AsyncIterator[Stage]:
    made = await stage_on(ledger, load_organisation(SAMPLE.read_text()))
    async with made.intake:
        yield made


@pytest_asyncio.fixture
async def department(ledger: Ledger) -> AsyncIterator[Stage]:
    made = await stage_on(ledger, *agreement.department())
    async with made.intake:
        yield made


@pytest.fixture
def monday(clock: ClockThatIsSet) -> ClockThatIsSet:
    """จันทร์ 12 กุมภาพันธ์ 2561 เวลา 9.00 น."""
    clock.moment = at("2018-02-12")
    return clock


@pytest.fixture
def script(tmp_path: Path) -> Path:
    file = tmp_path / "verify.py"
    file.write_bytes(VERIFIER)
    return file
