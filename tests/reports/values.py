"""Weeks, directives and reports to print."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from schemas.directive import Level, Nature, ReportingMode, Urgency
from schemas.printout import Printout
from schemas.weekly import (
    LateAddendum,
    OpenDirective,
    ReportingWeek,
    ReportText,
    SnapshotRow,
    Timeliness,
    WeekSnapshot,
)

CUT_OFF = datetime(2018, 4, 12, 9, tzinfo=UTC)
"""Thursday 12 April 2018, 16.00 น.: Friday the 13th is Songkran."""

WEEK = ReportingWeek(
    friday=date(2018, 4, 13),
    opens_at=datetime(2018, 4, 5, 9, tzinfo=UTC),
    cut_off=CUT_OFF,
    internal_due=CUT_OFF - timedelta(days=1),
    reminders=(),
    review_due=datetime(2018, 4, 17, 1, tzinfo=UTC),
    report_at=datetime(2018, 4, 17, 1, 30, tzinfo=UTC),
    next_cut_off=datetime(2018, 4, 20, 9, tzinfo=UTC),
)

AGENCIES = ("กรมคุมประพฤติ", "กรมบังคับคดี", "กรมพินิจและคุ้มครองเด็กและเยาวชน", "สำนักงานกิจการยุติธรรม")
DIVISIONS = ("กองพัฒนาการคุมประพฤติ", "สำนักงานเลขานุการกรม", "กองแผนงานและสารสนเทศ", "")
TITLES = (
    "ให้เร่งรัดการให้บริการประชาชนผ่านศูนย์ยุติธรรมชุมชนให้ครอบคลุมทุกตำบลภายในปีงบประมาณ พ.ศ. 2561",
    "ให้เตรียมความพร้อมอำนวยความสะดวกและดูแลความปลอดภัยประชาชนช่วงเทศกาลสงกรานต์",
    "ให้จัดทำฐานข้อมูลกลางผู้กระทำผิดซ้ำเพื่อใช้ร่วมกันทั้งกระทรวง",
    "ให้ทบทวนกฎหมายและระเบียบที่เป็นอุปสรรคต่อการเข้าถึงกองทุนยุติธรรม",
)
GOAL = "ประชาชนเข้าถึงความยุติธรรมได้สะดวก รวดเร็ว เสมอภาค และมีค่าใช้จ่ายที่เหมาะสม ไม่น้อยกว่าร้อยละ 85 ของผู้ขอรับบริการ"
PLAN = (
    "1. ประชุมคณะทำงานร่วมกับสำนักงานยุติธรรมจังหวัดภายในเดือนเมษายน 2561\n"
    "2. จัดทำคู่มือการปฏิบัติงานและเผยแพร่ทางเว็บไซต์\n3. ติดตามผลทุกสัปดาห์"
)
RESULT = (
    "จัดประชุมคณะทำงานเมื่อวันที่ 10 เมษายน 2561 มีผู้เข้าร่วม 45 คน ที่ประชุมมีมติเห็นชอบแนวทางการดำเนินงาน "
    "และมอบหมายให้สำนักงานยุติธรรมจังหวัดทุกแห่งรายงานความพร้อมของศูนย์ยุติธรรมชุมชนภายในวันที่ 20 เมษายน 2561 "
    "พร้อมทั้งเสนอรายชื่อผู้ประสานงานประจำตำบล เพื่อให้การช่วยเหลือประชาชนเป็นไปอย่างต่อเนื่อง"
)


def report(level: Level, **texts: Any) -> ReportText:
    written = {"goal": GOAL, "plan": PLAN}
    if level is not Level.IN_PROGRESS:
        written |= {
            "result": RESULT,
            "output": "ศูนย์ยุติธรรมชุมชนพร้อมให้บริการ 7,424 แห่ง",
            "outcome": "ประชาชนได้รับคำปรึกษาทางกฎหมายใกล้บ้าน",
            "impact": "ความเชื่อมั่นต่อกระบวนการยุติธรรมเพิ่มขึ้น",
        }
    done = date(2018, 4, 11) if level is Level.COMPLETED else None
    return ReportText(level=level, **{**written, "completed_on": done, **texts})


def row(number: int, level: Level, **changes: Any) -> SnapshotRow:
    """The `number`th directive: on time and reviewed unless `changes` says otherwise."""
    at = number % len(AGENCIES)
    directive = OpenDirective(
        case=f"directive-{number}", no=f"2561-{number:04}", title=changes.pop("title", TITLES[at]),
        agency=f"agency-{at}", planning_unit="plan", division="division", mode=ReportingMode.DIVISION_KEYS,
        ordered_on=date(2018, 2, 8) + timedelta(days=number % 40),
        urgency=changes.pop("urgency", Urgency.NORMAL), nature=Nature.GENERAL,
    )  # fmt: skip
    values: dict[str, Any] = {
        "directive": directive, "agency_th": AGENCIES[at], "division_th": DIVISIONS[at], "level": level,
        "timeliness": Timeliness.ON_TIME, "report": report(level), "filed_at": CUT_OFF - timedelta(hours=3),
        "filed_by": "เจ้าหน้าที่", "reviewed": True,
    }  # fmt: skip
    return SnapshotRow.model_validate({**values, **changes})


def missing(number: int, level: Level) -> SnapshotRow:
    return row(number, level, timeliness=Timeliness.MISSING, report=None, filed_at=None, filed_by="", reviewed=False)


def late(number: int, level: Level) -> LateAddendum:
    filed = datetime(2018, 4, 9, 2, 15, tzinfo=UTC)
    return LateAddendum(
        friday=date(2018, 4, 6),
        days=(date(2018, 3, 31), date(2018, 4, 5)),
        row=row(number, level, timeliness=Timeliness.LATE, filed_at=filed, reviewed=False),
    )


def snapshot(*rows: SnapshotRow, addenda: tuple[LateAddendum, ...] = ()) -> WeekSnapshot:
    return WeekSnapshot(week=WEEK, frozen_at=CUT_OFF, rows=rows, late_addenda=addenda)


def ordinary_week() -> WeekSnapshot:
    """Every level but the continuous one, a missing report, an urgent one, one not reviewed, one of last week."""
    return snapshot(
        row(0, Level.GENERAL),
        row(1, Level.GENERAL, urgency=Urgency.MOST_URGENT),
        row(2, Level.COMPLETED),
        row(3, Level.COMPLETED, reviewed=False),
        row(4, Level.IN_PROGRESS),
        missing(5, Level.IN_PROGRESS),
        row(6, Level.IN_PROGRESS),
        missing(7, Level.GENERAL),
        addenda=(late(8, Level.IN_PROGRESS),),
    )


def printout(of: WeekSnapshot, **changes: Any) -> Printout:
    values: dict[str, Any] = {
        "title": "ผลการดำเนินงานตามข้อสั่งการจากการประชุมผู้บริหารกระทรวงยุติธรรม",
        "agency": None, "agency_th": "กระทรวงยุติธรรม", "snapshot": of, "live": False, "as_of": CUT_OFF,
        "meeting_at": datetime(2018, 4, 18, 6, tzinfo=UTC), "meeting_timed": True,
    }  # fmt: skip
    return Printout.model_validate({**values, **changes})
