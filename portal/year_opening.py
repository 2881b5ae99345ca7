"""Opening an agency's agreement year from its KPI file (P5): looked at first, opened by a second, explicit act.

Between the two acts nothing is kept: the file travels in the page, and what is confirmed is read anew.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from flows import starting
from ledger import reading
from ledger.canonical import sha256
from ledger.errors import CaseExists
from portal.acting import as_unit
from portal.body import text as typed_text
from portal.errors import Refused
from portal.hand_offs import unit_name
from portal.pages import language_of, page, templates, wording_of
from portal.state import Portal, portal_of
from portal.texts import text
from portal.visitor import PostedForm, PostedFormWithFiles, SignedIn, Visitor
from portal.wording import Wording
from portal.year_doors import HOLDERS, year_doors
from rules.agreement import values_of
from rules.attachment import clean_name
from rules.errors import BrokenKpiFile, NoYearCalendar
from rules.kpi_file import load_kpis
from rules.scorecard import NOT_KNOWN_YET, opening_findings
from rules.year import calendar_of
from schemas.agreement import agreement_case_id
from schemas.base import UnitId
from schemas.form import Problem
from schemas.kpi import KpiBook
from schemas.organisation import UnitRole
from tasks.papers import Paper

router = APIRouter(prefix="/start/year")
HERE = "/start/year"
FIELD = "kpis"
MOST_KILOBYTES = 512
YAML = "application/yaml"


class NotUsable(Exception):
    """The file cannot open a year; `problems` say why."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} problems")


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiFile:
    """A KPI file that could open a year."""

    name: str
    content: bytes
    book: KpiBook
    psdg: UnitId
    """In whose name the year is opened."""


@router.get("")
async def opening_page(request: Request, visitor: SignedIn) -> Response:
    _units(request, visitor)
    return _choose(request)


@router.get("/kpis.yaml")
async def sample(request: Request, visitor: SignedIn) -> Response:
    """A KPI file to begin with: of the visitor's agency and units, with one KPI of each kind; it opens a year."""
    portal, (psdg, *_) = portal_of(request), _units(request, visitor)
    directory = portal.runtime.directory
    agency = directory.agency_of(psdg)
    assert agency is not None, "a กพร. belongs to an agency"
    holders = [unit for role in HOLDERS for unit in directory.units(role) if _agency(portal, unit.id) == agency.id]
    first, second, *_ = sorted(holders, key=lambda unit: unit.role is not UnitRole.DIVISION) * 2
    year = max(calendar.fiscal_year for calendar in portal.runtime.policy.years if calendar.agency == agency.id)
    text_of_it = templates()["kpis.yaml"].render(
        agency=agency, fiscal_year=year, units=sorted(holders, key=lambda unit: unit.id), first=first, second=second
    )
    named = {"content-disposition": f'attachment; filename="kpis-{agency.id}-{year}.yaml"'}
    return Response(text_of_it, media_type=YAML, headers=named)


def _choose(request: Request, problems: Sequence[Problem] = (), *, status: int = 200) -> Response:
    english = language_of(request) == "en"
    return page(
        request, "start_year", status=status, here_at=HERE, field=FIELD, kilobytes=MOST_KILOBYTES,
        wrong=[p.en if english else p.th for p in problems],
    )  # fmt: skip


@router.post("")
async def look(request: Request, posted: PostedFormWithFiles) -> Response:
    """The first act: the file is read and what does not fit is shown. Nothing is recorded."""
    try:
        sent = next((file for file in posted.files if file.into == FIELD), None)
        if sent is None:
            return _choose(request, [_said("opening.no_file")], status=422)
        # A file beyond its limit is counted, not kept whole.
        content = sent.read() if sent.size <= MOST_KILOBYTES * 1024 else b""
        if not content:
            return _choose(request, [_said("opening.too_large", kilobytes=MOST_KILOBYTES)], status=422)
        try:
            file = await _usable(request, posted.visitor, clean_name(sent.name), content)
        except NotUsable as refused:
            return _choose(request, refused.problems, status=422)
    finally:
        for each in posted.files:
            each.close()
    return _shown(request, file)


