"""One place of a case in its model: the process, or one instance of a sub-process; SpiffWorkflow moves its tokens."""

from __future__ import annotations

from collections import ChainMap, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, cast

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    EventBasedGateway,
    InclusiveGateway,
    ParallelGateway,
)
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import TerminateEventDefinition
from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from audit.notation import Contained, Model, is_key
from audit.terms import Functions, evaluate, named, said

LIVE = TaskState.READY | TaskState.WAITING
LONG = 80
"""Tasks of SpiffWorkflow in one place, from which on those that are past are forgotten."""


class _Reader(PythonScriptEngine):
    """Conditions of gateways are read on what the scope knows."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self._scope = scope

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        return self._scope.read(expression)


class _Workflow(BpmnWorkflow):
    """Looks through its tasks as a list; the library walks their tree after every step, at most a thousand deep."""

    def tasks_in(self, state: int) -> list[Any]:
        return [task for task in self.tasks.values() if task.has_state(state)]

    def update_waiting_tasks(self) -> None:
        for task in self.tasks_in(TaskState.WAITING):
            task.task_spec._update(task)

    def forget_what_is_past(self) -> None:
        """Let the tokens stand right below the start: the library's tree grows with each turn of a loop, and its
        walks with it. What waits beside an activity (its boundary events) stays together; where ways join again the
        library looks at what came before, so there all is kept.
        """
        if len(self.tasks) < LONG or any(_joins(spec) for spec in self.spec.task_specs.values()):
            return
        tops = {id(top): top for top in map(self._top, self.tasks_in(TaskState.NOT_FINISHED_MASK))}
        kept = {task.id: task for top in tops.values() for task in _subtree(top)}
        for top in tops.values():
            top.parent = self.task_tree
        self.task_tree.children = list(tops.values())
        self.tasks.clear()
        self.tasks.update({self.task_tree.id: self.task_tree} | kept)

    def _top(self, task: Any) -> Any:
        """The highest task above this one that is not past, or that keeps together what is not."""
        top, above = task, task.parent
        while above is not None and above is not self.task_tree:
            split = isinstance(above.task_spec, BoundaryEventSplit)
            if above.has_state(TaskState.NOT_FINISHED_MASK) or (
                split and any(each.has_state(TaskState.NOT_FINISHED_MASK) for each in above.children)
            ):
                top = above
            above = above.parent
        return top


@dataclass(slots=True)
class Token:
    """A token at an activity that has instances: those of its collection, or one."""

    task: Any
    items: dict[str, Any] | None
    """The members of the collection by name; None for an activity without a multi-instance marker."""
    known: dict[str, Any] = field(default_factory=dict)
    """What was known when the token came: the next one at this activity may have come with other news."""
    begun: set[str] = field(default_factory=set)
    done: dict[str, Any] = field(default_factory=dict)
    inside: Scope | None = None
    """The instance that began last."""

    def takes(self, name: str) -> bool:
        """May an instance of this name begin?"""
        return not self.begun if self.items is None else name in self.items and name not in self.begun

    @property
    def complete(self) -> bool:
        return bool(self.done) if self.items is None else self.done.keys() >= self.items.keys()

    @property
    def answers(self) -> list[Any]:
        """In the order of the collection."""
        return [self.done[name] for name in self.items or ()]


class Scope:
    """Tokens, and what has been recorded in this place. A name that is not known here is looked up around it."""

    def __init__(
        self, model: Model, spec: str, functions: Functions, *,
        around: Scope | None = None, token: Token | None = None, name: str = "", item: tuple[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.model, self.spec, self.functions = model, model.specs[spec], functions
        self.around, self.token, self.name = around, token, name
        self.values: dict[str, Any] = dict(token.known) if token is not None else {}
        if item is not None:
            self.values[item[0]] = item[1]
        self.times: dict[str, datetime] = {}
        self._order: list[str] = []
        """Elements in the order in which they were answered."""
        self._instances: dict[str, dict[str, Any]] = defaultdict(dict)
        """Answers of elements within multi-instance sub-processes, by the name of the instance."""
        self.interrupted: set[Any] = set()
        """Tasks whose interrupting boundary event has come, before the flow has taken note of it."""
        self.over = False
        self._tokens: dict[Any, Token] = {}
        self.workflow = _Workflow(self.spec, model.specs, script_engine=_Reader(self))

    # --- what is known ---------------------------------------------------------------------------------

    def read(self, expression: str) -> Any:
        return evaluate(expression, cast(Any, self))

    def read_for(self, token: Token, name: str, expression: str) -> Any:
        """The same for one instance of an activity, which knows its member of the collection."""
        loop = token.task.task_spec.loop
        if loop is None or loop.item is None or token.items is None:
            return self.read(expression)
        return evaluate(expression, ChainMap({loop.item: token.items[name]}, cast(Any, self)))

    def __getitem__(self, name: str) -> Any:
        if name in self.values:
            return self.values[name]
        if name in _QUESTIONS:
            return partial(_QUESTIONS[name], self)
        if self.around is not None:
            return self.around[name]
        return self.functions[name]

    def at(self, element: str) -> datetime:
        """When an element was answered last."""
        if element in self.times or self.around is None:
            return self.times[element]
        return self.around.at(element)

    def instance(self) -> str:
        """What the flow calls this instance, such as the number of a KPI; failing that, the one around it."""
        return self.name or (self.around.instance() if self.around is not None else "")

    def is_known(self, element: str) -> bool:
        """Has it been answered here?"""
        return element in self.times

    def count(self, element: str) -> int:
        """How often it has been answered here."""
        return self._order.count(element)

    def latest(self, *elements: str) -> str:
        """Which of these was answered last here."""
        return next((each for each in reversed(self._order) if each in elements), "")

    def by_instance(self, element: str) -> dict[str, Any]:
        """The answers of an element within a multi-instance sub-process, by the name of the instance."""
        return self._instances[element]

    def begun(self, element: str) -> set[str]:
        """The names of all instances that were to begin at an element, here or around."""
        tokens = [token for token in self._tokens.values() if token.task.task_spec.name == element]
        here = {name for token in tokens for name in token.items or ()}
        return here | (self.around.begun(element) if self.around is not None else set())

    def going_on(self, element: str) -> set[str]:
        """The names of the instances at an element, here or around, that are not over."""
        tokens = [token for token in self._tokens.values() if token.task.task_spec.name == element]
        here = {name for token in tokens for name in token.items or () if name not in token.done}
        return here | (self.around.going_on(element) if self.around is not None else set())

    def no_token_at(self, element: str) -> bool:
        """Is all over at an element, or has it not begun?"""
        return not self.live(element)

    def latest_is_over(self, element: str) -> bool:
        """Is the token that came to an element last gone on?"""
        tokens = [token for token in self._tokens.values() if token.task.task_spec.name == element]
        return not tokens[-1].task.has_state(LIVE) if tokens else self.no_token_at(element)

    def note(self, element: str, value: Any, at: datetime) -> None:
        """An answer; what a sub-process without instances of its own learns is known around it as well."""
        self.values[element], self.times[element] = said(value), at
        self._order.append(element)
        if self.token is None or self.around is None:
            return
        if self.token.items is None:
            self.around.note(element, value, at)
        else:
            self.around.note_instance(element, self.name, value)

    def note_instance(self, element: str, name: str, value: Any) -> None:
        """The answer of one instance."""
        self._instances[element][name] = said(value)
        if self.around is not None and self.token is not None and self.token.items is None:
            self.around.note_instance(element, name, value)

    # --- tokens ----------------------------------------------------------------------------------------

    @property
    def alive(self) -> bool:
        """Is there still a token that this place belongs to?"""
        if self.over or self.around is None:
            return not self.over
        assert self.token is not None
        return self.token.task.has_state(LIVE) and self.around.alive

    def live(self, element: str) -> list[Any]:
        """The tokens at an element, waiting or ready."""
        return [task for task in self.workflow.tasks_in(LIVE) if task.task_spec.name == element]

    @property
    def complete(self) -> bool:
        """Have all tokens come to an end?"""
        return bool(self.workflow.completed)

    def choices(self, element: str) -> Iterator[Any]:
        """Event-based gateways that wait for this event among others."""
        for task in self.workflow.tasks_in(TaskState.WAITING):
            if isinstance(task.task_spec, EventBasedGateway) and any(
                spec.name == element for spec in task.task_spec.outputs
            ):
                yield task

    def awaited(self) -> list[str]:
        """Elements that may come next here, for the reader of a deviation."""
        found = []
        for task in self.workflow.tasks_in(LIVE):
            spec = task.task_spec
            if isinstance(spec, EventBasedGateway):
                found += [spec.bpmn_id, *(each.name for each in spec.outputs)]
            elif spec.bpmn_id is not None and (is_key(spec.bpmn_id) or is_last(spec)):
                found.append(spec.bpmn_id)
        return list(dict.fromkeys(found))

    def token_at(self, task: Any) -> Token:
        """The instances of an activity; its collection is read when the token comes."""
        token = self._tokens.get(task.id)
        if token is None:
            loop = task.task_spec.loop
            members = None if loop is None else {named(item): item for item in self.read(loop.collection)}
            token = self._tokens[task.id] = Token(task, members, dict(self.values) if loop is None else {})
        return token

    def pass_on(self, task: Any) -> None:
        """The token leaves the task; everything that only steers follows."""
        task.run()
        self.advance()

    def advance(self) -> None:
        """Move tokens until each stands at something that the ledger must tell."""
        while moved := [task for task in self._ready() if self._goes_by_itself(task)]:
            for task in moved:
                if task.state == TaskState.READY:
                    task.run()

        self.workflow.forget_what_is_past()
        for event in self.workflow.get_events():
            if self.around is not None:
                self.around.hear(event)

    def hear(self, event: Any) -> None:
        """A sub-process tells the process around it of something (an escalation), and goes on."""
        for task in self._boundaries():
            if task.task_spec.event_definition == event.event_definition:
                self.fire(task)
                self._hear_again(task)

    @staticmethod
    def _hear_again(task: Any) -> None:
        """A boundary event that does not interrupt may come any number of times; SpiffWorkflow takes it once."""
        again = task.parent._add_child(task.task_spec, TaskState.WAITING)
        again.task_spec._predict(again, mask=TaskState.NOT_FINISHED_MASK)

    def _ready(self) -> list[Any]:
        return self.workflow.tasks_in(TaskState.READY)

    def _boundaries(self) -> list[Any]:
        """Boundary events that may still come."""
        return [task for task in self.workflow.tasks_in(TaskState.WAITING) if isinstance(task.task_spec, BoundaryEvent)]

    def _goes_by_itself(self, task: Any) -> bool:
        spec = task.task_spec
        if spec.bpmn_id is None:
            return True  # what SpiffWorkflow puts between the elements
        if isinstance(task.parent.task_spec, EventBasedGateway):
            return True  # the event was chosen at the gateway
        if isinstance(spec, Contained) or getattr(spec, "loop", None) is not None:
            return self.token_at(task).complete  # as when nobody was to be asked
        return not is_key(spec.bpmn_id) and not is_last(spec)

    # --- events ----------------------------------------------------------------------------------------

    def fire(self, task: Any) -> None:
        """An event has come for which this task waits."""
        self._catch(task, task.task_spec.event_definition)
        self.pass_on(task)

    def choose(self, gateway: Any, element: str) -> None:
        """Of the events that an event-based gateway waits for, this one has come."""
        index = next(n for n, spec in enumerate(gateway.task_spec.outputs) if spec.name == element)
        self._catch(gateway, gateway.task_spec.event_definition.event_definitions[index])
        self.pass_on(gateway)

    @staticmethod
    def _catch(task: Any, definition: Any) -> None:
        task.task_spec.catch(task, BpmnEvent(definition))
        task.task_spec._update(task)

    def interrupts(self, task: Any) -> Any | None:
        """The activity that an interrupting boundary event ends."""
        if not isinstance(task.task_spec, BoundaryEvent) or not task.task_spec.cancel_activity:
            return None
        return next(child for child in task.parent.children if not isinstance(child.task_spec, BoundaryEvent))

    def unheard(self, task: Any) -> bool:
        """Would nobody be ended by this signal?"""
        signal = task.task_spec.event_definition
        return not any(waiting.task_spec.event_definition == signal for waiting in self._boundaries())

    def signals(self) -> Iterator[Any]:
        """Ready throw events by which the flow ends branches."""
        for task in self._ready():
            if isinstance(getattr(task.task_spec, "event_definition", None), SignalEventDefinition):
                yield task

    def last(self) -> Any | None:
        """A token at an end that ends everything here."""
        return next((task for task in self._ready() if is_last(task.task_spec)), None)

    def withdrawal(self) -> bool:
        """May work that is asked for here be withdrawn from outside?"""
        return any(isinstance(spec, Contained) and spec.by_event for spec in self.spec.task_specs.values())

    def is_race(self) -> bool:
        """Two ways side by side, of which the first that comes to its end decides."""
        return any(is_last(spec) for spec in self.spec.task_specs.values())


def _joins(spec: Any) -> bool:
    """Does a gateway wait for several ways? The end of a process does not: it waits for whatever has not ended."""
    return isinstance(spec, ParallelGateway | InclusiveGateway) and len(spec.inputs) > 1


def _subtree(task: Any) -> Iterator[Any]:
    yield task
    for child in task.children:
        yield from _subtree(child)


_QUESTIONS: dict[str, Callable[..., Any]] = {
    "at": Scope.at, "known": Scope.is_known, "count": Scope.count, "latest": Scope.latest, "begun": Scope.begun,
    "going_on": Scope.going_on, "instance": Scope.instance,
    "by_instance": Scope.by_instance, "over": Scope.no_token_at, "latest_over": Scope.latest_is_over,
}  # fmt: skip
"""What expressions may ask beside the answers themselves."""


def is_last(spec: Any) -> bool:
    """A terminate end event: the flow says when it has come there."""
    return isinstance(spec, EndEvent) and isinstance(spec.event_definition, TerminateEventDefinition)
