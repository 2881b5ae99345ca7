"""The form of one piece of work: shown, kept as a draft, handed in, receipted. Nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import chain
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from engine.links import in_its_case
from ledger import documents, drafts, reading, uploads
from ledger.drafts import Draft
from ledger.errors import (
    CaseIsClosed,
    DocumentIsMissing,
    DraftIsTooLarge,
    HandOffIsAnswered,
    HandOffIsWithdrawn,
    NotTheHolder,
    UnknownHandOff,
)
from ledger.event import Event
from ledger.hand_offs import OPEN, SUBMITTED, HandOff
from ledger.uploads import Uploads
from portal.attaching import attached_to, files_button, files_within, keep_files, none_chosen, without
from portal.body import Typed, answers, text
from portal.download import download
from portal.english import which
from portal.errors import NotFound, Refused
from portal.fields import form_fields, form_is_report, readable
from portal.pages import language_of, page, wording_of
from portal.rights import may_act, may_read_case
from portal.state import Portal, portal_of
from portal.subject import directive_of
from portal.visitor import Posted, PostedFormWithFiles, SignedIn, Visitor, note_security
from portal.wording import Wording, due_group
from rules.errors import NotAdmitted
from schemas.directive import Directive
from schemas.form import FORMS, Form, FormContext, Problem, file_fields

router = APIRouter()


# Handing in comes first: of all that the portal does it is what a ministry does most, at the same time.
@router.post("/hand-offs/{hand_off_id}")
async def submit(request: Request, hand_off_id: str, posted: PostedFormWithFiles) -> Response:
    """Hand a form in. Without trouble: one check of the cookie, one admission, one shared transaction."""
    visitor = posted.visitor
    if text(posted.typed, "action") == "draft" or files_button(posted.typed):
        return await save_draft(request, hand_off_id, posted)
    if posted.files and (trouble := await _kept(request, hand_off_id, posted)) is not None:
        return trouble
    data = answers(posted.typed)
    try:
        await portal_of(request).intake.submit(hand_off_id, data, officer=visitor.officer, through=visitor.through)
    except NotAdmitted as refused:
        await _keep_refused(request, visitor, hand_off_id, data)
        return await _form_page(request, visitor, hand_off_id, typed=data, problems=refused.problems)
    except NotTheHolder as refused:
        raise Refused("refused:not_holder", "refused.not_holder", detail=hand_off_id) from refused
    except UnknownHandOff:
        raise NotFound from None
    except (HandOffIsAnswered, HandOffIsWithdrawn, CaseIsClosed):
        return await _conflict_page(request, hand_off_id, data)
    return RedirectResponse(f"/hand-offs/{hand_off_id}/receipt", 303)


async def _keep_refused(request: Request, visitor: Visitor, hand_off_id: str, data: dict[str, Any]) -> None:
    """What was refused is a draft: who leaves the page to look something up finds it again."""
    ledger = portal_of(request).runtime.ledger
    with suppress(DraftIsTooLarge, UnknownHandOff):  # the page itself still has all of it
        await drafts.save(ledger, hand_off_id, visitor.officer, data, await ledger.now())


@router.get("/hand-offs/{hand_off_id}")
async def form_page(request: Request, hand_off_id: str, visitor: SignedIn) -> Response:
    return await _form_page(request, visitor, hand_off_id)


async def _form_page(
    request: Request,
    visitor: Visitor,
    hand_off_id: str,
    *,
    typed: Mapping[str, Any] | None = None,
    problems: Sequence[Problem] = (),
) -> Response:
    portal = portal_of(request)
    async with portal.runtime.ledger.read() as connection:
        hand_off = await _hand_off(connection, hand_off_id)
        now = await portal.runtime.ledger.clock.now(connection)
        draft = await drafts.load(connection, hand_off_id, visitor.officer)
        takes_files = hand_off.form in FORMS and bool(file_fields(FORMS[hand_off.form]))
        uploaded = await uploads.of_officer(connection, hand_off_id, visitor.officer) if takes_files else {}
        directive = await directive_of(connection, hand_off)
    if not may_act(portal.runtime.directory, visitor.rights, hand_off, now):
        return await _for_readers(request, visitor, hand_off)
    if hand_off.state != OPEN or hand_off.case_state != "open":
        return await _closed_page(request, hand_off, directive, draft, uploaded)
    w = wording_of(request)
    values = typed if typed is not None else draft.data if draft else None
    form = form_of(hand_off)
    return page(
        request,
        "hand_off",
        status=422 if problems else 200,
        hand_off=hand_off,
        subject=hand_off.about,
        directive=directive,
        about=about(portal, hand_off, w, now),
        fields=form_fields(
            form,
            w.context(hand_off.context),
            language_of(request),
            typed=values,
            problems=problems,
            attached=attached_to(hand_off, uploaded, values, portal.runtime.policy.files),
        ),
        problems=[p.en if language_of(request) == "en" else p.th for p in problems if not p.field],
        draft=draft,
        takes_files=takes_files,
        restored=typed is None and draft is not None,
        is_report=form_is_report(form),
        saved="saved" in request.query_params,
    )


def form_of(hand_off: HandOff) -> type[Form]:
    """The form's model. KeyError for a form that this version of the system does not know."""
    return FORMS[hand_off.form]


