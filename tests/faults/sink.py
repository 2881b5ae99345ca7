"""A real SMTP server that remembers what it has taken, and can be told to be difficult."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Sink:
    """aiosmtpd in a thread of its own; the same port after a restart."""

    def __init__(self, port: int = 0) -> None:
        self.taken: list[str] = []
        """Message-IDs in the order in which the mails were accepted."""
        self.bounces: set[str] = set()
        """Addresses that do not exist."""
        self.seconds = 0.0
        """How long the server thinks before it takes a mail."""
        self.port = port or free_port()
        self._controller: Controller | None = None

    def start(self) -> int:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=30)
        self._controller.start()
        return self.port

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def counts(self) -> Counter[str]:
        return Counter(self.taken)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.bounces:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(self.seconds)
        self.taken.append(str(message_from_bytes(envelope.content)["Message-ID"]).strip())
        return "250 2.0.0 taken"
