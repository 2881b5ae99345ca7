"""A board as the workbook prints it: the same words as on the page, and every piece of work with its days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from ledger.cases import CaseView
from portal.board import Board, Entry, Row, State, Step
from portal.board_wording import SIGNS, BoardWording
from portal.case_about import process_title
from portal.texts import text
from reports.board_workbook import BoardSheet, Line
from rules.calendar import bangkok_date

LIST = ("unit", "list_process", "around_step", "list_title", "list_holder", "around_state", "list_opened", "list_due",
        "list_closed", "list_days", "list_by")  # fmt: skip


STATE_KEYS = {
    State.DONE: "in_time", State.LATE: "handed_in_late", State.OPEN: "open", State.OVERDUE: "overdue",
    State.LAPSED: "lapsed", State.WITHDRAWN: "withdrawn",
}  # fmt: skip


def sheet_of_board(
    case: CaseView, board: Board, b: BoardWording, unit_name: Callable[[str], str], now: datetime
) -> BoardSheet:
    def said(key: str) -> str:
        return text(f"board.{key}", b.language)

    return BoardSheet(
        title=b.system(case.title), dated=now, author=process_title(case.process, b.language),
        preamble=(case.id, text("board.as_of", b.language, at=b.moment(now))),
        names=(said("sheet_matrix"), said("sheet_list")), unit=said("unit"),
        parts=tuple((b.part(board, part), len(part.steps)) for part in board.parts),
        steps=tuple(b.step(step) for step in board.steps),
        rows=tuple((unit_name(row.unit), tuple(_cell(row, step, b) for step in board.steps)) for row in board.rows),
        columns=tuple(said(key) for key in LIST),
        lines=(
            *(_line(step, e, b, unit_name, "") for step, cell in board.around for e in cell.entries),
            *_lines(board, b, unit_name),
        ),
    )  # fmt: skip


def _cell(row: Row, step: Step, b: BoardWording) -> str:
    cell = row.cells.get(step)
    if cell is None:
        return ""
    shown = cell.shown
    count = text("board.times", b.language, n=len(cell.entries)) if len(cell.entries) > 1 else ""
    return "\n".join(filter(None, (f"{SIGNS[shown.state]} {b.said(shown)}", b.beside(shown), count)))


def _lines(board: Board, b: BoardWording, unit_name: Callable[[str], str]) -> Iterator[Line]:
    for row in board.rows:
        for step in board.steps:
            if cell := row.cells.get(step):
                yield from (_line(step, entry, b, unit_name, unit_name(row.unit)) for entry in cell.entries)


def _line(step: Step, entry: Entry, b: BoardWording, unit_name: Callable[[str], str], unit: str) -> Line:
    work = entry.work
    days = entry.days if entry.state in (State.LATE, State.OVERDUE) else None
    by = work.closed_by.name if work.closed_by else ""
    moments = (bangkok_date(at) if at else None for at in (work.opened_at, work.due_at, work.closed_at))
    return (
        unit, process_title(step.process, b.language), b.step(step), b.title(entry), unit_name(work.unit),
        text(f"board.{STATE_KEYS[entry.state]}", b.language), *moments, days, by,
    )  # fmt: skip
