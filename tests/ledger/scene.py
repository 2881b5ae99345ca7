"""The scene of the ledger's tests: a directive of the agency, the officers who act in it, and a whole story of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, event, select
from sqlalchemy.ext.asyncio import AsyncEngine

from ledger import cases, documents, hand_offs, reading, tables, waits
from ledger.canonical import GENESIS
from ledger.cases import NewCase
from ledger.event import Event, seal
from ledger.hand_offs import Accepted, HandOffOrder, Submission, hand_off_id
from ledger.work import Ledger, Work
from schemas.actor import Actor, ActorKind, system
from schemas.form import FormContext

FLOW = system("flow")
SWEEP = system("sweep")
SOMCHAI = Actor(kind=ActorKind.OFFICER, officer="somchai", unit="planning", name="นายสมชาย ใจดี", through="session")
SUDA = Actor(kind=ActorKind.OFFICER, officer="suda", unit="division", name="นางสาวสุดา แก้วใส", through="link")
DIRECTIVE = "directive-2561-0007"
WEEK = "week-2018-04-20"
CUT_OFF = datetime(2018, 4, 20, 9, 0, tzinfo=UTC)
"""ศุกร์ 20 เมษายน 2561 เวลา 16.00 น. (S0 line 12)."""

REPORT = {"level": "in_progress", "result": "จัดประชุมชี้แจงแล้ว 4 ภาค", "outcome": "ผู้แทน 76 จังหวัดเข้าใจแนวทาง"}


def new_case(case_id: str = DIRECTIVE, **changes: Any) -> NewCase:
    told = NewCase(
        id=case_id, process="directive", version=1, title="เร่งรัดการใช้จ่ายงบประมาณ", data={"no": "2561-0007"},
        units=("agency", "division"),
    )  # fmt: skip
    return replace(told, **changes)


def order(key: str, **changes: Any) -> HandOffOrder:
    told = HandOffOrder(
        key=key, element="report", branch="", unit="division", duty="officer", form="WeeklyReport",
        title="รายงานผลการดำเนินงานตามข้อสั่งการประจำสัปดาห์", asked_by="planning", subject=DIRECTIVE, urgency="normal",
        context=FormContext(facts=(("เรื่อง", "เร่งรัดการใช้จ่ายงบประมาณ"),)), due_at=CUT_OFF,
        reminders=(CUT_OFF - timedelta(hours=2), CUT_OFF - timedelta(hours=1)), escalations=(CUT_OFF,),
    )  # fmt: skip
    return told._replace(**changes)


def submission(
    key: str, *, case_id: str = DIRECTIVE, data: dict[str, Any] | None = None, actor: Actor = SUDA
) -> Submission:
    return Submission(
        hand_off=hand_off_id(case_id, key), case_id=case_id, data=REPORT if data is None else data, actor=actor
    )


# --- doing, each in a unit of work of its own --------------------------------------------------------------


async def opened(ledger: Ledger, case_id: str = DIRECTIVE, **changes: Any) -> bool:
    async with ledger.begin() as work:
        done = await cases.open_case(work, new_case(case_id, **changes), actor=SOMCHAI)
        await work.commit()
    return done


async def handed_off(ledger: Ledger, *orders: HandOffOrder, case_id: str = DIRECTIVE, need: int | None = None) -> None:
    """Hand off; with `need` behind a gate that all of them share."""
    async with ledger.begin() as work:
        await work.lock(case_id)
        if need is not None:
            waits.open_gate(work, case_id, key="gate", need=need, actor=FLOW)
        for one in orders:
            hand_offs.open_hand_off(work, case_id, one if need is None else one._replace(gate="gate"), actor=FLOW)
        await work.commit()


async def submitted(ledger: Ledger, *submissions: Submission) -> list[Accepted | Exception]:
    async with ledger.begin() as work:
        answers = await hand_offs.submit_all(work, submissions)
        await work.commit()
    return answers


async def withdrawn(ledger: Ledger, *keys: str, case_id: str = DIRECTIVE, by_flow: bool = False) -> None:
    async with ledger.begin() as work:
        found = [await reading.hand_off(work.connection, hand_off_id(case_id, key)) for key in keys]
        if by_flow:
            await work.lock(case_id)
            hand_offs.drop(work, found, reason="ยกเลิกข้อสั่งการ", actor=SOMCHAI)
        else:
            await hand_offs.withdraw(work, found, reason="ยกเลิกข้อสั่งการ", actor=SOMCHAI)
        await work.commit()


async def timers_fired(ledger: Ledger) -> int:
    async with ledger.begin() as work:
        fired = await waits.fire_timers(work, await waits.due_timers(work, limit=100), actor=SWEEP)
        await work.commit()
    return fired


def fire_reminder(work: Work, case_id: str, key: str, kind: str, rung: int) -> Event:
    said = {"id": hand_off_id(case_id, key), "rung": rung, "at": CUT_OFF.isoformat()}
    return work.append(case_id, f"{kind}:fire", key, SWEEP, said)


async def woken(ledger: Ledger, case_id: str = DIRECTIVE) -> bool:
    """Was a run of the case asked for? The request is taken back, as the dispatcher does."""
    async with ledger.begin() as work:
        await work.lock(case_id)
        wanted = await work.connection.scalar(select(tables.cases.c.wanted).where(tables.cases.c.id == case_id))
        work.set_run(case_id, wanted=None, wanted_at=None)
        await work.commit()
    return wanted == "run"


async def story(ledger: Ledger) -> None:
    """A week and a directive in which every derived table gets rows, and every kind of ending is seen."""
    await opened(ledger, WEEK, process="week", title="สัปดาห์วันที่ 14–20 เมษายน 2561")
    async with ledger.begin() as work:
        await work.lock(WEEK)
        waits.start_call(work, WEEK, key="call", element="call", branch="", child=DIRECTIVE, gate=None, actor=FLOW)
        await cases.open_case(work, new_case(parent=(WEEK, "call")), actor=FLOW)
        await work.commit()
    await handed_off(ledger, order("report/1"), order("report/2"), order("report/3"), order("report/4"), need=2)
    async with ledger.begin() as work:
        await work.lock(DIRECTIVE)
        waits.set_timer(
            work, DIRECTIVE, key="cut_off", element="cut_off", branch="", at=work.now, gate="gate", actor=FLOW
        )
        await waits.await_message(
            work, DIRECTIVE, key="done", element="done", branch="", name="completed", gate=None, actor=FLOW
        )
        waits.set_timer(work, DIRECTIVE, key="late", element="late", branch="", at=CUT_OFF, gate=None, actor=FLOW)
        fire_reminder(work, DIRECTIVE, "report/1", "reminder", 1)
        fire_reminder(work, DIRECTIVE, "report/1", "escalation", 1)
        await work.commit()
    await timers_fired(ledger)
    await submitted(ledger, submission("report/1"))
    await withdrawn(ledger, "report/2")
    async with ledger.begin() as work:
        await waits.deliver_message(work, DIRECTIVE, name="completed", payload={"week": WEEK}, sender=WEEK, actor=FLOW)
        await waits.deliver_message(work, DIRECTIVE, name="cabinet", payload={}, sender="", actor=SOMCHAI)
        await cases.note_phase(work, DIRECTIVE, phase="reporting", facts={"level": "in_progress"}, actor=FLOW)
        waits.cancel_wait(work, DIRECTIVE, key="late", reason="รายงานแล้ว", actor=FLOW)
        digest = await documents.put(work, "เอกสารแนบ".encode(), "text/plain")
        await documents.attach(
            work, DIRECTIVE, name="แนบ.txt", sha256=digest, media_type="text/plain", size=27, actor=SUDA
        )
        await work.commit()
    async with ledger.begin() as work:
        await cases.close_case(work, DIRECTIVE, key="end", branch="", result={"ending": "completed"}, actor=FLOW)
        await work.commit()


def chain(length: int) -> list[Event]:
    """A history of so many events, each sealed onto the one before it."""
    events: list[Event] = []
    for seq in range(1, length + 1):
        events.append(
            seal(
                case_id=DIRECTIVE, seq=seq, at=CUT_OFF, kind="case:record", key="", actor='{"kind":"system"}',
                payload={"n": seq}, prev_hash=events[-1].hash if events else GENESIS,
            )
        )  # fmt: skip
    return events


# --- looking -----------------------------------------------------------------------------------------------


async def kinds(ledger: Ledger, case_id: str = DIRECTIVE, *, after: int = 0) -> list[str]:
    async with ledger.read() as connection:
        return [event.kind for event in await reading.history(connection, case_id, after=after)]


async def rows(ledger: Ledger, table: Table, *columns: str) -> list[tuple[Any, ...]]:
    """The columns of all rows, in the order of the key."""
    async with ledger.read() as connection:
        found = await connection.execute(select(*(table.c[name] for name in columns)).order_by(*table.primary_key))
        return [tuple(row) for row in found]


@contextmanager
def statements(engine: AsyncEngine) -> Iterator[Sequence[str]]:
    """The SQL statements that are sent meanwhile; one sent for many rows counts once."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):  # which SQLite is sent and PostgreSQL's driver sends itself
            seen.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)
