"""Which doors of an agreement year stand open to an officer: pure decisions by the organisation and the policy."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from flows.staff import PROCESS as ALLOCATION
from ledger import reading
from ledger.cases import OPEN
from portal.state import Portal
from portal.visitor import Visitor
from rules.errors import NoPsdg
from schemas.agreement import agreement_case_id
from schemas.base import UnitId
from schemas.organisation import UnitRole
from tasks.year_office import SURVEY

HOLDERS = frozenset({UnitRole.DIVISION, UnitRole.PLANNING_UNIT, UnitRole.PSDG})
"""Units that may hold a KPI."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearDoors:
    """The units in whose name the officer may go through each door; none where the agency has no calendar of a year."""

    changes: tuple[UnitId, ...] = ()
    """Ask for other details of a KPI that the unit holds (P5 step 15)."""
    surveys: tuple[UnitId, ...] = ()
    """Record the score of a satisfaction survey: the surveying body, or กพร. from the letter (P5 step 18)."""
    staff: tuple[UnitId, ...] = ()
    """Hand in the personnel records of an allocation of award money (P10)."""
    years: tuple[UnitId, ...] = ()
    """Open an agency's year (P5): its กพร."""


def year_doors(portal: Portal, visitor: Visitor) -> YearDoors:
    """By the calendars of the policy; whether a year runs is the ledger's to say."""
    agencies = {calendar.agency for calendar in portal.runtime.policy.years}
    directory = portal.runtime.directory
    units = [u for u in visitor.rights.units if directory.may_act(visitor.officer, u, visitor.now)]
    if not agencies:
        return YearDoors()
    within = [u for u in units if (agency := directory.agency_of(u)) is not None and agency.id in agencies]
    psdg = tuple(u for u in within if directory.unit(u).role is UnitRole.PSDG)
    desks = {personnel_of(portal, agency) for agency in agencies}
    return YearDoors(
        changes=tuple(u for u in within if directory.unit(u).role in HOLDERS),
        surveys=(*psdg, *(u for u in units if u == SURVEY)),
        staff=tuple(u for u in within if u in desks),
        years=psdg,
    )


async def in_use(portal: Portal, connection: AsyncConnection, doors: YearDoors) -> YearDoors:
    """The doors behind which there is something to do now: the inbox leads to these.

    Requests and scores need a year that runs, records an allocation that takes them, and a year that is open already
    cannot be opened. The pages themselves stay: what was asked for in a year that has ended is still read there.
    """
    if doors == YearDoors():
        return doors
    directory = portal.runtime.directory
    years = {agreement_case_id(each.agency, each.fiscal_year): each.agency for each in portal.runtime.policy.years}
    opened = await reading.cases_named(connection, years)
    running = {agency for case, agency in years.items() if case in opened and opened[case].state == OPEN}
    to_come = {agency for case, agency in years.items() if case not in opened}
    allocated = await reading.count_cases_where(connection, process=ALLOCATION, state=OPEN) if doors.staff else 0

    def within(units: tuple[UnitId, ...], agencies: Collection[UnitId]) -> tuple[UnitId, ...]:
        return tuple(u for u in units if (above := directory.agency_of(u)) is not None and above.id in agencies)

    return YearDoors(
        changes=within(doors.changes, running),
        surveys=tuple(u for u in doors.surveys if running and (u == SURVEY or within((u,), running))),
        staff=doors.staff if allocated else (),
        years=within(doors.years, to_come),
    )


def personnel_of(portal: Portal, agency: UnitId) -> UnitId | None:
    """Who answers for an agency's personnel records: the policy's unit, else กพร.; None where there is neither."""
    if portal.runtime.policy.award.personnel is not None:
        return portal.runtime.policy.award.personnel
    try:
        return portal.runtime.directory.psdg_of(agency).id
    except NoPsdg:
        return None


def award_desks(portal: Portal, agency: UnitId) -> Collection[UnitId]:
    """Units that read the lists of persons of every unit, as they check or approve them (decision 27)."""
    award = portal.runtime.policy.award
    found = {personnel_of(portal, agency), award.committee or agency}
    with suppress(NoPsdg):
        found.add(portal.runtime.directory.psdg_of(agency).id)
    return frozenset(unit for unit in found if unit is not None)
