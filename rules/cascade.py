"""What the forms of a province's cascade must satisfy beyond their shape (S2; requirements P11, R2.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from rules.calendar import Calendar
from rules.cascade_scores import PERCENT, levels_of, percentage, points_of
from rules.directory import DirectoryIndex
from schemas.base import UnitId
from schemas.cascade import (
    AgreedKpi,
    AssessedKpi,
    Follow,
    GroupKpi,
    IndividualKpi,
    KeyKpi,
    KpiKind,
    Member,
)
from schemas.cascade_forms import (
    AgencyAgreement,
    CascadeMinutes,
    CascadeOrder,
    CleaningDay,
    GroupAgreement,
    IndividualAgreement,
    IndividualAssessment,
    KeyKpiDraft,
    Reassessment,
    RemedialPlan,
    SelfAssessment,
)
from schemas.criteria import KpiNumber, Quantitative
from schemas.duty import DutyReport
from schemas.form import FormContext, Problem

LEVELS = 5
FULL_WEIGHT = Decimal(100)


def payday(month: date, calendar: Calendar, *, before_last: int) -> date:
    """The day on which salaries are paid: so many working days before the last working day of the month [DEFAULT]."""
    first_of_next = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    last = calendar.previous_working_day(first_of_next)
    return calendar.add_working_days(last, -before_last) if before_last else last


def months_until(today: date, last: date) -> Iterator[date]:
    """The first day of each month from today's to the last one."""
    month = today.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def members_of(directory: DirectoryIndex, province: UnitId, *, on: date) -> tuple[Member, ...]:
    """The agencies whose heads sign with the governor: the units right below the province, in protocol order."""
    below = (unit for unit in directory.units(on=on) if unit.parent == province)
    return tuple(Member(unit=unit.id, th=unit.th) for unit in below)


def problems_of_order(form: CascadeOrder, _context: FormContext, today: date) -> Iterator[Problem]:
    """The rounds in their order, none of them past; internal control within the fiscal year."""
    rounds = (("sar_6_due", form.sar_6_due), ("sar_9_due", form.sar_9_due), ("sar_12_due", form.sar_12_due))
    for (_, before), (field, due) in pairwise(rounds):
        if due <= before:
            yield Problem(field=field, th="กำหนดของรอบต้องเรียงตามลำดับ", en="The rounds follow each other")
    others = (
        ("seminar_on", form.seminar_on), ("surveys_due", form.surveys_due), ("control_due", form.control_due),
    )  # fmt: skip
    for field, day in (rounds[0], *others):
        if day < today:
            yield Problem(field=field, th="วันที่ผ่านไปแล้ว", en="The day has passed")
    if form.control_due > date(form.fiscal_year - 543, 9, 30):
        yield Problem(
            field="control_due", th="ต้องไม่เกินวันสิ้นปีงบประมาณ", en="It must not lie after the end of the fiscal year"
        )


def problems_of_key_kpis(form: KeyKpiDraft, context: FormContext, _today: date) -> Iterator[Problem]:
    yield from _listed(form.kpis)
    yield from _weighted(form.kpis)
    hosts = {host for host, _ in context.choices.get("hosts", ())}
    for place, kpi in enumerate(form.kpis):
        if kpi.host not in hosts:
            yield Problem(field=f"kpis.{place}.host", th="กรุณาเลือกเจ้าภาพจากรายการ", en="Choose a host from the list")
        yield from _five_levels(kpi, place)
        if kpi.kind is KpiKind.RATIO and _points(kpi) is None:
            yield Problem(
                field=f"kpis.{place}.levels", th="เกณฑ์ของตัวชี้วัดร้อยละต้องเป็นตัวเลขห้าค่าที่เพิ่มขึ้นหรือลดลงตามลำดับ",
                en="The criteria in per cent are five numbers that rise or fall throughout",
            )  # fmt: skip
    yield from _ranked([(place, kpi) for place, kpi in enumerate(form.kpis) if kpi.follow is Follow.RANKED])


