"""The story of `sangkan demo agreement-year`, played without a server: the same year, the same expectations."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from rich.console import Console

from deployments.demo import year_scenes
from deployments.demo.screen import Screen
from deployments.demo.year_checks import checks
from deployments.demo.year_data import KPI_FILE, drafted_book, year_data
from deployments.demo.year_expected_award import POTS, UNITS
from deployments.demo.year_findings import YearFindings, abbreviations, read_findings
from deployments.demo.year_officer import FOLLOW_UPS
from deployments.demo.year_screen import show_year
from deployments.demo.year_story import AGENCY, AWARD, BEGINS, FISCAL_YEAR, YEAR
from engine import actions
from flows import starting
from flows.year_calendar import move_year_day
from rules.admission import admit
from rules.kpi_file import load_kpis
from rules.year import calendar_of
from rules.year_move import context_of_move
from schemas.agreement import KpiChangeRequest, SurveyScored
from schemas.award_case import Lists, StaffRecords
from schemas.form import FormContext
from schemas.kpi import KpiBook, Round
from schemas.year import YearDay
from schemas.year_move import DayMove
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.people import pass_to, run_everything_again, run_what_wants
from tests.flows.stage_company import StageCompany


class YearStageCompany(StageCompany):
    """The year's officers, without mail and portal."""

    async def open_year(self, book: KpiBook, *, officer: str) -> str:
        case = await starting.open_agreement_year(self.stage.runtime, book, actor=ACTOR)
        await self.settle()
        return case

    async def request_change(self, form: Mapping[str, Any], *, officer: str) -> None:
        who = self.stage.runtime.directory.officer(officer)
        actor = ACTOR.replace(officer=who.id, unit=who.unit, name=who.name)
        listed = FormContext(choices={"kpis": ((form["kpi"], form["kpi"]),)})
        asked = admit("KpiChangeRequest", form, listed, now=self.clock.moment)
        assert isinstance(asked, KpiChangeRequest)
        await starting.request_kpi_change(self.stage.runtime, YEAR, asked, unit=who.unit, actor=actor)
        await self.settle()

    async def move_day(self, form: Mapping[str, Any], *, officer: str) -> None:
        calendar = calendar_of(self.stage.runtime.policy.years, AGENCY, FISCAL_YEAR)
        move = admit("DayMove", form, context_of_move(calendar), now=self.clock.moment)
        assert isinstance(move, DayMove)
        await move_year_day(self.stage.runtime, AGENCY, FISCAL_YEAR, move, actor=ACTOR)
        await self.settle()

    async def record_survey(self, scored: SurveyScored, *, officer: str) -> None:
        await starting.record_survey(self.stage.runtime, YEAR, scored, actor=ACTOR)
        await self.settle()

    async def hand_in_records(self, staff: Lists, *, officer: str) -> None:
        records = StaffRecords(staff=staff)
        await actions.send_message(self.stage.runtime, AWARD, records, sender="cdd-personnel", actor=ACTOR)
        await self.settle()

    async def pass_to(self, moment: datetime) -> None:
        """A scene is over: whatever is open runs once more, and nothing may come of it."""
        await run_everything_again(self.stage)
        await pass_to(self.stage, self.clock, moment, then=run_what_wants)

    async def settle(self) -> None:
        await run_what_wants(self.stage)


async def test_the_year_comes_out_as_the_regulation_wants_it(department: Stage, clock: ClockThatIsSet) -> None:
    clock.moment = BEGINS
    await year_scenes.play(YearStageCompany(department, clock))
    found = await read_findings(department.runtime)
    assert off(found) == []
    # What is off is noticed: other shares, a total of its own, a calendar that was lived otherwise.
    forged = replace(found, year=found.year.replace(final_score=Decimal("3.9743"), award=None))
    assert [what for what, _, _ in off(forged)] == ["คะแนนรวมสุดท้าย", "คำสั่งจ่ายเงินรางวัล"]
    lived = replace(found.days[YearDay.SIGNING], ended=BEGINS)
    moved = replace(found, days={**found.days, YearDay.SIGNING: lived}, weights=())
    assert [what for what, _, _ in off(moved)] == [
        "ปฏิทิน: ลงนามคำรับรองการปฏิบัติราชการ", "คำเตือนน้ำหนักรวมร้อยละ 92",
    ]  # fmt: skip
    console = Console(width=120, record=True, file=io.StringIO())
    show_year(Screen(console), found, abbreviations(department.runtime))
    said = console.export_text()
    for expected in (
        "ร้อยละ 92",
        "3.9742",
        "1,500,000.00",
        "25,462.62",
        "13 ธ.ค. 2554",
        "28 ธ.ค. 2554 10.00",
        "17 ต.ค. 2555",
    ):
        assert expected in said


def off(found: YearFindings) -> list[tuple[str, str, str]]:
    return [(check.what, check.expected, check.found) for check in checks(found) if not check.holds]


# --- what the officers fill in ------------------------------------------------------------------------------


def test_the_source_stands_as_it_is_printed() -> None:
    """The working group adds criteria; numbers, weights, holders and printed totals are the source's own."""
    printed, drafted = load_kpis(KPI_FILE.read_text(encoding="utf-8")), drafted_book()
    assert drafted.declared == printed.declared
    assert [(k.number, k.th, k.weight, k.holdings) for k in drafted.kpis] == [
        (k.number, k.th, k.weight, k.holdings) for k in printed.kpis
    ]
    assert set(year_data().kpis) == {kpi.number for kpi in printed.kpis}


def test_no_two_kpis_are_alike() -> None:
    results = [tuple(str(of[round_]) for round_ in Round) for of in year_data().results.values()]
    assert len(set(results)) == len(results)
    progress = [data.progress for data in year_data().kpis.values()]
    assert len(set(progress)) == len(progress)
    assert all(len(each) == len(FOLLOW_UPS) for each in progress)


def test_every_share_of_the_expected_award_adds_up() -> None:
    for unit in UNITS.values():
        assert sum(map(Decimal, unit.persons.values())) == Decimal(unit.operators)
    assert sum(Decimal(unit.operators) for unit in UNITS.values()) == Decimal(POTS["operators"])
    assert sum(Decimal(unit.executives) for unit in UNITS.values()) == Decimal(POTS["executives"])


def test_persons_of_the_demo_are_called_by_their_positions() -> None:
    names = [line.name for lines in year_data().staff.values() for line in lines]
    assert [name for name in names if name.startswith(("นาย", "นาง", "น.ส."))] == []
