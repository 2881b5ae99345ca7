"""Versions of the organisation and its policy: a change adds a version, with who made it and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.canonical import canonical
from ledger.dialect import reserve
from ledger.errors import NoOrganisation, OfficerExists
from ledger.work import Work
from schemas.actor import Actor
from schemas.organisation import Officer, Organisation
from schemas.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationVersion:
    """An organisation and its policy as they stand from `at` (UTC) on."""

    version: int
    organisation: Organisation
    policy: Policy
    at: datetime
    actor: Actor
    reason: str


async def store(work: Work, organisation: Organisation, policy: Policy, *, actor: Actor, reason: str) -> int:
    """Make this the standing version and return its number; nothing is written when it stands already."""
    await hold(work)
    standing = await latest(work.connection)
    if standing is not None and (standing.organisation, standing.policy) == (organisation, policy):
        return standing.version
    version = standing.version + 1 if standing else 1
    row = {
        "version": version,
        "content": canonical(organisation.model_dump(mode="json")),
        "policy": canonical(policy.model_dump(mode="json")),
        "at": work.now,
        "actor": canonical(actor.model_dump(mode="json", exclude_defaults=True)),
        "reason": reason,
    }
    await work.connection.execute(tables.organisations.insert(), row)
    return version


async def hold(work: Work) -> int:
    """The number of the standing version, which nobody replaces until this unit of work ends."""
    await reserve(work.connection, "organisations")
    return await latest_version(work.connection)


async def add_officer(work: Work, officer: Officer, *, actor: Actor, reason: str) -> int:
    """Add an officer to the standing organisation (ขอ User เพิ่ม, S0 line 33); the number of the standing version.

    :raises NoOrganisation: there is none yet.
    :raises OfficerExists: another officer has this id, or had it: passwords, links and histories go by it.
    """
    await hold(work)
    standing = await latest(work.connection)
    if standing is None:
        raise NoOrganisation
    known = next((o for o in standing.organisation.officers if o.id == officer.id), None)
    if known is not None and known != officer:
        raise OfficerExists(officer=officer.id)
    if known is not None:
        return standing.version
    if await _was_known(work.connection, officer.id):
        raise OfficerExists(officer=officer.id)
    grown = standing.organisation.replace(officers=(*standing.organisation.officers, officer))
    return await store(work, grown, standing.policy, actor=actor, reason=reason)


async def _was_known(connection: AsyncConnection, officer: str) -> bool:
    """Has the id an account, or did it stand in any version?"""
    o, a = tables.organisations.c, tables.accounts.c
    named = select(o.version).where(o.content.contains(f'"id":"{officer}"', autoescape=True)).limit(1)
    account = select(a.epoch).where(a.officer == officer)
    return bool((await connection.execute(account)).first() or (await connection.execute(named)).first())


async def latest(connection: AsyncConnection) -> OrganisationVersion | None:
    """The standing version; None before the first."""
    o = tables.organisations
    row = (await connection.execute(select(o).order_by(o.c.version.desc()).limit(1))).first()
    return None if row is None else _view(row)


async def numbered(connection: AsyncConnection, version: int) -> OrganisationVersion:
    """One version, which must exist."""
    o = tables.organisations
    return _view((await connection.execute(select(o).where(o.c.version == version))).one())


async def since_when(connection: AsyncConnection) -> tuple[tuple[int, datetime], ...]:
    """(number, from when on) of every version, in order; without their content."""
    o = tables.organisations.c
    rows = await connection.execute(select(o.version, o.at).order_by(o.version))
    return tuple((row.version, row.at) for row in rows)


def _view(row: Row[Any]) -> OrganisationVersion:
    return OrganisationVersion(
        version=row.version,
        organisation=Organisation.model_validate_json(row.content),
        policy=Policy.model_validate_json(row.policy),
        at=row.at,
        actor=Actor.model_validate_json(row.actor),
        reason=row.reason,
    )


async def latest_version(connection: AsyncConnection) -> int:
    """The number of the standing version, 0 before the first; cheap enough to ask at every request."""
    return await connection.scalar(select(func.max(tables.organisations.c.version))) or 0
