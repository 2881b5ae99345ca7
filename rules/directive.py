"""The levels of a directive and what its weekly report must hold (S0 lines 13 to 26; requirements R0.2 to R0.7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rules.calendar import bangkok_date
from rules.english import english_date, english_date_range
from rules.thai import normalise_thai, thai_date, thai_date_range
from rules.verdict import YES, Verdict, no
from schemas.directive import Level
from schemas.form import Problem
from schemas.labels import label
from schemas.weekly import HEADINGS, ReportingWeek, ReportText, WeeklyReport

LEVEL_TRANSITIONS: Mapping[Level | None, frozenset[Level]] = {
    None: frozenset(Level),
    Level.GENERAL: frozenset({Level.CONTINUOUS, Level.IN_PROGRESS, Level.COMPLETED}),
    Level.CONTINUOUS: frozenset({Level.CONTINUOUS, Level.IN_PROGRESS, Level.COMPLETED}),
    Level.IN_PROGRESS: frozenset({Level.IN_PROGRESS, Level.CONTINUOUS, Level.COMPLETED}),
    Level.COMPLETED: frozenset(),
}
"""Level last reported (None before the first report) → levels that may be reported next (R0.2)."""

_ALL_HEADINGS = tuple(field for field, _, _ in HEADINGS)
_FIRST_HEADINGS = ("goal", "plan")


def allowed_levels(previous: Level | None) -> frozenset[Level]:
    """The levels that may follow `previous` (R0.2)."""
    return LEVEL_TRANSITIONS[previous]


def required_headings(level: Level) -> tuple[str, ...]:
    """The headings that `level` must fill in: 4.1 and 4.2 «ได้ก่อน» while in progress, else all six (R0.4)."""
    return _FIRST_HEADINGS if level is Level.IN_PROGRESS else _ALL_HEADINGS


def can_file(previous: Level | None) -> Verdict:
    """May the directive be reported at all? A completed one was reported, «ไม่ต้องรายงานอีก» (R0.3)."""
    if allowed_levels(previous):
        return YES
    return no(
        "ข้อสั่งการนี้รายงานแล้วเสร็จแล้ว จึงไม่ต้องรายงานอีก",
        "This directive has been reported as completed and is not reported again",
    )


def can_move(previous: Level | None, to: Level) -> Verdict:
    """May the level go from `previous` to `to` (R0.2)?"""
    if previous is None or to in allowed_levels(previous):
        return YES
    if not (filing := can_file(previous)):
        return filing
    return no(
        f"เปลี่ยนระดับจาก {label(previous)} เป็น {label(to)} ไม่ได้ เลือกได้เฉพาะ {_names(previous, 'th')}",
        f"The level cannot go from {label(previous, 'en')} to {label(to, 'en')}; choose {_names(previous, 'en')}",
    )


def _names(previous: Level, language: str) -> str:
    between = " หรือ " if language == "th" else " or "
    return between.join(label(level, language) for level in Level if level in allowed_levels(previous))


def report_limits(week: ReportingWeek, previous_level: Level | None) -> dict[str, Any]:
    """What the form of a weekly report must know of its week, for `FormContext.limits`; JSON values."""
    return {
        "previous_level": previous_level,
        "opens_on": bangkok_date(week.opens_at).isoformat(),
        "cut_off_on": bangkok_date(week.cut_off).isoformat(),
    }


def problems_of_report(
    report: WeeklyReport | ReportText,
    *,
    previous_level: Level | None,
    opens_on: date | None,
    cut_off_on: date | None,
    today: date,
    prefill: Mapping[str, Any] | None = None,
    returned: bool = False,
) -> tuple[Problem, ...]:
    """Why the report cannot be filed, beside the fields; empty when it can.

    `opens_on` and `cut_off_on` are the days of the previous and of this cut-off, both within the week (R0.7);
    None leaves that bound open. `prefill` is the text carried over from the week before, or `returned` to be
    corrected; it needs an explicit confirmation when nothing was changed (R0.5).
    """
    if not (moving := can_move(previous_level, report.level)):
        whole = "" if previous_level is Level.COMPLETED else "level"
        return (Problem(field=whole, th=moving.th, en=moving.en),)
    return (
        *_missing_headings(report),
        *_completion_problems(report, opens_on, cut_off_on, today),
        *_unconfirmed(report, prefill or {}, returned=returned),
    )


def _missing_headings(report: WeeklyReport | ReportText) -> Iterator[Problem]:
    required = required_headings(report.level)
    for field, th, en in HEADINGS:
        if field in required and not getattr(report, field).strip():
            yield Problem(
                field=field,
                th=f"ต้องกรอกหัวข้อ {th} เมื่อรายงานในระดับ {label(report.level)}",
                en=f"Fill in {en}, which a report at level {label(report.level, 'en')} must hold",
            )


def _completion_problems(
    report: WeeklyReport | ReportText, opens_on: date | None, cut_off_on: date | None, today: date
) -> Iterator[Problem]:
    day = report.completed_on
    if report.level is not Level.COMPLETED:
        if day is not None:
            yield _about_completion(
                f"ระบุวันที่แล้วเสร็จได้เฉพาะเมื่อรายงานในระดับ {label(Level.COMPLETED)}",
                f"A completion date belongs to level {label(Level.COMPLETED, 'en')} only",
            )
    elif day is None:
        yield _about_completion(
            f"ต้องระบุวันที่แล้วเสร็จ เมื่อรายงานในระดับ {label(Level.COMPLETED)}",
            f"Give the completion date, which level {label(Level.COMPLETED, 'en')} must hold",
        )
    elif day > today:
        yield _about_completion(
            f"วันที่แล้วเสร็จ {thai_date(day)} ยังมาไม่ถึง",
            f"The completion date {english_date(day)} lies in the future",
        )
    elif (opens_on and day < opens_on) or (cut_off_on and day > cut_off_on):
        yield _outside_week(day, opens_on or day, cut_off_on or day)


def _about_completion(th: str, en: str) -> Problem:
    return Problem(field="completed_on", th=th, en=en)


def _outside_week(day: date, first: date, last: date) -> Problem:
    return _about_completion(
        f"วันที่แล้วเสร็จ {thai_date(day)} ไม่อยู่ในสัปดาห์ที่รายงาน ({thai_date_range(first, last)})",
        f"The completion date {english_date(day)} is not within the reporting week ({english_date_range(first, last)})",
    )


def _unconfirmed(report: WeeklyReport | ReportText, prefill: Mapping[str, Any], *, returned: bool) -> Iterator[Problem]:
    confirmed = not isinstance(report, WeeklyReport) or report.unchanged_confirmed
    if not confirmed and is_unchanged(report, prefill):
        th, en = _UNCHANGED_SINCE["return" if returned else "week"]
        yield Problem(
            field="unchanged_confirmed",
            th=f"{th} กรุณายืนยันว่าตรวจทานแล้ว",
            en=f"{en}; confirm that you have checked it",
        )


_UNCHANGED_SINCE = {
    "week": ("ข้อความเหมือนกับสัปดาห์ก่อนทุกหัวข้อ", "The text is the same as last week's"),
    "return": ("ข้อความยังเหมือนฉบับที่ถูกส่งคืนทุกหัวข้อ", "The text is still the one that was returned"),
}


def is_unchanged(report: WeeklyReport | ReportText, prefill: Mapping[str, Any]) -> bool:
    """Does the report repeat, level and text, what was carried over from the week before (R0.5)?"""
    carried = {field: normalise_thai(str(prefill.get(field) or "")).strip() for field in _ALL_HEADINGS}
    if not any(carried.values()) or prefill.get("level", report.level) != report.level:
        return False
    return all(getattr(report, field) == text for field, text in carried.items())
