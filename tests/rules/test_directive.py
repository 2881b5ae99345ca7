"""Levels, headings and completion of a directive (R0.2 to R0.7)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rules.calendar import Calendar
from rules.directive import (
    LEVEL_TRANSITIONS,
    allowed_levels,
    can_file,
    can_move,
    is_unchanged,
    problems_of_report,
    report_limits,
    required_headings,
)
from rules.week import reporting_week
from schemas.directive import Level
from schemas.form import Problem
from schemas.policy import WeeklyPolicy
from schemas.weekly import HEADINGS, ReportText, WeeklyReport

G, C, D, P = Level.GENERAL, Level.CONTINUOUS, Level.COMPLETED, Level.IN_PROGRESS
SIX: dict[str, Any] = {field: f"ข้อความ {th}" for field, th, _ in HEADINGS}
TWO: dict[str, Any] = {"goal": "ลดจำนวนคดีค้าง", "plan": "ตั้งคณะทำงาน"}
OPENS, CUT_OFF, TODAY = date(2018, 4, 5), date(2018, 4, 12), date(2018, 4, 12)


def problems(previous: Level | None = None, *, prefill: dict[str, Any] | None = None, today: date = TODAY,
             **filed: Any) -> dict[str, Problem]:  # fmt: skip
    found = problems_of_report(
        WeeklyReport(**filed),
        previous_level=previous, opens_on=OPENS, cut_off_on=CUT_OFF, today=today, prefill=prefill,
    )  # fmt: skip
    assert len({problem.field for problem in found}) == len(found)
    return {problem.field: problem for problem in found}


@pytest.mark.parametrize(
    ("previous", "allowed"),
    [(None, {G, C, D, P}), (G, {C, P, D}), (C, {C, P, D}), (P, {P, C, D}), (D, set())],
)
def test_the_levels_follow_each_other_as_the_regulation_says(previous: Level | None, allowed: set[Level]) -> None:
    assert allowed_levels(previous) == allowed
    for level in Level:
        assert bool(can_move(previous, level)) is (level in allowed)
        moved = problems(previous, level=level, **SIX, completed_on=OPENS if level is D else None)
        assert (moved == {}) is (level in allowed)


def test_the_table_covers_every_level_and_the_first_report() -> None:
    assert set(LEVEL_TRANSITIONS) == {None, *Level}


def test_a_refused_move_names_both_levels_in_both_languages() -> None:
    refused = problems(P, level=G, **SIX)["level"]
    assert refused.th == (
        "เปลี่ยนระดับจาก 2.4 อยู่ระหว่างดำเนินการ เป็น 2.1 ทั่วไป ไม่ได้ "
        "เลือกได้เฉพาะ 2.2 ต่อเนื่อง หรือ 2.3 แล้วเสร็จ หรือ 2.4 อยู่ระหว่างดำเนินการ"
    )
    assert "from 2.4 In progress to 2.1 General" in refused.en


def test_a_completed_directive_is_never_reported_again() -> None:
    assert not can_file(D)
    assert can_file(P)
    again = problems(D, level=D, **SIX, completed_on=OPENS)
    assert again[""].th == "ข้อสั่งการนี้รายงานแล้วเสร็จแล้ว จึงไม่ต้องรายงานอีก"


@pytest.mark.parametrize("level", Level)
def test_only_a_directive_in_progress_may_leave_headings_for_later(level: Level) -> None:
    required = required_headings(level)
    assert required == (("goal", "plan") if level is P else tuple(SIX))
    missing = problems(None, level=level, completed_on=OPENS if level is D else None)
    assert set(missing) == set(required)


def test_a_missing_heading_is_named_as_in_the_regulation() -> None:
    assert problems(None, level=P, goal="ก")["plan"].th == (
        "ต้องกรอกหัวข้อ 4.2 แผนการดำเนินงาน เมื่อรายงานในระดับ 2.4 อยู่ระหว่างดำเนินการ"
    )


def test_headings_left_for_later_are_due_when_the_directive_is_completed() -> None:
    """S0 line 26: «ได้ก่อน» postpones, it does not waive."""
    assert problems(P, level=P, **TWO) == {}
    finished = problems(P, level=D, **TWO, completed_on=CUT_OFF)
    assert set(finished) == {"result", "output", "outcome", "impact"}


@pytest.mark.parametrize(
    ("completed_on", "today", "sentence"),
    [
        (None, TODAY, "ต้องระบุวันที่แล้วเสร็จ"),
        (date(2018, 4, 4), TODAY, "ไม่อยู่ในสัปดาห์ที่รายงาน (5–12 เมษายน 2561)"),
        (date(2018, 4, 13), date(2018, 4, 14), "ไม่อยู่ในสัปดาห์ที่รายงาน"),  # a late report of this week
        (date(2018, 4, 12), date(2018, 4, 11), "ยังมาไม่ถึง"),
    ],
)
def test_completion_lies_within_the_week_and_not_in_the_future(
    completed_on: date | None, today: date, sentence: str
) -> None:
    found = problems(P, level=D, **SIX, completed_on=completed_on, today=today)
    assert set(found) == {"completed_on"}
    assert sentence in found["completed_on"].th


@pytest.mark.parametrize("day", [OPENS, date(2018, 4, 9), CUT_OFF])
def test_both_ends_of_the_week_belong_to_it(day: date) -> None:
    assert problems(P, level=D, **SIX, completed_on=day) == {}


def test_a_completion_date_without_completion_is_refused() -> None:
    found = problems(P, level=P, **TWO, completed_on=OPENS)
    assert "ระบุวันที่แล้วเสร็จได้เฉพาะเมื่อรายงานในระดับ 2.3 แล้วเสร็จ" in found["completed_on"].th


@pytest.mark.parametrize(
    ("filed", "asks"),
    [
        ({"level": P, **TWO}, True),
        ({"level": P, **TWO, "unchanged_confirmed": True}, False),
        ({"level": P, **TWO, "plan": "ประชุมคณะทำงาน"}, False),
        ({"level": P, **TWO, "result": "ประชุมแล้ว"}, False),
        ({"level": C, **SIX}, False),
    ],
)
def test_text_carried_over_unchanged_must_be_confirmed(filed: dict[str, Any], asks: bool) -> None:
    found = problems(P, prefill={"level": "in_progress", **TWO}, **filed)
    assert set(found) == ({"unchanged_confirmed"} if asks else set())


def test_nothing_carried_over_needs_no_confirmation() -> None:
    report = ReportText(level=P, **TWO)
    assert not is_unchanged(report, {})
    assert not is_unchanged(report, {"level": "in_progress", "goal": None})
    assert is_unchanged(report, TWO)


def test_slips_mended_on_the_way_in_do_not_hide_that_nothing_changed() -> None:
    assert is_unchanged(ReportText(level=P, goal="แผนประจำปี"), {"goal": " เเผนประจําปี\r\n"})


def test_the_limits_of_a_form_are_the_days_of_its_week() -> None:
    songkran = reporting_week(date(2018, 4, 13), calendar=Calendar(), policy=WeeklyPolicy())
    assert report_limits(songkran, P) == {
        "previous_level": "in_progress", "opens_on": "2018-04-05", "cut_off_on": "2018-04-12",
    }  # fmt: skip
