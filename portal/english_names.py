"""English names of units, for what the ledger says of them in Thai: choices of forms, facts and titles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from schemas.base import UnitId
from schemas.organisation import Unit


@dataclass(frozen=True, slots=True)
class EnglishNames:
    """Of the standing organisation; a unit that has no English name is not in it."""

    units: Mapping[UnitId, Unit] = field(default_factory=dict)
    by_th: Mapping[str, str] = field(default_factory=dict)
    """English by Thai name; none where several units share the Thai name and not the English one."""

    def of(self, th: str) -> str:
        """The English name of the unit that is called so in Thai; what names no unit stays as it stands."""
        return self.by_th.get(th, th)

    def of_choice(self, value: str, label: str) -> str:
        """As above, of the choice of a form, whose value is the unit's id."""
        unit = self.units.get(value)
        return unit.en if unit is not None and unit.en and unit.th == label else self.of(label)


def english_names(units: Iterable[Unit]) -> EnglishNames:
    units = tuple(units)
    named: dict[str, set[str]] = {}
    for unit in units:
        named.setdefault(unit.th, set()).add(unit.en or unit.th)
    return EnglishNames(
        units={unit.id: unit for unit in units if unit.en},
        by_th={th: next(iter(en)) for th, en in named.items() if len(en) == 1},
    )
