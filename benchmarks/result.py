"""From measured moments to a result, and from two results to their ratios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from benchmarks.load import Submission
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


def summarise(
    submissions: tuple[Submission, ...],
    mails: Mapping[str, float],
    *,
    engine: str,
    database: str,
    clients: int,
    runs: int,
    peak_memory_mb: Mapping[str, float],
    notes: tuple[str, ...] = (),
) -> BenchmarkResult:
    """The result of one peak. `mails`: directive → when its follow-up mail came, on the clients' clock (seconds).

    ValueError when nothing was accepted or the mail of an accepted report is missing.
    """
    accepted = [one for one in submissions if one.accepted]
    if not accepted:
        raise ValueError("nothing_accepted")
    if missing := [one.directive for one in accepted if one.directive not in mails]:
        raise ValueError(f"no_mail_for: {', '.join(missing[:5])}")
    latencies = [one.latency_ms for one in accepted]
    until_mail = [(mails[one.directive] - one.sent_at) * 1000 for one in accepted]
    last_reply = max(one.replied_at for one in accepted)
    elapsed = last_reply - min(one.sent_at for one in submissions)
    last_mail = max(mails[one.directive] for one in accepted)
    return BenchmarkResult(
        engine=engine,
        database=database,
        directives=len(submissions),
        clients=clients,
        accepted_per_second=round(len(accepted) / elapsed, 2),
        accept_p50_ms=round(percentile(latencies, 0.5), 2),
        accept_p95_ms=round(percentile(latencies, 0.95), 2),
        mail_p95_ms=round(percentile(until_mail, 0.95), 2),
        last_mail_after_last_submission_s=round(max(0.0, last_mail - last_reply), 3),
        runs_per_100=round(100 * runs / len(accepted), 1),
        peak_memory_mb={name: round(mb, 1) for name, mb in peak_memory_mb.items()},
        refused=len(submissions) - len(accepted),
        notes=notes,
    )
