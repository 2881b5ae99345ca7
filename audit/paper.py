"""A unit of work on paper: what a verb would write is kept and compared, and never goes to a database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Row, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.canonical import canonical_octets
from ledger.event import Event, actor_text
from ledger.work import Work
from schemas.actor import Actor


class Written(NamedTuple):
    """An event as it would be written; `actor` and `payload` are canonical JSON."""

    kind: str
    key: str
    actor: str
    payload: bytes


class Paper(Work):
    """Takes events and rows as a unit of work does. It answers every question with nothing and cannot be committed."""

    def __init__(self, now: datetime) -> None:
        super().__init__(cast(AsyncConnection, None), now)
        self.written: list[Written] = []

    def append(self, case_id: str, kind: str, key: str, actor: Actor, payload: dict[str, Any]) -> Event:
        self.written.append(Written(kind, key, actor_text(actor), canonical_octets(payload)))
        return cast(Event, None)

    def rows_for(self, table: Table) -> list[dict[str, Any]]:
        """The rows that would be added to a table."""
        return self._rows[table]

    def wipe(self) -> None:
        """Take away all that was written."""
        self.written.clear()
        self._rows.clear()

    async def rows(self, query: Any) -> Sequence[Row[Any]]:
        return ()

    async def lock(self, *case_ids: str, fence: int | None = None) -> list[Any]:
        return []

    async def commit(self) -> None:
        raise AssertionError("what is on paper is not committed")
