"""Circular letters: to whom a unit may write, and what the sender's forms must satisfy (S3; P12 step 1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rules.directory import DirectoryIndex
from rules.signing import position_of_head
from schemas.base import UnitId
from schemas.circular import ChaseDecision, CircularChase, CircularOrder, Recipient
from schemas.form import FormContext, Problem
from schemas.organisation import Unit

ENCLOSURES_UNNAMED = Problem(
    field="enclosures",
    th="กรุณาระบุรายการสิ่งที่ส่งมาด้วยตามแฟ้มที่แนบ",
    en="List the enclosures whose files are attached",
)
"""Files of a letter that the letter itself does not list (decision 51)."""


def addressees(directory: DirectoryIndex, sender: UnitId, *, on: date) -> tuple[Unit, ...]:
    """To whom a unit may send a circular, in protocol order: the secretariat to agencies, others within their agency.

    Raises UnknownUnit.
    """
    if sender == directory.secretariat().id:
        return directory.agencies(on=on)
    agency = directory.agency_of(sender)
    within = directory.divisions_of(agency.id, on=on) if agency else ()
    return tuple(unit for unit in within if unit.id != sender)


def recipient_of(directory: DirectoryIndex, addressee: UnitId, *, on: date) -> Recipient:
    """The line of the list: an agency's letters are taken in by its planning unit (policy `dispatch_to`).

    Raises UnknownUnit, NoPlanningUnit.
    """
    agency = directory.agency_of(addressee)
    is_agency = agency is not None and agency.id == addressee
    unit = directory.planning_unit_of(addressee, on=on).id if is_agency else addressee
    return Recipient(unit=unit, addressee=position_of_head(directory, addressee))


def problems_of_order(form: CircularOrder, _context: FormContext, today: date) -> Iterator[Problem]:
    """A letter goes out on its day or after it, and names what goes with it; no receipt is asked for in the past."""
    if form.on > today:
        yield Problem(field="on", th="วันที่ของหนังสือต้องไม่เป็นวันในอนาคต", en="The letter cannot be dated in the future")
    if form.files and not form.enclosures:
        yield ENCLOSURES_UNNAMED
    if form.due_on is not None and form.due_on < today:
        yield Problem(field="due_on", th="วันที่ขอให้ตอบรับผ่านไปแล้ว", en="The day for the receipt has passed")


def problems_of_chase(form: CircularChase, _context: FormContext, today: date) -> Iterator[Problem]:
    """Sent again, somebody looks again on a later day; closed without some, it is said why."""
    if form.decision is ChaseDecision.RESEND and (form.again_on is None or form.again_on <= today):
        yield Problem(
            field="again_on", th="กรุณาระบุวันที่จะติดตามอีกครั้ง หลังจากวันนี้", en="Say on which later day to look again"
        )
    if form.decision is ChaseDecision.CLOSE and not form.note:
        yield Problem(field="note", th="กรุณาระบุเหตุผลที่ปิดเรื่องโดยไม่รอ", en="Say why it is closed without them")
