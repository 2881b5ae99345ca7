"""Numbers that mean exactly what was written: decimals, never binary floats, never infinite."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from annotated_types import GroupedMetadata
from pydantic import BeforeValidator, Field, PlainSerializer

from schemas.refusal import refusal


def _not_binary(value: Any) -> Any:
    if isinstance(value, float | bool):
        raise refusal("binary_float")
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures(GroupedMetadata):
    """How a decimal is written and within which limits it lies; text in JSON.

    The limits stand directly at the number and what refuses binary floats around both: then pydantic's core checks
    them. Limits that are added around the outside are checked in Python, three times as slowly, and a book of KPIs has
    thousands of figures.
    """

    places: int = 8
    """Digits after the point, of 20 in all."""
    gt: int | None = None
    ge: int | None = None
    le: int | None = None

    def __iter__(self) -> Iterator[object]:
        yield Field(max_digits=20, decimal_places=self.places, gt=self.gt, ge=self.ge, le=self.le)
        yield BeforeValidator(_not_binary)
        yield PlainSerializer(_written, return_type=str, when_used="json")


def _written(number: Decimal) -> str:
    return format(number, "f")


Exact = Annotated[Decimal, Figures()]
"""A decimal of at most 20 digits, 8 of them after the point. 0.1 as a binary float is refused."""

Weight = Annotated[Decimal, Figures(gt=0, le=1000)]
"""A weight, as a rule in per cent; parts of a composite have weights of their own scale, such as 2/1/2."""

Score = Annotated[Decimal, Figures(ge=0, le=5)]
"""A score of 0 to 5; 0 only where the criteria's floor says so (requirements 4.1)."""

ScoreAsPrinted = Annotated[Decimal, Figures(ge=0, le=5, places=4)]
"""A score with at most four decimals: what is compared with a threshold is what people can read."""

Money = Annotated[Decimal, Figures(ge=0, places=2)]
"""Baht, with satang after the point."""

Count = Annotated[int, Field(strict=True, ge=0)]
