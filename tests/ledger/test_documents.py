"""Documents are kept once under their hash, and checked when they are read."""

from __future__ import annotations

import asyncio
import hashlib

import pytest
from sqlalchemy import update

from ledger import documents, tables
from ledger.errors import DocumentIsDamaged, DocumentIsMissing, UnknownCase
from ledger.work import Ledger
from tests.conftest import FRIDAY_NOON
from tests.ledger.scene import DIRECTIVE, SUDA, WEEK, kinds, opened, rows

CONTENT = "รายงานผลการดำเนินงาน".encode()
SHA256 = hashlib.sha256(CONTENT).hexdigest()


async def put(ledger: Ledger, content: bytes = CONTENT) -> str:
    async with ledger.begin() as work:
        digest = await documents.put(work, content, "application/pdf")
        await work.commit()
    return digest


async def attach(ledger: Ledger, name: str = "รายงาน.pdf", sha256: str = SHA256, case_id: str = DIRECTIVE) -> bool:
    async with ledger.begin() as work:
        done = await documents.attach(
            work, case_id, name=name, sha256=sha256, media_type="application/pdf", size=len(CONTENT), actor=SUDA
        )
        await work.commit()
    return done


@pytest.mark.parametrize("content", [CONTENT, b"", bytes(range(256)) * 1000])
async def test_a_document_is_read_as_it_was_put(ledger: Ledger, content: bytes) -> None:
    digest = await put(ledger, content)
    async with ledger.read() as connection:
        document = await documents.get(connection, digest)
    assert (document.sha256, document.media_type, document.content) == (digest, "application/pdf", content)


async def test_the_same_content_is_kept_once(ledger: Ledger) -> None:
    assert await asyncio.gather(*(put(ledger) for _ in range(4))) == [SHA256] * 4
    assert await rows(ledger, tables.documents, "sha256", "size") == [(SHA256, len(CONTENT))]


async def test_a_document_that_nobody_put_is_missing(ledger: Ledger) -> None:
    async with ledger.read() as connection:
        with pytest.raises(DocumentIsMissing):
            await documents.get(connection, SHA256)


async def test_a_damaged_document_is_not_handed_out(ledger: Ledger) -> None:
    await put(ledger)
    async with ledger.begin() as work:
        await work.connection.execute(update(tables.documents).values(content=b"forged"))
        await work.commit()
    async with ledger.read() as connection:
        with pytest.raises(DocumentIsDamaged):
            await documents.get(connection, SHA256)


async def test_documents_of_a_case_say_who_added_them_and_when(ledger: Ledger) -> None:
    await opened(ledger)
    await put(ledger)
    await attach(ledger)
    await attach(ledger, "สำเนา.pdf")
    async with ledger.read() as connection:
        found = await documents.of_case(connection, DIRECTIVE)
    assert [(one.seq, one.name, one.sha256, one.size, one.at, one.by) for one in found] == [
        (2, "รายงาน.pdf", SHA256, len(CONTENT), FRIDAY_NOON, SUDA),
        (3, "สำเนา.pdf", SHA256, len(CONTENT), FRIDAY_NOON, SUDA),
    ]  # fmt: skip


async def test_attaching_twice_writes_one_event(ledger: Ledger) -> None:
    await opened(ledger)
    await put(ledger)
    assert [await attach(ledger), await attach(ledger)] == [True, False]
    assert await kinds(ledger) == ["case:open", "document:add"]


async def test_attaching_twice_in_one_unit_of_work_writes_one_event(ledger: Ledger) -> None:
    await opened(ledger)
    async with ledger.begin() as work:
        digest = await documents.put(work, CONTENT, "application/pdf")
        for _ in range(2):
            await documents.attach(
                work, DIRECTIVE, name="a.pdf", sha256=digest, media_type="application/pdf", size=1, actor=SUDA
            )
        await work.commit()
    assert await kinds(ledger) == ["case:open", "document:add"]


async def test_only_a_kept_document_is_attached_and_only_to_a_case(ledger: Ledger) -> None:
    await opened(ledger)
    with pytest.raises(DocumentIsMissing):
        await attach(ledger)
    await put(ledger)
    with pytest.raises(UnknownCase):
        await attach(ledger, case_id=WEEK)
    assert await kinds(ledger) == ["case:open"]
