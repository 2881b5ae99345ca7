"""Quotas and shares: whatever the lists become, every satang of a pot is somebody's or said to be left."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.award_case import assembled, changes_th, conflicts, frame_of, proposed, split
from rules.errors import ListsDisagree
from schemas.award import Award, AwardPolicy, AwardUnit, PersonGroup, PoolKind
from schemas.award_case import AwardAmounts, AwardCase, AwardLine, Lists, UnitShares
from schemas.kpi import OwnerRole

UNITS = ("a", "b", "c")
POLICY = AwardPolicy()


def line(who: str, months: int = 12, salary: str = "20000", **more: object) -> AwardLine:
    return AwardLine.model_validate(
        {"id": who, "name": f"นาย {who}", "group": "civil_servant", "salary": salary, "months": months, **more}
    )


def case_of(*scores: str) -> AwardCase:
    found = zip(UNITS, scores or ("4.0", "3.2", "3.0"), strict=False)
    return AwardCase(
        agency="cdd", fiscal_year=2555, total=Decimal("3.5"),
        units=tuple(AwardUnit(id=unit, score=Decimal(score)) for unit, score in found),
    )  # fmt: skip


def amounts(operators: str, executives: str = "0") -> AwardAmounts:
    return AwardAmounts(
        operators=Decimal(operators), executives=Decimal(executives), reference="นร 1", notified_on=date(2013, 6, 3)
    )


satang = st.integers(0, 10**9).map(lambda n: str(Decimal(n) / 100))
people = st.builds(
    lambda months, salary, executive, role, group: {
        "months": months, "salary": str(Decimal(salary) / 100), "executive": executive, "role": role, "group": group,
    },
    st.integers(1, 12), st.integers(1, 10**7), st.booleans(), st.sampled_from([None, *OwnerRole]),
    st.sampled_from([PersonGroup.CIVIL_SERVANT, PersonGroup.CIVIL_SERVANT, PersonGroup.GOVERNMENT_EMPLOYEE]),
)  # fmt: skip
staffs = st.fixed_dictionaries({unit: st.lists(people, max_size=5) for unit in UNITS}).map(
    lambda units: {unit: tuple(line(f"{unit}-{n}", **each) for n, each in enumerate(of)) for unit, of in units.items()}
)


def assert_adds_up(award: Award) -> None:
    for pool in award.pools:
        shares = sum((s.amount for s in award.persons if s.pool == pool.pool), Decimal(0))
        assert shares == pool.distributed
        assert pool.distributed + pool.undistributed == pool.amount


@settings(max_examples=200)
@given(staffs, staffs, satang, satang, st.sampled_from(UNITS))
def test_sums_hold_with_any_lists_and_a_corrected_one_moves_no_share_elsewhere(
    staff: Lists, others: Lists, operators: str, executives: str, corrected: str
) -> None:
    case = case_of()
    parts = split(case, staff, amounts(operators, executives), POLICY)
    asked = [quota.unit for quota in parts.quotas]
    shares: dict[str, UnitShares] = {
        each.unit: each for each in proposed([frame_of(case, parts.quota(u), POLICY) for u in asked], staff).units
    }
    first = assembled(parts, staff, shares.values())
    assert_adds_up(first)
    # By the records themselves the quotas are used up, and what is left over is what nobody could get from the start.
    assert [pool.undistributed for pool in first.pools] == [pool.undistributed for pool in parts.by_records.pools]
    for unit, shared in shares.items():
        for kind, quota in ((PoolKind.OPERATORS, "operators"), (PoolKind.EXECUTIVES, "executives")):
            of_kind = sum((p.amount for p in shared.persons if p.pool == kind), Decimal(0))
            assert of_kind == getattr(parts.quota(unit), quota)
    if corrected in asked:
        lists = {**staff, corrected: others[corrected]}
        (again,) = proposed([frame_of(case, parts.quota(corrected), POLICY)], lists).units
        second = assembled(parts, lists, (shares | {corrected: again}).values())
        assert_adds_up(second)
        elsewhere = [[s for s in award.persons if s.unit != corrected] for award in (first, second)]
        assert elsewhere[0] == elsewhere[1]


@given(st.randoms(use_true_random=False), staffs, satang, satang)
def test_the_order_of_units_and_lines_moves_no_satang(
    dice: random.Random, staff: Lists, operators: str, executives: str
) -> None:
    shuffled = {unit: tuple(dice.sample(staff[unit], len(staff[unit]))) for unit in dice.sample(UNITS, len(UNITS))}
    one = case_of()
    parts, again = (split(one, lists, amounts(operators, executives), POLICY) for lists in (staff, shuffled))
    assert {quota.unit: quota for quota in parts.quotas} == {quota.unit: quota for quota in again.quotas}
    asked = [quota.unit for quota in parts.quotas]
    frames = [frame_of(one, parts.quota(unit), POLICY) for unit in asked]
    shares = [_persons(proposed(of, lists).units) for of, lists in ((frames, staff), (frames[::-1], shuffled))]
    assert shares[0] == shares[1]


def _persons(shares: Iterable[UnitShares]) -> dict[tuple[str, str, str], Decimal]:
    return {(each.unit, p.person, p.pool): p.amount for each in shares for p in each.persons}


@given(staffs, satang)
def test_within_a_unit_a_higher_salary_alone_never_gives_less(staff: Lists, operators: str) -> None:
    alike = {
        unit: tuple(each.replace(months=12, role=None, executive=False, performance=Decimal(1)) for each in lines)
        for unit, lines in staff.items()
    }
    case = case_of()
    parts = split(case, alike, amounts(operators), POLICY)
    shares = proposed([frame_of(case, quota, POLICY) for quota in parts.quotas], alike).units
    of = _persons(shares)
    for unit in (quota.unit for quota in parts.quotas):
        paid = [(each.group, each.salary, of.get((unit, each.id, "operators"))) for each in alike[unit]]
        for group, salary, amount in paid:
            lower = [less for other, pay, less in paid if other == group and pay < salary and less is not None]
            assert amount is None or all(less <= amount for less in lower)


def test_quotas_follow_salary_months_and_score() -> None:
    staff: Lists = {"a": (line("a-1"),), "b": (line("b-1", months=6),), "c": (line("c-1", months=3),)}
    parts = split(case_of(), staff, amounts("1000.00"), POLICY)
    # 12 · 0.80 : 6 · 0.64; three months are too few.
    assert [(quota.unit, quota.operators) for quota in parts.quotas] == [
        ("a", Decimal("714.29")),
        ("b", Decimal("285.71")),
    ]


def test_a_pot_for_which_the_records_have_nobody_stays_whole_and_the_reason_is_said() -> None:
    parts = split(case_of(), {"a": (line("a-1"),)}, amounts("10.00", "5.00"), POLICY)
    executives = next(pool for pool in parts.by_records.pools if pool.kind is PoolKind.EXECUTIVES)
    assert (executives.undistributed, executives.th) == (Decimal("5.00"), "ไม่มีผู้มีสิทธิได้รับเงินจากวงเงินนี้")
    assert parts.quota("a").executives == 0


def test_the_highest_part_counts_in_every_unit_and_the_rest_must_agree() -> None:
    lists: Lists = {
        "a": (line("moved", 8, role=OwnerRole.CO_OWNER), line("a-1")),
        "b": (line("moved", 4), line("b-1", role=OwnerRole.CO_OWNER)),
    }
    assert conflicts(lists) == ()
    parts = split(case_of(), lists, amounts("1000.00"), POLICY)
    shared = proposed([frame_of(case_of(), parts.quota("b"), POLICY)], lists).units[0]
    assert {share.person: share.role_factor for share in shared.persons} == {
        "moved": Decimal("0.75"), "b-1": Decimal("0.75"),
    }  # fmt: skip
    differ = {**lists, "b": (line("moved", 5, salary="21000", under_penalty=True),)}
    assert conflicts(differ) == (
        "นาย moved: เงินเดือนในบัญชีของแต่ละหน่วยงานไม่ตรงกัน",
        "นาย moved: โทษทางวินัยในบัญชีของแต่ละหน่วยงานไม่ตรงกัน",
        "นาย moved: รวมทุกหน่วยงาน 13 เดือน เกิน 12 เดือน",
    )
    assert proposed([], differ).units == ()
    with pytest.raises(ListsDisagree, match="ทะเบียนบุคคลขัดกันเอง 3 แห่ง") as refused:
        split(case_of(), differ, amounts("1.00"), POLICY)
    assert "moved" not in str(refused.value), "it would stand in the run's log, and on the case's page"


def test_who_is_left_out_in_a_unit_without_a_quota_stands_in_the_allocation_once() -> None:
    staff: Lists = {
        "a": (line("a-1"), line("hired", group="government_employee")),
        "c": (line("c-1"), line("under", under_penalty=True)),
    }
    case = case_of("4.0", "4.0", "2.0")
    parts = split(case, staff, amounts("10.00"), POLICY)
    shares = proposed([frame_of(case, parts.quota("a"), POLICY)], {"a": staff["a"]}).units
    found = [(out.person, out.unit, out.reason.value) for out in assembled(parts, {"a": staff["a"]}, shares).left_out]
    assert found == [("c-1", "c", "unit_score"), ("hired", None, "group"), ("under", None, "penalty")]


def test_what_differs_from_the_records_is_said_in_words() -> None:
    before = (line("one"), line("two"))
    after = (line("one", 10, role=OwnerRole.SUPPORTER, executive=True), line("three"))
    assert changes_th(before, after) == (
        "เพิ่ม นาย three", "ตัดออก นาย two", "นาย one: บทบาทสูงสุดในตัวชี้วัด ไม่มี เป็น ผู้สนับสนุน",
        "นาย one: ผู้บริหาร ไม่ใช่ เป็น ใช่", "นาย one: เดือนที่ปฏิบัติงาน 12 เป็น 10",
    )  # fmt: skip
