"""Reading a posted form: early about its size, and quick, because the whole ministry posts on a Friday afternoon."""

from __future__ import annotations

import re
from binascii import a2b_qp

from starlette.requests import Request

from portal.errors import BodyTooLarge, Unreadable

LARGEST = 4_000_000
"""Bytes. Six headings of 20 000 Thai characters are 1 080 000 bytes when they are percent-encoded."""
READ_AT_MOST = 64_000_000
"""Bytes of a body that are read, only to be refused politely, before the connection is cut."""
MOST_FIELDS = 2000

_NEVER_SENT = re.compile(rb"%(?![0-9A-Fa-f]{2})|[^!-~]")
"""An escape without its two digits, or a byte that browsers escape."""

Typed = dict[str, str | list[str]]
"""What was typed by field name; a name that came several times has a list."""


async def read_form(request: Request) -> Typed:
    """The fields as typed; kept with the request, so that no error page loses them.

    :raises BodyTooLarge: more than `LARGEST` bytes.
    :raises Unreadable: not an ordinary form.
    """
    if "typed" in request.scope:
        kept: Typed = request.scope["typed"]
        return kept
    said = request.headers.get("content-type", "application/x-www-form-urlencoded")
    if not said.startswith("application/x-www-form-urlencoded"):
        raise Unreadable
    typed = parse(await _bytes(request))
    request.scope["typed"] = typed
    return typed


async def _bytes(request: Request) -> bytes:
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size <= LARGEST:
            pieces.append(piece)
        elif size > READ_AT_MOST:
            break
    # What is too large is read to its end and dropped: a browser that is still sending shows no answer.
    if size > LARGEST:
        raise BodyTooLarge(LARGEST)
    return b"".join(pieces)


def parse(body: bytes) -> Typed:
    """:raises Unreadable: not as browsers write it, not UTF-8, or too many fields."""
    if _NEVER_SENT.search(body) or body.count(b"&") >= MOST_FIELDS:
        raise Unreadable
    typed: Typed = {}
    for pair in body.split(b"&") if body else ():
        name, _, value = pair.partition(b"=")
        add(typed, _decoded(name), _decoded(value))
    return typed


def add(typed: Typed, name: str, value: str) -> None:
    """One more value of a field, after those that it has."""
    standing = typed.get(name)
    if standing is None:
        typed[name] = value
    elif isinstance(standing, list):
        standing.append(value)
    else:
        typed[name] = [standing, value]


def _decoded(part: bytes) -> str:
    # Percent-encoding is quoted-printable with another sign, and the standard library has that in C: a page of Thai,
    # three escapes a letter, is read in microseconds instead of milliseconds.
    quoted = part.replace(b"+", b" ").replace(b"=", b"%3D").replace(b"%", b"=")
    try:
        return without_zeros(a2b_qp(quoted).decode())
    except UnicodeDecodeError as trouble:
        raise Unreadable from trouble


def without_zeros(typed: str) -> str:
    """What was typed, without the character 0: nobody types it, and PostgreSQL keeps no text that holds it."""
    return typed.replace("\0", "") if "\0" in typed else typed


def text(typed: Typed, name: str) -> str:
    """The last value of a field, without blanks around it; empty when it did not come."""
    value = typed.get(name, "")
    return (value[-1] if isinstance(value, list) else value).strip()


def answers(typed: Typed) -> Typed:
    """What belongs to the form itself, without the portal's own fields."""
    return {name: value for name, value in typed.items() if name not in ("csrf", "action")}
