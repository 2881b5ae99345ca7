"""What the ledger holds of cases, read for many at a time: a case of thirty events must not cost thirty questions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.util import memoized_property

from ledger import tables
from ledger.event import Event
from ledger.mails import MailRow
from ledger.restore import CASES, Stored, named, place_of, stored_rows

EVENTS_AT_ONCE = 2_000
"""Cases are taken together until they have so many events; one that has more is taken alone."""
CASES_AT_ONCE = 200

_e, _m, _c = tables.events.c, tables.mails.c, tables.cases.c
_EVENTS = select(tables.events).where(_e.case_id.in_(CASES)).order_by(_e.case_id, _e.seq)
_MAILS = select(*(_m[name] for name in MailRow._fields)).where(_m.case_id.in_(CASES))
_OTHERS = select(_c.id, _c.process, _c.title, _c.data).where(_c.id.in_(CASES))

SUBJECT = place_of(tables.hand_offs.c.subject)
KIND, NAME = place_of(tables.waits.c.kind), place_of(tables.waits.c.name)


class ReadEvent(Event):
    """An event whose payload is read once, however many look at it; they must not change what they see.

    What stands above the form of work that is asked for is left out: its octets are compared, and nobody reads it.
    """

    @memoized_property  # a cached_property that takes no lock, as Python's own from 3.12 on
    def content(self) -> dict[str, Any]:
        if self.kind != "hand_off:open":
            return super().content
        content: dict[str, Any] = orjson.loads(_without_context(self.payload))
        return content


def _without_context(payload: bytes) -> bytes:
    """The text of an opening without its context, which is most of it; the whole where it is not to be found.

    In canonical JSON keys are sorted. Before this one stand two texts, in which a quotation mark is escaped; behind it
    nothing holds objects with a key like that of its neighbour.
    """
    before, found, rest = payload.partition(b',"context":')
    end = rest.rfind(b',"due_at":')
    return before + rest[end:] if found and end >= 0 else payload


@dataclass(slots=True)
class Held:
    """All that is stored of one case."""

    case_id: str
    events: list[Event] = field(default_factory=list)
    rows: Stored = field(default_factory=dict)
    mails: list[MailRow] = field(default_factory=list)
    others: Mapping[str, Row[Any]] = field(default_factory=dict)
    """Other cases that it names, by id: those it has called, and those that its work is about."""

    @property
    def case(self) -> dict[str, Any]:
        """The row of the case itself."""
        (values,) = self.rows[tables.cases].values()
        return named(tables.cases, values)


async def held(connection: AsyncConnection, case_ids: Collection[str]) -> dict[str, Held]:
    """What is stored of these cases; those that are not are left out."""
    found: dict[str, Held] = {}
    for case_id, derived in (await stored_rows(connection, case_ids)).items():
        if tables.cases in derived:
            found[case_id] = Held(case_id, rows=derived)
    asked_for = {"cases": case_ids}
    for case_id, rows in groupby((await connection.execute(_EVENTS, asked_for)).all(), itemgetter(0)):
        if (one := found.get(case_id)) is not None:
            one.events = list(map(ReadEvent._make, rows))
    for mail in map(MailRow._make, (await connection.execute(_MAILS, asked_for)).all()):
        if (one := found.get(mail.case_id)) is not None:
            one.mails.append(mail)
    named_by = {case_id: _ids_named(one) for case_id, one in found.items()}
    others = await _others(connection, set[str]().union(*named_by.values()))
    for case_id, ids in named_by.items():
        found[case_id].others = {each: others[each] for each in ids if each in others}
    return found


def _ids_named(one: Held) -> set[str]:
    """Ids of the other cases that a case names."""
    ids = {row[SUBJECT] for row in one.rows.get(tables.hand_offs, {}).values()}
    ids |= {row[NAME] for row in one.rows.get(tables.waits, {}).values() if row[KIND] == "call"}
    return ids - {one.case_id}


async def _others(connection: AsyncConnection, ids_named: Collection[str]) -> dict[str, Row[Any]]:
    ids = iter(sorted(ids_named))
    found: dict[str, Row[Any]] = {}
    while some := list(islice(ids, CASES_AT_ONCE)):
        found |= {row.id: row for row in await connection.execute(_OTHERS, {"cases": some})}
    return found


async def batches(connection: AsyncConnection, case_ids: Collection[str] | None = None) -> AsyncIterator[list[str]]:
    """The cases, all by default, in the order of their ids and in batches of bearable size."""
    c = tables.cases.c
    query = select(c.id, c.head_seq).order_by(c.id)
    if case_ids is not None:
        query = query.where(c.id.in_(case_ids))
    batch: list[str] = []
    events = 0
    for row in (await connection.execute(query)).all():
        if batch and (events + row.head_seq > EVENTS_AT_ONCE or len(batch) >= CASES_AT_ONCE):
            yield batch
            batch, events = [], 0
        batch.append(row.id)
        events += row.head_seq
    if batch:
        yield batch


async def all_held(
    connection: AsyncConnection, case_ids: Collection[str] | None = None
) -> AsyncGenerator[dict[str, Held], None]:
    """What is stored of cases, all by default, a batch at a time: while one is looked at, the next is being read.

    To be closed before the connection is.
    """
    following = batches(connection, case_ids)

    async def read() -> dict[str, Held] | None:
        batch = await anext(following, None)
        return None if batch is None else await held(connection, batch)

    coming = asyncio.create_task(read())
    try:
        while (stored := await coming) is not None:
            coming = asyncio.create_task(read())
            yield stored
    finally:
        await asyncio.gather(coming, return_exceptions=True)  # a connection answers one question at a time
