"""KPIs as agreed: what a file may say, what is refused with the field's name, and the KPIs of S1 themselves."""

from __future__ import annotations

import ast
import re
from decimal import Decimal
from pathlib import Path

import pytest

from rules.errors import BrokenKpiFile
from rules.kpi_file import load_kpis
from rules.refusals import REFUSALS
from schemas.criteria import Composite, Quantitative
from schemas.kpi import (
    ASPECT_EN,
    ASPECT_TH,
    OWNER_ROLE_EN,
    OWNER_ROLE_TH,
    Aspect,
    Confidence,
    KpiBook,
    OwnerRole,
    Round,
)

ROOT = Path(__file__).parents[2]
CDD = (ROOT / "deployments" / "ministries" / "cdd-fy2555-kpis.yaml").read_text("utf-8")
HEAD = "fiscal_year: 2555\nagency: cdd\n"


def _one(kpi: str) -> str:
    return f'{HEAD}kpis:\n  - {{number: "4", th: ก, {kpi}}}\n'


def _criteria(criteria: str) -> str:
    return _one(f"criteria: {{{criteria}}}")


STEPS = "steps: [ก, ข, ค, ง, จ]"


@pytest.mark.parametrize(
    ("text", "field", "thai"),
    [
        ("", "kpis", "กรุณากรอก «kpis»"),
        (HEAD + "kpis: [{number: 4.1, th: ก}]", "kpis[4.1].number", "ต้องเป็นข้อความ"),
        (HEAD + "kpis: [{number: ๔, th: ก}]", "kpis[๔].number", "รูปแบบไม่ถูกต้อง"),
        (HEAD + 'kpis: [{number: "1.2.3.4.5.6.7.8", th: ก}]', "kpis[1.2.3.4.5.6.7.8].number", "รูปแบบไม่ถูกต้อง"),
        (HEAD + 'kpis: [{number: "4", th: ก}, {number: "4", th: ข}]', "kpis", "ระบุ «4» ซ้ำกัน"),
        (HEAD + 'kpis: [{number: "4", th: ก}, {number: "4.1", th: ข}]', "kpis", "ตัวชี้วัด 4 อยู่เหนือตัวชี้วัด 4.1"),
        (_one("weight: 0"), "kpis[4].weight", "ต้องมากกว่า 0"),
        (_one("weight: ห้า"), "kpis[4].weight", "ต้องเป็นตัวเลข"),
        (_one("weight: true"), "kpis[4].weight", "เลขทศนิยม"),
        (_one("weight: 1.123456789"), "kpis[4].weight", "ไม่เกิน 8 ตำแหน่ง"),
        (_one("weight: 5, weight_confidence: unknown"), "kpis[4].weight_confidence", "ไม่ทราบ"),
        (
            _one("holdings: [{unit: a, weight_share: 5, confidence: unknown}]"),
            "kpis[4].holdings[1].confidence",
            "ไม่ทราบ",
        ),
        (_one("holdings: [{unit: a}, {unit: a}]"), "kpis[4].holdings", "ระบุ «a» ซ้ำกัน"),
        (_one("round_weights: {7: 5}"), "kpis[4].round_weights.7", "จากรายการ"),
        (_one("starts_at: 9, round_weights: {6: 5}"), "kpis[4].round_weights.6", "ยังไม่เริ่มหรือยกเลิกแล้ว"),
        (_one("cancelled_at: 9, round_weights: {9: 5}"), "kpis[4].round_weights.9", "ยังไม่เริ่มหรือยกเลิกแล้ว"),
        (_one("starts_at: 9, cancelled_at: 6"), "kpis[4].cancelled_at", "รอบ 9 เดือน"),
        (_one("dimension: outside"), "kpis[4].dimension", "ไม่มีมิติ «outside»"),
        (_one("baselines: [{fiscal_year: 2555, value: 1}]"), "kpis[4].baselines", "ก่อนปีงบประมาณ พ.ศ. 2555"),
        (
            _one("baselines: [{fiscal_year: 2554, value: 1}, {fiscal_year: 2554, value: 2}]"),
            "kpis[4].baselines",
            "ระบุ «2554» ซ้ำกัน",
        ),
        (
            _one("responsible: {owners: [{officer: o, role: supporter}, {officer: o, role: main_owner}]}"),
            "kpis[4].responsible.owners",
            "ระบุ «o» ซ้ำกัน",
        ),
        (_one("responsible: {owners: [{officer: o, role: boss}]}"), "kpis[4].responsible.owners[1].role", "จากรายการ"),
        (_criteria("kind: feeling"), "kpis[4].criteria", "จากรายการ"),
        (_criteria("kind: quantitative, points: [1, 2, 3, 3, 5]"), "kpis[4].criteria.points", "เพิ่มขึ้นตลอด หรือลดลงตลอด"),
        (_criteria("kind: quantitative, points: [1, 2, 3, 4]"), "kpis[4].criteria.points[5]", "กรุณากรอก"),
        (_criteria("kind: quantitative, points: [1, 2, 3, 4, 5], floor: 2"), "kpis[4].criteria.floor", "จากรายการ"),
        (
            _criteria("kind: step_table, ranges: [{score: 1, below: 75}, {score: 2, at_least: 76}]"),
            "kpis[4].criteria.ranges",
            "ช่วงที่ 1 และช่วงที่ 2",
        ),
        (
            _criteria("kind: step_table, ranges: [{score: 1, at_most: 75}, {score: 2, at_least: 75}]"),
            "kpis[4].criteria.ranges",
            "ช่วงที่ 1 และช่วงที่ 2",
        ),
        (
            _criteria("kind: step_table, ranges: [{score: 1, at_least: 0, below: 75}, {score: 2, at_least: 75}]"),
            "kpis[4].criteria.ranges",
            "ช่วงแรกต้องไม่มีค่าต่ำสุด",
        ),
        (
            _criteria("kind: step_table, ranges: [{score: 2, below: 75}, {score: 2, at_least: 75}]"),
            "kpis[4].criteria.ranges",
            "คะแนนของช่วง",
        ),
        (
            _criteria("kind: step_table, ranges: [{score: 1, below: 1, at_most: 1}, {score: 2, at_least: 1}]"),
            "kpis[4].criteria.ranges[1]",
            "ขอบเขตด้านเดียวกันซ้ำ",
        ),
        (
            _criteria(
                "kind: step_table, ranges: [{score: 1, below: 1}, {score: 2, at_least: 1, below: 1},"
                " {score: 3, at_least: 1}]"
            ),
            "kpis[4].criteria.ranges[2]",
            "ไม่มีค่าใดอยู่",
        ),
        (_criteria("kind: milestones, steps: [ก, ข]"), "kpis[4].criteria.steps[3]", "กรุณากรอก"),
        (
            _criteria(
                f'kind: composite, parts: [{{number: "4.1", th: ก, weight: 2, criteria: {{kind: milestones, {STEPS}}}'
                f'}}, {{number: "5.1", th: ข, weight: 1, criteria: {{kind: milestones, {STEPS}}}}}]'
            ),
            "kpis[4].criteria.parts",
            "ตัวชี้วัดย่อย 5.1 ไม่ได้อยู่ใต้ตัวชี้วัด 4",
        ),
        (
            _criteria('kind: composite, parts: [{number: "4.1", th: ก, weight: 2, criteria: {kind: external}}]'),
            "kpis[4].criteria.parts[4.1].criteria.assessor",
            "กรุณากรอก",
        ),
        (
            HEAD + "frame: [{id: a, th: ก, parent: b}, {id: b, th: ข}]\nkpis: []",
            "frame",
            "มิติที่ «a» สังกัดต้องระบุไว้ก่อน",
        ),
        (
            HEAD + "kpis: []\ndeclared: [{unit: a, printed_as: ก, source: ข}, {unit: a, printed_as: ก, source: ข}]",
            "declared",
            "ระบุ «a, ข» ซ้ำกัน",
        ),
        (
            HEAD + "kpis: []\ndeclared: [{unit: a, printed_as: ก, source: ข, count: -1}]",
            "declared[1].count",
            "ไม่น้อยกว่า 0",
        ),
    ],
)
def test_a_broken_file_names_its_field_in_both_languages(text: str, field: str, thai: str) -> None:
    with pytest.raises(BrokenKpiFile) as broken:
        load_kpis(text)
    found = {problem.field: problem for problem in broken.value.problems}
    assert thai in found[field].th
    assert field in found[field].th
    assert field in found[field].en
    assert "ใช้แฟ้มตัวชี้วัดไม่ได้" in str(broken.value)


