"""Verbs on everything a flow waits for besides people: moments, messages, child cases; and the gates between waits."""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import reading, tables
from ledger.canonical import stamp
from ledger.clock import machine_now
from ledger.errors import FormWasUsed
from ledger.work import Work
from schemas.actor import Actor
from schemas.deadline import OnYearDay

OPEN = "open"


def open_gate(work: Work, case_id: str, *, key: str, need: int, actor: Actor) -> None:
    """Several waits go on together once `need` of them are done."""
    work.append(case_id, "gate:open", key, actor, {"need": need})
    work.new_gate(case_id, key, need)


def set_timer(
    work: Work,
    case_id: str,
    *,
    key: str,
    element: str,
    branch: str,
    at: datetime,
    year_day: OnYearDay | None = None,
    gate: str | None,
    actor: Actor,
) -> None:
    """The flow waits until `at`; `year_day` is the named day on which that rests."""
    said: dict[str, Any] = {"element": element, "branch": branch, "at": stamp(at), "gate": gate}
    if year_day is not None:
        said["year_day"] = year_day.model_dump(mode="json")
    work.append(case_id, "timer:set", key, actor, said)


async def fire_timers(work: Work, due: Sequence[Row[Any]], *, actor: Actor) -> int:
    """Fire due timers (rows of `waits`) that are still open; each exactly once. Returns how many."""
    heads = await work.lock(*{row.case_id for row in due})
    open_cases = {head.id for head in heads if head.state == OPEN}
    w = tables.waits.c
    keys = {(row.case_id, row.key) for row in due}
    standing = await work.rows(
        select(w.case_id, w.key, w.gate, w.at).where(
            w.case_id.in_({c for c, _ in keys}),
            w.key.in_({k for _, k in keys}),
            w.kind == "timer",
            w.state == OPEN,
        )
    )
    await work.load_gates((row.case_id, row.gate) for row in standing if row.gate)
    fired = 0
    for row in sorted(standing, key=lambda r: (r.at, r.case_id, r.key)):
        if row.case_id in open_cases and (row.case_id, row.key) in keys and row.at <= work.now:
            work.append(row.case_id, "timer:fire", row.key, actor, {"at": stamp(row.at), "gate": row.gate})
            work.resolve(row.case_id, row.gate)
            fired += 1
    return fired


async def await_message(
    work: Work,
    case_id: str,
    *,
    key: str,
    element: str,
    branch: str,
    name: str,
    gate: str | None,
    actor: Actor,
    title: str = "",
) -> None:
    """The flow waits for a message; one that came earlier is taken at once."""
    said = {"element": element, "branch": branch, "name": name, "gate": gate, "title": title}
    work.append(case_id, "message:await", key, actor, said)
    earlier = await _untaken_message(work, case_id, name)
    if earlier is not None:
        await _take_message(work, case_id, key=key, seq=earlier, gate=gate, actor=actor)


async def deliver_message(
    work: Work, case_id: str, *, name: str, payload: dict[str, Any], sender: str, actor: Actor, order: str = ""
) -> None:
    """A message comes in. The oldest open wait for it takes it; without one it stays until the flow asks.

    :param order: names the form that was sent, «KEY:CONTENT», so that the same form sent twice is one message.
    """
    (head,) = await work.lock(case_id)
    said = {"name": name, "from": sender, "payload": payload} | ({"order": order} if order else {})
    event = work.append(case_id, "message:arrive", name, actor, said)
    wait = await _oldest_wait(work, case_id, name) if head.state == OPEN else None
    if wait is not None:
        key, gate = wait
        await _take_message(work, case_id, key=key, seq=event.seq, gate=gate, actor=actor)


async def listening(work: Work, name: str) -> set[str]:
    """Ids of the cases that wait for this message now."""
    return {row.case_id for row in await work.rows(cases_listening(name))}


def cases_listening(name: str) -> Select[Any]:
    w, c = tables.waits.c, tables.cases.c
    return (
        select(w.case_id).distinct()
        .join(tables.cases, c.id == w.case_id)
        .where(w.kind == "message", w.name == name, w.state == OPEN, c.state == OPEN)
    )  # fmt: skip


async def signal(
    work: Work, listeners: Set[str], *, name: str, payload: dict[str, Any], sender: str, actor: Actor
) -> int:
    """Tell the cases that were `listening`; nobody else ever hears of it. Returns how many heard.

    Who has stopped until the cases are locked is not told: a message that nobody takes would be kept for later.
    """
    await work.lock(*listeners)
    hearing = listeners & await listening(work, name)
    for case_id in sorted(hearing):
        await deliver_message(work, case_id, name=name, payload=payload, sender=sender, actor=actor)
    return len(hearing)


