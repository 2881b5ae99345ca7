"""The standard-library verifier: its Ed25519 is that of RFC 8032, and its tree that of the ledger."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import verifier
from ledger import merkle
from ledger.canonical import canonical

VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]  # fmt: skip
"""RFC 8032, section 7.1: TEST 1, 2, 3 and SHA(abc), as (public key, message, signature)."""


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_vectors_of_the_rfc_hold_and_nothing_near_them_does(public: str, message: str, signature: str) -> None:
    key, said, sealed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert verifier.is_signed(key, said, sealed)
    assert not verifier.is_signed(key, said + b"x", sealed)
    assert not verifier.is_signed(key, said, sealed[:-1])
    for place in (0, 31, 32, 63):
        changed = bytearray(sealed)
        changed[place] ^= 1
        assert not verifier.is_signed(key, said, bytes(changed))
    # The same signature with S + L would be accepted by a careless verifier (malleability, section 8.4).
    s = int.from_bytes(sealed[32:], "little") + verifier.ORDER
    assert not verifier.is_signed(key, said, sealed[:32] + s.to_bytes(32, "little"))


@settings(max_examples=20, deadline=None)
@given(
    seed=st.binary(min_size=32, max_size=32), said=st.binary(max_size=200), other=st.binary(min_size=64, max_size=64)
)
def test_it_agrees_with_the_library(seed: bytes, said: bytes, other: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    assert verifier.is_signed(public, said, private.sign(said))
    assert verifier.is_signed(public, said, other) is _library_says(public, said, other)


def _library_says(public: bytes, said: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, said)
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize("encoded", [b"", b"\xff" * 32, (2).to_bytes(32, "little"), b"\x01" + b"\x00" * 30 + b"\x80"])
def test_what_encodes_no_point_is_no_key(encoded: bytes) -> None:
    assert verifier.point_of(encoded) is None
    assert not verifier.is_signed(encoded, b"", bytes.fromhex(VECTORS[0][2]))


@given(st.integers(1, 40), st.data())
def test_its_tree_is_the_ledgers(size: int, data: st.DataObject) -> None:
    tree = merkle.Tree()
    leaves = {place: merkle.leaf_hash(f"case-{place}", 1, "0" * 64) for place in range(size)}
    tree.put(leaves)
    place = data.draw(st.integers(0, size - 1))
    path = tree.path(place)
    assert verifier.root_by(leaves[place], place, size, path) == tree.root
    assert verifier.root_by(leaves[place], place, size, [*path, b"x" * 32]) is None
    assert verifier.root_by(leaves[place], size, size, path) is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_its_canonical_text_is_the_ledgers(value: object) -> None:
    assert verifier.canonical(value) == canonical(value)
