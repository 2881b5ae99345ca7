"""What the officers of the rehearsed year fill in, read from `year.yaml` and checked once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field

from rules.kpi_file import load_kpis
from schemas.award_case import Lists
from schemas.base import Record, UnitId
from schemas.criteria import KpiNumber
from schemas.kpi import Kpi, KpiBook, Round

FILE = Path(__file__).with_name("year.yaml")
KPI_FILE = Path(__file__).parents[1] / "ministries" / "cdd-fy2555-kpis.yaml"
Answer = Mapping[str, Any]
"""Fields of a form as typed."""


class KpiData(Record):
    """What is filled in about one KPI in the course of the year."""

    work: str
    """What its owners do, in the words of their reports."""
    measure: str
    draft: dict[str, Any] = Field(default_factory=dict)
    """What the working group adds to the KPI before the negotiation, by the fields of `Kpi`."""
    baselines: tuple[str, ...]
    """Last year's result first."""
    negotiated: dict[str, str]
    progress: tuple[int, ...]
    """Per cent of the year's work, follow-up by follow-up."""


class YearData(Record):
    kpis: dict[KpiNumber, KpiData]
    results: dict[KpiNumber, dict[Round, dict[str, Any]]]
    """By KPI, or by the parts of a composite one; what another body measures has none."""
    answers: dict[str, dict[str, Any]]
    """By element, where the answer is the same for everybody."""
    budgets: dict[UnitId, str]
    announced: dict[KpiNumber, dict[str, str]]
    """Scores that are announced otherwise than the department gave them to itself."""
    staff: Lists


@cache
def year_data() -> YearData:
    return YearData.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


@cache
def drafted_book() -> KpiBook:
    """The KPIs of the source, contradictions and all, with what the working group drafts to them.

    The source states no criteria; its numbers, weights, holders and printed totals stay as they are.
    """
    book = load_kpis(KPI_FILE.read_text(encoding="utf-8"))
    return book.replace(kpis=tuple(_drafted(kpi) for kpi in book.kpis))


def _drafted(kpi: Kpi) -> Kpi:
    data = year_data().kpis[kpi.number]
    return Kpi.model_validate({**dict(kpi), "unit_of_measure": data.measure, **data.draft})
