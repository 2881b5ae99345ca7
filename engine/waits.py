"""What a flow can wait for. A wait knows its key, how it is opened in the ledger, and how its answer is read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypeVar, cast

from engine.errors import CalledCaseCancelled, Withdrawn
from engine.history import Kind, Recorded, Standing
from engine.wording import full_name
from ledger import cases, hand_offs, waits
from ledger.work import Work
from rules.calendar import Calendar
from rules.deadline import is_late, resolve
from rules.reminders import Ladder, ladder
from rules.year import moment_of
from schemas.actor import Actor
from schemas.base import OfficerId, Record
from schemas.deadline import Deadline, OnYearDay
from schemas.directive import Urgency
from schemas.form import Form, FormContext
from schemas.organisation import Duty
from schemas.policy import Policy

if TYPE_CHECKING:
    from engine.case import Case

T = TypeVar("T")
F = TypeVar("F", bound=Form)


DONE, WITHDRAWN = Standing.DONE, Standing.WITHDRAWN
"""Python 3.11 finds a member of an enumeration by a call; these two are asked for most."""


CALLED_OFF_TH = "เรื่องนี้ยกเลิกแล้ว"
"""Why work about a case is withdrawn that was asked for when the case was cancelled."""

PAST_TH = "เรื่องนี้ผ่านขั้นตอนดังกล่าวแล้ว ไม่ต้องดำเนินการ"
"""Why work is withdrawn that was asked for when the case that it is about had left the phase in which it is done."""


class Lane(NamedTuple):
    """Who holds the work: a unit, and the duty that an officer of it needs, or one officer of it by name."""

    unit: str
    duty: Duty = Duty.OFFICER
    officer: OfficerId | None = None
    """Nobody else does it, as long as that officer serves in the unit; then the unit's head (decision 40)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is at hand when waits are written into the ledger, all in one breath."""

    work: Work
    case_id: str
    actor: Actor
    calendar: Calendar
    policy: Policy
    titles: Mapping[str, str]
    """Titles of other cases that hand-offs are about, by id."""
    called_off: Collection[str] = ()
    """Those of them that were cancelled or superseded: work about them is withdrawn as soon as it is opened."""
    phases: Mapping[str, str] = field(default_factory=dict)
    """In which phase they are: so is work that is not done in it any more."""
    _ladders: dict[tuple[Any, ...], Ladder] = field(default_factory=dict, init=False, repr=False)
    """What is asked of many units at once is due for all at the same moment, and they are reminded together."""

    def moment(self, due: Deadline | OnYearDay) -> datetime:
        """When something that is opened now is due."""
        if isinstance(due, OnYearDay):
            return moment_of(due, calendar=self.calendar, policy=self.policy)
        return resolve(due, opened_at=self.work.now, calendar=self.calendar)

    def ladder(self, due: datetime | None, *, explicit: tuple[datetime, ...] | None, escalate: bool) -> Ladder:
        """The rungs of work that is opened now and due at a moment."""
        asked = (due, explicit, escalate)
        if (rungs := self._ladders.get(asked)) is None:
            rungs = self._ladders[asked] = ladder(
                opened_at=self.work.now, due=due, calendar=self.calendar,
                at_most=self.policy.office.reminders_at_most, explicit=explicit, escalate=escalate,
            )  # fmt: skip
        return rungs


class Place(NamedTuple):
    """Where the flow has come to: an element, its key in the case, its branch, and what the ledger holds of it."""

    element: str
    key: str
    branch: str
    recorded: Recorded | None


class Wait(Generic[T]):
    """One element that the flow waits for. Await it, or give it to `all_of`, `at_least`, `race`."""

    kind: ClassVar[Kind]

    def __init__(self, case: Case[Any], place: Place) -> None:
        self.case = case
        self.element, self.key, self.branch, self.recorded = place
        self.gate: str | None = None
        self._callbacks: list[Callable[[], None]] = []

    @property
    def done(self) -> bool:
        """Answered, or withdrawn from outside. What the flow itself dropped is never done."""
        # Asked several times for each wait of a replay: two comparisons, not a set of names to be hashed.
        return (recorded := self.recorded) is not None and (recorded.standing is DONE or recorded.standing is WITHDRAWN)

    @property
    def done_seq(self) -> int:
        return self.recorded.closing_seq if self.recorded else 0

    @property
    def at(self) -> datetime:
        """When it was answered (ledger time)."""
        return cast(datetime, self._answer.at)

    @property
    def actor(self) -> Actor:
        """Who answered it."""
        return self._answer.actor

    @property
    def late(self) -> bool:
        """Answered after the moment at which it was due, as that stood by then."""
        return is_late(self.at, self._answer.due_at)

    @property
    def _answer(self) -> Recorded:
        if self.recorded is None or not self.done:
            raise LookupError(f"«{self.key}» is not answered yet")
        return self.recorded

    def when_done(self, callback: Callable[[], None]) -> None:
        self._callbacks.append(callback)

    def answered(self) -> None:
        """The ledger has news of this wait."""
        if self.done:
            callbacks, self._callbacks = self._callbacks, []
            for callback in callbacks:
                callback()

    def value(self) -> T:
        """The answer; raises `Withdrawn` when it was withdrawn from outside."""
        answer = self._answer
        if answer.standing is WITHDRAWN:
            raise Withdrawn(key=self.key, reason=str(answer.value))
        return self.read(answer)

    def read(self, answer: Recorded) -> T:
        raise NotImplementedError

    async def open(self, opening: Opening) -> None:
        raise NotImplementedError

    def __await__(self) -> Any:
        return self.case.wait_for(self).__await__()


