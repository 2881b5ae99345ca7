"""How a KPI is scored: criteria of five levels by kind, and what is reported against them (requirements 4.1)."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import AfterValidator, Field, StringConstraints, field_validator, model_validator

from schemas.base import Record, ShortText
from schemas.exact import Exact, Score, Weight
from schemas.refusal import refusal, refuse_repeats

KpiNumber = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,2}(\.[1-9][0-9]{0,2}){0,6}$")]
"""«1.1.1»: a place in a tree of up to seven levels [W-mds]. Text: «4.1» and «4.10» are two KPIs."""

Floor = Literal[0, 1]
"""The lowest score: what a result worse than level 1, and no report at all, count for. 1 unless agreed otherwise."""

Levels = tuple[Exact, Exact, Exact, Exact, Exact]
"""The values for the scores 1 to 5."""

Level = Annotated[int, Field(strict=True, ge=1, le=5)]


def number_key(number: KpiNumber) -> tuple[int, ...]:
    """Sorts KPI numbers as people do: 4.2 before 4.10."""
    return tuple(int(step) for step in number.split("."))


# --- criteria ----------------------------------------------------------------------------------------------


class Quantitative(Record):
    """Five values for the scores 1 to 5; between them the score is interpolated in proportion (เทียบบัญญัติไตรยางศ์).

    The direction is implied by the order: rising values mean more is better, falling ones less is better.
    """

    kind: Literal["quantitative"] = "quantitative"
    points: Levels
    floor: Floor = 1

    @field_validator("points")
    @classmethod
    def _one_direction(cls, points: Levels) -> Levels:
        if all(a < b for a, b in pairwise(points)) or all(a > b for a, b in pairwise(points)):
            return points
        raise refusal("points_not_ordered")

    @property
    def more_is_better(self) -> bool:
        return self.points[0] < self.points[-1]


class Edge(NamedTuple):
    """One end of a range."""

    value: Exact
    included: bool


class StepRange(Record):
    """The values that give one score: from `at_least` or `above`, to `below` or `at_most`; open where none is given."""

    score: Level
    at_least: Exact | None = None
    above: Exact | None = None
    below: Exact | None = None
    at_most: Exact | None = None

    @property
    def lower(self) -> Edge | None:
        return _edge(self.at_least, self.above)

    @property
    def upper(self) -> Edge | None:
        return _edge(self.at_most, self.below)

    def holds(self, value: Exact) -> bool:
        low, high = self.lower, self.upper
        return (low is None or low.value < value or (low.included and low.value == value)) and (
            high is None or value < high.value or (high.included and high.value == value)
        )

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        if (self.at_least is not None and self.above is not None) or (
            self.at_most is not None and self.below is not None
        ):
            raise refusal("two_ends")
        if self.lower and self.upper and self.lower.value >= self.upper.value:
            raise refusal("empty_range")
        return self


def _edge(included: Exact | None, excluded: Exact | None) -> Edge | None:
    if included is not None:
        return Edge(included, True)
    return None if excluded is None else Edge(excluded, False)


class StepTable(Record):
    """Ranges of values, each with a score and nothing in between, in rising order of the values.

    Together the ranges hold every value exactly once; the scores rise or fall throughout and may leave levels out.
    """

    kind: Literal["step_table"] = "step_table"
    ranges: tuple[StepRange, ...] = Field(min_length=2, max_length=5)
    floor: Floor = 1

    @field_validator("ranges")
    @classmethod
    def _without_gaps(cls, ranges: tuple[StepRange, ...]) -> tuple[StepRange, ...]:
        if ranges[0].lower or ranges[-1].upper:
            raise refusal("ranges_not_open")
        for place, (one, next_) in enumerate(pairwise(ranges), start=1):
            high, low = one.upper, next_.lower
            if high is None or low is None or high.value != low.value or high.included == low.included:
                raise refusal("ranges_apart", first=place, second=place + 1)
        scores = [each.score for each in ranges]
        if scores != sorted(set(scores)) and scores != sorted(set(scores), reverse=True):
            raise refusal("range_scores_not_ordered")
        return ranges


class MilestoneRule(StrEnum):
    CONSECUTIVE = "consecutive"
    """The score is the number of steps achieved without a gap from the first."""
    COUNT = "count"
    """The score is the number of steps achieved, whichever they are («สำเร็จ n ประเด็น» [W-mfa])."""


class Milestones(Record):
    """Levels of success (ระดับความสำเร็จ): five steps in order."""

    kind: Literal["milestones"] = "milestones"
    steps: tuple[ShortText, ShortText, ShortText, ShortText, ShortText]
    rule: MilestoneRule = MilestoneRule.CONSECUTIVE
    floor: Floor = 1


class Part(Record):
    """A sub-KPI of a composite, one level below it in the tree."""

    number: KpiNumber
    th: ShortText
    unit_of_measure: str = ""
    weight: Weight
    criteria: Criteria


class Composite(Record):
    """The weighted average of sub-KPIs with weights of their own, such as disbursement 2/1/2 [W-budget]."""

    kind: Literal["composite"] = "composite"
    parts: tuple[Part, ...] = Field(min_length=2)

    @field_validator("parts")
    @classmethod
    def _each_once(cls, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        refuse_repeats("", (part.number for part in parts))
        return parts


class External(Record):
    """Another body measures and gives the score: the National Statistical Office, the Comptroller General, …"""

    kind: Literal["external"] = "external"
    assessor: ShortText
    floor: Floor = 1


Criteria = Annotated[Quantitative | StepTable | Milestones | Composite | External, Field(discriminator="kind")]


# --- results -----------------------------------------------------------------------------------------------


class ValueResult(Record):
    """A measured value, for quantitative criteria and step tables."""

    kind: Literal["value"] = "value"
    value: Exact


class CountResult(Record):
    """How many steps were achieved, for milestones that are counted."""

    kind: Literal["count"] = "count"
    count: Annotated[int, Field(strict=True, ge=0, le=5)]


class MilestoneResult(Record):
    """Which steps were achieved, for milestones of either rule."""

    kind: Literal["milestones"] = "milestones"
    done: Annotated[tuple[Level, ...], AfterValidator(lambda steps: tuple(sorted(set(steps))))] = ()
    """Kept in rising order, each step once."""


class PartsResult(Record):
    """What was reported for the parts of a composite; it is complete when every part is."""

    kind: Literal["parts"] = "parts"
    parts: dict[KpiNumber, Result]


class ExternalResult(Record):
    """The score that the other body gave."""

    kind: Literal["external"] = "external"
    score: Score


Result = Annotated[
    ValueResult | CountResult | MilestoneResult | PartsResult | ExternalResult, Field(discriminator="kind")
]
