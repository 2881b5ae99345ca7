"""Tables of evidence on the terminal: what does not fit is folded, not cut; a pipe has lines of its own width."""

from __future__ import annotations

import os
import sys

from rich.console import Console, RenderableType
from rich.table import Column, Table

PIPED = 160
"""Columns where no terminal says how wide it is, and COLUMNS does not."""


def folding(*columns: Column | str, title: str | None = None, show_header: bool = True) -> Table:
    """A table over the whole width; what may not wrap keeps its line and shows where it was cut."""
    table = Table(*columns, title=title, title_justify="left", show_header=show_header, expand=True)
    for column in table.columns:
        column.overflow = "ellipsis" if column.no_wrap else "fold"
    return table


def show(*parts: RenderableType) -> None:
    Console(width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPED).print(*parts)
