"""Steps of a SAR round."""

from __future__ import annotations

from engine.step import Step, step_task
from ledger import cases
from ledger.work import Work
from rules.sar import active_kpis
from rules.scorecard import scorecard
from schemas.actor import system
from schemas.sar import KpiCard, RoundScore, SarRoundCase
from schemas.scorecard import KpiReport

FLOW = system("flow")


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
