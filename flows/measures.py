"""P12: the Prime Minister's six measures in a province, a plan of twelve activities, twelve monthly reports (S3)."""

from __future__ import annotations

from datetime import datetime

from engine.branches import Branch
from engine.case import Case
from engine.process import process
from engine.waits import HandOff, Lane
from flows.branches import everyone
from flows.measures_wording import facts_of_case, facts_of_plan, facts_of_report
from rules.measures import keyed, month_th, planned_anew, source_th, start_months
from schemas.attachment import AttachedFile
from schemas.base import Identifier
from schemas.circular import CircularCase
from schemas.deadline import At, Deadline, WorkingDays
from schemas.form import FormContext
from schemas.measures import (
    MEASURES,
    SAVED,
    SOURCE_TH,
    Activity,
    ActivityChoice,
    ActivityLine,
    ActivityPlan,
    CriteriaIssued,
    MeasuresCase,
    MeasuresOffice,
    MeasuresPlan,
    MonthOfYear,
    PlanApproval,
    PlanRevision,
    SixCounting,
    Source,
    plan_form_of,
)
from schemas.measures_report import MeasuresOutcome, ReportAsked
from schemas.organisation import Duty
from schemas.weekly import ReviewDecision
from tasks.measures import ask_month, close_year, keep_plan, look_up_measures, print_month

Months = dict[str, Branch[None]]
YEAR_OVER, CRITERIA = "year_over", "criteria"


@process(
    "efficiency-measures", title_th="มาตรการปรับปรุงประสิทธิภาพในการปฏิบัติราชการของจังหวัด", data=MeasuresCase,
    result=MeasuresOutcome,
)  # fmt: skip
async def efficiency_measures(case: Case[MeasuresCase]) -> MeasuresOutcome:
    """The heads are told, months are reported on whether or not there is a plan; criteria make new versions of it."""
    data = case.data
    office = await case.step("look_up", look_up_measures, data)
    told = case.fork("tell", heads_told(case, office))
    months: Months = {
        month.key: case.fork("month", reported(case, office, month), of=month.key) for month in office.months
    }
    plan = await planned(case, office)
    while (issued := await criteria_before_the_end(case, months)) is not None:
        plan = await revised(case, office, plan, issued)
    await told
    return await case.step("close_year", close_year, data, office)


async def heads_told(case: Case[MeasuresCase], office: MeasuresOffice) -> None:
    """The letter goes to the heads of all agencies of the province (S3); the plan does not wait for their receipts."""
    data = case.data
    circular = CircularCase(
        sender=data.office, issuer=data.province, letter=data.letter, recipients=data.recipients,
        due=office.receipts_due, files=data.enclosed,
    )  # fmt: skip
    title = f"หนังสือเวียน {data.letter.no} {data.letter.subject}"
    await case.call("notify", "circular", circular, case_id=f"circular-{case.id}", title=title)


# --- the plan ----------------------------------------------------------------------------------------------


async def planned(case: Case[MeasuresCase], office: MeasuresOffice) -> MeasuresPlan:
    """The first version: twelve activities, with the six measures among them or beside them (S3, 1.1 and 2.2)."""
    data, due = case.data, At(moment=case.data.plan_due)
    facts = facts_of_case(data, office)
    counting = await case.hand_off(
        "count_six", to=data.office, form=SixCounting, due=due, asked_by=office.central_th,
        context=FormContext(facts=facts, files=data.attachments),
    )  # fmt: skip
    choice = await case.hand_off(
        "choose", to=data.office, form=ActivityChoice, due=due, asked_by=office.central_th,
        context=FormContext(
            facts=(*facts, ("จำนวนกิจกรรมจาก 5 ประเภทเรื่อง", "6" if counting.counted else "12")),
            prefill={"activities": [line.model_dump(mode="json") for line in six(data)]},
            choices={"owners": office.owners}, files=data.attachments, limits={"counted": counting.counted},
        ),
    )  # fmt: skip
    chosen = keyed(choice.activities)
    plans = await case.all_of(
        "plan_activity",
        {key: asked_for(case, office, "plan_activity", key, line, due) for key, line in chosen.items()},
    )
    activities = tuple(Activity(key=key, plan=plans[key], **dict(line)) for key, line in chosen.items())
    return await approved(case, office, activities, counted=counting.counted, version=1, due=due)


async def revised(
    case: Case[MeasuresCase], office: MeasuresOffice, plan: MeasuresPlan, issued: CriteriaIssued
) -> MeasuresPlan:
    """The office names the activities that the criteria concern, their owners plan anew, the governor approves."""
    due = WorkingDays(days=office.step_days)
    revision = await case.hand_off(
        "revise", to=case.data.office, form=PlanRevision, due=due, asked_by=office.central_th,
        context=FormContext(
            facts=(*facts_of_case(case.data, office), ("หลักเกณฑ์ตามหนังสือ", issued.reference)), note=issued.text,
            choices={"activities": named(plan.activities)}, files=(*plan.papers, *papers_of(case.data, issued)),
        ),
    )  # fmt: skip
    activities = await corrected(
        case, office, "adapt", plan.activities, revision.activities, due,
        note="\n".join((issued.text, revision.note)), criteria=issued,
    )  # fmt: skip
    return await approved(
        case, office, activities, counted=plan.counted, version=plan.version + 1, criteria=issued, due=due
    )


