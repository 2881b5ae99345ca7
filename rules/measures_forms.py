"""What the forms of the six measures must satisfy beyond their shape (S3; P12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from rules.calendar import fiscal_year_be
from rules.circular import ENCLOSURES_UNNAMED
from rules.exact import divided
from schemas.form import FormContext, Problem
from schemas.measures import (
    CATEGORIES,
    MEASURES,
    SOURCE_EN,
    SOURCE_TH,
    ActivityChoice,
    CriteriaOrder,
    MeasuresOrder,
    OutputPlan,
    PlanApproval,
    SavingPlan,
)
from schemas.measures_report import EnergyReport
from schemas.weekly import ReviewDecision

TWELVE = 12
"""Activities of KPI 4.2, and months of a year (S3, 3.1)."""


def problems_of_order(form: MeasuresOrder, _context: FormContext, today: date) -> Iterator[Problem]:
    """A letter that is written and names what goes with it, and a plan that can still be sent within the year."""
    if form.files and not form.enclosures:
        yield ENCLOSURES_UNNAMED
    if form.on > today:
        yield Problem(field="on", th="วันที่ของหนังสือต้องไม่เป็นวันในอนาคต", en="The letter cannot be dated in the future")
    if form.plan_due_on < today:
        yield Problem(field="plan_due_on", th="วันครบกำหนดส่งแผนผ่านไปแล้ว", en="The day for the plan has passed")
    elif fiscal_year_be(form.plan_due_on) != form.fiscal_year:
        yield Problem(
            field="plan_due_on",
            th="วันครบกำหนดส่งแผนต้องอยู่ในปีงบประมาณที่ระบุ",
            en="The day for the plan is not in this fiscal year",
        )


def problems_of_criteria(form: CriteriaOrder, _context: FormContext, today: date) -> Iterator[Problem]:
    if form.on > today:
        yield Problem(field="on", th="วันที่ของหนังสือต้องไม่เป็นวันในอนาคต", en="The letter cannot be dated in the future")


def problems_of_choice(form: ActivityChoice, context: FormContext, _today: date) -> Iterator[Problem]:
    """Each measure once, whether or not it counts (S3-01); six of the categories beside them, or twelve (S3-05, S3-06).

    Of which former group they are is asked no more (S3-04).
    """
    count = Counter(line.source for line in form.activities)
    for source in MEASURES:
        if count[source] != 1:
            yield Problem(
                field="activities", th=f"ต้องมี{SOURCE_TH[source]} หนึ่งกิจกรรม (กรอกไว้ {count[source]})",
                en=f"{SOURCE_EN[source]}: one activity, not {count[source]}",
            )  # fmt: skip
    chosen = sum(count[source] for source in CATEGORIES)
    wanted = TWELVE - len(MEASURES) if context.limits.get("counted") else TWELVE
    if chosen != wanted:
        yield Problem(
            field="activities", th=f"ต้องเลือกจาก 5 ประเภทเรื่อง {wanted} กิจกรรม (กรอกไว้ {chosen})",
            en=f"{wanted} activities of the five categories, not {chosen}",
        )  # fmt: skip
    owners = {unit for unit, _ in context.choices.get("owners", ())}
    for place, line in enumerate(form.activities):
        if line.owner not in owners:
            yield Problem(
                field=f"activities.{place}.owner", th="กรุณาเลือกหน่วยงานจากรายการ", en="Choose a unit from the list"
            )


def problems_of_saving(form: SavingPlan, context: FormContext, _today: date) -> Iterator[Problem]:
    """At least ten per cent (S3-08) of twelve baselines."""
    least = Decimal(context.limits.get("saving_percent", "0"))
    if not least <= form.target < 100:
        yield Problem(
            field="target", th=f"ต้องประหยัดไม่น้อยกว่าร้อยละ {least:f}", en=f"The saving must be at least {least:f} per cent"
        )
    try:
        given = divided(form.baselines)
    except ValueError:
        yield Problem(field="baselines", th="ค่าฐานต้องเป็นตัวเลข คั่นด้วย /", en="Baselines are numbers divided by /")
        return
    if len(given) != TWELVE:
        yield Problem(
            field="baselines", th=f"กรุณากรอกค่าฐานให้ครบ 12 เดือน (กรอกไว้ {len(given)})",
            en=f"Give the baseline of twelve months, not of {len(given)}",
        )  # fmt: skip
    elif min(given) <= 0:
        yield Problem(field="baselines", th="ค่าฐานทุกเดือนต้องมากกว่า 0", en="Each baseline must be more than 0")


def problems_of_output(form: OutputPlan, _context: FormContext, _today: date) -> Iterator[Problem]:
    """An output of nothing would be complete before it begins."""
    if form.target <= 0:
        yield Problem(field="target", th="จำนวนผลผลิตต้องมากกว่า 0", en="The quantity must be more than 0")


def problems_of_approval(form: PlanApproval, _context: FormContext, _today: date) -> Iterator[Problem]:
    """Who returns a plan says what is to be corrected, and why."""
    if form.decision is not ReviewDecision.RETURN:
        return
    if not form.activities:
        yield Problem(field="activities", th="กรุณาเลือกกิจกรรมที่ต้องแก้ไข", en="Choose the activities to be corrected")
    if not form.comment:
        yield Problem(field="comment", th="กรุณาระบุข้อคิดเห็นเพื่อให้ผู้จัดทำแก้ไข", en="Say what has to be corrected")


def problems_of_energy(form: EnergyReport, _context: FormContext, today: date) -> Iterator[Problem]:
    if form.recorded_on > today:
        yield Problem(field="recorded_on", th="วันที่บันทึกต้องไม่เป็นวันในอนาคต", en="It cannot be recorded in the future")
