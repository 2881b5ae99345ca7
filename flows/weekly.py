"""P2: the weekly cycle of the whole ministry, one case a week (requirements P2; source S0, lines 11, 12 and 26)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.branches import Branch
from engine.case import Case
from engine.errors import Withdrawn
from engine.process import process
from engine.waits import MessageWait
from flows.wording import facts_of_line
from rules.directive import report_limits
from rules.week import week_label_th
from schemas.deadline import At, at
from schemas.directive import LEVEL_TH, ReportingMode
from schemas.form import Facts, Form, FormContext
from schemas.weekly import (
    HEADINGS,
    ConsolidatedReview,
    DirectiveJoins,
    OpenDirective,
    ReportingWeek,
    ReportKeying,
    ReportReview,
    ReviewDecision,
    WeekCase,
    WeeklyReport,
    WeekOutcome,
)
from tasks.directive import REPORTING
from tasks.office import look_up_secretariat
from tasks.weekly import (
    deliver_to_minister,
    freeze,
    list_open_directives,
    plan_next_week,
    take_late_report,
)


@dataclass(slots=True)
class LateWindow:
    """When it ends. Who reads it lets the others go on first: it is assumed until the week after is planned."""

    until: datetime


@process("weekly-cycle", title_th="รอบรายงานประจำสัปดาห์", data=WeekCase, result=WeekOutcome, version=2)
async def weekly_cycle(case: Case[WeekCase]) -> WeekOutcome:
    """Every open directive is reported by Friday before 16.00; on Monday morning the minister has the report."""
    return await weekly_course(case)


@process("weekly-cycle", title_th="รอบรายงานประจำสัปดาห์", data=WeekCase, result=WeekOutcome, version=1)
async def weekly_cycle_before(case: Case[WeekCase]) -> WeekOutcome:
    """As weeks run that were opened before: each asks once for a directive, and assumes when its late window ends."""
    return await weekly_course(case)


async def weekly_course(case: Case[WeekCase]) -> WeekOutcome:
    """The course of a week, in both versions."""
    week = case.data.week
    late = LateWindow(until=week.next_cut_off)
    secretariat = await case.step("look_up", look_up_secretariat)
    register = await case.step("open_week", list_open_directives)
    begun = {
        line.case: case.fork("reports", report(case, week, line, late, since=week.opens_at), of=line.case)
        for line in register
    }
    case.fork("joining", join(case, week, begun, late))

    await case.until("cut_off", week.cut_off)
    frozen = await case.step("freeze", freeze, week, case.data.previous)
    following = await case.step("plan_next_week", plan_next_week, week.friday + timedelta(days=7))
    if case.version > 1:
        late.until = following.cut_off
    await case.start(
        "open_next_week", "weekly-cycle", WeekCase(week=following, previous=case.id),
        case_id=following.case_id, title=f"รายงานข้อสั่งการ {week_label_th(following)}",
    )  # fmt: skip

    # The minister gets the report on Monday morning, whether or not the secretariat has come to review it.
    first = await case.race(
        "reviewed_or_morning",
        {
            "review": case.hand_off(
                "consolidate", to=secretariat.unit, form=ConsolidatedReview, due=At(moment=week.review_due),
                asked_by=secretariat.ministry_th,
                context=FormContext(
                    facts=(
                        ("สัปดาห์", week_label_th(week)), ("รายงานทันกำหนด", f"{frozen.on_time} เรื่อง"),
                        ("ไม่รายงาน", f"{frozen.missing} เรื่อง"), ("รายงานล่าช้าของสัปดาห์ก่อน", f"{frozen.late} เรื่อง"),
                    ),
                    files=frozen.draft,
                ),
            ),
            "morning": case.until("report_time", week.report_at),
        },
    )  # fmt: skip
    reviewed = first.name == "review"
    note = first.value.note if reviewed else ""
    await case.until("monday_morning", week.report_at)
    delivered = await case.step("deliver", deliver_to_minister, week, frozen.snapshot, note, reviewed)

    # Reports may still come as addenda until the next cut-off.
    await case.until("end_of_late_window", late.until)
    return WeekOutcome(
        snapshot=frozen.snapshot, delivered_at=delivered.at, on_time=frozen.on_time, late=frozen.late,
        missing=frozen.missing,
    )  # fmt: skip


async def join(case: Case[WeekCase], week: ReportingWeek, begun: dict[str, Branch[None]], late: LateWindow) -> None:
    """Directives that are accepted in the course of the week are reported in it as well (R0.5).

    What comes after the cut-off belongs to the next week, which finds it in the register when it opens.
    """
    while True:
        joining = case.receive("joins", DirectiveJoins)
        line = (await joining).directive
        if joining.at >= week.cut_off:
            return
        if line.case not in begun or await is_over(case, begun[line.case], before=joining):
            branch = case.fork("reports", report(case, week, line, late, since=joining.at), of=line.case)
            begun[line.case] = branch


async def is_over(case: Case[WeekCase], branch: Branch[None], *, before: MessageWait[DirectiveJoins]) -> bool:
    """Had the directive's report come to an end when the directive came in again, reopened in the same week?"""
    if case.version == 1:
        return False
    await case.let_others_go_on()
    return branch.done and branch.done_seq < before.done_seq


