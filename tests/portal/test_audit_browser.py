"""In a real browser: the tokens stand on the diagram, the slider moves them, by keyboard and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from ledger.work import Ledger
from portal import audit_case
from tests.conftest import ClockThatIsSet
from tests.portal import scene
from tests.portal.audit_scene import CASE, WEEK, directive_and_week
from tests.portal.served import portal_server
from tests.portal.test_browser import DESKTOP, PHONE, chromium

assert chromium, "a fixture"
pytestmark = pytest.mark.browser

Look = Callable[..., Page]


async def with_a_spoiled_actor(ledger: Ledger, clock: ClockThatIsSet) -> None:
    """Somebody has changed the name of an officer who acted; where the tokens stand does not follow from names."""
    await directive_and_week(ledger, clock)
    async with ledger.engine.begin() as connection:
        spoil = """UPDATE events SET actor = replace(actor, '"name":"', '"name":"นาย') WHERE case_id = :c AND seq = 4"""
        await connection.execute(text(spoil), {"c": CASE})


@pytest.fixture(scope="module")
def address(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with portal_server(migrated_file, tmp_path_factory.mktemp("audited"), with_a_spoiled_actor) as address:
        yield address


@pytest.fixture
def look(chromium: Browser, address: str) -> Iterator[Look]:
    """An auditor's page; a script error, or anything that the content security policy refuses, fails the test."""
    contexts, troubles = [], []

    def come(path: str, *, size: dict[str, int] = DESKTOP, scripts: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": size["width"], "height": size["height"]}, base_url=address, java_script_enabled=scripts,
            has_touch=size is PHONE,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None)
        page.goto("/sign-in")
        page.fill("#account", scene.AUDITOR)
        page.fill("#password", scene.PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/")
        page.goto(path)
        if scripts:
            page.wait_for_selector("[data-ready]")
        return page

    yield come
    for context in contexts:
        context.close()
    assert troubles == []


def marked(page: Page, name: str) -> set[str]:
    """The elements of the diagram that bear a mark."""
    found = page.evaluate(f"[...document.querySelectorAll('.djs-element.{name}')].map(e => e.dataset.elementId)")
    return set(found)


def test_the_tokens_stand_on_the_diagram_and_the_slider_moves_them(look: Look) -> None:
    page = look(f"/audit/cases/{CASE}")
    assert marked(page, "token-open") == {"completion"}
    assert marked(page, "token-done") >= {"receive", "assign", "accept"}
    page.focus("#slider")
    page.keyboard.press("Home")
    expect(page.locator("[data-of=said]")).to_have_text("เปิดเรื่อง")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-of=step]")).to_have_text("รับทราบข้อสั่งการ")
    expect(page.locator("[data-of=told]")).to_have_text("กลุ่มงานแผนและงบประมาณ (กรม (ตัวอย่าง))")
    assert marked(page, "token-open") == {"receive"}
    assert marked(page, "token-done") == {"look_up"}
    assert marked(page, "token-now") == {"receive"}
    expect(page.locator("[data-waiting] .waits")).to_have_count(1)
    expect(page.locator("tr[aria-current] a")).to_have_text("3")
    assert page.url.endswith("?seq=3")
    assert page.locator("#slider").get_attribute("aria-valuetext") is not None
    page.click("[data-go=next]")
    expect(page.locator("[data-of=said]")).to_have_text("ส่งแบบ")
    expect(page.locator("[data-waiting]")).to_have_text("ไม่มีสิ่งใดรออยู่")
    assert marked(page, "token-open") == set()


def test_of_a_long_case_the_result_of_the_check_comes_into_its_page(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_case, "VERIFIED_AT_ONCE", 1)  # the portal is a thread of this process
    page = look(f"/audit/cases/{WEEK}")
    expect(page.locator("#whole")).to_contain_text("✓ ประวัติครบถ้วน")
    expect(page.locator("#verdict")).not_to_contain_text("กำลังตรวจ")
    plain = look(f"/audit/cases/{WEEK}", scripts=False)
    plain.click("#whole a")
    expect(plain.locator("#whole")).to_contain_text("✓ ประวัติครบถ้วน")


