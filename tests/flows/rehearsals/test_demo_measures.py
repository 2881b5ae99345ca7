"""The story of `sangkan demo six-measures`, played without a server: the same provinces, the same expectations."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest_asyncio
from rich.console import Console

from deployments.demo.measures_expected import HEADS, checks
from deployments.demo.measures_findings import MeasuresFindings, read_findings
from deployments.demo.measures_screen import show_provinces
from deployments.demo.measures_story import BEGINS, CENTRAL, SAMUT_SAKHON, MeasuresStory, Province
from deployments.demo.screen import Screen
from deployments.furnishing import SAMUT_SAKHON as MINISTRY
from flows.measures_opening import issue_criteria, open_measures
from ledger.work import Ledger
from rules.admission import admit
from rules.organisation_file import load_organisation, load_policy
from schemas.form import FormContext
from schemas.measures import CriteriaOrder, MeasuresOrder
from schemas.organisation import UnitRole
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.conftest import staged
from tests.flows.people import pass_to, run_everything_again, run_what_wants
from tests.flows.stage_company import StageCompany

ORGANISATION = load_organisation(MINISTRY.organisation.read_text("utf-8"))
POLICY = load_policy(MINISTRY.policy.read_text("utf-8"))


@pytest_asyncio.fixture
async def provinces(ledger: Ledger) -> AsyncIterator[Stage]:
    """The central office and three provinces."""
    async with staged(ledger, ORGANISATION, POLICY) as made:
        yield made


class MeasuresStageCompany(StageCompany):
    async def begin(self, province: Province, order: Mapping[str, Any]) -> None:
        form = admit("MeasuresOrder", order, FormContext(), now=self.clock.moment)
        assert isinstance(form, MeasuresOrder)
        await open_measures(self.stage.runtime, form, office=province.office, actor=ACTOR)
        await run_what_wants(self.stage)

    async def issue_criteria(self, criteria: Mapping[str, Any]) -> None:
        form = admit("CriteriaOrder", criteria, FormContext(), now=self.clock.moment)
        assert isinstance(form, CriteriaOrder)
        await issue_criteria(self.stage.runtime, form, sender=CENTRAL, actor=ACTOR)
        await run_what_wants(self.stage)

    async def pass_to(self, moment: datetime) -> None:
        """A scene is over: whatever is open runs once more, and nothing may come of it."""
        await run_everything_again(self.stage)
        await pass_to(self.stage, self.clock, moment, then=run_what_wants)


async def test_the_year_comes_out_as_the_source_dates_it(provinces: Stage, clock: ClockThatIsSet) -> None:
    clock.moment = BEGINS
    await MeasuresStory(MeasuresStageCompany(provinces, clock)).play()
    found = await read_findings(provinces.runtime)
    assert off(found) == []
    # What is off is noticed: a receipt that is missing, energy that was late after all, a plan of the wrong version.
    here = found.provinces[SAMUT_SAKHON.case]
    forged = replace(
        here, receipts=here.receipts.replace(received=here.receipts.received[1:]), criteria=2,
        reports=tuple(replace(report, late=report.month == "2017-12") for report in here.reports),
    )  # fmt: skip
    told = off(replace(found, provinces={**found.provinces, SAMUT_SAKHON.case: forged}))
    assert [what for what, _, _ in told] == [
        "ตอบรับแล้ว / หลังกำหนด / ส่งซ้ำ", "รายงานหลังกำหนด", "พลังงานเดือนธันวาคม บันทึกวันสุดท้าย ซึ่งเป็นวันหยุด",
        "จังหวัดที่ได้รับหลักเกณฑ์ใหม่ (ทุกเรื่องที่กำลังดำเนินการ)",
    ]  # fmt: skip
    console = Console(width=140, record=True, file=io.StringIO())
    show_provinces(Screen(console), found)
    said = console.export_text()
    assert "17 พ.ย. 2560 หลังกำหนด" in said
    assert "3 เม.ย. 2561 ล่าช้า" in said


def off(found: MeasuresFindings) -> list[tuple[str, str, str]]:
    return [(check.what, check.expected, check.found) for check in checks(found) if not check.holds]


def test_samut_sakhon_has_its_29_heads_and_no_person_by_name() -> None:
    heads = [
        o.position
        for u in sorted(ORGANISATION.units, key=lambda u: u.seq)
        if u.role is UnitRole.DIVISION and u.id.startswith("samut-sakhon-")
        for o in ORGANISATION.officers
        if o.unit == u.id and o.id.endswith(".head")
    ]
    assert tuple(heads) == HEADS
    assert all(officer.email.endswith(".example") for officer in ORGANISATION.officers)
    assert [o.name for o in ORGANISATION.officers if o.name.startswith(("นาย ", "นาง ", "นางสาว"))] == []
