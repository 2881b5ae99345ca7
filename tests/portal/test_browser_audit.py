"""In a real browser an auditor finds late work, judges a departure by keyboard, and sees it in the register."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.portal import audit_ministry, scene
from tests.portal.served import portal_server
from tests.portal.test_browser import DESKTOP, PHONE, chromium, visit

pytestmark = pytest.mark.browser
__all__ = ["chromium", "visit"]

Visit = Callable[..., Page]
FINDINGS = f"/audit/cases/{audit_ministry.CHECKING}/findings"
PAGES = ("/audit", "/audit?since=x", "/audit/deviations", "/audit/deviations?standing=all", "/audit/findings",
         "/audit/readings", "/audit/processes", FINDINGS.removesuffix("/findings"), FINDINGS)  # fmt: skip


@pytest.fixture(scope="module")
def address(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with portal_server(migrated_file, tmp_path_factory.mktemp("audited"), audit_ministry.audited_ministry) as address:
        yield address


def test_a_departure_is_found_judged_by_keyboard_and_stands_in_the_register(visit: Visit) -> None:
    page = visit(scene.AUDITOR, size=DESKTOP)
    page.click(".menu >> text=ตรวจสอบ")
    page.select_option("#deadline", "missed")
    page.select_option("#unit", "dept2")
    page.click("button:has-text('ค้นหา')")
    expect(page.locator(".work-title")).to_have_text(["ข้อสั่งการที่ 2560-0001 ติดตามการเบิกจ่าย"])
    page.click(".tabs >> text=ไม่เป็นไปตามแบบจำลอง")
    page.click(f"a[href='{FINDINGS}']")
    page.focus("input[name=about]:checked")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator("#errors li")).to_have_text(["กรุณาระบุเหตุผลและข้อเสนอแนะ"])
    page.click("#errors a")
    expect(page.locator("#remark")).to_be_focused()
    page.keyboard.type("มีคำสั่งให้มอบหมายก่อนรับทราบ")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]")).to_have_text("ลงนามแล้ว เป็นข้อตรวจพบที่ 1")
    page.goto("/audit/findings")
    expect(page.locator("#finding-1")).to_contain_text("มีคำสั่งให้มอบหมายก่อนรับทราบ")
    page.goto("/audit/deviations")
    expect(page.locator(f"a[href='{FINDINGS}']")).to_have_count(0)


def test_on_a_phone_no_page_scrolls_sideways_and_what_is_tapped_is_large_enough(visit: Visit) -> None:
    page = visit(scene.AUDITOR, size=PHONE)
    for path in PAGES:
        page.goto(path)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond == 0, path
        small = page.evaluate(
            "[...document.querySelectorAll('.button, .menu a, .option, select, .tabs a, input:not([type=hidden])')]"
            ".filter(e => !['radio', 'checkbox'].includes(e.type) && e.checkVisibility())"
            ".filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
        )
        assert small == [], path
