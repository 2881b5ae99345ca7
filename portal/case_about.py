"""What a case is about, from its input: the lines that stand at the top of its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from engine.errors import UnknownProcess
from engine.process import process_named
from ledger.cases import CaseView
from ledger.event import Event
from portal.english_labels import PROCESSES
from portal.texts import Language, text
from portal.wording import Wording
from rules.calendar import bangkok_date
from schemas.attachment import AttachedFile
from schemas.base import Record
from schemas.directive import Directive
from schemas.labels import label
from schemas.weekly import HEADINGS, TIMELINESS_EN, TIMELINESS_TH, ReportingWeek, SnapshotRow, WeekDaysIfAny

Facts = list[tuple[str, str]]
WEEKLY_REPORT = ("case:record", "weekly_report")
"""Kind and key of the event with which a week's report goes into the history of its directive."""


def process_title(process: str, language: Language) -> str:
    """The title of a process; its id when no flow of this installation runs it."""
    if language == "en" and process in PROCESSES:
        return PROCESSES[process]
    try:
        return process_named(process).title_th
    except UnknownProcess:
        return process


def facts_of(case: CaseView, w: Wording, unit_name: Callable[[str], str]) -> Facts:
    """(label, value) pairs; nothing for an input of an unknown shape."""
    try:
        return [(text(f"about.{key}", w.language), value) for key, value in _facts(case.data, w, unit_name) if value]
    except (ValidationError, ValueError, KeyError):
        return []


def _facts(data: dict[str, Any], w: Wording, unit_name: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    if "directive" in data:
        yield from _of_directive(Directive.model_validate(data["directive"]), w)
    if "week" in data:
        week = ReportingWeek.model_validate(data["week"])
        yield "week", w.week(week)
        yield "cut_off", w.moment(week.cut_off)
        yield "report_at", w.moment(week.report_at)
    if isinstance(data.get("agency"), str):
        yield "agency", unit_name(data["agency"])
    if "meeting_at" in data:
        at = datetime.fromisoformat(data["meeting_at"])
        yield "meeting", w.moment(at) if data.get("meeting_timed") else w.long_day(bangkok_date(at))
    if "subject" in data:
        yield "text", data.get("text", "")
        yield "agencies", ", ".join(unit_name(agency) for agency in data.get("agencies", ()))
    if "request" in data:
        yield "text", data["reason"]
    if isinstance(data.get("order"), str):
        yield "order", data["order"]
    if "letter" in data:
        yield "text", data["letter"]["text"]
        yield "recipients", ", ".join(recipient["addressee"] for recipient in data["recipients"])
    if data.get("due"):
        yield "due", w.moment(datetime.fromisoformat(data["due"]))


def _of_directive(directive: Directive, w: Wording) -> Iterator[tuple[str, str]]:
    yield "no", directive.no
    yield "ordered_by", directive.ordered_by
    yield "ordered_on", w.long_day(directive.ordered_on)
    yield "source", directive.source_meeting
    yield "nature", label(directive.nature, w.language)
    yield "urgency", label(directive.urgency, w.language)
    yield "text", directive.text


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """One week's report on a directive."""

    friday: str
    week: str
    level: str
    timeliness: str
    timeliness_word: str
    filed_at: datetime | None
    filed_by: str
    headings: tuple[tuple[str, str], ...]
    files: tuple[AttachedFile, ...]


class _Recorded(Record, extra="ignore"):
    """The content of the event `WEEKLY_REPORT`; older versions recorded more."""

    week: str
    friday: str
    days: WeekDaysIfAny = None
    row: SnapshotRow

    @property
    def named_by(self) -> date | tuple[date, date]:
        """The days of the week, or its Friday where no more was recorded."""
        return self.days or date.fromisoformat(self.friday)


def weekly_reports(events: Iterable[Event], w: Wording) -> list[ReportLine]:
    """The weekly reports that were recorded in a directive's case, the latest first.

    One that somebody has spoiled is left out; in the history its place says so.
    """
    found = list[ReportLine]()
    for event in events:
        with suppress(ValueError):
            if line := weekly_report(event, w):
                found.append(line)
    return found[::-1]


def weekly_report(event: Event, w: Wording) -> ReportLine | None:
    """The weekly report that an event records; None for any other event."""
    if (event.kind, event.key) != WEEKLY_REPORT:
        return None
    return _report_line(_Recorded.model_validate(event.content), w)


def _report_line(recorded: _Recorded, w: Wording) -> ReportLine:
    row = recorded.row
    words = TIMELINESS_EN if w.language == "en" else TIMELINESS_TH
    headings = [(w.either(th, en), getattr(row.report, field)) for field, th, en in HEADINGS] if row.report else []
    return ReportLine(
        friday=recorded.friday,
        week=w.week_of(recorded.named_by),
        level=label(row.level, w.language),
        timeliness=row.timeliness.value,
        timeliness_word=words[row.timeliness],
        filed_at=row.filed_at,
        filed_by=row.filed_by,
        headings=tuple((name, said) for name, said in headings if said),
        files=row.attachments,
    )
