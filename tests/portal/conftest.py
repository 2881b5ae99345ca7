"""A real portal over a real SQLite ledger, and browsers that talk to it without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.runtime import Runtime
from ledger.work import Ledger
from portal import visitor
from portal.app import create_app
from tests.conftest import ClockThatIsSet
from tests.portal import audit_ministry, scene

Browsers = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture(autouse=True)
def _no_waiting_for_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known for two seconds is looked up at once, so that tests see changes."""
    monkeypatch.setattr(visitor, "FRESH_SECONDS", 0.0)
    monkeypatch.setattr("engine.runtime.FRESH_SECONDS", 0.0)


@pytest_asyncio.fixture
async def ledger(sqlite: AsyncEngine, clock: ClockThatIsSet) -> Ledger:
    ledger = Ledger(sqlite, clock)
    await scene.furnished(ledger)
    return ledger


@pytest_asyncio.fixture
async def audited(database: AsyncEngine, clock: ClockThatIsSet) -> Ledger:
    """The ministry that auditors look at, on both databases; their tests take it as their `ledger`."""
    ledger = Ledger(database, clock)
    await audit_ministry.audited_ministry(ledger, clock)
    return ledger


@pytest.fixture
def runtime(ledger: Ledger, tmp_path: Path) -> Runtime:
    return scene.runtime_over(ledger, scene.settings(mailbox_folder=tmp_path / "mail"))


@pytest_asyncio.fixture
async def app(runtime: Runtime) -> AsyncIterator[FastAPI]:
    app = create_app(runtime)
    async with app.router.lifespan_context(app):
        yield app


@pytest_asyncio.fixture
async def come(app: FastAPI) -> AsyncIterator[Browsers]:
    """A new browser, signed in as an officer if one is named."""
    async with AsyncExitStack() as stack:

        async def arrive(officer: str | None = None, *, address: str = "10.0.0.1") -> httpx.AsyncClient:
            transport = httpx.ASGITransport(app, client=(address, 40000), raise_app_exceptions=False)
            client = httpx.AsyncClient(transport=transport, base_url="http://portal.test")
            browser = await stack.enter_async_context(client)
            if officer is not None:
                assert (await scene.sign_in(browser, officer)).status_code == 303
            return browser

        yield arrive