async def approved(
    case: Case[MeasuresCase], office: MeasuresOffice, activities: tuple[Activity, ...], *, counted: bool, version: int,
    due: Deadline, criteria: CriteriaIssued | None = None,
) -> MeasuresPlan:  # fmt: skip
    """The governor approves, or returns what has to be corrected; then the plan goes to สำนักงาน ก.พ.ร."""
    data = case.data
    while True:
        approval = await case.hand_off(
            "approve", to=Lane(unit=data.province, duty=Duty.HEAD), form=PlanApproval, due=due,
            asked_by=office.office_th,
            context=FormContext(
                facts=(*facts_of_case(data, office), *facts_of_plan(activities, office, counted=counted)),
                note=f"แผนฉบับที่ {version}" if version > 1 else "", choices={"activities": named(activities)},
                files=papers_of(data, criteria),
            ),
        )  # fmt: skip
        if approval.decision is ReviewDecision.APPROVE:
            return await case.step("keep_plan", keep_plan, data, office, activities, counted, version, criteria)
        activities = await corrected(
            case, office, "correct", activities, approval.activities, due, note=f"ส่งคืนแก้ไข: {approval.comment}",
            criteria=criteria,
        )  # fmt: skip


async def corrected(
    case: Case[MeasuresCase], office: MeasuresOffice, element: str, activities: tuple[Activity, ...],
    keys: tuple[Identifier, ...], due: Deadline, *, note: str, criteria: CriteriaIssued | None,
) -> tuple[Activity, ...]:  # fmt: skip
    """Those who are in charge of these activities plan them anew."""
    again = {activity.key: activity for activity in activities if activity.key in keys}
    plans = await case.all_of(
        element,
        {
            key: asked_for(case, office, element, key, of, due, note=note, before=of.plan, criteria=criteria)
            for key, of in again.items()
        },
    )  # fmt: skip
    return planned_anew(activities, plans)


def asked_for(
    case: Case[MeasuresCase], office: MeasuresOffice, named_as: str, key: Identifier, of: ActivityLine | Activity,
    due: Deadline, *, note: str = "", before: ActivityPlan | None = None, criteria: CriteriaIssued | None = None,
) -> HandOff[ActivityPlan]:  # fmt: skip
    """Who is in charge plans the activity; from `before`, where it is planned anew."""
    months = start_months(of.source, case.data.fiscal_year)
    default = {"start": f"{months[0]:%Y-%m}"} if len(months) == 1 else {}
    return case.hand_off(
        named_as, of=key, to=of.owner, form=plan_form_of(of.source), due=due, asked_by=office.office_th,
        title=f"{'ปรับ' if before else 'จัดทำ'}แผนของกิจกรรม {of.th}",
        context=FormContext(
            facts=(
                *facts_of_case(case.data, office), ("กิจกรรม", of.th), ("มาตรการหรือประเภทเรื่อง", source_th(of.source)),
                *((("ประหยัดไม่น้อยกว่า", f"ร้อยละ {office.saving_percent:f}"),) if of.source in SAVED else ()),
            ),
            note=note, prefill=before.model_dump(mode="json") if before else default,
            choices={"months": tuple((f"{month:%Y-%m}", month_th(month)) for month in months)},
            limits={"saving_percent": str(office.saving_percent)}, files=papers_of(case.data, criteria),
        ),
    )  # fmt: skip


def papers_of(data: MeasuresCase, criteria: CriteriaIssued | None) -> tuple[AttachedFile, ...]:
    """What the plan rests on: the criteria that make a new version of it, and the letter that ordered the measures."""
    return (*(criteria.files if criteria else ()), *data.attachments)


def six(data: MeasuresCase) -> tuple[ActivityLine, ...]:
    """The lines of the six measures as a proposal: energy for its office, the rest for the province's office."""
    return tuple(
        ActivityLine(
            source=source, th=SOURCE_TH[source],
            owner=data.energy_office if source is Source.ENERGY else data.office,
        )
        for source in MEASURES
    )  # fmt: skip


def named(activities: tuple[Activity, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((activity.key, activity.th) for activity in activities)


# --- criteria, and the months ------------------------------------------------------------------------------


async def criteria_before_the_end(case: Case[MeasuresCase], months: Months) -> CriteriaIssued | None:
    """Written criteria of สำนักงาน ก.พ.ร.; None when all months are reported on (S3, 4)."""
    awaited = case.receive(CRITERIA, CriteriaIssued, waiting_th="รอหลักเกณฑ์จากสำนักงาน ก.พ.ร. หรือสิ้นปีงบประมาณ")
    first = await case.race("criteria_or_over", {CRITERIA: awaited, YEAR_OVER: everyone(months.values())})
    return first.value if first.name == CRITERIA else None


async def reported(case: Case[MeasuresCase], office: MeasuresOffice, month: MonthOfYear) -> None:
    """A month: what the plan asks for by then is reported before the 3rd, and goes on without the late (S3, 3.2)."""
    await case.until("month_opens", month.opens)
    asked = await case.step("ask_month", ask_month, case.data, month)
    reports = {each.key: case.fork("report", report(case, office, month, each), of=each.key) for each in asked.reports}
    await case.race("reported_or_due", {"reported": everyone(reports.values()), "due": over(case, month.due)})
    await case.step("print_month", print_month, case.data, office, month)
    await everyone(reports.values())


async def over(case: Case[MeasuresCase], due: datetime) -> None:
    await case.until("month_due", due)


async def report(case: Case[MeasuresCase], office: MeasuresOffice, month: MonthOfYear, asked: ReportAsked) -> None:
    """One activity in one month."""
    await case.hand_off(
        "report_month", to=asked.unit, form=asked.form, due=At(moment=month.due), asked_by=office.office_th,
        title=f"{asked.form.title_th.removesuffix('ประจำเดือน')} {month_th(month.first_day)}: {asked.th}",
        context=FormContext(
            facts=facts_of_report(case.data, office, month, asked),
            limits={"activity": asked.key, "month": month.key, "version": asked.version},
        ),
    )  # fmt: skip
