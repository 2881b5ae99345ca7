"""Queues mail with the change that causes it: who gets it, and what it says. Sending is `engine.mail_out`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from engine.links import FORM_PREFIX, in_its_case
from engine.wording import full_name, unit_name
from ledger import mails
from ledger.canonical import stamp
from ledger.hand_offs import HandOff, HandOffOrder, hand_off_id
from ledger.work import Work
from rules.directory import FULFILLED_BY, DirectoryIndex
from rules.errors import UnknownUnit
from schemas.actor import system
from schemas.directive import Urgency
from schemas.form import FORMS, FormContext
from schemas.mail import (
    Attachment,
    DigestLine,
    DigestMail,
    Message,
    Notice,
    OpenWorkMail,
    OverseenMail,
    Recipient,
    ReminderMail,
    ReplannedLine,
    ReplannedMail,
    TaskMail,
    WithdrawnMail,
)
from schemas.organisation import Duty, Officer

SENDER = system("mail")
FILES_NAMED = 10
"""Of the files beside a form a mail names so many; of a site visit there may be hundreds."""

PERSONAL = FormContext(note="งานนี้มีข้อมูลส่วนบุคคล รายละเอียดแสดงเฉพาะในระบบ")


Holders = tuple[str, str, str | None]
"""Unit, duty, and the officer by name: whoever holds all of it is told of all of it in one mail."""


def held_by(work: HandOff) -> Holders:
    return work.unit, work.duty, work.officer


def _form(work: HandOff) -> str:
    return FORM_PREFIX + work.id


def _in_case(work: HandOff) -> str:
    return in_its_case(work.case_id, work.id)


def _told(work: HandOffOrder | HandOff) -> FormContext:
    """What a mail may repeat of what stands above a form: a mail travels, and lies in many boxes (decision 27)."""
    form = FORMS.get(work.form)
    return PERSONAL if form is not None and form.personal else work.context


def _above(told: FormContext) -> dict[str, Any]:
    """What a mail repeats of it: facts, note, and which files lie there."""
    named = tuple(file.name for file in told.files[:FILES_NAMED])
    return {"facts": told.facts, "note": told.note, "files": named, "more_files": len(told.files[FILES_NAMED:])}


@lru_cache(maxsize=4096)
def _recipient(name: str, email: str, officer: str) -> Recipient:
    """Addresses are checked once: a week's mails go to the same officers every time."""
    return Recipient(name=name, email=email, officer=officer)


