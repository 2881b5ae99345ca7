"""The receiving side of the local mailbox: an SMTP server that puts every mail into a Maildir."""

from __future__ import annotations

import asyncio
import logging
import mailbox
import os
import socket
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from weakref import WeakSet

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.maildir import DUPLICATE_OF, NAME, head, message_id_of, with_summary

log = logging.getLogger(__name__)


class LoopbackServer(Controller):
    """aiosmtpd's server in a thread of its own; it hangs up when it stops. Raises OSError for a taken port."""

    def __init__(self, directory: Path, host: str, port: int, size_limit: int) -> None:
        # Bound here, because the thread would tell of a taken port only when its patience has run out.
        self._socket = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        super().__init__(
            Postman(directory), hostname=host, port=self._socket.getsockname()[1], ready_timeout=30,
            data_size_limit=size_limit, server_hostname="localhost", ident="local mailbox",
        )  # fmt: skip
        self._conversations: WeakSet[SMTP] = WeakSet()

    async def _create_server(self) -> asyncio.Server:
        return await self.loop.create_server(self._factory_invoker, sock=self._socket)

    def factory(self) -> SMTP:
        conversation: SMTP = super().factory()  # type: ignore[no-untyped-call]
        self._conversations.add(conversation)
        return conversation

    def hang_up(self) -> None:
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(timeout=10)

    async def _hang_up(self) -> None:
        for conversation in list(self._conversations):
            if conversation.transport is not None:
                conversation.transport.close()
        await asyncio.sleep(0)  # the transports say good-bye in the loop's next round


class Postman:
    """Puts what arrives into the Maildir: written to `tmp`, then moved to `new` in one step."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        mailbox.Maildir(directory).clean()
        paths = [*(directory / "cur").iterdir(), *(directory / "new").iterdir()]
        self._seen = dict(_ids(sorted(paths, key=lambda path: path.name)))
        self._last = max((int(p.name[:19]) for p in paths if NAME.match(p.name)), default=0)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        try:
            name = self._keep(content, str(envelope.mail_from or ""), envelope.rcpt_tos)
        except OSError:
            log.exception("a mail could not be stored")
            return "451 4.3.0 The mail could not be stored, try again later"
        return f"250 2.0.0 Stored as {name}"

    def _keep(self, content: bytes, sender: str, recipients: Sequence[str]) -> str:
        name = self._next_name()
        message_id = message_id_of(content)
        first = self._seen.get(message_id) if message_id else None
        written = self._directory / "tmp" / name
        with written.open("wb") as file:
            file.write(with_summary(name, _trace(sender, recipients, first) + content))
            file.flush()
            os.fsync(file.fileno())
        written.rename(self._directory / "new" / name)
        if message_id:
            self._seen.setdefault(message_id, name)
        return name

    def _next_name(self) -> str:
        """Names sort by arrival, also within one tick and when the clock was set back."""
        self._last = max(self._last + 1, time.time_ns())
        return f"{self._last:019}.P{os.getpid()}.local"


def _ids(paths: Sequence[Path]) -> Iterator[tuple[bytes, str]]:
    """(Message-ID, id) of the first mail with each Message-ID."""
    seen = set[bytes]()
    for path in paths:
        message_id = message_id_of(head(path))
        if message_id and message_id not in seen:
            seen.add(message_id)
            yield message_id, path.name.partition(":")[0]


def _trace(sender: str, recipients: Sequence[str], duplicate_of: str | None) -> bytes:
    """What the receiving server adds on top (RFC 5321, 4.4): envelope sender, recipients, duplicate."""
    lines = [f"Return-Path: <{sender}>", *(f"Delivered-To: {email}" for email in recipients)]
    if duplicate_of:
        lines.append(f"{DUPLICATE_OF}: {duplicate_of}")
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "surrogateescape")
