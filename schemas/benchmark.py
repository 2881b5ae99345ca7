"""What a benchmark measured: one engine, one weekly peak; the same value for our engine and for the others.

The weekly peak: N directives wait for the division's weekly report (six headings, S0 lines 19 to 25); all reports
come in at once, as on a Friday before the cut-off (S0 line 12); after each, the planning unit is asked by mail to
check it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from pydantic import Field

from schemas.base import Record, ShortText


class BenchmarkResult(Record):
    """One peak of one engine, as the clients and the mail server saw it. ms, s and MB (10⁶ bytes) as named."""

    engine: ShortText
    database: ShortText
    directives: int = Field(ge=1)
    """Reports submitted in the peak, one a directive."""
    clients: int = Field(ge=1)
    """Concurrent clients, each on one kept-alive connection."""
    accepted_per_second: float = Field(ge=0)
    """Accepted submissions, from the first request sent to the last reply received."""
    accept_p50_ms: float = Field(ge=0)
    accept_p95_ms: float = Field(ge=0)
    """Request sent to reply received, at the client; the reply says that the report is kept durably."""
    mail_p95_ms: float = Field(ge=0)
    """Report sent by the client to the planning unit's mail received by the mail server."""
    last_mail_after_last_submission_s: float = Field(ge=0)
    """Last reply received to last follow-up mail received; 0 when the mail was faster than the reply."""
    runs_per_100: float = Field(ge=0)
    """How often the engine ran or woke a case for 100 accepted submissions, within the peak."""
    peak_memory_mb: dict[str, float]
    """Largest resident memory of each process by its name, from its start to the end of the process."""
    refused: int = Field(default=0, ge=0)
    """Submissions that were not accepted."""
    notes: tuple[ShortText, ...] = ()


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of `values` that at least `share` (0 < share ≤ 1) of them do not exceed (nearest rank).

    A measured value is returned, never one in between. ValueError without values or outside the range.
    """
    if not values:
        raise ValueError("no_values")
    if not 0 < share <= 1:
        raise ValueError("share_out_of_range")
    return sorted(values)[math.ceil(share * len(values)) - 1]
