"""What units and persons are called in a document; records hold only their ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from schemas.base import OfficerId, Record, UnitId
from schemas.organisation import Organisation


class Person(Record):
    name: str
    position: str = ""
    phone: str = ""
    email: str = ""

    @property
    def titled(self) -> str:
        """«นางสาวสมศรี ใจดี หัวหน้ากลุ่มงาน»; a role account is named by its position already."""
        return self.name if self.position in self.name else f"{self.name} {self.position}"


class Names(Record):
    """An id that has no name is printed as it is: a gap in the organisation never keeps a document back."""

    units: Mapping[UnitId, str] = {}
    """In protocol order (requirements 3.6)."""
    persons: Mapping[OfficerId, Person] = {}

    @classmethod
    def of(cls, organisation: Organisation) -> Self:
        return cls(
            units={unit.id: unit.th for unit in sorted(organisation.units, key=lambda unit: unit.seq)},
            persons={
                each.id: Person(name=each.name, position=each.position, phone=each.phone, email=each.email)
                for each in organisation.officers
            },
        )

    def unit(self, id_: UnitId) -> str:
        return self.units.get(id_, id_)

    def place(self, id_: UnitId) -> tuple[int, UnitId]:
        """Sorts units by protocol, those without a name last."""
        return (list(self.units).index(id_) if id_ in self.units else len(self.units)), id_

    def person(self, id_: OfficerId) -> Person:
        return self.persons.get(id_) or Person(name=id_)
