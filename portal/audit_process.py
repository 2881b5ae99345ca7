"""All cases of a process beside its approved models: how many depart, and where work waits, as a heat map."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from audit.approved import Approval, approvals
from audit.durations import TIME, Heat, Period, heat_of, passed_in_process
from audit.errors import ModelWasChanged
from audit.sheet import Sheet, sheet_of
from ledger.standings import Standing, standings
from portal.audit_case import lanes_of
from portal.audit_wording import AuditWording
from portal.auditing import Auditor, auditing
from portal.case_about import process_title
from portal.errors import NotFound
from portal.pages import language_of, page
from portal.paging import number_in
from portal.state import Portal, portal_of
from portal.visitor import note_security
from rules.calendar import bangkok_date, bangkok_moment, fiscal_year_be

router = APIRouter(prefix="/audit/processes")

YEARS = 5
LEVELS = 5
STEPS = tuple(each * 3600 for each in (4, 24, 72, 168))
"""Seconds from which on waiting is of the next level: four hours, a day, three days, a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which work the page counts: of a fiscal year or one of its quarters, of one agency or of all."""

    year: int
    quarter: int
    """0 for the whole year."""
    agency: str

    @classmethod
    def of(cls, request: Request, now: datetime) -> Asked:
        this_year = fiscal_year_be(bangkok_date(now))
        year = _number(request, "year", range(this_year - YEARS + 1, this_year + 1), this_year)
        quarter = _number(request, "quarter", range(1, 5), 0)
        return cls(year=year, quarter=quarter, agency=request.query_params.get("agency", "")[:128])

    def period(self, portal: Portal) -> Period:
        first, last = (self.quarter - 1, self.quarter) if self.quarter else (0, 4)
        units = None if not self.agency else _units_of(portal, self.agency)
        return Period(since=self._quarter_begins(first), until=self._quarter_begins(last), units=units)

    def _quarter_begins(self, n: int) -> datetime:
        """The fiscal year begins on 1 October of the year before (3.1)."""
        month, year = 10 + 3 * n, self.year - 544
        return bangkok_moment(date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1), time())


def _number(request: Request, name: str, allowed: range, otherwise: int) -> int:
    asked = number_in(request.query_params.get(name, ""), digits=4)
    return asked if asked is not None and asked in allowed else otherwise


def _units_of(portal: Portal, agency: str) -> tuple[str, ...]:
    """The agency and every unit below it. :raises NotFound: there is no such agency."""
    directory = portal.runtime.directory
    if agency not in {each.id for each in directory.agencies()}:
        raise NotFound
    return tuple(unit for unit in portal.units if (above := directory.agency_of(unit)) and above.id == agency)


# --- the processes -----------------------------------------------------------------------------------------


@router.get("")
async def processes_page(request: Request, auditor: Auditor) -> Response:
    """Every process that has an approved model."""
    language = language_of(request)
    await note_security(request, "read:audit", officer=auditor.officer, detail="processes")
    async with auditing(request).read() as connection:
        counted = await standings(connection)
    lines = [
        {"approval": each, "title": process_title(each.process, language),
         "standing": counted.get(each.process, Standing(process=each.process))}
        for each in _latest()
    ]  # fmt: skip
    return page(request, "audit_processes", lines=lines)


def _latest() -> list[Approval]:
    """The standing approval of each process, in the order of the register."""
    return list({each.process: each for each in approvals()}.values())


# --- one process -------------------------------------------------------------------------------------------


@router.get("/{process}")
async def process_page(request: Request, process: str, auditor: Auditor) -> Response:
    """Where the work of a process waits, in a period."""
    portal, a = portal_of(request), AuditWording(language_of(request))
    kept = [each for each in approvals() if each.process == process]
    if not kept:
        raise NotFound
    sheet = _sheet(kept[-1])
    asked = Asked.of(request, auditor.now)
    period = asked.period(portal)
    await note_security(request, "read:audit", officer=auditor.officer, detail=f"{process} {request.url.query}".strip())
    async with auditing(request).read() as connection:
        now = await portal.runtime.ledger.clock.now(connection)
        found = await heat_of(connection, process, period, now)
        lanes = lanes_of(sheet) if sheet else {}
        passed = await passed_in_process(connection, process, period, lanes, now)
    this_year = fiscal_year_be(bangkok_date(auditor.now))
    return page(
        request, "audit_process", process=process, title=process_title(process, a.language), a=a, asked=asked,
        approval=kept[-1] if sheet else None, heat=[_heat_line(each, sheet, a) for each in found],
        heat_json=_marks(found, sheet, a), levels=_levels(a), passed=passed,
        agencies=portal.runtime.directory.agencies(),
        years=range(this_year, this_year - YEARS, -1), count=sum(each.count for each in found),
        open=sum(each.open for each in found), late=sum(each.late for each in found),
        models=[{"approval": each, "holds": _sheet(each) is not None} for each in reversed(kept)],
    )  # fmt: skip


def _sheet(approval: Approval) -> Sheet | None:
    """None when the file is not the approved one any more."""
    try:
        approval.content()
        return sheet_of(approval)
    except ModelWasChanged:
        return None


def _heat_line(heat: Heat, sheet: Sheet | None, a: AuditWording) -> dict[str, Any]:
    element = sheet.elements.get(heat.element) if sheet else None
    return {
        "of": heat, "step": a.element(element, heat.element), "lane": a.lane(element.lane if element else ""),
        "level": level_of(heat.median),
    }  # fmt: skip


def level_of(seconds: float) -> int:
    """1 to 5; the same for every process, so that two maps can be compared."""
    return bisect_right(STEPS, seconds) + 1


def _marks(found: Sequence[Heat], sheet: Sheet | None, a: AuditWording) -> str:
    """What is drawn on the diagram, as JSON within a page."""
    marks = [
        {"element": each.element, "level": level_of(each.median), "time": each.waits_for == TIME,
         "said": f"{a.short_span(each.median)} · {each.count:,}"}
        for each in found if sheet and each.element in sheet.elements
    ]  # fmt: skip
    return json.dumps(marks, ensure_ascii=False).replace("<", "\\u003c")


def _levels(a: AuditWording) -> list[tuple[int, str]]:
    """What each level of colour means."""
    said = [a.span(each) for each in STEPS]
    between = [f"{one} – {other}" for one, other in pairwise(said)]
    return list(enumerate([f"< {said[0]}", *between, f"≥ {said[-1]}"], start=1))
