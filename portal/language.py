"""Thai or English."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.errors import NotFound
from portal.pages import LANGUAGE_COOKIE
from portal.sign_in import local_path
from portal.state import portal_of

router = APIRouter()

A_YEAR = 365 * 24 * 3600


@router.get("/language/{code}")
async def choose_language(request: Request, code: str) -> Response:
    if code not in ("th", "en"):
        raise NotFound
    response = RedirectResponse(local_path(request.query_params.get("next", "/")), 303)
    secure = portal_of(request).https
    response.set_cookie(LANGUAGE_COOKIE, code, max_age=A_YEAR, secure=secure, httponly=True, samesite="lax")
    return response
