"""Where forms come in. A form is accepted or refused here, in one ledger transaction, whatever Prefect's health.

Submissions that arrive while a transaction is under way wait for the next one and share it: under load the cost of
locking, writing and flushing is paid once for all of them, and a single submission never waits for company.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from engine.collector import spare_the_collector
from engine.runtime import Runtime
from engine.shared_query import SharedQuery
from ledger import drafts, hand_offs, reading, uploads
from ledger.database import passes_by_itself
from ledger.errors import DocumentIsMissing, NotTheHolder, UnknownHandOff
from ledger.hand_offs import Accepted, HandOff, Submission
from rules.admission import admit
from rules.directory import DirectoryIndex
from rules.errors import NotAdmitted
from rules.form_input import problem
from schemas.actor import Actor, ActorKind
from schemas.attachment import AttachedFile
from schemas.form import FORMS, Form, file_fields
from schemas.organisation import Duty

MOST_AT_ONCE = 64


class Intake:
    """Accepts forms for one process. Use as an async context manager."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._standing = SharedQuery(self._look_up)
        self._waiting: list[tuple[Submission, asyncio.Future[Accepted]]] = []
        self._arrived = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Intake:
        spare_the_collector()
        self._worker = asyncio.create_task(self._accept_forever(), name="intake")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
        for _submission, answer in self._waiting:
            answer.cancel()

    async def submit(self, hand_off_id: str, data: Mapping[str, Any], *, officer: str, through: str) -> Accepted:
        """Check a form and hand it in.

        :param data: the fields as typed (text) or as JSON values.
        :raises NotAdmitted: the form is not right; names the fields.
        :raises NotTheHolder: the officer's unit does not hold this work.
        :raises UnknownHandOff, HandOffIsWithdrawn, HandOffIsAnswered, CaseIsClosed: as the ledger says.
        """
        await self.runtime.refresh()
        found, now = await self._standing.ask(hand_off_id)
        if (hand_off := found.get(hand_off_id)) is None:
            raise UnknownHandOff(hand_off=hand_off_id)
        actor = self.actor_for(hand_off, officer, now=now, through=through)
        data = await self._with_files(hand_off, officer, data)
        form: Form = admit(hand_off.form, data, hand_off.context, now=now)
        submission = Submission(
            hand_off=hand_off.id, case_id=hand_off.case_id, data=form.model_dump(mode="json"), actor=actor,
            files=files_of(form), subject=hand_off.subject,
        )  # fmt: skip
        try:
            return await self._enqueue(submission)
        except DocumentIsMissing:  # taken out again on another page, between the check and the transaction
            named = [name for name in file_fields(type(form)) if getattr(form, name)]
            raise NotAdmitted(tuple(problem(type(form), name, "file_not_kept") for name in named)) from None

    async def _with_files(self, hand_off: HandOff, officer: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """The data with what is known of every file in place of its hash; an unknown hash stays and is not admitted."""
        form = FORMS.get(hand_off.form)
        named = [name for name in file_fields(form) if data.get(name)] if form else []
        if not named:
            return data
        async with self.runtime.ledger.read() as connection:
            attached = await uploads.of_officer(connection, hand_off.id, officer)
        return {
            **data,
            **{name: looked_up(data[name], (*attached.get(name, ()), *handed_on(hand_off, name))) for name in named},
        }

    def actor_for(self, hand_off: HandOff, officer: str, *, now: Any, through: str) -> Actor:
        """The officer as the actor of this hand-off, naming the instrument when acting for another unit.

        :raises NotTheHolder: the officer may not act on it.
        """
        directory = self.runtime.directory
        return actor_for(
            directory, officer, unit=hand_off.unit, duty=hand_off.duty, named=hand_off.officer, at=now, through=through
        )

    async def _look_up(self, hand_off_ids: Collection[str]) -> tuple[dict[str, HandOff], datetime]:
        """Hand-offs by id as they stand, and the ledger's time."""
        async with self.runtime.ledger.read() as connection:
            found = await reading.hand_offs_named(connection, hand_off_ids)
            return found, await self.runtime.ledger.clock.now(connection)

    async def _enqueue(self, submission: Submission) -> Accepted:
        answer: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        self._waiting.append((submission, answer))
        self._arrived.set()
        return await answer

    async def _accept_forever(self) -> None:
        while True:
            await self._arrived.wait()
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            if not self._waiting:
                self._arrived.clear()
            if batch:
                await self._accept(batch)

    async def _accept(self, batch: list[tuple[Submission, asyncio.Future[Accepted]]]) -> None:
        answers = await self._answers([submission for submission, _ in batch])
        for (_, future), answer in zip(batch, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, Accepted):
                future.set_result(answer)
            else:
                future.set_exception(answer)

    async def _answers(self, submissions: list[Submission]) -> list[Accepted | Exception]:
        """One for each. When nothing could be written, every sender hears of it and keeps what was typed."""
        try:
            return await self._write(submissions)
        except Exception as trouble:
            if len(submissions) == 1 or passes_by_itself(trouble):
                return [trouble] * len(submissions)
        # One of them is at fault, and does not keep its company from being accepted.
        return [answer for submission in submissions for answer in await self._answers([submission])]

    async def _write(self, submissions: list[Submission]) -> list[Accepted | Exception]:
        async with self.runtime.ledger.begin() as work:
            answers = await hand_offs.submit_all(work, submissions)
            accepted = [answer.hand_off for answer in answers if isinstance(answer, Accepted) and not answer.repeated]
            if accepted:
                bound = {file.sha256 for submission in submissions for file in submission.files}
                await drafts.discard(work, *accepted, bound=bound)
                await work.commit()
        return answers


def actor_for(
    directory: DirectoryIndex, officer: str, *, unit: str, duty: str, at: datetime, through: str,
    named: str | None = None,
) -> Actor:  # fmt: skip
    """The officer as the actor of work that a unit, or one officer of it, holds. :raises NotTheHolder, RuleError:"""
    verdict = directory.may_act(officer, unit, at, Duty(duty), named=named)
    if not verdict.allowed:
        raise NotTheHolder(unit=directory.unit(unit).th)
    who = directory.officer(officer)
    return _officer_acting(who.id, who.unit, who.name, verdict.instrument or None, through)


@lru_cache(maxsize=4096)
def _officer_acting(officer: str, unit: str, name: str, instrument: str | None, through: str) -> Actor:
    """Checked once: the same officers hand in every week."""
    return Actor(
        kind=ActorKind.OFFICER, officer=officer, unit=unit, name=name, instrument=instrument, through=through
    )  # fmt: skip


def files_of(form: Form) -> tuple[AttachedFile, ...]:
    """Every file that the form names."""
    return tuple(file for name in file_fields(type(form)) for file in getattr(form, name))


def handed_on(hand_off: HandOff, field: str) -> tuple[AttachedFile, ...]:
    """Files with which the field was filled in beforehand: those of the same report on its way back or onwards."""
    return tuple(AttachedFile.model_validate(each) for each in hand_off.context.prefill.get(field, ()))


def looked_up(given: Any, known: Iterable[AttachedFile]) -> list[Any]:
    """What a form field gives (hashes, or files as JSON values), each replaced by what is known of it, each once."""
    by_hash = {file.sha256: file.model_dump(mode="json") for file in known}
    hashes = [
        str(each.get("sha256")) if isinstance(each, Mapping) else each
        for each in (given if isinstance(given, list | tuple) else (given,))
        if each
    ]
    return [by_hash.get(each, each) for each in dict.fromkeys(hashes)]
