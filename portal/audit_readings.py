"""Who read which case, when, and how far its history went then: by case and by officer."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ledger import reading, readings
from portal.auditing import Auditor, auditing
from portal.pages import language_of, page
from portal.paging import number_in
from portal.state import portal_of
from portal.texts import text
from portal.visitor import note_security

router = APIRouter(prefix="/audit")

PER_PAGE = 100


@router.get("/readings")
async def readings_page(request: Request, auditor: Auditor) -> Response:
    """The readings, the latest first, a page at a time; looking at them is itself in the access log."""
    asked = {name: request.query_params.get(name, "").strip()[:128] for name in ("case", "officer")}
    before = number_in(request.query_params.get("before", ""), digits=17)
    await note_security(request, "read:audit", officer=auditor.officer, detail=request.url.query)
    async with auditing(request).read() as connection:
        found = await readings.latest(
            connection, case_id=asked["case"] or None, officer=asked["officer"] or None, before=before,
            limit=PER_PAGE + 1,
        )  # fmt: skip
        titles = await reading.titles_of(connection, {each.case_id for each in found})
    shown, older = found[:PER_PAGE], ""
    if len(found) > PER_PAGE:
        query = {name: value for name, value in asked.items() if value} | {"before": str(shown[-1].id)}
        older = f"{request.url.path}?{urlencode(query)}"
    names = {each.id: each.name for each in portal_of(request).runtime.directory.organisation.officers}
    names |= {
        each.officer: text("readings.by_command", language_of(request), account=account)
        for each in shown
        if (account := each.officer.removeprefix(readings.BY_COMMAND)) != each.officer
    }
    return page(
        request, "audit_readings", asked=asked, found=shown, titles=titles, names=names, older=older,
        is_first=before is None, known=readings.WHAT,
    )  # fmt: skip
