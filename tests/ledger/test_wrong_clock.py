"""What a wrong clock has written stays in its case: it makes nobody else late."""

from __future__ import annotations

from datetime import timedelta

from ledger import cases, hand_offs, mails, reading
from ledger.work import SKEW, Ledger
from schemas.mail import Notice, Recipient
from tests.conftest import FRIDAY_NOON, ClockThatIsSet
from tests.ledger.scene import FLOW, handed_off, opened, order, submission

NOTICE = Notice(subject="ก", body="ข", title="ค", link="/")
TO = Recipient(name="เจ้าหน้าที่", email="officer@moj.example")


async def touched(ledger: Ledger, *, ahead: timedelta) -> list[str]:
    """Cases whose mails are settled together, the first of which has an event of a clock that is ahead."""
    found = [f"case-{n}" for n in range(3)]
    for case in found:
        await opened(ledger, case, data={"no": case})
        await handed_off(ledger, order("report"), case_id=case)
        async with ledger.begin() as work:
            await work.lock(case)
            mails.queue(work, once=case, case_id=case, message=NOTICE, recipient=TO)
            await work.commit()
    async with Ledger(ledger.engine, ClockThatIsSet(FRIDAY_NOON + ahead)).begin() as work:
        await cases.record(work, found[0], what="x", content={}, actor=FLOW)
        await work.commit()
    claimed = await mails.claim(ledger, claimed_by="w", limit=100, seconds=60)
    async with ledger.begin() as work:
        await mails.settle(work, [mails.Settled(mail=mail, outcome="send") for mail in claimed.mails], actor=FLOW)
        await work.commit()
    return found


async def test_a_clock_that_is_a_day_ahead_makes_late_only_the_case_that_it_met(
    ledger: Ledger, clock: ClockThatIsSet
) -> None:
    clock.moment = FRIDAY_NOON
    for case in await touched(ledger, ahead=timedelta(days=1)):
        async with ledger.begin() as work:
            await hand_offs.submit_all(work, [submission("report", case_id=case)])
            await work.commit()
    async with ledger.read() as connection:
        lateness = {h.case_id: h.late for h in (await reading.done_work(connection, [order("report").unit], limit=10))}
        for case in lateness:
            moments = [event.at for event in await reading.history(connection, case)]
            assert moments == sorted(moments), "an event never lies before the one before it"
    assert lateness == {"case-0": True, "case-1": False, "case-2": False}


async def test_what_another_machine_has_written_a_moment_ahead_is_the_moment_of_all(
    ledger: Ledger, clock: ClockThatIsSet
) -> None:
    clock.moment = FRIDAY_NOON
    cases_met = await touched(ledger, ahead=SKEW)
    async with ledger.read() as connection:
        ends = {(await reading.history(connection, case))[-1].at for case in cases_met}
    assert ends == {FRIDAY_NOON + SKEW}
