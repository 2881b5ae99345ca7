"""The story of `sangkan demo cascade`, played without a server: the same 33 agencies, the same expectations."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest_asyncio
from rich.console import Console

from deployments.demo.cascade_data import AGENCIES
from deployments.demo.cascade_expected import checks
from deployments.demo.cascade_findings import CascadeFindings, read_findings
from deployments.demo.cascade_screen import show_agencies
from deployments.demo.cascade_story import BEGINS, CascadeStory
from deployments.demo.screen import Screen
from deployments.furnishing import AYUTTHAYA
from flows.cascade_opening import open_cascade
from ledger import reading
from ledger.hand_offs import HandOff
from ledger.work import Ledger
from rules.admission import admit
from rules.cascade import members_of
from rules.directory import DirectoryIndex
from rules.organisation_file import load_organisation, load_policy
from schemas.cascade_forms import CascadeOrder
from schemas.form import FormContext
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.conftest import staged
from tests.flows.people import pass_to, run_everything_again, run_what_wants
from tests.flows.stage_company import StageCompany

ORGANISATION = load_organisation(AYUTTHAYA.organisation.read_text("utf-8"))
POLICY = load_policy(AYUTTHAYA.policy.read_text("utf-8"))


@pytest_asyncio.fixture
async def ayutthaya(ledger: Ledger) -> AsyncIterator[Stage]:
    """The province with all its agencies."""
    async with staged(ledger, ORGANISATION, POLICY) as made:
        yield made


class CascadeStageCompany(StageCompany):
    async def open_cascade(self, order: Mapping[str, Any]) -> None:
        form = admit("CascadeOrder", order, FormContext(), now=self.clock.moment)
        assert isinstance(form, CascadeOrder)
        await open_cascade(self.stage.runtime, form, province="ayutthaya", actor=ACTOR)
        await run_what_wants(self.stage)

    async def asked(self, element: str) -> Sequence[HandOff]:
        units = [unit.id for unit in ORGANISATION.units]
        await self.stage.sweep()  # what was due before it was set
        await run_what_wants(self.stage)
        async with self.stage.runtime.ledger.read() as connection:
            found = await reading.inbox(connection, units, limit=1000)
        return [work for work in found if work.element == element]

    async def pass_to(self, moment: datetime) -> None:
        """A scene is over: whatever is open runs once more, and nothing may come of it."""
        await run_everything_again(self.stage)
        await pass_to(self.stage, self.clock, moment, then=run_what_wants)


async def test_the_cascade_comes_out_as_the_source_reports_it(ayutthaya: Stage, clock: ClockThatIsSet) -> None:
    clock.moment = BEGINS
    await CascadeStory(CascadeStageCompany(ayutthaya, clock)).play()
    found = await read_findings(ayutthaya.runtime)
    assert off(found) == []
    # What is off is noticed: a meeting that all attended, a person for whom somebody else signed.
    june = found.outcome.meetings[0].replace(attended=AGENCIES)
    forged = replace(
        found, signed_by_others=1, outcome=found.outcome.replace(meetings=(june, *found.outcome.meetings[1:]))
    )
    assert [what for what, _, _ in off(forged)] == ["ตัวชี้วัดรายบุคคลที่ผู้อื่นลงนามแทน", "เข้าร่วมประชุม (S2: 32)"]
    console = Console(width=80, record=True, file=io.StringIO())
    show_agencies(Screen(console), found)
    said = console.export_text()
    (treasury,) = [line for line in said.splitlines() if line.startswith("│ สำนักงานคลังจังหวัด ")]
    assert [cell.strip() for cell in treasury.strip("│").split("│")] == [
        "สำนักงานคลังจังหวัด", "3", "4.0000", "4.0000", "4.9700", "–", "98.50", "1 ★",
    ]  # fmt: skip
    assert "2.0000▼" in said
    assert "3.1000!" in said


def off(found: CascadeFindings) -> list[tuple[str, str, str]]:
    return [(check.what, check.expected, check.found) for check in checks(found) if not check.holds]


def test_the_province_has_33_agencies_of_which_the_source_names_four() -> None:
    members = members_of(DirectoryIndex(ORGANISATION), "ayutthaya", on=date(2010, 5, 10))
    assert tuple(member.unit for member in members) == AGENCIES
    assert [member.th for member in members if not member.th.endswith("พระนครศรีอยุธยา")] == [
        f"หน่วยงาน {n}" for n in range(5, 34)
    ]
