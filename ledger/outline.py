"""The history of a case in outline: every event, its content only where something is asked for, set or put off.

The content of an event may be a whole report. Where the tokens of a case stand follows from the keys alone, and of
whom, and until when, something is awaited from four kinds of events.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables

ASKING = ("hand_off:open", "hand_off:replan", "timer:set", "timer:replan")


@dataclass(frozen=True, slots=True)
class Outlined:
    """One event; `said` is its content for the kinds `ASKING`, otherwise empty."""

    seq: int
    at: datetime
    kind: str
    key: str
    said: bytes | None = None

    @property
    def content(self) -> dict[str, Any]:
        """The content as JSON values, read when it is asked for; empty where somebody has spoiled it."""
        try:
            content = json.loads(self.said) if self.said else {}
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}


async def outline(connection: AsyncConnection, case_id: str, *, until: int | None = None) -> tuple[Outlined, ...]:
    """The events of a case in their order, up to number `until`, or all."""
    e = tables.events.c
    said = case((e.kind.in_(ASKING), e.payload), else_=null())
    query = select(e.seq, e.at, e.kind, e.key, said).where(e.case_id == case_id).order_by(e.seq)
    if until is not None:
        query = query.where(e.seq <= until)
    return tuple(Outlined(*row) for row in await connection.execute(query))
