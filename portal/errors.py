"""Errors of the portal. The docstring is the sentence; the facts are attributes."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class LinkTrouble(StrEnum):
    """Why a link lets nobody in; whether there is an account, none of them says."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    ENDED = "ended"
    INVITATION_EXPIRED = "invitation_expired"
    INVITATION_USED = "invitation_used"


class PortalError(Exception):
    """Base of all errors of the portal."""


class SecretKeyTooShort(PortalError):
    """SANGKAN_SECRET_KEY must have at least 32 characters; it signs sessions and links."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class SignInFirst(PortalError):
    """The page is for officers who have signed in; `ended` when a session has run out."""

    def __init__(self, *, ended: bool = False) -> None:
        self.ended = ended
        super().__init__("sign in first")


class Refused(PortalError):
    """The visitor may not do this. `kind` is the entry for the security log; `text` the key of the sentence."""

    def __init__(self, kind: str, text: str, *, detail: str = "") -> None:
        self.kind, self.text, self.detail = kind, text, detail
        super().__init__(f"{kind}: {text}")


class LinkLeadsNowhere(PortalError):
    """A link of a mail lets nobody in: `why` names what is said of it (`portal.link_texts`).

    :param work: path of the work that a genuine link opened before it expired; who signs in may go on there.
    :param detail: for the security log.
    """

    def __init__(self, why: LinkTrouble, *, work: str = "", detail: str = "") -> None:
        self.why, self.work, self.detail = why, work, detail
        super().__init__(f"refused:link: {why}")


class NotFound(PortalError):
    """There is no such page, case or work, or the visitor may not know of it."""


class TooManyAttempts(PortalError):
    """Sign-in has failed too often; it is not even checked until `wait` has passed."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(f"too many attempts, wait {wait}")


class BodyTooLarge(PortalError):
    """A request carries more than any form can hold; `limit` is in bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"more than {limit} bytes")


class Unreadable(PortalError):
    """The request's body is not a form."""
