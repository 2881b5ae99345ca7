"""Who checks an agency's assessment (`flows.agency_rounds`), and what stands above it (`flows.cascade_wording`)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from flows.agency_rounds import checker_of, context_of
from flows.cascade_wording import (
    facts_of_agency,
    facts_of_levels,
    facts_of_plan,
    facts_of_reassessment,
    facts_of_remedy,
    kpi_choices,
)
from schemas.cascade import (
    AgencyCascadeCase,
    AgencyOffice,
    AssessedKpi,
    CascadeRules,
    KeyKpi,
    KpiKind,
    RoundDay,
    RoundScore,
    ScoredKpi,
)
from schemas.cascade_forms import Reassessment, RemedialPlan

CONTROL = KeyKpi(
    number="2.5", th="ระดับความสำเร็จของการควบคุมภายในที่หน่วยงานจัดวางตามแผนของจังหวัด", kind=KpiKind.MILESTONE,
    levels="มี / วาง / ครึ่ง / ครบ / ประเมิน", weight=Decimal(60), host="audit",
)  # fmt: skip
SATISFIED = KeyKpi(
    number="1.1", th="ร้อยละความพึงพอใจ", kind=KpiKind.RATIO, levels="60/70/80/90/95", weight=Decimal(40), host="treasury"
)
DUE = datetime(2010, 7, 16, 9, 0, tzinfo=UTC)


def cascade(agency: str) -> AgencyCascadeCase:
    return AgencyCascadeCase(
        fiscal_year=2553, province="ayutthaya", office="strategy", agency=agency, kpis=(CONTROL, SATISFIED),
        rounds=(RoundDay(number=9, opens=DUE, due=DUE),), rules=CascadeRules(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("agency", "host", "checks"),
    [("land", "audit", "audit"), ("audit", "audit", "strategy"), ("strategy", "strategy", "ayutthaya")],
)
def test_nobody_checks_an_assessment_of_its_own(agency: str, host: str, checks: str) -> None:
    """The host; for the host itself the office; for the office the province."""
    assert checker_of(cascade(agency), CONTROL.replace(host=host)) == checks


def test_an_assessment_has_a_line_for_each_kpi_and_says_which_wants_its_values() -> None:
    context = context_of((CONTROL, SATISFIED), (("รอบ", "9 เดือน"),), note="ส่งคืน: ขาดหลักฐาน")
    assert context.prefill == {"kpis": [{"number": "2.5"}, {"number": "1.1"}]}
    assert context.limits == {"kpis": ["2.5", "1.1"], "ratios": ["1.1"]}
    assert context.note == "ส่งคืน: ขาดหลักฐาน"
    assert context.facts[0] == ("รอบ", "9 เดือน")
    assert [named for named, _ in context.choices["kpis"]] == ["2.5", "1.1"]


def test_what_was_handed_in_before_stands_in_the_form_again() -> None:
    before = Reassessment(kpis=(AssessedKpi(number="2.5", level=3),), done="จัดอบรมแล้ว")
    assert context_of((CONTROL,), (), before=before).prefill == before.model_dump(mode="json")


def test_the_levels_are_written_out_and_a_ratio_asks_for_its_formula() -> None:
    milestone, ratio = facts_of_levels((CONTROL, SATISFIED))
    assert milestone == ("เกณฑ์ตัวชี้วัดที่ 2.5", f"{CONTROL.th}: มี / วาง / ครึ่ง / ครบ / ประเมิน")
    assert ratio[1].endswith("60 / 70 / 80 / 90 / 95 · เขียนสูตรการคำนวณและใส่ค่าผลที่ได้")


def test_a_long_name_is_cut_in_a_list_of_choices_only() -> None:
    ((number, shown),) = kpi_choices((CONTROL,))
    assert number == "2.5"
    assert shown.startswith("2.5 ระดับความสำเร็จ")
    assert shown != f"2.5 {CONTROL.th}"


def test_a_low_score_is_told_with_its_round_and_its_threshold() -> None:
    data, score = cascade("land"), RoundScore(
        round=9, total=Decimal("2.1"), kpis=(ScoredKpi(number="2.5", score=Decimal(2)),), remedial=("2.5",),
        flagged=("2.5",), warned=True,
    )  # fmt: skip
    assert facts_of_remedy(data, CONTROL, score) == (
        ("ตัวชี้วัด", f"2.5 {CONTROL.th}"), ("คะแนนรอบ 9 เดือน", "2.0000 น้อยกว่า 2.5"),
    )  # fmt: skip


def test_plan_and_reassessment_are_told_in_full() -> None:
    plan = RemedialPlan(cause="ขาดคน", actions="จัดอบรม", recheck_on=date(2010, 6, 30))
    assert facts_of_plan(plan) == (("สาเหตุ", "ขาดคน"), ("แนวทางปรับปรุง", "จัดอบรม"), ("ประเมินซ้ำวันที่", "30 มิถุนายน 2553"))
    level = Reassessment(kpis=(AssessedKpi(number="2.5", level=4),), done="อบรมแล้ว")
    assert facts_of_reassessment(level) == (("ผลการประเมินซ้ำ", "ระดับ 4"), ("สิ่งที่ได้ดำเนินการ", "อบรมแล้ว"))
    line = AssessedKpi(
        number="1.1", formula="พอใจ/ตอบ", numerator=Decimal(900), denominator=Decimal(1000), value=Decimal(90)
    )
    ((_, result), _) = facts_of_reassessment(Reassessment(kpis=(line,), done="สำรวจใหม่"))
    assert result == f"พอใจ/ตอบ: {line.numerator} ÷ {line.denominator} × 100 = {line.value}"


def test_above_every_form_stand_province_agency_and_year() -> None:
    office = AgencyOffice(province_th="จังหวัดพระนครศรีอยุธยา", agency_th="สำนักงานที่ดิน", groups=())
    assert facts_of_agency(cascade("land"), office) == (
        ("จังหวัด", "จังหวัดพระนครศรีอยุธยา"), ("หน่วยงาน", "สำนักงานที่ดิน"), ("ปีงบประมาณ", "พ.ศ. 2553"),
    )  # fmt: skip
