"""One run of a case: execute the flow over its history until it ends or nothing can go on.

This knows the ledger and nothing of Prefect; `Performer` is how a piece of work becomes a task run. A rehearsal or an
audit gives another performer and the same code runs without a server.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from engine.branches import NEVER, NOT_YET, Branch, Branches, Member, is_within
from engine.case import CLOSING, Case
from engine.ending import Called, called_by, end_called
from engine.errors import CaseEnded, NothingToWaitFor, Overtaken, ReplayMismatch
from engine.history import History, Kind, Recorded, Standing
from engine.process import Process, process_named
from engine.runtime import Runtime
from engine.step import Effect, Step, StepTask, to_json
from engine.waits import Call, HandOff, Lane, Opening, Timer, Wait
from engine.wording import opening_name, step_name, waiting_for
from ledger import cases, hand_offs, reading, waits
from ledger.tables import hand_offs as hand_off_table
from ledger.work import Work
from schemas.actor import system
from schemas.base import Record

T = TypeVar("T")
log = logging.getLogger("sangkan.run")


class Performer(Protocol):
    """Makes work visible, retried and timed."""

    async def perform(
        self, work: Callable[[], Awaitable[T]], *, element: str, name: str, retries: int, retry_delay_seconds: float
    ) -> T:
        """Carry out `work` as one task run of the name `name`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """The flow waits; nothing is left to do until news arrive."""

    waiting_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The case has ended."""

    result: dict[str, Any]


class CaseRun:
    """Executes one case under one lease. Make a new one for every run."""

    def __init__(self, runtime: Runtime, case_id: str, *, fence: int, performer: Performer) -> None:
        self.runtime = runtime
        self.case_id = case_id
        self.fence = fence
        self.performer = performer
        self.actor = system("flow")
        self.history = History()
        self.branches = Branches()
        self.waits: dict[str, Wait[Any]] = {}
        self._pending: dict[str, Wait[Any]] = {}
        """Waits to be opened, until they are; a branch that is ended takes its own away."""
        self._gates: dict[str, int] = {}
        self._asked = set[str]()
        """Keys of the waits that somebody has waited for in this run."""
        self._unmet: dict[str, dict[str, Recorded]] = {}
        self._closing: tuple[str, Record] | None = None
        self._absorbing = asyncio.Lock()
        self._opening_or_ending = asyncio.Lock()

    # --- the run ---------------------------------------------------------------------------------------

    async def go(self) -> Parked | Closed:
        """Replay, go on, and stop when the case ends or waits.

        :raises ReplayMismatch: the flow's code no longer fits the history.
        :raises CaseEnded: the case was cancelled or superseded meanwhile.
        :raises RunTakenOver: another run holds the case now.
        """
        await self._absorb_news()
        self._unmet = {branch: dict(elements) for branch, elements in self.history.by_branch.items()}
        version = await self._version()
        case = Case(self, version.data.model_validate(self.history.data))
        main = self.branches.fork("", self._main(version.function(case)))
        try:
            return await self._until_nothing_can_go_on(main)
        finally:
            await self.branches.drop_all()
            self._let_go()

    def _let_go(self) -> None:
        """Break the circles between this run and its waits: a worker's memory then does not wait for the collector."""
        self.waits.clear()
        self._pending.clear()
        self._unmet.clear()

    async def _main(self, function: Awaitable[Record]) -> Record:
        return await function

    async def _version(self) -> Process:
        """The version of the process under which the case runs (design, rule 6)."""
        async with self.runtime.ledger.read() as connection:
            process = (await reading.case(connection, self.case_id)).process
        return process_named(process, self.history.version)

    async def _until_nothing_can_go_on(self, main: Branch[Record]) -> Parked | Closed:
        while True:
            await self.branches.quiet.wait()
            if (error := self.branches.failure()) is not None:
                raise error
            if self._closing is not None or main.done:
                if (closed := await self._close(*(self._closing or self._ended(main)))) is not None:
                    return closed
            elif self._pending:
                await self._open_pending()
            elif await self._absorb_news():
                continue
            elif (parked := await self._park()) is not None:
                return parked

    def _ended(self, main: Branch[Record]) -> tuple[str, Record]:
        """The flow has come to its end: with which result."""
        result = main.value()
        self._require_all_met(main.id, "the end of the flow")
        return CLOSING, result

    # --- news ------------------------------------------------------------------------------------------

    async def _absorb_news(self) -> bool:
        """Read what the ledger has added since; True when a wait was answered."""
        async with self._absorbing:
            async with self.runtime.ledger.read() as connection:
                events = await reading.history(connection, self.case_id, after=self.history.head_seq)
            return self._take(events)

    def _take(self, events: Iterable[Any]) -> bool:
        answered = self.history.absorb(events)
        if self.history.state != "open":
            raise CaseEnded(case=self.case_id, state=self.history.state)
        for element in answered:
            if (wait := self.waits.get(element.key)) is not None:
                wait.recorded = element
                wait.answered()
        return bool(answered)

    async def _lock(self, work: Work, *others: str) -> bool:
        """Lock the case for this run, and take in what was written since; True when a wait was answered.

        That may be what this very run has written: when the connection breaks after COMMIT and before its reply, a
        task is carried out again and must find that it was done.
        """
        await work.lock(self.case_id, *others)
        (head,) = await work.lock(self.case_id, fence=self.fence)  # read above; this checks the fence
        if head.seq == self.history.head_seq:
            return False
        async with self._absorbing:
            return self._take(await reading.history(work.connection, self.case_id, after=self.history.head_seq))

    async def _commit(self, work: Work) -> None:
        """Commit and take the unit's own events into the history, unless another branch has read them meanwhile."""
        await work.commit()
        async with self._absorbing:
            self._take(event for event in work.events_of(self.case_id) if event.seq > self.history.head_seq)

    # --- opening ---------------------------------------------------------------------------------------

    def ask_for(self, wanted: Sequence[Wait[Any]]) -> None:
        """Open these waits when no branch can go on any more; several then share one transaction."""
        for wait in wanted:
            self._asked.add(wait.key)
            if wait.recorded is None:
                self._require_all_met(wait.branch, wait.key)
                self._pending[wait.key] = wait
            elif wait.recorded.standing is Standing.OPEN:
                self._require_all_met(wait.branch, wait.key)

    def _require_all_met(self, branch: str, met: str) -> None:
        """The flow stops here; the ledger must hold nothing further in this branch."""
        if unmet := self._unmet.get(branch):
            raise ReplayMismatch(case=self.case_id, branch=branch, held=next(iter(unmet)), met=met)

    def join_gate(self, key: str, members: Sequence[Wait[Any]], *, need: int, decided: bool) -> None:
        """Members go on together; the gate is opened with them. Where it is `decided`, none is opened.

        A gate counts those that are opened with it. Where more than one must be in and some were asked for before,
        there is none: each of the others wakes the run.
        """
        new = [wait for wait in members if wait.recorded is None and wait.key not in self._asked]
        if decided or not new or (need > 1 and len(new) < len(members)):
            return
        self._gates[key] = need
        for wait in new:
            wait.gate = key

    async def _open_pending(self) -> None:
        groups: dict[str, list[Wait[Any]]] = {}
        for wait in self._pending.values():
            groups.setdefault(wait.gate or wait.element, []).append(wait)
        for group in groups.values():
            visible = [wait for wait in self._still_pending(group) if isinstance(wait, HandOff | Call)]
            if visible:
                name = opening_name(visible, self.runtime.directory)
                await self.performer.perform(
                    lambda group=group: self._open(group),  # type: ignore[misc]
                    element=visible[0].element, name=name, retries=3, retry_delay_seconds=1,
                )  # fmt: skip
            else:
                await self._open(group)

    def _still_pending(self, group: Sequence[Wait[Any]]) -> list[Wait[Any]]:
        """Those of them whose branch goes on: with the lock of another group came news, and it may have been ended."""
        return [wait for wait in group if wait.key in self._pending]

    async def _open(self, group: list[Wait[Any]]) -> None:
        async with self._opening_or_ending:
            if still := self._still_pending(group):
                await self._open_at_once(still)

    async def _open_at_once(self, group: list[Wait[Any]]) -> None:
        if any(isinstance(wait, HandOff) and self._nobody_holds(wait.asked.to) for wait in group):
            await self.runtime.refresh(at_once=True)  # the unit may have got its first officer a moment ago
        async with self.runtime.ledger.begin() as work:
            if any(wait.year_day for wait in group if isinstance(wait, HandOff | Timer)):
                await self.runtime.hold(work)  # before the case, as whoever moves a day does
            # Whoever cancels or completes what the work is about withdraws what is open: the two must see each other.
            subjects = await work.lock_existing(self.case_id, *self._subjects(group))
            await self._lock(work)
            opening = Opening(
                work=work,
                case_id=self.case_id,
                actor=self.actor,
                calendar=self.runtime.calendar,
                policy=self.runtime.policy,
                titles={head.id: head.title for head in subjects.values() if head.id != self.case_id},
                called_off={head.id for head in subjects.values() if head.state in cases.CALLED_OFF},
                phases={head.id: head.phase for head in subjects.values()},
            )
            new = [wait for wait in group if wait.key not in self.history.elements]
            for gate in dict.fromkeys(wait.gate for wait in new if wait.gate):
                waits.open_gate(work, self.case_id, key=gate, need=self._gates[gate], actor=self.actor)
            for wait in new:
                await wait.open(opening)
            await self._commit(work)
        for wait in group:
            self._pending.pop(wait.key, None)
            wait.recorded = self.history.elements[wait.key]
            wait.answered()

    def _nobody_holds(self, lane: Lane) -> bool:
        return not self.runtime.post.holders(lane.unit, lane.duty, named=lane.officer)

    def _subjects(self, group: Sequence[Wait[Any]]) -> set[str]:
        """Ids of the other cases that hand-offs are about."""
        return {wait.asked.subject for wait in group if isinstance(wait, HandOff)} - {self.case_id}

    # --- steps -----------------------------------------------------------------------------------------

    async def perform(
        self, task: StepTask[..., T], args: tuple[Any, ...], kwargs: dict[str, Any], *, element: str, key: str
    ) -> Recorded:
        """Carry out a step and record it, as one task run."""

        async def carry_out_once() -> Recorded:
            now = await self.runtime.ledger.now()
            step = Step(case_id=self.case_id, key=key, now=now, actor=self.actor, runtime=self.runtime)
            value = await task.function(step, *args, **kwargs)
            return await self.record_step(key, element, to_json(task, value), step.effects, locks=tuple(step.locks))

        async def carry_out() -> Recorded:
            while True:
                try:
                    return await carry_out_once()
                except Overtaken as overtaken:
                    log.info("case %s, «%s»: %s", self.case_id, key, overtaken)

        return await self.performer.perform(
            carry_out, element=element, name=step_name(task.name_th, key),
            retries=task.retries, retry_delay_seconds=task.retry_delay_seconds,
        )  # fmt: skip

    async def record_step(
        self, key: str, element: str, result: Any, effects: Sequence[Effect], *, locks: Sequence[str] = ()
    ) -> Recorded:
        """Record a step as done together with everything it changes."""
        branch = self._branch_of(key)
        async with self.runtime.ledger.begin() as work:
            await self._lock(work, *locks)
            if (recorded := self.history.elements.get(key)) is not None:
                return recorded
            for effect in effects:
                await effect(work)
            said = {"element": element, "branch": branch, "result": result}
            work.append(self.case_id, "step:done", key, self.actor, said)
            await self._commit(work)
        return self.history.elements[key]

    def met_decision(self, recorded: Recorded, started: Mapping[str, Member], enough: int) -> None:
        """A decision of the history was met again. A run believes it; an audit looks at the order of the answers."""

    @staticmethod
    def _branch_of(key: str) -> str:
        return key.rpartition("/")[0]

    def leave(self, branches: Sequence[str], keys: Sequence[str]) -> None:
        """Go on without these branches, all that are within them, and these waits: none is opened any more."""
        self.branches.end(branches)
        for wait in [w for w in self._pending.values() if w.key in keys or is_within(w.branch, branches)]:
            del self._pending[wait.key]

    async def drop(
        self,
        key: str,
        kind: str,
        said: dict[str, Any],
        branches: Sequence[str],
        keys: Sequence[str],
        reason: str,
    ) -> bool:
        """Record a decision of the flow, and end the waits and branches that it makes void.

        Called cases that nobody waits for any more end as well. False, and nothing is decided, when a wait was answered
        before the lock was had: who replays the history knows of that answer when it comes to the decision, so the
        branches take it in first. The same when a called case has called another by then. Nor is anything decided after
        trouble: a branch that was kept from its work would end without it, and do it in the next run.
        """
        if (trouble := self.branches.trouble()) is not None:
            raise trouble
        async with self._opening_or_ending:
            return await self._drop(key, kind, said, branches, keys, reason)

    async def _drop(
        self, key: str, kind: str, said: dict[str, Any], branches: Sequence[str], keys: Sequence[str], reason: str
    ) -> bool:
        async with self.runtime.ledger.begin() as work:
            called = await called_by(work, self.case_id, keys=_calls(self._void(branches, keys)))
            if await self._lock(work, *called.locked):
                return False
            void = self._void(branches, keys)
            if called.keys != _calls(void) or not await called.is_all(work):
                return False
            work.append(self.case_id, kind, key, self.actor, said)
            await self._drop_waits(work, void, reason)
            await self._end_called(work, called, reason)
            await self._commit(work)
        self.leave(branches, keys)
        return True

    def _void(self, branches: Sequence[str], keys: Sequence[str]) -> list[Recorded]:
        return [e for e in self.history.open_elements() if e.key in keys or is_within(e.branch, branches)]

    async def _drop_waits(self, work: Work, void: Sequence[Recorded], reason: str) -> None:
        forms = [element.key for element in void if element.kind is Kind.HAND_OFF]
        if forms:
            table = hand_off_table.c
            rows = await work.rows(
                hand_offs.query().where(table.case_id == self.case_id, table.key.in_(forms), table.state == "open")
            )
            found = [hand_offs.view(row) for row in rows]
            hand_offs.drop(work, found, reason=reason, actor=self.actor)
            self.runtime.post.withdrawn(work, found, reason=reason)
        for element in void:
            if element.kind is not Kind.HAND_OFF:
                waits.cancel_wait(work, self.case_id, key=element.key, reason=reason, actor=self.actor)

    async def _end_called(self, work: Work, called: Called, reason: str) -> None:
        title = self.history.title
        await end_called(self.runtime, work, called, title=title, reason=reason, actor=self.actor)

    # --- the end of the run ----------------------------------------------------------------------------

    async def close_here(self, key: str, result: Record) -> None:
        """The flow wants to end the case at this place; the branch does not go on in this run."""
        self._closing = (key, result)
        await self.branches.park([NEVER], 1)

    async def _close(self, key: str, result: Record) -> Closed | None:
        """End the case, and what it has called and waits for no more.

        None, and nothing has ended, when a wait was answered before the lock was had, so that the answer has its effect
        first, or when one of the called cases has called another.
        """
        said, reason = result.model_dump(mode="json"), "เรื่องเสร็จสิ้นแล้ว"
        async with self.runtime.ledger.begin() as work:
            called = await called_by(work, self.case_id, keys=_calls(self.history.elements.values()))
            if await self._lock(work, *called.locked, *filter(None, [self.history.caller])):
                return None
            if not await called.is_all(work):
                return None
            await self._drop_waits(work, self.history.open_elements(), reason)
            await self._end_called(work, called, reason)
            await cases.close_case(work, self.case_id, key=key, branch="", result=said, actor=self.actor)
            work.set_run(self.case_id, run_state="closed", wanted=None, wanted_at=None, waiting_for="")
            await work.commit()
        return Closed(result=said)

    async def _park(self) -> Parked | None:
        """Go to sleep, unless the ledger has news by now (the check and the sleep are one transaction)."""
        open_elements = self.history.open_elements()
        if not open_elements:
            raise NothingToWaitFor(case=self.case_id)
        text = waiting_for(open_elements, self.runtime.directory)
        async with self.runtime.ledger.begin() as work:
            (head,) = await work.lock(self.case_id, fence=self.fence)
            if head.seq != self.history.head_seq:
                return None
            work.set_run(
                self.case_id, run_state="asleep", wanted=None, wanted_at=None, waiting_for=text, run_error=None
            )
            await work.commit()
        return Parked(waiting_for=text)

    def unmet(self, branch: Branch[Any]) -> dict[str, Recorded]:
        """Elements of a branch that the ledger holds and the flow has not come to in this run."""
        return self._unmet.setdefault(branch.id, {})

    def next_seq(self, branch: Branch[Any]) -> float:
        """Where the ledger holds what a branch, or one within it, did next."""
        unmet = (found for name, found in self._unmet.items() if found and is_within(name, [branch.id]))
        return min((next(iter(found.values())).opening_seq for found in unmet), default=NOT_YET)


def _calls(elements: Iterable[Recorded]) -> frozenset[str]:
    """The keys of the call activities among them."""
    return frozenset(element.key for element in elements if element.kind is Kind.CALL)