def _shown(request: Request, file: KpiFile) -> Response:
    portal, w = portal_of(request), wording_of(request)
    book = file.book
    weights = [kpi.weight for kpi in book.kpis if kpi.weight is not None]
    return page(
        request, "start_year_check", here_at=HERE, book=book, name=file.name, agency=unit_name(portal, book.agency, w),
        content=base64.b64encode(file.content).decode(), fingerprint=sha256(file.content)[:12],
        findings=[w.either(found.th, found.en) for found in opening_findings(book) if found.code not in NOT_KNOWN_YET],
        unknown=[w.either(found.th, found.en) for found in opening_findings(book) if found.code in NOT_KNOWN_YET],
        weight_sum=f"{sum(weights, Decimal(0)).normalize():f}",
        kpis=[
            (kpi, values_of(kpi), [unit_name(portal, holding.unit, w) for holding in kpi.holdings]) for kpi in book.kpis
        ],
    )  # fmt: skip


@router.post("/open")
async def open_year(request: Request, posted: PostedForm) -> Response:
    """The second act: the file that was looked at opens the year, and is its first document."""
    portal, visitor = portal_of(request), posted.visitor
    try:
        content = base64.b64decode(typed_text(posted.typed, "content"), validate=True)
    except binascii.Error:
        content = b""
    try:
        name = clean_name(typed_text(posted.typed, "name"))
        file = await _usable(request, visitor, name, content)
        case = await starting.open_agreement_year(
            portal.runtime, file.book, actor=as_unit(portal.runtime.directory, visitor, file.psdg),
            file=Paper(file.name, YAML, file.content),
        )  # fmt: skip
    except NotUsable as refused:
        return _choose(request, refused.problems, status=422)
    except CaseExists as exists:
        return _choose(request, [Problem(field="", th=exists.message_th, en=exists.message_en)], status=409)
    return RedirectResponse(f"/cases/{case}?done=started", 303)


def _units(request: Request, visitor: Visitor) -> tuple[UnitId, ...]:
    """:raises Refused: the visitor is not of a กพร. whose agency has a calendar of a year."""
    units = year_doors(portal_of(request), visitor).years
    if not units:
        raise Refused("refused:role", "refused.start", detail="year")
    return units


async def _usable(request: Request, visitor: Visitor, name: str, content: bytes) -> KpiFile:
    """:raises NotUsable: with every reason. :raises Refused:"""
    portal, units = portal_of(request), _units(request, visitor)
    try:
        book = load_kpis(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise NotUsable(_said("opening.not_text")) from None
    except BrokenKpiFile as broken:
        raise NotUsable(*broken.problems) from None
    psdg = next((u for u in units if _agency(portal, u) == book.agency), None)
    if psdg is None:
        raise NotUsable(_said("opening.other_agency", agency=book.agency))
    if problems := (*_unknown_units(portal, book), *await _year_problems(portal, book)):
        raise NotUsable(*problems)
    return KpiFile(name=name, content=content, book=book, psdg=psdg)


def _agency(portal: Portal, unit: UnitId) -> UnitId | None:
    agency = portal.runtime.directory.agency_of(unit)
    return agency.id if agency else None


def _unknown_units(portal: Portal, book: KpiBook) -> Iterator[Problem]:
    for kpi in book.kpis:
        for holding in kpi.holdings:
            if holding.unit not in portal.units:
                yield _said("opening.unknown_unit", field=f"kpis[{kpi.number}].holdings", unit=holding.unit)


async def _year_problems(portal: Portal, book: KpiBook) -> list[Problem]:
    """No calendar of the year, or the year is open already: by this file or by another."""
    try:
        calendar_of(portal.runtime.policy.years, book.agency, book.fiscal_year)
    except NoYearCalendar as missing:
        return [Problem(field="", th=missing.th, en=missing.en)]
    case_id = agreement_case_id(book.agency, book.fiscal_year)
    async with portal.runtime.ledger.read() as connection:
        standing = (await reading.cases_named(connection, [case_id])).get(case_id)
    if standing is None:
        return []
    th, en = (Wording(language).moment(standing.opened_at) for language in ("th", "en"))
    return [Problem(field="", th=text("opening.is_open", "th", at=th), en=text("opening.is_open", "en", at=en))]


def _said(key: str, **facts: object) -> Problem:
    return Problem(field="", th=text(key, "th", **facts), en=text(key, "en", **facts))
