"""The repository checks its own promises."""

from __future__ import annotations

import ast
import importlib
import subprocess
from pathlib import Path

import pytest
from prefect import Flow

import flows
from engine.process import processes
from engine.settings import Settings
from ledger.event import KINDS

ROOT = Path(__file__).parent.parent
PRODUCT = (
    "schemas",
    "rules",
    "ledger",
    "notifications",
    "reports",
    "engine",
    "tasks",
    "flows",
    "audit",
    "portal",
    "deployments",
)
SOURCES = [path for floor in PRODUCT for path in (ROOT / floor).rglob("*.py")]


def test_every_process_has_a_flow_at_its_entry_point() -> None:
    assert flows.__all__
    entered = [p for p in processes() if p.entrypoint.startswith("flows.")]
    assert {p.id for p in entered} == {
        "directive-lifecycle", "weekly-cycle", "meeting-printout", "opinion-collection", "agreement-cycle", "sar-round",
        "monthly-follow-up", "site-visit", "appeal", "award-allocation", "circular", "user-request",
        "kpi-framework", "kpi-cascade", "agency-cascade", "province-duty",
        "efficiency-measures",
    }  # fmt: skip
    for process in entered:
        module, _, name = process.entrypoint.rpartition(".")
        assert isinstance(getattr(importlib.import_module(module), name), Flow)


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_kind_of_event_says_what_happened_and_follows_the_grammar() -> None:
    for kind, meaning in KINDS.items():
        thing, _, verb = kind.partition(":")
        assert thing.replace("_", "").isalpha(), kind
        assert verb.isalpha(), kind
        assert meaning


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_promise_the_real_thing(path: Path) -> None:
    named = [node.name for node in ast.walk(ast.parse(path.read_text())) if hasattr(node, "name") and node.name]
    assert [name for name in named if name.lower().startswith(("mock", "fake", "simple_", "stub", "dummy"))] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    text = path.read_text()
    assert not text.strip() or ast.get_docstring(ast.parse(text)), "a module without a docstring"


def test_nothing_that_is_tracked_names_an_address_of_an_index_or_a_path_of_one_machine() -> None:
    told = subprocess.run(
        ["git", "grep", "-nIE", r"(index-url|find-links|\"resolved\"|(^|[ \"'(=])/(work|farm|root)/)", "--", ".",
         ":!tests/test_promises.py"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    allowed = ("--no-emit-index-url",)
    assert [line for line in told.stdout.splitlines() if not any(word in line for word in allowed)] == []


def test_the_source_stays_in_files_of_one_screen_of_ideas() -> None:
    long = {str(p.relative_to(ROOT)): n for p in SOURCES if (n := len(p.read_text().splitlines())) > 450}
    long.pop("audit/verifier.py")  # it must be one file: it is what a bundle brings along
    assert long == {}
