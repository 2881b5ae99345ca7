"""Looking up who is concerned with an agreement year, and its calendar."""

from __future__ import annotations

from engine.step import Step, step_task
from rules.deadline import resolve
from rules.directory import DirectoryIndex
from rules.errors import UnknownUnit
from rules.year import calendar_of, moment_of, plan, round_opens
from schemas.base import FiscalYear, Moment, UnitId
from schemas.deadline import OnYearDay, WorkingDays
from schemas.kpi import Round
from schemas.organisation import Unit, UnitRole
from schemas.year_office import RoundOffice, YearOffice

OPDC, SURVEY = "opdc", "nso"
"""Units of bodies outside the ministry, by the ids of the organisation file (requirements 5)."""


@step_task("ตรวจสอบหน่วยงานและปฏิทินของปี")
async def look_up_year(step: Step, agency: UnitId, fiscal_year: FiscalYear) -> YearOffice:
    """The agency's units and its calendar as they stand.

    :raises UnknownUnit, NoPsdg, NoSecretariat, NoYearCalendar: something is missing; the run stops and says so.
    """
    return year_office(step, agency, fiscal_year)


@step_task("ตรวจสอบหน่วยงานและปฏิทินของรอบ")
async def look_up_round(step: Step, agency: UnitId, fiscal_year: FiscalYear, round_: Round) -> RoundOffice:
    """As `look_up_year`, with the moments of one SAR round."""
    opens = round_opens(fiscal_year, round_, calendar=step.runtime.calendar)
    return RoundOffice(office=year_office(step, agency, fiscal_year), opens=opens)


@step_task("ตรวจสอบกำหนดในปฏิทินของปี")
async def look_up_day(step: Step, named: OnYearDay) -> Moment:
    """The moment of a named day by the calendar that stands now.

    :raises NoYearCalendar: the policy has no calendar of that year any more.
    """
    return moment_of(named, calendar=step.runtime.calendar, policy=step.runtime.policy)


@step_task("กำหนดวันเสนอ SAR อีกครั้ง")
async def put_up_again(step: Step, morning: OnYearDay, days: int) -> Moment:
    """When a SAR that was sent back is put up again with what is certified by then.

    On the morning of the day on which the report is due, or later, once the working days of a correction are over.
    """
    corrected = resolve(WorkingDays(days=days), opened_at=step.now, calendar=step.runtime.calendar)
    return max(moment_of(morning, calendar=step.runtime.calendar, policy=step.runtime.policy), corrected)


def year_office(step: Step, agency: UnitId, fiscal_year: FiscalYear) -> YearOffice:
    directory, policy = step.runtime.directory, step.runtime.policy
    today = step.runtime.today(step.now)
    unit, psdg, above = directory.unit(agency), directory.psdg_of(agency, on=today), directory.permanent_secretary()
    opdc, survey = _outside(directory, OPDC, psdg), _outside(directory, SURVEY, psdg)
    roles = (UnitRole.DIVISION, UnitRole.PLANNING_UNIT, UnitRole.PSDG)
    holders = tuple(u for role in roles for u in directory.units(role, on=today) if _belongs(directory, u, agency))
    return YearOffice(
        agency=unit.id, agency_th=unit.th, psdg=psdg.id, psdg_th=psdg.th,
        permanent_secretary=above.id, permanent_secretary_th=above.th,
        opdc=opdc.id, opdc_th=opdc.th, survey=survey.id, survey_th=survey.th,
        units=tuple((u.id, u.th) for u in sorted(holders, key=lambda u: u.seq)),
        provinces=tuple((u.id, u.th) for u in directory.provinces_of(agency, on=today)),
        plan=plan(calendar_of(policy.years, agency, fiscal_year), calendar=step.runtime.calendar),
        policy=policy.agreement,
    )  # fmt: skip


def _belongs(directory: DirectoryIndex, unit: Unit, agency: UnitId) -> bool:
    above = directory.agency_of(unit.id)
    return above is not None and above.id == agency


def _outside(directory: DirectoryIndex, unit_id: UnitId, psdg: Unit) -> Unit:
    """The body outside while it has an active account; else กพร. holds its work (decision 18)."""
    try:
        unit = directory.unit(unit_id)
    except UnknownUnit:
        return psdg
    return unit if directory.officers_of(unit.id) else psdg
