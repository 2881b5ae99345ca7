"""How a record says what is wrong with it: a kind, the field, and facts. The sentences are in `rules.sentences`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Any

from pydantic_core import PydanticCustomError


def refusal(kind: str, field: str = "", **facts: Any) -> PydanticCustomError:
    """What a validator raises: `field` is the field below the place where the validator stands, if there is one."""
    return PydanticCustomError(kind, "{refused}", {"refused": kind, "field": field, **facts})


def refuse_repeats(field: str, names: Iterable[Hashable]) -> None:
    """Raises the refusal `repeated` for the first name that comes more than once."""
    listed = list(names)
    if len(set(listed)) == len(listed):
        return  # as nearly always; a book of KPIs is checked again and again
    for name, times in Counter(listed).items():
        if times > 1:
            raise refusal("repeated", field, what=str(name))
