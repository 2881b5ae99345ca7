"""The migrations lead to the tables that the program uses, once, however many processes start together."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from ledger import migrate, tables
from ledger.database import open_database
from ledger.dialect import officer_of
from tests.conftest import FRIDAY_NOON

pytestmark = [
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index"),
    pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index"),
]
"""Such an index cannot be read back from SQLite and compared; the last test of this file looks whether it serves."""


def _differences(connection: Connection) -> list[Any]:
    # Alembic misreads SQLite's quoted defaults; one revision serves both databases and PostgreSQL's are compared.
    options = {"compare_server_default": connection.dialect.name == "postgresql"}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, tables.metadata))


async def test_migrations_equal_the_models(database: AsyncEngine) -> None:
    async with database.connect() as connection:
        assert await connection.run_sync(_differences) == []


async def test_a_column_that_no_migration_made_is_noticed(database: AsyncEngine) -> None:
    async with database.connect() as connection:
        await connection.execute(text("ALTER TABLE cases ADD COLUMN stray TEXT"))
        found = await connection.run_sync(_differences)
        assert [(what, column.name) for what, _, _, column in found] == [("remove_column", "stray")]
        await connection.rollback()


async def test_a_migrated_database_stands_at_the_newest_revision(database: AsyncEngine) -> None:
    assert await migrate.current(database) == migrate.newest()


async def test_migrating_again_changes_nothing(database: AsyncEngine) -> None:
    await migrate.upgrade(database)
    assert await migrate.current(database) == migrate.newest()


async def test_revision_0002_keeps_what_a_ledger_of_0001_holds(tmp_path: Path) -> None:
    """`versions/0002_uploads.py` adds a table and indexes; the history and its papers stay."""
    engine = open_database(f"sqlite+aiosqlite:///{tmp_path / 'old.db'}")
    async with engine.begin() as connection:
        await connection.run_sync(lambda bare: command.upgrade(migrate._config(bare), "0001"))
        await connection.execute(
            tables.documents.insert(), {"sha256": "0" * 64, "media_type": "text/plain", "size": 1, "content": b"x"}
        )
        names = await connection.run_sync(lambda bare: inspect(bare).get_table_names())
        assert "uploads" not in names
    await migrate.upgrade(engine)
    async with engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
        assert (await connection.execute(select(tables.documents.c.content))).scalars().all() == [b"x"]
    await engine.dispose()


async def test_an_empty_database_has_no_revision(tmp_path: Path) -> None:
    engine = open_database(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    assert await migrate.current(engine) is None
    await engine.dispose()


async def _start_four(url: str) -> list[str | None]:
    engines = [open_database(url) for _ in range(4)]
    try:
        async with asyncio.timeout(30):
            ends = await asyncio.gather(*(migrate.upgrade(engine) for engine in engines), return_exceptions=True)
        assert ends == [None] * 4
        return [await migrate.current(engine) for engine in engines]
    finally:
        for engine in engines:
            await engine.dispose()


async def test_processes_that_start_together_do_not_collide_on_sqlite(tmp_path: Path) -> None:
    assert await _start_four(f"sqlite+aiosqlite:///{tmp_path / 'new.db'}") == [migrate.newest()] * 4


@pytest.mark.postgres
async def test_processes_that_start_together_do_not_collide_on_postgresql(postgres_url: str) -> None:
    url = make_url(postgres_url)
    engine = open_database(postgres_url)
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(f"CREATE DATABASE {url.database}_new"))
        fresh = url.set(database=f"{url.database}_new").render_as_string(hide_password=False)
        try:
            assert await _start_four(fresh) == [migrate.newest()] * 4
        finally:
            await connection.execute(text(f"DROP DATABASE {url.database}_new WITH (FORCE)"))
    await engine.dispose()


async def test_the_index_over_officers_serves_the_question_for_which_it_was_made(database: AsyncEngine) -> None:
    e = tables.events.c
    query = select(e.case_id).where(officer_of(e.actor) == "dept-plan.1", e.at >= FRIDAY_NOON)
    plain = str(query.compile(dialect=database.dialect, compile_kwargs={"literal_binds": True}))
    async with database.connect() as connection:
        if database.dialect.name == "postgresql":
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        how = "EXPLAIN" if database.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        plan = " ".join(str(row) for row in await connection.execute(text(f"{how} {plain}".replace(":", r"\:"))))
    assert "ix_events_officer" in plan
