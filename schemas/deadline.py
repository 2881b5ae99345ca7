"""When something is due: said as a rule, resolved to a moment when the work is opened."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Moment, Record


class Roll(StrEnum):
    """What happens to a fixed date that is not a working day (requirements 3.3)."""

    KEEP = "keep"
    PREVIOUS = "previous"
    NEXT = "next"


class At(Record):
    """At a fixed moment."""

    kind: Literal["at"] = "at"
    moment: Moment


class WorkingDays(Record):
    """End of office hours on the n-th working day after the day on which the work was opened."""

    kind: Literal["working_days"] = "working_days"
    days: int = Field(ge=0)


class WorkingHours(Record):
    """n office hours after the work was opened, counted within office hours of working days only."""

    kind: Literal["working_hours"] = "working_hours"
    hours: int = Field(ge=1)


Deadline = Annotated[At | WorkingDays | WorkingHours, Field(discriminator="kind")]
