"""Sending a file to the browser under its Thai name (RFC 6266); nothing that could run as a page is opened as one."""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.responses import Response

SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg"})
"""Media types that a browser shows by itself; everything else is only kept. All are sent with `nosniff`."""

VIEWING = "default-src 'none'; object-src 'self'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""What the browser's own viewer of such a file may do: show it. Without `object-src` some show an empty page."""


def download(content: bytes, media_type: str, name: str, *, may_show: bool = False) -> Response:
    """The file to be kept; or to be looked at, where `may_show` and its type allow it.

    A name beyond ASCII travels percent-encoded (RFC 5987), with a plain one for old programs.
    """
    disposition = "inline" if may_show and media_type in SHOWN else "attachment"
    plain = re.sub(r"[^A-Za-z0-9._ -]+", "_", name).strip(" ._") or "file"
    said = f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"content-disposition": said} | ({"content-security-policy": VIEWING} if disposition == "inline" else {})
    return Response(content, media_type=media_type, headers=headers)
