"""How a province's year of the six measures begins, and how written criteria come to all that run (S3; P12)."""

from __future__ import annotations

from engine.intake import files_of
from engine.process import process_named
from engine.runtime import Runtime
from flows.dispatching import letter_of
from flows.numbered import order_of
from ledger import cases, documents, reading, waits
from rules.calendar import bangkok_date
from rules.circular import addressees, recipient_of
from schemas.actor import Actor
from schemas.base import CaseId, UnitId
from schemas.measures import CriteriaIssued, CriteriaOrder, MeasuresCase, MeasuresOrder

PROCESS = "efficiency-measures"
MOST = 1_000
"""Provinces that run at the same time; there are 76."""


async def open_measures(runtime: Runtime, form: MeasuresOrder, *, office: UnitId, actor: Actor) -> CaseId:
    """Begin the year of the province to which the planning unit belongs; the letter goes to all its divisions.

    The ordering letter and the enclosures become documents of the case with its first event.

    :raises CaseExists: the province has begun already.
    :raises DocumentIsMissing: a file of the form is no longer kept.
    """
    await runtime.refresh()
    directory = runtime.directory
    today = bangkok_date(await runtime.ledger.now())
    province = directory.agency_of(office)
    assert province is not None, office
    recipients = tuple(recipient_of(directory, unit.id, on=today) for unit in addressees(directory, office, on=today))
    data = MeasuresCase(
        fiscal_year=form.fiscal_year, province=province.id, office=office, energy_office=form.energy_office,
        central=directory.secretariat().id, letter=letter_of(form), recipients=recipients,
        plan_due=runtime.calendar.within(form.plan_due_on), order=form.order, attachments=form.attachments,
        enclosed=form.files,
    )  # fmt: skip
    case_id = f"six-measures-{form.fiscal_year}-{province.id}"
    new = runtime.new_case(
        process_named(PROCESS), data, case_id=case_id,
        title=f"มาตรการ 6 เรื่อง ปีงบประมาณ พ.ศ. {form.fiscal_year} {province.th}",
        units=tuple(dict.fromkeys((office, province.id, data.central, *(each.unit for each in recipients)))),
    )  # fmt: skip
    async with runtime.ledger.begin() as work:
        if await cases.open_case(work, new, actor=actor):
            await documents.enclose(work, [case_id], files_of(form), actor=actor)
        await work.commit()
    return case_id


async def issue_criteria(
    runtime: Runtime, form: CriteriaOrder, *, sender: UnitId, actor: Actor, once: str = ""
) -> tuple[CaseId, ...]:
    """Written criteria go to every case that runs now, to all or to none; one that is opened later gets none (S3, 4).

    :param once: the key of the page on which the form was filled in; sent again, it reaches nobody twice.
    :raises FormWasUsed: sent again with other content.
    :raises DocumentIsMissing: a file of the form is no longer kept.
    """
    message, order, name = CriteriaIssued(**form.model_dump()), order_of(form, once), CriteriaIssued.__name__
    async with runtime.ledger.begin() as work:
        running = await reading.cases_where(work.connection, limit=MOST, process=PROCESS, state="open")
        heads = await work.lock(*(case.id for case in running))
        reached = [
            head.id
            for head in heads
            if head.state == "open"
            and not (order and await waits.is_delivered(work, head.id, name=name, order=order))
        ]  # fmt: skip
        said = message.model_dump(mode="json")
        await documents.enclose(work, reached, form.files, actor=actor)
        for case_id in reached:
            await waits.deliver_message(work, case_id, name=name, payload=said, sender=sender, actor=actor, order=order)
        await work.commit()
    return tuple(reached)
