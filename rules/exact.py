"""Exact arithmetic on decimals: nothing is rounded before the end, and no decimal context has a say.

Between a decimal in and a decimal out numbers are kept as ratios of whole numbers. A decimal with any number of
digits would lose the third in 1 + (10.01 − 10) / 3, and with it a half that has to be rounded up: with weights 1.5
and 98.5 and scores of 1.00333… and 1 the total is exactly 1.00005, so 1.0001 and not 1.0000.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from fractions import Fraction

SCORE_PLACES = 4
"""Scores and weighted scores have four decimals, «3.0000» [W-mds]."""


def ratio(number: Decimal | int) -> Fraction:
    """The number itself, without rounding. A binary float is refused (TypeError)."""
    if isinstance(number, float | bool):
        raise TypeError(f"{number!r} is not a decimal number")
    return Fraction(number)


def rounded(number: Fraction, places: int = SCORE_PLACES) -> Decimal:
    """To `places` decimals, halves away from zero (ROUND_HALF_UP)."""
    scaled = abs(number) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    # A decimal made of its digits does not pass through the caller's context.
    return Decimal((int(number < 0 and whole > 0), tuple(int(digit) for digit in str(whole)), -places))


def mean(weighted: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Σ(weight · value) / Σ weight over (weight, value); None without any weight."""
    total = weights = Fraction(0)
    for weight, value in weighted:
        total += weight * value
        weights += weight
    return total / weights if weights else None


def divided(text: str) -> tuple[Decimal, ...]:
    """Numbers as people write them in one line, «80 / 85 / 1,200.50»; raises ValueError where one is none."""
    try:
        found = tuple(Decimal(part.strip().replace(",", "")) for part in text.split("/"))
    except InvalidOperation:
        raise ValueError(text) from None
    if not all(value.is_finite() for value in found):
        raise ValueError(text)
    return found
