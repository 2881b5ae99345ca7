"""Steps of the six measures of a province (P12): what holds is read in the ledger, nobody has to wait for it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from engine.step import Step, step_task
from ledger import cases, reading
from ledger.work import Work
from reports.measures import month_pdf, plan_pdf, year_pdf
from reports.measures_workbook import plan_xlsx
from rules.deadline import is_late, resolve
from rules.measures import (
    baseline_of,
    calendar_months,
    completed_in,
    is_asked,
    month_th,
    output_of,
    reports_of,
    saved_in_year,
)
from rules.notices import measures_sent
from rules.thai import file_date, thai_fiscal_year
from schemas.base import Identifier
from schemas.deadline import WorkingDays
from schemas.form import FORMS, Facts
from schemas.measures import (
    ALL_YEAR,
    SAVED,
    SOURCE_TH,
    Activity,
    CriteriaIssued,
    MeasuresCase,
    MeasuresOffice,
    MeasuresPlan,
    MonthOfYear,
    Source,
)
from schemas.measures_report import (
    MeasuresOutcome,
    MonthAsked,
    MonthlyReport,
    MonthPrinted,
    ReportAsked,
)
from schemas.organisation import Duty
from tasks.letterhead import house_style
from tasks.papers import FLOW, PDF, XLSX, Paper, bind, file_name


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ledger holds of a case."""

    plans: tuple[MeasuresPlan, ...]
    reports: tuple[MonthlyReport, ...]
    asked: dict[str, set[Identifier]]
    """Activities that were asked for, by month."""

    @property
    def plan(self) -> MeasuresPlan | None:
        """The version that holds."""
        return self.plans[-1] if self.plans else None


async def standing(step: Step) -> Standing:
    async with step.runtime.ledger.read() as connection:
        events = await reading.history(connection, step.case_id)
        work = [w for w in await reading.hand_offs_of_case(connection, step.case_id) if w.element == "report_month"]
        answers = await reading.answers(connection, work)
    plans = [e.content["result"] for e in events if e.kind == "step:done" and e.content["element"] == "keep_plan"]
    reports = [
        MonthlyReport.model_validate(
            {
                "key": each.context.limits["activity"], "month": f"{each.context.limits['month']}-01",
                "version": each.context.limits["version"], "at": each.closed_at, "late": each.late,
                "form": FORMS[each.form].model_validate(answers[each.id]),
            }
        )
        for each in work
        if each.id in answers
    ]  # fmt: skip
    asked: dict[str, set[Identifier]] = {}
    for each in work:
        asked.setdefault(each.context.limits["month"], set()).add(each.context.limits["activity"])
    return Standing(tuple(map(MeasuresPlan.model_validate, plans)), tuple(reports), asked)


@step_task("ตรวจสอบหน่วยงานและกำหนดเวลาของปี")
async def look_up_measures(step: Step, data: MeasuresCase) -> MeasuresOffice:
    """:raises UnknownUnit: a unit of the case is not in the organisation."""
    directory, calendar, policy = step.runtime.directory, step.runtime.calendar, step.runtime.policy.measures
    owners = (data.office, *(recipient.unit for recipient in data.recipients))
    return MeasuresOffice(
        province_th=directory.unit(data.province).th, office_th=directory.unit(data.office).th,
        central_th=directory.unit(data.central).th,
        owners=tuple((unit, directory.unit(unit).th) for unit in owners),
        months=calendar_months(data.fiscal_year, policy, calendar),
        receipts_due=resolve(WorkingDays(days=policy.receipt_days), opened_at=step.now, calendar=calendar),
        saving_percent=policy.saving_percent, step_days=policy.step_days,
    )  # fmt: skip


@step_task("บันทึกแผนและส่งสำนักงาน ก.พ.ร.")
async def keep_plan(
    step: Step, data: MeasuresCase, office: MeasuresOffice, activities: tuple[Activity, ...], counted: bool,
    version: int, criteria: CriteriaIssued | None,
) -> MeasuresPlan:  # fmt: skip
    """The approved version is printed and goes to สำนักงาน ก.พ.ร.; one that comes late says so (S3-06)."""
    plan = MeasuresPlan(
        version=version, counted=counted, activities=activities, criteria=criteria, sent_at=step.now,
        late=version == 1 and is_late(step.now, data.plan_due),
    )  # fmt: skip
    style = house_style(step.runtime)
    pdf = await asyncio.to_thread(plan_pdf, data, office, plan, **style)
    xlsx = await asyncio.to_thread(plan_xlsx, data, office, plan, letterhead=style["letterhead"])
    name = file_name("แผน", office.province_th, data.fiscal_year, "ฉบับที่", version)
    papers = bind(step, [Paper(f"{name}.pdf", PDF, pdf), Paper(f"{name}.xlsx", XLSX, xlsx)])
    late = " (ส่งหลังกำหนด)" if plan.late else ""
    subject = f"แผนการดำเนินงาน 12 กิจกรรม {office.province_th} ฉบับที่ {version}{late}"
    said = f"{office.province_th}ส่งแผนการดำเนินงาน 12 กิจกรรมตามตัวชี้วัดที่ 4.2 ฉบับที่ {version} แล้ว{late}"
    _tell(step, data, office, subject, said)

    async def note(work: Work) -> None:
        facts = {"version": version, "late": plan.late}
        await cases.note_phase(work, step.case_id, actor=FLOW, phase="planned", facts=facts)

    step.then(note)
    return plan.replace(papers=papers)


