"""Keeping what was typed when it cannot be handed in now."""

from __future__ import annotations

from starlette.requests import Request

from engine.links import FORM_PREFIX
from ledger import drafts
from ledger.errors import LedgerError
from portal.body import answers, parse
from portal.errors import Unreadable
from portal.state import portal_of


async def keep_typed(request: Request, path: str, officer: str, kept: str) -> bool:
    """Keep what an ended session had typed as the officer's draft of that form. False when there is no such work."""
    hand_off, _, rest = path.removeprefix(FORM_PREFIX).partition("/")
    if not path.startswith(FORM_PREFIX) or rest:
        return False
    ledger = portal_of(request).runtime.ledger
    try:
        data = dict(answers(parse(kept.encode())))
        return await drafts.save(ledger, hand_off, officer, data, await ledger.now())
    except (LedgerError, Unreadable, UnicodeError):
        return False
