"""Which organisation counts at a moment: asked in any order, and around every change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.offices import TAKEN_UP_WITHIN, Offices, offices_of
from ledger import organisations
from ledger.work import Ledger
from rules.organisation_file import load_organisation
from tests.audit.test_replay import SAMPLE
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, stage_on
from tests.flows.people import at

MONDAY = at("2018-02-12", "09:00")
CHANGED = (MONDAY, MONDAY + timedelta(minutes=1), MONDAY + timedelta(hours=3))
"""The second change comes while the first may still be taken up."""


@pytest_asyncio.fixture
async def offices(ledger: Ledger, clock: ClockThatIsSet) -> Offices:
    clock.moment = CHANGED[0]
    stage = await stage_on(ledger, load_organisation(SAMPLE.read_text()))
    for number, moment in enumerate(CHANGED[1:], start=2):
        clock.moment = moment
        was = stage.runtime.directory.organisation
        named = was.replace(units=tuple(
            unit.replace(th=f"กระทรวง {number}") if unit.id == was.ministry else unit for unit in was.units
        ))  # fmt: skip
        async with ledger.begin() as work:
            await organisations.store(work, named, stage.runtime.policy, actor=ACTOR, reason="เปลี่ยนชื่อ")
            await work.commit()
    found = await offices_of(stage.runtime)
    await found.read_for(MONDAY - timedelta(days=1), MONDAY + timedelta(days=1))
    return found


def counted(moment: datetime) -> list[datetime]:
    """When those changes were made that may have been worked under, the latest first; by the words of the docstring."""
    standing = max((change for change in CHANGED if change <= moment), default=CHANGED[0])
    earliest = max((change for change in CHANGED if change <= moment - TAKEN_UP_WITHIN), default=CHANGED[0])
    return [change for change in reversed(CHANGED) if earliest <= change <= standing]


def told(offices: Offices, moment: datetime) -> list[str]:
    return [office.directory.unit(office.directory.organisation.ministry).th for office in offices.at(moment)]


async def test_a_change_counts_from_its_moment_and_the_one_before_for_two_minutes_more(offices: Offices) -> None:
    before, second, third = told(offices, CHANGED[0] - timedelta(hours=1)), "กระทรวง 2", "กระทรวง 3"
    (first,) = before
    assert told(offices, CHANGED[1]) == [second, first]
    assert told(offices, CHANGED[1] + TAKEN_UP_WITHIN - timedelta(microseconds=1)) == [second, first]
    assert told(offices, CHANGED[1] + TAKEN_UP_WITHIN) == [second]
    assert told(offices, CHANGED[2] - timedelta(microseconds=1)) == [second]
    assert told(offices, CHANGED[2]) == [third, second]
    assert told(offices, CHANGED[2] + timedelta(days=300)) == [third]


MOMENTS = st.one_of(
    st.sampled_from([change + within for change in CHANGED for within in (timedelta(0), TAKEN_UP_WITHIN)]),
    st.timedeltas(timedelta(hours=-1), timedelta(hours=4)).map(MONDAY.__add__),
)


async def test_the_answer_does_not_depend_on_what_was_asked_before(offices: Offices) -> None:
    names = {CHANGED[0]: told(offices, CHANGED[0])[-1], CHANGED[1]: "กระทรวง 2", CHANGED[2]: "กระทรวง 3"}

    @settings(deadline=None)
    @given(st.lists(MOMENTS, min_size=1, max_size=12))
    def asked(moments: Sequence[datetime]) -> None:
        for moment in moments:
            assert told(offices, moment) == [names[change] for change in counted(moment)]

    asked()
