"""The vocabulary of flows: BPMN in Python (design, section 3)."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

from engine.branches import Branch, Member, current_branch
from engine.errors import ReplayMismatch
from engine.history import Kind
from engine.process import process_named
from engine.step import StepTask
from engine.waits import Asked, Call, Called, HandOff, Lane, MessageWait, Place, Timer, Wait
from ledger import cases, waits
from ledger.work import Work
from schemas.base import Record
from schemas.deadline import Deadline, OnYearDay
from schemas.directive import Urgency
from schemas.form import Form, FormContext

if TYPE_CHECKING:
    from engine.case_run import CaseRun
    from engine.runtime import Runtime

D = TypeVar("D", bound=Record)
F = TypeVar("F", bound=Form)
M = TypeVar("M", bound=Record)
P = ParamSpec("P")
T = TypeVar("T")
W = TypeVar("W", bound=Wait[Any])


_ASKED_FOR = frozenset({Kind.HAND_OFF, Kind.TIMER, Kind.MESSAGE, Kind.CALL})
"""Elements that are opened only when somebody waits for them; until then the ledger need not hold them."""


CLOSING = "close"
"""Key of the end of a case in its history."""


@dataclass(frozen=True, slots=True)
class Winners(Generic[T]):
    """The members of a quorum that were done first, in the order in which they were done."""

    values: dict[str, T]

    @property
    def name(self) -> str:
        """The first one's name."""
        return next(iter(self.values))

    @property
    def value(self) -> T:
        return self.values[self.name]


