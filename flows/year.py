"""What the parts of an agreement year have in common (P5): the KPIs as they stand, and what came of them."""

from __future__ import annotations

from engine.case import Case
from rules.agreement import (
    kpi_facts,
    values_of,
    with_changes,
)
from schemas.agreement import (
    AgreementCase,
    ChangeResult,
    ProvinceEvidence,
)
from schemas.attachment import AttachedFile
from schemas.base import UnitId
from schemas.criteria import KpiNumber
from schemas.deadline import DayEdge, OnYearDay
from schemas.exact import Score
from schemas.form import Facts
from schemas.kpi import Kpi, KpiBook, Round
from schemas.year import YearDay
from schemas.year_office import YearOffice


class Year:
    """What the branches of a year have in common: the KPIs as they stand, and what came of them."""

    def __init__(self, case: Case[AgreementCase], office: YearOffice) -> None:
        self.case, self.office = case, office
        self.agreed: KpiBook = case.data.book
        self.external: dict[KpiNumber, Score] = {}
        self.reported: dict[Round, dict[KpiNumber, Score]] = {}
        """Scores of the rounds that are reported."""
        self.visit_records: tuple[AttachedFile, ...] = ()
        """The records of the visits that are closed."""
        self.evidence: dict[UnitId, ProvinceEvidence] = {}
        """What provinces have gathered."""
        self.changes: dict[int, ChangeResult] = {}
        """Requests that are settled, by the position in the ledger that settled them."""
        self._book, self._decided = self.agreed, (self.agreed, self.settled)

    @property
    def settled(self) -> tuple[ChangeResult, ...]:
        """In the order in which they were decided, live as in a replay."""
        return tuple(self.changes[position] for position in sorted(self.changes))

    @property
    def scores(self) -> dict[KpiNumber, Score]:
        """Scores of the latest round that is reported; none before the first."""
        return self.reported[max(self.reported)] if self.reported else {}

    @property
    def book(self) -> KpiBook:
        """The KPIs as agreed, with the changes that were approved since; asked for again and again in every replay."""
        decided = (self.agreed, self.settled)
        if decided != self._decided:
            self._decided, self._book = decided, with_changes(*decided)
        return self._book

    def on(self, day: YearDay, edge: DayEdge = DayEdge.ENDS) -> OnYearDay:
        """A named day of this year's calendar, wherever it is moved to."""
        return self.office.on(day, edge)

    @property
    def facts(self) -> Facts:
        return (("ส่วนราชการ", self.office.agency_th), ("ปีงบประมาณ", f"พ.ศ. {self.agreed.fiscal_year}"))

    def facts_of(self, kpi: Kpi) -> Facts:
        return (*self.facts, *kpi_facts(kpi))


def fact_of(kpi: Kpi) -> tuple[str, str]:
    values = values_of(kpi)
    return f"ตัวชี้วัดที่ {kpi.number}", f"ค่าเป้าหมาย {values.get('target', '–')} น้ำหนักร้อยละ {values.get('weight', '–')}"
