"""What an operator does for an agreement year by command."""

from __future__ import annotations

from deployments.opening import runtime_here
from deployments.operating import officer_actor
from deployments.wording import say
from engine.settings import Settings
from flows import staff as flows_staff
from flows import starting
from flows.staff import allocation, template_of
from flows.year_calendar import move_year_day
from ledger import reading
from ledger.errors import NotTheHolder
from rules.admission import admit
from rules.agreement import measured_outside
from rules.kpi_file import load_kpis
from rules.sar import limits_of_survey
from rules.scorecard import opening_findings
from rules.thai import thai_moment
from rules.year import calendar_of
from rules.year_move import context_of_move
from schemas.agreement import AgreementCase, SurveyScored, agreement_case_id
from schemas.award_case import award_case_id
from schemas.form import FormContext
from schemas.year_move import DayMove


async def open_year(settings: Settings, kpis: str, *, by: str) -> None:
    """Open the agreement year of a KPI file; what does not fit together in it is said, and nothing is put right.

    :raises BrokenKpiFile, NoYearCalendar, UnknownUnit, NoPsdg, UnknownOfficer, CaseExists:
    """
    book = load_kpis(kpis)
    async with runtime_here(settings) as runtime:
        case = await starting.open_agreement_year(runtime, book, actor=officer_actor(runtime, by))
    for finding in opening_findings(book):
        say("finding", {"th": finding.th, "en": finding.en})
    say("year_opened", {"case": case, "kpis": len(book.kpis)})


async def record_survey(settings: Settings, agency: str, fiscal_year: int, typed: dict[str, str], *, by: str) -> None:
    """A satisfaction survey's score has come by letter.

    :raises NotAdmitted: the score is none, or the KPI is not one that another body measures.
    :raises NobodyTakesIt: the round for which it would count is over.
    :raises UnknownCase, CaseIsClosed, UnknownOfficer:
    """
    async with runtime_here(settings) as runtime:
        case = agreement_case_id(agency, fiscal_year)
        async with runtime.ledger.read() as connection:
            data = AgreementCase.model_validate((await reading.case(connection, case)).data)
        listed = tuple((number, number) for number in measured_outside(data.book))
        context = FormContext(choices={"kpis": listed}, limits=limits_of_survey(data.book))
        form = admit("SurveyReport", typed, context, now=await runtime.ledger.now())
        scored = SurveyScored.model_validate(form.model_dump())
        await starting.record_survey(runtime, case, scored, actor=officer_actor(runtime, by))
    say("survey_recorded", {"case": case, "kpi": scored.kpi, "score": scored.score})


async def move_day(settings: Settings, agency: str, fiscal_year: int, typed: dict[str, str], *, by: str) -> None:
    """A day of a year's calendar gets another date; what was open on it is said, with the old and the new moment.

    :raises NotAdmitted: no such day, or a date that cannot be.
    :raises NoYearCalendar, UnknownOfficer:
    """
    async with runtime_here(settings) as runtime:
        context = context_of_move(calendar_of(runtime.policy.years, agency, fiscal_year))
        form = admit("DayMove", typed, context, now=await runtime.ledger.now())
        move = DayMove.model_validate(form.model_dump())
        moved = await move_year_day(runtime, agency, fiscal_year, move, actor=officer_actor(runtime, by))
    for each in moved:
        moments = {"was": thai_moment(each.was), "due": thai_moment(each.due)}
        say("replanned", {"case": each.case, "key": each.key} | moments)
    say("day_moved", {"day": move.day.value, "date": move.due.isoformat(), "count": len(moved)})


async def hand_in_staff(
    settings: Settings, agency: str, fiscal_year: int, name: str, content: bytes, *, by: str
) -> None:
    """The personnel records of an allocation, in whose name the officer acts who is named.

    :raises BrokenStaffFile: with every problem, by row and column; nothing is recorded.
    :raises RecordsAreInUse: the pots are keyed in.
    :raises NotTheHolder: the officer does not work in the unit that answers for the records.
    :raises FileNotTaken, UnknownCase, CaseIsClosed, UnknownOfficer:
    """
    async with runtime_here(settings) as runtime:
        actor = officer_actor(runtime, by)
        directory, case = runtime.directory, award_case_id(agency, fiscal_year)
        unit = directory.unit(runtime.policy.award.personnel or directory.psdg_of(agency).id)
        allowed = directory.may_act(by, unit.id, await runtime.ledger.now())
        if not allowed:
            raise NotTheHolder(unit=unit.th)
        async with runtime.ledger.read() as connection:
            standing = await allocation(runtime, connection, case)
        acting = actor.replace(instrument=allowed.instrument)
        records = await flows_staff.hand_in_staff(runtime, standing, name, content, unit=unit.id, actor=acting)
    say("staff_handed_in", {"case": case, "persons": records.persons, "units": len(records.staff)})


async def template_here(settings: Settings, agency: str, fiscal_year: int) -> bytes:
    """The workbook in which an allocation's personnel records are filled in. :raises UnknownCase:"""
    async with runtime_here(settings) as runtime:
        async with runtime.ledger.read() as connection:
            standing = await allocation(runtime, connection, award_case_id(agency, fiscal_year))
        return template_of(runtime, standing, dated=await runtime.ledger.now())
