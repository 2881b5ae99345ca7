"""What every rehearsal shows: how it goes on, and in the end the mail, the runs, the checks and the papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from deployments.demo.checks import Check
from deployments.demo.findings import Findings
from deployments.demo.prefect_runs import Runs
from rules.thai import thai_moment

MAIL_TH = {
    "task": "มอบงาน", "reminder": "เตือน", "open_work": "เตือนหลายงาน", "digest": "งานค้างถึงผู้บังคับบัญชา",
    "withdrawn": "ถอนงาน", "minister_report": "รายงานรัฐมนตรี", "invitation": "เชิญผู้ใช้ใหม่", "notice": "แจ้งให้ทราบ",
    "replanned": "เลื่อนกำหนด", "undeliverable": "ส่งไม่ถึง",
}  # fmt: skip


class Screen:
    """Everything that is printed; one console."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def scene(self, moment: datetime, said: str) -> None:
        self.console.print(f"[bold cyan]{thai_moment(moment)}[/]  {said}")

    def took(self, seconds: float) -> None:
        minutes, rest = divmod(round(seconds), 60)
        self.console.print(f"\n[bold]ซ้อมเสร็จใน {minutes} นาที {rest} วินาที[/]")

    def results(self, found: Findings, runs: Runs, checks: Sequence[Check], papers: Iterable[Path]) -> None:
        self.console.print("", _mail(found), "", _runs(runs), "", _checks(checks), sep="\n")
        self.files("เอกสาร", papers)

    def files(self, what: str, paths: Iterable[Path]) -> None:
        self.console.print(f"\n[bold]{what}[/]")
        for path in paths:
            self.console.print(f"  {path}", soft_wrap=True, highlight=False)


def _mail(found: Findings) -> Table:
    table = Table(title=f"อีเมล {len(found.mails)} ฉบับ", title_justify="left")
    table.add_column("เรื่อง")
    table.add_column("ส่งแล้ว", justify="right")
    table.add_column("ไม่ต้องส่ง (งานเสร็จก่อน)", justify="right")
    table.add_column("ไม่สำเร็จ", justify="right")
    counted = Counter((mail.folder, mail.state) for mail in found.mails)
    for folder, name in MAIL_TH.items():
        row = [counted[folder, state] for state in ("sent", "skipped", "failed")]
        if any(row):
            table.add_row(name, *map(str, row))
    return table


def _runs(runs: Runs) -> Table:
    count = len(runs.flow_runs)
    table = Table(title=f"Prefect: {count} flow runs, {runs.task_runs} task runs", title_justify="left")
    table.add_column("flow")
    table.add_column("state")
    table.add_column("runs", justify="right")
    for (process, state), number in sorted(runs.by_process().items()):
        table.add_row(process, state, str(number))
    return table


def _checks(checks: Sequence[Check]) -> Table:
    held = sum(check.holds for check in checks)
    table = Table(title=f"ผลการตรวจ {held}/{len(checks)}", title_justify="left")
    table.add_column("")
    table.add_column("สิ่งที่ตรวจ")
    table.add_column("ผล")
    for check in checks:
        mark = "[green]✓[/]" if check.holds else "[red]✗[/]"
        said = _short(check.found) if check.holds else f"[red]{check.found}[/]\n[dim]ที่คาดไว้:[/] {check.expected}"
        table.add_row(mark, check.what, said)
    return table


def _short(found: str) -> str:
    lines = found.splitlines()
    return found if len(lines) < 2 else f"{len(lines)} รายการ ตรงทั้งหมด"
