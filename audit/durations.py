"""How long work waits: in each element, with whom, and after it has passed from one lane to another.

Time is calendar time, nights and holidays with it: it is what the citizen and the minister wait. Everything is counted
by the database, on the rows that are derived from events; the cost grows with the work of the case, or of the period.
Work that was taken back is left out: nobody finished it. Work that is open counts with the time that it has waited so
far; otherwise an element at which everything is stuck would look fast. Percentiles are by nearest rank, so each is the
waiting of a real piece of work.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, Select, and_, case, func, literal, null, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from ledger import tables
from ledger.column_types import UtcMoment
from ledger.dialect import element_of_key, place_of, seconds_between
from ledger.hand_offs import OPEN, SUBMITTED, WITHDRAWN

PEOPLE, TIME = "people", "time"
"""Whether an element waits for people, or for a moment, a message or another case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Work that was asked for from one moment on and before another, of some units or of all."""

    since: datetime
    until: datetime
    units: Collection[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InStep:
    """What one unit had to do in one element of a case; for what is not people's, the unit is empty."""

    element: str
    unit: str
    count: int
    open: int
    late: int
    seconds: float
    longest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """The waiting at one element over all cases of a process; seconds."""

    element: str
    waits_for: str
    count: int
    open: int
    dated: int
    """Of these, how many had a deadline."""
    late: int
    seconds: float
    median: float
    p90: float
    longest: float

    @property
    def share_late(self) -> float | None:
        """Of what had a deadline; None where nothing had."""
        return self.late / self.dated if self.dated else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Work that went from one lane to another, and how long the other then had it; seconds."""

    giver: str
    taker: str
    count: int
    median: float
    longest: float


# --- one case ----------------------------------------------------------------------------------------------


async def of_case(connection: AsyncConnection, case_id: str, now: datetime) -> tuple[InStep, ...]:
    """The time in each element of a case and with whom, in the order in which the elements were first asked for."""
    h = tables.hand_offs.c
    work = (
        select(h.element, h.unit, h.opened_seq.label("seq"), *_measures(now))
        .where(h.case_id == case_id, h.state != WITHDRAWN)
    )  # fmt: skip
    other = _other_waits(now).where(tables.waits.c.case_id == case_id)
    held = union_all(work, other.with_only_columns(*_as_work(other))).cte("held")
    c = held.c
    grouped = (
        select(
            c.element, c.unit, func.count().label("count"), func.sum(c.open).label("open"),
            func.sum(c.late).label("late"), func.sum(c.seconds).label("seconds"),
            func.max(c.seconds).label("longest"),
        )
        .group_by(c.element, c.unit)
        .order_by(func.min(c.seq), c.unit)
    )  # fmt: skip
    return tuple(InStep(**row) for row in (await connection.execute(grouped)).mappings())


async def passed_in_case(
    connection: AsyncConnection, case_id: str, lanes: Mapping[str, str], now: datetime
) -> tuple[Passed, ...]:
    """Work of a case that went from one lane to another. `lanes`: by element."""
    h = tables.hand_offs.c
    return await _passed(connection, lanes, now, asked=h.case_id == case_id, answered=h.case_id == case_id)


# --- all cases of a process --------------------------------------------------------------------------------


async def heat_of(connection: AsyncConnection, process: str, period: Period, now: datetime) -> tuple[Heat, ...]:
    """The waiting at each element, the longest median first."""
    h = tables.hand_offs.c
    work = select(h.element, literal(PEOPLE).label("waits_for"), *_measures(now)).where(
        _of_process(h.case_id, process, period), h.state != WITHDRAWN, *_asked_in(period)
    )
    parts: list[Select[Any]] = [work]
    if period.units is None:
        opened = _OPENED.c.at
        other = _other_waits(now).where(
            _of_process(tables.waits.c.case_id, process, period), opened >= period.since, opened < period.until
        )
        parts.append(other)
    held = union_all(*parts).cte("held")
    rows = (await connection.execute(_summed(held, held.c.element, held.c.waits_for))).mappings()
    return tuple(Heat(**row) for row in rows)


async def passed_in_process(
    connection: AsyncConnection, process: str, period: Period, lanes: Mapping[str, str], now: datetime
) -> tuple[Passed, ...]:
    """Work that went from one lane to another in any case of the process; units are those that took it over."""
    h = tables.hand_offs.c
    of = _of_process(h.case_id, process, period)
    answered = and_(of, h.closed_at >= period.since, h.closed_at < period.until)
    return await _passed(connection, lanes, now, asked=and_(of, *_asked_in(period)), answered=answered)


# --- statements --------------------------------------------------------------------------------------------

_OPENED, _CLOSED = tables.events.alias("opened"), tables.events.alias("closed")


def _measures(now: datetime) -> list[ColumnElement[Any]]:
    """How long a piece of work has waited, whether it waits still, had a deadline, and was or is late."""
    h = tables.hand_offs.c
    until = func.coalesce(h.closed_at, literal(now, UtcMoment()))
    return [
        seconds_between(h.opened_at, until).label("seconds"),
        case((h.state == OPEN, 1), else_=0).label("open"),
        case((h.due_at.is_not(None), 1), else_=0).label("dated"),
        case((h.due_at <= until, 1), else_=0).label("late"),
    ]


def _other_waits(now: datetime) -> Select[Any]:
    """Timers, messages and called cases; their moments stand in the events that opened and closed them."""
    w = tables.waits.c
    until = func.coalesce(_CLOSED.c.at, literal(now, UtcMoment()))
    return (
        select(
            element_of_key(w.key).label("element"), literal(TIME).label("waits_for"),
            seconds_between(_OPENED.c.at, until).label("seconds"), case((w.state == OPEN, 1), else_=0).label("open"),
            literal(0).label("dated"), literal(0).label("late"),
        )
        .join(_OPENED, and_(_OPENED.c.case_id == w.case_id, _OPENED.c.seq == w.opened_seq))
        .outerjoin(_CLOSED, and_(_CLOSED.c.case_id == w.case_id, _CLOSED.c.seq == w.closed_seq))
        .where(w.state != "cancelled")
    )  # fmt: skip


def _as_work(other: Select[Any]) -> list[ColumnElement[Any]]:
    """The columns of a wait in the order of a piece of work; it is nobody's."""
    columns = other.selected_columns
    measures = [columns[name] for name in ("seconds", "open", "dated", "late")]
    return [columns["element"], literal("").label("unit"), tables.waits.c.opened_seq.label("seq"), *measures]


