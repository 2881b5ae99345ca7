"""What was done to a history is told from the damaged events alone, whatever was renumbered afterwards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import GENESIS
from ledger.chain import Break, ChainHead
from ledger.diagnosis import FURTHEST, diagnose, own_place
from ledger.event import Event
from tests.ledger.scene import DIRECTIVE, chain

Events = list[Event]
LENGTH = 7
WHOLE = chain(LENGTH)
HEAD = ChainHead(DIRECTIVE, LENGTH, WHOLE[-1].hash)
FORGED = WHOLE[0]._replace(payload=b'{"n":99}')
PLACE = st.integers(min_value=0, max_value=LENGTH - 1)


def renumbered(events: Events) -> Events:
    """Without a gap or a repetition, as somebody would leave them who hides what he did."""
    return [event._replace(seq=seq) for seq, event in enumerate(events, start=1)]


def sealed(event: Event) -> Event:
    """With a hash that fits."""
    return event._replace(hash=event.expected_hash())


# --- where an event belongs --------------------------------------------------------------------------------


@pytest.mark.parametrize("moved_to", [1, 3, LENGTH, FURTHEST])
def test_an_event_tells_its_own_place_wherever_it_stands(moved_to: int) -> None:
    assert own_place(WHOLE[2]._replace(seq=moved_to)) == 3


def test_so_far_from_its_place_an_event_is_not_looked_for() -> None:
    assert own_place(WHOLE[2]._replace(seq=3 + FURTHEST)) == 3
    assert own_place(WHOLE[2]._replace(seq=3 + FURTHEST + 1)) is None


@pytest.mark.parametrize(
    "change", [{"payload": b"{}"}, {"actor": "{}"}, {"kind": "x"}, {"key": "x"}, {"hash": GENESIS}]
)
def test_an_event_that_was_changed_belongs_nowhere(change: dict[str, str]) -> None:
    assert own_place(WHOLE[2]._replace(**change)) is None  # type: ignore[arg-type]


# --- what was done -----------------------------------------------------------------------------------------


def test_a_whole_history_has_no_damage_and_neither_has_an_empty_one() -> None:
    assert diagnose(WHOLE, HEAD) is None
    assert diagnose([], ChainHead(DIRECTIVE, 0, GENESIS)) is None


@given(PLACE)
def test_a_changed_event_is_named_at_its_place(at: int) -> None:
    told = [*WHOLE[:at], WHOLE[at]._replace(payload=b'{"n":0}'), *WHOLE[at + 1 :]]
    assert diagnose(told, HEAD) == (at + 1, Break.CHANGED)


@given(st.integers(min_value=0, max_value=LENGTH - 2))
def test_a_removed_event_is_a_gap_whether_or_not_the_others_were_moved_up(at: int) -> None:
    rest = [*WHOLE[:at], *WHOLE[at + 1 :]]
    assert diagnose(rest, HEAD) == (at + 2, Break.GAP), "the number of the next one shows it"
    moved_up = renumbered(rest)
    assert diagnose(moved_up, ChainHead(DIRECTIVE, LENGTH - 1, WHOLE[-1].hash)) == (at + 1, Break.GAP)


@given(PLACE, PLACE)
def test_exchanged_events_are_out_of_their_order_from_the_first_of_them_on(one: int, other: int) -> None:
    swapped = list(WHOLE)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    told = diagnose(renumbered(swapped), HEAD)
    assert told == (None if one == other else (min(one, other) + 1, Break.REORDERED))


@given(PLACE)
def test_what_was_put_in_is_named_where_it_stands(at: int) -> None:
    put_in = renumbered([*WHOLE[:at], FORGED._replace(hash=GENESIS), *WHOLE[at:]])
    assert diagnose(put_in, HEAD) == (at + 1, Break.INSERTED)


@given(PLACE)
def test_what_was_put_in_with_a_hash_that_fits_is_named_by_the_one_that_it_pushed_on(at: int) -> None:
    before = WHOLE[at - 1].hash if at else GENESIS
    fits = sealed(FORGED._replace(seq=at + 1, prev_hash=before))
    put_in = renumbered([*WHOLE[:at], fits, *WHOLE[at:]])
    assert diagnose(put_in, HEAD) == (at + 1, Break.INSERTED)


@given(PLACE)
def test_of_an_event_that_stands_twice_the_second_is_named(at: int) -> None:
    assert diagnose(renumbered([*WHOLE[: at + 1], *WHOLE[at:]]), HEAD) == (at + 2, Break.REORDERED)


@given(st.integers(min_value=0, max_value=LENGTH - 2))
def test_an_event_that_was_forged_with_its_hash_leaves_the_next_one_behind(at: int) -> None:
    forged = [*WHOLE[:at], sealed(WHOLE[at]._replace(payload=b'{"n":0}')), *WHOLE[at + 1 :]]
    assert diagnose(forged, HEAD) == (at + 2, Break.DETACHED)


def test_the_last_event_forged_with_its_hash_does_not_fit_the_head() -> None:
    forged = [*WHOLE[:-1], sealed(WHOLE[-1]._replace(payload=b'{"n":0}'))]
    assert diagnose(forged, HEAD) == (LENGTH, Break.TRUNCATED)


@given(st.integers(min_value=0, max_value=LENGTH - 1))
def test_a_history_that_was_cut_off_is_named_at_its_new_end(left: int) -> None:
    assert diagnose(WHOLE[:left], HEAD) == (left, Break.TRUNCATED)


def test_the_first_damage_is_told_and_not_the_later_ones() -> None:
    twice = [event._replace(payload=b"{}") if event.seq in (3, 5) else event for event in WHOLE]
    assert diagnose(twice, HEAD) == (3, Break.CHANGED)
