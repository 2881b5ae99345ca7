"""The character 0, which only programs send and PostgreSQL keeps in no text: dropped at every door of the portal."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.portal import scene
from tests.portal.conftest import Browsers
from tests.portal.scene import DIVISION, PASSWORD, REPORT, SECRETARIAT, token_of
from tests.portal.test_form import a_report, submissions
from tests.portal.test_pages import REGISTRATION


@pytest.fixture
async def ledger(database: AsyncEngine, clock: ClockThatIsSet) -> Ledger:
    ledger = Ledger(database, clock)
    await scene.furnished(ledger)
    return ledger


@pytest.mark.parametrize(
    "path",
    [
        "/cases/a%00b", "/hand-offs/a%00b", "/start/files/a%00b/c", "/weeks/2018%00-04-27", "/boards/a%00b",
        "/cases?q=a%00b", "/?q=%00", "/l/a%00b", "/nowhere%00",
    ],
)  # fmt: skip
async def test_an_address_is_read_without_it(
    ledger: Ledger, come: Browsers, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    browser = await come(SECRETARIAT)
    with caplog.at_level(logging.WARNING, "sangkan.portal"):
        answer = await browser.get(path)
    assert answer.status_code < 500, answer.text
    assert caplog.records == []


async def test_whoever_is_not_signed_in_cannot_make_the_ledger_stumble(ledger: Ledger, come: Browsers) -> None:
    browser = await come(SECRETARIAT)
    browser.cookies.clear()
    token = token_of(await browser.get("/sign-in"))
    answer = await browser.post("/sign-in", data={"csrf": token, "account": f"{SECRETARIAT}\0", "password": PASSWORD})
    assert answer.status_code == 303


@pytest.mark.parametrize("with_a_file", [False, True])
async def test_a_form_is_read_without_it(ledger: Ledger, come: Browsers, with_a_file: bool) -> None:
    work, browser = await a_report(ledger), await come(DIVISION)
    data = REPORT | {"impact": "ผล\0กระทบ", "csrf": token_of(await browser.get(f"/hand-offs/{work}"))}
    files = [("attachments", ("", b"", ""))] if with_a_file else None
    removed = await browser.post(f"/hand-offs/{work}", data=data | {"action": "files:remove:a\0b:c"}, files=files)
    assert removed.status_code == 303
    assert (await browser.post(f"/hand-offs/{work}", data=data, files=files)).status_code == 303
    (event,) = await submissions(ledger)
    assert event.content["data"]["impact"] == "ผลกระทบ"


async def test_the_key_of_a_page_is_read_without_it(ledger: Ledger, come: Browsers) -> None:
    browser = await come(SECRETARIAT)
    token = token_of(await browser.get("/start/registration"))
    for key in ("a\0b", "ab"):
        answer = await browser.post("/start/registration", data=REGISTRATION | {"csrf": token, "once": key})
        assert answer.status_code == 303
        assert answer.headers["location"] == "/cases?process=directive-lifecycle&done=started"
