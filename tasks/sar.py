"""Steps of a SAR round."""

from __future__ import annotations

import asyncio

from engine.step import Step, step_task
from ledger import cases
from ledger.work import Work
from reports.names import Names
from reports.sar import e_sar_pdf, sar_book_pdf
from reports.sar_workbook import sar_summary_xlsx
from rules.sar import active_kpis
from rules.scorecard import scorecard
from schemas.attachment import AttachedFile
from schemas.kpi import Round
from schemas.sar import KpiCard, RoundScore, SarRoundCase
from schemas.scorecard import KpiReport
from tasks.letterhead import house_style
from tasks.papers import FLOW, PDF, XLSX, Paper, bind


@step_task("คำนวณคะแนนของรอบ")
async def score_round(step: Step, data: SarRoundCase, cards: tuple[KpiCard, ...]) -> RoundScore:
    """The scorecard over what both have certified by now (P7 step 5)."""
    reports = {
        card.number: KpiReport(result=card.result, certified_by_supervisor=True, certified_by_psdg=True)
        for card in cards
        if card.result is not None
    }
    certified = {card.number for card in cards}
    scored = RoundScore(
        at=step.now,
        cards=cards,
        missing=tuple(kpi.number for kpi in active_kpis(data.book, data.round) if kpi.number not in certified),
        card=scorecard(data.book, reports, data.round),
    )

    async def note(work: Work) -> None:
        facts = {
            "certified": len(scored.cards), "missing": len(scored.missing), "late": len(scored.late),
            "total_reported": str(scored.card.total_reported or ""), "total_all": str(scored.card.total_all or ""),
        }  # fmt: skip
        await cases.note_phase(work, step.case_id, actor=FLOW, phase="scored", facts=facts)

    step.then(note)
    return scored


@step_task("จัดทำรูปเล่ม SAR และ e-SAR Card")
async def print_round(step: Step, data: SarRoundCase, scored: RoundScore) -> tuple[AttachedFile, ...]:
    """The round on paper as approved: e-SAR cards; for 6 and 12 months the book and its summary too (P7 step 7)."""
    runtime, book, card = step.runtime, data.book, scored.card
    names, style = Names.of(runtime.directory.organisation), house_style(runtime)
    policy, dated = runtime.policy.agreement, scored.at
    stem = f"{data.round}-เดือน-{book.fiscal_year}"

    def typeset() -> list[Paper]:
        cards = e_sar_pdf(card, book, scored.cards, policy=policy, names=names, dated=dated, **style)
        papers = [Paper(f"e-SAR-{stem}.pdf", PDF, cards)]
        if data.round is not Round.NINE:
            pdf = sar_book_pdf(card, book, scored.cards, policy=policy, names=names, dated=dated, **style)
            xlsx = sar_summary_xlsx(card, book, policy=policy, names=names, dated=dated, letterhead=style["letterhead"])
            papers += [Paper(f"SAR-{stem}.pdf", PDF, pdf), Paper(f"SAR-{stem}.xlsx", XLSX, xlsx)]
        return papers

    return bind(step, await asyncio.to_thread(typeset))
