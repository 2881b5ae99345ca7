"""How the cascade of a year begins: the province's agencies, its rounds, cleaning months and duties (S2; P11)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from engine import actions
from engine.runtime import Runtime
from rules.calendar import Calendar, bangkok_date, bangkok_moment, first_day
from rules.cascade import members_of, months_until, payday
from schemas.actor import Actor
from schemas.base import CaseId, UnitId
from schemas.cascade import CascadeCase, CleaningMonth, DutyDay, DutyKind, RoundDay
from schemas.cascade_forms import CascadeOrder
from schemas.kpi import Round


async def open_cascade(runtime: Runtime, form: CascadeOrder, *, province: UnitId, actor: Actor) -> CaseId:
    """Begin with the key KPIs; the agencies are the units right below the province, its office among them.

    :raises CaseExists: the province has a cascade of this year already.
    """
    await runtime.refresh()
    directory, now = runtime.directory, await runtime.ledger.now()
    today = bangkok_date(now)
    office = directory.planning_unit_of(province, on=today).id
    members = members_of(directory, province, on=today)
    data = CascadeCase(
        fiscal_year=form.fiscal_year, province=province, province_th=directory.unit(province).th, office=office,
        agencies=members, rounds=tuple(_rounds(runtime, form)), months=tuple(_months(runtime, form, now)),
        duties=tuple(_duties(runtime, form, office)), rules=runtime.policy.cascade.rules,
    )  # fmt: skip
    case_id = f"cascade-{form.fiscal_year}-{province}"
    await actions.start_case(
        runtime, "kpi-cascade", data, case_id=case_id, actor=actor,
        title=f"ถ่ายทอดตัวชี้วัดสู่ระดับบุคคล {data.province_th} ปีงบประมาณ พ.ศ. {form.fiscal_year}",
        units=tuple(dict.fromkeys((province, office, *(each.unit for each in members)))),
    )  # fmt: skip
    return case_id


def _rounds(runtime: Runtime, form: CascadeOrder) -> Iterator[RoundDay]:
    for round_, due in (
        (Round.SIX, form.sar_6_due), (Round.NINE, form.sar_9_due), (Round.TWELVE, form.sar_12_due),
    ):  # fmt: skip
        opens = _before(runtime, due, runtime.policy.cascade.report_days)
        yield RoundDay(number=round_, opens=opens, due=runtime.calendar.within(due))


def _months(runtime: Runtime, form: CascadeOrder, now: datetime) -> Iterator[CleaningMonth]:
    """The months that are left of the fiscal year, as long as their payday has not come."""
    calendar, policy = runtime.calendar, runtime.policy
    begins = max(bangkok_date(now), first_day(form.fiscal_year))
    for month in months_until(begins, date(form.fiscal_year - 543, 9, 1)):
        paid = payday(month, calendar, before_last=policy.cascade.payday_before_last)
        paid_at = bangkok_moment(paid, policy.office.opens)
        if paid_at > now:
            opens = bangkok_moment(first_working_day(month, calendar), policy.office.opens)
            yield CleaningMonth(name=f"{month:%Y-%m}", opens=opens, payday=paid, paid_at=paid_at)


def first_working_day(month: date, calendar: Calendar) -> date:
    return calendar.add_working_days(month, 0)


def _duties(runtime: Runtime, form: CascadeOrder, office: UnitId) -> Iterator[DutyDay]:
    """R2.5 and the reports of the KPIs, each with whoever compiles it."""
    opening = runtime.policy.office.opens
    for kind, due, collector in (
        (DutyKind.SATISFACTION, form.surveys_due, form.treasury),
        (DutyKind.QUESTIONNAIRE, form.surveys_due, form.statistics),
        (DutyKind.ANTI_CORRUPTION, form.surveys_due, office),
        (DutyKind.INTERNAL_CONTROL, form.control_due, office),
    ):
        opens = _before(runtime, due, runtime.policy.cascade.duty_days)
        yield DutyDay(name=kind, opens=opens, due=runtime.calendar.within(due), collector=collector)
    reported = runtime.calendar.add_working_days(form.seminar_on, runtime.policy.cascade.rules.step_days)
    yield DutyDay(
        name=DutyKind.SEMINAR, opens=bangkok_moment(form.seminar_on, opening),
        due=runtime.calendar.ends(reported), collector=office,
    )  # fmt: skip


def _before(runtime: Runtime, due: date, days: int) -> datetime:
    return bangkok_moment(runtime.calendar.add_working_days(due, -days), runtime.policy.office.opens)
