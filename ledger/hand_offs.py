"""Verbs on hand-offs: work that a unit is asked to do by filling in a form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import ConfigDict, ValidationError
from sqlalchemy import Row, Select, func, select

from ledger import documents, tables
from ledger.canonical import canonical, sha256, stamp
from ledger.errors import (
    CaseIsClosed,
    DocumentIsMissing,
    HandOffIsAnswered,
    HandOffIsWithdrawn,
    LedgerError,
    UnknownHandOff,
)
from ledger.event import Event
from ledger.work import Head, Work
from rules.deadline import is_late
from schemas.actor import Actor
from schemas.attachment import AttachedFile
from schemas.base import Record
from schemas.deadline import OnYearDay
from schemas.form import FormContext

OPEN, SUBMITTED, WITHDRAWN = "open", "submitted", "withdrawn"


class HandOffOrder(NamedTuple):
    """What is asked of whom, until when."""

    key: str
    element: str
    branch: str
    unit: str
    duty: str
    form: str
    title: str
    """What is asked, in Thai: as a rule the form's title as it stands when the work is handed off."""
    asked_by: str
    subject: str
    """Id of the case that the work is about (a directive, in a week's case)."""
    urgency: str
    context: FormContext
    due_at: datetime | None
    officer: str | None = None
    """Whose work it is by name; None: of any officer of the unit with the duty."""
    year_day: OnYearDay | None = None
    """The named day on which `due_at` rests; when that is moved, so is the work."""
    gate: str | None = None
    reminders: tuple[datetime, ...] = ()
    escalations: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOff:
    """A hand-off as read."""

    id: str
    case_id: str
    key: str
    element: str
    unit: str
    duty: str
    form: str
    title: str
    asked_by: str
    subject: str
    urgency: str
    context: FormContext
    gate: str | None
    state: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    closed_seq: int | None
    closed_by: Actor | None
    officer: str | None = None
    case_title: str = ""
    about: str = ""
    """Title of the case that the work is about: in a week's case, of the directive."""
    case_state: str = OPEN
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def late(self) -> bool:
        """Handed in after the moment at which it was due, as that stood by then; what was withdrawn never is."""
        return self.state == SUBMITTED and self.closed_at is not None and is_late(self.closed_at, self.due_at)


@lru_cache(maxsize=1024)
def hand_off_id(case_id: str, key: str) -> str:
    """The public id: derived, so that the same hand-off has the same link after a restore."""
    return hashlib.sha256(f"{case_id}\0{key}".encode()).hexdigest()[:20]


