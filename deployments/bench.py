"""`sangkan bench`: how fast it is and what it costs, on this machine, with nothing left behind."""

from __future__ import annotations

import asyncio
import os
import platform
import signal
import sys
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from cyclopts import App, Parameter
from cyclopts.types import PositiveInt
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from deployments.bench_audit import Audited
    from deployments.bench_conformance import Compared
    from deployments.bench_pages import Waited
    from deployments.bench_peak import Peak
    from deployments.bench_result import Bar
    from deployments.bench_scale import Standing
    from deployments.bench_transition import Cost

app = App(name="bench", help_format="plaintext")
console = Console()
POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"
PLAIN_PREFECT = {"transitions per second": 2.0, "API calls per transition": 12.0}
"""What `suspend_flow_run` and Prefect's own worker came to on two cores (docs/performance.md)."""
AUDITED = 20_000.0
"""Events a second that one process must verify, and replay."""
CASE_PAGE_MS = 300.0
"""Milliseconds within which an auditor sees the page of a case."""
T = TypeVar("T")

Database = Literal["postgresql", "sqlite"]
OnDatabase = Annotated[Database, Parameter(help="ฐานข้อมูลของบัญชีประวัติและของ Prefect · Database of ledger and Prefect.")]
Postgres = Annotated[str, Parameter(help="เซิร์ฟเวอร์ที่สร้างฐานข้อมูลชั่วคราว · Where temporary databases are created.")]
Servers = Annotated[PositiveInt, Parameter(help="จำนวนโพรเซสของ Prefect · Processes of the Prefect server.")]


@app.command(name="weekly-peak")
def weekly_peak(
    *,
    directives: Annotated[PositiveInt, Parameter(help="จำนวนรายงาน · Reports handed in at once.")] = 1000,
    json: Annotated[Path | None, Parameter(help="แฟ้มผลลัพธ์ · Where to write the result.")] = None,
    database: OnDatabase = "postgresql",
    postgres: Postgres = POSTGRES,
    prefect_servers: Servers = 1,
) -> None:
    """ทุกสำนัก/กองส่งรายงานพร้อมกัน · All divisions hand in at once, through HTTP; the next mails are awaited."""
    from deployments.bench_peak import weekly_peak as measure

    peak = _run(measure(directives, database, postgres, servers=prefect_servers, say=_say))
    if json is not None:
        json.write_text(peak.result.model_dump_json(indent=2) + "\n", encoding="utf-8")
    _show_peak(peak)


@app.command
def transition(
    *,
    cases: Annotated[PositiveInt, Parameter(help="จำนวนเรื่อง · Cases that are woken at once.")] = 40,
    database: OnDatabase = "postgresql",
    postgres: Postgres = POSTGRES,
    prefect_servers: Servers = 1,
) -> None:
    """ต้นทุนของการปลุกเรื่องหนึ่งครั้ง · What one run transition costs: API calls, statements, processor time."""
    from deployments.bench_transition import transitions

    _show_cost(_run(transitions(cases, database, postgres, servers=prefect_servers, say=_say)))


@app.command
def scale(
    *,
    rounds: Annotated[PositiveInt, Parameter(help="จำนวนรอบ · Rounds of twenty reports each.")] = 10,
    database: OnDatabase = "postgresql",
    postgres: Postgres = POSTGRES,
) -> None:
    """งานค้างหนึ่งแสนชิ้นเทียบกับหนึ่งพันชิ้น · 100,000 open hand-offs in 500 cases beside 1,000 in 20."""
    from deployments.bench_scale import scale as measure

    _show_scale(*_run(measure(database, postgres, rounds=rounds, say=_say)))


