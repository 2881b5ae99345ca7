"""What the words of a history mean: the input, result and forms of its processes, and the flow as it is written."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from pathlib import Path

import flows
from engine.errors import UnknownProcess
from engine.process import Process, process_named
from schemas.base import Record
from schemas.form import FORMS

assert flows.__all__, "importing the package has registered the processes and their forms"


def of(processes: set[tuple[str, int]]) -> Iterator[tuple[str, bytes]]:
    """(name, content) of each model of these processes; one that this code no longer has is left out."""
    for process_id, version in sorted(processes):
        try:
            process = process_named(process_id, version)
        except UnknownProcess:
            continue
        stem = f"{process.id}-v{process.version}"
        yield f"{stem}.input.json", _schema(process.data)
        yield f"{stem}.result.json", _schema(process.result)
        yield from _written(stem, process)
    for name, form in sorted(FORMS.items()):
        if form.__module__.startswith("schemas."):
            yield f"forms/{name}.json", _schema(form)


def _written(stem: str, process: Process) -> Iterator[tuple[str, bytes]]:
    """The file in which the flow is written, and its diagram where there is one beside it."""
    source = Path(inspect.getfile(process.function))
    yield f"{stem}.py.txt", source.read_bytes()
    diagram = source.with_suffix(".bpmn")
    if diagram.is_file():
        yield f"{stem}.bpmn", diagram.read_bytes()


def _schema(model: type[Record]) -> bytes:
    return json.dumps(model.model_json_schema(), ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"
