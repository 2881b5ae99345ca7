"""The book of KPI details as a workbook: a sheet for each table of it (requirements 4.6; S1:L31, L75).

What a source does not state is «เอกสารไม่ระบุ» as in the printed book, and a cell of a figure holds the figure itself.
"""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from reports.agreement import warnings
from reports.agreement_workbook import write_sum, write_target, write_weight
from reports.criteria import CONFIDENCE_TH
from reports.criteria_cells import LEVEL_WIDTH, LEVELS, METHOD, METHOD_WIDTH, MUTED, criteria_rows, write_criteria
from reports.dimensions import known_weight
from reports.figures import NONE, NOT_STATED
from reports.findings import finding_text
from reports.kpi_book import TITLE, average
from reports.names import Names
from reports.register import NOTHING
from reports.typesetting import NEUTRAL, Letterhead
from reports.workbook import SCORE_FORMAT, Book, across, exact_form, head, titles, warn, write
from rules.kpi_checks import book_findings
from rules.thai import thai_fiscal_year
from schemas.base import Moment, OfficerId
from schemas.criteria import number_key
from schemas.kpi import ASPECT_TH, OWNER_ROLE_TH, Kpi, KpiBook, Responsible, Round

DETAILS = (
    "ที่", "ตัวชี้วัด", "มิติ", "ประเด็นการประเมินผล", "หน่วยวัด", "น้ำหนัก (ร้อยละ)", "ที่มาของน้ำหนัก",
    *(f"น้ำหนักเฉพาะรอบ {int(round_)} เดือน" for round_ in Round), "ค่าเป้าหมาย", "เริ่มประเมินรอบ (เดือน)",
    "ยกเลิกตั้งแต่รอบ (เดือน)",
)  # fmt: skip
DETAIL_WIDTHS = (8.0, 44.0, 20.0, 22.0, 12.0, 13.0, 15.0, *(12.0,) * 3, 13.0, 12.0, 12.0)
WEIGHT = 6
WORDING = ("ที่", "ตัวชี้วัด", "คำอธิบาย", "สูตรการคำนวณ", "แหล่งข้อมูล", "หมายเหตุ")
"""On a sheet of their own: with them the figures would be too small to read in print."""
CRITERIA = ("ที่", "ตัวชี้วัด", "หน่วยวัด", "น้ำหนักของตัวชี้วัดย่อย", *LEVELS, METHOD)
CRITERIA_WIDTHS = (8.0, 52.0, 12.0, 14.0, *(LEVEL_WIDTH,) * 5, METHOD_WIDTH)
HOLDERS = ("ที่", "ตัวชี้วัด", "หน่วยงาน", "ส่วนแบ่งน้ำหนัก (ร้อยละ)", "ที่มา/หมายเหตุ")
TEAM = ("ที่", "ตัวชี้วัด", "ตั้งแต่รอบ (เดือน)", "หน้าที่", "ชื่อ", "ตำแหน่ง", "กิจกรรมที่รับผิดชอบ", "โทรศัพท์", "อีเมล")
DutyOf = tuple[str, OfficerId | None, str]
"""(duty, officer, activity)."""
SUPERVISOR, KEEPER = "ผู้กำกับดูแลตัวชี้วัด", "ผู้จัดเก็บข้อมูล"


