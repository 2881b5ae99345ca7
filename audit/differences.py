"""What an audit found: where the ledger and today's code do not say the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_jsonable_python

LONGEST = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One value that is not what it should be. `seq` is the event it is about; None where there is none."""

    seq: int | None
    where: str
    """`hand_off:open`, `mail:task`, `hand_offs` …"""
    key: str
    field: str
    held: Any
    """What the ledger holds."""
    made: Any
    """What comes out when it is made anew."""

    @property
    def place(self) -> str:
        """The event, the record or table, and the field, for the reader of a sentence."""
        number = "" if self.seq is None else f"#{self.seq} "
        return f"{number}{self.where} «{self.key}» {self.field}"


def short(value: Any) -> str:
    """A value in one line, cut where it is long."""
    text = _text(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    plain = to_jsonable_python(value, fallback=str)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def fields_of(held: bytes, made: bytes) -> Iterator[tuple[str, Any, Any]]:
    """(field, held, made) of each field in which two canonical JSON objects differ; the texts where they are none."""
    here, there = json.loads(held), json.loads(made)
    if not (isinstance(here, dict) and isinstance(there, dict)):
        yield "", here, there
        return
    for name in sorted(here.keys() | there.keys()):
        if here.get(name, _NONE) != there.get(name, _NONE):
            yield name, here.get(name), there.get(name)


_NONE = object()
