"""How the local mailbox names its files, and what it reads of them without parsing the whole mail."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import HeaderParser
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

from schemas.base import Moment, Record

NAME = re.compile(r"[0-9]{19}\.[A-Za-z0-9]+\.[A-Za-z0-9\-]+")
"""Nanoseconds of the arrival, process, host: names sort by arrival."""
DUPLICATE_OF = "X-Duplicate-Of"
_SUMMARY = b"X-Mailbox-Summary: "
_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>\r\n]+>)", re.IGNORECASE | re.MULTILINE)
_HEADERS_END = re.compile(rb"\r?\n\r?\n")


class StoredMail(Record):
    """One mail as listed. `id` is its name in the Maildir, without flags."""

    id: str
    subject: str
    sender: str
    to: tuple[str, ...]
    """«Name <address>» as in the To header."""
    delivered_to: tuple[str, ...]
    """The addresses it was really delivered to (SMTP RCPT)."""
    date: Moment
    """As the mail says; the arrival when it says nothing readable."""
    received_at: Moment
    message_id: str
    duplicate_of: str | None = None
    """Id of the earlier mail with the same Message-ID."""
    size: int
    """Bytes."""

    @property
    def is_duplicate(self) -> bool:
        return self.duplicate_of is not None


def head(path: Path) -> bytes:
    """The mail's headers; the body of a large mail is not read."""
    read = b""
    with path.open("rb") as file:
        while chunk := file.read(4096):
            read += chunk
            if end := _HEADERS_END.search(read):
                return read[: end.end()]
    return read


def _head_of(content: bytes) -> bytes:
    end = _HEADERS_END.search(content)
    return content[: end.end()] if end else content


def message_id_of(content: bytes) -> bytes | None:
    found = _MESSAGE_ID.search(_head_of(content))
    return found[1] if found else None


def stored_mail(name: str, path: Path) -> StoredMail:
    """The mail's listing: from the summary that the server wrote on top, else from its headers."""
    read = head(path)
    if read.startswith(_SUMMARY):
        with suppress(ValueError):
            return StoredMail.model_validate_json(read[len(_SUMMARY) : read.index(b"\n")])
    return _summary(name, read, path.stat().st_size)


def with_summary(name: str, content: bytes) -> bytes:
    """`content` under one more header line that holds its listing: read far faster than headers are parsed."""
    listing = _summary(name, _head_of(content), len(content)).model_dump(mode="json")
    return _SUMMARY + json.dumps(listing).encode() + b"\r\n" + content


def _summary(name: str, read: bytes, size: int) -> StoredMail:
    """What the headers in `read` say of the mail called `name`."""
    headers = HeaderParser().parsestr(read.decode("utf-8", "replace"))
    received_at = datetime.fromtimestamp(int(name[:19]) / 1e9, UTC)
    return StoredMail(
        id=name,
        subject=_decoded(headers["Subject"]),
        sender=next(iter(_people(headers, "From")), ""),
        to=_people(headers, "To"),
        delivered_to=tuple(headers.get_all("Delivered-To", [])),
        date=_date(headers["Date"]) or received_at,
        received_at=received_at,
        message_id=(headers["Message-ID"] or "").strip(),
        duplicate_of=headers[DUPLICATE_OF],
        size=size,
    )


def _decoded(header: str | None) -> str:
    try:
        return " ".join(str(make_header(decode_header(header or ""))).split())
    except (HeaderParseError, LookupError, UnicodeError):
        return header or ""


def _people(headers: Message, name: str) -> tuple[str, ...]:
    pairs = getaddresses([" ".join(value.split()) for value in headers.get_all(name, [])])
    return tuple(f"{_decoded(person)} <{email}>" if person else email for person, email in pairs if email)


def _date(header: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(header or "")
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
