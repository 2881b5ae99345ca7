"""What a process asks of others is named so that the same question counts as the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from deployments.bench_counts import read_counts, request_name, statement_name


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("SELECT cases.id, cases.title \nFROM cases \nWHERE cases.id = $1", "SELECT cases"),
        ("UPDATE cases SET head_seq=$1", "UPDATE cases"),
        ("INSERT INTO events (case_id, seq) VALUES ($1, $2)", "INSERT events"),
        ("DELETE FROM drafts WHERE true", "DELETE drafts"),
        ("select pg_advisory_xact_lock(hashtextextended($1, 0))", "SELECT"),
        ("BEGIN IMMEDIATE", "BEGIN"),
    ],
)
def test_a_statement_is_named_by_its_verb_and_first_table(statement: str, name: str) -> None:
    assert statement_name(statement) == name


def test_a_request_is_named_without_its_id() -> None:
    path = "/api/flow_runs/0b0d1c5e-4d3d-4a5c-9b32-9d1f8c6f0a11/set_state"
    assert request_name("POST", path) == "POST /flow_runs/{id}/set_state"


def test_nothing_was_counted_before_the_first_writing(tmp_path: Path) -> None:
    assert read_counts(tmp_path / "none.json").total() == 0
