"""The few statements that SQLite and PostgreSQL spell differently."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Float, Integer, LargeBinary, String, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

T = TypeVar("T", str, int)
Upsert = postgresql.Insert | sqlite.Insert


def _spelled(function: type[FunctionElement[Any]], *, sqlite: str, postgresql: str) -> None:
    """How each database writes a function; {0}, {1} stand for its arguments."""

    def writes(spelling: str) -> Callable[..., str]:
        def write(element: FunctionElement[Any], compiler: Any, **options: Any) -> str:
            return spelling.format(*(compiler.process(each, **options) for each in element.clauses))

        return write

    for dialect, spelling in (("sqlite", sqlite), ("postgresql", postgresql)):
        compiles(function, dialect)(writes(spelling))


class officer_of(FunctionElement[str]):  # noqa: N801 - reads as a function of SQL
    """The officer's id in the canonical JSON of an actor; NULL for the system.

    PostgreSQL may index only what depends on nothing else, and reading JSON does, by its own book. An id holds no
    quotation mark, and within a name one is written with a backslash, so the text can be read as it stands.
    """

    inherit_cache = True
    name = "officer_of"
    type = String(128)


_spelled(
    officer_of,
    # A text that somebody has spoiled must not keep its row from being read, or mended.
    sqlite="CASE WHEN json_valid({0}) THEN json_extract({0}, '$.officer') END",
    postgresql="""substring({0}, '"officer":"([^"]+)"')""",
)


class seconds_between(FunctionElement[float]):  # noqa: N801
    """Seconds from one moment to a later one; NULL when one of them is."""

    inherit_cache = True
    name = "seconds_between"
    type = Float()


_spelled(
    seconds_between,
    sqlite="round((julianday({1}) - julianday({0})) * 86400.0, 3)",
    postgresql="CAST(extract(epoch FROM ({1}) - ({0})) AS double precision)",
)


class place_of(FunctionElement[int]):  # noqa: N801
    """Where a text first stands in another, counted from 1; 0 where it does not."""

    inherit_cache = True
    name = "place_of"
    type = Integer()


_spelled(
    place_of,
    sqlite="instr({1}, {0})",
    postgresql="strpos({1}, {0})",
)


class element_of_key(FunctionElement[str]):  # noqa: N801
    """The element that a key names, as `audit.keys.element_of` reads it: after the last stroke, before [ and #."""

    inherit_cache = True
    name = "element_of_key"
    type = String(64)


_LAST = "replace({0}, rtrim({0}, replace({0}, '/', '')), '')"
_spelled(
    element_of_key,
    sqlite=f"substr({_LAST}, 1, min(instr({_LAST} || '[', '['), instr({_LAST} || '#', '#')) - 1)",
    postgresql="substring({0}, '([^][#/]+)[^/]*$')",
)


class octets_of(FunctionElement[bytes]):  # noqa: N801
    """A text as its UTF-8 octets, as it is stored."""

    inherit_cache = True
    name = "octets_of"
    type = LargeBinary()


_spelled(
    octets_of,
    sqlite="CAST({0} AS BLOB)",
    postgresql="convert_to({0}, 'UTF8')",
)


class binary(FunctionElement[bytes]):  # noqa: N801
    """The octets of a column for them; NULL where SQLite, which keeps whatever is put into a column, holds a text."""

    inherit_cache = True
    name = "binary"
    type = LargeBinary()


_spelled(
    binary,
    sqlite="CASE WHEN typeof({0}) = 'blob' THEN {0} END",
    postgresql="{0}",
)


def insert_into(connection: AsyncConnection, table: Table) -> Upsert:
    """An INSERT that knows ON CONFLICT."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


IDS_AT_ONCE = 500
"""Asked for in one query: a statement takes only so many, and PostgreSQL plans it anew for every number."""


def parts(ids: Iterable[T]) -> Iterator[list[T]]:
    """The ids in their order, as many at a time as one query asks for."""
    ordered = sorted(ids)
    return (ordered[start : start + IDS_AT_ONCE] for start in range(0, len(ordered), IDS_AT_ONCE))


def storable(text: str, length: int) -> str:
    """A text as both databases take it, cut: PostgreSQL refuses NUL and lone surrogates."""
    return text.replace("\0", "").encode(errors="replace").decode()[:length]


async def reserve(connection: AsyncConnection, name: str) -> None:
    """Let one transaction at a time pass for `name`, until it ends: for rows that do not exist yet and so have no lock.

    A writer on SQLite holds the whole database already.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
