"""What an auditor looks for among the cases: by unit, process, officer, period and deadline.

One statement finds at most `MOST` cases in their order; what a page shows of them is asked for by their ids. No index
serves «missed» or «a piece of text» by itself: these look through cases, so their cost grows with cases, never with
events. All others begin at an index: units and subjects of hand-offs, officers and times of events, openings of cases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_, select, true, union, union_all
from sqlalchemy import case as sql_case
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.canonical import canonical
from ledger.column_types import UtcMoment
from ledger.dialect import officer_of
from ledger.hand_offs import SUBMITTED

MOST = 1000
"""Cases that one search finds; whoever gets so many narrows it down."""


class Basis(StrEnum):
    """What of a case must lie in the period."""

    ACTIVE = "active"
    """Something happened in it."""
    OPENED = "opened"
    CLOSED = "closed"


class Deadline(StrEnum):
    KEPT = "kept"
    """Something with a deadline was handed in, and nothing was ever late."""
    MISSED = "missed"
    """Some work was late, or is."""


class Order(StrEnum):
    NEWEST = "newest"
    """Opened last."""
    OLDEST = "oldest"
    LATEST = "latest"
    """With the latest event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What must hold of a case; what is left out may be anything."""

    text: str = ""
    """Stands in the id or the title, in capitals or not."""
    process: str | None = None
    state: str | None = None
    unit: str | None = None
    """The case concerns it, or one of `units` holds or held work in the case, or about it in another."""
    units: tuple[str, ...] = ()
    officers: tuple[str, ...] | None = None
    """One of them did something in the case, or handed something in about it in another; in the period, if that is one
    of what happened. With none, no case."""
    since: datetime | None = None
    until: datetime | None = None
    """The period ends before this moment."""
    basis: Basis = Basis.ACTIVE
    deadline: Deadline | None = None
    order: Order = Order.NEWEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A case as the list of what was found shows it."""

    id: str
    process: str
    title: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    head_at: datetime
    waiting_for: str
    dated: int
    """Work in the case or about it that had a deadline."""
    late: int
    """How much of it was handed in or withdrawn after the deadline, or is open although it has passed."""
    deviation: str | None
    """How it departed from its approved model when it was compared last, as `ledger.conformances` keeps it."""


async def ids_of(connection: AsyncConnection, search: Search, now: datetime) -> tuple[str, ...]:
    """The cases for which all of this holds, in the order asked for; one more than `MOST` says that there are more."""
    c = tables.cases.c
    by = {Order.NEWEST: c.opened_at.desc(), Order.OLDEST: c.opened_at, Order.LATEST: c.head_at.desc()}[search.order]
    query = select(c.id).where(*_conditions(search, now)).order_by(by, c.id).limit(MOST + 1)
    return tuple((await connection.scalars(query)).all())


async def found(connection: AsyncConnection, case_ids: Collection[str], now: datetime) -> tuple[Found, ...]:
    """What is shown of these cases, in their order."""
    c, k = tables.cases.c, tables.conformances.c
    names = ("id", "process", "title", "state", "opened_at", "closed_at", "head_at", "waiting_for")
    query = (
        select(*(c[name] for name in names), k.deviation)
        .select_from(tables.cases)
        .join(tables.conformances, k.case_id == c.id, isouter=True)
        .where(c.id.in_(case_ids))
    )
    rows = {row["id"]: dict(row) for row in (await connection.execute(query)).mappings()}
    counted = await _deadlines(connection, case_ids, now)
    return tuple(
        Found(**rows[case_id], dated=counted.get(case_id, (0, 0))[0], late=counted.get(case_id, (0, 0))[1])
        for case_id in case_ids if case_id in rows
    )  # fmt: skip


