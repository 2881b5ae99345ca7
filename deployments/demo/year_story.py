"""The agreement year FY2555 of the Community Development Department, told once; who plays it is given (`YearCompany`).

Source S1 from its first step to its last: negotiated and appealed against, signed, detailed, followed up every month,
reported three times, visited twice, surveyed, announced and appealed against again, rewarded. Dates are working days of
the real calendar of 2554 to 2556. What is told in `year_scenes` happens on top of it; all other work is done by the
general officer (`year_officer`). What must come of it stands in `year_expected`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol

from deployments.demo.company import Company
from deployments.demo.year_data import Answer
from deployments.demo.year_officer import marks_of, usual_answer
from deployments.errors import RehearsalStuck
from ledger.hand_offs import HandOff
from rules.calendar import bangkok_date, bangkok_moment
from rules.thai import thai_date
from schemas.agreement import SurveyScored
from schemas.award_case import Lists
from schemas.base import CaseId, OfficerId, UnitId
from schemas.kpi import KpiBook

AGENCY: UnitId = "cdd"
FISCAL_YEAR = 2555
YEAR: CaseId = "agreement-2555-cdd"
NEGOTIATION_APPEAL: CaseId = "appeal-2555-cdd-negotiation"
SCORE_APPEAL: CaseId = "appeal-2555-cdd-score"
AWARD: CaseId = "award-2555-cdd"
KEEPER_OF_THE_YEAR: OfficerId = "cdd-psdg.1"


def sar(round_: int) -> CaseId:
    return f"sar-2555-cdd-{round_}"


def follow_up(name: str) -> CaseId:
    return f"follow-up-2555-cdd-{name}"


def visit(kind: str) -> CaseId:
    return f"visit-2555-cdd-{kind}"


def moment(day: str, at: str) -> datetime:
    """A moment in Bangkok."""
    return bangkok_moment(date.fromisoformat(day), time.fromisoformat(at))


BEGINS = moment("2011-10-03", "08:30")


class YearCompany(Company, Protocol):
    """What the story asks of those who play it."""

    async def open_work(self, case: CaseId) -> Sequence[HandOff]:
        """The open work of a case, once all that is under way has come to rest."""
        ...

    async def hand_in_all(self, answers: Sequence[tuple[HandOff, Answer]]) -> None:
        """Officers of several units hand in their work side by side."""
        ...

    async def open_year(self, book: KpiBook, *, officer: OfficerId) -> CaseId: ...

    async def request_change(self, form: Answer, *, officer: OfficerId) -> None: ...

    async def move_day(self, form: Answer, *, officer: OfficerId) -> None: ...

    async def record_survey(self, scored: SurveyScored, *, officer: OfficerId) -> None: ...

    async def hand_in_records(self, staff: Lists, *, officer: OfficerId) -> None: ...


@dataclass(frozen=True, slots=True)
class Teller:
    """What every scene is told with."""

    company: YearCompany

    async def on(self, day: str, at: str, said: str = "") -> None:
        """Time passes to a moment; what is under way by then has come to rest."""
        await self.company.pass_to(moment(day, at))
        if said:
            self.company.tell(said)

    async def done(
        self, case: CaseId, *elements: str, of: Collection[str] = (), but: Collection[str] = (),
        saying: Mapping[str, Answer] | None = None,
    ) -> None:  # fmt: skip
        """The open work of these elements is done, one element after the other.

        :param of: of these KPIs or units only; `but`: of all others.
        :param saying: what is answered otherwise than usual: by KPI or unit, under "" for everybody.
        :raises RehearsalStuck: nobody is asked for this.
        """
        for element in elements:
            asked = [
                work
                for work in await self.company.open_work(case)
                if work.element == element and _is_meant(_names(work), of, but)
            ]
            if not asked:
                raise RehearsalStuck(what=f"{element} · {case}")
            await self.company.hand_in_all([(work, _answer(work, saying or {})) for work in asked])

    async def met(self, name: str, *, on: str) -> None:
        """กพร. keys the minute of the department's meeting on a follow-up, on the day of the meeting."""
        held_on = thai_date(bangkok_date(moment(on, "15:30")))
        resolutions = "รับทราบผลการดำเนินงาน ให้หน่วยงานที่ล่าช้ากว่าแผนเร่งรัดให้ทันเดือนถัดไป"
        await self.on(on, "15:30")
        await self.done(follow_up(name), "minute", saying={"": {"held_on": held_on, "resolutions": resolutions}})

    async def followed_up(self, name: str, *, on: str, said: str = "") -> None:
        """All owners report progress in the morning, the department meets in the afternoon."""
        await self.on(on, "10:00", said)
        await self.done(follow_up(name), "progress")
        await self.met(name, on=on)


def _names(work: HandOff) -> frozenset[str]:
    return frozenset((*marks_of(work), work.unit))


def _is_meant(names: Collection[str], of: Collection[str], but: Collection[str]) -> bool:
    return not any(name in but for name in names) and (not of or any(name in of for name in names))


def _answer(work: HandOff, saying: Mapping[str, Answer]) -> dict[str, Any]:
    special = next((saying[name] for name in (*marks_of(work), work.unit, "") if name in saying), None)
    if special is None or work.element in PARTLY_SPECIAL:
        return {**usual_answer(work), **(special or {})}
    return dict(special)


PARTLY_SPECIAL = frozenset({"write_details", "keep", "record", "propose"})
"""Work in which only some fields are answered otherwise."""
