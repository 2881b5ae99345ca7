"""The mailbox of the embedded stack: a real SMTP server on the loopback that keeps every mail in a Maildir.

One process runs the server (`start`, `stop`); any process reads (`list`, `count`, `read`).
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default as modern
from itertools import islice
from pathlib import Path

from notifications.envelope import Enclosure
from notifications.errors import MailboxNotLocal, MailboxNotStarted, MailNotFound
from notifications.loopback import LoopbackServer
from notifications.maildir import NAME, StoredMail, stored_mail

SIZE_LIMIT = 50 * 1024 * 1024
"""Bytes of one mail; a report of a whole ministry with its attachments stays far below."""


class OpenedMail(StoredMail):
    """One mail with its bodies and attachments; `html` is what the sender wrote: show it in a sandbox."""

    text: str
    html: str
    attachments: tuple[Enclosure, ...]


class Mailbox:
    """The mails under `directory`, a Maildir that is made when it is missing."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        for folder in ("tmp", "new", "cur"):
            (directory / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
        self._known: dict[str, StoredMail] = {}
        self._server: LoopbackServer | None = None

    # --- reading ---------------------------------------------------------------------------------------

    def list(self, limit: int = 50, offset: int = 0, query: str = "") -> tuple[StoredMail, ...]:
        """Newest first; `query` is sought in subject, sender and recipients, without regard to case."""
        paths = self._paths()
        names = sorted(paths, reverse=True)
        if query:
            return tuple(islice(self._matching(query, paths, names), offset, offset + limit))
        return tuple(self._summary(name, paths[name]) for name in names[offset : offset + limit])

    def count(self, query: str = "") -> int:
        """How many mails `list` would give without a limit."""
        paths = self._paths()
        return sum(1 for _ in self._matching(query, paths, paths)) if query else len(paths)

    def read(self, mail_id: str) -> OpenedMail:
        """The whole mail. Raises `MailNotFound`, also for an id that is no mail's name."""
        path = self._paths().get(mail_id)
        if path is None:
            raise MailNotFound(id=mail_id)
        content = path.read_bytes()
        mail = message_from_bytes(content, policy=modern)
        assert isinstance(mail, EmailMessage)
        return OpenedMail(
            **dict(self._summary(mail_id, path)),
            text=_body(mail, "plain"),
            html=_body(mail, "html"),
            attachments=tuple(_enclosure(part) for part in mail.iter_attachments()),
        )

    def _paths(self) -> dict[str, Path]:
        """Path of every mail by its id. A listing of 5,000 names takes some milliseconds: nothing to cache."""
        folders = (self.directory / "new", self.directory / "cur")
        return {
            name: folder / entry
            for folder in folders
            for entry in os.listdir(folder)  # noqa: PTH208 (a Path for each of 5,000 names is slow)
            if NAME.fullmatch(name := entry.partition(":")[0])
        }

    def _matching(self, query: str, paths: dict[str, Path], names: Iterable[str]) -> Iterator[StoredMail]:
        wanted = query.casefold()
        mails = (self._summary(name, paths[name]) for name in names)
        return (mail for mail in mails if wanted in _haystack(mail))

    def _summary(self, name: str, path: Path) -> StoredMail:
        """A mail never changes, so its headers are read once."""
        if name not in self._known:
            self._known[name] = stored_mail(name, path)
        return self._known[name]

    # --- receiving -------------------------------------------------------------------------------------

    def start(self, host: str = "127.0.0.1", port: int = 0, *, size_limit: int = SIZE_LIMIT) -> int:
        """Listen, in a thread of its own; gives the port (0 takes a free one).

        Raises `MailboxNotLocal` for another interface than the loopback, `MailboxNotStarted` if it cannot listen.
        """
        if not ipaddress.ip_address(host).is_loopback:
            raise MailboxNotLocal(host=host)
        if self._server is not None:
            raise MailboxNotStarted(host=host, port=port, reason="already listening")
        try:
            server = LoopbackServer(self.directory, host, port, size_limit)
        except OSError as refused:
            raise MailboxNotStarted(host=host, port=port, reason=str(refused)) from refused
        server.start()
        self._server = server
        return int(server.port)

    def stop(self) -> None:
        """Hang up and stop listening; nothing happens when it does not listen."""
        server, self._server = self._server, None
        if server is not None:
            server.hang_up()
            server.stop()


def _haystack(mail: StoredMail) -> str:
    return "\n".join((mail.subject, mail.sender, *mail.to, *mail.delivered_to)).casefold()


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return _text(_bytes(part), part.get_content_charset("utf-8")) if part else ""


def _text(content: bytes, charset: str) -> str:
    try:
        text = content.decode(charset, "replace")
    except LookupError:  # a charset that nobody knows
        text = content.decode("utf-8", "replace")
    return text.replace("\r\n", "\n")


def _enclosure(part: EmailMessage) -> Enclosure:
    return Enclosure(part.get_filename() or "", part.get_content_type(), _bytes(part))


def _bytes(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else part.as_bytes()
