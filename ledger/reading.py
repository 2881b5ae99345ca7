"""What pages, boards and the engine ask of the ledger. Each question is one query; every order is total."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import hand_offs, tables
from ledger.canonical import canonical
from ledger.cases import CaseView
from ledger.cases import view as case_view
from ledger.dialect import parts
from ledger.errors import UnknownCase, UnknownHandOff
from ledger.event import Event, from_row
from ledger.hand_offs import OPEN, SUBMITTED, HandOff
from schemas.directive import Urgency

# --- cases -------------------------------------------------------------------------------------------------


async def case(connection: AsyncConnection, case_id: str) -> CaseView:
    """:raises UnknownCase: there is no such case."""
    row = (await connection.execute(select(tables.cases).where(tables.cases.c.id == case_id))).first()
    if row is None:
        raise UnknownCase(case=case_id)
    return case_view(row)


class CaseFilter(TypedDict, total=False):
    """What must hold of a case; what is left out, or None, may be anything."""

    process: str | None
    state: str | None
    phase: str | None
    fiscal_year_be: int | None
    unit: str | None
    """One of the units concerned."""
    concerning: Collection[str] | None
    """Names one of these units, or one of them holds or held work in it, or about it in another case."""
    text: str | None
    """Stands in the id, the title or the input of the case, in capitals or not."""


async def cases_where(
    connection: AsyncConnection, *, limit: int, offset: int = 0, **wanted: Unpack[CaseFilter]
) -> tuple[CaseView, ...]:
    """Cases for which all of this holds, the latest opened first."""
    c = tables.cases.c
    query = select(tables.cases).where(*conditions(wanted)).order_by(c.opened_at.desc(), c.id)
    return tuple(case_view(row) for row in await connection.execute(query.limit(limit).offset(offset)))


async def count_cases_where(connection: AsyncConnection, **wanted: Unpack[CaseFilter]) -> int:
    """How many cases `cases_where` has in all."""
    query = select(func.count()).select_from(tables.cases).where(*conditions(wanted))
    return await connection.scalar(query) or 0


async def cases_named(connection: AsyncConnection, case_ids: Collection[str]) -> dict[str, CaseView]:
    """Those of the cases that exist, by id."""
    rows = await connection.execute(select(tables.cases).where(tables.cases.c.id.in_(case_ids)))
    return {row.id: case_view(row) for row in rows}


async def cases_ordered(connection: AsyncConnection, prefix: str, *, since: datetime) -> dict[str, str]:
    """The cases opened from `since` on by an order that begins with `prefix`: order by case id, in the order of ids."""
    e = tables.events.c
    named = e.key.startswith(prefix, autoescape=True)
    query = select(e.case_id, e.key).where(e.at >= since, e.kind == "case:open", named).order_by(e.case_id)
    return {row.case_id: row.key for row in await connection.execute(query)}


async def ids_of_processes(connection: AsyncConnection, processes: Collection[str]) -> tuple[str, ...]:
    """The cases of these processes, in the order of ids."""
    c = tables.cases.c
    return tuple((await connection.scalars(select(c.id).where(c.process.in_(processes)).order_by(c.id))).all())


async def titles_of(connection: AsyncConnection, case_ids: Collection[str]) -> dict[str, str]:
    """The titles of those of the cases that exist, by id."""
    c = tables.cases.c
    found: dict[str, str] = {}
    for some in parts(case_ids):
        rows = await connection.execute(select(c.id, c.title).where(c.id.in_(some)))
        found |= {row.id: row.title for row in rows}
    return found


async def children_of(connection: AsyncConnection, case_id: str) -> tuple[CaseView, ...]:
    """The cases that a case has called, in the order in which they were opened."""
    c = tables.cases.c
    query = select(tables.cases).where(c.parent_id == case_id).order_by(c.opened_at, c.id)
    return tuple(case_view(row) for row in await connection.execute(query))


def conditions(wanted: CaseFilter) -> Iterator[ColumnElement[bool]]:
    """What a filter asks of a row of `ledger.tables.cases`."""
    c = tables.cases.c
    exact = {
        c.process: wanted.get("process"),
        c.state: wanted.get("state"),
        c.phase: wanted.get("phase"),
        c.fiscal_year_be: wanted.get("fiscal_year_be"),
    }
    for column, value in exact.items():
        if value is not None:
            yield column == value
    if unit := wanted.get("unit"):
        yield c.units.contains(canonical(unit), autoescape=True)
    if (concerning := wanted.get("concerning")) is not None:
        h = tables.hand_offs.c
        # Two sets that are made once, not a look at each case: «in it or about it» would be read along no index.
        held = (c.id.in_(select(column).where(h.unit.in_(concerning))) for column in (h.case_id, h.subject))
        yield or_(*held, *(c.units.contains(canonical(unit), autoescape=True) for unit in concerning))
    if text := wanted.get("text"):
        # Within JSON a quotation mark or a line break is written with a backslash.
        sought = {c.id: text, c.title: text, c.data: canonical(text)[1:-1]}
        yield or_(*(column.icontains(part, autoescape=True) for column, part in sought.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    process: str
    state: str
    phase: str
    cases: int


async def counts(connection: AsyncConnection, *, fiscal_year_be: int | None = None) -> tuple[Count, ...]:
    """How many cases stand where, by process, state and phase."""
    c = tables.cases.c
    where = (c.process, c.state, c.phase)
    query = select(*where, func.count().label("cases")).group_by(*where).order_by(*where)
    if fiscal_year_be is not None:
        query = query.where(c.fiscal_year_be == fiscal_year_be)
    return tuple(Count(**row) for row in (await connection.execute(query)).mappings())


# --- hand-offs ---------------------------------------------------------------------------------------------


async def hand_off(connection: AsyncConnection, hand_off_id: str) -> HandOff:
    """:raises UnknownHandOff: there is no such hand-off."""
    row = (await connection.execute(hand_offs.query().where(tables.hand_offs.c.id == hand_off_id))).first()
    if row is None:
        raise UnknownHandOff(hand_off=hand_off_id)
    return hand_offs.view(row)


async def hand_offs_named(connection: AsyncConnection, hand_off_ids: Collection[str]) -> dict[str, HandOff]:
    """Those of the hand-offs that exist, by id."""
    found = await _hand_offs(connection, hand_offs.query().where(tables.hand_offs.c.id.in_(hand_off_ids)))
    return {h.id: h for h in found}


async def inbox(
    connection: AsyncConnection,
    units: Collection[str],
    *,
    states: Collection[str] = (OPEN,),
    text: str | None = None,
    limit: int,
    offset: int = 0,
) -> tuple[HandOff, ...]:
    """Work of the units: what is due first comes first, then the more urgent, then the older; undated work last.

    :param text: stands in the title of the work or of its case, or in the id of what it is about.
    """
    h = tables.hand_offs.c
    urgency = sql_case({level.value: rank for rank, level in enumerate(Urgency)}, value=h.urgency, else_=len(Urgency))
    query = (
        hand_offs.query()
        .where(*_work_of(units, states, text))
        .order_by(h.due_at.is_(None), h.due_at, urgency, h.opened_at, h.case_id, h.opened_seq)
        .limit(limit)
        .offset(offset)
    )
    return await _hand_offs(connection, query)


async def done_work(
    connection: AsyncConnection, units: Collection[str], *, text: str | None = None, limit: int, offset: int = 0
) -> tuple[HandOff, ...]:
    """Work that the units have done, the latest first."""
    h = tables.hand_offs.c
    query = hand_offs.query().where(*_work_of(units, (SUBMITTED,), text)).order_by(h.closed_at.desc(), h.id)
    return await _hand_offs(connection, query.limit(limit).offset(offset))


async def count_work(
    connection: AsyncConnection, units: Collection[str], *, states: Collection[str] = (OPEN,), text: str | None = None
) -> int:
    """How much work `inbox` or `done_work` has in all."""
    query = select(func.count()).select_from(tables.hand_offs.join(tables.cases)).where(*_work_of(units, states, text))
    return await connection.scalar(query) or 0


def _work_of(units: Collection[str], states: Collection[str], text: str | None) -> Iterator[ColumnElement[bool]]:
    h = tables.hand_offs.c
    yield h.unit.in_(units)
    yield h.state.in_(states)
    if text:
        sought = (h.title, h.subject, tables.cases.c.title)
        yield or_(*(column.icontains(text, autoescape=True) for column in sought))


async def units_that_held(connection: AsyncConnection, case_id: str) -> frozenset[str]:
    """Units that hold or held work in a case, or about it in another (a week)."""
    h = tables.hand_offs.c
    query = select(h.unit).where((h.case_id == case_id) | (h.subject == case_id)).distinct()
    return frozenset((await connection.scalars(query)).all())


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Open work of a unit, and how much of it is late."""

    unit: str
    open: int
    late: int


