"""Award money: an allocation worked by hand to the satang, who is left out and why, and what holds for every one."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.award import allocate, award_units, owner_roles, rank_awards
from rules.scorecard import scorecard
from schemas.award import (
    PERSON_GROUP_EN,
    PERSON_GROUP_TH,
    POOL_KIND_EN,
    POOL_KIND_TH,
    Award,
    AwardBasis,
    AwardPerson,
    AwardPolicy,
    AwardPool,
    AwardUnit,
    Base,
    LeftOutReason,
    PersonGroup,
    PoolKind,
    RoleFactors,
    Stint,
    UnitFactor,
)
from schemas.criteria import Quantitative, ValueResult
from schemas.kpi import Holding, Kpi, KpiBook, Owner, OwnerRole, Responsible, Round
from schemas.scorecard import KpiReport

D = Decimal
MAIN, CO, SUPPORTER = OwnerRole


def _person(name: str, salary: int | str, role: OwnerRole | None = None, **more: object) -> AwardPerson:
    months = more.pop("months", {"a": 12})
    assert isinstance(months, dict)
    stints = [Stint(unit=unit, months=served) for unit, served in months.items()]
    given = {"id": name, "group": PersonGroup.CIVIL_SERVANT, "salary": salary, "stints": stints, "role": role}
    return AwardPerson.model_validate({**given, **more})


OPERATORS = AwardPool(id="central", kind=PoolKind.OPERATORS, amount=D("10000.00"), units=("a", "b", "c", "d"))
EXECUTIVES = AwardPool(id="executives", kind=PoolKind.EXECUTIVES, amount=D(1000), units=("a", "b", "c"))
BASIS = AwardBasis(
    fiscal_year=2555,
    agency="dept",
    total=D("3.5000"),
    units=(
        AwardUnit(id="a", score=D("4.0000")),
        AwardUnit(id="b", score=D("3.0000")),
        AwardUnit(id="c", score=D("2.9999")),
        AwardUnit(id="d"),
        AwardUnit(id="e", score=D(5)),
    ),
    persons=(
        _person("p1", 30_000, MAIN),
        _person("p2", 20_000, SUPPORTER, group="permanent_employee"),
        _person("p3", 25_000, CO, months={"b": 12}),
        _person("moved", 15_000, months={"a": 6, "b": 6}),
        _person("head", 60_000, MAIN, executive=True),
        _person("deputy", 40_000, executive=True, months={"c": 9}),
        # and those who get nothing
        _person("contract", 18_000, MAIN, group="government_employee"),
        _person("fined", 18_000, MAIN, under_penalty=True),
        _person("late", 18_000, MAIN, months={"b": 3}),
        _person("low", 18_000, MAIN, months={"c": 12}),
        _person("far", 18_000, MAIN, months={"e": 12}),
        _person("idle", 18_000, MAIN, performance=0),
    ),
    pools=(OPERATORS, EXECUTIVES),
)


def _money(award: Award) -> dict[tuple[str, str], str]:
    return {(share.unit, share.person): str(share.amount) for share in award.persons}


# --- by hand -----------------------------------------------------------------------------------------------


def test_an_allocation_by_hand_to_the_satang() -> None:
    """Operators: 1 000 000 satang. Base is Σ salary · months, the factor is score / 5.

    | unit | base | factor | weight | quota | satang |
    | a | 360 000 + 240 000 + 90 000 = 690 000 | 0.8 | 552 000 | 702 290.076… | 702 290 |
    | b | 300 000 + 90 000 = 390 000 | 0.6 | 234 000 | 297 709.923… | 297 709 + 1 |

    | in a | salary · months · role | of 502 500, i.e. of 201 | quota | satang |
    | p1 | 360 000 · 1 = 360 000 | 144 | 503 133.134… | 503 133 |
    | p2 | 240 000 · 0.5 = 120 000 | 48 | 167 711.044… | 167 711 |
    | moved | 90 000 · 0.25 = 22 500 | 9 | 31 445.820… | 31 445 + 1 |

    | in b | | of 247 500, i.e. of 11 | | |
    | p3 | 300 000 · 0.75 = 225 000 | 10 | 270 645.45… | 270 645 |
    | moved | 22 500 | 1 | 27 064.54… | 27 064 + 1 |

    Executives, whose roles do not count: 60 000 · 12 to 40 000 · 9 is 2 to 1; 66 666.66… + 33 333.33…
    """
    award = allocate(BASIS)
    assert {u.unit: (u.base, str(u.factor), str(u.amount), u.extra_satang) for u in award.units} == {
        "a": (D(690_000), "0.8000", "7022.90", 0),
        "b": (D(390_000), "0.6000", "2977.10", 1),
    }
    assert _money(award) == {
        ("a", "p1"): "5031.33", ("a", "p2"): "1677.11", ("a", "moved"): "314.46",
        ("b", "p3"): "2706.45", ("b", "moved"): "270.65",
        ("a", "head"): "666.67", ("c", "deputy"): "333.33",
    }  # fmt: skip
    assert {(share.unit, share.person) for share in award.persons if share.extra_satang} == {
        ("a", "moved"), ("b", "moved"), ("a", "head"),
    }  # fmt: skip
    assert [(share.pool, share.unit, str(share.amount)) for share in award.of("moved")] == [
        ("central", "a", "314.46"), ("central", "b", "270.65"),
    ]  # fmt: skip
    assert [(p.pool, str(p.distributed), str(p.undistributed), p.th) for p in award.pools] == [
        ("central", "10000.00", "0.00", ""), ("executives", "1000.00", "0.00", ""),
    ]  # fmt: skip


def test_who_is_left_out_and_why() -> None:
    out = {(each.person, each.unit): each for each in allocate(BASIS).left_out}
    assert {key: each.reason for key, each in out.items()} == {
        ("contract", None): LeftOutReason.GROUP,
        ("fined", None): LeftOutReason.PENALTY,
        ("late", "b"): LeftOutReason.MONTHS,
        ("low", "c"): LeftOutReason.UNIT_SCORE,
        ("far", "e"): LeftOutReason.NO_POOL,
        ("idle", "a"): LeftOutReason.FACTOR_ZERO,
    }
    assert out["late", "b"].th == "ปฏิบัติงานในหน่วยงาน 3 เดือน ไม่ถึง 4 เดือน"
    assert "พนักงานราชการ" in out["contract", None].th
    assert "3.0000" in out["low", "c"].en


def test_everybody_is_either_paid_or_left_out_for_each_stint() -> None:
    award = allocate(BASIS)
    seen = {(share.person, share.unit) for share in award.persons} | {(o.person, o.unit) for o in award.left_out}
    for person in BASIS.persons:
        assert (person.id, None) in seen or all((person.id, stint.unit) in seen for stint in person.stints)


@pytest.mark.parametrize(
    ("total", "eligible", "thai"),
    [
        ("2.9999", False, "คะแนนรวม 2.9999 น้อยกว่า 3.0000 ไม่มีสิทธิได้รับเงินรางวัล"),
        ("3.0000", True, "คะแนนรวม 3.0000 ไม่น้อยกว่า 3.0000 มีสิทธิได้รับเงินรางวัล"),
        ("3", True, "คะแนนรวม 3.0000 ไม่น้อยกว่า 3.0000 มีสิทธิได้รับเงินรางวัล"),
    ],
)
def test_the_threshold_of_the_agency_is_not_less_than_3(total: str, eligible: bool, thai: str) -> None:
    award = allocate(BASIS.replace(total=D(total)))
    assert (award.eligible, award.th) == (eligible, thai)
    assert bool(award.persons) is eligible
    assert sum(pool.distributed for pool in award.pools) == (11_000 if eligible else 0)


def test_an_agency_below_the_threshold_gives_nothing_and_every_pot_says_why() -> None:
    award = allocate(BASIS.replace(total=D("2.5")))
    assert (award.units, award.persons, award.left_out) == ((), (), ())
    assert [(p.undistributed, p.th) for p in award.pools] == [(D(10_000), award.th), (D(1000), award.th)]


def test_a_total_finer_than_people_can_read_is_refused() -> None:
    with pytest.raises(ValidationError, match="decimal_max_places"):
        BASIS.replace(total=D("2.99996"))


def test_a_pot_without_anybody_entitled_stays_whole_and_says_so() -> None:
    award = allocate(BASIS.replace(persons=()))
    assert [(p.distributed, p.undistributed) for p in award.pools] == [(D(0), D(10_000)), (D(0), D(1000))]
    assert {p.th for p in award.pools} == {"ไม่มีผู้มีสิทธิได้รับเงินจากวงเงินนี้"}


def test_central_and_regional_pots_are_separate() -> None:
    central = OPERATORS.replace(units=("a",), amount=D(100))
    province = OPERATORS.replace(id="province", units=("b",), amount=D(7))
    award = allocate(BASIS.replace(pools=(province, central)))
    assert {(u.pool, u.unit): u.amount for u in award.units} == {("central", "a"): D(100), ("province", "b"): D(7)}


# --- the policy's settings ---------------------------------------------------------------------------------


def _shares(policy: AwardPolicy, **changes: object) -> dict[tuple[str, str], D]:
    award = allocate(BASIS.replace(policy=policy, pools=(OPERATORS,), **changes))
    return {(share.unit, share.person): share.amount for share in award.persons}


def test_by_head_count_salaries_do_not_matter() -> None:
    flat = RoleFactors(main_owner=D(1), co_owner=D(1), supporter=D(1), none=D(1))
    policy = AwardPolicy(
        unit_base=Base.HEAD_COUNT, personal_base=Base.HEAD_COUNT, unit_factor=UnitFactor.EQUAL, roles=flat
    )
    # 12 + 12 + 6 months in a, 12 + 6 in b: 48 months for 10 000 baht, 208.33… a month
    assert _shares(policy) == {
        ("a", "p1"): D("2500.00"), ("a", "p2"): D("2500.00"), ("a", "moved"): D("1250.00"),
        ("b", "p3"): D("2500.00"), ("b", "moved"): D("1250.00"),
    }  # fmt: skip


def test_further_groups_can_be_let_in() -> None:
    assert ("a", "contract") in _shares(AwardPolicy(groups=tuple(PersonGroup)))


def test_penalties_months_and_the_threshold_of_units_can_be_set() -> None:
    policy = AwardPolicy(excludes_penalty=False, months_at_least=1, unit_threshold=D(0))
    assert {("a", "fined"), ("b", "late"), ("c", "low")} <= set(_shares(policy))
    assert ("b", "p3") not in _shares(AwardPolicy(unit_threshold=D("3.0001")))


@pytest.mark.parametrize(("months", "paid"), [(3, False), (4, True)])
def test_four_months_in_a_unit_are_enough(months: int, paid: bool) -> None:
    leaver = _person("leaver", 18_000, months={"a": months})
    assert (("a", "leaver") in _shares(AwardPolicy(), persons=(*BASIS.persons, leaver))) is paid


def test_a_unit_without_kpis_counts_with_the_agencys_total_or_not_at_all() -> None:
    auditor = _person("auditor", 30_000, months={"d": 12})
    award = allocate(BASIS.replace(persons=(auditor,)))
    assert [(u.unit, u.score, str(u.factor)) for u in award.units] == [("d", D("3.5"), "0.7000")]
    (out,) = allocate(
        BASIS.replace(persons=(auditor,), policy=AwardPolicy(unit_without_score="nothing"))
    ).left_out  # fmt: skip
    assert (out.person, out.reason) == ("auditor", LeftOutReason.UNIT_SCORE)


def test_ranks_in_disbursement_have_their_amounts_and_equals_share_a_rank() -> None:
    policy = AwardPolicy(rank_amounts={1: D(5000), 2: D(3000), 3: D(1000)})
    rates = {"treasury": D("97.5"), "commerce": D("98.10"), "labour": D("97.50"), "culture": D("90"), "health": D(80)}
    assert [(r.unit, r.rank, r.amount) for r in rank_awards(rates, policy)] == [
        ("commerce", 1, D(5000)), ("labour", 2, D(3000)), ("treasury", 2, D(3000)),
    ]  # fmt: skip
    assert rank_awards(rates, AwardPolicy()) == ()


def test_the_callers_decimal_context_has_no_say() -> None:
    plain = allocate(BASIS)
    with localcontext() as context:
        context.prec = 3
        assert allocate(BASIS) == plain


# --- refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"persons": (_person("p", 1), _person("p", 2))}, "repeated"),
        ({"persons": (_person("p", 1, months={"z": 12}),)}, "unknown_unit"),
        ({"pools": (OPERATORS, OPERATORS.replace(id="other"))}, "repeated"),
        ({"pools": (OPERATORS, OPERATORS.replace(kind=PoolKind.EXECUTIVES))}, "repeated"),
        ({"pools": (OPERATORS.replace(units=("z",)),)}, "unknown_unit"),
        ({"units": (*BASIS.units, BASIS.units[0])}, "repeated"),
    ],
)
def test_a_basis_that_does_not_hold_together_is_refused(change: dict[str, object], kind: str) -> None:
    with pytest.raises(ValidationError, match=kind):
        BASIS.replace(**change)


def test_more_months_than_a_year_has_are_refused() -> None:
    with pytest.raises(ValidationError, match="more_than_a_year"):
        _person("p", 1, months={"a": 7, "b": 6})
    with pytest.raises(ValidationError, match="repeated"):
        AwardPerson(
            id="p", group=PersonGroup.CIVIL_SERVANT, salary=D(1),
            stints=(Stint(unit="a", months=1), Stint(unit="a", months=2)),
        )  # fmt: skip


@pytest.mark.parametrize("salary", [0, "10000.555", 25_000.5])
def test_salaries_are_positive_money_and_no_binary_floats(salary: object) -> None:
    with pytest.raises(ValidationError):
        AwardPerson.model_validate({**dict(_person("p", 1)), "salary": salary})


# --- from the agreement ------------------------------------------------------------------------------------


def test_roles_and_units_come_from_the_agreement_and_its_scorecard() -> None:
    percent = Quantitative(points=(D(60), D(70), D(80), D(90), D(100)))

    def kpi(number: str, unit: str, cancelled_at: Round | None = None, **owners: OwnerRole) -> Kpi:
        return Kpi(
            number=number, th="ตัวชี้วัด", weight=D(50), criteria=percent, cancelled_at=cancelled_at,
            holdings=(Holding(unit=unit, weight_share=D(50)),),
            responsible=Responsible(owners=tuple(Owner(officer=who, role=role) for who, role in owners.items())),
        )  # fmt: skip

    book = KpiBook(
        fiscal_year=2555, agency="dept",
        kpis=(
            kpi("1", "a", one=SUPPORTER, two=CO), kpi("2", "b", one=CO, two=SUPPORTER),
            kpi("3", "b", Round.NINE, one=MAIN, three=MAIN),
        ),
    )  # fmt: skip
    assert owner_roles(book) == {"one": CO, "two": CO}
    assert owner_roles(book, Round.SIX) == {"one": MAIN, "two": CO, "three": MAIN}
    report = KpiReport(result=ValueResult(value=D(95)), certified_by_supervisor=True, certified_by_psdg=True)
    card = scorecard(book, {"1": report}, Round.TWELVE)
    assert award_units(card, ("a", "b", "audit")) == (
        AwardUnit(id="a", score=D("4.5")), AwardUnit(id="b", score=D(1)), AwardUnit(id="audit"),
    )  # fmt: skip


def test_every_choice_has_a_name_in_both_languages() -> None:
    assert set(PERSON_GROUP_TH) == set(PERSON_GROUP_EN) == set(PersonGroup)
    assert set(POOL_KIND_TH) == set(POOL_KIND_EN) == set(PoolKind)


# --- for every allocation ----------------------------------------------------------------------------------

UNITS = ("a", "b", "c")
money = st.decimals(min_value=0, max_value=1_000_000, places=2)
scores = st.decimals(min_value=1, max_value=5, places=4)


@st.composite
def persons(draw: st.DrawFn, name: str) -> AwardPerson:
    served = draw(st.dictionaries(st.sampled_from(UNITS), st.integers(1, 12), min_size=1, max_size=3))
    return _person(
        name, str(draw(st.decimals(min_value=5000, max_value=90_000, places=2))),
        draw(st.sampled_from([None, *OwnerRole])), months={unit: m // len(served) or 1 for unit, m in served.items()},
        group=draw(st.sampled_from(PersonGroup)), executive=draw(st.integers(0, 4)) == 0,
        under_penalty=draw(st.integers(0, 6)) == 0, performance=draw(st.sampled_from(["1", "1.5", "0.333", "0"])),
    )  # fmt: skip


@st.composite
def bases(draw: st.DrawFn) -> AwardBasis:
    pools = [AwardPool(id="executives", kind=PoolKind.EXECUTIVES, amount=draw(money), units=UNITS)]
    first = draw(st.integers(0, 3))
    for name, units in (("north", UNITS[:first]), ("south", UNITS[first:])):
        pools.append(AwardPool(id=name, kind=PoolKind.OPERATORS, amount=draw(money), units=units))
    return AwardBasis(
        fiscal_year=2555, agency="dept", total=draw(scores), pools=tuple(pools),
        units=tuple(AwardUnit(id=unit, score=draw(st.none() | scores)) for unit in UNITS),
        persons=tuple(draw(persons(f"p{place}")) for place in range(draw(st.integers(0, 8)))),
        policy=AwardPolicy(
            unit_base=draw(st.sampled_from(Base)), personal_base=draw(st.sampled_from(Base)),
            unit_factor=draw(st.sampled_from(UnitFactor)), months_at_least=draw(st.integers(1, 6)),
        ),
    )  # fmt: skip


@given(bases())
def test_every_satang_of_a_pot_is_accounted_for(basis: AwardBasis) -> None:
    award = allocate(basis)
    for pool, given_pool in zip(award.pools, sorted(basis.pools, key=lambda pool: pool.id), strict=True):
        of_persons = sum((share.amount for share in award.persons if share.pool == pool.pool), D(0))
        assert pool.amount == given_pool.amount
        assert pool.distributed == of_persons
        assert pool.distributed + pool.undistributed == pool.amount
        assert pool.distributed in (0, pool.amount)
        assert bool(pool.th) is (pool.distributed < pool.amount)
    for unit in award.units:
        assert unit.amount == sum(s.amount for s in award.persons if (s.pool, s.unit) == (unit.pool, unit.unit))


@given(st.data(), bases())
def test_the_order_of_persons_units_and_pots_changes_nothing(data: st.DataObject, basis: AwardBasis) -> None:
    shuffled = basis.replace(
        persons=tuple(
            person.replace(stints=tuple(data.draw(st.permutations(person.stints))))
            for person in data.draw(st.permutations(basis.persons))
        ),
        units=tuple(data.draw(st.permutations(basis.units))),
        pools=tuple(data.draw(st.permutations(basis.pools))),
    )
    assert allocate(shuffled) == allocate(basis)


@given(bases(), st.integers(2, 5))
def test_only_the_proportions_of_salaries_count(basis: AwardBasis, by: int) -> None:
    raised = basis.replace(persons=tuple(person.replace(salary=person.salary * by) for person in basis.persons))
    assert _money(allocate(raised)) == _money(allocate(basis))


@given(bases(), st.integers(2, 9))
def test_greater_pots_give_in_proportion_but_for_rounding(basis: AwardBasis, by: int) -> None:
    greater = basis.replace(pools=tuple(pool.replace(amount=pool.amount * by) for pool in basis.pools))
    small, great = allocate(basis), allocate(greater)
    assert [(o.person, o.unit, o.reason) for o in small.left_out] == [
        (o.person, o.unit, o.reason) for o in great.left_out
    ]
    for one, other in zip(small.persons, great.persons, strict=True):
        assert (one.person, one.unit, one.pool) == (other.person, other.unit, other.pool)
        # rounded twice, at the unit and at the person, by less than a satang each time
        assert abs(other.amount - by * one.amount) <= D("0.02") * (by + 1)


@given(bases())
def test_below_the_threshold_nobody_gets_anything(basis: AwardBasis) -> None:
    award = allocate(basis)
    assert award.eligible is (basis.total >= 3)
    assert award.eligible or not award.persons
    assert all(unit.score >= 3 for unit in award.units)


@given(bases())
def test_with_equal_factors_who_earns_more_in_a_unit_never_gets_less(basis: AwardBasis) -> None:
    award = allocate(basis)
    shares = [(s.salary * s.months * s.role_factor * s.performance, s.amount, s.unit, s.pool) for s in award.persons]
    if basis.policy.personal_base is Base.SALARY:
        for weight, amount, unit, pool in shares:
            assert all(less <= amount for w, less, u, p in shares if (u, p) == (unit, pool) and w < weight)
