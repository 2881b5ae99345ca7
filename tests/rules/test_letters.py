"""What stands in the letter of appeal and in the two announcements of the scores."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rules.appeal import negotiation_notice, score_notice
from rules.letters import appeal_letter, final_scores, lines_of, provisional_scores
from rules.signing import reference_th
from schemas.agreement import NegotiationNotice
from schemas.appeal import AppealCase, AppealDraft, AppealEnding, AppealResult, AppealWish
from schemas.attachment import AttachedFile
from schemas.kpi import Holding, Kpi, KpiBook, Round
from schemas.letters import AppealLetter, Signatory
from schemas.organisation import Unit, UnitRole
from schemas.scorecard import KpiReport

NOTICED_AT = datetime(2013, 2, 27, 18, tzinfo=UTC)
"""Thursday 28 February 2556, 01.00 น. in Bangkok: another day than in UTC."""
SIGNED_ON = date(2013, 3, 14)
HEAD = Signatory(position="อธิบดีกรมตัวอย่าง")
BOOK = KpiBook(
    fiscal_year=2555, agency="dept",
    kpis=tuple(
        Kpi(number=n, th=f"ชื่อ {n}", weight=Decimal(50), target=Decimal("80.5"), holdings=(Holding(unit="finance"),))
        for n in ("1", "2")
    ),
)  # fmt: skip
SCORES = score_notice(
    BOOK, {"1": KpiReport(decided=Decimal("3.4")), "2": KpiReport(decided=Decimal(4))}, NOTICED_AT
)  # fmt: skip
DRAFT = AppealDraft(
    wish=AppealWish.APPEAL, requested=Decimal("3.8"), reasons="ยังไม่รวมหมู่บ้านในเดือนกันยายน",
    evidence="บัญชีหมู่บ้าน\n\n หนังสือที่ ตย 1/2555 ",
    attachments=(AttachedFile(name="บัญชี.pdf", media_type="application/pdf", size=9, sha256="a" * 64),),
)  # fmt: skip


AGENCY = Unit(
    id="dept", th="กรมตัวอย่าง", role=UnitRole.AGENCY, address="ศูนย์ราชการ ถนนตัวอย่าง\nกรุงเทพฯ 10210", phone="0 2141 1000",
    email="saraban@dept.example",
)  # fmt: skip
PSDG = Unit(id="psdg", th="กลุ่มพัฒนาระบบบริหาร", role=UnitRole.PSDG, parent="dept", phone="0 2141 1234")


def letter(notice: AppealCase, draft: AppealDraft = DRAFT, *, psdg: Unit = PSDG) -> AppealLetter:
    return appeal_letter(
        notice, notice.kpis[0], draft, HEAD, SIGNED_ON, agency=AGENCY, psdg=psdg, owner_th="กลุ่มพัฒนาระบบบริหาร"
    )


def test_the_letter_says_what_the_unit_wrote_and_what_was_noticed() -> None:
    of = letter(SCORES)
    (point,) = of.points
    assert (point.number, point.th, point.original, point.requested) == ("1", "ชื่อ 1", "3.4000", "3.8000")
    assert point.evidence == ("บัญชีหมู่บ้าน", "หนังสือที่ ตย 1/2555", "บัญชี.pdf")
    assert (of.round, of.notified_on) == (Round.TWELVE, date(2013, 2, 28))


def test_the_letter_goes_to_the_secretary_general_and_waits_for_its_number() -> None:
    frame = letter(SCORES).letter
    assert (frame.to, frame.no, frame.on) == ("เลขาธิการ ก.พ.ร.", "", SIGNED_ON)
    assert frame.subject == "ขออุทธรณ์ผลคะแนนการประเมินผลการปฏิบัติราชการ ตัวชี้วัดที่ 1 ประจำปีงบประมาณ พ.ศ. 2555"
    assert (frame.owner_th, frame.signatory) == ("กลุ่มพัฒนาระบบบริหาร", HEAD)
    assert frame.enclosures == ("หลักฐานประกอบการอุทธรณ์ จำนวน 1 รายการ",)
    assert letter(SCORES, DRAFT.replace(attachments=())).letter.enclosures == ()


def test_an_appeal_on_the_negotiation_refers_to_the_letter_of_notice() -> None:
    of = letter(negotiation_notice(BOOK, NOTICED_AT, "นร 1204/1"), DRAFT.replace(requested=Decimal(78)))
    assert of.letter.references == ("หนังสือสำนักงาน ก.พ.ร. ที่ นร 1204/1",)
    assert (of.round, of.points[0].original, of.points[0].requested) == (None, "80.5", "78")
    large = letter(negotiation_notice(BOOK, NOTICED_AT), DRAFT.replace(requested=Decimal(1_500_000)))
    assert large.points[0].requested == "1,500,000"
    dated = letter(negotiation_notice(BOOK, NOTICED_AT, "นร 1204/1", date(2013, 1, 28)))
    assert dated.letter.references == ("หนังสือสำนักงาน ก.พ.ร. ที่ นร 1204/1 ลงวันที่ 28 มกราคม 2556",)
    assert letter(negotiation_notice(BOOK, NOTICED_AT)).letter.references == ()


def test_the_letter_says_where_it_comes_from_and_how_its_office_is_reached() -> None:
    """What the unit in charge has no number or address of is the agency's."""
    frame = letter(SCORES).letter
    assert (frame.address, frame.phone, frame.fax, frame.email) == (
        AGENCY.address, "0 2141 1234", "", "saraban@dept.example"
    )  # fmt: skip
    own = letter(SCORES, psdg=PSDG.replace(phone="", email="psdg@dept.example")).letter
    assert (own.phone, own.email) == ("0 2141 1000", "psdg@dept.example")


