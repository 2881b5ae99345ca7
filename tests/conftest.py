"""Fixtures of every floor: a migrated ledger on real SQLite files and on a real PostgreSQL, and a clock that is set."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from engine.collector import collect_seldom
from ledger import migrate, tables
from ledger.clock import Clock
from ledger.database import open_database
from ledger.work import Ledger

POSTGRES = os.environ.get("SANGKAN_TEST_POSTGRES", "postgresql+asyncpg://postgres@127.0.0.1:5432/postgres")
FRIDAY_NOON = datetime(2018, 4, 20, 5, 0, tzinfo=UTC)
"""ศุกร์ 20 เมษายน 2561 เวลา 12.00 น.: four hours before the cut-off (S0 line 12)."""


collect_seldom()  # as the product's processes do

LONGEST_FIRST = ("faults", "bench", "deployments", "rehearsals", "flows")
"""Folders whose files take minutes. Begun first, so that no core is left with one of them when all else is done."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {folder: place for place, folder in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path.parent.name, len(LONGEST_FIRST)))


class ClockThatIsSet(Clock):
    """Stands still until the test sets it on."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    async def now(self, connection: AsyncConnection) -> datetime:
        return self.moment

    def advance(self, **by: float) -> datetime:
        """Set the clock on by so many `hours`, `days` …"""
        self.moment += timedelta(**by)
        return self.moment


@pytest.fixture
def clock() -> ClockThatIsSet:
    return ClockThatIsSet(FRIDAY_NOON)


@pytest_asyncio.fixture(scope="session")
async def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied; closing it has moved the write-ahead log into it."""
    path = tmp_path_factory.mktemp("ledger") / "migrated.db"
    engine = open_database(f"sqlite+aiosqlite:///{path}")
    await migrate.upgrade(engine)
    await engine.dispose()
    return path


@pytest_asyncio.fixture(scope="session")
async def postgres_url() -> AsyncIterator[str]:
    """A database of this session's own; dropped at the end. Skips when no server answers (an error where CI is set)."""
    server = create_async_engine(POSTGRES, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    name = f"sangkan_test_{uuid.uuid4().hex[:12]}"
    try:
        async with server.connect() as connection:
            await connection.execute(text(f"CREATE DATABASE {name}"))
            # These tests pull no plug; a commit need not wait for the disk.
            await connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    except OSError as silence:
        said = f"no PostgreSQL answers at {make_url(POSTGRES).render_as_string()}: {silence}"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    async with server.connect() as connection:
        await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest_asyncio.fixture(scope="session")
async def migrated_postgres(postgres_url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_database(postgres_url)
    await migrate.upgrade(engine)
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture
async def sqlite(migrated_file: Path, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """An empty ledger in a SQLite file of its own."""
    path = tmp_path / "ledger.db"
    shutil.copyfile(migrated_file, path)
    engine = open_database(f"sqlite+aiosqlite:///{path}")
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture
async def postgres(migrated_postgres: AsyncEngine) -> AsyncEngine:
    """The session's PostgreSQL, emptied in one round trip; for small tables DELETE is faster than TRUNCATE."""
    emptying = "; ".join(f"DELETE FROM {table.name}" for table in reversed(tables.metadata.sorted_tables))
    async with migrated_postgres.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.execute(emptying)
    return migrated_postgres


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> AsyncEngine:
    """An empty, migrated ledger; the test runs on both databases."""
    engine: AsyncEngine = request.getfixturevalue(request.param)
    return engine


@pytest.fixture
def ledger(database: AsyncEngine, clock: ClockThatIsSet) -> Ledger:
    return Ledger(database, clock)
