"""What an officer may see and do in the portal. Pure decisions; the pages only ask."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ledger.cases import CaseView
from ledger.hand_offs import HandOff
from rules.directory import FULFILLED_BY, DirectoryIndex
from rules.verdict import Verdict
from schemas.organisation import Duty, Officer, Unit, UnitRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """The rights of one officer at one moment."""

    officer: Officer
    unit: Unit
    units: tuple[str, ...]
    """The officer's own unit, then those for which the officer acts under an order."""
    agency: str | None
    """The agency, for officers of its planning unit (also when acting for it) and its head; else None."""
    plans_for: str | None
    """As above, for those who do the work of the planning unit: an auditor who sits in one begins nothing for it."""
    reads_everything: bool
    is_secretariat: bool
    is_administrator: bool
    is_auditor: bool
    year_boards: tuple[str, ...] = ()
    """Agencies whose performance agreement the officer follows as a whole: of กพร., head and deputies."""
    agreements: tuple[str, ...] = ()
    """Agencies with an agreement in which one of the officer's units may hold KPIs."""
    overseen: tuple[str, ...] = ()
    """Units that the officer oversees under an order: what concerns them is read, their work stays theirs."""

    @property
    def sees_years(self) -> bool:
        return self.reads_everything or bool(self.agreements)

    def reads_year_of(self, agency: str) -> bool:
        """The board of a year, its executive summary and its calendar."""
        return self.reads_everything or agency in self.year_boards

    def reads_year_for(self, agency: str, units: Collection[str]) -> bool:
        """What concerns one of `units` in a year of the agency: a unit's view, or a KPI that they hold."""
        return self.reads_year_of(agency) or (agency in self.agreements and not {*units}.isdisjoint(self._theirs))

    @property
    def asks_for_users(self) -> bool:
        """Who works in a unit asks for another user there."""
        return _works(self.officer)

    @property
    def sees_weeks(self) -> bool:
        return self.reads_everything or self.agency is not None

    @property
    def concerned(self) -> tuple[str, ...]:
        """Units whose cases the officer may read."""
        agency = (self.agency,) if self.agency and self.agency not in self._theirs else ()
        return (*self._theirs, *agency)

    @property
    def _theirs(self) -> tuple[str, ...]:
        """Units for which the officer works, and those that the officer oversees, each once."""
        return tuple(dict.fromkeys((*self.units, *self.overseen)))

    @property
    def readable(self) -> tuple[str, ...] | None:
        """As `reading.CaseFilter` asks for cases that the officer may read: None for all."""
        return None if self.reads_everything else self.concerned


def rights_of(directory: DirectoryIndex, officer: Officer, now: datetime) -> Rights:
    """What the officer may do at `now`."""
    unit = directory.unit(officer.unit)
    units = (unit.id, *units_acted_for(directory, officer, now))
    administrator, auditor = Duty.ADMINISTRATOR in officer.duties, Duty.AUDITOR in officer.duties
    overseen = directory.overseen_by(officer.id, now)
    acted_in = (u for u in units if directory.may_act(officer.id, u, now))
    secretariat = any(_is_secretariat(directory, u) for u in units) and _works(officer)
    return Rights(
        officer=officer,
        unit=unit,
        units=units,
        agency=_first_agency(directory, units),
        plans_for=_first_agency(directory, acted_in),
        reads_everything=secretariat or administrator or auditor or _oversees(directory, unit),
        is_secretariat=secretariat,
        is_administrator=administrator,
        is_auditor=auditor,
        year_boards=tuple(_agreements(directory, (u for u in units if directory.unit(u).role in _YEAR_ROLES))),
        agreements=tuple(_agreements(directory, (*units, *overseen))),
        overseen=overseen,
    )


def units_acted_for(directory: DirectoryIndex, officer: Officer, now: datetime) -> tuple[str, ...]:
    """Units for which an order of delegation stands at this moment, each once."""
    ordered = (d.unit for d in directory.organisation.delegations if d.officer == officer.id)
    return tuple(
        unit for unit in dict.fromkeys(ordered) if unit != officer.unit and directory.acting_for(officer.id, unit, now)
    )


def _works(officer: Officer) -> bool:
    return bool(officer.duties & FULFILLED_BY[Duty.OFFICER])


def _is_secretariat(directory: DirectoryIndex, unit: str) -> bool:
    return directory.unit(unit).role is UnitRole.SECRETARIAT


def _first_agency(directory: DirectoryIndex, units: Iterable[str]) -> str | None:
    return next((agency for unit in units if (agency := _agency_of_planning(directory, unit))), None)


def _agency_of_planning(directory: DirectoryIndex, unit: str) -> str | None:
    """The planning unit works for the whole agency, and the agency's own officers head it."""
    if directory.unit(unit).role not in (UnitRole.PLANNING_UNIT, UnitRole.AGENCY):
        return None
    agency = directory.agency_of(unit)
    return agency.id if agency else None


_YEAR_ROLES = (UnitRole.PSDG, UnitRole.AGENCY)
"""กพร. is secretary of the year (S1, slide 22); head and deputies sit in the agency's own unit."""


def _agreements(directory: DirectoryIndex, units: Iterable[str]) -> Iterator[str]:
    """The agencies of the units, each once, that have a กพร. and so an agreement."""
    agencies = (directory.agency_of(unit) for unit in units)
    for agency in dict.fromkeys(agency.id for agency in agencies if agency):
        if directory.has_psdg(agency):
            yield agency


def _oversees(directory: DirectoryIndex, unit: Unit) -> bool:
    """The minister's office and the permanent secretary's read what the whole ministry does."""
    above = {u.parent for u in directory.units(UnitRole.SECRETARIAT)} | {directory.organisation.ministry}
    return unit.id in above


def may_read_case(rights: Rights, case: CaseView, held_by: Collection[str]) -> bool:
    """An officer reads a case in which the unit holds or held work, or that concerns the unit.

    `held_by`: units that were ever handed work in the case, or about it in another (a week).
    """
    if rights.reads_everything:
        return True
    return not {*case.units, *held_by}.isdisjoint(rights.concerned)


def may_act(directory: DirectoryIndex, rights: Rights, hand_off: HandOff, now: datetime) -> Verdict:
    """May the officer fill in this form?"""
    return directory.may_act(rights.officer.id, hand_off.unit, now, Duty(hand_off.duty), named=hand_off.officer)
