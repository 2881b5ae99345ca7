"""The company of the agreement year: several hundred forms, handed in side by side through the portal."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from deployments.demo.company import PortalCompany
from deployments.demo.visits import send_file
from deployments.demo.year_data import Answer
from deployments.demo.year_story import AGENCY, AWARD, FISCAL_YEAR, YEAR
from deployments.demo.year_workbook import filled_in
from flows import starting
from ledger import reading
from ledger.hand_offs import OPEN, HandOff
from schemas.actor import Actor, ActorKind
from schemas.agreement import SurveyScored
from schemas.award_case import Lists
from schemas.base import CaseId, OfficerId
from schemas.kpi import KpiBook

SIDE_BY_SIDE = 8
"""Officers who are at their forms at the same moment."""
SIGN_IN: frozenset[OfficerId] = frozenset({"cdd-psdg.1", "opdc.1"})
"""Who has many forms a day signs in and keeps the session; all others come by the links of their mail."""
THROUGH = "demo"


class YearPortalCompany(PortalCompany):
    async def open_work(self, case: CaseId) -> Sequence[HandOff]:
        await self.at_rest()
        async with self.runtime.ledger.read() as connection:
            return [work for work in await reading.hand_offs_of_case(connection, case) if work.state == OPEN]

    async def hand_in_all(self, answers: Sequence[tuple[HandOff, Answer]]) -> None:
        places = asyncio.Semaphore(SIDE_BY_SIDE)

        async def one(asked: HandOff, answer: Answer) -> None:
            holder = self.holder(asked).id
            async with places:
                await self.hand_in(asked, answer, signed_in=holder if holder in SIGN_IN else None)

        async with asyncio.TaskGroup() as group:
            for asked, answer in answers:
                group.create_task(one(asked, answer))

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
