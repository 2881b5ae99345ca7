"""How the KPIs of an agreement change in the course of the year (requirements P5); a book is a value, not a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Any, cast

from schemas.agreement import BaselineForm, ChangeEnding, ChangeRequested, ChangeResult, KpiDetails, KpiValues
from schemas.appeal import AppealResult
from schemas.base import FiscalYear
from schemas.criteria import External, KpiNumber, Levels, Quantitative
from schemas.form import FormContext, Problem
from schemas.kpi import Baseline, Kpi, KpiBook


def with_kpi(book: KpiBook, number: KpiNumber, change: Callable[[Kpi], Kpi]) -> KpiBook:
    """The book with one KPI changed."""
    return with_kpis(book, {number: change})


def with_kpis(book: KpiBook, changes: Mapping[KpiNumber, Callable[[Kpi], Kpi]]) -> KpiBook:
    """The book with several KPIs changed; it is checked once as a whole, in every replay of the year."""
    return book.replace(
        kpis=tuple(changes[kpi.number](kpi) if kpi.number in changes else kpi for kpi in book.kpis)
    )  # fmt: skip


def chosen(book: KpiBook, numbers: tuple[str, ...]) -> KpiBook:
    """The book with the chosen KPIs only (step 2)."""
    return book.replace(kpis=tuple(kpi for kpi in book.kpis if kpi.number in numbers))


def with_baselines(kpi: Kpi, form: BaselineForm, fiscal_year: FiscalYear) -> Kpi:
    """The results of the last three years, as far as there are any (step 1)."""
    results = (form.last_year, form.two_years_ago, form.three_years_ago)
    gathered = tuple(
        Baseline(fiscal_year=fiscal_year - ago, value=value)
        for ago, value in enumerate(results, start=1)
        if value is not None
    )
    return kpi.replace(baselines=gathered or kpi.baselines, data_source=form.data_source)


def with_values(kpi: Kpi, *, target: Decimal | None, weight: Decimal | None, levels: tuple[Any, ...]) -> Kpi:
    """Target, weight and levels as given; what is None stays."""
    changes: dict[str, Any] = {}
    if target is not None:
        changes["target"] = target
    if weight is not None:
        changes |= {"weight": weight, "weight_confidence": "printed"}
    if all(level is not None for level in levels):
        floor = kpi.criteria.floor if isinstance(kpi.criteria, Quantitative) else 1
        changes["criteria"] = Quantitative(points=cast("Levels", levels), floor=floor)
    return kpi.replace(**changes) if changes else kpi


def with_form(kpi: Kpi, form: KpiValues) -> Kpi:
    """A KPI as negotiated, or with the details that its unit wrote (steps 4 and 8)."""
    kpi = with_values(kpi, target=form.target, weight=form.weight, levels=form.levels)
    if isinstance(form, KpiDetails):
        kpi = kpi.replace(description=form.description, formula=form.formula, data_source=form.data_source)
    return kpi


def with_change(kpi: Kpi, request: ChangeRequested) -> Kpi:
    """A KPI after an approved request (step 15)."""
    kpi = with_values(kpi, target=request.target, weight=request.weight, levels=request.levels or (None,))
    return kpi.replace(note=f"{kpi.note}\n{request.details}".strip()) if request.details else kpi


def with_changes(book: KpiBook, results: Iterable[ChangeResult]) -> KpiBook:
    """The KPIs after the requests that were approved, in the order in which they were decided (step 15)."""
    for result in results:
        if result.ending is ChangeEnding.APPROVED:
            book = with_kpi(book, result.request.kpi, partial(with_change, request=result.request))
    return book


def with_appeal(book: KpiBook, results: tuple[AppealResult, ...]) -> KpiBook:
    """The targets and levels that hold after the appeals on the negotiation (step 6)."""
    for result in results:
        held = partial(with_values, target=result.value, weight=None, levels=result.levels or (None,))
        book = with_kpi(book, result.kpi, held)
    return book


def measured_outside(book: KpiBook) -> tuple[KpiNumber, ...]:
    """KPIs whose score another body supplies (step 18)."""
    return tuple(kpi.number for kpi in book.kpis if isinstance(kpi.criteria, External))


def values_of(kpi: Kpi) -> dict[str, Any]:
    """A KPI's values as prefill of a form."""
    values = {"target": kpi.target, "weight": kpi.weight} | {
        f"level_{level}": point for level, point in enumerate(levels_of(kpi) or (), start=1)
    }
    return {name: f"{value.normalize():f}" for name, value in values.items() if value is not None}


def levels_of(kpi: Kpi) -> Levels | None:
    return kpi.criteria.points if isinstance(kpi.criteria, Quantitative) else None


