"""รายละเอียดตัวชี้วัด: the book of KPI details, one KPI after another with all that is agreed (requirements 4.6; S1:L31).

What a source does not state is printed as «เอกสารไม่ระบุ», and a figure that was not printed in it says how it is
known. Nothing is left out because it is missing.
"""

from __future__ import annotations

from fractions import Fraction

from reports.agreement import warnings
from reports.criteria import CONFIDENCE_TH, CriteriaLine, criteria_lines, weight_text
from reports.dimensions import groups
from reports.figures import NOT_STATED, number
from reports.findings import finding_text
from reports.names import Names
from reports.register import written
from reports.typesetting import NEUTRAL, Letterhead, Sheet, typeset
from rules.exact import mean, ratio, rounded
from rules.kpi_checks import book_findings
from rules.thai import Digits, thai_fiscal_year
from schemas.base import Moment, Record
from schemas.criteria import number_key
from schemas.exact import Exact
from schemas.kpi import ASPECT_TH, OWNER_ROLE_TH, Baseline, Kpi, KpiBook, Owner, OwnerRole, Responsible
from schemas.scorecard import Finding

TITLE = "รายละเอียดตัวชี้วัดตามคำรับรองการปฏิบัติราชการ"

Field = tuple[str, str]
"""(label, value)."""


class HolderLine(Record):
    """A unit that holds the KPI."""

    unit: str
    share: str
    mark: str


class KeeperLine(Record):
    name: str
    activity: str
    phone: str


class OwnerLine(Record):
    """A row of the table of owners and supporters: one of the three columns is ticked."""

    name: str
    position: str
    ticked: int
    """0 for เจ้าภาพหลัก, 1 for เจ้าภาพรอง, 2 for ผู้สนับสนุน."""


class Team(Record):
    """Who answers for the KPI, from a round on."""

    since: str
    """Empty for those who begin."""
    supervisor: str
    contact: str
    keepers: tuple[KeeperLine, ...]
    owners: tuple[OwnerLine, ...]


class KpiPage(Record):
    number: str
    th: str
    fields: tuple[Field, ...]
    criteria: tuple[CriteriaLine, ...]
    baselines: tuple[Field, ...]
    """(fiscal year, value); empty where the source states none."""
    average: str
    unit_of_measure: str
    details: tuple[Field, ...]
    holders: tuple[HolderLine, ...]
    teams: tuple[Team, ...]
    findings: tuple[str, ...]


class ContentsLine(Record):
    number: str
    """Empty for the name of a dimension."""
    th: str
    weight: str = ""
    depth: int = 0


class KpiBookSheet(Sheet):
    agency: str
    year: str
    note: str
    contents: tuple[ContentsLine, ...]
    kpis: tuple[KpiPage, ...]
    roles: tuple[str, ...] = tuple(OWNER_ROLE_TH.values())
    not_stated: str = NOT_STATED
    warnings: tuple[str, ...]
    findings: tuple[str, ...]
    """Those that concern no KPI of the book: also that a number is missing."""


def kpi_book_pdf(
    book: KpiBook, *, names: Names, dated: Moment, digits: Digits = "thai", letterhead: Letterhead = NEUTRAL
) -> bytes:
    """The book with its table of contents. `dated`: when it was last changed. Raises ReportError."""
    return typeset(
        "kpi_book", kpi_book_sheet(book, names=names, dated=dated, digits=digits, letterhead=letterhead), digits=digits
    )


def kpi_book_sheet(
    book: KpiBook, *, names: Names, dated: Moment, digits: Digits = "thai", letterhead: Letterhead = NEUTRAL
) -> KpiBookSheet:
    """What goes onto the pages; KPIs are in the order of their numbers."""
    found = book_findings(book)
    agency = names.unit(book.agency)
    return KpiBookSheet(
        title=TITLE,
        author=agency,
        dated=dated,
        letterhead=letterhead,
        agency=agency,
        year=f"ประจำ{thai_fiscal_year(book.fiscal_year, digits)}",
        note=book.note,
        contents=_contents(book, digits),
        kpis=tuple(
            _page(book, kpi, found, names, digits) for kpi in sorted(book.kpis, key=lambda kpi: number_key(kpi.number))
        ),
        warnings=warnings(book, digits),
        findings=tuple(finding_text(each, names, digits) for each in found if _of_the_whole(each, book)),
    )


def _of_the_whole(of: Finding, book: KpiBook) -> bool:
    return of.kpi is None or book.kpi(of.kpi) is None


