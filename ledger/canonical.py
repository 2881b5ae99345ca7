"""One byte string for one value: canonical JSON, and the hash that chains events."""

from __future__ import annotations

import hashlib
import json
import json.encoder
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import orjson

from schemas.base import Record
from schemas.base import stamp as stamp

_quoted = json.encoder.encode_basestring
"""A JSON string as `canonical` writes it."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
GENESIS = "0" * 64
"""`prev_hash` of the first event of a case."""


def canonical(value: Any) -> str:
    """JSON with sorted keys, no spaces and Thai left readable; the same value always gives the same text.

    Numbers are integers here: figures are `Decimal`, and written as text (`schemas.exact`).
    """
    return canonical_octets(value).decode()


def canonical_octets(value: Any) -> bytes:
    """`canonical` in UTF-8: the form in which it is hashed, kept and compared."""
    try:
        # What `json` would write, four times as fast.
        return orjson.dumps(value, option=_OPTIONS)
    except TypeError:  # an integer of more than 64 bits, or something that is no JSON value: then `json` says so
        return _ENCODER.encode(value).encode()


def octets_of_record(record: Record) -> bytes:
    """`canonical_octets(record.model_dump(mode="json"))` in one walk: of texts, numbers, moments, and records of them.

    :raises TypeError: it holds something else.
    """
    return orjson.dumps(_written(record), default=_json_value, option=_OPTIONS)


def _written(record: Record) -> dict[str, Any]:
    """The values by field, without those that are not written while they are empty (`exclude_if`)."""
    left_out = _left_out(type(record))
    if not left_out:
        return record.__dict__
    return {name: value for name, value in record.__dict__.items() if name not in left_out or not left_out[name](value)}


@cache
def _left_out(kind: type[Record]) -> Mapping[str, Callable[[Any], bool]]:
    return {name: field.exclude_if for name, field in kind.model_fields.items() if field.exclude_if is not None}


def _json_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, Record):
        return _written(value)
    raise TypeError(f"{type(value).__name__} has no place in the text of a record")


def event_hash(
    *, case_id: str, seq: int, at: datetime, kind: str, key: str, actor: str, payload: bytes, prev_hash: str
) -> str:
    """SHA-256 over every field of the event and the hash before it; `actor` and `payload` are canonical JSON."""
    # The octets of `canonical([prev_hash, case_id, seq, stamp(at), kind, key, actor, payload])`, written several times
    # faster: every event is hashed when it is written and whenever it is verified. Canonical JSON holds no control
    # characters, so two of its signs are all that a JSON string would write in another way.
    named = ",".join(map(_quoted, (stamp(at), kind, key, actor)))
    sealed = hashlib.sha256(f'[{_quoted(prev_hash)},{_quoted(case_id)},{seq:d},{named},"'.encode())
    sealed.update(payload.replace(b"\\", b"\\\\").replace(b'"', b'\\"'))
    sealed.update(b'"]')
    return sealed.hexdigest()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
