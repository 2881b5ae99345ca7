"""What a replay found, in the words of auditors' pages: kinds, steps, units and moments by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from audit.differences import Difference, short
from ledger import tables
from ledger.canonical import sha256
from ledger.event import KINDS, Event
from portal.audit_wording import AuditWording
from portal.texts import TEXTS, text
from portal.timeline import phase_name
from portal.wording import Wording
from schemas.actor import Actor

ACTORS = frozenset({"actor", "closed_by"})
MOMENTS = frozenset({"at", "due_at", "opened_at", "closed_at", "head_at"})
DATA = "data."
OF_WORK = frozenset({tables.hand_offs.name, tables.reminders.name})
"""Tables whose rows are named by a hand-off."""
OF_WAITS = frozenset({tables.waits.name, tables.gates.name})
"""Tables whose rows are named by case and key."""


@dataclass(frozen=True, slots=True)
class DifferenceWording:
    """The words for the differences of one case."""

    process: str
    w: Wording
    a: AuditWording
    unit_name: Callable[[str], str]
    work: Mapping[str, Event] = field(default_factory=dict)
    """The event that opened each hand-off, by the hand-off's id."""

    def line(self, each: Difference) -> dict[str, object]:
        """A row of the table."""
        held, made = (self._value(each, value) for value in (each.held, each.made))
        if held == made and not _is_letter(each):  # a name or a minute hides what differs
            held, made = short(each.held), short(each.made)
        opened = self._opened(each)
        return {
            "seq": opened.seq if opened else each.seq, "where": self._where(each.where), "key": each.key,
            "step": self._step(each), "field": self._field(each.field), "held": held, "made": made,
        }  # fmt: skip

    def _where(self, where: str) -> str:
        if where in KINDS:
            return self.a.kind(where)
        kind, _, mail = where.partition(":")
        if kind == "mail" and f"mail.kind.{mail}" in TEXTS:
            return f"{text('replay.of_mail', self.w.language)} {text(f'mail.kind.{mail}', self.w.language)}"
        return self._named("replay.of_table", where)

    def _opened(self, each: Difference) -> Event | None:
        """The event behind a row about a piece of work."""
        return self.work.get(each.key.partition("/")[0]) if each.where in OF_WORK else None

    def _step(self, each: Difference) -> str:
        """The step that the key names; empty where it names none."""
        if (opened := self._opened(each)) is not None:
            key = opened.key
        elif each.where in OF_WAITS:
            key = each.key.partition("/")[2]
        elif each.where in KINDS:
            key = each.key
        else:
            return ""
        step = self.a.step_of(self.process, key)
        return "" if step == key else step

    def _field(self, name: str) -> str:
        if name.startswith(DATA):
            return f"{text('replay.field_of.data', self.w.language)} ({name.removeprefix(DATA)})"
        return self._named("replay.field_of", name)

    def _named(self, of: str, name: str) -> str:
        key = f"{of}.{name}"
        return text(key, self.w.language) if key in TEXTS else name

    def _value(self, each: Difference, value: Any) -> str:
        """A value as the page shows it; of what stands in a mail no more than whether it is the same."""
        said = short(value)
        if value is None:
            return text("replay.nothing", self.w.language)
        if _is_letter(each):
            return sha256(value if isinstance(value, bytes) else str(value).encode())[:12]
        try:
            if each.field in ACTORS:
                return self._actor(Actor.model_validate_json(value) if isinstance(value, str) else value)
            if each.field in MOMENTS and isinstance(value, str | datetime):
                return self.w.moment(datetime.fromisoformat(value) if isinstance(value, str) else value)
        except ValueError:
            return said
        if each.field == "phase":
            return phase_name(said, self.w)
        if each.field == "state" and f"state.{said}" in TEXTS:
            return text(f"state.{said}", self.w.language)
        return self.unit_name(said) if each.field == "unit" else said

    def _actor(self, named: Any) -> str:
        """Name, account, unit and instrument."""
        actor = Actor.model_validate(named)
        unit = self.unit_name(actor.unit) if actor.unit else ""
        return " · ".join(filter(None, (actor.name, actor.officer, unit, actor.instrument)))


def _is_letter(each: Difference) -> bool:
    """Whether the values are what stands in a mail, or the whole of one."""
    return each.where.startswith("mail:") and each.field in {"context", "row"}
