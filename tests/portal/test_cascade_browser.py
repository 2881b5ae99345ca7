"""The forms of a province's cascade in a real browser: by persons of their own, on a phone, without a script error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.runtime import Runtime
from ledger import accounts
from ledger.hand_offs import hand_off_id
from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.engine.driver import stage_on
from tests.flows.people import run_what_wants
from tests.flows.province import (
    BEGINS,
    OFFICE,
    STATISTICS,
    TREASURY,
    agencies_signed,
    agency_case,
    all_do,
    opened,
    organisation,
    until,
)
from tests.portal import scene
from tests.portal.served import portal_server
from tests.portal.test_browser import PHONE, chromium, visit

pytestmark = pytest.mark.browser
__all__ = ["chromium", "visit"]

PERSON, COLLEAGUE = f"{TREASURY}-g1.1", f"{TREASURY}-g1.head"
OWN = f"/hand-offs/{hand_off_id(agency_case(TREASURY), f'groups[{TREASURY}-g1]/persons[{PERSON}]/agree')}"
REPORT = f"/hand-offs/{hand_off_id(agency_case(STATISTICS), 'rounds[6]/self_assess')}"
Visit = Callable[..., Page]


async def province_in_june(ledger: Ledger, clock: ClockThatIsSet) -> None:
    """The agencies have signed, the persons of one group are asked, the first round is open."""
    clock.moment = BEGINS
    stage = await stage_on(ledger, *organisation())
    async with stage.intake:
        await opened(stage)
        await agencies_signed(stage)
        await all_do(stage, "share", {"kpis": [{"number": "2.5", "weight": "100"}]}, unit=f"{TREASURY}-g1")
        await all_do(stage, "sign_group", {"decision": "sign"})
        await until(stage, clock, "2010-06-02")
        await run_what_wants(stage)
    await _with_passwords(stage.runtime)


async def _with_passwords(runtime: Runtime) -> None:
    async with runtime.ledger.begin() as work:
        officers = runtime.directory.organisation.officers
        await accounts.create_accounts(work, {officer.id: scene.password_hash() for officer in officers})
        await work.commit()


@pytest.fixture(scope="module")
def address(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with portal_server(migrated_file, tmp_path_factory.mktemp("province"), province_in_june) as address:
        yield address


@pytest.fixture
def phone(visit: Visit) -> Visit:
    """A phone of an officer."""
    return partial(visit, size=PHONE)


def no_wider_than_a_phone(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"])


def test_the_office_finds_its_door_and_its_fields_fit_a_phone(phone: Visit) -> None:
    page = phone(f"{OFFICE}.1")
    page.get_by_role("link", name="ถ่ายทอดตัวชี้วัดสู่ระดับบุคคล").click()
    expect(page.get_by_label("หน่วยงานที่รวบรวมผลความพึงพอใจ", exact=False)).to_be_visible()
    assert no_wider_than_a_phone(page)


def test_a_person_fills_in_the_own_form_and_a_colleague_only_sees_whose_it_is(phone: Visit) -> None:
    page = phone(COLLEAGUE)
    expect(page.get_by_text("เจ้าหน้าที่กลุ่มงานยุทธศาสตร์ สคจ.อย.")).to_be_visible()
    page.goto(OWN)
    expect(page).not_to_have_url(OWN)  # the case, not the form
    page = phone(PERSON)
    page.goto(OWN)
    assert no_wider_than_a_phone(page)
    page.fill("[name='kpis.0.th']", "จัดวางระบบควบคุมภายในของกลุ่มงาน")
    page.select_option("[name='kpis.0.parent']", "2.5")
    page.fill("[name='kpis.0.levels']", "มี / วาง / ครึ่ง / ครบ / ประเมิน")
    page.fill("[name='kpis.0.weight']", "100")
    page.select_option("[name='kpis.0.role']", "main_owner")
    page.click("button[value='submit']")
    expect(page.get_by_text("จัดวางระบบควบคุมภายในของกลุ่มงาน").first).to_be_visible()
    assert "/receipt" in page.url


def test_a_ratio_without_its_formula_is_named_beside_its_cell(phone: Visit) -> None:
    page = phone(f"{STATISTICS}.1")
    page.goto(REPORT)
    assert no_wider_than_a_phone(page)
    page.fill("[name='kpis.0.level']", "4")
    page.fill("[name='kpis.2.level']", "4")
    page.fill("[name='kpis.1.numerator']", "900")
    page.fill("[name='kpis.1.denominator']", "1000")
    page.fill("[name='kpis.1.value']", "91")
    page.click("button[value='submit']")
    expect(page.get_by_text("กรุณาเขียนสูตรการคำนวณ").first).to_be_visible()
    expect(page.get_by_text("ตัวตั้ง ÷ ตัวหาร × 100 = 90.00").first).to_be_visible()
