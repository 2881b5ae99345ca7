"""P11: an agency assesses itself in a round; what is too low is planned, assessed again and rechecked (S2)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from engine.case import Case
from flows.branches import outcomes
from flows.cascade_wording import (
    facts_of_agency,
    facts_of_levels,
    facts_of_plan,
    facts_of_reassessment,
    facts_of_remedy,
    kpi_choices,
)
from rules.calendar import bangkok_date, bangkok_moment
from rules.reminders import MORNING
from schemas.base import UnitId
from schemas.cascade import (
    AgencyCascadeCase,
    AgencyOffice,
    KeyKpi,
    KeyKpis,
    KpiKind,
    Remedied,
    RoundDay,
    RoundScore,
)
from schemas.cascade_forms import Reassessment, Recheck, RemedialPlan, SelfAssessment
from schemas.deadline import At, WorkingDays
from schemas.form import Facts, FormContext
from schemas.weekly import ReviewDecision
from tasks.agency_cascade import assess_round, settle_remedy


class RoundEnd(NamedTuple):
    """A round with what became of its remedial plans."""

    score: RoundScore
    remedies: tuple[Remedied, ...]


async def assessed(case: Case[AgencyCascadeCase], office: AgencyOffice, round_: RoundDay) -> RoundEnd:
    """The report of a round, its score, and a remedial plan for each KPI that is too low (R2.1)."""
    data = case.data
    await case.until("round_opens", round_.opens)
    report = await case.hand_off(
        "self_assess", to=data.agency, form=SelfAssessment, due=At(moment=round_.due), asked_by=data.office,
        title=f"{SelfAssessment.title_th} รอบ {round_.number} เดือน",
        context=context_of(data.kpis, (*facts_of_agency(data, office), ("รอบ", f"{round_.number} เดือน"))),
    )  # fmt: skip
    score = await case.step("assess", assess_round, data, office, round_.number, report)
    by_number = {kpi.number: kpi for kpi in data.kpis}
    remedies = [
        case.fork("remedies", remedied(case, office, by_number[number], score), of=number) for number in score.remedial
    ]
    return RoundEnd(score, await outcomes(remedies))


async def remedied(case: Case[AgencyCascadeCase], office: AgencyOffice, kpi: KeyKpi, score: RoundScore) -> Remedied:
    """Plan, wait, assess again, recheck by the host; what is still too low goes round again, until the year is over."""
    data = case.data
    facts = (*facts_of_agency(data, office), *facts_of_remedy(data, kpi, score))
    note = ""
    while True:
        plan = await case.hand_off(
            "plan", to=data.agency, form=RemedialPlan, due=WorkingDays(days=data.rules.step_days), asked_by=data.office,
            title=f"แผนปรับปรุงตัวชี้วัดที่ {kpi.number} รอบ {score.round} เดือน",
            context=FormContext(
                facts=facts, note=note, limits={"until": bangkok_date(data.year_ends).isoformat()}
            ),
        )  # fmt: skip
        await case.until("recheck_day", bangkok_moment(plan.recheck_on, MORNING))
        again, checked_at = await reassessed(case, office, kpi, (*facts, *facts_of_plan(plan)))
        result = await case.step("settle_remedy", settle_remedy, data, kpi, again, checked_at)
        if result.over:
            return result
        note = f"ประเมินซ้ำแล้วได้ {result.score:.4f} ยังน้อยกว่า {data.rules.remedial_below}"


async def reassessed(
    case: Case[AgencyCascadeCase], office: AgencyOffice, kpi: KeyKpi, facts: Facts
) -> tuple[Reassessment, datetime]:
    """The new assessment as the host confirms it, and when; a host returns what it does not believe."""
    data, note, again = case.data, "", None
    days = WorkingDays(days=data.rules.step_days)
    while True:
        again = await case.hand_off(
            "reassess", to=data.agency, form=Reassessment, due=days, asked_by=data.office,
            title=f"{Reassessment.title_th}: ตัวชี้วัดที่ {kpi.number}",
            context=context_of((kpi,), facts, note=note, before=again),
        )  # fmt: skip
        checking = case.hand_off(
            "recheck", to=checker_of(data, kpi), form=Recheck, due=days, asked_by=data.agency,
            title=f"{Recheck.title_th}ตัวชี้วัดที่ {kpi.number} ของ{office.agency_th}",
            context=FormContext(facts=(*facts, *facts_of_reassessment(again)), files=again.attachments),
        )  # fmt: skip
        verdict = await checking
        if verdict.decision is ReviewDecision.APPROVE:
            return again, checking.at
        note = f"ส่งคืน: {verdict.comment}"


def checker_of(data: AgencyCascadeCase, kpi: KeyKpi) -> UnitId:
    """The host; nobody checks its own assessment, so then the office, and for the office the province."""
    return next(unit for unit in (kpi.host, data.office, data.province) if unit != data.agency)


def context_of(
    kpis: KeyKpis, facts: Facts, *, note: str = "", before: Reassessment | None = None
) -> FormContext:  # fmt: skip
    """What stands above an assessment, with a line for each KPI."""
    lines = [{"number": kpi.number} for kpi in kpis]
    return FormContext(
        facts=(*facts, *facts_of_levels(kpis)), note=note, choices={"kpis": kpi_choices(kpis)},
        prefill=before.model_dump(mode="json") if before else {"kpis": lines},
        limits={
            "kpis": [kpi.number for kpi in kpis], "ratios": [k.number for k in kpis if k.kind is KpiKind.RATIO]
        },
    )  # fmt: skip
