"""The company of the agreement year: several hundred forms, handed in side by side through the portal."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from deployments.demo.company import PortalCompany
from deployments.demo.year_data import Answer
from deployments.demo.year_story import AGENCY, FISCAL_YEAR, YEAR
from engine import actions
from engine.runtime import Runtime
from flows import starting
from flows.year_calendar import move_year_day
from ledger import reading
from ledger.hand_offs import OPEN, HandOff
from rules.admission import admit
from rules.year import calendar_of
from rules.year_move import context_of_move
from schemas.actor import Actor, ActorKind
from schemas.agreement import KpiChangeRequest, SurveyScored
from schemas.award_case import Lists, StaffRecords
from schemas.base import CaseId, OfficerId
from schemas.form import FormContext
from schemas.kpi import KpiBook
from schemas.year_move import DayMove

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
        await requested_change(self.runtime, form, now=self.now, actor=self._actor(officer))

    async def move_day(self, form: Answer, *, officer: OfficerId) -> None:
        await moved_day(self.runtime, form, now=self.now, actor=self._actor(officer))

    async def record_survey(self, scored: SurveyScored, *, officer: OfficerId) -> None:
        await starting.record_survey(self.runtime, YEAR, scored, actor=self._actor(officer))

    async def hand_in_records(self, staff: Lists, *, officer: OfficerId) -> None:
        actor = self._actor(officer)
        records = StaffRecords(staff=staff)
        await actions.send_message(self.runtime, YEAR, records, sender=actor.unit or "", actor=actor)

    def _actor(self, officer: OfficerId) -> Actor:
        who = self.runtime.directory.officer(officer)
        return Actor(kind=ActorKind.OFFICER, officer=who.id, unit=who.unit, name=who.name, through=THROUGH)


async def requested_change(runtime: Runtime, form: Answer, *, now: datetime, actor: Actor) -> None:
    """A unit's request for other details, admitted as any form."""
    listed = FormContext(choices={"kpis": ((form["kpi"], form["kpi"]),)})
    asked = admit("KpiChangeRequest", form, listed, now=now)
    assert isinstance(asked, KpiChangeRequest)
    await starting.request_kpi_change(runtime, YEAR, asked, unit=actor.unit or "", actor=actor)


async def moved_day(runtime: Runtime, form: Answer, *, now: datetime, actor: Actor) -> None:
    """A day of the calendar on another date, admitted as any form."""
    await runtime.refresh(at_once=True)
    calendar = calendar_of(runtime.policy.years, AGENCY, FISCAL_YEAR)
    move = admit("DayMove", form, context_of_move(calendar), now=now)
    assert isinstance(move, DayMove)
    await move_year_day(runtime, AGENCY, FISCAL_YEAR, move, actor=actor)
