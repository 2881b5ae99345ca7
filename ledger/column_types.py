"""Types of columns: moments, whole numbers and canonical JSON, as both databases keep them and hand them back.

SQLite keeps whatever is put into a column. What somebody has spoiled must still be read, and must not pass for a value.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, DateTime, Dialect, Integer, Text, TypeDecorator

from ledger.dialect import octets_of


class UtcMoment(TypeDecorator[datetime]):
    """Time-zone aware, always UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value!r}")
        return value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        # A long history is mostly moments: what asyncpg gives is in UTC and stays as it is, SQLite's takes one call.
        return _moment_of_sqlite if dialect.name == "sqlite" else None


UNREADABLE = datetime(1941, 1, 1, 12, tzinfo=UTC)
"""Instead of a moment that is none: SQLite keeps whatever is put into a column, and such a row must still be read.

Older than any event, and the first year that can be written in Thai.
"""


@lru_cache(maxsize=4096)
def _moment_of_sqlite(stored: str | None) -> datetime | None:
    """SQLite keeps text without a zone, which is that of `process_bind_param`.

    It compares text as well: a moment in any other spelling is none, for no deadline would come to it.
    """
    if stored is None:
        return None
    try:
        read = datetime.fromisoformat(f"{stored}+00:00")
    except ValueError:
        return UNREADABLE
    return read if read.isoformat(" ", "microseconds") == f"{stored}+00:00" else UNREADABLE


class Number(TypeDecorator[int]):
    """A whole number. SQLite keeps whatever is put into a column: what is none reads as -1, which no count ever is."""

    impl = Integer
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        return _number_of_sqlite if dialect.name == "sqlite" else None


class BigNumber(Number):
    impl = BigInteger
    cache_ok = True


def _number_of_sqlite(stored: Any) -> int | None:
    return stored if type(stored) is int or stored is None else -1


class CanonicalJson(TypeDecorator[bytes]):
    """Canonical JSON: text in the database, in memory the octets that are hashed and read.

    Thai text is decoded when its JSON is read and never before; decoding it twice took a tenth of a replay.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else value.decode()

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        return octets_of(column)
