"""The form of one piece of work, from the inbox to the receipt."""

from __future__ import annotations

from ledger.work import Ledger
from tests.portal.conftest import Browsers
from tests.portal.scene import DIVISION, REPORT, WEEK, handed_off, opened, report_order, send


async def a_report(ledger: Ledger, **changes: object) -> str:
    await opened(ledger, WEEK, process="week", title="สัปดาห์วันที่ 14–20 เมษายน 2561", units=())
    return await handed_off(ledger, report_order(**changes), case_id=WEEK)


async def test_officer_signs_in_finds_the_form_hands_it_in_and_gets_a_receipt(ledger: Ledger, come: Browsers) -> None:
    work = await a_report(ledger)
    browser = await come(DIVISION)
    inbox = await browser.get("/")
    assert f'href="/hand-offs/{work}"' in inbox.text
    assert "วันนี้ ก่อน 16.00 น." in inbox.text

    form = await browser.get(f"/hand-offs/{work}")
    assert REPORT["goal"] in form.text
    answer = await send(browser, f"/hand-offs/{work}", REPORT, seen=f"/hand-offs/{work}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/hand-offs/{work}/receipt")

    receipt = await browser.get(answer.headers["location"])
    assert "รับเรื่องเรียบร้อยแล้ว" in receipt.text
    assert "20 เม.ย. 2561 12.00 น." in receipt.text
    assert REPORT["impact"] in receipt.text
    assert f'href="/hand-offs/{work}"' not in (await browser.get("/")).text
