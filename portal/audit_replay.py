"""A case played again from its history, and compared with what is stored: an auditor's button. Nothing is written.

Playing takes about a millisecond of processor time an event, so it happens in a thread of its own, one case at a time
in each process, and only up to some thousand events; for more there is `sangkan audit replay`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

import flows
from audit.differences import Difference, short
from audit.offices import Offices, offices_of
from audit.replay import Replayed, replay
from audit.stored import Held, held
from engine.runtime import Runtime
from portal.audit_case import audited_case
from portal.auditing import AuditorsForm, auditing, record_reading
from portal.case_about import process_title
from portal.errors import NotFound
from portal.pages import language_of, page
from portal.state import portal_of

assert flows.__all__, "importing the package has registered the processes"

router = APIRouter(prefix="/audit")

REPLAYED_AT_MOST = 10_000
"""Events; a week of two thousand reports has as many."""
DIFFERENCES_SHOWN = 100

_playing = asyncio.Semaphore(1)


@router.post("/cases/{case_id}/replay")
async def replay_page(request: Request, case_id: str, posted: AuditorsForm) -> Response:
    """Play the case and say what differs."""
    settings, language = portal_of(request).runtime.settings, language_of(request)
    async with auditing(request).read() as connection:
        case = await audited_case(connection, case_id)
    await record_reading(request, posted.visitor, case, "replay")
    known: dict[str, Any] = {"case": case, "process": process_title(case.process, language), "most": REPLAYED_AT_MOST}
    if case.head_seq > REPLAYED_AT_MOST:
        return page(request, "audit_replay", status=422, trouble="replay.too_long", replayed=None, **known)
    if _playing.locked():
        return page(request, "audit_replay", status=503, trouble="replay.busy", replayed=None, **known)
    async with _playing:
        offices = await offices_of(Runtime(settings, auditing(request)))
        async with auditing(request).read() as connection:
            stored = (await held(connection, [case_id])).get(case_id)
        if stored is None:
            raise NotFound
        try:
            replayed = await _played_aside(stored, offices)
        except (ValueError, LookupError, TypeError, AttributeError):  # spoiled; verifying says which event
            return page(request, "audit_replay", status=422, trouble="replay.spoiled", replayed=None, **known)
    return page(request, "audit_replay", trouble="", replayed=replayed, lines=_lines(replayed.differences), **known)


async def _played_aside(stored: Held, offices: Offices) -> Replayed:
    """Replay in a thread; what it needs of the database is read here before."""
    await offices.read_for([event.at for event in stored.events])
    return await asyncio.to_thread(lambda: asyncio.run(replay(stored, offices)))


def _lines(differences: Collection[Difference]) -> list[dict[str, object]]:
    return [
        {"seq": each.seq, "where": each.where, "key": each.key, "field": each.field,
         "held": short(each.held), "made": short(each.made)}
        for each in list(differences)[:DIFFERENCES_SHOWN]
    ]  # fmt: skip
