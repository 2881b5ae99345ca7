"""Recording the score of a satisfaction survey (P5 step 18): by the surveying body, or by กพร. from its letter."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from flows import starting
from flows.year_standing import YearStanding, running_years
from ledger.errors import CaseIsClosed, FormWasUsed, NobodyTakesIt
from portal.acting import as_unit
from portal.errors import NotFound, Refused
from portal.pages import language_of, page
from portal.start_page import Start, sent, start_page
from portal.state import portal_of
from portal.texts import text
from portal.visitor import PostedForm, SignedIn, Visitor
from portal.year_doors import year_doors
from rules.admission import admit
from rules.errors import NotAdmitted
from rules.sar import limits_of_survey
from schemas.agreement import SurveyReport, SurveyScored
from schemas.base import UnitId
from schemas.form import FormContext, Problem

router = APIRouter(prefix="/start/survey")
HERE = "/start/survey"


@router.get("")
async def surveys_page(request: Request, visitor: SignedIn) -> Response:
    """The running years with the KPIs that are measured outside, and the scores that stand."""
    years = await _years(request, visitor)
    return page(
        request, "year_surveys", years=[year for year, _ in years], here_at=HERE,
        finished=request.query_params.get("done", ""),
    )  # fmt: skip


@router.get("/{case_id}")
async def survey_form(request: Request, case_id: str, visitor: SignedIn) -> Response:
    _, _, start = await _asked(request, case_id, visitor)
    return start_page(request, start)


@router.post("/{case_id}")
async def record(request: Request, case_id: str, posted: PostedForm) -> Response:
    portal, visitor = portal_of(request), posted.visitor
    year, unit, start = await _asked(request, case_id, visitor)
    once, typed = sent(posted.typed)
    try:
        form = admit(SurveyReport.__name__, typed, start.context, now=await portal.runtime.ledger.now())
    except NotAdmitted as refused:
        return start_page(request, start, once=once, typed=typed, problems=refused.problems, status=422)
    scored = SurveyScored.model_validate(form.model_dump())
    try:
        actor = as_unit(portal.runtime.directory, visitor, unit)
        await starting.record_survey(portal.runtime, year.case, scored, actor=actor, once=once)
    except (FormWasUsed, NobodyTakesIt, CaseIsClosed) as trouble:
        problem = Problem(field="", th=trouble.message_th, en=trouble.message_en)
        return start_page(request, start, typed=typed, problems=(problem,), status=409)
    return RedirectResponse(f"{HERE}?done=sent", 303)


async def _years(request: Request, visitor: Visitor) -> list[tuple[YearStanding, UnitId]]:
    """The running years of which the visitor records surveys, and in whose name. :raises Refused:"""
    portal = portal_of(request)
    units = year_doors(portal, visitor).surveys
    if not units:
        raise Refused("refused:role", "refused.start", detail="survey")
    async with portal.runtime.ledger.read() as connection:
        years = await running_years(portal.runtime, connection)
    return [
        (year, unit)
        for year in years
        if (unit := next((u for u in units if u in (year.office.survey, year.office.psdg)), None)) is not None
    ]


async def _asked(request: Request, case_id: str, visitor: Visitor) -> tuple[YearStanding, UnitId, Start]:
    """:raises NotFound: the visitor records no surveys of this year, or it takes none any more. :raises Refused:"""
    language = language_of(request)
    found = next((each for each in await _years(request, visitor) if each[0].case == case_id), None)
    if found is None or not found[0].takes_surveys:
        raise NotFound
    year, unit = found
    outside = {kpi.number: kpi.th for kpi in year.book.kpis if kpi.number in year.measured_outside}
    context = FormContext(
        facts=(("ส่วนราชการ", year.office.agency_th), ("ปีงบประมาณ พ.ศ.", str(year.book.fiscal_year))),
        choices={"kpis": tuple((number, f"{number} {th}") for number, th in outside.items())},
        prefill={"kpi": next(iter(outside))} if len(outside) == 1 else {},
        limits=limits_of_survey(year.book),
    )
    start = Start(
        form=SurveyReport, action=f"{HERE}/{case_id}", help=text("survey.help", language), context=context,
        trail=((HERE, text("survey.title", language)),),
    )  # fmt: skip
    return year, unit, start