@pytest.mark.parametrize(("no", "on", "said"), [
    ("นร 1200/85", date(2013, 1, 28), "หนังสือสำนักงาน ก.พ.ร. ที่ นร 1200/85 ลงวันที่ 28 มกราคม 2556"),
    ("นร 1200/85", None, "หนังสือสำนักงาน ก.พ.ร. ที่ นร 1200/85"),
    ("ที่ นร 1200/85 ลงวันที่ 28 ม.ค. 56", date(2013, 1, 28), "หนังสือสำนักงาน ก.พ.ร. ที่ นร 1200/85 ลงวันที่ 28 ม.ค. 56"),
])  # fmt: skip
def test_a_letter_is_referred_to_by_number_and_by_its_date_where_that_is_known(
    no: str, on: date | None, said: str
) -> None:
    assert reference_th("สำนักงาน ก.พ.ร.", no, on) == said


def test_what_was_noticed_before_the_date_was_asked_is_written_as_it_was() -> None:
    assert "reference_on" not in negotiation_notice(BOOK, NOTICED_AT, "นร 1204/1").model_dump(mode="json")
    assert set(NegotiationNotice(reference="นร 1204/1").model_dump(mode="json")) == {"reference", "note"}


def test_evidence_as_long_as_a_field_takes_is_printed() -> None:
    long = "ก" * 20_000
    assert letter(SCORES, DRAFT.replace(evidence=long)).points[0].evidence[0] == long


@pytest.mark.parametrize(("text", "lines"), [("", ()), (" ก \n\nข", ("ก", "ข")), ("ก\r\nข", ("ก", "ข"))])
def test_what_is_written_one_to_a_line(text: str, lines: tuple[str, ...]) -> None:
    assert lines_of(text) == lines


# --- the announcements -------------------------------------------------------------------------------------


def result(kpi: str, ending: AppealEnding, noticed: str, value: str) -> AppealResult:
    return AppealResult(kpi=kpi, unit="finance", ending=ending, noticed=Decimal(noticed), value=Decimal(value))


def test_the_first_announcement_is_provisional_and_says_until_when_one_may_appeal() -> None:
    said = provisional_scores(SCORES, "กรมตัวอย่าง", HEAD, appeal_until=date(2013, 3, 15))
    assert said.subject == "ผลคะแนนการประเมินผลการปฏิบัติราชการ ประจำปีงบประมาณ พ.ศ. 2555 (เบื้องต้น)"
    told, open_ = said.grounds.split("\n")
    assert told.endswith("ประจำปีงบประมาณ พ.ศ. 2555 เมื่อวันที่ 28 กุมภาพันธ์ 2556 แล้ว นั้น")
    assert "ผลคะแนนเบื้องต้น" in open_
    assert open_.endswith("ภายในวันที่ 15 มีนาคม 2556")


def test_the_second_announcement_is_final_and_names_the_scores_that_were_changed() -> None:
    results = (
        result("1", AppealEnding.PARTLY, "3.4", "3.6"), result("2", AppealEnding.DISMISSED, "4", "4"),
        result("3", AppealEnding.LATE, "2", "2"),
    )  # fmt: skip
    said = final_scores(SCORES, "กรมตัวอย่าง", HEAD, results)
    assert said.subject.endswith("(ขั้นสุดท้าย)")
    _, ended, changed = said.grounds.split("\n")
    assert "มีการวินิจฉัยอุทธรณ์ จำนวน 2 ตัวชี้วัด" in ended
    assert changed == "คะแนนที่เปลี่ยนแปลงตามคำวินิจฉัย ได้แก่ ตัวชี้วัดที่ 1 จากเดิม 3.4000 เป็น 3.6000"


def test_where_nobody_appealed_the_second_announcement_says_so_and_changes_nothing() -> None:
    said = final_scores(SCORES, "กรมตัวอย่าง", HEAD, (result("1", AppealEnding.NOT_WANTED, "3.4", "3.4"),))
    assert len(said.grounds.split("\n")) == 2
    assert "ไม่มีอุทธรณ์ที่ต้องวินิจฉัย" in said.grounds
