"""Visits to the portal over HTTP, as a browser makes them: a page is opened, its form filled in and sent."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx

from deployments.errors import RehearsalStuck
from schemas.base import OfficerId

TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
SECONDS = 60.0


class Visits:
    """All browsers of a rehearsal. Who has signed in stays so until the session is over, by the rehearsal's clock."""

    def __init__(self, portal_url: str, *, session_hours: int) -> None:
        self._url = portal_url
        self._lasts = timedelta(hours=session_hours)
        self._tls = ssl.create_default_context()  # made once: it costs more than a request
        self._signed_in: dict[OfficerId, tuple[httpx.AsyncClient, datetime]] = {}
        self._signing_in: dict[OfficerId, asyncio.Lock] = {}
        self._open = AsyncExitStack()

    async def close(self) -> None:
        await self._open.aclose()

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[httpx.AsyncClient]:
        """A browser in which nobody has signed in."""
        async with self._new() as browser:
            yield browser

    async def signed_in(self, officer: OfficerId, password: str, *, now: datetime) -> httpx.AsyncClient:
        """The officer's own browser; who has several forms open signs in once."""
        async with self._signing_in.setdefault(officer, asyncio.Lock()):
            return await self._browser_of(officer, password, now)

    async def _browser_of(self, officer: OfficerId, password: str, now: datetime) -> httpx.AsyncClient:
        standing = self._signed_in.get(officer)
        if standing is not None and now < standing[1]:
            return standing[0]
        browser = standing[0] if standing else await self._open.enter_async_context(self._new())
        browser.cookies.clear()
        said = {"account": officer, "password": password, "next": "/"}
        answer = await _post(browser, "/sign-in", said)
        if answer.status_code != 303:
            raise RehearsalStuck(what=f"sign-in of {officer}: HTTP {answer.status_code}")
        self._signed_in[officer] = (browser, now + self._lasts)
        return browser

    def _new(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self._url, verify=self._tls, timeout=SECONDS)


async def send(browser: httpx.AsyncClient, path: str, form: Mapping[str, Any]) -> str:
    """Fill in the form of a page; where the portal goes on to. :raises RehearsalStuck: it was not taken."""
    answer = await _post(browser, path, form)
    if answer.status_code != 303:
        raise RehearsalStuck(what=f"{path}: HTTP {answer.status_code} {_problems(answer)}")
    return answer.headers["location"]


async def hand_in(browser: httpx.AsyncClient, path: str, form: Mapping[str, Any]) -> None:
    """Hand a piece of work in. :raises RehearsalStuck: there is no receipt for it."""
    if (gone_to := await send(browser, path, form)) != f"{path}/receipt":
        raise RehearsalStuck(what=f"{path}: gone to {gone_to}")


async def send_file(browser: httpx.AsyncClient, path: str, field: str, name: str, content: bytes, *, seen: str) -> None:
    """Choose a file on the page `seen` and send it. :raises RehearsalStuck: it was not taken."""
    token = _token(await browser.get(seen))
    answer = await browser.post(path, data={"csrf": token}, files={field: (name, content)})
    if answer.status_code != 303:
        raise RehearsalStuck(what=f"{path}: HTTP {answer.status_code} {_problems(answer)}")


async def _post(browser: httpx.AsyncClient, path: str, form: Mapping[str, Any]) -> httpx.Response:
    return await browser.post(path, data={"csrf": _token(await browser.get(path)), **form})


def _token(page: httpx.Response) -> str:
    found = TOKEN.search(page.text)
    if found is None:
        raise RehearsalStuck(what=f"{page.url.path}: HTTP {page.status_code}, no form")
    return found[1]


def _problems(page: httpx.Response) -> str:
    """What the form's summary says, for the message of an error."""
    return " ".join(re.findall(r"<li>(?:<a[^>]*>)?([^<]+)", page.text))[:500]
