"""The secretariat's week board, and an agency's own part of it for its planning unit; the print-outs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from ledger import documents, reading
from ledger.cases import CaseView
from portal.auditing import record_reading
from portal.case_page import names
from portal.download import download
from portal.errors import NotFound, Refused
from portal.pages import page, wording_of
from portal.rights import Rights
from portal.state import Portal, portal_of
from portal.visitor import SignedIn
from portal.week_board import CHECKS, REPORT, Board, Standing, board_of
from reports.printout import printout_pdf, printout_xlsx
from rules.thai import file_date
from rules.week import week_of
from schemas.directive import Level
from schemas.labels import label
from schemas.printout import Printout
from schemas.weekly import ReportingWeek, WeekSnapshot
from tasks.letterhead import house_style
from tasks.papers import PDF, XLSX, file_name
from tasks.printout import TITLE
from tasks.week_snapshot import snapshot_as_of

router = APIRouter(prefix="/weeks")

WEEKS_SHOWN = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A week's case with all that its pages and print-outs need."""

    case: CaseView
    board: Board
    frozen: str | None
    """SHA-256 of the immutable snapshot of the cut-off; None while the week runs."""
    now: datetime


def _require_weeks(rights: Rights) -> None:
    if not rights.sees_weeks:
        raise Refused("refused:role", "refused.weeks")


@router.get("")
async def weeks_page(request: Request, visitor: SignedIn) -> Response:
    """The weeks of the last half-year that were opened, the current one first."""
    _require_weeks(visitor.rights)
    portal, w = portal_of(request), wording_of(request)
    async with portal.runtime.ledger.read() as connection:
        now = await portal.runtime.ledger.clock.now(connection)
        standing = week_of(now, calendar=portal.runtime.calendar, policy=portal.runtime.policy.weekly)
        # One week ahead as well: it is opened at the cut-off of this one.
        fridays = [standing.friday + timedelta(weeks=1 - n) for n in range(WEEKS_SHOWN)]
        found = await reading.cases_named(connection, [_case_id(friday) for friday in fridays])
    lines = [
        {"friday": friday.isoformat(), "case": case, "week": w.week(_week(case)), "cut_off": _week(case).cut_off}
        for friday in fridays
        if (case := found.get(_case_id(friday))) is not None
    ]
    return page(request, "weeks", weeks=lines, now=now)


def _case_id(friday: date) -> str:
    return f"week-{friday.isoformat()}"


def _week(case: CaseView) -> ReportingWeek:
    return ReportingWeek.model_validate(case.data["week"])


async def _load(portal: Portal, friday: str) -> Week:
    """:raises NotFound: no such week was opened."""
    try:
        case_id = _case_id(date.fromisoformat(friday))
    except ValueError:
        raise NotFound from None
    directory, ledger = portal.runtime.directory, portal.runtime.ledger
    async with ledger.read() as connection:
        now = await ledger.clock.now(connection)
        case = (await reading.cases_named(connection, [case_id])).get(case_id)
        if case is None:
            raise NotFound
        work = [h for h in await reading.hand_offs_of_case(connection, case_id) if h.element in (REPORT, *CHECKS)]
        answers = await reading.answers(connection, work)
        directives = await reading.cases_named(connection, {h.subject for h in work})
    board = board_of(_week(case), work, answers, directives, directory, now)
    return Week(case=case, board=board, frozen=case.facts.get("snapshot"), now=now)


async def _snapshot(connection: AsyncConnection, portal: Portal, week: Week) -> WeekSnapshot:
    """The frozen snapshot, which the case names by its hash; before the cut-off the week as it stands now."""
    if week.frozen:
        return WeekSnapshot.model_validate_json((await documents.get(connection, week.frozen)).content)
    directory, previous = portal.runtime.directory, week.case.data.get("previous")
    return await snapshot_as_of(connection, directory, week.board.week, previous, as_of=week.now)


def _agency_shown(request: Request, rights: Rights) -> str | None:
    """The agency to which the board is narrowed; None for the whole ministry, which not everybody sees."""
    asked = request.query_params.get("agency") or None
    if rights.reads_everything:
        return asked
    if asked not in (None, rights.agency):
        raise Refused("refused:role", "refused.weeks", detail=asked)
    return rights.agency


@router.get("/{friday}")
async def week_page(request: Request, friday: str, visitor: SignedIn) -> Response:
    _require_weeks(visitor.rights)
    portal, w = portal_of(request), wording_of(request)
    week = await _load(portal, friday)
    agency = _agency_shown(request, visitor.rights)
    board = week.board.of(agency) if agency else week.board
    day = date.fromisoformat(friday)
    await record_reading(request, visitor, week.case, "week")
    return page(
        request, "week", case=week.case, board=board, week=w.week(board.week), friday=friday, now=week.now,
        frozen=week.frozen is not None, closed=week.now >= board.week.cut_off, agency=agency,
        agencies=[(a, names(portal, w)(a)) for a in week.board.agencies()] if visitor.rights.reads_everything else [],
        rows=[(a, names(portal, w)(a), board.of(a)) for a in board.agencies()],
        short={a: portal.units[a].short if a in portal.units else a for a in board.agencies()},
        unit_name=names(portal, w), standings=list(Standing), levels=_levels(board, w.language),
        level_name=lambda level: label(level, w.language),
        earlier=(day - timedelta(weeks=1)).isoformat(), later=(day + timedelta(weeks=1)).isoformat(),
    )  # fmt: skip


def _levels(board: Board, language: str) -> Mapping[str, int]:
    counts = board.levels()
    return {label(level, language): counts[level] for level in Level}


# --- print-outs --------------------------------------------------------------------------------------------


@router.get("/{friday}/printout.{kind}")
async def printout(request: Request, friday: str, kind: str, visitor: SignedIn) -> Response:
    """The table by the four levels, as PDF or workbook: of the frozen snapshot, or live with a watermark."""
    _require_weeks(visitor.rights)
    if kind not in ("pdf", "xlsx"):
        raise NotFound
    portal = portal_of(request)
    agency = _agency_shown(request, visitor.rights)
    week = await _load(portal, friday)
    async with portal.runtime.ledger.read() as connection:
        snapshot = await _snapshot(connection, portal, week)
    await record_reading(request, visitor, week.case, "printout", detail=kind)
    table = _printout(portal, snapshot, agency, live=week.frozen is None)
    name = f"{file_name('ข้อสั่งการ', table.agency_th, file_date(week.board.week.friday))}.{kind}"
    return await _printed(portal, table, kind, name)


def _printout(portal: Portal, snapshot: WeekSnapshot, agency: str | None, *, live: bool) -> Printout:
    directory = portal.runtime.directory
    unit = directory.unit(agency or directory.organisation.ministry)
    return Printout(
        title=TITLE, agency=agency, agency_th=unit.th, snapshot=snapshot.of_agency(agency) if agency else snapshot,
        live=live, as_of=snapshot.frozen_at,
    )  # fmt: skip


async def _printed(portal: Portal, value: Printout, kind: str, name: str) -> Response:
    if kind == "xlsx":
        return download(await asyncio.to_thread(printout_xlsx, value), XLSX, name)
    pdf = await asyncio.to_thread(printout_pdf, value, **house_style(portal.runtime))
    return download(pdf, PDF, name)
