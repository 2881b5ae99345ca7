"""Moving a day of an agreement year's calendar while the year runs (decision 24)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from schemas.base import FiscalYear, Moment, Record, ShortText, UnitId
from schemas.form import Form, ask
from schemas.year import YearDay


class DayMove(Form):
    """กพร. gives a named day another date; whoever holds work that is due on it is told."""

    title_th: ClassVar[str] = "เลื่อนกำหนดในปฏิทินของปี"
    title_en: ClassVar[str] = "Move a day of the year's calendar"

    day: YearDay = ask("กำหนดที่ขอเลื่อน", "Day", widget="select", choices="days")
    opens: date | None = ask(
        "วันแรกใหม่ (เฉพาะกำหนดที่เป็นช่วงเวลา)", "New first day (of a period)", widget="date", default=None
    )
    due: date = ask("วันครบกำหนดใหม่", "New last day", widget="date")
    reason: ShortText = ask("เหตุผล/คำสั่งที่อ้างถึง", "Reason, or the order it rests on", widget="textarea", rows=2)


class YearDayMoved(Record):
    """Signal to whoever waits for it: a day of the year's calendar has another date."""

    agency: UnitId
    fiscal_year: FiscalYear
    day: YearDay


class Replanned(Record):
    """One open piece of work or timer that got another moment."""

    case: str
    key: str
    was: Moment
    due: Moment
    unit: UnitId | None = None
    """Who holds the work, and was told; None for a timer, which nobody holds."""
