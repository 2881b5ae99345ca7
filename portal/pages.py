"""Pages: templates compiled once, and what each of them knows without being told."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from portal import wording
from portal.session import VISIT_COOKIE, new_id
from portal.state import portal_of
from portal.static import address_of_static
from portal.texts import Language, text

if TYPE_CHECKING:
    from portal.visitor import Visitor

FOLDER = Path(__file__).parent / "templates"
LANGUAGE_COOKIE = "language"


@cache
def templates() -> Mapping[str, Template]:
    """All templates by name, compiled once for the process."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["static"] = address_of_static
    return {name.removesuffix(".html"): environment.get_template(name) for name in environment.list_templates()}


def language_of(request: Request) -> Language:
    return "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "th"


def wording_of(request: Request) -> wording.Wording:
    """The words of the visitor's language, with the English names of units."""
    return wording.Wording(language_of(request), portal_of(request).english_names)


def page(
    request: Request, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """A page for the visitor of this request, in the visitor's language."""
    portal, language = portal_of(request), language_of(request)
    settings = portal.runtime.settings
    visitor: Visitor | None = request.scope.get("visitor")
    session_id, fresh_visit = _session_id(request, visitor)
    known = {
        "system_name": settings.system_name_en if language == "en" else settings.system_name,
        "t": lambda key, /, **facts: text(key, language, **facts),
        "w": wording_of(request),
        "language": language,
        "thai": "" if language == "th" else ' lang="th"',
        "visitor": visitor,
        "csrf": portal.sessions.token(session_id),
        "here": request.url.path,
        "here_with_query": f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path,
        "has_mailbox": portal.mailbox is not None,
        "problems": (),
        "files_to_choose_again": request.scope.get("files_to_choose_again", False),
    }
    response = HTMLResponse(templates()[template].render(known | values), status_code=status, headers=headers)
    if fresh_visit:
        portal.sessions.visit(response, session_id)
    return response


def _session_id(request: Request, visitor: Visitor | None) -> tuple[str, bool]:
    """To what the page's token is bound, and whether that is new."""
    if visitor is not None:
        return visitor.session.id, False
    if visit := request.cookies.get(VISIT_COOKIE):
        return visit, False
    return new_id(), True