def about(portal: Portal, hand_off: HandOff, w: Wording, now: datetime) -> dict[str, Any]:
    """What stands above a form: who is asked, by whom, until when."""
    return {
        "title": form_title(hand_off, w),
        "unit": holder_name(portal, hand_off, w),
        "asked_by": unit_name(portal, hand_off.asked_by, w),
        "group": due_group(hand_off.due_at, now),
        "relative": w.relative(hand_off.due_at, now) if hand_off.due_at else "",
    }


def form_title(hand_off: HandOff, w: Wording) -> str:
    """The title of the work: as it was handed off; in English as it is read back, or as its form is called."""
    if w.language != "en":
        return hand_off.title
    read, form = w.system(hand_off.title), FORMS.get(hand_off.form)
    if read != hand_off.title or form is None or not form.title_en:
        return read
    return f"{form.title_en}{which(hand_off.title)}"


def unit_name(portal: Portal, unit: str, w: Wording) -> str:
    """The name of a unit, by its id or its Thai name; what is no unit (any more) is shown as it stands."""
    known = portal.units.get(unit) or portal.units_named.get(unit)
    return w.unit(known) if known else unit


def holder_name(portal: Portal, hand_off: HandOff, w: Wording) -> str:
    """The unit that holds the work, and the officer of it to whom it was handed by name."""
    unit = unit_name(portal, hand_off.unit, w)
    named = portal.runtime.directory.named(hand_off.officer, hand_off.unit)
    return f"{unit} · {named.name}" if named else unit


def addressee(portal: Portal, hand_off: HandOff, w: Wording) -> str:
    """To whom the work was handed; the officer is named also where the work is the head's by now."""
    unit = unit_name(portal, hand_off.unit, w)
    named = {officer.id: officer for officer in portal.runtime.directory.organisation.officers}.get(
        hand_off.officer or ""
    )
    return f"{unit} · {named.name}" if named else unit


async def _hand_off(connection: Any, hand_off_id: str) -> HandOff:
    try:
        return await reading.hand_off(connection, hand_off_id)
    except UnknownHandOff:
        raise NotFound from None


async def _for_readers(request: Request, visitor: Visitor, hand_off: HandOff) -> Response:
    """Who may read the case but not do this work is shown the case; anybody else is refused."""
    async with portal_of(request).runtime.ledger.read() as connection:
        case = await reading.case(connection, hand_off.case_id)
        held_by = await reading.units_that_held(connection, hand_off.case_id)
    if visitor.session.hand_off is None and may_read_case(visitor.rights, case, held_by):
        return RedirectResponse(in_its_case(hand_off.case_id, hand_off.id), 303)
    raise Refused("refused:not_holder", "refused.not_holder", detail=hand_off.id)


