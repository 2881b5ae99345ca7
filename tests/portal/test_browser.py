"""In a real browser: by keyboard alone, on a phone, and nothing lost on the way."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, FilePayload, Page, expect, sync_playwright

from ledger.hand_offs import hand_off_id
from tests import files
from tests.portal import scene
from tests.portal.served import portal_server

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DESKTOP, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def address(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with portal_server(migrated_file, tmp_path_factory.mktemp("served")) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def one_page(chromium: Browser, address: str, officer: str, size: dict[str, int]) -> Iterator[Page]:
    """The page of one signed-in officer; a script error or anything that the console calls one fails the test."""
    context = chromium.new_context(viewport={"width": size["width"], "height": size["height"]}, base_url=address)
    page, troubles = context.new_page(), []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.goto("/sign-in")
    page.fill("#account", officer)
    page.fill("#password", scene.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    yield page
    context.close()
    assert troubles == []


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Visit]:
    """A page of a new visitor, signed in as an officer; a script error or a blocked file fails the test."""
    contexts, troubles = [], []

    def come(officer: str, *, size: dict[str, int] = DESKTOP) -> Page:
        context = chromium.new_context(viewport={"width": size["width"], "height": size["height"]}, base_url=address)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if "Security Policy" in said.text else None)
        page.goto("/sign-in")
        page.fill("#account", officer)
        page.fill("#password", scene.PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/")
        return page

    yield come
    for context in contexts:
        context.close()
    assert troubles == []


def report_of(case_id: str) -> str:
    return f"/hand-offs/{hand_off_id(scene.WEEK, f'report[{case_id}]')}"


def test_a_report_is_handed_in_by_keyboard_alone(visit: Visit) -> None:
    page = visit(scene.DIVISION)
    page.goto(report_of("directive-2561-0009-dept"))
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "level":
            break
    page.keyboard.press("Space")
    for text in list(scene.REPORT.values())[1:]:
        page.keyboard.press("Tab")
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
    while page.evaluate("document.activeElement.value") != "submit":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("รับเรื่องเรียบร้อยแล้ว")


def test_a_page_on_which_something_is_started_is_not_left_by_one_click_when_it_was_filled_in(visit: Visit) -> None:
    page, asked = visit(scene.SECRETARIAT), list[str]()

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto("/start/registration")
    page.click(".menu a[href='/cases']")  # nothing was typed: nothing is asked
    expect(page).to_have_url(re.compile("/cases$"))
    page.goto("/start/registration")
    page.fill("[name=title]", "เร่งรัดการใช้จ่าย")
    page.click(".menu a[href='/cases']", no_wait_after=True)
    expect(page.locator("[name=title]")).to_have_value("เร่งรัดการใช้จ่าย")
    assert asked == ["beforeunload"]
    page.click("form[data-once] button.main")  # what is refused stands there and nowhere else
    expect(page.locator("[aria-invalid]").first).to_be_visible()
    page.click(".menu a[href='/cases']", no_wait_after=True)
    expect(page.locator("[name=title]")).to_have_value("เร่งรัดการใช้จ่าย")
    assert asked == ["beforeunload"] * 2


def test_what_is_wrong_takes_the_focus_and_leads_to_its_field(visit: Visit) -> None:
    page = visit("dept3-div-a.1")
    page.goto(report_of("directive-2561-0009-dept3"))
    page.check("input[value=continuous]")
    page.click("button[value=submit]")
    expect(page.locator("#errors")).to_be_focused()
    page.click("#errors a >> nth=0")
    assert page.evaluate("document.activeElement.id") in {"result", "goal"}


def test_required_marks_follow_the_level(visit: Visit) -> None:
    page = visit("dept3-div-a.1")
    page.goto(report_of("directive-2561-0009-dept3"))
    page.check("input[value=in_progress]")
    expect(page.locator("[data-field=result] .mark")).to_have_text("ไม่บังคับ")
    expect(page.locator("[data-field=completed_on]")).to_be_hidden()
    page.check("input[value=completed]")
    expect(page.locator("[data-field=result] .mark")).to_have_text("จำเป็น")
    expect(page.locator("[data-field=completed_on]")).to_be_visible()


def test_a_draft_survives_a_reload(visit: Visit) -> None:
    page = visit("dept3-div-a.1")
    page.goto(report_of("directive-2561-0009-dept3"))
    page.fill("#impact", "พิมพ์ค้างไว้ก่อนไฟดับ")
    expect(page.locator("[data-status]")).to_contain_text("บันทึกร่างอัตโนมัติแล้ว", timeout=8000)
    page.reload()
    expect(page.locator("#impact")).to_have_value("พิมพ์ค้างไว้ก่อนไฟดับ")


def test_a_chosen_file_is_attached_at_once_and_one_that_is_too_large_is_not_even_sent(visit: Visit) -> None:
    page = visit("dept3-div-a.1", size=PHONE)
    page.goto(report_of("directive-2561-0009-dept3"))
    page.fill("#outcome", "พิมพ์ไว้ก่อนแนบไฟล์")
    page.locator("[data-choose]").scroll_into_view_if_needed()
    large: FilePayload = {
        "name": "ใหญ่.pdf",
        "mimeType": "application/pdf",
        "buffer": files.PDF.ljust(21 * 1024 * 1024, b" "),
    }
    page.set_input_files("#attachments", [large])
    expect(page.locator("[data-refused]")).to_contain_text("ใหญ่.pdf")
    named: FilePayload = {"name": "ผลการเบิกจ่าย ๒๕๖๑.pdf", "mimeType": "application/pdf", "buffer": files.PDF}
    page.set_input_files("#attachments", [named])
    expect(page.locator(".files a")).to_have_text("ผลการเบิกจ่าย ๒๕๖๑.pdf")
    expect(page.locator("#attachments-files")).to_be_focused()
    expect(page.locator("#outcome")).to_have_value("พิมพ์ไว้ก่อนแนบไฟล์")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.fill("#output", "พิมพ์ต่อหลังแนบไฟล์")
    expect(page.locator("[data-status]")).to_contain_text("บันทึกร่างอัตโนมัติแล้ว", timeout=8000)
    page.reload()
    expect(page.locator("#output")).to_have_value("พิมพ์ต่อหลังแนบไฟล์")
    page.click(".files button")
    expect(page.locator(".files")).to_have_count(0)
    expect(page.locator("#output")).to_have_value("พิมพ์ต่อหลังแนบไฟล์")


def test_a_file_is_chosen_before_a_directive_is_registered_and_nothing_typed_is_lost(visit: Visit) -> None:
    page = visit(scene.SECRETARIAT, size=PHONE)
    page.goto("/start/registration")
    page.fill("#title", "เร่งรัดการเบิกจ่าย")
    page.fill("#text", "ให้เร่งรัดการเบิกจ่ายงบประมาณ")
    page.check("input[name=agencies] >> nth=0")
    order: FilePayload = {"name": "บันทึกสั่งการ ๒๕๖๑.pdf", "mimeType": "application/pdf", "buffer": files.PDF}
    page.set_input_files("#attachments", [order])
    expect(page.locator(".files a")).to_have_text("บันทึกสั่งการ ๒๕๖๑.pdf")
    expect(page.locator("#attachments-files")).to_be_focused()
    expect(page.locator("#text")).to_have_value("ให้เร่งรัดการเบิกจ่ายงบประมาณ")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.click("button.main")
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator(".files a")).to_have_text("บันทึกสั่งการ ๒๕๖๑.pdf")
    page.fill("#ordered_by", "รัฐมนตรีว่าการกระทรวงยุติธรรม")
    page.fill("#ordered_on", "18 เม.ย. 2561")
    page.click("button.main")
    expect(page.locator("h1")).to_contain_text("เร่งรัดการเบิกจ่าย")
    expect(page.get_by_text("บันทึกสั่งการ ๒๕๖๑.pdf").first).to_be_visible()


@pytest.mark.parametrize(
    ("officer", "paths"),
    [
        (scene.PLANNING, ("/", "/?show=done", "/password", "/weeks/2018-04-20", "/cases/directive-2561-0007-dept")),
        (scene.SECRETARIAT, ("/", "/start/registration", "/cases", "/weeks", "/weeks/2018-04-20", "/nowhere")),
        (scene.ADMINISTRATOR, ("/officers", "/audit/access", "/mailbox")),
    ],
)
def test_a_phone_never_scrolls_sideways(visit: Visit, officer: str, paths: tuple[str, ...]) -> None:
    page = visit(officer, size=PHONE)
    for path in paths:
        page.goto(path)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond == 0, path


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_officers_name_is_whole_and_its_menu_is_within_the_window(visit: Visit, size: dict[str, int]) -> None:
    page = visit(scene.DIVISION, size=size)
    name = page.locator(".me-name")
    long = "ว่าที่ร้อยตรีหญิง ณัฐกฤตาภัทรวรรณ ศรีสุวรรณพัฒนาวัฒนกุล ณ อยุธยา"
    name.evaluate("(element, text) => { element.textContent = text }", long)
    cut = "e => e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight"
    assert not name.evaluate(f"e => getComputedStyle(e).overflow !== 'visible' && ({cut})(e)")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.click(".me summary")
    box = page.locator(".me-box").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]


def test_no_line_ends_within_the_domains_words(visit: Visit) -> None:
    page = visit("dept3-div-a.1", size=PHONE)
    page.goto(report_of("directive-2561-0009-dept3"))
    words = page.locator(".unbroken")
    assert {"ข้อสั่งการ", "หน่วยงาน", "16.00 น.", "2561-0009", "20 เม.ย. 2561"} <= {*words.all_text_contents()}
    lines = words.evaluate_all("all => all.filter(e => e.checkVisibility()).map(e => e.getClientRects().length)")
    assert set(lines) == {1}
    page.goto("/")
    tab = page.locator(".tabs a").first
    assert tab.evaluate("e => [...e.childNodes].filter(n => n.textContent.trim()).length") == 2  # words, and a count


def test_the_account_menu_closes_with_escape_and_with_a_click_elsewhere(visit: Visit) -> None:
    page = visit(scene.DIVISION)
    menu = page.locator(".me")
    page.click(".me summary")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(page.locator(".me summary")).to_be_focused()
    page.click(".me summary")
    page.click("h1")
    expect(menu).not_to_have_attribute("open", "")


def test_where_one_is_stands_in_view_in_the_menu_of_a_phone(visit: Visit) -> None:
    page = visit(scene.ADMINISTRATOR, size=PHONE)
    page.goto("/audit/access")
    expect(page.locator(".menu [aria-current]")).to_be_in_viewport(ratio=1)


def test_the_week_prints_whole_across_the_sheet(visit: Visit) -> None:
    page = visit(scene.PLANNING)
    page.goto("/weeks/2018-04-20")
    sheets = {*re.findall(rb"/MediaBox\s*\[([^\]]+)\]", page.pdf(prefer_css_page_size=True))}
    assert [[round(float(edge)) for edge in each.split()] for each in sheets] == [[0, 0, 842, 595]]
    page.set_viewport_size({"width": 1046, "height": 718})  # what an A4 sheet holds across, within its margins
    page.emulate_media(media="print")
    table = page.locator(".scroll").first
    assert table.evaluate("e => [getComputedStyle(e).overflowX, e.scrollWidth - e.clientWidth]") == ["visible", 0]
    assert table.locator("tfoot").evaluate("e => getComputedStyle(e).display") == "table-row-group"


def test_what_is_tapped_is_large_enough(visit: Visit) -> None:
    page = visit(scene.SECRETARIAT, size=PHONE)
    for path in ("/", "/start/registration", "/weeks/2018-04-20"):
        page.goto(path)
        small = page.evaluate(
            "[...document.querySelectorAll('.button, .menu a, .option, select, .tabs a, input:not([type=hidden])')]"
            ".filter(e => !['radio', 'checkbox'].includes(e.type) && e.checkVisibility())"
            ".filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
        )
        assert small == [], path
