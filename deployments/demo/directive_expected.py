"""What must come of the story, said beforehand, and compared with what did (`directive_findings`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from deployments.demo.checks import Check, common_checks, listed, there, yes
from deployments.demo.directive_findings import DirectiveFindings, WeekFound
from deployments.demo.directive_story import FIRST, NEW_OFFICER, SECOND, THIRD, on
from rules.thai import thai_moment
from schemas.base import CaseId
from schemas.directive import LEVEL_NUMBER, LEVEL_TH, Level
from schemas.weekly import TIMELINESS_TH, Timeliness

LATE, MISSING, ON_TIME = Timeliness.LATE, Timeliness.MISSING, Timeliness.ON_TIME
GENERAL, CONTINUOUS, COMPLETED, IN_PROGRESS = Level
Roles = Mapping[str, CaseId]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedWeek:
    """One week: its moments, and every directive's level and timeliness by the directive's role in the story."""

    cut_off: datetime
    report_at: datetime
    reviewed: bool
    register: Mapping[str, tuple[Level, Timeliness]]
    addenda: tuple[str, ...] = ()


WEEKS: Mapping[CaseId, ExpectedWeek] = {
    FIRST: ExpectedWeek(
        cut_off=on(12, "16:00"), report_at=on(17, "08:30"), reviewed=True,
        register={
            "budget_dept": (GENERAL, ON_TIME), "budget_dept2": (GENERAL, ON_TIME), "law_aid": (CONTINUOUS, ON_TIME),
            "crowding": (IN_PROGRESS, ON_TIME), "e_service": (IN_PROGRESS, ON_TIME), "reform": (GENERAL, MISSING),
        },
    ),
    SECOND: ExpectedWeek(
        cut_off=on(20, "16:00"), report_at=on(23, "08:30"), reviewed=False,
        register={
            "budget_dept": (IN_PROGRESS, ON_TIME), "budget_dept2": (GENERAL, MISSING),
            "law_aid": (CONTINUOUS, ON_TIME), "crowding": (IN_PROGRESS, ON_TIME), "e_service": (COMPLETED, ON_TIME),
            "reform": (IN_PROGRESS, ON_TIME), "probation": (GENERAL, ON_TIME),
        },
        addenda=("reform",),
    ),
    THIRD: ExpectedWeek(
        cut_off=on(27, "16:00"), report_at=on(30, "08:30"), reviewed=True,
        register={
            "budget_dept": (CONTINUOUS, ON_TIME), "budget_dept2": (IN_PROGRESS, ON_TIME),
            "law_aid": (CONTINUOUS, ON_TIME), "crowding": (IN_PROGRESS, ON_TIME), "reform": (IN_PROGRESS, ON_TIME),
            "probation": (CONTINUOUS, ON_TIME),
        },
    ),
}  # fmt: skip

DIGESTS = Counter({("oja-div-b.head", on(17, "09:00")): 1, ("dept2-div-a.head", on(23, "09:00")): 1})
"""Supervisors are told of the missing reports, once, at nine on the working day after the cut-off."""


def checks(roles: Roles, found: DirectiveFindings) -> tuple[Check, ...]:
    weeks = [check for week, expected in WEEKS.items() for check in _of_week(roles, week, expected, found)]
    return (*weeks, *_of_cases(roles, found), *_of_mail(found), *common_checks(found))


def _of_week(roles: Roles, week: CaseId, expected: ExpectedWeek, found: DirectiveFindings) -> Iterator[Check]:
    if week not in found.weeks:
        yield Check(f"{week}: ตรึงข้อมูล", "มี", "ไม่มี")
        return
    it = found.weeks[week]
    snapshot = it.snapshot
    said = {roles.get(role, role): value for role, value in expected.register.items()}
    yield Check(f"{week}: ปิดรับรายงาน", thai_moment(expected.cut_off), thai_moment(snapshot.week.cut_off))
    yield Check(f"{week}: ตรึงข้อมูล", thai_moment(expected.cut_off), thai_moment(snapshot.frozen_at))
    yield Check(f"{week}: รายงานถึงรัฐมนตรี", thai_moment(expected.report_at), _delivered(it))
    yield Check(f"{week}: สนย. ตรวจทาน", yes(expected.reviewed), yes(it.reviewed))
    yield Check(
        f"{week}: จำนวนตามระดับ", _counts(level for level, _ in said.values()), _counts(r.level for r in snapshot.rows)
    )
    register = {row.directive.case: (row.level, row.timeliness) for row in snapshot.rows}
    yield Check(f"{week}: ทะเบียนรายเรื่อง", _register(said), _register(register))
    addenda = sorted(addendum.row.directive.case for addendum in snapshot.late_addenda)
    yield Check(f"{week}: รายงานล่าช้าของสัปดาห์ก่อน", listed(roles[role] for role in expected.addenda), listed(addenda))


def _of_cases(roles: Roles, found: DirectiveFindings) -> Iterator[Check]:
    refused, completed = found.cases[roles["reform_refused"]], found.cases[roles["e_service"]]
    yield Check("ไม่ใช่ภารกิจ: ส่งต่อให้ สกธ.", f"rerouted → {roles['reform']}", _ending(refused.result, "rerouted_to"))
    yield Check("แล้วเสร็จ: ปิดเรื่อง", "completed → 2018-04-18", _ending(completed.result, "completed_on"))
    yield Check("กองส่งคืน: มอบหมายใหม่", "มี", there((roles["e_service"], "assign") in found.returned))
    yield Check("กลุ่มแผนส่งคืน: รายงานใหม่", "มี", there((roles["law_aid"], "report") in found.returned))
    yield Check("User เพิ่ม", "มี", there(NEW_OFFICER in found.officers))
    printed = found.papers[roles["printout"]]
    kinds = sorted(paper.name.rpartition(".")[2] for paper in printed)
    yield Check("เอกสารประชุมผู้บริหาร", "json, pdf, pdf, xlsx · completed",
                f"{', '.join(kinds)} · {found.cases[roles['printout']].state}")  # fmt: skip


def _of_mail(found: DirectiveFindings) -> Iterator[Check]:
    digests = Counter((mail.officer or "", mail.queued_at) for mail in found.mails if mail.folder == "digest")
    yield Check("รายการงานค้างถึงผู้บังคับบัญชา", _digests(DIGESTS), _digests(digests))
    minister = [mail.officer or "" for mail in found.mails if mail.folder == "minister_report"]
    yield Check("รายงานถึงรัฐมนตรี (ฉบับ)", listed(["moj.minister"] * 3), listed(minister))


# --- as people read it -------------------------------------------------------------------------------------


def _delivered(week: WeekFound) -> str:
    return thai_moment(week.delivered_at) if week.delivered_at else "ยังไม่ส่ง"


def _counts(levels: Iterator[Level]) -> str:
    counted = Counter(levels)
    return " · ".join(f"{LEVEL_NUMBER[level]} {LEVEL_TH[level]} {counted[level]}" for level in Level)


def _register(rows: Mapping[CaseId, tuple[Level, Timeliness]]) -> str:
    return "\n".join(
        f"{case}: {LEVEL_TH[level]}, {TIMELINESS_TH[timeliness]}" for case, (level, timeliness) in sorted(rows.items())
    )


def _digests(counted: Mapping[tuple[str, datetime], int]) -> str:
    return "\n".join(f"{officer}: {thai_moment(at)} ({n})" for (officer, at), n in sorted(counted.items()))


def _ending(result: Mapping[str, str] | None, fact: str) -> str:
    return f"{result['ending']} → {result[fact]}" if result else "ยังไม่สิ้นสุด"
