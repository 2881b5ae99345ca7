"""What stands above the forms of the six measures, in Thai."""

from __future__ import annotations

from rules.measures import month_th, source_th
from rules.thai import thai_moment
from schemas.form import Facts
from schemas.measures import (
    CANCELLED_TH,
    SAVED,
    Activity,
    MeasuresCase,
    MeasuresOffice,
    MonthOfYear,
    Source,
)
from schemas.measures_report import ReportAsked


def facts_of_case(data: MeasuresCase, office: MeasuresOffice) -> Facts:
    return (
        ("จังหวัด", office.province_th), ("ปีงบประมาณ", f"พ.ศ. {data.fiscal_year}"),
        *((("หนังสือสั่งการ", data.order),) if data.order else ()),
        ("ส่งแผนถึงสำนักงาน ก.พ.ร.", thai_moment(data.plan_due)),
    )  # fmt: skip


def facts_of_plan(activities: tuple[Activity, ...], office: MeasuresOffice, *, counted: bool) -> Facts:
    """The activities a line each, for the governor; then what holds of the former groups."""
    owners = dict(office.owners)
    lines: Facts = tuple(
        (
            f"กิจกรรมที่ {place}",
            f"{_named(activity)} · {owners.get(activity.owner, activity.owner)} · "
            f"เริ่ม {month_th(activity.start)}{_target(activity)}",
        )
        for place, activity in enumerate(activities, start=1)
    )
    counts = "นับเป็น 6 ใน 12 กิจกรรม" if counted else "ไม่นับ แต่ยังดำเนินการครบทั้ง 6 เรื่อง"
    return (("มาตรการ 6 เรื่องในตัวชี้วัดที่ 4.2", counts), *lines, ("หมายเหตุ", CANCELLED_TH))


def _named(activity: Activity) -> str:
    """A measure that is named as the order names it is not named twice."""
    source = source_th(activity.source)
    return source if activity.th == source else f"{activity.th} · {source}"


def _target(activity: Activity) -> str:
    if activity.source is Source.ENERGY:
        return ""
    if activity.source in SAVED:
        return f" · ประหยัดร้อยละ {activity.target:f}"
    return f" · {activity.target:f} {activity.plan.unit_of_measure}"


def facts_of_report(data: MeasuresCase, office: MeasuresOffice, month: MonthOfYear, asked: ReportAsked) -> Facts:
    plan = f"ฉบับที่ {asked.version}" if asked.version else "ยังไม่ได้รับอนุมัติ"
    return (
        ("จังหวัด", office.province_th), ("ปีงบประมาณ", f"พ.ศ. {data.fiscal_year}"), ("กิจกรรม", asked.th),
        ("มาตรการหรือประเภทเรื่อง", source_th(asked.source)),
        ("เดือนที่รายงาน", month_th(month.first_day)), ("แผน", plan), *asked.said,
    )  # fmt: skip
