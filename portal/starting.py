"""Starting a process: a directive is registered, opinions are called for, a print-out is ordered, a circular sent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import chain

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from engine.intake import looked_up
from flows import starting
from flows.cascade_opening import open_cascade
from flows.dispatching import open_circular
from flows.framework_opening import open_framework
from flows.measures_opening import PROCESS as MEASURES_PROCESS
from flows.measures_opening import issue_criteria, open_measures
from ledger import documents, enclosures
from ledger.errors import CaseExists, DocumentIsMissing, FormWasUsed
from portal.acting import as_planning_unit, as_secretariat, as_unit
from portal.attaching import FilesButton, files_button, keep_on_page, none_chosen, without
from portal.body import Typed
from portal.download import download
from portal.errors import NotFound, Refused
from portal.pages import language_of
from portal.session import new_id
from portal.start_doors import open_to
from portal.start_page import Start, sent, start_page
from portal.state import Portal, portal_of
from portal.texts import text
from portal.visitor import Posted, PostedFormWithFiles, SignedIn, Visitor
from rules.admission import admit
from rules.calendar import bangkok_date
from rules.cascade import members_of
from rules.circular import addressees
from rules.directory import DirectoryIndex
from rules.errors import NotAdmitted
from rules.form_input import problem
from schemas.base import UnitId
from schemas.cascade_forms import CascadeOrder
from schemas.circular import CircularOrder
from schemas.directive import Registration
from schemas.form import Form, FormContext, Problem, file_fields
from schemas.framework import FrameworkOrder
from schemas.measures import CriteriaOrder, MeasuresOrder
from schemas.opinion import OpinionCall
from schemas.printout import PrintoutOrder
from schemas.user_request import UserRequestOrder

router = APIRouter(prefix="/start")

FORMS: Mapping[str, type[Form]] = {
    "registration": Registration,
    "opinion-call": OpinionCall,
    "printout": PrintoutOrder,
    "circular": CircularOrder,
    "user-request": UserRequestOrder,
    "framework": FrameworkOrder,
    "cascade": CascadeOrder,
    "six-measures": MeasuresOrder,
    "criteria": CriteriaOrder,
}
"""By the last part of the page's path."""


def _form(portal: Portal, what: str, visitor: Visitor) -> type[Form]:
    """The form, if the visitor may start this. :raises NotFound, Refused:"""
    if what not in FORMS:
        raise NotFound
    if what not in {door.what for door in open_to(visitor.rights, portal.runtime.policy.office)}:
        raise Refused("refused:role", "refused.start", detail=what)
    return FORMS[what]


def _context(portal: Portal, visitor: Visitor, what: str) -> FormContext:
    directory, today = portal.runtime.directory, bangkok_date(visitor.now)
    if what == "circular":
        units = addressees(directory, _sender(directory, visitor), on=today)
        return FormContext(choices={"recipients": tuple((unit.id, unit.th) for unit in units)})
    if what == "cascade":
        members = members_of(directory, visitor.rights.plans_for or "", on=today)
        return FormContext(choices={"members": tuple((member.unit, member.th) for member in members)})
    if what == "six-measures":
        units = directory.divisions_of(visitor.rights.plans_for or "", on=today)
        return FormContext(choices={"owners": tuple((unit.id, unit.th) for unit in units)})
    return FormContext(choices={"agencies": tuple((agency.id, agency.th) for agency in directory.agencies(on=today))})


def _sender(directory: DirectoryIndex, visitor: Visitor) -> UnitId:
    """In which unit the visitor sends a circular: the secretariat, else the planning unit of the agency."""
    if visitor.rights.is_secretariat:
        return directory.secretariat().id
    return directory.planning_unit_of(visitor.rights.plans_for or "").id


def _start(request: Request, what: str, visitor: Visitor) -> Start:
    """:raises NotFound, Refused:"""
    form, help_text = _form(portal_of(request), what, visitor), text(f"start.help.{what}", language_of(request))
    return Start(
        form=form, action=f"/start/{what}", help=help_text, context=_context(portal_of(request), visitor, what)
    )  # fmt: skip


@router.get("/{what}")
async def start_form(request: Request, what: str, visitor: SignedIn) -> Response:
    return start_page(request, _start(request, what, visitor))


@router.get("/files/{page}/{sha256}")
async def file(request: Request, page: str, sha256: str, visitor: SignedIn) -> Response:
    """A file that the visitor has chosen on a page and not sent yet."""
    async with portal_of(request).runtime.ledger.read() as connection:
        chosen = await enclosures.of_officer(connection, page, visitor.officer)
        named = next((each for each in chain.from_iterable(chosen.values()) if each.sha256 == sha256), None)
        if named is None:
            raise NotFound
        found = await documents.get(connection, sha256)
    return download(found.content, named.media_type, named.name, may_show=True)