def test_every_refusal_of_a_record_has_its_sentences_and_every_sentence_a_refusal() -> None:
    raised = set()
    for path in (ROOT / "schemas").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "refusal":
                assert isinstance(node.args[0], ast.Constant)
                raised.add(node.args[0].value)
    assert raised == set(REFUSALS)


def test_a_weight_in_a_file_is_read_to_the_digit() -> None:
    (kpi,) = load_kpis(_one("weight: 0.1, round_weights: {9: 2.50}")).kpis
    assert (kpi.weight, str(kpi.weight_at(Round.NINE)), kpi.weight_at(Round.SIX)) == (
        Decimal("0.1"),
        "2.50",
        Decimal("0.1"),
    )


def test_a_group_that_takes_over_stays_responsible() -> None:
    (kpi,) = load_kpis(_one("responsible: {supervisor: a}, responsible_from: {9: {supervisor: b}}")).kpis
    assert [kpi.responsible_at(r).supervisor for r in Round] == ["a", "b", "b"]


def test_a_book_comes_back_from_json_as_it_went() -> None:
    text = _one(
        "weight: 2.50, target: -0.5, round_weights: {6: 1}, criteria: {kind: composite, parts: ["
        f'{{number: "4.1", th: ก, weight: 2, criteria: {{kind: milestones, {STEPS}}}}},'
        '{number: "4.2", th: ข, weight: 1, criteria: {kind: quantitative, points: [5, 4, 3, 2, 1.5]}}]}'
    )
    book = load_kpis(text)
    criteria = book.kpis[0].criteria
    assert isinstance(criteria, Composite)
    assert isinstance(criteria.parts[1].criteria, Quantitative)
    assert KpiBook.model_validate_json(book.model_dump_json()) == book
    assert book.kpi("4") == book.kpis[0]
    assert book.kpi("5") is None


