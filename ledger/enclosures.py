"""Files chosen on a page that starts something, before it is sent: not history, and gone when the session is over.

The content lies among the documents under its hash, as that of files attached to work (`ledger.uploads`). Opening the
case binds what the form names to it. The rows stay: whoever sends the page again is told what it has opened.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import documents, tables
from ledger.dialect import insert_into
from ledger.uploads import Uploads, standing_in, take_out
from ledger.work import Ledger, Work
from schemas.attachment import AttachedFile


async def add(ledger: Ledger, page: str, officer: str, field: str, file: AttachedFile, content: bytes) -> None:
    """Keep a file with the page on which the officer chose it."""
    async with ledger.begin() as work:
        await documents.put(work, content, file.media_type)
        row = {
            "page": page, "officer": officer, "sha256": file.sha256, "field": field, "name": file.name, "at": work.now,
        }  # fmt: skip
        await work.connection.execute(insert_into(work.connection, tables.enclosures).on_conflict_do_nothing(), row)
        await work.commit()


async def of_officer(connection: AsyncConnection, page: str, officer: str) -> Uploads:
    """What the officer has chosen on the page so far."""
    e = tables.enclosures.c
    return await standing_in(connection, tables.enclosures, e.page == page, e.officer == officer)


async def remove(ledger: Ledger, page: str, officer: str, field: str, sha256: str) -> None:
    """Take a file from the page again; without a trace, as it was never sent."""
    e = tables.enclosures.c
    await take_out(ledger, tables.enclosures, sha256, e.page == page, e.officer == officer, e.field == field)


async def carry_over(ledger: Ledger, page: str, to: str, officer: str) -> None:
    """What the officer has chosen on a page stands on another one too: the same form under a new key."""
    e = tables.enclosures.c
    async with ledger.begin() as work:
        chosen = select(literal(to), e.officer, e.field, e.sha256, e.name, e.at).where(
            e.page == page, e.officer == officer
        )
        names = ["page", "officer", "field", "sha256", "name", "at"]
        await work.connection.execute(insert(tables.enclosures).from_select(names, chosen))
        await work.commit()


async def drop_outlived(work: Work, *, chosen_before: datetime, limit: int) -> int:
    """Drop what was chosen before a moment, and its content where no case has it; of how many files."""
    e = tables.enclosures.c
    key = (e.page, e.officer, e.field, e.sha256)
    outlived = (await work.connection.execute(select(*key).where(e.at < chosen_before).limit(limit))).all()
    if outlived:
        await documents.hold(work, *(row.sha256 for row in outlived))
        await work.connection.execute(
            delete(tables.enclosures).where(tuple_(*key).in_([tuple(row) for row in outlived]))
        )
        await documents.drop_unused(work, {row.sha256 for row in outlived})
    return len(outlived)
