"""Functions that the models of a process may name beside its recorded answers: what the rules say of its input."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from audit.terms import Functions, named, plain
from rules.award_case import distributed
from rules.follow_up import followed_kpis
from rules.measures import keyed
from rules.sar import active_kpis, leaves
from rules.site_visit import kpis_to_visit
from schemas.agreement import AgreementCase
from schemas.appeal import AppealOutcome
from schemas.award_case import AwardOrder
from schemas.base import UnitId
from schemas.criteria import KpiNumber
from schemas.exact import Score
from schemas.follow_up import FollowUpCase
from schemas.kpi import Kpi, Round
from schemas.measures import ActivityChoice
from schemas.sar import SarRoundCase
from schemas.site_visit import SiteVisitCase

_WithBook = AgreementCase | FollowUpCase | SarRoundCase | SiteVisitCase
"""The cases of a year, each with the book of its KPIs."""


def _active(case: SarRoundCase) -> list[Kpi]:
    """The KPIs that are reported on in the round."""
    return list(active_kpis(case.book, case.round))


def _kpi(case: _WithBook, member: Any) -> Kpi:
    """A KPI of the year by itself or by its number, as a form names it."""
    kpi = case.book.kpi(named(member))
    assert kpi is not None, member
    return kpi


def _keepers(case: SarRoundCase, member: Any) -> list[str]:
    """Who reports on a KPI: each of its leaves by number, then every unit beside the main one (decision 18)."""
    kpi = _kpi(case, member)
    return [leaf.number for leaf in leaves(kpi)] + [holding.unit for holding in kpi.holdings[1:]]


def _keeper_unit(case: SarRoundCase, member: Any, keeper: str, office: Any) -> UnitId:
    """The unit that reports: the main holder on each leaf, the others on their own part (decision 18)."""
    leaf = keeper in {leaf.number for leaf in leaves(_kpi(case, member))}
    return _holder(case, member, office) if leaf else keeper


def _holder(case: _WithBook, member: Any, office: Any) -> UnitId:
    """The main holder of a KPI; กพร. where nobody holds it (decision 18)."""
    holdings = _kpi(case, member).holdings
    return holdings[0].unit if holdings else str(office.psdg)


def _visited(case: SiteVisitCase) -> list[Kpi]:
    """The KPIs that are active in the visit's round."""
    return list(kpis_to_visit(case))


def _followed(case: FollowUpCase) -> list[Kpi]:
    """The KPIs that are followed up on."""
    return list(followed_kpis(case))


def _announced(case: AgreementCase, chosen: list[str]) -> list[KpiNumber]:
    """The agreed KPIs that count at the end of the year."""
    return [kpi.number for kpi in active_kpis(case.book, Round.TWELVE) if kpi.number in chosen]


def _official(outcome: Any) -> Score | None:
    """The total that holds after the appeals; None without a score."""
    card = AppealOutcome.model_validate(plain(outcome)).scorecard
    return card.official if card is not None else None


def _paid(order: Any) -> Decimal:
    """What an order pays altogether."""
    return distributed(AwardOrder.model_validate(plain(order)).award)


def _owner_of(choice: Any, key: str) -> UnitId:
    """Who is in charge of an activity; a plan made anew leaves it with its owner."""
    return keyed(ActivityChoice.model_validate(plain(choice)).activities)[key].owner


def _activity_keys(choice: Any) -> list[str]:
    """What the activities of a plan are called, in their order."""
    return list(keyed(ActivityChoice.model_validate(plain(choice)).activities))


VOCABULARY: dict[str, Functions] = {
    "sar-round": {"active_kpis": _active, "keepers": _keepers, "holder": _holder, "keeper_unit": _keeper_unit},
    "site-visit": {"visited_kpis": _visited, "holder": _holder},
    "monthly-follow-up": {"followed_kpis": _followed, "holder": _holder},
    "agreement-cycle": {"announced_kpis": _announced, "official": _official, "holder": _holder},
    "award-allocation": {"paid": _paid},
    "efficiency-measures": {"activity_keys": _activity_keys, "owner_of": _owner_of},
}


def functions_of(process: str) -> Functions:
    return VOCABULARY.get(process, {})
