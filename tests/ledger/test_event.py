"""One event: the closed vocabulary, and a hash over every field."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import tables
from ledger.canonical import GENESIS, canonical, event_hash, stamp
from ledger.event import KINDS, Event, seal

NOON = datetime(2018, 4, 20, 5, 0, tzinfo=UTC)


def sealed() -> Event:
    return seal(
        case_id="week-2018-04-20", seq=1, at=NOON, kind="case:open", key="", actor='{"kind":"system"}',
        payload={"title": "สัปดาห์"}, prev_hash=GENESIS,
    )  # fmt: skip


CHANGES: dict[str, Any] = {
    "case_id": "week-2018-04-27", "seq": 2, "at": NOON + timedelta(microseconds=1), "kind": "case:close",
    "key": "x", "actor": '{"kind":"officer"}', "payload": '{"title":"สัปดาห"}'.encode(), "prev_hash": "1" * 64,
}  # fmt: skip


def test_a_sealed_event_has_the_hash_of_its_fields() -> None:
    assert sealed().hash == sealed().expected_hash()


@pytest.mark.parametrize("field", [field for field in Event._fields if field != "hash"])
def test_the_hash_covers(field: str) -> None:
    assert sealed()._replace(**{field: CHANGES[field]}).expected_hash() != sealed().hash


def test_an_event_has_the_columns_of_its_table_in_their_order() -> None:
    assert Event._fields == tuple(column.name for column in tables.events.columns)


def test_a_kind_outside_the_vocabulary_is_refused() -> None:
    with pytest.raises(ValueError, match="vocabulary"):
        seal(case_id="c", seq=1, at=NOON, kind="case:explode", key="", actor="", payload={}, prev_hash=GENESIS)


def test_the_vocabulary_is_of_objects_and_verbs() -> None:
    assert [
        kind for kind in KINDS if kind.count(":") != 1 or not kind.replace(":", "").replace("_", "").isalpha()
    ] == []


def test_the_same_moment_has_one_stamp_whatever_its_zone() -> None:
    bangkok = NOON.astimezone(timezone(timedelta(hours=7)))
    assert stamp(bangkok) == stamp(NOON) == "2018-04-20T05:00:00.000000+00:00"


def test_a_naive_time_has_no_stamp() -> None:
    with pytest.raises(ValueError, match="naive"):
        stamp(NOON.replace(tzinfo=None))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(), values, max_size=5))
def test_canonical_text_does_not_depend_on_the_order_of_names(value: dict[str, object]) -> None:
    assert canonical(value) == canonical(dict(reversed(value.items())))


@settings(deadline=None)
@given(values | st.integers(-(2**70), 2**70) | st.text(st.characters(max_codepoint=0x9F)))
def test_canonical_text_is_what_the_standard_library_writes(value: object) -> None:
    """The verifier of a bundle has nothing else."""
    assert canonical(value) == json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@pytest.mark.parametrize("value", [NOON, {1, 2}, b"", object()])
def test_what_is_no_json_has_no_canonical_text(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"value": value})


@pytest.mark.parametrize("sign", ["\n", "\x00", "\x1f"])
def test_a_control_character_in_a_spoiled_payload_gives_another_hash(sign: str) -> None:
    """Canonical JSON writes it with a backslash; as it is, it stands in no text that was ever hashed."""
    written = seal(
        case_id="c", seq=1, at=NOON, kind="case:open", key="", actor="{}", payload={"a": sign}, prev_hash=GENESIS
    )
    raw = written.payload.replace(json.dumps(sign)[1:-1].encode(), sign.encode())
    assert raw != written.payload
    assert written._replace(payload=raw).expected_hash() != written.hash


@given(texts=st.tuples(*[st.text()] * 4), seq=st.integers(1, 10**6), said=values)
def test_the_hash_is_that_of_the_canonical_list(texts: tuple[str, str, str, str], seq: int, said: object) -> None:
    """However it is written: what the verifier of a bundle hashes is `canonical([…])`."""
    case_id, kind, key, actor = texts
    payload = canonical(said)
    told = event_hash(
        case_id=case_id, seq=seq, at=NOON, kind=kind, key=key, actor=actor, payload=payload.encode(), prev_hash=GENESIS
    )
    sealed = canonical([GENESIS, case_id, seq, stamp(NOON), kind, key, actor, payload])
    assert told == hashlib.sha256(sealed.encode()).hexdigest()
