"""The Monday report to the minister: counts, completed, failing, note, full table, late reports of earlier weeks."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from reports.register import WITHOUT_REPORT
from reports.typesetting import Letterhead
from reports.weekly import (
    COUNT_COLUMNS,
    NOT_YET_REVIEWED,
    UNREVIEWED,
    MinisterReportSheet,
    counts,
    draft_report_pdf,
    minister_report_pdf,
    minister_report_sheet,
    minister_report_xlsx,
)  # fmt: skip
from schemas.directive import Level
from schemas.weekly import WeekSnapshot
from tests.reports import pdf
from tests.reports.values import AGENCIES, late, ordinary_week, row, snapshot

JUSTICE = Letterhead(ministry_th="กระทรวงยุติธรรม")


def sheet(of: WeekSnapshot, *, note: str = "", reviewed: bool = True) -> MinisterReportSheet:
    return minister_report_sheet(of, note=note, reviewed=reviewed, digits="arabic", letterhead=JUSTICE)


def test_the_counts_are_a_row_an_agency_in_the_order_of_the_snapshot_with_totals() -> None:
    assert COUNT_COLUMNS == ("ส่วนราชการ", "ทั่วไป", "ต่อเนื่อง", "แล้วเสร็จ", "อยู่ระหว่างดำเนินการ", "รวม", "ไม่รายงาน")
    assert counts(ordinary_week()) == (
        (AGENCIES[0], (1, 0, 0, 1, 2, 0)),
        (AGENCIES[1], (1, 0, 0, 1, 2, 1)),
        (AGENCIES[2], (0, 0, 1, 1, 2, 0)),
        (AGENCIES[3], (1, 0, 1, 0, 2, 1)),
        ("รวม", (3, 0, 2, 3, 8, 2)),
    )


def test_a_week_without_directives_counts_nothing() -> None:
    assert counts(snapshot()) == (("รวม", (0, 0, 0, 0, 0, 0)),)


def test_completed_and_failing_directives_are_listed() -> None:
    found = sheet(ordinary_week())
    assert [(item.no, item.detail) for item in found.completed] == [
        ("2561-0002", "แล้วเสร็จวันที่ 11 เม.ย. 2561"),
        ("2561-0003", "แล้วเสร็จวันที่ 11 เม.ย. 2561"),
    ]
    assert [(item.no, item.detail, item.alert) for item in found.failing[:2]] == [
        ("2561-0005", "ไม่รายงาน", True),
        ("2561-0007", "ไม่รายงาน", True),
    ]
    (late,) = found.failing[2:]
    assert (late.no, late.alert) == ("2561-0008", True)
    assert late.detail.startswith("รายงานล่าช้า (สัปดาห์วันที่ 31 มีนาคม – 5 เมษายน 2561) ส่งวันจันทร์ที่ 9 เมษายน 2561")
    assert found.failing[0].responsible == f"{AGENCIES[1]} / สำนักงานเลขานุการกรม"


def test_it_is_addressed_to_the_minister_and_names_week_and_cut_off() -> None:
    found = sheet(ordinary_week())
    assert (found.to, found.week) == ("เสนอ รัฐมนตรีว่าการกระทรวงยุติธรรม", "ประจำสัปดาห์วันที่ 6–12 เมษายน 2561")
    assert found.state_of_data == "ข้อมูลตามที่ปิดรับรายงานวันพฤหัสบดีที่ 12 เมษายน 2561 เวลา 16.00 น."


def test_a_single_late_report_follows_the_table_where_there_is_room() -> None:
    week = snapshot(row(4, Level.IN_PROGRESS), addenda=(late(8, Level.IN_PROGRESS),))
    document = minister_report_pdf(week, note="", reviewed=True)
    assert pdf.pages(document) == 2
    assert "รายงานที่ส่งหลังปิดรับของสัปดาห์ก่อน" in pdf.text(document, page=2)


def test_an_unreviewed_report_says_so() -> None:
    unreviewed = minister_report_pdf(ordinary_week(), note="SECRET-DRAFT", reviewed=False)
    reviewed = minister_report_pdf(ordinary_week(), note="NOTE-2561", reviewed=True)
    assert "SECRET-DRAFT" not in pdf.text(unreviewed)
    assert "NOTE-2561" in pdf.text(reviewed, page=1)


def test_the_first_page_stands_upright_and_the_table_lies() -> None:
    document = minister_report_pdf(ordinary_week(), note="", reviewed=True, letterhead=JUSTICE)
    assert pdf.facts(document)["Page size"] == "595.276 x 841.89 pts (A4)"
    assert pdf.is_archival(document)
    assert pdf.pages(document) >= 3
    assert "2561-0008" in pdf.text(document, page=pdf.pages(document)), "the late report of the week before"


def test_the_same_week_gives_the_same_report() -> None:
    first, again = (minister_report_pdf(ordinary_week(), note="ก", reviewed=True) for _ in range(2))
    assert first == again


@pytest.mark.parametrize("rows", [(), (row(1, Level.COMPLETED),)])
def test_small_weeks_are_printed(rows: tuple[object, ...]) -> None:
    week = snapshot(*rows)  # type: ignore[arg-type]
    assert pdf.pages(minister_report_pdf(week, note="", reviewed=True)) == 2


def test_the_workbook_holds_counts_lists_table_and_late_reports() -> None:
    book = load_workbook(BytesIO(minister_report_xlsx(ordinary_week(), note="", reviewed=False, letterhead=JUSTICE)))
    assert book.sheetnames == ["สรุป", "แล้วเสร็จ", "ไม่รายงาน-ล่าช้า", "ข้อสั่งการ", "รายงานล่าช้า"]
    summary = [[cell for cell in line if cell is not None] for line in book["สรุป"].iter_rows(values_only=True)]
    assert summary[5] == list(COUNT_COLUMNS)
    assert summary[6:11] == [[name, *numbers] for name, numbers in counts(ordinary_week())]
    assert summary[-1] == [UNREVIEWED]
    assert [line[1] for line in book["ไม่รายงาน-ล่าช้า"].iter_rows(min_row=4, values_only=True)] == [
        "2561-0005",
        "2561-0007",
        "2561-0008",
    ]


def test_a_note_that_looks_like_a_formula_is_text() -> None:
    book = load_workbook(BytesIO(minister_report_xlsx(snapshot(), note="=1+1\n@x", reviewed=True)))
    notes = [(c.value, c.data_type) for line in book["สรุป"].iter_rows() for c in line if c.value in ("=1+1", "@x")]
    assert notes == [("=1+1", "s"), ("@x", "s")]


def test_a_draft_says_so_on_every_page_and_holds_the_place_of_the_note() -> None:
    draft = draft_report_pdf(ordinary_week(), letterhead=JUSTICE)
    sent = minister_report_pdf(ordinary_week(), note="", reviewed=False, letterhead=JUSTICE)
    pages = range(1, pdf.pages(draft) + 1)
    assert [page for page in pages if pdf.picture(draft, page) == pdf.picture(sent, page)] == []
    said = pdf.text(draft)
    assert (NOT_YET_REVIEWED.replace(" ", "") in said, UNREVIEWED.replace(" ", "") in said) == (True, False)


def test_where_a_directive_without_a_report_is_counted_is_said_where_there_is_one() -> None:
    assert sheet(ordinary_week()).counted == WITHOUT_REPORT
    assert sheet(snapshot(row(1, Level.COMPLETED))).counted == ""
    assert WITHOUT_REPORT.replace(" ", "")[:30] in pdf.text(
        minister_report_pdf(ordinary_week(), note="", reviewed=True)
    )
