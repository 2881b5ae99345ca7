"""What came of the directive's story, beside what every story reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from deployments.demo.findings import Findings, read_common
from engine.runtime import Runtime
from ledger import documents, reading, tables
from ledger.cases import CaseView
from ledger.documents import CaseDocument
from ledger.hand_offs import SUBMITTED
from ledger.reading import MailView
from schemas.base import CaseId, OfficerId
from schemas.weekly import WeekSnapshot

WEEKLY = "weekly-cycle"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekFound:
    """A week that was frozen."""

    snapshot: WeekSnapshot
    reviewed: bool
    """The secretariat has reviewed it before it was delivered."""
    delivered_at: datetime | None
    papers: tuple[CaseDocument, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveFindings(Findings):
    weeks: Mapping[CaseId, WeekFound]
    returned: frozenset[tuple[CaseId, str]]
    """(what it is about, element) of every piece of work that was asked for a second time."""
    officers: frozenset[OfficerId]


async def read_findings(runtime: Runtime) -> DirectiveFindings:
    common = await read_common(runtime)
    frozen = [case for case in common["cases"].values() if case.process == WEEKLY and "snapshot" in case.facts]
    return DirectiveFindings(
        **common,
        weeks={case.id: await _week(runtime, case, common["papers"][case.id], common["mails"]) for case in frozen},
        returned=await _asked_again(runtime),
        officers=frozenset(officer.id for officer in runtime.directory.organisation.officers),
    )


async def _week(
    runtime: Runtime, case: CaseView, papers: tuple[CaseDocument, ...], mails: Sequence[MailView]
) -> WeekFound:
    async with runtime.ledger.read() as connection:
        content = (await documents.get(connection, case.facts["snapshot"])).content
        work = await reading.hand_offs_of_case(connection, case.id)
    sent = [mail.queued_at for mail in mails if mail.case_id == case.id and mail.folder == "minister_report"]
    return WeekFound(
        snapshot=WeekSnapshot.model_validate_json(content),
        reviewed=any(h.element == "consolidate" and h.state == SUBMITTED for h in work),
        delivered_at=min(sent, default=None),
        papers=papers,
    )


async def _asked_again(runtime: Runtime) -> frozenset[tuple[CaseId, str]]:
    h = tables.hand_offs.c
    async with runtime.ledger.read() as connection:
        rows = await connection.execute(select(h.subject, h.element).where(h.key.contains("#2")))
        return frozenset((row.subject, row.element) for row in rows)