class Case(Generic[D]):
    """One case as its flow sees it. Every method that the ledger must remember takes the element's id first."""

    def __init__(self, run: CaseRun, data: D) -> None:
        self._run = run
        self.data = data

    @property
    def id(self) -> str:
        return self._run.case_id

    @property
    def title(self) -> str:
        return self._run.history.title

    @property
    def version(self) -> int:
        """Version of the process under which this case runs (design, rule 6)."""
        return self._run.history.version

    @property
    def runtime(self) -> Runtime:
        return self._run.runtime

    def under(self, runtime: Runtime) -> None:
        """Go on under another organisation and policy: an audit looks back at those of an earlier day."""
        self._run.runtime = runtime

    # --- tasks -----------------------------------------------------------------------------------------

    def hand_off(
        self,
        element: str,
        *,
        to: Lane | str,
        form: type[F],
        due: Deadline | OnYearDay | None = None,
        of: str | None = None,
        subject: str | None = None,
        asked_by: str = "",
        urgency: Urgency = Urgency.NORMAL,
        context: FormContext | None = None,
        remind: tuple[datetime, ...] | None = None,
        escalate: bool = True,
        title: str = "",
        phase: str = "",
    ) -> HandOff[F]:
        """A user task: `form` goes to a unit; awaiting it gives the form as submitted.

        :param title: what is asked in Thai, where the form's own title does not tell several of them apart.
        :param asked_by: who asks: a unit's id, or a name.
        :param of: tells instances of the same element apart (a directive, a unit).
        :param remind: moments of the reminders; None for the usual ladder of the due date.
        :param phase: of the case that the work is about: when that has left it by the time the work is handed off, the
            work is withdrawn at once, and nobody hears of it.
        :raises Withdrawn: when awaited, if the work was withdrawn from outside.
        """
        asked = Asked(
            to=Lane(unit=to) if isinstance(to, str) else to,
            asked_by=asked_by,
            subject=subject or self.id,
            due=due,
            urgency=urgency,
            context=context or FormContext(),
            remind=remind,
            escalate=escalate,
            title=title or form.title_th,
            phase=phase,
        )
        return self._known(HandOff(self, form=form, asked=asked, place=self._place(element, of, Kind.HAND_OFF)))

    async def step(self, element: str, task: StepTask[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A service task: carried out once per case, as a Prefect task; later its recorded result is returned."""
        return await self._step(element, None, task, args, kwargs)

    async def step_of(self, element: str, of: str, task: StepTask[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One instance of a service task that is carried out for several things."""
        return await self._step(element, of, task, args, kwargs)

    async def _step(
        self, element: str, of: str | None, task: StepTask[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> T:
        place = self._place(element, of, Kind.STEP)
        recorded = place.recorded
        if recorded is None:
            recorded = await self._run.perform(task, args, kwargs, element=element, key=place.key)
        branch = current_branch()
        branch.done_seq = max(branch.done_seq, recorded.closing_seq)
        return task.result.validate_python(recorded.value["result"])

    # --- events ----------------------------------------------------------------------------------------

    def until(self, element: str, moment: datetime | OnYearDay, *, of: str | None = None) -> Timer:
        """A timer event: goes on at `moment`, or at once when that lies in the past."""
        return self._known(Timer(self, moment=moment, place=self._place(element, of, Kind.TIMER)))

    def receive(self, element: str, message: type[M], *, of: str | None = None, waiting_th: str = "") -> MessageWait[M]:
        """A message event: awaiting it gives the oldest message of this type that nobody has taken.

        :param waiting_th: what the operator reads while nothing has come.
        """
        place = self._place(element, of, Kind.MESSAGE)
        return self._known(MessageWait(self, message=message, topic="", waiting_th=waiting_th, place=place))

    def hear(self, element: str, signal: type[M], topic: str, *, of: str | None = None) -> MessageWait[M]:
        """A signal event: awaiting it gives what is broadcast on the topic while the case listens."""
        place = self._place(element, of, Kind.MESSAGE)
        return self._known(MessageWait(self, message=signal, topic=topic, waiting_th="", place=place))

    async def send(self, element: str, to: str, message: Record, *, of: str | None = None) -> None:
        """Send a message to another case; delivered in the same transaction as it is recorded here."""

        async def deliver(work: Work) -> None:
            said = message.model_dump(mode="json")
            await waits.deliver_message(
                work, to, name=type(message).__name__, payload=said, sender=self.id, actor=self._run.actor
            )

        place = self._place(element, of, Kind.STEP)
        if place.recorded is None:
            await self._run.record_step(place.key, element, None, [deliver], locks=[to])

    # --- other cases -----------------------------------------------------------------------------------

    def call(
        self, element: str, process: str, data: Record, *, case_id: str, title: str, of: str | None = None
    ) -> Call[Any]:
        """A call activity: opens a child case; awaiting it gives the child's result.

        Where the process of the child says that its result is not needed, a cancelled child gives None. No other is
        cancelled while this case waits for it; it ends with this case, or with the branch that waits.

        :raises CalledCaseCancelled: when awaited, if the child was cancelled all the same.
        """
        place = self._place(element, of, Kind.CALL)
        definition = process_named(process)
        parent = (self.id, place.key)
        make = partial(self.runtime.new_case, definition, data, case_id=case_id, title=title, parent=parent)
        called = Called(
            case_id=case_id, title=title, make=make, result=definition.result, needed=definition.result_needed
        )
        return self._known(Call(self, called=called, place=place))

    async def start(self, element: str, process: str, data: Record, *, case_id: str, title: str) -> None:
        """Open another case without waiting for it."""

        async def open_it(work: Work) -> None:
            new = self.runtime.new_case(process_named(process), data, case_id=case_id, title=title)
            await cases.open_case(work, new, actor=self._run.actor)

        place = self._place(element, None, Kind.STEP)
        if place.recorded is None:
            await self._run.record_step(place.key, element, None, [open_it])

    # --- side by side ----------------------------------------------------------------------------------

    def fork(self, element: str, work: Coroutine[Any, Any, T], *, of: str | None = None) -> Branch[T]:
        """Go on with `work` beside the current branch. Await the branch to join it, or `end` it."""
        return self._run.branches.fork(self._key(element, of), work)

    async def let_others_go_on(self) -> None:
        """Go on once every other branch has come as far as the ledger lets it.

        Needed before a branch reads what others have written into shared variables: in a replay this branch may come
        to the place before they have taken in what is recorded for them.
        """
        await self._run.branches.let_others_go_on(seq=self._run.next_seq(current_branch()))

    async def end(self, element: str, branch: Branch[Any], *, reason: str) -> None:
        """End a branch and all that are within it: their open work is withdrawn, its holders are told."""
        place = self._place(element, None, Kind.BRANCH_END)
        if place.recorded is not None:
            await self._run.branches.let_others_park(seq=place.recorded.closing_seq)
            self._run.leave([branch.id], [])
            return
        await self._run.branches.let_others_park()
        while not await self._run.drop(place.key, "branch:end", {"branch": place.branch}, [branch.id], [], reason):
            await self._run.branches.let_others_park()

    async def all_of(self, element: str, members: Mapping[str, Wait[T] | Coroutine[Any, Any, T]]) -> dict[str, T]:
        """Multi-instance: goes on when every member is done. The run is woken once, not once for each member."""
        started = self._members(element, members, need=None)
        await self._run.branches.park(started.values(), len(started))
        return {name: self._value(member) for name, member in started.items()}

    async def at_least(
        self, enough: int, element: str, members: Mapping[str, Wait[T] | Coroutine[Any, Any, T]]
    ) -> Winners[T]:
        """Goes on when `enough` members are done; the others are withdrawn. Who was first is the ledger's order."""
        place = self._place(element, None, Kind.GATE)
        recorded = place.recorded
        started = self._members(element, members, need=enough, key=place.key, decided=recorded is not None)
        if recorded is None:
            await self._run.branches.park(started.values(), enough)
            winners = await self._decide(place, started, enough)
        else:
            winners = recorded.value["winners"]
            await self._run.branches.park([started[name] for name in winners], len(winners))
            await self._run.branches.let_others_park(seq=recorded.closing_seq)
            self._run.leave(*self._losers(started, winners))
            self._run.met_decision(recorded, started, enough)
        return Winners({name: self._value(started[name]) for name in winners})

    async def race(self, element: str, members: Mapping[str, Wait[Any] | Coroutine[Any, Any, Any]]) -> Winners[Any]:
        """The first member decides, for example a hand-off against a timer (an interrupting boundary timer)."""
        return await self.at_least(1, element, members)

    async def any_of(self, element: str, members: Mapping[str, Wait[T] | Coroutine[Any, Any, T]]) -> Winners[T]:
        """The same as `race`, for members of one kind."""
        return await self.at_least(1, element, members)

    async def close(self, result: Record) -> None:
        """End the case with a result. Goes on only if the secretariat reopens the case later."""
        place = self._place(CLOSING, None, Kind.CLOSE)
        recorded = place.recorded
        if recorded is not None and any(seq > recorded.closing_seq for seq in self._run.history.reopenings):
            return
        await self._run.close_here(place.key, result)

    # --- inside ----------------------------------------------------------------------------------------

    async def wait_for(self, wait: Wait[T]) -> T:
        """Wait for one element; what `await wait` does."""
        self._run.ask_for([wait])
        await self._run.branches.park([wait], 1)
        answer: T = self._value(wait)
        return answer

    def _value(self, member: Any) -> Any:
        branch = current_branch()
        branch.done_seq = max(branch.done_seq, member.done_seq)
        return member.value()

    def _members(
        self,
        element: str,
        members: Mapping[str, Wait[T] | Coroutine[Any, Any, T]],
        *,
        need: int | None,
        key: str = "",
        decided: bool = False,
    ) -> dict[str, Member]:
        """Start the members. Waits share a gate where that decides when the run must be woken.

        Where the gate was decided before, waits are not asked for: one that lost before it was opened has no record.
        """
        key = key or self._key(element, None)
        direct = [member for member in members.values() if isinstance(member, Wait)]
        if direct and (need is None or len(direct) == len(members)):
            self._run.join_gate(key, direct, need=len(direct) if need is None else need, decided=decided)
        if not decided:
            self._run.ask_for(direct)
        return {
            name: member if isinstance(member, Wait) else self._run.branches.fork(f"{key}[{name}]", member)
            for name, member in members.items()
        }

    async def _decide(self, place: Place, started: dict[str, Member], enough: int) -> list[str]:
        """Who was first, once all have come as far as the ledger lets them: one that is still at work may be."""
        reason = "ไม่ต้องดำเนินการต่อ เนื่องจากกระบวนงานไปขั้นตอนถัดไปแล้ว"
        while True:
            await self._run.branches.let_others_park()
            done = sorted((m.done_seq, name) for name, m in started.items() if m.done)
            winners = [name for _, name in done[:enough]]
            said = {"winners": winners, "branch": place.branch}
            if await self._run.drop(place.key, "gate:decide", said, *self._losers(started, winners), reason):
                return winners

    @staticmethod
    def _losers(started: dict[str, Member], winners: list[str]) -> tuple[list[str], list[str]]:
        """What was not fast enough: its branches and the keys of its waits."""
        losers = [member for name, member in started.items() if name not in winners]
        return (
            [loser.id for loser in losers if isinstance(loser, Branch)],
            [loser.key for loser in losers if isinstance(loser, Wait) and not loser.done],
        )

    def _known(self, wait: W) -> W:
        self._run.waits[wait.key] = wait
        return wait

    def _key(self, element: str, of: str | None) -> str:
        return self._key_in(current_branch(), element, of)

    @staticmethod
    def _key_in(branch: Branch[Any], element: str, of: str | None) -> str:
        name = element if of is None else f"{element}[{of}]"
        count = branch.repeats[name] = branch.repeats.get(name, 0) + 1
        local = name if count == 1 else f"{name}#{count}"
        return f"{branch.id}/{local}" if branch.id else local

    def _place(self, element: str, of: str | None, kind: Kind) -> Place:
        """Where an element stands: its key, its branch, and what the ledger holds of it.

        :raises ReplayMismatch: the ledger holds another element at this place (design, rule 5).
        """
        branch = current_branch()
        key = self._key_in(branch, element, of)
        if key == CLOSING and kind is not Kind.CLOSE:
            raise ValueError(f"«{key}» is the end of the case; no other element may have this id")
        recorded = self._run.history.elements.get(key)
        unmet = self._run.unmet(branch)
        if recorded is None and unmet and kind not in _ASKED_FOR:
            raise ReplayMismatch(case=self.id, branch=branch.id, held=next(iter(unmet)), met=key)
        if recorded is not None and recorded.kind is not kind:
            raise ReplayMismatch(case=self.id, branch=branch.id, held=f"{key} ({recorded.kind})", met=f"{key} ({kind})")
        unmet.pop(key, None)
        return Place(element, key, branch.id, recorded)
