"""`sangkan bench` on the whole system, small: what it says and writes; never how fast it was."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.benchmark import BenchmarkResult

WITHIN_S = 600


def bench(*arguments: str) -> str:
    command = [sys.executable, "-c", "from deployments.bench import app; app()", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN_S, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


@pytest.mark.stack
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_small_peak_is_measured_and_written(database: str, tmp_path: Path) -> None:
    file = tmp_path / "ours.json"
    said = bench("weekly-peak", "--directives", "10", "--database", database, "--json", str(file))
    result = BenchmarkResult.model_validate_json(file.read_bytes())
    assert (result.directives, result.clients, result.refused) == (10, 10, 0)
    assert set(result.peak_memory_mb) == {"Prefect server", "mail server", "portal", "worker"}
    assert result.runs_per_100 >= 10, "ten reports were taken up without any run"
    assert "10 directives, 10 clients" in said
    assert "cleared" not in said, "bars are set for a ministry, not for ten directives"


@pytest.mark.stack
def test_a_run_transition_is_counted(tmp_path: Path) -> None:
    said = bench("transition", "--cases", "2", "--database", "sqlite")
    assert "one of 2 run transitions" in said
    assert "POST /flow_runs/{id}/set_state" in said


@pytest.mark.postgres
def test_auditors_pages_are_measured_in_a_ledger_that_has_grown() -> None:
    said = bench("audit-pages", "--events", "2500", "--each", "10")
    assert "heat map of weeks" in said
    sizes = re.search(r"([\d,]+) events beside ([\d,]+)", said)
    assert sizes
    small, large = (int(each.replace(",", "")) for each in sizes.groups())
    assert small < 200
    assert 2300 <= large <= 2500
    assert said.count("p95, ms: ") == 4
