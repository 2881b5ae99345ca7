"""The letter of appeal and the record of a site visit."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from reports.appeal import AppealSheet, appeal_pdf, appeal_sheet
from reports.site_visit import site_visit_pdf, site_visit_sheet
from rules.thai import Digits
from schemas.appeal import AppealKind
from schemas.visit_record import ReadyEvidence
from tests.reports import pdf
from tests.reports.letter_values import APPEAL, LETTER, REASONS, VISIT, WRITTEN_AT


def appeal(digits: Digits = "thai") -> AppealSheet:
    return appeal_sheet(APPEAL, dated=WRITTEN_AT, digits=digits)


# --- the appeal --------------------------------------------------------------------------------------------


def test_the_frame_has_the_elements_of_an_external_letter_in_thai_digits() -> None:
    frame = appeal().letter
    assert (frame.urgency, frame.no, frame.date) == ("ด่วนมาก", "ตย ๐๔๐๘/๑๒๓๔", "๘ กุมภาพันธ์ ๒๕๕๖")
    assert frame.address == "ศูนย์ราชการ ถนนตัวอย่าง\nกรุงเทพฯ ๑๐๒๑๐"
    assert frame.subject == "ขออุทธรณ์ผลคะแนนการประเมินผลการปฏิบัติราชการ ประจำปีงบประมาณ พ.ศ. ๒๕๕๕"
    assert frame.to == "เลขาธิการ ก.พ.ร."
    assert frame.references == ("หนังสือสำนักงาน ก.พ.ร. ที่ นร ๑๒๐๐/๘๕ ลงวันที่ ๒๘ มกราคม ๒๕๕๖",)
    assert frame.enclosures == (
        "๑. รายงานผลการประเมินตนเอง รอบ ๑๒ เดือน จำนวน ๑ ชุด",
        "๒. หลักฐานประกอบการอุทธรณ์ จำนวน ๓ ฉบับ",
    )
    assert (frame.salutation, frame.signature.name) == ("ขอแสดงความนับถือ", "นายสมชาย ใจดี")


def test_an_address_of_mail_keeps_its_digits() -> None:
    assert appeal().letter.contact == (
        "กลุ่มพัฒนาระบบบริหาร",
        "โทร. ๐ ๒๑๔๑ ๑๒๓๔",
        "โทรสาร ๐ ๒๑๔๑ ๑๒๓๕",
        "ไปรษณีย์อิเล็กทรอนิกส์ : psdg2555@dept.example",
    )


def test_the_body_has_cause_purpose_points_and_conclusion() -> None:
    sheet = appeal("arabic")
    assert sheet.cause == (
        "ตามหนังสือที่อ้างถึง สำนักงาน ก.พ.ร. ได้แจ้งผลคะแนนการประเมินผลการปฏิบัติราชการตามคำรับรองการปฏิบัติราชการ "
        "ประจำปีงบประมาณ พ.ศ. 2555 รอบ 12 เดือน ให้กรมตัวอย่างทราบเมื่อวันที่ 30 มกราคม 2556 ความละเอียดแจ้งแล้ว นั้น"
    )
    assert "ขออุทธรณ์ผลคะแนน จำนวน 2 ตัวชี้วัด" in sheet.purpose
    assert [(p.number, p.original, p.requested) for p in sheet.points] == [
        ("1.1", "3.4000", "3.8000"),
        ("3", "2.0000", "4.0000"),
    ]
    assert sheet.conclusion.startswith("จึงเรียนมาเพื่อโปรดพิจารณา")


def test_reasons_are_in_the_digits_of_the_letter_but_names_of_files_are_not() -> None:
    assert appeal("arabic").points[0].reasons == REASONS
    assert "เดือนกันยายน ๒๕๕๕ จำนวน ๑๒๐ แห่ง" in appeal().points[0].reasons
    assert appeal().points[0].original == "๓.๔๐๐๐"
    file = APPEAL.points[0].replace(evidence=("รายงาน-2555.pdf", "หนังสือ ที่ 15/2555"))
    named = appeal_sheet(APPEAL.replace(points=(file,)), dated=WRITTEN_AT).points[0].evidence
    assert named == ("รายงาน-2555.pdf", "หนังสือ ที่ ๑๕/๒๕๕๕")


def test_an_appeal_against_the_negotiation_says_so() -> None:
    letter = LETTER.replace(references=(), enclosures=("บันทึกการเจรจา จำนวน 1 ฉบับ",))
    against = APPEAL.replace(kind=AppealKind.NEGOTIATION, round=None, letter=letter)
    sheet = appeal_sheet(against, dated=WRITTEN_AT, digits="arabic")
    assert sheet.cause.startswith("ตามที่สำนักงาน ก.พ.ร. ได้แจ้งผลการเจรจาตัวชี้วัด")
    assert "รอบ" not in sheet.cause
    assert "ขออุทธรณ์ผลการเจรจา" in sheet.purpose
    assert sheet.columns[2:] == ("ผลการเจรจา", "ที่ขอแก้ไข")
    assert sheet.letter.enclosures == ("บันทึกการเจรจา จำนวน 1 ฉบับ",)


def test_a_kpi_is_appealed_once() -> None:
    with pytest.raises(ValidationError):
        APPEAL.replace(points=(APPEAL.points[0], APPEAL.points[0]))


def test_the_letter_is_one_page_with_all_its_numbers() -> None:
    document = appeal_pdf(APPEAL, dated=WRITTEN_AT)
    extracted = pdf.text(document)
    assert pdf.is_archival(document)
    assert pdf.pages(document) == 1
    for number in ("๐๔๐๘/๑๒๓๔", "๓.๔๐๐๐", "๓.๘๐๐๐", "๒.๐๐๐๐", "๔.๐๐๐๐", "psdg2555@dept.example", "๒๕๕๖"):
        assert number in extracted
    assert document == appeal_pdf(APPEAL, dated=WRITTEN_AT)


def test_a_letter_without_number_and_address_waits_for_the_registry() -> None:
    letter = LETTER.replace(no="", address="")
    document = appeal_pdf(APPEAL.replace(letter=letter), dated=WRITTEN_AT)
    assert "ที่......" in pdf.text(document, page=1)


@pytest.mark.parametrize("lines", [12, 20, 28, 36])
def test_no_signature_stands_on_a_page_without_text_of_the_letter(lines: int) -> None:
    point = APPEAL.points[0].replace(reasons="\n".join(f"เหตุผลประการที่ {n}" for n in range(lines)))
    document = appeal_pdf(APPEAL.replace(points=(point,)), dated=WRITTEN_AT)
    pages = [pdf.text(document, page=at) for at in range(1, pdf.pages(document) + 1)]
    (signed,) = [page for page in pages if "ขอแสดงความนับถือ" in page]
    assert "จึงเรียนมาเพื่อโปรดพิจารณา" in signed
    assert "psdg2555@dept.example" in signed


def test_a_year_of_the_era_a_time_and_a_day_are_not_divided_between_two_lines() -> None:
    told = "ตามประกาศลงวันที่ 13 เม.ย. 2555 เวลา 16.00 น. ประจำปีงบประมาณ พ.ศ. 2555 และ 5 ก.พ. 2556 เวลา 9.30 น. ด้วย"
    (point, *_) = APPEAL.points
    reasons = "\n".join(f"{'ก' * length} {told}" for length in range(1, 60))
    document = appeal_pdf(APPEAL.replace(points=(point.replace(reasons=reasons),)), dated=WRITTEN_AT)
    lines = pdf.lines(document)
    assert [line for line in lines if line.endswith(("พ.ศ.", "๑๓", " ๕", "๑๖.๐๐", "๙.๓๐"))] == []
    assert any(line.startswith("พ.ศ.") for line in lines), "there was a line at whose end it could have been divided"


# --- the site visit ----------------------------------------------------------------------------------------


def test_the_record_names_visit_day_and_people() -> None:
    sheet = site_visit_sheet(VISIT, dated=WRITTEN_AT, digits="arabic")
    assert sheet.heading == ("ครั้งที่ 2 (Post – Evaluation) ประจำปีงบประมาณ พ.ศ. 2555", "กรมตัวอย่าง")
    assert dict(sheet.facts)["วันที่ตรวจประเมิน"] == "วันอังคารที่ 20 พฤศจิกายน 2555"
    assert dict(sheet.facts)["ปิดการตรวจประเมิน"] == "ยังไม่ปิดการตรวจประเมิน"
    assert sheet.present[2] == ("นางวันดี มีสุข", "–", "–")


def test_the_schedule_names_the_day_only_where_it_is_another_one() -> None:
    sheet = site_visit_sheet(VISIT, dated=WRITTEN_AT, digits="arabic")
    assert [line[0] for line in sheet.schedule] == ["09.00 น.", "13.30 น.", "21 พ.ย. 2555 10.00 น."]


def test_findings_have_both_scores_and_requests_their_answers() -> None:
    sheet = site_visit_sheet(VISIT, dated=WRITTEN_AT, digits="arabic")
    assert [(f.number, f.reported, f.proposed) for f in sheet.findings] == [
        ("1.1", "3.4000", "3.4000"),
        ("3", "3.0000", "2.0000"),
        ("4", "–", "–"),
    ]
    answered, open_ = sheet.findings[1].requests
    assert (answered.due, answered.answer, answered.answered, answered.open) == (
        "29 พ.ย. 2555", "จัดส่งแผนฉบับลงนามแล้ว", "กองคลัง\n27 พ.ย. 2555", False,
    )  # fmt: skip
    assert (open_.answer, open_.answered, open_.open) == ("ยังไม่ตอบ", "", True)


def test_a_visit_of_several_days_in_the_words_of_those_who_prepared_it() -> None:
    ready = ReadyEvidence(unit_th="กองคลัง", evidence=("แผนปี 2555", "แผน-2555.pdf"), outstanding="รายงานเดือน 9")
    first, *others = VISIT.findings
    visit = VISIT.replace(
        until=date(2012, 11, 21), place=None, note="ห้องประชุม 3", schedule=(), agenda="09.00 น. นำเสนอ",
        support=(ready,), findings=(first.replace(ready=ready), *others),
    )  # fmt: skip
    sheet = site_visit_sheet(visit, dated=WRITTEN_AT)
    facts = dict(sheet.facts)
    assert facts["วันที่ตรวจประเมิน"] == "๒๐–๒๑ พฤศจิกายน ๒๕๕๕"
    assert ("สถานที่" in facts, facts["รายละเอียด"]) == (False, "ห้องประชุม ๓")
    assert sheet.agenda == "๐๙.๐๐ น. นำเสนอ"
    assert sheet.findings[0].ready == sheet.support[0]
    assert sheet.support[0].evidence == ("แผนปี ๒๕๕๕", "แผน-2555.pdf")
    text = pdf.text(site_visit_pdf(visit, dated=WRITTEN_AT))
    for words in ("๐๙.๐๐น.", "รายงานเดือน๙", "แผน-2555.pdf", "หน่วยงานไม่ได้แจ้ง", "๒๐–๒๑พฤศจิกายน๒๕๕๕"):
        assert words in text


def test_further_evidence_stands_under_the_answer() -> None:
    second = VISIT.findings[1]
    answered = second.requests[0].replace(evidence=("หนังสือที่ 7", "แผนฉบับลงนาม.pdf"))
    visit = VISIT.replace(findings=(second.replace(requests=(answered,)),))
    (line,) = site_visit_sheet(visit, dated=WRITTEN_AT).findings[0].requests
    assert line.evidence == ("หนังสือที่ ๗", "แผนฉบับลงนาม.pdf")
    assert "แผนฉบับลงนาม.pdf" in pdf.text(site_visit_pdf(visit, dated=WRITTEN_AT))


def test_a_closed_visit_says_when() -> None:
    closed = VISIT.replace(closed_on=date(2012, 12, 14))
    sheet = site_visit_sheet(closed, dated=WRITTEN_AT, digits="thai")
    assert dict(sheet.facts)["ปิดการตรวจประเมิน"] == "๑๔ ธันวาคม ๒๕๕๕"


def test_the_record_is_printed_with_its_numbers() -> None:
    document = site_visit_pdf(VISIT, dated=WRITTEN_AT, digits="arabic")
    extracted = pdf.text(document)
    for number in ("3.4000", "3.0000", "2.0000", "09.00", "13.30", "2555"):
        assert number in extracted
    assert pdf.is_archival(document)
    assert pdf.sizes(document) == ["595x842"] * 2
    assert document == site_visit_pdf(VISIT, dated=WRITTEN_AT, digits="arabic")


def test_a_visit_without_schedule_people_or_signatures_is_printed() -> None:
    bare = VISIT.replace(schedule=(), present=(), signatories=(), summary="")
    assert pdf.pages(site_visit_pdf(bare, dated=WRITTEN_AT)) <= 2
