"""Where forms come in for plain Prefect: each is given to its suspended flow run through the API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from fastapi import FastAPI
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.responses import SetStateStatus
from prefect.deployments.runner import EntrypointType

from benchmarks.application import Closing, Effort, NotAwaited, Standing, Week, application
from benchmarks.contenders import WORK_POOL
from benchmarks.plain_prefect import weekly_report
from schemas.weekly import ReportReview, WeeklyReport

STARTED_AT_ONCE = 5
PAGE = 200


class OnPrefect:
    def __init__(self) -> None:
        self._client: PrefectClient
        self._runs: dict[str, UUID] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with get_client() as self._client:
            yield

    async def open_week(self, week: Week) -> None:
        deployment = await weekly_report.ato_deployment(
            "weekly-report", work_pool_name=WORK_POOL, entrypoint_type=EntrypointType.MODULE_PATH
        )
        deployment_id = await deployment.aapply()
        # The Prefect server answers 503 to many creations at once.
        gate = asyncio.Semaphore(STARTED_AT_ONCE)

        async def start(directive: str) -> None:
            async with gate:
                run = await self._client.create_flow_run_from_deployment(
                    deployment_id,
                    name=directive,
                    idempotency_key=directive,
                    parameters={"directive": directive, "cut_off": week.cut_off.isoformat()},
                )
            self._runs[directive] = run.id

        await asyncio.gather(*map(start, week.directives))

    async def report(self, directive: str, form: WeeklyReport) -> None:
        await self._resume(directive, form)

    async def check(self, directive: str, form: ReportReview) -> None:
        await self._resume(directive, form)

    async def _resume(self, directive: str, form: WeeklyReport | ReportReview) -> None:
        if directive not in self._runs:
            raise NotAwaited(directive)
        answer = await self._client.resume_flow_run(self._runs[directive], form.model_dump(mode="json"))
        if answer.status is not SetStateStatus.ACCEPT:
            raise NotAwaited(directive)

    async def standing(self) -> Standing:
        runs = await self._flow_runs()
        states = [run.state.type for run in runs if run.state]
        if failed := [run for run in runs if run.state and run.state.is_final() and not run.state.is_completed()]:
            raise RuntimeError(f"{len(failed)} runs failed, {failed[0].name}: {failed[0].state}")
        return Standing(awaiting=states.count(StateType.PAUSED), ended=states.count(StateType.COMPLETED))

    async def effort(self) -> Effort:
        # A resumed run does not raise Prefect's own `run_count`.
        histories = [await self._client.read_flow_run_states(run) for run in self._runs.values()]
        return Effort(runs=sum(state.is_running() for history in histories for state in history))

    async def close_week(self) -> Closing:
        runs = await self._flow_runs()
        checked = sum(1 for run in runs if run.state and run.state.is_completed())
        return Closing(checked=checked, missing=len(runs) - checked)

    async def _flow_runs(self) -> list[FlowRun]:
        ids = list(self._runs.values())
        pages = [ids[start : start + PAGE] for start in range(0, len(ids), PAGE)]
        return [
            run
            for page in pages
            for run in await self._client.read_flow_runs(
                flow_run_filter=FlowRunFilter.model_validate({"id": {"any_": page}}), limit=PAGE
            )
        ]


def create() -> FastAPI:
    return application(OnPrefect())
