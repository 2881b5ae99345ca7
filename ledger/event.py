"""One entry of a case's history, and the closed vocabulary of what can happen: `object:verb`."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Row

from ledger.canonical import canonical, canonical_octets, event_hash
from schemas.actor import Actor

KINDS: dict[str, str] = {
    "case:open": "the case begins, with its input",
    "case:close": "the case ends with a result",
    "case:cancel": "the case is cancelled, with a reason",
    "case:supersede": "another case takes its place",
    "case:reopen": "a completed case is taken up again by order of the secretariat",
    "case:phase": "the case enters a phase; its facts are noted",
    "case:record": "something about the case was decided elsewhere (a weekly report, a user request)",
    "case:migrate": "the case goes on under another version of its process",
    "step:done": "a step was carried out; its result",
    "hand_off:open": "a unit is asked to fill in a form",
    "hand_off:submit": "the form was submitted and accepted",
    "hand_off:withdraw": "the work need not be done any more",
    "hand_off:replan": "the work is due at another moment, since a day of the calendar was moved",
    "timer:set": "the flow waits for a moment",
    "timer:replan": "the moment that the flow waits for is another, since a day of the calendar was moved",
    "timer:fire": "the moment has come",
    "message:await": "the flow waits for a message",
    "message:arrive": "a message has come in",
    "message:take": "the flow's wait takes a message",
    "message:send": "a message was sent to another case",
    "call:start": "a child case is called",
    "call:return": "the child case has ended",
    "wait:cancel": "the flow does not wait any more",
    "gate:open": "several waits go on together when enough of them are done",
    "gate:decide": "enough members of a race or a quorum were done; the others are dropped",
    "branch:end": "a branch of the flow was ended by the flow",
    "reminder:fire": "holders of open work were reminded",
    "escalation:fire": "supervisors were told of late work",
    "mail:send": "a mail was accepted by the mail server",
    "mail:skip": "a mail was not sent, with the reason",
    "mail:fail": "a mail could not be delivered",
    "document:add": "a document was added to the case",
    "run:detach": "the Prefect run was cancelled, deleted or lost outside the system",
    "run:attach": "the case was given a new Prefect run",
    "run:fail": "the flow stopped with an error",
}
"""Every kind of event and what it says."""


class Event(NamedTuple):
    """One event; `actor` and `payload` are the canonical JSON that was hashed, the latter as UTF-8.

    Fields as the table's columns stand.
    """

    case_id: str
    seq: int
    at: datetime
    kind: str
    key: str
    actor: str
    payload: bytes
    prev_hash: str
    hash: str

    @property
    def content(self) -> dict[str, Any]:
        """The payload as JSON values."""
        content: dict[str, Any] = orjson.loads(self.payload)
        return content

    @property
    def by(self) -> Actor:
        return actor_named(self.actor)

    def expected_hash(self) -> str:
        """The hash of what stands there; empty where SQLite holds what no event can be made of."""
        try:
            return event_hash(
                case_id=self.case_id, seq=self.seq, at=self.at, kind=self.kind, key=self.key,
                actor=self.actor, payload=self.payload, prev_hash=self.prev_hash,
            )  # fmt: skip
        except (TypeError, ValueError):
            return ""


@lru_cache(maxsize=4096)
def actor_text(actor: Actor) -> str:
    """An actor as an event names it, canonical."""
    return canonical(actor.model_dump(mode="json", exclude_defaults=True))


@lru_cache(maxsize=4096)
def actor_named(text: str) -> Actor:
    """The actor of an event, as `actor_text` wrote it."""
    return Actor.model_validate_json(text)


def seal(
    *,
    case_id: str,
    seq: int,
    at: datetime,
    kind: str,
    key: str,
    actor: str,
    payload: dict[str, Any],
    prev_hash: str,
) -> Event:
    """A new event with its hash; an unknown kind is a programming error."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not in the vocabulary of events")
    text = canonical_octets(payload)
    digest = event_hash(
        case_id=case_id, seq=seq, at=at, kind=kind, key=key, actor=actor, payload=text, prev_hash=prev_hash
    )
    return Event(case_id, seq, at, kind, key, actor, text, prev_hash, digest)


def from_row(row: Row[Any]) -> Event:
    """An event from a row that begins with all columns of the table `events`."""
    return Event._make(row[:_COLUMNS])


_COLUMNS = len(Event._fields)
