"""Invitations to choose a password: signed, for one officer, good once and for some days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from itsdangerous import BadData, URLSafeSerializer

DAYS = 7


class Invitation(NamedTuple):
    officer: str
    epoch: int
    """Of the account when the invitation was made; it is used up once the account has another."""
    until: datetime


class Invitations:
    """Makes and reads the links of one installation."""

    def __init__(self, base_url: str, secret: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._signer = URLSafeSerializer(secret, salt="invitation")

    def link(self, officer: str, epoch: int, *, now: datetime) -> str:
        until = int((now + timedelta(days=DAYS)).timestamp())
        return f"{self._base_url}/invitation/{self._signer.dumps([officer, epoch, until])}"

    def read(self, token: str) -> Invitation | None:
        """None when it is not ours."""
        try:
            officer, epoch, until = self._signer.loads(token)
            return Invitation(officer, epoch, datetime.fromtimestamp(until, UTC))
        except (BadData, ValueError, TypeError, OverflowError):
            return None
