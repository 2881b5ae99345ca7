"""Passwords of officers, as hashes that the portal makes; a change raises the epoch and so ends older sessions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.dialect import insert_into
from ledger.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    officer: str
    password_hash: str
    epoch: int
    """1 at first, one more with each change of the password; a session of an earlier epoch has ended."""
    changed_at: datetime


async def set_password_hash(work: Work, officer: str, password_hash: str) -> None:
    """Create the officer's account or change its password."""
    a = tables.accounts.c
    statement = insert_into(work.connection, tables.accounts)
    changed = {
        "password_hash": statement.excluded.password_hash,
        "changed_at": statement.excluded.changed_at,
        "epoch": a.epoch + 1,
    }
    await work.connection.execute(
        statement.on_conflict_do_update(index_elements=["officer"], set_=changed),
        _row(work, officer, password_hash),
    )


async def create_accounts(work: Work, password_hashes: Mapping[str, str]) -> None:
    """Create accounts by officer id in one statement; officers who have one keep theirs."""
    if password_hashes:
        await work.connection.execute(
            insert_into(work.connection, tables.accounts).on_conflict_do_nothing(),
            [_row(work, officer, password_hash) for officer, password_hash in password_hashes.items()],
        )


async def account(connection: AsyncConnection, officer: str) -> Account | None:
    """The officer's account; None when no password was ever set."""
    a = tables.accounts
    row = (await connection.execute(select(a).where(a.c.officer == officer))).first()
    if row is None:
        return None
    return Account(officer=row.officer, password_hash=row.password_hash, epoch=row.epoch, changed_at=row.changed_at)


async def epochs(connection: AsyncConnection, officers: Collection[str]) -> dict[str, int]:
    """The accounts' epochs by officer; officers without an account are left out."""
    a = tables.accounts.c
    rows = await connection.execute(select(a.officer, a.epoch).where(a.officer.in_(officers)))
    return {row.officer: row.epoch for row in rows}


async def all_accounts(connection: AsyncConnection) -> dict[str, Account]:
    """Every account by its officer."""
    rows = await connection.execute(select(tables.accounts).order_by(tables.accounts.c.officer))
    return {row["officer"]: Account(**row) for row in rows.mappings()}


def _row(work: Work, officer: str, password_hash: str) -> dict[str, object]:
    return {"officer": officer, "password_hash": password_hash, "epoch": 1, "changed_at": work.now}
