"""Cases on the terminal, for operators."""

from __future__ import annotations

from rich.table import Column, Table

from deployments.opening import runtime_here
from deployments.recording import record_readings
from deployments.tables import folding, show
from engine.settings import Settings
from ledger import reading
from ledger.cases import CaseView
from ledger.event import Event
from rules.thai import thai_moment

MOST = 10_000


async def print_cases(
    settings: Settings,
    limit: int,
    *,
    process: str | None,
    state: str | None,
    run_state: str | None,
    text: str | None,
) -> None:
    """The latest cases for which all of this holds."""
    async with runtime_here(settings, furnished=False) as runtime, runtime.ledger.read() as connection:
        found = await reading.cases_where(
            connection, limit=MOST if run_state else limit, process=process, state=state, text=text
        )
    wanted = [one for one in found if run_state in {None, one.run_state}]
    show(_table(wanted[:limit]))


def _table(cases: list[CaseView]) -> Table:
    table = folding(Column("รหัส\ncase", no_wrap=True), "เรื่อง\ntitle", "สถานะ\nstate", "run", "รออยู่ที่\nwaits for")
    for one in cases:
        table.add_row(one.id, one.title, one.state, one.run_state, one.run_error or one.waiting_for)
    return table


async def print_case(settings: Settings, case_id: str) -> None:
    """A case and all its events. :raises UnknownCase:"""
    async with runtime_here(settings, furnished=False) as runtime:
        async with runtime.ledger.read() as connection:
            one = await reading.case(connection, case_id)
            events = await reading.history(connection, case_id)
        await record_readings(runtime.ledger, [case_id], "case")
    show(_card(one), _history(events))


def _card(one: CaseView) -> Table:
    rows = {
        "เรื่อง title": one.title,
        "กระบวนงาน process": f"{one.process} v{one.version}",
        "สถานะ state": f"{one.state} {one.phase}",
        "run": f"{one.run_state} {one.flow_run_id or ''}",
        "รออยู่ที่ waits for": one.waiting_for,
        "ข้อผิดพลาด error": one.run_error or "",
        "เปิดเมื่อ opened": thai_moment(one.opened_at),
        "ปิดเมื่อ closed": thai_moment(one.closed_at) if one.closed_at else "",
        "แฮชล่าสุด head": f"{one.head_seq} {one.head_hash}",
    }
    card = folding(title=one.id, show_header=False)
    for label, value in rows.items():
        if value.strip():
            card.add_row(label, value)
    return card


def _history(events: tuple[Event, ...]) -> Table:
    table = folding("#", "เวลา at", "รายการ event", "รหัส key", "โดย actor")
    for event in events:
        table.add_row(str(event.seq), thai_moment(event.at), event.kind, event.key, event.by.name)
    return table
