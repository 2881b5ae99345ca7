"""What operators read in Prefect: Thai names of task runs, and whom a case waits for, until when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from engine.history import Kind, Recorded
from rules.directory import DirectoryIndex
from rules.errors import UnknownUnit
from rules.thai import thai_moment, truncate

if TYPE_CHECKING:
    from engine.waits import Call, HandOff

LONGEST_NAME = 120


def unit_name(directory: DirectoryIndex, unit: str) -> str:
    """The short Thai name of a unit; its id when the organisation no longer knows it.

    Divisions of different agencies often have the same name («กองแผนงาน»): without an abbreviation the agency is
    named, unless the name says it.
    """
    try:
        named, agency = directory.unit(unit), directory.agency_of(unit)
    except UnknownUnit:
        return unit
    if named.abbr or agency is None or agency.th in named.th:  # «สำนักงานคลังจังหวัดสมุทรสาคร»
        return named.short
    return f"{named.th} {agency.short}"


def full_name(directory: DirectoryIndex, unit: str) -> str:
    """The full Thai name of a unit; anything that is not the id of a unit stays as it is."""
    try:
        return directory.unit(unit).th
    except UnknownUnit:
        return unit


def opening_name(group: Sequence[HandOff[Any] | Call[Any]], directory: DirectoryIndex) -> str:
    """Name of the task run that hands work off: to one unit, or one element to many."""
    first = group[0]
    if first.kind is Kind.CALL:
        return truncate(f"เรียกกระบวนงานย่อย: {cast('Call[Any]', first).called.title}", LONGEST_NAME)
    asked = cast("HandOff[Any]", first)
    title, unit = asked.asked.title if len(group) == 1 else asked.form.title_th, asked.asked.to.unit
    if len(group) == 1:
        return truncate(f"ส่งงาน: {title} → {unit_name(directory, unit)}", LONGEST_NAME)
    return truncate(f"ส่งงาน: {title} ({len(group)} รายการ)", LONGEST_NAME)


def step_name(name_th: str, key: str) -> str:
    """Name of the task run of a step; instances say which one they are."""
    _, _, instance = key.rpartition("/")[2].partition("[")
    return truncate(f"{name_th} ({instance.rstrip(']')})" if instance else name_th, LONGEST_NAME)


def waiting_for(elements: Sequence[Recorded], directory: DirectoryIndex) -> str:
    """One sentence: for whom or for what the case waits, and until when."""
    people = [element for element in elements if element.kind is Kind.HAND_OFF]
    if len(people) == 1:
        (one,) = people
        until = f" ภายใน{thai_moment(one.due_at)}" if one.due_at else ""
        named = directory.named(one.officer, one.unit)
        return f"รอ{named.name if named else unit_name(directory, one.unit)}: {one.title}{until}"
    if people:
        return _many_people(people, directory)
    timers = [element.due_at for element in elements if element.kind is Kind.TIMER and element.due_at]
    calls = [element.child for element in elements if element.kind is Kind.CALL]
    if calls:
        return f"รอกระบวนงานย่อย {len(calls)} เรื่อง"
    if timers:
        return f"รอถึง{thai_moment(min(timers))}"
    return next((element.title for element in elements if element.title), "รอข้อความจากกระบวนงานอื่น")


def _many_people(people: Sequence[Recorded], directory: DirectoryIndex) -> str:
    units = Counter(element.unit for element in people)
    protocol = {unit.id: place for place, unit in enumerate(directory.units())}
    # Who has most to do comes first, then by protocol: whichever branch was opened first must not show.
    ordered = sorted(units, key=lambda unit: (-units[unit], protocol.get(unit, len(protocol)), unit))
    names = [unit_name(directory, unit) for unit in ordered[:3]]
    first = ", ".join(names) + (" และหน่วยงานอื่น" if len(units) > len(names) else "")
    due = [element.due_at for element in people if element.due_at]
    until = f" กำหนดแรก{thai_moment(min(due))}" if due else ""
    return f"รอ {len(people)} งาน จาก {len(units)} หน่วยงาน ({first}){until}"