@app.command
def audit(
    *,
    weeks: Annotated[PositiveInt, Parameter(help="จำนวนสัปดาห์ · Reporting weeks.")] = 50,
    each: Annotated[PositiveInt, Parameter(help="รายงานต่อสัปดาห์ · Reports of each.")] = 200,
    passes: Annotated[PositiveInt, Parameter(help="ทำซ้ำกี่รอบ ใช้ค่ากลาง · Passes, of which the middle one counts.")] = 5,
    database: OnDatabase = "sqlite",
    postgres: Postgres = POSTGRES,
) -> None:
    """ความเร็วของการตรวจสอบและดำเนินซ้ำ · Events verified and replayed a second, by one process."""
    from deployments.bench_audit import audit_speed

    _show_audit(_run(audit_speed(database, postgres, weeks=weeks, each=each, passes=passes, say=_say)))


@app.command(name="audit-pages")
def audit_pages(
    *,
    events: Annotated[PositiveInt, Parameter(help="จำนวนเหตุการณ์ในบัญชีประวัติ · Events in the ledger.")] = 200_000,
    each: Annotated[PositiveInt, Parameter(help="รายงานของสัปดาห์ที่วัด · Reports of the week that is measured.")] = 500,
    postgres: Postgres = POSTGRES,
) -> None:
    """หน้าของผู้ตรวจสอบเมื่อประวัติมีมาก · Auditors' pages in a large ledger, beside the same in a small one."""
    from deployments.bench_pages import audit_pages as measure

    _show_pages(*_run(measure(postgres, events=events, each=each, say=_say)))


@app.command
def conformance(
    *, cases: Annotated[PositiveInt, Parameter(help="จำนวนเรื่องที่ปิดแล้ว · Closed directives that are compared.")] = 1000
) -> None:
    """เทียบเรื่องที่ปิดแล้วกับแบบจำลองที่อนุมัติ · Closed cases are played on their approved models."""
    from deployments.bench_conformance import conformance as measure

    _show_compared(_run(measure(cases, say=_say)))


def _run(work: Coroutine[Any, Any, T]) -> T:
    """A SIGTERM unwinds like Ctrl-C, so that databases and processes are cleaned up."""
    import uvloop

    async def until_terminated() -> T:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    return uvloop.run(until_terminated())


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


# --- tables ------------------------------------------------------------------------------------------------


def _show_peak(peak: Peak) -> None:
    from deployments.bench_result import bars

    result = peak.result
    title = f"{result.engine}, {result.database}: {result.directives} directives, {result.clients} clients"
    console.print(_table(title, {
        "accepted, 1/s": f"{result.accepted_per_second:,.0f}",
        "accepting p50 / p95, ms": f"{result.accept_p50_ms:,.0f} / {result.accept_p95_ms:,.0f}",
        "to the next mail p95, ms": f"{result.mail_p95_ms:,.0f}",
        "last mail after the last form, s": f"{result.last_mail_after_last_submission_s:.1f}",
        "Prefect runs": f"{peak.runs} ({result.runs_per_100:g} per 100)",
        "refused": f"{result.refused}",
    }))  # fmt: skip
    table = Table("process", "peak memory, MB", "CPU per form, ms")
    for name, mb in result.peak_memory_mb.items():
        table.add_row(name, f"{mb:,.0f}", f"{peak.cpu_ms.get(name, 0.0):.1f}")
    console.print(table)
    _show_bars(bars(result))
    console.print(f"{_machine()}; {'; '.join(result.notes)}")


def _show_bars(found: tuple[Bar, ...]) -> None:
    for bar in found:
        verdict = "[green]cleared[/]" if bar.is_cleared else "[red]not cleared[/]"
        console.print(f"{verdict}  {bar.label}: {bar.measured:,.1f} ({bar.wanted})")


def _show_cost(cost: Cost) -> None:
    from deployments.bench_counts import API, EVENT, STATEMENT, TRANSACTION

    calls = cost.per_transition(API)
    lines = {
        "transitions per second": f"{cost.per_second:.1f} (plain Prefect: {PLAIN_PREFECT['transitions per second']:g})",
        "API calls": f"{sum(calls.values()):.1f} (plain Prefect: {PLAIN_PREFECT['API calls per transition']:g})",
        **{f"    {name}": f"{n:.2f}" for name, n in calls.items()},
        "events": f"{sum(cost.per_transition(EVENT).values()):.1f}",
        "ledger statements": f"{sum(cost.per_transition(STATEMENT).values()):.1f}",
        "ledger commits": f"{cost.per_transition(TRANSACTION).get('commit', 0.0):.1f}",
        **{f"CPU of the {name}, ms": f"{1000 * s / cost.transitions:.0f}" for name, s in cost.cpu_s.items()},
    }
    console.print(
        _table(f"one of {cost.transitions} run transitions in {cost.seconds:.1f} s, idle loops included", lines)
    )
    console.print(_machine())


