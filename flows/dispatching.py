"""How a circular begins: who is asked for a receipt, and in whose name it goes out."""

from __future__ import annotations

from dataclasses import replace

from engine.process import process_named
from engine.runtime import Runtime
from flows.starting import next_number, opened_by, order_of
from ledger import cases
from rules.calendar import bangkok_date, bangkok_moment
from rules.circular import addressees, recipient_of
from rules.letters import lines_of
from schemas.actor import Actor
from schemas.base import CaseId, UnitId
from schemas.circular import Circular, CircularCase, CircularOrder


async def open_circular(
    runtime: Runtime, form: CircularOrder, *, sender: UnitId, actor: Actor, once: str = ""
) -> CaseId:
    """Send a circular; receipts are due by the end of office hours of the day given, or as its urgency asks.

    :param once: the key of the page on which the form was filled in; sent again, it gives the same case.
    :raises FormWasUsed: sent again with other content.
    """
    await runtime.refresh()
    directory = runtime.directory
    due = bangkok_moment(form.due_on, runtime.policy.office.closes) if form.due_on else None
    async with runtime.ledger.begin() as work:
        today = bangkok_date(work.now)
        chosen = [unit for unit in addressees(directory, sender, on=today) if unit.id in form.recipients]
        no = await next_number(work, "circular", "circular")
        if standing := await opened_by(work, runtime, form, once):
            return standing[0]
        issuer = issuer_of(runtime, sender)
        recipients = tuple(recipient_of(directory, unit.id, on=today) for unit in chosen)
        data = CircularCase(sender=sender, issuer=issuer, letter=_letter(form), recipients=recipients, due=due)
        new = runtime.new_case(
            process_named("circular"), data, case_id=f"circular-{no}", title=f"หนังสือเวียน {form.no} {form.subject}",
            units=tuple(dict.fromkeys((sender, issuer, *(recipient.unit for recipient in recipients)))),
        )  # fmt: skip
        await cases.open_case(work, replace(new, order=order_of(form, once)), actor=actor)
        await work.commit()
    return new.id


def issuer_of(runtime: Runtime, sender: UnitId) -> UnitId:
    """The secretariat writes in the name of the permanent secretary, others in that of their agency's head."""
    directory = runtime.directory
    if sender == directory.secretariat().id:
        return directory.permanent_secretary().id
    agency = directory.agency_of(sender)
    return agency.id if agency else sender


def _letter(form: CircularOrder) -> Circular:
    return Circular(
        no=form.no, on=form.on, urgency=form.urgency, subject=form.subject, text=form.text,
        references=lines_of(form.references), enclosures=lines_of(form.enclosures),
    )  # fmt: skip
