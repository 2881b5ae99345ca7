"""The KPIs of a year as they stand, and how one of them came to be so (P5 steps 1 to 8, 15; P9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial

from ledger.hand_offs import HandOff
from portal.year_cells import kpi_of
from portal.year_records import YearRecords
from rules.agreement import chosen, with_appeal, with_baselines, with_change, with_form, with_kpi
from schemas.agreement import (
    AgreementCase,
    BaselineForm,
    ChangeEnding,
    KpiChoice,
    KpiDetails,
    NegotiatedKpi,
)
from schemas.appeal import AppealEnding, AppealKind
from schemas.criteria import KpiNumber
from schemas.form import FORMS
from schemas.kpi import Kpi, KpiBook


def book_of(records: YearRecords) -> KpiBook:
    """The KPIs as they stand: as detailed, with the changes that were approved since; before that, as agreed so far."""
    if final := records.steps.get((records.case.id, "keep_final")):
        return KpiBook.model_validate(final)
    detailed = records.steps.get((records.case.id, "keep_details"))
    book = KpiBook.model_validate(detailed) if detailed else _agreed_so_far(records)
    for result in records.changes:
        if result.ending is ChangeEnding.APPROVED:
            book = with_kpi(book, result.request.kpi, partial(with_change, request=result.request))
    return book


def _agreed_so_far(records: YearRecords) -> KpiBook:
    """Before the details are settled: the draft, with what has been handed in since."""
    book = AgreementCase.model_validate(records.case.data).book
    for hand_off in sorted(records.work_of(records.case), key=lambda h: h.closed_seq or 0):
        book = _with_answer(book, hand_off, records)
    appealed = records.appeal(AppealKind.NEGOTIATION)
    return with_appeal(book, appealed[1].results) if appealed and appealed[1] else book


def _with_answer(book: KpiBook, hand_off: HandOff, records: YearRecords) -> KpiBook:
    answer, number = records.answer_of(hand_off), kpi_of(hand_off)
    if answer is None:
        return book
    form = FORMS[hand_off.form].model_validate(answer)
    match form:
        case KpiChoice():
            return chosen(book, form.kpis)
        case BaselineForm() if number:
            return with_kpi(book, number, partial(with_baselines, form=form, fiscal_year=book.fiscal_year))
        case NegotiatedKpi() if number:
            return with_kpi(book, number, partial(with_form, form=form))
        case _:
            return book


# --- how a KPI came to be as it is -------------------------------------------------------------------------


_NOT_LODGED = frozenset({AppealEnding.NOT_WANTED, AppealEnding.UNANSWERED})


class Origin(StrEnum):
    """Where a value of a KPI comes from."""

    DRAFTED = "drafted"
    NEGOTIATED = "negotiated"
    APPEALED = "appealed"
    DETAILED = "detailed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueLine:
    """A point at which a KPI's values were said, asked for or decided; what is None was left as it stood."""

    origin: Origin
    at: datetime | None
    by: str
    """Name of the officer, or id of the unit that asked."""
    case_id: str
    target: Decimal | None = None
    weight: Decimal | None = None
    levels: tuple[Decimal, ...] = ()
    ending: ChangeEnding | AppealEnding | None = None
    note: str = ""


def values_said(records: YearRecords, number: KpiNumber) -> tuple[ValueLine, ...]:
    """The values of a KPI from the draft on, in order."""
    return tuple(_values_said(records, number))


def _values_said(records: YearRecords, number: KpiNumber) -> Iterator[ValueLine]:
    case = records.case
    drafted = AgreementCase.model_validate(case.data).book.kpi(number)
    if drafted:
        yield ValueLine(
            origin=Origin.DRAFTED, at=case.opened_at, by="", case_id=case.id, target=drafted.target,
            weight=drafted.weight, levels=levels_of(drafted),
        )  # fmt: skip
    work = [h for h in records.work_of(case) if kpi_of(h) == number and h.id in records.answers]
    yield from (_keyed(h, records, Origin.NEGOTIATED) for h in work if h.element == "negotiate")
    yield from _appealed(records, number)
    yield from (_keyed(h, records, Origin.DETAILED) for h in work if h.element == "write_details")
    for result in records.changes:
        request = result.request
        if request.kpi == number:
            yield ValueLine(
                origin=Origin.CHANGED, at=request.requested_at, by=request.unit, case_id=case.id,
                target=request.target, weight=request.weight, levels=request.levels or (), ending=result.ending,
                note=" · ".join(said for said in (request.details, request.reason, result.reason) if said),
            )  # fmt: skip


def _keyed(hand_off: HandOff, records: YearRecords, origin: Origin) -> ValueLine:
    form = FORMS[hand_off.form].model_validate(records.answers[hand_off.id])
    assert isinstance(form, NegotiatedKpi | KpiDetails), hand_off.form
    levels = tuple(level for level in form.levels if level is not None)
    return ValueLine(
        origin=origin, at=hand_off.closed_at, by=hand_off.closed_by.name if hand_off.closed_by else hand_off.unit,
        case_id=hand_off.case_id, target=form.target, weight=form.weight, levels=levels,
        note=form.description if isinstance(form, KpiDetails) else form.note,
    )  # fmt: skip


def _appealed(records: YearRecords, number: KpiNumber) -> Iterator[ValueLine]:
    appealed, case = records.appeal(AppealKind.NEGOTIATION), records.appeal_case(AppealKind.NEGOTIATION)
    if appealed is None or case is None or appealed[1] is None:
        return
    for result in appealed[1].results:
        if result.kpi == number and result.ending not in _NOT_LODGED:
            yield ValueLine(
                origin=Origin.APPEALED, at=result.decided_at or result.signed_at or case.closed_at, by=result.unit,
                case_id=case.id, target=result.value, levels=result.levels or (), ending=result.ending,
                note=result.reason,
            )  # fmt: skip


def levels_of(kpi: Kpi) -> tuple[Decimal, ...]:
    """The values of levels 1 to 5; none where the KPI is not a measured value."""
    return tuple(getattr(kpi.criteria, "points", ()))
