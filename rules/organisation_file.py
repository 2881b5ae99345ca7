"""Reading a ministry's organisation and policy from YAML; what is wrong is named by field, or by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rules.errors import BrokenFile, BrokenOrganisationFile, BrokenPolicyFile
from rules.sentences import sentence_of
from schemas.base import Record
from schemas.form import Problem
from schemas.organisation import Organisation
from schemas.policy import Policy

_R = TypeVar("_R", bound=Record)


class _Loader(yaml.SafeLoader):
    """YAML without three of its traps: 16:00 is not 960, `on` is not true, a name given twice is an error."""

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
    "tag:yaml.org,2002:bool": (r"true|false", "tf"),
}
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _PLAIN]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _tag, (_pattern, _firsts) in _PLAIN.items():
    _Loader.add_implicit_resolver(_tag, re.compile(f"^(?:{_pattern})$"), list(_firsts))


def load_organisation(text: str) -> Organisation:
    """The organisation that a YAML file describes. Raises BrokenOrganisationFile."""
    return _load(text, Organisation, BrokenOrganisationFile)


def load_policy(text: str) -> Policy:
    """The policy that a YAML file describes; what it leaves out is the default. Raises BrokenPolicyFile."""
    return _load(text, Policy, BrokenPolicyFile)


def _load(text: str, kind: type[_R], broken: type[BrokenFile]) -> _R:
    try:
        data = yaml.load(text, _Loader)  # noqa: S506 (a SafeLoader)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: 2018-02-30
        raise broken((_of_yaml(error),)) from None
    data = {} if data is None else data
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        found = [problem for each in error.errors(include_url=False) for problem in _of_value(each, data)]
        raise broken(tuple(found)) from None


def _of_yaml(error: yaml.YAMLError | ValueError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    detail = getattr(error, "problem", None) or str(error)
    return Problem(
        field="",
        th=(f"บรรทัดที่ {mark.line + 1}: " if mark else "") + f"รูปแบบ YAML ไม่ถูกต้อง ({detail})",
        en=(f"line {mark.line + 1}: " if mark else "") + f"this is not valid YAML ({detail})",
    )


def _of_value(error: ErrorDetails, data: Any) -> Iterator[Problem]:
    if error["type"] == "value_error" and not error["loc"]:
        yield from _of_whole(str(error.get("ctx", {}).get("error", "")))
        return
    path = _path(error["loc"], data)
    th, en = sentence_of(error, path or "แฟ้ม", path or "file")
    yield Problem(field=path, th=th, en=en)


def _path(loc: tuple[int | str, ...], data: Any) -> str:
    """For example `units[dept-plan].role`: an item of a list is named by its id where it has one."""
    path, at = "", data
    for step in loc:
        at = at[step] if _has(at, step) else None
        if isinstance(step, int):
            path += f"[{at.get('id', step + 1) if isinstance(at, dict) else step + 1}]"
        else:
            path += f".{step}" if path else step
    return path


def _has(at: Any, step: int | str) -> bool:
    return (isinstance(at, dict) and step in at) or (isinstance(at, list) and isinstance(step, int) and step < len(at))


_WHOLE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(english), thai)
    for english, thai in (
        (r"(?P<field>\S+): id '(?P<what>.*)' is used (?P<n>\d+) times", "{field}: รหัส «{what}» ซ้ำกัน {n} ครั้ง"),
        (r"(?P<field>\S+): unknown unit '(?P<what>.*)'", "{field}: ไม่พบหน่วยงาน «{what}»"),
        (r"(?P<field>\S+): unknown officer", "{field}: ไม่พบเจ้าหน้าที่"),
        (r"(?P<field>\S+): the unit is its own ancestor", "{field}: หน่วยงานเป็นต้นสังกัดของตนเอง"),
    )
)


def _of_whole(message: str) -> Iterator[Problem]:
    """The organisation's own findings, which name the field already."""
    for finding in message.split("; "):
        for pattern, thai in _WHOLE:
            if found := pattern.fullmatch(finding):
                yield Problem(field=found["field"], th=thai.format(**found.groupdict()), en=finding)
                break
        else:
            yield Problem(field="", th=f"ข้อมูลไม่สอดคล้องกัน: {finding}", en=finding)
