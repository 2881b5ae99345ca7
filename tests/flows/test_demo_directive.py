"""The story of `sangkan demo directive`, played without a server: the same three weeks, the same expectations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from deployments.demo.directive_expected import WEEKS, checks
from deployments.demo.directive_findings import DirectiveFindings, read_findings
from deployments.demo.directive_story import BEGINS, ENDS, FIRST, TEXTS, DirectiveStory
from flows import starting
from ledger import reading
from rules.admission import admit
from rules.calendar import Calendar, bangkok_date, bangkok_time
from rules.week import reporting_week
from schemas.directive import Level, Registration
from schemas.form import FormContext
from schemas.policy import WeeklyPolicy
from schemas.printout import PrintoutOrder
from schemas.weekly import Timeliness
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.people import settle, week_open
from tests.flows.stage_company import StageCompany


class DirectiveStageCompany(StageCompany):
    """What the portal's pages do, done in place."""

    async def register(self, registration: Mapping[str, Any]) -> tuple[str, ...]:
        form = admit("Registration", registration, FormContext(), now=self.clock.moment)
        assert isinstance(form, Registration)
        made = await starting.register_directive(self.stage.runtime, form, actor=ACTOR)
        await settle(self.stage)
        return made

    async def order_printout(self, meeting_at: datetime, *, officer: str) -> str:
        agency = self.stage.runtime.directory.agency_of(self.stage.runtime.directory.officer(officer).unit)
        assert agency is not None
        form = PrintoutOrder(meeting_on=bangkok_date(meeting_at), meeting_time=bangkok_time(meeting_at))
        case = await starting.order_printout(self.stage.runtime, form, agency=agency.id, actor=ACTOR)
        await settle(self.stage)
        return case

    async def choose_password(self, officer: str) -> None:
        async with self.one_at_a_time, self.stage.runtime.ledger.read() as connection:
            cases = await reading.cases_where(connection, limit=50, process="directive-lifecycle")
            mails = [mail for case in cases for mail in await reading.mails_of_case(connection, case.id)]
        assert [mail.officer for mail in mails if mail.folder == "invitation"] == [officer]


async def test_three_weeks_come_out_as_the_regulation_wants_them(ministry: Stage, clock: ClockThatIsSet) -> None:
    clock.moment = BEGINS
    assert await week_open(ministry) == FIRST
    story = DirectiveStory(DirectiveStageCompany(ministry, clock))
    await story.play()
    found = await read_findings(ministry.runtime)
    assert off(story, found) == []
    # What is off is noticed: a week whose rows are fewer and all in time fails its own checks, and only those.
    week = found.weeks[FIRST]
    rows = tuple(row.replace(timeliness=Timeliness.ON_TIME) for row in week.snapshot.rows[1:])
    forged = replace(week, snapshot=week.snapshot.replace(rows=rows))
    told = off(story, replace(found, weeks={**found.weeks, FIRST: forged}))
    assert [what for what, _, _ in told] == [f"{FIRST}: จำนวนตามระดับ", f"{FIRST}: ทะเบียนรายเรื่อง"]


def off(story: DirectiveStory, found: DirectiveFindings) -> list[tuple[str, str, str]]:
    return [(c.what, c.expected, c.found) for c in checks(story.cases, found) if not c.holds]


def test_the_expected_moments_are_those_of_the_calendar() -> None:
    """One of the three weeks, and only one, has a Friday holiday."""
    for week, expected in WEEKS.items():
        friday = date.fromisoformat(week.removeprefix("week-"))
        told = reporting_week(friday, calendar=Calendar(), policy=WeeklyPolicy())
        assert (told.cut_off, told.report_at) == (expected.cut_off, expected.report_at)
    moved = [week for week, expected in WEEKS.items() if expected.cut_off.date().isoformat() not in week]
    assert moved == [FIRST]


def test_all_four_levels_are_in_the_story() -> None:
    assert {level for week in WEEKS.values() for level, _ in week.register.values()} == set(Level)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_registration_of_the_file_is_a_good_form(name: str) -> None:
    form = admit("Registration", TEXTS[name]["registration"], FormContext(), now=ENDS)
    assert isinstance(form, Registration)
    assert form.title