def test_every_choice_has_a_name_in_both_languages() -> None:
    assert set(ASPECT_TH) == set(ASPECT_EN) == set(Aspect)
    assert set(OWNER_ROLE_TH) == set(OWNER_ROLE_EN) == set(OwnerRole)


# --- the KPIs of S1 ----------------------------------------------------------------------------------------


def test_slide_23_is_kept_as_printed() -> None:
    book = load_kpis(CDD)
    assert (book.fiscal_year, book.agency, len(book.kpis)) == (2555, "cdd", 15)
    printed = {d.printed_as: (d.count, d.weight) for d in book.declared if d.source.endswith("23")}
    assert printed == {
        "สสช.": (4, 20), "สภว": (2, 12), "ศสท.": (1, 5), "สทอ": (2, 10), "กผ.": (3, 20), "ตภ.": (0, None),
        "กจ.": (1, 5), "กค.": (2, 10), "สพช.": (1, 5), "ก.พ.ร.": (1, 5),
    }  # fmt: skip
    held = {
        d.printed_as: [kpi.number for kpi in book.kpis for holding in kpi.holdings if holding.unit == d.unit]
        for d in book.declared if d.source.endswith("23")
    }  # fmt: skip
    assert held == {
        "สสช.": ["1.1.1", "1.1.2", "3.2", "4.3"], "สภว": ["4.2", "5"], "ศสท.": ["11"], "สทอ": ["4.1", "5"],
        "กผ.": ["3.1", "6", "8", "9"], "ตภ.": [], "กจ.": ["10"], "กค.": ["7", "8"], "สพช.": ["10"], "ก.พ.ร.": ["12"],
    }  # fmt: skip


def test_no_weight_is_made_up_where_slide_23_cannot_be_read() -> None:
    book = load_kpis(CDD)
    assert [kpi.number for kpi in book.kpis if kpi.weight is None] == ["3.1", "6", "8", "9"]
    assert {kpi.number for kpi in book.kpis if kpi.weight_confidence is Confidence.GUESS} == {"4.1", "4.2", "5"}


def test_the_group_and_the_commission_are_told_apart_by_id() -> None:
    (psdg,) = [d for d in load_kpis(CDD).declared if d.printed_as == "ก.พ.ร."]
    assert psdg.unit == "cdd-psdg"
    assert "กพร." in psdg.note


def test_nobody_is_named() -> None:
    assert not re.search("นาย|นางสาว|นาง|ว่าที่", CDD)
