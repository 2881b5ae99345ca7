"""Opening the ledger's database: SQLite for one machine, PostgreSQL for a ministry."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionIsFree
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

UNCHECKED_SECONDS = 30.0
"""A pooled connection that has rested for longer is asked whether it still stands."""


LIMITS = {
    "idle_in_transaction_session_timeout": "60s", "tcp_keepalives_idle": "30", "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}  # fmt: skip
"""PostgreSQL frees what a machine held that has died within a transaction; unasked it waits for two hours, and with it
whoever wants the same case."""

BUSY_SECONDS = 30.0
"""So long one waits for another to have written."""

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "mmap_size=268435456")
"""`mmap_size`: so many octets of the file are read without a copy, a tenth less time for who reads a ledger through."""


def open_database(url: str, *, connections: int = 16, read_only: bool = False) -> AsyncEngine:
    """An engine for `sqlite+aiosqlite:///path` or `postgresql+asyncpg://…`.

    SQLite: write-ahead log, foreign keys, full synchronisation (an accepted report survives a power cut), and every
    transaction of a writer begins IMMEDIATE, so that two writers wait for each other instead of failing half-way.

    :param read_only: the database itself refuses to write on these connections, whatever the account may do.
    """
    if make_url(url).get_backend_name() != "sqlite":
        # Without overflow: under load such connections are opened and closed again for every single question.
        engine = create_async_engine(
            url, pool_size=connections, max_overflow=0, pool_use_lifo=True, hide_parameters=True,
            connect_args={"server_settings": LIMITS | ({"default_transaction_read_only": "on"} if read_only else {})},
        )  # fmt: skip
        _drop_dead_connections(engine)
        return engine
    engine = create_async_engine(
        url, pool_size=connections, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True
    )
    _configure_sqlite(engine, read_only=read_only)
    return engine


def passes_by_itself(error: BaseException) -> bool:
    """Trouble with the database or the network: what was asked is tried again, nobody has to act.

    When PostgreSQL restarts, or breaks a deadlock, its driver says `DBAPIError` and no more; what a mistake of ours
    would cause has names of its own.
    """
    if isinstance(error, DataError | IntegrityError | NotSupportedError | ProgrammingError):
        return False
    return isinstance(error, DBAPIError | NoConnectionIsFree | OSError)


def _drop_dead_connections(engine: AsyncEngine) -> None:
    """SQLAlchemy's own pre-ping costs three round trips each time; a driver knows itself when its server has gone."""

    @event.listens_for(engine.sync_engine, "checkin")
    def _on_checkin(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def _on_checkout(connection: Any, record: Any, _proxy: Any) -> None:
        if connection.driver_connection.is_closed():
            raise DisconnectionError
        if time.monotonic() - record.info.get("rests_since", time.monotonic()) > UNCHECKED_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except Exception as trouble:
                raise DisconnectionError from trouble


def _set_patiently(connection: Any, pragma: str) -> None:
    """Processes that open a new file at once must wait for each other, and SQLite does not: the change to the
    write-ahead log is refused at once, whatever the time-out says.
    """
    cursor, until = connection.cursor(), time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute(f"PRAGMA {pragma}")
            break
        except sqlite3.OperationalError as busy:
            if busy.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            connection.run_async(lambda _driver: asyncio.sleep(0.02))
    cursor.close()


def _configure_sqlite(engine: AsyncEngine, *, read_only: bool) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # SQLAlchemy's own BEGIN is switched off so that _on_begin can choose the kind.
        connection.isolation_level = None
        for pragma in (*PRAGMAS, *(("query_only=ON",) if read_only else ())):
            _set_patiently(connection, pragma)

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Any) -> None:
        reading = read_only or connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
