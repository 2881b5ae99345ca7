"""The sample ministry on each database; a story's histories are whole, tell the tables and keep to their models."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

import flows
from audit.replay import replay_cases
from ledger.restore import differences_everywhere
from ledger.verify import verify_all
from ledger.work import Ledger, Work
from rules.organisation_file import load_organisation
from schemas.organisation import Organisation
from schemas.policy import Policy
from tests.audit.judging import departures
from tests.conftest import ClockThatIsSet
from tests.engine.driver import Stage, stage_on
from tests.flows import agreement
from tests.flows.people import at

assert flows.__all__  # the processes enter the register
SAMPLE = Path(__file__).parents[2] / "deployments" / "ministries" / "sample.yaml"


async def everything_holds(stage: Stage) -> None:
    """Every chain is whole, tells the tables and keeps to its model, and today's code would do it all once more."""
    assert (await verify_all(stage.runtime.ledger)).broken == ()
    assert await differences_everywhere(stage.runtime.ledger) == ()
    assert await departures(stage.runtime.ledger) == []
    replayed = [one async for one in replay_cases(stage.runtime)]
    assert {one.case_id: list(map(str, one.differences)) for one in replayed if not one.same} == {}


@pytest.fixture(autouse=True)
def _each_unit_of_work_locks_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that lock a second time may wait for each other in a circle; whether they do is a matter of luck."""
    lock = Work._lock_rows

    async def lock_once(work: Work, case_ids: list[str]) -> None:
        held = [head.id for head in work._heads.values() if not head.new]
        assert held == [], f"{held} were locked before {case_ids}"
        await lock(work, case_ids)

    monkeypatch.setattr(Work, "_lock_rows", lock_once)


@asynccontextmanager
async def staged(ledger: Ledger, organisation: Organisation, policy: Policy | None = None) -> AsyncIterator[Stage]:
    """A stage on which a story is played; in the end everything holds."""
    made = await stage_on(ledger, organisation, policy)
    async with made.intake:
        yield made
    await everything_holds(made)


@pytest_asyncio.fixture
async def ministry(ledger: Ledger) -> AsyncIterator[Stage]:
    async with staged(ledger, load_organisation(SAMPLE.read_text())) as made:
        yield made


@pytest.fixture
def monday(clock: ClockThatIsSet) -> ClockThatIsSet:
    """จันทร์ 12 กุมภาพันธ์ 2561 เวลา 9.00 น."""
    clock.moment = at("2018-02-12")
    return clock


@pytest.fixture
def september(clock: ClockThatIsSet) -> ClockThatIsSet:
    """จันทร์ 2 กันยายน 2562 เวลา 9.00 น."""
    clock.moment = at("2019-09-02")
    return clock


@pytest_asyncio.fixture
async def department(ledger: Ledger) -> AsyncIterator[Stage]:
    """The Community Development Department with its calendar of FY2555."""
    async with staged(ledger, *agreement.department()) as made:
        yield made
