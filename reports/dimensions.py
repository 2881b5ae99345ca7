"""KPIs by dimension, in the order of the year's frame; those whose dimension is not stated come last."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from reports.figures import NOT_STATED
from rules.kpi_checks import dimensions_below
from schemas.base import Identifier
from schemas.criteria import number_key
from schemas.exact import Exact
from schemas.kpi import Dimension, Kpi, KpiBook

UNSTATED = f"มิติ: {NOT_STATED}"


class Group(NamedTuple):
    dimension: Dimension | None
    depth: int
    kpis: tuple[Kpi, ...]
    """Those of the dimension itself, without those of its parts."""
    empty: bool
    """Neither the dimension nor a part of it has a KPI."""

    @property
    def th(self) -> str:
        return UNSTATED if self.dimension is None else self.dimension.th


def groups(book: KpiBook) -> tuple[Group, ...]:
    """Each dimension with its parts below it."""
    unstated = _kpis(book, None)
    rest = (Group(None, 0, unstated, empty=False),) if unstated else ()
    return (*_below(book, None, 0), *rest)


def known_weight(kpis: tuple[Kpi, ...]) -> Exact:
    """Σ of the weights that are known, in per cent."""
    return sum((kpi.weight for kpi in kpis if kpi.weight is not None), Decimal(0))


def weight_below(book: KpiBook, group: Group) -> Exact:
    """Σ of the known weights of the group and of its parts."""
    if group.dimension is None:
        return known_weight(group.kpis)
    below = dimensions_below(book, group.dimension.id)
    return known_weight(tuple(kpi for kpi in book.kpis if kpi.dimension in below))


def _below(book: KpiBook, parent: Identifier | None, depth: int) -> Iterator[Group]:
    for dimension in book.frame:
        if dimension.parent == parent:
            below = dimensions_below(book, dimension.id)
            empty = not any(kpi.dimension in below for kpi in book.kpis)
            yield Group(dimension, depth, _kpis(book, dimension.id), empty)
            yield from _below(book, dimension.id, depth + 1)


def _kpis(book: KpiBook, dimension: Identifier | None) -> tuple[Kpi, ...]:
    return tuple(sorted((k for k in book.kpis if k.dimension == dimension), key=lambda kpi: number_key(kpi.number)))