def kpi_book_xlsx(book: KpiBook, *, names: Names, dated: Moment, letterhead: Letterhead = NEUTRAL) -> bytes:
    """Figures, wording, criteria, past years, units, persons and findings; KPIs are in the order of their numbers."""
    agency = names.unit(book.agency)
    workbook = Book(title=TITLE, author=letterhead.ministry_th or agency, dated=dated)
    preamble = (TITLE, agency, f"ประจำ{thai_fiscal_year(book.fiscal_year)}")
    kpis = tuple(sorted(book.kpis, key=lambda kpi: number_key(kpi.number)))
    noted = (*preamble, book.note) if book.note else preamble
    _details(workbook.sheet("รายละเอียด", DETAIL_WIDTHS), noted, book, kpis)
    _wording(workbook.sheet("คำอธิบายและสูตร", (8.0, 44.0, 50.0, 40.0, 30.0, 30.0)), preamble, kpis)
    _criteria(workbook.sheet("เกณฑ์การให้คะแนน", CRITERIA_WIDTHS), preamble, kpis)
    _baselines(workbook, preamble, kpis)
    _holders(workbook.sheet("หน่วยงาน", (8.0, 52.0, 44.0, 18.0, 44.0)), preamble, kpis, names)
    _team(workbook.sheet("ผู้รับผิดชอบ", (8.0, 36.0, 11.0, 20.0, 28.0, 32.0, 34.0, 16.0, 28.0)), preamble, kpis, names)
    _findings(workbook.sheet("ข้อสังเกต", (8.0, 12.0, 110.0)), preamble, book, names)
    return workbook.to_bytes()


def _details(sheet: Worksheet, preamble: tuple[str, ...], book: KpiBook, kpis: tuple[Kpi, ...]) -> None:
    row = warn(sheet, titles(sheet, preamble), warnings(book, "arabic"))
    head(sheet, row, DETAILS)
    dimensions = {each.id: each.th for each in book.frame}
    for kpi in kpis:
        row += 1
        _kpi(sheet, row, kpi)
        write(sheet, row, 3, dimensions.get(kpi.dimension or "", NOT_STATED))
        write(sheet, row, 4, ASPECT_TH[kpi.aspect] if kpi.aspect else NOT_STATED)
        write(sheet, row, 5, kpi.unit_of_measure or NOT_STATED, across="center")
        write_weight(sheet, row, WEIGHT, kpi)
        for at, round_ in enumerate(Round, start=WEIGHT + 2):
            own = kpi.round_weights.get(round_)
            write(sheet, row, at, own, across="center", form="" if own is None else exact_form(own))
        write_target(sheet, row, 11, kpi.target)
        write(sheet, row, 12, int(kpi.starts_at), across="center")
        write(sheet, row, 13, NONE if kpi.cancelled_at is None else int(kpi.cancelled_at), across="center")
    write_sum(sheet, row + 1, known_weight(kpis), at=WEIGHT, columns=len(DETAILS))


def _wording(sheet: Worksheet, preamble: tuple[str, ...], kpis: tuple[Kpi, ...]) -> None:
    row = titles(sheet, (*preamble, "คำอธิบาย สูตรการคำนวณ และแหล่งข้อมูล"))
    head(sheet, row, WORDING)
    for kpi in kpis:
        row += 1
        _kpi(sheet, row, kpi)
        texts = (kpi.description or NOT_STATED, kpi.formula or NOT_STATED, kpi.data_source or NOT_STATED)
        for at, said in enumerate((*texts, kpi.note or NONE), start=3):
            write(sheet, row, at, said)


def _kpi(sheet: Worksheet, row: int, kpi: Kpi) -> None:
    write(sheet, row, 1, kpi.number, across="center")
    write(sheet, row, 2, kpi.th)


def _criteria(sheet: Worksheet, preamble: tuple[str, ...], kpis: tuple[Kpi, ...]) -> None:
    row = titles(sheet, preamble)
    head(sheet, row, CRITERIA)
    for of in (each for kpi in kpis for each in criteria_rows(kpi)):
        row += 1
        line, color = of.line, MUTED if of.line.depth else "000000"
        write(sheet, row, 1, line.number, across="center", color=color)
        write(sheet, row, 2, "    " * line.depth + line.th, color=color)
        write(sheet, row, 3, line.unit_of_measure or NONE, across="center", color=color)
        write(sheet, row, 4, line.weight or NONE, across="center", color=color)
        write_criteria(sheet, row, 5, of)


