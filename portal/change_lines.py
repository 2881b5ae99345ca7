"""Requests to change a KPI as pages list them: what was asked for, by whom, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.texts import text
from portal.wording import Wording
from schemas.agreement import CHANGE_ENDING_EN, CHANGE_ENDING_TH, ChangeAsked, ChangeEnding, ChangeRequested
from schemas.base import UnitId

BADGES = {
    ChangeEnding.APPROVED: "completed",
    ChangeEnding.NOT_FORWARDED: "missing",
    ChangeEnding.REFUSED: "missing",
    ChangeEnding.TOO_LATE: "missing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One request."""

    kpi: str
    unit: UnitId
    at: datetime
    wanted: tuple[tuple[str, str], ...]
    """(label, value) of what should change."""
    reason: str
    ending: str
    badge: str
    answer: str
    """Why it was decided so; empty where nothing was said."""


def change_line(asked: ChangeAsked, w: Wording) -> ChangeLine:
    request, result = asked.request, asked.result
    endings = CHANGE_ENDING_EN if w.language == "en" else CHANGE_ENDING_TH
    return ChangeLine(
        kpi=request.kpi, unit=request.unit, at=request.requested_at, wanted=_wanted(request, w), reason=request.reason,
        ending=endings[result.ending] if result else text("change.pending", w.language),
        badge=BADGES[result.ending] if result else "open",
        answer=result.reason if result else "",
    )  # fmt: skip


def _wanted(request: ChangeRequested, w: Wording) -> tuple[tuple[str, str], ...]:
    levels = " / ".join(f"{level.normalize():f}" for level in request.levels or ())
    said = (
        ("change.target", f"{request.target.normalize():f}" if request.target is not None else ""),
        ("change.weight", f"{request.weight.normalize():f}" if request.weight is not None else ""),
        ("change.levels", levels),
        ("change.details", request.details),
    )
    return tuple((text(key, w.language), value) for key, value in said if value)
