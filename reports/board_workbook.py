"""A board as a workbook: units by steps as on the page, and a list of the work with dates that sort and filter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports.workbook import Book, head, titles, write

Line = tuple[str | date | int | None, ...]
UNIT_WIDTH, STEP_WIDTH = 34.0, 20.0
LIST_WIDTHS = (30.0, 24.0, 26.0, 40.0, 30.0, 16.0, 14.0, 14.0, 14.0, 9.0, 30.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardSheet:
    """What is printed, in the words of the page."""

    title: str
    author: str
    dated: datetime
    preamble: tuple[str, ...]
    names: tuple[str, str]
    """Of the two sheets."""
    unit: str
    """Above the units."""
    parts: tuple[tuple[str, int], ...]
    """The processes, and how many steps of each follow one another."""
    steps: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def board_xlsx(board: BoardSheet) -> bytes:
    book = Book(title=board.title, author=board.author, dated=board.dated)
    matrix = book.sheet(board.names[0], (UNIT_WIDTH, *(STEP_WIDTH for _ in board.steps)))
    row = titles(matrix, (board.title, *board.preamble))
    if len(board.parts) > 1:
        _parts(matrix, row, board.parts)
        row += 1
    head(matrix, row, (board.unit, *board.steps))
    matrix.freeze_panes = f"B{row + 1}"
    for unit, cells in board.rows:
        row += 1
        for at, said in enumerate((unit, *cells), start=1):
            write(matrix, row, at, said)
    lines = book.sheet(board.names[1], LIST_WIDTHS)
    head(lines, 1, board.columns)
    for at_row, line in enumerate(board.lines, start=2):
        for at, value in enumerate(line, start=1):
            write(lines, at_row, at, value)
    lines.auto_filter.ref = f"A1:{get_column_letter(len(board.columns))}{len(board.lines) + 1}"
    return book.to_bytes()


def _parts(sheet: Worksheet, row: int, parts: tuple[tuple[str, int], ...]) -> None:
    """The processes above their steps."""
    write(sheet, row, 1, None, fill="head")
    at = 2
    for name, width in parts:
        for column in range(at, at + width):
            write(sheet, row, column, name if column == at else None, bold=True, across="center", fill="head")
        if width > 1:
            sheet.merge_cells(start_row=row, end_row=row, start_column=at, end_column=at + width - 1)
        at += width
