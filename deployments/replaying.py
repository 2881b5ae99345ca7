"""`sangkan audit replay`: step by step who knew what when, and whether today's code says the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.markup import escape
from rich.table import Column, Table

import flows
from audit.differences import short
from audit.knowledge import Standing, standing, steps
from audit.offices import offices_of
from audit.replay import Replayed, replay_cases, replay_or_why
from audit.stored import Held, held
from deployments.auditing import SHOWN
from deployments.errors import ReplayDiffers
from deployments.opening import runtime_here
from deployments.recording import record_readings
from deployments.tables import folding, show
from deployments.wording import say
from engine.settings import Settings
from ledger.errors import UnknownCase
from rules.calendar import in_bangkok
from rules.thai import thai_moment

assert flows.__all__, "importing the package has registered the processes"


async def replay_all(settings: Settings, case_ids: Sequence[str]) -> None:
    """Replay cases, all when none is named, and print what differs.

    :raises ReplayDiffers: with exit code 3.
    :raises UnknownCase, NoOrganisation:
    """
    cases = events = openings = mails = outcomes = differing = 0
    async with runtime_here(settings) as runtime:
        async for one in replay_cases(runtime, case_ids or None):
            cases, events = cases + 1, events + one.events
            openings, mails, outcomes = openings + one.openings, mails + one.mails, outcomes + one.outcomes
            differing += not one.same
            _print_differences(one)
    if differing:
        raise ReplayDiffers(cases=differing)
    say("replayed", {"cases": cases, "events": events, "openings": openings, "mails": mails, "outcomes": outcomes})


async def replay_one(settings: Settings, case_id: str, until: datetime | None) -> None:
    """One case step by step; with `until` as it stood then.

    :raises ReplayDiffers, UnknownCase, NoOrganisation:
    """
    async with runtime_here(settings) as runtime:
        offices = await offices_of(runtime)
        async with runtime.ledger.read_through() as connection:
            stored = (await held(connection, [case_id])).get(case_id)
        if stored is None:
            raise UnknownCase(case=case_id)
        if until is not None and stored.events and until < (opened := stored.events[0].at):
            say("replay_before", {
                "thai": thai_moment(until), "iso": until.isoformat(),
                "opened_thai": thai_moment(opened), "opened_iso": in_bangkok(opened).isoformat(),
            })  # fmt: skip
            return
        await record_readings(runtime.ledger, [case_id], "replay")
        replayed = await replay_or_why(stored, offices, until=until)
        if replayed.process:  # the history could be read
            show(_steps(stored, until))
            if until is not None and (stood := await standing(stored, offices, until)) is not None:
                _print_standing(stood, until)
    _print_differences(replayed)
    if replayed.goes_on:
        say("replay_goes_on", {"next": ", ".join(replayed.goes_on)})
    if not replayed.same:
        raise ReplayDiffers(cases=1)
    say("replayed", {
        "cases": 1, "events": replayed.events, "openings": replayed.openings, "mails": replayed.mails,
        "outcomes": replayed.outcomes,
    })  # fmt: skip


def _print_differences(one: Replayed) -> None:
    for version in one.unknown:
        say("replay_unknown_version", {"case": one.case_id, "version": version})
    if one.differences:
        say("replay_differs", {"case": one.case_id, "count": len(one.differences)})
    for difference in one.differences[:SHOWN]:
        say("replay_difference", {
            "place": difference.place, "held": short(difference.held), "made": short(difference.made),
        })  # fmt: skip


def _steps(stored: Held, until: datetime | None) -> Table:
    events = [event for event in stored.events if until is None or event.at <= until]
    table = folding(
        Column("#", justify="right"), "เวลา\nat", "รายการ\nevent", "รหัส\nkey", "โดย\nby", "ผู้รับทราบ\ntold",
        Column("งานค้าง\nopen", justify="right"), title=stored.case_id,
    )  # fmt: skip
    for step in steps(events):
        what = f"{step.said}\n[dim]{step.kind}[/]"
        texts = map(escape, (step.key, step.by, ", ".join(step.told)))
        table.add_row(str(step.seq), thai_moment(step.at), what, *texts, str(step.open_work))
    return table


def _print_standing(stood: Standing, until: datetime) -> None:
    say("replay_standing", {"thai": thai_moment(until), "iso": until.isoformat(), "state": stood.state,
                            "phase": stood.phase or "–", "seq": stood.head[0], "hash": stood.head[1]})  # fmt: skip
    work = folding("งาน\nwork", "หน่วยงาน\nunit", "ผู้รับผิดชอบ\nholders", "กำหนดเวลา\ndue")
    for one in stood.work:
        due = thai_moment(one.due) if one.due else "–"
        texts = map(escape, (one.title, one.unit, ", ".join(one.holders)))
        work.add_row(*texts, f"[red]{due} (เกินกำหนด)[/]" if one.late else due)
    for kind, name, at in stood.waits:
        work.add_row(f"[dim]{kind}[/]", escape(name), "", thai_moment(at) if at else "–")
    show(work)
    if stood.documents:
        show(escape(f"เอกสาร documents: {', '.join(stood.documents)}"))
