"""Ends cases from without: one that is cancelled, and those that were called by a case which does not wait any more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from engine.runtime import Runtime
from ledger import cases, hand_offs, tables, waits
from ledger.hand_offs import HandOff
from ledger.work import Work
from schemas.actor import Actor


@dataclass(frozen=True, slots=True)
class Called:
    """The open cases that a case has called, directly or not, as they were before they were locked."""

    caller: str
    keys: frozenset[str] | None
    """The calls that they began with; None: all."""
    cases: frozenset[str]
    locked: frozenset[str]
    """What must be locked to end them: they, and other cases with open work on them."""

    async def is_all(self, work: Work) -> bool:
        """Whether none of them, locked by now, has called another meanwhile, and no case has asked for work on them.

        Otherwise the unit of work is left and begun anew: no lock is taken out of order.
        """
        if not await cases.open_called(work, self.caller, keys=self.keys) <= self.cases:
            return False
        return {each.case_id for each in await open_work_on(work, self.cases)} <= self.locked


async def called_by(work: Work, caller: str, *, keys: Collection[str] | None = None) -> Called:
    """What is to end with a case, or with some of its calls; read before anything is locked."""
    found = await cases.open_called(work, caller, keys=keys)
    concerned = found | {each.case_id for each in await open_work_on(work, found)}
    return Called(caller, None if keys is None else frozenset(keys), found, frozenset(concerned))


async def end_called(runtime: Runtime, work: Work, called: Called, *, title: str, reason: str, actor: Actor) -> None:
    """End the cases that were called; holders of their work are told why. All are locked, and are all.

    The work of the calling case itself is ended by whoever ends it, or its branch.

    :param title: of the calling case, which the reason names.
    """
    # Under the lock: what has closed meanwhile stays as it is, and what was opened in the others is seen.
    ended = await cases.open_called(work, called.caller, keys=called.keys)
    said = f"ยุติตามเรื่อง «{title}»: {reason}"
    found = [each for each in await open_work_on(work, ended) if each.case_id in called.locked - {called.caller}]
    await end_work(runtime, work, ended, found, reason=said, actor=actor)
    for case_id in sorted(ended):
        await cases.cancel_case(work, case_id, reason=said, actor=actor, with_caller=True)


async def open_work_on(work: Work, ended: Collection[str]) -> list[HandOff]:
    """Open work in these cases, and in others about them."""
    if not ended:
        return []
    h = tables.hand_offs.c
    concerned = h.subject.in_(ended) | h.case_id.in_(ended)
    query = hand_offs.query().where(h.state == "open", concerned).order_by(h.case_id, h.opened_seq)
    return [hand_offs.view(row) for row in await work.rows(query)]


async def end_work(
    runtime: Runtime, work: Work, ended: Collection[str], found: Collection[HandOff], *, reason: str, actor: Actor
) -> None:
    """End what these cases wait for, and the work that was found on them; its holders are told."""
    if not ended:
        return
    w = tables.waits.c
    open_waits = select(w.case_id, w.key).where(w.case_id.in_(ended), w.state == "open")
    for row in await work.rows(open_waits.order_by(w.case_id, w.opened_seq)):
        waits.cancel_wait(work, row.case_id, key=row.key, reason=reason, actor=actor)
    # In its own case the flow is over; in another (a week) the flow meets `Withdrawn` and goes on.
    own = [each for each in found if each.case_id in ended]
    hand_offs.drop(work, own, reason=reason, actor=actor)
    others = [each for each in found if each.case_id not in ended]
    await hand_offs.withdraw(work, others, reason=reason, actor=actor)
    runtime.post.withdrawn(work, list(found), reason=reason)
