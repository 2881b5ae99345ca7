"""One case as an auditor reads it: where its tokens stood at any event, who knew what, how long each step took.

The page reads the events of this case and no others. With `?seq=N` it shows the case after event N, so that every
moment has an address; with JavaScript a slider does the same on the diagram.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from audit.approved import approvals
from audit.durations import InStep, of_case, passed_in_case
from audit.errors import ModelWasChanged
from audit.sheet import Sheet
from audit.verdict import WHY_EN, WHY_TH
from ledger import documents, reading
from ledger.cases import CaseView
from ledger.conformances import Kept
from ledger.errors import UnknownCase
from ledger.outline import outline
from portal.audit_diagram import (
    EVENTS_AT_ONCE,
    NO_MODEL,
    Course,
    Drawn,
    Telling,
    drawn,
    first_of,
)
from portal.audit_findings import audited, names_of, read_deviation
from portal.audit_whole import Whole, whole_of
from portal.audit_wording import AuditWording
from portal.auditing import Auditor, auditing, record_reading
from portal.case_about import process_title
from portal.errors import NotFound
from portal.hand_offs import unit_name
from portal.pages import language_of, page, wording_of
from portal.paging import number_in
from portal.state import Portal, portal_of
from portal.wording import Wording
from schemas.base import Sha256

router = APIRouter(prefix="/audit")

TIMES_SHOWN = 60
"""Rows of the table of times; a week of a whole ministry has one for each of its divisions."""
VERIFIED_AT_ONCE = 1_000
"""Events of a history that is verified before its page is answered; the page of a longer one is read meanwhile."""
FOR_EVER = {"cache-control": "private, max-age=31536000, immutable"}


@router.get("/cases/{case_id}")
async def audit_case_page(request: Request, case_id: str, auditor: Auditor) -> Response:
    """The case after its last event, or after the one that is asked for."""
    w, a = wording_of(request), AuditWording(language_of(request))
    telling = Telling(w, a, unit_names(portal_of(request), w), officer_names(portal_of(request)))
    async with auditing(request).read() as connection:
        found = await audited(connection, case_id)
        case, kept = found.case, found.kept
        seq = _asked_for(request, case)
        model = await _model(connection, case)
        history = await outline(connection, case_id)
        events = await reading.history(connection, case_id, after=first_of(seq) - 1, limit=EVENTS_AT_ONCE)
        now = await portal_of(request).runtime.ledger.clock.now(connection)
        times = await of_case(connection, case_id, now)
        passed = await passed_in_case(connection, case_id, lanes_of(model.sheet), now)
        attached = await documents.of_case(connection, case_id)
    whole = await _whole(request, case, w) if case.head_seq <= VERIFIED_AT_ONCE else None
    await record_reading(request, auditor, case, "audit" if seq == case.head_seq else "replay")
    course = Course(model.sheet, history, telling, case.head_seq)
    part, stood = course.through(events, seq, now=now if seq == case.head_seq else None)
    return page(
        request, "audit_case", case=case, process=process_title(case.process, w.language), model=model, a=a, seq=seq,
        stood=stood, step=part.steps[seq - part.first], part=part, part_json=_within_a_page(part.as_json()),
        times=_time_lines(times, model.sheet, telling, a), times_in_all=len(times), passed=passed, documents=attached,
        per_part=EVENTS_AT_ONCE, found=found, whole=whole,
        names=names_of(portal_of(request), found), **_conformance(kept, case, w),
    )  # fmt: skip


@router.get("/cases/{case_id}/whole")
async def whole_page(request: Request, case_id: str, auditor: Auditor) -> Response:
    """Whether the history holds and keeps to its model, by itself: the page of a long case takes it in."""
    w = wording_of(request)
    async with auditing(request).read() as connection:
        found = await audited(connection, case_id)
    await record_reading(request, auditor, found.case, "whole")
    return page(
        request, "audit_whole", case=found.case, process=process_title(found.case.process, w.language), found=found,
        whole=await _whole(request, found.case, w), **_conformance(found.kept, found.case, w),
    )  # fmt: skip


@router.get("/cases/{case_id}/steps")
async def steps_part(request: Request, case_id: str, auditor: Auditor) -> Response:
    """The part of the history in which an event stands, for the slider."""
    w, a = wording_of(request), AuditWording(language_of(request))
    telling = Telling(w, a, unit_names(portal_of(request), w), officer_names(portal_of(request)))
    async with auditing(request).read() as connection:
        case = await audited_case(connection, case_id)
        seq = _asked_for(request, case)
        model = await _model(connection, case)
        history = await outline(connection, case_id, until=first_of(seq) + EVENTS_AT_ONCE - 1)
        events = await reading.history(connection, case_id, after=first_of(seq) - 1, limit=EVENTS_AT_ONCE)
    await record_reading(request, auditor, case, "replay")
    part, _ = Course(model.sheet, history, telling, case.head_seq).through(events, seq)
    return JSONResponse(part.as_json())


@router.get("/models/{sha256}.bpmn")
async def model_file(sha256: Sha256, _auditor: Auditor) -> Response:
    """An approved model, byte for byte. It is named by its hash, so it never changes."""
    approval = next((each for each in approvals() if each.sha256 == sha256), None)
    if approval is None:
        raise NotFound
    try:
        content = approval.content()
    except ModelWasChanged:
        raise NotFound from None
    named = {"content-disposition": f'inline; filename="{approval.path.name}"'}
    return Response(content, media_type="application/xml", headers=FOR_EVER | named)


# --- what is read ------------------------------------------------------------------------------------------


async def _whole(request: Request, case: CaseView, w: Wording) -> Whole:
    return await whole_of(auditing(request), case, portal_of(request).runtime.settings.anchor_key, w)


async def audited_case(connection: AsyncConnection, case_id: str) -> CaseView:
    """:raises NotFound:"""
    try:
        return await reading.case(connection, case_id)
    except UnknownCase:
        raise NotFound from None


def unit_names(portal: Portal, w: Wording) -> Callable[[str], str]:
    """Units by name, with their agency: in a week of the ministry many divisions are called alike."""

    def named(unit: str) -> str:
        name = unit_name(portal, unit, w)
        above = portal.runtime.directory.agency_of(unit) if unit in portal.units else None
        if above is None or above.id == unit:
            return name
        return f"{name} ({above.short if w.language == 'th' else w.unit(above)})"

    return named


def officer_names(portal: Portal) -> Callable[[str], str]:
    """Officers of today by name; empty for anybody else."""
    names = {each.id: each.name for each in portal.runtime.directory.organisation.officers}
    return lambda officer: names.get(officer, "")


async def _model(connection: AsyncConnection, case: CaseView) -> Drawn:
    """The model that the case recorded when it was opened."""
    first = await reading.history(connection, case.id, limit=1)
    try:
        (opened,) = first
        said = opened.content
        return drawn(said["process"], said["version"], said.get("model"))
    except (ValueError, KeyError, TypeError, AttributeError):  # spoiled or gone: verifying says so
        return Drawn(approval=None, sheet=NO_MODEL, trouble="audit_case.spoiled_model")


def lanes_of(sheet: Sheet) -> dict[str, str]:
    """The lane of each element at which people are asked."""
    return {each.id: each.lane for each in sheet.asked}


def _asked_for(request: Request, case: CaseView) -> int:
    """The event after which the case is shown: the last, or the one asked for."""
    asked = number_in(request.query_params.get("seq", ""), digits=9)
    return case.head_seq if asked is None else min(max(asked, 1), case.head_seq)


# --- what is shown -----------------------------------------------------------------------------------------


def _time_lines(
    times: tuple[InStep, ...], sheet: Sheet, telling: Telling, a: AuditWording
) -> list[dict[str, Any]]:  # fmt: skip
    return [
        {"of": each, "step": a.element(sheet.element(each.element), each.element), "unit": telling.unit(each.unit)}
        for each in times[:TIMES_SHOWN]
    ]


def _conformance(kept: Kept | None, case: CaseView, w: Wording) -> dict[str, Any]:
    """How the case keeps to its model, as far as it was compared."""
    deviation = read_deviation(kept.deviation) if kept and kept.deviation else None
    why = "" if deviation is None else (WHY_EN if w.language == "en" else WHY_TH)[deviation.why]
    return {"kept": kept, "deviation": deviation, "why": why, "behind": case.head_seq - kept.head_seq if kept else 0}


def _within_a_page(value: dict[str, Any]) -> str:
    """JSON that can stand in a page: nothing in it ends the element around it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
