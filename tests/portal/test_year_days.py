"""The calendar of a year as it goes: states of days, why they moved, when their work was done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from ledger.hand_offs import HandOff
from portal.year_days import OF_THE_YEAR, Day, DayState, day_of, done_for, state_of
from portal.year_wording import YearWording
from rules.calendar import Calendar
from rules.year import planned
from schemas.policy import HolidayOverride, OverrideKind
from schemas.roll import Roll
from schemas.year import PlannedDay, YearDay, YearEntry
from tests.flows.agreement import department
from tests.flows.people import at
from tests.portal.test_year_cells import Work, hand_off

FLOOD = HolidayOverride(on=date(2012, 4, 30), kind=OverrideKind.ADD, name="หยุดเพราะน้ำท่วม", source="มติ ครม.")


def entry(due: date, *, roll: Roll = Roll.NEXT, opens: date | None = None) -> YearEntry:
    return YearEntry(
        day=YearDay.SAR_6, th="ส่งรายงาน", en="Send the report", opens=opens, due=due, roll=roll, source="S1"
    )  # fmt: skip


def day(
    due: date, *, now: str = "2012-04-02", next_: bool = False, calendar: Calendar | None = None, **more: Any
) -> Day:
    calendar, one = calendar or Calendar(), entry(due, **more)
    return day_of(
        planned(one, calendar=calendar), one, (), calendar, now=at(now), next_=next_
    )  # fmt: skip


def last_day(due: date, opens: date | None = None) -> PlannedDay:
    return planned(entry(due, opens=opens), calendar=Calendar())


@pytest.mark.parametrize(
    ("now", "opens", "state"),
    [
        (at("2012-04-29"), None, DayState.AHEAD),
        (at("2012-04-30", "00:00"), None, DayState.TODAY),
        (at("2012-04-30", "23:59:59"), None, DayState.TODAY),
        (at("2012-05-01", "00:00"), None, DayState.PAST),
        (at("2012-03-31", "23:00"), date(2012, 4, 2), DayState.AHEAD),
        (at("2012-04-02", "08:30"), date(2012, 4, 2), DayState.RUNNING),
        (at("2012-04-30", "10:00"), date(2012, 4, 2), DayState.TODAY),
    ],
)
def test_a_day_is_past_today_under_way_or_ahead(now: datetime, opens: date | None, state: DayState) -> None:
    assert state_of(last_day(date(2012, 4, 30), opens), now=now, next_=False) is state


def test_of_what_is_ahead_the_first_day_is_the_next() -> None:
    assert day(date(2012, 4, 30), next_=True).state is DayState.NEXT
    assert day(date(2012, 4, 30), next_=False).state is DayState.AHEAD


@pytest.mark.parametrize(
    ("due", "roll", "calendar", "holds", "said"),
    [
        (date(2012, 4, 30), Roll.NEXT, Calendar(), date(2012, 4, 30), ""),
        (date(2012, 4, 28), Roll.NEXT, Calendar(), date(2012, 4, 30),
         "ปฏิทินกำหนด 28 เม.ย. 2555 ตรงกับวันหยุดสุดสัปดาห์ จึงเลื่อนเป็น 30 เม.ย. 2555"),
        (date(2012, 4, 13), Roll.NEXT, Calendar(), date(2012, 4, 17),
         "ปฏิทินกำหนด 13 เม.ย. 2555 ตรงกับวันสงกรานต์ จึงเลื่อนเป็น 17 เม.ย. 2555"),
        (date(2012, 4, 13), Roll.PREVIOUS, Calendar(), date(2012, 4, 12),
         "ปฏิทินกำหนด 13 เม.ย. 2555 ตรงกับวันสงกรานต์ จึงเลื่อนเป็น 12 เม.ย. 2555"),
        (date(2012, 6, 30), Roll.KEEP, Calendar(), date(2012, 6, 30), "ตรงกับวันหยุดสุดสัปดาห์ แต่คงวันตามปฏิทิน"),
        (date(2012, 4, 30), Roll.NEXT, Calendar(overrides=(FLOOD,)), date(2012, 5, 1),
         "ปฏิทินกำหนด 30 เม.ย. 2555 ตรงกับหยุดเพราะน้ำท่วม จึงเลื่อนเป็น 1 พ.ค. 2555"),
    ],
)  # fmt: skip
def test_a_day_says_why_it_is_not_the_printed_one(
    due: date, roll: Roll, calendar: Calendar, holds: date, said: str
) -> None:
    one = day(due, roll=roll, calendar=calendar)
    assert (one.holds, YearWording("th").moved(one)) == (holds, said)


def test_an_english_page_says_it_in_english() -> None:
    moved = YearWording("en").moved(day(date(2012, 4, 28)))
    assert moved == "Printed as 28 April 2012, which is a weekend: moved to 30 April 2012"


# --- when the work was done --------------------------------------------------------------------------------

SENT = {"reference": "มท 1"}
DUE = at("2012-04-30", "23:59:59")


def sending(said: dict[str, str] | None = None, closed: str = "2012-04-20") -> HandOff:
    return hand_off(1, Work("send", said, at(closed) if said else None, form="SarSent", due=DUE))


@pytest.mark.parametrize(
    ("work", "now", "done", "late"),
    [
        ((sending(),), "2012-04-29", None, False),
        ((sending(),), "2012-05-01", None, True),
        ((sending(SENT),), "2012-05-02", at("2012-04-20"), False),
        ((sending(SENT, "2012-05-02"),), "2012-05-03", at("2012-05-02"), True),
        ((sending(SENT), sending()), "2012-04-29", None, False),
    ],
)
def test_work_is_done_when_the_last_of_it_is(
    work: tuple[HandOff, ...], now: str, done: datetime | None, late: bool
) -> None:
    found = done_for(work, now=at(now))
    assert found is not None
    assert (found.done, found.late, found.asked) == (done, late, len(work))
    assert found.handed_in == sum(h.state == "submitted" for h in work)


def test_a_day_for_which_nothing_was_handed_off_has_no_work() -> None:
    assert done_for((), now=at("2012-05-02")) is None


def test_every_day_of_the_year_has_its_work_or_is_known_to_have_none() -> None:
    """Days of called cases are looked up by the case; a survey comes as a message."""
    called = {day for day in YearDay if day.startswith(("sar_", "follow_up_", "visit_")) or day is YearDay.AWARD}
    assert set(OF_THE_YEAR) | called | {YearDay.SURVEY} == set(YearDay)


def test_why_a_day_is_off_is_said_in_the_language_of_the_page() -> None:
    chakri = day(date(2012, 4, 6))
    assert "มหาจักรีบรมราชวงศ์" in YearWording("th").moved(chakri)
    assert "Chakri Memorial Day" in YearWording("en").moved(chakri)
    set_by_the_office = day(FLOOD.on, calendar=Calendar(overrides=(FLOOD,)))
    assert FLOOD.name in YearWording("en").moved(set_by_the_office)


def test_what_the_policy_says_of_a_day_in_english_is_not_written_while_there_is_none() -> None:
    assert entry(date(2012, 4, 30)).model_dump(mode="json").keys().isdisjoint({"note_en", "source_en"})
    _, policy = department()
    assert all(each.source_en for calendar in policy.years for each in calendar.entries)
    assert all(each.note_en for calendar in policy.years for each in calendar.entries if each.note)
