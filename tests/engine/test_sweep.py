"""The sweep fires what is due, once, and tells each person once."""

from __future__ import annotations

from typing import ClassVar

import pytest
from sqlalchemy import select

from engine.case import Case
from engine.process import process
from ledger import mails, tables
from schemas.deadline import WorkingDays
from schemas.form import Form, ask
from tests.conftest import ClockThatIsSet
from tests.engine.driver import DIVISIONS, Stage
from tests.engine.processes import Brief, Outcome
from tests.flows.people import at


class Errand(Form):
    title_th: ClassVar[str] = "งานมีกำหนด"
    title_en: ClassVar[str] = "Errand"

    text: str = ask("ข้อความ", "Text", default="")


@process("trial-errands", title_th="งานมีกำหนด", data=Brief, result=Outcome)
async def errands(case: Case[Brief]) -> Outcome:
    units = DIVISIONS[:2]
    members = {
        f"{u}-{n}": case.hand_off("errand", of=f"{u}-{n}", to=u, form=Errand, due=WorkingDays(days=2))
        for u in units
        for n in range(2)
    }
    await case.all_of("errands", members)
    return Outcome()


async def queued(stage: Stage) -> list[tuple[str, str]]:
    m = tables.mails.c
    async with stage.runtime.ledger.read() as connection:
        rows = await connection.execute(select(m.folder, m.officer).order_by(m.queued_at, m.folder, m.officer))
        return [(row.folder, row.officer) for row in rows]


@pytest.fixture
def monday(clock: ClockThatIsSet) -> ClockThatIsSet:
    clock.moment = at("2018-02-12")  # Monday; due at the end of Wednesday
    return clock


async def test_a_reminder_is_one_mail_to_each_holder_however_much_is_open(stage: Stage, monday: ClockThatIsSet) -> None:
    await stage.open("trial-errands", Brief())
    await stage.run()
    assert len(await queued(stage)) == 4  # one task mail for each piece of work
    monday.moment = at("2018-02-13", "09:00")
    assert await stage.sweep() == 4
    assert await stage.sweep() == 0
    assert (await queued(stage))[4:] == [("open_work", "div-a.1"), ("open_work", "div-b.1")]


async def test_work_that_was_answered_is_not_reminded_of(stage: Stage, monday: ClockThatIsSet) -> None:
    await stage.open("trial-errands", Brief())
    await stage.run()
    for n in range(2):
        await stage.submit(f"errand[div-a-{n}]", {})
    await stage.submit("errand[div-b-0]", {})
    monday.moment = at("2018-02-13", "09:00")
    assert await stage.sweep() == 1
    assert (await queued(stage))[4:] == [("reminder", "div-b.1")]


async def test_supervisors_get_one_digest_on_the_working_day_after(stage: Stage, monday: ClockThatIsSet) -> None:
    await stage.open("trial-errands", Brief())
    await stage.run()
    monday.moment = at("2018-02-15", "09:00")  # everything that was missed fires now, each moment on its own
    await stage.sweep()
    digests = [officer for folder, officer in await queued(stage) if folder == "digest"]
    assert digests == ["div-a.1", "div-b.1"]
    kinds = await stage.kinds()
    assert kinds.count("escalation:fire") == 4
    assert kinds.count("reminder:fire") == 12  # Tuesday, Wednesday, Thursday
    await stage.sweep()
    assert (await stage.kinds()) == kinds


async def test_a_unit_without_officers_is_noted_and_stops_nobody(stage: Stage, monday: ClockThatIsSet) -> None:
    officers = tuple(o for o in stage.runtime.directory.organisation.officers if o.unit != "div-a")
    from ledger import organisations
    from schemas.actor import system
    from schemas.policy import Policy

    async with stage.runtime.ledger.begin() as work:
        fewer = stage.runtime.directory.organisation.replace(officers=officers)
        await organisations.store(work, fewer, Policy(), actor=system("test"), reason="ย้าย")
        await work.commit()
    await stage.open("trial-errands", Brief())
    await stage.run()
    assert [officer for _, officer in await queued(stage)] == ["div-b.1", "div-b.1"]
    assert (await stage.kinds()).count("mail:skip") == 2


async def test_mails_are_claimed_by_one_sender_only(stage: Stage, monday: ClockThatIsSet) -> None:
    await stage.open("trial-errands", Brief())
    await stage.run()
    first = await mails.claim(stage.runtime.ledger, claimed_by="a", limit=3, seconds=60)
    second = await mails.claim(stage.runtime.ledger, claimed_by="b", limit=10, seconds=60)
    assert (len(first), len(second)) == (3, 1)
