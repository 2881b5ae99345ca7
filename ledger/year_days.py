"""Verbs on what is due on a named day of an agreement year's calendar: open work and timers, replanned together."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import hand_offs, tables
from ledger.canonical import stamp
from ledger.hand_offs import HandOff
from ledger.projection import RUNGS
from ledger.work import Work
from rules.reminders import Ladder
from schemas.actor import Actor
from schemas.deadline import OnYearDay


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An open hand-off or timer that is due on a named day."""

    case_id: str
    key: str
    due_at: datetime
    year_day: OnYearDay
    escalates: bool = False
    hand_off: HandOff | None = None
    """None for a timer."""


async def lock_what_is_open(work: Work, years: Sequence[str], *others: str) -> tuple[Planned, ...]:
    """As `open_on_days_of`; the cases are locked from now on, at once with those of `others` that exist.

    The caller holds the policy, as whoever opens such work does: between the two looks it only becomes less.
    """
    concerned = {each.case_id for each in await open_on_days_of(work.connection, years)}
    await work.lock_existing(*concerned, *others)
    return await open_on_days_of(work.connection, years)


async def open_on_days_of(connection: AsyncConnection, years: Sequence[str]) -> tuple[Planned, ...]:
    """What is open on any day of these calendars (`2555/cdd`), timers first."""
    return (*await _timers(connection, years), *await _hand_offs(connection, years))


def _opening(table: Any) -> Any:
    """The event that opened a row of `hand_offs` or `waits`, in a case that is open still."""
    e, c = tables.events.c, tables.cases.c
    return (
        and_(e.case_id == table.c.case_id, e.seq == table.c.opened_seq),
        and_(c.id == table.c.case_id, c.state == "open"),
    )


async def _timers(connection: AsyncConnection, years: Sequence[str]) -> list[Planned]:
    w = tables.waits.c
    opened, standing = _opening(tables.waits)
    query = (
        select(w.case_id, w.key, w.at, tables.events.c.payload)
        .join(tables.events, opened).join(tables.cases, standing)
        .where(w.year.in_(years), w.state == "open").order_by(w.case_id, w.opened_seq)
    )  # fmt: skip
    return [
        Planned(case_id=row.case_id, key=row.key, due_at=row.at, year_day=_year_day(row.payload))
        for row in (await connection.execute(query)).all()
    ]


async def _hand_offs(connection: AsyncConnection, years: Sequence[str]) -> list[Planned]:
    h = tables.hand_offs.c
    opened, standing = _opening(tables.hand_offs)
    query = (
        select(h.id, tables.events.c.payload)
        .join(tables.events, opened).join(tables.cases, standing)
        .where(h.year.in_(years), h.state == "open")
    )  # fmt: skip
    openings = {row.id: row.payload for row in (await connection.execute(query)).all()}
    ordered = hand_offs.query().where(h.id.in_(openings)).order_by(h.case_id, h.opened_seq)
    found = [hand_offs.view(row) for row in (await connection.execute(ordered)).all()]
    return [
        Planned(
            case_id=each.case_id, key=each.key, due_at=each.due_at, year_day=_year_day(openings[each.id]),
            escalates=bool(json.loads(openings[each.id])["escalations"]), hand_off=each,
        )
        for each in found
        if each.due_at is not None
    ]  # fmt: skip


def _year_day(opening: bytes) -> OnYearDay:
    return OnYearDay.model_validate(json.loads(opening)["year_day"])


async def replan_hand_offs(
    work: Work, moved: Sequence[tuple[HandOff, datetime, Ladder]], *, reason: str, actor: Actor
) -> None:
    """Give open work another due moment, with the reminders and escalations that belong to it."""
    rungs = await _rungs_so_far(work, [hand_off for hand_off, _, _ in moved])
    for hand_off, due, ladder in moved:
        said = {
            "id": hand_off.id, "was": stamp(hand_off.due_at) if hand_off.due_at else None, "due_at": stamp(due),
            "rungs": {kind: rungs[hand_off.case_id, hand_off.key, kind] for kind in RUNGS},
            "reminders": [stamp(at) for at in ladder.reminders],
            "escalations": [stamp(at) for at in ladder.escalations],
            "reason": reason,
        }  # fmt: skip
        work.append(hand_off.case_id, "hand_off:replan", hand_off.key, actor, said)


async def _rungs_so_far(work: Work, found: Sequence[HandOff]) -> Counter[tuple[str, str, str]]:
    """How many rungs the ladders of work have had, by case, key and kind; those that were taken are counted."""
    e = tables.events.c
    query = select(e.case_id, e.key, e.payload).where(
        e.case_id.in_({each.case_id for each in found}), e.key.in_({each.key for each in found}),
        e.kind.in_(("hand_off:open", "hand_off:replan")),
    )  # fmt: skip
    rungs = Counter[tuple[str, str, str]]()
    for row in await work.rows(query):
        said = json.loads(row.payload)
        for kind in RUNGS:
            rungs[row.case_id, row.key, kind] += len(said[f"{kind}s"])
    return rungs


def replan_timer(work: Work, planned: Planned, at: datetime, *, reason: str, actor: Actor) -> None:
    """Let a timer that has not fired yet fire at another moment."""
    said = {"was": stamp(planned.due_at), "at": stamp(at), "reason": reason}
    work.append(planned.case_id, "timer:replan", planned.key, actor, said)
