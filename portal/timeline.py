"""What has happened in a case, in plain words: who did what, when; what the system does by itself is folded away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flows.year_calendar import CALENDAR_MOVE
from ledger.event import Event
from ledger.hand_offs import HandOff
from portal.case_about import weekly_report
from portal.fields import Answer, readable
from portal.hand_offs import form_title
from portal.texts import TEXTS, text
from portal.wording import Wording
from schemas.agreement import CHANGE_ENDING_EN, CHANGE_ENDING_TH, ChangeResult
from schemas.form import FORMS

KPI_CHANGE = ("case:record", "kpi_change")
"""Kind and key of the event with which what became of a request goes into the year's history."""
PLAIN = frozenset(
    {
        "case:open", "case:close", "case:cancel", "case:supersede", "case:reopen", "case:record", "hand_off:open",
        "hand_off:submit", "hand_off:withdraw", "hand_off:replan", "escalation:fire", "mail:fail", "document:add",
        "run:fail", "run:detach", "run:attach", "message:arrive",
    }
)  # fmt: skip
"""Kinds that people look for; the others are the system's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event."""

    seq: int
    at: datetime
    kind: str
    sentence: str
    who: str
    """The officer; empty for the system."""
    instrument: str
    about_id: str
    about: str
    """The case that the work is about and its title; empty where the event is not about work."""
    detail: str
    answers: tuple[Answer, ...]
    withheld: bool
    """Whether the form holds personal data that the reader does not see."""
    hash: str
    spoiled: bool = False
    """Whether somebody has changed the event so that it cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Events in a row that are shown alike."""

    folded: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """To whom the events of a case are told."""

    w: Wording
    addressee: Callable[[HandOff], str]
    """Who holds a piece of work."""
    reads_personal: Callable[[str], bool]
    """Whether the reader may see what a unit's forms say of a person."""
    step: Callable[[str], str]
    """The name of what a key names."""


def timeline(events: Iterable[Event], work: Mapping[str, HandOff], reader: Reader) -> tuple[Stretch, ...]:
    """The events in their order. `work`: hand-offs of the case by key."""
    entries = (_entry(event, work.get(event.key), reader) for event in events)
    return tuple(
        Stretch(folded=folded, entries=tuple(group))
        for folded, group in groupby(entries, key=lambda entry: entry.kind not in PLAIN and not entry.spoiled)
    )


def _entry(event: Event, hand_off: HandOff | None, reader: Reader) -> Entry:
    try:
        return _read(event, hand_off, reader)
    except (ValueError, KeyError, TypeError, AttributeError):  # verifying says what was done to it
        return Entry(
            seq=event.seq, at=event.at, kind=event.kind, sentence=text("event.spoiled", reader.w.language), who="",
            instrument="", about_id="", about="", detail="", answers=(), withheld=False, hash=event.hash, spoiled=True,
        )  # fmt: skip


def _read(event: Event, hand_off: HandOff | None, reader: Reader) -> Entry:
    said, by = event.content, event.by
    withheld = _is_personal(event) and hand_off is not None and not reader.reads_personal(hand_off.unit)
    return Entry(
        seq=event.seq,
        at=event.at,
        kind=event.kind,
        sentence=_sentence(event, said, hand_off, reader),
        who=by.name if by.officer else "",
        instrument=by.instrument or "",
        about_id=hand_off.subject if hand_off else "",
        about=hand_off.about if hand_off else "",
        detail=str(said.get("reason") or said.get("error") or ""),
        answers=() if withheld else _answers(event, said, hand_off, reader.w),
        withheld=withheld,
        hash=event.hash,
    )


def _is_personal(event: Event) -> bool:
    form = FORMS.get(event.content.get("form", "")) if event.kind == "hand_off:submit" else None
    return form is not None and form.personal


def _answers(event: Event, said: dict[str, Any], hand_off: HandOff | None, w: Wording) -> tuple[Answer, ...]:
    if event.kind != "hand_off:submit" or hand_off is None:
        return ()
    return readable(FORMS.get(said["form"]), said["data"], w.context(hand_off.context), w.language)


def _sentence(event: Event, said: dict[str, Any], hand_off: HandOff | None, reader: Reader) -> str:
    w = reader.w
    if own := sentence_of_its_own(event, w):
        return own
    due = said.get("due_at") if event.kind in {"hand_off:open", "hand_off:replan"} else None
    facts = {
        "title": form_title(hand_off, w) if hand_off else event.key,
        "unit": reader.addressee(hand_off) if hand_off else "",
        "key": event.key,
        "step": reader.step(event.key),
        "name": name_of_message(said, w),
        "to": said.get("to") or "–",
        "subject": said.get("subject") or said.get("message", ""),
        "rung": said.get("rung", ""),
        "phase": phase_name(said.get("phase"), w),
        "other": said.get("by") or said.get("child") or "",
    }
    sentence = text(f"event.{event.kind}", w.language, **facts)
    return f"{sentence} {text('event.due', w.language, due=w.moment(datetime.fromisoformat(due)))}" if due else sentence


def sentence_of_its_own(event: Event, w: Wording) -> str:
    """What is told of an event otherwise than of others of its kind; empty for any other."""
    if report := weekly_report(event, w):
        week = report.week[0].lower() + report.week[1:]  # within the sentence; Thai has no capitals
        return text("event.weekly_report", w.language, week=week, level=report.level, timeliness=report.timeliness_word)
    if (event.kind, event.key) == KPI_CHANGE:
        result = ChangeResult.model_validate(event.content["result"])
        endings = CHANGE_ENDING_EN if w.language == "en" else CHANGE_ENDING_TH
        return text("event.kpi_change", w.language, kpi=result.request.kpi, ending=endings[result.ending])
    if event.kind == "case:phase" and not event.content.get("phase"):
        return text("event.facts", w.language)
    if (event.kind, event.key) == ("case:record", CALENDAR_MOVE):
        return text("event.calendar_move", w.language)
    return ""


def name_of_message(said: dict[str, Any], w: Wording) -> str:
    """What a message is called, with the few facts that everybody may read; another one by the name of its type."""
    name, payload = str(said.get("name", "")), said.get("payload", {})
    key = f"message.{name.partition(':')[0]}"  # a signal has its topic behind its type
    if key not in TEXTS:
        return name
    return text(key, w.language, **{fact: payload.get(fact, "") for fact in ("kpi", "score", "reference")})


def phase_name(phase: str | None, w: Wording) -> str:
    """The name of a phase; one that older versions noted is shown as it stands."""
    key = f"phase.{phase}"
    return text(key, w.language) if key in TEXTS else phase or ""


def kinds_with_words() -> frozenset[str]:
    """Kinds of events for which the catalogue has a sentence."""
    return frozenset(key.removeprefix("event.") for key in TEXTS if key.startswith("event.") and ":" in key)
