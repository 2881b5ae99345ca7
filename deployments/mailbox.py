"""The local mailbox as a process of its own. It imports little: it is the smallest part of the stack."""

from __future__ import annotations

import asyncio

from deployments.errors import NoMailboxFolder
from engine.settings import Settings
from notifications.mailbox import Mailbox


async def run_mailbox(settings: Settings, stop: asyncio.Event) -> None:
    """An SMTP server on the loopback interface that keeps every mail; until `stop`. :raises NoMailboxFolder:"""
    if settings.mailbox_folder is None:
        raise NoMailboxFolder
    mailbox = Mailbox(settings.mailbox_folder)
    await asyncio.to_thread(mailbox.start, settings.smtp_host, settings.smtp_port)
    try:
        await stop.wait()
    finally:
        await asyncio.to_thread(mailbox.stop)
