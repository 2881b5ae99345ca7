"""Verbs on a case as a whole. Each appends exactly one event to each chain that it changes."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.canonical import canonical
from ledger.dialect import reserve
from ledger.errors import CaseExists, CaseIsClosed, CaseIsNotClosed
from ledger.work import Head, Work
from rules.calendar import bangkok_date, fiscal_year_be
from schemas.actor import Actor

OPEN = "open"
CALLED_OFF = frozenset({"cancelled", "superseded"})
"""States of a case that has ended without being completed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What is needed to open a case."""

    id: str
    process: str
    version: int
    title: str
    data: dict[str, Any]
    units: tuple[str, ...] = ()
    parent: tuple[str, str] | None = None
    """(case id, key of the call) of the calling case."""
    order: str = ""
    """Names the form that was sent to open it, so that the same form sent twice opens it once."""
    model: str | None = None
    """SHA-256 of the BPMN model that the case runs under; None for a process without one."""


async def open_case(work: Work, new: NewCase, *, actor: Actor) -> bool:
    """Open a case and ask for its first run. False, and nothing written, when it was opened before with the same data.

    :raises CaseExists: the id is taken by a case with other data.
    """
    standing = await _standing_data(work, new.id)
    if standing is not None:
        if standing != canonical(new.data):
            raise CaseExists(case=new.id)
        return False
    work.create(new.id, process=new.process, title=new.title, parent=new.parent)
    parent_id, parent_key = new.parent or (None, None)
    work.append(
        new.id,
        "case:open",
        new.order,
        actor,
        {
            "process": new.process,
            "version": new.version,
            "title": new.title,
            "data": new.data,
            "units": list(new.units),
            "fiscal_year_be": fiscal_year_be(bangkok_date(work.now)),
            "parent_id": parent_id,
            "parent_key": parent_key,
        }
        | ({"model": new.model} if new.model else {}),
    )
    work.want_run(new.id)
    return True


async def _standing_data(work: Work, case_id: str) -> str | None:
    """The input with which the case was opened, also by this unit of work; None when it was not."""
    for event in work.appended(case_id, "case:open"):
        return canonical(event.content["data"])
    await reserve(work.connection, f"case {case_id}")
    found: str | None = await work.connection.scalar(select(tables.cases.c.data).where(tables.cases.c.id == case_id))
    return found


async def close_case(work: Work, case_id: str, *, key: str, branch: str, result: Any, actor: Actor) -> None:
    """End a case with its result; the case that called it is told and woken. Both are locked before, in one lock."""
    (head,) = await work.lock(case_id)
    _require_open(head)
    work.append(case_id, "case:close", key, actor, {"result": result, "branch": branch})
    await _return_to_parent(work, head, state="completed", result=result, actor=actor)


async def cancel_case(
    work: Work,
    case_id: str,
    *,
    reason: str,
    actor: Actor,
    superseded_by: str | None = None,
    with_caller: bool = False,
) -> None:
    """Cancel or supersede an open case: its Prefect run will be shown as cancelled, the case that called it is told.

    Both are locked before, in one lock. What is open in the case is ended by whoever cancels it, in the same unit of
    work.

    :param with_caller: in this unit of work the case that called it ends, or stops waiting for it; it is not told.
    """
    (head,) = await work.lock(case_id)
    _require_open(head)
    if superseded_by is None:
        work.append(case_id, "case:cancel", "", actor, {"reason": reason})
    else:
        work.append(case_id, "case:supersede", "", actor, {"reason": reason, "by": superseded_by})
    work.want_end(case_id)
    if not with_caller:
        await _return_to_parent(work, head, state="cancelled", result=None, actor=actor)


async def reopen_case(work: Work, case_id: str, *, reason: str, actor: Actor) -> None:
    """Take a completed case up again (audited exception to R0.3)."""
    (head,) = await work.lock(case_id)
    if head.state != "completed":
        raise CaseIsNotClosed(case=case_id, state=head.state)
    work.append(case_id, "case:reopen", "", actor, {"reason": reason})
    # The old run has completed in Prefect; the case is given a new one.
    work.set_run(case_id, flow_run_id=None, run_state="none", lease_until=None)
    work.want_run(case_id)


async def note_phase(
    work: Work,
    case_id: str,
    *,
    actor: Actor,
    phase: str | None = None,
    facts: dict[str, Any] | None = None,
    units: tuple[str, ...] | None = None,
) -> None:
    """Note the phase, the facts or the units concerned of a case; None leaves them as they are."""
    await work.lock(case_id)
    said: dict[str, Any] = {"phase": phase, "facts": facts}
    if units is not None:
        said["units"] = list(units)
    work.append(case_id, "case:phase", "", actor, said)


async def record(work: Work, case_id: str, *, what: str, content: dict[str, Any], actor: Actor) -> None:
    """Note in the case's history something that was decided elsewhere."""
    await work.lock(case_id)
    work.append(case_id, "case:record", what, actor, content)


