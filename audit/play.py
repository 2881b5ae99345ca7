"""Plays the recorded events of a case on its model. The first event for which the model has no token is a deviation.

What the flow's vocabulary means in BPMN is told in decision 33. Two orders differ and are reconciled here. The ledger
takes an answer at once and the flow decides a race when it runs next, so a boundary event that has come interrupts
only with `gate:decide`; what comes in between is looked at as if the race were still open. And the flow withdraws
what it does not need any more right after the event that says why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EventBasedGateway,
    ExclusiveGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    ReceiveTask,
    SendTask,
)

from audit.keys import SEGMENT, branch_of, element_of, name_of
from audit.notation import Asked, Called, Condition, Contained, Model, Moment, Stepped
from audit.scope import LIVE, Scope, Token, is_last
from audit.terms import Functions
from audit.verdict import Deviation, Expected, Why
from ledger.event import Event
from schemas.base import Record
from schemas.organisation import Duty

GATES = (ExclusiveGateway, EventBasedGateway)
STEPS = (Stepped, SendTask, IntermediateThrowEvent)


class _Departs(Exception):
    """The model does not allow the event."""

    def __init__(self, why: Why, scope: Scope) -> None:
        self.why, self.scope = why, scope


@dataclass(slots=True)
class _Wait:
    """What the flow has opened, and the token that it belongs to."""

    scope: Scope
    element: str
    task: Any
    token: Token | None = None
    name: str = ""
    answered: bool = False

    @property
    def live(self) -> bool:
        return self.scope.alive and self.task.has_state(LIVE)


class Play:
    """One case on its model. Give it the events in order; `deviation` is the first that does not conform."""

    def __init__(self, model: Model, functions: Functions, data: Record) -> None:
        self.model = model
        self.deviation: Deviation | None = None
        self._root = Scope(model, model.process, functions)
        self._root.values["case"] = data
        self._root.advance()
        self._scopes: dict[str, Scope] = {"": self._root}
        self._waits: dict[str, _Wait] = {}
        self._messages: dict[int, Any] = {}
        self._taken_back: Event | None = None
        self._ending: list[tuple[Scope, Any]] = []

    def take(self, event: Event) -> bool:
        """Play one event; False once the case departs from its model."""
        act = self._ACTS.get(event.kind)
        if act is None or self.deviation is not None:
            return self.deviation is None
        try:
            if self._taken_back is not None and event.kind not in self._MAY_FOLLOW_A_WITHDRAWAL:
                event, taken = self._taken_back, self._waits[self._taken_back.key]
                raise _Departs(Why.WITHDRAWN, taken.scope)
            act(self, event, event.content)
        except _Departs as departs:
            self.deviation = self._deviation(event, departs)
        return self.deviation is None

    def _deviation(self, event: Event, departs: _Departs) -> Deviation:
        element = element_of(event.key) or event.kind.partition(":")[0]
        names = self.model.names
        awaited = departs.scope.awaited()
        return Deviation(
            seq=event.seq, at=event.at, kind=event.kind, key=event.key, element=element, actor=event.by,
            element_th=names.get(element, ""), why=departs.why,
            expected=tuple(Expected(element=each, th=names.get(each, "")) for each in awaited),
        )  # fmt: skip

    # --- opening ---------------------------------------------------------------------------------------

    def _open(self, event: Event, said: dict[str, Any], kinds: tuple[type[Any], ...]) -> None:
        scope, element = self._scope(said["branch"]), said["element"]
        name = name_of(event.key) or (name_of(said["branch"]) if element_of(said["branch"]) == element else "")
        task = self._find(scope, element, kinds, name)
        if isinstance(task.task_spec, Asked | Called):
            token = scope.token_at(task)
            token.begun.add(name)
            self._waits[event.key] = _Wait(scope, element, task, token, name)
        else:
            self._waits[event.key] = _Wait(scope, element, task)

    def _find(self, scope: Scope, element: str, kinds: tuple[type[Any], ...], name: str = "") -> Any:
        """The token at an element, free for one more instance. Looks again after the ends that are due before it."""
        while True:
            standing = [*scope.live(element), *scope.choices(element)]
            for task in standing:
                spec = task.task_spec
                if isinstance(spec, kinds) and (
                    not isinstance(spec, Asked | Called) or scope.token_at(task).takes(name)
                ):
                    return task
            if standing and not any(isinstance(task.task_spec, kinds) for task in standing):
                raise _Departs(Why.OTHER_KIND, scope)
            if not self._end_branches(scope):
                raise _Departs(Why.NOT_NOW if element in self.model.names else Why.UNKNOWN, scope)

    def _ask(self, event: Event, said: dict[str, Any]) -> None:
        self._open(event, said, (Asked,))
        wait = self._waits[event.key]
        assert wait.token is not None
        spec = wait.task.task_spec
        if spec.owner:
            unit, duty = _lane(wait.scope.read_for(wait.token, wait.name, spec.owner))
            if unit != said["unit"]:
                raise _Departs(Why.OTHER_UNIT, wait.scope)
            if duty != said["duty"]:
                raise _Departs(Why.OTHER_DUTY, wait.scope)
        performer = wait.scope.read_for(wait.token, wait.name, spec.performer) if spec.performer else None
        if performer != said.get("officer"):
            raise _Departs(Why.OTHER_OFFICER, wait.scope)

    def _call(self, event: Event, said: dict[str, Any]) -> None:
        self._open(event, said, (Called,))

    def _await(self, event: Event, said: dict[str, Any]) -> None:
        self._open(event, said, (IntermediateCatchEvent, ReceiveTask, BoundaryEvent, EventBasedGateway))

    def _set(self, event: Event, said: dict[str, Any]) -> None:
        self._open(event, said, (IntermediateCatchEvent, BoundaryEvent, EventBasedGateway))
        wait = self._waits[event.key]
        expression = _moment_of(wait.task.task_spec, wait.element)
        wanted = wait.scope.read(expression) if expression else None
        if wanted is not None and _as_moment(wanted) != _as_moment(said["at"]):
            raise _Departs(Why.OTHER_MOMENT, wait.scope)

    # --- answers ---------------------------------------------------------------------------------------

    def _answer(self, event: Event, value: Any) -> None:
        wait = self._waits[event.key]
        if not wait.live or wait.task.id in wait.scope.interrupted:
            return  # the race was decided before; a late answer counts for nothing
        wait.answered = True
        if isinstance(wait.task.task_spec, EventBasedGateway | BoundaryEvent):
            wait.scope.note(wait.element, value, event.at)
            if (ended := wait.scope.interrupts(wait.task)) is not None:
                wait.scope.interrupted.add(ended.id)
            return  # takes effect when the flow decides
        if wait.token is None:
            wait.scope.note(wait.element, value, event.at)
            wait.scope.fire(wait.task)
        else:
            self._answer_one(wait, value, event.at)
        self._leave(wait.scope)

    @staticmethod
    def _answer_one(wait: _Wait, value: Any, at: datetime) -> None:
        assert wait.token is not None
        wait.token.done[wait.name] = value
        if wait.token.complete:
            wait.scope.note(wait.element, value if wait.token.items is None else wait.token.answers, at)
            wait.scope.pass_on(wait.task)

    def _submit(self, event: Event, said: dict[str, Any]) -> None:
        self._answer(event, said["data"])

    def _fired(self, event: Event, said: dict[str, Any]) -> None:
        self._answer(event, said["at"])

    def _arrive(self, event: Event, said: dict[str, Any]) -> None:
        self._messages[event.seq] = said["payload"]

    def _taken(self, event: Event, said: dict[str, Any]) -> None:
        self._answer(event, self._messages.pop(said["seq"]))

    def _returned(self, event: Event, said: dict[str, Any]) -> None:
        self._answer(event, said["result"])

    def _step(self, event: Event, said: dict[str, Any]) -> None:
        scope = self._scope(said["branch"])
        task = self._find(scope, said["element"], STEPS)
        scope.note(said["element"], said["result"], event.at)
        scope.pass_on(task)
        self._leave(scope)

    # --- decisions of the flow -------------------------------------------------------------------------

    def _gate(self, event: Event, _said: dict[str, Any]) -> None:
        if element_of(event.key) not in self.model.names:
            raise _Departs(Why.UNKNOWN, self._scope(branch_of(event.key)))

    def _decide(self, event: Event, said: dict[str, Any]) -> None:
        """A race is decided: the boundary events that have come interrupt, and the token goes through the gateway."""
        scope, gate = self._scope(said["branch"]), element_of(event.key)
        task = self._decided_by_event(scope, gate) or self._decided_within(scope, gate)
        if task is None:
            for wait in [w for w in self._waits.values() if w.scope is scope and w.answered and w.live]:
                if isinstance(wait.task.task_spec, BoundaryEvent) and _leads_to(wait.task.task_spec, gate):
                    scope.fire(wait.task)
            task = self._find(scope, gate, GATES)
            if isinstance(task.task_spec, EventBasedGateway):
                raise _Departs(Why.NOT_NOW, scope)
            scope.pass_on(task)
        self._leave(scope)

    def _decided_by_event(self, scope: Scope, gate: str) -> Any | None:
        """The event of an event-based gateway that came first, or the condition that holds."""
        for gateway in scope.live(gate):
            if isinstance(gateway.task_spec, EventBasedGateway):
                come = [w.element for w in self._waits.values() if w.task is gateway and w.answered]
                come += [each.name for each in gateway.task_spec.outputs if _holds(scope, gateway, each.name)]
                if come:
                    scope.choose(gateway, come[0])
                    return gateway
        return None

    def _decided_within(self, scope: Scope, gate: str) -> Any | None:
        """A race of two ways within a sub-process: the one that has come to its end ends the other."""
        for task in scope.live(gate):
            inside = scope.token_at(task).inside if isinstance(task.task_spec, Contained) else None
            if inside is not None and (last := inside.last()) is not None:
                inside.pass_on(last)
                self._leave(inside)
                return task
        return None

    def _end_branch(self, event: Event, said: dict[str, Any]) -> None:
        """The flow ends one branch; the throw event of the model ends them all, so its token waits for the last."""
        scope = self._scope(said["branch"])
        task = self._find(scope, element_of(event.key), (IntermediateThrowEvent,))
        if (scope, task) not in self._ending:
            self._ending.append((scope, task))

    def _end_branches(self, scope: Scope) -> bool:
        """Pass the ends of branches that the flow has carried out, or that find nothing to end."""
        for task in scope.signals():
            if (scope, task) in self._ending or scope.unheard(task):
                scope.pass_on(task)
                self._leave(scope)
                return True
        return False

    def _withdraw(self, event: Event, said: dict[str, Any]) -> None:
        wait = self._waits[event.key]
        if not wait.live:
            return
        if said.get("by_flow", True):
            if not any(ended in _around(wait.scope) for ended, _ in self._ending) and wait.task.id not in (
                wait.scope.interrupted
            ):
                self._taken_back = event  # right only if the case ends now
            return
        for scope in _around(wait.scope):
            if scope.withdrawal():
                self._complete(scope)
                return
        raise _Departs(Why.WITHDRAWN, wait.scope)

    _MAY_FOLLOW_A_WITHDRAWAL = frozenset(
        {"hand_off:withdraw", "wait:cancel", "case:close", "case:cancel", "case:supersede"}
    )

    # --- the case as a whole ---------------------------------------------------------------------------

    def _close(self, event: Event, _said: dict[str, Any]) -> None:
        self._taken_back = None
        root = self._root
        while self._end_branches(root):
            pass
        if (last := root.last()) is not None:
            root.pass_on(last)
        elif closing := [task for task in root.live("close") if isinstance(task.task_spec, IntermediateThrowEvent)]:
            root.pass_on(closing[0])
        if not root.complete and not _only_reopens(root):
            raise _Departs(Why.NOT_AT_THE_END, root)

    def _end(self, _event: Event, _said: dict[str, Any]) -> None:
        """Cancelled or superseded: those who may order that may order it at any time."""
        self._taken_back = None
        self._root.over = True

    def _reopen(self, _event: Event, _said: dict[str, Any]) -> None:
        root = self._root
        root.fire(self._find(root, "reopen", (IntermediateCatchEvent,)))

    # --- places ----------------------------------------------------------------------------------------

    def _scope(self, branch: str) -> Scope:
        """Where a branch of the flow stands in the model."""
        if branch in self._scopes:
            return self._scopes[branch]
        around = self._scope(branch_of(branch))
        part = SEGMENT.fullmatch(branch.rpartition("/")[2])
        assert part is not None, branch
        found = self._scopes[branch] = self._enter(around, part["element"], part["name"] or "")
        return found

    def _enter(self, around: Scope, element: str, name: str) -> Scope:
        for scope in _around(around):
            spec = scope.spec.task_specs.get(element)
            if isinstance(spec, Contained):
                return self._enter_one(scope, element, name)
            if isinstance(spec, Asked):
                return scope  # one instance of a task; the flow gave it a branch of its own
            if spec is not None:
                # A member of a race: a sub-process of the member's name, or nothing but a wait for other branches.
                member = scope.spec.task_specs.get(name)
                return self._enter_one(scope, name, "") if isinstance(member, Contained) else scope
        raise _Departs(Why.UNKNOWN, around)

    def _enter_one(self, scope: Scope, element: str, name: str) -> Scope:
        while True:
            for task in scope.live(element):
                token = scope.token_at(task)
                if token.inside is not None and token.inside.is_race():
                    return token.inside
                if token.takes(name):
                    return self._begin(scope, token, name)
            if not self._end_branches(scope):
                raise _Departs(Why.NOT_NOW, scope)

    def _begin(self, scope: Scope, token: Token, name: str) -> Scope:
        token.begun.add(name)
        spec, item = token.task.task_spec, None
        if spec.loop is not None and spec.loop.item is not None and token.items is not None:
            item = (spec.loop.item, token.items[name])
        inside = Scope(
            self.model, spec.spec, scope.functions, around=scope, token=token, name=name, item=item
        )  # fmt: skip
        token.inside = inside
        inside.advance()
        return inside

    def _leave(self, scope: Scope) -> None:
        """A sub-process that has come to its end goes on in the process around it."""
        if not scope.over and scope.token is not None and scope.complete:
            self._complete(scope)

    def _complete(self, scope: Scope) -> None:
        scope.over = True
        assert scope.token is not None
        assert scope.around is not None
        scope.token.done[scope.name] = None
        if scope.token.complete and scope.token.task.id not in scope.around.interrupted:
            scope.around.pass_on(scope.token.task)
            self._leave(scope.around)

    _ACTS: ClassVar[dict[str, Callable[[Play, Event, dict[str, Any]], None]]] = {
        "hand_off:open": _ask, "hand_off:submit": _submit, "hand_off:withdraw": _withdraw,
        "timer:set": _set, "timer:fire": _fired, "wait:cancel": _withdraw,
        "message:await": _await, "message:arrive": _arrive, "message:take": _taken,
        "call:start": _call, "call:return": _returned, "step:done": _step,
        "gate:open": _gate, "gate:decide": _decide, "branch:end": _end_branch,
        "case:close": _close, "case:cancel": _end, "case:supersede": _end, "case:reopen": _reopen,
    }  # fmt: skip


# --- small questions ---------------------------------------------------------------------------------------


def _around(scope: Scope) -> list[Scope]:
    """The scope and those around it, from within."""
    return [scope] if scope.around is None else [scope, *_around(scope.around)]


def _lane(held_by: Any) -> tuple[str, str]:
    """Unit and duty; a model that names a unit alone means its officers."""
    unit, duty = held_by if isinstance(held_by, tuple) else (held_by, Duty.OFFICER)
    return str(unit), str(duty)


def _moment_of(spec: Any, element: str) -> str:
    """The expression of a timer, also where an event-based gateway has taken it over."""
    definitions = getattr(spec.event_definition, "event_definitions", [spec.event_definition])
    return next((d.expression for d in definitions if isinstance(d, Moment) and d.name == element), "")


def _as_moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _holds(scope: Scope, gateway: Any, element: str) -> bool:
    index = next(n for n, spec in enumerate(gateway.task_spec.outputs) if spec.name == element)
    definition = gateway.task_spec.event_definition.event_definitions[index]
    return isinstance(definition, Condition) and bool(scope.read(definition.expression))


def _leads_to(spec: Any, gate: str) -> bool:
    return any(each.name == gate for each in spec.outputs)


def _only_reopens(scope: Scope) -> bool:
    """Nothing is awaited but that the case may be taken up again."""
    return all(
        spec.bpmn_id in {None, "reopen"} or is_last(spec)
        for spec in (task.task_spec for task in scope.workflow.tasks_in(LIVE))
    )
