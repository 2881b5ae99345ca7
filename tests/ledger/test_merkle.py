"""The tree over all heads: RFC 6962's hashes, one root however it grew, a path that convinces for one leaf only."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.merkle import EMPTY_ROOT, Tree, leaf_hash, node_hash, root_by


def leaf(number: int) -> bytes:
    return leaf_hash(f"case-{number}", number, "0" * 64)


def root_by_rfc(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, as it is written there: split at the largest power of two below the length."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + root_by_rfc(leaves[:half]) + root_by_rfc(leaves[half:])).digest()


def test_a_leaf_and_a_node_can_never_be_taken_for_each_other() -> None:
    assert leaf_hash("a", 1, "b") == hashlib.sha256(b'\x00["a",1,"b"]').digest()
    assert node_hash(b"l" * 32, b"r" * 32) == hashlib.sha256(b"\x01" + b"l" * 32 + b"r" * 32).digest()
    assert Tree().root == EMPTY_ROOT


@given(st.integers(1, 70), st.integers(0, 2**32))
def test_the_root_is_that_of_the_rfc_however_the_tree_grew(size: int, seed: int) -> None:
    at_once, grown = Tree(), Tree()
    at_once.put({place: leaf(place) for place in range(size)})
    first = seed % size
    grown.put({place: leaf(1000 + place) for place in range(first)})
    grown.put({place: leaf(place) for place in range(size)})
    assert at_once.root == grown.root == root_by_rfc([leaf(place) for place in range(size)])


@given(st.integers(1, 70), st.data())
def test_a_path_leads_its_own_leaf_to_the_root_and_no_other(size: int, data: st.DataObject) -> None:
    tree = Tree()
    tree.put({place: leaf(place) for place in range(size)})
    place = data.draw(st.integers(0, size - 1))
    path = tree.path(place)
    assert root_by(leaf(place), place, size, path) == tree.root
    assert root_by(leaf(size), place, size, path) != tree.root
    for wrong in range(size):
        if wrong != place:
            assert root_by(leaf(place), wrong, size, path) != tree.root


@pytest.mark.parametrize(
    ("place", "leaves", "path"), [(-1, 2, [b"x"]), (2, 2, [b"x"]), (0, 2, []), (0, 1, [b"x"]), (0, 3, [b"x"])]
)
def test_a_path_of_another_length_leads_nowhere(place: int, leaves: int, path: list[bytes]) -> None:
    assert root_by(leaf(0), place, leaves, path) is None


def test_a_tree_has_no_holes() -> None:
    with pytest.raises(ValueError, match="place 0 is empty"):
        Tree().put({1: leaf(1)})
