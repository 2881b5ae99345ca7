"""The mail of a rehearsal as its officers find it: every letter of the local mailbox by its Message-ID."""

from __future__ import annotations

import re

from notifications.mailbox import Mailbox

LINK = re.compile(r"https?://\S+/(?:l|invitation)/[\w.\-]+")
MORE = 20
"""Letters that are looked through beyond the new ones: two that arrive together may be listed in either order."""


class Letters:
    """An index that is carried on: only letters that came since the last look are read."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self._names: dict[str, str] = {}
        self._seen = 0

    def link(self, message_id: str) -> str | None:
        """The link in the letter with this Message-ID; None while it has not come."""
        if message_id not in self._names:
            self._look()
        name = self._names.get(message_id)
        found = LINK.search(self.mailbox.read(name).text) if name else None
        return found[0] if found else None

    def _look(self) -> None:
        count = self.mailbox.count()
        new = self.mailbox.list(count - self._seen + MORE)
        self._names |= {mail.message_id: mail.id for mail in reversed(new)}
        self._seen = count
