"""P6: the month's follow-up for the department's meeting, and the three before each report (S1, slides 28 and 29)."""

from __future__ import annotations

from datetime import datetime

from engine.branches import Branch
from engine.case import Case
from engine.errors import Withdrawn
from engine.process import process
from flows.branches import everyone, known
from flows.wording import thai_list
from rules.attachment import each_once
from rules.calendar import bangkok_date
from rules.follow_up import followed_kpis, limits_of_minute, limits_of_progress, name_th
from rules.thai import thai_date, thai_moment
from schemas.criteria import KpiNumber
from schemas.deadline import At, WorkingDays
from schemas.follow_up import (
    TRAFFIC_LIGHT_TH,
    FollowUpCase,
    FollowUpOffice,
    FollowUpOutcome,
    KpiLight,
    KpiProgress,
    LightTable,
    MeetingMinute,
    Minute,
    ProgressReport,
    TrafficLight,
)
from schemas.form import Facts, FormContext
from schemas.kpi import Kpi
from tasks.follow_up import light_kpis, look_up_follow_up

Reports = dict[KpiNumber, Branch[KpiProgress | None]]


@process(
    "monthly-follow-up", title_th="ติดตามผลการดำเนินงานตามคำรับรอง", data=FollowUpCase, result=FollowUpOutcome,
    result_needed=False,
)  # fmt: skip
async def monthly_follow_up(case: Case[FollowUpCase]) -> FollowUpOutcome:
    """Owners report progress, the lights go to the department's meeting, กพร. keys its minute.

    The meeting does not wait: who has not reported by the due day is shown as such, and may until the minute is keyed.
    """
    data = case.data
    opened = await case.step("look_up", look_up_follow_up, data)
    office = opened.office
    await case.until("opens", opened.opens)
    reports: Reports = {
        kpi.number: case.fork("reports", reported(case, opened, kpi), of=kpi.number) for kpi in followed_kpis(data)
    }
    await case.race("reported_or_due", {"reported": everyone(reports.values()), "due": reached(case, opened.due)})
    agenda = await case.step("light", light_kpis, data, opened, given(reports), "agenda")

    meeting = case.hand_off(
        "minute", to=office.psdg, form=MeetingMinute, due=WorkingDays(days=office.policy.step_days),
        asked_by=office.agency_th, title=f"บันทึกรายงานการประชุมกรม: การติดตาม{name_th(data)}",
        context=FormContext(
            facts=(*facts_of(case, opened), *facts_of_agenda(opened, agenda)),
            files=each_once(file for report in given(reports) for file in report.attachments),
            limits=limits_of_minute(bangkok_date(opened.opens)),
        ),
    )  # fmt: skip
    said = await meeting
    for branch in reports.values():
        await case.end("close_report", branch, reason=f"กพร. บันทึกรายงานการประชุมกรมวันที่ {thai_date(said.held_on)} แล้ว")
    final = await case.step("close_follow_up", light_kpis, data, opened, given(reports), "minuted")
    return FollowUpOutcome(
        month=data.month, round=data.round, purpose=opened.purpose, as_of=opened.as_of, elapsed=opened.elapsed,
        agenda=agenda, final=final, missing=final.missing,
        minute=Minute(by=meeting.actor, at=meeting.at, **dict(said)),
    )  # fmt: skip


async def reported(case: Case[FollowUpCase], opened: FollowUpOffice, kpi: Kpi) -> KpiProgress | None:
    """The main holder of a KPI reports; None when the work was withdrawn from outside."""
    office = opened.office
    asked = case.hand_off(
        "progress", to=office.holder_of(kpi), form=ProgressReport, due=At(moment=opened.due), asked_by=office.psdg_th,
        title=f"รายงานความก้าวหน้าตัวชี้วัดที่ {kpi.number} การติดตาม{name_th(case.data)}",
        context=FormContext(
            facts=(*facts_of(case, opened), ("ตัวชี้วัด", f"{kpi.number} {kpi.th}"), *facts_of_target(kpi)),
            limits=limits_of_progress(opened.elapsed, office.policy),
        ),
    )  # fmt: skip
    try:
        said = await asked
    except Withdrawn:
        return None
    return KpiProgress(number=kpi.number, by=asked.actor, at=asked.at, **said.model_dump())


async def reached(case: Case[FollowUpCase], due: datetime) -> None:
    """In a branch of its own: where no KPI is active the race is decided before a timer would be set."""
    await case.until("due", due)


def given(reports: Reports) -> tuple[KpiProgress, ...]:
    """What is reported as far as the run knows; what a step makes of it is recorded."""
    return known(reports.values())


# --- wording -----------------------------------------------------------------------------------------------


def facts_of(case: Case[FollowUpCase], opened: FollowUpOffice) -> Facts:
    """What owners and the meeting must know of the follow-up."""
    return (
        ("ส่วนราชการ", opened.office.agency_th),
        ("การติดตาม", f"{name_th(case.data)} ปีงบประมาณ พ.ศ. {case.data.fiscal_year}"),
        *((("วัตถุประสงค์", opened.purpose),) if opened.purpose else ()),
        ("ระยะเวลาที่ผ่านไปของปีงบประมาณ", f"ร้อยละ {opened.elapsed} (ก่อนวันที่ {thai_date(opened.as_of)})"),
    )


def facts_of_target(kpi: Kpi) -> Facts:
    if kpi.target is None:
        return ()
    return (("ค่าเป้าหมาย", f"{kpi.target.normalize():f} {kpi.unit_of_measure}".strip()),)


def facts_of_agenda(opened: FollowUpOffice, table: LightTable) -> Facts:
    """The agenda item: how many of each light, then every KPI on a line of its own."""
    counted = (f"{TRAFFIC_LIGHT_TH[light]} {count}" for light, count in table.counts.items() if count)
    return (
        ("กำหนดรายงาน", thai_moment(opened.due)),
        ("สรุปสถานะ", thai_list(counted) or "ไม่มีตัวชี้วัดที่ต้องติดตาม"),
        *((f"ตัวชี้วัดที่ {each.number}", light_th(opened, each)) for each in table.lights),
    )


def light_th(opened: FollowUpOffice, each: KpiLight) -> str:
    """«เหลือง (ล่าช้ากว่าแผน) ร้อยละ 30 – กองคลัง ปัญหา: …»."""
    said = f"{each.th} – {opened.office.unit_th(each.unit)}: {TRAFFIC_LIGHT_TH[each.light]}"
    report = each.progress
    if each.light is TrafficLight.UNREPORTED or report is None:
        return said
    said += f" ร้อยละ {report.percent.normalize():f}"
    more = (("ดำเนินการแล้ว", report.done), ("ปัญหา", report.problem), ("ขั้นต่อไป", report.next_step))
    return " · ".join((said, *(f"{label}: {text}" for label, text in more if text)))
