"""The visitor as the actor of a verb on a case."""

from __future__ import annotations

from portal.visitor import Visitor
from rules.directory import DirectoryIndex
from schemas.actor import Actor, ActorKind
from schemas.base import UnitId
from schemas.organisation import UnitRole


def actor_of(visitor: Visitor, *, instrument: str | None = None) -> Actor:
    """The officer, naming the order of delegation where the right rests on one."""
    officer = visitor.rights.officer
    return Actor(
        kind=ActorKind.OFFICER, officer=officer.id, unit=officer.unit, name=officer.name, instrument=instrument,
        through=visitor.through,
    )  # fmt: skip


def as_secretariat(directory: DirectoryIndex, visitor: Visitor) -> Actor:
    """The officer acting in the secretariat, of which the officer is one or for which one acts."""
    return _acting_in(directory, visitor, {unit.id for unit in directory.units(UnitRole.SECRETARIAT)})


def as_planning_unit(directory: DirectoryIndex, visitor: Visitor) -> Actor:
    """The officer acting in the planning unit of the agency."""
    units = {u for u in visitor.rights.units if directory.unit(u).role in (UnitRole.PLANNING_UNIT, UnitRole.AGENCY)}
    return _acting_in(directory, visitor, units)


def as_psdg(directory: DirectoryIndex, visitor: Visitor, agency: UnitId) -> Actor | None:
    """The officer acting in กพร. of the agency, or an administrator in its place; None for anybody else.

    :raises UnknownUnit, NoPsdg: the agency has no กพร.
    """
    psdg = directory.psdg_of(agency)
    if psdg.id in visitor.rights.units:
        return _acting_in(directory, visitor, {psdg.id})
    return actor_of(visitor) if visitor.rights.is_administrator else None


def may_move_days(directory: DirectoryIndex, visitor: Visitor, agency: UnitId) -> bool:
    """May the visitor move the days of the agency's year?"""
    return directory.has_psdg(agency) and as_psdg(directory, visitor, agency) is not None


def as_unit(directory: DirectoryIndex, visitor: Visitor, unit: UnitId) -> Actor:
    """The officer acting in a unit: one's own, or one for which one acts under an order."""
    return _acting_in(directory, visitor, {unit})


def _acting_in(directory: DirectoryIndex, visitor: Visitor, units: set[str]) -> Actor:
    if visitor.rights.officer.unit in units:
        return actor_of(visitor)
    acting = (directory.acting_for(visitor.officer, unit, visitor.now) for unit in sorted(units))
    delegation = next((found for found in acting if found), None)
    return actor_of(visitor, instrument=delegation.instrument if delegation else None)