async def is_delivered(work: Work, case_id: str, *, name: str, order: str) -> bool:
    """Whether the form that `order` names has come before. The caller locks the case.

    :raises FormWasUsed: it came with other content.
    """
    key = order.partition(":")[0]
    for event in await reading.events_named(work.connection, case_id, "message:arrive", name):
        standing = event.content.get("order", "")
        if standing == order:
            return True
        if standing.partition(":")[0] == key:
            raise FormWasUsed(case=case_id)
    return False


async def _take_message(work: Work, case_id: str, *, key: str, seq: int, gate: str | None, actor: Actor) -> None:
    if gate:
        await work.load_gates([(case_id, gate)])
    work.append(case_id, "message:take", key, actor, {"seq": seq, "gate": gate})
    work.resolve(case_id, gate)


async def _untaken_message(work: Work, case_id: str, name: str) -> int | None:
    """The oldest message of the name that no wait has taken; stored ones, then those of this unit of work."""
    m = tables.messages.c
    stored = select(m.seq).where(m.case_id == case_id, m.name == name, m.taken_by.is_(None)).order_by(m.seq)
    found = [row.seq for row in await work.rows(stored)]
    found += [event.seq for event in work.appended(case_id, "message:arrive") if event.key == name]
    taken = {event.content["seq"] for event in work.appended(case_id, "message:take")}
    return next((seq for seq in found if seq not in taken), None)


async def _oldest_wait(work: Work, case_id: str, name: str) -> tuple[str, str | None] | None:
    """(key, gate) of the oldest open wait for the message; stored ones, then those of this unit of work."""
    w = tables.waits.c
    stored = (
        select(w.key, w.gate)
        .where(w.case_id == case_id, w.kind == "message", w.name == name, w.state == OPEN)
        .order_by(w.opened_seq)
    )
    found: list[tuple[str, str | None]] = [(row.key, row.gate) for row in await work.rows(stored)]
    awaited = [(event.key, event.content) for event in work.appended(case_id, "message:await")]
    found += [(key, said["gate"]) for key, said in awaited if said["name"] == name]
    ended = {event.key for kind in ("message:take", "wait:cancel") for event in work.appended(case_id, kind)}
    return next((wait for wait in found if wait[0] not in ended), None)


def start_call(
    work: Work,
    case_id: str,
    *,
    key: str,
    element: str,
    branch: str,
    child: str,
    gate: str | None,
    actor: Actor,
) -> None:
    """The flow calls a child case and waits for its end; the child is opened in the same unit of work."""
    said = {"element": element, "branch": branch, "child": child, "gate": gate}
    work.append(case_id, "call:start", key, actor, said)


def cancel_wait(work: Work, case_id: str, *, key: str, reason: str, actor: Actor) -> None:
    """The flow does not wait for this any more (it lost a race, or its branch was ended)."""
    work.append(case_id, "wait:cancel", key, actor, {"reason": reason})


# --- what is due -------------------------------------------------------------------------------------------


async def due_timers(work: Work, *, limit: int, but: Collection[str] = ()) -> Sequence[Row[Any]]:
    """Timers whose moment has come, oldest first; those of some cases left out."""
    w = tables.waits.c
    query = (
        select(w.case_id, w.key)
        .join(tables.cases, tables.cases.c.id == w.case_id)
        .where(w.kind == "timer", w.state == OPEN, w.at <= work.now, tables.cases.c.state == OPEN)
        .where(w.case_id.not_in(but))
        .order_by(w.at)
        .limit(limit)
    )
    return await work.rows(query)


async def next_moment(connection: AsyncConnection) -> datetime | None:
    """The next moment at which a timer or a reminder falls due; None when nothing is planned (for rehearsals)."""
    w, r, c = tables.waits.c, tables.reminders.c, tables.cases.c
    timer = select(func.min(w.at)).join(tables.cases, c.id == w.case_id).where(
        w.kind == "timer", w.state == OPEN, c.state == OPEN
    )  # fmt: skip
    reminder = select(func.min(r.at))
    moments = [moment for query in (timer, reminder) if (moment := await connection.scalar(query)) is not None]
    return min(moments, default=None)


async def nothing_in_flight(connection: AsyncConnection) -> bool:
    """No run is wanted or running, no mail waits to be sent now: the system has come to rest."""
    c, m = tables.cases.c, tables.mails.c
    busy = select(func.count()).select_from(tables.cases).where(
        or_(c.wanted.is_not(None), and_(c.lease_until > machine_now(), c.state == OPEN))
    )  # fmt: skip
    queued = select(func.count()).select_from(tables.mails).where(m.state == "queued", m.attempts == 0)
    return not await connection.scalar(busy) and not await connection.scalar(queued)