def test_the_slider_says_what_the_page_of_that_event_says(look: Look) -> None:
    """What the script counts and what the server counts is the same at every event."""
    page = look(f"/audit/cases/{WEEK}?seq=1")
    plain = look(f"/audit/cases/{WEEK}", scripts=False)
    last = int(page.locator("#slider").get_attribute("max") or 0)
    assert last > 10
    for seq in range(1, last):
        if seq > 1:
            page.click("[data-go=next]")
        expect(page.locator("tr[aria-current] a")).to_have_text(str(seq))
        plain.goto(f"/audit/cases/{WEEK}?seq={seq}")
        for part in ("[data-elements] tbody tr", "[data-waiting] li"):
            told = [
                [" ".join(each.split()) for each in here.locator(part).all_text_contents()] for here in (page, plain)
            ]
            assert told[0] == told[1], seq


def test_without_scripts_every_moment_can_be_read(look: Look) -> None:
    page = look(f"/audit/cases/{CASE}?seq=3", scripts=False)
    expect(page.locator(".diagram")).to_be_hidden()
    expect(page.locator("#slider")).to_be_hidden()
    expect(page.locator("#moment-help")).to_be_hidden()
    expect(page.locator(".legend")).to_be_hidden()
    expect(page.locator("noscript p")).to_be_visible()
    assert page.locator(page.locator("noscript a").get_attribute("href") or "").count() == 1
    expect(page.locator("[data-waiting] strong")).to_have_text("รับทราบข้อสั่งการ")
    page.fill("#seq", "5")
    page.click("[data-show]")
    expect(page.locator("[data-waiting] strong")).to_have_text("มอบหมายสำนัก/กอง")
    page.click("[data-go=previous]")
    expect(page.locator("[data-of=said]")).to_have_text("ส่งแบบ")


def test_without_scripts_the_heat_map_is_not_announced(look: Look) -> None:
    page = look("/audit/processes/weekly-cycle", scripts=False)
    expect(page.get_by_text("แผนที่ความร้อนของเวลารอ")).to_be_hidden()
    expect(page.locator(".legend")).to_be_hidden()
    expect(page.locator("noscript p")).to_be_visible()
    page.click("noscript a")
    expect(page.locator("#heat-table table")).to_be_visible()
    page = look("/audit/processes/weekly-cycle")
    expect(page.locator(".legend")).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_differences_of_a_replay_fit_the_screen(look: Look, size: dict[str, int]) -> None:
    page = look(f"/audit/cases/{CASE}", size=size)
    page.get_by_role("button", name="เล่นซ้ำและเทียบ").click()
    page.wait_for_selector(".replayed")
    fits = "(e => e.scrollWidth <= e.clientWidth)"
    assert page.evaluate(f"{fits}(document.querySelector('.replayed').parentElement)")
    assert page.evaluate(f"{fits}(document.documentElement)")


def test_the_diagram_is_moved_and_zoomed_by_keyboard(look: Look) -> None:
    page = look(f"/audit/cases/{CASE}")
    place = "document.querySelector('.viewport').transform.baseVal.consolidate().matrix"
    before = page.evaluate(f"[{place}.a, {place}.e]")
    page.focus(".diagram")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(f"{place}.e") == pytest.approx(before[1] + 60, abs=0.01)
    page.keyboard.press("+")
    assert page.evaluate(f"{place}.a") > before[0]
    page.click("[data-zoom=whole]")
    assert page.evaluate(f"{place}.a") < before[0]
    page.click("[data-zoom=tokens]")
    visible = page.evaluate(
        "(() => { const at = document.querySelector('[data-element-id=completion]').getBoundingClientRect(), "
        "within = document.querySelector('.diagram').getBoundingClientRect(); "
        "return at.left >= within.left && at.right <= within.right })()"
    )
    assert visible


