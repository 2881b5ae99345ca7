"""Mail leaves after commit, once (design, rule 3): queued with the change that causes it, claimed, sent, settled."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables
from ledger.canonical import canonical, octets_of_record, stamp
from ledger.clock import machine_now
from ledger.work import Ledger, Work
from schemas.actor import Actor
from schemas.mail import MESSAGES, Attachment, Message, Recipient

QUEUED = "queued"
_AS_CLAIMED = ("id", "once", "case_id", "hand_off_id", "folder", "officer", "name", "email", "attempts", "queued_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedMail:
    """A mail that was claimed, with what its row tells of it whether it can be read or not."""

    id: str
    once: str
    case_id: str
    hand_off_id: str | None
    folder: str
    officer: str | None
    name: str
    email: str
    content: str
    """`content_of` the row as it was claimed."""
    attempts: int
    queued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedMail(ClaimedMail):
    """A mail that was claimed for sending."""

    message: Message
    attachments: tuple[Attachment, ...]
    recipient: Recipient


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableMail(ClaimedMail):
    """A mail of whose row nothing can be made: somebody has written into it, or it was queued by other code."""

    trouble: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """Mails that one sender took."""

    mails: list[QueuedMail] = field(default_factory=list)
    unreadable: list[UnreadableMail] = field(default_factory=list)
    """They cannot be sent; who claims them settles them as failed."""


class MailRow(NamedTuple):
    """A mail as it is stored, without what only its way out of the queue needs."""

    id: str
    once: str
    case_id: str
    hand_off_id: str | None
    folder: str
    context: bytes
    attachments: str
    officer: str | None
    name: str
    email: str
    state: str
    reason: str
    queued_at: datetime
    settled_at: datetime | None


def content_of(context: bytes, attachments: str, name: str) -> str:
    """sha256 over what a mail says: its context, its attachments, the name of its recipient, as they are stored.

    The event of its outcome holds it: when a step wrote the mail, nothing else tells what was sent.
    """
    return hashlib.sha256(b"\0".join((context, attachments.encode(), name.encode()))).hexdigest()


def queue(
    work: Work,
    *,
    once: str,
    case_id: str,
    message: Message,
    recipient: Recipient,
    hand_off_id: str | None = None,
    attachments: tuple[Attachment, ...] = (),
) -> str:
    """Queue one mail to one recipient. `once` names the occasion: a second mail of the same name cannot be queued.

    :param case_id: the case it belongs to; empty for what concerns the ledger as a whole.
    """
    mail_id = hashlib.sha256(once.encode()).hexdigest()[:32]
    work.add_row(
        tables.mails,
        {
            "id": mail_id,
            "once": once,
            "case_id": case_id,
            "hand_off_id": hand_off_id,
            "folder": message.folder,
            "context": octets_of_record(message),
            "attachments": canonical([a.model_dump(mode="json") for a in attachments]) if attachments else "[]",
            "officer": recipient.officer,
            "name": recipient.name,
            "email": recipient.email,
            "state": QUEUED,
            "queued_at": work.now,
            "available_at": machine_now(),
        },
    )
    return mail_id


async def has_occasion(connection: AsyncConnection, occasion: str) -> bool:
    """Has a mail of this occasion been queued, to anybody?"""
    once = tables.mails.c.once
    query = select(once).where(once.startswith(f"{occasion}:", autoescape=True)).limit(1)
    return (await connection.execute(query)).first() is not None


async def claim(ledger: Ledger, *, claimed_by: str, limit: int, seconds: int) -> Claimed:
    """Take mails for sending for so many seconds; a sender that dies loses its claim and others take over.

    Each is read by itself: one that cannot be read is set apart, and the others go out.
    """
    now = machine_now()
    m = tables.mails.c
    due = (
        select(m.id)
        .where(m.state == QUEUED, m.available_at <= now, or_(m.claimed_until.is_(None), m.claimed_until < now))
        .order_by(m.available_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    async with ledger.begin() as work:
        ids = list((await work.connection.scalars(due)).all())
        if not ids:
            return Claimed()
        claimed = (
            update(tables.mails)
            .where(m.id.in_(ids))
            .values(claimed_by=claimed_by, claimed_until=now + timedelta(seconds=seconds))
            .returning(tables.mails)
        )
        rows = (await work.connection.execute(claimed)).all()
        await work.commit()
    found = Claimed()
    for row in sorted(rows, key=lambda row: (row.available_at, row.id)):
        mail = _read(row)
        if isinstance(mail, QueuedMail):
            found.mails.append(mail)
        else:
            found.unreadable.append(mail)
    return found


def _read(row: Row[Any]) -> QueuedMail | UnreadableMail:
    said: dict[str, Any] = {name: getattr(row, name) for name in _AS_CLAIMED}
    said["content"] = content_of(row.context, row.attachments, row.name)
    try:
        return QueuedMail(
            **said,
            message=MESSAGES[row.folder].model_validate_json(row.context),
            attachments=tuple(Attachment.model_validate(a) for a in json.loads(row.attachments)),
            recipient=Recipient(name=row.name, email=row.email, officer=row.officer),
        )
    except (ValueError, TypeError, LookupError) as trouble:
        return UnreadableMail(**said, trouble=f"{type(trouble).__name__}: {trouble}")


async def hold(ledger: Ledger, claimed: Sequence[ClaimedMail], *, claimed_by: str, seconds: int) -> None:
    """Keep the claim on what is not settled yet for so many seconds from now, where it is still ours."""
    m = tables.mails.c
    statement = (
        update(tables.mails)
        .where(
            m.id.in_([mail.id for mail in claimed]), m.state == QUEUED,
            m.claimed_by == claimed_by, m.claimed_until.is_not(None),
        )
        .values(claimed_until=machine_now() + timedelta(seconds=seconds))
    )  # fmt: skip
    async with ledger.begin() as work:
        await work.connection.execute(statement)
        await work.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of a mail: `send`, `skip` or `fail`, and why."""

    mail: ClaimedMail
    outcome: str
    reason: str = ""
    subject: str = ""
    message_id: str = ""


