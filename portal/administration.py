"""Officers for administrators: their accounts, and the links with which they choose a password."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ledger import accounts
from portal.errors import NotFound, Refused
from portal.pages import page
from portal.state import portal_of
from portal.visitor import PostedForm, SignedIn, Visitor, note_security
from rules.errors import UnknownOfficer
from schemas.organisation import Officer, Unit

router = APIRouter()


@router.get("/officers")
async def officers_page(request: Request, visitor: SignedIn) -> Response:
    """All officers by unit, in protocol order, with the state of their accounts."""
    if not (visitor.rights.is_administrator or visitor.rights.is_auditor):
        raise Refused("refused:role", "refused.role")
    return await _officers(request, visitor)


async def _officers(request: Request, visitor: Visitor, *, invited: Officer | None = None, link: str = "") -> Response:
    runtime = portal_of(request).runtime
    sought = request.query_params.get("q", "").strip()[:200]
    async with runtime.ledger.read() as connection:
        standing = await accounts.all_accounts(connection)
    organisation = runtime.directory.organisation
    units = [(unit, _found(unit, organisation.officers, sought)) for unit in runtime.directory.units()]
    return page(
        request, "officers", units=[(unit, members) for unit, members in units if members], accounts=standing,
        sought=sought, invited=invited, link=link, may_invite=visitor.rights.is_administrator,
    )  # fmt: skip


def _found(unit: Unit, officers: tuple[Officer, ...], sought: str) -> list[Officer]:
    wanted = sought.casefold()
    return [o for o in officers if o.unit == unit.id and wanted in f"{o.id} {o.name} {o.email} {unit.th}".casefold()]


@router.post("/officers/{officer}/invite")
async def invite(request: Request, officer: str, posted: PostedForm) -> Response:
    """Make the link with which an officer chooses a (new) password; it is shown once, to the administrator."""
    if not posted.visitor.rights.is_administrator:
        raise Refused("refused:role", "refused.role")
    portal = portal_of(request)
    try:
        invited = portal.runtime.directory.officer(officer)
    except UnknownOfficer:
        raise NotFound from None
    async with portal.runtime.ledger.read() as connection:
        account = await accounts.account(connection, officer)
        now = await portal.runtime.ledger.clock.now(connection)
    link = portal.runtime.links.invitation(officer, epoch=account.epoch if account else 0, issued_at=now)
    await note_security(request, "invitation:make", officer=posted.visitor.officer, detail=officer)
    return await _officers(request, posted.visitor, invited=invited, link=link)
