"""Bringing a database to the tables of this version: Alembic, run by the program itself, no file in the cwd needed."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from ledger.dialect import reserve


async def upgrade(engine: AsyncEngine) -> None:
    """Apply what is missing, in one transaction; of several processes that start together one does it, the others wait.

    On SQLite the transaction itself is that lock (`ledger.database` begins IMMEDIATE).
    """
    async with engine.begin() as connection:
        await reserve(connection, "ledger.migrate")
        await connection.run_sync(lambda bare: command.upgrade(_config(bare), "head"))


async def current(engine: AsyncEngine) -> str | None:
    """The revision that the database stands at; None for an empty one."""
    async with engine.connect() as connection:
        return await connection.run_sync(lambda bare: MigrationContext.configure(bare).get_current_revision())


def newest() -> str | None:
    """The revision that this version of the program needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


async def revise(engine: AsyncEngine, message: str) -> None:
    """For developers: write a new revision from the difference between the database and `ledger.tables`."""
    number = f"{int(newest() or 0) + 1:04}"
    async with engine.begin() as connection:
        await connection.run_sync(
            lambda bare: command.revision(_config(bare), message, autogenerate=True, rev_id=number)
        )


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "ledger:migrations")
    return config
