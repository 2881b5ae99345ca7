"""An agency's scorecard in a round: rows, subtotals, both totals and what does not fit (requirements 4.2).

`weighted = weight · score / Σ weight` over the KPIs that have started and are not cancelled. Σ weight is what it is:
where it is not 100 the scorecard says so and nothing is adjusted. Every figure is computed exactly and rounded once,
half up to four decimals, so a total may differ from the sum of its printed rows in the last digit; the total stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from rules.errors import ResultDoesNotFit, UnknownKpi
from rules.exact import mean, ratio, rounded
from rules.kpi_checks import book_findings, dimensions_below
from rules.kpi_findings import finding, plain
from rules.scoring import exact_score, floor_of, missing_parts, result_problems
from schemas.base import Identifier, UnitId
from schemas.criteria import KpiNumber, number_key
from schemas.kpi import Kpi, KpiBook, Round
from schemas.scorecard import Finding, FindingCode, KpiReport, RowState, Scorecard, ScoreRow, Subtotal

_NOTHING = KpiReport()


class _Line(NamedTuple):
    """A KPI in the round, before rounding."""

    kpi: Kpi
    report: KpiReport
    state: RowState
    weight: Fraction | None
    score: Fraction | None
    counts: bool

    @property
    def active(self) -> bool:
        return self.state not in {RowState.NOT_STARTED, RowState.CANCELLED}

    @property
    def score_or_floor(self) -> Fraction:
        return self.score if self.counts and self.score is not None else floor_of(self.kpi.criteria)


_Weighed = Iterable[tuple[Fraction | None, _Line]]


def scorecard(book: KpiBook, reports: Mapping[KpiNumber, KpiReport], round_: Round) -> Scorecard:
    """The scorecard of a round. Raises UnknownKpi and ResultDoesNotFit.

    Two totals are given: over what is reported, and over all active KPIs, where one that is not reported counts at
    its floor. A KPI without a known weight is shown and in neither.
    """
    if unknown := sorted(set(reports) - {kpi.number for kpi in book.kpis}):
        raise UnknownKpi(number=", ".join(unknown))
    ordered = sorted(book.kpis, key=lambda kpi: number_key(kpi.number))
    lines = [_line(kpi, reports.get(kpi.number, _NOTHING), round_) for kpi in ordered]
    whole = _subtotal(None, _whole(lines))
    return Scorecard(
        fiscal_year=book.fiscal_year,
        agency=book.agency,
        round=round_,
        rows=tuple(_row(line, _weights(lines)) for line in lines),
        dimensions=tuple(_by_dimension(book, lines)),
        units=tuple(_by_unit(lines)),
        weight=whole.weight,
        weight_reported=whole.weight_reported,
        total_reported=whole.score_reported,
        total_all=whole.score_all,
        findings=(*_round_findings(lines, round_), *book_findings(book)),
    )


NOT_KNOWN_YET = frozenset({FindingCode.WEIGHT_UNKNOWN, FindingCode.CRITERIA_UNKNOWN})


def opening_findings(book: KpiBook) -> tuple[Finding, ...]:
    """What does not fit in a book with which a year is to begin: of every round and as a whole, each once.

    What is merely not known yet stands last: the negotiation is there to settle it.
    """
    every = (found for round_ in Round for found in scorecard(book, {}, round_).findings)
    first = FindingCode.WEIGHT_SUM_NOT_100
    return tuple(
        sorted(
            {found.th: found for found in every}.values(),
            key=lambda found: (found.code is not first, found.code in NOT_KNOWN_YET),
        )
    )


def _line(kpi: Kpi, report: KpiReport, round_: Round) -> _Line:
    weight = kpi.weight_at(round_)
    exact = None if weight is None else ratio(weight)
    if kpi.cancelled_at is not None and kpi.cancelled_at <= round_:
        return _Line(kpi, report, RowState.CANCELLED, exact, None, counts=False)
    if kpi.starts_at > round_:
        return _Line(kpi, report, RowState.NOT_STARTED, exact, None, counts=False)
    score = _score(kpi, report)
    if score is None:
        return _Line(kpi, report, RowState.NOT_REPORTED, exact, None, counts=False)
    final = report.counts and not report.appeal_open
    return _Line(kpi, report, RowState.SCORED if final else RowState.PROVISIONAL, exact, score, report.counts)


def _score(kpi: Kpi, report: KpiReport) -> Fraction | None:
    if report.result is not None and (problems := result_problems(kpi, report.result)):
        raise ResultDoesNotFit(number=kpi.number, problems=problems)
    if report.decided is not None:
        return ratio(report.decided)
    return None if kpi.criteria is None or report.result is None else exact_score(kpi.criteria, report.result)


class _Weights(NamedTuple):
    all: Fraction
    reported: Fraction


def _weights(lines: Iterable[_Line]) -> _Weights:
    active = [line for line in lines if line.active and line.weight is not None]
    return _Weights(
        sum((line.weight or Fraction(0) for line in active), Fraction(0)),
        sum((line.weight or Fraction(0) for line in active if line.counts), Fraction(0)),
    )


def _row(line: _Line, weights: _Weights) -> ScoreRow:
    kpi, weight = line.kpi, line.weight
    weighted_reported = weighted_all = None
    if line.active and weight is not None:
        weighted_all = rounded(weight * line.score_or_floor / weights.all)
        if line.counts:
            weighted_reported = rounded(weight * line.score_or_floor / weights.reported)
    return ScoreRow(
        number=kpi.number,
        th=kpi.th,
        dimension=kpi.dimension,
        unit_of_measure=kpi.unit_of_measure,
        target=kpi.target,
        weight=None if weight is None else _as_written(weight),
        state=line.state,
        counts=line.counts,
        result=line.report.result if line.active else None,
        missing_parts=missing_parts(kpi.criteria, line.report.result) if line.active else (),
        score=None if line.score is None else rounded(line.score),
        weighted_reported=weighted_reported,
        weighted_all=weighted_all,
    )


# --- subtotals ---------------------------------------------------------------------------------------------


def _by_dimension(book: KpiBook, lines: list[_Line]) -> Iterator[Subtotal]:
    for dimension in book.frame:
        below = dimensions_below(book, dimension.id)
        yield _subtotal(dimension.id, _whole(line for line in lines if line.kpi.dimension in below))
    if unstated := [line for line in lines if line.kpi.dimension is None]:
        yield _subtotal(None, _whole(unstated))


def _by_unit(lines: list[_Line]) -> Iterator[Subtotal]:
    for unit in sorted({holding.unit for line in lines for holding in line.kpi.holdings}):
        subtotal = _subtotal(unit, [(_share(line, unit), line) for line in lines])
        if subtotal.weight:
            yield subtotal


def _whole(lines: Iterable[_Line]) -> _Weighed:
    return [(line.weight, line) for line in lines]


def _share(line: _Line, unit: UnitId) -> Fraction | None:
    """What the unit holds of the KPI's weight in the round: all of it alone, else its part of the shares."""
    shares = {holding.unit: holding.weight_share for holding in line.kpi.holdings}
    if unit not in shares or line.weight is None:
        return None
    if len(shares) == 1:
        return line.weight
    known = {holder: ratio(share) for holder, share in shares.items() if share is not None}
    return line.weight * known[unit] / sum(known.values()) if len(known) == len(shares) else None


