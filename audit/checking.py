"""Comparing cases with their models: on demand, when a case has ended, and every night."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from audit.approved import approvals
from audit.conformance import judge
from audit.verdict import Conformance
from engine.runtime import Runtime
from ledger import conformances, reading
from ledger.conformances import Kept
from ledger.errors import HistoryIsGone, UnknownCase
from ledger.work import Ledger
from rules.calendar import bangkok_date, bangkok_moment

AT_ONCE = 50
"""Cases of one round; the results are kept after each."""

NIGHTLY_AT = time(2, 0)
"""From this hour on the open cases are compared as well, each once a day if it has gone on."""

log = logging.getLogger("sangkan.audit")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCompared:
    """A case that could not be compared, and why: as a rule its model is at fault."""

    case: str
    why: Exception


async def compare(ledger: Ledger, case_ids: Iterable[str]) -> tuple[list[Conformance], list[NotCompared]]:
    """Compare cases and keep the results."""
    found: list[Conformance] = []
    missed: list[NotCompared] = []
    for case_id in case_ids:
        async with ledger.read() as connection:
            events = await reading.history(connection, case_id)
            heads = {} if events else await reading.cases_named(connection, [case_id])
        try:
            if case_id in heads:
                raise HistoryIsGone(case=case_id, seq=heads[case_id].head_seq)
            if not events:
                raise UnknownCase(case=case_id)
            # A long case takes a second or so; mail and deadlines go on meanwhile.
            found.append(await asyncio.to_thread(judge, events))
        except Exception as why:  # one case never stops the others
            missed.append(NotCompared(case=case_id, why=why))
    await _keep(ledger, found)
    return found, missed


async def _keep(ledger: Ledger, found: Collection[Conformance]) -> None:
    async with ledger.begin() as work:
        await conformances.keep(work, [_row(each, work.now) for each in found])
        await work.commit()


def _row(found: Conformance, now: datetime) -> Kept:
    said = None if found.deviation is None else found.deviation.model_dump_json()
    return Kept(case_id=found.case, head_seq=found.head_seq, model=found.model, deviation=said, checked_at=now)


class Nightly:
    """What a worker does beside its runs: cases that have ended are compared within a minute, open ones at night."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._missed: set[str] = set()
        """Cases whose model could not be read; said once, and tried again when the worker starts anew."""

    async def once(self) -> int:
        """One round; returns how many cases were compared."""
        ledger = self._runtime.ledger
        now = await ledger.now()
        async with ledger.read() as connection:
            due = await conformances.unchecked(
                connection, modelled(), open_before=last_night(now), limit=AT_ONCE + len(self._missed)
            )
        found, missed = await compare(ledger, [case for case in due if case not in self._missed][:AT_ONCE])
        for lost in missed:
            log.error("%s: %s", lost.case, lost.why)
            self._missed.add(lost.case)
        for each in found:
            if each.deviation is not None:
                log.warning("%s departs from its model: %s", each.case, each.deviation.en)
        return len(found)


def last_night(now: datetime) -> datetime:
    """The last time that a night's round began."""
    today = bangkok_moment(bangkok_date(now), NIGHTLY_AT)
    return today if today <= now else today - timedelta(days=1)


def modelled() -> frozenset[str]:
    """The processes that have an approved model."""
    return frozenset(approval.process for approval in approvals())
