"""Verbs that people use on a case from outside its flow. One door each; the actor is always named."""

from __future__ import annotations

from sqlalchemy import select

from engine.errors import EngineError
from engine.process import process_named
from engine.runtime import Runtime
from ledger import cases, hand_offs, reading, tables, waits
from ledger.errors import CaseIsClosed, CaseStaysClosed, NobodyTakesIt
from ledger.hand_offs import HandOff
from ledger.work import Work
from schemas.actor import Actor
from schemas.base import Record


class CaseIsNotStopped(EngineError):
    """Only a case whose run failed or was stopped in Prefect can be taken up again."""


async def start_case(
    runtime: Runtime, process: str, data: Record, *, case_id: str, title: str, units: tuple[str, ...], actor: Actor
) -> bool:
    """Open a case of a process. False when it was opened before. :raises UnknownProcess, CaseExists:"""
    new = runtime.new_case(process_named(process), data, case_id=case_id, title=title, units=units)
    async with runtime.ledger.begin() as work:
        opened = await cases.open_case(work, new, actor=actor)
        await work.commit()
    return opened


async def cancel_case(
    runtime: Runtime, case_id: str, *, reason: str, actor: Actor, superseded_by: str | None = None
) -> None:
    """Cancel or supersede a case. All open work on it, in this case and in others, is withdrawn; holders are told.

    :raises UnknownCase, CaseIsClosed:
    """
    await runtime.refresh()
    async with runtime.ledger.begin() as work:
        found = await _lock_with_open_work(work, case_id)
        await _end_waits(work, case_id, reason, actor)
        # In its own case the flow is over; in another (a week) the flow meets `Withdrawn` and goes on.
        own = [f for f in found if f.case_id == case_id]
        hand_offs.drop(work, own, reason=reason, actor=actor)
        others = [f for f in found if f.case_id != case_id]
        await hand_offs.withdraw(work, others, reason=reason, actor=actor)
        runtime.post.withdrawn(work, found, reason=reason)
        await cases.cancel_case(work, case_id, reason=reason, actor=actor, superseded_by=superseded_by)
        await work.commit()


async def _lock_with_open_work(work: Work, case_id: str) -> list[HandOff]:
    """Lock a case that is to end, its caller, and the cases with open work on it; that work as it is under the lock."""
    caller = await cases.caller_of(work, case_id)
    concerned = {case_id, *(each.case_id for each in await _open_work_on(work, case_id))}
    await work.lock(*concerned, *filter(None, [caller]))
    # What another case has opened between the two looks counts as opened afterwards: no lock is taken out of order.
    return [each for each in await _open_work_on(work, case_id) if each.case_id in concerned]


async def _open_work_on(work: Work, case_id: str) -> list[HandOff]:
    h = tables.hand_offs.c
    concerned = (h.subject == case_id) | (h.case_id == case_id)
    return [hand_offs.view(row) for row in await work.rows(hand_offs.query().where(h.state == "open", concerned))]


async def _end_waits(work: Work, case_id: str, reason: str, actor: Actor) -> None:
    w = tables.waits.c
    for row in await work.rows(select(w.key).where(w.case_id == case_id, w.state == "open")):
        waits.cancel_wait(work, case_id, key=row.key, reason=reason, actor=actor)


async def reopen_case(runtime: Runtime, case_id: str, *, reason: str, actor: Actor) -> None:
    """Take a completed case up again by order of the secretariat.

    :raises CaseIsNotClosed:
    :raises CaseStaysClosed: its process does not provide for that, or not where it came to such an end.
    """
    async with runtime.ledger.begin() as work:
        (head,) = await work.lock(case_id)
        ended = await reading.case(work.connection, case_id)
        if head.state == "completed" and not process_named(head.process).goes_on_after(ended.result):
            raise CaseStaysClosed(case=case_id)
        await cases.reopen_case(work, case_id, reason=reason, actor=actor)
        await work.commit()


async def take_up(runtime: Runtime, case_id: str, *, actor: Actor) -> None:
    """Give a case a new Prefect run after its run failed, was cancelled or deleted there.

    :raises CaseIsClosed: the case itself has ended.
    :raises CaseIsNotStopped: its run is in order.
    """
    async with runtime.ledger.begin() as work:
        (head,) = await work.lock(case_id)
        if head.state != "open":
            raise CaseIsClosed(case=case_id, state=head.state)
        if head.run_state not in {"failed", "detached"}:
            raise CaseIsNotStopped(f"case «{case_id}» needs no new run ({head.run_state})")
        work.append(case_id, "run:attach", "", actor, {"flow_run": None, "after": head.run_state})
        work.set_run(
            case_id, run_state="none", flow_run_id=None, run_error=None, waiting_for="", lease_until=None,
            fence=head.fence + 1,
        )  # fmt: skip
        work.want_run(case_id)
        await work.commit()


async def send_message(
    runtime: Runtime, case_id: str, message: Record, *, sender: str, actor: Actor, order: str = "", until: str = ""
) -> bool:
    """Deliver a message from outside (an order of the permanent secretary, a result of OPDC) to a case.

    :param order: names the form that was sent; False, and nothing written, when it was delivered before.
    :param until: key with which the flow ends the branch that takes such messages.
    :raises UnknownCase, CaseIsClosed, FormWasUsed:
    :raises NobodyTakesIt: the branch has ended.
    """
    name, said = type(message).__name__, message.model_dump(mode="json")
    async with runtime.ledger.begin() as work:
        (head,) = await work.lock(case_id)
        if order and await waits.is_delivered(work, case_id, name=name, order=order):
            return False
        if head.state != "open":
            raise CaseIsClosed(case=case_id, state=head.state)
        if until and await reading.events_named(work.connection, case_id, "branch:end", until):
            raise NobodyTakesIt(case=case_id)
        await waits.deliver_message(work, case_id, name=name, payload=said, sender=sender, actor=actor, order=order)
        await work.commit()
    return True
