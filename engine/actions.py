"""Verbs that people use on a case from outside its flow. One door each; the actor is always named."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from engine.ending import called_by, end_called, end_work, open_work_on
from engine.errors import EngineError
from engine.process import process_named, result_is_needed
from engine.runtime import Runtime
from ledger import cases, reading, waits
from ledger.errors import CalledCaseIsNeeded, CaseIsClosed, CaseStaysClosed, NobodyTakesIt
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
    """Cancel or supersede a case, and with it all that it called; open work on them is withdrawn, holders are told.

    :raises UnknownCase, CaseIsClosed:
    :raises CalledCaseIsNeeded: the open case that called it waits for its result.
    """
    await runtime.refresh()
    while not await _cancel(runtime, case_id, reason=reason, actor=actor, superseded_by=superseded_by):
        pass  # one that it called has called another, or a case has asked for work on it, before it was locked


async def _cancel(runtime: Runtime, case_id: str, *, reason: str, actor: Actor, superseded_by: str | None) -> bool:
    async with runtime.ledger.begin() as work:
        called, looked = await called_by(work, case_id), await open_work_on(work, [case_id])
        caller = await cases.caller_of(work, case_id)
        locked = {case_id, *called.locked, *(each.case_id for each in looked)}
        (head, *_) = await work.lock(case_id, *locked, *filter(None, [caller]))
        # Under the lock nobody asks for more: who opens work about a case locks it (`CaseRun._open`).
        found = [each for each in await open_work_on(work, [case_id]) if each.case_id not in called.cases]
        if not (await called.is_all(work) and {each.case_id for each in found} <= locked):
            return False
        if head.state == "open" and (needed_by := await caller_in_need(work.connection, case_id, head.process)):
            raise CalledCaseIsNeeded(case=case_id, caller=needed_by)
        await end_called(runtime, work, called, title=head.title, reason=reason, actor=actor)
        await end_work(runtime, work, [case_id], found, reason=reason, actor=actor)
        await cases.cancel_case(work, case_id, reason=reason, actor=actor, superseded_by=superseded_by)
        await work.commit()
    return True


async def caller_in_need(connection: AsyncConnection, case_id: str, process: str) -> str | None:
    """Id of the open case that called this one and cannot go on without its result; None where it may be cancelled."""
    return await cases.waiting_caller(connection, case_id) if result_is_needed(process) else None


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
