"""From the rows of a personnel workbook to the lists of the units (P10); what is wrong is named by row and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from rules.award_case import AGREED
from rules.errors import BrokenStaffFile
from rules.form_input import figures
from rules.sentences import sentence, sentence_of
from rules.thai import normalise_thai
from schemas.award import PERSON_GROUP_TH, PersonGroup
from schemas.award_case import AwardLine, Lists
from schemas.base import UnitId
from schemas.form import Problem, asked
from schemas.kpi import OWNER_ROLE_TH, OwnerRole

UNIT = "unit"
UNIT_TITLE = ("หน่วยงาน", "Unit")
COLUMNS: Mapping[str, tuple[str, str]] = {UNIT: UNIT_TITLE} | {
    name: (ask.th, ask.en) for name, field in AwardLine.model_fields.items() if (ask := asked(field)) is not None
}
"""The columns of the workbook in their order: name of the field → Thai and English title."""

YES, NO = "ใช่", "ไม่ใช่"
_ANSWERS = {YES: True, "true": True, "1": True, "✓": True, NO: False, "ไม่": False, "false": False, "0": False}
_GROUPS = {th: group for group, th in PERSON_GROUP_TH.items()}
_ROLES: Mapping[str, OwnerRole | None] = {th: role for role, th in OWNER_ROLE_TH.items()} | {"ไม่มี": None}
CITIZEN_DIGITS = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow:
    """One row of the sheet as it stands: its number, and what stands in each known column, a text or a number."""

    number: int
    cells: Mapping[str, Any]

    @property
    def is_blank(self) -> bool:
        """Nothing is filled in beside the unit, which the template fills in beforehand."""
        return all(_text(value) == "" for name, value in self.cells.items() if name != UNIT)


def lists_of(rows: Iterable[StaffRow], letters: Mapping[str, str], units: Sequence[tuple[UnitId, str]]) -> Lists:
    """The list of each unit that has anybody.

    :param letters: the letter of each column, by the name of its field.
    :param units: (id, Thai name) of the units of the year; a cell may hold either.
    :raises BrokenStaffFile: with every problem of every row.
    """
    reader = _Reader(letters, units)
    read = [line for row in rows if not row.is_blank and (line := reader.line(row)) is not None]
    problems = [*reader.problems, *_contradictions(read, letters)]
    if not read and not problems:
        problems.append(Problem(field="", th="ไม่มีรายชื่อบุคคลในตาราง", en="The table names nobody"))
    if problems:
        raise BrokenStaffFile(tuple(problems))
    lists: Lists = {}
    for found in read:
        lists[found.unit] = (*lists.get(found.unit, ()), found.line)
    return lists


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A row that could be read."""

    row: int
    unit: UnitId
    line: AwardLine


class _Reader:
    """Reads row after row, and keeps what is wrong."""

    def __init__(self, letters: Mapping[str, str], units: Sequence[tuple[UnitId, str]]) -> None:
        self.problems: list[Problem] = []
        self._letters = letters
        self._units = {th: unit for unit, th in units} | {unit: unit for unit, _ in units}

    def line(self, row: StaffRow) -> _Read | None:
        said = len(self.problems)
        unit = self._units.get(_text(row.cells.get(UNIT)))
        if unit is None:
            named = _text(row.cells.get(UNIT))
            self._say(row, UNIT, *(_no_unit(named) if named else sentence("missing", *UNIT_TITLE)))
        values = {name: value for name in AwardLine.model_fields if (value := self._value(row, name)) is not None}
        unreadable = len(self.problems) > said
        try:
            line = AwardLine.model_validate(values)
        except ValidationError as error:
            for each in error.errors(include_url=False):
                name = str(each["loc"][0])
                if not self._has_said(row, name):
                    self._say(row, name, *sentence_of(each, *COLUMNS[name]))
            return None
        return None if unit is None or unreadable else _Read(row=row.number, unit=unit, line=line)

    def _value(self, row: StaffRow, name: str) -> Any:
        """What stands in a cell, as the model takes it; None when it is blank or cannot be read."""
        text = _text(row.cells.get(name))
        match name:
            case "group" | "role":
                return self._chosen(row, name, text, _GROUPS if name == "group" else _ROLES)
            case "executive" | "under_penalty":
                return self._chosen(row, name, text.lower(), _ANSWERS)
            case "id":
                if len(text) == CITIZEN_DIGITS and text.isdecimal():
                    self._say(row, name, *_CITIZEN)
                    return None
                return text.lower() or None
            case "name":
                return text or None
            case _:
                return figures(text) or None

    def _chosen(self, row: StaffRow, name: str, text: str, choices: Mapping[str, Any]) -> Any:
        if text == "":
            return None
        if text not in choices:
            th, en = COLUMNS[name]
            listed = ", ".join(_LISTED[name])
            self._say(row, name, f"«{th}» ต้องเป็น {listed}", f"“{en}” must be one of: {listed}")
            return None
        return choices[text]

    def _has_said(self, row: StaffRow, name: str) -> bool:
        return any(problem.field == _cell(row.number, name, self._letters) for problem in self.problems)

    def _say(self, row: StaffRow, name: str, th: str, en: str) -> None:
        self.problems.append(_problem(row.number, name, self._letters, th, en))


