"""A bundle: cases with all that belongs to them in one ZIP file, which is checked on a machine without this software.

The same ledger gives the same bytes. What is in it is listed in `manifest.json` with size and hash; `verify.py` is
`audit/verifier.py`, and needs nothing but Python.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from audit import models, verifier
from audit.damage import UNREADABLE, content_of, damage_of
from audit.models import Modelled
from audit.stored import CASES_AT_ONCE, Held, batches, held
from ledger import anchors, documents, tables
from ledger.anchors import Anchor
from ledger.canonical import canonical, stamp
from ledger.errors import DocumentIsDamaged, DocumentIsMissing, LedgerError, ProofDoesNotHold, UnknownCase
from ledger.event import Event
from ledger.proving import standing
from ledger.restore import CASES, named, place_of
from ledger.work import Ledger

READ_ME = """ชุดหลักฐานจากระบบ sangkan

ตรวจสอบได้บนเครื่องใดก็ได้ที่มี Python 3.9 ขึ้นไป โดยไม่ต้องติดตั้งโปรแกรมอื่นและไม่ต้องต่อเครือข่าย

    python3 -I -S verify.py แฟ้มนี้.zip --anchor เลขที่หมุด=ค่าแฮช

ค่าแฮชของหมุดหลักฐานให้นำมาจากอีเมลหรือเอกสารที่ผู้เก็บรักษาภายนอกเก็บไว้ ไม่ใช่จากระบบเดียวกัน

This is an export of sangkan. Check it with verify.py, which is in it, or better with a copy of your own:
any Python from 3.9 on, nothing else. Take the hash of an anchor from the outside keeper.

