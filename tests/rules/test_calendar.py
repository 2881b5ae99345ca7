"""Working days, office hours and fiscal years (requirements 3.1 and 3.3)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import BANGKOK, Calendar, bangkok_date, bangkok_moment, bangkok_time, fiscal_year_be
from rules.errors import NaiveTime, OfficeHoursBackwards
from schemas.policy import AgreementPolicy, HolidayOverride, OverrideKind, Policy
from schemas.roll import Roll

CALENDAR = Calendar()
SONGKRAN_EVE = HolidayOverride(
    on=date(2018, 4, 12), kind=OverrideKind.ADD, name="วันหยุดพิเศษ (เพิ่มเติม)", source="มติคณะรัฐมนตรี"
)
days = st.dates(date(1990, 1, 1), date(2050, 12, 31))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2018, 4, 6), "วันพระบาทสมเด็จพระพุทธยอดฟ้าจุฬาโลกมหาราช"),  # Friday
        (date(2018, 4, 13), "วันสงกรานต์"),  # Friday
        (date(2018, 7, 27), "วันอาสาฬหบูชา"),  # Friday
        (date(2018, 1, 1), "วันขึ้นปีใหม่"),  # Monday
        (date(2018, 4, 16), "ชดเชยวันสงกรานต์"),  # Monday
        (date(2018, 5, 14), "วันพืชมงคล"),  # Monday, a holiday of the government only
        (date(2018, 7, 30), "ชดเชยวันเข้าพรรษา"),  # Monday
        (date(2018, 8, 13), "ชดเชยวันเฉลิมพระชนมพรรษา"),  # Monday
        (date(2018, 10, 15), "ชดเชย"),  # Monday
        (date(2018, 12, 10), "วันรัฐธรรมนูญ"),  # Monday
        (date(2018, 12, 31), "วันสิ้นปี"),  # Monday
        (date(2025, 6, 2), "วันหยุดพิเศษ"),  # Monday, by cabinet resolution
        (date(2026, 1, 2), "วันหยุดพิเศษ"),  # Friday, by cabinet resolution
    ],
)
def test_the_holidays_of_the_requirements_are_no_working_days(day: date, name: str) -> None:
    assert name in (CALENDAR.holiday_name(day) or "")
    assert not CALENDAR.is_working_day(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2018, 5, 1),  # Tuesday, Labour Day
        date(2010, 5, 3),  # Monday, its substitute
        date(2021, 5, 3),  # Monday, its substitute
        date(2012, 4, 2), date(2012, 4, 11), date(2012, 4, 30), date(2012, 7, 16), date(2012, 10, 31),
        date(2018, 4, 12),  # Thursday: a holiday only by an override that nobody has verified
    ],
)  # fmt: skip
def test_civil_servants_work_on_labour_day_and_on_the_fixed_dates_of_fiscal_year_2555(day: date) -> None:
    assert CALENDAR.is_working_day(day)
    assert CALENDAR.holiday_name(day) is None


def test_a_weekend_is_no_working_day_and_has_no_name() -> None:
    assert not CALENDAR.is_working_day(date(2018, 4, 7))  # Saturday
    assert CALENDAR.holiday_name(date(2018, 4, 7)) is None


def test_an_override_adds_a_holiday_with_its_name() -> None:
    calendar = Calendar(overrides=(SONGKRAN_EVE,))
    assert calendar.holiday_name(date(2018, 4, 12)) == "วันหยุดพิเศษ (เพิ่มเติม)"
    assert calendar.previous_working_day(date(2018, 4, 13)) == date(2018, 4, 11)


def test_an_override_removes_a_holiday_and_the_last_one_for_a_day_wins() -> None:
    undone = SONGKRAN_EVE.replace(kind=OverrideKind.REMOVE)
    assert Calendar(overrides=(SONGKRAN_EVE, undone)).is_working_day(date(2018, 4, 12))
    assert not Calendar(overrides=(undone, SONGKRAN_EVE)).is_working_day(date(2018, 4, 12))
    songkran = undone.replace(on=date(2018, 4, 13))
    assert Calendar(overrides=(songkran,)).is_working_day(date(2018, 4, 13))


@pytest.mark.parametrize(
    ("day", "roll", "expected"),
    [
        (date(2018, 4, 13), Roll.PREVIOUS, date(2018, 4, 12)),  # Friday → Thursday
        (date(2018, 4, 13), Roll.NEXT, date(2018, 4, 17)),  # Friday → Tuesday
        (date(2018, 4, 13), Roll.KEEP, date(2018, 4, 13)),
        (date(2018, 4, 12), Roll.PREVIOUS, date(2018, 4, 12)),  # a working day stays
        (date(2018, 4, 12), Roll.NEXT, date(2018, 4, 12)),
        (date(2018, 12, 31), Roll.NEXT, date(2019, 1, 2)),  # over the new year
    ],
)
def test_a_day_rolls_only_from_a_holiday(day: date, roll: Roll, expected: date) -> None:
    assert CALENDAR.roll(day, roll) == expected


# S3-09: energy use is recorded before the 3rd of the following month; «ก่อน» is strict and does not roll.
S3_09 = [
    (date(2017, 11, 2), True), (date(2017, 12, 2), False), (date(2018, 1, 2), False),
    (date(2018, 2, 2), True), (date(2018, 3, 2), True), (date(2018, 4, 2), True),
    (date(2018, 5, 2), True), (date(2018, 6, 2), False), (date(2018, 7, 2), True),
    (date(2018, 8, 2), True), (date(2018, 9, 2), False), (date(2018, 10, 2), True),
]  # fmt: skip


@pytest.mark.parametrize(("last_day", "works"), S3_09)
def test_the_energy_deadline_of_each_month_keeps_its_day_and_is_reminded_on_a_working_day(
    last_day: date, works: bool
) -> None:
    assert CALENDAR.roll(last_day, Roll.KEEP) == last_day
    assert CALENDAR.is_working_day(last_day) is works
    reminder = CALENDAR.roll(last_day, Roll.PREVIOUS)
    assert CALENDAR.is_working_day(reminder)
    assert (reminder == last_day) is works


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2018, 4, 11), 1, date(2018, 4, 12)),
        (date(2018, 4, 12), 1, date(2018, 4, 17)),  # over Songkran
        (date(2018, 4, 13), 0, date(2018, 4, 17)),
        (date(2018, 4, 12), 0, date(2018, 4, 12)),
        (date(2018, 4, 17), -1, date(2018, 4, 12)),
        (date(2018, 4, 14), -2, date(2018, 4, 11)),
        (date(2017, 12, 29), 3, date(2018, 1, 5)),  # Friday; 1 and 2 January are holidays
    ],
)
def test_working_days_are_counted_without_the_day_itself(day: date, n: int, expected: date) -> None:
    assert CALENDAR.add_working_days(day, n) == expected


@given(days, st.integers(-40, 40))
def test_counted_working_days_land_on_working_days_and_pass_exactly_that_many(day: date, n: int) -> None:
    landed = CALENDAR.add_working_days(day, n)
    assert CALENDAR.is_working_day(landed)
    if n:
        low, high = (day, landed) if n > 0 else (landed - timedelta(days=1), day - timedelta(days=1))
        between = [low + timedelta(days=i) for i in range(1, (high - low).days + 1)]
        assert sum(map(CALENDAR.is_working_day, between)) == abs(n)


@given(days)
def test_the_next_and_the_previous_working_day_lie_strictly_on_either_side(day: date) -> None:
    before, after = CALENDAR.previous_working_day(day), CALENDAR.next_working_day(day)
    assert before < day < after
    assert CALENDAR.add_working_days(before, 1) == (day if CALENDAR.is_working_day(day) else after)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ((date(2018, 4, 11), time(9, 0)), 4, (date(2018, 4, 11), time(13, 0))),
        ((date(2018, 4, 11), time(12, 30)), 4, (date(2018, 4, 11), time(16, 30))),  # to the last minute
        ((date(2018, 4, 11), time(15, 30)), 4, (date(2018, 4, 12), time(11, 30))),
        ((date(2018, 4, 11), time(7, 0)), 4, (date(2018, 4, 11), time(12, 30))),  # before the office opens
        ((date(2018, 4, 12), time(16, 30)), 4, (date(2018, 4, 17), time(12, 30))),  # as it closes for Songkran
        ((date(2018, 4, 14), time(10, 0)), 9, (date(2018, 4, 18), time(9, 30))),  # on a Saturday
    ],
)
def test_working_hours_pass_only_while_the_office_is_open(
    start: tuple[date, time], hours: int, end: tuple[date, time]
) -> None:
    assert CALENDAR.add_working_hours(bangkok_moment(*start), hours) == bangkok_moment(*end)


@given(
    st.datetimes(datetime.fromisoformat("2018-01-01"), datetime.fromisoformat("2019-01-01"), timezones=st.just(UTC)),
    st.integers(1, 60),
)
def test_working_hours_end_within_office_hours_of_a_working_day(moment: datetime, hours: int) -> None:
    end = CALENDAR.add_working_hours(moment, hours)
    assert end.tzinfo is UTC
    assert end >= moment + timedelta(hours=hours)
    assert CALENDAR.is_working_day(bangkok_date(end))
    assert CALENDAR.opens <= bangkok_time(end) <= CALENDAR.closes


@given(days)
def test_a_fiscal_year_begins_on_1_october_and_ends_on_30_september(day: date) -> None:
    year = fiscal_year_be(day)
    assert date(year - 544, 10, 1) <= day <= date(year - 543, 9, 30)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2011, 9, 30), 2554), (date(2011, 10, 1), 2555), (date(2012, 9, 30), 2555),
        (date(2018, 1, 1), 2561), (date(2018, 10, 1), 2562),
    ],
)  # fmt: skip
def test_the_fiscal_years_of_the_sources(day: date, year: int) -> None:
    assert fiscal_year_be(day) == year


def test_bangkok_is_a_day_ahead_of_utc_in_the_evening() -> None:
    evening = datetime(2018, 4, 12, 17, 30, tzinfo=UTC)
    assert (bangkok_date(evening), bangkok_time(evening)) == (date(2018, 4, 13), time(0, 30))
    assert bangkok_moment(date(2018, 4, 13), time(0, 30)) == evening
    assert bangkok_moment(date(2018, 4, 13), time(0, 30)).tzinfo is UTC
    assert evening.astimezone(BANGKOK).utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize("ask", [bangkok_date, bangkok_time, lambda m: CALENDAR.add_working_hours(m, 1)])
def test_a_naive_time_is_refused_in_both_languages(ask: object) -> None:
    with pytest.raises(NaiveTime) as refused:
        ask(datetime.fromisoformat("2018-04-13T16:00"))  # type: ignore[operator]
    assert refused.value.th == "เวลา 2018-04-13T16:00:00 ไม่ได้ระบุเขตเวลา"
    assert "does not say its time zone" in refused.value.en


def test_office_hours_must_not_run_backwards() -> None:
    with pytest.raises(OfficeHoursBackwards):
        Calendar(opens=time(16, 30), closes=time(8, 30))


def test_the_version_changes_with_anything_that_moves_a_deadline() -> None:
    calendars = (
        CALENDAR, Calendar(overrides=(SONGKRAN_EVE,)), Calendar(closes=time(17, 0)), Calendar(opens=time(9, 0)),
    )  # fmt: skip
    assert len({calendar.version for calendar in calendars}) == 4
    assert Calendar().version == CALENDAR.version


@pytest.mark.parametrize(
    ("day", "last_moment"),
    [
        (date(2018, 2, 28), datetime(2018, 2, 28, 23, 59, 59, tzinfo=BANGKOK)),
        (date(2018, 4, 13), datetime(2018, 4, 17, 23, 59, 59, tzinfo=BANGKOK)),  # Songkran, and its substitute
        (date(2018, 11, 17), datetime(2018, 11, 19, 23, 59, 59, tzinfo=BANGKOK)),  # a Saturday
    ],
)
def test_within_a_day_is_all_of_it_and_a_day_off_moves_on(day: date, last_moment: datetime) -> None:
    assert CALENDAR.within(day) == last_moment


def test_the_day_ends_when_the_office_says() -> None:
    policy = Policy.model_validate({"office": {"day_ends": "16:30"}})
    assert Calendar.of(policy).ends(date(2018, 4, 13)) == datetime(2018, 4, 13, 16, 30, tzinfo=BANGKOK)


def test_the_end_of_the_day_of_an_older_policy_counts_for_the_whole_office() -> None:
    older = Policy.model_validate({"agreement": {"day_ends": "16:30", "step_days": 4}, "office": {"step_days": 2}})
    assert (older.office.day_ends, older.office.step_days, older.agreement.step_days) == (time(16, 30), 2, 4)
    recorded = AgreementPolicy.model_validate({"day_ends": "23:59:59", "step_days": 4})  # in the step of a year
    assert recorded == older.agreement
