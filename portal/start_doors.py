"""Which pages that begin something stand open to an officer: the inbox leads to these, and they refuse everybody else.

Both ask here, so that nobody is led to a page on which there is nothing but a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.rights import Rights
from schemas.policy import OfficePolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A page that begins something."""

    what: str
    """The last part of its path."""
    is_main: bool = False
    """What its officers begin most; it stands out."""

    @property
    def text(self) -> str:
        """Key of what its button says."""
        return f"start.{self.what.replace('-', '_')}"


DOORS = (
    Door(what="registration", is_main=True),
    Door(what="opinion-call"),
    Door(what="framework"),
    Door(what="criteria"),
    Door(what="cascade"),
    Door(what="six-measures", is_main=True),
    Door(what="circular"),
    Door(what="user-request"),
    Door(what="printout"),
)
"""In the order in which the inbox shows them."""


def open_to(rights: Rights, office: OfficePolicy) -> tuple[Door, ...]:
    """The doors that stand open, by what the officer does and what the office makes use of."""
    plans = rights.plans_for is not None
    stands_open = {
        "registration": rights.is_secretariat,
        "opinion-call": rights.is_secretariat,
        "framework": rights.is_secretariat and office.drafts_framework,
        "criteria": rights.is_secretariat and office.six_measures,
        "cascade": plans and office.cascades_kpis,
        "six-measures": plans and office.six_measures,
        "circular": rights.is_secretariat or plans,
        "user-request": rights.asks_for_users,
        "printout": plans,
    }
    return tuple(door for door in DOORS if stands_open[door.what])
