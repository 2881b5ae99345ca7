"""What was reported in a round, and the scorecard that follows from it (requirements 4.2, P7)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.base import FiscalYear, Identifier, Record, UnitId
from schemas.criteria import KpiNumber, Result
from schemas.exact import Exact, Score, Weight
from schemas.kpi import Round


class KpiReport(Record):
    """What is known of a KPI in a round. It counts as reported once both certifications are given [W-mds]."""

    result: Result | None = None
    certified_by_supervisor: bool = False
    certified_by_psdg: bool = False
    """By the department's กพร., not by ก.พ.ร."""
    appeal_open: bool = False
    """An appeal on the score is undecided, or may still be lodged (P9)."""
    decided: Score | None = None
    """The score as announced by ก.พ.ร. or decided on appeal; it stands instead of the department's own."""

    @property
    def counts(self) -> bool:
        return self.decided is not None or (self.certified_by_supervisor and self.certified_by_psdg)


class RowState(StrEnum):
    SCORED = "scored"
    PROVISIONAL = "provisional"
    """There is a score, but a certification is missing (then it does not count yet) or an appeal is open."""
    NOT_REPORTED = "not_reported"
    NOT_STARTED = "not_started"
    CANCELLED = "cancelled"


ROW_STATE_TH = {
    RowState.SCORED: "ให้คะแนนแล้ว",
    RowState.PROVISIONAL: "คะแนนเบื้องต้น",
    RowState.NOT_REPORTED: "ยังไม่รายงาน",
    RowState.NOT_STARTED: "ยังไม่เริ่ม",
    RowState.CANCELLED: "ยกเลิก",
}
ROW_STATE_EN = {
    RowState.SCORED: "Scored",
    RowState.PROVISIONAL: "Provisional",
    RowState.NOT_REPORTED: "Not yet reported",
    RowState.NOT_STARTED: "Not started",
    RowState.CANCELLED: "Cancelled",
}


class FindingCode(StrEnum):
    """What does not fit together in an agreement. Findings are shown; nothing is put right silently."""

    WEIGHT_SUM_NOT_100 = "weight_sum_not_100"
    WEIGHT_UNKNOWN = "weight_unknown"
    WEIGHT_IS_A_GUESS = "weight_is_a_guess"
    CRITERIA_UNKNOWN = "criteria_unknown"
    DIMENSION_WEIGHT_DIFFERS = "dimension_weight_differs"
    NUMBER_MISSING = "number_missing"
    SHARES_DO_NOT_ADD_UP = "shares_do_not_add_up"
    SHARED_WEIGHT_UNCLEAR = "shared_weight_unclear"
    DECLARED_COUNT_DIFFERS = "declared_count_differs"
    DECLARED_WEIGHT_DIFFERS = "declared_weight_differs"
    DECLARED_WEIGHT_UNRESOLVED = "declared_weight_unresolved"
    PRINTED_WEIGHTS_CANNOT_GIVE_TOTAL = "printed_weights_cannot_give_total"
    SOURCES_DIFFER = "sources_differ"
    COUNT_TOTALS_DIFFER = "count_totals_differ"


class Finding(Record):
    """One thing that does not fit, in both languages, with the figures as text."""

    code: FindingCode
    th: str
    en: str
    kpi: KpiNumber | None = None
    unit: UnitId | None = None
    facts: dict[str, str] = Field(default_factory=dict)


class ScoreRow(Record):
    """One KPI in a round. Scores have four decimals; rows may differ from totals by what rounding takes or gives."""

    number: KpiNumber
    th: str
    dimension: Identifier | None
    unit_of_measure: str
    target: Exact | None
    weight: Weight | None
    """The weight that holds in the round, in per cent."""
    state: RowState
    counts: bool
    """Whether the score counts as reported."""
    result: Result | None = None
    missing_parts: tuple[KpiNumber, ...] = ()
    score: Score | None = None
    """Also shown while it does not count yet."""
    weighted_reported: Exact | None = None
    """Share in `Scorecard.total_reported`: weight · score / Σ weight of what is reported."""
    weighted_all: Exact | None = None
    """Share in `Scorecard.total_all`: weight · score or floor / Σ weight of all that are active."""


class Subtotal(Record):
    """The KPIs of a dimension, or those that a unit holds."""

    id: Identifier | None
    """Dimension or unit; None stands for the KPIs whose dimension is not stated."""
    weight: Exact
    """Σ weight of the active KPIs, in per cent."""
    weight_reported: Exact
    score_reported: Score | None
    score_all: Score | None


class Scorecard(Record):
    """An agency's scores in a round."""

    fiscal_year: FiscalYear
    agency: UnitId
    round: Round
    rows: tuple[ScoreRow, ...]
    dimensions: tuple[Subtotal, ...]
    units: tuple[Subtotal, ...]
    """By weight share; a unit without a known share is not listed."""
    weight: Exact
    """Σ weight of the active KPIs: the denominator of `total_all`."""
    weight_reported: Exact
    """Σ weight of what is reported: the denominator of `total_reported`."""
    total_reported: Score | None
    """คะแนนเฉพาะตัวที่รายงาน; flatters while KPIs are missing."""
    total_all: Score | None
    """คะแนนรวม: what is not reported counts at the floor."""
    findings: tuple[Finding, ...]

    @property
    def provisional(self) -> bool:
        return any(row.state is RowState.PROVISIONAL for row in self.rows)

    @property
    def official(self) -> Score | None:
        """The total that stands at the end of the year, which is that over all KPIs; none in the earlier rounds."""
        return self.total_all if self.round is Round.TWELVE else None
