"""Agreement years: the board of กพร., a KPI, a unit, the executive summary and the calendar. They only read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from flows.year_calendar import CALENDAR_MOVE
from ledger import reading
from ledger.cases import CaseView
from ledger.hand_offs import OPEN, HandOff
from portal.acting import may_move_days
from portal.auditing import record_reading
from portal.case_page import names
from portal.errors import NotFound, Refused
from portal.hand_offs import form_title
from portal.pages import page, wording_of
from portal.paging import number_in
from portal.rights import Rights, may_act
from portal.state import Portal, portal_of
from portal.visitor import SignedIn, Visitor
from portal.wording import Wording, due_group
from portal.year_board import YearBoard, board_of
from portal.year_book import values_said
from portal.year_chart import result_chart, score_chart
from portal.year_days import days_of
from portal.year_progress import follow_ups
from portal.year_records import YearRecords, read_year
from portal.year_summary import award_stage, summary_of
from portal.year_wording import YearWording
from schemas.agreement import AgreementCase
from schemas.kpi import Round

router = APIRouter(prefix="/years")

YEARS_SHOWN = 50
YEAR = "/{agency}/{fiscal_year}"


# --- the years ---------------------------------------------------------------------------------------------


@router.get("")
async def years_page(request: Request, visitor: SignedIn) -> Response:
    """The agreement years that the visitor may read, or in which the visitor's unit holds or held work."""
    rights, portal, w = visitor.rights, portal_of(request), wording_of(request)
    if not rights.sees_years:
        raise Refused("refused:role", "refused.years")
    # กพร. and the head's office see their agency's; an officer of a unit those in which the unit has had work.
    concerning = None if rights.reads_everything else (*rights.concerned, *rights.year_boards)
    async with portal.runtime.ledger.read() as connection:
        found = await reading.cases_where(
            connection, process="agreement-cycle", concerning=concerning, limit=YEARS_SHOWN
        )  # fmt: skip
    named = names(portal, w)
    lines = [
        {"case": case, "agency": named(case.data["book"]["agency"]), "year": case.data["book"]["fiscal_year"],
         "address": _first_page(portal, rights, case)}
        for case in found
    ]  # fmt: skip
    return page(request, "years", years=lines)


def _first_page(portal: Portal, rights: Rights, case: CaseView) -> str:
    """The board, the visitor's unit, or, for a body outside the agency, the case."""
    book = AgreementCase.model_validate(case.data).book
    at = f"/years/{book.agency}/{book.fiscal_year}"
    if rights.reads_year_of(book.agency):
        return at
    directory = portal.runtime.directory
    own = (unit for unit in rights.units if (above := directory.agency_of(unit)) and above.id == book.agency)
    unit = next(own, None)
    return f"{at}/units/{unit}" if unit else f"/cases/{case.id}"


# --- one year ----------------------------------------------------------------------------------------------


def _year(fiscal_year: str) -> int:
    """:raises NotFound: it is no year of the Buddhist era."""
    if not (fiscal_year.isascii() and fiscal_year.isdigit() and len(fiscal_year) == 4):
        raise NotFound
    return int(fiscal_year)


def _require_board(rights: Rights, agency: str) -> None:
    if not rights.reads_year_of(agency):
        raise Refused("refused:role", "refused.years", detail=agency)


async def _read(request: Request, agency: str, year: int, *, course: bool = False) -> YearRecords:
    """:raises NotFound: no such year was opened."""
    runtime = portal_of(request).runtime
    async with runtime.ledger.read() as connection:
        return await read_year(connection, runtime, agency, year, course=course)


def _shown(request: Request, records: YearRecords, board: YearBoard) -> dict[str, Any]:
    """What every page of a year knows."""
    portal, w = portal_of(request), wording_of(request)
    return {
        "records": records, "board": board, "case": records.case, "now": records.now, "rounds": board.rounds,
        "agency": records.agency, "year": records.fiscal_year, "at": f"/years/{records.agency}/{records.fiscal_year}",
        "unit_name": names(portal, w), "unit_short": _shorts(portal), "y": YearWording(w.language),
        "may_board": request.scope["visitor"].rights.reads_year_of(records.agency),
    }  # fmt: skip


def _shorts(portal: Portal) -> Mapping[str, str]:
    return {unit.id: unit.short for unit in portal.units.values()}


@router.get(YEAR)
async def board_page(request: Request, agency: str, fiscal_year: str, visitor: SignedIn) -> Response:
    """Each KPI and round: state, score, traffic light, who holds it."""
    _require_board(visitor.rights, agency)
    records = await _read(request, agency, _year(fiscal_year))
    board = board_of(records, portal_of(request).runtime.policy.agreement)
    await record_reading(request, visitor, records.case, "year")
    return page(request, "year", **_shown(request, records, board))


