"""Steps of a month's follow-up (P6)."""

from __future__ import annotations

from engine.step import Step, step_task
from ledger import cases
from ledger.work import Work
from rules.deadline import resolve
from rules.follow_up import elapsed_share, followed_kpis, lights, opening_moment, reported_up_to
from schemas.deadline import WorkingDays
from schemas.follow_up import FollowUpCase, FollowUpOffice, KpiProgress, LightTable
from schemas.year import YearDay
from tasks.papers import FLOW
from tasks.year_office import year_office


@step_task("ตรวจสอบหน่วยงานและกำหนดเวลาของการติดตาม")
async def look_up_follow_up(step: Step, data: FollowUpCase) -> FollowUpOffice:
    """Who is concerned, when owners are asked, and how much of the year has passed by then.

    :raises UnknownUnit, NoPsdg, NoSecretariat, NoYearCalendar: something is missing; the run stops and says so.
    """
    office, calendar = year_office(step, data.agency, data.fiscal_year), step.runtime.calendar
    opens = opening_moment(data, office.plan, calendar=calendar)
    asked = WorkingDays(days=office.policy.progress_days)
    as_of = reported_up_to(data, office.plan, calendar=calendar)
    noted = "" if data.round is None else office.plan.days[YearDay.follow_up(data.round)].note
    return FollowUpOffice(
        office=office,
        opens=opens,
        # A follow-up that is opened late gives its owners the same time as one that is not.
        due=resolve(asked, opened_at=max(opens, step.now), calendar=calendar),
        as_of=as_of,
        elapsed=elapsed_share(data.fiscal_year, as_of),
        purpose=data.purpose or noted,
    )


@step_task("กำหนดสีสถานะตัวชี้วัด")
async def light_kpis(
    step: Step, data: FollowUpCase, opened: FollowUpOffice, reports: tuple[KpiProgress, ...], phase: str
) -> LightTable:
    """The traffic lights over what is reported by now; the case notes the phase and how many KPIs have each light."""
    by_number = {report.number: report for report in reports}
    table = LightTable(
        at=step.now, lights=lights(followed_kpis(data), by_number, opened.office, opened.elapsed, opened.due)
    )

    async def note(work: Work) -> None:
        facts = {light.value: count for light, count in table.counts.items()} | {"elapsed": str(opened.elapsed)}
        await cases.note_phase(work, step.case_id, actor=FLOW, phase=phase, facts=facts)

    step.then(note)
    return table