def _contents(book: KpiBook, digits: Digits) -> tuple[ContentsLine, ...]:
    lines = []
    for group in groups(book):
        lines.append(ContentsLine(number="", th=group.th, depth=group.depth))
        for kpi in group.kpis:
            weight, _ = weight_text(kpi.weight, kpi.weight_confidence, digits)
            lines.append(
                ContentsLine(number=written(kpi.number, digits), th=kpi.th, weight=weight, depth=group.depth + 1)
            )  # fmt: skip
    return tuple(lines)


def _page(book: KpiBook, kpi: Kpi, found: tuple[Finding, ...], names: Names, digits: Digits) -> KpiPage:
    baselines = sorted(kpi.baselines, key=lambda each: each.fiscal_year)
    return KpiPage(
        number=written(kpi.number, digits),
        th=kpi.th,
        fields=_fields(book, kpi, digits),
        criteria=criteria_lines(kpi, digits),
        baselines=tuple((written(each.fiscal_year, digits), number(each.value, digits)) for each in baselines),
        average=number(average(kpi.baselines), digits, missing=""),
        unit_of_measure=kpi.unit_of_measure,
        details=(("แหล่งข้อมูล", kpi.data_source or NOT_STATED), ("หมายเหตุ", kpi.note or "–")),
        holders=_holders(kpi, names, digits),
        teams=_teams(kpi, names, digits),
        findings=tuple(finding_text(each, names, digits) for each in found if each.kpi == kpi.number),
    )


def average(baselines: tuple[Baseline, ...]) -> Exact | None:
    """The mean of the past years, four decimals, half up."""
    exact = mean((Fraction(1), ratio(each.value)) for each in baselines)
    return None if exact is None else rounded(exact)


def _fields(book: KpiBook, kpi: Kpi, digits: Digits) -> tuple[Field, ...]:
    dimension = next((each.th for each in book.frame if each.id == kpi.dimension), NOT_STATED)
    weight, mark = weight_text(kpi.weight, kpi.weight_confidence, digits)
    own = (f"รอบ {int(round_)} เดือน ร้อยละ {number(of, 'arabic')}" for round_, of in sorted(kpi.round_weights.items()))
    rounds = written(f"เริ่มประเมินรอบ {int(kpi.starts_at)} เดือน", digits)
    if kpi.cancelled_at is not None:
        rounds += written(f" ยกเลิกตั้งแต่รอบ {int(kpi.cancelled_at)} เดือน", digits)
    stated = f"ร้อยละ {weight}" if kpi.weight is not None else weight
    return (
        ("มิติ", dimension),
        ("ประเด็นการประเมินผล", ASPECT_TH[kpi.aspect] if kpi.aspect else NOT_STATED),
        ("หน่วยวัด", kpi.unit_of_measure or NOT_STATED),
        ("น้ำหนัก", f"{stated} ({mark})" if mark else stated),
        *((("น้ำหนักเฉพาะรอบ", written(", ".join(own), digits)),) if kpi.round_weights else ()),
        ("ค่าเป้าหมาย", number(kpi.target, digits, missing=NOT_STATED)),
        ("รอบการประเมิน", rounds),
        ("คำอธิบาย", kpi.description or NOT_STATED),
        ("สูตรการคำนวณ", kpi.formula or NOT_STATED),
    )


def _holders(kpi: Kpi, names: Names, digits: Digits) -> tuple[HolderLine, ...]:
    return tuple(
        HolderLine(
            unit=names.unit(each.unit),
            share=number(each.weight_share, digits, missing=NOT_STATED),
            mark=" · ".join(filter(None, (CONFIDENCE_TH[each.confidence], each.note))),
        )
        for each in kpi.holdings
    )


def _teams(kpi: Kpi, names: Names, digits: Digits) -> tuple[Team, ...]:
    later = (
        _team(of, names, written(f"ตั้งแต่รอบ {int(round_)} เดือน", digits))
        for round_, of in sorted(kpi.responsible_from.items())
    )
    return (_team(kpi.responsible, names, ""), *later)


def _team(of: Responsible, names: Names, since: str) -> Team:
    supervisor = None if of.supervisor is None else names.person(of.supervisor)
    contact = (f"โทร. {supervisor.phone}" if supervisor.phone else "", supervisor.email) if supervisor else ()
    return Team(
        since=since,
        supervisor=supervisor.titled if supervisor else NOT_STATED,
        contact=" · ".join(filter(None, contact)),
        keepers=tuple(
            KeeperLine(name=keeper.titled, activity=each.activity, phone=keeper.phone)
            for each in of.keepers
            for keeper in (names.person(each.officer),)
        ),
        owners=tuple(_owner(each, names) for each in of.owners),
    )


def _owner(of: Owner, names: Names) -> OwnerLine:
    person = names.person(of.officer)
    return OwnerLine(name=person.name, position=person.position, ticked=list(OwnerRole).index(of.role))
