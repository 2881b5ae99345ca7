"""กพร. moves a day of the year on a page: what hangs on it is shown first, what cannot be is said beside its field."""

from __future__ import annotations

import re

import httpx
import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from ledger import organisations, reading
from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.flows.people import at
from tests.portal.conftest import Browsers
from tests.portal.scene import token_of
from tests.portal.test_years import read
from tests.portal.year_scene import COMMUNITY, DEPUTY, HEAD, OPDC, PSDG, SECRETARIAT, YEAR, department, year_opened

MOVE, CALENDAR = "/years/cdd/2555/calendar/move", "/years/cdd/2555/calendar"


@pytest_asyncio.fixture
async def ledger(database: AsyncEngine, clock: ClockThatIsSet) -> Ledger:
    """The portal's other fixtures stand on this one: a department instead of the sample ministry."""
    ledger = Ledger(database, clock)
    await department(ledger)
    await year_opened(ledger, clock)
    clock.moment = at("2012-04-02")
    return ledger


async def posted(browser: httpx.AsyncClient, **said: str) -> httpx.Response:
    token = token_of(await browser.get(MOVE))
    asked = {"day": "sar_6_internal", "due": "20 เมษายน 2555", "reason": "น้ำท่วม"} | said
    return await browser.post(MOVE, data={"csrf": token} | asked)


@pytest.mark.parametrize("officer", [COMMUNITY, HEAD, DEPUTY, OPDC, SECRETARIAT])
async def test_only_the_secretary_of_the_year_moves_its_days(ledger: Ledger, come: Browsers, officer: str) -> None:
    browser = await come(officer)
    assert (await browser.get(MOVE)).status_code == 403
    assert CALENDAR + "/move" not in (await browser.get(CALENDAR)).text


async def test_the_form_knows_the_day_as_it_stands_and_the_calendar_leads_to_it(ledger: Ledger, come: Browsers) -> None:
    browser = await come(PSDG)
    assert f'href="{MOVE}?day=visit_pre"' in (await browser.get(CALENDAR)).text
    nobody = "ขณะนี้ไม่มีงานค้างที่ครบกำหนดในวันนี้"
    assert nobody not in read((await browser.get(MOVE)).text)
    page = await browser.get(f"{MOVE}?day=visit_pre")
    assert 'value="1 พฤษภาคม 2555"' in page.text
    assert 'value="30 มิถุนายน 2555"' in page.text
    assert nobody in read(page.text)


async def test_a_day_is_moved_once_and_the_calendar_says_by_whom_and_why(ledger: Ledger, come: Browsers) -> None:
    browser = await come(PSDG)
    answer = await posted(browser)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{CALENDAR}?moved=sar_6_internal")
    again = await posted(browser)
    assert again.status_code == 422
    assert "เป็นวันเดิม" in read(again.text)
    page = read((await browser.get(answer.headers["location"])).text)
    assert "เลื่อนกำหนดแล้ว" in page
    assert "แจ้งผู้รับผิดชอบแล้ว" not in page, "no open work lay on the day"
    assert page.count("จาก 11 เมษายน 2555 เป็น 20 เมษายน 2555: น้ำท่วม") == 1
    async with ledger.read() as connection:
        (event,) = await reading.events_named(connection, YEAR, "case:record", "calendar_move")
        standing = await organisations.latest(connection)
    assert event.by.officer == PSDG
    assert standing is not None
    assert standing.actor.officer == PSDG


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        ("n=3&timers=0", "เลื่อนกำหนดแล้ว งานที่ค้าง 3 รายการเปลี่ยนกำหนดตาม ระบบแจ้งผู้รับผิดชอบแล้ว"),
        ("n=0&timers=2", "เลื่อนกำหนดแล้ว เวลาที่ระบบรออยู่เปลี่ยนตาม 2 รายการ"),
    ],
)
async def test_holders_are_said_to_be_told_only_where_work_moved(come: Browsers, moved: str, said: str) -> None:
    page = (await (await come(PSDG)).get(f"{CALENDAR}?moved=visit_pre&{moved}")).text
    (alert,) = re.findall(r'<p class="alert good" role="status">(.*?)</p>', page)
    assert alert == said


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"due": "2012-05-02"}, "ต้องไม่หลัง"),
        ({"due": "2012-04-01"}, "ต้องไม่ก่อนวันนี้"),
        ({"due": "เมื่อไรก็ได้"}, "วันครบกำหนดใหม่"),
        ({"reason": ""}, "เหตุผล"),
        ({"opens": "2012-04-01"}, "ไม่มีวันแรก"),
    ],
)
async def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    ledger: Ledger, come: Browsers, said: dict[str, str], words: str
) -> None:
    browser = await come(PSDG)
    answer = await posted(browser, **said)
    assert answer.status_code == 422
    assert words in read(answer.text)
    assert next(iter(said.values())) in answer.text
    async with ledger.read() as connection:
        assert await reading.events_named(connection, YEAR, "case:record", "calendar_move") == ()


@pytest.mark.parametrize("year", ["cdd/2556", "moon/2555", "cdd/25"])
async def test_a_year_without_a_calendar_has_no_days(ledger: Ledger, come: Browsers, year: str) -> None:
    assert (await (await come(PSDG)).get(f"/years/{year}/calendar/move")).status_code == 404
