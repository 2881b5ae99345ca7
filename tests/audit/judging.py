"""Compares what a story has left in the ledger with the approved models."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from audit.conformance import judge
from audit.verdict import Deviation, Why
from engine import process as register
from ledger import reading, tables
from ledger.work import Ledger


async def departures(ledger: Ledger) -> list[str]:
    """What the cases of a ledger, open ones too, have done otherwise than their models say."""
    async with ledger.read() as connection:
        ids = (await connection.scalars(select(tables.cases.c.id).order_by(tables.cases.c.id))).all()
        found = [judge(await reading.history(connection, case_id)) for case_id in ids]
    return [f"{each.case} #{each.deviation.seq} {each.deviation.en}" for each in found if each.deviation]


async def departure(ledger: Ledger, case_id: str) -> Deviation:
    """The deviation of a case that has one."""
    async with ledger.read() as connection:
        found = judge(await reading.history(connection, case_id))
    assert found.deviation is not None, "the case conforms"
    return found.deviation


def told(deviation: Deviation) -> tuple[str, Why, tuple[str, ...]]:
    return deviation.element, deviation.why, tuple(each.element for each in deviation.expected)


@contextmanager
def carried_out_by(process: str, function: Callable[[Any], Awaitable[Any]]) -> Iterator[None]:
    """For a while the process is carried out by another flow than the one that its model describes."""
    versions = register._REGISTER[process]
    standing = versions[1]
    versions[1] = replace(standing, function=function)
    try:
        yield
    finally:
        versions[1] = standing