class Post:
    """The mail room. One instance per runtime; it sees the organisation as it stands."""

    def __init__(self, directory: DirectoryIndex) -> None:
        self.directory = directory
        self._held_by: dict[tuple[str, str, str | None], tuple[Officer, ...]] = {}

    # --- the occasions ---------------------------------------------------------------------------------

    def task(self, work: Work, case_id: str, order: HandOffOrder, *, about: str) -> None:
        """A unit is asked to do something. `about`: the title of the case that the work is about."""
        work_id, told = hand_off_id(case_id, order.key), _told(order)
        message = TaskMail(
            asked=order.title,
            title=about,
            unit=self._full_name(order.unit),
            asked_by=order.asked_by,
            due=order.due_at,
            urgency=Urgency(order.urgency),
            **_above(told),
            link=FORM_PREFIX + work_id,
        )
        self._to_holders(work, case_id, work_id, order, f"task:{work_id}", message)

    def reminders(self, work: Work, items: Sequence[tuple[HandOff, int]], *, moment: datetime) -> None:
        """Work of one unit and duty is still open: one mail, however many pieces there are."""
        if len(items) == 1:
            self._reminder(work, *items[0])
            return
        first, rung = items[0]
        message = OpenWorkMail(
            unit=self._full_name(first.unit), as_of=moment, lines=self._lines(h for h, _ in items), link="/"
        )
        # A rung fires once, so its name is free; the moment's may be taken, when work was opened just before it.
        occasion = f"reminder:{first.id}:{rung}"
        self.send(work, first.case_id, self.holders_of(first), occasion, message)

    def _reminder(self, work: Work, hand_off: HandOff, rung: int) -> None:
        told = _told(hand_off)
        message = ReminderMail(
            asked=hand_off.title,
            title=hand_off.about,
            unit=self._full_name(hand_off.unit),
            asked_by=hand_off.asked_by,
            due=hand_off.due_at,
            urgency=Urgency(hand_off.urgency),
            **_above(told),
            link=FORM_PREFIX + hand_off.id,
            rung=rung,
            overdue=hand_off.due_at is not None and hand_off.due_at <= work.now,
        )
        occasion = f"reminder:{hand_off.id}:{rung}"
        self._to_holders(work, hand_off.case_id, hand_off.id, hand_off, occasion, message)

    def withdrawn(self, work: Work, found: Sequence[HandOff], *, reason: str) -> None:
        """Open work was withdrawn; its holders are told."""
        for hand_off in found:
            message = WithdrawnMail(
                asked=hand_off.title,
                title=hand_off.about,
                unit=self._full_name(hand_off.unit),
                reason=reason,
                link=f"/cases/{hand_off.case_id}",
            )
            occasion = f"withdrawn:{hand_off.id}"
            self._to_holders(work, hand_off.case_id, hand_off.id, hand_off, occasion, message)

    def replanned(self, work: Work, moved: Sequence[tuple[HandOff, datetime]], *, reason: str, occasion: str) -> None:
        """Open work is due at another moment: one mail to each unit's holders with all of it. With the new moments."""
        by_holders: dict[Holders, list[tuple[HandOff, datetime]]] = defaultdict(list)
        for hand_off, due in moved:
            by_holders[held_by(hand_off)].append((hand_off, due))
        for found in by_holders.values():
            lines = tuple(
                ReplannedLine(**line.model_dump() | {"due": due}, was=hand_off.due_at)
                for line, (hand_off, due) in zip(self._lines(h for h, _ in found), found, strict=True)
            )
            first, _ = found[0]
            message = ReplannedMail(unit=self._full_name(first.unit), reason=reason, lines=lines, link="/")
            self.send(work, first.case_id, self.holders_of(first), f"{occasion}:{first.id}", message)

    def digests(self, work: Work, late: Mapping[str, Sequence[HandOff]], *, moment: datetime) -> None:
        """What is late, by unit: one mail to each supervisor of a unit, one to each who oversees several units."""
        for unit, found in late.items():
            message = DigestMail(unit=self._full_name(unit), as_of=moment, lines=self._lines(found), link="/")
            occasion = f"digest:{found[0].id}:{stamp(moment)}"
            self.send(work, found[0].case_id, self._supervisors(unit), occasion, message)
        for overseer, found in self._by_overseer(late, work.now):
            lines = self._lines(found, link=_in_case)
            told = OverseenMail(
                overseer=overseer.position or overseer.name, as_of=moment, lines=lines, link="/?show=overseen"
            )
            self.send(work, found[0].case_id, (overseer,), f"overseen:{found[0].id}:{stamp(moment)}", told)

    def _by_overseer(
        self, late: Mapping[str, Sequence[HandOff]], at: datetime
    ) -> Iterator[tuple[Officer, Sequence[HandOff]]]:
        """Officers who oversee units, each with what is late there; not with what they are told as its supervisors."""
        told: dict[str, list[HandOff]] = defaultdict(list)
        overseen = self.directory.organisation.oversights
        for unit in self.directory.units() if overseen else ():  # in protocol order
            for officer in self.directory.overseers_of(unit.id, at) if unit.id in late else ():
                if officer not in self._supervisors(unit.id):
                    told[officer.id] += late[unit.id]
        return ((self.directory.officer(officer), found) for officer, found in told.items())

    def trouble(self, work: Work, case_id: str, title: str, what: str, subject: str, body: str) -> None:
        """A case stands still until somebody takes it up: the administrators are told."""
        notice = Notice(
            subject=subject, title=title, to="ผู้ดูแลระบบ", link=f"/cases/{case_id}",
            body=f"เรื่องนี้หยุดรออยู่ จนกว่าผู้ดูแลระบบจะรับเรื่องต่อ\nสาเหตุ: {body}",
            asked=f"ตรวจสอบสาเหตุ แล้วรับเรื่องต่อด้วยคำสั่ง sangkan case take-up {case_id}",
        )  # fmt: skip
        seq = work.events_of(case_id)[-1].seq
        administrators = self.directory.officers_with(Duty.ADMINISTRATOR)
        self.send(work, case_id, administrators, f"{what}:{case_id}:{seq}", notice)

    def _lines(self, found: Iterable[HandOff], *, link: Callable[[HandOff], str] = _form) -> tuple[DigestLine, ...]:
        return tuple(
            DigestLine(
                asked=h.title, title=h.about, unit=unit_name(self.directory, h.unit), due=h.due_at,
                urgency=Urgency(h.urgency), link=link(h),
            )
            for h in found
        )  # fmt: skip

    # --- who gets it -----------------------------------------------------------------------------------

    def send(
        self,
        work: Work,
        case_id: str,
        officers: Sequence[Officer],
        occasion: str,
        message: Message,
        *,
        hand_off_id: str | None = None,
        attachments: tuple[Attachment, ...] = (),
    ) -> None:
        """One mail to each officer; without any, the ledger says that nobody could be told. The case is locked."""
        if not officers:
            said = {"message": message.folder, "hand_off": hand_off_id, "to": None, "reason": "no active officer"}
            work.append(case_id, "mail:skip", occasion, SENDER, said)
        for officer in officers:
            mails.queue(
                work,
                once=f"{occasion}:{officer.id}",
                case_id=case_id,
                hand_off_id=hand_off_id,
                message=message,
                recipient=_recipient(officer.name, officer.email, officer.id),
                attachments=attachments,
            )

    def _to_holders(
        self, work: Work, case_id: str, work_id: str, held: HandOffOrder | HandOff, occasion: str, message: Message
    ) -> None:
        self.send(work, case_id, self.holders_of(held), occasion, message, hand_off_id=work_id)

    def holders_of(self, held: HandOffOrder | HandOff) -> tuple[Officer, ...]:
        """Who is told of work that was handed off."""
        asked = (held.unit, held.duty, held.officer)
        if (found := self._held_by.get(asked)) is None:
            found = self._held_by[asked] = self.holders(held.unit, Duty(held.duty), named=held.officer)
        return found

    def holders(self, unit: str, duty: Duty, *, named: str | None = None) -> tuple[Officer, ...]:
        """Who is told of work: officers who hold the duty itself; failing them, those who may stand in.

        :param named: the officer whose work it is; once he no longer serves in the unit it is the head's.
        """
        if named is not None:
            if (holder := self.directory.named(named, unit)) is not None:
                return (holder,)
            duty = Duty.HEAD
        try:
            exact = self.directory.officers_of(unit, duty)
            return exact or tuple(o for o in self.directory.officers_of(unit) if o.duties & FULFILLED_BY[duty])
        except UnknownUnit:
            return ()

    def _supervisors(self, unit: str) -> tuple[Officer, ...]:
        try:
            found = self.directory.supervisors_of(unit)
            head = self.directory.head_of(unit)
        except UnknownUnit:
            return ()
        return found or ((head,) if head else ())

    def _full_name(self, unit: str) -> str:
        return full_name(self.directory, unit)
