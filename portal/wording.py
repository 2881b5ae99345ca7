"""How moments, deadlines, units and choices are written on a page, in Thai or in English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.english import choice_in_english, fact_in_english, in_english
from portal.english_names import EnglishNames
from portal.texts import Language, text
from rules.attachment import in_megabytes, names_of
from rules.calendar import bangkok_date, in_bangkok
from rules.english import english_date
from rules.thai import thai_date, thai_time
from rules.week import days_label_en, days_label_th, week_label_en, week_label_th
from schemas.attachment import ENDINGS, FileKind
from schemas.directive import URGENCY_EN, URGENCY_TH, Urgency
from schemas.form import FormContext
from schemas.organisation import Unit
from schemas.weekly import ReportingWeek

THAI = re.compile("[ก-๛]")


class DueGroup(StrEnum):
    """Where work stands in the inbox."""

    OVERDUE = "overdue"
    TODAY = "today"
    LATER = "later"
    UNDATED = "undated"


def due_group(due: datetime | None, now: datetime) -> DueGroup:
    """Overdue once the moment has come: a deadline is strict (R0.1)."""
    if due is None:
        return DueGroup.UNDATED
    if due <= now:
        return DueGroup.OVERDUE
    return DueGroup.TODAY if bangkok_date(due) == bangkok_date(now) else DueGroup.LATER


class Wording:
    """The words of one language."""

    def __init__(self, language: Language, names: EnglishNames | None = None) -> None:
        """:param names: English names of units, for a page in English."""
        self.language = language
        self.names = names or EnglishNames()

    def day(self, day: date) -> str:
        """«13 เม.ย. 2561», «13 April 2018»."""
        return english_date(day) if self.language == "en" else thai_date(day, style="short")

    def long_day(self, day: date) -> str:
        """«13 เมษายน 2561», «13 April 2018»."""
        return english_date(day) if self.language == "en" else thai_date(day)

    def time(self, moment: datetime) -> str:
        """«16.00 น.», «16:00», on the clocks of Bangkok."""
        return f"{in_bangkok(moment):%H:%M}" if self.language == "en" else thai_time(moment)

    def moment(self, moment: datetime) -> str:
        """«13 เม.ย. 2561 16.00 น.»"""
        between = ", " if self.language == "en" else " "
        return f"{self.day(bangkok_date(moment))}{between}{self.time(moment)}"

    def relative(self, due: datetime, now: datetime) -> str:
        """How far off a deadline is, as people say it."""
        if due <= now:
            return self._ago(due, now)
        days = (bangkok_date(due) - bangkok_date(now)).days
        if days == 0:
            return text("due.today", self.language, time=self.time(due))
        return self._say("due.tomorrow" if days == 1 else "due.in_days", n=days, time=self.time(due))

    def _ago(self, due: datetime, now: datetime) -> str:
        days = (bangkok_date(now) - bangkok_date(due)).days
        if days > 0:
            return self._say("due.days_ago_1" if days == 1 else "due.days_ago", n=days)
        late = now - due
        if late < timedelta(hours=1):
            return text("due.just_passed", self.language)
        hours = int(late / timedelta(hours=1))
        return self._say("due.hours_ago_1" if hours == 1 else "due.hours_ago", n=hours)

    def _say(self, key: str, **facts: object) -> str:
        return text(key, self.language, **facts)

    def unit(self, unit: Unit) -> str:
        return (unit.en or unit.th) if self.language == "en" else unit.th

    def urgency(self, urgency: str) -> str:
        names = URGENCY_EN if self.language == "en" else URGENCY_TH
        return names[Urgency(urgency)]

    def week(self, week: ReportingWeek) -> str:
        return week_label_en(week) if self.language == "en" else week_label_th(week)

    def week_of(self, named_by: date | tuple[date, date]) -> str:
        """A week by its days, or by its Friday."""
        if isinstance(named_by, date):
            return self._say("week.friday", friday=self.long_day(named_by))
        return days_label_en(*named_by) if self.language == "en" else days_label_th(*named_by)

    @staticmethod
    def size(size: int) -> str:
        """Bytes as people read them: 12 kB, 1.4 MB."""
        return in_megabytes(size)

    @staticmethod
    def file_kinds(kinds: Iterable[FileKind]) -> str:
        return names_of(tuple(kinds))

    @staticmethod
    def file_endings(kinds: Iterable[FileKind]) -> str:
        """What a file chooser offers: .pdf,.png,…"""
        taken = frozenset(kinds)
        return ",".join(f".{ending}" for ending, kind in ENDINGS.items() if kind in taken)

    def system(self, said: str) -> str:
        """A title, a note or a reason that code has written in Thai."""
        return in_english(said, self.names) if self.language == "en" else said

    def fact(self, label: str, value: str) -> tuple[str, str]:
        """A fact above a form, which code has labelled in Thai."""
        return fact_in_english(label, value, self.names) if self.language == "en" else (label, value)

    def context(self, context: FormContext) -> FormContext:
        """What stands beside a form, with its lists of choices in the language of the page."""
        if self.language != "en":
            return context
        choices = {
            name: tuple((value, choice_in_english(value, label, self.names)) for value, label in listed)
            for name, listed in context.choices.items()
        }
        return context.replace(choices=choices)

    def tongue(self, said: str) -> str:
        """The language of a text, where the page speaks another: ` lang="th"` or nothing."""
        return ' lang="th"' if self.language == "en" and THAI.search(said) else ""

    def either(self, th: str, en: str) -> str:
        """The one of two wordings that the page speaks."""
        return en or th if self.language == "en" else th
