"""KPIs of provinces: three to five, long ones over three to five years, linked to the plans (R4.1 to R4.4; S4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from rules.exact import divided
from schemas.base import FiscalYear
from schemas.form import FormContext, Problem
from schemas.framework import FrameworkDraft, FrameworkOrder, Kpis, ProvinceDraft, ProvinceKpi

FEWEST, MOST = 3, 5
"""«3-5 ตัวชี้วัดที่สำคัญเท่านั้น» (S4, line 10)."""
LONG = range(3, 6)
"""Years of a long-term KPI (S4, line 12)."""


def last_day_before(fiscal_year: FiscalYear) -> date:
    """30 September before the fiscal year (R4.4: before 1 ต.ค.)."""
    return date(fiscal_year - 543 - 1, 9, 30)


def targets_of(kpi: ProvinceKpi) -> tuple[Decimal, ...]:
    """The targets of a KPI, a year each; raises ValueError where one is no number."""
    return divided(kpi.targets)


def unlinked(kpis: Kpis) -> tuple[int, ...]:
    """The places, from 1, of KPIs that name no plan: a visible warning, no refusal (S4, line 8)."""
    return tuple(place for place, kpi in enumerate(kpis, start=1) if kpi.plan is None)


def problems_of_order(form: FrameworkOrder, _context: FormContext, today: date) -> Iterator[Problem]:
    """Briefing, workshop and the beginning of the year in their order, none of them past."""
    if form.briefing_on < today:
        yield Problem(field="briefing_on", th="วันประชุมชี้แจงผ่านไปแล้ว", en="The day of the briefing has passed")
    if form.workshop_from <= form.briefing_on:
        yield Problem(
            field="workshop_from",
            th="การประชุมเชิงปฏิบัติการต้องเริ่มหลังวันประชุมชี้แจง",
            en="The workshop comes after the briefing",
        )
    if form.workshop_to < form.workshop_from:
        yield Problem(field="workshop_to", th="วันสิ้นสุดต้องไม่ก่อนวันเริ่ม", en="It cannot end before it begins")
    if form.workshop_to >= last_day_before(form.fiscal_year):
        yield Problem(field="workshop_to", th="ต้องสิ้นสุดก่อนเริ่มปีงบประมาณ", en="It must end before the fiscal year begins")


def problems_of_framework(form: FrameworkDraft, _context: FormContext, _today: date) -> Iterator[Problem]:
    if not form.components:
        yield Problem(field="components", th="กรุณาเปรียบเทียบอย่างน้อยหนึ่งองค์ประกอบ", en="Compare at least one component")


def problems_of_kpis(form: ProvinceDraft, _context: FormContext, _today: date) -> Iterator[Problem]:
    """R4.1 and R4.2; a KPI of one year is none of the long ones, so two years are neither."""
    count = len(form.kpis)
    if not FEWEST <= count <= MOST:
        yield Problem(
            field="kpis",
            th=f"กำหนดได้ {FEWEST}–{MOST} ตัวชี้วัด (กรอกไว้ {count})",
            en=f"{FEWEST} to {MOST} KPIs, not {count}",
        )
    for place, kpi in enumerate(form.kpis):
        if kpi.years != 1 and kpi.years not in LONG:
            yield Problem(field=f"kpis.{place}.years", th="รายปีให้กรอก 1 ระยะยาว 3–5 ปี", en="1, or 3 to 5 years")
        try:
            given = len(targets_of(kpi))
        except ValueError:
            yield Problem(
                field=f"kpis.{place}.targets", th="ค่าเป้าหมายต้องเป็นตัวเลข คั่นด้วย /", en="Targets are numbers divided by /"
            )
            continue
        if given != kpi.years:
            yield Problem(
                field=f"kpis.{place}.targets", th=f"กรุณากรอกค่าเป้าหมายให้ครบ {kpi.years} ปี (กรอกไว้ {given})",
                en=f"Give a target for each of {kpi.years} years, not {given}",
            )  # fmt: skip
