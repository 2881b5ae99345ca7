"""Criteria of five levels as cells of a workbook: a value that is agreed for a level is a number (requirements 4.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from openpyxl.worksheet.worksheet import Worksheet

from reports.criteria import CriteriaLine, criteria_lines
from reports.figures import NONE
from reports.workbook import exact_form, write
from schemas.criteria import Composite, Criteria, MilestoneRule, Milestones, Quantitative
from schemas.exact import Exact
from schemas.kpi import Kpi

LEVELS = tuple(f"ระดับ {level}" for level in range(1, 6))
METHOD = "วิธีให้คะแนน"
LEVEL_WIDTH, METHOD_WIDTH = 12.0, 38.0
MUTED = "6E6E6E"
"""Of the parts of a composite, which do not count beside their KPI."""

LevelCells = tuple[Exact | str, ...]


class CriteriaRow(NamedTuple):
    """The criteria of a KPI, or of one part of it."""

    line: CriteriaLine
    levels: LevelCells
    """Five cells."""
    method: str
    """How it is scored, with the steps of milestones, a line each."""


def criteria_rows(kpi: Kpi) -> tuple[CriteriaRow, ...]:
    """The KPI's own row, then those of its parts, in the order of `criteria_lines`."""
    lines = criteria_lines(kpi, "arabic")
    return tuple(
        CriteriaRow(line, level_cells(line, criteria), _method(line, criteria))
        for line, criteria in zip(lines, _in_order(kpi.criteria), strict=True)
    )


def level_cells(line: CriteriaLine, criteria: Criteria | None) -> LevelCells:
    """What is to be achieved for each level; «–» where the level is not agreed by itself."""
    match criteria:
        case Quantitative():
            return criteria.points
        case Milestones(rule=MilestoneRule.COUNT):
            return tuple(f"สำเร็จ {level} ขั้นตอน" for level in range(1, 6))
        case Milestones():
            return ("ขั้นตอนที่ 1", *(f"ขั้นตอนที่ 1 ถึง {level}" for level in range(2, 6)))
        case _:
            return line.levels or (NONE,) * 5


def write_criteria(sheet: Worksheet, row: int, column: int, of: CriteriaRow) -> None:
    """Five cells of levels from `column` on, and the method behind them."""
    color = MUTED if of.line.depth else "000000"
    for at, level in enumerate(of.levels):
        form = "" if isinstance(level, str) else exact_form(level)
        write(sheet, row, column + at, level, across="center", form=form, color=color)
    write(sheet, row, column + 5, of.method, color=color)


def _method(line: CriteriaLine, criteria: Criteria | None) -> str:
    if criteria is None:
        return line.kind
    return "\n".join(filter(None, (line.kind, *line.texts, line.note)))


def _in_order(criteria: Criteria | None) -> Iterator[Criteria | None]:
    yield criteria
    if isinstance(criteria, Composite):
        for part in criteria.parts:
            yield from _in_order(part.criteria)
