"""Are the documents what the histories say? Their content is hashed again, one document in memory at a time."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.canonical import sha256
from ledger.chain import WHY_EN, WHY_TH, Break
from ledger.dialect import binary
from ledger.errors import PaperBroken
from ledger.work import STREAMED

SAID = frozenset({"sha256", "name", "media_type", "size"})
"""What a `document:add` says."""


async def broken_papers(
    connection: AsyncConnection, case_id: str | None = None, *, contents: bool = True
) -> tuple[int, list[PaperBroken]]:
    """How many documents were read, and what is wrong with those that the histories name; of one case, or of all.

    :param contents: whether they are read at all; the role of auditors' pages may not.
    """
    read, damaged = 0, set[str]()
    if contents:
        async for digest, good in _contents(connection, case_id):
            read += 1
            if not good:
                damaged.add(digest)
    found = []
    async for row in _named(connection, case_id):
        said = _said(row.payload)
        if (reason := _wrong(said, row, damaged)) is not None:
            found.append(_broken(row, said, reason))
    return read, found


def _said(payload: bytes) -> dict[str, Any]:
    """What an event says of its document; empty where it cannot be read."""
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) and said.keys() >= SAID else {}


def _wrong(said: dict[str, Any], row: Any, damaged: set[str]) -> Break | None:
    if not said:
        return Break.PAPER_UNREADABLE
    if (row.listed, row.listed_name) != (said["sha256"], said["name"]):
        return Break.PAPER_UNNAMED
    if row.kept is None:
        return Break.PAPER_MISSING
    if said["sha256"] in damaged:
        return Break.PAPER_CHANGED
    return Break.PAPER_UNLIKE if (row.media_type, row.size) != (said["media_type"], said["size"]) else None


def _broken(row: Any, said: dict[str, Any], reason: Break) -> PaperBroken:
    return PaperBroken(
        case=row.case_id, seq=row.seq, name=said.get("name", row.listed_name or "?"),
        sha256=said.get("sha256", row.listed), reason=reason, why=WHY_EN[reason], why_th=WHY_TH[reason],
    )  # fmt: skip


async def _contents(connection: AsyncConnection, case_id: str | None) -> AsyncIterator[tuple[str, bool]]:
    """(hash, does the content still have it) of each document."""
    d, a = tables.documents.c, tables.case_documents.c
    query = select(d.sha256, binary(d.content).label("content")).order_by(d.sha256)
    if case_id is not None:
        query = query.where(d.sha256.in_(select(a.sha256).where(a.case_id == case_id)))
    # A few at a time: each may have twenty megabytes.
    async with connection.stream(query, execution_options={"yield_per": 4}) as rows:
        async for row in rows:
            yield row.sha256, row.content is not None and sha256(row.content) == row.sha256


async def _named(connection: AsyncConnection, case_id: str | None) -> AsyncIterator[Any]:
    """Each `document:add` of the histories, with what the list of documents and their store say."""
    e, a, d = tables.events.c, tables.case_documents.c, tables.documents.c
    query = (
        select(
            e.case_id, e.seq, e.payload, a.sha256.label("listed"), a.name.label("listed_name"),
            d.sha256.label("kept"), d.media_type, d.size,
        )
        .join(tables.case_documents, and_(a.case_id == e.case_id, a.seq == e.seq), isouter=True)
        .join(tables.documents, d.sha256 == a.sha256, isouter=True)
        .where(e.kind == "document:add")
        .order_by(e.case_id, e.seq)
    )  # fmt: skip
    if case_id is not None:
        query = query.where(e.case_id == case_id)
    async with connection.stream(query, execution_options=STREAMED) as rows:
        async for row in rows:
            yield row
