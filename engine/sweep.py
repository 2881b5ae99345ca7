"""Deadlines are rows; the sweep fires what is due, each exactly once, on the ledger's clock (design, rule 4)."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
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


async def sweep_once(runtime: Runtime) -> int:
    """Fire due timers, reminders and escalations; returns how many. One that fails never stops the others."""
    await runtime.refresh()
    return await _fire_timers(runtime) + await _fire_reminders(runtime)


async def _fire_timers(runtime: Runtime) -> int:
    async with runtime.ledger.begin() as work:
        due = await waits.due_timers(work, limit=AT_ONCE)
        if not due:
            return 0
        fired = await waits.fire_timers(work, due, actor=SWEEP)
        await work.commit()
    return fired


async def _fire_reminders(runtime: Runtime) -> int:
    async with runtime.ledger.begin() as work:
        due = await _due_reminders(work)
    fired = 0
    for moment, rows in _by_moment(due).items():
        try:
            fired += await _fire_moment(runtime, moment, rows)
        except Exception:
            log.exception("reminders of %s", moment)
    return fired


async def _due_reminders(work: Work) -> Sequence[Row[Any]]:
    r = tables.reminders.c
    # Whole moments, however many: a unit gets one mail for all that it is reminded of at the same time.
    moments = select(r.at).where(r.at <= work.now).group_by(r.at).order_by(r.at).limit(MOMENTS_AT_ONCE)
    query = (
        select(r.hand_off_id, r.kind, r.rung, r.case_id, r.at).where(r.at.in_(moments)).order_by(r.at, r.hand_off_id)
    )
    return await work.rows(query)


def _by_moment(due: Sequence[Row[Any]]) -> dict[datetime, list[Row[Any]]]:
    found: dict[datetime, list[Row[Any]]] = defaultdict(list)
    for row in due:
        found[row.at].append(row)
    return found


async def _fire_moment(runtime: Runtime, moment: datetime, rows: Sequence[Row[Any]]) -> int:
    """Everything of one moment in one transaction: holders get one mail each, supervisors one digest a unit."""
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
        for unit, found in late.items():
            runtime.post.digest(work, unit, found, moment=moment)
        await work.commit()
    return len(standing)


async def _still_pending(work: Work, moment: datetime, rows: Sequence[Row[Any]]) -> list[tuple[Row[Any], HandOff]]:
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
