"""Who gets how much award money (requirements 4.5, P10).

The way of a satang: a pot of operators' money is shared out among its units in whole satang, each unit's amount among
its persons in whole satang, both by largest remainder; a pot of executives' money goes to its persons at once. So
every sum is exact, nobody is more than one satang away from the exact share of the unit's amount, and no unit more
than one satang away from its exact share of the pot. Nothing else is rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from rules.apportion import Portion, apportion
from rules.award_reasons import left_out, nobody, of_agency
from rules.exact import ratio, rounded
from rules.kpi_findings import plain
from schemas.award import (
    Award,
    AwardBasis,
    AwardPerson,
    AwardPolicy,
    AwardPool,
    AwardUnit,
    Base,
    LeftOut,
    LeftOutReason,
    PersonAward,
    PoolAward,
    PoolKind,
    RankAward,
    Stint,
    UnitAward,
    UnitFactor,
)
from schemas.base import OfficerId, UnitId
from schemas.kpi import KpiBook, OwnerRole, Round
from schemas.scorecard import Scorecard

SATANG = 100
"""To the baht."""


class _Claim(NamedTuple):
    """A person's claim on a pot for the time in one unit."""

    person: AwardPerson
    stint: Stint
    pool: AwardPool


def allocate(basis: AwardBasis) -> Award:
    """The allocation of every pot, in satang, exactly. An agency below the threshold gets nothing, and why is said."""
    th, en = of_agency(basis.total, basis.policy.threshold)
    eligible = basis.policy.entitles(basis.total)
    claims, out = _claims(basis) if eligible else ([], [])
    units: list[UnitAward] = []
    persons: list[PersonAward] = []
    pools: list[PoolAward] = []
    for pool in sorted(basis.pools, key=lambda pool: pool.id):
        drawn = [claim for claim in claims if claim.pool.id == pool.id]
        if pool.kind is PoolKind.OPERATORS:
            of_units, of_persons = _to_operators(pool, drawn, basis)
        else:
            of_units, of_persons = [], _to_persons(_satang(pool.amount), drawn, basis.policy)
        units += of_units
        persons += of_persons
        pools.append(_pool_award(pool, of_persons, (th, en) if not eligible else nobody()))
    return Award(
        fiscal_year=basis.fiscal_year, agency=basis.agency, total=basis.total, eligible=eligible, th=th, en=en,
        pools=tuple(pools), units=tuple(units), persons=tuple(persons), left_out=tuple(out),
    )  # fmt: skip


# --- who has a claim ---------------------------------------------------------------------------------------


def _claims(basis: AwardBasis) -> tuple[list[_Claim], list[LeftOut]]:
    claims, out = [], []
    pools = {(pool.kind, unit): pool for pool in basis.pools for unit in pool.units}
    scores = {unit.id: _score(unit, basis) for unit in basis.units}
    for person in sorted(basis.persons, key=lambda person: person.id):
        if barred := list(_barred(person, basis.policy)):
            out += [left_out(person, None, reason, basis.policy) for reason in barred]
            continue
        for stint in sorted(person.stints, key=lambda stint: stint.unit):
            pool = pools.get((PoolKind.EXECUTIVES if person.executive else PoolKind.OPERATORS, stint.unit))
            reason = _why_not(person, stint, scores[stint.unit], basis.policy)
            if pool is None or reason is not None:
                out.append(left_out(person, stint, reason or LeftOutReason.NO_POOL, basis.policy))
            else:
                claims.append(_Claim(person, stint, pool))
    return claims, out


def _barred(person: AwardPerson, policy: AwardPolicy) -> Iterator[LeftOutReason]:
    if person.group not in policy.groups:
        yield LeftOutReason.GROUP
    if policy.excludes_penalty and person.under_penalty:
        yield LeftOutReason.PENALTY


def _why_not(person: AwardPerson, stint: Stint, score: Decimal | None, policy: AwardPolicy) -> LeftOutReason | None:
    if stint.months < policy.months_at_least:
        return LeftOutReason.MONTHS
    if not person.executive and (score is None or _unit_factor(score, policy) == 0):
        return LeftOutReason.UNIT_SCORE
    if not _weight(person, stint, policy):
        return LeftOutReason.FACTOR_ZERO
    return None


def _score(unit: AwardUnit, basis: AwardBasis) -> Decimal | None:
    if unit.score is not None or basis.policy.unit_without_score == "nothing":
        return unit.score
    return basis.total


def _unit_factor(score: Decimal, policy: AwardPolicy) -> Fraction:
    if score < policy.unit_threshold:
        return Fraction(0)
    return ratio(score) / 5 if policy.unit_factor is UnitFactor.LINEAR else Fraction(1)


# --- how much ----------------------------------------------------------------------------------------------


