"""What a mail is about. Each class is the context of the message folder of the same name in `notifications/`."""

from __future__ import annotations

import operator
from typing import Annotated, ClassVar

from pydantic import Field

from schemas.base import Moment, OfficerId, Record, TextIfAny
from schemas.directive import Urgency
from schemas.organisation import EmailAddress


class Recipient(Record):
    name: str
    email: EmailAddress
    officer: OfficerId | None = None


class Attachment(Record):
    name: str
    media_type: str
    sha256: str
    """The content lies in the ledger's documents under this hash."""


class Message(Record):
    """Base of all mails; `folder` is where its subject, text and html are."""

    folder: ClassVar[str] = ""


class TaskMail(Message):
    """A unit is asked to do something: what, by whom, until when, one link."""

    folder: ClassVar[str] = "task"

    asked: str
    """What is asked: the form's Thai title."""
    title: str
    """What it is about: the case's title."""
    unit: str
    """The unit that is asked, in Thai."""
    asked_by: str
    """Who asks, in Thai."""
    due: Moment | None
    urgency: Urgency
    facts: tuple[tuple[str, str], ...] = ()
    note: str = ""
    files: Annotated[tuple[str, ...], Field(exclude_if=operator.not_)] = ()
    """Names of the first files that lie beside the form; not written while there are none."""
    more_files: Annotated[int, Field(exclude_if=operator.not_)] = 0
    """How many more there are."""
    link: str


class ReminderMail(TaskMail):
    """The same work is still open."""

    folder: ClassVar[str] = "reminder"
    rung: int
    """1 for the first reminder."""
    overdue: bool


class DigestLine(Record):
    asked: str
    title: str
    unit: str
    due: Moment | None
    urgency: Urgency = Urgency.NORMAL
    link: str


class DigestMail(Message):
    """One mail to a supervisor with all that is late in the unit."""

    folder: ClassVar[str] = "digest"

    unit: str
    as_of: Moment
    lines: tuple[DigestLine, ...]
    link: str


class OpenWorkMail(DigestMail):
    """Several pieces of work of a unit are still open: one reminder for all of them, to the officers who hold them."""

    folder: ClassVar[str] = "open_work"


class OverseenMail(Message):
    """One mail to an officer who oversees several units (S1 line 75) with all that is late in them."""

    folder: ClassVar[str] = "overseen"

    overseer: str
    """By position, in Thai: «รองอธิบดี»."""
    as_of: Moment
    lines: tuple[DigestLine, ...]
    link: str


class ReplannedLine(DigestLine):
    was: Moment
    """When it was due before."""


class ReplannedMail(Message):
    """Days of the calendar were moved: open work of the unit is due at another moment; one mail for all of it."""

    folder: ClassVar[str] = "replanned"

    unit: str
    reason: str
    lines: tuple[ReplannedLine, ...]
    link: str


class WithdrawnMail(Message):
    """Open work was withdrawn; its holder need not do it any more."""

    folder: ClassVar[str] = "withdrawn"

    asked: str
    title: str
    unit: str
    reason: str
    link: str


class MinisterReportMail(Message):
    """The Monday report to the minister, with the PDF attached (S0 line 11)."""

    folder: ClassVar[str] = "minister_report"

    ministry: str = "กระทรวง"
    """The ministry in Thai, to whose minister it is addressed; mails queued by older versions name none."""
    week: str
    """For example «สัปดาห์วันที่ 6–12 เมษายน 2561»."""
    cut_off: Moment
    counts: tuple[tuple[str, int], ...]
    """(Thai level, number of directives), four lines."""
    missing: int
    late: int
    note: str
    reviewed: bool


class InvitationMail(Message):
    """A new user is invited to choose a password."""

    folder: ClassVar[str] = "invitation"

    name: str
    unit: str
    account: str
    expires: Moment | None = None
    """When the link ends; mails queued by older versions do not say."""
    link: str


class UndeliverableMail(Message):
    """A mail could not be delivered; the director of the secretariat is told (requirements P1, step 2)."""

    folder: ClassVar[str] = "undeliverable"

    addressee: str = "ผู้อำนวยการ"
    """Who is told, in Thai: the director of the secretariat by the unit's name, or its officers where it has none."""
    recipient: str
    subject: str
    reason: str
    title: str
    link: str


class Notice(Message):
    """A short notice about a case without a form to fill in (for example: the run was cancelled in Prefect)."""

    folder: ClassVar[str] = "notice"

    subject: str
    body: str
    title: str
    """What it is about, so that it is told from others: with the year and the agency."""
    to: TextIfAny = ""
    """Whom it is addressed to, in Thai; empty: whom it concerns."""
    told_by: TextIfAny = ""
    """Who tells it, in Thai; empty: the system."""
    asked: TextIfAny = ""
    """What its reader should do; empty: it is to be known, no more."""
    link: str


class AnchorMail(Message):
    """An anchor over all histories goes to an outside keeper (decision 30)."""

    folder: ClassVar[str] = "anchor"

    ministry: str
    """Whose system it is, in Thai."""
    number: int
    at: Moment
    cases: int
    events: int
    refused: int
    """Cases that it does not vouch for."""
    groups: tuple[str, ...]
    """The anchor's hash, eight digits each."""
    statement: str
    """The text that was hashed and signed."""
    signature: str


MESSAGES: dict[str, type[Message]] = {
    kind.folder: kind
    for kind in (
        TaskMail, ReminderMail, DigestMail, OpenWorkMail, OverseenMail, ReplannedMail, WithdrawnMail,
        MinisterReportMail, InvitationMail, UndeliverableMail, Notice, AnchorMail,
    )
}  # fmt: skip
