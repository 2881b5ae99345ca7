"""What came of the story, read from the ledger alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.runtime import Runtime
from ledger import documents, reading, tables
from ledger.cases import CaseView
from ledger.documents import CaseDocument
from ledger.hand_offs import SUBMITTED
from ledger.reading import MailView
from ledger.restore import differences_everywhere
from ledger.verify import Verification, verify_all
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
class Findings:
    cases: Mapping[CaseId, CaseView]
    weeks: Mapping[CaseId, WeekFound]
    papers: Mapping[CaseId, tuple[CaseDocument, ...]]
    returned: frozenset[tuple[CaseId, str]]
    """(what it is about, element) of every piece of work that was asked for a second time."""
    mails: tuple[MailView, ...]
    officers: frozenset[OfficerId]
    history: Verification
    differences: int
    """Values of the tables that the events do not account for."""


async def read_findings(runtime: Runtime) -> Findings:
    await runtime.refresh(at_once=True)
    async with runtime.ledger.read() as connection:
        cases = {case.id: case for case in await reading.cases_where(connection, limit=1000)}
        papers = {case_id: await documents.of_case(connection, case_id) for case_id in cases}
        mails = [mail for case_id in sorted(cases) for mail in await reading.mails_of_case(connection, case_id)]
    frozen = [case for case in cases.values() if case.process == WEEKLY and "snapshot" in case.facts]
    return Findings(
        cases=cases,
        weeks={case.id: await _week(runtime, case, papers[case.id], mails) for case in frozen},
        papers=papers,
        returned=await _asked_again(runtime),
        mails=tuple(mails),
        officers=frozenset(officer.id for officer in runtime.directory.organisation.officers),
        history=await verify_all(runtime.ledger),
        differences=len(await differences_everywhere(runtime.ledger)),
    )


async def _week(runtime: Runtime, case: CaseView, papers: tuple[CaseDocument, ...], mails: list[MailView]) -> WeekFound:
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
