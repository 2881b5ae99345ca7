"""The story of `sangkan demo framework`, played without a server: the same 76 provinces, the same expectations."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest_asyncio
from rich.console import Console

from deployments.demo.framework_expected import checks
from deployments.demo.framework_findings import FrameworkFindings, read_findings
from deployments.demo.framework_screen import show_provinces
from deployments.demo.framework_story import BEGINS, LAST, FrameworkStory
from deployments.demo.screen import Screen
from deployments.furnishing import CENTRAL_OFFICE
from flows.framework_opening import open_framework
from ledger.work import Ledger
from rules.admission import admit
from rules.organisation_file import load_organisation, load_policy
from schemas.form import FormContext
from schemas.framework import FrameworkOrder
from schemas.organisation import UnitRole
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.conftest import staged
from tests.flows.people import pass_to, run_everything_again, run_what_wants
from tests.flows.stage_company import StageCompany

ORGANISATION = load_organisation(CENTRAL_OFFICE.organisation.read_text("utf-8"))
POLICY = load_policy(CENTRAL_OFFICE.policy.read_text("utf-8"))


@pytest_asyncio.fixture
async def central(ledger: Ledger) -> AsyncIterator[Stage]:
    """The central office and all provinces."""
    async with staged(ledger, ORGANISATION, POLICY) as made:
        yield made


class FrameworkStageCompany(StageCompany):
    async def open_framework(self, order: Mapping[str, Any]) -> None:
        form = admit("FrameworkOrder", order, FormContext(), now=self.clock.moment)
        assert isinstance(form, FrameworkOrder)
        await open_framework(self.stage.runtime, form, actor=ACTOR)
        await run_what_wants(self.stage)

    async def pass_to(self, moment: datetime) -> None:
        """A scene is over: whatever is open runs once more, and nothing may come of it."""
        await run_everything_again(self.stage)
        await pass_to(self.stage, self.clock, moment, then=run_what_wants)


async def test_the_framework_comes_out_as_the_source_dates_it(central: Stage, clock: ClockThatIsSet) -> None:
    clock.moment = BEGINS
    await FrameworkStory(FrameworkStageCompany(central, clock)).play()
    found = await read_findings(central.runtime)
    assert off(found) == []
    # What is off is noticed: a province that was not late, a receipt that is missing.
    province = replace(found.provinces[f"{LAST}-office"], volume=1)
    forged = replace(
        found, provinces={**found.provinces, f"{LAST}-office": province},
        circular=found.circular.replace(received=found.circular.received[1:]),
    )  # fmt: skip
    assert [what for what, _, _ in off(forged)] == ["ไม่ทันเล่มที่ 1", "จังหวัดที่ตอบรับหนังสือเวียน"]
    console = Console(width=120, record=True, file=io.StringIO())
    show_provinces(Screen(console), found)
    said = console.export_text()
    assert "จังหวัดบึงกาฬ" in said
    assert "20 ก.ย. 2562 ล่าช้า" in said


def off(found: FrameworkFindings) -> list[tuple[str, str, str]]:
    return [(check.what, check.expected, check.found) for check in checks(found) if not check.holds]


def test_all_provinces_of_thailand_are_there_once_in_the_official_order() -> None:
    provinces = [unit for unit in ORGANISATION.units if unit.role is UnitRole.AGENCY]
    assert len({unit.th for unit in provinces}) == len(provinces) == 76
    assert (provinces[0].th, provinces[-1].th) == ("จังหวัดกระบี่", "จังหวัดอุบลราชธานี")
    assert "จังหวัดกรุงเทพมหานคร" not in {unit.th for unit in provinces}
    assert [unit.seq for unit in provinces] == sorted(unit.seq for unit in provinces)
