"""The pages of a year in a real browser: on a phone, on paper, and without a script error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.portal.served import portal_server
from tests.portal.test_browser import PHONE, chromium, one_page
from tests.portal.year_scene import PSDG, department_at_six_months

pytestmark = pytest.mark.browser
__all__ = ["chromium"]

AT = "/years/cdd/2555"
PAGES = ("/years", AT, f"{AT}/summary", f"{AT}/calendar", f"{AT}/kpis/1.1.1", f"{AT}/units/cdd-finance")


@pytest.fixture(scope="module")
def address(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with portal_server(migrated_file, tmp_path_factory.mktemp("year"), department_at_six_months) as address:
        yield address


@pytest.fixture
def phone(chromium: Browser, address: str) -> Iterator[Page]:
    """A phone of กพร.; a script error or a blocked style fails the test."""
    with one_page(chromium, address, PSDG, PHONE) as page:
        yield page


def test_no_page_is_wider_than_a_phone(phone: Page) -> None:
    for path in PAGES:
        phone.goto(path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path


def test_a_line_of_the_board_is_a_card_with_named_values_and_still_a_table(phone: Page) -> None:
    phone.goto(AT)
    row = phone.get_by_role("row").filter(has_text="1.1.2")
    assert row.evaluate("e => getComputedStyle(e).display") == "block"
    names = row.locator("td").evaluate_all("all => all.map(e => getComputedStyle(e, '::before').content)")
    assert {'"หน่วยงานรับผิดชอบ"', '"รอบ 6 เดือน"'} <= set(names)
    assert phone.get_by_role("columnheader").count() == 8


def test_the_summary_prints_on_one_sheet(phone: Page) -> None:
    phone.goto(f"{AT}/summary")
    pdf = phone.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    (box,) = set(re.findall(rb"/MediaBox\s*\[([^\]]+)\]", pdf))
    assert [round(float(edge)) for edge in box.split()] == [0, 0, 595, 842]


def test_the_board_prints_across_every_sheet_and_says_its_sums_once(phone: Page) -> None:
    phone.goto(AT)
    sheets = re.findall(rb"/MediaBox\s*\[([^\]]+)\]", phone.pdf(prefer_css_page_size=True))
    assert {tuple(round(float(edge)) for edge in each.split()) for each in sheets} == {(0, 0, 842, 595)}
    phone.set_viewport_size({"width": 1046, "height": 718})  # what an A4 sheet holds across, within its margins
    phone.emulate_media(media="print")
    assert phone.locator(".board tfoot").evaluate("e => getComputedStyle(e).display") == "table-row-group"