async def workloads(connection: AsyncConnection, units: Collection[str], now: datetime) -> tuple[Workload, ...]:
    """The open work of each of the units that has any, by unit id; late is what was due before `now`."""
    h = tables.hand_offs.c
    late = func.count(sql_case((h.due_at < now, 1)))
    query = (
        select(h.unit, func.count().label("open"), late.label("late"))
        .where(h.unit.in_(units), h.state == OPEN)
        .group_by(h.unit)
        .order_by(h.unit)
    )
    return tuple(Workload(**row) for row in (await connection.execute(query)).mappings())


async def hand_offs_of_case(connection: AsyncConnection, case_id: str) -> tuple[HandOff, ...]:
    """All work of a case in the order in which it was handed off."""
    h = tables.hand_offs.c
    return await _hand_offs(connection, hand_offs.query().where(h.case_id == case_id).order_by(h.opened_seq))


async def hand_offs_of_cases(
    connection: AsyncConnection, case_ids: Collection[str], *, but: Collection[str] = ()
) -> dict[str, tuple[HandOff, ...]]:
    """All work of some cases by case id, each in the order in which it was handed off.

    :param but: elements that are left out.
    """
    h = tables.hand_offs.c
    wanted = hand_offs.query().where(h.case_id.in_(case_ids), h.element.not_in(but))
    found: dict[str, list[HandOff]] = {case_id: [] for case_id in case_ids}
    for hand_off in await _hand_offs(connection, wanted.order_by(h.case_id, h.opened_seq)):
        found[hand_off.case_id].append(hand_off)
    return {case_id: tuple(work) for case_id, work in found.items()}