def _to_operators(
    pool: AwardPool, claims: list[_Claim], basis: AwardBasis
) -> tuple[list[UnitAward], list[PersonAward]]:
    """First to the units by base and score, then within each unit."""
    policy = basis.policy
    known = {unit.id: unit for unit in basis.units}
    by_unit = {
        unit: list(of_unit)
        for unit, of_unit in groupby(sorted(claims, key=lambda claim: claim.stint.unit), lambda claim: claim.stint.unit)
    }
    scores = {unit: _score(known[unit], basis) or Decimal(0) for unit in by_unit}
    bases = {
        unit: sum((_base(claim.person, claim.stint, policy.unit_base) for claim in of_unit), Fraction(0))
        for unit, of_unit in by_unit.items()
    }
    weights = {unit: bases[unit] * _unit_factor(scores[unit], policy) for unit in by_unit}
    units, persons = [], []
    for unit, portion in apportion(_satang(pool.amount), weights).items():
        units.append(
            UnitAward(
                pool=pool.id, unit=unit, score=scores[unit], base=Decimal(plain(bases[unit])),
                factor=rounded(_unit_factor(scores[unit], policy)), amount=_baht(portion.units),
                extra_satang=portion.extra,
            )
        )  # fmt: skip
        persons += _to_persons(portion.units, by_unit[unit], policy)
    return units, persons


def _to_persons(satang: int, claims: Iterable[_Claim], policy: AwardPolicy) -> list[PersonAward]:
    by_key = {(claim.stint.unit, claim.person.id): claim for claim in claims}
    weights = {key: _weight(claim.person, claim.stint, policy) for key, claim in by_key.items()}
    return [_person_award(by_key[key], portion, policy) for key, portion in apportion(satang, weights).items()]


def _weight(person: AwardPerson, stint: Stint, policy: AwardPolicy) -> Fraction:
    return (
        _base(person, stint, policy.personal_base)
        * ratio(_role_factor(person, policy))
        * ratio(person.performance)
    )  # fmt: skip


def _base(person: AwardPerson, stint: Stint, base: Base) -> Fraction:
    """Pro rata by month; the twelfth is left out, as it changes no proportion."""
    return stint.months * (ratio(person.salary) if base is Base.SALARY else Fraction(1))


def _role_factor(person: AwardPerson, policy: AwardPolicy) -> Decimal:
    return Decimal(1) if person.executive else policy.roles.of(person.role)


def _person_award(claim: _Claim, portion: Portion, policy: AwardPolicy) -> PersonAward:
    return PersonAward(
        pool=claim.pool.id, unit=claim.stint.unit, person=claim.person.id, salary=claim.person.salary,
        months=claim.stint.months, role_factor=_role_factor(claim.person, policy),
        performance=claim.person.performance, amount=_baht(portion.units), extra_satang=portion.extra,
    )  # fmt: skip


def _pool_award(pool: AwardPool, persons: Iterable[PersonAward], why: tuple[str, str]) -> PoolAward:
    whole = _satang(pool.amount)
    distributed = sum(_satang(share.amount) for share in persons)
    th, en = why if distributed < whole else ("", "")
    return PoolAward(
        pool=pool.id, kind=pool.kind, amount=pool.amount, distributed=_baht(distributed),
        undistributed=_baht(whole - distributed), th=th, en=en,
    )  # fmt: skip


def _satang(amount: Decimal) -> int:
    return int(ratio(amount) * SATANG)


def _baht(satang: int) -> Decimal:
    return rounded(Fraction(satang, SATANG), 2)


# --- from the agreement and its scorecard ------------------------------------------------------------------


def owner_roles(book: KpiBook, round_: Round = Round.TWELVE) -> dict[OfficerId, OwnerRole]:
    """Each person's highest part in the KPIs that stand in a round, as the table of owners and supporters has it."""
    order = list(OwnerRole)
    roles: dict[OfficerId, OwnerRole] = {}
    for kpi in book.kpis:
        if kpi.cancelled_at is None or kpi.cancelled_at > round_:
            for owner in kpi.responsible_at(round_).owners:
                roles[owner.officer] = min(roles.get(owner.officer, owner.role), owner.role, key=order.index)
    return roles


def award_units(card: Scorecard, units: Iterable[UnitId]) -> tuple[AwardUnit, ...]:
    """The units with their scores over all KPIs; a unit that holds none has no score."""
    scores = {subtotal.id: subtotal.score_all for subtotal in card.units}
    return tuple(AwardUnit(id=unit, score=scores.get(unit)) for unit in units)


def rank_awards(rates: Mapping[UnitId, Decimal], policy: AwardPolicy) -> tuple[RankAward, ...]:
    """A province's extra award by rank of a rate such as disbursement, highest first; equal rates share the rank."""
    ranks = {unit: 1 + sum(other > rate for other in rates.values()) for unit, rate in rates.items()}
    return tuple(
        RankAward(unit=unit, rank=rank, rate=rates[unit], amount=policy.rank_amounts[rank])
        for unit, rank in sorted(ranks.items(), key=lambda ranked: (ranked[1], ranked[0]))
        if rank in policy.rank_amounts
    )
