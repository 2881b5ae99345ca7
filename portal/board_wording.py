"""How a board names its columns and says what stands in a cell."""

from __future__ import annotations

from collections.abc import Mapping

from portal.audit_wording import AuditWording, elements_of
from portal.board import Board, Entry, Part, State, Step
from portal.case_about import process_title
from portal.english import which
from portal.english_names import EnglishNames
from portal.texts import Language, text
from portal.wording import Wording
from rules.calendar import bangkok_date
from schemas.form import FORMS

SIGNS = {State.OVERDUE: "!", State.OPEN: "○", State.LATE: "✓", State.DONE: "✓", State.LAPSED: "✕", State.WITHDRAWN: "–"}
"""A shape beside the colour, for whoever does not see colours, and for paper."""


def order_of(process: str) -> Mapping[str, int]:
    return {element: place for place, element in enumerate(elements_of(process))}


class BoardWording(Wording):
    """The words of one language."""

    def __init__(self, language: Language, names: EnglishNames | None = None) -> None:
        super().__init__(language, names)
        self._audit = AuditWording(language)

    def step(self, step: Step) -> str:
        return self._audit.element(elements_of(step.process).get(step.element), step.element)

    def part(self, board: Board, part: Part) -> str:
        """The process; where it was called in two ways, with the element that called it."""
        title = process_title(part.process, self.language)
        if sum(each.process == part.process for each in board.parts) == 1 or not part.call:
            return title
        callers = (elements_of(each.process).get(part.call) for each in board.parts)
        return f"{title}: {self._audit.element(next(filter(None, callers), None), part.call)}"

    def said(self, entry: Entry) -> str:
        """«ส่ง 13 ก.ย. 2562», «เกินกำหนด 3 วัน»."""
        if entry.state is State.OVERDUE:
            return self._days("board.overdue_by", entry.days)
        closed = entry.work.closed_at
        day = self.day(bangkok_date(closed)) if closed else ""
        return text(f"board.{entry.state}", self.language, **({"day": day} if _handed_in(entry) else {}))

    def beside(self, entry: Entry) -> str:
        """What stands in small below it: when it is due, or how late it came."""
        if entry.state is State.LATE:
            return self._days("board.late_by", entry.days)
        if entry.state in (State.OVERDUE, State.OPEN):
            due = entry.work.due_at
            key, at = ("board.due", due) if due else ("board.opened", entry.work.opened_at)
            return text(key, self.language, day=self.day(bangkok_date(at)))
        return ""

    def title(self, entry: Entry) -> str:
        """The work as it was handed off, or in English its form; and what else it is about."""
        form, work = FORMS.get(entry.work.form), entry.work
        title = (
            f"{form.title_en}{which(work.title)}" if self.language == "en" and form and form.title_en else work.title
        )
        return f"{title} · {self.system(work.about)}" if work.about else title

    def _days(self, key: str, days: int) -> str:
        return text(f"{key}_{days}" if days in (0, 1) else key, self.language, n=days)


def _handed_in(entry: Entry) -> bool:
    return entry.state in (State.LATE, State.DONE)
