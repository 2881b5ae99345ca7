"""Replay: today's code over the recorded history, with every side effect closed, and compared byte for byte.

What follows from the history alone is made anew: what was asked of whom, with which context, deadline and reminders;
timers, calls with their input, gates, decisions, the result; the derived tables; the mails that go with them. What came
from outside is read as recorded: the answers of people, the results of steps, messages. Names of units, holders of
work, working days and limits are those of the organisation and policy of that moment (decision 31).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from audit.answers import answer_differences
from audit.asleep import text_instead
from audit.damage import unreadable
from audit.differences import Difference, fields_of
from audit.letters import Letters
from audit.offices import Offices, offices_of
from audit.openings import Reopening, child_input, first_written, mails_of
from audit.paper import Paper
from audit.replay_run import ReplayRun
from audit.stored import Held, all_held
from engine.errors import UnknownProcess
from engine.process import process_named
from engine.runtime import Runtime
from engine.waits import Call, HandOff, Wait
from ledger.canonical import canonical_octets
from ledger.errors import HistoryCannotBeRead, HistoryIsGone, UnknownCase
from ledger.event import Event
from ledger.restore import compared, restored
from schemas.form import Form

OPENING = frozenset({"hand_off:open", "timer:set", "message:await", "call:start"})
ENDINGS = frozenset({"case:close", "case:cancel", "case:supersede", "case:reopen"})
TOGETHER = OPENING | {"gate:open"}
A_BREATH = 8
"""After so many waits others get their turn: the next cases come in meanwhile, and a portal answers."""
DOUBTS = 20
"""From so many earlier moments at most a case is looked at a second time, where what was opened then differs."""


@dataclass(slots=True, kw_only=True)
class Replayed:
    """What came of replaying one case."""

    case_id: str
    process: str
    version: int
    events: int
    openings: int = 0
    """Waits that were opened anew and compared."""
    mails: int = 0
    """Mails that were written anew and compared."""
    outcomes: int = 0
    """Mails that a step wrote, of which only the outcome was compared with its event."""
    differences: list[Difference] = field(default_factory=list)
    goes_on: list[str] = field(default_factory=list)
    """What the flow would do next; empty for a case that is closed, or waits as it does."""
    unknown: list[str] = field(default_factory=list)
    """Versions of the process that this code no longer has: what was opened under them is not compared."""

    @property
    def same(self) -> bool:
        return not self.differences


async def replay_cases(runtime: Runtime, case_ids: Collection[str] | None = None) -> AsyncIterator[Replayed]:
    """Replay cases, all by default, one after the other; one that cannot be read differs, and the others go on.

    :raises UnknownCase: one of those that were named does not exist.
    :raises NoOrganisation: none was ever loaded.
    """
    offices = await offices_of(runtime)
    found = set[str]()
    async with runtime.ledger.read_through() as connection, aclosing(all_held(connection, case_ids)) as batches:
        async for stored in batches:
            for case_id in list(stored):
                found.add(case_id)
                yield await replay_or_why(stored.pop(case_id), offices)  # what was replayed is not kept
    for missing in sorted(set(case_ids or ()) - found):
        raise UnknownCase(case=missing)


async def replay_or_why(stored: Held, offices: Offices, *, until: datetime | None = None) -> Replayed:
    """What somebody has spoiled may fail anywhere: then of no process, and the trouble is the difference."""
    try:
        return await replay(stored, offices, until=until)
    except Exception as trouble:
        told = Replayed(case_id=stored.case_id, process="", version=0, events=len(stored.events))
        seq, why = getattr(trouble, "seq", None), str(trouble)
        if not isinstance(trouble, HistoryCannotBeRead):
            why = f"{type(trouble).__name__}: {trouble}"
        told.differences.append(_difference(seq, "case", stored.case_id, "history", why, None))
        return told


async def replay(stored: Held, offices: Offices, *, until: datetime | None = None) -> Replayed:
    """Replay one case; with `until` as far as the history went at that moment, without its tables.

    :raises HistoryCannotBeRead: an event holds what none can hold.
    """
    events = [event for event in stored.events if until is None or event.at <= until]
    if (spoiled := unreadable(stored.case_id, events)) is not None:
        raise spoiled
    said: dict[str, Any] = events[0].content if events else {"process": "", "version": 0}
    told = Replayed(case_id=stored.case_id, process=said["process"], version=said["version"], events=len(events))
    if not stored.events:
        gone = HistoryIsGone(case=stored.case_id, seq=stored.case["head_seq"])
        told.differences.append(_difference(None, "case", stored.case_id, "history", str(gone), None))
    if not events:
        return told
    await offices.read_for(events[0].at, events[-1].at)
    comparison = _Comparison(stored, events, offices, told)
    for span in _spans(events):
        await comparison.play(span)
    told.differences += answer_differences(events, offices, comparison.read)
    told.differences += comparison.letters.rest(events, whole=until is None)
    told.mails, told.outcomes = len(comparison.letters.anew), len(comparison.letters.settled)
    if until is None:
        told.differences += _table_differences(stored, events)
    return told


@dataclass(frozen=True, slots=True)
class _Span:
    """Events up to `last` as one version of the process met them; what was opened after `first` is its own."""

    first: int
    last: int
    version: int
    is_last: bool


def _spans(events: Sequence[Event]) -> Iterator[_Span]:
    """One for each version under which the case ran; a case that has ended is played up to there, and no further."""
    ended = _ended(events)
    end = events[-1].seq if ended is None else ended.seq - 1
    moves = [event for event in events if event.kind == "case:migrate" and event.seq <= end]
    first, version = 0, int(events[0].content["version"])
    for move in moves:
        yield _Span(first, move.seq - 1, version, is_last=False)
        first, version = move.seq, int(move.content["to"])
    yield _Span(first, end, version, is_last=True)


def _ended(events: Sequence[Event]) -> Event | None:
    """The event that ended the case for good; None for a case that is open, or was opened again."""
    last = next((event for event in reversed(events) if event.kind in ENDINGS), None)
    return None if last is None or last.kind == "case:reopen" else last


class _Comparison:
    """What the flow meets in a case, against what the ledger holds of it."""

    def __init__(self, stored: Held, events: Sequence[Event], offices: Offices, told: Replayed) -> None:
        self.stored, self.events, self.offices, self.told = stored, events, offices, told
        self.opening = {event.key: event for event in events if event.kind in OPENING}
        titles = {case_id: row.title for case_id, row in stored.others.items()}
        self.reopening = Reopening(stored.case_id, titles)
        self.letters = Letters(stored, offices, titles)
        self.read: dict[str, Form] = {}
        """Forms as the flow has read them, by the key of their hand-off."""
        self._earlier: dict[int, ReplayRun] = {}
        """Runs over the beginnings of the history, by how many events they know."""

    async def play(self, span: _Span) -> None:
        told = self.told
        try:
            process_named(told.process, span.version)
        except UnknownProcess as unknown:
            told.unknown.append(f"{told.process} v{span.version}")
            if span.is_last:
                self._differ(None, "case:open", "", "process", f"{told.process} v{span.version}", str(unknown))
            return
        told.version = span.version
        run = await self._run(span.last)
        if run.rehearsed.mismatch or run.stumbled:
            what = "flow" if run.rehearsed.mismatch else "code"
            self._differ(None, "case", told.case_id, what, "…", run.rehearsed.mismatch or run.stumbled)
        await self._compare_openings(run, span)
        self._compare_gates(run, span)
        self._compare_decisions(run, span)
        if span.is_last:
            self._compare_end(run)
            await self._compare_text(run)
        for each in (run, *self._earlier.values()):
            each.forget()
        self._earlier.clear()

    async def _run(self, last: int) -> ReplayRun:
        (office, *_) = self.offices.at(self.events[last - 1].at)
        return await ReplayRun(office, self.told.case_id, self.events[:last]).play()

    # --- what was opened -------------------------------------------------------------------------------

    async def _compare_openings(self, run: ReplayRun, span: _Span) -> None:
        for key, event in self.opening.items():
            if (wait := run.met.get(key)) is None:
                continue
            if isinstance(wait, HandOff) and wait.given is not None:
                self.read[key] = wait.given
            if span.first < event.seq <= span.last:
                await self._compare(wait, event)
                if self.told.openings % A_BREATH == 0:
                    await asyncio.sleep(0)

    async def _compare(self, wait: Wait[Any], event: Event) -> None:
        self.told.openings += 1
        found = await self._opened(wait, event)
        if found and (then := await self._as_it_was_then(event)) is not None:
            # Played to the end, a flow may know more when it asks than it knew then.
            found = await self._opened(then, event)
        self.told.differences += found

    async def _opened(self, wait: Wait[Any], event: Event) -> list[Difference]:
        """What differs when it is opened under the organisation of that moment; nothing when one of two fits."""
        first: list[Difference] | None = None
        for office in self.offices.at(event.at):
            paper = await self.reopening.opened(wait, event, office)
            found = [*self._written(paper, event), *self.letters.asked_for(event, mails_of(paper))]
            if isinstance(wait, Call):
                found += self._child(wait, event)
            if not found:
                return []
            first = found if first is None else first
        return first or []

    async def _as_it_was_then(self, event: Event) -> Wait[Any] | None:
        """The same wait, asked for by a flow that knows what had happened before it and no more."""
        known = self._known_before(event)
        if known not in self._earlier:
            if len(self._earlier) == DOUBTS or not known:
                return None
            self._earlier[known] = await self._run(known)
        return self._earlier[known].met.get(event.key)

    def _known_before(self, event: Event) -> int:
        """How many events there were when the wait was asked for: those opened with it in one breath came after."""
        known = event.seq - 1
        while known and (before := self.events[known - 1]).at == event.at and before.kind in TOGETHER:
            known -= 1
        return known

    @staticmethod
    def _written(paper: Paper, event: Event) -> Iterator[Difference]:
        """The opening event, field by field."""
        written = first_written(paper)
        if written.payload != event.payload:
            for name, here, there in fields_of(event.payload, written.payload):
                yield _difference(event.seq, event.kind, event.key, name, here, there)
        if (written.kind, written.actor) != (event.kind, event.actor):
            yield _difference(event.seq, event.kind, event.key, "actor", event.actor, written.actor)

    def _child(self, call: Call[Any], event: Event) -> Iterator[Difference]:
        """The called case was opened with the input that the flow gives it."""
        new, row = call.called.new, self.stored.others.get(call.called.new.id)
        made = {"process": new.process, "title": new.title, "data": child_input(call)}
        for name, value in made.items():
            if row is None or getattr(row, name) != value:
                yield _difference(event.seq, event.kind, new.id, name, row and getattr(row, name), value)

    # --- gates, decisions, the end ---------------------------------------------------------------------

    def _compare_gates(self, run: ReplayRun, span: _Span) -> None:
        for event in self.events[span.first : span.last]:
            if event.kind == "gate:open":
                made = canonical_octets({"need": run.gates.get(event.key)})
                if event.payload != made:
                    self._differ(event.seq, event.kind, event.key, "need", event.payload, made)

    def _compare_decisions(self, run: ReplayRun, span: _Span) -> None:
        for recorded, winners in run.decisions:
            if span.first < recorded.closing_seq <= span.last and recorded.value["winners"] != winners:
                held_winners = recorded.value["winners"]
                self._differ(recorded.closing_seq, "gate:decide", recorded.key, "winners", held_winners, winners)

    def _compare_end(self, run: ReplayRun) -> None:
        """Does the flow stand where the ledger says, with nothing left over on either side?"""
        ended = _ended(self.events)
        for key in [] if run.rehearsed.mismatch or run.stumbled else run.never_met:
            self._differ(None, "flow", key, "met", True, False)
        if ended is not None and ended.kind == "case:close":
            key, result = run.result or ("", None)
            made = canonical_octets({"result": result, "branch": ""})
            if (key, made) != (ended.key, ended.payload):
                self._differ(ended.seq, ended.kind, ended.key, "result", ended.payload, made if run.result else None)
        elif ended is None:
            opens = [key for key in run.rehearsed.opens if key not in run.history.elements]
            self.told.goes_on += [*run.rehearsed.carries_out, *opens, *(["close"] if run.result else [])]
            if self.told.goes_on and self._rests():
                self._differ(None, "flow", self.told.case_id, "goes on", [], self.told.goes_on)

    def _rests(self) -> bool:
        case = self.stored.case
        return len(self.events) == len(self.stored.events) and case["run_state"] == "asleep" and not case["wanted"]

    async def _compare_text(self, run: ReplayRun) -> None:
        """What a sleeping case is said to wait for; the events alone do not restore it."""
        if _ended(self.events) is not None or not self._rests() or run.history.head_seq != len(self.events):
            return
        said = self.stored.case["waiting_for"]
        made = await text_instead(said, run.history.open_elements(), self.events, self.offices)
        if made is not None:
            self._differ(None, "cases", self.told.case_id, "waiting_for", said, made)

    def _differ(self, seq: int | None, where: str, key: str, name: str, here: Any, there: Any) -> None:
        self.told.differences.append(_difference(seq, where, key, name, here, there))


def _difference(seq: int | None, where: str, key: str, name: str, here: Any, there: Any) -> Difference:
    return Difference(seq=seq, where=where, key=key, field=name, held=here, made=there)


def _table_differences(stored: Held, events: Sequence[Event]) -> Iterator[Difference]:
    for found in compared(restored(stored.case_id, events), stored.rows):
        key = "/".join(str(part) for part in found.key)
        yield Difference(
            seq=None, where=found.table, key=key, field=found.column or "row", held=found.stored, made=found.restored
        )
