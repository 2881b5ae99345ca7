"""Steps of a circular letter."""

from __future__ import annotations

import asyncio

from engine.links import FORM_PREFIX
from engine.step import Step, step_task
from ledger import documents, reading
from ledger.hand_offs import OPEN, HandOff
from ledger.work import Work
from reports.circular import circular_pdf, receipts_pdf
from rules.deadline import resolve
from rules.notices import circular_again
from rules.signing import contact_of, head_signs, owner_lines
from schemas.attachment import AttachedFile
from schemas.circular import CircularCase, Dispatch, ReceiptList, Receipts, Received
from schemas.letters import OfficialLetter
from tasks.letterhead import house_style, letterhead_of
from tasks.papers import FLOW, PDF, Paper, bind, file_name

LISTED_TH = "(ตามบัญชีรายชื่อแนบท้าย)"
"""S3, the letter's own words."""


@step_task("ตรวจสอบผู้ส่ง ผู้ลงนาม และกำหนดตอบรับ")
async def look_up_dispatch(step: Step, circular: CircularCase) -> Dispatch:
    """Enclosures become documents here where another process has called the circular; one that people send has them.

    :raises UnknownUnit: the sender or the issuer is not in the organisation.
    """

    async def enclose(work: Work) -> None:
        await documents.enclose(work, [step.case_id], circular.files, actor=FLOW)

    if circular.files:
        step.then(enclose)
    directory, office = step.runtime.directory, step.runtime.policy.office
    asked = office.acknowledge[circular.letter.urgency]
    return Dispatch(
        sender_th=directory.unit(circular.sender).th, issuer_th=directory.unit(circular.issuer).th,
        due=circular.due or resolve(asked, opened_at=step.now, calendar=step.runtime.calendar),
    )  # fmt: skip


@step_task("จัดพิมพ์หนังสือเวียน")
async def print_letter(step: Step, circular: CircularCase) -> tuple[AttachedFile, ...]:
    """The letter with the list of its recipients, to be signed; it lies beside the form of each of them."""
    letter = _letter(step, circular)
    pdf = await asyncio.to_thread(
        circular_pdf, circular, letter, dated=step.now, letterhead=letterhead_of(step.runtime)
    )
    return bind(step, [Paper(f"{file_name('หนังสือเวียน', circular.letter.no)}.pdf", PDF, pdf)])


@step_task("ตรวจว่าใครยังไม่ตอบรับ")
async def look_at_receipts(step: Step, circular: CircularCase) -> Receipts:
    """Who has not acknowledged by now."""
    unread = {hand_off.unit for hand_off in await _unread(step)}
    missing = tuple(recipient.addressee for recipient in circular.recipients if recipient.unit in unread)
    return Receipts(received=len(circular.recipients) - len(missing), missing=missing)


@step_task("ส่งหนังสือเวียนซ้ำ")
async def send_again(step: Step, circular: CircularCase, note: str) -> None:
    """A mail to the holders of each receipt that is still open; its day stays as it was, so late stays late."""
    post = step.runtime.post
    unread = await _unread(step)
    directory, addressees = step.runtime.directory, {each.unit: each.addressee for each in circular.recipients}
    issuer_th, sender_th = directory.unit(circular.issuer).th, directory.unit(circular.sender).th

    async def write(work: Work) -> None:
        for hand_off in unread:
            message = circular_again(
                circular, to=addressees[hand_off.unit], issuer_th=issuer_th, sender_th=sender_th, due=hand_off.due_at,
                note=note, link=FORM_PREFIX + hand_off.id,
            )  # fmt: skip
            occasion = f"{step.case_id}:{step.key}:{hand_off.id}"
            post.send(work, step.case_id, post.holders_of(hand_off), occasion, message, hand_off_id=hand_off.id)

    step.then(write)


@step_task("จัดพิมพ์บัญชีผู้รับหนังสือเวียน")
async def print_receipts(step: Step, circular: CircularCase, received: tuple[Received, ...]) -> ReceiptList:
    """The list at the end of the letter with who took it in, and when (S3: column «ผู้รับ»)."""
    async with step.runtime.ledger.read() as connection:
        events = await reading.history(connection, step.case_id)
    again = sum(event.kind == "step:done" and event.content["element"] == "send_again" for event in events)
    pdf = await asyncio.to_thread(
        receipts_pdf, circular, received, sent_again=again, dated=step.now, **house_style(step.runtime)
    )
    papers = bind(step, [Paper(f"{file_name('บัญชีผู้รับ', circular.letter.no)}.pdf", PDF, pdf)])
    return ReceiptList(sent_again=again, papers=papers)


async def _unread(step: Step) -> list[HandOff]:
    async with step.runtime.ledger.read() as connection:
        work = await reading.hand_offs_of_case(connection, step.case_id)
    return [each for each in work if (each.element, each.state) == ("acknowledge", OPEN)]


def _letter(step: Step, circular: CircularCase) -> OfficialLetter:
    directory, said = step.runtime.directory, circular.letter
    issuer, owner = directory.unit(circular.issuer), directory.unit(circular.sender)
    return OfficialLetter(
        urgency=said.urgency, no=said.no, sender_th=issuer.th, address=issuer.address, on=said.on,
        subject=said.subject, to=f"{said.to} {LISTED_TH}", references=said.references, enclosures=said.enclosures,
        signatory=head_signs(directory, issuer.id), owner_th="\n".join(owner_lines(directory, owner.id, issuer.id)),
        **contact_of(owner, issuer)._asdict(),
    )  # fmt: skip
