"""Who is asking: from the cookie of a request to an officer and the officer's rights."""

from __future__ import annotations

import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from engine.links import without_token
from engine.shared_query import SharedQuery
from ledger import accounts
from ledger.security import note
from portal.body import LARGEST, READ_AT_MOST, Typed, add, read_form, text
from portal.errors import Refused, SignInFirst
from portal.multipart import MultipartReader, SentFile, boundary_of
from portal.rights import Rights, rights_of
from portal.session import COOKIE, FORM_COOKIE, Session
from portal.state import Portal, portal_of
from rules.errors import UnknownOfficer

FRESH_SECONDS = 2.0
"""How old the account's epoch in memory may be."""
UPLOAD_READ_AT_MOST = 1_000_000_000
"""Bytes of an officer's body with files that are read; what is beyond a file's limit is counted and dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """An officer who is signed in, for the whole portal or for one form."""

    session: Session
    rights: Rights
    now: datetime
    """The ledger's time, at most two seconds ago."""

    @property
    def officer(self) -> str:
        return self.session.officer

    @property
    def through(self) -> str:
        """How the officer came in, as the ledger's actor says it."""
        return "link" if self.session.hand_off else "session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A form that a visitor has sent, its token checked."""

    visitor: Visitor
    typed: Typed
    files: tuple[SentFile, ...] = ()
    """Files that were chosen on the page; only the form of a piece of work takes any."""


class Standing:
    """Accounts' epochs and the ledger's time, each looked up at most every two seconds."""

    def __init__(self, portal: Portal) -> None:
        self._ledger = portal.runtime.ledger
        self._query = SharedQuery(self._look_up)
        self._known: dict[str, tuple[float, int, datetime]] = {}

    async def of(self, officer: str) -> tuple[int, datetime]:
        """(epoch, now); epoch 0 for an officer who never chose a password."""
        looked_at, epoch, now = self._known.get(officer, (0.0, 0, None))
        if now is None or time.monotonic() - looked_at >= FRESH_SECONDS:
            epochs, now = await self._query.ask(officer)
            epoch = epochs.get(officer, 0)
            self._known[officer] = (time.monotonic(), epoch, now)
        return epoch, now

    async def _look_up(self, officers: Collection[str]) -> tuple[dict[str, int], datetime]:
        async with self._ledger.read() as connection:
            return await accounts.epochs(connection, officers), await self._ledger.clock.now(connection)

    async def anew(self, officer: str) -> tuple[int, datetime]:
        """As `of`, looked up now: a session begins with the account and the time as they are."""
        self._known.pop(officer, None)
        return await self.of(officer)


async def visitor_of(request: Request, *, form: str | None = None) -> Visitor | None:
    """The officer of this request; None when nobody is signed in, or no longer.

    :param form: the hand-off to which the page belongs; its own session counts where there is no full one.
    """
    portal = portal_of(request)
    await portal.runtime.refresh()
    full = portal.sessions.read(request.cookies.get(COOKIE))
    if full is not None and full.hand_off is None and (visitor := await _visitor(portal, full)):
        return visitor
    narrow = portal.sessions.read(request.cookies.get(FORM_COOKIE)) if form else None
    return await _visitor(portal, narrow) if narrow is not None and narrow.hand_off == form else None


async def _visitor(portal: Portal, session: Session) -> Visitor | None:
    epoch, now = await portal.standing.of(session.officer)
    if epoch != session.epoch or session.has_ended(now, portal.sessions.lifetime):
        return None
    try:
        officer = portal.runtime.directory.officer(session.officer)
    except UnknownOfficer:
        return None
    if not officer.active:
        return None
    return Visitor(session=session, rights=rights_of(portal.runtime.directory, officer, now), now=now)


async def require_visitor(request: Request) -> Visitor:
    """The visitor, who must have signed in. :raises SignInFirst:"""
    visitor = await visitor_of(request, form=request.path_params.get("hand_off_id"))
    if visitor is None:
        raise SignInFirst(ended=COOKIE in request.cookies or FORM_COOKIE in request.cookies)
    request.scope["visitor"] = visitor
    return visitor


async def _posted(request: Request) -> Posted:
    # Read first: whatever goes wrong from here on, what was typed can be given back.
    typed = await read_form(request)
    visitor = await require_visitor(request)
    if not portal_of(request).sessions.is_token(text(typed, "csrf"), visitor.session.id):
        raise Refused("refused:csrf", "refused.csrf")
    return Posted(visitor=visitor, typed=typed)


async def _posted_with_files(request: Request) -> Posted:
    """A form that may bring files; one that brings none is usually sent, and read, as any other."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _posted(request)
    reader = await _read_with_files(request)
    try:
        return replace(await _posted(request), files=tuple(reader.files))
    except BaseException:
        reader.close()
        raise


async def _read_with_files(request: Request) -> MultipartReader:
    """What was sent; what was typed is kept with the request, as `read_form` does. A stranger's files are dropped."""
    visitor = None
    with suppress(Exception):  # whatever it is, it comes again once the text is read
        visitor = await visitor_of(request, form=request.path_params.get("hand_off_id"))
    limits = portal_of(request).runtime.policy.files
    boundary, most = boundary_of(request.headers["content-type"]), limits.most if visitor else 0
    reader = MultipartReader(boundary, text=LARGEST, each=limits.largest, most=most)
    try:
        await reader.read(request.stream(), at_most=UPLOAD_READ_AT_MOST if visitor else READ_AT_MOST)
    except BaseException:
        reader.close()
        raise
    typed: Typed = {}
    for name, value in reader.fields:
        add(typed, name, value)
    request.scope["typed"] = typed
    request.scope["files_to_choose_again"] = bool(reader.files)
    return reader


SignedIn = Annotated[Visitor, Depends(require_visitor)]
PostedForm = Annotated[Posted, Depends(_posted)]
PostedFormWithFiles = Annotated[Posted, Depends(_posted_with_files)]


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def noted_path(request: Request) -> str:
    """The path of a request, for logs."""
    return without_token(request.url.path)


async def note_security(request: Request, kind: str, *, officer: str | None, detail: str = "") -> None:
    """An entry in the security log about this request."""
    ledger = portal_of(request).runtime.ledger
    await note(ledger, kind, officer=officer, address=address_of(request), path=noted_path(request), detail=detail)
