"""Signing in and out, choosing a password (argon2), and the link of a mail that opens one form."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from engine.links import FORM_PREFIX, LinkRefused
from ledger import accounts, reading, security
from ledger.clock import machine_now
from ledger.errors import UnknownHandOff
from portal.body import Typed, parse, read_form, text
from portal.drafting import keep_typed
from portal.errors import LinkLeadsNowhere, LinkTrouble, Refused, TooManyAttempts, Unreadable
from portal.failures import lines_of
from portal.pages import language_of, page
from portal.passwords import hash_password, is_password, password_problem
from portal.session import COOKIE, VISIT_COOKIE, new_id
from portal.state import portal_of
from portal.visitor import PostedForm, SignedIn, address_of, note_security, noted_path, visitor_of
from rules.errors import UnknownOfficer
from schemas.organisation import Officer

router = APIRouter()

WINDOW = timedelta(minutes=15)
FAILURES_OF_OFFICER = 5
"""Failed attempts for one account from one address within the window."""
FAILURES_OF_ADDRESS = 50
"""Failed attempts from one address, whatever the account."""


def local_path(path: str) -> str:
    """Where to go on to: a path of this portal, never another site."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"


@router.get("/sign-in")
async def sign_in_page(request: Request) -> Response:
    target = local_path(request.query_params.get("next", "/"))
    visitor = await visitor_of(request)
    if visitor is not None:
        return RedirectResponse(target, 303)
    return page(request, "sign_in", next=target, account="", kept="", ended="ended" in request.query_params)


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    typed = await read_form(request)
    visit = request.cookies.get(VISIT_COOKIE, "")
    portal = portal_of(request)
    if not visit or not portal.sessions.is_token(text(typed, "csrf"), visit):
        raise Refused("refused:csrf", "refused.csrf")
    await portal.runtime.refresh()
    account = text(typed, "account").lower()
    officer = await _verified(request, account, _password(typed, "password"))
    if officer is None:
        return page(
            request, "sign_in", status=401, next=local_path(text(typed, "next")), account=account,
            kept=text(typed, "kept"), ended=False, problems=("sign_in.wrong",),
        )  # fmt: skip
    return await _let_in(request, officer, typed)


def _password(typed: Typed, name: str) -> str:
    """A password as it was typed, blanks and all."""
    value = typed.get(name, "")
    return value if isinstance(value, str) else ""


async def _verified(request: Request, account: str, password: str, *, detail: str = "") -> Officer | None:
    """The officer whose password this is; who else tries has to wait until it is known, and noted, whether this failed.

    :raises TooManyAttempts:
    """
    async with portal_of(request).turns.of(address_of(request), account):
        await _limit(request, account)
        officer = await _officer_with(request, account, password)
        if officer is None:
            await note_security(request, "sign_in:fail", officer=account or None, detail=detail)
    return officer


async def _limit(request: Request, account: str) -> None:
    """:raises TooManyAttempts: five failures of an account from one address, or many from an address."""
    address, now = address_of(request), machine_now()
    async with portal_of(request).runtime.ledger.read() as connection:
        counted = [
            await security.nth_last_failure(connection, n, since=now - WINDOW, address=address, officer=officer)
            for n, officer in ((FAILURES_OF_OFFICER, account), (FAILURES_OF_ADDRESS, None))
        ]
    if reached := [at for at in counted if at is not None]:
        await note_security(request, "sign_in:limited", officer=account or None)
        raise TooManyAttempts(max(reached) + WINDOW - now)


async def _officer_with(request: Request, account: str, password: str) -> Officer | None:
    """The active officer whose password this is."""
    runtime = portal_of(request).runtime
    async with runtime.ledger.read() as connection:
        found = await accounts.account(connection, account)
    matches = await is_password(password, found.password_hash if found else None)
    try:
        officer = runtime.directory.officer(account)
    except UnknownOfficer:
        return None
    return officer if matches and officer.active else None


async def _let_in(request: Request, officer: Officer, typed: Typed) -> Response:
    portal = portal_of(request)
    target = local_path(text(typed, "next"))
    kept = text(typed, "kept")
    has_draft = bool(kept) and await keep_typed(request, target, officer.id, kept)
    await note_security(request, "sign_in:ok", officer=officer.id)
    epoch, now = await portal.standing.anew(officer.id)
    session_id = new_id()
    response = RedirectResponse(target, 303) if has_draft else _not_sent(request, target, kept, session_id)
    portal.sessions.begin(response, officer.id, epoch, now, session_id=session_id)
    return response


def _not_sent(request: Request, target: str, kept: str, session_id: str) -> Response:
    """Onwards; with a form that an ended session had sent and that is no draft, to the page that sends it again."""
    try:
        typed = lines_of(parse(kept.encode()), language_of(request))
    except (Unreadable, UnicodeError):
        typed = []
    if not typed:
        return RedirectResponse(target, 303)
    return page(request, "resend", again=target, typed=typed, csrf=portal_of(request).sessions.token(session_id))


@router.post("/sign-out")
async def sign_out(request: Request, posted: PostedForm) -> Response:
    await note_security(request, "sign_out", officer=posted.visitor.officer)
    response = RedirectResponse(local_path(text(posted.typed, "next") or "/sign-in"), 303)
    portal_of(request).sessions.forget(response, COOKIE)
    response.headers["clear-site-data"] = '"cache"'
    return response


