"""The process on SpiffWorkflow: one BPMN instance a directive, serialised to PostgreSQL at every submission.

SpiffWorkflow is a library without a store or a scheduler, so the application brings both: a row an instance, locked
while it runs, and an outbox of mails that is written in the same transaction and sent after commit.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

import asyncpg
from fastapi import FastAPI
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG

from benchmarks.application import Closing, Effort, NotAwaited, Standing, Week, application
from benchmarks.mail import DATABASE_URL, Step, send
from schemas.weekly import ReportReview, WeeklyReport

DIAGRAM = Path(__file__).with_name("weekly_report.bpmn")
MAILS_AT_ONCE = 50

TABLES = """
CREATE TABLE instance (
    directive text PRIMARY KEY,
    state text NOT NULL,
    awaiting text
);
CREATE TABLE mail (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    directive text NOT NULL REFERENCES instance,
    step text NOT NULL,
    sent_at timestamptz
);
CREATE INDEX mail_unsent ON mail (id) WHERE sent_at IS NULL;
"""

_serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(SPIFF_CONFIG))


class Outbox(TaskDataEnvironment):  # type: ignore[misc]
    """Service tasks leave their mails here; they are stored with the instance."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Step] = []

    def call_service(self, _context: dict[str, Any], operation_params: dict[str, Any], **_operation: Any) -> str:
        self.mails.append(cast(Step, operation_params["step"]["value"]))
        return "true"


class Instance:
    """One BPMN instance in memory, between two stored states."""

    def __init__(self, workflow: BpmnWorkflow) -> None:
        self._workflow = workflow
        self._outbox = Outbox()
        workflow.script_engine = PythonScriptEngine(environment=self._outbox)

    @classmethod
    def start(cls, directive: str, cut_off: datetime) -> Instance:
        instance = cls(BpmnWorkflow(parse()))
        first = instance._workflow.get_next_task(state=TaskState.READY)
        first.data.update(directive=directive, cut_off=cut_off.isoformat())
        instance._workflow.do_engine_steps()
        return instance

    @classmethod
    def restore(cls, state: str) -> Instance:
        return cls(_serializer.deserialize_json(state))

    def submit(self, step: Step, form: dict[str, Any]) -> None:
        """NotAwaited unless the instance stands at the user task `step`."""
        task = self._workflow.get_next_task(state=TaskState.READY, manual=True, spec_name=step)
        if task is None:
            raise NotAwaited(step)
        task.data[step] = form
        task.run()
        self._workflow.do_engine_steps()

    def look_at_the_clock(self) -> None:
        """At the cut-off the boundary timer takes the instance to its end."""
        self._workflow.refresh_timers()
        self._workflow.do_engine_steps()

    @property
    def state(self) -> str:
        return cast(str, _serializer.serialize_json(self._workflow))

    @property
    def awaiting(self) -> str | None:
        """The user task at which the instance stands; None when it has ended."""
        task = self._workflow.get_next_task(state=TaskState.READY, manual=True)
        return None if task is None else cast(str, task.task_spec.name)

    @property
    def ended_at(self) -> str | None:
        """The BPMN end event that was reached: `checked` or `missing`."""
        reached = (self._workflow.get_next_task(state=TaskState.COMPLETED, spec_name=end) for end in ENDS)
        return next((cast(str, task.task_spec.name) for task in reached if task is not None), None)

    @property
    def mails(self) -> tuple[Step, ...]:
        return tuple(self._outbox.mails)


ENDS = ("checked", "missing")


@cache
def parse() -> Any:
    """The process of the diagram; instances share it."""
    parser = SpiffBpmnParser()
    parser.add_bpmn_file(str(DIAGRAM))
    return parser.get_spec("weekly_report")


class OnSpiff:
    def __init__(self) -> None:
        self._pool: asyncpg.Pool
        self._mail_is_due = asyncio.Event()
        self._runs = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with asyncpg.create_pool(os.environ[DATABASE_URL], min_size=2, max_size=20) as self._pool:
            await self._pool.execute(TABLES)
            sender = asyncio.create_task(self._send_mails())
            try:
                yield
            finally:
                sender.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await sender

    async def open_week(self, week: Week) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            for directive in week.directives:
                instance = Instance.start(directive, week.cut_off)
                await connection.execute("INSERT INTO instance VALUES ($1, '', NULL)", directive)
                await self._keep(connection, directive, instance)
        self._mail_is_due.set()

    async def report(self, directive: str, form: WeeklyReport) -> None:
        await self._hand_in(directive, "report", form)

    async def check(self, directive: str, form: ReportReview) -> None:
        await self._hand_in(directive, "check", form)

    async def _hand_in(self, directive: str, step: Step, form: WeeklyReport | ReportReview) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            state = await connection.fetchval("SELECT state FROM instance WHERE directive = $1 FOR UPDATE", directive)
            if state is None:
                raise NotAwaited(directive)
            instance = Instance.restore(state)
            instance.submit(step, form.model_dump(mode="json"))
            await self._keep(connection, directive, instance)
        self._mail_is_due.set()

    async def _keep(self, connection: asyncpg.pool.PoolConnectionProxy, directive: str, instance: Instance) -> None:
        self._runs += 1
        await connection.execute(
            "UPDATE instance SET state = $2, awaiting = $3 WHERE directive = $1",
            directive, instance.state, instance.awaiting,
        )  # fmt: skip
        for step in instance.mails:
            await connection.execute("INSERT INTO mail (directive, step) VALUES ($1, $2)", directive, step)

    async def _send_mails(self) -> None:
        while True:
            await self._mail_is_due.wait()
            self._mail_is_due.clear()
            while await self._send_some():
                pass

    async def _send_some(self) -> int:
        async with self._pool.acquire() as connection, connection.transaction():
            due = await connection.fetch(
                "SELECT id, directive, step FROM mail WHERE sent_at IS NULL ORDER BY id LIMIT $1 "
                "FOR UPDATE SKIP LOCKED",
                MAILS_AT_ONCE,
            )
            await asyncio.gather(*(send(mail["directive"], mail["step"]) for mail in due))
            await connection.execute("UPDATE mail SET sent_at = now() WHERE id = ANY($1)", [mail["id"] for mail in due])
        return len(due)

    async def standing(self) -> Standing:
        rows = await self._pool.fetch("SELECT awaiting, count(*) AS cases FROM instance GROUP BY awaiting")
        by_task = {row["awaiting"]: row["cases"] for row in rows}
        ended = by_task.pop(None, 0)
        return Standing(awaiting=sum(by_task.values()), ended=ended)

    async def effort(self) -> Effort:
        return Effort(runs=self._runs)

    async def close_week(self) -> Closing:
        ends = [await self._close(row["directive"]) for row in await self._pool.fetch("TABLE instance")]
        return Closing(checked=ends.count("checked"), missing=ends.count("missing"))

    async def _close(self, directive: str) -> str | None:
        async with self._pool.acquire() as connection, connection.transaction():
            instance = Instance.restore(
                await connection.fetchval("SELECT state FROM instance WHERE directive = $1 FOR UPDATE", directive)
            )
            if instance.awaiting is not None:
                instance.look_at_the_clock()
                await self._keep(connection, directive, instance)
        return instance.ended_at


def create() -> FastAPI:
    return application(OnSpiff())