def _ranked(ranked: list[tuple[int, KeyKpi]]) -> Iterator[Problem]:
    """One ranking stands at the end of the year, the highest result first (R2.4)."""
    for place, kpi in ranked:
        field = f"kpis.{place}.follow"
        points = _points(kpi)
        if kpi.kind is not KpiKind.RATIO:
            yield Problem(field=field, th="จัดอันดับได้เฉพาะตัวชี้วัดร้อยละ", en="Only a KPI in per cent can be ranked")
        elif points is not None and not points.more_is_better:
            yield Problem(
                field=field, th="จัดอันดับได้เฉพาะตัวชี้วัดที่เกณฑ์เพิ่มขึ้นตามลำดับ เพราะผลสูงสุดเป็นอันดับหนึ่ง",
                en="Only a KPI whose criteria rise can be ranked: the highest result comes first",
            )  # fmt: skip
        elif place != ranked[0][0]:
            yield Problem(field=field, th="จัดอันดับได้เพียงตัวชี้วัดเดียว", en="Only one KPI can be ranked")


def problems_of_agency(form: AgencyAgreement, context: FormContext, _today: date) -> Iterator[Problem]:
    yield from _all_of(form.kpis, context.limits.get("kpis", ()))


def problems_of_group(form: GroupAgreement, context: FormContext, _today: date) -> Iterator[Problem]:
    yield from _listed(form.kpis)
    yield from _weighted(form.kpis)
    known = context.limits.get("kpis", ())
    for place, kpi in enumerate(form.kpis):
        if kpi.number not in known:
            yield _unknown(f"kpis.{place}.number")


def problems_of_person(form: IndividualAgreement, context: FormContext, _today: date) -> Iterator[Problem]:
    """The weights sum to 100, and each line hangs on a KPI of the group."""
    if not form.kpis:
        yield Problem(field="kpis", th="กรุณากำหนดอย่างน้อยหนึ่งตัวชี้วัด", en="Set at least one KPI")
    yield from _weighted(form.kpis)
    known = context.limits.get("kpis", ())
    for place, kpi in enumerate(form.kpis):
        if kpi.parent not in known:
            yield _unknown(f"kpis.{place}.parent")
        yield from _five_levels(kpi, place)


def problems_of_lines(form: IndividualAssessment, context: FormContext, _today: date) -> Iterator[Problem]:
    """Every line of the agreement once."""
    wanted, seen = set(context.limits.get("lines", ())), set[str]()
    for place, assessed in enumerate(form.lines):
        if assessed.line not in wanted:
            yield _unknown(f"lines.{place}.line")
        elif assessed.line in seen:
            yield Problem(field=f"lines.{place}.line", th="บรรทัดนี้ซ้ำ", en="This line is there twice")
        seen.add(assessed.line)
    if missing := sorted(wanted - seen, key=int):
        yield Problem(field="lines", th=f"ยังไม่ประเมินข้อ {', '.join(missing)}", en=f"Not assessed: {', '.join(missing)}")


def problems_of_assessment(
    form: SelfAssessment | Reassessment, context: FormContext, _today: date
) -> Iterator[Problem]:
    """Every KPI once; milestones with their level, ratios with formula and values (R2.3)."""
    yield from _all_of(form.kpis, context.limits.get("kpis", ()))
    ratios = context.limits.get("ratios", ())
    for place, assessed in enumerate(form.kpis):
        if assessed.number in ratios:
            yield from _of_ratio(assessed, f"kpis.{place}")
        elif assessed.level is None:
            yield Problem(field=f"kpis.{place}.level", th="กรุณาประเมินระดับ 1–5", en="Give a level of 1 to 5")


def _of_ratio(assessed: AssessedKpi, at: str) -> Iterator[Problem]:
    if assessed.level is not None:
        yield Problem(
            field=f"{at}.level", th="เว้นว่างไว้ ระบบคำนวณจากผล", en="Leave it blank: it is computed from the result"
        )
    if not assessed.formula.strip():
        yield Problem(field=f"{at}.formula", th="กรุณาเขียนสูตรการคำนวณ", en="Write the formula")
    for name in ("numerator", "denominator", "value"):
        if getattr(assessed, name) is None:
            yield Problem(field=f"{at}.{name}", th="กรุณาใส่ค่า", en="Give the value")
    if assessed.denominator == 0:
        yield Problem(field=f"{at}.denominator", th="ตัวหารต้องไม่เป็นศูนย์", en="The denominator cannot be zero")
    right = percentage(assessed)
    if right is not None and assessed.value is not None and assessed.value != right:
        yield Problem(
            field=f"{at}.value", th=f"ผลไม่ตรงกับค่าที่ใส่: ตัวตั้ง ÷ ตัวหาร × {PERCENT} = {right}",
            en=f"The result does not agree: numerator / denominator × {PERCENT} = {right}",
        )  # fmt: skip


