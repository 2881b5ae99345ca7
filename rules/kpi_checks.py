"""What does not fit together in an agreement, whatever the round (requirements 1.1, S1 slides 22 and 23)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from rules.exact import ratio
from rules.kpi_findings import finding, plain
from schemas.base import Identifier, UnitId
from schemas.criteria import KpiNumber, number_key
from schemas.kpi import Confidence, Declared, Holding, Kpi, KpiBook
from schemas.scorecard import Finding, FindingCode


def book_findings(book: KpiBook) -> tuple[Finding, ...]:
    """Every contradiction and every doubt in the agreement, in the order of KPIs and units."""
    kpis = sorted(book.kpis, key=lambda kpi: number_key(kpi.number))
    calls = {declared.unit: declared.printed_as for declared in book.declared}
    return (
        *_missing_numbers(kpis),
        *_guesses(kpis, calls),
        *(found for kpi in kpis for found in _shares(kpi, calls)),
        *_dimensions(book),
        *_declared_sums(book.declared),
        *(found for declared in book.declared for found in _against_listed(declared, _held(kpis, declared.unit))),
        *_between_sources(book.declared),
        *_count_totals(book, kpis),
    )


def declared_sums(declared: Iterable[Declared]) -> dict[str, Fraction]:
    """Σ of the units' totals by the source that prints them, in per cent."""
    sums: dict[str, Fraction] = {}
    for each in declared:
        if each.weight is not None:
            sums[each.source] = sums.get(each.source, Fraction(0)) + ratio(each.weight)
    return sums


def _held(kpis: Iterable[Kpi], unit: UnitId) -> list[tuple[KpiNumber, Holding]]:
    return [(kpi.number, holding) for kpi in kpis for holding in kpi.holdings if holding.unit == unit]


def _missing_numbers(kpis: list[Kpi]) -> Iterator[Finding]:
    """Gaps between brothers: 2 where there are 1.1.1 and 3.1."""
    brothers: dict[tuple[int, ...], set[int]] = {}
    for kpi in kpis:
        steps = number_key(kpi.number)
        for depth in range(len(steps)):
            brothers.setdefault(steps[:depth], set()).add(steps[depth])
    for above, there in sorted(brothers.items()):
        for step in sorted(set(range(1, max(there))) - there):
            yield finding(FindingCode.NUMBER_MISSING, kpi=".".join(map(str, (*above, step))))


def _guesses(kpis: list[Kpi], calls: dict[UnitId, str]) -> Iterator[Finding]:
    for kpi in kpis:
        for each in kpi.holdings:
            if each.weight_share is not None and each.confidence is Confidence.GUESS:
                yield finding(
                    FindingCode.WEIGHT_IS_A_GUESS, kpi=kpi.number, unit=each.unit,
                    called=calls.get(each.unit, each.unit), share=plain(ratio(each.weight_share)), note=each.note,
                )  # fmt: skip


def _shares(kpi: Kpi, calls: dict[UnitId, str]) -> Iterator[Finding]:
    known = [ratio(each.weight_share) for each in kpi.holdings if each.weight_share is not None]
    units = ", ".join(calls.get(each.unit, each.unit) for each in kpi.holdings)
    complete = len(known) == len(kpi.holdings)
    if known and complete and kpi.weight is not None and sum(known) != ratio(kpi.weight):
        yield finding(
            FindingCode.SHARES_DO_NOT_ADD_UP, kpi=kpi.number, units=units,
            sum=plain(sum(known, Fraction(0))), weight=plain(ratio(kpi.weight)),
        )  # fmt: skip
    if len(kpi.holdings) > 1 and (kpi.weight is None or kpi.weight_confidence is not Confidence.PRINTED):
        yield finding(
            FindingCode.SHARED_WEIGHT_UNCLEAR, kpi=kpi.number, units=units,
            if_shares=("" if complete else "> ") + plain(sum(known, Fraction(0))),
            if_whole="/".join(plain(weight) for weight in sorted(set(known))) or "–",
        )  # fmt: skip


