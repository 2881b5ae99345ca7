"""A province of the six measures in fiscal year 2561: plan, second version, and a few months of reports (S3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from rules.calendar import Calendar
from rules.measures import calendar_months, completed_in, months_of, saved_in_year
from schemas.circular import Circular, Recipient
from schemas.measures import (
    ALL_YEAR,
    CATEGORIES,
    MEASURES,
    SAVED,
    SOURCE_TH,
    Activity,
    ActivityPlan,
    CriteriaIssued,
    MeasuresCase,
    MeasuresOffice,
    MeasuresPlan,
    OutputPlan,
    SavingPlan,
    Source,
)
from schemas.measures_report import EnergyReport, MeasuresOutcome, MonthlyReport, OutputReport, UsageReport
from schemas.policy import MeasuresPolicy

SENT = datetime(2017, 11, 14, 3, tzinfo=UTC)
HEADS = tuple(
    (f"unit-{n}", name)
    for n, name in enumerate(
        ("สำนักงานพลังงานจังหวัดสมุทรสาคร", "สำนักงานคลังจังหวัดสมุทรสาคร", "สำนักงานทรัพยากรธรรมชาติและสิ่งแวดล้อมจังหวัดสมุทรสาคร")
    )
)
DATA = MeasuresCase(
    fiscal_year=2561, province="samut-sakhon", office="office", energy_office="unit-0", central="opdc",
    letter=Circular(no="สค 0017.2/ว 14080", on=date(2017, 10, 11), subject="สรุปผลการประชุม", text="ตามที่ได้ประชุม นั้น"),
    recipients=tuple(Recipient(unit=unit, addressee=th) for unit, th in HEADS),
    plan_due=datetime(2017, 11, 15, 16, 59, 59, tzinfo=UTC),
)  # fmt: skip
OFFICE = MeasuresOffice(
    province_th="จังหวัดสมุทรสาคร", office_th="กลุ่มงานยุทธศาสตร์และข้อมูลเพื่อการพัฒนาจังหวัด", central_th="สำนักงาน ก.พ.ร.",
    owners=HEADS, months=calendar_months(2561, MeasuresPolicy(), Calendar()), receipts_due=SENT,
    saving_percent=Decimal("10.00"), step_days=3,
)  # fmt: skip


def planned(source: Source, baseline: str) -> ActivityPlan:
    start = (
        "2018-01" if source in MEASURES and source not in ALL_YEAR else "2017-11" if source in CATEGORIES else "2017-10"
    )
    said: dict[str, Any] = {
        "start": start, "output": "คู่มือการปฏิบัติงานและผลการดำเนินงานที่แล้วเสร็จตามแผน", "indicator": "จำนวนเรื่องที่แล้วเสร็จ",
        "unit_of_measure": {Source.PAPER: "รีม", Source.BUDGET: "บาท"}.get(source, "เรื่อง"),
        "milestones": "ตุลาคม 2560 แต่งตั้งคณะทำงาน\nพฤศจิกายน 2560 เริ่มดำเนินการ",
    }  # fmt: skip
    if source is Source.ENERGY:
        return ActivityPlan(**said)
    if source in SAVED:
        return SavingPlan(**said, target=Decimal(10), baselines="/".join([baseline] * 12))
    return OutputPlan(**said, target=Decimal(4))


def activities(baseline: str) -> tuple[Activity, ...]:
    """The six measures and six of the categories."""

    def one(key: str, source: Source, th: str, number: int) -> Activity:
        plan = planned(source, baseline)
        return Activity(key=key, source=source, th=th, owner=f"unit-{number % 3}", plan=plan)

    measures = (one(source.value, source, SOURCE_TH[source], n) for n, source in enumerate(MEASURES))
    chosen = (
        one(f"chosen-{n}", CATEGORIES[n % 5], f"ลดขั้นตอนการให้บริการประชาชนของส่วนราชการ เรื่องที่ {n}", n) for n in range(1, 7)
    )
    return (*measures, *chosen)


def plan(version: int, baseline: str, *, counted: bool = True) -> MeasuresPlan:
    criteria = (
        CriteriaIssued(reference="นร 1200/ว 4", on=date(2018, 2, 1), text="คำนวณจากปริมาณที่จัดซื้อ") if version > 1 else None
    )
    return MeasuresPlan(
        version=version, counted=counted, activities=activities(baseline), criteria=criteria, sent_at=SENT
    )  # fmt: skip


PLANS = (plan(1, "125000.50"), plan(2, "130000"))


def reports(months: int = 12) -> Iterator[MonthlyReport]:
    """Energy is late in December; the first chosen activity is complete in February."""
    for place, month in enumerate(months_of(2561)[:months]):
        version = 0 if place == 0 else 1 if place < 5 else 2
        common: dict[str, Any] = {"month": month, "version": version, "at": SENT}
        yield MonthlyReport(
            key="energy", late=month.month == 12, **common,
            form=EnergyReport(electricity=Decimal(48250), fuel=Decimal("1630.5"), recorded_on=date(2017, 11, 1)),
        )  # fmt: skip
        for source, used in ((Source.PAPER, "110000"), (Source.BUDGET, "120000")):
            yield MonthlyReport(key=source.value, late=False, **common, form=UsageReport(used=Decimal(used)))
        if 1 <= place <= 4:
            yield MonthlyReport(key="chosen-1", late=False, **common, form=OutputReport(output=Decimal(place)))


REPORTS = tuple(reports())
OUTCOME = MeasuresOutcome(
    plans=PLANS, saved=tuple(saved_in_year(source, PLANS, REPORTS) for source in SAVED),
    completed=tuple(
        (each.key, month) for each in PLANS[-1].activities if (month := completed_in(each, REPORTS)) is not None
    ),
    unfinished=tuple(
        each.key
        for each in PLANS[-1].activities
        if each.source not in ALL_YEAR and completed_in(each, REPORTS) is None
    ),
    reports=len(REPORTS), late=1, papers=(),
)  # fmt: skip
