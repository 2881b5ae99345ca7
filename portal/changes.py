"""Asking for other details of a KPI (P5 step 15): the unit's KPIs as they stand, the request, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from flows import starting
from flows.year_standing import YearStanding, running_year, running_years
from ledger.errors import CaseIsClosed, FormWasUsed, NobodyTakesIt, UnknownCase
from portal.acting import as_unit
from portal.change_lines import ChangeLine, change_line
from portal.errors import NotFound, Refused
from portal.hand_offs import unit_name
from portal.pages import language_of, page, wording_of
from portal.start_page import Start, sent, start_page
from portal.state import portal_of
from portal.texts import text
from portal.visitor import PostedForm, SignedIn, Visitor
from portal.year_doors import year_doors
from rules.admission import admit
from rules.agreement import details_facts, kpi_facts, takes_levels, values_of
from rules.errors import NotAdmitted
from schemas.agreement import KpiChangeRequest
from schemas.base import UnitId
from schemas.criteria import KpiNumber
from schemas.form import FormContext, Problem
from schemas.kpi import Kpi

router = APIRouter(prefix="/start/kpi-change")
HERE = "/start/kpi-change"


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOfUnit:
    """A running year as one of the visitor's units sees it."""

    year: YearStanding
    unit: UnitId
    unit_name: str
    kpis: tuple[tuple[Kpi, dict[str, str]], ...]
    """KPIs that the unit holds, with their values."""
    closed: bool
    """Whether the closing date has passed."""
    lines: tuple[ChangeLine, ...]
    """The unit's requests, the latest first."""


@router.get("")
async def changes_page(request: Request, visitor: SignedIn) -> Response:
    """The KPIs that the visitor's units hold in running years, and the requests on them."""
    portal, w = portal_of(request), wording_of(request)
    units = _units(request, visitor)
    async with portal.runtime.ledger.read() as connection:
        now = await portal.runtime.ledger.clock.now(connection)
        years = await running_years(portal.runtime, connection)
    seen = [
        YearOfUnit(
            year=year, unit=unit, unit_name=unit_name(portal, unit, w), closed=now > year.changes_close,
            kpis=tuple((kpi, values_of(kpi)) for kpi in year.held_by(unit)),
            lines=tuple(change_line(asked, w) for asked in reversed(year.changes) if asked.request.unit == unit),
        )
        for year in years
        for unit in units
        if unit in {held for held, _ in year.office.units}
    ]  # fmt: skip
    return page(
        request, "year_changes", years=seen, here_at=HERE, several=len(seen) > 1,
        finished=request.query_params.get("done", ""),
    )  # fmt: skip


@router.get("/{case_id}/{kpi}")
async def change_form(request: Request, case_id: str, kpi: KpiNumber, visitor: SignedIn) -> Response:
    _, _, start = await _asked(request, case_id, kpi, visitor)
    return start_page(request, start)


@router.post("/{case_id}/{kpi}")
async def ask(request: Request, case_id: str, kpi: KpiNumber, posted: PostedForm) -> Response:
    """Record the request. Whether it is in time is the flow's to say: also a late one is taken, and answered."""
    portal, visitor = portal_of(request), posted.visitor
    unit, year, start = await _asked(request, case_id, kpi, visitor)
    once, typed = sent(posted.typed)
    now = await portal.runtime.ledger.now()
    try:
        form = admit(KpiChangeRequest.__name__, typed | {"kpi": kpi}, start.context, now=now)
    except NotAdmitted as refused:
        return start_page(request, start, once=once, typed=typed, problems=refused.problems, status=422)
    assert isinstance(form, KpiChangeRequest)
    try:
        await starting.request_kpi_change(
            portal.runtime, year.case, form, unit=unit,
            actor=as_unit(portal.runtime.directory, visitor, unit), once=once,
        )  # fmt: skip
    except (FormWasUsed, NobodyTakesIt, CaseIsClosed) as trouble:
        problem = Problem(field="", th=trouble.message_th, en=trouble.message_en)
        return start_page(request, start, typed=typed, problems=(problem,), status=409)
    return RedirectResponse(f"{HERE}?done=sent#requests", 303)


def _units(request: Request, visitor: Visitor) -> tuple[UnitId, ...]:
    """:raises Refused: no unit of the visitor's may hold a KPI."""
    units = year_doors(portal_of(request), visitor).changes
    if not units:
        raise Refused("refused:role", "refused.start", detail="kpi-change")
    return units


async def _asked(
    request: Request, case_id: str, number: KpiNumber, visitor: Visitor
) -> tuple[UnitId, YearStanding, Start]:
    """In whose name, in which year, and the page. กพร. asks for its own KPIs only: it is the one who checks.

    :raises NotFound: no such KPI, or the year takes no requests.
    :raises Refused: no unit of the visitor's holds the KPI.
    """
    portal, language = portal_of(request), language_of(request)
    units = _units(request, visitor)
    async with portal.runtime.ledger.read() as connection:
        try:
            year = await running_year(portal.runtime, connection, case_id)
        except UnknownCase:
            raise NotFound from None
        now = await portal.runtime.ledger.clock.now(connection)
    kpi = year.book.kpi(number) if year is not None else None
    if year is None or kpi is None or not year.takes_changes:
        raise NotFound
    unit = next((unit for unit in units if kpi in year.held_by(unit)), None)
    if unit is None:
        raise Refused("refused:not_holder", "refused.kpi", detail=f"{case_id} {number}")
    w = wording_of(request)
    closes = w.moment(year.changes_close)
    late = (text("change.closed", language, closes=closes),) if now > year.changes_close else ()
    context = FormContext(
        facts=(*kpi_facts(kpi), *details_facts(kpi)),
        choices={"kpis": ((number, number),)},
        limits={"takes_levels": takes_levels(kpi), "standing": values_of(kpi)},
    )
    start = Start(
        form=KpiChangeRequest, action=f"{HERE}/{case_id}/{number}", help=text("change.help", language, closes=closes),
        context=context, hidden=("kpi",) if takes_levels(kpi) else ("kpi", *(f"level_{n}" for n in range(1, 6))),
        trail=((HERE, text("change.title", language)),), crumb=text("change.of_kpi", language, kpi=number),
        notices=late,
    )  # fmt: skip
    return unit, year, start