async def _deadlines(connection: AsyncConnection, case_ids: Collection[str], now: datetime) -> dict[str, Any]:
    """(work with a deadline, how much of it was or is late) by case."""
    h = tables.hand_offs.c
    late = sql_case((_is_late(now), 1), else_=0).label("late")
    here = select(h.case_id.label("on"), late).where(h.case_id.in_(case_ids), h.due_at.is_not(None))
    about = select(h.subject.label("on"), late).where(
        h.subject.in_(case_ids), h.subject != h.case_id, h.due_at.is_not(None)
    )
    work = union_all(here, about).subquery()
    query = select(work.c.on, func.count().label("dated"), func.sum(work.c.late).label("late")).group_by(work.c.on)
    return {row.on: (row.dated, row.late) for row in await connection.execute(query)}


def _is_late(now: datetime) -> ColumnElement[bool]:
    """A deadline is strict: what comes at the moment itself is late (R0.1)."""
    h = tables.hand_offs.c
    return func.coalesce(h.closed_at, literal(now, UtcMoment())) >= h.due_at


def _conditions(search: Search, now: datetime) -> Iterator[ColumnElement[bool]]:
    c = tables.cases.c
    if search.process is not None:
        yield c.process == search.process
    if search.state is not None:
        yield c.state == search.state
    if search.text:
        yield or_(*(column.icontains(search.text, autoescape=True) for column in (c.id, c.title)))
    if search.unit is not None:
        yield or_(
            c.id.in_(_held_by((search.unit, *search.units))), c.units.contains(canonical(search.unit), autoescape=True)
        )
    if search.officers is not None:
        yield c.id.in_(_touched_by(search))
    if search.since is not None or search.until is not None:
        yield _in_period(search)
    if search.deadline is not None:
        yield _kept(now) if search.deadline is Deadline.KEPT else _work_on_case(_is_late(now))


def _held_by(units: Collection[str]) -> Any:
    h = tables.hand_offs.c
    return union(select(h.case_id).where(h.unit.in_(units)), select(h.subject).where(h.unit.in_(units)))


def _touched_by(search: Search) -> Any:
    """Cases in which one of the officers did something, and those about which one handed something in elsewhere."""
    e, h = tables.events.c, tables.hand_offs.c
    did: list[ColumnElement[bool]] = [officer_of(e.actor).in_(search.officers or ())]
    if search.basis is Basis.ACTIVE:
        did += _between(search, e.at)
    handed_in = and_(h.case_id == e.case_id, h.key == e.key, h.closed_seq == e.seq)
    about = select(h.subject).select_from(tables.events.join(tables.hand_offs, handed_in))
    return union(select(e.case_id).where(*did), about.where(*did))


def _in_period(search: Search) -> ColumnElement[bool]:
    c, e = tables.cases.c, tables.events.c
    if search.basis is not Basis.ACTIVE:
        return and_(*_between(search, c.opened_at if search.basis is Basis.OPENED else c.closed_at))
    alive = [
        *([c.head_at >= search.since] if search.since else []),
        *([c.opened_at < search.until] if search.until else []),
    ]
    if search.since is None or search.until is None:
        return and_(*alive)  # it has a first event and a last one
    # Where neither the first event nor the last lies within, one between them must.
    inside = exists().where(e.case_id == c.id, *_between(search, e.at))
    return and_(*alive, or_(c.opened_at >= search.since, c.head_at < search.until, inside))


def _between(search: Search, moment: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    since = [] if search.since is None else [moment >= search.since]
    return since if search.until is None else [*since, moment < search.until]


def _kept(now: datetime) -> ColumnElement[bool]:
    return and_(_work_on_case(tables.hand_offs.c.state == SUBMITTED), ~_work_on_case(_is_late(now)))


def _work_on_case(what: ColumnElement[bool]) -> ColumnElement[bool]:
    """Some work with a deadline in the case, or about it in another, of which this holds.

    One row is looked for, not whether there are any: of EXISTS PostgreSQL makes a table of all late work there is,
    which takes a fifth of a second at a million events. A yes or no it takes for as likely as not, so it goes through
    the cases in their order and stops when there are enough.
    """
    c, h = tables.cases.c, tables.hand_offs.c
    here, about = (
        select(true()).where(where, h.due_at.is_not(None), what).limit(1).correlate(tables.cases).scalar_subquery()
        for where in (h.case_id == c.id, h.subject == c.id)
    )
    return or_(func.coalesce(here, false()), func.coalesce(about, false()))
