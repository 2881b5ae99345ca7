"""The framework of a year beside that of the year before, and the KPIs that provinces have adopted (S4; P13)."""

from __future__ import annotations

from reports.figures import sentence
from reports.register import NOTHING, written
from reports.typesetting import NEUTRAL, Letterhead, Sheet, typeset
from rules.framework import targets_of
from rules.thai import Digits, thai_fiscal_year, thai_moment
from schemas.base import Moment, Record
from schemas.framework import FRAMEWORK_TH, PLAN_TH, Adopted, FrameworkCase, FrameworkDraft, ProvinceKpi

KPIS = "ตัวชี้วัดของจังหวัด"
UNLINKED = "ไม่ระบุ"


class FrameworkSheet(Sheet):
    year: str
    principles: str
    columns: tuple[str, str, str]
    components: tuple[tuple[str, str, str], ...]


class ProvinceChapter(Record):
    name: str
    adopted: str
    kpis: tuple[tuple[str, str, str, str, str, str], ...]
    """Number, name, unit of measure, years, targets, plan."""


class ProvinceKpisSheet(Sheet):
    year: str
    summary: str
    columns: tuple[str, ...] = ("ที่", "ตัวชี้วัด", "หน่วยวัด", "ปี", "ค่าเป้าหมายรายปี", "แผนที่เชื่อมโยง")
    chapters: tuple[ProvinceChapter, ...]
    missing: tuple[str, ...]
    nothing: str = NOTHING


def framework_pdf(
    framework: FrameworkCase, draft: FrameworkDraft, *, issuer_th: str, dated: Moment, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """The framework: principles, and last year beside this year. Raises ReportError."""
    year = framework.fiscal_year
    sheet = FrameworkSheet(
        title=f"{FRAMEWORK_TH} ประจำ{thai_fiscal_year(year, digits)}", author=issuer_th, dated=dated,
        letterhead=letterhead, year=thai_fiscal_year(year, digits), principles=sentence(draft.principles, digits),
        columns=("องค์ประกอบ", thai_fiscal_year(year - 1, digits), thai_fiscal_year(year, digits)),
        components=tuple(
            (sentence(line.component, digits), sentence(line.before, digits), sentence(line.now, digits))
            for line in draft.components
        ),
    )  # fmt: skip
    return typeset("framework", sheet, digits=digits)


def province_kpis_pdf(
    framework: FrameworkCase, adopted: tuple[Adopted, ...], *, volume: int, dated: Moment, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """The adopted KPIs, a chapter a province in the order of the case. Raises ReportError."""
    sheet = province_kpis_sheet(
        framework, adopted, volume=volume, dated=dated, digits=digits, letterhead=letterhead
    )  # fmt: skip
    return typeset("province_kpis", sheet, digits=digits)


def province_kpis_sheet(
    framework: FrameworkCase, adopted: tuple[Adopted, ...], *, volume: int, dated: Moment, digits: Digits,
    letterhead: Letterhead,
) -> ProvinceKpisSheet:  # fmt: skip
    """What goes onto the pages."""
    by_unit = {each.unit: each for each in adopted}
    there = [(province, by_unit[province.unit]) for province in framework.provinces if province.unit in by_unit]
    year = thai_fiscal_year(framework.fiscal_year, digits)
    total = len(framework.provinces)
    return ProvinceKpisSheet(
        title=written(f"{KPIS} เล่ม {volume}", digits), author=letterhead.ministry_th, dated=dated,
        letterhead=letterhead, year=year,
        summary=written(f"เห็นชอบแล้ว {len(there)} จาก {total} จังหวัด", digits),
        chapters=tuple(
            ProvinceChapter(
                name=province.th, adopted=f"เห็นชอบเมื่อ{thai_moment(each.at, digits)}",
                kpis=tuple(_line(place, kpi, digits) for place, kpi in enumerate(each.kpis, start=1)),
            )
            for province, each in there
        ),
        missing=tuple(province.th for province in framework.provinces if province.unit not in by_unit),
    )  # fmt: skip


def _targets(kpi: ProvinceKpi) -> str:
    """The target of each year with commas between the thousands, to as many decimals as the province gave."""
    return " / ".join(f"{target:,f}" for target in targets_of(kpi))


def _line(place: int, kpi: ProvinceKpi, digits: Digits) -> tuple[str, str, str, str, str, str]:
    return (
        written(f"{place}", digits), sentence(kpi.th, digits), kpi.unit_of_measure, written(f"{kpi.years}", digits),
        written(_targets(kpi), digits), PLAN_TH[kpi.plan] if kpi.plan else UNLINKED,
    )  # fmt: skip
