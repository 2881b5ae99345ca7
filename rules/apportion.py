"""Sharing out whole units of money so that the sum is exact: the method of the largest remainder.

Everybody gets the exact quota rounded down; what is left over, fewer units than there are shares, goes one each to
the largest remainders. Equal remainders: the greater weight first, then the id, so the order of the input never
matters. A share differs from its quota by less than one unit, and a greater weight never gets less. (Known of the
method: one more unit to share can take one from somebody; shares are therefore not compared between allocations.)
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, NamedTuple, TypeVar

Key = TypeVar("Key", bound="str | tuple[str, ...]")


class Portion(NamedTuple):
    units: int
    extra: Literal[0, 1]
    """Whether one of the units comes from the remainder."""


def apportion(units: int, weights: Mapping[Key, Fraction]) -> dict[Key, Portion]:
    """`units` shared out in proportion to `weights`, all of them positive; the portions add up to `units`.

    Raises ValueError for a negative number of units, and for a weight that is not positive.
    """
    if units < 0 or any(weight <= 0 for weight in weights.values()):
        raise ValueError("units must not be negative, and weights must be positive")
    if not weights:
        return {}
    whole = sum(weights.values(), Fraction(0))
    quotas = {key: units * weight / whole for key, weight in weights.items()}
    left = units - sum(int(quota) for quota in quotas.values())
    first = sorted(quotas, key=lambda key: (-(quotas[key] % 1), -weights[key], key))
    lucky = set(first[:left])
    return {
        key: Portion(int(quotas[key]) + 1, 1) if key in lucky else Portion(int(quotas[key]), 0)
        for key in sorted(quotas)
    }