def _baselines(workbook: Book, preamble: tuple[str, ...], kpis: tuple[Kpi, ...]) -> None:
    """A column for each year of which a KPI states a result, and the mean of those that are stated."""
    years = sorted({each.fiscal_year for kpi in kpis for each in kpi.baselines})
    names = ("ที่", "ตัวชี้วัด", "หน่วยวัด", *(f"ปีงบประมาณ พ.ศ. {year}" for year in years), "เฉลี่ย")
    sheet = workbook.sheet("ข้อมูลพื้นฐาน", (8.0, 60.0, 14.0, *(16.0 for _ in years), 16.0))
    row = titles(sheet, (*preamble, "ข้อมูลพื้นฐานย้อนหลัง"))
    head(sheet, row, names)
    for kpi in kpis:
        row += 1
        _kpi(sheet, row, kpi)
        write(sheet, row, 3, kpi.unit_of_measure or NONE, across="center")
        known = {each.fiscal_year: each.value for each in kpi.baselines}
        for at, year in enumerate(years, start=4):
            value = known.get(year)
            form = "" if value is None else exact_form(value)
            write(sheet, row, at, NOT_STATED if value is None else value, across="center", form=form)
        mean = average(kpi.baselines)
        write(sheet, row, len(names), NONE if mean is None else mean, across="center", form=SCORE_FORMAT)


def _holders(sheet: Worksheet, preamble: tuple[str, ...], kpis: tuple[Kpi, ...], names: Names) -> None:
    row = titles(sheet, (*preamble, "หน่วยงานที่รับผิดชอบ"))
    head(sheet, row, HOLDERS)
    for holder, of in ((kpi, of) for kpi in kpis for of in kpi.holdings):
        row += 1
        share = of.weight_share
        _kpi(sheet, row, holder)
        write(sheet, row, 3, names.unit(of.unit))
        form = "" if share is None else exact_form(share)
        write(sheet, row, 4, NOT_STATED if share is None else share, across="center", form=form)
        write(sheet, row, 5, " · ".join(filter(None, (CONFIDENCE_TH[of.confidence], of.note))) or NONE)
    if not any(kpi.holdings for kpi in kpis):
        across(sheet, row + 1, NOTHING, len(HOLDERS))


def _team(sheet: Worksheet, preamble: tuple[str, ...], kpis: tuple[Kpi, ...], names: Names) -> None:
    """A row for each part that a person has in a KPI: who supervises, who keeps data, owners and supporters (O&S)."""
    row = titles(sheet, (*preamble, "ผู้กำกับดูแล ผู้จัดเก็บข้อมูล และตาราง O&S"))
    head(sheet, row, TEAM)
    for kpi in kpis:
        for since, of in ((kpi.starts_at, kpi.responsible), *sorted(kpi.responsible_from.items())):
            for duty, officer, activity in _duties(of):
                row += 1
                person = None if officer is None else names.person(officer)
                _kpi(sheet, row, kpi)
                write(sheet, row, 3, int(since), across="center")
                write(sheet, row, 4, duty)
                write(sheet, row, 5, person.name if person else NOT_STATED)
                write(sheet, row, 6, (person.position if person else "") or NONE)
                write(sheet, row, 7, activity or NONE)
                write(sheet, row, 8, (person.phone if person else "") or NONE, across="center")
                write(sheet, row, 9, (person.email if person else "") or NONE)


def _duties(of: Responsible) -> tuple[DutyOf, ...]:
    """Without a supervisor or keeper one row says that none is stated."""
    keepers: list[DutyOf] = [(KEEPER, each.officer, each.activity) for each in of.keepers]
    owners = ((OWNER_ROLE_TH[each.role], each.officer, "") for each in of.owners)
    return ((SUPERVISOR, of.supervisor, ""), *(keepers or [(KEEPER, None, "")]), *owners)


def _findings(sheet: Worksheet, preamble: tuple[str, ...], book: KpiBook, names: Names) -> None:
    row = titles(sheet, (*preamble, "ข้อสังเกต"))
    head(sheet, row, ("ลำดับ", "ตัวชี้วัดที่", "ข้อสังเกต"))
    found = book_findings(book)
    for at, each in enumerate(found, start=1):
        write(sheet, row + at, 1, at, across="center")
        write(sheet, row + at, 2, each.kpi or NONE, across="center")
        write(sheet, row + at, 3, finding_text(each, names, "arabic"))
    if not found:
        across(sheet, row + 1, NOTHING, 3)
