"""The process on Prefect alone: one flow run a directive, suspended while a form is awaited, in a process work pool.

As its documentation shows it: results are persisted so that a resumed run does not send its mails again, and
`suspend_flow_run(wait_for_input=…)` gives the form. A form that comes after the timeout fails the run.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from prefect import flow, task
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput

from benchmarks.mail import Step, send
from schemas.directive import Level
from schemas.weekly import ReviewDecision


class Report(RunInput):
    """The weekly form, in Prefect's own kind of input; the portal has checked it as `WeeklyReport`."""

    level: Level
    goal: str
    plan: str
    result: str
    output: str
    outcome: str
    impact: str
    completed_on: date | None = None
    unchanged_confirmed: bool = False


class Check(RunInput):
    decision: ReviewDecision
    comment: str = ""


@task(persist_result=True, retries=3, retry_delay_seconds=2)
async def send_mail(directive: str, step: Step) -> bool:
    await send(directive, step)
    return True


def _seconds_until(moment: datetime) -> int:
    return max(1, int((moment - datetime.now(UTC)).total_seconds()))


@flow(persist_result=True)
async def weekly_report(directive: str, cut_off: datetime) -> str:
    await send_mail(directive, "report")
    await suspend_flow_run(wait_for_input=Report, timeout=_seconds_until(cut_off), key="report")
    await send_mail(directive, "check")
    check = await suspend_flow_run(wait_for_input=Check, timeout=_seconds_until(cut_off), key="check")
    return check.decision.value
