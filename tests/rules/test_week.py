"""The reporting week: cut-off, reminders and report around holidays (R0.1; requirements 3.3, P2)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import BANGKOK, Calendar, bangkok_date, bangkok_moment
from rules.errors import NaiveTime, NotAFriday
from rules.week import following, reporting_week, week_label_en, week_label_th, week_of
from schemas.policy import HolidayOverride, OverrideKind, WeeklyPolicy, WeeklyReminder
from schemas.roll import Roll
from schemas.weekly import ReportingWeek

CALENDAR = Calendar()
POLICY = WeeklyPolicy()


def week(friday: date, *, policy: WeeklyPolicy = POLICY, calendar: Calendar = CALENDAR) -> ReportingWeek:
    return reporting_week(friday, calendar=calendar, policy=policy)


def local(moment: datetime) -> str:
    return f"{moment.astimezone(BANGKOK):%a %d %b %Y %H.%M}"


def closed(*closed_days: date) -> Calendar:
    """A calendar in which these days are holidays as well."""
    return Calendar(
        tuple(
            HolidayOverride(on=day, kind=OverrideKind.ADD, name="วันหยุดพิเศษ", source="มติคณะรัฐมนตรี")
            for day in closed_days
        )
    )


def test_an_ordinary_week_runs_from_friday_to_friday_1600() -> None:
    ordinary = week(date(2018, 3, 23))
    assert local(ordinary.opens_at) == "Fri 16 Mar 2018 16.00"
    assert local(ordinary.internal_due) == "Thu 22 Mar 2018 16.00"
    assert local(ordinary.cut_off) == "Fri 23 Mar 2018 16.00"
    assert local(ordinary.review_due) == "Mon 26 Mar 2018 08.00"
    assert local(ordinary.report_at) == "Mon 26 Mar 2018 08.30"
    assert local(ordinary.next_cut_off) == "Fri 30 Mar 2018 16.00"
    assert [local(moment) for moment in ordinary.reminders] == [
        "Wed 21 Mar 2018 09.00", "Thu 22 Mar 2018 09.00", "Fri 23 Mar 2018 09.00", "Fri 23 Mar 2018 14.00",
    ]  # fmt: skip


def test_the_week_of_songkran_is_cut_off_on_thursday_and_reported_on_tuesday() -> None:
    songkran = week(date(2018, 4, 13))
    assert local(songkran.opens_at) == "Thu 05 Apr 2018 16.00"  # Friday 6 April is a holiday, too
    assert local(songkran.internal_due) == "Wed 11 Apr 2018 16.00"
    assert local(songkran.cut_off) == "Thu 12 Apr 2018 16.00"
    assert local(songkran.report_at) == "Tue 17 Apr 2018 08.30"
    assert songkran.case_id == "week-2018-04-13"


def test_no_reminder_is_sent_on_songkran_and_one_is_left_on_the_last_day() -> None:
    assert [local(moment) for moment in week(date(2018, 4, 13)).reminders] == [
        "Wed 11 Apr 2018 09.00", "Thu 12 Apr 2018 09.00",
    ]  # fmt: skip


def test_fridays_reminders_move_to_the_last_day_when_none_is_left_there() -> None:
    friday_only = WeeklyPolicy(
        reminders=(WeeklyReminder(weekday=4, at=time(9, 0)), WeeklyReminder(weekday=4, at=time(17, 0)))
    )
    moved = week(date(2018, 4, 13), policy=friday_only).reminders
    assert [local(moment) for moment in moved] == ["Thu 12 Apr 2018 09.00"]


def test_an_override_moves_the_cut_off_further_back() -> None:
    assert local(week(date(2018, 4, 13), calendar=closed(date(2018, 4, 12))).cut_off) == "Wed 11 Apr 2018 16.00"


@pytest.mark.parametrize(
    ("friday", "cut_off", "report"),
    [
        (date(2017, 12, 29), "Fri 29 Dec 2017", "Wed 03 Jan 2018"),  # 1 and 2 January
        (date(2018, 4, 6), "Thu 05 Apr 2018", "Mon 09 Apr 2018"),
        (date(2018, 5, 11), "Fri 11 May 2018", "Tue 15 May 2018"),  # royal ploughing
        (date(2018, 7, 27), "Thu 26 Jul 2018", "Tue 31 Jul 2018"),
        (date(2018, 8, 10), "Fri 10 Aug 2018", "Tue 14 Aug 2018"),
        (date(2018, 10, 12), "Fri 12 Oct 2018", "Tue 16 Oct 2018"),
        (date(2018, 12, 7), "Fri 07 Dec 2018", "Tue 11 Dec 2018"),
        (date(2018, 12, 28), "Fri 28 Dec 2018", "Wed 02 Jan 2019"),
    ],
)
def test_holidays_move_the_cut_off_back_and_the_report_forward(friday: date, cut_off: str, report: str) -> None:
    moved = week(friday)
    assert (local(moved.cut_off), local(moved.report_at)) == (f"{cut_off} 16.00", f"{report} 08.30")


def test_a_cut_off_that_rolls_forward_is_reported_after_it_not_before() -> None:
    forward = week(date(2018, 4, 13), policy=WeeklyPolicy(friday_holiday=Roll.NEXT))
    assert local(forward.cut_off) == "Tue 17 Apr 2018 16.00"
    assert local(forward.report_at) == "Wed 18 Apr 2018 08.30"
    assert local(forward.reminders[-1]) == "Tue 17 Apr 2018 14.00"


def test_a_cut_off_that_stays_on_a_holiday_is_still_reminded() -> None:
    kept = week(date(2018, 4, 13), policy=WeeklyPolicy(friday_holiday=Roll.KEEP))
    assert local(kept.cut_off) == "Fri 13 Apr 2018 16.00"
    assert local(kept.reminders[-1]) == "Fri 13 Apr 2018 14.00"


def test_a_monday_that_would_roll_back_before_the_cut_off_rolls_forward() -> None:
    back = week(date(2018, 4, 13), policy=WeeklyPolicy(monday_holiday=Roll.PREVIOUS))
    assert local(back.report_at) == "Tue 17 Apr 2018 08.30"


def test_a_week_without_a_working_day_keeps_its_friday() -> None:
    flood = closed(*(date(2018, 3, day) for day in range(19, 24)))
    for roll in Roll:
        policy = WeeklyPolicy(friday_holiday=roll)
        flooded = week(date(2018, 3, 23), calendar=flood, policy=policy)
        assert flooded.opens_at < flooded.cut_off < flooded.next_cut_off
        assert flooded.opens_at < flooded.internal_due <= flooded.cut_off


def test_in_a_week_of_one_working_day_division_and_planning_unit_share_it() -> None:
    short = week(date(2018, 3, 23), calendar=closed(*(date(2018, 3, day) for day in range(19, 23))))
    assert short.internal_due == short.cut_off


def test_no_internal_days_means_the_cut_off_itself() -> None:
    same = week(date(2018, 4, 13), policy=WeeklyPolicy(internal_days_before=0))
    assert same.internal_due == same.cut_off


@pytest.mark.parametrize("day", [date(2018, 4, 12), date(2018, 4, 14)])
def test_only_a_friday_names_a_week(day: date) -> None:
    with pytest.raises(NotAFriday, match="is not a Friday"):
        week(day)


@pytest.mark.parametrize(
    ("moment", "friday"),
    [
        (datetime(2018, 4, 12, 15, 59, 59, 999999, BANGKOK), date(2018, 4, 13)),
        (datetime(2018, 4, 12, 16, 0, tzinfo=BANGKOK), date(2018, 4, 20)),  # at the cut-off the next is open
        (datetime(2018, 4, 13, 12, 0, tzinfo=BANGKOK), date(2018, 4, 20)),
        (datetime(2018, 4, 5, 16, 0, tzinfo=BANGKOK), date(2018, 4, 13)),
        (datetime(2018, 3, 24, 0, 30, tzinfo=BANGKOK), date(2018, 3, 30)),  # still Friday evening in UTC
    ],
)
def test_a_moment_belongs_to_the_week_that_is_open_then(moment: datetime, friday: date) -> None:
    assert week_of(moment, calendar=CALENDAR, policy=POLICY).friday == friday


moments = st.datetimes(
    datetime.fromisoformat("2016-01-01"), datetime.fromisoformat("2026-12-01"), timezones=st.just(UTC)
)
policies = st.builds(
    WeeklyPolicy,
    friday_holiday=st.sampled_from(Roll),
    monday_holiday=st.sampled_from(Roll),
    internal_days_before=st.integers(0, 3),
)
calendars = st.lists(st.dates(date(2018, 1, 1), date(2018, 2, 28)), max_size=30).map(lambda d: closed(*d))


@given(moments, policies)
def test_every_moment_belongs_to_exactly_one_week(moment: datetime, policy: WeeklyPolicy) -> None:
    found = week_of(moment, calendar=CALENDAR, policy=policy)
    assert found.opens_at <= moment < found.cut_off
    fridays = (found.friday + timedelta(days=7 * n) for n in range(-2, 3))
    holding = [w.friday for w in (week(f, policy=policy) for f in fridays) if w.opens_at <= moment < w.cut_off]
    assert holding == [found.friday]


@given(st.integers(0, 10), policies, calendars)
def test_weeks_follow_each_other_without_gap_and_in_order_whatever_the_holidays(
    n: int, policy: WeeklyPolicy, calendar: Calendar
) -> None:
    this = week(date(2018, 1, 5) + timedelta(days=7 * n), policy=policy, calendar=calendar)
    after = following(this, calendar=calendar, policy=policy)
    assert (after.opens_at, this.next_cut_off) == (this.cut_off, after.cut_off)
    assert this.opens_at < this.internal_due <= this.cut_off < this.report_at
    assert this.cut_off < this.review_due
    assert all(this.opens_at < moment < this.cut_off for moment in this.reminders)
    last_day = bangkok_date(this.cut_off)
    assert any(bangkok_date(moment) == last_day for moment in this.reminders)
    assert all(calendar.is_working_day(day) or day == last_day for day in map(bangkok_date, this.reminders))


@pytest.mark.parametrize(
    ("friday", "th", "en"),
    [
        (date(2018, 4, 13), "สัปดาห์วันที่ 6–12 เมษายน 2561", "Week of 6–12 April 2018"),
        (date(2018, 4, 20), "สัปดาห์วันที่ 13–20 เมษายน 2561", "Week of 13–20 April 2018"),
        (date(2018, 5, 4), "สัปดาห์วันที่ 28 เมษายน – 4 พฤษภาคม 2561", "Week of 28 April – 4 May 2018"),
        (
            date(2019, 1, 4),
            "สัปดาห์วันที่ 29 ธันวาคม 2561 – 4 มกราคม 2562",
            "Week of 29 December 2018 – 4 January 2019",
        ),
    ],
)
def test_a_week_is_called_by_its_days(friday: date, th: str, en: str) -> None:
    assert (week_label_th(week(friday)), week_label_en(week(friday))) == (th, en)


def test_naive_times_are_refused() -> None:
    naive = datetime.fromisoformat("2018-04-12T12:00")
    with pytest.raises(NaiveTime):
        week_of(naive, calendar=CALENDAR, policy=POLICY)


def test_the_cut_off_time_is_the_offices_own() -> None:
    noon = week(date(2018, 3, 23), policy=WeeklyPolicy(cut_off=time(12, 0)))
    assert noon.cut_off == bangkok_moment(date(2018, 3, 23), time(12, 0))
    assert "Fri 23 Mar 2018 14.00" not in [local(moment) for moment in noon.reminders]
