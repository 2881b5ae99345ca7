"""What the rehearsal of the six measures shows: the provinces side by side, and Samut Sakhon month by month."""

from __future__ import annotations

from collections import Counter

from rich.table import Table

from deployments.demo.measures_findings import MeasuresFindings, ProvinceFound
from deployments.demo.measures_story import PROVINCES, SAMUT_SAKHON, YEAR
from deployments.demo.screen import Screen
from rules.calendar import bangkok_date
from rules.measures import month_th, months_of
from rules.thai import thai_date
from schemas.measures import CATEGORIES, Source


def show_provinces(screen: Screen, found: MeasuresFindings) -> None:
    table = Table(title=f"มาตรการ 6 เรื่อง ปีงบประมาณ พ.ศ. {YEAR}", title_justify="left")
    for column in ("จังหวัด", "ตอบรับ", "กิจกรรม", "ส่งแผน", "รายงาน", "ล่าช้า", "กระดาษ", "งบ", "ครบ"):
        table.add_column(column, justify="left" if column in {"จังหวัด", "ส่งแผน"} else "right", no_wrap=True)
    for province in found.provinces.values():
        outcome, plan = province.outcome, province.plans[-1]
        chosen = sum(activity.source in CATEGORIES for activity in plan.activities)
        sent = thai_date(bangkok_date(province.plans[0].sent_at), style="short").rpartition(" ")[0]
        table.add_row(
            province.th.removeprefix("จังหวัด"), f"{len(province.receipts.received)}/{len(province.letter.recipients)}",
            f"{len(plan.activities) - chosen}+{chosen}", f"[yellow]{sent} ช้า[/]" if province.plans[0].late else sent,
            str(outcome.reports), str(outcome.late), *(_percent(province, place) for place in (0, 1)),
            f"{len(outcome.completed)}/{len(outcome.completed) + len(outcome.unfinished)}",
        )  # fmt: skip
    screen.console.print("", table, "", _months(found.provinces[PROVINCES[0].case]))


def _percent(province: ProvinceFound, place: int) -> str:
    saved = province.outcome.saved[place]
    return f"{'' if saved.met else '[yellow]'}{saved.percent}{'' if saved.met else '[/]'}"


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
