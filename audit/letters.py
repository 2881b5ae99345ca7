"""The mails of a case: what follows from its history is written anew, the rest must be what the history says of it.

Mails that ask for work, remind of one piece of it or take it back are written anew in every field. Mails that gather
the work of several cases (a unit's reminders of one moment, a digest of late work) must hold this case's lines. Mails
that a step wrote cannot be made anew without the step; of every mail that has left, row and event must agree. Of mails
that no step writes there must be none but those for which the history has the occasion and the recipient.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any

from audit.differences import Difference
from audit.offices import Offices
from audit.openings import mails_of
from audit.paper import Paper
from audit.stored import Held
from engine.runtime import Runtime
from ledger.canonical import stamp
from ledger.event import Event
from ledger.hand_offs import HandOff, above
from ledger.mails import content_of
from schemas.mail import (
    DigestMail,
    OpenWorkMail,
    OverseenMail,
    ReminderMail,
    ReplannedMail,
    TaskMail,
    UndeliverableMail,
    WithdrawnMail,
)

COMPARED = (
    "id", "once", "case_id", "hand_off_id", "folder", "context", "attachments", "officer", "name", "email", "queued_at",
)  # fmt: skip
_as_stored, _as_made = attrgetter(*COMPARED), itemgetter(*COMPARED)
SETTLED = ("id", "once", "folder", "email", "officer", "hand_off_id", "reason", "queued_at", "state")
"""Columns of a mail that has left, of which its event tells as well."""
_as_settled = attrgetter(*SETTLED[:-2])
_as_told = itemgetter("mail", "once", "message", "to", "officer", "hand_off", "reason", "queued_at")
GATHERED = frozenset({DigestMail.folder, OverseenMail.folder})
"""Mails of which one case knows its own lines only."""
WITH_AN_OCCASION = frozenset(
    each.folder
    for each in (
        TaskMail, ReminderMail, OpenWorkMail, WithdrawnMail, ReplannedMail, DigestMail, OverseenMail, UndeliverableMail,
    )
)  # fmt: skip
"""Mails that no step writes: an event of the case is their occasion, and stands in their name (`engine.post`)."""
STATES = {"mail:send": "sent", "mail:skip": "skipped", "mail:fail": "failed"}


class Letters:
    """The stored mails of a case, and which of them were compared."""

    def __init__(self, stored: Held, offices: Offices, titles: dict[str, str]) -> None:
        self._case, self._offices, self._titles = stored.case_id, offices, titles
        self._title: str = stored.case["title"]
        self._held = {mail.once: mail for mail in stored.mails}
        self.anew: set[str] = set()
        """Mails that were written anew."""
        self.settled: set[str] = set()
        """Mails that were not, whose outcome was compared."""

    def asked_for(self, event: Event, made: list[dict[str, Any]]) -> Iterator[Difference]:
        """The mails by which a piece of work was asked for: each must be there, as it would be written."""
        for row in made:
            yield from self._compare(event, row)

    def rest(self, events: Sequence[Event], *, whole: bool) -> list[Difference]:
        """The other mails of the history, and the outcome of all; with `whole`, none may be left over."""
        found: list[Difference] = []
        opened: dict[str, Event] = {}
        moved: dict[str, datetime] = {}
        told: list[tuple[Event, HandOff]] = []
        for event in events:
            if event.kind == "hand_off:open":
                opened[event.key] = event
            elif event.kind == "hand_off:replan":
                moved[event.key] = datetime.fromisoformat(event.content["due_at"])
            elif event.kind in {"hand_off:withdraw", "reminder:fire", "escalation:fire"} and event.key in opened:
                told.append((event, self._view(opened[event.key], moved.get(event.key))))
                found += self._of(*told[-1])
            elif event.kind in STATES and event.content.get("mail"):
                found += self._outcome(event)
        settled = {event.key for event in events if event.kind in STATES}
        self.settled = (settled & self._held.keys()) - self.anew
        for once, row in self._held.items() if whole else ():
            if row.state != "queued" and once not in settled:
                found.append(self._difference(None, once, f"mail:{row.folder}", "state", row.state, None))
        if whole:
            found += self._put_in(events, opened, told)
        return found

    def _put_in(
        self, events: Sequence[Event], opened: dict[str, Event], told: Sequence[tuple[Event, HandOff]]
    ) -> Iterator[Difference]:
        """Mails for which the history has no occasion, or that go to somebody who was not to be told of it."""
        rest = [row for once, row in self._held.items() if once not in self.anew and row.folder in WITH_AN_OCCASION]
        if not rest:  # as a rule: what follows is made for the sake of a few
            return
        names = self._names(opened, told)
        failed = {f"undeliverable:{event.content.get('mail')}" for event in events if event.kind == "mail:fail"}
        replanned = {
            (event.content["id"], officer)
            for event in events if event.kind == "hand_off:replan" and event.key in opened
            for officer in self._holders(event, self._view(opened[event.key], None))
        }  # fmt: skip
        for row in rest:
            occasion, _, officer = row.once.rpartition(":")
            if row.folder == UndeliverableMail.folder:
                explained = occasion in failed
            elif row.folder == ReplannedMail.folder:  # one for several pieces of work, under the name of the first
                explained = occasion.startswith("replanned:") and (occasion.rpartition(":")[2], officer) in replanned
            else:
                explained = row.once in names
            if not explained:
                yield self._difference(None, row.once, f"mail:{row.folder}", "row", row.email, None)

    def _names(self, opened: dict[str, Event], told: Sequence[tuple[Event, HandOff]]) -> set[str]:
        """The names of all mails for which the history has an occasion, under each organisation that may have stood."""
        names = {row["once"] for event, work in told for office in self._offices.at(event.at)
                 for row in self._made(event, work, office)}  # fmt: skip
        for event in opened.values():
            work = self._view(event, None)
            names |= {f"task:{work.id}:{officer}" for officer in self._holders(event, work)}
        return names

    def _holders(self, event: Event, work: HandOff) -> set[str]:
        return {officer.id for office in self._offices.at(event.at) for officer in office.post.holders_of(work)}

    def _view(self, event: Event, moved_to: datetime | None) -> HandOff:
        """The work as it stood when it was opened, due at the moment to which it was moved since, if it was."""
        said = event.content
        due_at = datetime.fromisoformat(said["due_at"]) if said["due_at"] else None
        return HandOff(
            id=said["id"], case_id=self._case, key=event.key, element=said["element"], unit=said["unit"],
            duty=said["duty"], form=said["form"], title=said["title"], asked_by=said["asked_by"],
            subject=said["subject"], urgency=said["urgency"], context=above(event.payload),
            gate=said["gate"], officer=said.get("officer"), state="open", opened_at=event.at,
            due_at=moved_to or due_at,
            closed_at=None, closed_seq=None, closed_by=None, case_title=self._title,
            about=str(self._titles.get(said["subject"], self._title)),
        )  # fmt: skip

    # --- written anew ----------------------------------------------------------------------------------

    def _of(self, event: Event, work: HandOff) -> list[Difference]:
        """The mails of one event; those that are kept in this case must be as they would be written."""
        wrong: list[Difference] = []
        for office in self._offices.at(event.at):
            wrong = [found for row in self._made(event, work, office) for found in self._if_held(event, row)]
            if not wrong:
                return []
        return wrong

    def _made(self, event: Event, work: HandOff, office: Runtime) -> list[dict[str, Any]]:
        paper, said = Paper(event.at), event.content
        if event.kind == "hand_off:withdraw":
            office.post.withdrawn(paper, [work], reason=said["reason"])
        elif event.kind == "reminder:fire":
            office.post.reminders(paper, [(work, said["rung"])], moment=datetime.fromisoformat(said["at"]))
        else:
            office.post.digests(paper, {work.unit: [work]}, moment=datetime.fromisoformat(said["at"]))
        return mails_of(paper)

    def _if_held(self, event: Event, made: dict[str, Any]) -> Iterator[Difference]:
        """One mail may stand for work of several cases, under the name of the first: then it holds this work's line."""
        stored = self._held.get(made["once"])
        if stored is None:
            return
        if stored.folder == made["folder"] and stored.folder not in GATHERED:
            yield from self._compare(event, made)
            return
        self.anew.add(stored.once)
        for name in ("officer", "name", "email"):
            if (value := getattr(stored, name)) != made[name]:
                yield self._difference(event, stored.once, f"mail:{stored.folder}", name, value, made[name])
        lines = {line["link"]: line for line in json.loads(stored.context).get("lines", ())}
        said = json.loads(made["context"])
        line = said["lines"][0] if "lines" in said else {n: said[n] for n in ("asked", "title", "due", "link")}
        held = lines.get(line["link"], {})
        for name, value in line.items():
            if held.get(name) != value:
                yield self._difference(event, stored.once, f"mail:{stored.folder}", name, held.get(name), value)

    def _compare(self, event: Event, made: dict[str, Any]) -> Iterator[Difference]:
        self.anew.add(made["once"])
        stored = self._held.get(made["once"])
        if stored is None:
            yield self._difference(event, made["once"], f"mail:{made['folder']}", "row", None, made["context"])
            return
        if _as_stored(stored) == _as_made(made):
            return
        for name in COMPARED:
            if (held := getattr(stored, name)) != made[name]:
                yield self._difference(event, made["once"], f"mail:{made['folder']}", name, held, made[name])

    # --- what became of it -----------------------------------------------------------------------------

    def _outcome(self, event: Event) -> Iterator[Difference]:
        said, stored = event.content, self._held.get(event.key)
        if stored is None:
            yield self._difference(event, event.key, f"mail:{said['message']}", "row", None, said["once"])
            return
        content = content_of(stored.context, stored.attachments, stored.name)
        # What was settled before events told of the content is compared without it.
        told = (*_as_told(said), STATES[event.kind], said.get("content", content))
        held = (*_as_settled(stored), stamp(stored.queued_at), stored.state, content)
        if held == told:
            return
        for name, here, value in zip((*SETTLED, "content"), held, told, strict=True):
            if here != value:
                yield self._difference(event, event.key, f"mail:{stored.folder}", name, here, value)

    @staticmethod
    def _difference(event: Event | None, key: str, where: str, name: str, held: Any, made: Any) -> Difference:
        return Difference(seq=event.seq if event else None, where=where, key=key, field=name, held=held, made=made)
