"""From words to a mail: headers, alternatives and attachments (RFC 5322, RFC 2047, RFC 3834)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UniqueAddressHeader
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, Policy
from email.utils import format_datetime
from hashlib import sha256
from re import fullmatch
from typing import Any, NamedTuple, cast

from notifications.compose import Composed, one_line
from notifications.errors import InvalidAddress, InvalidMessageId, NaiveMoment, NoRecipients
from rules.calendar import in_bangkok
from schemas.mail import Recipient


class _People(UniqueAddressHeader):
    """Addresses, one a line. The library's own folding writes empty encoded words between Thai names."""

    name: str

    def fold(self, *, policy: Policy) -> str:
        written = (_written(address, policy.linesep) for address in self.addresses)
        return f"{self.name}: " + f",{policy.linesep} ".join(written) + policy.linesep


def _written(address: Address, linesep: str) -> str:
    if address.display_name.isascii():
        return str(address)
    name = Header(address.display_name, "utf-8", maxlinelen=70).encode(linesep=linesep)
    return f"{name}{linesep} <{address.addr_spec}>"


class _Words:
    """A header of our own making: taken as it stands. The library would take it apart to find out what it says."""

    name: str
    max_count = 1

    @classmethod
    def parse(cls, value: object, kwds: dict[str, Any]) -> None:
        kwds["decoded"] = format_datetime(value) if isinstance(value, datetime) else str(value)

    def init(self, name: str, **kwds: Any) -> None:
        super().init(name, parse_tree=None, **kwds)  # type: ignore[misc]

    def fold(self, *, policy: Policy) -> str:
        text, room = str(self), LINE_LENGTH - len(self.name) - 2
        if not text.isascii() or len(text) > room:
            charset = "us-ascii" if text.isascii() else "utf-8"
            text = Header(text, charset, LINE_LENGTH, self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {text}{policy.linesep}"


class _Headers(HeaderRegistry):
    """The library makes a new class for each header of each mail; ours are made once."""

    def __init__(self) -> None:
        super().__init__()
        for name in ("from", "to"):
            # The registry mixes its base class in; the type stubs want it named.
            self.map_to_type(name, cast(type[BaseHeader], _People))
        for name in PLAIN:
            self.map_to_type(name, cast(type[BaseHeader], _Words))
        self._classes: dict[str, type[BaseHeader]] = {}

    def __getitem__(self, name: str) -> type[BaseHeader]:
        name = name.lower()
        if name not in self._classes:
            self._classes[name] = super().__getitem__(name)
        return self._classes[name]


LINE_LENGTH = 76
PLAIN = (
    "subject", "date", "message-id", "in-reply-to", "references", "auto-submitted", "x-auto-response-suppress",
    "content-language", "content-type", "content-transfer-encoding", "mime-version",
)  # fmt: skip
"""Headers whose values are made or checked here: ASCII where they must be, one line each."""
_SEVEN_BIT = SMTP.clone(header_factory=_Headers())


class Enclosure(NamedTuple):
    """One attached file: its name as the reader sees it, its media type, its bytes."""

    name: str
    media_type: str
    content: bytes


def message_id(key: str, domain: str) -> str:
    """The Message-ID of the mail known to us as `key`: always the same, so that a repeat can be recognised."""
    return _checked_id(f"<{sha256(key.encode()).hexdigest()[:40]}@{domain}>")


def envelope(
    composed: Composed,
    *,
    sender: Recipient,
    recipients: Sequence[Recipient],
    message_id: str,
    date: datetime,
    thread: str | None = None,
    attachments: Sequence[tuple[str, str, bytes]] = (),
) -> EmailMessage:
    """The mail itself; the same arguments give the same bytes.

    `thread` is the Message-ID of the mail that this one follows; `attachments` are (name, media type, bytes).
    Raises `NaiveMoment`, `NoRecipients`, `InvalidAddress`, `InvalidMessageId`.
    """
    if date.tzinfo is None:
        raise NaiveMoment(date=date)
    if not recipients:
        raise NoRecipients(message_id=message_id)
    people = [sender, *recipients]
    mail = EmailMessage(_SEVEN_BIT if all(_local_part(p.email).isascii() for p in people) else SMTPUTF8)
    _fill(mail, composed, attachments)
    mail["Message-ID"] = _checked_id(message_id)
    mail["Date"] = in_bangkok(date)
    mail["From"] = address(sender)
    mail["To"] = tuple(address(person) for person in recipients)
    mail["Subject"] = one_line(composed.subject)
    _say_that_a_machine_wrote(mail)
    _thread(mail, thread)
    _mark_the_boundaries(mail)
    return mail


def address(person: Recipient) -> Address:
    """Name and address for a header; the domain in its ASCII form. Raises `InvalidAddress`."""
    email = smtp_address(person.email)
    local, _, domain = email.rpartition("@")
    try:
        return Address(display_name=one_line(person.name), username=local, domain=domain)
    except ValueError as refused:
        raise InvalidAddress(email=person.email) from refused


def smtp_address(email: str) -> str:
    """`email` with its domain in ASCII (`กระทรวง.ไทย` is `xn--…`). Raises `InvalidAddress`."""
    local, _, domain = email.rpartition("@")
    try:
        plain = domain.encode("idna").decode()
    except UnicodeError as refused:
        raise InvalidAddress(email=email) from refused
    if not fullmatch(r"[A-Za-z0-9\-.\[\]:]+", plain) or not local or one_line(local) != local or " " in local:
        raise InvalidAddress(email=email)
    return f"{local}@{plain}"


def _local_part(email: str) -> str:
    return email.rpartition("@")[0]


def _checked_id(text: str) -> str:
    if not fullmatch(r"<[!-;=?-~]+@[A-Za-z0-9.\-]+>", text):
        raise InvalidMessageId(message_id=text)
    return text


def _say_that_a_machine_wrote(mail: EmailMessage) -> None:
    mail["Auto-Submitted"] = "auto-generated"
    # Exchange answers with out-of-office notes unless it reads this.
    mail["X-Auto-Response-Suppress"] = "All"
    mail["Content-Language"] = "th"


def _thread(mail: EmailMessage, thread: str | None) -> None:
    if thread is not None:
        mail["In-Reply-To"] = mail["References"] = _checked_id(thread)


def _fill(mail: EmailMessage, composed: Composed, attachments: Sequence[tuple[str, str, bytes]]) -> None:
    # base64: relays without 8BITMIME still exist, and quoted-printable makes Thai three times as long.
    mail.set_content(composed.text, cte="base64")
    mail.add_alternative(composed.html, subtype="html", cte="base64")
    for name, media_type, content in attachments:
        maintype, _, subtype = media_type.partition("/")
        mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=one_line(name))


def _mark_the_boundaries(mail: EmailMessage) -> None:
    for depth, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        # The library's boundary is random; ours comes from the Message-ID, so that a repeat is the same bytes.
        part.set_boundary(f"=_{depth}_{sha256(mail['Message-ID'].encode()).hexdigest()[:32]}")
