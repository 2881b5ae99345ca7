"""Who may open auditors' pages, what their connection can do, and what is recorded of their reading (decision 34)."""

from __future__ import annotations

import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request

from ledger import reading, readings, security
from ledger.work import Ledger
from portal.auditing import auditing, record_reading
from portal.rights import rights_of
from portal.session import Session
from portal.state import Portal
from portal.visitor import Visitor
from tests.conftest import FRIDAY_NOON, ClockThatIsSet
from tests.portal import scene
from tests.portal.conftest import Browsers

WRITES = (
    "UPDATE cases SET title = 'x'",
    "DELETE FROM events",
    "INSERT INTO clock (id, now) VALUES (7, '2018-04-20 05:00:00')",
    "CREATE TABLE taken (id INTEGER)",
    "DROP TABLE readings",
)


@pytest_asyncio.fixture
async def ledger(database: AsyncEngine, clock: ClockThatIsSet) -> Ledger:
    """The sample ministry; the test runs on both databases."""
    ledger = Ledger(database, clock)
    await scene.furnished(ledger)
    return ledger


def request_to(app: FastAPI) -> Request:
    return Request({"type": "http", "app": app, "path": "/audit", "headers": [], "query_string": b""})


def auditor(app: FastAPI) -> Visitor:
    portal: Portal = app.state.portal
    officer = portal.runtime.directory.officer(scene.AUDITOR)
    session = Session(id="s", officer=officer.id, epoch=0, issued_at=FRIDAY_NOON)
    return Visitor(session=session, rights=rights_of(portal.runtime.directory, officer, FRIDAY_NOON), now=FRIDAY_NOON)


@pytest.mark.parametrize("officer", [scene.SECRETARIAT, scene.ADMINISTRATOR, scene.DIVISION])
async def test_whoever_is_no_auditor_is_refused_and_the_attempt_is_in_the_log(
    ledger: Ledger, come: Browsers, officer: str
) -> None:
    browser = await come(officer)
    assert 'href="/audit"' not in (await browser.get("/")).text
    page = await browser.get("/audit")
    assert page.status_code == 403
    assert "เปิดให้ผู้ตรวจสอบเท่านั้น" in page.text
    async with ledger.read() as connection:
        latest, *_ = await security.recent(connection, 1)
    assert (latest.kind, latest.officer, latest.path) == ("refused:role", officer, "/audit")


async def test_a_stranger_signs_in_first_and_comes_back(come: Browsers) -> None:
    page = await (await come()).get("/audit?process=weekly-cycle")
    assert page.headers["location"] == "/sign-in?next=%2Faudit%3Fprocess%3Dweekly-cycle"


async def test_an_auditor_has_the_menu_and_what_was_looked_for_is_in_the_log(ledger: Ledger, come: Browsers) -> None:
    browser = await come(scene.AUDITOR)
    page = await browser.get("/audit?process=weekly-cycle")
    assert '<a href="/audit" aria-current="page">ตรวจสอบ</a>' in page.text
    async with ledger.read() as connection:
        latest, *_ = await security.recent(connection, 1)
    assert (latest.kind, latest.officer, latest.detail) == ("read:audit", scene.AUDITOR, "process=weekly-cycle")
    access = await browser.get("/audit/access")
    assert '<a href="/audit">ตรวจสอบ</a>' in access.text


@pytest.mark.parametrize("statement", WRITES)
async def test_no_statement_on_the_pages_connection_can_write(app: FastAPI, statement: str) -> None:
    looking = auditing(request_to(app))
    async with looking.read() as connection:
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            await connection.execute(text(statement))
    async with looking.begin() as work:
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            await work.connection.execute(text(statement))


async def test_a_reading_says_who_read_what_and_how_far_the_history_went(app: FastAPI, ledger: Ledger) -> None:
    await scene.opened(ledger)
    async with auditing(request_to(app)).read() as connection:
        case = await reading.case(connection, scene.DIRECTIVE)
    await record_reading(request_to(app), auditor(app), case, "audit")
    await scene.handed_off(ledger, scene.directive_order("receive"))
    async with ledger.read() as connection:
        (found,) = await readings.latest(connection, case_id=scene.DIRECTIVE, limit=9)
        assert await readings.latest(connection, officer=scene.SECRETARIAT, limit=9) == ()
        assert await readings.latest(connection, before=found.id, limit=9) == ()
    assert (found.officer, found.what, found.at) == (scene.AUDITOR, "audit", FRIDAY_NOON)
    assert (found.head_seq, found.head_hash) == (1, case.head_hash)


async def test_what_cannot_be_read_cannot_be_recorded(app: FastAPI, ledger: Ledger) -> None:
    await scene.opened(ledger)
    async with ledger.read() as connection:
        case = await reading.case(connection, scene.DIRECTIVE)
    with pytest.raises(ValueError, match="'salaries' is nothing of a case"):
        await record_reading(request_to(app), auditor(app), case, "salaries")
