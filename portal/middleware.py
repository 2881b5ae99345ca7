"""What every answer carries, and what no request may bring; plain ASGI, because it runs for each of them."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: dict[str, str] = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""An answer that needs other words for one of them sets its own."""
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


class SecurityHeaders:
    """Adds the headers that an answer does not set itself, and takes the character 0 out of addresses."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self._headers = HEADERS | ({"strict-transport-security": STRICT_TRANSPORT} if https else {})
        self._raw = [(name.encode(), value.encode()) for name, value in self._headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            # Nobody types it, and PostgreSQL keeps no text that holds it: the rest is looked for, or not found.
            bare = {"path": scope["path"].replace("\0", ""), "query_string": scope["query_string"].replace(b"%00", b"")}
            scope = {**scope, **bare}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, raw in zip(self._headers, self._raw, strict=True):
                    if name not in headers:
                        headers.raw.append(raw)
            await send(message)

        await self.app(scope, receive, send_with_headers)
