"""From events to tables. One function for both uses: writing now, and restoring from the history later.

`changes(event)` says which rows an event adds or alters. The unit of work applies them in the same transaction as the
event; `ledger.restore` applies them to empty tables in memory and compares with what is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Table

from ledger import tables
from ledger.canonical import canonical
from ledger.event import Event


class Insert(NamedTuple):
    """New rows of one table."""

    table: Table
    rows: Sequence[dict[str, Any]]


class Ladder(NamedTuple):
    """Rungs of one piece of work, rows of `tables.reminders`; they are made by whoever looks at them."""

    hand_off_id: str
    rows: Iterable[dict[str, Any]]


class Update(NamedTuple):
    """Set `values` on the row whose columns equal `where`."""

    table: Table
    where: dict[str, Any]
    values: dict[str, Any]


class Delete(NamedTuple):
    """Rungs that will not be taken any more; those of a whole ladder by `hand_off_id`, or one."""

    table: Table
    where: dict[str, Any]


class Decrement(NamedTuple):
    """One member of a gate is done."""

    case_id: str
    gate: str


Change = Insert | Ladder | Update | Delete | Decrement
RUNGS = ("reminder", "escalation")
"""The kinds of rungs on the ladder of one piece of work."""


def changes(event: Event) -> Iterable[Change]:
    """What the event changes in the derived tables, in order."""
    project = _PROJECTIONS.get(event.kind)
    return project(event, event.content) if project else ()


@lru_cache(maxsize=4096)
def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _case_open(event: Event, said: dict[str, Any]) -> Iterator[Change]:
    yield Update(
        tables.cases,
        {"id": event.case_id},
        {
            "process": said["process"],
            "process_version": said["version"],
            "title": said["title"],
            "data": canonical(said["data"]),
            "units": canonical(said["units"]),
            "fiscal_year_be": said["fiscal_year_be"],
            "parent_id": said["parent_id"],
            "parent_key": said["parent_key"],
            "state": "open",
            "opened_at": event.at,
        },
    )


def _case_end(state: str) -> Callable[[Event, dict[str, Any]], Iterator[Change]]:
    def project(event: Event, said: dict[str, Any]) -> Iterator[Change]:
        values = {"state": state, "closed_at": event.at}
        if "result" in said:
            values["result"] = canonical(said["result"])
        yield Update(tables.cases, {"id": event.case_id}, values)

    return project


def _case_reopen(event: Event, _said: dict[str, Any]) -> Iterator[Change]:
    yield Update(tables.cases, {"id": event.case_id}, {"state": "open", "closed_at": None, "result": None})


def _case_phase(event: Event, said: dict[str, Any]) -> Iterator[Change]:
    values: dict[str, Any] = {}
    if said.get("phase") is not None:
        values["phase"] = said["phase"]
    if said.get("facts") is not None:
        values["facts"] = canonical(said["facts"])
    if said.get("units") is not None:
        values["units"] = canonical(said["units"])
    if values:
        yield Update(tables.cases, {"id": event.case_id}, values)


def _case_migrate(event: Event, said: dict[str, Any]) -> Iterator[Change]:
    yield Update(tables.cases, {"id": event.case_id}, {"process_version": said["to"]})


def _hand_off_open(event: Event, said: dict[str, Any]) -> Iterator[Change]:
    yield Insert(
        tables.hand_offs,
        [
            {
                "id": said["id"],
                "case_id": event.case_id,
                "key": event.key,
                "element": said["element"],
                "unit": said["unit"],
                "duty": said["duty"],
                "officer": said.get("officer"),
                "form": said["form"],
                "title": said["title"],
                "asked_by": said["asked_by"],
                "subject": said["subject"],
                "urgency": said["urgency"],
                "gate": said["gate"],
                "state": "open",
                "opened_at": event.at,
                "opened_seq": event.seq,
                "due_at": _moment(said["due_at"]),
                "year": _year(said),
                "closed_at": None,
                "closed_seq": None,
                "closed_by": None,
            }
        ],
    )
    for kind in RUNGS:
        yield from _rungs(event, said, kind, after=0)


def _year(said: dict[str, Any]) -> str | None:
    """The calendar of the agreement year on whose day the wait is due."""
    day = said.get("year_day")
    return f"{day['fiscal_year']}/{day['agency']}" if day else None


def _rungs(event: Event, said: dict[str, Any], kind: str, *, after: int) -> Iterator[Ladder]:
    if moments := said[f"{kind}s"]:
        yield Ladder(
            said["id"],
            (
                {"hand_off_id": said["id"], "kind": kind, "rung": rung, "case_id": event.case_id, "at": _moment(at)}
                for rung, at in enumerate(moments, start=after + 1)
            ),
        )


def _hand_off_replan(event: Event, said: dict[str, Any]) -> Iterator[Change]:
    """Another due moment; the rungs that have not fired yet make way for new ones, numbered on."""
    yield Update(tables.hand_offs, {"id": said["id"]}, {"due_at": _moment(said["due_at"])})
    for kind in RUNGS:
        for rung in range(1, said["rungs"][kind] + 1):
            yield Delete(tables.reminders, {"hand_off_id": said["id"], "kind": kind, "rung": rung})
        yield from _rungs(event, said, kind, after=said["rungs"][kind])


def _timer_replan(event: Event, said: dict[str, Any]) -> Iterator[Change]:
    yield Update(tables.waits, {"case_id": event.case_id, "key": event.key}, {"at": _moment(said["at"])})


def _hand_off_end(state: str) -> Callable[[Event, dict[str, Any]], Iterator[Change]]:
    def project(event: Event, said: dict[str, Any]) -> Iterator[Change]:
        closed = {"state": state, "closed_at": event.at, "closed_seq": event.seq, "closed_by": event.actor}
        yield Update(tables.hand_offs, {"id": said["id"]}, closed)
        yield Delete(tables.reminders, {"hand_off_id": said["id"]})
        if said.get("gate"):
            yield Decrement(event.case_id, said["gate"])

    return project


def _wait_open(kind: str) -> Callable[[Event, dict[str, Any]], Iterator[Change]]:
    def project(event: Event, said: dict[str, Any]) -> Iterator[Change]:
        yield Insert(
            tables.waits,
            [
                {
                    "case_id": event.case_id,
                    "key": event.key,
                    "kind": kind,
                    "state": "open",
                    "gate": said.get("gate"),
                    "at": _moment(said.get("at")),
                    "year": _year(said),
                    "name": said.get("name") or said.get("child"),
                    "opened_seq": event.seq,
                    "closed_seq": None,
                }
            ],
        )

    return project


def _wait_end(state: str) -> Callable[[Event, dict[str, Any]], Iterator[Change]]:
    def project(event: Event, said: dict[str, Any]) -> Iterator[Change]:
        yield Update(
            tables.waits,
            {"case_id": event.case_id, "key": event.key},
            {"state": state, "closed_seq": event.seq},
        )
        if said.get("gate"):
            yield Decrement(event.case_id, said["gate"])

    return project


def _message_arrive(event: Event, said: dict[str, Any]) -> Iterator[Change]:
    row = {"case_id": event.case_id, "seq": event.seq, "name": said["name"], "taken_by": None}
    yield Insert(tables.messages, [row])


def _message_take(event: Event, said: dict[str, Any]) -> Iterator[Change]:
    yield Update(tables.messages, {"case_id": event.case_id, "seq": said["seq"]}, {"taken_by": event.key})
    yield from _wait_end("done")(event, said)


def _gate_open(event: Event, said: dict[str, Any]) -> Iterator[Change]:
    need = said["need"]
    row = {"case_id": event.case_id, "key": event.key, "need": need, "remaining": need}
    yield Insert(tables.gates, [row])


def _reminder_fire(kind: str) -> Callable[[Event, dict[str, Any]], Iterator[Change]]:
    def project(_event: Event, said: dict[str, Any]) -> Iterator[Change]:
        yield Delete(tables.reminders, {"hand_off_id": said["id"], "kind": kind, "rung": said["rung"]})

    return project


def _document_add(event: Event, said: dict[str, Any]) -> Iterator[Change]:
    row = {"case_id": event.case_id, "seq": event.seq, "name": said["name"], "sha256": said["sha256"]}
    yield Insert(tables.case_documents, [row])


_PROJECTIONS: dict[str, Callable[[Event, dict[str, Any]], Iterator[Change]]] = {
    "case:open": _case_open,
    "case:close": _case_end("completed"),
    "case:cancel": _case_end("cancelled"),
    "case:supersede": _case_end("superseded"),
    "case:reopen": _case_reopen,
    "case:phase": _case_phase,
    "case:migrate": _case_migrate,
    "hand_off:open": _hand_off_open,
    "hand_off:submit": _hand_off_end("submitted"),
    "hand_off:withdraw": _hand_off_end("withdrawn"),
    "hand_off:replan": _hand_off_replan,
    "timer:set": _wait_open("timer"),
    "timer:fire": _wait_end("done"),
    "timer:replan": _timer_replan,
    "message:await": _wait_open("message"),
    "message:arrive": _message_arrive,
    "message:take": _message_take,
    "call:start": _wait_open("call"),
    "call:return": _wait_end("done"),
    "wait:cancel": _wait_end("cancelled"),
    "gate:open": _gate_open,
    "reminder:fire": _reminder_fire("reminder"),
    "escalation:fire": _reminder_fire("escalation"),
    "document:add": _document_add,
}
