"""KPIs as agreed for a fiscal year: what is measured, what it weighs, who answers for it (requirements 1.1, 4.6)."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Self

from pydantic import Field, field_validator, model_validator

from schemas.base import FiscalYear, Identifier, LongText, OfficerId, Record, ShortText, UnitId
from schemas.criteria import Composite, Criteria, KpiNumber
from schemas.exact import Count, Exact, Weight
from schemas.refusal import refusal, refuse_repeats


class Round(IntEnum):
    """A reporting round, by the months of the fiscal year that it covers."""

    SIX = 6
    NINE = 9
    TWELVE = 12


class Aspect(StrEnum):
    """What the royal decree of 2546, chapter 8, has departments evaluated on (S1:L18)."""

    RESULTS = "results"
    SERVICE = "service"
    SATISFACTION = "satisfaction"
    WORTH = "worth"


ASPECT_TH = {
    Aspect.RESULTS: "ผลสัมฤทธิ์ของภารกิจ",
    Aspect.SERVICE: "คุณภาพการให้บริการ",
    Aspect.SATISFACTION: "ความพึงพอใจของประชาชนผู้รับบริการ",
    Aspect.WORTH: "ความคุ้มค่าในภารกิจ",
}
ASPECT_EN = {
    Aspect.RESULTS: "Achievement of the mission",
    Aspect.SERVICE: "Quality of service",
    Aspect.SATISFACTION: "Satisfaction of the people served",
    Aspect.WORTH: "Worth of what is spent",
}


class Confidence(StrEnum):
    """How a figure is known that was taken from a document."""

    PRINTED = "printed"
    RECONSTRUCTED = "reconstructed"
    """Follows from what is printed."""
    GUESS = "guess"
    UNKNOWN = "unknown"


class OwnerRole(StrEnum):
    """The part of a person in a KPI, as the table of owners and supporters (O&S) has it (S1:L75)."""

    MAIN_OWNER = "main_owner"
    CO_OWNER = "co_owner"
    SUPPORTER = "supporter"


OWNER_ROLE_TH = {
    OwnerRole.MAIN_OWNER: "เจ้าภาพหลัก",
    OwnerRole.CO_OWNER: "เจ้าภาพรอง",
    OwnerRole.SUPPORTER: "ผู้สนับสนุน",
}
OWNER_ROLE_EN = {
    OwnerRole.MAIN_OWNER: "Main owner",
    OwnerRole.CO_OWNER: "Co-owner",
    OwnerRole.SUPPORTER: "Supporter",
}


class DataKeeper(Record):
    """ผู้จัดเก็บข้อมูล: who collects the data of an activity."""

    officer: OfficerId
    activity: ShortText


class Owner(Record):
    """A person who does the work of a KPI; linked to award money."""

    officer: OfficerId
    role: OwnerRole


class Responsible(Record):
    """Who answers for a KPI."""

    supervisor: OfficerId | None = None
    """ผู้กำกับดูแลตัวชี้วัด, who drives it to its target."""
    keepers: tuple[DataKeeper, ...] = ()
    owners: tuple[Owner, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        refuse_repeats("keepers", (f"{keeper.officer}: {keeper.activity}" for keeper in self.keepers))
        refuse_repeats("owners", (owner.officer for owner in self.owners))
        return self


class Holding(Record):
    """A unit's share in a KPI."""

    unit: UnitId
    weight_share: Weight | None = None
    """In per cent of the whole agreement, like the KPI's weight; None when it is not known."""
    confidence: Confidence = Confidence.PRINTED
    note: str = ""

    @model_validator(mode="after")
    def _known_or_not(self) -> Self:
        _known_if_given(self.weight_share, self.confidence, "confidence")
        return self


class Baseline(Record):
    """What was achieved in an earlier year."""

    fiscal_year: FiscalYear
    value: Exact


