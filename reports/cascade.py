"""คำรับรองของหน่วยงาน and แบบกำหนดตัวชี้วัดรายบุคคล: what is signed when KPIs are cascaded (S2; requirements P11)."""

from __future__ import annotations

from decimal import Decimal

from reports.agreement import MAKER, RECEIVER, TITLE, clauses
from reports.figures import number, sentence
from reports.figures import score as score_text
from reports.register import written
from reports.signing import Signature, signature
from reports.typesetting import NEUTRAL, Letterhead, Sheet, typeset
from rules.cascade_scores import levels_of
from rules.thai import Digits, thai_fiscal_year
from schemas.base import Moment
from schemas.cascade import AgencyCascadeCase, AgencyOffice, Group, IndividualScore, Person
from schemas.cascade_forms import AgencyAgreement, IndividualAgreement, IndividualAssessment
from schemas.kpi import OWNER_ROLE_TH
from schemas.letters import AgreementParties, Signatory

INDIVIDUAL = "แบบกำหนดตัวชี้วัดรายบุคคล"
INDIVIDUAL_SCORE = "แบบประเมินผลตามตัวชี้วัดรายบุคคล"
ASSESSOR, REACHED = "ผู้ประเมิน", "✓"
FULL_WEIGHT = Decimal(100)
OWNER, SUPERVISOR = "ผู้รับการประเมิน", "ผู้บังคับบัญชา"
LEVELS = ("1", "2", "3", "4", "5")


class CascadeAgreementSheet(Sheet):
    """A row is number, name, the five levels, weight, level aimed at."""

    year: str
    agency: str
    clauses: tuple[str, ...]
    columns: tuple[str, ...]
    levels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: str
    signatures: tuple[Signature, ...]


class IndividualSheet(Sheet):
    """A row is number, name, parent, the five levels, weight, role."""

    year: str
    facts: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    levels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: str
    signatures: tuple[Signature, ...]


class IndividualScoreSheet(Sheet):
    """A row is number, name, result, a mark at the level reached, score, weight as a share of one, their product."""

    year: str
    facts: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    levels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, str]
    """Of the weights, of the products."""
    note: str
    signatures: tuple[Signature, ...]


