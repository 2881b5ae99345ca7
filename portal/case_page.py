"""Cases: the list of those one may read, and the page of one with its history."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter
from prefect.settings import PREFECT_UI_URL
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from engine import actions
from engine.actions import CaseIsNotStopped
from engine.errors import UnknownProcess
from engine.process import process_named, processes
from flows.staff import PROCESS as AWARD
from flows.year_standing import PROCESS as YEAR
from flows.year_standing import changes_of
from ledger import boards, documents, reading
from ledger.cases import CaseView
from ledger.errors import (
    CalledCaseIsNeeded,
    CaseIsClosed,
    CaseIsNotClosed,
    CaseStaysClosed,
    DocumentIsMissing,
    UnknownCase,
)
from ledger.hand_offs import HandOff, hand_off_id
from portal.acting import actor_of, as_secretariat
from portal.audit_wording import AuditWording
from portal.auditing import record_reading
from portal.body import text
from portal.case_about import WEEKLY_REPORT, facts_of, process_title, weekly_reports
from portal.change_lines import change_line
from portal.download import download
from portal.errors import NotFound, Refused
from portal.hand_offs import addressee, form_title, holder_name, unit_name
from portal.pages import language_of, page, wording_of
from portal.paging import Paging, number_in
from portal.personal import may_read_personal, personal_documents
from portal.rights import may_act, may_read_case
from portal.state import Portal, portal_of
from portal.timeline import Reader, timeline
from portal.visitor import PostedForm, SignedIn, Visitor
from portal.week_part import EVENTS_SHOWN, as_seen, part_of, sees_whole, whole_of
from portal.wording import Wording, due_group
from rules.calendar import bangkok_date, fiscal_year_be
from schemas.agreement import ChangeAsked

router = APIRouter()

PER_PAGE = 30
UNITS_SHOWN = 12
FILTERS = ("q", "process", "unit", "state", "year")
STATES = ("open", "completed", "cancelled", "superseded")
STOPPED = frozenset({"failed", "detached"})


def names(portal: Portal, w: Wording) -> Callable[[str], str]:
    return lambda unit: unit_name(portal, unit, w)


# --- the list ----------------------------------------------------------------------------------------------


@router.get("/cases")
async def cases_page(request: Request, visitor: SignedIn) -> Response:
    portal, rights, language = portal_of(request), visitor.rights, language_of(request)
    asked = {
        name: request.query_params.get(name, "").strip()[:200] for name in ("q", "process", "unit", "state", "year")
    }
    wanted: dict[str, Any] = {
        "text": asked["q"] or None,
        "process": asked["process"] or None,
        "state": asked["state"] if asked["state"] in STATES else None,
        "unit": asked["unit"] or None,
        "fiscal_year_be": number_in(asked["year"], digits=4),
        "concerning": rights.readable,
    }
    async with portal.runtime.ledger.read() as connection:
        total = await reading.count_cases_where(connection, **wanted)
        paging = Paging.of(request, total=total, per_page=PER_PAGE)
        rows = await reading.cases_where(connection, limit=PER_PAGE, offset=paging.offset, **wanted)
    this_year = fiscal_year_be(bangkok_date(visitor.now))
    return page(
        request, "cases", asked=asked, paging=paging, cases=[as_seen(rights, case) for case in rows], states=STATES,
        process_title=lambda process: process_title(process, language),
        processes=[(p.id, process_title(p.id, language)) for p in processes()],
        units=portal.runtime.directory.agencies() if rights.reads_everything else (),
        years=range(this_year, this_year - 5, -1), finished=request.query_params.get("done", ""),
    )  # fmt: skip


# --- one case ----------------------------------------------------------------------------------------------


async def readable_case(connection: Any, request: Request, visitor: Visitor, case_id: str) -> CaseView:
    """The case, if the visitor may read it. :raises NotFound, Refused:"""
    try:
        case = await reading.case(connection, case_id)
    except UnknownCase:
        raise NotFound from None
    held_by = await reading.units_that_held(connection, case_id)
    portal = portal_of(request)
    checks = case.process == AWARD and may_read_personal(portal, visitor, case)  # before any work of theirs is open
    if not (checks or may_read_case(visitor.rights, case, held_by)):
        raise Refused("refused:not_holder", "refused.case", detail=case_id)
    return case


@router.get("/cases/{case_id}")
async def case_page(request: Request, case_id: str, visitor: SignedIn) -> Response:
    return await _case_page(request, visitor, case_id)


async def _case_page(request: Request, visitor: Visitor, case_id: str, *, problem: str = "") -> Response:
    portal, w = portal_of(request), wording_of(request)
    async with portal.runtime.ledger.read() as connection:
        case = as_seen(visitor.rights, await readable_case(connection, request, visitor, case_id))
        whole = sees_whole(visitor.rights, case)
        if whole:
            shown = await whole_of(connection, case, _last_shown(request, case))
        else:
            shown = await part_of(connection, portal, visitor.rights, case)
        told_of = await reading.hand_offs_named(connection, {hand_off_id(case_id, event.key) for event in shown.events})
        # Only a directive has any; a week's history is long.
        recorded = await reading.events_named(connection, case_id, *WEEKLY_REPORT) if "directive" in case.data else ()
        children = await reading.children_of(connection, case_id)
        has_board = await boards.has_board(connection, case_id, concerning=visitor.rights.readable)
        parents = await reading.cases_named(connection, [case.parent_id] if case.parent_id else [])
        asked = await _changes_asked(connection, case)
        personal = await personal_documents(connection, case)
        needed_by = await actions.caller_in_need(connection, case_id, case.process) if case.parent_id else None
        now = await portal.runtime.ledger.clock.now(connection)
    await record_reading(request, visitor, case, "case")
    named = names(portal, w)
    reader = Reader(
        w=w, addressee=lambda asked: addressee(portal, asked, w),
        reads_personal=lambda unit: may_read_personal(portal, visitor, case, of=unit),
        step=partial(AuditWording(w.language).step_of, case.process),
    )  # fmt: skip
    return page(
        request, "case", status=422 if problem else 200, case=case, process=process_title(case.process, w.language),
        facts=facts_of(case, w, named), units=[named(unit) for unit in case.units], units_shown=UNITS_SHOWN,
        work=[_work_line(portal, visitor, h, w) for h in shown.work], open_in_all=shown.open_in_all, now=now,
        reports=weekly_reports(recorded, w), first=shown.first, last=shown.last, per_page=EVENTS_SHOWN, whole=whole,
        stretches=timeline(shown.events, {h.key: h for h in told_of.values()}, reader),
        changes=[change_line(each, w) for each in reversed(asked)], documents=shown.documents,
        closed_documents=frozenset() if may_read_personal(portal, visitor, case) else personal,
        mails=shown.mails, mails_in_all=shown.mails_in_all, children=children,
        parent=parents.get(case.parent_id or ""), run_url=_run_url(visitor, case),
        may_take_up=visitor.rights.is_administrator and case.state == "open" and case.run_state in STOPPED,
        may_cancel=visitor.rights.is_secretariat and case.state == "open" and needed_by is None,
        is_needed=visitor.rights.is_secretariat and case.state == "open" and needed_by is not None,
        may_reopen=visitor.rights.is_secretariat and case.state == "completed" and _reopens(case),
        finished=request.query_params.get("done", ""), problem=problem, year_board=_year_board(visitor, case),
        stopped=case.run_state in STOPPED and case.state == "open", has_board=has_board,
    )  # fmt: skip


def _reopens(case: CaseView) -> bool:
    """Whether the process, as this version knows it, goes on when the case is reopened."""
    try:
        return process_named(case.process).goes_on_after(case.result)
    except (UnknownProcess, ValueError):  # of an older version, or spoiled
        return False


async def _changes_asked(connection: Any, case: CaseView) -> tuple[ChangeAsked, ...]:
    """What became of requests to change a year; nothing where somebody has spoiled one: the history says which."""
    try:
        return await changes_of(connection, case.id) if case.process == YEAR else ()
    except (ValueError, KeyError, TypeError):
        return ()


def _year_board(visitor: Visitor, case: CaseView) -> str:
    """The board of the agreement year that a case is part of; empty where there is none, or not for the visitor."""
    said = case.data.get("book") or case.data
    agency, year = said.get("agency"), said.get("fiscal_year")
    shown = isinstance(agency, str) and isinstance(year, int) and visitor.rights.reads_year_of(agency)
    return f"/years/{agency}/{year}" if shown else ""


def _last_shown(request: Request, case: CaseView) -> int:
    """The number of the last event on the page: the latest, or the one asked for.

    Events are numbered from 1 without gaps and never change, so an address that names one always shows the same.
    """
    asked = number_in(request.query_params.get("until", ""), digits=9)
    return case.head_seq if asked is None else min(max(asked, 1), case.head_seq)


def _work_line(portal: Portal, visitor: Visitor, hand_off: HandOff, w: Wording) -> dict[str, Any]:
    return {
        "hand_off": hand_off,
        "title": form_title(hand_off, w),
        "unit": holder_name(portal, hand_off, w),
        "group": due_group(hand_off.due_at, visitor.now),
        "relative": w.relative(hand_off.due_at, visitor.now) if hand_off.due_at else "",
        "mine": bool(may_act(portal.runtime.directory, visitor.rights, hand_off, visitor.now)),
    }


def _run_url(visitor: Visitor, case: CaseView) -> str:
    """Where Prefect shows the run, for those who run the system: whoever opens it may stop the run there."""
    shown_at = PREFECT_UI_URL.value()
    shown = visitor.rights.is_administrator and shown_at and case.flow_run_id
    return f"{str(shown_at).rstrip('/')}/runs/flow-run/{case.flow_run_id}" if shown else ""


@router.get("/cases/{case_id}/documents/{sha256}")
async def document(request: Request, case_id: str, sha256: str, visitor: SignedIn) -> Response:
    """A document of the case; its content is checked against its hash."""
    async with portal_of(request).runtime.ledger.read() as connection:
        case = await readable_case(connection, request, visitor, case_id)
        if not sees_whole(visitor.rights, case):
            raise Refused("refused:not_holder", "refused.weeks", detail=f"{case_id} {sha256[:12]}")
        closed = sha256 in await personal_documents(connection, case)
        if closed and not may_read_personal(portal_of(request), visitor, case):
            raise Refused("refused:not_holder", "refused.personal", detail=f"{case_id} {sha256[:12]}")
        named = next((d for d in await documents.of_case(connection, case_id) if d.sha256 == sha256), None)
        if named is None:
            raise NotFound
        try:
            found = await documents.get(connection, sha256)
        except DocumentIsMissing:
            raise NotFound from None
    await record_reading(request, visitor, case, "document", detail=named.name)
    return download(found.content, named.media_type, named.name, may_show=True)


# --- verbs -------------------------------------------------------------------------------------------------


def _reason(posted: PostedForm) -> str:
    return text(posted.typed, "reason")[:2000]


@router.post("/cases/{case_id}/cancel")
async def cancel(request: Request, case_id: str, posted: PostedForm) -> Response:
    """The secretariat cancels a case, by order; open work is withdrawn and its holders are told.

    Refused where the case that called this one waits for its result; the page then says what can be done.
    """
    runtime, visitor = portal_of(request).runtime, posted.visitor
    _require(visitor.rights.is_secretariat)
    if not _reason(posted):
        return await _case_page(request, visitor, case_id, problem="case.reason_missing")
    try:
        actor = as_secretariat(runtime.directory, visitor)
        await actions.cancel_case(runtime, case_id, reason=_reason(posted), actor=actor)
    except UnknownCase:
        raise NotFound from None
    except CaseIsClosed:
        return await _case_page(request, visitor, case_id, problem="case.is_closed")
    except CalledCaseIsNeeded:
        return await _case_page(request, visitor, case_id, problem="case.is_needed")
    return RedirectResponse(f"/cases/{case_id}?done=cancelled", 303)


@router.post("/cases/{case_id}/reopen")
async def reopen(request: Request, case_id: str, posted: PostedForm) -> Response:
    """The secretariat takes a completed case up again, with a reason (the audited exception to R0.3)."""
    runtime, visitor = portal_of(request).runtime, posted.visitor
    _require(visitor.rights.is_secretariat)
    if not _reason(posted):
        return await _case_page(request, visitor, case_id, problem="case.reason_missing")
    try:
        actor = as_secretariat(runtime.directory, visitor)
        await actions.reopen_case(runtime, case_id, reason=_reason(posted), actor=actor)
    except UnknownCase:
        raise NotFound from None
    except CaseIsNotClosed:
        return await _case_page(request, visitor, case_id, problem="case.is_not_closed")
    except CaseStaysClosed:
        return await _case_page(request, visitor, case_id, problem="case.stays_closed")
    return RedirectResponse(f"/cases/{case_id}?done=reopened", 303)


@router.post("/cases/{case_id}/take-up")
async def take_up(request: Request, case_id: str, posted: PostedForm) -> Response:
    """An administrator gives a case a new run after its run has failed or was lost in Prefect."""
    visitor = posted.visitor
    _require(visitor.rights.is_administrator)
    try:
        await actions.take_up(portal_of(request).runtime, case_id, actor=actor_of(visitor))
    except UnknownCase:
        raise NotFound from None
    except (CaseIsNotStopped, CaseIsClosed):
        return await _case_page(request, visitor, case_id, problem="case.is_not_stopped")
    return RedirectResponse(f"/cases/{case_id}?done=taken_up", 303)


def _require(allowed: bool) -> None:
    if not allowed:
        raise Refused("refused:role", "refused.role")
