"""The small FastAPI application in front of every contender: forms come in, the engine does the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from fastapi import FastAPI, HTTPException, status
from pydantic import Field

from schemas.base import Moment, Record
from schemas.weekly import ReportReview, WeeklyReport


class Week(Record):
    """The week that opens: these directives must be reported before the cut-off."""

    directives: tuple[str, ...] = Field(min_length=1)
    cut_off: Moment


class Standing(Record):
    """How many cases wait for a form, and how many have ended."""

    awaiting: int
    ended: int


class Effort(Record):
    """How often the engine has run or woken a case since the week was opened."""

    runs: int


class Closing(Record):
    """The week after its cut-off."""

    checked: int
    missing: int


class NotAwaited(Exception):
    """The directive does not wait for this form."""


class Engine(Protocol):
    """What a contender must be able to do."""

    def running(self) -> AbstractAsyncContextManager[None]: ...

    async def open_week(self, week: Week) -> None: ...

    async def report(self, directive: str, form: WeeklyReport) -> None:
        """Returns when the report is kept durably; NotAwaited."""

    async def check(self, directive: str, form: ReportReview) -> None:
        """Returns when the check is kept durably; NotAwaited."""

    async def standing(self) -> Standing: ...

    async def effort(self) -> Effort: ...

    async def close_week(self) -> Closing: ...


def application(engine: Engine) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with engine.running():
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/week", status_code=status.HTTP_201_CREATED)
    async def open_week(week: Week) -> Standing:
        await engine.open_week(week)
        return await engine.standing()

    @app.get("/week")
    async def standing() -> Standing:
        return await engine.standing()

    @app.get("/week/effort")
    async def effort() -> Effort:
        return await engine.effort()

    @app.post("/week/close")
    async def close_week() -> Closing:
        return await engine.close_week()

    @app.post("/directives/{directive}/report", status_code=status.HTTP_202_ACCEPTED)
    async def report(directive: str, form: WeeklyReport) -> dict[str, str]:
        try:
            await engine.report(directive, form)
        except NotAwaited as refused:
            raise HTTPException(status.HTTP_409_CONFLICT, "not_awaited") from refused
        return {"directive": directive}

    @app.post("/directives/{directive}/check", status_code=status.HTTP_202_ACCEPTED)
    async def check(directive: str, form: ReportReview) -> dict[str, str]:
        try:
            await engine.check(directive, form)
        except NotAwaited as refused:
            raise HTTPException(status.HTTP_409_CONFLICT, "not_awaited") from refused
        return {"directive": directive}

    return app
