"""The keys of a process's elements, read from the source of its flow and of the modules that the flow is made of."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from engine.process import Process

POSITION = {
    "hand_off": 0, "step": 0, "step_of": 0, "until": 0, "receive": 0, "hear": 0, "send": 0, "call": 0, "start": 0,
    "fork": 0, "end": 0, "all_of": 0, "race": 0, "any_of": 0, "at_least": 1,
}  # fmt: skip
"""Methods of `engine.case.Case` that the ledger remembers, and which argument is the element's id."""


@cache
def _sources(process: Process) -> tuple[ast.Module, ...]:
    """The flow's module and the modules of `flows` that it is made of."""
    wanted, found = [process.entrypoint.rpartition(".")[0]], dict[str, ast.Module]()
    while wanted:
        if (name := wanted.pop()) not in found:
            found[name] = ast.parse(Path(str(importlib.import_module(name).__file__)).read_text())
            wanted += [
                node.module for node in ast.walk(found[name])
                if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("flows.")
            ]  # fmt: skip
    return tuple(found.values())


def keys_of(process: Process) -> set[str]:
    """Every element that the flow can ask the ledger for."""
    return {key for source in _sources(process) for key in _keys(source, process)}


def members_of(process: Process) -> set[str]:
    """The names of members of races and quorums."""
    found = set()
    for source in _sources(process):
        for call in _calls(source, "race", "any_of", "at_least"):
            members = [each for each in ast.walk(call) if isinstance(each, ast.Dict)]
            found |= {str(key.value) for each in members for key in each.keys if isinstance(key, ast.Constant)}
    return found


def _calls(source: ast.AST, *methods: str) -> Iterator[ast.Call]:
    for node in ast.walk(source):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods:
            yield node


def _keys(source: ast.Module, process: Process) -> Iterator[str]:
    for call in _calls(source, *POSITION):
        place = POSITION[call.func.attr]  # type: ignore[attr-defined]
        if len(call.args) > place:
            yield from _texts(call.args[place], source, process)
    if any(_calls(source, "close")):
        yield "close"


def _texts(argument: ast.expr, source: ast.Module, process: Process) -> Iterator[str]:
    """What the argument can be: a text, one of two texts, a constant of a module, or what a helper was given."""
    match argument:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=first, orelse=second):
            yield from _texts(first, source, process)
            yield from _texts(second, source, process)
        case ast.Name(id=name):
            for value in list(_constants(name, process)) or list(_given(name, source)):
                yield from _texts(value, source, process)
        case _:
            raise AssertionError(f"an element's id that cannot be read: {ast.unparse(argument)}")


def _constants(name: str, process: Process) -> Iterator[ast.expr]:
    """What a name is set to at the top of the process's modules, alone or together with others."""
    for source in _sources(process):
        for node in source.body:
            match node:
                case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
                    yield value
                case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                    pairs = zip(names, values, strict=True)
                    yield from (value for each, value in pairs if isinstance(each, ast.Name) and each.id == name)


def _given(name: str, source: ast.Module) -> Iterator[ast.expr]:
    """What helpers of this module with a parameter of the name are called with."""
    for helper in ast.walk(source):
        if isinstance(helper, ast.FunctionDef | ast.AsyncFunctionDef):
            parameters = [each.arg for each in helper.args.args]
            if name in parameters:
                for call in ast.walk(source):
                    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == helper.name:
                        yield call.args[parameters.index(name)]
