"""A board in a real browser: on a phone a card for each unit, on a screen a head that stays, on paper A4 across."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.portal import scene
from tests.portal.board_scene import FRAMEWORK, framework_under_way
from tests.portal.served import portal_server
from tests.portal.test_browser import DESKTOP, PHONE, chromium, one_page

pytestmark = pytest.mark.browser
__all__ = ["chromium"]

AT = f"/cases/{FRAMEWORK}/board"


async def framework(ledger: Ledger, clock: ClockThatIsSet) -> None:
    await scene.furnished(ledger)
    await framework_under_way(ledger, clock)


@pytest.fixture(scope="module")
def address(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with portal_server(migrated_file, tmp_path_factory.mktemp("board"), framework) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """Signed in as the secretariat; a script error or a blocked style fails the test."""
    with one_page(chromium, address, scene.SECRETARIAT, DESKTOP) as page:
        yield page


def test_on_a_phone_each_unit_is_a_card_with_named_steps_and_still_a_table(page: Page) -> None:
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    for path in ("/boards", AT):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
    row = page.get_by_role("row").filter(has_text="กองแผนงาน")
    assert row.evaluate("e => getComputedStyle(e).display") == "block"
    shown = row.locator("td").evaluate_all(
        "all => all.filter(e => e.offsetHeight).map(e => getComputedStyle(e, '::before').content)"
    )
    assert shown == ['"จัดทำร่างตัวชี้วัด (สำนักงานจังหวัด)"', '"ให้คำแนะนำ (สำนักงาน ก.พ.ร.)"', '"ตอบรับหนังสือ (ผู้รับ)"']
    assert page.get_by_role("columnheader").count() == 7


def test_the_head_and_the_units_stay_in_sight(page: Page) -> None:
    page.set_viewport_size({"width": 800, "height": DESKTOP["height"]})
    page.goto(AT)
    page.evaluate("document.querySelector('.of-units').style.maxHeight = '12rem'")
    board = page.locator(".of-units")
    before = board.locator("thead").bounding_box(), board.locator("tbody th").last.bounding_box()
    board.evaluate("e => e.scrollTo(90, 90)")
    after = board.locator("thead").bounding_box(), board.locator("tbody th").last.bounding_box()
    assert before[0] is not None
    assert after[0] is not None
    assert before[1] is not None
    assert after[1] is not None
    assert after[0]["y"] == before[0]["y"]
    assert (after[1]["x"], after[1]["y"] < before[1]["y"]) == (before[1]["x"], True)


def test_what_was_asked_several_times_unfolds_by_keyboard(page: Page) -> None:
    page.goto(AT)
    summary = page.locator(".of-units summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(".of-units details[open] li").count() == 2


def test_the_board_prints_across_the_sheet(page: Page) -> None:
    page.goto(AT)
    pdf = page.pdf(prefer_css_page_size=True)
    (box,) = set(re.findall(rb"/MediaBox\s*\[([^\]]+)\]", pdf))
    assert [round(float(edge)) for edge in box.split()] == [0, 0, 842, 595]
