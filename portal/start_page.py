"""The page on which something is started: help, what stands now, the form, and a key under which it is sent once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ledger.uploads import Uploads
from portal.body import Typed, answers, text
from portal.fields import Attachments, form_fields
from portal.pages import language_of, page, wording_of
from portal.session import new_id
from portal.state import portal_of
from schemas.form import Form, FormContext, Problem, file_fields

ONCE = "once"
"""Field of a page's own key."""
LONGEST_KEY = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What is started, and what its page says around the form."""

    form: type[Form]
    action: str
    """Where the page is found, and where the form goes."""
    help: str
    context: FormContext
    hidden: tuple[str, ...] = ()
    """Fields whose value the page's address says."""
    trail: tuple[tuple[str, str], ...] = ()
    """(address, title) of the pages above this one, beneath the inbox."""
    crumb: str = ""
    """What the page is called beneath those; the form's title where nothing shorter is."""
    notices: tuple[str, ...] = ()
    """What one should know before one writes."""


def start_page(
    request: Request,
    start: Start,
    *,
    once: str = "",
    typed: Mapping[str, Any] | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
    chosen: Uploads | None = None,
    focus: str = "",
) -> Response:
    """The form under the key `once`, or a new one: sent twice under one key, it is taken once.

    :param chosen: the files that stand on the page.
    :param focus: the field of files to which the page goes.
    """
    language = language_of(request)
    attached = Attachments(files=chosen or {}, limits=portal_of(request).runtime.policy.files)
    context = wording_of(request).context(start.context)
    fields = form_fields(start.form, context, language, typed=typed, problems=problems, attached=attached)
    unseen = {*start.hidden, ""}
    return page(
        request,
        "start",
        status=status,
        once=once or new_id(),
        action=start.action,
        help=start.help,
        trail=start.trail,
        crumb=start.crumb,
        notices=start.notices,
        facts=start.context.facts,
        takes_files=bool(file_fields(start.form)),
        focus=focus,
        title=start.form.title_en if language == "en" else start.form.title_th,
        fields=[field for field in fields if field.name not in start.hidden],
        problems=[p.en if language == "en" else p.th for p in problems if p.field in unseen],
    )


def sent(typed: Typed) -> tuple[str, Typed]:
    """The page's key, and what belongs to the form itself."""
    return text(typed, ONCE)[:LONGEST_KEY], {name: said for name, said in answers(typed).items() if name != ONCE}
