"""A circular letter with its list, and the list with the receipts (S3; requirements 3.4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from reports.circular import circular_pdf, circular_sheet, receipts_pdf, receipts_sheet
from schemas.actor import Actor, ActorKind
from schemas.circular import Circular, CircularCase, Conclusion, Received, Recipient
from schemas.directive import Urgency
from schemas.letters import OfficialLetter, Signatory
from tests.reports import pdf

NOON = datetime(2017, 10, 11, 5, tzinfo=UTC)
SUBJECT = (
    "สรุปผลการประชุมชี้แจงแนวทางการประเมินส่วนราชการตามมาตรการปรับปรุงประสิทธิภาพในการปฏิบัติราชการของจังหวัด "
    "ประจำปีงบประมาณ พ.ศ. 2561 (เพิ่มเติม) ตามข้อสั่งการนายกรัฐมนตรี"
)


def circular(recipients: int) -> CircularCase:
    """The letter of Samut Sakhon, to so many heads."""
    return CircularCase(
        sender="office", issuer="province",
        letter=Circular(
            no="สค 0017.2/ว 14080", on=date(2017, 10, 11), urgency=Urgency.MOST_URGENT, subject=SUBJECT,
            text="ตามที่จังหวัดสมุทรสาคร ได้เชิญเข้าร่วมประชุม เมื่อวันที่ 9 ตุลาคม 2560 นั้น\nจังหวัดสมุทรสาคร จึงขอส่งสรุปผล",
        ),
        recipients=tuple(
            Recipient(unit=f"office-{n}", addressee=f"หัวหน้าสำนักงานที่ {n}") for n in range(1, recipients + 1)
        ),
    )  # fmt: skip


def letter(of: CircularCase) -> OfficialLetter:
    said = of.letter
    return OfficialLetter(
        urgency=said.urgency, no=said.no, sender_th="จังหวัดสมุทรสาคร", on=said.on, subject=said.subject,
        address="ศาลากลางจังหวัดสมุทรสาคร\nถนนเศรษฐกิจ 1 สค 74000",
        to="หัวหน้าส่วนราชการที่เกี่ยวข้อง (ตามบัญชีรายชื่อแนบท้าย)",
        owner_th="สำนักงานจังหวัด\nกลุ่มงานยุทธศาสตร์และข้อมูลเพื่อการพัฒนาจังหวัด",
        phone="0 3442 5075, 0 3442 5074", fax="0 3442 5075, 0 3442 5074", email="strategy.skn@samutsakhon.example",
        references=("หนังสือจังหวัดสมุทรสาคร ด่วนที่สุด ที่ สค 0017.2/ว 13843 ลงวันที่ 6 ตุลาคม 2560",),
        enclosures=("สรุปผลการประชุมฯ จำนวน 1 ชุด",), signatory=Signatory(position="ผู้ว่าราชการจังหวัดสมุทรสาคร"),
    )  # fmt: skip


def received(number: int) -> tuple[Received, ...]:
    return tuple(
        Received(
            unit=f"office-{n}", at=NOON + timedelta(hours=n),
            by=Actor(kind=ActorKind.OFFICER, officer=f"o.{n}", unit=f"office-{n}", name=f"เจ้าหน้าที่ {n}", through="test"),
        )
        for n in range(1, number + 1)
    )  # fmt: skip


def test_the_letter_is_as_the_province_wrote_it() -> None:
    sheet = circular_sheet(circular(29), letter(circular(29)), dated=NOON)
    assert (sheet.letter.urgency, sheet.letter.no) == ("ด่วนที่สุด", "สค ๐๐๑๗.๒/ว ๑๔๐๘๐")
    assert (sheet.letter.sender, sheet.letter.address) == ("", "ศาลากลางจังหวัดสมุทรสาคร\nถนนเศรษฐกิจ ๑ สค ๗๔๐๐๐")
    assert sheet.letter.contact == (
        "สำนักงานจังหวัด",
        "กลุ่มงานยุทธศาสตร์และข้อมูลเพื่อการพัฒนาจังหวัด",
        "โทร./โทรสาร ๐ ๓๔๔๒ ๕๐๗๕, ๐ ๓๔๔๒ ๕๐๗๔",
        "ไปรษณีย์อิเล็กทรอนิกส์ : strategy.skn@samutsakhon.example",
    )
    assert sheet.letter.date == "๑๑ ตุลาคม ๒๕๖๐"
    assert sheet.letter.references == ("หนังสือจังหวัดสมุทรสาคร ด่วนที่สุด ที่ สค ๐๐๑๗.๒/ว ๑๓๘๔๓ ลงวันที่ ๖ ตุลาคม ๒๕๖๐",)
    assert sheet.letter.enclosures == ("สรุปผลการประชุมฯ จำนวน ๑ ชุด",)
    assert sheet.conclusion == "จึงเรียนมาเพื่อทราบ"
    assert (sheet.annex.columns, len(sheet.annex.lines)) == (("ลำดับ", "หัวหน้าส่วนราชการที่เกี่ยวข้อง", "ผู้รับ"), 29)
    assert {(line.received, line.missing) for line in sheet.annex.lines} == {("", False)}  # to be signed by hand
    assert sheet.annex.lines[-1].number == "๒๙."


@pytest.mark.parametrize(
    ("asked", "words"),
    [(Conclusion.COMPLY, "จึงเรียนมาเพื่อทราบและถือปฏิบัติ"), (Conclusion.CONSIDER, "จึงเรียนมาเพื่อโปรดพิจารณา")],
)
def test_a_letter_that_asks_for_action_ends_so(asked: Conclusion, words: str) -> None:
    of = circular(3)
    of = of.replace(letter=of.letter.replace(conclusion=asked))
    assert circular_sheet(of, letter(of), dated=NOON).conclusion == words


def test_the_list_says_who_took_it_in_when_and_who_did_not() -> None:
    sheet = receipts_sheet(circular(3), received(2), sent_again=2, dated=NOON)
    assert [line.received for line in sheet.annex.lines] == [
        "เจ้าหน้าที่ 1\n๑๑ ต.ค. ๒๕๖๐ ๑๓.๐๐ น.", "เจ้าหน้าที่ 2\n๑๑ ต.ค. ๒๕๖๐ ๑๔.๐๐ น.", "ยังไม่ตอบรับ",
    ]  # fmt: skip
    assert [line.missing for line in sheet.annex.lines] == [False, False, True]
    assert sheet.summary == "ตอบรับแล้ว ๒ จาก ๓ หน่วยงาน ส่งซ้ำ ๒ ครั้ง"


@pytest.mark.parametrize(("recipients", "pages"), [(3, 2), (29, 2), (76, 4)])
def test_every_recipient_stands_in_the_letter_and_in_the_list(recipients: int, pages: int) -> None:
    of = circular(recipients)
    for document in (
        circular_pdf(of, letter(of), dated=NOON),
        receipts_pdf(of, received(recipients), sent_again=0, dated=NOON),
    ):
        assert pdf.is_archival(document)
        assert pdf.cut_off(document) == []
        text = pdf.text(document)
        assert [n for n in range(1, recipients + 1) if f"หัวหน้าสำนักงานที่{n}" not in text] == []
    assert pdf.pages(circular_pdf(of, letter(of), dated=NOON)) == pages


def test_the_same_letter_prints_the_same_bytes() -> None:
    of = circular(3)
    assert circular_pdf(of, letter(of), dated=NOON) == circular_pdf(of, letter(of), dated=NOON)