async def caller_of(work: Work, case_id: str) -> str | None:
    """Id of the case that called this one; it never changes, so it may be read before both are locked."""
    c = tables.cases.c
    found: str | None = await work.connection.scalar(select(c.parent_id).where(c.id == case_id))
    return found


async def open_called(work: Work, case_id: str, *, keys: Collection[str] | None = None) -> frozenset[str]:
    """Ids of the open cases that a case has called, and of those that these have called, and so on.

    :param keys: begin with these of its calls; None: with all of them.
    """
    if keys is not None and not keys:
        return frozenset()  # as a rule; nothing is asked of the database then
    c, below = tables.cases.c, tables.cases.alias("below")
    begun = select(c.id, c.state).where(c.parent_id == case_id)
    if keys is not None:
        begun = begun.where(c.parent_key.in_(keys))
    called = begun.cte("called", recursive=True)
    called = called.union(select(below.c.id, below.c.state).where(below.c.parent_id == called.c.id))
    return frozenset(row.id for row in await work.rows(select(called.c.id).where(called.c.state == OPEN)))


async def waiting_caller(connection: AsyncConnection, case_id: str) -> str | None:
    """Id of the open case that called this one and still waits for it; None where there is none."""
    c, w, callers = tables.cases.c, tables.waits.c, tables.cases.alias("callers")
    query = (
        select(callers.c.id)
        .join(tables.cases, c.parent_id == callers.c.id)
        .join(tables.waits, (w.case_id == callers.c.id) & (w.key == c.parent_key))
        .where(c.id == case_id, callers.c.state == OPEN, w.state == OPEN)
    )
    found: str | None = await connection.scalar(query)
    return found


async def _return_to_parent(work: Work, head: Head, *, state: str, result: Any, actor: Actor) -> None:
    if head.parent_id is None or head.parent_key is None:
        return
    (parent,) = await work.lock(head.parent_id)
    if parent.state != OPEN:
        return
    w = tables.waits.c
    wait = (
        await work.connection.execute(
            select(w.gate).where(w.case_id == head.parent_id, w.key == head.parent_key, w.state == OPEN)
        )
    ).first()
    if wait is None:
        return
    if wait.gate:
        await work.load_gates([(head.parent_id, wait.gate)])
    said = {"child": head.id, "state": state, "result": result, "gate": wait.gate}
    work.append(head.parent_id, "call:return", head.parent_key, actor, said)
    work.resolve(head.parent_id, wait.gate)


def _require_open(head: Head) -> None:
    if head.state != OPEN:
        raise CaseIsClosed(case=head.id, state=head.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as read: for pages, boards and the dispatcher."""

    id: str
    process: str
    version: int
    title: str
    state: str
    phase: str
    data: dict[str, Any]
    facts: dict[str, Any]
    units: tuple[str, ...]
    fiscal_year_be: int
    parent_id: str | None
    opened_at: datetime
    closed_at: datetime | None
    result: Any
    flow_run_id: str | None
    run_state: str
    run_error: str | None
    waiting_for: str
    head_seq: int
    head_hash: str


def view(row: Row[Any]) -> CaseView:
    """A row of `cases` as a value."""
    return CaseView(
        id=row.id, process=row.process, version=row.process_version, title=row.title, state=row.state,
        phase=row.phase, data=json.loads(row.data), facts=json.loads(row.facts), units=tuple(json.loads(row.units)),
        fiscal_year_be=row.fiscal_year_be, parent_id=row.parent_id, opened_at=row.opened_at, closed_at=row.closed_at,
        result=None if row.result is None else json.loads(row.result), flow_run_id=row.flow_run_id,
        run_state=row.run_state, run_error=row.run_error, waiting_for=row.waiting_for,
        head_seq=row.head_seq, head_hash=row.head_hash,
    )  # fmt: skip
