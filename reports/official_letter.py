"""The frame of an external letter, หนังสือภายนอก, in its fixed order of elements (requirements 3.4)."""

from __future__ import annotations

from reports.figures import sentence
from reports.signing import Signature, undated
from reports.typesetting import Sheet
from rules.thai import Digits, thai_date, to_thai_digits
from schemas.base import Record
from schemas.directive import URGENCY_TH, Urgency
from schemas.letters import OfficialLetter

SALUTATION = "ขอแสดงความนับถือ"


class LetterFrame(Record):
    """Everything around the body."""

    urgency: str
    no: str
    sender: str
    address: str
    date: str
    """Without «พ.ศ.» and without a leading nought, as in S3."""
    subject: str
    to: str
    references: tuple[str, ...]
    enclosures: tuple[str, ...]
    salutation: str = SALUTATION
    signature: Signature
    contact: tuple[str, ...]
    """The unit in charge, telephone, fax, e-mail, one a line."""


class LetterSheet(Sheet):
    letter: LetterFrame


def letter_frame(letter: OfficialLetter, digits: Digits) -> LetterFrame:
    """The frame; the letter's own number is in the digits of the letter, its e-mail address never is (3.2)."""
    return LetterFrame(
        urgency="" if letter.urgency is Urgency.NORMAL else URGENCY_TH[letter.urgency],
        no=to_thai_digits(letter.no) if digits == "thai" else letter.no,
        sender=letter.sender_th,
        address=sentence(letter.address, digits),
        date=thai_date(letter.on, digits),
        subject=sentence(letter.subject, digits),
        to=letter.to,
        references=tuple(sentence(text, digits) for text in letter.references),
        enclosures=_numbered(letter.enclosures, digits),
        signature=undated(letter.signatory),
        contact=(
            letter.owner_th,
            *((f"โทร. {sentence(letter.phone, digits)}",) if letter.phone else ()),
            *((f"โทรสาร {sentence(letter.fax, digits)}",) if letter.fax else ()),
            *((f"ไปรษณีย์อิเล็กทรอนิกส์ {letter.email}",) if letter.email else ()),
        ),
    )


def _numbered(texts: tuple[str, ...], digits: Digits) -> tuple[str, ...]:
    """A single enclosure has no number, several have."""
    if len(texts) < 2:
        return tuple(sentence(text, digits) for text in texts)
    return tuple(sentence(f"{at}. {text}", digits) for at, text in enumerate(texts, start=1))
