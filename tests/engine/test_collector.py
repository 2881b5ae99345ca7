"""A process that begins to serve puts aside what it has loaded, once, however many parts of it begin."""

from __future__ import annotations

import gc

import pytest

from engine.collector import spare_the_collector


def test_what_is_loaded_is_put_aside_once_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    put_aside: list[str] = []
    monkeypatch.setattr(gc, "freeze", lambda: put_aside.append("once"))
    spare_the_collector.cache_clear()
    spare_the_collector()
    spare_the_collector()
    assert put_aside == ["once"]
