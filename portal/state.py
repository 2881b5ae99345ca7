"""What the pages share within one process; kept with the application."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from starlette.requests import Request

from engine.intake import Intake
from engine.runtime import NoOrganisation, Runtime, audit_ledger_of
from notifications.mailbox import Mailbox
from portal.english_names import EnglishNames, english_names
from portal.errors import SecretKeyTooShort
from portal.session import Sessions
from portal.turns import Turns
from rules.directory import DirectoryIndex
from schemas.organisation import Unit

if TYPE_CHECKING:
    from portal.visitor import Standing

SHORTEST_SECRET = 32
FILES_AT_ONCE = 2
"""Attached files that one process takes at the same time: each is whole in memory while it is checked and stored."""


class Portal:
    """The runtime, the door for forms, and what is made once from the settings."""

    standing: Standing

    def __init__(self, runtime: Runtime) -> None:
        settings = runtime.settings
        secret = settings.secret_key.get_secret_value()
        if len(secret) < SHORTEST_SECRET:
            raise SecretKeyTooShort
        self.runtime = runtime
        self.intake = Intake(runtime)
        self.audit_ledger = audit_ledger_of(runtime)
        """What auditors' pages read; it cannot write."""
        self.taking_files = asyncio.Semaphore(FILES_AT_ONCE)
        self.turns = Turns()
        self.https = settings.portal_url.startswith("https://")
        self.sessions = Sessions(secret, hours=settings.session_hours, secure=self.https)
        self._units_of: DirectoryIndex | None = None
        self._units: Mapping[str, Unit] = {}
        self._units_named: Mapping[str, Unit] = {}
        self._english_names = EnglishNames()
        self.mailbox = Mailbox(settings.mailbox_folder) if settings.mailbox_folder else None

    @property
    def units(self) -> Mapping[str, Unit]:
        """The units of the standing organisation by id."""
        self._look_at_directory()
        return self._units

    @property
    def units_named(self) -> Mapping[str, Unit]:
        """The units by their Thai names, which is what the ledger keeps of who asked; none that share one."""
        self._look_at_directory()
        return self._units_named

    @property
    def english_names(self) -> EnglishNames:
        """English names of the standing organisation's units; none where a page has to do without the organisation."""
        with suppress(NoOrganisation):
            self._look_at_directory()
        return self._english_names

    def _look_at_directory(self) -> None:
        directory = self.runtime.directory
        if self._units_of is not directory:
            self._units_of, self._units = directory, {unit.id: unit for unit in directory.units()}
            shared = Counter(unit.th for unit in directory.units())
            self._units_named = {unit.th: unit for unit in directory.units() if shared[unit.th] == 1}
            self._english_names = english_names(directory.units())


def portal_of(request: Request) -> Portal:
    return cast(Portal, request.app.state.portal)
