"""The personnel division fills in its workbook: the template of the portal, with the year's persons in it."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from reports.staff_workbook import SHEET
from rules.staff_list import COLUMNS, NO, UNIT, YES
from schemas.award import PERSON_GROUP_TH
from schemas.award_case import AwardLine, Lists
from schemas.base import UnitId
from schemas.kpi import OWNER_ROLE_TH


def filled_in(template: bytes, staff: Lists, unit_names: Mapping[UnitId, str]) -> bytes:
    """The template with a row for each person and unit, beneath those in which the units stand."""
    workbook = load_workbook(BytesIO(template))
    sheet = workbook[SHEET]
    rows = [(unit_names[unit], line) for unit, lines in staff.items() for line in lines]
    for at, (unit, line) in enumerate(rows, start=sheet.max_row + 1):
        for column, name in enumerate(COLUMNS, start=1):
            sheet.cell(at, column).value = unit if name == UNIT else _cell(line, name)
    made = BytesIO()
    workbook.save(made)
    return made.getvalue()


def _cell(line: AwardLine, name: str) -> Any:
    """What a person would choose or type."""
    match getattr(line, name):
        case bool() as said:
            return YES if said else NO
        case value if name == "group":
            return PERSON_GROUP_TH[value]
        case value if name == "role":
            return OWNER_ROLE_TH[value] if value else None
        case value:
            return str(value)
