"""Reading an agency's KPIs of a fiscal year from YAML; what is wrong is named by field, or by line."""

from __future__ import annotations

from rules.errors import BrokenKpiFile
from rules.record_file import load_record
from schemas.kpi import KpiBook


def load_kpis(text: str) -> KpiBook:
    """The KPIs that a YAML file describes. Raises BrokenKpiFile; contradictions are for `rules.kpi_checks`."""
    return load_record(text, KpiBook, BrokenKpiFile, by_line=True)
