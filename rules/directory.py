"""Who is who in a ministry: units, officers and who may act for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cached_property

from rules.calendar import in_bangkok
from rules.errors import NoPlanningUnit, NoPsdg, NoSecretariat, UnknownOfficer, UnknownUnit
from rules.verdict import YES, Verdict, no
from schemas.organisation import Delegation, Duty, Officer, Organisation, Unit, UnitRole

FULFILLED_BY: Mapping[Duty, frozenset[Duty]] = {
    Duty.OFFICER: frozenset({Duty.OFFICER, Duty.SUPERVISOR, Duty.HEAD}),
    Duty.SUPERVISOR: frozenset({Duty.SUPERVISOR, Duty.HEAD}),
    Duty.HEAD: frozenset({Duty.HEAD}),
    Duty.ADMINISTRATOR: frozenset({Duty.ADMINISTRATOR}),
    Duty.AUDITOR: frozenset({Duty.AUDITOR}),
}
"""A duty that is asked for → the duties that an officer may hold to do it."""

_DELEGATED = frozenset({Duty.OFFICER, Duty.SUPERVISOR, Duty.HEAD})
"""Duties of a unit that an order of delegation passes on; administration and audit stay where they are."""


class DirectoryIndex:
    """Answers about one organisation; lists are in protocol order (`seq`), never alphabetical (3.6)."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self._units = {unit.id: unit for unit in organisation.units}
        self._officers = {officer.id: officer for officer in organisation.officers}

    def unit(self, unit: str) -> Unit:
        """Raises UnknownUnit."""
        if unit not in self._units:
            raise UnknownUnit(unit=unit)
        return self._units[unit]

    def officer(self, officer: str) -> Officer:
        """Raises UnknownOfficer."""
        if officer not in self._officers:
            raise UnknownOfficer(officer=officer)
        return self._officers[officer]

    @cached_property
    def _in_protocol_order(self) -> tuple[Unit, ...]:
        return tuple(sorted(self.organisation.units, key=lambda unit: unit.seq))

    def units(self, role: UnitRole | None = None, *, on: date | None = None) -> tuple[Unit, ...]:
        """All units, or those with `role`; with `on`, only those that exist on that day."""
        found = self._in_protocol_order if role is None else self._by_role.get(role, ())
        return found if on is None else tuple(unit for unit in found if exists(unit, on))

    @cached_property
    def _by_role(self) -> Mapping[UnitRole, tuple[Unit, ...]]:
        return {role: tuple(u for u in self._in_protocol_order if u.role is role) for role in UnitRole}

    def agencies(self, *, on: date | None = None) -> tuple[Unit, ...]:
        """The agencies that report (ส่วนราชการ)."""
        return self.units(UnitRole.AGENCY, on=on)

    def agency_of(self, unit: str) -> Unit | None:
        """The agency to which a unit belongs, itself if it is one; None outside agencies. Raises UnknownUnit."""
        at: Unit | None = self.unit(unit)
        while at is not None and at.role is not UnitRole.AGENCY:
            at = self._units[at.parent] if at.parent else None
        return at

    @cached_property
    def _by_agency(self) -> Mapping[str, tuple[Unit, ...]]:
        found: dict[str, list[Unit]] = {}
        for unit in self._in_protocol_order:
            if (agency := self.agency_of(unit.id)) and agency.id != unit.id:
                found.setdefault(agency.id, []).append(unit)
        return {agency: tuple(units) for agency, units in found.items()}

    def divisions_of(self, agency: str, *, on: date | None = None) -> tuple[Unit, ...]:
        """The bureaus and divisions (สำนัก/กอง) of an agency. Raises UnknownUnit."""
        return self._within(agency, UnitRole.DIVISION, on)

    def planning_unit_of(self, agency: str, *, on: date | None = None) -> Unit:
        """The agency's planning unit (กลุ่มแผน/กองแผน). Raises UnknownUnit, NoPlanningUnit."""
        found = self._within(agency, UnitRole.PLANNING_UNIT, on)
        if not found:
            raise NoPlanningUnit(agency=self.unit(agency).th)
        return found[0]

    def psdg_of(self, agency: str, *, on: date | None = None) -> Unit:
        """The agency's public sector development group (กพร.). Raises UnknownUnit, NoPsdg."""
        found = self._within(agency, UnitRole.PSDG, on)
        if not found:
            raise NoPsdg(agency=self.unit(agency).th)
        return found[0]

    def has_psdg(self, agency: str) -> bool:
        """Whether the agency has a กพร., without which it can have no performance agreement. Raises UnknownUnit."""
        return bool(self._within(agency, UnitRole.PSDG, None))

    def provinces_of(self, agency: str, *, on: date | None = None) -> tuple[Unit, ...]:
        """The agency's offices in the provinces. Raises UnknownUnit."""
        return self._within(agency, UnitRole.PROVINCE, on)

    def _within(self, agency: str, role: UnitRole, on: date | None) -> tuple[Unit, ...]:
        of_agency = self._by_agency.get(self.unit(agency).id, ())
        return tuple(unit for unit in of_agency if unit.role is role and exists(unit, on))

    def secretariat(self) -> Unit:
        """The unit that collects and dispatches for the ministry (สนย.). Raises NoSecretariat."""
        found = self.units(UnitRole.SECRETARIAT)
        if not found:
            raise NoSecretariat(ministry=self.unit(self.organisation.ministry).th)
        return found[0]

    def permanent_secretary(self) -> Unit:
        """The permanent secretary's office, above the secretariat («สนย. สป.ยธ.»). Raises NoSecretariat."""
        secretariat = self.secretariat()
        return self.unit(secretariat.parent or self.organisation.ministry)

    @cached_property
    def _by_unit(self) -> Mapping[str, tuple[Officer, ...]]:
        found: dict[str, list[Officer]] = {}
        for officer in self.organisation.officers:
            if officer.active:
                found.setdefault(officer.unit, []).append(officer)
        return {unit: tuple(officers) for unit, officers in found.items()}

    def officers_of(self, unit: str, duty: Duty | None = None) -> tuple[Officer, ...]:
        """The active officers of a unit, or those who hold `duty` itself. Raises UnknownUnit."""
        of_unit = self._by_unit.get(self.unit(unit).id, ())
        return tuple(officer for officer in of_unit if duty is None or duty in officer.duties)

    def supervisors_of(self, unit: str) -> tuple[Officer, ...]:
        """Who gets the digest of what is late in the unit. Raises UnknownUnit."""
        return self.officers_of(unit, Duty.SUPERVISOR)

    def overseen_by(self, officer: str, at: datetime) -> tuple[str, ...]:
        """The units that an officer oversees under an order at a moment, with all below them, in protocol order.

        Raises NaiveTime.
        """
        when = in_bangkok(at)
        own = (o for o in self.organisation.oversights if o.officer == officer and o.stands(when))
        ordered = {unit for oversight in own for unit in oversight.units}
        return tuple(u.id for u in self._in_protocol_order if ordered and not ordered.isdisjoint(self._upwards(u.id)))

    def overseers_of(self, unit: str, at: datetime) -> tuple[Officer, ...]:
        """The active officers who oversee a unit, or one above it, under an order at a moment, each once.

        Raises UnknownUnit, NaiveTime.
        """
        if not self.organisation.oversights:
            return ()
        when, above = in_bangkok(at), set(self._upwards(self.unit(unit).id))
        found = {
            o.officer: self._officers[o.officer]
            for o in self.organisation.oversights
            if o.stands(when) and not above.isdisjoint(o.units)
        }
        return tuple(officer for officer in found.values() if officer.active)

    def _upwards(self, unit: str) -> Iterator[str]:
        """The unit and all above it."""
        at: str | None = unit
        while at is not None:
            yield at
            at = self._units[at].parent

    def officers_with(self, duty: Duty) -> tuple[Officer, ...]:
        """The active officers of the whole ministry who hold `duty`, for example its administrators."""
        return tuple(o for o in self.organisation.officers if o.active and duty in o.duties)

    def head_of(self, unit: str) -> Officer | None:
        """The active head of a unit, if there is one. Raises UnknownUnit."""
        return next(iter(self.officers_of(unit, Duty.HEAD)), None)

    def acting_for(self, officer: str, unit: str, at: datetime) -> Delegation | None:
        """The delegation under which an officer acts for a unit at a moment, its last moment included.

        Raises UnknownOfficer, UnknownUnit, NaiveTime.
        """
        who, where, when = self.officer(officer).id, self.unit(unit).id, in_bangkok(at)
        for d in self.organisation.delegations:
            if (d.officer, d.unit) == (who, where) and d.valid_from <= when <= d.valid_to:
                return d
        return None

    def named(self, officer: str | None, unit: str) -> Officer | None:
        """The officer to whom work in a unit was handed by name, as long as he serves there (decision 40)."""
        found = self._officers.get(officer or "")
        return found if found is not None and found.active and found.unit == unit else None

    def may_act(
        self, officer: str, unit: str, at: datetime, duty: Duty = Duty.OFFICER, *, named: str | None = None
    ) -> Verdict:
        """May the officer do, in `unit`, what `duty` does? A yes under a delegation names its instrument.

        :param named: whose work it is by name: nobody else's, but the head's once that officer no longer serves there.
        Raises UnknownOfficer, UnknownUnit, NaiveTime.
        """
        who, where = self.officer(officer), self.unit(unit)
        acting = self.acting_for(officer, unit, at)
        if not who.active:
            return no(f"บัญชีของ{who.name} ถูกปิดใช้งาน", f"The account of {who.name} is closed")
        if named is not None:
            if (holder := self.named(named, unit)) is not None:
                return YES if holder is who else no(f"งานนี้เป็นของ{holder.name}", f"This work is {holder.name}'s")
            duty = Duty.HEAD
        if who.unit == where.id and who.duties & FULFILLED_BY[duty]:
            return YES
        if acting is not None and duty in _DELEGATED:
            return Verdict(allowed=True, instrument=acting.instrument)
        return no(
            f"{who.name} ไม่มีหน้าที่ปฏิบัติงานนี้ใน{where.th}",
            f"{who.name} does not do this work in {where.en or where.th}",
        )


def exists(unit: Unit, on: date | None) -> bool:
    """Does the unit exist on a day? Both ends of its validity are included; None asks for no day."""
    if on is None:
        return True
    return (unit.valid_from or on) <= on <= (unit.valid_to or on)
