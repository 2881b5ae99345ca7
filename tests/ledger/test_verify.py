"""The chain of events: any change, gap, exchange or cut is found, and where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, update

from ledger import reading, tables
from ledger.canonical import GENESIS
from ledger.chain import Break, Chain, ChainHead, start_of
from ledger.errors import ChainBroken, UnknownCase
from ledger.event import Event
from ledger.verify import verify_all, verify_one
from ledger.work import Ledger
from tests.ledger.scene import DIRECTIVE, WEEK, chain, opened, story

Events = list[Event]


def _forged(events: Events) -> Events:
    """The third event rewritten with a hash that fits: the fourth no longer continues it."""
    told = events[2]._replace(payload=b'{"forged":true}')
    return [*events[:2], told._replace(hash=told.expected_hash()), *events[3:]]


def _follow(events: Events, head: ChainHead) -> None:
    chain = Chain(start_of(head.case_id))
    for event in events:
        chain.follow(event)
    chain.close(head)


WAYS: list[tuple[str, Callable[[Events], Events], int, Break]] = [
    ("a payload is changed", lambda e: [*e[:2], e[2]._replace(payload=b"{}"), *e[3:]], 3, Break.CHANGED),
    ("an actor is changed", lambda e: [*e[:2], e[2]._replace(actor="{}"), *e[3:]], 3, Break.CHANGED),
    ("a time is changed", lambda e: [*e[:2], e[2]._replace(at=e[2].at.replace(year=2017)), *e[3:]], 3, Break.CHANGED),
    ("a hash is changed", lambda e: [*e[:2], e[2]._replace(hash=GENESIS), *e[3:]], 3, Break.CHANGED),
    ("an event is forged with its hash", _forged, 4, Break.DETACHED),
    ("an event is missing", lambda e: [*e[:2], *e[3:]], 4, Break.GAP),
    ("the first event is missing", lambda e: e[1:], 2, Break.GAP),
    ("two events are exchanged", lambda e: [*e[:2], e[3], e[2], *e[4:]], 4, Break.GAP),
    ("an event stands twice", lambda e: [*e[:3], e[2], *e[3:]], 3, Break.REORDERED),
    ("the last event is missing", lambda e: e[:-1], 5, Break.TRUNCATED),
    ("all events are missing", lambda e: [], 0, Break.TRUNCATED),
]


@pytest.mark.parametrize(("what", "tamper", "seq", "reason"), WAYS, ids=[way[0] for way in WAYS])
def test_the_break_is_found_where_it_is(what: str, tamper: Callable[[Events], Events], seq: int, reason: Break) -> None:
    events = chain(6)
    head = ChainHead(DIRECTIVE, 6, events[-1].hash)
    _follow(events, head)
    with pytest.raises(ChainBroken) as breach:
        _follow(tamper(events), head)
    assert (breach.value.facts["seq"], breach.value.facts["reason"]) == (seq, reason)


async def test_an_event_of_another_case_does_not_pass(ledger: Ledger) -> None:
    await opened(ledger)
    await opened(ledger, WEEK)
    async with ledger.read() as connection:
        (foreign,) = await reading.history(connection, WEEK)
    with pytest.raises(ChainBroken) as breach:
        _follow([foreign], ChainHead(DIRECTIVE, 1, foreign.hash))
    assert breach.value.facts["reason"] is Break.DETACHED


STORED: list[tuple[str, Any, int, Break]] = [
    (
        "an event was changed",
        update(tables.events).where(tables.events.c.case_id == DIRECTIVE, tables.events.c.seq == 2).values(key="x"),
        2, Break.CHANGED,
    ),
    (
        "an event was removed",
        delete(tables.events).where(tables.events.c.case_id == DIRECTIVE, tables.events.c.seq == 2), 3, Break.GAP,
    ),
    ("the events were removed", delete(tables.events).where(tables.events.c.case_id == DIRECTIVE), 0, Break.TRUNCATED),
    (
        "the head was moved",
        update(tables.cases).where(tables.cases.c.id == DIRECTIVE).values(head_seq=99), 0, Break.TRUNCATED,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("what", "change", "seq", "reason"), STORED, ids=[row[0] for row in STORED])
async def test_a_change_in_the_database_is_found_and_the_other_cases_stay_whole(
    ledger: Ledger, what: str, change: Any, seq: int, reason: Break
) -> None:
    await story(ledger)
    before = await verify_all(ledger)
    assert (before.cases, before.whole) == (2, True)
    async with ledger.begin() as work:
        await work.connection.execute(change)
        await work.commit()
    (breach,) = (await verify_all(ledger)).broken
    assert (breach.facts["case"], breach.facts["reason"]) == (DIRECTIVE, reason)
    if seq:
        assert breach.facts["seq"] == seq
    assert (await verify_one(ledger, WEEK)).whole
    assert [told.facts for told in (await verify_one(ledger, DIRECTIVE)).broken] == [breach.facts]


async def test_every_event_is_counted(ledger: Ledger) -> None:
    assert (await verify_all(ledger)).cases == 0
    await story(ledger)
    async with ledger.read() as connection:
        events = [len(await reading.history(connection, case_id)) for case_id in (DIRECTIVE, WEEK)]
    found = await verify_all(ledger)
    assert (found.cases, found.events, found.broken) == (2, sum(events), ())


async def test_an_unknown_case_cannot_be_verified(ledger: Ledger) -> None:
    with pytest.raises(UnknownCase):
        await verify_one(ledger, "no-such-case")


async def test_a_breach_is_told_in_both_languages(ledger: Ledger) -> None:
    await opened(ledger)
    with pytest.raises(ChainBroken) as breach:
        _follow([], ChainHead(DIRECTIVE, 1, GENESIS))
    assert breach.value.message_th.endswith("ขาดที่ลำดับ 0: ประวัติถูกตัดส่วนท้ายหลังรายการนี้")
    assert breach.value.message_en.endswith("event 0: the history was cut off after it")
