"""The work of a case and of the cases that it has called, and which open cases have work that many units do.

A case that another called belongs to the caller's board (decision 43). Whoever may not read all cases gets the work of
those called cases that concern one of the units.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CTE, ColumnElement, Text, and_, cast, func, literal, select
from sqlalchemy import case as sql_case
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.column_types import UtcMoment
from ledger.hand_offs import OPEN, SUBMITTED
from ledger.reading import CaseFilter, conditions
from rules.deadline import is_late
from schemas.actor import Actor

MANY = 3
"""Units that make a board of one step's work [DEFAULT]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A case of the family: the one asked for, or one that was called from it, directly or not."""

    id: str
    process: str
    title: str
    state: str
    path: str
    """The keys of the calls that led to it, each with a stroke at its end; empty for the case asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardWork:
    """A hand-off as a board needs it, without what stands above its form."""

    id: str
    case_id: str
    key: str
    element: str
    unit: str
    form: str
    title: str
    about: str
    """Title of the other case that the work is about (a directive, in a week's case); empty for its own."""
    state: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    closed_by: Actor | None

    @property
    def late(self) -> bool:
        """Handed in after the moment at which it was due."""
        return self.state == SUBMITTED and self.closed_at is not None and is_late(self.closed_at, self.due_at)


async def family(
    connection: AsyncConnection, case_id: str, *, concerning: Collection[str] | None
) -> tuple[tuple[Called, ...], tuple[BoardWork, ...]]:
    """A case with those that it has called, in the order in which they were opened; and their work in that order.

    :param concerning: as in `reading.CaseFilter`, for the called cases.
    """
    c, h = tables.cases.c, tables.hand_offs.c
    found = _families(c.id == case_id, concerning)
    f = found.c
    cases = (
        select(c.id, c.process, c.title, c.state, f.path)
        .join(found, f.id == c.id)
        .order_by(f.path != "", c.opened_at, c.id)
    )
    subjects = tables.cases.alias("subjects")
    other = and_(subjects.c.id == h.subject, h.subject != h.case_id)
    named = (h[name] for name in BoardWork.__dataclass_fields__ if name != "about")
    work = (
        select(*named, func.coalesce(subjects.c.title, "").label("about"))
        .join(found, f.id == h.case_id)
        .join(subjects, other, isouter=True)
        .order_by(h.opened_at, h.case_id, h.opened_seq)
    )
    called = tuple(Called(**row) for row in (await connection.execute(cases)).mappings())
    rows = (await connection.execute(work)).mappings()
    return called, tuple(
        BoardWork(**{**row, "closed_by": row["closed_by"] and Actor.model_validate_json(row["closed_by"])})
        for row in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardStanding:
    """How far an open case, with those that it has called, has come."""

    case_id: str
    process: str
    title: str
    parent_id: str | None
    opened_at: datetime
    units: int
    """How many units the step has that most units do."""
    open: int
    late: int
    """Open, and past its deadline."""
    done: int

    @property
    def share_done(self) -> int:
        """Of what was asked for and not taken back, in whole per cent, never rounded up."""
        asked = self.open + self.done
        return 100 * self.done // asked if asked else 0


async def standings(
    connection: AsyncConnection, now: datetime, *, concerning: Collection[str] | None
) -> tuple[BoardStanding, ...]:
    """Open cases in which a step is the work of many units, the latest opened first."""
    c = tables.cases.c
    roots = and_(c.state == OPEN, *conditions(CaseFilter(concerning=concerning)))
    counted = _counted(_families(roots, concerning), now)
    n = counted.c
    said = (c.process, c.title, c.parent_id, c.opened_at)
    sums = [func.sum(n[name]).label(name) for name in ("open", "late", "done")]
    query = (
        select(c.id.label("case_id"), *said, func.max(n.units).label("units"), *sums)
        .join(counted, n.root == c.id)
        .group_by(c.id, *said)
        .having(func.max(n.units) >= MANY)
        .order_by(c.opened_at.desc(), c.id)
    )
    rows = (await connection.execute(query)).mappings()
    # PostgreSQL sums integers to a numeric.
    return tuple(BoardStanding(**{**row, **{k: int(row[k]) for k in ("open", "late", "done")}}) for row in rows)


async def has_board(connection: AsyncConnection, case_id: str, *, concerning: Collection[str] | None) -> bool:
    """Whether a step of the case, or of those that it has called, is the work of many units."""
    h = tables.hand_offs.c
    found = _families(tables.cases.c.id == case_id, concerning)
    c = tables.cases.c
    query = (
        select(h.element)
        .join(found, found.c.id == h.case_id)
        .join(tables.cases, c.id == h.case_id)
        .group_by(c.process, h.element)
        .having(func.count(h.unit.distinct()) >= MANY)
        .limit(1)
    )
    return (await connection.execute(query)).first() is not None


def _families(roots: ColumnElement[bool], concerning: Collection[str] | None) -> CTE:
    """(root, id, path) of cases and of all that was called from them."""
    c = tables.cases.c
    begun = select(c.id.label("root"), c.id.label("id"), cast(literal(""), Text).label("path")).where(roots)
    above = begun.cte("families", recursive=True)
    called = (
        select(above.c.root, c.id, (above.c.path + c.parent_key + "/").label("path"))
        .join(above, c.parent_id == above.c.id)
        .where(*conditions(CaseFilter(concerning=concerning)))
    )
    return above.union_all(called)


def _counted(found: CTE, now: datetime) -> CTE:
    """The work of each step of each family, and how many units hold it."""
    c, h = tables.cases.c, tables.hand_offs.c
    overdue = and_(h.state == OPEN, h.due_at <= literal(now, UtcMoment()))
    return (
        select(
            found.c.root, c.process, h.element, func.count(h.unit.distinct()).label("units"),
            func.count(sql_case((h.state == OPEN, 1))).label("open"), func.count(sql_case((overdue, 1))).label("late"),
            func.count(sql_case((h.state == SUBMITTED, 1))).label("done"),
        )
        .join(tables.cases, c.id == found.c.id)
        .join(tables.hand_offs, h.case_id == found.c.id)
        .group_by(found.c.root, c.process, h.element)
        .cte("counted")
    )  # fmt: skip
