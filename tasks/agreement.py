"""Steps of the agreement cycle."""

from __future__ import annotations

from engine.step import Step, step_task
from ledger import cases
from ledger.work import Work
from schemas.actor import system
from schemas.agreement import CHANGE_ENDING_TH, ChangeResult
from schemas.base import UnitId
from schemas.kpi import KpiBook
from schemas.mail import Notice
from schemas.organisation import Duty

FLOW = system("flow")


@step_task("บันทึกตัวชี้วัดตามคำรับรอง")
async def keep_book(step: Step, book: KpiBook, phase: str) -> KpiBook:
    """The KPIs as they stand at a point of the year go into the history, for the board and for the auditors."""

    async def write(work: Work) -> None:
        facts = {"kpis": len(book.kpis), "fiscal_year": book.fiscal_year}
        await cases.note_phase(work, step.case_id, actor=FLOW, phase=phase, facts=facts)

    step.then(write)
    return book


@step_task("แจ้งผลคำขอเปลี่ยนแปลงรายละเอียดตัวชี้วัด")
async def settle_change(step: Step, result: ChangeResult, psdg: UnitId) -> None:
    """The request and what became of it go into the history; who asked and กพร. are told."""
    request, post = result.request, step.runtime.post
    officers = {o.id: o for unit in (request.unit, psdg) for o in post.holders(unit, Duty.OFFICER)}
    said = CHANGE_ENDING_TH[result.ending]

    async def write(work: Work) -> None:
        content = {"result": result.model_dump(mode="json"), "reason": result.reason}
        await cases.record(work, step.case_id, what="kpi_change", content=content, actor=FLOW)
        message = Notice(
            subject=f"คำขอเปลี่ยนแปลงรายละเอียดตัวชี้วัดที่ {request.kpi}: {said}",
            body=f"{said} {result.reason}".strip(), title=f"ตัวชี้วัดที่ {request.kpi}", link=f"/cases/{step.case_id}",
        )  # fmt: skip
        post.send(work, step.case_id, list(officers.values()), f"change:{step.key}", message)

    step.then(write)
