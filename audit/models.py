"""What the words of a history mean: approved models, input, result and forms of its processes, the flow as written."""

from __future__ import annotations

import inspect
import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import flows
from audit.approved import approvals
from engine.errors import UnknownProcess
from engine.process import process_named
from ledger.event import Event
from schemas.base import Record
from schemas.form import FORMS

assert flows.__all__, "importing the package has registered the processes and their forms"


class Modelled(NamedTuple):
    """Under what a case runs, as it was opened."""

    process: str
    version: int
    model: str | None
    """SHA-256 of the approved model; None for a case from before cases recorded it."""


def modelled(opening: Event) -> Modelled:
    said = opening.content
    return Modelled(said["process"], said["version"], said.get("model"))


def of(cases: Collection[Modelled]) -> Iterator[tuple[str, bytes]]:
    """(name, content) of all that these cases run under; a process that this code no longer has is left out.

    :raises ModelWasChanged: a file is not what was approved.
    """
    for process_id, version in sorted({(case.process, case.version) for case in cases}):
        try:
            process = process_named(process_id, version)
        except UnknownProcess:
            continue
        stem = f"{process.id}-v{process.version}"
        yield f"{stem}.input.json", _schema(process.data)
        yield f"{stem}.result.json", _schema(process.result)
        yield f"{stem}.py.txt", Path(inspect.getfile(process.function)).read_bytes()
    recorded = {case.model for case in cases}
    standing = [approval for approval in approvals() if approval.sha256 in recorded]
    for approval in standing:
        yield f"{approval.sha256}.bpmn", approval.content()
    yield "approvals.json", _readable([approval.model_dump(mode="json") for approval in standing])
    for name, form in sorted(FORMS.items()):
        if form.__module__.startswith("schemas."):
            yield f"forms/{name}.json", _schema(form)


def _schema(model: type[Record]) -> bytes:
    return _readable(model.model_json_schema())


def _readable(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"
