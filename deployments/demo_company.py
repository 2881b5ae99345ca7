"""Officers who play the story on the real stack: by the links in their mail, through the portal, over HTTP."""

from __future__ import annotations

import asyncio
import re
import secrets
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any, TypeVar

import httpx

from deployments.errors import RehearsalStuck
from engine.runtime import Runtime
from ledger import reading, waits
from ledger.clock import set_clock
from ledger.hand_offs import OPEN, HandOff
from notifications.envelope import message_id
from notifications.mailbox import Mailbox
from schemas.base import CaseId, OfficerId
from schemas.organisation import Duty

PATIENCE_SECONDS = 90.0
LOOK_SECONDS = 0.1
NEWEST = 400
SECRETARY: OfficerId = "ops-psd.1"
LINK = re.compile(r"https?://\S+/(?:l|invitation)/[\w.\-]+")
TOKEN = re.compile(r'name="csrf" value="([^"]+)"')

T = TypeVar("T")


class PortalCompany:
    """One portal, one mailbox, and everybody's password."""

    def __init__(
        self, runtime: Runtime, mailbox: Mailbox, *, password: str, say: Callable[[datetime, str], None]
    ) -> None:
        self.runtime, self.mailbox = runtime, mailbox
        self._password = password
        self._own_passwords: dict[OfficerId, str] = {}
        self._say = say
        self._now: datetime | None = None
        self._tls = ssl.create_default_context()  # made once: it costs more than a request

    # --- the story's verbs -----------------------------------------------------------------------------

    async def register(self, registration: Mapping[str, Any]) -> tuple[CaseId, ...]:
        known = set(await self._directives())
        await self._start("/start/registration", registration, officer=SECRETARY)
        return tuple(case for case in await self._directives() if case not in known)

    async def order_printout(self, meeting_on: date, *, officer: OfficerId) -> CaseId:
        gone_to = await self._start("/start/printout", {"meeting_on": meeting_on.isoformat()}, officer=officer)
        return gone_to.partition("?")[0].removeprefix("/cases/")

    async def act(
        self, case: CaseId, element: str, answer: Mapping[str, Any], *, unit: str | None = None,
        week: CaseId | None = None, officer: OfficerId | None = None,
    ) -> None:  # fmt: skip
        """Wait until the work is asked for, open its form as the mail says (or signed in), hand it in."""
        asked = await self._until(f"{element} · {case}", lambda: self._asked(case, element, unit, week))
        path = f"/hand-offs/{asked.id}"
        if officer in self._own_passwords:
            async with self._signed_in(officer) as browser:
                await _hand_in(browser, path, answer)
            return
        holder = self.runtime.post.holders(asked.unit, Duty(asked.duty))[0].id
        link = await self._link(f"task:{asked.id}:{holder}")
        async with self._browser() as browser:
            await browser.get(link)
            await _hand_in(browser, path, answer)

    async def choose_password(self, officer: OfficerId) -> None:
        """The invitation in the new officer's mail opens the page on which a password is chosen."""
        link = await self._link(f"invitation:{officer}:{officer}")
        chosen = secrets.token_urlsafe(16)
        async with self._browser() as browser:
            token = _token(await browser.get(link))
            answer = await browser.post(link, data={"csrf": token, "password": chosen, "repeated": chosen})
        if answer.status_code != 303:
            raise RehearsalStuck(what=f"invitation of {officer}: HTTP {answer.status_code}")
        self._own_passwords[officer] = chosen

    async def pass_to(self, moment: datetime) -> None:
        await self.at_rest()
        while (upcoming := await self._next_moment()) is not None and upcoming <= moment:
            await self._set_clock(upcoming)
        await self._set_clock(moment)

    def tell(self, said: str) -> None:
        assert self._now is not None
        self._say(self._now, said)

    # --- time and rest ---------------------------------------------------------------------------------

    async def _set_clock(self, moment: datetime) -> None:
        await set_clock(self.runtime.ledger.engine, moment)
        self._now = moment
        await self.at_rest()

    async def at_rest(self) -> None:
        """Until nothing is due, no run is wanted or under way, and no mail waits."""
        await self._until("at rest", self._is_at_rest)

    async def _is_at_rest(self) -> bool | None:
        async with self.runtime.ledger.begin() as work:
            upcoming = await waits.next_moment(work)
            due = upcoming is not None and upcoming <= work.now
            return True if not due and await waits.nothing_in_flight(work) else None

    async def _next_moment(self) -> datetime | None:
        async with self.runtime.ledger.begin() as work:
            return await waits.next_moment(work)

    # --- what the officers see -------------------------------------------------------------------------

    async def _directives(self) -> list[CaseId]:
        async with self.runtime.ledger.read() as connection:
            found = await reading.cases_where(connection, limit=100, process="directive-lifecycle")
        agencies = [agency.id for agency in self.runtime.directory.agencies()]
        return sorted((case.id for case in found), key=lambda c: (c[:19], agencies.index(c[20:].partition(".")[0])))

    async def _asked(self, case: CaseId, element: str, unit: str | None, week: CaseId | None) -> HandOff | None:
        async with self.runtime.ledger.read() as connection:
            found = await reading.hand_offs_of_subject(connection, case)
        wanted = [
            h
            for h in found
            if h.state == OPEN and h.element == element and unit in (None, h.unit) and week in (None, h.case_id)
        ]
        return wanted[-1] if wanted else None

    async def _link(self, once: str) -> str:
        """The link in a mail, once it has come."""
        sought = message_id(once, self.runtime.settings.mail_from.rpartition("@")[2])

        async def come() -> str | None:
            for mail in await asyncio.to_thread(self.mailbox.list, NEWEST):
                if mail.message_id == sought and (found := LINK.search(self.mailbox.read(mail.id).text)):
                    return found[0]
            return None

        return await self._until(f"mail {once}", come)

    async def _until(self, what: str, look: Callable[[], Awaitable[T | None]]) -> T:
        """:raises RehearsalStuck: it did not come about."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while (found := await look()) is None:  # noqa: ASYNC110 - another process brings it about
                    await asyncio.sleep(LOOK_SECONDS)
                return found
        except TimeoutError:
            raise RehearsalStuck(what=what) from None

    # --- the portal ------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _browser(self) -> AsyncIterator[httpx.AsyncClient]:
        url = self.runtime.settings.portal_url
        async with httpx.AsyncClient(base_url=url, verify=self._tls, timeout=60) as browser:
            yield browser

    @asynccontextmanager
    async def _signed_in(self, officer: OfficerId) -> AsyncIterator[httpx.AsyncClient]:
        password = self._own_passwords.get(officer, self._password)
        async with self._browser() as browser:
            said = {
                "csrf": _token(await browser.get("/sign-in")),
                "account": officer,
                "password": password,
                "next": "/",
            }
            answer = await browser.post("/sign-in", data=said)
            if answer.status_code != 303:
                raise RehearsalStuck(what=f"sign-in of {officer}: HTTP {answer.status_code}")
            yield browser

    async def _start(self, path: str, form: Mapping[str, Any], *, officer: OfficerId) -> str:
        """Fill in the form that starts something; where the portal goes on to."""
        async with self._signed_in(officer) as browser:
            said = {"csrf": _token(await browser.get(path)), **form}
            answer = await browser.post(path, data=said)
        if answer.status_code != 303:
            raise RehearsalStuck(what=f"{path}: HTTP {answer.status_code}")
        return answer.headers["location"]


async def _hand_in(browser: httpx.AsyncClient, path: str, form: Mapping[str, Any]) -> None:
    said = {"csrf": _token(await browser.get(path)), **form}
    answer = await browser.post(path, data=said)
    if answer.headers.get("location", "") != f"{path}/receipt":
        raise RehearsalStuck(what=f"{path}: HTTP {answer.status_code} {_problems(answer)}")


def _token(page: httpx.Response) -> str:
    found = TOKEN.search(page.text)
    if found is None:
        raise RehearsalStuck(what=f"{page.url.path}: HTTP {page.status_code}, no form")
    return found[1]


def _problems(page: httpx.Response) -> str:
    """What the form's summary says, for the message of an error."""
    return " ".join(re.findall(r"<li>(?:<a[^>]*>)?([^<]+)", page.text))[:500]