class Kpi(Record):
    """One KPI of the agreement. What the source does not state is None, and the scorecard says so."""

    number: KpiNumber
    th: ShortText
    en: str = ""
    description: LongText = ""
    dimension: Identifier | None = None
    """A dimension of the book's frame."""
    aspect: Aspect | None = None
    unit_of_measure: str = ""
    criteria: Criteria | None = None
    weight: Weight | None = None
    """In per cent."""
    weight_confidence: Confidence = Confidence.PRINTED
    round_weights: dict[Round, Weight] = Field(default_factory=dict)
    """Weights that hold in one round instead of `weight` [W-mds]."""
    starts_at: Round = Round.SIX
    cancelled_at: Round | None = None
    """From this round on the KPI no longer counts."""
    target: Exact | None = None
    baselines: tuple[Baseline, ...] = ()
    formula: LongText = ""
    data_source: LongText = ""
    note: LongText = ""
    holdings: tuple[Holding, ...] = ()
    responsible: Responsible = Responsible()
    responsible_from: dict[Round, Responsible] = Field(default_factory=dict)
    """Another group takes over at a round and stays (เปลี่ยนกลุ่ม [W-mds])."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.cancelled_at is not None and self.cancelled_at < self.starts_at:
            raise refusal("cancelled_before_start", "cancelled_at", starts=int(self.starts_at))
        for month in self.round_weights:
            if month < self.starts_at or (self.cancelled_at is not None and month >= self.cancelled_at):
                raise refusal("weight_outside_rounds", f"round_weights.{month}", round=int(month))
        refuse_repeats("baselines", (baseline.fiscal_year for baseline in self.baselines))
        refuse_repeats("holdings", (holding.unit for holding in self.holdings))
        _numbered_below(self.number, self.criteria)
        _known_if_given(self.weight, self.weight_confidence, "weight_confidence")
        return self

    def weight_at(self, round_: Round) -> Exact | None:
        """The weight in a round: the round's own, else the base weight."""
        return self.round_weights.get(round_, self.weight)

    def responsible_at(self, round_: Round) -> Responsible:
        """Who answers for the KPI in a round: the latest group that took over by then, else the first one."""
        taken_over = [month for month in self.responsible_from if month <= round_]
        return self.responsible_from[max(taken_over)] if taken_over else self.responsible


class Dimension(Record):
    """A dimension (มิติ) of the year's frame; a part of another one when it has a parent."""

    id: Identifier
    th: ShortText
    en: str = ""
    weight: Weight | None = None
    """What the frame gives to the dimension, in per cent."""
    parent: Identifier | None = None


class Declared(Record):
    """What a document prints as the total of a unit, kept as printed even where it cannot be right."""

    unit: UnitId
    printed_as: ShortText
    """The unit's name or abbreviation in the document: «ก.พ.ร.» where กพร. is meant stays «ก.พ.ร.»."""
    source: ShortText
    count: Count | None = None
    weight: Weight | None = None
    printed_weights: tuple[Weight, ...] = ()
    """The weights that stand in the unit's cell; equal ones may be printed once."""
    confidence: Confidence = Confidence.PRINTED
    note: str = ""


class KpiBook(Record):
    """The KPIs of one agency for one fiscal year, with the frame of the year and the printed totals."""

    fiscal_year: FiscalYear
    agency: UnitId
    frame: tuple[Dimension, ...] = ()
    kpis: tuple[Kpi, ...]
    declared: tuple[Declared, ...] = ()
    note: LongText = ""

    @field_validator("frame")
    @classmethod
    def _frame_is_a_tree(cls, frame: tuple[Dimension, ...]) -> tuple[Dimension, ...]:
        refuse_repeats("", (dimension.id for dimension in frame))
        seen: set[str] = set()
        for dimension in frame:
            if dimension.parent is not None and dimension.parent not in seen:
                raise refusal("parent_not_before", what=dimension.id)
            seen.add(dimension.id)
        return frame

    @field_validator("kpis")
    @classmethod
    def _numbers_are_leaves(cls, kpis: tuple[Kpi, ...]) -> tuple[Kpi, ...]:
        refuse_repeats("", (kpi.number for kpi in kpis))
        for upper in kpis:
            for lower in kpis:
                if lower.number.startswith(upper.number + "."):
                    raise refusal("number_above", upper=upper.number, lower=lower.number)
        return kpis

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        dimensions = {dimension.id for dimension in self.frame}
        for kpi in self.kpis:
            if kpi.dimension is not None and kpi.dimension not in dimensions:
                raise refusal("unknown_dimension", f"kpis[{kpi.number}].dimension", what=kpi.dimension)
            if any(baseline.fiscal_year >= self.fiscal_year for baseline in kpi.baselines):
                raise refusal("baseline_not_before", f"kpis[{kpi.number}].baselines", year=self.fiscal_year)
        refuse_repeats("declared", (f"{declared.unit}, {declared.source}" for declared in self.declared))
        return self

    def kpi(self, number: KpiNumber) -> Kpi | None:
        return next((kpi for kpi in self.kpis if kpi.number == number), None)


class YearCase(Record):
    """Input of a case of an agency's agreement year that has the KPIs, if at all, beside it."""

    agency: UnitId
    fiscal_year: FiscalYear


class BookCase(Record):
    """Input of a case about the KPIs of an agency's agreement, as they stand when it opens."""

    book: KpiBook

    @property
    def agency(self) -> UnitId:
        return self.book.agency

    @property
    def fiscal_year(self) -> FiscalYear:
        return self.book.fiscal_year


def _numbered_below(number: KpiNumber, criteria: Criteria | None) -> None:
    if not isinstance(criteria, Composite):
        return
    for part in criteria.parts:
        if part.number.rpartition(".")[0] != number:
            raise refusal("part_not_below", "criteria.parts", part=part.number, upper=number)
        _numbered_below(part.number, part.criteria)


def _known_if_given(figure: Exact | None, confidence: Confidence, field: str) -> None:
    if figure is not None and confidence is Confidence.UNKNOWN:
        raise refusal("known_and_unknown", field)
