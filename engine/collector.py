"""Python's collector: a process of ours makes little garbage that its reference counts do not find, and loads a lot."""

from __future__ import annotations

import gc
from functools import cache


def collect_seldom() -> None:
    """While so much is loaded, looking for garbage among it took a tenth of a command's start."""
    gc.set_threshold(50_000, 20, 50)


@cache
def spare_the_collector() -> None:
    """What a process has loaded stays; searching it for garbage again and again took two fifths of a long replay.

    Done once a process, when it begins to serve.
    """
    gc.collect()
    gc.freeze()
    collect_seldom()