def agreement_pdf(
    cascade: AgencyCascadeCase, office: AgencyOffice, agreement: AgencyAgreement, maker: Signatory,
    receiver: Signatory, *, dated: Moment, digits: Digits = "thai", letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """The agreement of an agency with its KPIs. Raises ReportError."""
    sheet = agreement_sheet(
        cascade, office, agreement, maker, receiver, dated=dated, digits=digits, letterhead=letterhead
    )  # fmt: skip
    return typeset("cascade_agreement", sheet, digits=digits)


def agreement_sheet(
    cascade: AgencyCascadeCase, office: AgencyOffice, agreement: AgencyAgreement, maker: Signatory,
    receiver: Signatory, *, dated: Moment, digits: Digits, letterhead: Letterhead,
) -> CascadeAgreementSheet:  # fmt: skip
    """What goes onto the page."""
    aimed = {each.number: each.level for each in agreement.kpis}
    return CascadeAgreementSheet(
        title=TITLE, author=office.agency_th, dated=dated, letterhead=letterhead,
        year=thai_fiscal_year(cascade.fiscal_year, digits), agency=_of_province(office),
        clauses=clauses(AgreementParties(maker=maker, receiver=receiver), cascade.fiscal_year, digits),
        columns=("ที่", "ตัวชี้วัด", "เกณฑ์การให้คะแนน", "น้ำหนัก", "ระดับ\nเป้าหมาย"),
        levels=tuple(written(level, digits) for level in LEVELS),
        rows=tuple(
            (
                written(kpi.number, digits), sentence(kpi.th, digits), *_levels(kpi.levels, digits),
                number(kpi.weight, digits), written(f"{aimed[kpi.number]}", digits),
            )
            for kpi in cascade.kpis
        ),
        total=written("100", digits),
        signatures=(signature(receiver, RECEIVER, digits), signature(maker, MAKER, digits)),
    )  # fmt: skip


def individual_pdf(
    cascade: AgencyCascadeCase, office: AgencyOffice, group: Group, person: Person, agreement: IndividualAgreement,
    owner: Signatory, supervisor: Signatory, *, dated: Moment, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """The form of one person. Raises ReportError."""
    sheet = IndividualSheet(
        title=INDIVIDUAL, author=office.agency_th, dated=dated, letterhead=letterhead,
        year=thai_fiscal_year(cascade.fiscal_year, digits), facts=_facts(office, group, person, agreement, digits),
        columns=("ที่", "ตัวชี้วัด/งานที่รับผิดชอบ", "เชื่อมโยง\nตัวชี้วัดที่", "เกณฑ์การให้คะแนน", "น้ำหนัก", "บทบาท"),
        levels=tuple(written(level, digits) for level in LEVELS),
        rows=tuple(
            (
                written(f"{place}", digits), sentence(kpi.th, digits), written(kpi.parent, digits),
                *_levels(kpi.levels, digits), number(kpi.weight, digits), OWNER_ROLE_TH[kpi.role],
            )
            for place, kpi in enumerate(agreement.kpis, start=1)
        ),
        total=written("100", digits),
        signatures=(signature(owner, OWNER, digits), signature(supervisor, SUPERVISOR, digits)),
    )  # fmt: skip
    return typeset("cascade_individual", sheet, digits=digits)


def individual_score_pdf(
    cascade: AgencyCascadeCase, office: AgencyOffice, group: Group, person: Person, agreement: IndividualAgreement,
    assessment: IndividualAssessment, score: IndividualScore, owner: Signatory, supervisor: Signatory, *,
    dated: Moment, digits: Digits = "thai", letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """How the year of one person was assessed (W-mfa). Raises ReportError."""
    results = {each.line: each.result for each in assessment.lines}
    shares = [kpi.weight / FULL_WEIGHT for kpi in agreement.kpis]
    sheet = IndividualScoreSheet(
        title=INDIVIDUAL_SCORE, author=office.agency_th, dated=dated, letterhead=letterhead,
        year=thai_fiscal_year(cascade.fiscal_year, digits), facts=_facts(office, group, person, agreement, digits),
        columns=(
            "ที่", "ตัวชี้วัดผลงาน", "ผลการปฏิบัติงาน", "คะแนนตามระดับค่าเป้าหมาย", "คะแนน\n(ก)", "น้ำหนัก\n(ข)",
            "คะแนนรวม\n(ก×ข)",
        ),
        levels=tuple(written(level, digits) for level in LEVELS),
        rows=tuple(
            (
                written(f"{place}", digits), sentence(kpi.th, digits), sentence(results[f"{place}"], digits),
                *(REACHED if int(step) == level else "" for step in LEVELS), written(f"{level}", digits),
                number(share, digits), score_text(level * share, digits),
            )
            for place, (kpi, level, share) in enumerate(
                zip(agreement.kpis, score.levels, shares, strict=True), start=1
            )
        ),
        total=(number(sum(shares, Decimal()), digits), score_text(score.total, digits)),
        note=sentence(assessment.note, digits),
        signatures=(signature(owner, OWNER, digits), signature(supervisor, ASSESSOR, digits)),
    )  # fmt: skip
    return typeset("cascade_individual_score", sheet, digits=digits)


def _facts(
    office: AgencyOffice, group: Group, person: Person, agreement: IndividualAgreement, digits: Digits
) -> tuple[tuple[str, str], ...]:
    return (
        ("ผู้รับการประเมิน", person.th), ("ตำแหน่ง", sentence(agreement.position, digits)),
        ("กลุ่มงาน/ฝ่าย", group.th), ("หน่วยงาน", _of_province(office)),
    )  # fmt: skip


def _of_province(office: AgencyOffice) -> str:
    """The agency and its province, which most agencies have in their name."""
    here = office.province_th.removeprefix("จังหวัด") in office.agency_th
    return office.agency_th if here else f"{office.agency_th} {office.province_th}"


def _levels(levels: str, digits: Digits) -> tuple[str, ...]:
    return tuple(sentence(level, digits) for level in levels_of(levels))
