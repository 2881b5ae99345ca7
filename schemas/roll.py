"""What a holiday does to a fixed date."""

from __future__ import annotations

from enum import StrEnum


class Roll(StrEnum):
    """What happens to a fixed date that is not a working day (requirements 3.3)."""

    KEEP = "keep"
    PREVIOUS = "previous"
    NEXT = "next"