def _dimensions(book: KpiBook) -> Iterator[Finding]:
    for dimension in book.frame:
        if dimension.weight is None:
            continue
        below = dimensions_below(book, dimension.id)
        sum_ = sum(
            (ratio(kpi.weight) for kpi in book.kpis if kpi.dimension in below and kpi.weight is not None), Fraction(0)
        )
        if sum_ != ratio(dimension.weight):
            yield finding(
                FindingCode.DIMENSION_WEIGHT_DIFFERS, dimension=dimension.th,
                id=dimension.id, frame=plain(ratio(dimension.weight)), sum=plain(sum_),
            )  # fmt: skip


def dimensions_below(book: KpiBook, top: Identifier) -> frozenset[Identifier]:
    """The dimension and all that are part of it."""
    below = {top}
    for dimension in book.frame:  # a parent stands before its parts
        if dimension.parent in below:
            below.add(dimension.id)
    return frozenset(below)


def _declared_sums(declared: Iterable[Declared]) -> Iterator[Finding]:
    for source, sum_ in declared_sums(declared).items():
        if sum_ != 100:
            yield finding(
                FindingCode.WEIGHT_SUM_NOT_100, sum=plain(sum_), source=source,
                of_th=f"ของทุกหน่วยงานตาม {source} ", of_en=f"of all units in {source}",
            )  # fmt: skip


def _against_listed(declared: Declared, held: list[tuple[KpiNumber, Holding]]) -> Iterator[Finding]:
    """What a source prints for a unit, against the KPIs that are listed for it."""
    numbers = ", ".join(number for number, _ in held)
    if declared.count is not None and declared.count != len(held):
        yield finding(
            FindingCode.DECLARED_COUNT_DIFFERS, unit=declared.unit, called=declared.printed_as, source=declared.source,
            declared=str(declared.count), listed=str(len(held)), numbers=numbers,
        )  # fmt: skip
    if declared.weight is None:
        return
    total = ratio(declared.weight)
    facts = {"called": declared.printed_as, "source": declared.source, "declared": plain(total)}
    unknown = [number for number, holding in held if holding.weight_share is None]
    sum_ = sum((ratio(each.weight_share) for _, each in held if each.weight_share is not None), Fraction(0))
    if unknown:
        yield finding(
            FindingCode.DECLARED_WEIGHT_UNRESOLVED, unit=declared.unit, numbers=", ".join(unknown), **facts
        )  # fmt: skip
    elif sum_ != total:
        yield finding(FindingCode.DECLARED_WEIGHT_DIFFERS, unit=declared.unit, sum=plain(sum_), **facts)
    printed = [ratio(weight) for weight in declared.printed_weights]
    counts = sorted({len(held)} | ({declared.count} if declared.count is not None else set()))
    if printed and not any(_can_give(printed, count, total) for count in counts):
        yield finding(
            FindingCode.PRINTED_WEIGHTS_CANNOT_GIVE_TOTAL, unit=declared.unit,
            printed=", ".join(map(plain, printed)), counts="/".join(map(str, counts)), **facts,
        )  # fmt: skip


def _can_give(printed: list[Fraction], count: int, total: Fraction) -> bool:
    """Whether `count` KPIs can weigh `total` when each printed weight is used, and equal ones are printed once."""
    sums = {sum(printed, Fraction(0))}
    for _ in range(count - len(printed)):
        sums = {so_far + weight for so_far in sums for weight in printed if so_far + weight <= total}
    return len(printed) <= count and total in sums


def _between_sources(declared: Iterable[Declared]) -> Iterator[Finding]:
    by_unit: dict[UnitId, list[Declared]] = {}
    for each in declared:
        if each.count is not None:
            by_unit.setdefault(each.unit, []).append(each)
    for unit, said in by_unit.items():
        if len({each.count for each in said}) > 1:
            yield finding(
                FindingCode.SOURCES_DIFFER, unit=unit, called=said[0].printed_as,
                said=", ".join(f"{each.source}: {each.count}" for each in said),
            )  # fmt: skip


def _count_totals(book: KpiBook, kpis: list[Kpi]) -> Iterator[Finding]:
    totals: dict[str, int] = {}
    for each in book.declared:
        if each.count is not None:
            totals[each.source] = totals.get(each.source, 0) + each.count
    slots = sum(len(kpi.holdings) for kpi in kpis)
    if any(total != slots for total in totals.values()):
        yield finding(
            FindingCode.COUNT_TOTALS_DIFFER, said=", ".join(f"{source}: {total}" for source, total in totals.items()),
            slots=str(slots), distinct=str(len(kpis)),
        )  # fmt: skip
