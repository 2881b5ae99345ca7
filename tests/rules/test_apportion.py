"""The largest remainder: worked by hand, and for every pot."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.apportion import apportion

weights = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3),
    st.fractions(min_value=Fraction(1, 100), max_value=1000, max_denominator=100),
    min_size=1, max_size=12,
)  # fmt: skip
pots = st.integers(0, 10**7)


def _portions(units: int, shares: dict[str, Fraction]) -> dict[str, int]:
    return {key: portion.units for key, portion in apportion(units, shares).items()}


@pytest.mark.parametrize(
    ("units", "shares", "by_hand"),
    [
        # quotas 3.33…: one is left, all remainders and weights are equal, so the first id gets it
        (10, {"c": 1, "a": 1, "b": 1}, {"a": 4, "b": 3, "c": 3}),
        # quotas 1.8, 3.6, 3.6: two are left, .8 first, then b before c
        (9, {"c": 2, "b": 2, "a": 1}, {"a": 2, "b": 4, "c": 3}),
        # quotas 2.5 and 7.5: equal remainders, the greater weight first
        (10, {"a": 1, "b": 3}, {"a": 2, "b": 8}),
        (0, {"a": 1, "b": 2}, {"a": 0, "b": 0}),
        (1, {"a": 1, "b": 100}, {"a": 0, "b": 1}),
        (7, {"a": 5}, {"a": 7}),
        (7, {}, {}),
    ],
)
def test_portions_by_hand(units: int, shares: dict[str, int], by_hand: dict[str, int]) -> None:
    assert _portions(units, {key: Fraction(weight) for key, weight in shares.items()}) == by_hand


def test_what_cannot_be_shared_out_is_refused() -> None:
    for units, weight in ((-1, 1), (1, 0), (1, -1)):
        with pytest.raises(ValueError, match="must"):
            apportion(units, {"a": Fraction(weight), "b": Fraction(1)})


@given(pots, weights)
def test_portions_add_up_and_stay_within_one_of_the_quota(units: int, shares: dict[str, Fraction]) -> None:
    portions = apportion(units, shares)
    assert sum(portion.units for portion in portions.values()) == units
    whole = sum(shares.values(), Fraction(0))
    for key, portion in portions.items():
        quota = units * shares[key] / whole
        assert abs(portion.units - quota) < 1
        assert portion.units - portion.extra == int(quota)


@given(st.data(), pots, weights)
def test_the_order_of_the_shares_changes_nothing(data: st.DataObject, units: int, shares: dict[str, Fraction]) -> None:
    shuffled = dict(data.draw(st.permutations(list(shares.items()))))
    assert apportion(units, shuffled) == apportion(units, shares)


@given(pots, weights, st.fractions(min_value=Fraction(1, 50), max_value=50, max_denominator=50))
def test_only_proportions_count(units: int, shares: dict[str, Fraction], by: Fraction) -> None:
    assert apportion(units, {key: weight * by for key, weight in shares.items()}) == apportion(units, shares)


@given(pots, weights)
def test_a_greater_weight_never_gets_less(units: int, shares: dict[str, Fraction]) -> None:
    portions = _portions(units, shares)
    for key, weight in shares.items():
        assert all(portions[other] <= portions[key] for other, less in shares.items() if less < weight)


@given(st.data(), pots, weights, st.fractions(min_value=0, max_value=100, max_denominator=10))
def test_whose_weight_grows_never_loses(
    data: st.DataObject, units: int, shares: dict[str, Fraction], more: Fraction
) -> None:
    key = data.draw(st.sampled_from(sorted(shares)))
    assert _portions(units, shares)[key] <= _portions(units, {**shares, key: shares[key] + more})[key]


@given(st.integers(0, 1000), st.dictionaries(st.text("abcdefgh", min_size=1), st.integers(1, 500), min_size=1))
def test_a_pot_that_divides_evenly_is_divided_exactly_at_any_scale(times: int, shares: dict[str, int]) -> None:
    portions = _portions(times * sum(shares.values()), {key: Fraction(weight) for key, weight in shares.items()})
    assert portions == {key: times * weight for key, weight in shares.items()}


@given(pots, weights, st.integers(2, 9))
def test_a_greater_pot_gives_in_proportion_but_for_rounding(units: int, shares: dict[str, Fraction], by: int) -> None:
    small, great = _portions(units, shares), _portions(units * by, shares)
    assert all(abs(great[key] - by * small[key]) <= by for key in shares)