async def settle(work: Work, settled: Sequence[Settled], *, actor: Actor) -> list[Settled]:
    """Record in the case what became of mails, once and for all; what another sender has settled stays as it is.

    Returns those that are settled by this.

    A mail that belongs to no case (an anchor's), or to one that does not exist, has its outcome in its own row only.
    """
    heads = await work.lock_existing(*{s.mail.case_id for s in settled if s.mail.case_id})
    m = tables.mails.c
    queued = select(m.id).where(m.id.in_([s.mail.id for s in settled]), m.state == QUEUED)
    still = set((await work.connection.scalars(queued)).all())
    ours = [s for s in settled if s.mail.id in still]
    if not ours:
        return []
    for s in (s for s in ours if s.mail.case_id in heads):
        said = {
            "mail": s.mail.id, "once": s.mail.once, "message": s.mail.folder, "to": s.mail.email,
            "officer": s.mail.officer, "hand_off": s.mail.hand_off_id, "subject": s.subject,
            "message_id": s.message_id, "reason": s.reason, "queued_at": stamp(s.mail.queued_at),
            "content": s.mail.content,
        }  # fmt: skip
        work.append(s.mail.case_id, f"mail:{s.outcome}", s.mail.once, actor, said)
    states = {"send": "sent", "skip": "skipped", "fail": "failed"}
    statement = (
        update(tables.mails)
        .where(m.id == bindparam("mail"))
        .values(state=bindparam("outcome"), reason=bindparam("why"), settled_at=work.now, claimed_until=None,
                attempts=m.attempts + 1)
    )  # fmt: skip
    rows = [{"mail": s.mail.id, "outcome": states[s.outcome], "why": s.reason} for s in ours]
    await work.connection.execute(statement, rows)
    return ours


async def postpone(ledger: Ledger, mail: QueuedMail, *, until: datetime, reason: str) -> None:
    """Try again later (machine time)."""
    async with ledger.begin() as work:
        await work.connection.execute(
            update(tables.mails)
            .where(tables.mails.c.id == mail.id, tables.mails.c.state == QUEUED)
            .values(available_at=until, attempts=mail.attempts + 1, reason=reason, claimed_until=None)
        )
        await work.commit()