def open_hand_off(work: Work, case_id: str, order: HandOffOrder, *, actor: Actor) -> Event:
    """Ask a unit for a form; the case is locked by the caller."""
    return work.append(
        case_id,
        "hand_off:open",
        order.key,
        actor,
        {
            "id": hand_off_id(case_id, order.key),
            "element": order.element,
            "branch": order.branch,
            "unit": order.unit,
            "duty": order.duty,
            "form": order.form,
            "title": order.title,
            "asked_by": order.asked_by,
            "subject": order.subject,
            "urgency": order.urgency,
            "context": order.context.said(),
            "gate": order.gate,
            "due_at": stamp(order.due_at) if order.due_at else None,
            "reminders": [stamp(at) for at in order.reminders],
            "escalations": [stamp(at) for at in order.escalations],
            **({"year_day": order.year_day.model_dump(mode="json")} if order.year_day else {}),
            **({"officer": order.officer} if order.officer else {}),
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An admitted form on its way into the ledger."""

    hand_off: str
    case_id: str
    data: dict[str, Any]
    """The admitted form as JSON values."""
    actor: Actor
    files: tuple[AttachedFile, ...] = ()
    """Files that the form names; they become documents of the case that the work is about."""
    subject: str = ""
    """Id of that case; it is looked at only where there are files."""

    @property
    def digest(self) -> str:
        return sha256(canonical(self.data).encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The ledger's receipt for a submission."""

    hand_off: str
    case_id: str
    seq: int
    at: datetime
    hash: str
    repeated: bool = False
    """The very same submission had been accepted before; nothing was written now."""


async def submit_all(work: Work, submissions: Sequence[Submission]) -> list[Accepted | Exception]:
    """Accept or refuse submissions, one answer each in their order; refusing one does not touch the others.

    A form is accepted here and nowhere else: hand-off open, case open, not answered before. The admitted form was
    checked by the rules and the actor's right by the caller.
    """
    with_files = [s for s in submissions if s.files]
    heads = await work.lock_existing(*{s.case_id for s in submissions}, *{s.subject for s in with_files if s.subject})
    standing = {row.id: row for row in await work.rows(_standing(submissions))}
    await work.load_gates((row.case_id, row.gate) for row in standing.values() if row.gate and row.case_id in heads)
    kept = await documents.kept(work, {file.sha256 for s in with_files for file in s.files})
    taken: dict[str, tuple[Submission, Accepted]] = {}
    answers: list[Accepted | Exception] = []
    for submission in submissions:
        try:
            answer = _submit(work, submission, standing.get(submission.hand_off), heads, taken, kept)
            if not answer.repeated:
                await _bind(work, submission, heads)
            answers.append(answer)
        except LedgerError as refusal:
            answers.append(refusal)
    return answers


async def _bind(work: Work, submission: Submission, heads: dict[str, Head]) -> None:
    """The files become documents of the case that the work is about.

    For a weekly report that is the directive, whose readers are fewer than those of the week.
    """
    case_id = submission.subject if submission.subject in heads else submission.case_id
    await documents.attach_files(work, case_id, submission.files, actor=submission.actor)


def _standing(submissions: Sequence[Submission]) -> Select[Any]:
    """The hand-offs as they stand, each with the event that closed it."""
    h, e = tables.hand_offs.c, tables.events.c
    return (
        select(
            h.id, h.case_id, h.key, h.form, h.gate, h.state,
            e.seq, e.at, e.actor, e.payload, e.hash,
        )
        .join(tables.events, (e.case_id == h.case_id) & (e.seq == h.closed_seq), isouter=True)
        .where(h.id.in_({s.hand_off for s in submissions}))
    )  # fmt: skip


def _submit(
    work: Work,
    submission: Submission,
    row: Row[Any] | None,
    heads: dict[str, Head],
    taken: dict[str, tuple[Submission, Accepted]],
    kept: frozenset[str],
) -> Accepted:
    if row is None or row.case_id != submission.case_id:
        raise UnknownHandOff(hand_off=submission.hand_off)
    if row.id in taken:
        first, receipt = taken[row.id]
        return _repeated(submission, receipt, digest=first.digest, by=first.actor)
    if row.state != OPEN:
        return _already_closed(submission, row)
    head = heads[row.case_id]
    if head.state != OPEN:
        raise CaseIsClosed(case=head.id, state=head.state)
    for file in submission.files:
        if file.sha256 not in kept:
            raise DocumentIsMissing(sha256=file.sha256)
    event = work.append(
        row.case_id,
        "hand_off:submit",
        row.key,
        submission.actor,
        {
            "id": row.id,
            "form": row.form,
            "data": submission.data,
            "digest": submission.digest,
            "gate": row.gate,
        },
    )
    work.resolve(row.case_id, row.gate)
    receipt = Accepted(hand_off=row.id, case_id=row.case_id, seq=event.seq, at=event.at, hash=event.hash)
    taken[row.id] = (submission, receipt)
    return receipt


def _already_closed(submission: Submission, row: Row[Any]) -> Accepted:
    said = json.loads(row.payload)
    if row.state == WITHDRAWN:
        raise HandOffIsWithdrawn(reason=said["reason"])
    receipt = Accepted(hand_off=row.id, case_id=row.case_id, seq=row.seq, at=row.at, hash=row.hash)
    return _repeated(submission, receipt, digest=said["digest"], by=Actor.model_validate_json(row.actor))


def _repeated(submission: Submission, receipt: Accepted, *, digest: str, by: Actor) -> Accepted:
    """The same form again is answered with the same receipt (a double click); anything else is refused."""
    if submission.digest != digest:
        raise HandOffIsAnswered(by=by.name or by.officer or "", at=stamp(receipt.at))
    return replace(receipt, repeated=True)


async def withdraw(work: Work, found: Sequence[HandOff], *, reason: str, actor: Actor) -> tuple[HandOff, ...]:
    """Withdraw from outside: the flow meets `Withdrawn` and goes on. Returns what was withdrawn.

    Read again under the lock: a form that was accepted since `found` was read keeps its receipt.
    """
    await work.lock(*{h.case_id for h in found})
    h = tables.hand_offs.c
    pending = select(h.id).where(h.id.in_({each.id for each in found}), h.state == OPEN)
    still_open = {row.id for row in await work.rows(pending)}
    standing = tuple(each for each in found if each.id in still_open)
    await work.load_gates((each.case_id, each.gate) for each in standing if each.gate)
    for hand_off in standing:
        _withdraw(work, hand_off, reason=reason, actor=actor, by_flow=False, gate=hand_off.gate)
        work.resolve(hand_off.case_id, hand_off.gate)
    return standing


def take_back(work: Work, case_id: str, order: HandOffOrder, *, reason: str, actor: Actor) -> None:
    """Withdraw from outside what this very unit of work has opened: the flow meets `Withdrawn` and goes on."""
    said = {"id": hand_off_id(case_id, order.key), "reason": reason, "by_flow": False, "gate": order.gate}
    work.append(case_id, "hand_off:withdraw", order.key, actor, said)
    work.resolve(case_id, order.gate)


def drop(work: Work, found: Sequence[HandOff], *, reason: str, actor: Actor) -> None:
    """Withdraw by the flow itself: the waits never answer. The caller has read under the lock that they are open."""
    for hand_off in found:
        _withdraw(work, hand_off, reason=reason, actor=actor, by_flow=True, gate=None)


def _withdraw(work: Work, hand_off: HandOff, *, reason: str, actor: Actor, by_flow: bool, gate: str | None) -> None:
    said = {"id": hand_off.id, "reason": reason, "by_flow": by_flow, "gate": gate}
    work.append(hand_off.case_id, "hand_off:withdraw", hand_off.key, actor, said)


# --- reading -----------------------------------------------------------------------------------------------


class _Opening(Record):
    """Of the event with which the work was asked for, what stands above its form."""

    model_config = ConfigDict(extra="ignore")

    context: FormContext


def query() -> Any:
    """SELECT of hand-offs with the title and state of their cases; narrow it with `.where` on `ledger.tables`.

    What stands above a form is read from the event that asked for it, which is hashed; there is no copy of it.
    """
    h, c, subjects, openings = (
        tables.hand_offs.c, tables.cases.c, tables.cases.alias("subjects"), tables.events.alias("openings")
    )  # fmt: skip
    return (
        select(
            tables.hand_offs, c.title.label("case_title"), c.state.label("case_state"),
            func.coalesce(subjects.c.title, c.title).label("about"), openings.c.payload.label("opening"),
        )
        .join(tables.cases, c.id == h.case_id)
        .join(subjects, subjects.c.id == h.subject, isouter=True)
        .join(openings, (openings.c.case_id == h.case_id) & (openings.c.seq == h.opened_seq), isouter=True)
    )  # fmt: skip


def view(row: Row[Any]) -> HandOff:
    """A row of `query()` as a value."""
    return HandOff(
        id=row.id, case_id=row.case_id, key=row.key, element=row.element, unit=row.unit, duty=row.duty,
        officer=row.officer, form=row.form, title=row.title, asked_by=row.asked_by, subject=row.subject,
        urgency=row.urgency,
        context=above(row.opening), gate=row.gate, state=row.state,
        opened_at=row.opened_at, due_at=row.due_at, closed_at=row.closed_at, closed_seq=row.closed_seq,
        closed_by=Actor.model_validate_json(row.closed_by) if row.closed_by else None,
        case_title=row.case_title, about=row.about, case_state=row.case_state,
    )  # fmt: skip


def above(opening: bytes | None) -> FormContext:
    """What stands above a form, by the payload of the event that asked for it.

    Work is shown all the same when its event was spoiled or taken away; `ledger.verify` tells of that.
    """
    try:
        return _Opening.model_validate_json(opening or b"").context
    except ValidationError:
        return FormContext()
