"""Cancelling a called case: offered where the calling case goes on without it, otherwise the page says what to do."""

from __future__ import annotations

import pytest

from ledger import cases, reading, waits
from ledger.work import Ledger
from schemas.actor import system
from tests.conftest import ClockThatIsSet
from tests.portal import scene
from tests.portal.conftest import Browsers

CALLER, NEEDED, NOT_NEEDED = "agreement-2555-cdd", "sar-2555-cdd-6", "follow-up-2555-cdd-2011-11"
SENTENCE = "ยกเลิกเฉพาะเรื่องนี้ไม่ได้ เนื่องจากเรื่องหลักต้องใช้ผลของเรื่องนี้"


async def called(ledger: Ledger) -> None:
    """A year under way, with a round of reports and a follow-up."""
    actor = system("test")
    async with ledger.begin() as work:
        new = cases.NewCase(id=CALLER, process="agreement-cycle", version=1, title="คำรับรอง", data={})
        await cases.open_case(work, new, actor=actor)
        for child, process in ((NEEDED, "sar-round"), (NOT_NEEDED, "monthly-follow-up")):
            waits.start_call(
                work, CALLER, key=child, element=child, branch="", child=child, gate=None, actor=actor
            )  # fmt: skip
            one = cases.NewCase(
                id=child, process=process, version=1, title=child, data={}, parent=(CALLER, child)
            )  # fmt: skip
            await cases.open_case(work, one, actor=actor)
        await work.commit()


@pytest.mark.parametrize(("case_id", "needed"), [(NEEDED, True), (NOT_NEEDED, False), (CALLER, False)])
async def test_a_called_case_that_is_needed_is_not_cancelled_by_itself(
    ledger: Ledger, clock: ClockThatIsSet, come: Browsers, case_id: str, needed: bool
) -> None:
    await called(ledger)
    browser = await come(scene.SECRETARIAT)
    page = (await browser.get(f"/cases/{case_id}")).text
    assert (f'action="/cases/{case_id}/cancel"' in page, SENTENCE in page) == (not needed, needed)
    answer = await scene.send(browser, f"/cases/{case_id}/cancel", {"reason": "งดประชุมกรมเดือนนี้"})
    assert answer.status_code == (422 if needed else 303)
    assert (SENTENCE in answer.text) == needed
    async with ledger.read() as connection:
        assert (await reading.case(connection, case_id)).state == ("open" if needed else "cancelled")
        assert (await reading.case(connection, NEEDED)).state == ("cancelled" if case_id == CALLER else "open")


async def test_once_the_calling_case_is_over_what_it_needed_can_be_cancelled(
    ledger: Ledger, clock: ClockThatIsSet, come: Browsers
) -> None:
    """As in histories in which a called case was left behind."""
    await called(ledger)
    async with ledger.begin() as work:
        await work.lock(CALLER)
        await cases.cancel_case(work, CALLER, reason="ยุบกรม", actor=system("test"))
        await work.commit()
    browser = await come(scene.SECRETARIAT)
    assert SENTENCE not in (await browser.get(f"/cases/{NEEDED}")).text
    answer = await scene.send(browser, f"/cases/{NEEDED}/cancel", {"reason": "ยุบกรม"})
    assert answer.status_code == 303
