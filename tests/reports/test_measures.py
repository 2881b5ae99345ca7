"""Plan, monthly report and summary of the six measures: what stands on them, and that it fits (S3; P12)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reports.measures import month_pdf, month_sheet, plan_pdf, plan_sheet, year_pdf, year_sheet
from rules.thai import to_thai_digits
from schemas.measures import MonthOfYear
from tests.reports import pdf
from tests.reports.measures_values import DATA, OFFICE, OUTCOME, PLANS, REPORTS, SENT, plan

FEBRUARY = OFFICE.months[4]
PAPERS: dict[str, Callable[[], bytes]] = {
    "plan": lambda: plan_pdf(DATA, OFFICE, PLANS[1]),
    "month": lambda: month_pdf(DATA, OFFICE, FEBRUARY, PLANS, REPORTS, missing=("chosen-2",), dated=SENT),
    "year": lambda: year_pdf(DATA, OFFICE, OUTCOME, REPORTS, dated=SENT),
}


@pytest.mark.parametrize("make", PAPERS.values(), ids=PAPERS)
def test_a_paper_is_archival_fits_its_pages_and_prints_the_same_bytes(make: Callable[[], bytes]) -> None:
    document = make()
    assert pdf.is_archival(document)
    assert pdf.cut_off(document) == []
    assert set(pdf.sizes(document)) == {"842x595"}
    assert make() == document


def test_the_plan_shows_its_version_the_former_groups_and_the_baselines() -> None:
    sheet = plan_sheet(DATA, OFFICE, PLANS[1])
    assert sheet.title == "แผนการดำเนินงานตามตัวชี้วัดที่ ๔.๒ ฉบับที่ ๒"
    notes = [note.text for note in sheet.notes]
    assert notes[1] == "ปรับตามหลักเกณฑ์ หนังสือที่ นร ๑๒๐๐/ว ๔ ลงวันที่ ๑ กุมภาพันธ์ ๒๕๖๑"
    assert notes[-1].startswith("ยกเลิกเงื่อนไขกลุ่ม A และ B แล้ว")
    six, chosen, baselines = sheet.grids
    assert six.heading.endswith("(นับเป็น ๖ ใน ๑๒ กิจกรรม)")
    assert [row[2].text for row in chosen.rows][:3] == [
        "การบูรณาการการทำงานระหว่างหน่วยงาน/ภาคส่วนอื่น (เดิมกลุ่ม A)", "การป้องกัน/แก้ไขปัญหาด้านทุจริต (เดิมกลุ่ม A)",
        "การเพิ่มประสิทธิภาพของส่วนราชการภายในจังหวัด (เดิมกลุ่ม B)",
    ]  # fmt: skip
    assert [row[0].text for row in (*six.rows, *chosen.rows)] == [to_thai_digits(str(n)) for n in range(1, 13)]
    assert [cell.text for cell in baselines.rows[0]] == ["ตุลาคม ๒๕๖๐", "๑๓๐,๐๐๐", "๑๓๐,๐๐๐"]
    assert len(baselines.rows) == 12


def test_a_late_plan_and_one_that_does_not_count_the_six_say_so() -> None:
    sheet = plan_sheet(DATA, OFFICE, plan(1, "100", counted=False).replace(late=True))
    assert sheet.notes[0].alert
    assert sheet.notes[0].text.endswith("หลังกำหนดวันที่ ๑๕ พฤศจิกายน ๒๕๖๐")
    assert "ไม่นับในตัวชี้วัดที่ ๔.๒" in sheet.grids[0].heading
    assert [grid.rows[0][0].text for grid in sheet.grids[:2]] == ["๑", "๑"], "the twelve are those chosen"


def test_a_month_says_what_is_saved_what_is_complete_and_who_is_missing() -> None:
    sheet = month_sheet(DATA, OFFICE, FEBRUARY, PLANS, REPORTS, missing=("chosen-2",), dated=SENT)
    assert [(note.text, note.alert) for note in sheet.notes][1] == ("รายงานแล้ว ๔ กิจกรรม ยังไม่รายงาน ๑ กิจกรรม", True)
    energy, saved, outputs = sheet.grids
    assert [cell.text for cell in energy.rows[0]][:2] == ["๔๘,๒๕๐", "๑,๖๓๐.๕"]
    paper, budget = ([cell.text for cell in row] for row in saved.rows)
    assert paper == ["การลดกระดาษ", "๑๒๕,๐๐๐.๕", "๑๑๐,๐๐๐", "๑๒.๐๐", "๑๒.๐๐", "๑๐.๐๐", "–", "ถึงเป้าหมาย"]
    assert budget[-1] == "ไม่ถึงเป้าหมาย"
    done, missing = ([cell.text for cell in row[3:]] for row in outputs.rows)
    assert done == ["๔", "๑๐๐.๐๐", "–", "ครบถ้วน ก.พ. ๖๑"]
    assert missing == ["ยังไม่รายงาน", "–", "–", "–"]


@pytest.mark.parametrize("month", [FEBRUARY, OFFICE.months[0]], ids=["planned", "before-the-plan"])
def test_what_was_done_is_reported_with_the_figures(month: MonthOfYear) -> None:
    done = "จัดประชุม 3 ครั้ง"
    said = [r.replace(form=r.form.replace(note=done)) for r in REPORTS if r.month == month.first_day]
    plans = PLANS if said[0].version else ()
    sheet = month_sheet(DATA, OFFICE, month, plans, said, missing=("chosen-2",), dated=SENT)
    columns = {grid.heading: grid.columns.index("ผลการดำเนินงาน") for grid in sheet.grids[1:]}
    told = [row[columns[grid.heading]].text for grid in sheet.grids[1:] for row in grid.rows]
    assert told == ["จัดประชุม ๓ ครั้ง"] * 2 + (["จัดประชุม ๓ ครั้ง", "–"] if plans else [])
    assert pdf.cut_off(month_pdf(DATA, OFFICE, month, plans, said, missing=("chosen-2",), dated=SENT)) == []


def test_a_month_before_the_plan_shows_what_is_reported_without_a_comparison() -> None:
    october = OFFICE.months[0]
    sheet = month_sheet(DATA, OFFICE, october, (), [r for r in REPORTS if r.version == 0], missing=(), dated=SENT)
    assert sheet.notes[0].text.endswith("ตามแผนยังไม่ได้รับอนุมัติ")
    assert {row[1].text for row in sheet.grids[1].rows} == {"รายงานแล้ว ยังไม่มีค่าฐาน"}


def test_the_year_has_a_line_for_each_month_and_the_savings_on_top() -> None:
    sheet = year_sheet(DATA, OFFICE, OUTCOME, REPORTS, dated=SENT)
    assert [note.text for note in sheet.notes][:2] == [
        "การลดกระดาษ: ประหยัดได้ร้อยละ ๑๔.๐๑ เป้าหมายไม่น้อยกว่าร้อยละ ๑๐ ถึงเป้าหมาย",
        "การประหยัดงบประมาณ: ประหยัดได้ร้อยละ ๖.๑๙ เป้าหมายไม่น้อยกว่าร้อยละ ๑๐ ไม่ถึงเป้าหมาย",
    ]
    months, outputs = sheet.grids
    assert [cell.text for cell in months.rows[-1]][:5] == ["ก.ย. ๖๑", "๑๓๐,๐๐๐", "๑๑๐,๐๐๐", "๑๕.๓๘", "๑๔.๐๑"]
    assert (len(months.rows), len(outputs.rows)) == (12, 9)