def _show_scale(small: Standing, large: Standing) -> None:
    from deployments.bench_result import Bar

    table = Table("", "worker, MB", "accepting p50, ms", "accepting p95, ms")
    for each in (small, large):
        title = f"{each.size.hand_offs:,} hand-offs in {each.size.cases} cases"
        table.add_row(title, f"{each.worker_mb:,.0f}", f"{each.median_ms:.1f}", f"{each.p95_ms:.1f}")
    console.print(table)
    _show_bars((
        Bar(label="memory of the worker, large / small", measured=large.worker_mb / small.worker_mb, limit=1.2),
        Bar(label="accepting p50, large / small", measured=large.median_ms / small.median_ms, limit=1.2),
    ))  # fmt: skip
    console.print(_machine())


def _show_audit(done: Audited) -> None:
    from deployments.bench_result import Bar

    names = ("events a second", "median", "first", "best", "median, of processor time")
    table = Table(*names, title=f"{done.verified.events:,} events in {done.cases:,} cases, one process")
    for name, passes in (("verified", done.verified), ("replayed", done.replayed)):
        found = (passes.per_second, passes.first_per_second, passes.best_per_second, passes.per_cpu_second)
        table.add_row(f"{name}, {len(passes.seconds)} passes", *(f"{each:,.0f}" for each in found))
    console.print(table)
    console.print(f"first anchor {done.first_anchor_s:.2f} s; next, one case changed, {done.next_anchor_s:.3f} s")
    _show_bars((
        Bar(label="verified events a second", measured=done.verified.per_second, limit=AUDITED, at_least=True),
        Bar(label="replayed events a second", measured=done.replayed.per_second, limit=AUDITED, at_least=True),
    ))  # fmt: skip
    console.print(_machine())


def _show_pages(small: Waited, large: Waited) -> None:
    from deployments.bench_result import Bar

    title = f"{small.events:,} events beside {large.events:,}"
    table = Table("page", "small, p50 / p95, ms", "large, p50 / p95, ms", title=title)
    for page in large.pages:
        before = small.of(page.name)
        table.add_row(page.name, f"{before.p50:,.0f} / {before.p95:,.0f}", f"{page.p50:,.0f} / {page.p95:,.0f}")
    console.print(table)
    of_cases = [page for page in large.pages if page.name.startswith("a ")]
    _show_bars((
        *(Bar(label=f"{page.name} p95, ms", measured=page.p95, limit=CASE_PAGE_MS) for page in of_cases),
        *(Bar(label=f"{page.name} p50, large / small", measured=page.p50 / small.of(page.name).p50, limit=1.5)
          for page in of_cases),
    ))  # fmt: skip
    console.print(f"{large.cases:,} cases; {_machine()}")


def _show_compared(found: Compared) -> None:
    from deployments.bench_result import Bar

    console.print(_table(f"{found.cases:,} closed directives, {found.events:,} events, SQLite", {
        "compared in, s": f"{found.seconds:.1f}", "a case, ms": f"{found.ms_per_case:.1f}",
        "depart from their models": f"{found.deviating}",
    }))  # fmt: skip
    _show_bars((Bar(label="1,000 closed directives, s", measured=found.ms_per_case, limit=60.0),))
    console.print(_machine())


def _table(title: str, lines: Mapping[str, str]) -> Table:
    table = Table(title=title, title_justify="left", show_header=False)
    for name, value in lines.items():
        table.add_row(name, value)
    return table


def _machine() -> str:
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"{system}, load {load}"
