"""หนังสือเวียน: the letter with the list of its recipients, and the list again with the receipts (S3; 3.4)."""

from __future__ import annotations

from reports.figures import sentence
from reports.official_letter import LetterSheet, letter_frame
from reports.register import written
from reports.typesetting import NEUTRAL, Letterhead, Sheet, typeset
from rules.calendar import bangkok_date
from rules.thai import Digits, thai_date, thai_time
from schemas.base import Moment, Record
from schemas.circular import CONCLUSION_TH, CircularCase, Received
from schemas.directive import URGENCY_TH, Urgency
from schemas.letters import OfficialLetter

TITLE, LIST_TITLE = "หนังสือเวียน", "บัญชีแนบท้ายหนังสือ"
MISSING = "ยังไม่ตอบรับ"


class RecipientLine(Record):
    number: str
    addressee: str
    received: str
    """Who took it in, and when; empty in the letter itself, where it is filled in by hand."""
    note: str = ""
    missing: bool = False


class RecipientList(Record):
    """The list at the end of the letter."""

    title: str = LIST_TITLE
    urgency: str
    no: str
    date: str
    subject: str
    columns: tuple[str, ...]
    lines: tuple[RecipientLine, ...]


class CircularSheet(LetterSheet):
    text: str
    conclusion: str
    annex: RecipientList


class ReceiptsSheet(Sheet):
    annex: RecipientList
    summary: str


def circular_pdf(
    circular: CircularCase, letter: OfficialLetter, *, dated: Moment, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """The letter. `dated`: the moment of its content. Raises ReportError."""
    sheet = circular_sheet(circular, letter, dated=dated, digits=digits, letterhead=letterhead)
    return typeset("circular", sheet, digits=digits)


def circular_sheet(
    circular: CircularCase, letter: OfficialLetter, *, dated: Moment, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> CircularSheet:  # fmt: skip
    """What goes onto the pages of the letter."""
    return CircularSheet(
        title=TITLE,
        author=letter.sender_th,
        dated=dated,
        letterhead=letterhead,
        letter=letter_frame(letter, digits),
        text=sentence(circular.letter.text, digits),
        conclusion=CONCLUSION_TH[circular.letter.conclusion],
        annex=_annex(circular, {}, digits, closed=False),
    )


def receipts_pdf(
    circular: CircularCase, received: tuple[Received, ...], *, sent_again: int, dated: Moment, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """The list with the receipts. Raises ReportError."""
    sheet = receipts_sheet(circular, received, sent_again=sent_again, dated=dated, digits=digits, letterhead=letterhead)
    return typeset("circular_receipts", sheet, digits=digits)


def receipts_sheet(
    circular: CircularCase, received: tuple[Received, ...], *, sent_again: int, dated: Moment, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> ReceiptsSheet:  # fmt: skip
    """What goes onto the pages of the list."""
    again = f" ส่งซ้ำ {sent_again} ครั้ง" if sent_again else ""
    said = f"ตอบรับแล้ว {len(received)} จาก {len(circular.recipients)} หน่วยงาน{again}"
    return ReceiptsSheet(
        title=f"{LIST_TITLE} {sentence(circular.letter.no, digits)}",
        author=letterhead.ministry_th,
        dated=dated,
        letterhead=letterhead,
        annex=_annex(circular, {each.unit: each for each in received}, digits, closed=True),
        summary=written(said, digits),
    )


def _annex(circular: CircularCase, received: dict[str, Received], digits: Digits, *, closed: bool) -> RecipientList:
    said = circular.letter
    return RecipientList(
        urgency="" if said.urgency is Urgency.NORMAL else URGENCY_TH[said.urgency],
        no=sentence(said.no, digits),
        date=thai_date(said.on, digits),
        subject=sentence(said.subject, digits),
        columns=("ลำดับ", said.to, "ผู้รับ"),
        lines=tuple(
            _line(written(f"{at}.", digits), recipient.addressee, received.get(recipient.unit), digits, closed=closed)
            for at, recipient in enumerate(circular.recipients, start=1)
        ),
    )


def _line(number: str, addressee: str, receipt: Received | None, digits: Digits, *, closed: bool) -> RecipientLine:
    if receipt is None:
        return RecipientLine(number=number, addressee=addressee, received=MISSING if closed else "", missing=closed)
    day = thai_date(bangkok_date(receipt.at), digits, "short")
    return RecipientLine(
        number=number, addressee=addressee, note=sentence(receipt.note, digits),
        received=f"{receipt.by.name}\n{day} {thai_time(receipt.at, digits)}",
    )  # fmt: skip