def _of_process(case_id: ColumnElement[str], process: str, period: Period) -> ColumnElement[bool]:
    """Of the cases that were open in the period; nothing is asked for in others."""
    c = tables.cases.c
    open_then = or_(c.closed_at.is_(None), c.closed_at >= period.since)
    return case_id.in_(select(c.id).where(c.process == process, c.opened_at < period.until, open_then))


def _asked_in(period: Period) -> list[ColumnElement[bool]]:
    h = tables.hand_offs.c
    within = [h.opened_at >= period.since, h.opened_at < period.until]
    return within if period.units is None else [*within, h.unit.in_(period.units)]


def _summed(held: CTE, *by: ColumnElement[Any]) -> Select[Any]:
    """Counts and percentiles of what is held, in groups; window functions, which both databases have."""
    names = [column.key for column in by]
    ranked = select(
        held,
        func.row_number().over(partition_by=by, order_by=held.c.seconds).label("rank"),
        func.count().over(partition_by=by).label("of"),
    ).cte("ranked")
    r = ranked.c
    median = func.max(case((r.rank == (r.of + 1) // 2, r.seconds))).label("median")
    p90 = func.max(case((r.rank == (9 * r.of + 9) // 10, r.seconds))).label("p90")
    sums = [func.sum(r[name]).label(name) for name in ("open", "dated", "late", "seconds")]
    groups = [r[str(name)] for name in names]
    return (
        select(*groups, func.count().label("count"), *sums, median, p90, func.max(r.seconds).label("longest"))
        .group_by(*groups)
        .order_by(median.desc(), *groups)
    )


def _thread() -> ColumnElement[str]:
    """The instance in which work stands, by the first member that its key names: `reports[d-7]`; empty at the top.

    One directive of a week, one KPI of a round: within it, work goes from hand to hand.
    """
    key = tables.hand_offs.c.key
    bracket = place_of("[", key)
    rest = func.substr(key, bracket)
    stroke = place_of("/", rest)
    return case((and_(bracket > 0, stroke > 0), func.substr(key, 1, bracket + stroke - 2)), else_="")


async def _passed(
    connection: AsyncConnection, lanes: Mapping[str, str], now: datetime, *,
    asked: ColumnElement[bool], answered: ColumnElement[bool],
) -> tuple[Passed, ...]:  # fmt: skip
    """Who had it before: whose work of the same instance was handed in last before this was asked for.

    For the first work of an instance it is what was handed in last around it, and for work around all instances what
    was handed in last in any of them, which is what the flow waited for.
    """
    names = list(dict.fromkeys(lanes.values()))
    if not names:
        return ()
    numbers = {element: names.index(lane) for element, lane in lanes.items()}
    latest = _handed_in_before(numbers, now, asked, answered)
    found = latest.c
    before = case((found.thread == "", found.anywhere), else_=func.coalesce(found.within, found.around))
    giver, zero = (before % LANES).label("giver"), literal(0)
    held = (
        select(giver, found.taker, found.seconds, zero.label("open"), zero.label("dated"), zero.label("late"))
        .where(found.taker.is_not(None), before.is_not(None), before % LANES != found.taker)
        .cte("held")
    )
    rows = (await connection.execute(_summed(held, held.c.giver, held.c.taker))).mappings()
    passed = [
        Passed(giver=names[row["giver"]], taker=names[row["taker"]], count=row["count"], median=row["median"],
               longest=row["longest"])
        for row in rows
    ]  # fmt: skip
    return tuple(sorted(passed, key=lambda each: (-each.count, each.giver, each.taker)))


LANES = 256
"""More than any model has. An answer is written as its number in the history times this, plus the number of its lane:
the greatest is then the latest, and brings its lane with it. Looking it up again would cost the square of a long case.
"""


def _handed_in_before(
    lanes: Mapping[str, int], now: datetime, asked: ColumnElement[bool], answered: ColumnElement[bool]
) -> CTE:
    """Each piece of work, and the answers that came last before it: in its instance, around it, and anywhere."""
    h = tables.hand_offs.c
    until = func.coalesce(h.closed_at, literal(now, UtcMoment()))
    lane = case({element: literal(number) for element, number in lanes.items()}, value=h.element)
    asked, answered = and_(asked, h.state != WITHDRAWN), and_(answered, h.state == SUBMITTED)
    work = (
        select(
            h.case_id, _thread().label("thread"), h.opened_seq, h.closed_seq, lane.label("lane"),
            seconds_between(h.opened_at, until).label("seconds"),
            case((asked, 1), else_=0).label("asked"), case((answered, 1), else_=0).label("answered"),
        )
        .where(h.element.in_(lanes), or_(asked, answered))
        .cte("work")
    )  # fmt: skip
    o = work.c
    marks = union_all(
        select(o.case_id, o.thread, o.opened_seq.label("seq"), null().label("answer"), o.lane.label("taker"), o.seconds)
        .where(o.asked == 1),
        select(o.case_id, o.thread, o.closed_seq, o.closed_seq * LANES + o.lane, null(), null())
        .where(o.answered == 1),
    ).cte("marks")  # fmt: skip
    m = marks.c
    at_the_top = case((m.thread == "", m.answer))
    return select(
        m.thread, m.taker, m.seconds,
        func.max(m.answer).over(partition_by=m.case_id, order_by=m.seq).label("anywhere"),
        func.max(at_the_top).over(partition_by=m.case_id, order_by=m.seq).label("around"),
        func.max(m.answer).over(partition_by=[m.case_id, m.thread], order_by=m.seq).label("within"),
    ).cte("latest")  # fmt: skip
