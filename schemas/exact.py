"""Numbers that mean exactly what was written: decimals, never binary floats, never infinite."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer

from schemas.refusal import refusal


def _not_binary(value: Any) -> Any:
    if isinstance(value, float | bool):
        raise refusal("binary_float")
    return value


Exact = Annotated[
    Decimal,
    BeforeValidator(_not_binary),
    Field(max_digits=20, decimal_places=8),
    PlainSerializer(lambda number: format(number, "f"), return_type=str, when_used="json"),
]
"""A decimal of at most 20 digits, 8 of them after the point; text in JSON. 0.1 as a binary float is refused."""

Weight = Annotated[Exact, Field(gt=0, le=1000)]
"""A weight, as a rule in per cent; parts of a composite have weights of their own scale, such as 2/1/2."""

Score = Annotated[Exact, Field(ge=0, le=5)]
"""A score of 0 to 5; 0 only where the criteria's floor says so (requirements 4.1)."""

Money = Annotated[Exact, Field(ge=0, decimal_places=2)]
"""Baht, with satang after the point."""

Count = Annotated[int, Field(strict=True, ge=0)]
