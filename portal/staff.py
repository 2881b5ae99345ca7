"""Handing in the personnel records for award money (P10): a template, an upload, what is wrong by row and column."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from flows.staff import WORKBOOK, AllocationStanding, allocation, hand_in_staff, running_allocations, template_of
from ledger.errors import CaseIsClosed, FormWasUsed, RecordsAreInUse, UnknownCase
from portal.acting import as_unit
from portal.body import text as typed_text
from portal.download import download
from portal.errors import NotFound, Refused
from portal.pages import language_of, page
from portal.session import new_id
from portal.start_page import LONGEST_KEY, ONCE
from portal.state import Portal, portal_of
from portal.texts import text
from portal.visitor import PostedFormWithFiles, SignedIn, Visitor
from portal.year_doors import personnel_of, year_doors
from rules.errors import BrokenStaffFile, FileNotTaken
from schemas.attachment import MEDIA_TYPES, FileKind
from schemas.base import UnitId
from schemas.form import Problem

router = APIRouter(prefix="/start/staff")
HERE = "/start/staff"
FIELD = "workbook"
PROBLEMS_SHOWN = 100


@router.get("")
async def staff_page(request: Request, visitor: SignedIn) -> Response:
    return await _page(request, visitor)


async def _page(
    request: Request,
    visitor: Visitor,
    *,
    case: str = "",
    once: str = "",
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response:
    """The allocations for which the visitor hands in records; `problems` are those of the file sent for `case`."""
    portal, language = portal_of(request), language_of(request)
    units = _units(request, visitor)
    async with portal.runtime.ledger.read() as connection:
        found = await running_allocations(portal.runtime, connection)
    mine = [each for each in found if personnel_of(portal, each.data.agency) in units]
    return page(
        request, "start_staff", status=status, here_at=HERE, allocations=mine, once=once or new_id(), field=FIELD,
        sent_for=case, wrong=[p.en if language == "en" else p.th for p in problems[:PROBLEMS_SHOWN]],
        wrong_in_all=len(problems), limits=WORKBOOK, finished=request.query_params.get("done", ""),
    )  # fmt: skip


@router.get("/{case_id}/template.xlsx")
async def template(request: Request, case_id: str, visitor: SignedIn) -> Response:
    portal = portal_of(request)
    standing, _ = await _standing(request, case_id, visitor)
    content = await asyncio.to_thread(template_of, portal.runtime, standing, dated=visitor.now)
    name = f"ทะเบียนบุคคล-{standing.data.fiscal_year}.xlsx"
    return download(content, MEDIA_TYPES[FileKind.XLSX], name)


@router.post("/{case_id}")
async def hand_in(request: Request, case_id: str, posted: PostedFormWithFiles) -> Response:
    """All of the workbook is recorded, or nothing of it."""
    try:
        return await _handed_in(request, case_id, posted)
    finally:
        for file in posted.files:
            file.close()


async def _handed_in(request: Request, case_id: str, posted: PostedFormWithFiles) -> Response:
    portal, visitor = portal_of(request), posted.visitor
    standing, unit = await _standing(request, case_id, visitor)
    once = typed_text(posted.typed, ONCE)[:LONGEST_KEY]
    sent = next((file for file in posted.files if file.into == FIELD), None)
    if sent is None:
        none = Problem(field="", th=text("staff.no_file", "th"), en=text("staff.no_file", "en"))
        return await _page(request, visitor, case=case_id, once=once, problems=(none,), status=422)
    try:
        async with portal.taking_files:
            await hand_in_staff(
                portal.runtime, standing, sent.name, await asyncio.to_thread(sent.read), unit=unit,
                actor=as_unit(portal.runtime.directory, visitor, unit), once=once,
            )  # fmt: skip
    except BrokenStaffFile as broken:
        return await _page(request, visitor, case=case_id, problems=broken.problems, status=422)
    except FileNotTaken as refused:
        problem = Problem(field="", th=refused.th, en=refused.en)
        return await _page(request, visitor, case=case_id, problems=(problem,), status=422)
    except (RecordsAreInUse, CaseIsClosed, FormWasUsed) as late:
        problem = Problem(field="", th=late.message_th, en=late.message_en)
        return await _page(request, visitor, case=case_id, problems=(problem,), status=409)
    return RedirectResponse(f"{HERE}?done=sent", 303)


def _units(request: Request, visitor: Visitor) -> tuple[UnitId, ...]:
    """:raises Refused: the visitor answers for nobody's records."""
    units = year_doors(portal_of(request), visitor).staff
    if not units:
        raise Refused("refused:role", "refused.start", detail="staff")
    return units


async def _standing(request: Request, case_id: str, visitor: Visitor) -> tuple[AllocationStanding, UnitId]:
    """The allocation, and the unit that answers for its records. :raises NotFound, Refused:"""
    portal: Portal = portal_of(request)
    units = _units(request, visitor)
    async with portal.runtime.ledger.read() as connection:
        try:
            standing = await allocation(portal.runtime, connection, case_id)
        except (UnknownCase, ValueError):
            raise NotFound from None
    unit = personnel_of(portal, standing.data.agency)
    if unit is None or unit not in units:
        raise Refused("refused:role", "refused.start", detail=f"staff {case_id}")
    return standing, unit
