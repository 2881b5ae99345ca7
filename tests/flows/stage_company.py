"""Plays a story of the rehearsals in place: one officer after the other, every run performed at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ledger import reading
from ledger.hand_offs import OPEN, HandOff
from tests.conftest import ClockThatIsSet
from tests.engine.driver import Stage
from tests.flows.people import pass_to, run_what_wants, settle, work_about


class StageCompany:
    """As the company on the real stack, without mail and portal."""

    def __init__(self, stage: Stage, clock: ClockThatIsSet) -> None:
        self.stage, self.clock = stage, clock
        self.one_at_a_time = asyncio.Lock()
        self.said: list[str] = []

    async def act(
        self, case: str, element: str, answer: Mapping[str, Any], *, unit: str | None = None,
        week: str | None = None, officer: str | None = None,
    ) -> None:  # fmt: skip
        async with self.one_at_a_time:
            asked = [
                h
                for h in await work_about(self.stage, case)
                if h.element == element and unit in (None, h.unit) and week in (None, h.case_id)
            ]
            assert len(asked) == 1, f"{element} of {case} is asked {len(asked)} times"
            await self.stage.runtime.refresh(at_once=True)
            await self.submit(asked[0], answer, officer=officer)
            await settle(self.stage)

    async def submit(self, asked: HandOff, answer: Mapping[str, Any], *, officer: str | None = None) -> None:
        holder = officer or self.stage.runtime.post.holders_of(asked)[0].id
        await self.stage.intake.submit(asked.id, answer, officer=holder, through="test")

    async def open_work(self, case: str) -> Sequence[HandOff]:
        async with self.stage.runtime.ledger.read() as connection:
            return [h for h in await reading.hand_offs_of_case(connection, case) if h.state == OPEN]

    async def hand_in_all(self, answers: Sequence[tuple[HandOff, Mapping[str, Any]]]) -> None:
        """What many hand in is carried on at once."""
        for asked, answer in answers:
            await self.submit(asked, answer)
        await run_what_wants(self.stage)

    async def pass_to(self, moment: datetime) -> None:
        await pass_to(self.stage, self.clock, moment)

    def tell(self, said: str) -> None:
        self.said.append(said)
