"""A benchmark's result: what is measured, how it is told, and how two are set against each other."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from benchmarks.result import FIGURES, BenchmarkResult, Comparison, ratio, read, summarise
from deployments.bench_load import Submission
from schemas.benchmark import percentile

RESULT = BenchmarkResult(
    engine="สั่งการ",
    database="PostgreSQL",
    directives=200,
    clients=50,
    accepted_per_second=180.5,
    accept_p50_ms=21.0,
    accept_p95_ms=55.0,
    mail_p95_ms=900.0,
    last_mail_after_last_submission_s=0.7,
    runs_per_100=4.0,
    peak_memory_mb={"portal": 120.0, "worker": 180.0},
    notes=("หมายเหตุ",),
)


def submission(directive: str, sent_at: float, replied_at: float, status: int = 202) -> Submission:
    return Submission(directive=directive, sent_at=sent_at, replied_at=replied_at, status=status)


def summary(submissions: tuple[Submission, ...], mails: dict[str, float], runs: int = 1) -> BenchmarkResult:
    return summarise(
        submissions,
        mails,
        engine="DBOS",
        database="PostgreSQL",
        clients=2,
        runs=runs,
        peak_memory_mb={"application": 99.96},
    )


class TestResultAsJson:
    def test_what_is_written_is_what_is_read(self, tmp_path: Path) -> None:
        file = tmp_path / "ours.json"
        file.write_text(RESULT.model_dump_json(indent=2), encoding="utf-8")
        assert read(file) == RESULT

    def test_thai_stays_readable_in_the_file(self) -> None:
        assert "หมายเหตุ" in RESULT.model_dump_json()

    def test_a_comparison_round_trips(self) -> None:
        comparison = Comparison(
            measured_at=datetime(2018, 2, 9, 16, 0, tzinfo=UTC),
            machine="Linux",
            cores=2,
            ours=(RESULT,),
            others=(RESULT.replace(engine="DBOS"),),
        )
        assert Comparison.model_validate_json(comparison.model_dump_json()) == comparison

    @pytest.mark.parametrize(
        "wrong",
        [{"directives": 0}, {"accept_p50_ms": -1.0}, {"engine": " "}, {"throughput": 3.0}],
        ids=["no directive", "negative time", "nameless engine", "unknown field"],
    )
    def test_what_cannot_have_been_measured_is_refused(self, wrong: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            BenchmarkResult.model_validate({**dict(RESULT), **wrong})


class TestPercentile:
    @pytest.mark.parametrize(
        ("values", "share", "expected"),
        [
            ([7.0], 0.5, 7.0),
            ([4.0, 1.0, 3.0, 2.0], 0.5, 2.0),
            ([1.0, 2.0, 3.0], 0.5, 2.0),
            ([float(n) for n in range(100, 0, -1)], 0.95, 95.0),
            ([float(n) for n in range(1, 21)], 0.95, 19.0),
            ([1.0, 2.0, 3.0], 1.0, 3.0),
        ],
    )
    def test_nearest_rank(self, values: list[float], share: float, expected: float) -> None:
        assert percentile(values, share) == expected

    @given(
        values=st.lists(st.floats(0, 1e6), min_size=1, max_size=50),
        share=st.floats(0.01, 1.0),
    )
    def test_it_is_the_smallest_value_that_covers_the_share(self, values: list[float], share: float) -> None:
        found = percentile(values, share)
        assert found in values
        assert sum(value <= found for value in values) >= share * len(values)
        assert sum(value < found for value in values) < share * len(values)

    def test_without_values_there_is_no_percentile(self) -> None:
        with pytest.raises(ValueError, match="no_values"):
            percentile([], 0.5)

    @pytest.mark.parametrize("share", [0.0, -0.1, 1.01])
    def test_a_share_outside_its_range_is_refused(self, share: float) -> None:
        with pytest.raises(ValueError, match="share_out_of_range"):
            percentile([1.0], share)


class TestSummary:
    def test_figures_follow_from_the_moments(self) -> None:
        told = summary(
            (submission("a", 10.0, 10.2), submission("b", 10.1, 10.5), submission("c", 10.2, 12.0)),
            {"a": 10.3, "b": 11.1, "c": 12.5},
            runs=2,
        )
        assert told.accepted_per_second == 1.5
        assert (told.accept_p50_ms, told.accept_p95_ms) == (400.0, 1800.0)
        assert told.mail_p95_ms == 2300.0
        assert told.last_mail_after_last_submission_s == 0.5
        assert told.runs_per_100 == 66.7
        assert told.peak_memory_mb == {"application": 100.0}

    def test_a_mail_faster_than_the_reply_counts_as_no_delay(self) -> None:
        told = summary((submission("a", 0.0, 1.0),), {"a": 0.4})
        assert told.last_mail_after_last_submission_s == 0.0
        assert told.mail_p95_ms == 400.0

    def test_refused_submissions_are_counted_and_not_timed(self) -> None:
        told = summary((submission("a", 0.0, 0.5), submission("b", 0.0, 60.0, status=503)), {"a": 0.6})
        assert (told.directives, told.refused) == (2, 1)
        assert told.accepted_per_second == 2.0
        assert told.accept_p95_ms == 500.0

    def test_an_accepted_report_without_mail_is_no_result(self) -> None:
        with pytest.raises(ValueError, match="no_mail_for: b"):
            summary((submission("a", 0.0, 0.5), submission("b", 0.0, 0.5)), {"a": 0.6})

    def test_nothing_accepted_is_no_result(self) -> None:
        with pytest.raises(ValueError, match="nothing_accepted"):
            summary((submission("a", 0.0, 0.5, status=500),), {})


class TestRatios:
    def test_every_figure_is_ours_over_the_other(self) -> None:
        other = RESULT.replace(
            accepted_per_second=90.25,
            accept_p50_ms=42.0,
            accept_p95_ms=110.0,
            mail_p95_ms=1800.0,
            last_mail_after_last_submission_s=1.4,
            runs_per_100=100.0,
            peak_memory_mb={"application": 600.0},
        )
        ratios = {figure.name: ratio(figure, RESULT, other) for figure in FIGURES}
        assert ratios == {
            "accepted_per_second": 2.0,
            "accept_p50_ms": 0.5,
            "accept_p95_ms": 0.5,
            "mail_p95_ms": 0.5,
            "last_mail_after_last_submission_s": 0.5,
            "runs_per_100": 0.04,
            "peak_memory_mb": 0.5,
        }

    def test_against_nothing_there_is_no_ratio(self) -> None:
        (mail,) = (figure for figure in FIGURES if figure.name == "last_mail_after_last_submission_s")
        assert ratio(mail, RESULT, RESULT.replace(last_mail_after_last_submission_s=0.0)) is None
