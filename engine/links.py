"""Links in mails: one form, one officer, until a moment. Signed, so that none can be forged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from itsdangerous import BadData, URLSafeSerializer

FORM_PREFIX = "/hand-offs/"
"""Path of a form; a mail says this path, and each recipient gets a signed link in its place."""


INVITATION_PREFIX = "/invitations/"
"""Path of an officer's invitation to choose a password; a mail says this path, and its recipient gets a signed link."""
INVITATION_LIFETIME = timedelta(days=7)

OPEN_FORM, OPEN_INVITATION = "/l/", "/invitation/"
"""Where a signed link leads; what follows is its token, and whoever has it is let in."""
FINGERPRINT_DIGITS = 12


def in_its_case(case_id: str, hand_off_id: str) -> str:
    """Path of a piece of work for who may read the case and does not do the work: who signs in sees it there."""
    return f"/cases/{case_id}?work={hand_off_id}#work"


class Invitation(NamedTuple):
    """What a signed invitation lets an officer do: choose a password, once."""

    officer: str
    epoch: int
    """Of the account when the invitation was made (0: no password yet); it is used up once the account has another."""
    expires_at: datetime


class FormLink(NamedTuple):
    """What a signed link opens."""

    hand_off: str
    officer: str
    expires_at: datetime


class LinkRefused(Exception):
    """The link was forged, damaged or has expired; `hand_off`: what a genuine one opened before it expired."""

    def __init__(self, *, expired: bool, hand_off: str = "") -> None:
        self.expired, self.hand_off = expired, hand_off
        self.th = "ลิงก์นี้หมดอายุแล้ว" if expired else "ลิงก์นี้ไม่ถูกต้อง ไม่ใช่ลิงก์ที่ระบบออกให้"
        self.en = "The link has expired" if expired else "The link is not genuine"
        super().__init__(f"{self.en} | {self.th}")


def without_token(path: str) -> str:
    """A path as a log may keep it.

    In the place of a link's token stands a fingerprint: it tells that two uses were of one link, and opens nothing.
    """
    for prefix in (OPEN_FORM, OPEN_INVITATION):
        if path.startswith(prefix):
            fingerprint = sha256(path.removeprefix(prefix).encode(errors="replace")).hexdigest()
            return f"{prefix}…{fingerprint[:FINGERPRINT_DIGITS]}"
    return path


class Links:
    """Makes and reads signed links. Expiry is on the ledger's clock, so that rehearsals keep their own time."""

    def __init__(self, base_url: str, secret: str, *, days: int) -> None:
        self.base_url = base_url.rstrip("/")
        self._signer = URLSafeSerializer(secret, salt="form-link")
        self._invitations = URLSafeSerializer(secret, salt="invitation")
        self.lifetime = timedelta(days=days)

    def form(self, hand_off: str, officer: str, *, issued_at: datetime) -> str:
        """A link that opens one form for one officer."""
        expires = int((issued_at + self.lifetime).timestamp())
        return f"{self.base_url}{OPEN_FORM}{self._signer.dumps([hand_off, officer, expires])}"

    def read(self, token: str, *, now: datetime) -> FormLink:
        """:raises LinkRefused: not ours, or too old."""
        try:
            hand_off, officer, expires = self._signer.loads(token)
            expires_at = datetime.fromtimestamp(expires, UTC)
        except (BadData, ValueError, TypeError) as trouble:
            raise LinkRefused(expired=False) from trouble
        if now >= expires_at:
            raise LinkRefused(expired=True, hand_off=hand_off)
        return FormLink(hand_off, officer, expires_at)

    def invitation(self, officer: str, *, epoch: int, issued_at: datetime) -> str:
        """A link with which one officer chooses a password."""
        expires = int((issued_at + INVITATION_LIFETIME).timestamp())
        return f"{self.base_url}{OPEN_INVITATION}{self._invitations.dumps([officer, epoch, expires])}"

    def read_invitation(self, token: str, *, now: datetime) -> Invitation:
        """:raises LinkRefused: not ours, or too old. Whether it was used, the account's epoch says."""
        try:
            officer, epoch, expires = self._invitations.loads(token)
            expires_at = datetime.fromtimestamp(expires, UTC)
        except (BadData, ValueError, TypeError) as trouble:
            raise LinkRefused(expired=False) from trouble
        if now >= expires_at:
            raise LinkRefused(expired=True)
        return Invitation(officer, epoch, expires_at)

    def absolute(self, path: str, *, officer: str | None, issued_at: datetime) -> str:
        """The address that a recipient gets for a path of the portal."""
        if officer and path.startswith(FORM_PREFIX):
            return self.form(path.removeprefix(FORM_PREFIX), officer, issued_at=issued_at)
        if officer and path == INVITATION_PREFIX + officer:
            return self.invitation(officer, epoch=0, issued_at=issued_at)
        return f"{self.base_url}{path}"
