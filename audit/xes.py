"""The event log as XES (IEEE Std 1849-2016), for process mining: a trace for each case, an event for each step.

Only what people, the flow or the calendar did is an event of the log; that a mail left or a run was lost is not. Work
has a beginning and an end (lifecycle `start`, and `complete` or `withdraw`), which share their `concept:instance`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5
from xml.sax.saxutils import quoteattr

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from audit.damage import UNREADABLE, unreadable
from audit.stored import batches
from ledger import tables
from ledger.errors import HistoryCannotBeRead, HistoryIsGone, LedgerError, UnknownCase
from ledger.event import Event
from ledger.reading import history
from ledger.work import Ledger
from schemas.actor import ActorKind
from schemas.form import FORMS

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <extension name="Identity" prefix="identity" uri="http://www.xes-standard.org/identity.xesext"/>
  <global scope="trace"><string key="concept:name" value=""/></global>
  <global scope="event">
    <string key="concept:name" value=""/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>
    <string key="lifecycle:transition" value="complete"/>
  </global>
  <classifier name="Activity" keys="concept:name"/>
  <classifier name="ActivityAndLifecycle" keys="concept:name lifecycle:transition"/>
  <string key="lifecycle:model" value="standard"/>
  <string key="concept:name" value="sangkan"/>
"""
TRANSITIONS = {
    "case:open": "complete", "case:close": "complete", "case:cancel": "complete", "case:supersede": "complete",
    "case:reopen": "complete", "step:done": "complete", "hand_off:open": "start", "hand_off:submit": "complete",
    "hand_off:withdraw": "withdraw", "timer:set": "schedule", "timer:fire": "complete", "wait:cancel": "withdraw",
    "message:await": "schedule", "message:take": "complete", "call:start": "start", "call:return": "complete",
    "reminder:fire": "complete", "escalation:fire": "complete",
}  # fmt: skip
"""Kinds of event that are events of the log, with their transition of the standard lifecycle."""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that no XML 1.0 document may hold."""


@dataclass(slots=True)
class Written:
    cases: int = 0
    events: int = 0
    damage: list[LedgerError] = field(default_factory=list)
    """Cases that cannot be read, which are left out."""


async def write_log(ledger: Ledger, case_ids: Collection[str] | None, file: Path) -> Written:
    """Write the log of cases, all by default; one case in memory at a time.

    What cannot be read can be no trace: the case is left out and named, the others are written all the same.

    :raises UnknownCase:
    :raises HistoryIsGone, HistoryCannotBeRead: none of the cases can be read; there is no file.
    """
    written, found = Written(), set[str]()
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("w", encoding="utf-8") as out:
            out.write(HEAD)
            async with ledger.read_through() as connection:
                async for batch in batches(connection, case_ids):
                    for case_id in batch:
                        found.add(case_id)
                        try:
                            trace, events = _trace(case_id, await _history(connection, case_id))
                        except LedgerError as spoiled:
                            written.damage.append(spoiled)
                            continue
                        out.write(trace)
                        written.cases, written.events = written.cases + 1, written.events + events
            out.write("</log>\n")
        if missing := sorted(set(case_ids or ()) - found):
            raise UnknownCase(case=missing[0])
        if written.damage and not written.cases:
            raise written.damage[0]
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return written


async def _history(connection: AsyncConnection, case_id: str) -> tuple[Event, ...]:
    """:raises HistoryIsGone, HistoryCannotBeRead:"""
    events = await history(connection, case_id)
    if not events:
        c = tables.cases.c
        raise HistoryIsGone(case=case_id, seq=await connection.scalar(select(c.head_seq).where(c.id == case_id)))
    if (spoiled := unreadable(case_id, events)) is not None:
        raise spoiled
    return events


def _trace(case_id: str, events: tuple[Event, ...]) -> tuple[str, int]:
    """The trace of a case, and how many events it has. :raises HistoryCannotBeRead:"""
    event, opened, lines = events[0], dict[str, dict[str, Any]](), list[str]()
    try:
        said = event.content
        names = {"concept:name": case_id, "sangkan:title": said["title"], "sangkan:process": said["process"]}
        head = [f"    {_string(key, value)}\n" for key, value in names.items()]
        head.append(f'    <int key="sangkan:version" value="{int(said["version"])}"/>\n')
        for event in events:
            content = event.content
            if "element" in content:
                opened[event.key] = content
            if event.kind in TRANSITIONS:
                attributes = "".join(_attributes(event, content, opened.get(event.key, {})))
                lines.append(f"    <event>{attributes}</event>\n")
    except UNREADABLE as trouble:
        raise HistoryCannotBeRead(case=case_id, seq=event.seq, kind=event.kind, column="payload") from trouble
    return "".join(("  <trace>\n", *head, *lines, "  </trace>\n")), len(lines)


def _attributes(event: Event, content: dict[str, Any], opened: dict[str, Any]) -> Iterator[str]:
    """The attributes of one event; what it ends tells its name."""
    actor = event.by
    yield _string("concept:name", _name(event, opened))
    yield _date("time:timestamp", event.at)
    yield _string("lifecycle:transition", TRANSITIONS[event.kind])
    yield _string("concept:instance", event.key)
    yield f'<id key="identity:id" value="{uuid5(NAMESPACE_OID, event.hash)}"/>'
    yield _string("sangkan:hash", event.hash)
    yield _string("org:resource", actor.officer if actor.kind is ActorKind.OFFICER else f"system:{actor.through}")
    if unit := actor.unit or opened.get("unit"):
        yield _string("org:group", unit)
    if duty := opened.get("duty"):
        yield _string("org:role", duty)
    if officer := opened.get("officer"):  # whose work it is by name; `org:resource` is who acted
        yield _string("sangkan:officer", officer)
    yield _string("sangkan:kind", event.kind)
    form = FORMS.get(opened.get("form", ""))
    if title := opened.get("title") or (form.title_th if form else ""):
        yield _string("sangkan:title", title)
    if due := content.get("due_at"):
        yield _date("sangkan:due", datetime.fromisoformat(due))
    if actor.instrument:
        yield _string("sangkan:instrument", actor.instrument)


def _name(event: Event, opened: dict[str, Any]) -> str:
    """The element of the flow; what happens to a case as a whole, or beside the flow, by its kind."""
    if event.kind in {"reminder:fire", "escalation:fire"} or event.kind.startswith("case:"):
        return event.kind
    return str(opened.get("element") or event.kind)


def _string(key: str, value: str | None) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(_UNPRINTABLE.sub('�', value or ''))}/>"


def _date(key: str, moment: datetime) -> str:
    return f'<date key="{key}" value="{moment.isoformat(timespec="milliseconds")}"/>'
