"""A service task: one retried thing. It reads and computes; what it changes is written together with its result.

A step function gets a `Step` first. It may read the ledger as often as it likes. Whatever it wants to write it hands
to `Step.then`; the engine runs that in the very transaction that records the step as done. So a step that is retried
after a crash either did everything or nothing, and no step needs to be idempotent on its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, get_type_hints

from pydantic import TypeAdapter

from ledger.work import Work
from schemas.actor import Actor

if TYPE_CHECKING:
    from engine.runtime import Runtime

P = ParamSpec("P")
R = TypeVar("R")
Effect = Callable[[Work], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Step:
    """What a step function has at hand."""

    case_id: str
    key: str
    now: datetime
    """Ledger time at which the step began."""
    actor: Actor
    runtime: Runtime
    effects: list[Effect] = field(default_factory=list)
    locks: set[str] = field(default_factory=set)

    def lock(self, *case_ids: str) -> None:
        """Other cases that the effects change; all are locked at once, so that no two steps wait in a circle."""
        self.locks.update(case_ids)

    def then(self, effect: Effect) -> None:
        """Run `effect` in the transaction that records this step.

        It may raise `Overtaken` when what the step has read does not hold under the lock: the step begins anew.
        """
        self.effects.append(effect)


@dataclass(frozen=True, kw_only=True)
class StepTask(Generic[P, R]):
    """A step function with its Thai name and how often Prefect retries it."""

    function: Callable[Concatenate[Step, P], Awaitable[R]]
    name_th: str
    retries: int
    retry_delay_seconds: float

    @property
    def name(self) -> str:
        return self.function.__name__

    @cached_property
    def result(self) -> TypeAdapter[R]:
        """Writes and reads the result as JSON values, by the function's return annotation."""
        return TypeAdapter(get_type_hints(self.function)["return"])


def step_task(
    name_th: str, *, retries: int = 3, retry_delay_seconds: float = 2
) -> Callable[[Callable[Concatenate[Step, P], Awaitable[R]]], StepTask[P, R]]:
    """Make a step of a function; `name_th` is what the operator reads on the task run."""

    def decorate(function: Callable[Concatenate[Step, P], Awaitable[R]]) -> StepTask[P, R]:
        return StepTask(function=function, name_th=name_th, retries=retries, retry_delay_seconds=retry_delay_seconds)

    return decorate


def to_json(task: StepTask[..., Any], value: Any) -> Any:
    """A result as JSON values."""
    return task.result.dump_python(value, mode="json")
