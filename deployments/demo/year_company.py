"""The company of the agreement year: several hundred forms, handed in side by side through the portal."""

from __future__ import annotations

import asyncio

from deployments.demo.company import PortalCompany
from deployments.demo.visits import send_file
from deployments.demo.year_data import Answer
from deployments.demo.year_story import AGENCY, AWARD, FISCAL_YEAR, YEAR
from deployments.demo.year_workbook import filled_in
from flows import starting
from schemas.actor import Actor, ActorKind
from schemas.agreement import SurveyScored
from schemas.award_case import Lists
from schemas.base import CaseId, OfficerId
from schemas.kpi import KpiBook

THROUGH = "demo"


class YearPortalCompany(PortalCompany):
    sign_in = frozenset({"cdd-psdg.1", "opdc.1"})

    # --- what begins or comes by message ---------------------------------------------------------------

    async def open_year(self, book: KpiBook, *, officer: OfficerId) -> CaseId:
        return await starting.open_agreement_year(self.runtime, book, actor=self._actor(officer))

    async def request_change(self, form: Answer, *, officer: OfficerId) -> None:
        await self.start(f"/start/kpi-change/{YEAR}/{form['kpi']}", form, officer=officer)

    async def move_day(self, form: Answer, *, officer: OfficerId) -> None:
        await self.start(f"/years/{AGENCY}/{FISCAL_YEAR}/calendar/move", form, officer=officer)

    async def record_survey(self, scored: SurveyScored, *, officer: OfficerId) -> None:
        await self.start(f"/start/survey/{YEAR}", scored.model_dump(mode="json"), officer=officer)

    async def hand_in_records(self, staff: Lists, *, officer: OfficerId) -> None:
        """The personnel division downloads the template, fills it in and hands it in."""
        await self.at_rest()
        browser = await self.browser_of(officer)
        template = (await browser.get(f"/start/staff/{AWARD}/template.xlsx")).content
        names = {unit.id: unit.th for unit in self.runtime.directory.units()}
        workbook = await asyncio.to_thread(filled_in, template, staff, names)
        await send_file(browser, f"/start/staff/{AWARD}", "workbook", "ทะเบียนบุคคล.xlsx", workbook, seen="/start/staff")

    def _actor(self, officer: OfficerId) -> Actor:
        who = self.runtime.directory.officer(officer)
        return Actor(kind=ActorKind.OFFICER, officer=who.id, unit=who.unit, name=who.name, through=THROUGH)