def _subtotal(id_: Identifier | None, lines: _Weighed) -> Subtotal:
    weighed = [(weight, line) for weight, line in lines if line.active and weight is not None]
    reported = [(weight, line) for weight, line in weighed if line.counts]
    return Subtotal(
        id=id_,
        weight=_as_written(sum((weight for weight, _ in weighed), Fraction(0))),
        weight_reported=_as_written(sum((weight for weight, _ in reported), Fraction(0))),
        score_reported=_rounded_mean(reported),
        score_all=_rounded_mean(weighed),
    )


def _rounded_mean(weighed: Iterable[tuple[Fraction, _Line]]) -> Decimal | None:
    found = mean((weight, line.score_or_floor) for weight, line in weighed)
    return None if found is None else rounded(found)


def _as_written(weight: Fraction) -> Decimal:
    return Decimal(plain(weight))


# --- findings of the round ---------------------------------------------------------------------------------


def _round_findings(lines: list[_Line], round_: Round) -> Iterator[Finding]:
    active = [line for line in lines if line.active]
    if (sum_ := _weights(active).all) != 100:
        yield finding(
            FindingCode.WEIGHT_SUM_NOT_100, sum=plain(sum_), round=str(int(round_)),
            of_th=f"ที่ทราบของตัวชี้วัดในรอบ {int(round_)} เดือน", of_en=f"that are known of the KPIs of month {int(round_)}",
        )  # fmt: skip
    for line in active:
        if line.weight is None:
            yield finding(FindingCode.WEIGHT_UNKNOWN, kpi=line.kpi.number)
        if line.kpi.criteria is None:
            yield finding(FindingCode.CRITERIA_UNKNOWN, kpi=line.kpi.number)