@step_task("ตรวจว่าเดือนนี้ต้องรายงานกิจกรรมใด")
async def ask_month(step: Step, data: MeasuresCase, month: MonthOfYear) -> MonthAsked:
    """By the plan that holds now; before there is one, energy, paper and budget all the same (S3, 1.2 and 3.2)."""
    stands = await standing(step)
    plan = stands.plan
    if plan is None:
        return MonthAsked(
            reports=tuple(
                ReportAsked(key=source.value, source=source, th=SOURCE_TH[source], unit=_keeps(data, source), version=0)
                for source in ALL_YEAR
            )
        )
    return MonthAsked(
        reports=tuple(
            ReportAsked(
                key=activity.key, source=activity.source, th=activity.th, version=plan.version,
                unit=_keeps(data, activity.source, activity.owner), said=_said(activity, month, stands.reports),
            )
            for activity in plan.activities
            if is_asked(activity, month.first_day, stands.reports)
        )
    )  # fmt: skip


def _keeps(data: MeasuresCase, source: Source, owner: str = "") -> str:
    """Who reports: energy always its office (S3-09), else who is in charge; before the plan the province's office."""
    return data.energy_office if source is Source.ENERGY else owner or data.office


def _said(activity: Activity, month: MonthOfYear, reports: tuple[MonthlyReport, ...]) -> Facts:
    """What whoever reports needs to know of the plan."""
    unit = activity.plan.unit_of_measure
    if activity.source is Source.ENERGY:
        return ()
    if activity.source in SAVED:
        baseline = baseline_of(activity, month.first_day)
        return (("ค่าฐานของเดือน", f"{baseline:,f} {unit}"), ("เป้าหมายการประหยัด", f"ร้อยละ {activity.target:f}"))
    last = next(reversed(reports_of(activity.key, reports)), None)
    so_far = f"{output_of(last):,f} {unit}" if last else "ยังไม่เคยรายงาน"
    return (("ผลผลิตตามแผน", f"{activity.target:,f} {unit}"), ("ผลผลิตที่รายงานล่าสุด", so_far))


@step_task("จัดทำรายงานประจำเดือนส่งสำนักงาน ก.พ.ร.")
async def print_month(step: Step, data: MeasuresCase, office: MeasuresOffice, month: MonthOfYear) -> MonthPrinted:
    """What is reported by the 2nd, and who is missing; the late stand in the year's summary."""
    stands = await standing(step)
    here = {report.key for report in stands.reports if report.month == month.first_day}
    missing = tuple(sorted(stands.asked.get(month.key, set()) - here))
    pdf = await asyncio.to_thread(
        month_pdf, data, office, month, stands.plans, stands.reports, missing=missing, dated=step.now,
        **house_style(step.runtime),
    )  # fmt: skip
    name = file_name("รายงาน", office.province_th, file_date(month.first_day)[:7])
    papers = bind(step, [Paper(f"{name}.pdf", PDF, pdf)])
    _tell(
        step, data, office, f"รายงานประจำเดือน{month_th(month.first_day)} {office.province_th}",
        f"{office.province_th}ส่งรายงานผลการดำเนินงานประจำเดือน{month_th(month.first_day)} แล้ว รายงาน {len(here)} กิจกรรม"
        + (f" ยังไม่รายงาน {len(missing)} กิจกรรม" if missing else ""),
    )  # fmt: skip
    return MonthPrinted(papers=papers, missing=missing)


@step_task("สรุปผลทั้งปี")
async def close_year(step: Step, data: MeasuresCase, office: MeasuresOffice) -> MeasuresOutcome:
    """The savings of the year, the outputs that are complete, and who was late."""
    stands = await standing(step)
    activities = stands.plans[-1].activities
    ends = {activity.key: completed_in(activity, stands.reports) for activity in activities}
    counted = [activity.key for activity in activities if activity.source not in ALL_YEAR]
    outcome = MeasuresOutcome(
        plans=stands.plans, saved=tuple(saved_in_year(source, stands.plans, stands.reports) for source in SAVED),
        completed=tuple((key, month) for key in counted if (month := ends[key]) is not None),
        unfinished=tuple(key for key in counted if ends[key] is None), reports=len(stands.reports),
        late=sum(report.late for report in stands.reports), papers=(),
    )  # fmt: skip
    pdf = await asyncio.to_thread(
        year_pdf, data, office, outcome, stands.reports, dated=step.now, **house_style(step.runtime)
    )
    papers = bind(step, [Paper(f"{file_name('สรุปผล', office.province_th, data.fiscal_year)}.pdf", PDF, pdf)])
    said = f"{office.province_th}สรุปผลการดำเนินงานตามมาตรการ 6 เรื่องทั้งปี {thai_fiscal_year(data.fiscal_year)} แล้ว"
    _tell(step, data, office, f"สรุปผลมาตรการ 6 เรื่อง {office.province_th}", said)
    return outcome.replace(papers=papers)


def _tell(step: Step, data: MeasuresCase, office: MeasuresOffice, subject: str, said: str) -> None:
    """สำนักงาน ก.พ.ร. is told that there is something to read in the case."""
    post = step.runtime.post
    notice = measures_sent(
        subject, said, fiscal_year=data.fiscal_year, province_th=office.province_th, office_th=office.office_th,
        central_th=office.central_th, link=f"/cases/{step.case_id}",
    )  # fmt: skip

    async def write(work: Work) -> None:
        holders = post.holders(data.central, Duty.OFFICER)
        post.send(work, step.case_id, holders, f"{step.case_id}:{step.key}", notice)

    step.then(write)
