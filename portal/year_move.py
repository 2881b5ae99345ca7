"""กพร. moves a day of the year's calendar: the form, what hangs on the day, and the act (decision 24)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from flows.year_calendar import move_year_day
from ledger import year_days
from portal.acting import as_psdg
from portal.body import answers
from portal.case_page import names
from portal.errors import NotFound, Refused
from portal.fields import form_fields
from portal.pages import language_of, page, wording_of
from portal.paging import number_in
from portal.state import Portal, portal_of
from portal.visitor import PostedForm, SignedIn, Visitor
from portal.wording import Wording
from rules.admission import admit
from rules.errors import NoPsdg, NotAdmitted, NoYearCalendar, UnknownUnit
from rules.thai import thai_date
from rules.year import calendar_of
from rules.year_move import context_of_move
from schemas.actor import Actor
from schemas.form import Problem
from schemas.year import YearCalendar, YearDay
from schemas.year_move import DayMove

router = APIRouter(prefix="/years")
PATH = "/{agency}/{fiscal_year}/calendar/move"


@router.get(PATH)
async def move_page(request: Request, agency: str, fiscal_year: str, visitor: SignedIn) -> Response:
    """The form; `?day=` chooses the day and fills in its dates as they stand."""
    year, _ = _year(portal_of(request), visitor, agency, fiscal_year)
    asked = request.query_params.get("day", "")
    typed = _standing(year, YearDay(asked)) if asked in set(YearDay) else None
    return await _page(request, year, typed=typed)


def _year(portal: Portal, visitor: Visitor, agency: str, fiscal_year: str) -> tuple[YearCalendar, Actor]:
    """:raises NotFound: there is no such calendar. :raises Refused: it is not the visitor's to change."""
    directory = portal.runtime.directory
    try:
        actor = as_psdg(directory, visitor, agency)
        year = calendar_of(portal.runtime.policy.years, agency, number_in(fiscal_year, digits=4) or 0)
    except (UnknownUnit, NoPsdg, NoYearCalendar):
        raise NotFound from None
    if actor is None:
        raise Refused("refused:role", "refused.role", detail=f"{agency} {fiscal_year}")
    return year, actor


def _standing(year: YearCalendar, day: YearDay) -> dict[str, str]:
    entry = year.entry(day)
    return {"day": day, "due": thai_date(entry.due), "opens": thai_date(entry.opens) if entry.opens else ""}


async def _page(
    request: Request, year: YearCalendar, *, typed: Mapping[str, Any] | None, problems: Sequence[Problem] = ()
) -> Response:
    portal, language, w = portal_of(request), language_of(request), wording_of(request)
    fields = form_fields(DayMove, w.context(context_of_move(year)), language, typed=typed, problems=problems)
    day = (typed or {}).get("day", "")
    return page(
        request, "year_move", status=422 if problems else 200, fields=fields, day=day,
        title=DayMove.title_en if language == "en" else DayMove.title_th,
        problems=[p.en if language == "en" else p.th for p in problems if not p.field],
        agency=year.agency, year=year.fiscal_year, calendar=f"/years/{year.agency}/{year.fiscal_year}/calendar",
        agency_name=names(portal, w)(year.agency),
        concerned=await _concerned(portal, year, day, w) if day else [],
    )  # fmt: skip


async def _concerned(portal: Portal, year: YearCalendar, day: str, w: Wording) -> list[tuple[str, int, datetime]]:
    """Whose open work hangs on the day: unit, how many pieces, the first moment at which one is due."""
    async with portal.runtime.ledger.read() as connection:
        found = await year_days.open_on_days_of(connection, [f"{year.fiscal_year}/{year.agency}"])
    work = [each for each in found if each.hand_off is not None and each.year_day.day == day]
    counted = Counter(each.hand_off.unit for each in work if each.hand_off)
    named = names(portal, w)
    return [
        (named(unit), count, min(each.due_at for each in work if each.hand_off and each.hand_off.unit == unit))
        for unit, count in counted.most_common()
    ]


@router.post(PATH)
async def move(request: Request, agency: str, fiscal_year: str, posted: PostedForm) -> Response:
    portal = portal_of(request)
    year, actor = _year(portal, posted.visitor, agency, fiscal_year)
    typed = answers(posted.typed)
    try:
        form = admit(DayMove.__name__, typed, context_of_move(year), now=await portal.runtime.ledger.now())
    except NotAdmitted as refused:
        return await _page(request, year, typed=typed, problems=refused.problems)
    asked = DayMove.model_validate(form.model_dump())
    moved = await move_year_day(portal.runtime, agency, year.fiscal_year, asked, actor=actor)
    told = sum(each.unit is not None for each in moved)
    there = f"/years/{agency}/{year.fiscal_year}/calendar"
    return RedirectResponse(f"{there}?moved={asked.day}&n={told}&timers={len(moved) - told}#day-{asked.day}", 303)
