"""How cases keep to their approved models: one row a case, made anew when the case has gone on. Not history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.dialect import insert_into, parts
from ledger.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What came of comparing a case with its model."""

    case_id: str
    head_seq: int
    """How far the history went."""
    model: str
    deviation: str | None
    """The first deviation as JSON; None where there was none."""
    checked_at: datetime


async def keep(work: Work, found: Sequence[Kept]) -> None:
    """Keep results in the place of earlier ones."""
    if not found:
        return
    statement = insert_into(work.connection, tables.conformances)
    new = {name: statement.excluded[name] for name in ("head_seq", "model", "deviation", "checked_at")}
    await work.connection.execute(
        statement.on_conflict_do_update(index_elements=["case_id"], set_=new),
        [
            {"case_id": k.case_id, "head_seq": k.head_seq, "model": k.model, "deviation": k.deviation,
             "checked_at": k.checked_at}
            for k in found
        ],
    )  # fmt: skip


async def of_cases(connection: AsyncConnection, case_ids: Collection[str]) -> dict[str, Kept]:
    """The results that are kept of these cases."""
    found: dict[str, Kept] = {}
    for some in parts(case_ids):
        query = select(tables.conformances).where(tables.conformances.c.case_id.in_(some))
        found |= {row.case_id: _view(row) for row in await connection.execute(query)}
    return found


async def deviating(connection: AsyncConnection, *, limit: int) -> tuple[Kept, ...]:
    """Cases that depart from their models, the latest compared first."""
    c = tables.conformances.c
    query = select(tables.conformances).where(c.deviation.is_not(None)).order_by(c.checked_at.desc(), c.case_id)
    return tuple(_view(row) for row in await connection.execute(query.limit(limit)))


async def unchecked(
    connection: AsyncConnection, processes: Collection[str], *, open_before: datetime | None,
    again_before: datetime | None = None, now: datetime | None = None, limit: int,
) -> list[str]:  # fmt: skip
    """Cases that have gone on since they were compared: those that have ended, and others not compared since a moment.

    :param open_before: None leaves out the cases that are open.
    :param again_before: with those whose result was kept before, though nothing has happened in them since.
    :param now: with those whose result claims to be of later.
    """
    k, c = tables.conformances.c, tables.cases.c
    gone_on = or_(k.head_seq.is_(None), k.head_seq != c.head_seq)
    concerned = c.state != "open"
    if open_before is not None:
        concerned = or_(concerned, func.coalesce(k.checked_at, c.opened_at) < open_before)
    wanted = and_(gone_on, concerned)
    if again_before is not None:
        wanted = or_(wanted, k.checked_at < again_before)
    if now is not None:
        wanted = or_(wanted, k.checked_at > now)
    query = (
        select(c.id)
        .join(tables.conformances, k.case_id == c.id, isouter=True)
        .where(c.process.in_(processes), wanted)
        .order_by(c.id)
        .limit(limit)
    )
    return list((await connection.scalars(query)).all())


def _view(row: Row[Any]) -> Kept:
    return Kept(
        case_id=row.case_id, head_seq=row.head_seq, model=row.model, deviation=row.deviation, checked_at=row.checked_at
    )
