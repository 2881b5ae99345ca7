"""Steps of a province's cascade (P11): the rounds, their meetings and the ranking."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from engine.step import Step, step_task
from ledger import reading
from ledger.work import Work
from reports.cascade_rounds import minutes_pdf, ranking_pdf, round_pdf
from rules.cascade_scores import places
from rules.notices import minutes_of_round
from rules.signing import head_signs
from schemas.attachment import AttachedFile
from schemas.base import UnitId
from schemas.cascade import (
    AgencyScore,
    CascadeCase,
    CascadeOffice,
    Follow,
    KeyKpi,
    KeyKpis,
    Ranking,
    RoundScore,
    RoundSummary,
    agency_case_id,
)
from schemas.cascade_forms import CascadeMinutes, HostComment, RankingOrder
from schemas.kpi import Round
from schemas.organisation import Duty
from tasks.letterhead import house_style
from tasks.papers import PDF, Paper, bind


@step_task("ตรวจสอบเจ้าภาพตัวชี้วัด")
async def look_up_cascade(step: Step, cascade: CascadeCase) -> CascadeOffice:
    """:raises UnknownUnit: the office is not in the organisation."""
    office = step.runtime.directory.unit(cascade.office).th
    others = ((each.unit, each.th) for each in cascade.agencies if each.unit != cascade.office)
    return CascadeOffice(office_th=office, hosts=((cascade.office, office), *others))


async def scores_of(step: Step, cascade: CascadeCase, round_: Round) -> dict[UnitId, RoundScore]:
    """What the agencies' own cases have assessed in a round, by agency."""
    key = f"rounds[{round_}]/assess"
    cases = {agency_case_id(cascade.fiscal_year, each.unit): each.unit for each in cascade.agencies}
    async with step.runtime.ledger.read() as connection:
        found = await reading.step_results(connection, list(cases), [key])
    return {cases[case]: RoundScore.model_validate(result) for (case, _), result in found.items()}


@step_task("สรุปผลการประเมินตนเองของทุกส่วนราชการ")
async def summarise_round(step: Step, cascade: CascadeCase, kpis: KeyKpis, round_: Round) -> RoundSummary:
    """Every agency's total, who must plan a remedy (R2.1) and who is below the nine-month target (R2.2)."""
    scores = await scores_of(step, cascade, round_)

    def line(unit: UnitId, th: str) -> AgencyScore:
        score = scores.get(unit)
        if score is None:
            return AgencyScore(unit=unit, th=th, total=None)
        return AgencyScore(unit=unit, th=th, total=score.total, remedial=score.flagged, warned=score.warned)

    summary = RoundSummary(round=round_, scores=tuple(line(each.unit, each.th) for each in cascade.agencies))
    pdf = await asyncio.to_thread(
        round_pdf, cascade, kpis, summary, scores, dated=step.now, **house_style(step.runtime)
    )
    name = f"สรุปผลรอบ-{round_}-เดือน-{cascade.fiscal_year}.pdf"
    return summary.replace(papers=bind(step, [Paper(name, PDF, pdf)]))


@step_task("จัดพิมพ์รายงานการประชุมและแจ้งทุกส่วนราชการ")
async def print_minutes(
    step: Step, cascade: CascadeCase, kpis: KeyKpis, summary: RoundSummary, minutes: CascadeMinutes
) -> tuple[AttachedFile, ...]:
    """Attendance, the hosts' comments and what was resolved; the heads of all agencies are told."""
    post, office_th = step.runtime.post, step.runtime.directory.unit(cascade.office).th
    comments = await _comments(step, kpis, summary.round)
    pdf = await asyncio.to_thread(
        minutes_pdf, cascade, summary, minutes, comments, dated=step.now, **house_style(step.runtime)
    )
    papers = bind(step, [Paper(f"รายงานการประชุมรอบ-{summary.round}-เดือน-{cascade.fiscal_year}.pdf", PDF, pdf)])

    async def write(work: Work) -> None:
        for agency in cascade.agencies:
            heads = post.holders(agency.unit, Duty.HEAD)
            notice = minutes_of_round(
                minutes.resolution, minutes.held_on, round_=summary.round, fiscal_year=cascade.fiscal_year,
                province_th=cascade.province_th, office_th=office_th, to=f"หัวหน้า{agency.th}",
                link=f"/cases/{step.case_id}",
            )  # fmt: skip
            post.send(work, step.case_id, heads, f"{step.case_id}:{step.key}:{agency.unit}", notice)

    step.then(write)
    return papers


async def _comments(step: Step, kpis: KeyKpis, round_: Round) -> tuple[tuple[KeyKpi, str], ...]:
    """What the hosts have said of a round, in the order of the KPIs."""
    keys = {f"meetings[{round_}]/comments[{kpi.number}]/comment": kpi for kpi in kpis}
    async with step.runtime.ledger.read() as connection:
        found = [h for h in await reading.hand_offs_of_case(connection, step.case_id) if h.key in keys]
        said = await reading.answers(connection, found)
    by_key = {h.key: HostComment.model_validate(said[h.id]).comment for h in found if h.id in said}
    return tuple((kpi, by_key[key]) for key, kpi in keys.items() if key in by_key)


@step_task("จัดอันดับผลการเบิกจ่าย")
async def rank_agencies(step: Step, cascade: CascadeCase, kpis: KeyKpis) -> Ranking | None:
    """R2.4: by the results of the last round; None where the province ranks by no KPI."""
    ranked = next((kpi for kpi in kpis if kpi.follow is Follow.RANKED), None)
    if ranked is None:
        return None
    values: dict[UnitId, Decimal] = {}
    for unit, score in (await scores_of(step, cascade, cascade.rounds[-1].number)).items():
        value = next(each.value for each in score.kpis if each.number == ranked.number)
        assert value is not None, "only a ratio is ranked"
        values[unit] = value
    placed, missing = places(cascade.agencies, values, cascade.rules)
    return Ranking(kpi=ranked.number, kpi_th=ranked.th, places=placed, missing=missing)


@step_task("จัดพิมพ์ประกาศผลการจัดอันดับ")
async def print_ranking(
    step: Step, cascade: CascadeCase, ranking: Ranking, order: RankingOrder
) -> tuple[AttachedFile, ...]:
    """The governor's announcement of those who are awarded, with all agencies in its annex."""
    governor = head_signs(step.runtime.directory, cascade.province)
    pdf = await asyncio.to_thread(
        ranking_pdf, cascade, ranking, order, governor, dated=step.now, **house_style(step.runtime)
    )
    return bind(step, [Paper(f"ประกาศผลการจัดอันดับ-{cascade.fiscal_year}.pdf", PDF, pdf)])
