"""Where something is begun: the inbox leads an officer to the pages that are open to that officer, and to no other."""

from __future__ import annotations

import re

import httpx
import pytest

from engine.runtime import Runtime
from ledger import accounts, organisations
from ledger.work import Ledger
from portal.start_doors import DOORS
from portal.starting import FORMS
from portal.texts import text
from schemas.organisation import Duty
from schemas.policy import OfficePolicy, Policy
from tests.portal import scene
from tests.portal.conftest import Browsers
from tests.portal.scene import AUDITOR, FLOW, PLANNING, SECRETARIAT

EVERYTHING = OfficePolicy(six_measures=True, cascades_kpis=True, drafts_framework=True)


async def use_everything(ledger: Ledger, runtime: Runtime) -> None:
    async with ledger.begin() as work:
        policy = Policy(office=EVERYTHING)
        await organisations.store(work, runtime.directory.organisation, policy, actor=FLOW, reason="เปิดใช้ทุกงาน")
        await work.commit()


def led_to(inbox: httpx.Response) -> set[str]:
    return set(re.findall(r'href="/start/([a-z-]+)"', inbox.text))


async def opened(browser: httpx.AsyncClient) -> set[str]:
    answers = {door.what: (await browser.get(f"/start/{door.what}")).status_code for door in DOORS}
    assert set(answers.values()) <= {200, 403}
    return {what for what, status in answers.items() if status == 200}


def test_every_page_that_begins_something_has_its_door_and_its_words() -> None:
    assert {door.what for door in DOORS} == set(FORMS)
    for door in DOORS:
        assert text(door.text, "th") != text(door.text, "en")


@pytest.mark.parametrize(
    ("officer", "doors"),
    [
        (SECRETARIAT, {"registration", "opinion-call", "framework", "criteria", "circular", "user-request"}),
        (PLANNING, {"cascade", "six-measures", "circular", "user-request", "printout"}),
        ("dept.head", {"cascade", "six-measures", "circular", "user-request", "printout"}),
        ("dept-div-a.1", {"user-request"}),
        (AUDITOR, set()),
    ],
)
async def test_the_inbox_leads_to_what_is_open_and_to_nothing_else(
    ledger: Ledger, runtime: Runtime, come: Browsers, officer: str, doors: set[str]
) -> None:
    await use_everything(ledger, runtime)
    browser = await come(officer)
    assert led_to(await browser.get("/")) == doors
    assert await opened(browser) == doors


@pytest.mark.parametrize("duty", [Duty.AUDITOR, Duty.ADMINISTRATOR])
async def test_who_only_audits_or_administers_begins_nothing_for_the_planning_unit_in_which_one_sits(
    ledger: Ledger, runtime: Runtime, come: Browsers, duty: Duty
) -> None:
    await use_everything(ledger, runtime)
    await runtime.refresh(at_once=True)
    colleague = runtime.directory.officer(PLANNING)
    reader = colleague.replace(id="dept-plan.9", email="reader@example.go.th", duties=frozenset({duty}))
    async with ledger.begin() as work:
        await organisations.add_officer(work, reader, actor=FLOW, reason="ผู้ตรวจสอบในกลุ่มแผน")
        await accounts.create_accounts(work, {reader.id: scene.password_hash()})
        await work.commit()
    browser = await come(reader.id)
    assert led_to(await browser.get("/")) == set()
    assert await opened(browser) == set()
    refused = await browser.get("/start/circular")
    assert "ท่านไม่มีหน้าที่เริ่มเรื่องนี้" in refused.text
