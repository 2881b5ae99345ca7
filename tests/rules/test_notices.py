"""A notice says what it concerns, who tells it, and what is asked: nothing else lies before its reader."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rules.appeal import negotiation_notice
from rules.notices import (
    appeal_settled,
    change_settled,
    changes_th,
    kpis_not_adopted,
    measures_sent,
    minutes_of_round,
    records_wanted,
    score_below_target,
    user_request_settled,
)
from schemas.agreement import ChangeEnding, ChangeRequested, ChangeResult
from schemas.appeal import AppealEnding, AppealResult
from schemas.criteria import Quantitative
from schemas.kpi import Kpi, KpiBook, Round
from schemas.mail import Notice

AT = datetime(2012, 3, 15, 2, tzinfo=UTC)
OLD, NEW = tuple(map(Decimal, (60, 65, 70, 75, 80))), tuple(map(Decimal, (55, 60, 65, 70, 75)))
KPI = Kpi(
    number="1.1", th="ร้อยละของครัวเรือนยากจนที่ได้รับการพัฒนา", weight=Decimal(5), target=Decimal(1_500_000),
    criteria=Quantitative(points=OLD),
)  # fmt: skip
BOOK = KpiBook(fiscal_year=2555, agency="cdd", kpis=(KPI,))
REQUEST = ChangeRequested(
    kpi="1.1", unit="community", officer="community.1", target=Decimal(1_400_000), reason="น้ำท่วม", requested_at=AT
)
LINK = "/cases/agreement-2555-cdd"


def settled(ending: ChangeEnding, request: ChangeRequested = REQUEST, reason: str = "") -> Notice:
    return change_settled(
        ChangeResult(request=request, ending=ending, reason=reason), KPI, fiscal_year=2555,
        unit_th="สำนักเสริมสร้างความเข้มแข็งชุมชน", agency_th="กรมการพัฒนาชุมชน", psdg_th="กลุ่มพัฒนาระบบบริหาร", link=LINK,
    )  # fmt: skip


def test_the_result_of_a_request_says_of_which_kpi_and_year_what_was_asked_and_what_holds_now() -> None:
    told = settled(ChangeEnding.APPROVED, reason="ตามมติที่ประชุม")
    assert told.title == "ตัวชี้วัดที่ 1.1 ร้อยละของครัวเรือนยากจนที่ได้รับการพัฒนา ปีงบประมาณ พ.ศ. 2555 กรมการพัฒนาชุมชน"
    assert told.body.splitlines() == [
        "ตามที่สำนักเสริมสร้างความเข้มแข็งชุมชนขอเปลี่ยนแปลงรายละเอียดตัวชี้วัดที่ 1.1 เมื่อวันพฤหัสบดีที่ 15 มีนาคม 2555 "
        "เวลา 09.00 น. นั้น ผลการพิจารณา: อนุมัติ แบบรายงานที่เปิดหลังจากนี้ใช้รายละเอียดที่ได้รับอนุมัติ",
        "- ค่าเป้าหมาย จากเดิม 1,500,000 เป็น 1,400,000",
        "เหตุผล: ตามมติที่ประชุม",
    ]
    assert (told.told_by, told.asked) == ("กลุ่มพัฒนาระบบบริหาร", "")
    assert settled(ChangeEnding.REFUSED).body.splitlines()[0].endswith("สำนักงาน ก.พ.ร. ไม่อนุมัติ รายละเอียดตัวชี้วัดคงเดิม")


@pytest.mark.parametrize(("asked", "kpi", "lines"), [
    ({"target": Decimal("1500000.0")}, KPI, []),
    ({"target": Decimal(80)}, KPI.replace(target=None), ["ค่าเป้าหมาย: 80"]),
    ({"target": None, "weight": Decimal("2.5")}, KPI, ["น้ำหนัก (ร้อยละ) จากเดิม 5 เป็น 2.5"]),
    (
        {"target": None, "levels": NEW, "details": "ไม่นับพื้นที่ประสบภัย"}, KPI,
        ["เกณฑ์ระดับ 1 ถึง 5 จากเดิม 60 / 65 / 70 / 75 / 80 เป็น 55 / 60 / 65 / 70 / 75", "รายละเอียด: ไม่นับพื้นที่ประสบภัย"],
    ),
    ({"target": None, "levels": OLD}, KPI, []),
    ({"target": Decimal(80), "levels": NEW}, None, ["ค่าเป้าหมาย: 80", "เกณฑ์ระดับ 1 ถึง 5: 55 / 60 / 65 / 70 / 75"]),
])  # fmt: skip
def test_a_value_that_stays_is_not_told_as_a_change(
    asked: dict[str, object], kpi: Kpi | None, lines: list[str]
) -> None:
    assert list(changes_th(REQUEST.replace(**asked), kpi)) == lines


def test_the_result_of_an_appeal_names_kpi_year_and_agency() -> None:
    result = AppealResult(
        kpi="1.1", unit="community", ending=AppealEnding.DISMISSED, noticed=Decimal(80), value=Decimal(80)
    )
    told = appeal_settled(
        negotiation_notice(BOOK, AT), result, agency_th="กรมการพัฒนาชุมชน", psdg_th="กลุ่มพัฒนาระบบบริหาร", link=LINK
    )
    assert told.title == (
        "อุทธรณ์ผลการเจรจาตัวชี้วัด ตัวชี้วัดที่ 1.1 ร้อยละของครัวเรือนยากจนที่ได้รับการพัฒนา ปีงบประมาณ พ.ศ. 2555 กรมการพัฒนาชุมชน"
    )
    assert told.body.splitlines()[-1] == "ตัวชี้วัดที่ 1.1: ยกคำอุทธรณ์ คงค่าเป้าหมายเดิม 80"


ASKING = {
    "records": records_wanted(
        fiscal_year=2555, agency_th="กรมการพัฒนาชุมชน", personnel_th="กองการเจ้าหน้าที่", psdg_th="กพร.", link=LINK
    ),
    "score": score_below_target(
        Decimal("3.5"), Decimal("3.75"), fiscal_year=2553, agency_th="สำนักงานคลังจังหวัดสมุทรสาคร",
        province_th="จังหวัดสมุทรสาคร", link=LINK,
    ),
    "kpis": kpis_not_adopted(
        fiscal_year=2563, province_th="จังหวัดชัยภูมิ", issuer_th="สำนักงาน ก.พ.ร.", volume=1, link=LINK
    ),
}  # fmt: skip
TELLING = {
    "change": settled(ChangeEnding.APPROVED),
    "minutes": minutes_of_round(
        "ให้เร่งรัดการเบิกจ่าย", date(2010, 4, 9), round_=Round.SIX, fiscal_year=2553, province_th="จังหวัดสมุทรสาคร",
        office_th="สำนักงานจังหวัดสมุทรสาคร", to="หัวหน้าสำนักงานคลังจังหวัดสมุทรสาคร", link=LINK,
    ),
    "measures": measures_sent(
        "รายงานประจำเดือนมกราคม 2561 จังหวัดสมุทรสาคร", "จังหวัดสมุทรสาครส่งรายงานแล้ว", fiscal_year=2561,
        province_th="จังหวัดสมุทรสาคร", office_th="กลุ่มงานยุทธศาสตร์", central_th="กองติดตาม", link=LINK,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ASKING | TELLING)
def test_every_notice_names_its_year_and_who_tells_it(name: str) -> None:
    told = (ASKING | TELLING)[name]
    assert "ปีงบประมาณ พ.ศ. 25" in told.title
    assert told.told_by
    assert told.title != told.subject
    assert bool(told.asked) is (name in ASKING)


def test_a_request_for_a_user_says_for_whom_and_what_became_of_it() -> None:
    granted = user_request_settled("สมศรี ใจดี", "", granted=True, unit_th="กองแผนงาน", link=LINK)
    refused = user_request_settled("สมศรี ใจดี", "มีผู้ใช้ครบแล้ว", granted=False, unit_th="กองแผนงาน", link=LINK)
    assert granted.body.startswith("ตามที่กองแผนงานขอเพิ่มบัญชีผู้ใช้ให้สมศรี ใจดี นั้น ผลการพิจารณา: อนุมัติแล้ว")
    assert refused.body.endswith("ผลการพิจารณา: ไม่อนุมัติ: มีผู้ใช้ครบแล้ว")


def test_a_notice_of_before_is_written_as_it_was() -> None:
    """What nobody has filled in does not stand in the stored mail."""
    stored = Notice(subject="ก", body="ข", title="ค", link=LINK).model_dump(mode="json")
    assert set(stored) == {"subject", "body", "title", "link"}
