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
from engine.anchoring import guardians
from engine.runtime import Runtime
from ledger import conformances, reading
from ledger.canonical import stamp
from ledger.conformances import Kept
from ledger.errors import HistoryIsGone, UnknownCase
from ledger.work import Ledger
from rules.calendar import bangkok_date, bangkok_moment
from schemas.mail import Notice

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What came of comparing cases."""

    found: list[Conformance]
    missed: list[NotCompared]
    altered: list[str]
    """Cases of which something else was kept, for the same history and the same model: somebody has changed the row."""


async def compare(ledger: Ledger, case_ids: Iterable[str]) -> Comparison:
    """Compare cases and keep the results in the place of what is kept of them."""
    found: list[Conformance] = []
    missed: list[NotCompared] = []
    altered: list[str] = []
    wanted = list(case_ids)
    async with ledger.read() as connection:
        kept = await conformances.of_cases(connection, wanted)
    for case_id in wanted:
        async with ledger.read() as connection:
            events = await reading.history(connection, case_id)
            heads = {} if events else await reading.cases_named(connection, [case_id])
        try:
            if case_id in heads:
                raise HistoryIsGone(case=case_id, seq=heads[case_id].head_seq)
            if not events:
                raise UnknownCase(case=case_id)
            # A long case takes a second or so; mail and deadlines go on meanwhile.
            judged = await asyncio.to_thread(judge, events)
            found.append(judged)
            if case_id in kept and _contradicts(kept[case_id], judged):
                altered.append(case_id)
        except Exception as why:  # one case never stops the others
            missed.append(NotCompared(case=case_id, why=why))
    await _keep(ledger, found)
    return Comparison(found=found, missed=missed, altered=altered)


def _contradicts(kept: Kept, judged: Conformance) -> bool:
    """Of one history and one model nothing else can come; a later version of this code may say it in other words."""
    if kept.head_seq != judged.head_seq:
        return False
    # The model is the one that the case recorded when it was opened, and stays so.
    return kept.model != judged.model or (kept.deviation is None) is not (judged.deviation is None)


async def _keep(ledger: Ledger, found: Collection[Conformance]) -> None:
    async with ledger.begin() as work:
        await conformances.keep(work, [_row(each, work.now) for each in found])
        await work.commit()


def _row(found: Conformance, now: datetime) -> Kept:
    said = None if found.deviation is None else found.deviation.model_dump_json()
    return Kept(case_id=found.case, head_seq=found.head_seq, model=found.model, deviation=said, checked_at=now)


AGAIN_AFTER = timedelta(days=30)
"""So old a result is not believed any longer: the case is compared again, also when nothing has happened in it."""


class Nightly:
    """What a worker does beside its runs: cases that have ended are compared within a minute, open ones at night.

    Results are no history, and nothing seals them: each is made anew once a month.
    """

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
                connection, modelled(), open_before=last_night(now), again_before=now - AGAIN_AFTER, now=now,
                limit=AT_ONCE + len(self._missed),
            )  # fmt: skip
        compared = await compare(ledger, [case for case in due if case not in self._missed][:AT_ONCE])
        for lost in compared.missed:
            log.error("%s: %s", lost.case, lost.why)
            self._missed.add(lost.case)
        for each in compared.found:
            if each.deviation is not None:
                log.warning("%s departs from its model: %s", each.case, each.deviation.en)
        for case_id in compared.altered:
            log.error("%s: another result was kept of it; somebody has changed it", case_id)
            await self._tell(case_id)
        return len(compared.found)

    async def _tell(self, case_id: str) -> None:
        runtime = self._runtime
        notice = Notice(
            subject="ผลการเทียบกับแบบจำลองถูกแก้ไข", title=case_id, link=f"/audit/cases/{case_id}",
            body="ผลการเทียบเรื่องกับแบบจำลองที่เก็บไว้ไม่ตรงกับผลที่เทียบใหม่จากประวัติเดียวกัน แสดงว่ามีผู้แก้ไขข้อมูล "
            "ระบบได้บันทึกผลที่ถูกต้องแทนแล้ว โปรดตรวจสอบเรื่องนี้และผู้ที่เข้าถึงฐานข้อมูล",
        )  # fmt: skip
        async with runtime.ledger.begin() as work:
            (head,) = await work.lock(case_id)
            occasion = f"altered:{case_id}:{stamp(work.now)}"
            runtime.post.send(work, head.id, guardians(runtime.directory), occasion, notice)
            await work.commit()


def last_night(now: datetime, at: time = NIGHTLY_AT) -> datetime:
    """The last time that a night's round, at `at`, began."""
    today = bangkok_moment(bangkok_date(now), at)
    return today if today <= now else today - timedelta(days=1)


def modelled() -> frozenset[str]:
    """The processes that have an approved model."""
    return frozenset(approval.process for approval in approvals())
