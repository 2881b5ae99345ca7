"""Looking up who is concerned."""

from __future__ import annotations

from engine.step import Step, step_task
from schemas.deadline import WorkingDays
from schemas.directive import Urgency
from schemas.office import Choices, Office, Secretariat
from schemas.organisation import Duty, Unit


@step_task("ตรวจสอบหน่วยงานที่เกี่ยวข้อง")
async def look_up_office(step: Step, agency: str, urgency: Urgency = Urgency.NORMAL) -> Office:
    """The agency, its planning unit and divisions, the secretariat, and the deadlines that hold today.

    :raises UnknownUnit, NoPlanningUnit, NoSecretariat: the organisation is incomplete; the run stops and says so.
    """
    directory, office = step.runtime.directory, step.runtime.policy.office
    today = step.runtime.today(step.now)
    unit, planning, secretariat = (
        directory.unit(agency), directory.planning_unit_of(agency, on=today), directory.secretariat(),
    )  # fmt: skip
    administrators = directory.officers_with(Duty.ADMINISTRATOR)
    divisions = directory.divisions_of(agency, on=today)
    return Office(
        agency=unit.id,
        agency_th=unit.th,
        planning_unit=planning.id,
        planning_unit_th=planning.th,
        secretariat=secretariat.id,
        secretariat_th=secretariat.th,
        ministry=directory.organisation.ministry,
        administration=administrators[0].unit if administrators else None,
        divisions=_choices(divisions),
        unstaffed=tuple(unit.id for unit in divisions if not step.runtime.post.holders(unit.id, Duty.OFFICER)),
        agencies=_choices(directory.agencies(on=today)),
        acknowledge=office.acknowledge[urgency],
        step=WorkingDays(days=office.step_days),
    )


@step_task("ตรวจสอบฝ่ายเลขานุการ")
async def look_up_secretariat(step: Step) -> Secretariat:
    """The secretariat as it stands. :raises NoSecretariat:"""
    directory = step.runtime.directory
    unit, today = directory.secretariat(), step.runtime.today(step.now)
    return Secretariat(
        unit=unit.id,
        th=unit.th,
        ministry_th=directory.unit(directory.organisation.ministry).th,
        permanent_secretary=directory.permanent_secretary().id,
        units=_choices((unit, *directory.agencies(on=today))),
    )


def _choices(units: tuple[Unit, ...]) -> Choices:
    return tuple((unit.id, unit.th) for unit in units)
