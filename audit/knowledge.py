"""Who knew what when: the steps of a case with those who did them and those who were told, and how it stood then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.offices import Offices
from audit.stored import Held
from engine.wording import full_name
from ledger import tables
from ledger.event import Event
from ledger.restore import restored
from schemas.actor import ActorKind
from schemas.form import FORMS
from schemas.organisation import Duty

SAID_TH: dict[str, str] = {
    "case:open": "เปิดเรื่อง", "case:close": "เสร็จสิ้น", "case:cancel": "ยกเลิกเรื่อง", "case:supersede": "มีเรื่องอื่นแทน",
    "case:reopen": "นำเรื่องกลับมาดำเนินการอีกครั้ง", "case:phase": "เข้าสู่ขั้น", "case:record": "บันทึกจากที่อื่น",
    "case:migrate": "เปลี่ยนรุ่นกระบวนงาน",
    "hand_off:replan": "เลื่อนกำหนดงาน", "timer:replan": "เลื่อนเวลา",
    "step:done": "ระบบดำเนินการ", "hand_off:open": "ส่งงาน", "hand_off:submit": "ส่งแบบ", "hand_off:withdraw": "ถอนงาน",
    "timer:set": "ตั้งเวลา", "timer:fire": "ถึงเวลา", "message:await": "รอข้อความ", "message:arrive": "ข้อความเข้า",
    "message:take": "รับข้อความ", "message:send": "ส่งข้อความ", "call:start": "เรียกกระบวนงานย่อย",
    "call:return": "กระบวนงานย่อยเสร็จ",
    "wait:cancel": "เลิกรอ", "gate:open": "รอหลายรายการ", "gate:decide": "ตัดสินตามลำดับ", "branch:end": "ยุติสาขา",
    "reminder:fire": "เตือน", "escalation:fire": "แจ้งผู้กำกับดูแล", "mail:send": "อีเมลออก", "mail:skip": "ไม่ส่งอีเมล",
    "mail:fail": "อีเมลส่งไม่ได้", "document:add": "เพิ่มเอกสาร", "run:detach": "รอบการทำงานหยุด",
    "run:attach": "รับดำเนินการต่อ",
    "run:fail": "กระบวนงานขัดข้อง",
}  # fmt: skip
"""Every kind of event in two or three words, for a column of a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """One step of a case: what happened, who did it, who has learned of it by then, and how much work was open."""

    seq: int
    at: datetime
    kind: str
    said: str
    key: str
    by: str
    told: tuple[str, ...]
    """The unit that the work went to, or the person to whom a mail left."""
    open_work: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWork:
    """Work that was open at a moment."""

    title: str
    unit: str
    holders: tuple[str, ...]
    due: datetime | None
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a case stood at a moment."""

    at: datetime
    state: str
    phase: str
    facts: str
    work: tuple[OpenWork, ...]
    waits: tuple[tuple[str, str, datetime | None], ...]
    """(kind, key, moment) of what else it waited for."""
    documents: tuple[str, ...]
    head: tuple[int, str]
    """Number and hash of the last event."""


def steps(events: Sequence[Event]) -> Iterator[Learned]:
    """The steps of a case in their order."""
    open_work = set[str]()
    for event in events:
        said = event.content
        if event.kind == "hand_off:open":
            open_work.add(event.key)
        elif event.kind in {"hand_off:submit", "hand_off:withdraw"}:
            open_work.discard(event.key)
        yield Learned(
            seq=event.seq, at=event.at, kind=event.kind, said=SAID_TH[event.kind], key=event.key, by=_by(event),
            told=_told(event.kind, said), open_work=len(open_work),
        )  # fmt: skip


def _by(event: Event) -> str:
    actor = event.by
    if actor.kind is ActorKind.SYSTEM:
        return f"{actor.name} ({actor.through})" if actor.through else actor.name
    acting = f" แทน ({actor.instrument})" if actor.instrument else ""
    return f"{actor.name}{acting}"


def _told(kind: str, said: dict[str, Any]) -> tuple[str, ...]:
    if kind == "hand_off:open":
        return (said["unit"],)
    if kind in {"mail:send", "mail:fail"}:
        return (said["to"],)
    return ()


async def standing(stored: Held, offices: Offices, moment: datetime) -> Standing | None:
    """How the case stood at a moment, by its events alone; None before it was opened."""
    events = [event for event in stored.events if event.at <= moment]
    if not events:
        return None
    rows = restored(stored.case_id, events)
    await offices.read_for(moment, moment)
    (office, *_) = offices.at(moment)
    (case,) = rows.rows(tables.cases).values()
    work = [row for row in rows.rows(tables.hand_offs).values() if row["state"] == "open"]
    return Standing(
        at=moment, state=case["state"], phase=case["phase"], facts=case["facts"],
        head=(events[-1].seq, events[-1].hash),
        work=tuple(
            OpenWork(
                title=row["title"] or FORMS[row["form"]].title_th, unit=full_name(office.directory, row["unit"]),
                holders=tuple(
                    o.name for o in office.post.holders(row["unit"], Duty(row["duty"]), named=row["officer"])
                ),
                due=row["due_at"], late=row["due_at"] is not None and row["due_at"] <= moment,
            )
            for row in sorted(work, key=lambda row: (row["due_at"] is None, row["due_at"], row["opened_seq"]))
        ),
        waits=tuple(
            (row["kind"], row["name"] or row["key"], row["at"])
            for row in rows.rows(tables.waits).values() if row["state"] == "open"
        ),
        documents=tuple(row["name"] for row in rows.rows(tables.case_documents).values()),
    )  # fmt: skip
