"""กพร. opens an agreement year from its KPI file: findings first, then a second, explicit act."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.runtime import Runtime
from flows import starting
from ledger import documents, reading
from ledger.cases import CaseView
from ledger.work import Ledger
from rules.kpi_file import load_kpis
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR
from tests.flows.agreement import BOOK, MINISTRIES
from tests.flows.people import at
from tests.portal import department
from tests.portal.conftest import Browsers
from tests.portal.department import COMMUNITY, PSDG, upload
from tests.portal.scene import send
from tests.portal.test_start_doors import led_to
from tests.portal.test_year_changes import YEAR, plain

PAGE = "/start/year"
KINDS = ("quantitative", "step_table", "milestones", "composite", "external")
KPIS = Path(MINISTRIES / "cdd-fy2555-kpis.yaml").read_bytes()


@pytest_asyncio.fixture
async def ledger(database: AsyncEngine, clock: ClockThatIsSet) -> Ledger:
    clock.moment = at("2011-10-03")
    ledger = Ledger(database, clock)
    await department.furnished(ledger)
    return ledger


async def looked_at(browser: httpx.AsyncClient, content: bytes) -> httpx.Response:
    return await upload(browser, PAGE, "kpis", "ตัวชี้วัด 2555.yaml", content, seen=PAGE)


def hidden(page: httpx.Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, name
    return found[1]


async def year(ledger: Ledger) -> CaseView | None:
    async with ledger.read() as connection:
        return (await reading.cases_named(connection, [YEAR])).get(YEAR)


async def test_the_file_to_begin_with_names_the_agencys_units_and_opens_a_year_as_it_stands(
    ledger: Ledger, come: Browsers
) -> None:
    browser = await come(PSDG)
    assert f'href="{PAGE}/kpis.yaml"' in (await browser.get(PAGE)).text
    sample = await browser.get(f"{PAGE}/kpis.yaml")
    assert sample.headers["content-disposition"] == 'attachment; filename="kpis-cdd-2555.yaml"'
    assert "#   cdd-community  สำนักเสริมสร้างความเข้มแข็งชุมชน\n" in sample.text
    book = load_kpis(sample.text)
    assert {kpi.criteria.kind for kpi in book.kpis if kpi.criteria} == set(KINDS)
    assert sum(kpi.weight or 0 for kpi in book.kpis) == 100
    page = await looked_at(browser, sample.content)
    assert page.status_code == 200, plain(page)
    assert "ยืนยันเปิดรอบปี พ.ศ. 2555" in plain(page)
    opened = await send(browser, f"{PAGE}/open", {name: hidden(page, name) for name in ("name", "content")}, seen=PAGE)
    assert opened.status_code == 303
    assert await year(ledger) is not None
    assert (await (await come(COMMUNITY)).get(f"{PAGE}/kpis.yaml")).status_code == 403


async def test_the_inbox_leads_to_a_year_that_can_be_opened_and_then_to_what_it_takes(
    runtime: Runtime, come: Browsers
) -> None:
    doors = {officer: await come(officer) for officer in (PSDG, COMMUNITY)}

    async def shown(officer: str) -> set[str]:
        return led_to(await doors[officer].get("/")) - {"circular", "printout", "user-request"}

    assert (await shown(PSDG), await shown(COMMUNITY)) == ({"year"}, set())
    await starting.open_agreement_year(runtime, BOOK, actor=ACTOR)
    assert (await shown(PSDG), await shown(COMMUNITY)) == ({"kpi-change", "survey"}, {"kpi-change"})
    assert (await doors[PSDG].get(PAGE)).status_code == 200, "the page itself says that the year is open already"


async def test_what_does_not_fit_is_shown_before_anything_is_opened(ledger: Ledger, come: Browsers) -> None:
    browser = await come(PSDG)
    assert f'href="{PAGE}"' in (await browser.get("/")).text
    page = await looked_at(browser, KPIS)
    assert page.status_code == 200
    said = plain(page)
    assert "ไม่มีตัวชี้วัดที่ 2 ทั้งที่มีตัวชี้วัดลำดับถัดไป" in said
    assert "ยืนยันเปิดรอบปี พ.ศ. 2555" in said
    assert await year(ledger) is None, "looking at a file opens nothing"

    confirmed = {"name": hidden(page, "name"), "content": hidden(page, "content")}
    opened = await send(browser, f"{PAGE}/open", confirmed, seen=PAGE)
    assert (opened.status_code, opened.headers["location"]) == (303, f"/cases/{YEAR}?done=started")
    standing = await year(ledger)
    assert standing is not None
    assert len(standing.data["book"]["kpis"]) == 15
    async with ledger.read() as connection:
        (kept,) = await documents.of_case(connection, YEAR)
        assert (await documents.get(connection, kept.sha256)).content == KPIS
    assert (kept.name, kept.by.officer) == ("ตัวชี้วัด 2555.yaml", PSDG)

    # Once more: neither the page nor the form opens it again.
    assert "รอบปีนี้เปิดไว้แล้วเมื่อ 3 ต.ค. 2554" in plain(await looked_at(browser, KPIS))
    again = await send(browser, f"{PAGE}/open", confirmed, seen=PAGE)
    assert again.status_code == 422


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"fiscal_year: 2555", b"fiscal_year: [", "บรรทัดที่"),
        (b"fiscal_year: 2555", b"fiscal_year: x", "บรรทัดที่ 8: «fiscal_year» ต้องเป็นจำนวนเต็ม"),
        (b"fiscal_year: 2555", b"fiscal_year: 2556", "2556"),
        (b"agency: cdd", b"agency: dopa", "ท่านเปิดรอบปีได้เฉพาะของส่วนราชการของท่าน"),
        (b"unit: cdd-planning, confidence", b"unit: cdd-nowhere, confidence", "ไม่มีหน่วยงาน «cdd-nowhere»"),
        (b"    weight: 5\n", b"    weight: -5\n", "บรรทัดที่ 19: «kpis[1.1.1].weight» ต้องมากกว่า 0"),
        (KPIS, b"\xff\xfe", "ไม่ใช่แฟ้มข้อความ UTF-8"),
        (KPIS, b"# " + b"x" * 600_000, "มีขนาดเกิน 512 kB"),
    ],
)
async def test_a_file_that_cannot_be_used_is_told_by_line(
    ledger: Ledger, come: Browsers, old: bytes, new: bytes, said: str
) -> None:
    page = await looked_at(await come(PSDG), KPIS.replace(old, new, 1))
    assert (page.status_code, said in plain(page)) == (422, True), plain(page)
    assert await year(ledger) is None


async def test_weights_that_do_not_make_a_hundred_are_a_finding_and_no_obstacle(come: Browsers) -> None:
    book = """
