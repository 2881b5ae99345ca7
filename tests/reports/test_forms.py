"""The opinion book (P4) and the form คำขอ User เพิ่ม (S0 line 33)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reports.directive import REASON, user_request_pdf, user_request_sheet
from reports.opinion import opinions_pdf, opinions_sheet
from reports.typesetting import NEUTRAL
from schemas.directive import UserGrant, UserGrantDecision, UserRequest
from schemas.opinion import AgencyOpinion, OpinionCase, OpinionOutcome
from tests.reports import pdf
from tests.reports.values import AGENCIES, CUT_OFF, RESULT

CALL = OpinionCase(
    no="2561-op-1", subject="ร่างยุทธศาสตร์ชาติ ระยะ 20 ปี", text="ขอความเห็นในส่วนที่เกี่ยวข้อง",
    agencies=("agency-0", "agency-1", "agency-2"), due=CUT_OFF + timedelta(days=7),
)  # fmt: skip
REQUEST = UserRequest(
    name="นางสาวสมศรี ใจดี", position="นักวิเคราะห์นโยบายและแผน", unit="division",
    email="somsri.2018@dept.go.th", phone="0 2141 1234",
)  # fmt: skip


def opinions(number: int) -> OpinionOutcome:
    return OpinionOutcome(
        opinions=tuple(
            AgencyOpinion(
                agency=f"agency-{n}", agency_th=AGENCIES[n % 4], item="ด้านการบริหารจัดการภาครัฐ",
                opinion=f"{RESULT}\nOPINION-{n:03}", approved_at=CUT_OFF + timedelta(days=n % 3),
            )
            for n in range(number)
        ),
        overview="OVERVIEW", overview_by="oja",
    )  # fmt: skip


def test_the_book_says_how_many_of_those_asked_have_answered() -> None:
    sheet = opinions_sheet(opinions(2), CALL, overview_by_th="สำนักงานกิจการยุติธรรม", digits="arabic")
    assert sheet.summary == "ส่วนราชการส่งความเห็น 2 แห่ง จากที่ขอความเห็น 3 แห่ง"
    assert sheet.due == "วันพฤหัสบดีที่ 19 เมษายน 2561 เวลา 16.00 น."
    assert [chapter.agency for chapter in sheet.chapters] == list(AGENCIES[:2])
    assert sheet.chapters[1].approved == "หัวหน้าส่วนราชการเห็นชอบเมื่อวันศุกร์ที่ 13 เมษายน 2561 เวลา 16.00 น."
    assert sheet.dated == CUT_OFF + timedelta(days=1)


@pytest.mark.parametrize(("number", "pages"), [(0, 1), (1, 1), (30, 7)])
def test_every_opinion_is_in_the_book(number: int, pages: int) -> None:
    document = opinions_pdf(opinions(number), CALL, overview_by_th="สกธ.")
    extracted = pdf.text(document)
    assert pdf.is_archival(document)
    assert abs(pdf.pages(document) - pages) <= pages // 4
    assert "OVERVIEW" in extracted
    assert all(f"OPINION-{n:03}" in extracted for n in range(number))
    assert document == opinions_pdf(opinions(number), CALL, overview_by_th="สกธ.")


@pytest.mark.parametrize(
    ("grant", "ticked"),
    [
        (None, None),
        (UserGrant(decision=UserGrantDecision.GRANT), True),
        (UserGrant(decision=UserGrantDecision.REFUSE, reason="มีผู้ใช้งานครบแล้ว"), False),
    ],
)
def test_the_request_shows_the_decision(grant: UserGrant | None, ticked: bool | None) -> None:
    sheet = user_request_sheet(
        REQUEST, unit_th="กอง ก", planning_unit_th="กลุ่มแผน", requested_at=CUT_OFF, reason=REASON, grant=grant,
        digits="thai", letterhead=NEUTRAL,
    )  # fmt: skip
    assert sheet.granted is ticked
    assert sheet.decision_reason == (grant.reason if grant else "")
    assert sheet.date == "วันที่ ๑๒ เมษายน ๒๕๖๑"


def test_addresses_and_numbers_of_the_applicant_keep_their_digits_on_the_page() -> None:
    document = user_request_pdf(REQUEST, unit_th="กอง ก", planning_unit_th="กลุ่มแผน", requested_at=CUT_OFF)
    extracted = pdf.text(document)
    assert pdf.pages(document) == 1
    assert "somsri.2018@dept.go.th" in extracted
    assert "021411234" in extracted
