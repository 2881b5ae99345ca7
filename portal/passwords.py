"""Passwords: argon2id, in a thread, and the same time for an unknown account as for a wrong password."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200
_hasher = PasswordHasher()
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$E5fCUjC+0mEvpUXkSfKTGQ$ova9jLnuCOTtpXuGJ4hOOpbR3IlNluMkbCmlDUaqBqQ"
"""The hash of a random text that nobody knows, made as all others are: an unknown account costs the same work."""


async def hash_password(password: str) -> str:
    """The argon2id hash of a password."""
    return await asyncio.to_thread(_hasher.hash, password)


async def is_password(password: str, password_hash: str | None) -> bool:
    """Is this the account's password? Without an account the work is done all the same, and the answer is no."""
    matches = await asyncio.to_thread(_verify, password_hash or _NOBODYS, password)
    return matches and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def password_problem(password: str, repeated: str, *, officer: str) -> str | None:
    """Key of the sentence that says why a new password is not good enough; None when it is."""
    if len(password) < SHORTEST:
        return "password.too_short"
    if len(password) > LONGEST:
        return "password.too_long"
    if password.casefold() in {officer.casefold(), "password12", "1234567890", "0123456789"}:
        return "password.too_easy"
    return None if password == repeated else "password.differs"
