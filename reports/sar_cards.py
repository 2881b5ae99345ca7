"""The card of one KPI: score table, narrative, evidence, certifications (requirements 4.6; [W-mds])."""

from __future__ import annotations

from collections.abc import Iterable

from reports.errors import CardDoesNotFit
from reports.figures import NONE, NOT_STATED, number, score
from reports.names import Names, Person
from reports.register import written
from reports.score_table import SummaryLine, line
from rules.thai import Digits, thai_moment
from schemas.base import Record
from schemas.kpi import Kpi, KpiBook, Round
from schemas.policy import AgreementPolicy
from schemas.sar_card import Certification, SarCard
from schemas.scorecard import RowState, Scorecard, ScoreRow

SUPERVISOR, KEEPER, PSDG = "ผู้กำกับดูแลตัวชี้วัด", "ผู้จัดเก็บข้อมูล", "กลุ่มพัฒนาระบบบริหาร (กพร.)"
CARD_COLUMNS = ("ตัวชี้วัด/ข้อมูลพื้นฐาน", "น้ำหนัก (ร้อยละ)", "ผลการดำเนินงาน", "ค่าคะแนนที่ได้", "ค่าคะแนนถ่วงน้ำหนัก")


class Contact(Record):
    role: str
    name: str
    detail: str
    """Telephone and e-mail, or the keeper's activity and telephone."""


class Certified(Record):
    """One of the two certifications."""

    role: str
    decision: str
    """«รับรอง», «ไม่รับรอง», «ยังไม่รับรอง»."""
    approved: bool
    by: str
    at: str
    remark: str


class CardPage(Record):
    line: SummaryLine
    baselines: tuple[tuple[str, str], ...]
    """(«ปีงบประมาณ พ.ศ. 2554», value)."""
    workings: str
    """How the weighted score comes about, in figures; empty where there is none."""
    calculation: str
    contacts: tuple[Contact, ...]
    narratives: tuple[tuple[str, str], ...]
    evidence: tuple[str, ...]
    certifications: tuple[Certified, ...]
    reported: bool


def card_pages(
    card: Scorecard, book: KpiBook, cards: Iterable[SarCard], policy: AgreementPolicy, *, names: Names, digits: Digits
) -> tuple[CardPage, ...]:
    """A page a KPI that is active in the round, also where nothing is reported. Raises CardDoesNotFit."""
    written_cards = {each.number: each for each in cards}
    rows = {row.number: row for row in card.rows}
    for number_, each in written_cards.items():
        if number_ not in rows or each.result != rows[number_].result:
            raise CardDoesNotFit(number_)
    return tuple(
        _page(card, row, book, written_cards.get(row.number, SarCard(number=row.number)), policy, names, digits)
        for row in card.rows
        if row.state not in {RowState.NOT_STARTED, RowState.CANCELLED}
    )


def _page(
    card: Scorecard, row: ScoreRow, book: KpiBook, of: SarCard, policy: AgreementPolicy, names: Names, digits: Digits
) -> CardPage:
    kpi = book.kpi(row.number)
    baselines = sorted(kpi.baselines, key=lambda each: each.fiscal_year) if kpi else []
    return CardPage(
        line=line(row, book, policy, digits),
        baselines=tuple(
            (written(f"ปีงบประมาณ พ.ศ. {each.fiscal_year}", digits), number(each.value, digits)) for each in baselines
        ),
        workings=workings(row, card, digits),
        calculation=of.calculation,
        contacts=_contacts(kpi, card.round, names) if kpi else (),
        narratives=(
            ("คำชี้แจงการปฏิบัติงาน/มาตรการที่ได้ดำเนินการ", of.measures),
            ("ปัจจัยสนับสนุนต่อการดำเนินงาน", of.supports),
            ("อุปสรรคต่อการดำเนินงาน", of.obstacles),
        ),
        evidence=of.evidence,
        certifications=(
            _certified(SUPERVISOR, of.supervisor, names, digits),
            _certified(PSDG, of.psdg, names, digits),
        ),
        reported=row.state is not RowState.NOT_REPORTED,
    )


def workings(row: ScoreRow, card: Scorecard, digits: Digits) -> str:
    """«20 × 3.4000 ÷ 92 = 0.7391»: the weighted score over all KPIs; of one that does not count, why it has one."""
    if row.weight is None or row.weighted_all is None:
        return ""
    if not row.counts or row.score is None:
        return "ยังไม่นับเป็นผลที่รายงาน ค่าคะแนนถ่วงน้ำหนักจึงคิดจากคะแนนต่ำสุด"
    figures = (
        f"{number(row.weight, digits)} × {score(row.score, digits)} ÷ {number(card.weight, digits)}"
        f" = {score(row.weighted_all, digits)}"
    )
    return f"น้ำหนัก × คะแนน ÷ น้ำหนักรวมของทุกตัวชี้วัด: {figures}"


def _contacts(kpi: Kpi, round_: Round, names: Names) -> tuple[Contact, ...]:
    of = kpi.responsible_at(round_)
    supervisor = _contact(SUPERVISOR, None if of.supervisor is None else names.person(of.supervisor))
    keepers = [_contact(KEEPER, names.person(keeper.officer), keeper.activity) for keeper in of.keepers]
    return (supervisor, *(keepers or [_contact(KEEPER, None)]))


def _contact(role: str, person: Person | None, activity: str = "") -> Contact:
    if person is None:
        return Contact(role=role, name=NOT_STATED, detail="")
    phone = f"โทร. {person.phone}" if person.phone else ""
    detail = " · ".join(filter(None, (activity, phone, "" if activity else person.email)))
    return Contact(role=role, name=person.titled, detail=detail)


def _certified(role: str, of: Certification | None, names: Names, digits: Digits) -> Certified:
    if of is None:
        return Certified(role=role, decision="ยังไม่รับรอง", approved=False, by=NONE, at=NONE, remark=NONE)
    return Certified(
        role=role,
        decision="รับรอง" if of.approved else "ไม่รับรอง",
        approved=of.approved,
        by=names.person(of.by).titled,
        at=thai_moment(of.at, digits),
        remark=of.remark or NONE,
    )
