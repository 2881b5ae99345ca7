"""The role with which auditors' pages read a PostgreSQL ledger: SELECT on what they show, and on nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ledger import tables
from ledger.errors import NotOnPostgreSQL, UnknownRole
from ledger.reading import MailView

WHOLE = (
    tables.cases, tables.events, tables.hand_offs, tables.waits, tables.gates, tables.reminders, tables.messages,
    tables.case_documents, tables.conformances, tables.organisations, tables.anchors, tables.anchor_leaves,
    tables.anchor_nodes, tables.readings, tables.findings, tables.clock,
)  # fmt: skip
"""History, what is derived from it, what bears witness to it, and what auditors leave behind."""
IN_PART = {
    tables.documents: ("sha256", "media_type", "size"),
    tables.mails: tuple(MailView.__dataclass_fields__),
}
"""Of papers not the content: what officers have attached and not handed in lies among them. Of mails not what stands in
them. Accounts, drafts, uploads, enclosures and the log of who came in are not read by these pages at all."""


def statements(connection: AsyncConnection, role: str, database: str) -> Iterator[str]:
    """What makes a role that exists the auditors' one, whatever it was allowed before."""
    quote = connection.dialect.identifier_preparer.quote
    name = quote(role)
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}"
    yield f"GRANT CONNECT ON DATABASE {quote(database)} TO {name}"
    yield f"GRANT USAGE ON SCHEMA public TO {name}"
    yield f"GRANT SELECT ON {', '.join(quote(table.name) for table in WHOLE)} TO {name}"
    for table, columns in IN_PART.items():
        yield f"GRANT SELECT ({', '.join(map(quote, columns))}) ON {quote(table.name)} TO {name}"


async def grant(engine: AsyncEngine, role: str) -> tuple[str, ...]:
    """Grant it, in one transaction, as the owner of the tables; gives the statements.

    :raises NotOnPostgreSQL: SQLite knows no roles.
    :raises UnknownRole: the database has no such role.
    """
    if engine.dialect.name != "postgresql":
        raise NotOnPostgreSQL
    async with engine.begin() as connection:
        known = await connection.scalar(select(text("1")).select_from(text("pg_roles")).where(text("rolname = :role")),
                                        {"role": role})  # fmt: skip
        if known is None:
            raise UnknownRole(role=role)
        database = await connection.scalar(text("SELECT current_database()"))
        assert isinstance(database, str)
        done = tuple(statements(connection, role, database))
        for statement in done:
            await connection.execute(text(statement))
    return done
