"""A week is one case of the whole ministry: an agency's people see their agency's part of it through every door."""

from __future__ import annotations

import pytest

from ledger import documents, mails
from ledger.hand_offs import hand_off_id
from ledger.work import Ledger
from schemas.mail import Notice, Recipient
from tests.portal.conftest import Browsers
from tests.portal.scene import (
    AUDITOR,
    DIVISION,
    FLOW,
    MINISTER,
    PLANNING,
    SECRETARIAT,
    STRANGER,
    WEEK,
    directive_order,
    handed_off,
    ministry_at_work,
    submitted,
)

CASE = "directive-2561-0007-dept"
OTHERS_CASE = "directive-2561-0007-oja"
NOTICE = Notice(subject="แจ้งให้ทราบ", body="ให้รายงาน", title="รายงานประจำสัปดาห์", link="https://example.go.th/c")


async def week_at_work(ledger: Ledger) -> str:
    """The ministry at work, the secretariat's note on the week, its snapshot, and two mails; the snapshot's hash."""
    await ministry_at_work(ledger)
    order = directive_order(
        "consolidate", unit="ops-psd", form="ConsolidatedReview", title="ตรวจรายงานรวม", subject=WEEK
    )
    await handed_off(ledger, order, case_id=WEEK)
    await submitted(ledger, "consolidate", {"note": "หมายเหตุถึงรัฐมนตรี"}, by=SECRETARIAT)
    async with ledger.begin() as work:
        await work.lock(WEEK)
        content = b'{"rows": []}'
        snapshot = await documents.put(work, content, "application/json")
        await documents.attach(
            work, WEEK, name="snapshot.json", sha256=snapshot, media_type="application/json", size=len(content),
            actor=FLOW,
        )  # fmt: skip
        for agency in ("dept", "oja"):
            mails.queue(
                work, once=f"task:{agency}", case_id=WEEK, message=NOTICE,
                hand_off_id=hand_off_id(WEEK, f"report[directive-2561-0007-{agency}]"),
                recipient=Recipient(name=agency, email=f"{agency}@moj.example"),
            )  # fmt: skip
        await work.commit()
    return snapshot


@pytest.mark.parametrize("officer", [DIVISION, PLANNING, STRANGER])
async def test_an_agencys_people_see_its_part_of_the_week_through_every_door(
    ledger: Ledger, come: Browsers, officer: str
) -> None:
    """Timeline with answers, open work, documents, mails, and the board with its workbook (decision 47)."""
    snapshot = await week_at_work(ledger)
    browser = await come(officer)
    ours, theirs = ("dept2", "dept") if officer == STRANGER else ("dept", "dept2")
    page = (await browser.get(f"/cases/{WEEK}")).text
    assert f"directive-2561-0007-{ours}" in page
    assert "ดูแบบฟอร์มที่ส่ง" in page
    assert "แสดงเฉพาะส่วนของส่วนราชการของท่าน" in page
    assert f'href="/cases/directive-2561-0007-{theirs}"' not in page
    board = (await browser.get(f"/cases/{WEEK}/board")).text
    for shown in (page, board):
        for hidden in (OTHERS_CASE, "สำนักงานกิจการยุติธรรม", "oja@moj.example", "snapshot", "หมายเหตุถึงรัฐมนตรี", snapshot):
            assert hidden not in shown
    assert ("dept@moj.example" in page) == (ours == "dept")
    assert (await browser.get(f"/cases/{WEEK}/documents/{snapshot}")).status_code == 403
    assert "และหน่วยงานอื่น" not in (await browser.get("/cases")).text


@pytest.mark.parametrize("officer", [SECRETARIAT, AUDITOR, MINISTER])
async def test_who_follows_the_whole_ministry_sees_the_whole_week(ledger: Ledger, come: Browsers, officer: str) -> None:
    snapshot = await week_at_work(ledger)
    browser = await come(officer)
    page = (await browser.get(f"/cases/{WEEK}")).text
    for shown in (CASE, OTHERS_CASE, "oja@moj.example", "snapshot.json", "หมายเหตุถึงรัฐมนตรี"):
        assert shown in page
    assert "แสดงเฉพาะส่วนของส่วนราชการของท่าน" not in page
    assert (await browser.get(f"/cases/{WEEK}/documents/{snapshot}")).status_code == 200
