"""From measured moments to a result, and from two results to their ratios."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from deployments.bench_result import summarise
from schemas.base import Moment, Record
from schemas.benchmark import BenchmarkResult, percentile

__all__ = ["FIGURES", "BenchmarkResult", "Comparison", "Figure", "percentile", "ratio", "read", "summarise"]


class Comparison(Record):
    """Everything one command measured on one machine."""

    measured_at: Moment
    machine: str
    cores: int = Field(ge=1)
    ours: tuple[BenchmarkResult, ...]
    others: tuple[BenchmarkResult, ...]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table."""

    name: str
    label: str
    more_is_better: bool = False

    def of(self, result: BenchmarkResult) -> float:
        if self.name == "peak_memory_mb":
            return sum(result.peak_memory_mb.values())
        return float(getattr(result, self.name))


FIGURES = (
    Figure(name="accepted_per_second", label="accepted, 1/s", more_is_better=True),
    Figure(name="accept_p50_ms", label="accepting p50, ms"),
    Figure(name="accept_p95_ms", label="accepting p95, ms"),
    Figure(name="mail_p95_ms", label="to the next mail p95, ms"),
    Figure(name="last_mail_after_last_submission_s", label="last mail after the last form, s"),
    Figure(name="runs_per_100", label="engine runs per 100 forms"),
    Figure(name="peak_memory_mb", label="peak memory, all processes, MB"),
)


def ratio(figure: Figure, ours: BenchmarkResult, other: BenchmarkResult) -> float | None:
    """ours / other; None where the other's figure is 0."""
    against = figure.of(other)
    return figure.of(ours) / against if against else None


def read(path: Path) -> BenchmarkResult:
    """The result in a JSON file; pydantic's ValidationError names what is not as agreed."""
    return BenchmarkResult.model_validate_json(path.read_bytes())