class Asked(NamedTuple):
    """What a hand-off asks, beside its form."""

    to: Lane
    asked_by: str
    subject: str
    due: Deadline | OnYearDay | None
    urgency: Urgency
    context: FormContext
    remind: tuple[datetime, ...] | None
    escalate: bool
    title: str
    phase: str
    """Of the case that the work is about: in another the work is not asked for. Empty: in any."""


class HandOff(Wait[F]):
    """A user task: a form goes to a unit."""

    kind = Kind.HAND_OFF

    def __init__(self, case: Case[Any], *, form: type[F], asked: Asked, place: Place) -> None:
        super().__init__(case, place)
        self.form, self.asked = form, asked
        self.given: F | None = None
        """The form as it was handed in, once it was read."""

    @property
    def year_day(self) -> OnYearDay | None:
        """The named day on which the work is due, if any."""
        return self.asked.due if isinstance(self.asked.due, OnYearDay) else None

    def read(self, answer: Recorded) -> F:
        if self.given is None:
            self.given = self.form.model_validate(answer.value)
        return self.given

    async def open(self, opening: Opening) -> None:
        asked, work = self.asked, opening.work
        due = opening.moment(asked.due) if asked.due else None
        rungs = opening.ladder(due, explicit=asked.remind, escalate=asked.escalate)
        order = hand_offs.HandOffOrder(
            key=self.key,
            element=self.element,
            branch=self.branch,
            unit=asked.to.unit,
            duty=asked.to.duty,
            officer=asked.to.officer,
            form=self.form.__name__,
            title=asked.title,
            asked_by=full_name(self.case.runtime.directory, asked.asked_by),
            subject=asked.subject,
            urgency=asked.urgency,
            context=asked.context,
            due_at=due,
            year_day=self.year_day,
            gate=self.gate,
            reminders=rungs.reminders,
            escalations=rungs.escalations,
        )
        hand_offs.open_hand_off(work, opening.case_id, order, actor=opening.actor)
        about = opening.titles.get(asked.subject, self.case.title)
        self.case.runtime.post.task(work, opening.case_id, order, about=about)
        if why := self._is_void(opening):  # the mail is not sent any more
            hand_offs.take_back(work, opening.case_id, order, reason=why, actor=opening.actor)

    def _is_void(self, opening: Opening) -> str:
        """Why nobody has to do it any more, seen under the lock of the case that it is about; empty as a rule."""
        subject, phase = self.asked.subject, self.asked.phase
        if subject in opening.called_off:
            return CALLED_OFF_TH
        return PAST_TH if phase and opening.phases.get(subject, phase) != phase else ""


class Timer(Wait[datetime]):
    """A timer event: a moment of the calendar."""

    kind = Kind.TIMER

    def __init__(self, case: Case[Any], *, moment: datetime | OnYearDay, place: Place) -> None:
        super().__init__(case, place)
        self.moment = moment

    @property
    def year_day(self) -> OnYearDay | None:
        """The named day on which the moment rests, if any."""
        return self.moment if isinstance(self.moment, OnYearDay) else None

    def read(self, answer: Recorded) -> datetime:
        return datetime.fromisoformat(answer.value)

    async def open(self, opening: Opening) -> None:
        at = opening.moment(self.moment) if isinstance(self.moment, OnYearDay) else self.moment
        waits.set_timer(
            opening.work, opening.case_id, key=self.key, element=self.element, branch=self.branch,
            at=at, year_day=self.year_day, gate=self.gate, actor=opening.actor,
        )  # fmt: skip


M = TypeVar("M", bound=Record)


def message_name(message: type[Record], topic: str = "") -> str:
    """What a message is called by those who wait for it; a signal is about a topic."""
    return f"{message.__name__}:{topic}" if topic else message.__name__


class MessageWait(Wait[M]):
    """A message event: something that another case or an outside body sends."""

    kind = Kind.MESSAGE

    def __init__(self, case: Case[Any], *, message: type[M], topic: str, waiting_th: str, place: Place) -> None:
        super().__init__(case, place)
        self.message, self.topic, self.waiting_th = message, topic, waiting_th

    def read(self, answer: Recorded) -> M:
        return self.message.model_validate(answer.value)

    async def open(self, opening: Opening) -> None:
        await waits.await_message(
            opening.work, opening.case_id, key=self.key, element=self.element, branch=self.branch,
            name=message_name(self.message, self.topic), gate=self.gate, actor=opening.actor,
            title=self.waiting_th,
        )  # fmt: skip


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, kw_only=True)
class Called:
    """The child case of a call activity. It is written out only when it is opened: a replay has its result."""

    case_id: str
    title: str
    make: Callable[[], cases.NewCase] = field(repr=False)
    result: type[Record] = field(repr=False)
    needed: bool
    """Whether the calling case cannot go on without the result."""

    @cached_property
    def new(self) -> cases.NewCase:
        return self.make()


class Call(Wait[R]):
    """A call activity: a child case, and its result; None when it was cancelled and its result is not needed."""

    kind = Kind.CALL

    def __init__(self, case: Case[Any], *, called: Called, place: Place) -> None:
        super().__init__(case, place)
        self.called = called

    def read(self, answer: Recorded) -> R:
        if answer.value["state"] != "completed":
            if self.called.needed:
                raise CalledCaseCancelled(key=self.key, child=answer.value["child"])
            return cast(R, None)
        return cast(R, self.called.result.model_validate(answer.value["result"]))

    async def open(self, opening: Opening) -> None:
        self.announce(opening)
        await cases.open_case(opening.work, self.called.new, actor=opening.actor)

    def announce(self, opening: Opening) -> None:
        """Note the call in the calling case."""
        waits.start_call(
            opening.work, opening.case_id, key=self.key, element=self.element, branch=self.branch,
            child=self.called.case_id, gate=self.gate, actor=opening.actor,
        )  # fmt: skip
