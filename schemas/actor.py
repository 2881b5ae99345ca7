"""Who did it. Everything that changes a case names an actor (design, rule 7)."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Self

from pydantic import model_validator

from schemas.base import OfficerId, Record, UnitId


class ActorKind(StrEnum):
    OFFICER = "officer"
    SYSTEM = "system"


class Actor(Record):
    """An officer, an officer acting for another unit under an instrument of delegation, or the system."""

    kind: ActorKind
    officer: OfficerId | None = None
    unit: UnitId | None = None
    name: str = ""
    instrument: str | None = None
    """Number and date of the order of delegation; set only when the officer acts for another unit."""
    through: str = ""
    """How the actor came in: `session`, `link`, `command-line`, `flow`, `sweep`, `prefect-ui`."""

    @model_validator(mode="after")
    def _officer_is_named(self) -> Self:
        if (self.kind is ActorKind.OFFICER) != (self.officer is not None):
            raise ValueError("an officer has an id, the system has none")
        return self


@lru_cache(maxsize=32)
def system(through: str) -> Actor:
    """The system itself, acting through one of its parts."""
    return Actor(kind=ActorKind.SYSTEM, name="ระบบ", through=through)
