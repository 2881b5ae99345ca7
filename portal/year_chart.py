"""Where the marks of a KPI's charts stand: scores on the scale of 1 to 5, and results against the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

from portal.year_board import Row, YearBoard
from reports.score_table import Light
from rules.sar import result_th
from schemas.criteria import ValueResult
from schemas.kpi import Round
from schemas.policy import AgreementPolicy

WIDTH, HEIGHT = 380, 220
LEFT, RIGHT, TOP, BOTTOM = 34, 12, 20, 34
"""Room for the scale, the last label, a value above its mark, and the names below; one unit is a pixel on a phone."""
HIGHEST = Decimal(5)
BANDS = (Light.RED, Light.YELLOW, Light.GREEN)
"""From below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A value and where it stands; `label` names the point, as a key of the pages' texts or as it is."""

    label: str
    value: Decimal
    written: str
    light: Light
    counts: bool
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A stretch of the scale with one light."""

    light: Light
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    written: str
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    bands: tuple[Band, ...] = ()
    target: Tick | None = None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    base: int = HEIGHT - BOTTOM

    @property
    def target_at_end(self) -> bool:
        """Where the target is named: at the end of its line from which the marks stay farther away."""
        if self.target is None:
            return True
        return abs(self.marks[-1].y - self.target.y) >= abs(self.marks[0].y - self.target.y)

    @property
    def line(self) -> str:
        """The points of the line from mark to mark."""
        return " ".join(f"{mark.x:g},{mark.y:g}" for mark in self.marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A value to be shown."""

    label: str
    value: Decimal
    written: str
    counts: bool = True


def score_points(row: Row) -> tuple[Point, ...]:
    """The score of each round that has one, then the announced and the final one."""
    cells = ((round_, cell) for round_, cell in row.cells.items() if cell.score is not None)
    found = [
        Point(label=f"round_{round_}", value=cell.score, written=f"{cell.score:.4f}", counts=cell.counts)
        for round_, cell in cells
        if cell.score is not None
    ]
    after = (("announced", row.announced), ("final", row.final))
    found += [Point(label=name, value=value, written=f"{value:.4f}") for name, value in after if value is not None]
    return tuple(found)


def score_chart(row: Row, board: YearBoard) -> Chart | None:
    """The scores of a KPI over the year before the bands of the traffic lights; None before there is any."""
    points = score_points(row)
    if not points:
        return None
    lowest = Decimal(0) if min(point.value for point in points) < 1 else Decimal(1)
    scale = _Scale(lowest, HIGHEST)
    return Chart(
        marks=_marks(points, scale, board),
        bands=tuple(_bands(board.policy, scale)),
        ticks=tuple(Tick(written=str(n), y=scale.y(Decimal(n))) for n in range(int(lowest), 6)),
    )


def result_points(row: Row) -> tuple[Point, ...]:
    """The measured values: of the years before, then of the rounds; none where no value is measured."""
    kpi = row.kpi
    before = sorted(kpi.baselines, key=lambda baseline: baseline.fiscal_year)
    found = [
        Point(label=str(each.fiscal_year), value=each.value, written=f"{each.value.normalize():f}") for each in before
    ]
    for round_ in Round:
        cell = row.cells.get(round_)
        if cell and isinstance(cell.result, ValueResult):
            value = cell.result.value
            found.append(
                Point(label=f"round_{round_}", value=value, written=result_th(cell.result), counts=cell.counts)
            )
    return tuple(found)


def result_chart(row: Row, board: YearBoard) -> Chart | None:
    """The measured values against the target; None where a KPI has neither or fewer than one value."""
    points, target = result_points(row), row.kpi.target
    if not points:
        return None
    scale = _Scale.around([point.value for point in points] + ([] if target is None else [target]))
    return Chart(
        marks=_marks(points, scale, board),
        ticks=tuple(Tick(written=f"{value.normalize():f}", y=scale.y(value)) for value in scale.steps()),
        target=None if target is None else Tick(written=f"{target.normalize():f}", y=scale.y(target)),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """From a value to its height on the page."""

    low: Decimal
    high: Decimal
    step: Decimal = Decimal(1)

    @classmethod
    def around(cls, values: Sequence[Decimal]) -> _Scale:
        """Whole steps of 1, 2 or 5 times a power of ten below and above all values."""
        low, high = min(values), max(values)
        step = _step((high - low) or abs(high) or Decimal(1))
        first, last = (low / step).to_integral_value(ROUND_FLOOR), (high / step).to_integral_value(ROUND_CEILING)
        return cls(first * step, max(last, first + 1) * step, step)

    def steps(self) -> tuple[Decimal, ...]:
        return tuple(self.low + n * self.step for n in range(int((self.high - self.low) / self.step) + 1))

    def y(self, value: Decimal) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(float(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)), 1)


def _step(span: Decimal) -> Decimal:
    """About four steps to a span."""
    rough = span / 4
    power = Decimal(10) ** rough.adjusted()
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)


def _marks(points: Sequence[Point], scale: _Scale, board: YearBoard) -> tuple[Mark, ...]:
    room = (WIDTH - LEFT - RIGHT) / len(points)
    return tuple(
        Mark(
            label=point.label, value=point.value, written=point.written, counts=point.counts,
            light=board.light(point.value), x=round(LEFT + room * (place + 0.5), 1), y=scale.y(point.value),
        )
        for place, point in enumerate(points)
    )  # fmt: skip


def _bands(policy: AgreementPolicy, scale: _Scale) -> list[Band]:
    """Red, yellow and green from below; a light that no score of the scale has is left out."""
    edges = (scale.low, policy.traffic_light_yellow, policy.traffic_light_green, scale.high)
    found = []
    for light, (low, high) in zip(BANDS, pairwise(edges), strict=True):
        bottom, top = max(low, scale.low), min(high, scale.high)
        if bottom < top:
            found.append(Band(light=light, y=scale.y(top), height=round(scale.y(bottom) - scale.y(top), 1)))
    return found
