"""Who is concerned with an agency's agreement year, as looked up once and recorded in the case."""

from __future__ import annotations

from schemas.base import Moment, Record, UnitId
from schemas.deadline import DayEdge, OnYearDay
from schemas.kpi import Kpi
from schemas.office import Choices
from schemas.policy import AgreementPolicy
from schemas.year import YearDay, YearPlan


class YearOffice(Record):
    """The agency, its กพร., its units, and the bodies outside that hold work in the year."""

    agency: UnitId
    agency_th: str
    psdg: UnitId
    """กลุ่มพัฒนาระบบบริหาร (กพร.): secretary of the year (S1, slide 22)."""
    psdg_th: str
    permanent_secretary: UnitId
    permanent_secretary_th: str
    opdc: UnitId
    """สำนักงาน ก.พ.ร., or กพร. where it has no account (decision 18)."""
    opdc_th: str
    survey: UnitId
    """สำนักงานสถิติแห่งชาติ, or กพร. where it has no account."""
    survey_th: str
    units: Choices
    """Every unit of the agency that may hold a KPI, in protocol order."""
    provinces: Choices
    plan: YearPlan
    policy: AgreementPolicy

    def on(self, day: YearDay, edge: DayEdge = DayEdge.ENDS, *, before: int = 0) -> OnYearDay:
        """A named day of the year's calendar, or so many working days before it."""
        return OnYearDay(
            agency=self.agency, fiscal_year=self.plan.fiscal_year, day=day, edge=edge, before=before
        )  # fmt: skip

    def holder_of(self, kpi: Kpi) -> UnitId:
        """The main holder of a KPI (decision 18); กพร. where nobody holds it."""
        return kpi.holdings[0].unit if kpi.holdings else self.psdg

    def unit_th(self, unit: UnitId) -> str:
        """The Thai name of one of the year's units; the id itself when it is none."""
        return dict(self.units + self.provinces).get(unit, unit)


class RoundOffice(Record):
    """The same for one SAR round, with its own moments."""

    office: YearOffice
    opens: Moment
    """The day after the period that is reported on."""
