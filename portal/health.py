"""Is the process alive, and can it work?"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from portal.state import portal_of

router = APIRouter()


@router.get("/health")
async def health() -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"})


@router.get("/ready")
async def ready(request: Request) -> Response:
    """The ledger answers and holds an organisation."""
    runtime = portal_of(request).runtime
    try:
        await runtime.refresh(at_once=True)
        await runtime.ledger.now()
    except Exception as trouble:
        return JSONResponse({"status": "not ready", "because": type(trouble).__name__}, status_code=503)
    return JSONResponse({"status": "ready"})