async def open_work_of_family(connection: AsyncConnection, case_id: str) -> tuple[HandOff, ...]:
    """Open work of a case and of the cases that it has called: what is due first comes first."""
    h, c = tables.hand_offs.c, tables.cases.c
    here = (h.state == OPEN) & ((h.case_id == case_id) | (c.parent_id == case_id))
    query = hand_offs.query().where(here).order_by(h.due_at.is_(None), h.due_at, h.opened_at, h.id)
    return await _hand_offs(connection, query)


async def open_work_on(connection: AsyncConnection, case_id: str, *, limit: int) -> tuple[tuple[HandOff, ...], int]:
    """Open work of a case and, in other cases, about it: what is due first, and how much there is in all."""
    h = tables.hand_offs.c
    here = (h.state == OPEN) & ((h.case_id == case_id) | (h.subject == case_id))
    query = hand_offs.query().where(here).order_by(h.due_at.is_(None), h.due_at, h.opened_at, h.id).limit(limit)
    found = await _hand_offs(connection, query)
    if len(found) < limit:
        return found, len(found)
    return found, await connection.scalar(select(func.count()).select_from(tables.hand_offs).where(here)) or 0


async def hand_offs_of_subject(connection: AsyncConnection, subject: str) -> tuple[HandOff, ...]:
    """All work about a case, also that of other cases (the reports on a directive, week by week), oldest first."""
    h = tables.hand_offs.c
    query = hand_offs.query().where(h.subject == subject).order_by(h.opened_at, h.case_id, h.opened_seq)
    return await _hand_offs(connection, query)


async def _hand_offs(connection: AsyncConnection, query: Select[Any]) -> tuple[HandOff, ...]:
    return tuple(hand_offs.view(row) for row in await connection.execute(query))


async def answer(connection: AsyncConnection, hand_off: HandOff) -> dict[str, Any] | None:
    """The form as it was submitted; None when it was not."""
    return (await answers(connection, [hand_off])).get(hand_off.id)


async def answers(connection: AsyncConnection, found: Collection[HandOff]) -> dict[str, dict[str, Any]]:
    """The submitted forms by id of the hand-off; those that were not submitted are left out."""
    ids = [h.id for h in found if h.state == SUBMITTED]
    if not ids:
        return {}
    h, e = tables.hand_offs.c, tables.events.c
    closing = and_(e.case_id == h.case_id, e.seq == h.closed_seq)
    query = select(h.id, e.payload).join(tables.events, closing).where(h.id.in_(ids), e.kind == "hand_off:submit")
    return {row.id: json.loads(row.payload)["data"] for row in await connection.execute(query)}


# --- history and mails -------------------------------------------------------------------------------------


async def history(
    connection: AsyncConnection, case_id: str, *, after: int = 0, limit: int | None = None
) -> tuple[Event, ...]:
    """The events of a case after number `after`, in order."""
    e = tables.events.c
    query = select(tables.events).where(e.case_id == case_id, e.seq > after).order_by(e.seq).limit(limit)
    return tuple(from_row(row) for row in await connection.execute(query))


async def events_named(connection: AsyncConnection, case_id: str, kind: str, key: str) -> tuple[Event, ...]:
    """The events of a case of one kind and key, in order."""
    e = tables.events.c
    query = select(tables.events).where(e.case_id == case_id, e.kind == kind, e.key == key).order_by(e.seq)
    return tuple(from_row(row) for row in await connection.execute(query))


