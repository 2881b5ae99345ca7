"""How a circular begins: who is asked for a receipt, and in whose name it goes out."""

from __future__ import annotations

from datetime import date

from engine.process import process_named
from engine.runtime import Runtime
from flows.numbered import open_numbered
from ledger.cases import NewCase
from rules.circular import addressees, recipient_of
from rules.letters import lines_of
from schemas.actor import Actor
from schemas.base import CaseId, UnitId
from schemas.circular import Circular, CircularCase, CircularOrder
from schemas.measures import MeasuresOrder


async def open_circular(
    runtime: Runtime, form: CircularOrder, *, sender: UnitId, actor: Actor, once: str = ""
) -> CaseId:
    """Send a circular; receipts are due within the day given, or as its urgency asks.

    :param once: the key of the page on which the form was filled in; sent again, it gives the same case.
    :raises FormWasUsed: sent again with other content.
    """
    await runtime.refresh()
    directory, issuer = runtime.directory, issuer_of(runtime, sender)
    due = runtime.calendar.within(form.due_on) if form.due_on else None

    def made(no: str, today: date) -> NewCase:
        chosen = [unit for unit in addressees(directory, sender, on=today) if unit.id in form.recipients]
        recipients = tuple(recipient_of(directory, unit.id, on=today) for unit in chosen)
        return runtime.new_case(
            process_named("circular"), case_id=f"circular-{no}", title=f"หนังสือเวียน {form.no} {form.subject}",
            data=CircularCase(
                sender=sender, issuer=issuer, letter=letter_of(form), recipients=recipients, due=due, files=form.files
            ),
            units=tuple(dict.fromkeys((sender, issuer, *(recipient.unit for recipient in recipients)))),
        )  # fmt: skip

    return await open_numbered(runtime, form, made, process="circular", prefix="circular", actor=actor, once=once)


def issuer_of(runtime: Runtime, sender: UnitId) -> UnitId:
    """The secretariat writes in the name of the permanent secretary, others in that of their agency's head."""
    directory = runtime.directory
    if sender == directory.secretariat().id:
        return directory.permanent_secretary().id
    agency = directory.agency_of(sender)
    return agency.id if agency else sender


def letter_of(form: CircularOrder | MeasuresOrder) -> Circular:
    """The letter that a form writes."""
    return Circular(
        no=form.no, on=form.on, urgency=form.urgency, subject=form.subject, text=form.text,
        references=lines_of(form.references), enclosures=lines_of(form.enclosures), conclusion=form.conclusion,
    )  # fmt: skip
