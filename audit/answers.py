"""What came from outside: does it still read as it was written, from someone who could, at the moment that was set?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from audit.differences import Difference
from audit.offices import Offices
from engine.intake import actor_for
from engine.runtime import Runtime
from ledger.canonical import canonical_octets, sha256
from ledger.errors import NotTheHolder
from ledger.event import Event
from rules.errors import RuleError
from schemas.actor import Actor, ActorKind
from schemas.form import FORMS, Form


class _Asked:
    """A wait as it was opened, with its plans: a day of the calendar may be moved (decision 24)."""

    __slots__ = ("_plans", "said")

    def __init__(self, said: dict[str, Any]) -> None:
        self.said = said
        self._plans = [said]

    def plan(self, said: dict[str, Any]) -> None:
        """A new plan, whose rungs go on counting."""
        self._plans.append(said)

    @property
    def at(self) -> str | None:
        """The moment of a timer, as it stands."""
        return self._plans[-1].get("at")

    def moment_of(self, kind: str, rung: int) -> str | None:
        """When a reminder or an escalation is to go out: the latest plan that has the rung, which it counts from 1."""
        for plan in reversed(self._plans):
            place = rung - plan.get("rungs", {}).get(kind, 0) - 1
            if 0 <= place < len(moments := plan.get(f"{kind}s", ())):
                return str(moments[place])
        return None


def answer_differences(events: Sequence[Event], offices: Offices, read: Mapping[str, Form]) -> list[Difference]:
    """Forms, actors, timers and reminders of a case that are not what the history before them allows.

    :param read: forms as the flow has read them already, by the key of their hand-off.
    """
    found: list[Difference] = []
    asked: dict[str, _Asked] = {}
    for event in events:
        if event.kind in {"hand_off:open", "timer:set"}:
            asked[event.key] = _Asked(event.content)
        elif event.kind in {"hand_off:replan", "timer:replan"} and event.key in asked:
            asked[event.key].plan(event.content)
        elif event.kind == "hand_off:submit" and event.key in asked:
            found += _submitted(event, read.get(event.key))
            found += _actor(event, asked[event.key].said, offices)
        elif event.kind in _CHECKS and event.key in asked:
            found += _CHECKS[event.kind](event, asked[event.key])
    return found


def _submitted(event: Event, read: Form | None) -> Iterator[Difference]:
    """The form by today's model, and the digest on the officer's receipt."""
    said = event.content
    if said["digest"] != (digest := sha256(canonical_octets(said["data"]))):
        yield _difference(event, "digest", said["digest"], digest)
    form = FORMS.get(said["form"])
    if form is None:
        yield _difference(event, "form", said["form"], None)
        return
    try:
        given = read if type(read) is form else form.model_validate(said["data"])
    except ValidationError as wrong:
        yield _difference(event, "data", said["data"], str(wrong))
        return
    made = given.model_dump(mode="json")
    for name in sorted(made.keys() | said["data"].keys()) if made != said["data"] else ():
        if made.get(name) != said["data"].get(name):
            yield _difference(event, f"data.{name}", said["data"].get(name), made.get(name))


def _actor(event: Event, asked: dict[str, Any], offices: Offices) -> list[Difference]:
    """Who handed it in: by the organisation of that moment, could they, and is that how they are named?"""
    held = event.by
    if held.kind is not ActorKind.OFFICER or held.officer is None:
        return []
    made: list[Actor | str] = [_as_named_by(office, held, event, asked) for office in offices.at(event.at)]
    return [] if held in made else [_difference(event, "actor", *map(_as_said, (held, made[0])))]


def _as_said(named: Actor | str) -> Any:
    """An actor as an event names one; the refusal where it could be nobody."""
    return named if isinstance(named, str) else named.model_dump(mode="json", exclude_defaults=True)


def _as_named_by(office: Runtime, held: Actor, event: Event, asked: dict[str, Any]) -> Actor | str:
    try:
        return actor_for(
            office.directory,
            str(held.officer),
            unit=asked["unit"],
            duty=asked["duty"],
            named=asked.get("officer"),
            at=event.at,
            through=held.through,
        )
    except (NotTheHolder, RuleError) as refusal:
        return str(refusal)


def _fired(event: Event, asked: _Asked) -> Iterator[Difference]:
    if (at := event.content["at"]) != asked.at:
        yield _difference(event, "at", at, asked.at)


def _reminded(event: Event, asked: _Asked) -> Iterator[Difference]:
    """A rung of the ladder was taken at its own moment."""
    said = event.content
    planned = asked.moment_of(event.kind.partition(":")[0], said["rung"])
    if planned != said["at"]:
        yield _difference(event, "at", said["at"], planned)


_CHECKS: dict[str, Callable[[Event, _Asked], Iterator[Difference]]] = {
    "timer:fire": _fired,
    "reminder:fire": _reminded,
    "escalation:fire": _reminded,
}


def _difference(event: Event, name: str, held: Any, made: Any) -> Difference:
    return Difference(seq=event.seq, where=event.kind, key=event.key, field=name, held=held, made=made)