async def events_of_work(
    connection: AsyncConnection, case_id: str, keys: Collection[str], kinds: Collection[str]
) -> tuple[Event, ...]:
    """The events of a case with one of these keys, and those of these kinds whatever their keys, in order."""
    e = tables.events.c
    wanted = or_(e.key.in_(keys), e.kind.in_(kinds))
    query = select(tables.events).where(e.case_id == case_id, wanted).order_by(e.seq)
    return tuple(from_row(row) for row in await connection.execute(query))


async def step_results(
    connection: AsyncConnection, case_ids: Collection[str], keys: Collection[str]
) -> dict[tuple[str, str], Any]:
    """What steps of some cases have recorded, by case id and key; a step that was not carried out is left out."""
    e = tables.events.c
    query = select(e.case_id, e.key, e.payload).where(
        e.case_id.in_(case_ids), e.kind == "step:done", e.key.in_(keys)
    )  # fmt: skip
    return {(row.case_id, row.key): json.loads(row.payload)["result"] for row in await connection.execute(query)}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailView:
    """A mail as pages show it: to whom, what kind, and what became of it."""

    id: str
    once: str
    case_id: str
    hand_off_id: str | None
    folder: str
    officer: str | None
    name: str
    email: str
    state: str
    reason: str
    attempts: int
    queued_at: datetime
    settled_at: datetime | None


async def mails_of_case(connection: AsyncConnection, case_id: str) -> tuple[MailView, ...]:
    """The mails of a case in the order in which they were queued."""
    m = tables.mails.c
    columns = [m[name] for name in MailView.__dataclass_fields__]
    query = select(*columns).where(m.case_id == case_id).order_by(m.queued_at, m.once)
    return tuple(MailView(**row) for row in (await connection.execute(query)).mappings())


async def latest_mails(
    connection: AsyncConnection, case_id: str, *, limit: int, about: Collection[str] | None = None
) -> tuple[tuple[MailView, ...], int]:
    """The mails of a case that were queued last, the latest first; and how many it has in all.

    :param about: hand-offs; only mails about one of them count.
    """
    m = tables.mails.c
    here = m.case_id == case_id if about is None else and_(m.case_id == case_id, m.hand_off_id.in_(about))
    columns = [m[name] for name in MailView.__dataclass_fields__]
    query = select(*columns).where(here).order_by(m.queued_at.desc(), m.once.desc()).limit(limit)
    found = tuple(MailView(**row) for row in (await connection.execute(query)).mappings())
    if len(found) < limit:
        return found, len(found)
    return found, await connection.scalar(select(func.count()).where(here)) or 0


async def latest_case(
    connection: AsyncConnection, *, process: str, state: str | None = None, phase: str | None = None
) -> str | None:
    """The greatest id among the cases of a process whose ids carry dates, so that it is the newest one."""
    c = tables.cases.c
    query = select(func.max(c.id)).where(c.process == process)
    if state is not None:
        query = query.where(c.state == state)
    if phase is not None:
        query = query.where(c.phase == phase)
    newest: str | None = await connection.scalar(query)
    return newest


async def highest_number(connection: AsyncConnection, *, process: str, prefix: str) -> int:
    """The greatest number that comes after `prefix` in ids of a process, and ends there or at a hyphen; 0 without any.

    Numbers have four digits and, after 9999, more: text sorts those that have as many.
    """
    c, highest, digits = tables.cases.c, 0, 4
    before = prefix.replace("/", "//").replace("_", "/_").replace("%", "/%")
    while highest in (0, 10 ** (digits - 1) - 1):
        numbered = before + "_" * digits
        at_the_end = and_(c.id.like(numbered, escape="/"), c.id.not_like(f"{before}%-%", escape="/"))
        here = or_(c.id.like(f"{numbered}-%", escape="/"), at_the_end)
        newest = await connection.scalar(select(func.max(c.id)).where(c.process == process, here))
        if newest is None:
            break
        highest, digits = int(newest[len(prefix) : len(prefix) + digits]), digits + 1
    return highest


async def facts_of(connection: AsyncConnection, case_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """The facts of cases by id; ids without a case are left out."""
    c = tables.cases.c
    found: dict[str, dict[str, Any]] = {}
    for some in parts(case_ids):
        rows = await connection.execute(select(c.id, c.facts).where(c.id.in_(some)))
        found |= {row.id: json.loads(row.facts) for row in rows}
    return found


async def facts_in_phase(connection: AsyncConnection, *, process: str, phase: str) -> tuple[dict[str, Any], ...]:
    """The facts of every open case of a process in a phase, by id."""
    c = tables.cases.c
    query = select(c.facts).where(c.process == process, c.state == "open", c.phase == phase).order_by(c.id)
    return tuple(json.loads(facts) for facts in await connection.scalars(query))
