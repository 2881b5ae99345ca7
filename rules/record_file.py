"""Reading one record from YAML; what is wrong is named by field, or by line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rules.errors import BrokenFile
from rules.sentences import sentence_of
from schemas.base import Record
from schemas.form import Problem

_R = TypeVar("_R", bound=Record)


Whole = Callable[[str], Iterator[Problem]]
"""Says what a record found wrong with itself as a whole, which is one `ValueError` of its own."""


class _Loader(yaml.SafeLoader):
    """YAML without four of its traps: 16:00 is not 960, `on` is not true, 0.1 is not binary, no name counts twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"«{key.value}» is given twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


_PLAIN = {
    "tag:yaml.org,2002:int": (r"[-+]?(?:0|[1-9][0-9_]*)", "-+0123456789"),
    "tag:yaml.org,2002:float": (r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+", "-+0123456789"),
    "tag:yaml.org,2002:bool": (r"true|false", "tf"),
}
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _PLAIN]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _tag, (_pattern, _firsts) in _PLAIN.items():
    _Loader.add_implicit_resolver(_tag, re.compile(f"^(?:{_pattern})$"), list(_firsts))


def _decimal(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)))


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)


def load_record(
    text: str, kind: type[_R], broken: type[BrokenFile], whole: Whole | None = None, *, by_line: bool = False
) -> _R:
    """The record that a YAML text describes. Raises `broken`, with a sentence in Thai and in English for each field.

    :param by_line: each sentence also says the line of the file.
    """
    try:
        data = yaml.load(text, _Loader)  # noqa: S506 (a SafeLoader)
    except (yaml.YAMLError, ValueError, ArithmeticError) as error:  # 2018-02-30; !!float x
        raise broken((_of_yaml(error),)) from None
    data = {} if data is None else data
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        tree = yaml.compose(text, _Loader) if by_line else None
        found = [
            _in_line(problem, _line_of(tree, each["loc"]) if tree else 0)
            for each in error.errors(include_url=False)
            for problem in _of_value(each, data, whole)
        ]
        raise broken(tuple(found)) from None


def _in_line(problem: Problem, line: int) -> Problem:
    if not line:
        return problem
    return problem.replace(th=f"บรรทัดที่ {line}: {problem.th}", en=f"line {line}: {problem.en}")


def _line_of(node: yaml.Node, loc: tuple[int | str, ...]) -> int:
    """The line, from 1, of the deepest part of `loc` that stands in the file; what is missing has that of its owner."""
    line = node.start_mark.line + 1
    for step in loc:
        found = _within(node, step)
        if found is not None:
            key, node = found
            line = key.start_mark.line + 1
    return line


def _within(node: yaml.Node, step: int | str) -> tuple[yaml.Node, yaml.Node] | None:
    """(where it begins, its value) of a part of a mapping or a list; None for what is missing, and pydantic's marks."""
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def _of_yaml(error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    detail = getattr(error, "problem", None) or str(error)
    return Problem(
        field="",
        th=(f"บรรทัดที่ {mark.line + 1}: " if mark else "") + f"รูปแบบ YAML ไม่ถูกต้อง ({detail})",
        en=(f"line {mark.line + 1}: " if mark else "") + f"this is not valid YAML ({detail})",
    )


def _of_value(error: ErrorDetails, data: Any, whole: Whole | None) -> Iterator[Problem]:
    facts = error.get("ctx", {})
    if whole and error["type"] == "value_error" and not error["loc"]:
        yield from whole(str(facts.get("error", "")))
        return
    path = ".".join(step for step in (_path(error["loc"], data), facts.get("field", "")) if step)
    th, en = sentence_of(error, path or "แฟ้ม", path or "file")
    yield Problem(field=path, th=th, en=en)


def _path(loc: tuple[int | str, ...], data: Any) -> str:
    """For example `units[dept-plan].role`: an item of a list is named by its id or number where it has one."""
    path, at = "", data
    for step in loc:
        if step == "[key]" or (isinstance(at, dict) and step not in at and at.get("kind") == step):
            continue  # pydantic's marks for a key, and for the member of a union that `kind` chose
        inside, at = at, at[step] if _has(at, step) else None
        if isinstance(step, int) and not isinstance(inside, dict):
            named = at if isinstance(at, dict) else {}
            path += f"[{named.get('id', named.get('number', step + 1))}]"
        else:
            path += f".{step}" if path else str(step)
    return path


def _has(at: Any, step: int | str) -> bool:
    return (isinstance(at, dict) and step in at) or (isinstance(at, list) and isinstance(step, int) and step < len(at))
