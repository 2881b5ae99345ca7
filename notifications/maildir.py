"""How the local mailbox names its files, and what it reads of them without parsing the whole mail."""

from __future__ import annotations

import re
from pathlib import Path

NAME = re.compile(r"[0-9]{19}\.[A-Za-z0-9]+\.[A-Za-z0-9\-]+")
"""Nanoseconds of the arrival, process, host: names sort by arrival."""
DUPLICATE_OF = "X-Duplicate-Of"
_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>\r\n]+>)", re.IGNORECASE | re.MULTILINE)
_HEADERS_END = re.compile(rb"\r?\n\r?\n")


def head(path: Path) -> bytes:
    """The mail's headers; the body of a large mail is not read."""
    read = b""
    with path.open("rb") as file:
        while chunk := file.read(4096):
            read += chunk
            if end := _HEADERS_END.search(read):
                return read[: end.end()]
    return read


def message_id_of(content: bytes) -> bytes | None:
    end = _HEADERS_END.search(content)
    found = _MESSAGE_ID.search(content, 0, end.start() if end else len(content))
    return found[1] if found else None
