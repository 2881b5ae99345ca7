"""P11: what all agencies of a province do and report by a day, compiled by one of them (S2, lines 17 to 21)."""

from __future__ import annotations

from engine.branches import Branch
from engine.case import Case
from engine.process import process
from engine.waits import Lane
from flows.branches import everyone
from flows.wording import thai_list
from rules.thai import thai_moment
from schemas.base import UnitId
from schemas.cascade import DutyKind, Member
from schemas.deadline import At, WorkingDays
from schemas.duty import DutyCase, DutyList, DutyOutcome, DutyReport, DutySummary
from schemas.form import Facts, FormContext
from schemas.organisation import Duty
from tasks.province_duty import list_reports, look_up_duty

Reports = dict[UnitId, Branch[None]]


@process(
    "province-duty", title_th="งานของทุกส่วนราชการในจังหวัด", data=DutyCase, result=DutyOutcome, result_needed=False
)  # fmt: skip
async def province_duty(case: Case[DutyCase]) -> DutyOutcome:
    """Every agency reports; on the day whoever compiles gets what there is, and the late are waited for after it."""
    data = case.data
    office = await case.step("look_up", look_up_duty, data)
    await case.until("opens", data.opens)
    reports: Reports = {each.unit: case.fork("reports", reported(case, each), of=each.unit) for each in data.agencies}
    await case.race("reported_or_due", {"reported": everyone(reports.values()), "due": day_comes(case)})
    first = await case.step("list_reports", list_reports, data, office, 1)
    summary = await case.hand_off(
        "compile", to=data.collector, form=DutySummary, due=WorkingDays(days=data.step_days),
        asked_by=office.asked_by_th, title=f"{DutySummary.title_th}: {data.title}",
        context=FormContext(facts=(*facts_of(data), *facts_of_list(data, first)), files=first.papers),
    )  # fmt: skip
    await everyone(reports.values())
    final = first
    if first.missing:
        # The first list is never replaced: who was late stands in a second one.
        final = await case.step("list_rest", list_reports, data, office, 2)
    return DutyOutcome(kind=data.kind, missing_at_first=first.missing, summary=summary.summary, final=final)


async def reported(case: Case[DutyCase], member: Member) -> None:
    """One agency; late stays late. A satisfaction report is the head's, to whom it is made, with a copy (R2.5)."""
    data = case.data
    duty = Duty.HEAD if data.kind is DutyKind.SATISFACTION else Duty.OFFICER
    await case.hand_off(
        "report", to=Lane(unit=member.unit, duty=duty), form=DutyReport, due=At(moment=data.due),
        asked_by=data.asked_by, title=data.title, context=FormContext(facts=facts_of(data), note=data.note),
    )  # fmt: skip


async def day_comes(case: Case[DutyCase]) -> None:
    await case.until("due", case.data.due)


def facts_of(data: DutyCase) -> Facts:
    return (("เรื่อง", data.title), ("กำหนดเวลา", f"ภายใน{thai_moment(data.due)}"))


def facts_of_list(data: DutyCase, found: DutyList) -> Facts:
    names = {each.unit: each.th for each in data.agencies}
    said: Facts = (("รายงานแล้ว", f"{len(found.done)} จาก {len(data.agencies)} หน่วยงาน"),)
    return (*said, ("ยังไม่รายงาน", thai_list(names[unit] for unit in found.missing))) if found.missing else said
