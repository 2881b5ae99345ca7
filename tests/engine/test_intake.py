"""Forms that come in together share a transaction, and not each other's trouble."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from engine.intake import Intake
from ledger import tables
from ledger.hand_offs import Accepted, Submission
from tests.engine.driver import DIVISIONS, Stage
from tests.engine.processes import Brief


async def two_cases(stage: Stage) -> list[tuple[str, str]]:
    """Work of every division in both, of the first case first."""
    for case_id in ("case-1", "case-2"):
        await stage.open("trial-everyone", Brief(), case_id=case_id)
        await stage.run(case_id)
    return [(case_id, key) for case_id in ("case-1", "case-2") for key in sorted(await stage.open_work(case_id))]


async def send_all(stage: Stage, works: list[tuple[str, str]]) -> list[Accepted | BaseException]:
    answers: list[Accepted | BaseException] = await asyncio.gather(
        *(stage.submit(key, {"text": "ผลงาน"}, case_id=case_id) for case_id, key in works), return_exceptions=True
    )
    return answers


async def test_a_case_that_somebody_has_spoiled_keeps_no_other_from_being_answered(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = await two_cases(stage)
    async with stage.runtime.ledger.engine.begin() as connection:  # events are written over those that stand there
        spoiled = update(tables.cases).where(tables.cases.c.id == "case-1").values(head_seq=1)
        await connection.execute(spoiled)
    batches: list[set[str]] = []
    write = Intake._write

    async def written(intake: Intake, submissions: list[Submission]) -> list[Accepted | Exception]:
        batches.append({submission.case_id for submission in submissions})
        return await write(intake, submissions)

    monkeypatch.setattr(Intake, "_write", written)
    answers = await send_all(stage, works)

    assert {"case-1", "case-2"} in batches
    assert len(works) == 2 * len(DIVISIONS)
    for (case_id, _), answer in zip(works, answers, strict=True):
        assert isinstance(answer, IntegrityError if case_id == "case-1" else Accepted), (case_id, answer)
    assert set(await stage.open_work("case-1")) == {key for case_id, key in works if case_id == "case-1"}
    assert await stage.open_work("case-2") == {}


async def test_when_the_database_is_away_every_sender_hears_of_it_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = await two_cases(stage)
    attempts: list[int] = []

    async def lost(_intake: Intake, submissions: list[Submission]) -> list[Accepted | Exception]:
        attempts.append(len(submissions))
        await asyncio.sleep(0)
        raise ConnectionError("gone")

    monkeypatch.setattr(Intake, "_write", lost)
    answers = await send_all(stage, works)

    assert all(isinstance(answer, ConnectionError) for answer in answers)
    assert sum(attempts) == len(works)
