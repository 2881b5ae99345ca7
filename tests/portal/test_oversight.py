"""Who oversees units under an order sees their work and the cases that concern them, and does none of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from ledger import organisations
from ledger.work import Ledger
from schemas.organisation import Oversight
from schemas.policy import Policy
from tests.conftest import ClockThatIsSet
from tests.portal.conftest import Browsers
from tests.portal.scene import DIRECTIVE, DIVISION, FLOW, STRANGER, WEEK, ministry_at_work, sample_ministry

ENDS = datetime(2018, 4, 30, tzinfo=UTC)


async def ordered(ledger: Ledger) -> None:
    """An officer of another agency oversees a division and the planning unit until the end of April."""
    order = Oversight(
        officer=STRANGER, units=("dept-div-a", "dept-plan"), instrument="คำสั่งกระทรวง ที่ 35/2561",
        valid_from=datetime(2018, 4, 1, tzinfo=UTC), valid_to=ENDS,
    )  # fmt: skip
    async with ledger.begin() as work:
        organisation = sample_ministry().replace(oversights=(order,))
        await organisations.store(work, organisation, Policy(), actor=FLOW, reason="มอบหมายกำกับดูแล")
        await work.commit()


async def test_who_oversees_units_finds_their_open_work_by_unit_and_the_cases_behind_it(
    ledger: Ledger, come: Browsers
) -> None:
    await ministry_at_work(ledger)
    await ordered(ledger)
    browser = await come(STRANGER)
    own = await browser.get("/")
    assert 'href="/?show=overseen">หน่วยงานในกำกับดูแล <span class="count">เกินกำหนด 1</span></a>' in own.text
    assert "รับทราบข้อสั่งการ" not in own.text
    overseen = await browser.get("/?show=overseen")
    assert 'href="/?show=overseen" aria-current="page"' in overseen.text
    titles = re.findall(r'<a class="work-title" href="(/cases/[\w-]+)">([^<]+)</a>', overseen.text)
    assert (f"/cases/{DIRECTIVE}", "รับทราบข้อสั่งการ") in titles
    assert (f"/cases/{WEEK}", "รายงานผลการดำเนินงานตามข้อสั่งการประจำสัปดาห์") in titles
    assert "งานของ <span>กลุ่มงานแผนและงบประมาณ" in overseen.text
    assert "/hand-offs/" not in overseen.text
    assert (await browser.get(f"/cases/{DIRECTIVE}")).status_code == 200
    assert "รับทราบข้อสั่งการ" not in (await browser.get("/?show=overseen&q=มอบหมายสำนัก")).text


async def test_the_work_stays_theirs_and_a_link_to_it_leads_to_its_case(ledger: Ledger, come: Browsers) -> None:
    await ministry_at_work(ledger)
    await ordered(ledger)
    (form,) = re.findall(r'href="(/hand-offs/\w+)"', (await (await come(DIVISION)).get("/")).text)
    browser = await come(STRANGER)
    page = await browser.get(form)
    assert (page.status_code, page.headers["location"].partition("?")[0]) == (303, f"/cases/{WEEK}")
    read = await browser.get(page.headers["location"])
    assert read.status_code == 200


async def test_without_an_order_or_after_its_last_day_there_is_nothing_to_oversee(
    ledger: Ledger, come: Browsers, clock: ClockThatIsSet
) -> None:
    await ministry_at_work(ledger)
    before = await come(STRANGER)
    assert "หน่วยงานในกำกับดูแล" not in (await before.get("/?show=overseen")).text
    await ordered(ledger)
    clock.moment = datetime(2018, 5, 1, 3, 0, tzinfo=UTC)
    after = await come(STRANGER)
    assert "หน่วยงานในกำกับดูแล" not in (await after.get("/?show=overseen")).text
    assert (await after.get(f"/cases/{DIRECTIVE}")).status_code == 403