fiscal_year: 2555
agency: cdd
kpis:
  - {number: "1", th: ตัวชี้วัดแรก, weight: 52, target: 80, holdings: [{unit: cdd-finance, weight_share: 52}]}
  - {number: "2", th: ตัวชี้วัดที่สอง, weight: 40, holdings: [{unit: cdd-community, weight_share: 40}]}
"""
    page = plain(await looked_at(await come(PSDG), book.encode()))
    assert "น้ำหนักที่ทราบของตัวชี้วัดในรอบ 12 เดือนรวมกันได้ร้อยละ 92 ไม่ใช่ร้อยละ 100 (ระบบไม่ปรับน้ำหนักให้)" in page
    assert "น้ำหนักรวมร้อยละ 92" in page
    assert "ยืนยันเปิดรอบปี" in page


async def test_only_the_group_of_the_agency_opens_its_year(ledger: Ledger, come: Browsers) -> None:
    browser = await come(COMMUNITY)
    assert (await browser.get(PAGE)).status_code == 403
    assert (await upload(browser, PAGE, "kpis", "a.yaml", KPIS, seen="/")).status_code == 403
    assert (await send(browser, f"{PAGE}/open", {"name": "a.yaml", "content": ""}, seen="/")).status_code == 403
    assert await year(ledger) is None
