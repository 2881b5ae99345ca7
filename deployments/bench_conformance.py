"""How long it takes to compare closed cases with their approved models: what an auditor's `--all` and a night cost."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flows
from audit.checking import compare
from deployments.bench_ministry import ACTOR, agency, furnish, officer_of
from deployments.bench_runs import run_in_place
from deployments.bench_stack import Say
from engine import actions
from engine.intake import Intake
from engine.runtime import Runtime
from engine.settings import Settings
from flows import starting
from ledger import migrate, reading
from ledger.clock import RealClock
from ledger.database import open_database
from ledger.event import Event
from ledger.hand_offs import OPEN, hand_off_id
from ledger.work import Ledger
from rules.calendar import bangkok_date
from schemas.base import CaseId
from schemas.directive import DirectiveCompleted, Nature, Registration

assert flows.__all__, "importing the package has registered the processes"

Typed = Mapping[str, Any]
A_TIME = 50
"""Cases that are copied in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What the comparison took, of cases that were carried out by the real flow."""

    cases: int
    events: int
    seconds: float
    deviating: int

    @property
    def ms_per_case(self) -> float:
        return 1000 * self.seconds / self.cases


async def conformance(cases: int, *, say: Say) -> Compared:
    """Closed directives in a ledger of its own (SQLite): two lives that the flow has led, each copied many times."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'ledger.db'}"
        engine = open_database(url)
        try:
            await migrate.upgrade(engine)
            ledger = Ledger(engine, RealClock())
            await furnish(ledger, ())
            runtime = Runtime(Settings(database_url=url), ledger)
            await runtime.refresh(at_once=True)
            say("two directives are carried out")
            lives = [await straight(runtime), await with_detours(runtime)]
            say(f"{cases} cases are written")
            written = await _copies(ledger, lives, cases)
            say("they are compared with their models")
            return await _measure(ledger, written)
        finally:
            await engine.dispose()


async def straight(runtime: Runtime) -> CaseId:
    """Received, assigned, accepted, reported, completed."""
    life = await _Life.begin(runtime, 0)
    await life.does("receive", {"decision": "accept"})
    await life.does("assign", life.assignment)
    await life.does("accept", {"decision": "accept"})
    return await life.completed()


async def with_detours(runtime: Runtime) -> CaseId:
    """Refused and confirmed, returned and assigned again, completed, taken up again and completed anew."""
    life = await _Life.begin(runtime, 1)
    await life.does("receive", {"decision": "not_ours", "reason": "เป็นภารกิจของหน่วยงานอื่น"})
    await life.does("reroute", {"decision": "confirm", "reason": "ตามโครงสร้างใหม่"})
    await life.does("receive", {"decision": "accept"})
    await life.does("assign", life.assignment)
    await life.does("accept", {"decision": "return", "reason": "ขอข้อมูลเพิ่ม"})
    await life.does("assign", life.assignment)
    await life.does("accept", {"decision": "accept"})
    await life.completed()
    await actions.reopen_case(runtime, life.case, reason="รายงานไม่ครบ", actor=ACTOR)
    await life.run()
    return await life.completed()


@dataclass(frozen=True, slots=True)
class _Life:
    """One directive, carried out in place."""

    runtime: Runtime
    case: CaseId
    division: str

    @classmethod
    async def begin(cls, runtime: Runtime, n: int) -> _Life:
        form = Registration(
            title=f"เรื่องที่ {n + 1}", text="ให้ดำเนินการตามนโยบายของรัฐบาล", ordered_by="รัฐมนตรีว่าการกระทรวง",
            ordered_on=bangkok_date(await runtime.ledger.now()), nature=Nature.GENERAL, agencies=(agency(n),),
        )  # fmt: skip
        (case,) = await starting.register_directive(runtime, form, actor=ACTOR)
        life = cls(runtime, case, f"{agency(n)}-div-01")
        await life.run()
        return life

    @property
    def assignment(self) -> Typed:
        return {"divisions": [self.division], "lead": self.division, "mode": "division_keys"}

    async def run(self) -> None:
        await run_in_place(self.runtime, self.case)

    async def does(self, element: str, data: Typed) -> None:
        async with self.runtime.ledger.read() as connection:
            found = await reading.hand_offs_of_case(connection, self.case)
        (asked,) = [h for h in found if (h.element, h.state) == (element, OPEN)]
        async with Intake(self.runtime) as intake:
            await intake.submit(asked.id, data, officer=officer_of(asked.unit), through="bench")
        await self.run()

    async def completed(self) -> CaseId:
        """The weekly cycle says that the final report was accepted."""
        said = DirectiveCompleted(week="week-of-the-bench", completed_on=bangkok_date(await self.runtime.ledger.now()))
        await actions.send_message(self.runtime, self.case, said, sender=said.week, actor=ACTOR)
        await self.run()
        return self.case


async def _copies(ledger: Ledger, lives: list[CaseId], count: int) -> list[CaseId]:
    """As many cases as wanted, with the histories of the lives in turn, written by the ledger's own verbs."""
    async with ledger.read() as connection:
        histories = [await reading.history(connection, life) for life in lives]
    written: list[CaseId] = []
    while len(written) < count:
        async with ledger.begin() as work:
            for n in range(len(written), min(len(written) + A_TIME, count)):
                case_id = f"directive-copy-{n:05d}"
                opened = histories[n % len(histories)][0].content
                work.create(case_id, process=opened["process"], title=opened["title"], parent=None)
                for event in histories[n % len(histories)]:
                    work.append(case_id, event.kind, event.key, event.by, _said(event, case_id))
                written.append(case_id)
            await work.commit()
    return written


def _said(event: Event, case_id: CaseId) -> dict[str, Any]:
    said = event.content
    return said | {"id": hand_off_id(case_id, event.key)} if event.kind.startswith("hand_off:") else said


async def _measure(ledger: Ledger, written: list[CaseId]) -> Compared:
    async with ledger.read() as connection:
        events = sum([len(await reading.history(connection, case_id)) for case_id in written])
    await compare(ledger, written[:2])  # reads the model
    began = time.perf_counter()
    compared = await compare(ledger, written)
    took = time.perf_counter() - began
    if compared.missed:
        raise RuntimeError(f"not compared: {compared.missed[0]}")
    return Compared(
        cases=len(compared.found), events=events, seconds=took,
        deviating=sum(not each.conforms for each in compared.found),
    )  # fmt: skip