@router.post("/{what}")
async def start(request: Request, what: str, posted: PostedFormWithFiles) -> Response:
    """Admit the form as any other and start what it asks for; first what was chosen on the page is kept."""
    visitor, portal = posted.visitor, portal_of(request)
    try:
        asked = _start(request, what, visitor)
        once, typed = sent(posted.typed)
        once, button = once or new_id(), files_button(posted.typed)
        typed, problems = await _kept(portal, asked.form, once, posted, typed, button)
    finally:
        for each in posted.files:
            each.close()
    request.scope["files_to_choose_again"] = False
    async with portal.runtime.ledger.read() as connection:
        chosen = await enclosures.of_officer(connection, once, visitor.officer) if file_fields(asked.form) else {}
        now = await portal.runtime.ledger.clock.now(connection)
    again = partial(start_page, request, asked, typed=typed, chosen=chosen)
    if problems or button:
        focus = button.field if button and not problems else ""
        return again(once=once, problems=problems, status=422 if problems else 200, focus=focus)
    named = [name for name in file_fields(asked.form) if typed.get(name)]
    with_files = {name: looked_up(typed[name], chosen.get(name, ())) for name in named}
    try:
        form = admit(asked.form.__name__, {**typed, **with_files}, asked.context, now=now)
    except NotAdmitted as refused:
        return again(once=once, problems=refused.problems, status=422)
    try:
        return RedirectResponse(await _started(portal, visitor, form, once), 303)
    except DocumentIsMissing:  # taken out again on another page
        gone = tuple(problem(asked.form, name, "file_not_kept") for name in named)
        return again(once=once, problems=gone, status=422)
    except (FormWasUsed, CaseExists) as used:
        # Whoever goes back and writes something else may mean a second case, or not: asked, not guessed. Of a year
        # there is one.
        anew = new_id()
        await enclosures.carry_over(portal.runtime.ledger, once, anew, visitor.officer)
        said = Problem(field="", th=used.message_th, en=used.message_en)
        return again(once=anew, problems=(said,), status=409)


async def _kept(
    portal: Portal, form: type[Form], once: str, posted: Posted, typed: Typed, button: FilesButton | None
) -> tuple[Typed, tuple[Problem, ...]]:
    """Keep the files that came, take out the one that is to go: what is typed then, and what is wrong with others."""
    officer = posted.visitor.officer
    if button and button.act == "remove":
        typed = without(typed, button.field, button.sha256)
        await enclosures.remove(portal.runtime.ledger, once, officer, button.field, button.sha256)
    problems = await keep_on_page(portal, form, once, officer, posted.files, typed)
    return typed, problems + none_chosen(form, button, posted.files)


async def _started(portal: Portal, visitor: Visitor, form: Form, once: str) -> str:
    """Start it; gives the page that shows what was started."""
    runtime, directory = portal.runtime, portal.runtime.directory
    match form:
        case Registration():
            cases = await starting.register_directive(
                runtime, form, actor=as_secretariat(directory, visitor), once=once
            )
            return (
                f"/cases/{cases[0]}?done=started"
                if len(cases) == 1
                else "/cases?process=directive-lifecycle&done=started"
            )
        case OpinionCall():
            case = await starting.open_opinion_call(runtime, form, actor=as_secretariat(directory, visitor), once=once)
        case PrintoutOrder():
            agency, actor = visitor.rights.plans_for or "", as_planning_unit(directory, visitor)
            case = await starting.order_printout(runtime, form, agency=agency, actor=actor)
        case CircularOrder():
            sender = _sender(directory, visitor)
            secretariat = visitor.rights.is_secretariat
            actor = as_secretariat(directory, visitor) if secretariat else as_planning_unit(directory, visitor)
            case = await open_circular(runtime, form, sender=sender, actor=actor, once=once)
        case FrameworkOrder():
            case = await open_framework(runtime, form, actor=as_secretariat(directory, visitor))
        case CascadeOrder():
            province, actor = visitor.rights.plans_for or "", as_planning_unit(directory, visitor)
            case = await open_cascade(runtime, form, province=province, actor=actor)
        case MeasuresOrder():
            office = directory.planning_unit_of(visitor.rights.plans_for or "").id
            case = await open_measures(runtime, form, office=office, actor=as_planning_unit(directory, visitor))
        case CriteriaOrder():
            actor, sender = as_secretariat(directory, visitor), directory.secretariat().id
            await issue_criteria(runtime, form, sender=sender, actor=actor, once=once)
            return f"/cases?process={MEASURES_PROCESS}&done=started"
        case UserRequestOrder():
            unit = visitor.rights.unit.id
            case = await starting.request_user(
                runtime, form, unit=unit, actor=as_unit(directory, visitor, unit), once=once
            )
        case _:
            raise NotFound
    return f"/cases/{case}?done=started"
