"""A unit asks for other details of its KPIs, and surveys are recorded, through the portal; on both databases."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.runtime import Runtime
from flows import starting
from ledger import reading
from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.agreement import BOOK
from tests.flows.people import at, do, settle
from tests.flows.test_year import under_way
from tests.portal import department
from tests.portal.conftest import Browsers
from tests.portal.department import COMMUNITY, FINANCE, PSDG
from tests.portal.scene import send

YEAR = "agreement-2555-cdd"
LIST, FORM = "/start/kpi-change", f"/start/kpi-change/{YEAR}/1.1.1"
REQUEST = {"target": "๗๗", "reason": "น้ำท่วมในพื้นที่", "once": "page-1"}
SURVEY = f"/start/survey/{YEAR}"


@pytest_asyncio.fixture
async def ledger(database: AsyncEngine, clock: ClockThatIsSet) -> Ledger:
    clock.moment = at("2011-10-03")
    ledger = Ledger(database, clock)
    await department.furnished(ledger)
    return ledger


@pytest_asyncio.fixture
async def stage(runtime: Runtime, app: FastAPI) -> AsyncIterator[Stage]:
    stage = Stage(runtime)
    await runtime.refresh(at_once=True)
    async with stage.intake:
        yield stage


async def arrived(ledger: Ledger, name: str) -> list[dict[str, object]]:
    async with ledger.read() as connection:
        return [e.content for e in await reading.events_named(connection, YEAR, "message:arrive", name)]


def plain(page: httpx.Response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


async def test_a_unit_asks_sees_what_became_of_it_and_is_refused_after_the_closing_date(
    stage: Stage, ledger: Ledger, clock: ClockThatIsSet, come: Browsers
) -> None:
    await under_way(stage, clock)
    browser = await come(COMMUNITY)
    assert f'href="{LIST}"' in (await browser.get("/")).text
    listed = (await browser.get(LIST)).text
    assert f'href="{FORM}"' in listed
    assert f"{YEAR}/7" not in listed, "another unit's KPI"
    assert "ขอเปลี่ยนแปลงได้ถึง 2 เม.ย. 2555" in listed
    form = plain(await browser.get(FORM))
    for stands in ("1.1.1 ร้อยละของหมู่บ้านที่มีแผนชุมชน", "60 / 65 / 70 / 75 / 80", "คำอธิบายตัวชี้วัด"):
        assert stands in form

    clock.moment = at("2012-03-15")
    browser = await come(COMMUNITY)
    nothing = await send(browser, FORM, {"reason": "ก", "once": "page-0"}, seen=FORM)
    assert (nothing.status_code, "อย่างน้อยหนึ่งรายการ" in nothing.text) == (422, True)
    same = await send(browser, FORM, {"target": "80", "reason": "ก"}, seen=FORM)
    assert (same.status_code, "ตรงกับค่าปัจจุบัน" in same.text) == (422, True)
    for _ in range(2):
        assert (await send(browser, FORM, REQUEST, seen=FORM)).status_code == 303
    other = await send(browser, FORM, REQUEST | {"target": "75"}, seen=FORM)
    assert (other.status_code, "ส่งไปแล้ว" in other.text) == (409, True)
    (message,) = await arrived(ledger, "ChangeRequested")
    assert message["from"] == "cdd-community"
    await settle(stage)
    assert "อยู่ระหว่างพิจารณา" in (await browser.get(LIST)).text
    await do(stage, YEAR, "check_change", {"decision": "approve"})
    await do(stage, YEAR, "decide_change", {"decision": "approve", "comment": "เห็นชอบ"})
    listed = plain(await browser.get(LIST))
    assert ("ค่าเป้าหมาย 77 ·" in listed, "อนุมัติ" in listed, "เห็นชอบ" in listed) == (True, True, True)

    clock.moment = at("2012-04-03")
    browser = await come(COMMUNITY)
    assert "พ้นกำหนดขอเปลี่ยนแปลงแล้วเมื่อ 2 เม.ย. 2555" in plain(await browser.get(FORM))
    late = {"details": "เปลี่ยนแหล่งข้อมูล", "reason": "ก", "once": "page-2"}
    assert (await send(browser, FORM, late, seen=FORM)).status_code == 303
    await settle(stage)
    case = plain(await browser.get(f"/cases/{YEAR}"))
    assert "ไม่รับคำขอ เนื่องจากพ้นกำหนด" in case
    assert "คำขอเปลี่ยนแปลงตัวชี้วัดที่ 1.1.1: อนุมัติ" in case
    english = await come(COMMUNITY)
    await english.get("/language/en?next=/")
    assert "Not taken: after the closing date" in plain(await english.get(LIST))


async def test_only_the_units_of_a_kpi_ask_and_only_once_its_details_are_agreed(
    stage: Stage, ledger: Ledger, clock: ClockThatIsSet, come: Browsers
) -> None:
    await starting.open_agreement_year(stage.runtime, BOOK, actor=ACTOR)
    await settle(stage)
    browser = await come(COMMUNITY)
    page = (await browser.get(LIST)).text
    assert "ยังจัดทำไม่แล้วเสร็จ" in page
    assert f'href="{FORM}"' not in page
    assert (await browser.get(FORM)).status_code == 404
    await under_way(stage, clock)
    # กพร. checks requests; it asks for no other unit.
    for officer in (FINANCE, PSDG):
        other = await come(officer)
        refused = await send(other, FORM, REQUEST, seen=LIST)
        assert (refused.status_code, "ไม่ได้อยู่ในความรับผิดชอบ" in refused.text) == (403, True)
    assert "หน่วยงานไม่ได้รับผิดชอบตัวชี้วัด" in plain(await (await come(PSDG)).get(LIST))
    assert (await (await come("nso.1")).get(LIST)).status_code == 403
    assert await arrived(ledger, "ChangeRequested") == []


async def test_a_survey_is_recorded_by_the_surveying_body_or_from_its_letter(
    stage: Stage, ledger: Ledger, come: Browsers
) -> None:
    await starting.open_agreement_year(stage.runtime, BOOK, actor=ACTOR)
    await settle(stage)
    survey = {"kpi": "11", "score": "4.25", "reference": "นร 0500/9", "once": "page-1"}
    body = await come("nso.1")
    assert "11 ความพึงพอใจของผู้รับบริการ" in plain(await body.get("/start/survey"))
    below = await send(body, SURVEY, survey | {"score": "0.5"}, seen=SURVEY)
    assert (below.status_code, "คะแนนต่ำสุดของตัวชี้วัดนี้คือ 1" in plain(below)) == (422, True)
    wrong = await send(body, SURVEY, survey | {"score": "5.5"}, seen=SURVEY)
    assert (wrong.status_code, "ต้องไม่เกิน 5" in wrong.text) == (422, True)
    for _ in range(2):
        assert (await send(body, SURVEY, survey, seen=SURVEY)).status_code == 303
    group = await come(PSDG)
    again = survey | {"score": "4.5", "reference": "นร 0500/11", "once": "page-2"}
    assert (await send(group, SURVEY, again, seen=SURVEY)).status_code == 303
    assert [each["payload"]["score"] for each in await arrived(ledger, "SurveyScored")] == ["4.25", "4.5"]  # type: ignore[index]
    stands = plain(await group.get("/start/survey"))
    assert ("4.5" in stands, "นร 0500/11" in stands, "นร 0500/9" in stands) == (True, True, False)
    assert (await (await come(COMMUNITY)).get(SURVEY)).status_code == 403
