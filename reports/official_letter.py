"""The frame of an external letter, หนังสือภายนอก, in its fixed order of elements (requirements 3.4)."""

from __future__ import annotations

from collections.abc import Iterator

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
        # A seat that bears the sender's name is not told twice: «ศาลากลางจังหวัดสมุทรสาคร» (S3).
        sender="" if letter.sender_th in letter.address else letter.sender_th,
        address=sentence(letter.address, digits),
        date=thai_date(letter.on, digits),
        subject=sentence(letter.subject, digits),
        to=letter.to,
        references=tuple(sentence(text, digits) for text in letter.references),
        enclosures=_numbered(letter.enclosures, digits),
        signature=undated(letter.signatory),
        contact=tuple(_contact(letter, digits)),
    )


def _contact(letter: OfficialLetter, digits: Digits) -> Iterator[str]:
    """As in S3, where one line serves telephone and fax."""
    yield from letter.owner_th.splitlines()
    if letter.phone and letter.phone == letter.fax:
        yield f"โทร./โทรสาร {sentence(letter.phone, digits)}"
    elif letter.phone:
        yield f"โทร. {sentence(letter.phone, digits)}"
    if letter.fax and letter.fax != letter.phone:
        yield f"โทรสาร {sentence(letter.fax, digits)}"
    if letter.email:
        yield f"ไปรษณีย์อิเล็กทรอนิกส์ : {letter.email}"


def _numbered(texts: tuple[str, ...], digits: Digits) -> tuple[str, ...]:
    """A single enclosure has no number, several have."""
    if len(texts) < 2:
        return tuple(sentence(text, digits) for text in texts)
    return tuple(sentence(f"{at}. {text}", digits) for at, text in enumerate(texts, start=1))
