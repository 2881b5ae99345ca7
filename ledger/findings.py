"""Findings of auditors: a register of signed judgements, numbered through, each carrying the hash of the one before.

A finding is about a case and is no event of it (decision 35): whoever audits a history does not add to it. It names the
head of the history that the auditor saw and, where a departure from the model was judged, its very words. The register
is one chain, so that a finding can be neither changed nor taken out of the middle without showing; anchors cover its
head, so that it can be neither cut off nor computed anew.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.canonical import GENESIS, canonical, sha256, stamp
from ledger.chain import WHY_EN, WHY_TH, Break, ChainHead
from ledger.dialect import parts, reserve
from ledger.errors import FindingBroken
from ledger.work import STREAMED, Work
from schemas.actor import Actor

REGISTER = "~findings"
"""Under what name an anchor covers the head of the register, beside the heads of cases; no case can be called so."""
FIELDS = tuple(column.name for column in tables.findings.c)


class Judgement(StrEnum):
    """What an auditor decides about a case."""

    ACCEPTED = "accepted"
    """It may stand, for the reason that is given."""
    CORRECT = "correct"
    """It is to be corrected by those who did it."""
    REFER = "refer"
    """It is referred to whoever decides about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A signed finding as it stands in the register."""

    number: int
    at: datetime
    case_id: str
    actor: str
    """The auditor, as canonical JSON, with the name at that time."""
    judgement: str
    """One of `Judgement`; something else where somebody has changed it, and then its hash does not hold."""
    remark: str
    deviation: str | None
    """The departure that is judged, as `ledger.conformances` kept it; None for a finding on the case in general."""
    head_seq: int
    """The last event of the case that the auditor saw."""
    head_hash: str
    prev_hash: str
    hash: str

    @property
    def by(self) -> Actor | None:
        """The auditor; None where somebody has changed what stands there so that it cannot be read."""
        try:
            return Actor.model_validate_json(self.actor)
        except ValueError:
            return None

    def expected_hash(self) -> str:
        """The hash of what stands there; empty where SQLite holds what no finding can be made of."""
        try:
            return sha256(canonical([
                self.prev_hash, self.number, stamp(self.at), self.case_id, self.actor, str(self.judgement), self.remark,
                self.deviation, self.head_seq, self.head_hash,
            ]).encode())  # fmt: skip
        except TypeError:
            return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFinding:
    """What an auditor signs."""

    case_id: str
    judgement: Judgement
    remark: str
    deviation: str | None
    head_seq: int
    head_hash: str


async def sign(work: Work, new: NewFinding, *, actor: Actor) -> Finding:
    """Add a finding to the register when the unit of work commits; the same one signed twice stands there once."""
    await reserve(work.connection, "findings")
    said = canonical(actor.model_dump(mode="json", exclude_defaults=True))
    standing = await of_case(work.connection, new.case_id, limit=1)
    if standing and _same(standing[0], new, said):
        return standing[0]
    last = await latest(work.connection)
    fields: dict[str, Any] = {
        "number": last.number + 1 if last else 1, "at": max(work.now, last.at) if last else work.now,
        "case_id": new.case_id, "actor": said, "judgement": new.judgement, "remark": new.remark,
        "deviation": new.deviation, "head_seq": new.head_seq, "head_hash": new.head_hash,
        "prev_hash": last.hash if last else GENESIS,
    }  # fmt: skip
    finding = Finding(**fields, hash=Finding(**fields, hash="").expected_hash())
    work.add_row(tables.findings, fields | {"judgement": new.judgement.value, "hash": finding.hash})
    return finding


def _same(standing: Finding, new: NewFinding, actor: str) -> bool:
    signed = (standing.actor, standing.judgement, standing.remark, standing.deviation, standing.head_seq)
    return signed == (actor, new.judgement, new.remark, new.deviation, new.head_seq)


# --- the register ------------------------------------------------------------------------------------------


async def latest(connection: AsyncConnection) -> Finding | None:
    """The last finding of the register; None before the first."""
    f = tables.findings
    row = (await connection.execute(select(f).order_by(f.c.number.desc()).limit(1))).mappings().first()
    return None if row is None else _view(row)


async def register(
    connection: AsyncConnection, *, judgement: Judgement | None = None, limit: int, offset: int = 0
) -> tuple[Finding, ...]:
    """The findings, the latest first."""
    f = tables.findings
    query = _judged(select(f), judgement).order_by(f.c.number.desc()).limit(limit).offset(offset)
    return tuple(_view(row) for row in (await connection.execute(query)).mappings())


async def count(connection: AsyncConnection, *, judgement: Judgement | None = None) -> int:
    """How many findings `register` has in all."""
    return await connection.scalar(_judged(select(func.count()).select_from(tables.findings), judgement)) or 0


def _judged(query: Select[Any], judgement: Judgement | None) -> Select[Any]:
    return query if judgement is None else query.where(tables.findings.c.judgement == judgement.value)


async def of_case(connection: AsyncConnection, case_id: str, *, limit: int) -> tuple[Finding, ...]:
    """The findings on a case, the latest first."""
    f = tables.findings
    query = select(f).where(f.c.case_id == case_id).order_by(f.c.number.desc()).limit(limit)
    return tuple(_view(row) for row in (await connection.execute(query)).mappings())


async def on_deviations(connection: AsyncConnection, case_ids: Collection[str]) -> dict[str, Finding]:
    """By case the latest finding on the very departure that the case is at odds with its model by."""
    f, k = tables.findings, tables.conformances.c
    found: dict[str, Finding] = {}
    for some in parts(case_ids):
        wanted = k.case_id.in_(some)
        query = select(f).select_from(tables.conformances.join(f, f.c.number == _last_judgement())).where(wanted)
        found |= {row["case_id"]: _view(row) for row in (await connection.execute(query)).mappings()}
    return found


def _last_judgement() -> Any:
    """The number of the latest finding on the departure of a row of `conformances`."""
    f, k = tables.findings.alias().c, tables.conformances.c
    query = select(func.max(f.number)).where(f.case_id == k.case_id, f.deviation == k.deviation)
    return query.correlate(tables.conformances).scalar_subquery()


# --- cases that depart from their models -------------------------------------------------------------------


class Standing(StrEnum):
    """Where the judging of a departure stands."""

    NEW = "new"
    """Nobody has judged it: it is new, or another one than the one that was judged."""
    GONE_ON = "gone_on"
    """It was judged, and the case has gone on since; what came after the departure is not compared."""
    JUDGED = "judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """A case at odds with its approved model, and the latest finding on that."""

    case_id: str
    process: str
    title: str
    state: str
    head_seq: int
    compared_seq: int
    checked_at: datetime
    deviation: str
    finding: Finding | None

    @property
    def standing(self) -> Standing:
        if self.finding is None:
            return Standing.NEW
        return Standing.GONE_ON if self.finding.head_seq < self.head_seq else Standing.JUDGED


async def departures(
    connection: AsyncConnection, *, standing: Standing | None = None, process: str | None = None,
    limit: int, offset: int = 0,
) -> tuple[Departure, ...]:  # fmt: skip
    """Cases that depart from their models, the latest compared first."""
    c, k, f = tables.cases.c, tables.conformances.c, tables.findings
    query = (
        select(
            k.case_id, c.process, c.title, c.state, c.head_seq.label("now_seq"), k.head_seq.label("compared_seq"),
            k.checked_at, k.deviation.label("departs"), *(f.c[name].label(f"f_{name}") for name in FIELDS),
        )
        .select_from(_departing())
        .where(*_standing_so(standing, process))
        .order_by(k.checked_at.desc(), k.case_id)
    )  # fmt: skip
    return tuple(_departure(row) for row in (await connection.execute(query.limit(limit).offset(offset))).mappings())


async def count_departures(
    connection: AsyncConnection, *, standing: Standing | None = None, process: str | None = None
) -> int:
    """How many cases `departures` has in all."""
    query = select(func.count()).select_from(_departing()).where(*_standing_so(standing, process))
    return await connection.scalar(query) or 0


def _departing() -> Any:
    cases, conformances, findings = tables.cases, tables.conformances, tables.findings
    return conformances.join(cases, cases.c.id == conformances.c.case_id).join(
        findings, findings.c.number == _last_judgement(), isouter=True
    )


def _standing_so(standing: Standing | None, process: str | None) -> list[ColumnElement[bool]]:
    c, k, f = tables.cases.c, tables.conformances.c, tables.findings.c
    held = [k.deviation.is_not(None), *([c.process == process] if process is not None else [])]
    match standing:
        case Standing.NEW:
            return [*held, f.number.is_(None)]
        case Standing.GONE_ON:
            return [*held, f.head_seq < c.head_seq]
        case Standing.JUDGED:
            return [*held, f.head_seq >= c.head_seq]
        case None:
            return held


def _departure(row: RowMapping) -> Departure:
    finding = _view({name: row[f"f_{name}"] for name in FIELDS}) if row["f_number"] else None
    return Departure(
        case_id=row["case_id"], process=row["process"], title=row["title"], state=row["state"],
        head_seq=row["now_seq"], compared_seq=row["compared_seq"], checked_at=row["checked_at"],
        deviation=row["departs"], finding=finding,
    )  # fmt: skip


def _view(row: Mapping[str, Any] | RowMapping) -> Finding:
    return Finding(**row)


# --- does the register hold? -------------------------------------------------------------------------------


async def every(connection: AsyncConnection, *, after: int = 0) -> AsyncIterator[Finding]:
    """The register as it is stored, in its order, from the finding after number `after` on; judgements are not read."""
    f = tables.findings
    query = select(f).where(f.c.number > after).order_by(f.c.number)
    async with connection.stream(query, execution_options=STREAMED) as rows:
        async for row in rows.mappings():
            yield Finding(**row)


async def follows(connection: AsyncConnection, before: ChainHead) -> ChainHead | None:
    """Where the register ends that goes on from a head; None when what comes next does not."""
    end = before
    if end.seq and not await _stands(connection, end):
        return None
    async for finding in every(connection, after=before.seq):
        if _wrong(finding, end.seq + 1, end.hash) is not None:
            return None
        end = ChainHead(REGISTER, finding.number, finding.hash)
    return end


async def _stands(connection: AsyncConnection, head: ChainHead) -> bool:
    f = tables.findings.c
    return await connection.scalar(select(f.hash).where(f.number == head.seq)) == head.hash


async def check_register(connection: AsyncConnection) -> tuple[int, tuple[FindingBroken, ...]]:
    """How many findings there are, and the first that does not hold, or that an anchor saw and that is not there."""
    leaf = tables.anchor_leaves.c
    query = select(leaf.seq, leaf.hash).where(leaf.case_id == REGISTER)
    seen, heads = dict[int, str](), (await connection.execute(query.order_by(leaf.anchor))).all()
    for row in heads:
        seen.setdefault(row.seq, row.hash)  # the anchor that saw it first
    count, last, broken = 0, GENESIS, tuple[FindingBroken, ...]()
    async for finding in every(connection):
        count += 1
        wrong = _wrong(finding, count, last) or (
            Break.RECOMPUTED if seen.get(finding.number, finding.hash) != finding.hash else None
        )
        if wrong is not None and not broken:
            broken = (_broken(finding.number, wrong),)
        last = finding.hash
    if not broken and max(seen, default=0) > count:
        broken = (_broken(count, Break.TRUNCATED),)
    return count, broken


def _wrong(finding: Finding, number: int, last: str) -> Break | None:
    if finding.number != number:
        return Break.GAP
    if finding.hash != finding.expected_hash():
        return Break.CHANGED
    return None if finding.prev_hash == last else Break.DETACHED


def _broken(number: int, reason: Break) -> FindingBroken:
    return FindingBroken(finding=number, reason=reason, why=WHY_EN[reason], why_th=WHY_TH[reason])