@pytest.mark.parametrize("process", ["directive-lifecycle", "sar-round"])
def test_the_whole_diagram_has_an_edge_around_it_and_nothing_behind_the_makers_sign(look: Look, process: str) -> None:
    page = look(f"/audit/processes/{process}")
    page.click("[data-zoom=whole]")
    drawn, box, sign = (
        page.evaluate(f"(() => {{ const {{left, top, right, bottom}} = document.querySelector('{each}')"
                      ".getBoundingClientRect(); return {left, top, right, bottom} })()")
        for each in (".diagram .viewport", ".diagram", ".bjs-powered-by")
    )  # fmt: skip
    assert drawn["left"] - box["left"] >= 5
    assert drawn["top"] - box["top"] >= 5
    assert box["right"] - drawn["right"] >= 5
    assert drawn["bottom"] <= sign["top"]


def test_labels_are_in_the_pages_own_font_and_the_watermark_is_there(look: Look) -> None:
    page = look(f"/audit/cases/{CASE}")
    assert page.evaluate("getComputedStyle(document.querySelector('.djs-visual text')).fontFamily").startswith(
        "Sarabun"
    )
    assert page.evaluate("document.fonts.check('14px Sarabun', 'กรม')")
    watermark = page.locator(".bjs-powered-by")
    expect(watermark).to_be_visible()
    assert watermark.get_attribute("href") == "http://bpmn.io"


@pytest.mark.parametrize(
    "path", [f"/audit/cases/{CASE}", f"/audit/cases/{WEEK}?seq=9", "/audit/processes/weekly-cycle"]
)
def test_a_phone_pans_the_diagram_and_never_scrolls_sideways(look: Look, path: str) -> None:
    page = look(path, size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    small = page.evaluate(
        "[...document.querySelectorAll('main .button, main select, main input:not([type=hidden])')]"
        ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
    )
    assert small == []
    readable = page.evaluate("document.querySelector('.viewport').transform.baseVal.consolidate().matrix.a")
    assert readable >= 0.8


def test_one_finger_moves_the_diagram_and_two_zoom_it(look: Look) -> None:
    page = look(f"/audit/cases/{CASE}", size=PHONE)
    place = "document.querySelector('.viewport').transform.baseVal.consolidate().matrix"
    before = page.evaluate(f"[{place}.a, {place}.e]")

    def finger(kind: str, number: int, x: int) -> None:
        told = {"pointerType": "touch", "pointerId": number, "clientX": x, "clientY": 300, "bubbles": True}
        page.dispatch_event(".diagram", f"pointer{kind}", told)

    finger("down", 1, 200)
    finger("move", 1, 150)
    assert page.evaluate(f"{place}.e") == pytest.approx(before[1] - 50, abs=0.01)
    finger("down", 2, 250)
    finger("move", 2, 350)
    assert page.evaluate(f"{place}.a") == pytest.approx(before[0] * 2, rel=0.01)
    finger("up", 1, 150)
    finger("up", 2, 350)
    finger("move", 1, 0)
    assert page.evaluate(f"{place}.a") == pytest.approx(before[0] * 2, rel=0.01)


def test_the_heat_map_has_figures_beside_its_colours(look: Look) -> None:
    page = look("/audit/processes/weekly-cycle")
    assert marked(page, "heat-2") == {"check"}
    assert "cut_off" in marked(page, "heat-of-time")
    said = page.locator(".mark-of-heat").all_text_contents()
    assert "5 ชม. · 1" in said
    assert len(said) == page.evaluate("JSON.parse(document.querySelector('[data-heat]').textContent).length")


def test_a_model_that_cannot_be_read_leaves_the_table(look: Look, address: str) -> None:
    page = look(f"/audit/cases/{CASE}")
    page.route("**/audit/models/*", lambda route: route.fulfill(body="<nothing/>"))
    page.evaluate("console.error = () => {}")
    page.add_init_script("console.error = () => {}")
    page.reload()
    expect(page.locator(".diagram")).to_have_text("แสดงแผนภาพไม่ได้ ตารางด้านล่างแสดงข้อมูลเดียวกัน")
    page.click("[data-elements] summary")
    expect(page.locator("tr[data-element=receive]")).to_be_visible()
    page.click("[data-go=first]")
    expect(page.locator("[data-of=said]")).to_have_text("เปิดเรื่อง")
