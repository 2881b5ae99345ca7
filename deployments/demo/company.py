"""Officers who play a story on the real stack: by the links in their mail, through the portal, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

import httpx

from deployments.demo.letters import Letters
from deployments.demo.visits import Visits, hand_in, send
from deployments.errors import RehearsalStuck
from engine.runtime import Runtime
from ledger import reading, waits
from ledger.clock import set_clock
from ledger.hand_offs import OPEN, HandOff
from notifications.envelope import message_id
from notifications.mailbox import Mailbox
from schemas.base import CaseId, OfficerId
from schemas.organisation import Officer

PATIENCE_SECONDS = 90.0
LOOK_SECONDS = 0.05
SIDE_BY_SIDE = 8
"""Officers who are at their forms at the same moment."""

T = TypeVar("T")


class Company(Protocol):
    """Those who play a story: officers who act, and time that passes."""

    async def act(
        self, case: CaseId, element: str, answer: Mapping[str, Any], *, unit: str | None = None,
        week: CaseId | None = None, officer: OfficerId | None = None,
    ) -> None:  # fmt: skip
        """The work of an element on a case, once it is asked for, is done; of a unit or in a week where several are."""
        ...

    async def pass_to(self, moment: datetime) -> None:
        """All that is under way comes to rest, and all that falls due until the moment happens at its own time."""
        ...

    def tell(self, said: str) -> None:
        """The story says what happens now."""
        ...


class PortalCompany:
    """One portal, one mailbox, and everybody's password."""

    sign_in: frozenset[OfficerId] = frozenset()
    """Who has many forms a day signs in and keeps the session; all others come by the links of their mail."""

    def __init__(
        self, runtime: Runtime, mailbox: Mailbox, *, password: str, say: Callable[[datetime, str], None]
    ) -> None:
        self.runtime = runtime
        self.letters = Letters(mailbox)
        self.visits = Visits(runtime.settings.portal_url, session_hours=runtime.settings.session_hours)
        self.own_passwords: dict[OfficerId, str] = {}
        self._password = password
        self._say = say
        self._now: datetime | None = None
        self.moves = 0
        """How often the clock was set on."""

    @property
    def now(self) -> datetime:
        assert self._now is not None, "the clock was never set"
        return self._now

    # --- the story's verbs -----------------------------------------------------------------------------

    async def act(
        self, case: CaseId, element: str, answer: Mapping[str, Any], *, unit: str | None = None,
        week: CaseId | None = None, officer: OfficerId | None = None,
    ) -> None:  # fmt: skip
        """Wait until the work is asked for, open its form as the mail says (or signed in), hand it in."""
        asked = await self.until(f"{element} · {case}", lambda: self._asked(case, element, unit, week))
        signed_in = officer if officer in self.own_passwords else None
        await self.hand_in(asked, answer, signed_in=signed_in)

    async def hand_in(self, asked: HandOff, answer: Mapping[str, Any], *, signed_in: OfficerId | None = None) -> None:
        """Hand a piece of work in: an officer who signs in, or whoever holds it, by the link in the mail."""
        path, holder = f"/hand-offs/{asked.id}", self.holder(asked).id
        if signed_in is None:
            link = await self.link(f"task:{asked.id}:{holder}")
            async with self.visits.browser() as browser:
                if (await browser.get(link)).is_redirect:
                    await hand_in(browser, path, answer)
                    return
        # Signed in of their own accord, or because the link in the mail has expired.
        await hand_in(await self.browser_of(signed_in or holder), path, answer)

    async def open_work(self, case: CaseId) -> Sequence[HandOff]:
        """What is open in a case, once all is at rest."""
        await self.at_rest()
        async with self.runtime.ledger.read() as connection:
            return [work for work in await reading.hand_offs_of_case(connection, case) if work.state == OPEN]

    async def hand_in_all(self, answers: Sequence[tuple[HandOff, Mapping[str, Any]]]) -> None:
        """Several officers hand their work in, side by side."""
        places = asyncio.Semaphore(SIDE_BY_SIDE)

        async def one(asked: HandOff, answer: Mapping[str, Any]) -> None:
            holder = self.holder(asked).id
            async with places:
                await self.hand_in(asked, answer, signed_in=holder if holder in self.sign_in else None)

        async with asyncio.TaskGroup() as group:
            for asked, answer in answers:
                group.create_task(one(asked, answer))

    async def start(self, path: str, form: Mapping[str, Any], *, officer: OfficerId) -> str:
        """Fill in the form that starts something; where the portal goes on to."""
        return await send(await self.browser_of(officer), path, form)

    async def pass_to(self, moment: datetime) -> None:
        await self.at_rest()
        while (upcoming := await self._next_moment()) is not None and upcoming <= moment:
            await self._set_clock(upcoming)
        await self._set_clock(moment)

    def tell(self, said: str) -> None:
        self._say(self.now, said)

    # --- time and rest ---------------------------------------------------------------------------------

    async def _set_clock(self, moment: datetime) -> None:
        await set_clock(self.runtime.ledger.engine, moment)
        self._now, self.moves = moment, self.moves + 1
        await self.at_rest()

    async def at_rest(self) -> None:
        """Until nothing is due, no run is wanted or under way, and no mail waits."""
        await self.until("at rest", self._is_at_rest)

    async def _is_at_rest(self) -> bool | None:
        # Read only: looking often must not stand in the way of those who write.
        async with self.runtime.ledger.read() as connection:
            if not await waits.nothing_in_flight(connection):
                return None
            upcoming = await waits.next_moment(connection)
            now = await self.runtime.ledger.clock.now(connection)
        return True if upcoming is None or upcoming > now else None

    async def _next_moment(self) -> datetime | None:
        async with self.runtime.ledger.read() as connection:
            return await waits.next_moment(connection)

    async def until(self, what: str, look: Callable[[], Awaitable[T | None]]) -> T:
        """:raises RehearsalStuck: it did not come about."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while (found := await look()) is None:  # noqa: ASYNC110 - another process brings it about
                    await asyncio.sleep(LOOK_SECONDS)
                return found
        except TimeoutError:
            raise RehearsalStuck(what=what) from None

    # --- what the officers see -------------------------------------------------------------------------

    def holder(self, asked: HandOff) -> Officer:
        """Who opens the mail first, of those who hold the work."""
        return self.runtime.post.holders_of(asked)[0]

    async def _asked(self, case: CaseId, element: str, unit: str | None, week: CaseId | None) -> HandOff | None:
        async with self.runtime.ledger.read() as connection:
            found = await reading.hand_offs_of_subject(connection, case)
        wanted = [
            h
            for h in found
            if h.state == OPEN and h.element == element and unit in (None, h.unit) and week in (None, h.case_id)
        ]
        return wanted[-1] if wanted else None

    async def link(self, once: str) -> str:
        """The link in a mail, once it has come."""
        sought = message_id(once, self.runtime.settings.mail_from.rpartition("@")[2])
        return await self.until(f"mail {once}", lambda: asyncio.to_thread(self.letters.link, sought))

    async def browser_of(self, officer: OfficerId) -> httpx.AsyncClient:
        password = self.own_passwords.get(officer, self._password)
        return await self.visits.signed_in(officer, password, now=self.now)


async def together(*chains: Awaitable[None]) -> None:
    """Officers of several units at work at the same time."""
    async with asyncio.TaskGroup() as group:
        for chain in chains:
            group.create_task(_awaited(chain))


async def _awaited(chain: Awaitable[None]) -> None:
    await chain
