"""The papers of a province's cascade: agreements, a person's form, rounds, minutes, duties, ranking (S2; P11)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from reports.cascade import agreement_pdf, agreement_sheet, individual_pdf, individual_score_pdf
from reports.cascade_rounds import BY_KPI, minutes_pdf, ranking_pdf, round_pdf, round_sheet
from reports.province_duty import duty_pdf
from reports.typesetting import NEUTRAL
from rules.cascade_scores import individual_score, places
from rules.thai import Digits
from schemas.base import UnitId
from schemas.cascade import (
    AgencyCascadeCase,
    AgencyOffice,
    AgencyScore,
    CascadeCase,
    CascadeRules,
    DutyKind,
    Follow,
    Group,
    IndividualKpi,
    IndividualScore,
    KeyKpi,
    KpiKind,
    Member,
    Person,
    Ranking,
    RoundDay,
    RoundScore,
    RoundSummary,
    ScoredKpi,
)
from schemas.cascade_forms import (
    AgencyAgreement,
    CascadeMinutes,
    IndividualAgreement,
    IndividualAssessment,
    RankingOrder,
)
from schemas.duty import DutyCase, Filed
from schemas.kpi import OwnerRole, Round
from schemas.letters import Signatory
from tests.reports import pdf

NOON = datetime(2010, 6, 8, 5, tzinfo=UTC)
STEPS = "มีคำสั่งแต่งตั้งคณะทำงาน / มีแผนถ่ายทอด / ลงนามระดับกลุ่มงาน / ลงนามรายบุคคลครบ / ประเมินผลรายบุคคลครบ"
KPIS = (
    KeyKpi(
        number="2.6", th="ร้อยละของอัตราการเบิกจ่ายเงินงบประมาณภาพรวม", kind=KpiKind.RATIO, levels="60/70/80/90/100",
        weight=Decimal(40), host="m1", follow=Follow.RANKED,
    ),
    KeyKpi(
        number="2.7", th="ระดับความสำเร็จของการถ่ายทอดตัวชี้วัดและเป้าหมายขององค์กรสู่ระดับบุคคล", kind=KpiKind.MILESTONE,
        levels=STEPS, weight=Decimal(60), host="m1", follow=Follow.REMEDY,
    ),
)  # fmt: skip
DAYS = (RoundDay(number=Round.SIX, opens=NOON, due=NOON),)
AGENCY = AgencyCascadeCase(
    fiscal_year=2553, province="ay", office="m1", agency="m2", kpis=KPIS, rounds=DAYS, rules=CascadeRules()
)
OFFICE = AgencyOffice(province_th="จังหวัดพระนครศรีอยุธยา", agency_th="สำนักงานคลังจังหวัด", groups=())
MAKER = Signatory(position="คลังจังหวัดพระนครศรีอยุธยา", signed_on=date(2010, 5, 12))
GOVERNOR = Signatory(position="ผู้ว่าราชการจังหวัดพระนครศรีอยุธยา", signed_on=date(2010, 5, 14))


def province(agencies: int) -> CascadeCase:
    return CascadeCase(
        fiscal_year=2553, province="ay", province_th="จังหวัดพระนครศรีอยุธยา", office="m1", rounds=DAYS,
        agencies=tuple(Member(unit=f"m{n}", th=f"หน่วยงานที่ {n}") for n in range(1, agencies + 1)),
    )  # fmt: skip


def summary(agencies: int) -> RoundSummary:
    """The first has not reported, the second must plan a remedy, the others are above the thresholds."""
    scores = [AgencyScore(unit="m1", th="หน่วยงานที่ 1", total=None)]
    scores += [
        AgencyScore(
            unit=f"m{n}", th=f"หน่วยงานที่ {n}", total=Decimal("2.4") if n == 2 else Decimal("3.8125"),
            remedial=("2.7",) if n == 2 else (), warned=n == 2,
        )
        for n in range(2, agencies + 1)
    ]  # fmt: skip
    return RoundSummary(round=Round.NINE, scores=tuple(scores))


def scores(agencies: int) -> dict[UnitId, RoundScore]:
    """Of those who have reported."""
    ratio = ScoredKpi(number="2.6", score=Decimal("4.5"), value=Decimal("94.999"))
    milestone = ScoredKpi(number="2.7", score=Decimal(3))
    return {
        f"m{n}": RoundScore(
            round=Round.NINE, total=Decimal("3.8125"), kpis=(ratio, milestone), remedial=(), flagged=(), warned=False
        )
        for n in range(2, agencies + 1)
    }


def test_an_agency_and_the_governor_agree_on_levels_and_weights() -> None:
    agreement = AgencyAgreement.model_validate({"kpis": [{"number": "2.6", "level": 5}, {"number": "2.7", "level": 4}]})
    document = agreement_pdf(AGENCY, OFFICE, agreement, MAKER, GOVERNOR, dated=NOON)
    text = pdf.text(document)
    assert pdf.is_archival(document)
    assert pdf.cut_off(document) == []
    for said in ("วันที่๑๒พฤษภาคม๒๕๕๓", "ผู้รับคำรับรอง", "๑ตุลาคม๒๕๕๒", "ลงนามรายบุคคลครบ", "๑๐๐"):
        assert said in text, said
    sheet = agreement_sheet(
        AGENCY, OFFICE, agreement, MAKER, GOVERNOR, dated=NOON, digits="thai", letterhead=NEUTRAL
    )  # fmt: skip
    assert [each.role for each in sheet.signatures] == ["ผู้รับคำรับรอง", "ผู้ทำคำรับรอง"]
    parties, one_sided, annex, receiver, maker, both = sheet.clauses
    assert parties.index(GOVERNOR.position) < parties.index(MAKER.position)
    assert "มิใช่สัญญา" in one_sided
    assert one_sided.endswith("ใช้บังคับเป็นเวลา ๑ ปี ตั้งแต่วันที่ ๑ ตุลาคม ๒๕๕๒ ถึงวันที่ ๓๐ กันยายน ๒๕๕๓")
    assert "เอกสารแนบท้าย" in annex
    assert "ให้คำแนะนำ กำกับดูแล" in receiver
    assert "ระดับสูงสุด" in maker
    assert "ตรงกัน" in both


def test_a_persons_form_links_each_line_to_a_kpi_of_the_agency() -> None:
    person = Person(name="m2.1", th="เจ้าหน้าที่กลุ่มงานบริหารการคลัง", position="นักวิชาการคลัง", supervisor="m2-g1")
    group = Group(unit="m2-g1", th="กลุ่มงานบริหารการคลัง", persons=(person,))
    lines = tuple(
        IndividualKpi(
            th=f"งานที่ {n} " + "รายละเอียดของงาน " * n, parent="2.7", levels=STEPS, weight=Decimal(25), role=role
        )
        for n, role in enumerate((*OwnerRole, OwnerRole.SUPPORTER), start=1)
    )
    own = IndividualAgreement(position="นักวิชาการคลังชำนาญการ", kpis=lines)
    document = individual_pdf(AGENCY, OFFICE, group, person, own, MAKER, GOVERNOR, dated=NOON)
    text = pdf.text(document)
    assert pdf.cut_off(document) == []
    for said in ("นักวิชาการคลังชำนาญการ", "เจ้าภาพรอง", "ผู้สนับสนุน", "๒.๗", "ผู้บังคับบัญชา", "กลุ่มงานบริหารการคลัง"):
        assert said in text, said


def test_at_the_end_of_the_year_a_persons_levels_are_weighed_and_summed() -> None:
    person = Person(name="m2.1", th="เจ้าหน้าที่กลุ่มงานบริหารการคลัง", position="นักวิชาการคลัง", supervisor="m2-g1")
    group = Group(unit="m2-g1", th="กลุ่มงานบริหารการคลัง", persons=(person,))
    lines = tuple(
        IndividualKpi(
            th=f"งานที่ {n} " + "รายละเอียดของงาน " * 5,
            parent="2.7",
            levels=STEPS,
            weight=weight,
            role=OwnerRole.MAIN_OWNER,
        )
        for n, weight in enumerate((Decimal("62.5"), Decimal("37.5")), start=1)
    )
    own = IndividualAgreement(position="นักวิชาการคลังชำนาญการ", kpis=lines)
    said = IndividualAssessment.model_validate({
        "lines": [
            {"line": "2", "level": 3, "result": "รายงานครบ 12 เดือน"},
            {"line": "1", "level": 5, "result": "ลงนามครบทุกคน"},
        ],
        "note": "ย้ายมาเมื่อ 1 มกราคม 2553",
    })  # fmt: skip
    score = IndividualScore(levels=(5, 3), total=individual_score(lines, (5, 3)), returned=0)
    assert score.total == Decimal("4.2500")
    document = individual_score_pdf(AGENCY, OFFICE, group, person, own, said, score, MAKER, GOVERNOR, dated=NOON)
    text = pdf.text(document)
    assert pdf.is_archival(document)
    assert pdf.cut_off(document) == []
    for found in ("๔.๒๕๐๐", "๓.๑๒๕๐", "๐.๖๒๕", "๑.๑๒๕๐", "ผู้ประเมิน", "รายงานครบ๑๒เดือน", "ย้ายมาเมื่อ๑มกราคม๒๕๕๓"):
        assert found in text, found
    assert text.count("✓") == 2


@pytest.mark.parametrize("agencies", [3, 33])
def test_a_round_shows_every_agency_and_lists_who_must_plan_a_remedy(agencies: int) -> None:
    document = round_pdf(province(agencies), KPIS, summary(agencies), scores(agencies), dated=NOON)
    text = pdf.text(document)
    assert pdf.cut_off(document) == []
    digits = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
    for said in (f"ส่งรายงานการประเมินตนเองแล้ว{agencies - 1}จาก{agencies}หน่วยงาน", "ต่ำกว่าเป้าหมายรอบ9เดือน1หน่วยงาน"):
        assert said.translate(digits) in text, said
    sheet = round_sheet(
        province(agencies), KPIS, summary(agencies), scores(agencies), dated=NOON, digits="thai", letterhead=NEUTRAL
    )
    assert pdf.pages(document) <= 2 + agencies // 15, "score and result of a few KPIs stand in one line"
    assert [row[2] for row in sheet.rows[:3]] == ["–", "๒.๔๐๐๐", "๓.๘๑๒๕"]
    assert sheet.rows[0][3] == "ยังไม่รายงาน"
    assert [agency for _, agency, _ in sheet.remedial] == ["หน่วยงานที่ ๒"]


def test_without_anything_flagged_the_list_says_so() -> None:
    good = RoundSummary(round=Round.SIX, scores=(AgencyScore(unit="m1", th="หน่วยงานที่ 1", total=Decimal(4)),))
    text = pdf.text(round_pdf(province(1), KPIS, good, {}, dated=NOON))
    assert "–ไม่มี–" in text
    assert BY_KPI not in text, "nobody has reported"


@pytest.mark.parametrize("digits", ["thai", "arabic"])
def test_the_host_of_a_kpi_finds_what_every_agency_says_of_it(digits: Digits) -> None:
    sheet = round_sheet(province(3), KPIS, summary(3), scores(3), dated=NOON, digits=digits, letterhead=NEUTRAL)
    assert sheet.by_kpi is not None
    missing, reported, _ = sheet.by_kpi.rows
    assert missing[2:] == ("–", "–", "–")
    said = ("๔.๕๐๐๐\n(๙๕)", "๓.๐๐๐๐") if digits == "thai" else ("4.5000\n(95)", "3.0000")
    assert reported[2:4] == said
    assert [each[1] for each in sheet.by_kpi.kpis] == [kpi.th for kpi in KPIS]
    assert "วงเล็บ" in sheet.by_kpi.hint


def test_the_minutes_name_who_was_absent_and_what_hosts_said() -> None:
    minutes = CascadeMinutes(held_on=date(2010, 6, 8), attended=("m1", "m2"), resolution="ให้ส่งภายใน 16 กรกฎาคม 2553")
    said = ((KPIS[0], "ขอให้เขียนสูตรการคำนวณและใส่ค่าให้ละเอียด"),)
    text = pdf.text(minutes_pdf(province(3), summary(3), minutes, said, dated=NOON))
    for part in ("เข้าร่วมประชุม๒จาก๓หน่วยงาน", "ไม่ได้เข้าร่วม:หน่วยงานที่๓", "ใส่ค่าให้ละเอียด", "๑๖กรกฎาคม๒๕๕๓"):
        assert part in text, part
    assert "–ไม่มี–" in pdf.text(minutes_pdf(province(3), summary(3), minutes, (), dated=NOON))


def test_the_ranking_announces_three_and_lists_all() -> None:
    case = province(33)
    values = {f"m{n}": Decimal(60 + n) for n in range(1, 33)}
    placed, missing = places(case.agencies, values, CascadeRules())
    ranking = Ranking(kpi="2.6", kpi_th=KPIS[0].th, places=placed, missing=missing)
    document = ranking_pdf(case, ranking, RankingOrder(on=date(2010, 10, 21)), GOVERNOR, dated=NOON)
    text = pdf.text(document)
    assert pdf.cut_off(document) == []
    for said in ("อันดับ๑หน่วยงานที่๓๒ร้อยละ๙๒.๐๐", "อันดับ๓หน่วยงานที่๓๐", "ไม่มีผลการรายงาน:หน่วยงานที่๓๓"):
        assert said in text, said
    assert "อันดับ๔" not in text.split("บัญชี")[0]


def test_a_duty_lists_the_late_and_the_missing() -> None:
    duty = DutyCase(
        kind=DutyKind.CLEANING, title="Big Cleaning Day 24 พฤษภาคม 2553", fiscal_year=2553, collector="m1",
        agencies=province(3).agencies, opens=NOON, due=NOON, asked_by="m1", step_days=5,
    )  # fmt: skip
    filed = {
        f"m{n}": Filed(unit=f"m{n}", done_on=date(2010, 5, 24), result="ทำความสะอาดอาคาร", at=NOON, late=n == 2)
        for n in (1, 2)
    }
    document = duty_pdf(duty, filed, collector_th="สำนักงานจังหวัด", volume=1, dated=NOON)
    text = pdf.text(document)
    assert pdf.cut_off(document) == []
    for said in ("รายงานแล้ว๒จาก๓หน่วยงานล่าช้า๑หน่วยงาน", "ยังไม่รายงาน", "๒๔พ.ค.๒๕๕๓"):
        assert said in text, said
