"""Who is concerned, as looked up once and recorded in the case: later changes of the organisation do not rewrite it."""

from __future__ import annotations

from schemas.base import Record, UnitId
from schemas.deadline import Deadline

Choices = tuple[tuple[str, str], ...]
"""((id, Thai name), …) for the lists in a form."""


class Office(Record):
    """One agency and the units around it."""

    agency: UnitId
    agency_th: str
    planning_unit: UnitId
    planning_unit_th: str
    secretariat: UnitId
    secretariat_th: str
    ministry: UnitId
    administration: UnitId | None = None
    """Unit of the administrators who grant users."""
    divisions: Choices
    unstaffed: tuple[UnitId, ...] = ()
    """Divisions without an officer who would be told of work and could take it."""
    agencies: Choices
    acknowledge: Deadline
    """How long the planning unit has to acknowledge, by the urgency."""
    step: Deadline
    """How long each inner step takes at most."""


class Secretariat(Record):
    """The unit that collects for the ministry, and whom it serves."""

    unit: UnitId
    th: str
    ministry_th: str
    permanent_secretary: UnitId
    units: Choices
    """Units that may be charged with a task for the whole ministry."""
