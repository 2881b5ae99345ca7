"""A circular letter: dispatched, acknowledged by each recipient, sent again to those who did not (S3; P12 step 1)."""

from __future__ import annotations

from datetime import time

from engine.case import Case
from engine.process import process
from flows.wording import thai_list
from rules.calendar import bangkok_moment
from rules.thai import thai_moment
from schemas.attachment import AttachedFile
from schemas.base import UnitId
from schemas.circular import (
    ChaseDecision,
    CircularCase,
    CircularChase,
    CircularOutcome,
    CircularReceipt,
    Dispatch,
    Receipts,
    Received,
    Recipient,
)
from schemas.deadline import At
from schemas.directive import URGENCY_TH
from schemas.form import Facts, FormContext
from tasks.circular import look_at_receipts, look_up_dispatch, print_letter, print_receipts, send_again

Papers = tuple[AttachedFile, ...]
AGAIN_AT = time(9, 0)
"""The sender is asked again at nine on the day chosen, as holders are reminded [DEFAULT]."""


@process("circular", title_th="หนังสือเวียน", data=CircularCase, result=CircularOutcome, result_needed=False)
async def circular(case: Case[CircularCase]) -> CircularOutcome:
    """Every recipient acknowledges; after the day set the sender sends it again, or closes without the missing."""
    dispatch = await case.step("look_up", look_up_dispatch, case.data)
    letter = await case.step("print_letter", print_letter, case.data)
    taken_in: dict[UnitId, Received] = {}

    async def everyone() -> None:
        members = {r.unit: acknowledged(case, dispatch, letter, r, taken_in) for r in case.data.recipients}
        await case.all_of("recipients", members)

    await case.race("settled", {"everyone": everyone(), "sender": chased(case, dispatch, letter)})
    units = [recipient.unit for recipient in case.data.recipients]
    received = tuple(taken_in[unit] for unit in units if unit in taken_in)
    printed = await case.step("print_receipts", print_receipts, case.data, received)
    return CircularOutcome(
        received=received, missing=tuple(unit for unit in units if unit not in taken_in),
        sent_again=printed.sent_again, papers=(*letter, *printed.papers),
    )  # fmt: skip


async def acknowledged(
    case: Case[CircularCase], dispatch: Dispatch, letter: Papers, recipient: Recipient, taken_in: dict[UnitId, Received]
) -> None:
    """One recipient reads the letter and says so."""
    receipt = case.hand_off(
        "acknowledge", to=recipient.unit, form=CircularReceipt, due=At(moment=dispatch.due),
        asked_by=dispatch.sender_th, urgency=case.data.letter.urgency,
        context=FormContext(facts=facts(case.data, dispatch), files=(*letter, *case.data.files)),
    )  # fmt: skip
    said = await receipt
    taken_in[recipient.unit] = Received(unit=recipient.unit, by=receipt.actor, at=receipt.at, note=said.note)


async def chased(case: Case[CircularCase], dispatch: Dispatch, letter: Papers) -> None:
    """From the day set on the sender decides what becomes of those who have not answered."""
    await case.until("due", dispatch.due)
    while True:
        standing = await case.step("look_at_receipts", look_at_receipts, case.data)
        chase = await case.hand_off(
            "chase", to=case.data.sender, form=CircularChase,
            context=FormContext(facts=facts(case.data, dispatch, standing), files=(*letter, *case.data.files)),
        )  # fmt: skip
        if chase.decision is ChaseDecision.CLOSE or chase.again_on is None:
            return
        await case.step("send_again", send_again, case.data, chase.note)
        await case.until("again", bangkok_moment(chase.again_on, AGAIN_AT))


def facts(circular: CircularCase, dispatch: Dispatch, standing: Receipts | None = None) -> Facts:
    letter = circular.letter
    said = (
        ("เรื่อง", letter.subject), ("เลขที่หนังสือ", letter.no), ("ชั้นความเร็ว", URGENCY_TH[letter.urgency]),
        ("จาก", dispatch.issuer_th), ("ตอบรับภายใน", thai_moment(dispatch.due)),
    )  # fmt: skip
    if standing is None:
        return said
    total = len(circular.recipients)
    return (
        *said, ("ตอบรับแล้ว", f"{standing.received} จาก {total} หน่วยงาน"), ("ยังไม่ตอบรับ", thai_list(standing.missing)),
    )  # fmt: skip
