"""Where forms come in. A form is accepted or refused here, in one ledger transaction, whatever Prefect's health.

Submissions that arrive while a transaction is under way wait for the next one and share it: under load the cost of
locking, writing and flushing is paid once for all of them, and a single submission never waits for company.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from engine.runtime import Runtime, spare_the_collector
from engine.shared_query import SharedQuery
from ledger import drafts, hand_offs, reading
from ledger.errors import NotTheHolder, UnknownHandOff
from ledger.hand_offs import Accepted, HandOff, Submission
from rules.admission import admit
from schemas.actor import Actor, ActorKind
from schemas.form import Form
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
        form: Form = admit(hand_off.form, data, hand_off.context, now=now)
        submission = Submission(
            hand_off=hand_off.id, case_id=hand_off.case_id, data=form.model_dump(mode="json"), actor=actor
        )
        return await self._enqueue(submission)

    def actor_for(self, hand_off: HandOff, officer: str, *, now: Any, through: str) -> Actor:
        """The officer as the actor of this hand-off, naming the instrument when acting for another unit.

        :raises NotTheHolder: the officer may not act on it.
        """
        verdict = self.runtime.directory.may_act(officer, hand_off.unit, now, Duty(hand_off.duty))
        if not verdict.allowed:
            raise NotTheHolder(unit=self.runtime.directory.unit(hand_off.unit).th)
        who = self.runtime.directory.officer(officer)
        return Actor(
            kind=ActorKind.OFFICER, officer=who.id, unit=who.unit, name=who.name,
            instrument=verdict.instrument or None, through=through,
        )  # fmt: skip

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
        try:
            answers = await self._write([submission for submission, _ in batch])
        except Exception as trouble:
            # Nothing was written; every sender hears of it and keeps what was typed.
            answers = [trouble] * len(batch)
        for (_, future), answer in zip(batch, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, Accepted):
                future.set_result(answer)
            else:
                future.set_exception(answer)

    async def _write(self, submissions: list[Submission]) -> list[Accepted | Exception]:
        async with self.runtime.ledger.begin() as work:
            answers = await hand_offs.submit_all(work, submissions)
            accepted = [answer.hand_off for answer in answers if isinstance(answer, Accepted) and not answer.repeated]
            if accepted:
                await drafts.discard(work, *accepted)
                await work.commit()
        return answers