# --- passwords ---------------------------------------------------------------------------------------------


@router.get("/password")
async def password_page(request: Request, visitor: SignedIn) -> Response:
    return page(request, "password", invited=None, account=visitor.officer)


@router.post("/password")
async def change_password(request: Request, posted: PostedForm) -> Response:
    officer = posted.visitor.officer
    problem = password_problem(
        _password(posted.typed, "password"), _password(posted.typed, "repeated"), officer=officer
    )
    if await _verified(request, officer, _password(posted.typed, "current"), detail="password change") is None:
        problem = "password.current_wrong"
    if problem is not None:
        return page(request, "password", status=422, invited=None, account=officer, problems=(problem,))
    return await _with_new_password(request, officer, _password(posted.typed, "password"))


async def _with_new_password(request: Request, officer: str, password: str) -> Response:
    """Store the password; every older session ends, a new one begins."""
    portal = portal_of(request)
    async with portal.turns.room:
        password_hash = await hash_password(password)
    async with portal.runtime.ledger.begin() as work:
        await accounts.set_password_hash(work, officer, password_hash)
        await security.note(
            work, "password:change", officer=officer, address=address_of(request), path=noted_path(request)
        )
        await work.commit()
    epoch, now = await portal.standing.anew(officer)
    response = RedirectResponse("/?done=password", 303)
    portal.sessions.begin(response, officer, epoch, now)
    return response


@router.get("/invitation/{token}")
async def invitation_page(request: Request, token: str) -> Response:
    officer = await _invited(request, token)
    return page(request, "password", invited=officer, account=officer.id)


@router.post("/invitation/{token}")
async def take_invitation(request: Request, token: str) -> Response:
    typed = await read_form(request)
    visit = request.cookies.get(VISIT_COOKIE, "")
    if not visit or not portal_of(request).sessions.is_token(text(typed, "csrf"), visit):
        raise Refused("refused:csrf", "refused.csrf")
    officer = await _invited(request, token)
    password, repeated = _password(typed, "password"), _password(typed, "repeated")
    if problem := password_problem(password, repeated, officer=officer.id):
        return page(request, "password", status=422, invited=officer, account=officer.id, problems=(problem,))
    return await _with_new_password(request, officer.id, password)


async def _invited(request: Request, token: str) -> Officer:
    """The officer of an invitation that still holds: signed, not expired, not used (the epoch has not moved).

    :raises LinkLeadsNowhere: otherwise.
    """
    portal = portal_of(request)
    await portal.runtime.refresh()
    try:
        invitation = portal.runtime.links.read_invitation(token, now=await portal.runtime.ledger.now())
    except LinkRefused as refused:
        why = LinkTrouble.INVITATION_EXPIRED if refused.expired else LinkTrouble.UNKNOWN
        raise LinkLeadsNowhere(why) from refused
    epoch, _ = await portal.standing.anew(invitation.officer)
    if epoch != invitation.epoch:
        raise LinkLeadsNowhere(LinkTrouble.INVITATION_USED, detail=invitation.officer)
    try:
        return portal.runtime.directory.officer(invitation.officer)
    except UnknownOfficer:
        raise LinkLeadsNowhere(LinkTrouble.ENDED, detail=invitation.officer) from None


# --- links of mails ----------------------------------------------------------------------------------------


@router.get("/l/{token}")
async def open_link(request: Request, token: str) -> Response:
    """A signed link opens its one form to its one officer, without a password.

    :raises LinkLeadsNowhere: it is not ours, has expired, or what it opened has ended.
    :raises Refused: somebody else is signed in.
    """
    portal = portal_of(request)
    await portal.runtime.refresh()
    async with portal.runtime.ledger.read() as connection:
        now = await portal.runtime.ledger.clock.now(connection)
        try:
            link = portal.runtime.links.read(token, now=now)
            await reading.hand_off(connection, link.hand_off)
        except LinkRefused as refused:
            work = FORM_PREFIX + refused.hand_off if refused.hand_off else ""
            why = LinkTrouble.EXPIRED if refused.expired else LinkTrouble.UNKNOWN
            raise LinkLeadsNowhere(why, work=work, detail=refused.hand_off) from refused
        except UnknownHandOff:
            raise LinkLeadsNowhere(LinkTrouble.ENDED, detail=link.hand_off) from None
    path = FORM_PREFIX + link.hand_off
    visitor = await visitor_of(request)
    if visitor is not None and visitor.officer == link.officer:
        return RedirectResponse(path, 303)
    if visitor is not None:
        request.scope["visitor"] = visitor
        raise Refused("refused:link", "refused.link_of_another", detail=link.officer)
    await _require_active(request, link.officer)
    epoch, now = await portal.standing.anew(link.officer)
    await note_security(request, "sign_in:link", officer=link.officer, detail=link.hand_off)
    response = RedirectResponse(path, 303)
    portal.sessions.begin_for_form(response, link.officer, epoch, now, hand_off=link.hand_off, until=link.expires_at)
    return response


async def _require_active(request: Request, officer: str) -> None:
    try:
        active = portal_of(request).runtime.directory.officer(officer).active
    except UnknownOfficer:
        active = False
    if not active:
        raise LinkLeadsNowhere(LinkTrouble.ENDED, detail=officer)
