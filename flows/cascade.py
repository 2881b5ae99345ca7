"""P11: a province's key KPIs go to agencies, groups and persons, and are assessed in rounds (S2)."""

from __future__ import annotations

from engine.case import Case
from engine.process import process
from engine.waits import Lane
from flows.branches import everyone, outcomes
from flows.cascade_wording import facts_of_kpis, facts_of_province, facts_of_ranking, facts_of_summary
from rules.thai import thai_date
from schemas.attachment import AttachedFile
from schemas.cascade import (
    AgencyCascadeCase,
    CascadeCase,
    CascadeOffice,
    CascadeOutcome,
    CleaningMonth,
    DutyDay,
    DutyKind,
    KeyKpi,
    KeyKpis,
    Member,
    RoundDay,
    RoundMeeting,
    RoundSummary,
    agency_case_id,
)
from schemas.cascade_forms import (
    CascadeMinutes,
    CleaningDay,
    HostComment,
    KeyKpiApproval,
    KeyKpiDraft,
    RankingOrder,
)
from schemas.deadline import WorkingDays
from schemas.duty import DUTY_TH, DutyCase
from schemas.form import FormContext
from schemas.organisation import Duty
from schemas.weekly import ReviewDecision
from tasks.cascade import look_up_cascade, print_minutes, print_ranking, rank_agencies, summarise_round


@process("kpi-cascade", title_th="ถ่ายทอดตัวชี้วัดของจังหวัดสู่ระดับบุคคล", data=CascadeCase, result=CascadeOutcome)
async def kpi_cascade(case: Case[CascadeCase]) -> CascadeOutcome:
    """Key KPIs are approved and go to all agencies at once; rounds, duties and the ranking wait for no late one."""
    data = case.data
    office = await case.step("look_up", look_up_cascade, data)
    kpis = await approved(case, office)
    agencies = [case.fork("agencies", cascaded(case, each, kpis), of=each.unit) for each in data.agencies]
    months = [case.fork("months", cleaned(case, each), of=each.name) for each in data.months]
    duties = [case.fork("duties", carried_out(case, each), of=each.name) for each in data.duties]
    meetings = [case.fork("meetings", met(case, kpis, each), of=str(each.number)) for each in data.rounds]
    held = await outcomes(meetings)

    ranking = await case.step("rank", rank_agencies, data, kpis)
    papers: tuple[AttachedFile, ...] = ()
    if ranking is not None:
        order = await case.hand_off(
            "announce", to=Lane(unit=data.province, duty=Duty.HEAD), form=RankingOrder, asked_by=data.office,
            due=WorkingDays(days=data.rules.step_days),
            context=FormContext(facts=(*facts_of_province(data), *facts_of_ranking(ranking))),
        )  # fmt: skip
        papers = await case.step("print_ranking", print_ranking, data, ranking, order)
    await everyone(agencies)
    await everyone(months)
    await everyone(duties)
    return CascadeOutcome(meetings=held, ranking=ranking, papers=papers)


async def approved(case: Case[CascadeCase], office: CascadeOffice) -> KeyKpis:
    """The committee's proposal, keyed in by the office; the governor approves it or returns it."""
    data, note = case.data, ""
    draft: KeyKpiDraft | None = None
    while True:
        draft = await case.hand_off(
            "propose", to=data.office, form=KeyKpiDraft, asked_by=data.province,
            due=WorkingDays(days=data.rules.step_days),
            context=FormContext(
                facts=facts_of_province(data), note=note, choices={"hosts": office.hosts},
                prefill=draft.model_dump(mode="json") if draft else {},
            ),
        )  # fmt: skip
        verdict = await case.hand_off(
            "settle", to=Lane(unit=data.province, duty=Duty.HEAD), form=KeyKpiApproval, asked_by=data.office,
            due=WorkingDays(days=data.rules.step_days),
            context=FormContext(
                facts=(*facts_of_province(data), *facts_of_kpis(draft.kpis, dict(office.hosts))), note=draft.note
            ),
        )  # fmt: skip
        if verdict.decision is ReviewDecision.APPROVE:
            return draft.kpis
        note = f"ผู้ว่าราชการจังหวัดส่งคืน: {verdict.comment}"


async def cascaded(case: Case[CascadeCase], member: Member, kpis: KeyKpis) -> None:
    """One agency has a case of its own, from its agreement to its last assessment."""
    data = case.data
    await case.call(
        "cascade_agency", "agency-cascade",
        AgencyCascadeCase(
            fiscal_year=data.fiscal_year, province=data.province, office=data.office, agency=member.unit, kpis=kpis,
            rounds=data.rounds, rules=data.rules,
        ),
        case_id=agency_case_id(data.fiscal_year, member.unit),
        title=f"คำรับรอง{member.th} ปีงบประมาณ พ.ศ. {data.fiscal_year}",
    )  # fmt: skip