cases/*/events.jsonl   the history, one event a line, chained by SHA-256
cases/*/case.json      the case as it stands      cases/*/mails.jsonl   its mails
cases/*/proofs.jsonl   the way from its heads to the signed roots of the anchors
documents/             papers and evidence, each under its SHA-256
anchors.jsonl          signed anchors (Ed25519)   organisations.jsonl   organisation and policy, by version
manifest.json          what was asked for, and every file with its size and hash; nobody has signed it
models/*.bpmn          the models that the cases recorded, each under its SHA-256
models/approvals.json  who approved them, when, on what basis
models/                input, result and forms of the processes, as JSON Schema, and the flow as it is written
"""
VERIFIER = Path(verifier.__file__).read_bytes()
"""The verifier as it is written; an older copy of it must be able to read what we export."""
STILL = (1980, 1, 1, 0, 0, 0)
"""Files of a bundle carry no time, so that it does not depend on the moment of the export."""


SHA256 = place_of(tables.case_documents.c.sha256)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a bundle was asked for; None: not asked by this."""

    fiscal_year: int | None = None
    cases: tuple[str, ...] | None = None


@dataclass(slots=True)
class Packed:
    """What went into a bundle."""

    cases: int = 0
    events: int = 0
    documents: int = 0
    anchors: int = 0
    uncovered: int = 0
    sha256: str = ""
    damage: list[LedgerError] = field(default_factory=list)
    """What the ledger no longer holds as it was written; what there is of it is in the bundle, as evidence."""


@dataclass(slots=True)
class _Packing:
    archive: zipfile.ZipFile
    asked: Asked
    files: list[dict[str, Any]] = field(default_factory=list)

    def put(self, name: str, parts: Iterable[bytes]) -> None:
        digest, size = hashlib.sha256(), 0
        with self._open(name) as out:
            for part in parts:
                digest.update(part)
                size += len(part)
                out.write(part)
        self.files.append({"name": name, "sha256": digest.hexdigest(), "size": size})

    def _open(self, name: str) -> IO[bytes]:
        info = zipfile.ZipInfo(name, STILL)
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
        return self.archive.open(info, "w", force_zip64=True)

    def manifest(self, said: dict[str, Any]) -> None:
        with self._open("manifest.json") as out:
            out.write(_readable({"format": verifier.FORMAT, "asked": asdict(self.asked), **said, "files": self.files}))


async def case_ids_of_year(connection: AsyncConnection, fiscal_year_be: int) -> list[str]:
    """The cases that were opened in a fiscal year, whatever they called, and those whose work is about them.

    Be these of another year: an agreement's last report, its appeals and its award come after the year that they are
    about (S1, slide 6), and a directive that is open on 30 September is reported on in weeks of the next year.
    """
    c, h, w = tables.cases.c, tables.hand_offs.c, tables.waits.c
    belonging = (
        select(c.id).where(c.parent_id.in_(CASES)),
        select(c.id).join(tables.waits, w.name == c.id).where(w.case_id.in_(CASES), w.kind == "call"),
        select(h.case_id).join(tables.cases, c.id == h.case_id).where(h.subject.in_(CASES)),
    )
    new = set(await connection.scalars(select(c.id).where(c.fiscal_year_be == fiscal_year_be)))
    found = set[str]()
    while new:
        found |= new
        ids, new = iter(sorted(new)), set()
        while some := list(islice(ids, CASES_AT_ONCE)):
            for query in belonging:
                new |= set(await connection.scalars(query, {"cases": some}))
        new -= found
    return sorted(found)


async def pack(ledger: Ledger, case_ids: Collection[str], file: Path, *, asked: Asked | None = None) -> Packed:
    """Write a bundle of these cases. An unfinished file is not left behind.

    The manifest says what was `asked` for, by default these cases by name.

    A case that was spoiled goes in as it stands, and the others with it: that it no longer holds is what an auditor
    looks for. `Packed.damage` names it; the verifier finds it by itself.

    :raises UnknownCase, ProofDoesNotHold:
    """
    part = file.with_name(f"{file.name}.part")
    try:
        with zipfile.ZipFile(part, "w", compresslevel=6) as archive:
            async with ledger.read_through() as connection:
                packed = await _pack(connection, case_ids, _Packing(archive, asked or Asked(cases=tuple(case_ids))))
        packed.sha256 = _file_hash(part)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return packed


async def _pack(connection: AsyncConnection, case_ids: Collection[str], packing: _Packing) -> Packed:
    packed, listed, papers, processes = Packed(), list[dict[str, Any]](), set[str](), set[Modelled]()
    last, first = await anchors.latest(connection), None
    packing.put("README.txt", [READ_ME.encode()])
    packing.put("verify.py", [VERIFIER])
    async for batch in batches(connection, case_ids):
        for one in (await held(connection, batch)).values():
            packed.damage += damage_of(one)
            entry, seen_from = await _put_case(connection, one, last, packing)
            first = min(filter(None, (first, seen_from)), default=None)
            listed.append(entry)
            papers |= _papers(one)
            with suppress(*UNREADABLE):  # a history without its beginning names no process
                processes.add(models.modelled(one.events[0]))
            packed.cases, packed.events = packed.cases + 1, packed.events + len(one.events)
            packed.uncovered += max(0, len(one.events) - entry["covered"])
    for missing in sorted(set(case_ids) - {entry["id"] for entry in listed}):
        raise UnknownCase(case=missing)
    for digest in sorted(papers):
        try:
            packing.put(f"documents/{digest}", [(await documents.get(connection, digest)).content])
            packed.documents += 1
        except (DocumentIsMissing, DocumentIsDamaged) as gone:
            packed.damage.append(gone)
    # The last one tells of a case that none has seen how new it is; the one before the first, of those that it saw.
    since = max(first - 1, 1) if first else (last.number if last else None)
    covering = [one async for one in anchors.every(connection, since=since)] if since is not None else []
    packing.put("anchors.jsonl", (_line(_told(one)) for one in covering))
    packing.put("organisations.jsonl", [line async for line in _organisations(connection)])
    for name, content in models.of(processes):
        packing.put(f"models/{name}", [content])
    packing.manifest({"cases": listed})
    packed.anchors = len(covering)
    return packed


def _papers(one: Held) -> set[str]:
    """Hashes of the files that a case names: its documents, and what its forms name, bound to the case they are about.

    A weekly report is a form of the week, and its evidence a document of the directive (`ledger/hand_offs.py`).
    """
    found = {str(row[SHA256]) for row in one.rows.get(tables.case_documents, {}).values()}
    for event in one.events:
        if event.kind == "document:add" and (digest := content_of(event).get("sha256")):
            found.add(str(digest))
        elif event.kind == "hand_off:submit":
            found |= {str(file["sha256"]) for file in verifier.files_in(content_of(event).get("data"))}
    return found


async def _put_case(
    connection: AsyncConnection, one: Held, last: Anchor | None, packing: _Packing
) -> tuple[dict[str, Any], int | None]:
    """The case's own folder; what the manifest says of it, and the first anchor that saw it.

    :raises ProofDoesNotHold: the verifier would refuse the bundle, and nobody could say why.
    """
    folder = f"cases/{one.case_id}"
    case, mails = one.case, sorted(one.mails, key=lambda mail: (mail.queued_at, mail.once))
    packing.put(f"{folder}/events.jsonl", (_line(_event(event)) for event in one.events))
    packing.put(f"{folder}/case.json", [_readable(_plain(one))])
    packing.put(f"{folder}/mails.jsonl", (_line(_values(mail._asdict())) for mail in mails))
    leaves = await anchors.leaves_of(connection, one.case_id)
    proofs = [await anchors.prove(connection, leaf, await anchors.numbered(connection, leaf.anchor)) for leaf in leaves]
    newest = standing(leaves, last.number) if last else None
    if last is not None and newest is not None and newest.anchor != last.number:
        proofs.append(await anchors.prove(connection, newest, last))
    for proof in proofs:
        if not proof.holds(await anchors.numbered(connection, proof.anchor)):
            raise ProofDoesNotHold(case=one.case_id, anchor=proof.anchor)
    packing.put(f"{folder}/proofs.jsonl", (
        _line({
            "anchor": proof.anchor, "place": proof.leaf.place, "seq": proof.leaf.seq, "hash": proof.leaf.hash,
            "path": [node.hex() for node in proof.path],
        })
        for proof in proofs
    ))  # fmt: skip
    covered = max((leaf.seq for leaf in leaves), default=0)
    entry = {
        "id": one.case_id, "folder": folder, "title": case["title"], "process": case["process"],
        "head_seq": case["head_seq"], "head_hash": case["head_hash"], "covered": covered,
    }  # fmt: skip
    return entry, min((leaf.anchor for leaf in leaves), default=None)


def _event(event: Event) -> dict[str, Any]:
    """An event with its moment as it was hashed; actor and payload stay the very texts that were hashed."""
    return {
        "seq": event.seq, "at": stamp(event.at), "kind": event.kind, "key": event.key, "actor": event.actor,
        "payload": event.payload.decode(errors="replace"), "prev_hash": event.prev_hash, "hash": event.hash,
    }  # fmt: skip


def _told(anchor: Anchor) -> dict[str, Any]:
    """An anchor: all that it states, its hash and its signature."""
    stated: dict[str, Any] = json.loads(anchor.text)
    return stated | {"hash": anchor.hash, "signature": anchor.signature}


def _plain(one: Held) -> dict[str, Any]:
    """The derived rows of a case, table by table."""
    return {
        table.name: [_values(named(table, row)) for row in rows.values()]
        for table, rows in sorted(one.rows.items(), key=lambda pair: pair[0].name)
    }


async def _organisations(connection: AsyncConnection) -> AsyncIterator[bytes]:
    for row in await connection.execute(select(tables.organisations).order_by(tables.organisations.c.version)):
        yield _line(_values(row._asdict()))


def _values(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _line(value: Any) -> bytes:
    return canonical(value).encode() + b"\n"


def _readable(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def _file_hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
