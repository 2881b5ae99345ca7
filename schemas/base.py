"""The ground every value stands on: frozen, closed, and never a naive time."""

from __future__ import annotations

import operator
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints


class Record(BaseModel):
    """A frozen value with named fields; an unknown field is an error. Change by `replace`."""

    # What somebody typed stands in no error: errors go to logs, to Prefect and into histories that many read.
    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, ser_json_timedelta="iso8601", hide_input_in_errors=True
    )

    def replace(self, **changes: Any) -> Self:
        """The same value with `changes`, validated anew."""
        return type(self).model_validate({**dict(self), **changes})


def _aware_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("naive_time")
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


@lru_cache(maxsize=4096)
def stamp(moment: datetime) -> str:
    """UTC with microseconds, the form in which times are written and hashed; a naive time is refused (ValueError)."""
    return _aware_utc(moment).isoformat(timespec="microseconds")


Moment = Annotated[
    datetime,
    AfterValidator(_aware_utc),
    PlainSerializer(stamp, when_used="json"),
]
"""A point in time; naive ones are refused at the door, all are kept in UTC with microseconds."""

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.\-]{0,127}$")]
"""Lower-case id that is safe in a URL, a tag and a file name; never an abbreviation such as กพร."""

UnitId = Identifier
OfficerId = Identifier
CaseId = Identifier

ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
TextIfAny = Annotated[LongText, Field(exclude_if=operator.not_)]
"""As above, and not written while it is empty: what is older than the field is made anew the same."""
DayIfAny = Annotated[date | None, Field(exclude_if=operator.not_)]
"""The same of a day."""
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
FiscalYear = Annotated[int, Field(ge=2484, le=2999)]
"""Fiscal year of the Buddhist era: FY2561 = 1 Oct 2017 to 30 Sep 2018 (requirements 3.1)."""
