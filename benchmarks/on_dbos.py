"""The process on DBOS: one workflow a week, one child workflow a directive, forms arrive as messages.

A form is accepted when `DBOS.send` has committed it. Waiting workflows are coroutines of the application's process;
a restart recovers them from the tables of DBOS.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from dbos import DBOS, SetWorkflowID
from fastapi import FastAPI

from benchmarks.application import Closing, Effort, NotAwaited, Standing, Week, application
from benchmarks.mail import DATABASE_URL, Step, send
from schemas.weekly import ReportReview, WeeklyReport

CHECKED, MISSING = "checked", "missing"
_wakes: Counter[str] = Counter()


@DBOS.step(retries_allowed=True, max_attempts=5)
async def send_mail(directive: str, step: Step) -> None:
    await send(directive, step)


async def _receive(step: Step, cut_off: datetime) -> Any | None:
    """The form, or None at the cut-off. DBOS records the timeout, so reading the clock here is no harm to replay."""
    form = await DBOS.recv_async(step, timeout_seconds=max(0.0, (cut_off - datetime.now(UTC)).total_seconds()))
    _wakes[step] += 1
    return form


@DBOS.workflow()
async def weekly_report(directive: str, cut_off: datetime) -> str:
    await send_mail(directive, "report")
    if await _receive("report", cut_off) is None:
        return MISSING
    await send_mail(directive, "check")
    return MISSING if await _receive("check", cut_off) is None else CHECKED


@DBOS.workflow()
async def reporting_week(directives: tuple[str, ...], cut_off: datetime) -> dict[str, int]:
    reports = []
    for directive in directives:
        with SetWorkflowID(directive):
            reports.append(await DBOS.start_workflow_async(weekly_report, directive, cut_off))
    return dict(Counter([await report.get_result() for report in reports]))


class OnDbos:
    def __init__(self) -> None:
        self._directives: frozenset[str] = frozenset()
        self._week_id = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        url = os.environ[DATABASE_URL].replace("postgresql://", "postgresql+psycopg://", 1)
        DBOS(config={"name": "weekly-report", "system_database_url": url, "log_level": "WARNING"})
        DBOS.launch()
        try:
            yield
        finally:
            await asyncio.to_thread(DBOS.destroy)

    async def open_week(self, week: Week) -> None:
        self._directives = frozenset(week.directives)
        handle = await DBOS.start_workflow_async(reporting_week, week.directives, week.cut_off)
        self._week_id = handle.workflow_id

    async def report(self, directive: str, form: WeeklyReport) -> None:
        await self._hand_in(directive, "report", form)

    async def check(self, directive: str, form: ReportReview) -> None:
        await self._hand_in(directive, "check", form)

    async def _hand_in(self, directive: str, step: Step, form: WeeklyReport | ReportReview) -> None:
        if directive not in self._directives:
            raise NotAwaited(directive)
        await DBOS.send_async(directive, form.model_dump(mode="json"), step, idempotency_key=f"{directive}-{step}")

    async def standing(self) -> Standing:
        listed = await DBOS.list_workflows_async(name=weekly_report.__qualname__, load_input=False, load_output=False)
        statuses = Counter(workflow.status for workflow in listed)
        return Standing(awaiting=statuses["PENDING"], ended=statuses["SUCCESS"])

    async def effort(self) -> Effort:
        return Effort(runs=len(self._directives) + _wakes.total())

    async def close_week(self) -> Closing:
        handle = await DBOS.retrieve_workflow_async(self._week_id)
        outcome: dict[str, int] = await handle.get_result()
        return Closing(checked=outcome.get(CHECKED, 0), missing=outcome.get(MISSING, 0))


def create() -> FastAPI:
    return application(OnDbos())
