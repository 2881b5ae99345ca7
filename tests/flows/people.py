"""What the officers of the sample ministry do, in words; and how time passes for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from flows import starting
from ledger import documents, drafts, organisations, reading, tables, uploads, waits
from ledger.canonical import sha256 as content_hash
from ledger.cases import CaseView
from ledger.hand_offs import HandOff
from ledger.reading import MailView
from notifications.compose import compose
from rules.attachment import take_file
from schemas.attachment import AttachedFile
from schemas.directive import Nature, Registration, Urgency
from schemas.mail import MESSAGES, Message
from schemas.organisation import Delegation
from schemas.weekly import WeekSnapshot
from tests import files
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage

SIX: dict[str, Any] = {
    heading: f"ข้อความ {heading}" for heading in ("goal", "plan", "result", "output", "outcome", "impact")
}
TWO: dict[str, Any] = {"goal": "เป้าหมาย", "plan": "แผน"}


def at(day: str, time: str = "09:00") -> datetime:
    """A moment by its date and time in Bangkok."""
    return datetime.fromisoformat(f"{day}T{time}+07:00").astimezone(UTC)


# --- the system goes on ------------------------------------------------------------------------------------


async def settle(stage: Stage) -> None:
    """Run every case that wants to run, until none does; running again changes nothing."""
    await run_what_wants(stage)
    await run_everything_again(stage)


async def run_what_wants(stage: Stage) -> None:
    """Run every case that wants to run, until none does (what the dispatcher does)."""
    c = tables.cases.c
    while True:
        async with stage.runtime.ledger.read() as connection:
            wanted = select(c.id).where(c.wanted == "run").order_by(c.id)
            ids = list((await connection.scalars(wanted)).all())
        if not ids:
            return
        for case_id in ids:
            await stage.run(case_id)


async def run_everything_again(stage: Stage) -> None:
    """Every open case runs once more without news: no event, no task run and no mail may come of it.

    A case to whose history nothing was added since it was last found at rest is at rest.
    """
    before, performed = await _state_of_the_ledger(stage), len(stage.performed.names)
    for case_id, head in before["open"].items():
        if stage.at_rest.get(case_id) != head:
            await stage.run(case_id)
    assert await _state_of_the_ledger(stage) == before
    assert stage.performed.names[performed:] == []
    stage.at_rest |= before["open"]


async def _state_of_the_ledger(stage: Stage) -> dict[str, Any]:
    c, m = tables.cases.c, tables.mails.c
    async with stage.runtime.ledger.read() as connection:
        rows = (await connection.execute(select(c.id, c.state, c.head_seq, c.head_hash).order_by(c.id))).all()
        mails = (await connection.scalars(select(m.once).order_by(m.once))).all()
    return {"heads": rows, "mails": mails, "open": {row.id: row.head_hash for row in rows if row.state == "open"}}


async def pass_to(
    stage: Stage, clock: ClockThatIsSet, moment: datetime, *, then: Callable[[Stage], Awaitable[None]] = settle
) -> None:
    """Time passes: everything that falls due until then happens at its own moment, and `then` follows each."""
    while True:
        async with stage.runtime.ledger.begin() as work:
            upcoming = await waits.next_moment(work.connection)
        if upcoming is None or upcoming > moment:
            break
        clock.moment = max(clock.moment, upcoming)
        await stage.sweep()
        await then(stage)
    clock.moment = moment


# --- what people do ----------------------------------------------------------------------------------------


async def week_open(stage: Stage) -> str:
    week = await starting.ensure_week_open(stage.runtime, actor=ACTOR)
    await settle(stage)
    return week


async def register(stage: Stage, *agencies: str, title: str = "เร่งรัดคดีค้าง", **more: Any) -> tuple[str, ...]:
    form = Registration(
        title=title, text=f"ให้{title}", ordered_by="รัฐมนตรีว่าการกระทรวงยุติธรรม", ordered_on="2018-02-06",
        nature=more.get("nature", Nature.GENERAL), urgency=more.get("urgency", Urgency.NORMAL),
        source_meeting="การประชุมผู้บริหารกระทรวง", agencies=agencies or ("dept",), attachments=more.get("files", ()),
    )  # fmt: skip
    made = await starting.register_directive(stage.runtime, form, actor=ACTOR)
    await settle(stage)
    return made


async def do(stage: Stage, subject: str, element: str, data: dict[str, Any], *, unit: str | None = None) -> HandOff:
    """The unit that holds the work hands the form in, and the flow goes on."""
    hand_off = await open_work(stage, subject, element, unit=unit)
    (holder, *_) = stage.runtime.post.holders_of(hand_off)
    await stage.intake.submit(hand_off.id, data, officer=holder.id, through="test")
    await settle(stage)
    return hand_off


async def attach(
    stage: Stage, subject: str, element: str, name: str, content: bytes, *, unit: str | None = None
) -> None:
    """The unit that holds the work attaches a file to its form, which is not handed in yet."""
    hand_off, ledger = await open_work(stage, subject, element, unit=unit), stage.runtime.ledger
    (holder, *_) = stage.runtime.post.holders_of(hand_off)
    file = take_file(name, content, content_hash(content), stage.runtime.policy.files, ())
    now = await ledger.now()
    assert await drafts.save(ledger, hand_off.id, holder.id, {}, now)
    assert await uploads.add(ledger, hand_off.id, holder.id, "attachments", file, content, now)


async def put_file(stage: Stage, name: str) -> AttachedFile:
    """A file that somebody has chosen on a page: its content is kept."""
    content = files.pdf(name)
    async with stage.runtime.ledger.begin() as work:
        await documents.put(work, content, "application/pdf")
        await work.commit()
    return take_file(name, content, content_hash(content), stage.runtime.policy.files, ())


async def do_with_file(
    stage: Stage, subject: str, element: str, name: str, data: dict[str, Any], *, unit: str | None = None
) -> None:
    """As `do`, with one file of evidence."""
    content = files.pdf(name)
    await attach(stage, subject, element, name, content, unit=unit)
    await do(stage, subject, element, data | {"attachments": [content_hash(content)]}, unit=unit)


async def acting(stage: Stage, officer: str, name: str, *, unit: str, instrument: str) -> None:
    """A person by name, who acts for a unit in the fiscal year 2555 under an order of delegation."""
    of = stage.runtime.directory.organisation
    delegation = Delegation(
        officer=officer, unit=unit, instrument=instrument, valid_from=at("2011-10-01"), valid_to=at("2012-09-30")
    )
    named = tuple(each.replace(name=name) if each.id == officer else each for each in of.officers)
    async with stage.runtime.ledger.begin() as work:
        grown = of.replace(officers=named, delegations=(delegation,))
        await organisations.store(work, grown, stage.runtime.policy, actor=ACTOR, reason=instrument)
        await work.commit()
    await stage.runtime.refresh(at_once=True)


async def accepted(stage: Stage, case_id: str, *, mode: str = "division_keys", lead: str = "dept-div-a") -> None:
    """From registration to the first weekly report."""
    await do(stage, case_id, "receive", {"decision": "accept"})
    await do(stage, case_id, "assign", {"divisions": [lead], "lead": lead, "mode": mode})
    await do(stage, case_id, "accept", {"decision": "accept"})


# --- what can be seen --------------------------------------------------------------------------------------


async def work_about(stage: Stage, subject: str) -> list[HandOff]:
    """All open work about a case."""
    async with stage.runtime.ledger.read() as connection:
        return [h for h in await reading.hand_offs_of_subject(connection, subject) if h.state == "open"]


async def open_work(
    stage: Stage, subject: str, element: str, *, unit: str | None = None, week: str | None = None
) -> HandOff:
    """The one open piece of work of an element; of a unit or in a week, where several are."""
    found = [h for h in await work_about(stage, subject) if h.element == element]
    (one,) = [h for h in found if unit in (None, h.unit) and week in (None, h.case_id)]
    return one


async def case_of(stage: Stage, case_id: str) -> CaseView:
    async with stage.runtime.ledger.read() as connection:
        return await reading.case(connection, case_id)


async def mails_of(stage: Stage, case_id: str, folder: str) -> list[MailView]:
    """The mails of one kind in a case, oldest first."""
    async with stage.runtime.ledger.read() as connection:
        return [mail for mail in await reading.mails_of_case(connection, case_id) if mail.folder == folder]


async def subjects_of(stage: Stage, case_id: str, folder: str) -> list[str]:
    """The subjects of the mails of one kind in a case as their recipients read them, oldest first."""
    messages = await messages_of(stage, case_id, folder)
    return [compose(message.replace(link="https://portal.test")).subject for message in messages]


async def messages_of(stage: Stage, case_id: str, folder: str) -> list[Message]:
    """What the mails of one kind in a case are about, oldest first."""
    m = tables.mails.c
    query = select(m.context).where(m.case_id == case_id, m.folder == folder).order_by(m.queued_at, m.once)
    async with stage.runtime.ledger.read() as connection:
        found = (await connection.scalars(query)).all()
    return [MESSAGES[folder].model_validate_json(context) for context in found]


async def papers_of(stage: Stage, case_id: str) -> dict[str, bytes]:
    """The documents of a case by name."""
    async with stage.runtime.ledger.read() as connection:
        found = await documents.of_case(connection, case_id)
        return {paper.name: (await documents.get(connection, paper.sha256)).content for paper in found}


async def frozen(stage: Stage, week: str) -> WeekSnapshot:
    """The snapshot of a week."""
    facts = (await case_of(stage, week)).facts
    async with stage.runtime.ledger.read() as connection:
        return WeekSnapshot.model_validate_json((await documents.get(connection, facts["snapshot"])).content)
