"""Auditors' pages: who may open them, the connection that can only read, and that each reading is recorded.

By construction (decision 34): a page of `/audit` reads on `auditing(request)`, whose connections the database itself
lets do nothing else. Two things are written, by the portal and not by the page's connection: that a case was read,
before the page is answered, and the finding that an auditor signs.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from ledger import readings, security
from ledger.cases import CaseView
from ledger.work import Ledger
from portal.errors import Refused
from portal.state import portal_of
from portal.visitor import Posted, PostedForm, SignedIn, Visitor, address_of


async def _require_auditor(visitor: SignedIn) -> Visitor:
    if not visitor.rights.is_auditor:
        raise Refused("refused:role", "refused.audit")
    return visitor


async def _posted_by_auditor(posted: PostedForm) -> Posted:
    await _require_auditor(posted.visitor)
    return posted


Auditor = Annotated[Visitor, Depends(_require_auditor)]
"""An officer with the duty of an auditor; whoever else asks is refused, and that stands in the access log."""
AuditorsForm = Annotated[Posted, Depends(_posted_by_auditor)]
"""A form that an auditor has sent, its token checked."""


def auditing(request: Request) -> Ledger:
    """The ledger of auditors' pages: `async with auditing(request).read() as connection`."""
    return portal_of(request).audit_ledger


async def record_reading(request: Request, reader: Visitor, case: CaseView, what: str, *, detail: str = "") -> None:
    """Record that an officer reads a case as far as `case` goes; awaited before the page is answered.

    It stands among the readings, by the ledger's time, and in the access log, by the machine's.

    :param what: one of `ledger.readings.WHAT`.
    :param detail: which document or print-out.
    """
    kind = "read:document" if what in {"document", "printout"} else "read:case"
    async with portal_of(request).runtime.ledger.begin() as work:
        readings.note(work, officer=reader.officer, case=case, what=what)
        await security.note(
            work, kind, officer=reader.officer, address=address_of(request), path=request.url.path,
            detail=f"{case.id} {detail}".rstrip(),
        )  # fmt: skip
        await work.commit()
