"""The sweep fires what is due, once, and tells each person once."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import pytest
from sqlalchemy import select, update

from audit.replay import replay_cases
from engine import sweep
from engine.case import Case
from engine.process import process
from ledger import mails, organisations, tables
from ledger.work import Work
from schemas.actor import system
from schemas.deadline import WorkingDays
from schemas.form import Form, ask
from schemas.mail import OverseenMail
from schemas.organisation import Oversight
from schemas.policy import Policy
from tests.conftest import ClockThatIsSet
from tests.engine.driver import DIVISIONS, Stage
from tests.engine.processes import Brief, Outcome
from tests.flows.people import at, messages_of


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


async def test_who_oversees_several_units_is_told_once_of_what_is_late_in_them(
    stage: Stage, monday: ClockThatIsSet
) -> None:
    """The head of the department oversees two divisions; the supervisor of one has its digest already."""
    told = {"units": DIVISIONS[:2], "instrument": "คำสั่งกรม", "valid_from": at("2018-02-01")}
    orders = tuple(Oversight(officer=officer, **told) for officer in ("dept.1", "div-a.1"))
    overseen = stage.runtime.directory.organisation.replace(oversights=orders)
    async with stage.runtime.ledger.begin() as work:
        await organisations.store(work, overseen, Policy(), actor=system("test"), reason="มอบหมายกำกับดูแล")
        await work.commit()
    await stage.open("trial-errands", Brief())
    await stage.run()
    monday.moment = at("2018-02-15", "09:00")
    await stage.sweep()
    late = [one for one in await queued(stage) if one[0] in {"digest", "overseen"}]
    assert late == [("digest", "div-a.1"), ("digest", "div-b.1"), ("overseen", "dept.1"), ("overseen", "div-a.1")]
    lines = [mail.lines for mail in await messages_of(stage, "case-1", "overseen") if isinstance(mail, OverseenMail)]
    of_supervisor, of_head = sorted(lines, key=len)
    assert [line.unit.split()[1] for line in of_head] == ["div-a", "div-a", "div-b", "div-b"]
    assert [line.unit.split()[1] for line in of_supervisor] == ["div-b", "div-b"]
    assert {line.link.partition("?")[0] for line in of_head} == {"/cases/case-1"}, "no form that is not theirs"
    (again,) = [one async for one in replay_cases(stage.runtime)]
    assert again.same
    m = tables.mails.c
    async with stage.runtime.ledger.begin() as work:
        for mail in await work.rows(select(m.id, m.context).where(m.folder == "overseen")):
            lied = mail.context.replace("หน่วย div-b".encode(), "หน่วย div-c".encode())
            await work.connection.execute(update(tables.mails).where(m.id == mail.id).values(context=lied))
        await work.commit()
    (again,) = [one async for one in replay_cases(stage.runtime)]
    assert {difference.where for difference in again.differences} == {"mail:overseen"}
    async with stage.runtime.ledger.begin() as work:
        elsewhere = update(tables.mails).where(m.folder == "digest", m.officer == "div-a.1")
        await work.connection.execute(elsewhere.values(email="x@x.example"))
        await work.commit()
    (again,) = [one async for one in replay_cases(stage.runtime)]
    assert {(d.where, d.field) for d in again.differences} - {("mail:overseen", "unit")} == {("mail:digest", "email")}


async def test_a_unit_without_officers_is_noted_and_stops_nobody(stage: Stage, monday: ClockThatIsSet) -> None:
    officers = tuple(o for o in stage.runtime.directory.organisation.officers if o.unit != "div-a")
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
    assert (len(first.mails), len(second.mails)) == (3, 1)


# --- one that fails ----------------------------------------------------------------------------------------


@process("trial-moments", title_th="มีเวลากำหนด", data=Brief, result=Outcome)
async def moments(case: Case[Brief]) -> Outcome:
    assert case.data.until is not None
    until = case.until("moment", case.data.until)
    await case.race("either", {"moment": until, "done": case.hand_off("errand", to="div-a", form=Errand)})
    return Outcome()


async def spoiled(stage: Stage, case_id: str) -> None:
    """Nothing can be added to this case any more: the place after its head is taken."""
    async with stage.runtime.ledger.begin() as work:
        c = tables.cases.c
        await work.connection.execute(update(tables.cases).where(c.id == case_id).values(head_seq=c.head_seq - 1))
        await work.commit()


async def with_timers(stage: Stage, clock: ClockThatIsSet, *case_ids: str) -> None:
    for minutes, case_id in enumerate(case_ids):
        until = clock.moment + timedelta(hours=1, minutes=minutes)
        await stage.open("trial-moments", Brief(until=until), case_id=case_id)
        await stage.run(case_id)


async def fired(stage: Stage, kind: str, *case_ids: str) -> list[int]:
    return [(await stage.kinds(case_id)).count(kind) for case_id in case_ids]


async def test_all_timers_fire_in_one_transaction(
    stage: Stage, monday: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits, commit = list[Work](), Work.commit

    async def counted(work: Work) -> None:
        commits.append(work)
        await commit(work)

    await with_timers(stage, monday, "case-1", "case-2", "case-3")
    monday.advance(hours=2)
    monkeypatch.setattr(Work, "commit", counted)
    assert await stage.sweep() == 3
    assert len(commits) == 1


@pytest.mark.parametrize("at_once", [1, 200])
async def test_a_case_whose_timer_fails_keeps_no_other_from_firing(
    stage: Stage, monday: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(sweep, "AT_ONCE", at_once)
    names = ("case-1", "case-2", "case-3")
    await with_timers(stage, monday, *names)
    await stage.open("trial-errands", Brief(), case_id="case-4")
    await stage.run("case-4")
    await spoiled(stage, "case-1")
    monday.moment = at("2018-02-13", "09:00")
    await stage.sweep()
    await stage.sweep()
    assert await fired(stage, "timer:fire", *names) == [0, 1, 1]
    assert await fired(stage, "reminder:fire", "case-4") == [4]


async def test_a_moment_of_reminders_that_fails_keeps_no_later_one_waiting(
    stage: Stage, monday: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "MOMENTS_AT_ONCE", 1)
    await stage.open("trial-errands", Brief())
    await stage.run()
    monday.advance(days=1)
    await stage.open("trial-errands", Brief(), case_id="case-2")
    await stage.run("case-2")
    await spoiled(stage, "case-1")
    monday.moment = at("2018-02-20", "09:00")
    for _ in range(9):
        await stage.sweep()
    assert await fired(stage, "reminder:fire", "case-1", "case-2") == [0, 16]
    assert await fired(stage, "escalation:fire", "case-1", "case-2") == [0, 4]


async def test_of_one_moment_all_cases_are_reminded_of_but_the_one_that_fails(
    stage: Stage, monday: ClockThatIsSet
) -> None:
    for case_id in ("case-1", "case-2", "case-3"):
        await stage.open("trial-errands", Brief(), case_id=case_id)
        await stage.run(case_id)
    await spoiled(stage, "case-2")
    monday.moment = at("2018-02-13", "09:00")
    assert [await stage.sweep(), await stage.sweep()] == [8, 0]
    assert await fired(stage, "reminder:fire", "case-1", "case-2", "case-3") == [4, 0, 4]