# --- rounds ------------------------------------------------------------------------------------------------


async def met(case: Case[CascadeCase], kpis: KeyKpis, round_: RoundDay) -> RoundMeeting:
    """When a round is due its reports are summed up, hosts comment on them, and the meeting is minuted."""
    data = case.data
    await case.until("round_due", round_.due)
    summary = await case.step("summarise", summarise_round, data, kpis, round_.number)
    comments = [case.fork("comments", commented(case, kpi, summary), of=kpi.number) for kpi in kpis]
    minutes = await case.hand_off(
        "meet", to=data.office, form=CascadeMinutes, due=WorkingDays(days=data.rules.step_days),
        asked_by=data.province, title=f"{CascadeMinutes.title_th} รอบ {round_.number} เดือน",
        context=FormContext(
            facts=(*facts_of_province(data), *facts_of_summary(summary)), files=summary.papers,
            choices={"members": tuple((each.unit, each.th) for each in data.agencies)},
        ),
    )  # fmt: skip
    for branch in comments:
        await case.end("close_comments", branch, reason=f"บันทึกการประชุมรอบ {round_.number} เดือนแล้ว")
    papers = await case.step("print_minutes", print_minutes, data, kpis, summary, minutes)
    return RoundMeeting(summary=summary, held_on=minutes.held_on, attended=minutes.attended, papers=papers)


async def commented(case: Case[CascadeCase], kpi: KeyKpi, summary: RoundSummary) -> None:
    """The host of a KPI comments until the meeting is minuted; the meeting does not wait for it."""
    await case.hand_off(
        "comment", to=kpi.host, form=HostComment, due=WorkingDays(days=case.data.rules.step_days),
        asked_by=case.data.office, title=f"{HostComment.title_th}ที่ {kpi.number} รอบ {summary.round} เดือน",
        context=FormContext(
            facts=(
                *facts_of_province(case.data), ("ตัวชี้วัด", f"{kpi.number} {kpi.th}"), *facts_of_summary(summary)
            ),
            files=summary.papers,
        ),
    )  # fmt: skip


# --- what all agencies do besides --------------------------------------------------------------------------


async def cleaned(case: Case[CascadeCase], month: CleaningMonth) -> None:
    """A month's Big Cleaning Day: the office sets it before payday, every agency reports it done (S2, line 17)."""
    data, facts = case.data, (*facts_of_province(case.data), ("วันรับเงินเดือน", thai_date(month.payday)))
    await case.until("month_begins", month.opens)
    setting = case.hand_off(
        "set_day", to=data.office, form=CleaningDay, due=WorkingDays(days=data.rules.step_days),
        asked_by=data.province, title=f"กำหนดวัน Big Cleaning Day ก่อนวันที่ {thai_date(month.payday)}",
        context=FormContext(facts=facts, limits={"payday": month.payday.isoformat()}),
    )  # fmt: skip
    first = await case.race("set_or_paid", {"set": setting, "payday": case.until("payday", month.paid_at)})
    if first.name == "payday":
        return
    chosen: CleaningDay = first.value
    day = f"วัน Big Cleaning Day {thai_date(chosen.on)} (ก่อนวันรับเงินเดือน {thai_date(month.payday)})"
    await case.call(
        "clean", "province-duty",
        DutyCase(
            kind=DutyKind.CLEANING, title=f"{DUTY_TH[DutyKind.CLEANING]} {thai_date(chosen.on)}",
            fiscal_year=data.fiscal_year, collector=data.office, asked_by=data.office, agencies=data.agencies,
            opens=month.opens, due=month.paid_at, note="\n".join((day, *((chosen.note,) if chosen.note else ()))),
            step_days=data.rules.step_days,
        ),
        case_id=f"cleaning-{data.province}-{month.name}", title=f"{DUTY_TH[DutyKind.CLEANING]} {thai_date(chosen.on)}",
    )  # fmt: skip


async def carried_out(case: Case[CascadeCase], duty: DutyDay) -> None:
    """A duty of the year has a case of its own; nothing else waits for it."""
    data = case.data
    title = f"{DUTY_TH[duty.name]} ปีงบประมาณ พ.ศ. {data.fiscal_year}"
    await case.call(
        "duty", "province-duty",
        DutyCase(
            kind=duty.name, title=title, fiscal_year=data.fiscal_year, collector=duty.collector, asked_by=data.office,
            agencies=data.agencies, opens=duty.opens, due=duty.due, step_days=data.rules.step_days,
        ),
        case_id=f"duty-{data.province}-{data.fiscal_year}-{duty.name}", title=title,
    )  # fmt: skip
