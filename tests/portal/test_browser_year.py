"""In a real browser: personnel records are uploaded, told by row, replaced; a year's file is looked at and opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.engine.driver import Stage
from tests.flows.agreement import MINISTRIES
from tests.flows.people import at
from tests.flows.test_award import CASE
from tests.portal import department, scene
from tests.portal.department import PERSONNEL, PSDG, ROWS, XLSX, allocation_opened, filled_in
from tests.portal.served import portal_server
from tests.portal.test_browser import DESKTOP, PHONE, chromium

assert chromium, "a fixture"
pytestmark = pytest.mark.browser
KPIS = MINISTRIES / "cdd-fy2555-kpis.yaml"


async def department_that_waits(ledger: Ledger, clock: ClockThatIsSet) -> None:
    clock.moment = at("2013-06-03")
    await department.furnished(ledger)
    runtime = scene.runtime_over(ledger, scene.settings())
    await runtime.refresh(at_once=True)
    stage = Stage(runtime)
    async with stage.intake:
        await allocation_opened(stage)


@pytest.fixture(scope="module")
def address(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("department")
    with portal_server(migrated_file, folder, department_that_waits) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": DESKTOP["width"], "height": DESKTOP["height"]}, base_url=address)
    page, troubles = context.new_page(), []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if "Security Policy" in said.text else None)
    yield page
    context.close()
    assert troubles == []


def sign_in(page: Page, officer: str) -> None:
    page.goto("/sign-in")
    page.fill("#account", officer)
    page.fill("#password", scene.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_personnel_records_from_the_template_to_the_second_version(page: Page) -> None:
    sign_in(page, PERSONNEL)
    page.get_by_role("link", name="ส่งทะเบียนบุคคลเพื่อจัดสรรเงินรางวัล").click()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="ดาวน์โหลดแบบตาราง (Excel)").click()
    template = fetched.value.path().read_bytes()

    def send(name: str, content: bytes) -> None:
        page.set_input_files("input[type=file]", FilePayload(name=name, mimeType=XLSX, buffer=content))
        page.get_by_role("button", name="ตรวจและส่ง").click()

    send("ทะเบียน.xlsx", filled_in(template, ({**ROWS[0], "salary": "สองหมื่น"}, {**ROWS[1], "group": None})))
    errors = page.get_by_role("alert")
    expect(errors).to_be_focused()
    expect(errors.get_by_role("listitem")).to_have_count(2)
    expect(errors).to_contain_text("คอลัมน์ F: «เงินเดือน (บาท)» ต้องเป็นตัวเลข")
    expect(page.get_by_text("ยังไม่มีการส่ง")).to_be_visible()

    send("ฉบับแรก.xlsx", filled_in(template))
    expect(page.get_by_role("status").first).to_contain_text("รับทะเบียนบุคคลแล้ว")
    send("ฉบับสอง.xlsx", filled_in(template, ROWS[:3]))
    expect(page.locator(".works > li")).to_have_count(2)
    expect(page.locator(".works > li").first).to_contain_text("ฉบับสอง.xlsx")
    expect(page.locator(".works > li").first).to_contain_text("ฉบับที่ใช้")
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    assert fits(page)
    page.goto(f"/cases/{CASE}")
    expect(page.locator(".timeline")).to_contain_text("ได้รับข้อความ ทะเบียนบุคคล")


def test_a_year_is_looked_at_and_then_opened(page: Page) -> None:
    sign_in(page, PSDG)
    page.get_by_role("link", name="เปิดรอบปีคำรับรองฯ").click()
    page.set_input_files("#kpis", KPIS)
    page.get_by_role("button", name="ตรวจแฟ้ม").click()
    expect(page.get_by_role("heading", name="ข้อสังเกต")).to_be_visible()
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    assert fits(page)
    page.get_by_role("button", name="ยืนยันเปิดรอบปี พ.ศ. 2555").click()
    page.wait_for_url("**/cases/agreement-2555-cdd?done=started")
    expect(page.get_by_role("link", name="cdd-fy2555-kpis.yaml")).to_be_visible()
