"""The few statements that SQLite and PostgreSQL spell differently."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, Table, func, select
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


def insert_into(connection: AsyncConnection, table: Table) -> Upsert:
    """An INSERT that knows ON CONFLICT."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


async def reserve(connection: AsyncConnection, name: str) -> None:
    """Let one transaction at a time pass for `name`, until it ends: for rows that do not exist yet and so have no lock.

    A writer on SQLite holds the whole database already.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
