"""Cases that people start with a form: numbered within the calendar year, and opened once however often it is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from engine.intake import files_of
from engine.runtime import Runtime
from ledger import cases, documents, reading
from ledger.canonical import canonical, sha256
from ledger.cases import NewCase
from ledger.dialect import reserve
from ledger.errors import FormWasUsed
from ledger.work import Work
from rules.calendar import bangkok_date
from rules.thai import year_be
from schemas.actor import Actor
from schemas.base import CaseId, Record
from schemas.form import Form


async def open_numbered(
    runtime: Runtime, form: Form, made: Callable[[str, date], NewCase], *, process: str, prefix: str, actor: Actor,
    once: str,
) -> CaseId:  # fmt: skip
    """Open the case that `made` gives for a number and the day.

    :param prefix: of the case's id, before year and number.
    :param once: the key of the page on which the form was filled in; sent again, it gives the same case.
    :raises FormWasUsed: sent again with other content.
    :raises DocumentIsMissing: a file of the form is no longer kept.
    """
    async with runtime.ledger.begin() as work:
        no = await next_number(work, process, prefix)
        if standing := await opened_by(work, runtime, form, once):
            return standing[0]
        new = made(no, bangkok_date(work.now))
        await open_by_form(work, [new], form, actor=actor, once=once)
        await work.commit()
    return new.id


async def open_by_form(work: Work, new: Sequence[NewCase], form: Form, *, actor: Actor, once: str) -> None:
    """Open the cases that a form asks for, with the files that it names.

    :raises DocumentIsMissing: one of them was taken out again on another page.
    """
    for case in new:
        await cases.open_case(work, replace(case, order=order_of(form, once)), actor=actor)
    await documents.enclose(work, [case.id for case in new], files_of(form), actor=actor)


async def next_number(work: Work, process: str, prefix: str) -> str:
    """`2561-0008` after `2561-0007`, kept for this unit of work until it ends."""
    year = year_be(bangkok_date(work.now))
    await reserve(work.connection, f"numbers of {prefix} {year}")
    last = await reading.highest_number(work.connection, process=process, prefix=f"{prefix}-{year}-")
    return f"{year}-{last + 1:04d}"


def order_of(form: Record, once: str) -> str:
    """What names a form that was sent: the key of its page and what it says; nothing without a key."""
    return f"{once}:{sha256(canonical(form.model_dump(mode='json')).encode())[:16]}" if once else ""


async def opened_by(work: Work, runtime: Runtime, form: Form, once: str) -> tuple[CaseId, ...]:
    """The cases that the form has opened already; a page can be sent for as long as its session lasts.

    The caller has reserved the numbers, so that of two that are sent at the same moment the second sees the first.
    """
    if not once:
        return ()
    since = work.now - timedelta(hours=runtime.settings.session_hours)
    found = await reading.cases_ordered(work.connection, f"{once}:", since=since)
    if any(order != order_of(form, once) for order in found.values()):
        raise FormWasUsed(case=next(iter(found)))
    return tuple(found)
