"""Work that is handed to one officer by name: nobody else does it, and it gets stuck with nobody (decision 40)."""

from __future__ import annotations

from typing import ClassVar

import pytest
from sqlalchemy import select

from engine.case import Case
from engine.case_run import Closed, Parked
from engine.process import process
from engine.waits import Lane
from ledger import organisations, tables
from ledger.errors import NotTheHolder
from schemas.actor import system
from schemas.deadline import WorkingDays
from schemas.form import Form, ask
from schemas.organisation import Delegation, Duty, Organisation
from schemas.policy import Policy
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ORGANISATION, Stage, officer
from tests.engine.processes import Brief, Outcome
from tests.flows.people import at

UNIT, PERSON, COLLEAGUE, HEAD, DEPUTY = "div-a", "div-a.2", "div-a.1", "div-a.head", "div-b.1"
ACTING = Delegation(
    officer=DEPUTY, unit=UNIT, instrument="คำสั่งที่ 1/2561", valid_from=at("2018-01-01"), valid_to=at("2018-12-31")
)
STAFF = ORGANISATION.replace(
    officers=(
        *ORGANISATION.officers,
        officer(UNIT).replace(id=PERSON, name="บุคคล"),
        officer(UNIT, Duty.HEAD).replace(id=HEAD, name="หัวหน้า"),
    ),
    delegations=(ACTING,),
)


class Own(Form):
    title_th: ClassVar[str] = "ลงนามของตน"
    title_en: ClassVar[str] = "Own signature"

    text: str = ask("ข้อความ", "Text", default="")


@process("trial-named", title_th="งานของบุคคล", data=Brief, result=Outcome)
async def named(case: Case[Brief]) -> Outcome:
    signed = await case.hand_off("sign", to=Lane(unit=UNIT, officer=PERSON), form=Own, due=WorkingDays(days=2))
    return Outcome(said=(signed.text,))


def without(person: str, **changes: object) -> Organisation:
    officers = tuple(o.replace(**changes) if o.id == person else o for o in STAFF.officers)
    return STAFF.replace(officers=officers)


async def staffed(stage: Stage, staff: Organisation = STAFF) -> None:
    async with stage.runtime.ledger.begin() as work:
        await organisations.store(work, staff, Policy(), actor=system("test"), reason="จัดคน")
        await work.commit()
    await stage.runtime.refresh(at_once=True)


async def told(stage: Stage) -> list[tuple[str, str]]:
    m = tables.mails.c
    async with stage.runtime.ledger.read() as connection:
        rows = await connection.execute(select(m.folder, m.officer).order_by(m.queued_at, m.folder, m.officer))
        return [(row.folder, row.officer) for row in rows]


@pytest.fixture
async def waiting(stage: Stage, clock: ClockThatIsSet) -> str:
    """Whom the case waits for, as operators read it."""
    clock.moment = at("2018-02-12")
    await staffed(stage)
    await stage.open("trial-named", Brief())
    outcome = await stage.run()
    assert isinstance(outcome, Parked)
    return outcome.waiting_for


async def test_only_the_officer_is_told_and_waited_for(stage: Stage, waiting: str, clock: ClockThatIsSet) -> None:
    assert waiting.startswith("รอบุคคล: ลงนามของตน")
    assert await told(stage) == [("task", PERSON)]
    clock.moment = at("2018-02-13", "09:00")
    await stage.sweep()
    assert (await told(stage))[1:] == [("reminder", PERSON)]


@pytest.mark.parametrize("other", [COLLEAGUE, HEAD, DEPUTY])
async def test_nobody_signs_for_somebody_else(stage: Stage, waiting: str, other: str) -> None:
    with pytest.raises(NotTheHolder):
        await stage.submit("sign", {"text": "แทน"}, by=other)
    await stage.submit("sign", {"text": "เอง"}, by=PERSON)
    outcome = await stage.run()
    assert isinstance(outcome, Closed)
    assert outcome.result["said"] == ["เอง"]


@pytest.mark.parametrize("change", [{"active": False}, {"unit": "div-c"}])
async def test_work_of_who_no_longer_serves_in_the_unit_is_the_heads(
    stage: Stage, waiting: str, clock: ClockThatIsSet, change: dict[str, object]
) -> None:
    await staffed(stage, without(PERSON, **change))
    clock.moment = at("2018-02-13", "09:00")
    await stage.sweep()
    assert (await told(stage))[1:] == [("reminder", HEAD)]
    for other in (PERSON, COLLEAGUE):
        with pytest.raises(NotTheHolder):
            await stage.submit("sign", {}, by=other)
    await stage.submit("sign", {"text": "หัวหน้า"}, by=HEAD)
    assert isinstance(await stage.run(), Closed)


async def test_who_acts_for_the_head_does_so_for_the_head_of_a_person_who_has_left(stage: Stage, waiting: str) -> None:
    await staffed(stage, without(PERSON, active=False))
    answer = await stage.submit("sign", {}, by=DEPUTY)
    assert not answer.repeated
