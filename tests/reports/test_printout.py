"""The print-out of P3: four levels in order, marks of late and missing, live data under a watermark."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.printout import printout_pdf, printout_sheet, printout_xlsx
from reports.register import COLUMNS, NARROWEST, heading_widths
from reports.typesetting import typeset
from schemas.directive import Level
from schemas.printout import Printout
from schemas.weekly import ReportText
from tests.reports import pdf
from tests.reports.values import (
    AGENCIES,
    CUT_OFF,
    GOAL,
    PLAN,
    RESULT,
    late,
    missing,
    ordinary_week,
    printout,
    report,
    row,
    snapshot,
)  # fmt: skip

HALF_PAST_THREE = CUT_OFF - timedelta(minutes=30)
LEVELS = ["2.1 ข้อสั่งการทั่วไป", "2.2 ข้อสั่งการต่อเนื่อง", "2.3 ข้อสั่งการแล้วเสร็จ", "2.4 ข้อสั่งการอยู่ระหว่างดำเนินการ"]


def live(**changes: object) -> Printout:
    return printout(ordinary_week(), live=True, as_of=HALF_PAST_THREE, **changes)


# --- what goes onto the pages ------------------------------------------------------------------------------


def test_four_sections_stand_in_the_order_of_the_source_also_when_empty() -> None:
    sheet = printout_sheet(printout(ordinary_week()), digits="arabic")
    assert [section.name for section in sheet.table.sections] == LEVELS
    assert [section.count for section in sheet.table.sections] == ["3", "0", "2", "3"]
    assert sheet.table.nothing == "– ไม่มี –"


def test_the_columns_are_those_of_the_requirements() -> None:
    assert " | ".join(COLUMNS) == (
        "ลำดับ | ข้อสั่งการ | วันที่สั่งการ | หน่วยงานรับผิดชอบ | เป้าหมาย | แผน | ผล | ผลผลิต | ผลลัพธ์ | ผลกระทบ"
    )


@pytest.mark.parametrize(
    ("digits", "meeting", "week", "first_serial", "ordered_on"),
    [
        ("thai", "วันพุธที่ ๑๘ เมษายน ๒๕๖๑ เวลา ๑๓.๐๐ น.", "ประจำสัปดาห์วันที่ ๖–๑๒ เมษายน ๒๕๖๑", "๑", "๘ ก.พ. ๒๕๖๑"),
        ("arabic", "วันพุธที่ 18 เมษายน 2561 เวลา 13.00 น.", "ประจำสัปดาห์วันที่ 6–12 เมษายน 2561", "1", "8 ก.พ. 2561"),
    ],
)
def test_what_the_system_writes_is_in_the_digits_asked_for(
    digits: str, meeting: str, week: str, first_serial: str, ordered_on: str
) -> None:
    sheet = printout_sheet(printout(ordinary_week()), digits=digits)  # type: ignore[arg-type]
    first = sheet.table.sections[0].lines[0]
    assert sheet.heading == ("กระทรวงยุติธรรม", f"ประกอบการประชุมผู้บริหาร {meeting}", week)
    assert (first.serial, first.ordered_on) == (first_serial, ordered_on)


def test_a_meeting_without_a_time_is_known_by_its_day() -> None:
    sheet = printout_sheet(printout(ordinary_week(), meeting_timed=False))
    assert sheet.heading[1] == "ประกอบการประชุมผู้บริหาร วันพุธที่ ๑๘ เมษายน ๒๕๖๑"


def test_what_people_wrote_and_ids_keep_their_digits() -> None:
    line = printout_sheet(printout(ordinary_week()), digits="thai").table.sections[0].lines[0]
    assert line.no == "2561-0000"
    assert line.headings is not None
    assert line.headings[:3] == (GOAL, PLAN, RESULT)


def test_a_frozen_week_says_its_cut_off_and_has_no_watermark() -> None:
    sheet = printout_sheet(printout(ordinary_week()), digits="arabic")
    assert sheet.watermark == ""
    assert sheet.state_of_data == "ข้อมูลตามที่ปิดรับรายงานวันพฤหัสบดีที่ 12 เมษายน 2561 เวลา 16.00 น."


def test_live_data_carry_the_watermark_with_day_and_time() -> None:
    assert printout_sheet(live(), digits="thai").watermark == "ข้อมูล ณ วันที่ ๑๒ เมษายน ๒๕๖๑ เวลา ๑๕.๓๐ น."


@pytest.mark.parametrize(("printed", "said"), [(printout(ordinary_week()), "ไม่รายงาน"), (live(), "ยังไม่รายงาน")])
def test_a_directive_without_report_is_marked(printed: Printout, said: str) -> None:
    """Before the cut-off nobody has failed to report yet."""
    line = printout_sheet(printed, digits="arabic").table.sections[0].lines[-1]
    assert (line.headings, line.absence) == (None, said)
    assert printout_sheet(printed, digits="arabic").counts[-1] == (said, "2")


def test_marks_say_finished_unchecked_urgent_and_late() -> None:
    sheet = printout_sheet(printout(ordinary_week()), digits="arabic")
    general, _, completed, _ = sheet.table.sections
    assert general.lines[1].urgency == "ด่วนที่สุด"
    assert [r.text for r in completed.lines[0].remarks] == ["แล้วเสร็จวันที่ 11 เม.ย. 2561"]
    assert [r.text for r in completed.lines[1].remarks][1:] == ["กลุ่มแผน/กองแผนยังไม่ได้ตรวจ"]


def test_a_mark_says_who_has_checked_a_report_and_when_or_that_it_was_sent_back() -> None:
    sheet = printout_sheet(
        printout(
            snapshot(
                row(0, Level.GENERAL, approved_by="นางสาวปราณี ใจดี", approved_at=HALF_PAST_THREE),
                row(1, Level.GENERAL, report=report(Level.COMPLETED), reviewed=False, returned=True),
            )
        )
    )
    checked, returned = sheet.table.sections[0].lines
    assert [r.text for r in checked.remarks] == ["ตรวจแล้วโดย นางสาวปราณี ใจดี ๑๒ เม.ย. ๒๕๖๑ ๑๕.๓๐ น."]
    assert [(r.text, r.alert) for r in returned.remarks] == [("ส่งคืนแก้ไข", True)]


def test_late_reports_of_the_week_before_are_an_annex() -> None:
    annex = printout_sheet(printout(ordinary_week()), digits="arabic").annex
    assert annex is not None
    assert [section.name for section in annex.sections] == ["สัปดาห์วันที่ 31 มีนาคม – 5 เมษายน 2561"]
    assert [(r.text, r.alert) for r in annex.sections[0].lines[0].remarks] == [
        ("2.4 ข้อสั่งการอยู่ระหว่างดำเนินการ", False),
        ("รายงานล่าช้า ส่งวันจันทร์ที่ 9 เมษายน 2561 เวลา 09.15 น.", True),
    ]
    assert printout_sheet(printout(snapshot())).annex is None


def test_a_late_report_of_a_snapshot_of_before_is_named_by_its_friday() -> None:
    """What was frozen before the days were kept prints as it did, and its JSON stays as it was."""
    before = late(8, Level.IN_PROGRESS).replace(days=None)
    assert "days" not in before.model_dump(mode="json")
    annex = printout_sheet(printout(snapshot(addenda=(before,)))).annex
    assert annex is not None
    assert [section.name for section in annex.sections] == ["สัปดาห์วันศุกร์ที่ ๖ เมษายน ๒๕๖๑"]


def test_a_print_out_of_one_agency_names_divisions_that_of_the_ministry_both() -> None:
    def responsible(agency: str | None) -> tuple[str, str]:
        line = printout_sheet(printout(ordinary_week(), agency=agency)).table.sections[0].lines[0]
        return line.agency, line.division

    assert responsible(None) == (AGENCIES[0], "กองพัฒนาการคุมประพฤติ")
    assert responsible("agency-0") == ("กองพัฒนาการคุมประพฤติ", "")


def test_a_column_with_much_text_is_wide_and_none_is_too_narrow() -> None:
    widths = heading_widths([row(1, Level.GENERAL, report=report(Level.GENERAL, result="ก" * 20_000))])
    assert max(widths) == widths[2] > 0.3
    assert min(widths) >= NARROWEST
    assert sum(widths) == pytest.approx(1, abs=0.001)
    assert len(set(heading_widths([]))) == 1


# --- the pages ---------------------------------------------------------------------------------------------


def test_pages_are_a4_landscape_and_numbered() -> None:
    document = printout_pdf(printout(ordinary_week()), digits="arabic")
    last = pdf.pages(document)
    assert pdf.facts(document)["Page size"] == "841.89 x 595.276 pts (A4)"
    assert f"1/{last}" in pdf.text(document, page=1)
    assert f"{last}/{last}" in pdf.text(document, page=last)


def test_thai_digits_are_on_the_pages_too() -> None:
    assert "๑/" in pdf.text(printout_pdf(printout(ordinary_week()), digits="thai"), page=1)


def test_the_watermark_is_on_every_page_of_live_data() -> None:
    sheet = printout_sheet(live())
    with_mark, without = typeset("printout", sheet), typeset("printout", sheet.replace(watermark=""))
    pages = range(1, pdf.pages(without) + 1)
    assert pdf.pages(with_mark) == len(pages) > 1
    assert all(pdf.picture(with_mark, page) != pdf.picture(without, page) for page in pages)


def test_an_empty_week_is_one_page_that_says_so_four_times() -> None:
    document = printout_pdf(printout(snapshot()), digits="arabic")
    assert pdf.pages(document) == 1
    assert all(number in pdf.text(document) for number in ("2.1", "2.2", "2.3", "2.4"))
    assert pdf.text(document).count("–ไม") == 4


def test_the_head_and_the_level_stand_on_every_page_that_the_table_runs_over() -> None:
    rows = [row(n, Level.CONTINUOUS) for n in range(12)]
    document = printout_pdf(printout(snapshot(*rows)), digits="arabic")
    last = pdf.pages(document)
    assert last > 3
    for page in range(1, last):
        assert "ลัพธ" in pdf.text(document, page=page)
        assert "2.2" in pdf.text(document, page=page)


def test_the_viewers_contents_name_each_level_once() -> None:
    rows = [row(n, Level.CONTINUOUS) for n in range(12)]
    titles = printout_pdf(printout(snapshot(*rows))).count(b"/Title")
    assert titles == printout_pdf(printout(snapshot())).count(b"/Title")


def test_twenty_thousand_characters_run_over_pages_and_all_are_printed() -> None:
    words = " ".join(f"w{n:04}" for n in range(3300))
    assert len(words) <= 20_000
    document = printout_pdf(printout(snapshot(row(1, Level.GENERAL, report=report(Level.GENERAL, result=words)))))
    assert 5 < pdf.pages(document) < 40
    extracted = pdf.text(document)
    assert all(f"w{n:04}" in extracted for n in range(0, 3300, 7))


def brief(level: Level) -> ReportText:
    return ReportText(level=level, goal=GOAL[:20], plan=PLAN[:20])


def test_three_hundred_directives_are_printed_in_their_order() -> None:
    levels = list(Level)
    rows = [row(n, levels[n % 4], title=f"เรื่อง {n}", report=brief(levels[n % 4])) for n in range(300)]
    document = printout_pdf(printout(snapshot(*rows)), digits="arabic")
    extracted = pdf.text(document, layout=True)
    found = [extracted.index(f"2561-{n:04}") for level in range(4) for n in range(level, 300, 4)]
    assert found == sorted(found)


MARKUP = "#heading *bold* $x^2$ @ref \\ <label> `raw` //c /*c*/ [x] {y} -- ~ #set page(width: 1cm)"


def test_markup_in_a_report_is_letters_and_nothing_else() -> None:
    rows = snapshot(row(1, Level.GENERAL, title=MARKUP, report=report(Level.GENERAL, result=MARKUP)))
    document = printout_pdf(printout(rows))
    extracted = pdf.text(document)
    for piece in ("#heading", "*bold*", "$x^2$", "@ref", "<label>", "`raw`", "{y}"):
        assert extracted.count(piece) >= 2
    assert pdf.facts(document)["Page size"] == "841.89 x 595.276 pts (A4)"


@pytest.mark.parametrize("text", ["ก" * 20_000, "a" * 20_000, "กขฃคฅฆง" * 2_800])
def test_text_without_any_place_to_break_is_printed(text: str) -> None:
    rows = snapshot(row(1, Level.GENERAL, report=report(Level.GENERAL, result=text)))
    assert pdf.pages(printout_pdf(printout(rows))) > 1


# --- the workbook ------------------------------------------------------------------------------------------


def book(printed: Printout, sheet: str = "ข้อสั่งการ") -> Worksheet:
    found: Worksheet = load_workbook(BytesIO(printout_xlsx(printed)))[sheet]
    return found


def values(sheet: Worksheet) -> list[list[object]]:
    return [list(cells) for cells in sheet.iter_rows(values_only=True)]


def test_the_workbook_holds_the_same_table_cell_by_cell() -> None:
    rows = snapshot(row(0, Level.GENERAL), missing(5, Level.IN_PROGRESS))
    found = values(book(printout(rows)))
    assert [line[0] for line in found[:5]] == [
        "ผลการดำเนินงานตามข้อสั่งการจากการประชุมผู้บริหารกระทรวงยุติธรรม",
        "กระทรวงยุติธรรม",
        "ประกอบการประชุมผู้บริหาร วันพุธที่ 18 เมษายน 2561 เวลา 13.00 น.",
        "ประจำสัปดาห์วันที่ 6–12 เมษายน 2561",
        "ข้อมูลตามที่ปิดรับรายงานวันพฤหัสบดีที่ 12 เมษายน 2561 เวลา 16.00 น.",
    ]
    first, other = rows.rows
    assert first.report is not None
    assert found[6] == [*COLUMNS, "หมายเหตุ"]
    assert [line[0] for line in found[7:]] == [
        f"{LEVELS[0]} จำนวน 1 เรื่อง", 1, f"{LEVELS[1]} จำนวน 0 เรื่อง", "– ไม่มี –",
        f"{LEVELS[2]} จำนวน 0 เรื่อง", "– ไม่มี –", f"{LEVELS[3]} จำนวน 1 เรื่อง", 1,
    ]  # fmt: skip
    ordered = found[8][2]
    assert getattr(ordered, "date", lambda: ordered)() == first.directive.ordered_on
    assert found[8][3:10] == [
        f"{AGENCIES[0]}\nกองพัฒนาการคุมประพฤติ", first.report.goal, first.report.plan, first.report.result,
        first.report.output, first.report.outcome, first.report.impact,
    ]  # fmt: skip
    assert found[14][4:10] == ["ไม่รายงาน"] * 6
    assert found[14][1] == f"{other.directive.title}\n({other.directive.no})"


def test_the_workbook_is_set_up_for_reading_and_printing() -> None:
    sheet = book(printout(ordinary_week()))
    assert sheet.freeze_panes == "A8"
    assert sheet.print_title_rows == "$7:$7"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet["G9"].alignment.wrap_text
    assert sheet.column_dimensions["G"].width == 36
    assert sheet["C9"].number_format == "[$-107041E]d mmm yyyy"


@pytest.mark.parametrize("text", ["=1+1", "+66 2141", "-5", "@SUM(A1)", '=HYPERLINK("http://x","y")'])
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    rows = snapshot(row(0, Level.GENERAL, title=text, report=report(Level.GENERAL, goal=text)))
    cell = book(printout(rows))["E9"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    assert b"<f>" not in printout_xlsx(printout(rows))


def test_control_characters_do_not_break_the_workbook_and_emoji_stay() -> None:
    rows = snapshot(row(0, Level.GENERAL, report=report(Level.GENERAL, goal="ก\x0b\x00ข 😀\r\nค")))
    assert book(printout(rows))["E9"].value == "กข 😀\nค"


def test_late_reports_have_a_sheet_of_their_own() -> None:
    found = values(book(printout(snapshot(addenda=(late(8, Level.IN_PROGRESS),))), "รายงานล่าช้า"))
    assert found[3][0] == "สัปดาห์วันที่ 31 มีนาคม – 5 เมษายน 2561 จำนวน 1 เรื่อง"
    assert "รายงานล่าช้า ส่งวันจันทร์ที่ 9 เมษายน 2561 เวลา 09.15 น." in str(found[4][10])


def test_the_same_snapshot_makes_the_same_workbook() -> None:
    assert printout_xlsx(printout(ordinary_week())) == printout_xlsx(printout(ordinary_week()))