def levels_th(levels: Levels | None) -> str:
    """The five levels in one line, as they are also written in a form."""
    return " / ".join(f"{level.normalize():f}" for level in levels or ())


def kpi_facts(kpi: Kpi) -> tuple[tuple[str, str], ...]:
    """A KPI as it stands above a form: (label, value), without what is not known."""
    values = values_of(kpi)
    said = (
        ("ตัวชี้วัด", f"{kpi.number} {kpi.th}"), ("หน่วยวัด", kpi.unit_of_measure),
        ("ค่าเป้าหมาย", values.get("target", "")), ("น้ำหนัก (ร้อยละ)", values.get("weight", "")),
        ("เกณฑ์ระดับ 1 ถึง 5", levels_th(levels_of(kpi))),
    )  # fmt: skip
    return tuple((label, value) for label, value in said if value)


def details_facts(kpi: Kpi) -> tuple[tuple[str, str], ...]:
    """The details of a KPI in words, as its unit wrote them (step 8), with what was changed since."""
    said = (
        ("คำอธิบาย", kpi.description), ("สูตรการคำนวณ", kpi.formula), ("แหล่งข้อมูล", kpi.data_source),
        ("หมายเหตุ", kpi.note),
    )  # fmt: skip
    return tuple((label, value) for label, value in said if value)


def takes_levels(kpi: Kpi) -> bool:
    """Whether the five levels of a KPI are values that can be keyed in a form."""
    return kpi.criteria is None or isinstance(kpi.criteria, Quantitative)


# --- checks of the forms -----------------------------------------------------------------------------------


def problems_of_values(form: KpiValues, context: FormContext, _today: date) -> Iterator[Problem]:
    """All five levels or none, in one direction, and only where a value is measured."""
    given = [level for level in form.levels if level is not None]
    if not given:
        return
    limits: Mapping[str, Any] = context.limits
    if limits.get("takes_levels") is False:
        yield Problem(
            field="level_1",
            th="ตัวชี้วัดนี้ไม่ได้วัดเป็นค่า จึงไม่กรอกเกณฑ์ระดับ 1 ถึง 5",
            en="This KPI is not a measured value; leave the levels blank",
        )
    elif len(given) < 5:
        missing = next(f"level_{n}" for n, level in enumerate(form.levels, start=1) if level is None)
        yield Problem(field=missing, th="กรุณากรอกเกณฑ์ให้ครบทั้ง 5 ระดับ", en="Give all five levels")
    elif not (all(a < b for a, b in pairwise(given)) or all(a > b for a, b in pairwise(given))):
        yield Problem(
            field="level_1",
            th="ค่าเกณฑ์ระดับ 1 ถึง 5 ต้องเพิ่มขึ้นตลอด หรือลดลงตลอด",
            en="The values of levels 1 to 5 must rise throughout, or fall throughout",
        )


def problems_of_details(form: KpiDetails, context: FormContext, today: date) -> Iterator[Problem]:
    """What both have signed stays as it is; what the agreement left open may be filled in."""
    yield from problems_of_values(form, context, today)
    for name, signed in context.limits.get("signed", {}).items():
        value = getattr(form, name)
        if value is not None and value != Decimal(signed):
            yield Problem(
                field=name,
                th=f"คำรับรองที่ลงนามแล้วกำหนดไว้ {signed} หากจำเป็นต้องเปลี่ยน ให้ยื่นคำขอเปลี่ยนแปลงรายละเอียดตัวชี้วัด",
                en=f"The agreement as signed says {signed}; to have it changed, ask for other details of the KPI",
            )


def problems_of_change(form: KpiValues, context: FormContext, today: date) -> Iterator[Problem]:
    """A request must ask for something, and for something that does not stand already."""
    yield from problems_of_values(form, context, today)
    standing = context.limits.get("standing", {})
    for name in KpiValues.model_fields:
        value = getattr(form, name)
        # The five levels go together: a single one may well stay as it is.
        if (
            value is not None
            and not name.startswith("level_")
            and name in standing
            and value == Decimal(standing[name])
        ):
            yield Problem(field=name, th="ตรงกับค่าปัจจุบัน หากไม่ขอเปลี่ยนให้เว้นว่าง", en="This stands already; leave it blank")
    asked_for = (form.target, form.weight, *form.levels, getattr(form, "details", ""))
    if not any(value not in (None, "") for value in asked_for):
        yield Problem(
            field="details",
            th="กรุณาระบุรายละเอียดที่ขอเปลี่ยนแปลงอย่างน้อยหนึ่งรายการ",
            en="Say at least one thing that should change",
        )
