"""Boards of cases in which many units work: the index of those under way, and the board of one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ledger import boards
from ledger.cases import CaseView
from portal.auditing import record_reading
from portal.board import Board, Row, State, board_of
from portal.board_sheet import sheet_of_board
from portal.board_wording import SIGNS, BoardWording, order_of
from portal.case_about import process_title
from portal.case_page import names, readable_case
from portal.download import download
from portal.pages import language_of, page
from portal.paging import Paging
from portal.state import Portal, portal_of
from portal.visitor import SignedIn, Visitor
from portal.week_part import agency_of, is_of_part, sees_whole
from portal.wording import Wording
from reports.board_workbook import board_xlsx
from schemas.organisation import Unit
from tasks.papers import XLSX

router = APIRouter()

PER_PAGE = 30


@router.get("/boards")
async def boards_page(request: Request, visitor: SignedIn) -> Response:
    """The open cases that have a board, the latest opened first; called ones only where their process is asked for.

    A case that was called is part of its caller's board, and a province calls one for each agency.
    """
    portal, language = portal_of(request), language_of(request)
    asked = request.query_params.get("process", "")
    async with portal.runtime.ledger.read() as connection:
        now = await portal.runtime.ledger.clock.now(connection)
        found = await boards.standings(connection, now, concerning=visitor.rights.readable)
    processes = sorted({each.process for each in found})
    listed = {each.case_id for each in found}
    shown = [each for each in found if (each.process == asked if asked else each.parent_id not in listed)]
    paging = Paging.of(request, total=len(shown), per_page=PER_PAGE)
    return page(
        request, "boards", paging=paging, boards=shown[paging.offset : paging.offset + PER_PAGE], asked=asked,
        process_title=lambda process: process_title(process, language),
        processes=[(process, process_title(process, language)) for process in processes],
    )  # fmt: skip


# --- one board ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A board as a visitor has asked for it."""

    case: CaseView
    whole: Board
    board: Board
    """Narrowed to what was asked for."""
    agencies: tuple[Unit, ...]
    text: str
    agency: str
    late: bool
    now: datetime


async def _shown(request: Request, visitor: Visitor, case_id: str) -> Shown:
    """:raises NotFound, Refused: who may not read the case may not read its board."""
    portal, ledger = portal_of(request), portal_of(request).runtime.ledger
    async with ledger.read() as connection:
        case = await readable_case(connection, request, visitor, case_id)
        cases, work = await boards.family(connection, case_id, concerning=visitor.rights.readable)
        now = await ledger.clock.now(connection)
    if not sees_whole(visitor.rights, case):
        ours = is_of_part(portal, visitor.rights)
        work = tuple(each for each in work if each.about and ours(each.unit))
    whole = board_of(cases, work, [*portal.units], order_of, now)
    text, agency = (request.query_params.get(name, "").strip()[:200] for name in ("q", "agency"))
    late = request.query_params.get("late") == "1"

    def keeps(row: Row) -> bool:
        return (
            (not late or row.overdue)
            and (not agency or agency_of(portal, row.unit) == agency)
            and (not text or any(text.casefold() in name.casefold() for name in _names(portal, row.unit)))
        )

    of_rows = {agency_of(portal, row.unit) for row in whole.rows}
    return Shown(
        case=case, whole=whole, board=whole.only(keeps), now=now, text=text, agency=agency, late=late,
        agencies=tuple(unit for unit in portal.runtime.directory.agencies() if unit.id in of_rows),
    )  # fmt: skip


def _row_names(portal: Portal, board: Board, w: Wording) -> Callable[[str], str]:
    """What units are called on the board: with their agency where two rows would have one name."""
    named = names(portal, w)
    often = Counter(named(row.unit) for row in board.rows)

    def name(unit: str) -> str:
        said, agency = named(unit), agency_of(portal, unit)
        return f"{said} ({named(agency)})" if often[said] > 1 and agency not in ("", unit) else said

    return name


def _names(portal: Portal, unit: str) -> Iterator[str]:
    """By what a unit can be found: the names of its agency as well."""
    for known in filter(None, map(portal.units.get, (unit, agency_of(portal, unit)))):
        yield from (known.th, known.en or "", known.short)


@router.get("/cases/{case_id}/board")
async def board_page(request: Request, case_id: str, visitor: SignedIn) -> Response:
    """Every unit and every step, as the hand-offs stand now."""
    shown = await _shown(request, visitor, case_id)
    portal = portal_of(request)
    b = BoardWording(language_of(request), portal.english_names)
    await record_reading(request, visitor, shown.case, "case")
    return page(
        request, "board", of=shown, b=b, case=shown.case, board=shown.board, whole=shown.whole, states=State,
        counts=shown.whole.counts(), signs=SIGNS, process=process_title(shown.case.process, b.language),
        query=request.url.query,
        unit_name=_row_names(portal, shown.whole, b), labels={step: b.step(step) for step in shown.board.steps},
    )  # fmt: skip


@router.get("/cases/{case_id}/board.xlsx")
async def board_workbook(request: Request, case_id: str, visitor: SignedIn) -> Response:
    """What stands on the board, and below it each piece of work with its days."""
    shown = await _shown(request, visitor, case_id)
    portal = portal_of(request)
    b = BoardWording(language_of(request), portal.english_names)
    await record_reading(request, visitor, shown.case, "printout", detail="board.xlsx")
    sheet = sheet_of_board(shown.case, shown.board, b, _row_names(portal, shown.whole, b), shown.now)
    return download(await asyncio.to_thread(board_xlsx, sheet), XLSX, f"กระดานติดตาม-{case_id}.xlsx")
