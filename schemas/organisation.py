"""Units, officers, delegations and orders of oversight of a ministry, as one validated file gives them."""

from __future__ import annotations

import operator
from collections import Counter
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from schemas.base import LongText, Moment, OfficerId, Record, ShortText, UnitId

EmailAddress = Annotated[str, StringConstraints(pattern=r"^[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+$", max_length=254)]


class UnitRole(StrEnum):
    """The part a unit plays in the processes (a lane)."""

    MINISTRY = "ministry"
    """The minister's and permanent secretary's office."""
    SECRETARIAT = "secretariat"
    """Collects and dispatches for the ministry (สนย.)."""
    AGENCY = "agency"
    """A department or an office of equal rank (ส่วนราชการ)."""
    PLANNING_UNIT = "planning_unit"
    """The agency's planning group or division (กลุ่มแผน/กองแผน)."""
    DIVISION = "division"
    """A bureau or division (สำนัก/กอง)."""
    PSDG = "psdg"
    """The agency's public sector development group (กลุ่มพัฒนาระบบบริหาร, กพร.); not to be mixed up with ก.พ.ร."""
    PROVINCE = "province"
    """The agency's office in a province (ส่วนภูมิภาค)."""
    OUTSIDE = "outside"
    """A body outside the ministry that holds work in it, such as the Office of the PSDC (สำนักงาน ก.พ.ร.)."""


class Duty(StrEnum):
    """What an officer may do within the unit."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    """Gets the digest of what is late in the unit; may also fill in its forms."""
    HEAD = "head"
    """Head of the unit: the minister, a director-general, a director."""
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Unit(Record):
    id: UnitId
    th: ShortText
    en: str = ""
    abbr: str = ""
    role: UnitRole
    parent: UnitId | None = None
    seq: int = 0
    """Protocol order in lists; never alphabetical (requirements 3.6)."""
    valid_from: date | None = None
    valid_to: date | None = None
    address: LongText = ""
    """Where its letters come from, a line each (S3: ศาลากลางจังหวัด, street and postal code)."""
    phone: str = ""
    fax: str = ""
    email: EmailAddress | None = None
    """At the foot of the letters of which it is in charge; officers have addresses of their own."""

    @property
    def short(self) -> str:
        """Abbreviation where there is one, else the full Thai name."""
        return self.abbr or self.th


class Officer(Record):
    id: OfficerId
    unit: UnitId
    name: ShortText
    """Name or role account as shown on pages and in the ledger."""
    position: str = ""
    email: EmailAddress
    phone: str = ""
    duties: frozenset[Duty] = frozenset({Duty.OFFICER})
    active: bool = True


class Delegation(Record):
    """`officer` acts for `unit` within a period, under an instrument."""

    officer: OfficerId
    unit: UnitId
    instrument: ShortText
    valid_from: Moment
    valid_to: Moment


class Oversight(Record):
    """`officer` oversees units, and all below them, under an order (คำสั่งมอบหมายรองอธิบดี กำกับดูแลภาพรวม: S1 line 75).

    Who oversees reads what concerns the units and is told what is late there; the work stays theirs.
    """

    officer: OfficerId
    units: tuple[UnitId, ...] = Field(min_length=1)
    instrument: ShortText
    valid_from: Moment
    valid_to: Moment | None = None
    """Until the order is recalled, where it names no end."""

    def stands(self, at: datetime) -> bool:
        """Both ends are included."""
        return self.valid_from <= at <= (self.valid_to or at)


class Organisation(Record):
    """One ministry. Errors name the unit or officer and the field that is wrong."""

    ministry: UnitId
    units: tuple[Unit, ...]
    officers: tuple[Officer, ...]
    delegations: tuple[Delegation, ...] = ()
    oversights: Annotated[tuple[Oversight, ...], Field(exclude_if=operator.not_)] = ()
    """Not written while there are none: an organisation of before is the same."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        problems = [*self._repeated_ids(), *self._dangling_references(), *self._loops()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _repeated_ids(self) -> list[str]:
        counted = {
            "units": Counter(u.id for u in self.units),
            "officers": Counter(o.id for o in self.officers),
        }
        return [f"{kind}: id {i!r} is used {n} times" for kind, c in counted.items() for i, n in c.items() if n > 1]

    def _dangling_references(self) -> list[str]:
        known = {unit.id for unit in self.units}
        officers = {officer.id for officer in self.officers}
        problems = [] if self.ministry in known else [f"ministry: unknown unit {self.ministry!r}"]
        problems += [
            f"units[{u.id}].parent: unknown unit {u.parent!r}" for u in self.units if u.parent and u.parent not in known
        ]
        problems += [f"officers[{o.id}].unit: unknown unit {o.unit!r}" for o in self.officers if o.unit not in known]
        for d in self.delegations:
            if d.unit not in known:
                problems.append(f"delegations[{d.officer}].unit: unknown unit {d.unit!r}")
            if d.officer not in officers:
                problems.append(f"delegations[{d.officer}].officer: unknown officer")
        for o in self.oversights:
            problems += [f"oversights[{o.officer}].units: unknown unit {u!r}" for u in o.units if u not in known]
            if o.officer not in officers:
                problems.append(f"oversights[{o.officer}].officer: unknown officer")
        return problems

    def _loops(self) -> list[str]:
        parent = {unit.id: unit.parent for unit in self.units}
        problems = []
        for start in parent:
            seen, at = {start}, parent[start]
            while at is not None and at not in seen:
                seen.add(at)
                at = parent.get(at)
            if at is not None and at == start:
                problems.append(f"units[{start}].parent: the unit is its own ancestor")
        return problems
