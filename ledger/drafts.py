"""What an officer has typed and not yet submitted: not history, one row for each officer and hand-off."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables, uploads
from ledger.canonical import canonical
from ledger.dialect import insert_into
from ledger.errors import DraftIsTooLarge, UnknownHandOff
from ledger.work import Ledger, Work

LARGEST = 1_000_000
"""Bytes of UTF-8. Six headings of 20 000 Thai characters each are 360 000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    hand_off: str
    officer: str
    data: dict[str, Any]
    saved_at: datetime


async def save(ledger: Ledger, hand_off_id: str, officer: str, data: dict[str, Any], now: datetime) -> bool:
    """Keep the draft in the place of the officer's earlier one. False, and nothing kept, when the work is not open.

    :raises UnknownHandOff: there is no such hand-off.
    :raises DraftIsTooLarge: more than `LARGEST` bytes.
    """
    text = canonical(data)
    if (size := len(text.encode())) > LARGEST:
        raise DraftIsTooLarge(size=size, limit=LARGEST)
    async with ledger.begin() as work:
        h = tables.hand_offs.c
        state = await work.connection.scalar(select(h.state).where(h.id == hand_off_id))
        if state is None:
            raise UnknownHandOff(hand_off=hand_off_id)
        if state != "open":
            return False
        statement = insert_into(work.connection, tables.drafts)
        latest = {"data": statement.excluded.data, "saved_at": statement.excluded.saved_at}
        await work.connection.execute(
            statement.on_conflict_do_update(index_elements=["hand_off_id", "officer"], set_=latest),
            {"hand_off_id": hand_off_id, "officer": officer, "data": text, "saved_at": now},
        )
        await work.commit()
        return True


async def load(connection: AsyncConnection, hand_off_id: str, officer: str) -> Draft | None:
    """The officer's own draft."""
    d = tables.drafts.c
    query = select(d.data, d.saved_at).where(d.hand_off_id == hand_off_id, d.officer == officer)
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    return Draft(hand_off=hand_off_id, officer=officer, data=json.loads(row.data), saved_at=row.saved_at)


async def kept_of(connection: AsyncConnection, officer: str, hand_off_ids: Collection[str]) -> frozenset[str]:
    """For which of the hand-offs the officer has a draft."""
    d = tables.drafts.c
    query = select(d.hand_off_id).where(d.officer == officer, d.hand_off_id.in_(hand_off_ids))
    return frozenset(await connection.scalars(query)) if hand_off_ids else frozenset()


async def discard(work: Work, *hand_off_ids: str, bound: Collection[str] = ()) -> None:
    """Drop every officer's drafts of these hand-offs and their files, once they are submitted.

    :param bound: hashes of the files that went into cases with the submissions.
    """
    d = tables.drafts.c
    gone = delete(tables.drafts).where(d.hand_off_id.in_(hand_off_ids)).returning(d.hand_off_id)
    if with_draft := set(await work.connection.scalars(gone)):
        await uploads.discard(work, with_draft, bound=bound)


async def drop_outlived(work: Work, *, closed_before: datetime, limit: int) -> int:
    """Drop the drafts and files of work that ended unanswered before a moment; of how many pieces of work."""
    d, h = tables.drafts.c, tables.hand_offs.c
    query = (
        select(d.hand_off_id).distinct().join(tables.hand_offs, h.id == d.hand_off_id)
        .where(h.state != "open", h.closed_at < closed_before).limit(limit)
    )  # fmt: skip
    if outlived := (await work.connection.scalars(query)).all():
        await discard(work, *outlived)
    return len(outlived)
