"""From measured moments to a result, and from a result to the bars that it must clear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deployments.bench_load import Submission
from schemas.benchmark import BenchmarkResult, percentile

MEASURED_CLIENTS = 50


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One figure and what it must be."""

    label: str
    measured: float
    limit: float
    at_least: bool = False

    @property
    def is_cleared(self) -> bool:
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    @property
    def wanted(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"


def bars(result: BenchmarkResult) -> tuple[Bar, ...]:
    """What a ministry's Friday afternoon asks of PostgreSQL; nothing for a smaller load, whose figures say less."""
    if result.clients < MEASURED_CLIENTS or not result.database.startswith("PostgreSQL"):
        return ()
    return (
        Bar(label="accepted per second", measured=result.accepted_per_second, limit=200, at_least=True),
        Bar(label="p95 of accepting, ms", measured=result.accept_p95_ms, limit=150),
        Bar(
            label="last mail after the last submission, s", measured=result.last_mail_after_last_submission_s, limit=15
        ),
        Bar(label="Prefect runs per 100 submissions", measured=result.runs_per_100, limit=4),
    )
