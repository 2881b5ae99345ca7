"""A directive that has gone its way for three days, carried out by the real flow, for the auditor's pages."""

from __future__ import annotations

from datetime import timedelta

from audit.checking import compare
from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.engine.driver import Stage
from tests.flows.people import TWO, accepted, do, register, week_open
from tests.portal import scene

CASE, WEEK = "directive-2561-0001-dept", "week-2018-04-27"


async def directive_and_week(ledger: Ledger, clock: ClockThatIsSet) -> None:
    """Accepted on Friday at noon, reported on Monday, sent back; the second report is still awaited."""
    await scene.furnished(ledger)
    await played(ledger, clock)


async def played(ledger: Ledger, clock: ClockThatIsSet) -> None:
    clock.moment += timedelta(hours=6)  # after the cut-off of this week
    runtime = scene.runtime_over(ledger, scene.settings())
    await runtime.refresh(at_once=True)
    stage = Stage(runtime)
    async with stage.intake:
        (case,) = await register(stage)
        week = await week_open(stage)
        assert (case, week) == (CASE, WEEK)
        await accepted(stage, case)
        clock.advance(days=3)
        await do(stage, case, "report", {"level": "in_progress", **TWO})
        clock.advance(hours=5)
        await do(stage, case, "check", {"decision": "return", "comment": "ขอแผนให้ชัดเจน"})
    await compare(ledger, [CASE])
