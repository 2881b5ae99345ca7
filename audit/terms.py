"""What the expressions of a model are read on: the input of the case, and the recorded answers of its elements.

Expressions are Python's, without anything that acts: names, attributes, comparisons, `and`/`or`/`not`, comprehensions
and a dozen functions. They come from files whose hash is approved. `day(…)` stands for a named day of the office's
calendar, which may be moved while a case runs; it is not compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from types import CodeType
from typing import Any

from audit.errors import ModelCannotBeRead

Functions = Mapping[str, Callable[..., Any]]


class Said:
    """A recorded JSON object; its fields are attributes."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields

    def __getattr__(self, name: str) -> Any:
        try:
            return said(self._fields[name])
        except KeyError:
            raise AttributeError(name) from None


def said(value: Any) -> Any:
    """A recorded value as expressions see it."""
    if isinstance(value, dict):
        return Said(value)
    if isinstance(value, list):
        return [said(each) for each in value]
    return value


BUILT_IN: dict[str, Any] = {
    "__builtins__": {},
    "all": all, "any": any, "bool": bool, "len": len, "max": max, "min": min, "set": set, "sorted": sorted, "sum": sum,
    "moment": datetime.fromisoformat, "day": lambda _name: None,
}  # fmt: skip


@cache
def _code(expression: str) -> CodeType:
    return compile(expression.strip(), f"«{expression.strip()}»", "eval")


def evaluate(expression: str, names: Mapping[str, Any]) -> Any:
    """:raises ModelCannotBeRead: the expression asks for what the case has not recorded; the model is wrong."""
    try:
        # Closures of a comprehension look up globals only, so all names are given as such.
        return eval(_code(expression), _Globals(names))  # noqa: S307 - from a file whose hash is approved
    except Exception as trouble:
        raise ModelCannotBeRead(expression=expression, trouble=f"{type(trouble).__name__}: {trouble}") from trouble


class _Globals(dict[str, Any]):
    """Built-in functions first, then what the scope knows."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        super().__init__(BUILT_IN)
        self._names = names

    def __missing__(self, name: str) -> Any:
        return self._names[name]


def plain(recorded: Any) -> Any:
    """A recorded value as JSON, for what the rules read."""
    return recorded._fields if isinstance(recorded, Said) else recorded


def named(item: Any) -> str:
    """What an instance is called in the keys of the flow: the item itself, or what it is known by."""
    if isinstance(item, str | int):
        return str(item)
    for known_by in ("case", "number", "unit", "name"):
        if (found := getattr(item, known_by, None)) is not None:
            return str(found)
    raise ModelCannotBeRead(expression="len(…)", trouble=f"an instance without a name: {item!r}")
