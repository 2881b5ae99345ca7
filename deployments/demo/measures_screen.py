"""What the rehearsal of the six measures shows: the provinces side by side, and Samut Sakhon month by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from rich.table import Table

from deployments.demo.measures_findings import MeasuresFindings, ProvinceFound
from deployments.demo.measures_story import PROVINCES, SAMUT_SAKHON, YEAR
from deployments.demo.screen import Screen
from rules.calendar import bangkok_date
from rules.measures import month_th, months_of
from rules.thai import thai_date
from schemas.measures import CATEGORIES, Source


def show_provinces(screen: Screen, found: MeasuresFindings) -> None:
    provinces = tuple(found.provinces.values())
    table = Table(title=f"มาตรการ 6 เรื่อง ปีงบประมาณ พ.ศ. {YEAR}", title_justify="left")
    table.add_column("")
    for province in provinces:
        table.add_column(province.th, justify="right")
    for name, said in ROWS.items():
        table.add_row(name, *(said(province) for province in provinces))
    screen.console.print("", table, "", _months(found.provinces[PROVINCES[0].case]))


def _sent(province: ProvinceFound) -> str:
    first = province.plans[0]
    at = thai_date(bangkok_date(first.sent_at), style="short")
    return f"[yellow]{at} หลังกำหนด[/]" if first.late else at


def _activities(province: ProvinceFound) -> str:
    activities = province.plans[-1].activities
    chosen = sum(activity.source in CATEGORIES for activity in activities)
    return f"{len(activities) - chosen} + {chosen}"


def _percent(province: ProvinceFound, source: Source) -> str:
    saved = next(each for each in province.outcome.saved if each.source is source)
    return f"{saved.percent}" if saved.met else f"[yellow]{saved.percent} ไม่ถึงเป้าหมาย[/]"


ROWS: Mapping[str, Callable[[ProvinceFound], str]] = {
    "ตอบรับหนังสือ": lambda p: f"{len(p.receipts.received)} จาก {len(p.letter.recipients)}",
    "มาตรการ + กิจกรรมที่เลือก": _activities,
    "ส่งแผนฉบับที่ 1": _sent,
    "แผนฉบับที่ใช้": lambda p: str(p.plans[-1].version),
    "รายงาน (หลังกำหนด)": lambda p: f"{p.outcome.reports} ({p.outcome.late})",
    "ประหยัดกระดาษ ร้อยละ": lambda p: _percent(p, Source.PAPER),
    "ประหยัดงบประมาณ ร้อยละ": lambda p: _percent(p, Source.BUDGET),
    "ผลผลิตครบถ้วน": lambda p: f"{len(p.outcome.completed)} จาก {len(p.outcome.completed) + len(p.outcome.unfinished)}",
}
"""What is told of each province: label, and how it reads."""


def _months(province: ProvinceFound) -> Table:
    table = Table(title=f"รายงานรายเดือน {SAMUT_SAKHON.th}", title_justify="left")
    for column in ("เดือน", "วันสุดท้าย", "กิจกรรม", "แผนฉบับที่", "พลังงานบันทึกเมื่อ"):
        table.add_column(column, justify="right" if column in {"กิจกรรม", "แผนฉบับที่"} else "left")
    counted = Counter(report.month for report in province.reports)
    energy = {report.month: report for report in province.reports if report.activity == Source.ENERGY}
    for month in months_of(YEAR):
        report = energy[f"{month:%Y-%m}"]
        at = thai_date(bangkok_date(report.at), style="short")
        table.add_row(
            month_th(month), thai_date(bangkok_date(report.due), style="short"), str(counted[report.month]),
            str(report.version or "–"), f"[yellow]{at} ล่าช้า[/]" if report.late else at,
        )  # fmt: skip
    return table
