"""The scene of the anchors' tests: notes in two cases, anchors over them, and damage done with SQL."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from ledger import cases, tables
from ledger.anchor_key import AnchorKey
from ledger.anchoring import anchor
from ledger.anchors import Anchor
from ledger.event import Event, from_row
from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.ledger.scene import FLOW

OTHER = "directive-2561-0008"
Sql = Sequence[str]


async def note(ledger: Ledger, case_id: str, *said: str) -> None:
    async with ledger.begin() as work:
        for what in said:
            await cases.record(work, case_id, what=what, content={"said": what}, actor=FLOW)
        await work.commit()


async def anchored(ledger: Ledger, key: AnchorKey, clock: ClockThatIsSet, **by: float) -> Anchor:
    """Time passes, and an anchor is made."""
    clock.advance(**(by or {"hours": 3}))
    made = await anchor(ledger, key)
    assert made is not None
    return made


async def spoil(ledger: Ledger, sql: Sql) -> None:
    async with ledger.engine.begin() as connection:
        for statement in sql:
            await connection.execute(text(statement.replace(":", r"\:")))


async def rewrite(ledger: Ledger, case_id: str, seq: int, payload: str, *, with_leaves: bool = False) -> None:
    """Change an event and compute the whole chain after it anew, the head too: all that hashes alone can be asked."""
    async with ledger.engine.begin() as connection:
        e = tables.events
        found = await connection.execute(e.select().where(e.c.case_id == case_id, e.c.seq >= seq).order_by(e.c.seq))
        chain: list[Event] = []
        for event in map(from_row, found.all()):
            prev_hash = chain[-1].hash if chain else event.prev_hash
            told = event._replace(payload=payload.encode() if event.seq == seq else event.payload, prev_hash=prev_hash)
            chain.append(told._replace(hash=told.expected_hash()))
        for event in chain:
            values = {"payload": event.payload, "prev_hash": event.prev_hash, "hash": event.hash}
            await connection.execute(e.update().where(e.c.case_id == case_id, e.c.seq == event.seq).values(values))
            if with_leaves:
                leaf = tables.anchor_leaves
                here = (leaf.c.case_id == case_id) & (leaf.c.seq == event.seq)
                await connection.execute(leaf.update().where(here).values(hash=event.hash))
        head = tables.cases.update().where(tables.cases.c.id == case_id)
        await connection.execute(head.values(head_hash=chain[-1].hash))
