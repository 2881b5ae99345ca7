"""The security log: who came in, who was refused, who read what. Only ever added to; machine time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict, Unpack

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.clock import machine_now
from ledger.dialect import storable
from ledger.work import Ledger, Work

KINDS: dict[str, str] = {
    "sign_in:ok": "an officer signed in with a password",
    "sign_in:link": "an officer came in through the signed link of a mail",
    "sign_in:fail": "a wrong name or password",
    "sign_in:limited": "too many failures; the attempt was not even checked",
    "sign_out": "an officer signed out",
    "refused:not_holder": "the officer's unit does not hold the work",
    "refused:role": "the page or the verb is for another duty",
    "refused:link": "a link was forged, expired or meant for another",
    "refused:csrf": "a form came without the page's own token",
    "password:change": "a password was set or changed",
    "invitation:make": "an administrator made the link with which an officer chooses a password",
    "read:case": "a case was opened for reading",
    "read:document": "a document was fetched",
    "read:audit": "a page of the auditors was read: the search, what departs, who read what, this log",
}
"""Every kind of entry and what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityEvent:
    id: int
    at: datetime
    kind: str
    officer: str | None
    address: str
    path: str
    detail: str


async def note(
    into: Work | Ledger, kind: str, *, officer: str | None, address: str, path: str = "", detail: str = ""
) -> None:
    """Add an entry: with a unit of work, when that commits; with the ledger, at once.

    What a stranger typed is cut to size. An unknown kind is a programming error.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not in the vocabulary of the security log")
    row = {
        "at": machine_now(),
        "kind": kind,
        "officer": None if officer is None else storable(officer, 128),
        "address": storable(address, 64),
        "path": storable(path, 500),
        "detail": storable(detail, 2000),
    }
    if isinstance(into, Work):
        into.add_row(tables.security_events, row)
        return
    async with into.begin() as work:
        work.add_row(tables.security_events, row)
        await work.commit()


async def nth_last_failure(
    connection: AsyncConnection, n: int, *, since: datetime, address: str, officer: str | None = None
) -> datetime | None:
    """When the `n`th last sign-in failed from an address (and for an officer); None with fewer than `n` since `since`.

    Until that failure is as old as the window in which failures count, there are `n` or more of them.
    """
    s = tables.security_events.c
    query = select(s.at).where(s.kind == "sign_in:fail", s.at > since, s.address == storable(address, 64))
    if officer is not None:
        query = query.where(s.officer == storable(officer, 128))
    found: datetime | None = await connection.scalar(query.order_by(s.at.desc(), s.id.desc()).offset(n - 1).limit(1))
    return found


class EntryFilter(TypedDict, total=False):
    """What must hold of an entry; what is left out, or None, may be anything."""

    kinds: Collection[str] | None
    officers: Collection[str] | None
    """Accounts, also such as were typed at the sign-in and are nobody's."""
    since: datetime | None
    until: datetime | None
    """Before this moment."""


async def recent(
    connection: AsyncConnection, limit: int, offset: int = 0, **wanted: Unpack[EntryFilter]
) -> tuple[SecurityEvent, ...]:
    """The latest entries for which all of this holds, newest first."""
    s = tables.security_events
    query = select(s).where(*_conditions(wanted)).order_by(s.c.id.desc()).limit(limit).offset(offset)
    return tuple(SecurityEvent(**row) for row in (await connection.execute(query)).mappings())


async def count(connection: AsyncConnection, **wanted: Unpack[EntryFilter]) -> int:
    """How many entries `recent` has in all."""
    query = select(func.count()).select_from(tables.security_events).where(*_conditions(wanted))
    return await connection.scalar(query) or 0


def _conditions(wanted: EntryFilter) -> Iterator[ColumnElement[bool]]:
    s = tables.security_events.c
    if (kinds := wanted.get("kinds")) is not None:
        yield s.kind.in_(kinds)
    if (officers := wanted.get("officers")) is not None:
        yield s.officer.in_([storable(each, 128) for each in officers])
    if (since := wanted.get("since")) is not None:
        yield s.at >= since
    if (until := wanted.get("until")) is not None:
        yield s.at < until