@router.get(f"{YEAR}/kpis/{{number}}")
async def kpi_page(request: Request, agency: str, fiscal_year: str, number: str, visitor: SignedIn) -> Response:
    """A KPI: what was agreed, how it came to be so, and what was scored."""
    portal, rights = portal_of(request), visitor.rights
    if not (rights.reads_everything or agency in rights.agreements):
        raise Refused("refused:role", "refused.years", detail=agency)
    records = await _read(request, agency, _year(fiscal_year), course=True)
    board = board_of(records, portal.runtime.policy.agreement)
    row = board.rows.get(number)
    if row is None:
        raise NotFound
    if not rights.reads_year_for(agency, row.holders):
        raise Refused("refused:not_holder", "refused.years.kpi", detail=f"{records.case.id} {number}")
    await record_reading(request, visitor, records.case, "year")  # what was refused was not read
    people = {officer.id: officer for officer in portal.runtime.directory.organisation.officers}
    return page(
        request, "year_kpi", row=row, kpi=row.kpi, values=values_said(records, number), people=people,
        responsible=[(round_, row.kpi.responsible_at(round_)) for round_ in Round],
        scores=score_chart(row, board), results=result_chart(row, board),
        followed=[(each, each.lights[number]) for each in follow_ups(records) if number in each.lights],
        **_shown(request, records, board),
    )  # fmt: skip


@router.get(f"{YEAR}/units/{{unit}}")
async def unit_page(request: Request, agency: str, fiscal_year: str, unit: str, visitor: SignedIn) -> Response:
    """A unit in the year: its KPIs, its open work, its monthly lights, and its part of the award money."""
    portal, rights = portal_of(request), visitor.rights
    if not rights.reads_year_for(agency, [unit]):
        raise Refused("refused:not_holder", "refused.years.unit", detail=f"{agency} {unit}")
    above = portal.runtime.directory.agency_of(unit) if unit in portal.units else None
    if above is None or above.id != agency:
        raise NotFound
    records = await _read(request, agency, _year(fiscal_year), course=True)
    board, w = board_of(records, portal.runtime.policy.agreement), wording_of(request)
    rows = board.of(unit)
    held = {row.kpi.number for row in rows}
    split = records.award_split
    quotas = [quota for quota in split.quotas if quota.unit == unit] if split else []
    async with portal.runtime.ledger.read() as connection:
        work = [h for h in await reading.open_work_of_family(connection, records.case.id) if h.unit == unit]
    await record_reading(request, visitor, records.case, "year")
    return page(
        request, "year_unit", unit=unit, rows=rows, work=[_work_line(portal, visitor, h, w) for h in work],
        totals=[(each, next((s for s in each.card.units if s.id == unit), None)) for each in board.rounds if each.card],
        followed=[each for each in follow_ups(records) if held & each.lights.keys()],
        split=split, quota=quotas[0] if quotas else None, award=award_stage(records),
        **_shown(request, records, board),
    )  # fmt: skip


def _work_line(portal: Portal, visitor: Visitor, hand_off: HandOff, w: Wording) -> dict[str, Any]:
    return {
        "hand_off": hand_off,
        "title": form_title(hand_off, w),
        "group": due_group(hand_off.due_at, visitor.now),
        "relative": w.relative(hand_off.due_at, visitor.now) if hand_off.due_at else "",
        "mine": bool(may_act(portal.runtime.directory, visitor.rights, hand_off, visitor.now)),
    }


@router.get(f"{YEAR}/summary")
async def summary_page(request: Request, agency: str, fiscal_year: str, visitor: SignedIn) -> Response:
    """One page for the director-general, printed on one sheet."""
    _require_board(visitor.rights, agency)
    runtime = portal_of(request).runtime
    records = await _read(request, agency, _year(fiscal_year), course=True)
    board = board_of(records, runtime.policy.agreement)
    async with runtime.ledger.read() as connection:
        work = await reading.open_work_of_family(connection, records.case.id)
    summary = summary_of(records, board, days_of(records, runtime.calendar), follow_ups(records), work)
    threshold = runtime.policy.award.threshold
    await record_reading(request, visitor, records.case, "year")
    return page(
        request, "year_summary", summary=summary, threshold=threshold, entitles=runtime.policy.award.entitles,
        **_shown(request, records, board),
    )  # fmt: skip


@router.get(f"{YEAR}/calendar")
async def calendar_page(request: Request, agency: str, fiscal_year: str, visitor: SignedIn) -> Response:
    """Each named day: as printed, as it holds, and when its work was in fact done."""
    _require_board(visitor.rights, agency)
    runtime = portal_of(request).runtime
    records = await _read(request, agency, _year(fiscal_year), course=True)
    board = board_of(records, runtime.policy.agreement)
    async with runtime.ledger.read() as connection:
        moves = await reading.events_named(connection, records.case.id, "case:record", CALENDAR_MOVE)
    await record_reading(request, visitor, records.case, "year")
    return page(
        request, "year_calendar", days=days_of(records, runtime.calendar),
        moves=[(event.content["day"], event) for event in moves], **_shown(request, records, board),
        may_move=may_move_days(runtime.directory, visitor, agency) and records.case.state == OPEN,
        was_moved=_moved(request),
    )  # fmt: skip


MOVED = {"work_moved": "n", "timers_moved": "timers"}
"""What is said of a move, and where in the address its number stands."""


def _moved(request: Request) -> tuple[tuple[str, int], ...]:
    """What moved with a day that was just moved; empty for who only looks."""
    said = ((key, number_in(request.query_params.get(name, ""), digits=7)) for key, name in MOVED.items())
    return tuple((key, n) for key, n in said if n is not None)
