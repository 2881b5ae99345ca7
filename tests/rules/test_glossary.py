"""The glossary names things that exist."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

GLOSSARY = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text("utf-8")
NAMES = sorted(set(re.findall(r"`((?:schemas|rules)\.[\w.]+)`", GLOSSARY)))


def _resolve(name: str) -> Any:
    module, *path = name.split(".")[1:]
    at: Any = import_module(f"{name.split('.')[0]}.{module}")
    for step in path:
        fields = at.model_fields if isinstance(at, type) and issubclass(at, BaseModel) else {}
        at = fields[step] if step in fields else getattr(at, step)
    return at


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_the_glossary_is_a_name_in_the_code(name: str) -> None:
    assert _resolve(name) is not None


def test_every_line_of_a_table_has_all_its_cells() -> None:
    for table in re.findall(r"(?:^\|.*\n)+", GLOSSARY, re.MULTILINE):
        head, *lines = table.splitlines()
        assert [line for line in lines if line.count("|") != head.count("|")] == []
