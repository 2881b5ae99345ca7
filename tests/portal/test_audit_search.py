"""The auditor finds cases by unit, process, officer, period and deadline, and sees what is late and what departs."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from ledger import searching
from ledger.work import Ledger
from portal import audit_search, seeking
from tests.portal import scene
from tests.portal.audit_ministry import CHECKING, OLD, OTHER, REPORTED, RETURNED, WAITING
from tests.portal.conftest import Browsers

WEEK = scene.WEEK
APRIL = (REPORTED, CHECKING, RETURNED, WAITING, OTHER, WEEK)
EVERY = (*APRIL, OLD)


@pytest.fixture
def ledger(audited: Ledger) -> Ledger:
    return audited


def shown(page: str) -> list[str]:
    """The cases of a page, in their order."""
    return re.findall(r'class="work-title" href="/audit/cases/([^"]+)"', page)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, EVERY),
        ({"q": "2561-0009"}, (WAITING, OTHER)),
        ({"q": "เบิกจ่าย"}, (OLD,)),
        ({"q": "100%"}, ()),
        ({"process": "weekly-cycle"}, (WEEK,)),
        ({"state": "completed"}, (OLD,)),
        ({"state": "burnt"}, EVERY),
        # A unit: what concerns it, what it held, what those under it held; the week is where its division reported.
        ({"unit": "dept-div-a"}, (REPORTED, WAITING, WEEK)),
        ({"unit": "dept"}, (REPORTED, WAITING, WEEK)),
        ({"unit": "dept2-plan"}, (CHECKING, OLD, WEEK)),
        ({"unit": "oja"}, (RETURNED, WEEK)),
        ({"unit": "ops-ict"}, ()),
        # Who did something: by id, by a part of the name, by the id of somebody who is not in the organisation.
        ({"officer": "dept2-plan.1"}, (OLD,)),
        ({"officer": scene.DIVISION}, (REPORTED, CHECKING, RETURNED, WEEK)),
        ({"officer": "left.long-ago"}, ()),
        # The period.
        ({"since": "1/4/2561"}, APRIL),
        ({"until": "31 มีนาคม 2561"}, (OLD,)),
        ({"since": "ก.พ. 2561", "until": "ก.พ. 2561"}, (OLD,)),
        ({"since": "10/2/2561", "until": "10/2/2561"}, ()),
        ({"since": "10/2/2561", "until": "11/2/2561"}, (OLD,)),
        ({"since": "10/2/2561", "until": "11/2/2561", "basis": "opened"}, ()),
        ({"since": "9/2/2561", "until": "9/2/2561", "basis": "opened"}, (OLD,)),
        ({"since": "11/2/2561", "basis": "closed"}, (OLD,)),
        ({"since": "12/2/2561", "basis": "closed"}, ()),
        ({"officer": "dept2-plan.1", "until": "10/2/2561"}, ()),
        ({"officer": "dept2-plan.1", "until": "10/2/2561", "basis": "opened"}, (OLD,)),
        # Deadlines.
        ({"deadline": "missed"}, (REPORTED, OLD)),
        ({"deadline": "kept"}, (CHECKING, RETURNED, WEEK)),
        ({"deadline": "missed", "unit": "dept2-plan"}, (OLD,)),
    ],
)  # fmt: skip
async def test_each_field_finds_what_it_says(come: Browsers, asked: dict[str, str], found: tuple[str, ...]) -> None:
    page = await (await come(scene.AUDITOR)).get(f"/audit?{urlencode(asked)}")
    assert page.status_code == 200
    assert set(shown(page.text)) == set(found)
    assert f"พบ {len(found)} เรื่อง" in page.text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"since": "เมื่อวาน"}, "อ่านวันที่ไม่ได้"),
        ({"since": "13/4/2561", "until": "12/4/2561"}, "วันสุดท้ายอยู่ก่อนวันแรก"),
        ({"officer": "ไม่มีใครชื่อนี้"}, "ไม่พบเจ้าหน้าที่ชื่อนี้"),
        ({"officer": "e"}, "กรุณาระบุให้ชัดขึ้น"),
    ],
)
async def test_what_cannot_be_read_is_said_at_its_field_and_kept(
    come: Browsers, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str], said: str
) -> None:
    monkeypatch.setattr(seeking, "NAMED_AT_MOST", 3)
    page = await (await come(scene.AUDITOR)).get(f"/audit?{urlencode(asked)}")
    assert page.status_code == 422
    assert said in page.text
    assert all(f'value="{value}"' in page.text for value in asked.values())
    assert shown(page.text) == []


async def test_late_work_and_departures_stand_with_each_case(come: Browsers) -> None:
    page = (await (await come(scene.AUDITOR)).get("/audit")).text
    lines = dict(zip(shown(page), re.split(r'class="work-title" href="/audit/cases/', page)[1:], strict=True))
    assert "เกินกำหนด 1 จาก 5 งาน" in lines[REPORTED]
    assert "ไม่มีงานเกินกำหนด (9 งาน)" in lines[WEEK]
    assert "เกินกำหนด 1 จาก 1 งาน" in lines[OLD]
    departing = {case for case, line in lines.items() if "ไม่เป็นไปตามแบบจำลอง" in line.split("</ul>")[0]}
    assert departing == {REPORTED, CHECKING, OLD}


async def test_the_order_is_the_one_asked_for(come: Browsers) -> None:
    browser = await come(scene.AUDITOR)
    newest, oldest = shown((await browser.get("/audit")).text), shown((await browser.get("/audit?order=oldest")).text)
    assert newest[-1] == oldest[0] == OLD
    assert shown((await browser.get("/audit?order=latest")).text)[-1] == OLD


async def test_whoever_a_part_of_a_name_means_is_named(come: Browsers) -> None:
    page = await (await come(scene.AUDITOR)).get("/audit?officer=ops-audit")
    assert "เจ้าหน้าที่ที่ตรงกับคำค้น" in page.text
    assert scene.AUDITOR in page.text


async def test_a_long_list_is_paged_and_a_longer_one_says_so(come: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_search, "PER_PAGE", 2)
    browser = await come(scene.AUDITOR)
    pages = [shown((await browser.get(f"/audit?page={number}")).text) for number in (1, 2, 3, 4)]
    assert sorted(case for page in pages for case in page) == sorted(EVERY)
    assert [len(page) for page in pages] == [2, 2, 2, 1]
    for module in (searching, audit_search):
        monkeypatch.setattr(module, "MOST", 3)
    page = (await browser.get("/audit?page=2")).text
    assert "พบมากกว่า 3 เรื่อง" in page
    assert shown(page) == pages[1][:1]


async def test_in_english_the_page_is_english(come: Browsers) -> None:
    browser = await come(scene.AUDITOR)
    await browser.get("/language/en")
    page = (await browser.get("/audit?deadline=missed")).text
    assert "1 of 5 late" in page
    assert "departs from its model" in page


NUMBERS = (
    "/cases?year={}", "/cases?page={}", f"/cases/{REPORTED}?until={{}}", "/audit?page={}", "/audit?since={}",
    "/audit?until=31/12/{}", f"/audit/cases/{REPORTED}?seq={{}}", f"/audit/cases/{REPORTED}/steps?seq={{}}",
    "/audit/readings?before={}", "/audit/processes/weekly-cycle?year={}&quarter={}", "/audit/access?page={}",
    "/years/dept/{}", "/weeks/{}-04-20",
)  # fmt: skip


async def test_a_number_that_no_page_gave_out_is_nonsense_and_no_failure(come: Browsers) -> None:
    auditor = await come(scene.AUDITOR)
    for path in NUMBERS:
        for said in ("9" * 20, "9" * 10, "9" * 5, "0", "-1", "๑๒"):
            answer = await auditor.get(path.replace("{}", said))
            assert answer.status_code in {200, 404, 422}, (path, said)
