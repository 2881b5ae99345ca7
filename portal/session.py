"""Who is signed in: a signed cookie, nothing on the server but the account's epoch.

A full session is made by a password. A session for one form is made by the signed link of a mail and travels in a
cookie whose path is that form's, so that it neither opens another page nor ends a full session.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from starlette.responses import Response

COOKIE = "session"
FORM_COOKIE = "form_session"
VISIT_COOKIE = "visit"
"""Random id of a visitor who is not signed in; the sign-in form's token is bound to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a cookie says, its signature checked."""

    id: str
    officer: str
    epoch: int
    issued_at: datetime
    hand_off: str | None = None
    """The one form that it opens; None for a full session."""
    until: datetime | None = None
    """End of the link that made it."""

    def has_ended(self, now: datetime, lifetime: timedelta) -> bool:
        return now - self.issued_at >= lifetime or (self.until is not None and now >= self.until)


class Sessions:
    """Makes and reads the cookies of one installation."""

    def __init__(self, secret: str, *, hours: int, secure: bool) -> None:
        self.lifetime = timedelta(hours=hours)
        self.secure = secure
        self._signer = URLSafeSerializer(secret, salt="session")
        self._csrf_key = hmac.digest(secret.encode(), b"csrf", "sha256")

    def read(self, cookie: str | None) -> Session | None:
        """The session of a cookie; None when there is none or it is not ours."""
        if not cookie:
            return None
        try:
            officer, epoch, issued, session_id, hand_off, until = self._signer.loads(cookie)
            return Session(
                id=session_id, officer=officer, epoch=epoch, issued_at=_moment(issued),
                hand_off=hand_off, until=None if until is None else _moment(until),
            )  # fmt: skip
        except (BadData, ValueError, TypeError, OverflowError):
            return None

    def begin(
        self, response: Response, officer: str, epoch: int, now: datetime, *, session_id: str | None = None
    ) -> None:
        """Sign an officer in: the response sets the cookie. `session_id`: of a page that is part of the response."""
        cookie = self._signer.dumps([officer, epoch, int(now.timestamp()), session_id or new_id(), None, None])
        self._set(response, COOKIE, cookie, path="/")
        self.forget(response, VISIT_COOKIE)

    def begin_for_form(
        self, response: Response, officer: str, epoch: int, now: datetime, *, hand_off: str, until: datetime
    ) -> None:
        """Open one form to an officer who came by its link."""
        said = [officer, epoch, int(now.timestamp()), new_id(), hand_off, int(until.timestamp())]
        self._set(response, FORM_COOKIE, self._signer.dumps(said), path=f"/hand-offs/{hand_off}")

    def visit(self, response: Response, visit_id: str) -> None:
        """Remember a visitor who has not signed in."""
        self._set(response, VISIT_COOKIE, visit_id, path="/")

    def forget(self, response: Response, name: str, *, path: str = "/") -> None:
        response.delete_cookie(name, path=path, secure=self.secure, httponly=True, samesite="lax")

    def _set(self, response: Response, name: str, value: str, *, path: str) -> None:
        # No Max-Age: it ends with the browser, and on the ledger's clock before that.
        response.set_cookie(name, value, path=path, secure=self.secure, httponly=True, samesite="lax")

    def token(self, session_id: str) -> str:
        """The token that every form of this session carries."""
        return hmac.digest(self._csrf_key, session_id.encode(), "sha256").hex()

    def is_token(self, token: str, session_id: str) -> bool:
        return hmac.compare_digest(token.encode(), self.token(session_id).encode())


def new_id() -> str:
    return secrets.token_urlsafe(16)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def fingerprint(*parts: str) -> str:
    """A short name of a content, for addresses that may be cached for ever."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
