"""The company of the directive's story: what its officers do in the portal beside handing work in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from deployments.demo.company import PortalCompany
from deployments.demo.visits import send
from ledger import reading, tables
from rules.calendar import bangkok_date
from rules.thai import thai_time
from schemas.base import CaseId, OfficerId
from schemas.mail import InvitationMail

SECRETARY: OfficerId = "ops-psd.1"


class DirectivePortalCompany(PortalCompany):
    """The secretariat registers, planning units order print-outs, new officers take up their invitation."""

    async def register(self, registration: Mapping[str, Any]) -> tuple[CaseId, ...]:
        known = set(await self._directives())
        await self.start("/start/registration", registration, officer=SECRETARY)
        return tuple(case for case in await self._directives() if case not in known)

    async def order_printout(self, meeting_at: datetime, *, officer: OfficerId) -> CaseId:
        order = {"meeting_on": bangkok_date(meeting_at).isoformat(), "meeting_time": thai_time(meeting_at)}
        gone_to = await self.start("/start/printout", order, officer=officer)
        return gone_to.partition("?")[0].removeprefix("/cases/")

    async def choose_password(self, officer: OfficerId) -> None:
        """The invitation in the new officer's mail opens the page on which a password is chosen."""
        link = await self.link(await self.until(f"invitation of {officer}", lambda: self._invitation(officer)))
        chosen = secrets.token_urlsafe(16)
        async with self.visits.browser() as browser:

            async def opens() -> bool | None:
                """The portal looks for new officers every two seconds only."""
                return True if (await browser.get(link)).status_code == 200 else None

            await self.until(f"page of the invitation of {officer}", opens)
            await send(browser, link, {"password": chosen, "repeated": chosen})
        self.own_passwords[officer] = chosen

    async def _invitation(self, officer: OfficerId) -> str | None:
        """The name of the mail; it is that of the case in which the account was granted."""
        m = tables.mails.c
        sought = select(m.once).where(m.folder == InvitationMail.folder, m.officer == officer)
        async with self.runtime.ledger.read() as connection:
            name: str | None = await connection.scalar(sought)
        return name

    async def _directives(self) -> list[CaseId]:
        async with self.runtime.ledger.read() as connection:
            found = await reading.cases_where(connection, limit=100, process="directive-lifecycle")
        agencies = [agency.id for agency in self.runtime.directory.agencies()]
        return sorted((case.id for case in found), key=lambda c: (c[:19], agencies.index(c[20:].partition(".")[0])))
