"""What came of a rehearsal, read from the ledger alone; each story adds what it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from engine.runtime import Runtime
from ledger import documents, reading
from ledger.cases import CaseView
from ledger.documents import CaseDocument
from ledger.reading import MailView
from ledger.restore import differences_everywhere
from ledger.verify import Verification, verify_all
from schemas.base import CaseId

AT_MOST = 1000
"""Cases of a rehearsal; far more than any story opens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    cases: Mapping[CaseId, CaseView]
    papers: Mapping[CaseId, tuple[CaseDocument, ...]]
    mails: tuple[MailView, ...]
    history: Verification
    differences: int
    """Values of the tables that the events do not account for."""


class Common(TypedDict):
    """What every story reads, by the names of `Findings`."""

    cases: Mapping[CaseId, CaseView]
    papers: Mapping[CaseId, tuple[CaseDocument, ...]]
    mails: tuple[MailView, ...]
    history: Verification
    differences: int


async def read_common(runtime: Runtime) -> Common:
    await runtime.refresh(at_once=True)
    async with runtime.ledger.read() as connection:
        cases = {case.id: case for case in await reading.cases_where(connection, limit=AT_MOST)}
        papers = {case_id: await documents.of_case(connection, case_id) for case_id in cases}
        mails = [mail for case_id in sorted(cases) for mail in await reading.mails_of_case(connection, case_id)]
    return Common(
        cases=cases, papers=papers, mails=tuple(mails), history=await verify_all(runtime.ledger),
        differences=len(await differences_everywhere(runtime.ledger)),
    )  # fmt: skip
