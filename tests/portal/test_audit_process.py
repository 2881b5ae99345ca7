"""All cases of a process: approved models with their hashes, and where work waits in a period."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any, cast

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text
from starlette.requests import Request

from audit.approved import approvals
from ledger import security
from ledger.work import Ledger
from portal import audit_process
from portal.audit_process import Asked, level_of
from portal.state import Portal
from tests.conftest import FRIDAY_NOON, ClockThatIsSet
from tests.portal import audit_scene, scene
from tests.portal.conftest import Browsers

AT = "/audit/processes"
WEEKLY = f"{AT}/weekly-cycle"
HOUR = 3600


@pytest_asyncio.fixture
async def auditor(ledger: Ledger, clock: ClockThatIsSet, come: Browsers) -> httpx.AsyncClient:
    await audit_scene.played(ledger, clock)
    return await come(scene.AUDITOR)


def heat(page: httpx.Response) -> dict[str, Any]:
    """What is drawn on the diagram, by element."""
    found = re.search(r"data-heat>(.*?)</script>", page.text, re.DOTALL)
    assert found
    return {each["element"]: each for each in json.loads(found[1])}


def table(page: httpx.Response) -> dict[str, list[str]]:
    """The rows of all tables by their first cell."""
    rows = re.findall(r"<tr>(<th scope=\"row\".*?)</tr>", page.text, re.DOTALL)
    cells = [[" ".join(re.sub("<[^>]*>", " ", cell).split()) for cell in re.split(r"</t[hd]>", row)] for row in rows]
    return {cell[0]: cell[1:-1] for cell in cells}


@pytest.mark.parametrize("path", [AT, WEEKLY])
async def test_only_auditors_see_it(come: Browsers, path: str) -> None:
    assert (await (await come(scene.ADMINISTRATOR)).get(path)).status_code == 403


async def test_every_process_has_its_model_and_its_cases(auditor: httpx.AsyncClient) -> None:
    page = await auditor.get(AT)
    rows = table(page)
    assert len(rows) == len({each.process for each in approvals()})
    (directive,) = [each for each in approvals() if each.process == "directive-lifecycle"]
    assert rows["วงจรข้อสั่งการ"] == ["1", "1", "–", f"1 {directive.sha256[:12]}", "26 พ.ย. 2569", directive.approved_by]


async def test_departures_are_counted_by_process(auditor: httpx.AsyncClient, ledger: Ledger) -> None:
    async with ledger.engine.begin() as connection:
        await connection.execute(text("UPDATE conformances SET deviation = '{}'"))
    assert table(await auditor.get(AT))["วงจรข้อสั่งการ"][2] == "✕ 1"


async def test_the_heat_map_says_in_figures_what_it_says_in_colours(auditor: httpx.AsyncClient) -> None:
    page = await auditor.get(WEEKLY)
    marks = heat(page)
    assert marks["report"] == {"element": "report", "level": 1, "time": False, "said": "<1 นาที · 2"}
    assert marks["check"] == {"element": "check", "level": 2, "time": False, "said": "5 ชม. · 1"}
    assert marks["cut_off"]["time"] is True
    rows = table(page)
    assert rows["ตรวจรายงาน (กลุ่มแผน)"] == ["กลุ่มแผน", "1", "5 ชม.", "5 ชม.", "5 ชม.", "0.0", "–"]
    assert rows["รายงานผล (สำนัก/กอง)"] == ["สำนัก/กอง", "2", "ไม่ถึงนาที", "3 วัน", "3 วัน", "0.0", "● 1"]
    assert rows["สำนัก/กอง"] == ["→ กลุ่มแผน", "1", "5 ชม.", "5 ชม."]
    (*_, approval) = [each for each in approvals() if each.process == "weekly-cycle"]
    assert approval.sha256 in page.text
    assert "แฟ้มตรงกับฉบับที่อนุมัติ" in page.text


async def test_a_period_and_an_agency_choose_the_work(auditor: httpx.AsyncClient) -> None:
    assert heat(await auditor.get(f"{WEEKLY}?year=2561&quarter=3")).keys() >= {"report", "check"}
    assert heat(await auditor.get(f"{WEEKLY}?year=2561&quarter=2")) == {}
    assert heat(await auditor.get(f"{WEEKLY}?year=2560")) == {}
    assert "ไม่มีงานในช่วงนี้" in (await auditor.get(f"{WEEKLY}?year=2560")).text
    assert heat(await auditor.get(f"{WEEKLY}?agency=dept")).keys() == {"report", "check"}
    assert heat(await auditor.get(f"{WEEKLY}?agency=dept2")) == {}
    assert (await auditor.get(f"{WEEKLY}?agency=nowhere")).status_code == 404
    assert (await auditor.get(f"{AT}/nothing")).status_code == 404


@pytest.mark.parametrize(
    ("query", "since", "until"),
    [
        ("", "2017-09-30T17:00", "2018-09-30T17:00"),  # 1 October 2560 to 30 September 2561, in Bangkok
        ("year=2560&quarter=1", "2016-09-30T17:00", "2016-12-31T17:00"),
        ("year=2561&quarter=4", "2018-06-30T17:00", "2018-09-30T17:00"),
        ("year=1&quarter=9", "2017-09-30T17:00", "2018-09-30T17:00"),
    ],
)
def test_a_fiscal_year_begins_in_october(query: str, since: str, until: str) -> None:
    request = Request({"type": "http", "path": WEEKLY, "headers": [], "query_string": query.encode()})
    period = Asked.of(request, FRIDAY_NOON).period(cast(Portal, None))  # no agency is asked for
    assert period.since == datetime.fromisoformat(since).replace(tzinfo=UTC)
    assert period.until == datetime.fromisoformat(until).replace(tzinfo=UTC)


def test_levels_are_the_same_for_every_process() -> None:
    hours = (0, 3.9, 4, 23, 24, 71, 72, 167, 168, 9999)
    assert [level_of(n * HOUR) for n in hours] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


async def test_a_model_that_was_changed_is_not_drawn_and_said_so(
    auditor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_process, "_sheet", lambda _approval: None)
    page = (await auditor.get(WEEKLY)).text
    assert "แฟ้มไม่ตรงกับฉบับที่อนุมัติ" in page
    assert "data-model=" not in page


async def test_looking_at_a_process_is_in_the_access_log(auditor: httpx.AsyncClient, ledger: Ledger) -> None:
    await auditor.get(f"{WEEKLY}?year=2561")
    async with ledger.read() as connection:
        latest, *_ = await security.recent(connection, 1)
    assert (latest.kind, latest.officer, latest.detail) == ("read:audit", scene.AUDITOR, "weekly-cycle year=2561")
