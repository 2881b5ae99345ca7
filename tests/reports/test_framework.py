"""The framework of a year beside the year before, and the adopted KPIs of all provinces (S4; P13)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reports.framework import framework_pdf, province_kpis_pdf, province_kpis_sheet
from reports.typesetting import NEUTRAL
from schemas.framework import Adopted, ComponentLine, FrameworkCase, FrameworkDraft, Plan, Province, ProvinceKpi
from tests.reports import pdf

NOON = datetime(2019, 9, 6, 5, tzinfo=UTC)
KPIS = tuple(
    ProvinceKpi(
        th=f"ตัวชี้วัดตัวอย่างของจังหวัด {n}", unit_of_measure="ร้อยละ", years=3, targets="80 / 85 / 90", plan=plan
    )
    for n, plan in enumerate((Plan.NATIONAL, Plan.PROVINCIAL, None), start=1)
)  # fmt: skip


def framework(provinces: int) -> FrameworkCase:
    return FrameworkCase(
        fiscal_year=2563, sender="opdc-psd", issuer="opdc",
        provinces=tuple(
            Province(unit=f"p{n}-office", governor=f"p{n}", th=f"จังหวัดที่ {n}") for n in range(1, provinces + 1)
        ),
        briefing_at=NOON, workshop_opens=NOON, workshop_closes=NOON, publish_by=NOON,
    )  # fmt: skip


def adopted(number: int) -> tuple[Adopted, ...]:
    return tuple(Adopted(unit=f"p{n}-office", kpis=KPIS, at=NOON) for n in range(1, number + 1))


def test_the_framework_stands_beside_that_of_the_year_before() -> None:
    draft = FrameworkDraft(
        principles="จังหวัดเป็นผู้กำหนดตัวชี้วัด 3–5 ตัว", letter_no="นร 1200/ว 12",
        components=(ComponentLine(component="ศักยภาพ", before="8 ตัวชี้วัด", now="5 ตัวชี้วัด"),),
    )  # fmt: skip
    document = framework_pdf(framework(1), draft, issuer_th="สำนักงาน ก.พ.ร.", dated=NOON)
    text = pdf.text(document)
    assert pdf.is_archival(document)
    assert pdf.cut_off(document) == []
    assert "ในการปฏิบัติราชการของจังหวัด" in text
    assert "พ.ศ.๒๕๖๒" in text
    assert "๘ตัวชี้วัด" in text
    assert "๓–๕ตัว" in text


@pytest.mark.parametrize("provinces", [3, 76])
def test_every_province_has_its_chapter_and_the_missing_are_named(provinces: int) -> None:
    document = province_kpis_pdf(framework(provinces), adopted(provinces - 1), volume=1, dated=NOON)
    text = pdf.text(document)
    assert pdf.cut_off(document) == []
    digits = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
    assert f"เห็นชอบแล้ว{provinces - 1}จาก{provinces}จังหวัด".translate(digits) in text
    assert [n for n in range(1, provinces + 1) if f"จังหวัดที่{n}" not in text] == []
    assert text.count("๘๐/๘๕/๙๐") == 3 * (provinces - 1)


@pytest.mark.parametrize(("keyed", "printed"), [
    ("1500000", "๑,๕๐๐,๐๐๐"), ("1,200.50/1300", "๑,๒๐๐.๕๐ / ๑,๓๐๐"), ("80 / 85", "๘๐ / ๘๕"),
])  # fmt: skip
def test_targets_have_commas_between_the_thousands_however_they_were_keyed_in(keyed: str, printed: str) -> None:
    large = Adopted(unit="p1-office", kpis=(KPIS[0].replace(targets=keyed),), at=NOON)
    sheet = province_kpis_sheet(framework(1), (large,), volume=1, dated=NOON, digits="thai", letterhead=NEUTRAL)
    assert sheet.chapters[0].kpis[0][4] == printed


def test_a_kpi_without_a_plan_says_so() -> None:
    sheet = province_kpis_sheet(framework(2), adopted(1), volume=1, dated=NOON, digits="thai", letterhead=NEUTRAL)
    (chapter,) = sheet.chapters
    assert [kpi[-1] for kpi in chapter.kpis] == ["ยุทธศาสตร์ชาติ", "แผนพัฒนาจังหวัด", "ไม่ระบุ"]
    assert sheet.missing == ("จังหวัดที่ 2",)
