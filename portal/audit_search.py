"""The auditor's first page: cases by unit, process, officer, period and deadline; what is late and what departs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.process import processes
from ledger import findings, searching
from ledger.findings import Finding
from ledger.searching import MOST, Basis, Deadline, Found, Order, Search
from portal.auditing import Auditor, auditing
from portal.case_about import process_title
from portal.case_page import STATES
from portal.pages import language_of, page
from portal.paging import Paging
from portal.seeking import named_in, period_of
from portal.state import portal_of
from portal.visitor import note_security
from rules.directory import DirectoryIndex
from schemas.organisation import Officer, Unit

router = APIRouter(prefix="/audit")

PER_PAGE = 30
FIELDS = ("q", "process", "unit", "officer", "since", "until", "basis", "deadline", "state", "order")

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for, read: the search, whom a name means, and what cannot be read."""

    search: Search
    officers: tuple[Officer, ...]
    problems: dict[str, str]
    """Field → key of the sentence."""


@router.get("")
async def search_page(request: Request, auditor: Auditor) -> Response:
    """What the auditor looks for is recorded as well."""
    portal, language = portal_of(request), language_of(request)
    directory = portal.runtime.directory
    asked = {name: request.query_params.get(name, "").strip()[:200] for name in FIELDS}
    await note_security(request, "read:audit", officer=auditor.officer, detail=request.url.query)
    wanted = read_search(asked, directory)
    cases: tuple[Found, ...] = ()
    judged: dict[str, Finding] = {}
    async with auditing(request).read() as connection:
        ids = () if wanted.problems else await searching.ids_of(connection, wanted.search, auditor.now)
        paging = Paging.of(request, total=min(len(ids), MOST), per_page=PER_PAGE)
        shown = ids[paging.offset : min(paging.offset + PER_PAGE, MOST)]
        if shown:
            cases = await searching.found(connection, shown, auditor.now)
            judged = await findings.on_deviations(connection, [each.id for each in cases if each.deviation])
    return page(
        request, "audit", status=422 if wanted.problems else 200, asked=asked, wanted=wanted, paging=paging,
        more=len(ids) > MOST, cases=cases, judged=judged, states=STATES, bases=list(Basis), deadlines=list(Deadline),
        orders=list(Order), units=list(_in_tree(directory)), process_title=lambda each: process_title(each, language),
        processes=[(p.id, process_title(p.id, language)) for p in processes()],
    )  # fmt: skip


def read_search(asked: Mapping[str, str], directory: DirectoryIndex) -> Wanted:
    """What the fields say; a field that cannot be read is named."""
    problems: dict[str, str] = {}
    period, officers = period_of(asked, problems), named_in(directory, asked, problems)
    search = Search(
        text=asked["q"], process=asked["process"] or None, state=asked["state"] if asked["state"] in STATES else None,
        unit=asked["unit"] or None, units=tuple(_below(directory, asked["unit"])),
        officers=None if officers is None else tuple(each if isinstance(each, str) else each.id for each in officers),
        since=period.since, until=period.until,
        basis=_chosen(Basis, asked["basis"]) or Basis.ACTIVE, deadline=_chosen(Deadline, asked["deadline"]),
        order=_chosen(Order, asked["order"]) or Order.NEWEST,
    )  # fmt: skip
    known = tuple(each for each in officers or () if isinstance(each, Officer))
    return Wanted(search=search, officers=known, problems=problems)


def _chosen(choices: type[Choice], said: str) -> Choice | None:
    return choices(said) if said in {each.value for each in choices} else None


def _below(directory: DirectoryIndex, unit: str) -> Iterator[str]:
    """The units under a unit, however deep."""
    under = _under(directory) if unit else {}
    waiting = [*under.get(unit, ())]
    while waiting:
        each = waiting.pop()
        yield each.id
        waiting += under.get(each.id, ())


def _in_tree(directory: DirectoryIndex) -> Iterator[tuple[Unit, int]]:
    """Every unit with its depth, each before those under it, in protocol order."""
    under = _under(directory)

    def walk(parent: str | None, depth: int) -> Iterator[tuple[Unit, int]]:
        for unit in under.get(parent, ()):
            yield unit, depth
            yield from walk(unit.id, depth + 1)

    return walk(None, 0)


def _under(directory: DirectoryIndex) -> dict[str | None, list[Unit]]:
    """The units by the one above; under None those above which there is none."""
    under: dict[str | None, list[Unit]] = {}
    known = {unit.id for unit in directory.units()}
    for unit in directory.units():
        under.setdefault(unit.parent if unit.parent in known else None, []).append(unit)
    return under
