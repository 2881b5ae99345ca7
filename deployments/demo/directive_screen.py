"""What the directive's rehearsal shows: each week's moments and register."""

from __future__ import annotations

from rich.table import Table

from deployments.demo.directive_findings import DirectiveFindings, WeekFound
from deployments.demo.screen import Screen
from rules.thai import thai_moment
from rules.week import week_label_th
from schemas.directive import LEVEL_NUMBER, LEVEL_TH, Level
from schemas.weekly import SnapshotRow, Timeliness


def show_weeks(screen: Screen, found: DirectiveFindings) -> None:
    for week in sorted(found.weeks.values(), key=lambda week: week.snapshot.week.friday):
        screen.console.print(f"\n{_heading(week)}")
        screen.console.print(_register(week))


def _heading(week: WeekFound) -> str:
    plan = week.snapshot.week
    delivered = thai_moment(week.delivered_at) if week.delivered_at else "–"
    reviewed = "สนย. ตรวจทานแล้ว" if week.reviewed else "ยังไม่ได้ตรวจทาน"
    return (
        f"[bold]{week_label_th(plan)}[/]\n  ปิดรับรายงาน     {thai_moment(plan.cut_off)}\n"
        f"  รายงานถึงรัฐมนตรี  {delivered} ({reviewed})"
    )


def _register(week: WeekFound) -> Table:
    snapshot, table = week.snapshot, Table()
    for column in ("ระดับ", "จำนวน", "ทันกำหนด", "ไม่รายงาน"):
        table.add_column(column, justify="left" if column in {"ระดับ", "ไม่รายงาน"} else "right")
    for level in Level:
        rows = snapshot.at_level(level)
        missing = [row for row in rows if row.timeliness is Timeliness.MISSING]
        table.add_row(
            f"{LEVEL_NUMBER[level]} {LEVEL_TH[level]}", str(len(rows)), str(len(rows) - len(missing)),
            "\n".join(map(_name, missing)) or "–",
        )  # fmt: skip
    for addendum in snapshot.late_addenda:
        table.add_row("[yellow]รายงานล่าช้าของสัปดาห์ก่อน[/]", "", "", _name(addendum.row))
    return table


def _name(row: SnapshotRow) -> str:
    return f"{row.directive.no} {row.directive.title} ({row.agency_th})"