async def report(
    case: Case[WeekCase], week: ReportingWeek, line: OpenDirective, late: LateWindow, *, since: datetime
) -> None:
    """One directive, asked for from `since` on: the division reports, the planning unit checks or keys in.

    What is sent back is reported again.
    """
    keyed_by_planning = line.mode is ReportingMode.PLANNING_KEYS
    facts, limits = facts_of_line(line, week_label_th(week)), report_limits(week, line.level)
    prefill = line.last_report.model_dump(mode="json") if line.last_report else {}
    note = ""
    try:
        while True:
            sent = case.hand_off(
                "report", to=line.division, form=WeeklyReport, subject=line.case, urgency=line.urgency,
                asked_by=line.planning_unit,
                due=await due_in(case, week, late, since, internal=keyed_by_planning), remind=week.reminders,
                context=FormContext(facts=facts, prefill=prefill, note=note, limits=limits),
                # Another week may complete it meanwhile. What this one has completed may be corrected in it.
                phase=REPORTING if since < week.cut_off else "",
            )  # fmt: skip
            written = await sent
            judged = case.hand_off(
                "key_in" if keyed_by_planning else "check", to=line.planning_unit, subject=line.case,
                asked_by=line.division,
                form=ReportKeying if keyed_by_planning else ReportReview, due=await due_in(case, week, late, sent.at),
                urgency=line.urgency, remind=week.reminders[-1:],
                context=to_judge(written, facts, limits, keyed=keyed_by_planning),
            )  # fmt: skip
            verdict = await judged
            if decision_of(verdict) is ReviewDecision.APPROVE:
                break
            prefill, note = as_prefill(written), f"ส่งคืนแก้ไข: {comment_of(verdict)}"
            since = judged.at
    except Withdrawn:
        return  # the directive was cancelled, or completed by a late report of the week before
    filed_at = judged.at if keyed_by_planning else sent.at
    if filed_at >= week.cut_off:
        await case.let_others_go_on()
        await case.step("take_late", take_late_report, week, line, late.until)


async def due_in(
    case: Case[WeekCase], week: ReportingWeek, late: LateWindow, since: datetime, *, internal: bool = False
) -> At:
    """When work that is asked for at `since` must be done: what comes late may come until the next cut-off."""
    if internal and since < week.internal_due:
        return at(week.internal_due)
    if since < week.cut_off:
        return at(week.cut_off)
    await case.let_others_go_on()
    return at(late.until)


def as_prefill(written: WeeklyReport) -> dict[str, Any]:
    """The report on its way back or onwards within its week: text and files. Into the next week goes the text alone."""
    files = [file.model_dump(mode="json") for file in written.attachments]
    return written.as_text().model_dump(mode="json") | ({"attachments": files} if files else {})


def to_judge(written: WeeklyReport, facts: Facts, limits: dict[str, Any], *, keyed: bool) -> FormContext:
    """What the planning unit sees: the report as facts, and as prefill where it keys the report in."""
    headings = tuple((th, text) for field, th, _ in HEADINGS if (text := getattr(written, field)))
    level = (("ระดับที่รายงาน", LEVEL_TH[written.level]),)
    return FormContext(
        facts=facts + level + headings,
        prefill=as_prefill(written) if keyed else {},
        files=() if keyed else written.attachments,
        limits=limits,
    )


def decision_of(verdict: Form) -> ReviewDecision:
    assert isinstance(verdict, ReportReview | ReportKeying)
    return verdict.decision


def comment_of(verdict: Form) -> str:
    assert isinstance(verdict, ReportReview | ReportKeying)
    return verdict.comment
