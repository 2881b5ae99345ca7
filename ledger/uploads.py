"""Files attached to a form that is not handed in yet: not history; they go with the draft of the same officer.

The content lies among the documents under its hash. Handing the form in binds the files that it names to the case
(`document:add`, in the same transaction); what nobody names any more is dropped.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import documents, tables
from ledger.dialect import insert_into
from ledger.errors import UnknownHandOff
from ledger.work import Ledger, Work
from schemas.attachment import AttachedFile

Uploads = dict[str, tuple[AttachedFile, ...]]
"""Files by the name of their field, in the order in which they were attached."""


async def add(
    ledger: Ledger, hand_off_id: str, officer: str, field: str, file: AttachedFile, content: bytes, now: datetime
) -> bool:
    """Keep a file beside the officer's draft. False, and nothing kept, when the work is not open.

    The draft is saved before: handing in looks for files only where it finds a draft.

    :raises UnknownHandOff: there is no such hand-off.
    """
    async with ledger.begin() as work:
        state = await work.connection.scalar(
            select(tables.hand_offs.c.state).where(tables.hand_offs.c.id == hand_off_id)
        )
        if state is None:
            raise UnknownHandOff(hand_off=hand_off_id)
        if state != "open":
            return False
        await documents.put(work, content, file.media_type)
        row = {
            "hand_off_id": hand_off_id, "officer": officer, "sha256": file.sha256, "field": field, "name": file.name,
            "at": now,
        }  # fmt: skip
        await work.connection.execute(insert_into(work.connection, tables.uploads).on_conflict_do_nothing(), row)
        await work.commit()
        return True


async def of_officer(connection: AsyncConnection, hand_off_id: str, officer: str) -> Uploads:
    """What the officer has attached to the form so far."""
    u = tables.uploads.c
    return await standing_in(connection, tables.uploads, u.hand_off_id == hand_off_id, u.officer == officer)


async def standing_in(connection: AsyncConnection, table: Table, *ours: ColumnElement[bool]) -> Uploads:
    """The files of these rows of a table that keeps them by field."""
    c, d = table.c, tables.documents.c
    query = (
        select(c.field, c.name, c.sha256, d.media_type, d.size)
        .join(tables.documents, d.sha256 == c.sha256)
        .where(*ours)
        .order_by(c.at, c.name)
    )
    found: Uploads = {}
    for row in await connection.execute(query):
        file = AttachedFile(name=row.name, media_type=row.media_type, size=row.size, sha256=row.sha256)
        found[row.field] = (*found.get(row.field, ()), file)
    return found


async def remove(ledger: Ledger, hand_off_id: str, officer: str, field: str, sha256: str) -> None:
    """Take a file out of the officer's draft; without a trace, as it was never handed in."""
    u = tables.uploads.c
    await take_out(ledger, tables.uploads, sha256, u.hand_off_id == hand_off_id, u.officer == officer, u.field == field)


async def take_out(ledger: Ledger, table: Table, sha256: str, *ours: ColumnElement[bool]) -> None:
    """Drop the file from these rows of a table that keeps them by field, and its content where nobody names it."""
    async with ledger.begin() as work:
        await documents.hold(work, sha256)  # before its row, as whoever adds one does
        await work.connection.execute(delete(table).where(*ours, table.c.sha256 == sha256))
        await documents.drop_unused(work, [sha256])
        await work.commit()


async def discard(work: Work, hand_off_ids: Collection[str], *, bound: Collection[str]) -> None:
    """Drop every officer's files of these hand-offs, once they are submitted; `bound` went into cases with them."""
    u = tables.uploads.c
    of_these = u.hand_off_id.in_(hand_off_ids)
    attached = set(await work.connection.scalars(select(u.sha256).where(of_these)))
    if not attached:  # as a rule: nothing more is asked
        return
    await documents.hold(work, *attached)
    dropped = set(await work.connection.scalars(delete(tables.uploads).where(of_these).returning(u.sha256)))
    await documents.drop_unused(work, dropped.difference(bound))
