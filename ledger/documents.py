"""Documents, kept once under the hash of their content; a case's history names the ones that belong to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.canonical import sha256 as content_hash
from ledger.dialect import insert_into, reserve
from ledger.errors import DocumentIsDamaged, DocumentIsMissing
from ledger.work import Work
from schemas.actor import Actor
from schemas.attachment import AttachedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document as read; its content has been checked against its hash."""

    sha256: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDocument:
    """A document of a case: what it is called there, who added it and when (UTC). `size` is in bytes."""

    case_id: str
    seq: int
    name: str
    sha256: str
    media_type: str
    size: int
    at: datetime
    by: Actor


async def put(work: Work, content: bytes, media_type: str) -> str:
    """Keep the content and return its SHA-256; the same content is kept once."""
    digest = content_hash(content)
    await hold(work, digest)
    row = {"sha256": digest, "media_type": media_type, "size": len(content), "content": content}
    await work.connection.execute(insert_into(work.connection, tables.documents).on_conflict_do_nothing(), row)
    return digest


async def hold(work: Work, *digests: str) -> None:
    """Until this unit ends nobody else puts or drops these documents; a case that is locked too is locked before."""
    for digest in sorted(set(digests)):
        await reserve(work.connection, f"document:{digest}")


async def kept(work: Work, digests: Collection[str]) -> frozenset[str]:
    """Those of the hashes under which something is kept; they stay until this unit ends."""
    if not digests:
        return frozenset()
    await hold(work, *digests)
    d = tables.documents.c
    return frozenset(await work.connection.scalars(select(d.sha256).where(d.sha256.in_(digests))))


async def drop_unused(work: Work, digests: Collection[str]) -> None:
    """Forget the content that neither a case nor an unfinished form names any more."""
    if not digests:
        return
    await hold(work, *digests)
    d = tables.documents.c
    in_case = exists().where(tables.case_documents.c.sha256 == d.sha256)
    in_form = exists().where(tables.uploads.c.sha256 == d.sha256)
    on_page = exists().where(tables.enclosures.c.sha256 == d.sha256)
    await work.connection.execute(delete(tables.documents).where(d.sha256.in_(digests), ~in_case, ~in_form, ~on_page))


async def attach(work: Work, case_id: str, *, name: str, sha256: str, media_type: str, size: int, actor: Actor) -> bool:
    """Add a kept document to a case. False, and nothing written, when the case has it under this name already.

    :raises UnknownCase: there is no such case.
    :raises DocumentIsMissing: the content was not `put` before.
    """
    await work.lock(case_id)
    a = tables.case_documents.c
    kept = exists().where(tables.documents.c.sha256 == sha256)
    attached = exists().where(a.case_id == case_id, a.name == name, a.sha256 == sha256)
    standing = (await work.connection.execute(select(kept.label("kept"), attached.label("attached")))).one()
    if not standing.kept:
        raise DocumentIsMissing(sha256=sha256)
    said = {"name": name, "sha256": sha256, "media_type": media_type, "size": size}
    if standing.attached or any(event.content == said for event in work.appended(case_id, "document:add")):
        return False
    work.append(case_id, "document:add", name, actor, said)
    return True


async def enclose(work: Work, case_ids: Collection[str], files: Collection[AttachedFile], *, actor: Actor) -> None:
    """Hold the files and add them to each of the cases, which this unit has opened.

    :raises DocumentIsMissing: one of them is no longer kept.
    """
    await hold(work, *(file.sha256 for file in files))
    for case_id in case_ids:
        await attach_files(work, case_id, files, actor=actor)


async def attach_files(work: Work, case_id: str, files: Collection[AttachedFile], *, actor: Actor) -> None:
    """`attach` each of the files of a form."""
    for file in files:
        await attach(
            work, case_id, name=file.name, sha256=file.sha256, media_type=file.media_type, size=file.size, actor=actor
        )


async def get(connection: AsyncConnection, sha256: str) -> Document:
    """A document by its hash.

    :raises DocumentIsMissing: nothing is kept under this hash.
    :raises DocumentIsDamaged: what is kept has another hash.
    """
    d = tables.documents.c
    row = (await connection.execute(select(d.media_type, d.content).where(d.sha256 == sha256))).first()
    if row is None:
        raise DocumentIsMissing(sha256=sha256)
    if content_hash(row.content) != sha256:
        raise DocumentIsDamaged(sha256=sha256)
    return Document(sha256=sha256, media_type=row.media_type, content=row.content)


async def of_case(connection: AsyncConnection, case_id: str) -> tuple[CaseDocument, ...]:
    """The documents of a case in the order in which they were added, without their content."""
    a, d, e = tables.case_documents.c, tables.documents.c, tables.events.c
    query = (
        select(a.case_id, a.seq, a.name, a.sha256, d.media_type, d.size, e.at, e.actor)
        .join(tables.documents, d.sha256 == a.sha256)
        .join(tables.events, (e.case_id == a.case_id) & (e.seq == a.seq))
        .where(a.case_id == case_id)
        .order_by(a.seq)
    )
    return tuple(
        CaseDocument(
            case_id=row.case_id, seq=row.seq, name=row.name, sha256=row.sha256, media_type=row.media_type,
            size=row.size, at=row.at, by=Actor.model_validate_json(row.actor),
        )
        for row in await connection.execute(query)
    )  # fmt: skip
