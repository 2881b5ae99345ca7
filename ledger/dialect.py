"""The few statements that SQLite and PostgreSQL spell differently."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Float, Integer, LargeBinary, String, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

Upsert = postgresql.Insert | sqlite.Insert


class officer_of(FunctionElement[str]):  # noqa: N801 - reads as a function of SQL
    """The officer's id in the canonical JSON of an actor; NULL for the system.

    PostgreSQL may index only what depends on nothing else, and reading JSON does, by its own book. An id holds no
    quotation mark, and within a name one is written with a backslash, so the text can be read as it stands.
    """

    inherit_cache = True
    name = "officer_of"
    type = String(128)


@compiles(officer_of, "sqlite")
def _in_sqlite(element: officer_of, compiler: Any, **options: Any) -> str:
    # A text that somebody has spoiled must not keep its row from being read, or mended.
    said = compiler.process(element.clauses, **options)
    return f"CASE WHEN json_valid({said}) THEN json_extract({said}, '$.officer') END"


@compiles(officer_of, "postgresql")
def _in_postgresql(element: officer_of, compiler: Any, **options: Any) -> str:
    return f"""substring({compiler.process(element.clauses, **options)}, '"officer":"([^"]+)"')"""


def _written(element: FunctionElement[Any], compiler: Any, options: dict[str, Any]) -> tuple[str, ...]:
    """The arguments of a function as SQL."""
    return tuple(compiler.process(each, **options) for each in element.clauses)


class seconds_between(FunctionElement[float]):  # noqa: N801
    """Seconds from one moment to a later one; NULL when one of them is."""

    inherit_cache = True
    name = "seconds_between"
    type = Float()


@compiles(seconds_between, "sqlite")
def _seconds_in_sqlite(element: seconds_between, compiler: Any, **options: Any) -> str:
    earlier, later = _written(element, compiler, options)
    return f"round((julianday({later}) - julianday({earlier})) * 86400.0, 3)"


@compiles(seconds_between, "postgresql")
def _seconds_in_postgresql(element: seconds_between, compiler: Any, **options: Any) -> str:
    earlier, later = _written(element, compiler, options)
    return f"CAST(extract(epoch FROM ({later}) - ({earlier})) AS double precision)"


class place_of(FunctionElement[int]):  # noqa: N801
    """Where a text first stands in another, counted from 1; 0 where it does not."""

    inherit_cache = True
    name = "place_of"
    type = Integer()


@compiles(place_of, "sqlite")
def _place_in_sqlite(element: place_of, compiler: Any, **options: Any) -> str:
    sought, text = _written(element, compiler, options)
    return f"instr({text}, {sought})"


@compiles(place_of, "postgresql")
def _place_in_postgresql(element: place_of, compiler: Any, **options: Any) -> str:
    sought, text = _written(element, compiler, options)
    return f"strpos({text}, {sought})"


class element_of_key(FunctionElement[str]):  # noqa: N801
    """The element that a key names, as `audit.keys.element_of` reads it: after the last stroke, before [ and #."""

    inherit_cache = True
    name = "element_of_key"
    type = String(64)


@compiles(element_of_key, "sqlite")
def _element_in_sqlite(element: element_of_key, compiler: Any, **options: Any) -> str:
    key = compiler.process(element.clauses, **options)
    last = f"replace({key}, rtrim({key}, replace({key}, '/', '')), '')"
    return f"substr({last}, 1, min(instr({last} || '[', '['), instr({last} || '#', '#')) - 1)"


@compiles(element_of_key, "postgresql")
def _element_in_postgresql(element: element_of_key, compiler: Any, **options: Any) -> str:
    key = compiler.process(element.clauses, **options)
    return f"substring({key}, '([^][#/]+)[^/]*$')"


class octets_of(FunctionElement[bytes]):  # noqa: N801
    """A text as its UTF-8 octets, as it is stored."""

    inherit_cache = True
    name = "octets_of"
    type = LargeBinary()


@compiles(octets_of, "sqlite")
def _octets_in_sqlite(element: octets_of, compiler: Any, **options: Any) -> str:
    (text,) = _written(element, compiler, options)
    return f"CAST({text} AS BLOB)"


@compiles(octets_of, "postgresql")
def _octets_in_postgresql(element: octets_of, compiler: Any, **options: Any) -> str:
    (text,) = _written(element, compiler, options)
    return f"convert_to({text}, 'UTF8')"


class binary(FunctionElement[bytes]):  # noqa: N801
    """The octets of a column for them; NULL where SQLite, which keeps whatever is put into a column, holds a text."""

    inherit_cache = True
    name = "binary"
    type = LargeBinary()


@compiles(binary, "sqlite")
def _binary_in_sqlite(element: binary, compiler: Any, **options: Any) -> str:
    (octets,) = _written(element, compiler, options)
    return f"CASE WHEN typeof({octets}) = 'blob' THEN {octets} END"


@compiles(binary, "postgresql")
def _binary_in_postgresql(element: binary, compiler: Any, **options: Any) -> str:
    (octets,) = _written(element, compiler, options)
    return octets


def insert_into(connection: AsyncConnection, table: Table) -> Upsert:
    """An INSERT that knows ON CONFLICT."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


async def reserve(connection: AsyncConnection, name: str) -> None:
    """Let one transaction at a time pass for `name`, until it ends: for rows that do not exist yet and so have no lock.

    A writer on SQLite holds the whole database already.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
