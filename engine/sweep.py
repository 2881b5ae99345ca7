"""Deadlines are rows; the sweep fires what is due, each exactly once, on the ledger's clock (design, rule 4)."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Row, select

from engine.post import Holders, held_by
from engine.runtime import Runtime
from ledger import hand_offs, tables, waits
from ledger.canonical import stamp
from ledger.hand_offs import HandOff
from ledger.work import Work
from schemas.actor import system

AT_ONCE = 200
MOMENTS_AT_ONCE = 20
SWEEP = system("sweep")

log = logging.getLogger("sangkan.sweep")

Rows = Sequence[Row[Any]]


async def sweep_once(runtime: Runtime) -> int:
    """Fire due timers, reminders and escalations; returns how many. A case that fails never stops the others."""
    await runtime.refresh()
    return await _fire_timers(runtime) + await _fire_reminders(runtime)


async def _fire_timers(runtime: Runtime) -> int:
    """All in one transaction; when that fails, each case in its own."""
    try:
        async with runtime.ledger.begin() as work:
            due = await waits.due_timers(work, limit=AT_ONCE)
            if not due:
                return 0
            fired = await waits.fire_timers(work, due, actor=SWEEP)
            await work.commit()
        return fired
    except Exception as trouble:
        log.warning("timers, now each case by itself: %r", trouble)
    return await _fire_groups(partial(_cases_with_timers, runtime), partial(_fire_timers_of, runtime))


async def _cases_with_timers(runtime: Runtime, but: Collection[str]) -> Iterable[Rows]:
    async with runtime.ledger.begin() as work:
        return _grouped(await waits.due_timers(work, limit=AT_ONCE, but=but), "case_id")


async def _fire_timers_of(runtime: Runtime, rows: Rows) -> int:
    async with runtime.ledger.begin() as work:
        fired = await waits.fire_timers(work, rows, actor=SWEEP)
        await work.commit()
    return fired


async def _fire_reminders(runtime: Runtime) -> int:
    return await _fire_groups(partial(_due_moments, runtime), partial(_fire_moment, runtime))


# --- one that fails ----------------------------------------------------------------------------------------


async def _fire_groups(
    due: Callable[[Collection[str]], Awaitable[Iterable[Rows]]], fire: Callable[[Rows], Awaitable[int]]
) -> int:
    """Fire what is due. The cases that fail wait for the next round; what stood behind them is fired in this one.

    :param due: the next groups of rows without those of some cases; each group is fired in one transaction.
    """
    fired, failed = 0, set[str]()
    while True:
        before = len(failed)
        for rows in await due(failed):
            fired += await _fire_group(fire, rows, failed)
        if len(failed) == before:
            return fired


async def _fire_group(fire: Callable[[Rows], Awaitable[int]], rows: Rows, failed: set[str]) -> int:
    """In one transaction; when that fails, each case in its own."""
    try:
        return await fire(rows)
    except Exception:
        cases = _grouped(rows, "case_id")
        log.exception("sweeping %s", ", ".join(own[0].case_id for own in cases))
        if len(cases) == 1:
            failed.add(rows[0].case_id)
            return 0
        return sum([await _fire_group(fire, own, failed) for own in cases])


def _grouped(rows: Rows, by: str) -> list[Rows]:
    found: dict[Any, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[getattr(row, by)].append(row)
    return list(found.values())


# --- reminders and escalations -----------------------------------------------------------------------------


async def _due_moments(runtime: Runtime, but: Collection[str]) -> Iterable[Rows]:
    r = tables.reminders.c
    async with runtime.ledger.begin() as work:
        due = select(r.at).where(r.at <= work.now, r.case_id.not_in(but))
        # Whole moments, however many: a unit gets one mail for all that it is reminded of at the same time.
        moments = due.group_by(r.at).order_by(r.at).limit(MOMENTS_AT_ONCE)
        query = (
            select(r.hand_off_id, r.kind, r.rung, r.case_id, r.at)
            .where(r.at.in_(moments), r.case_id.not_in(but))
            .order_by(r.at, r.hand_off_id)
        )
        return _grouped(await work.rows(query), "at")


async def _fire_moment(runtime: Runtime, rows: Rows) -> int:
    """Everything of one moment in one transaction: holders get one mail each, supervisors one digest."""
    moment = rows[0].at
    async with runtime.ledger.begin() as work:
        await work.lock(*{row.case_id for row in rows})
        standing = await _still_pending(work, moment, rows)
        late: dict[str, list[HandOff]] = defaultdict(list)
        open_work: dict[Holders, list[tuple[HandOff, int]]] = defaultdict(list)
        for row, hand_off in standing:
            said = {"id": row.hand_off_id, "rung": row.rung, "at": stamp(row.at)}
            work.append(row.case_id, f"{row.kind}:fire", hand_off.key, SWEEP, said)
            if row.kind == "escalation":
                late[hand_off.unit].append(hand_off)
            else:
                open_work[held_by(hand_off)].append((hand_off, row.rung))
        for items in open_work.values():
            runtime.post.reminders(work, items, moment=moment)
        runtime.post.digests(work, late, moment=moment)
        await work.commit()
    return len(standing)


async def _still_pending(work: Work, moment: datetime, rows: Rows) -> list[tuple[Row[Any], HandOff]]:
    """Read again under the lock: another sweep may have been faster, an officer may have answered."""
    r, h = tables.reminders.c, tables.hand_offs.c
    query = select(r.hand_off_id, r.kind, r.rung).where(r.at == moment)
    pending = {(row.hand_off_id, row.kind, row.rung) for row in await work.rows(query)}
    reminded = select(r.hand_off_id).where(r.at == moment)
    found = await work.rows(hand_offs.query().where(h.id.in_(reminded), h.state == "open"))
    by_id = {row.id: hand_offs.view(row) for row in found}
    return [
        (row, by_id[row.hand_off_id])
        for row in rows
        if (row.hand_off_id, row.kind, row.rung) in pending and row.hand_off_id in by_id
    ]
