"""The record of a site visit: who came, what was found for each KPI, what was asked for and answered (P8)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import model_validator

from schemas.base import FiscalYear, LongText, Moment, Record, ShortText
from schemas.criteria import KpiNumber
from schemas.exact import Score
from schemas.form import ask
from schemas.letters import Signatory
from schemas.refusal import refuse_repeats


class Visit(StrEnum):
    """The two visits of สำนักงาน ก.พ.ร. in a year (S1:L60, L63)."""

    PRE = "pre"
    """Readiness and questions of definition, in the year."""
    POST = "post"
    """Final verification, after it."""


VISIT_TH = {
    Visit.PRE: "ครั้งที่ 1 (Pre – Evaluation)",
    Visit.POST: "ครั้งที่ 2 (Post – Evaluation)",
}


class ScheduleLine(Record):
    at: Moment
    what: ShortText
    place: str = ""


class Present(Record):
    """Somebody who was there, and for whom."""

    name: ShortText = ask("ชื่อ–สกุล", "Name", width=24)
    position: str = ask("ตำแหน่ง", "Position", width=24, default="")
    of: str = ask("หน่วยงาน", "Of", width=24, default="")
    """Agency or unit."""


class VisitRequest(Record):
    """What the visitors asked for, and the owner's answer."""

    request: LongText
    due: date | None = None
    answer: LongText = ""
    evidence: tuple[LongText, ...] = ()
    """Further evidence, one a line."""
    answered_by: str = ""
    answered_on: date | None = None


class ReadyEvidence(Record):
    """Evidence that a unit had ready when the visit began."""

    unit_th: ShortText
    evidence: tuple[LongText, ...]
    """One a line."""
    outstanding: LongText = ""
    """What was not ready, and why."""


class RecordedKpi(Record):
    """What the visitors found for a KPI."""

    number: KpiNumber
    th: ShortText
    ready: ReadyEvidence | None = None
    """None where its owner had not said so."""
    findings: LongText
    reported: Score | None = None
    """The department's own score."""
    proposed: Score | None = None
    """The score that the visitors propose."""
    requests: tuple[VisitRequest, ...] = ()


class VisitRecord(Record):
    """บันทึกการตรวจประเมิน."""

    fiscal_year: FiscalYear
    visit: Visit
    agency_th: ShortText
    visitor_th: ShortText
    """«สำนักงาน ก.พ.ร.»."""
    on: date
    until: date | None = None
    """The last day; none where it was one day."""
    place: ShortText | None = None
    note: LongText = ""
    """Place, visitors and the rest, in the words of the announcement."""
    schedule: tuple[ScheduleLine, ...] = ()
    agenda: LongText = ""
    """The schedule in the words of กพร., where it is not laid out line by line."""
    present: tuple[Present, ...] = ()
    support: tuple[ReadyEvidence, ...] = ()
    """What provinces had ready on site."""
    findings: tuple[RecordedKpi, ...]
    summary: LongText = ""
    closed_on: date | None = None
    signatories: tuple[Signatory, ...] = ()

    @model_validator(mode="after")
    def _one_a_kpi(self) -> Self:
        refuse_repeats("findings", (finding.number for finding in self.findings))
        return self
