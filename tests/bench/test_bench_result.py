"""What the figures are made of, and when a bar is cleared."""

from __future__ import annotations

import pytest

from deployments.bench_load import Submission
from deployments.bench_result import Bar, bars, summarise
from schemas.benchmark import BenchmarkResult


def submission(directive: str, status: int, location: bytes = b"") -> Submission:
    return Submission(directive=directive, sent_at=10.0, replied_at=10.1, status=status, location=location)


def result(**other: object) -> BenchmarkResult:
    figures = {
        "engine": "sangkan", "database": "PostgreSQL", "directives": 1000, "clients": 50, "accepted_per_second": 200.0,
        "accept_p50_ms": 60.0, "accept_p95_ms": 150.0, "mail_p95_ms": 9000.0,
        "last_mail_after_last_submission_s": 15.0, "runs_per_100": 4.0, "peak_memory_mb": {"portal": 150.0},
    }  # fmt: skip
    return BenchmarkResult.model_validate(figures | other)


@pytest.mark.parametrize(
    ("status", "location", "accepted"),
    [
        (202, b"", True),
        (303, b"/hand-offs/1a2b/receipt", True),
        (303, b"/sign-in", False),
        (200, b"", True),
        (409, b"", False),
        (422, b"", False),
        (500, b"", False),
    ],
)
def test_only_the_way_to_the_receipt_is_an_acceptance(status: int, location: bytes, accepted: bool) -> None:
    assert submission("d", status, location).accepted is accepted


def test_bars_are_cleared_exactly_at_their_limits() -> None:
    assert [bar.is_cleared for bar in bars(result())] == [True] * 4


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("accepted_per_second", 199.9),
        ("accept_p95_ms", 150.1),
        ("last_mail_after_last_submission_s", 15.1),
        ("runs_per_100", 4.1),
    ],
)
def test_each_figure_beyond_its_limit_fails_its_own_bar(figure: str, value: float) -> None:
    failed = [bar for bar in bars(result(**{figure: value})) if not bar.is_cleared]
    assert [bar.measured for bar in failed] == [value]


@pytest.mark.parametrize("other", [{"database": "SQLite"}, {"clients": 20}], ids=["SQLite", "few clients"])
def test_bars_are_set_for_a_ministry_on_postgresql_only(other: dict[str, object]) -> None:
    assert bars(result(**other)) == ()


def test_a_bar_says_what_is_wanted() -> None:
    assert Bar(label="forms", measured=1, limit=200, at_least=True).wanted == "≥ 200"
    assert Bar(label="ms", measured=1, limit=150).wanted == "≤ 150"


def test_a_mail_that_is_missing_is_an_error_not_a_better_figure() -> None:
    with pytest.raises(ValueError, match="no_mail_for: b"):
        summarise(
            (submission("a", 202), submission("b", 202)), {"a": 11.0},
            engine="sangkan", database="PostgreSQL", clients=1, runs=1, peak_memory_mb={},
        )  # fmt: skip
