"""The portal as an ASGI application: `create_app(runtime)`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from engine.runtime import NoOrganisation, Runtime
from portal import (
    access_log,
    administration,
    audit_case,
    audit_findings,
    audit_process,
    audit_readings,
    audit_replay,
    audit_search,
    boards,
    case_page,
    changes,
    failures,
    hand_offs,
    health,
    inbox,
    language,
    mailbox,
    sign_in,
    staff,
    starting,
    surveys,
    weeks,
    year_move,
    year_opening,
    years,
)
from portal.middleware import SecurityHeaders
from portal.pages import templates
from portal.state import Portal
from portal.static import serve_static
from portal.visitor import Standing

ROUTERS = tuple(
    part.router
    for part in (
        hand_offs,
        inbox,
        case_page,
        boards,
        weeks,
        years,
        year_move,
        changes,
        surveys,
        staff,
        year_opening,
        starting,
        audit_search,
        audit_findings,
        audit_readings,
        audit_case,
        audit_process,
        audit_replay,
        mailbox,
        sign_in,
        access_log,
        administration,
        language,
        health,
    )
)
"""What is asked for most comes first."""


def create_app(runtime: Runtime) -> FastAPI:
    """The portal of one process over a runtime; the lifespan starts and stops its intake.

    :raises SecretKeyTooShort: the settings hold no usable secret key.
    """
    portal = Portal(runtime)
    portal.standing = Standing(portal)
    templates()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        # Without an organisation the portal starts all the same; /ready says so until one is loaded.
        with suppress(NoOrganisation):
            await runtime.refresh(at_once=True)
        try:
            async with portal.intake:
                yield
        finally:
            await portal.audit_ledger.engine.dispose()

    app = FastAPI(
        title=runtime.settings.system_name, lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None,
        redirect_slashes=False,
    )  # fmt: skip
    app.state.portal = portal
    app.add_middleware(SecurityHeaders, https=portal.https)
    for router in ROUTERS:
        app.include_router(router, include_in_schema=False)
    app.add_route("/static/{name}", serve_static, methods=["GET"])
    failures.handle_in(app)
    return app