_LISTED: Mapping[str, tuple[str, ...]] = {
    "group": tuple(PERSON_GROUP_TH[group] for group in PersonGroup),
    "role": (*(OWNER_ROLE_TH[role] for role in OwnerRole), "ไม่มี"),
    "executive": (YES, NO),
    "under_penalty": (YES, NO),
}
"""What the template offers in the columns of choices."""
CHOICES_OF_COLUMNS = _LISTED

_CITIZEN = (
    "ไม่ใช้เลขประจำตัวประชาชน 13 หลัก ให้ใช้รหัสประจำตัวของหน่วยงาน",
    "Not the citizen's number of 13 digits; use the office's own id",
)


def _no_unit(named: str) -> tuple[str, str]:
    return f"ไม่มีหน่วยงาน «{named[:80]}» ในรอบปีนี้", f"No unit of this year is called “{named[:80]}”"


def _text(value: Any) -> str:
    """A cell as text: a whole number of a spreadsheet without its «.0», numbers never as 1E+5."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        plain = f"{Decimal(repr(value)):f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return normalise_thai(str(value)).strip()


def _contradictions(read: Sequence[_Read], letters: Mapping[str, str]) -> Iterator[Problem]:
    """A person twice in a unit; different facts in two units; more than a year altogether. At the later row."""
    first: dict[str, _Read] = {}
    served: dict[str, int] = {}
    listed: dict[tuple[UnitId, str], int] = {}
    for found in read:
        line, row = found.line, found.row
        if earlier := listed.get((found.unit, line.id)):
            yield _problem(row, "id", letters, f"รหัส «{line.id}» ของหน่วยงานนี้ซ้ำกับแถวที่ {earlier}",
                           f"The id “{line.id}” is in row {earlier} of this unit already")  # fmt: skip
            continue
        listed[found.unit, line.id] = row
        known = first.setdefault(line.id, found)
        for name in ("name", *AGREED.values()):
            if getattr(line, name) != getattr(known.line, name):
                th, en = COLUMNS[name]
                yield _problem(row, name, letters, f"«{th}» ของรหัส «{line.id}» ไม่ตรงกับแถวที่ {known.row}",
                               f"“{en}” of “{line.id}” is not that of row {known.row}")  # fmt: skip
        served[line.id] = served.get(line.id, 0) + line.months
        if served[line.id] > 12:
            yield _problem(row, "months", letters,
                           f"รหัส «{line.id}» รวมทุกหน่วยงาน {served[line.id]} เดือน เกิน 12 เดือน",
                           f"“{line.id}” has {served[line.id]} months altogether, more than 12")  # fmt: skip


def _cell(row: int, name: str, letters: Mapping[str, str]) -> str:
    return f"{letters.get(name, '?')}{row}"


def _problem(row: int, name: str, letters: Mapping[str, str], th: str, en: str) -> Problem:
    column = letters.get(name, "?")
    return Problem(
        field=_cell(row, name, letters), th=f"แถวที่ {row} คอลัมน์ {column}: {th}", en=f"row {row}, column {column}: {en}"
    )