# --- drafts ------------------------------------------------------------------------------------------------


@router.post("/hand-offs/{hand_off_id}/draft")
async def save_draft(request: Request, hand_off_id: str, posted: PostedFormWithFiles) -> Response:
    """Keep what was typed and attached so far; the script asks for JSON, the buttons for the form again."""
    if (trouble := await _kept(request, hand_off_id, posted)) is not None:
        return trouble
    if _wants_json(request):
        return JSONResponse({"saved": True, "at": wording_of(request).time(posted.visitor.now)})
    button = files_button(posted.typed)
    place = f"#{quote(button.field, safe='')}-files" if button and button.field else ""
    return RedirectResponse(f"/hand-offs/{hand_off_id}?saved{place}", 303)


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


async def _kept(request: Request, hand_off_id: str, posted: Posted) -> Response | None:
    """As `_keep`; whatever comes of it, the files that were sent no longer lie on the disk."""
    try:
        return await _keep(request, hand_off_id, posted)
    finally:
        for sent in posted.files:
            sent.close()


async def _keep(request: Request, hand_off_id: str, posted: Posted) -> Response | None:
    """Keep the draft, then the files that came with it, and take out the file that is to go; None when all is kept.

    Afterwards `posted.typed` names what was kept.
    """
    portal, visitor, typed = portal_of(request), posted.visitor, posted.typed
    async with portal.runtime.ledger.read() as connection:
        hand_off = await _hand_off(connection, hand_off_id)
        now = await portal.runtime.ledger.clock.now(connection)
    if not may_act(portal.runtime.directory, visitor.rights, hand_off, now):
        raise Refused("refused:not_holder", "refused.not_holder", detail=hand_off_id)
    button = files_button(typed)
    if button and button.act == "remove":
        typed = without(typed, button.field, button.sha256)
        await uploads.remove(portal.runtime.ledger, hand_off_id, visitor.officer, button.field, button.sha256)
    try:
        kept = await drafts.save(portal.runtime.ledger, hand_off_id, visitor.officer, dict(answers(typed)), now)
    except DraftIsTooLarge as refused:
        too_large = Problem(field="", th=refused.message_th, en=refused.message_en)
        return await _form_page(request, visitor, hand_off_id, typed=answers(typed), problems=(too_large,))
    if not kept:
        if _wants_json(request):
            return JSONResponse({"saved": False, "at": ""}, status_code=409)
        return await _conflict_page(request, hand_off_id, answers(typed))
    problems = await keep_files(portal, hand_off, visitor.officer, posted.files, typed, now)
    problems += none_chosen(form_of(hand_off), button, posted.files)
    request.scope["files_to_choose_again"] = False
    if problems:
        return await _form_page(request, visitor, hand_off_id, typed=answers(typed), problems=problems)
    return None


@router.get("/hand-offs/{hand_off_id}/files/{sha256}")
async def file(request: Request, hand_off_id: str, sha256: str, visitor: SignedIn) -> Response:
    """A file of the form: the officer's own that is not handed in yet, or one that came or went with the form."""
    portal = portal_of(request)
    async with portal.runtime.ledger.read() as connection:
        hand_off = await _hand_off(connection, hand_off_id)
        now = await portal.runtime.ledger.clock.now(connection)
        if not may_act(portal.runtime.directory, visitor.rights, hand_off, now):
            raise Refused("refused:not_holder", "refused.not_holder", detail=hand_off_id)
        uploaded = await uploads.of_officer(connection, hand_off_id, visitor.officer)
        closing = await closing_event(connection, hand_off)
        submitted = closing.content.get("data", {}) if closing else {}
        directive = await directive_of(connection, hand_off)
        beside = (*files_within(hand_off, uploaded, submitted), *(directive.attachments if directive else ()))
        named = next((f for f in beside if f.sha256 == sha256), None)
        if named is None:
            raise NotFound
        try:
            found = await documents.get(connection, sha256)
        except DocumentIsMissing:
            raise NotFound from None
    await note_security(request, "read:document", officer=visitor.officer, detail=f"{hand_off_id} {named.name}")
    return download(found.content, named.media_type, named.name, may_show=True)


