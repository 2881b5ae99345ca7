"""A ministry that an auditor looks at: work in time and late, departures from the models, and a case of the past."""

from __future__ import annotations

from datetime import timedelta

from audit.checking import compare
from ledger import cases
from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.portal import scene

REPORTED, CHECKING, RETURNED = (f"directive-2561-0007-{agency}" for agency in ("dept", "dept2", "oja"))
WAITING, OTHER = "directive-2561-0009-dept", "directive-2561-0009-dept3"
OLD = "directive-2560-0001-dept2"
"""Opened and closed in February 2561, by an officer of division a of another department."""


async def audited_ministry(ledger: Ledger, clock: ClockThatIsSet) -> None:
    """The sample ministry with the week of `scene.ministry_at_work`, a directive of February, and its comparison."""
    await scene.furnished(ledger)
    now = clock.moment
    clock.moment = now - timedelta(days=70)
    await _of_february(ledger, clock)
    clock.moment = now
    await scene.ministry_at_work(ledger)
    # Assigned before anybody has received it, as in the case of `REPORTED`.
    early = scene.directive_order("assign", unit="dept2-plan", form="Assignment", title="มอบหมายสำนัก/กอง",
                                  subject=CHECKING, context=scene.CHOICES, due_at=None)  # fmt: skip
    await scene.handed_off(ledger, early, case_id=CHECKING)
    compared = await compare(ledger, [REPORTED, CHECKING, WAITING, OLD])
    assert [each.case for each in compared.found if not each.conforms] == [REPORTED, CHECKING, OLD]
    assert compared.missed == []


async def _of_february(ledger: Ledger, clock: ClockThatIsSet) -> None:
    await scene.opened(
        ledger, OLD, process="directive-lifecycle", title="ข้อสั่งการที่ 2560-0001 ติดตามการเบิกจ่าย",
        units=("dept2", "dept2-plan"),
    )  # fmt: skip
    order = scene.directive_order("receive", unit="dept2-plan", subject=OLD, due_at=clock.moment + timedelta(days=1))
    await scene.handed_off(ledger, order, case_id=OLD)
    clock.advance(days=2)
    await scene.submitted(ledger, "receive", {"decision": "accept"}, case_id=OLD, by="dept2-plan.1")
    async with ledger.begin() as work:
        await cases.close_case(work, OLD, key="end", branch="", result=None, actor=scene.FLOW)
        await work.commit()
