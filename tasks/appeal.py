"""Steps of the appeals on one notice (P9)."""

from __future__ import annotations

import asyncio

from engine.step import Step, step_task
from ledger import cases
from ledger.work import Work
from reports.appeal import appeal_pdf
from rules.appeal import appeal_window, final_card, provisional_card, result_th
from rules.calendar import bangkok_date
from rules.letters import appeal_letter
from rules.notices import appeal_settled
from rules.signing import owner_lines, signed_by
from rules.year import appeal_window_ends
from schemas.actor import Actor
from schemas.appeal import (
    AppealCase,
    AppealDraft,
    AppealOutcome,
    AppealResult,
    AppealWindow,
    NoticedKpi,
)
from schemas.attachment import AttachedFile
from schemas.base import Moment, UnitId
from schemas.organisation import Duty
from schemas.policy import AgreementPolicy
from schemas.scorecard import Scorecard
from schemas.year_office import YearOffice
from tasks.letterhead import letterhead_of
from tasks.papers import FLOW, PDF, Paper, bind


@step_task("เปิดช่วงเวลาอุทธรณ์")
async def open_window(step: Step, notice: AppealCase, policy: AgreementPolicy) -> AppealWindow:
    """The window of the notice. From now on the scores are provisional (P9)."""
    window = appeal_window(notice.noticed_at, calendar=step.runtime.calendar, policy=policy)
    facts = {"ends": window.ends.isoformat(), **_facts(provisional_card(notice))}

    async def write(work: Work) -> None:
        await cases.note_phase(work, step.case_id, actor=FLOW, phase="provisional", facts=facts)

    step.then(write)
    return window


@step_task("จัดพิมพ์หนังสืออุทธรณ์")
async def print_letter(
    step: Step, notice: AppealCase, office: YearOffice, kpi: NoticedKpi, draft: AppealDraft, signer: Actor,
    signed_at: Moment,
) -> tuple[AttachedFile, ...]:  # fmt: skip
    """The letter to สำนักงาน ก.พ.ร. as the head of the agency has signed it (S1, slides 6 and 14)."""
    on, directory = bangkok_date(signed_at), step.runtime.directory
    letter = appeal_letter(
        notice, kpi, draft, signed_by(directory, signer, office.agency, on), on, agency=directory.unit(office.agency),
        psdg=directory.unit(office.psdg), owner_th="\n".join(owner_lines(directory, office.psdg, office.agency)),
    )  # fmt: skip
    pdf = await asyncio.to_thread(appeal_pdf, letter, dated=signed_at, letterhead=letterhead_of(step.runtime))
    return bind(step, [Paper(f"หนังสืออุทธรณ์-ตัวชี้วัดที่-{kpi.number}-{notice.fiscal_year}.pdf", PDF, pdf)])


@step_task("ยื่นคำอุทธรณ์ต่อสำนักงาน ก.พ.ร.")
async def lodge(step: Step, result: AppealResult, signed_at: Moment, policy: AgreementPolicy) -> Moment:
    """That the appeal was lodged in time goes into the history; returns until when it is decided (4.4)."""
    decide_by = appeal_window_ends(bangkok_date(signed_at), policy.decision_days, calendar=step.runtime.calendar)

    async def write(work: Work) -> None:
        content = {"result": result.model_dump(mode="json"), "decide_by": decide_by.isoformat()}
        await cases.record(work, step.case_id, what="appeal_lodged", content=content, actor=FLOW)

    step.then(write)
    return decide_by


@step_task("บันทึกและแจ้งผลการอุทธรณ์รายตัวชี้วัด")
async def settle_kpi(step: Step, notice: AppealCase, result: AppealResult, psdg: UnitId) -> None:
    """What became of a KPI goes into the history; its unit and กพร. are told, each officer once."""
    said = result_th(notice.kind, result)
    post, directory = step.runtime.post, step.runtime.directory
    officers = {o.id: o for unit in (result.unit, psdg) for o in post.holders(unit, Duty.OFFICER)}

    async def write(work: Work) -> None:
        content = {"result": result.model_dump(mode="json"), "reason": said}
        await cases.record(work, step.case_id, what="appeal_result", content=content, actor=FLOW)
        message = appeal_settled(
            notice, result, agency_th=directory.unit(notice.agency).th, psdg_th=directory.unit(psdg).th,
            link=f"/cases/{step.case_id}",
        )  # fmt: skip
        post.send(work, step.case_id, list(officers.values()), f"appeal:{step.case_id}:{result.kpi}", message)

    step.then(write)


@step_task("คำนวณคะแนนรวมใหม่และปิดการอุทธรณ์")
async def close_appeals(
    step: Step, notice: AppealCase, window: AppealWindow, results: tuple[AppealResult, ...]
) -> AppealOutcome:
    """Nothing is open any more: the values are final, and the total of the scores is computed anew."""
    card, noticed = final_card(notice, results), provisional_card(notice)

    async def write(work: Work) -> None:
        facts = {"ends": window.ends.isoformat(), **_facts(card)}
        await cases.note_phase(work, step.case_id, actor=FLOW, phase="final", facts=facts)

    step.then(write)
    return AppealOutcome(
        kind=notice.kind, window=window, results=results, total_noticed=noticed.official if noticed else None,
        scorecard=card,
    )  # fmt: skip


def _facts(card: Scorecard | None) -> dict[str, str | bool | None]:
    if card is None:
        return {}
    return {"total": None if card.official is None else f"{card.official:.4f}", "provisional": card.provisional}
