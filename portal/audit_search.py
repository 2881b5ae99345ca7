"""The auditor's first page: cases by unit, process, officer, period and deadline."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from portal.auditing import Auditor, auditing
from portal.pages import page
from portal.visitor import note_security

router = APIRouter(prefix="/audit")


@router.get("")
async def search_page(request: Request, auditor: Auditor) -> Response:
    """What the auditor looks for is recorded as well."""
    await note_security(request, "read:audit", officer=auditor.officer, detail=request.url.query)
    async with auditing(request).read():
        return page(request, "audit")
