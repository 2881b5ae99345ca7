"""A case played again from its history, and compared with what is stored: an auditor's button. Nothing is written.

Playing takes about a millisecond of processor time an event, so it happens in a thread of its own, one case at a time
in each process, and only up to some thousand events; for more there is `sangkan audit replay`.
"""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

import flows
from audit.damage import content_of
from audit.offices import Offices, offices_of
from audit.replay import replay
from audit.stored import Held, held
from engine.runtime import Runtime
from ledger.database import open_database
from ledger.errors import HistoryCannotBeRead
from ledger.event import Event
from ledger.work import Ledger
from portal.audit_case import audited_case, unit_names
from portal.audit_differences import DifferenceWording
from portal.audit_whole import whole_of
from portal.audit_wording import AuditWording
from portal.auditing import AuditorsForm, auditing, record_reading
from portal.case_about import process_title
from portal.errors import NotFound
from portal.pages import language_of, page, wording_of
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
    language = language_of(request)
    async with auditing(request).read() as connection:
        case = await audited_case(connection, case_id)
    await record_reading(request, posted.visitor, case, "replay")
    key = portal_of(request).runtime.settings.anchor_key
    known: dict[str, Any] = {
        "case": case, "process": process_title(case.process, language), "most": REPLAYED_AT_MOST,
        "whole": await whole_of(auditing(request), case, key, wording_of(request)),
    }  # fmt: skip
    if case.head_seq > REPLAYED_AT_MOST:
        return page(request, "audit_replay", status=422, trouble="replay.too_long", replayed=None, **known)
    if _playing.locked():
        return page(request, "audit_replay", status=503, trouble="replay.busy", replayed=None, **known)
    async with _playing:
        stored, offices = await _read(portal_of(request).runtime, case_id)
        try:
            replayed = await asyncio.to_thread(lambda: asyncio.run(replay(stored, offices)))
        except (HistoryCannotBeRead, ValueError, LookupError, TypeError, AttributeError):  # verifying says which event
            return page(request, "audit_replay", status=422, trouble="replay.spoiled", replayed=None, **known)
    w = wording_of(request)
    wording = DifferenceWording(
        case.process, w, AuditWording(language), unit_names(portal_of(request), w), _work(stored)
    )
    lines = [wording.line(each) for each in replayed.differences[:DIFFERENCES_SHOWN]]
    return page(request, "audit_replay", trouble="", replayed=replayed, lines=lines, **known)


def _work(stored: Held) -> dict[str, Event]:
    opened = (event for event in stored.events if event.kind == "hand_off:open")
    return {str(content_of(event).get("id")): event for event in opened}


async def _read(runtime: Runtime, case_id: str) -> tuple[Held, Offices]:
    """All that a replay needs of the database, also of earlier organisations, before it begins in a thread.

    Mails are compared as well, and the role of auditors' pages may not read what stands in them (decision 34): this
    reads with the portal's own account, on connections that cannot write either.
    """
    url = runtime.ledger.engine.url.render_as_string(hide_password=False)
    engine = open_database(url, connections=1, read_only=True)
    try:
        ledger = Ledger(engine, runtime.ledger.clock)
        offices = await offices_of(Runtime(runtime.settings, ledger))
        async with ledger.read_through() as connection:
            stored = (await held(connection, [case_id])).get(case_id)
        if stored is None:
            raise NotFound
        if stored.events:
            await offices.read_for(stored.events[0].at, stored.events[-1].at)
    finally:
        await engine.dispose()
    return stored, offices
