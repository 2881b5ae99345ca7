"""What the framework's rehearsal shows: every province, from its draft to the volume that prints it."""

from __future__ import annotations

from rich.table import Table

from deployments.demo.framework_findings import FrameworkFindings
from deployments.demo.screen import Screen
from rules.calendar import bangkok_date
from rules.thai import thai_date


def show_provinces(screen: Screen, found: FrameworkFindings) -> None:
    table = Table(title="ตัวชี้วัดจังหวัด ปีงบประมาณ พ.ศ. 2563", title_justify="left")
    for column in ("จังหวัด", "ตัวชี้วัด", "ส่งร่าง", "คำแนะนำ", "ปรับปรุง", "เห็นชอบ", "เล่มที่"):
        table.add_column(column, justify="right" if column in {"ตัวชี้วัด", "ปรับปรุง", "เล่มที่"} else "left")
    for province in found.provinces.values():
        drafted = thai_date(bangkok_date(province.drafted_at), style="short")
        table.add_row(
            province.th, str(province.kpis), f"[yellow]{drafted} ล่าช้า[/]" if province.drafted_late else drafted,
            "มี" if province.advised else "–", str(province.revisions or "–"),
            thai_date(bangkok_date(province.adopted_at), style="short"), str(province.volume),
        )  # fmt: skip
    screen.console.print("", table)