def problems_of_plan(form: RemedialPlan, context: FormContext, today: date) -> Iterator[Problem]:
    """After today; within the year, as long as there is a day of it left."""
    until = date.fromisoformat(context.limits["until"])
    if form.recheck_on <= today or form.recheck_on > until > today:
        yield Problem(
            field="recheck_on", th="วันประเมินซ้ำต้องเป็นวันหลังจากวันนี้ และไม่เกินกำหนดรายงานรอบสุดท้าย",
            en="It lies after today, and not after the last report of the year",
        )  # fmt: skip


def problems_of_minutes(form: CascadeMinutes, _context: FormContext, today: date) -> Iterator[Problem]:
    if form.held_on > today:
        yield Problem(field="held_on", th="วันที่ประชุมต้องไม่เป็นวันในอนาคต", en="The meeting cannot lie in the future")


def problems_of_cleaning(form: CleaningDay, context: FormContext, today: date) -> Iterator[Problem]:
    """«ทุกเดือนก่อนวันรับเงินเดือน» (S2, line 17)."""
    if not today <= form.on < date.fromisoformat(context.limits["payday"]):
        yield Problem(
            field="on", th="ต้องไม่เป็นวันที่ผ่านไปแล้ว และต้องอยู่ก่อนวันรับเงินเดือน",
            en="It must not have passed, and lies before payday",
        )  # fmt: skip


def problems_of_duty(form: DutyReport, _context: FormContext, today: date) -> Iterator[Problem]:
    if form.done_on > today:
        yield Problem(field="done_on", th="วันที่ดำเนินการต้องไม่เป็นวันในอนาคต", en="It cannot lie in the future")


# --- lines of tables ---------------------------------------------------------------------------------------


def _listed(kpis: tuple[KeyKpi | GroupKpi, ...]) -> Iterator[Problem]:
    if not kpis:
        yield Problem(field="kpis", th="กรุณากำหนดอย่างน้อยหนึ่งตัวชี้วัด", en="Set at least one KPI")
    yield from _once(kpis)


def _once(kpis: tuple[KeyKpi | GroupKpi | AgreedKpi | AssessedKpi, ...]) -> Iterator[Problem]:
    seen: set[KpiNumber] = set()
    for place, kpi in enumerate(kpis):
        if kpi.number in seen:
            yield Problem(field=f"kpis.{place}.number", th="ตัวชี้วัดนี้ซ้ำ", en="This KPI is there twice")
        seen.add(kpi.number)


def _all_of(kpis: tuple[AgreedKpi | AssessedKpi, ...], wanted: Collection[KpiNumber]) -> Iterator[Problem]:
    yield from _once(kpis)
    for place, kpi in enumerate(kpis):
        if kpi.number not in wanted:
            yield _unknown(f"kpis.{place}.number")
    given = {kpi.number for kpi in kpis}
    if missing := [number for number in wanted if number not in given]:
        named = ", ".join(missing)
        yield Problem(field="kpis", th=f"ยังขาดตัวชี้วัดที่ {named}", en=f"Missing: KPI {named}")


def _weighted(kpis: tuple[KeyKpi | GroupKpi | IndividualKpi, ...]) -> Iterator[Problem]:
    total = sum((kpi.weight for kpi in kpis), Decimal(0))
    if kpis and total != FULL_WEIGHT:
        yield Problem(
            field="kpis", th=f"น้ำหนักรวมต้องเท่ากับ 100 (รวมได้ {total})", en=f"The weights sum to {total}, not 100"
        )


def _five_levels(kpi: KeyKpi | IndividualKpi, place: int) -> Iterator[Problem]:
    levels = levels_of(kpi.levels)
    if len(levels) != LEVELS or not all(levels):
        yield Problem(
            field=f"kpis.{place}.levels", th=f"กรุณากำหนดเกณฑ์ให้ครบ 5 ระดับ คั่นด้วย / เว้นวรรคหน้าหลัง (มี {len(levels)})",
            en=f"Give five levels divided by a / between blanks, not {len(levels)}",
        )  # fmt: skip


def _points(kpi: KeyKpi) -> Quantitative | None:
    try:
        return points_of(kpi)
    except (ArithmeticError, ValueError):
        return None


def _unknown(field: str) -> Problem:
    return Problem(field=field, th="กรุณาเลือกตัวชี้วัดจากรายการ", en="Choose a KPI from the list")
