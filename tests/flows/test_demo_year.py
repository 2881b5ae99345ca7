"""The story of `sangkan demo agreement-year`, played without a server: the same year, the same expectations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from deployments.demo import year_scenes
from deployments.demo.year_story import BEGINS, YEAR
from engine import actions
from flows import starting
from ledger import reading
from ledger.hand_offs import OPEN, HandOff
from rules.admission import admit
from schemas.agreement import KpiChangeRequest, SurveyScored
from schemas.award_case import Lists, StaffRecords
from schemas.form import FormContext
from schemas.kpi import KpiBook
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.people import settle
from tests.flows.stage_company import StageCompany


class YearStageCompany(StageCompany):
    """The year's officers, without mail and portal."""

    async def open_work(self, case: str) -> Sequence[HandOff]:
        async with self.stage.runtime.ledger.read() as connection:
            return [h for h in await reading.hand_offs_of_case(connection, case) if h.state == OPEN]

    async def hand_in_all(self, answers: Sequence[tuple[HandOff, Mapping[str, Any]]]) -> None:
        for asked, answer in answers:
            await self.submit(asked, answer)
        await self.settle()

    async def open_year(self, book: KpiBook, *, officer: str) -> str:
        case = await starting.open_agreement_year(self.stage.runtime, book, actor=ACTOR)
        await self.settle()
        return case

    async def request_change(self, form: Mapping[str, Any], *, officer: str) -> None:
        listed = FormContext(choices={"kpis": ((form["kpi"], ""),)})
        asked = admit("KpiChangeRequest", form, listed, now=self.clock.moment)
        assert isinstance(asked, KpiChangeRequest)
        who = self.stage.runtime.directory.officer(officer)
        actor = ACTOR.replace(officer=who.id, unit=who.unit, name=who.name)
        await starting.request_kpi_change(self.stage.runtime, YEAR, asked, unit=who.unit, actor=actor)
        await self.settle()

    async def record_survey(self, scored: SurveyScored, *, officer: str) -> None:
        await starting.record_survey(self.stage.runtime, YEAR, scored, actor=ACTOR)
        await self.settle()

    async def hand_in_records(self, staff: Lists, *, officer: str) -> None:
        records = StaffRecords(staff=staff)
        await actions.send_message(self.stage.runtime, YEAR, records, sender="cdd-personnel", actor=ACTOR)
        await self.settle()

    async def settle(self) -> None:
        await settle(self.stage)


async def test_the_year_comes_out_as_the_regulation_wants_it(department: Stage, clock: ClockThatIsSet) -> None:
    clock.moment = BEGINS
    company = YearStageCompany(department, clock)
    await year_scenes.play(company)
    async with department.runtime.ledger.read() as connection:
        case = await reading.case(connection, YEAR)
    import json
    open("/tmp/result.json","w").write(json.dumps(case.result, ensure_ascii=False, indent=1))
    assert case.state == "completed"
