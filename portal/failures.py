"""What a visitor sees when something cannot be done: a sentence, a way on, and everything that was typed."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from engine.links import INVITATION_LIFETIME
from engine.runtime import NoOrganisation
from ledger.database import passes_by_itself
from portal.body import Typed
from portal.errors import (
    BodyTooLarge,
    LinkLeadsNowhere,
    LinkTrouble,
    NotFound,
    Refused,
    SignInFirst,
    TooManyAttempts,
    Unreadable,
)
from portal.middleware import HEADERS
from portal.pages import language_of, page
from portal.session import COOKIE, FORM_COOKIE
from portal.state import portal_of
from portal.texts import Language
from portal.visitor import note_security, noted_path, visitor_of
from schemas.form import FORMS, asked

log = logging.getLogger("sangkan.portal")

SECRETS = frozenset({"csrf", "password", "repeated", "current", "kept"})
"""Typed fields that no page gives back."""
NO_ANSWERS = frozenset({"action", "once", "next", "account", "content"})
"""Typed fields that are no answers of anybody's form."""
SHA256 = re.compile("[0-9a-f]{64}")
WORTH_KEEPING = 20
"""Characters; what is shorter is typed again sooner than copied."""
BACK_IN_SECONDS = "30"
KNOWN = frozenset({403, 404, 405, 413, 415, 429, 500, 503})

LINK_STEPS: Mapping[LinkTrouble, tuple[str, ...]] = {
    LinkTrouble.UNKNOWN: ("open_again", "sign_in", "ask"),
    LinkTrouble.EXPIRED: ("sign_in", "later_mail", "ask"),
    LinkTrouble.ENDED: ("sign_in", "later_mail", "ask"),
    LinkTrouble.INVITATION_EXPIRED: ("ask_anew",),
    LinkTrouble.INVITATION_USED: ("with_password", "not_you", "ask_anew"),
}
"""What can be done next where a link lets nobody in, the likeliest first."""