# --- when it is over ---------------------------------------------------------------------------------------


async def _conflict_page(request: Request, hand_off_id: str, typed: Typed) -> Response:
    """The form came too late; what was typed is shown for copying."""
    portal = portal_of(request)
    async with portal.runtime.ledger.read() as connection:
        hand_off = await _hand_off(connection, hand_off_id)
        closing = await closing_event(connection, hand_off)
        directive = await directive_of(connection, hand_off)
        uploaded = await uploads.of_officer(connection, hand_off_id, request.scope["visitor"].officer)
    return _over(request, hand_off, directive, closing, typed, uploaded, status=409)


async def _closed_page(
    request: Request, hand_off: HandOff, directive: Directive | None, draft: Draft | None, uploaded: Uploads
) -> Response:
    """The form of work that is no longer open: what was asked and answered, and one's own draft for copying."""
    async with portal_of(request).runtime.ledger.read() as connection:
        closing = await closing_event(connection, hand_off)
    return _over(request, hand_off, directive, closing, draft.data if draft else {}, uploaded, status=200)


def _over(
    request: Request,
    hand_off: HandOff,
    directive: Directive | None,
    closing: Event | None,
    typed: Mapping[str, Any],
    uploaded: Uploads,
    *,
    status: int,
) -> Response:
    w, form = wording_of(request), FORMS.get(hand_off.form)
    choices = FormContext(choices=w.context(hand_off.context).choices)
    said = closing.content if closing else {}
    return page(
        request,
        "hand_off_over",
        status=status,
        hand_off=hand_off,
        directive=directive,
        subject=hand_off.about,
        title=form_title(hand_off, w),
        closing=closing,
        reason=said.get("reason", ""),
        answer=readable(form, said.get("data", {}), w.context(hand_off.context), w.language),
        files=tuple(chain.from_iterable(uploaded.values())),
        typed=readable(form, typed, choices, w.language) if typed else (),
    )


async def closing_event(connection: Any, hand_off: HandOff) -> Event | None:
    """The event that ended the work; None while it is open."""
    if hand_off.closed_seq is None:
        return None
    events = await reading.history(connection, hand_off.case_id, after=hand_off.closed_seq - 1, limit=1)
    return events[0] if events else None


@router.get("/hand-offs/{hand_off_id}/receipt")
async def receipt_page(request: Request, hand_off_id: str, visitor: SignedIn) -> Response:
    """The ledger's receipt: number, moment, who, and the beginning of the hash."""
    portal = portal_of(request)
    async with portal.runtime.ledger.read() as connection:
        hand_off = await _hand_off(connection, hand_off_id)
        now = await portal.runtime.ledger.clock.now(connection)
        closing = await closing_event(connection, hand_off)
    if not may_act(portal.runtime.directory, visitor.rights, hand_off, now):
        return await _for_readers(request, visitor, hand_off)
    if hand_off.state != SUBMITTED or closing is None:
        return RedirectResponse(f"/hand-offs/{hand_off_id}", 303)
    w = wording_of(request)
    return page(
        request, "receipt", hand_off=hand_off, subject=hand_off.about, closing=closing,
        title=form_title(hand_off, w), directive=None,
        answer=readable(FORMS.get(hand_off.form), closing.content["data"], w.context(hand_off.context), w.language),
        limited=visitor.session.hand_off is not None,
    )  # fmt: skip
