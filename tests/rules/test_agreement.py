"""A book of KPIs is a value: changing some of them gives another book."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from rules.agreement import with_kpi, with_kpis, with_values
from schemas.kpi import Kpi, KpiBook

BOOK = KpiBook(
    fiscal_year=2555, agency="cdd",
    kpis=tuple(Kpi(number=number, th=f"ตัวชี้วัดที่ {number}", weight=Decimal(10)) for number in ("1", "2", "3")),
)  # fmt: skip


def test_several_kpis_are_changed_as_if_one_after_the_other() -> None:
    weigh = partial(with_values, target=None, levels=(None,))
    weighed = {"1": partial(weigh, weight=Decimal(20)), "3": partial(weigh, weight=Decimal(30))}
    together = with_kpis(BOOK, weighed)
    one_by_one = with_kpi(with_kpi(BOOK, "1", weighed["1"]), "3", weighed["3"])
    assert together == one_by_one
    assert [kpi.weight for kpi in together.kpis] == [Decimal(20), Decimal(10), Decimal(30)]
    assert [kpi.weight for kpi in BOOK.kpis] == [Decimal(10)] * 3


def test_a_number_that_no_kpi_has_changes_nothing() -> None:
    assert with_kpi(BOOK, "4", lambda kpi: kpi.replace(weight=Decimal(1))) == BOOK
