"""How the KPI framework of a year begins: all provinces, and the days of briefing and workshop (S4, lines 6 and 18)."""

from __future__ import annotations

from engine import actions
from engine.runtime import Runtime
from flows.dispatching import issuer_of
from rules.calendar import bangkok_date, bangkok_moment
from rules.framework import last_day_before
from schemas.actor import Actor
from schemas.base import CaseId
from schemas.framework import FrameworkCase, FrameworkOrder, Province


async def open_framework(runtime: Runtime, form: FrameworkOrder, *, actor: Actor) -> CaseId:
    """Begin to draft; the provinces are the agencies of the organisation, each with the unit that works for it.

    :raises CaseExists: the year has a framework already.
    """
    await runtime.refresh()
    directory, office = runtime.directory, runtime.policy.office
    today = bangkok_date(await runtime.ledger.now())
    sender = directory.secretariat()
    provinces = tuple(
        Province(unit=directory.planning_unit_of(agency.id, on=today).id, governor=agency.id, th=agency.th)
        for agency in directory.agencies(on=today)
    )
    data = FrameworkCase(
        fiscal_year=form.fiscal_year, sender=sender.id, issuer=issuer_of(runtime, sender.id), provinces=provinces,
        briefing_at=bangkok_moment(form.briefing_on, office.opens),
        workshop_opens=bangkok_moment(form.workshop_from, office.opens),
        workshop_closes=runtime.calendar.ends(form.workshop_to),
        publish_by=runtime.calendar.ends(last_day_before(form.fiscal_year)),
    )  # fmt: skip
    concerned = [unit for province in provinces for unit in (province.unit, province.governor)]
    case_id = f"framework-{form.fiscal_year}"
    await actions.start_case(
        runtime, "kpi-framework", data, case_id=case_id, actor=actor,
        title=f"กรอบการประเมินและตัวชี้วัดจังหวัด ปีงบประมาณ พ.ศ. {form.fiscal_year}",
        units=tuple(dict.fromkeys((sender.id, data.issuer, *concerned))),
    )  # fmt: skip
    return case_id