def handle_in(app: FastAPI) -> None:
    """Give every failure its page."""
    handlers: dict[type[Exception], Callable[[Request, Any], Awaitable[Response]]] = {
        SignInFirst: sign_in_first,
        Refused: refused,
        LinkLeadsNowhere: leads_nowhere,
        NotFound: not_found,
        TooManyAttempts: too_many,
        BodyTooLarge: too_large,
        Unreadable: unreadable,
        RequestValidationError: not_found,
        HTTPException: of_http,
        SQLAlchemyError: of_database,
        OSError: out_of_reach,
        NoOrganisation: out_of_reach,
        Exception: broken,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def failure(
    request: Request,
    status: int,
    *,
    said: str = "",
    facts: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The page of a failure, with the sentence `said` and its facts.

    What was posted stands in it, ready to be sent again where that may help.
    """
    lines = lines_of(request.scope.get("typed", {}), language_of(request))
    return page(
        request, "failure", status=status, headers=headers, code=status, said=said, facts=facts or {},
        typed=lines, to_copy=[line for line in lines if _is_text(line[0], line[2])],
        again=request.url.path if status in (500, 503) and lines else "",
    )  # fmt: skip


def lines_of(typed: Typed, language: Language) -> list[tuple[str, str, str]]:
    """What was typed, a line for each value: field, its label, value; but no secrets."""
    kept = {name: value for name, value in typed.items() if name not in SECRETS}
    labels = _labels(kept, language)
    return [
        (name, labels.get(name, name), each)
        for name, value in kept.items()
        for each in (value if isinstance(value, list) else [value])
    ]


def _is_text(name: str, value: str) -> bool:
    """Is this something that somebody would rather copy than type again? The SHA-256 of an attached file is not."""
    return name not in NO_ANSWERS and len(value) > WORTH_KEEPING and not SHA256.fullmatch(value)


def _labels(names: Collection[str], language: Language) -> dict[str, str]:
    """What the fields are called, by the form to which they belong; empty where they belong to none."""
    own = set(names) - NO_ANSWERS
    takes_all = [form for form in FORMS.values() if own and own <= form.model_fields.keys()]
    form = min(takes_all, key=lambda form: len(form.model_fields), default=None)
    asks = {name: asked(info) for name, info in form.model_fields.items()} if form else {}
    return {name: ask.en if language == "en" else ask.th for name, ask in asks.items() if ask is not None}


async def _recognised(request: Request) -> None:
    """The page greets who is signed in, if the ledger can be asked; a page that does not exist has not asked yet."""
    if "visitor" not in request.scope:
        with suppress(SQLAlchemyError, OSError, NoOrganisation):
            request.scope["visitor"] = await visitor_of(request)


async def sign_in_first(request: Request, ended: SignInFirst) -> Response:
    """To the sign-in; a form that was posted after its session had ended goes along and comes back as a draft."""
    if request.method in ("GET", "HEAD"):
        query = {"next": _asked_for(request)} | ({"ended": "1"} if ended.ended else {})
        return RedirectResponse(f"/sign-in?{urlencode(query)}", 303)
    kept = _typed_in_ended_session(request)
    return page(
        request, "sign_in", status=401, next=request.url.path.removesuffix("/draft"), account="", kept=kept, ended=True
    )


def _asked_for(request: Request) -> str:
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def _typed_in_ended_session(request: Request) -> str:
    """What was typed, if the form came from a page of ours: its token fits the ended session's own cookie."""
    typed: Typed = request.scope.get("typed", {})
    sessions = portal_of(request).sessions
    token = typed.get("csrf")
    for name in (COOKIE, FORM_COOKIE):
        session = sessions.read(request.cookies.get(name))
        if session is not None and isinstance(token, str) and sessions.is_token(token, session.id):
            return urlencode({k: v for k, v in typed.items() if k not in SECRETS}, doseq=True)
    return ""


async def refused(request: Request, why: Refused) -> Response:
    """403; the attempt is in the security log."""
    visitor = request.scope.get("visitor")
    await note_security(request, why.kind, officer=visitor.officer if visitor else None, detail=why.detail)
    return failure(request, 403, said=why.text)


async def leads_nowhere(request: Request, why: LinkLeadsNowhere) -> Response:
    """404 for a link that nobody made, 410 for one that was good once; what happened, and what can be done next."""
    await _recognised(request)
    visitor = request.scope.get("visitor")
    await note_security(request, "refused:link", officer=visitor.officer if visitor else None, detail=why.detail)
    steps = LINK_STEPS[why.why]
    if visitor:
        steps = tuple("in_inbox" if step == "sign_in" else step for step in steps)
    is_invitation = why.why in (LinkTrouble.INVITATION_EXPIRED, LinkTrouble.INVITATION_USED)
    return page(
        request, "link", status=404 if why.why is LinkTrouble.UNKNOWN else 410, said=str(why.why), steps=steps,
        work=why.work, days=(INVITATION_LIFETIME if is_invitation else portal_of(request).runtime.links.lifetime).days,
    )  # fmt: skip


async def not_found(request: Request, _: Exception) -> Response:
    await _recognised(request)
    return failure(request, 404)


async def too_many(request: Request, why: TooManyAttempts) -> Response:
    """Until when is said to the minute on the page, and to the second in the header; both rounded up."""
    seconds = math.ceil(why.wait.total_seconds())
    minutes = math.ceil(seconds / 60)
    key = "failure.429.sign_in_1" if minutes == 1 else "failure.429.sign_in"
    return failure(request, 429, said=key, facts={"n": minutes}, headers={"retry-after": str(seconds)})


async def too_large(request: Request, _: BodyTooLarge) -> Response:
    return failure(request, 413)


async def unreadable(request: Request, _: Unreadable) -> Response:
    return failure(request, 415)


async def of_http(request: Request, why: HTTPException) -> Response:
    """Failures that the framework finds: no such path, another method."""
    await _recognised(request)
    allow = {"allow": why.headers["Allow"]} if why.headers and "Allow" in why.headers else {}
    return failure(request, why.status_code if why.status_code in KNOWN else 404, headers=allow)


async def out_of_reach(request: Request, trouble: Exception) -> Response:
    """503: the ledger does not answer. Whatever was typed can be sent again from the page."""
    log.error("ledger out of reach at %s %s: %r", request.method, noted_path(request), trouble)
    return failure(request, 503, headers={"retry-after": BACK_IN_SECONDS})


async def of_database(request: Request, trouble: SQLAlchemyError) -> Response:
    """503 for what passes by itself; what is a mistake of ours is one, and stays an error."""
    if not passes_by_itself(trouble):
        raise trouble
    return await out_of_reach(request, trouble)


async def broken(request: Request, _: Exception) -> Response:
    """500; the server logs the trouble once the page is sent. It is made outside all middleware."""
    response = failure(request, 500)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
