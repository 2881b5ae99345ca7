"""What code has written in Thai is read back in English; what people wrote is left alone."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import flows
from audit.approved import approvals
from audit.sheet import sheet_of
from engine.process import processes
from flows import circular, opinion, printout
from flows.wording import facts_of, facts_of_line
from portal.audit_wording import AuditWording
from portal.english import fact_in_english, in_english, which
from portal.english_labels import LABELS, PROCESSES, WRITTEN_BY_PEOPLE
from portal.english_names import english_names
from portal.fields import form_fields, readable
from portal.texts import TEXTS, Language
from portal.wording import THAI, Wording
from rules.calendar import Calendar
from rules.thai_reading import parse_thai_date
from rules.week import reporting_week, week_label_th
from schemas.circular import Circular, CircularCase, Dispatch, Receipts, Recipient
from schemas.directive import Directive
from schemas.form import FormContext
from schemas.measures_report import EnergyReport
from schemas.opinion import OpinionCase
from schemas.organisation import Unit, UnitRole
from schemas.policy import Policy
from schemas.printout import PrintoutCase
from schemas.weekly import OpenDirective
from tasks.printout import Table
from tests.portal.conftest import Browsers
from tests.portal.scene import DIRECTIVE_DATA, PLANNING, sample_ministry

NOON = datetime(2018, 4, 20, 5, 0, tzinfo=UTC)


def test_every_process_has_an_english_title() -> None:
    assert {process.id for process in processes() if process.entrypoint.startswith("flows.")} <= PROCESSES.keys()


@pytest.mark.parametrize(
    ("thai", "english"),
    [
        ("ข้อสั่งการที่ 2561-0007 เร่งรัดงบ (กรม)", "Directive 2561-0007 เร่งรัดงบ (กรม)"),
        ("รายงานข้อสั่งการ สัปดาห์วันที่ 6–12 เมษายน 2561", "Directive reports, week of 6–12 April 2018"),
        (
            "รายงานข้อสั่งการ สัปดาห์วันที่ 28 เมษายน – 4 พฤษภาคม 2561",
            "Directive reports, week of 28 April – 4 May 2018",
        ),
        ("เอกสารประกอบการประชุมผู้บริหาร 18 เมษายน 2561 (กรม)", "Print-out for the executive meeting, 18 April 2018 (กรม)"),
        ("รอรายงานประจำสัปดาห์จนแล้วเสร็จ", "Waits for weekly reports until the directive is completed"),
        ("รอถึงวันศุกร์ที่ 4 พฤษภาคม 2561 เวลา 16.00 น.", "Waits until 4 May 2018, 16:00"),
        (
            "รอกลุ่มแผน: รับทราบข้อสั่งการ ภายในวันพุธที่ 11 เมษายน 2561 เวลา 16.30 น.",
            "Waits for กลุ่มแผน: Acknowledge the directive, by 11 April 2018, 16:30",
        ),
        (
            "รอ 6 งาน จาก 5 หน่วยงาน (ก ข ค และหน่วยงานอื่น) กำหนดแรกวันพฤหัสบดีที่ 3 พฤษภาคม 2561 เวลา 16.00 น.",
            "Waits for 6 pieces of work of 5 units (ก ข ค and others), the first due 3 May 2018, 16:00",
        ),
        ("คำรับรองหน่วยงาน 5 ปีงบประมาณ พ.ศ. 2553", "Agreement of หน่วยงาน 5, fiscal year (B.E.) 2553"),
        ("รายงานการควบคุมภายใน ปีงบประมาณ พ.ศ. 2553", "Internal control report, fiscal year (B.E.) 2553"),
        ("Big Cleaning Day 24 พฤษภาคม 2553", "Big Cleaning Day, 24 May 2010"),
        ("ผู้บังคับบัญชาส่งคืน: เพิ่มงาน", "Returned by the supervisor: เพิ่มงาน"),
        ("ประเมินซ้ำแล้วได้ 2.0000 ยังน้อยกว่า 2.5", "Assessed again at 2.0000, still below 2.5"),
        (
            "มาตรการ 6 เรื่อง ปีงบประมาณ พ.ศ. 2561 จังหวัดสมุทรสาคร",
            "Six measures, fiscal year (B.E.) 2561 จังหวัดสมุทรสาคร",
        ),
        ("แผนฉบับที่ 2", "Version 2 of the plan"),
        ("จัดทำแผนของกิจกรรม การลดกระดาษ", "Plan the activity: Less paper"),
        ("ปรับแผนของกิจกรรม ลดขั้นตอน", "Plan the activity anew: ลดขั้นตอน"),
        ("รายงานปริมาณที่ใช้ ธันวาคม 2560: การลดกระดาษ", "What was used, December 2017: Less paper"),
        (
            "รอกองคลัง: รายงานปริมาณที่ใช้ ธันวาคม 2560: การลดกระดาษ ภายในวันอังคารที่ 2 มกราคม 2561 เวลา 23.59 น.",
            "Waits for กองคลัง: What was used, December 2017: Less paper, by 2 January 2018, 23:59",
        ),
        ("ส่งคืนแก้ไข: ขอแผนให้ชัด\nและตัวเลข", "Returned for correction: ขอแผนให้ชัด\nและตัวเลข"),
        ("โปรดประสานกรมคุมประพฤติก่อนตอบรับ", "โปรดประสานกรมคุมประพฤติก่อนตอบรับ"),
        ("รอเอกสารจากกรม: ยังไม่ส่ง", "รอเอกสารจากกรม: ยังไม่ส่ง"),
    ],
)
def test_sentences_of_the_system_are_read_back(thai: str, english: str) -> None:
    assert in_english(thai) == english


def test_no_flow_has_a_label_without_its_english() -> None:
    folder = Path(flows.__file__).parent
    labels = {
        label
        for flow in folder.glob("*.py")
        for label in re.findall(r'\(\s*"([ก-๛][^"{:]*)", ', flow.read_text("utf-8"))
    }
    assert len(labels) > 20
    assert labels <= LABELS.keys()
    assert LABELS.keys() >= WRITTEN_BY_PEOPLE


def test_every_phase_that_steps_note_has_its_words() -> None:
    folder = Path(flows.__file__).parent
    files = [*folder.glob("*.py"), *(folder.parent / "tasks").glob("*.py")]
    phases = {name for file in files for name in re.findall(r'note_phase\([^)]*phase="(\w+)"', file.read_text("utf-8"))}
    phases |= {name for file in files for name in re.findall(r'keep_book, [\w.]+, "(\w+)"', file.read_text("utf-8"))}
    assert {f"phase.{phase}" for phase in phases} <= TEXTS.keys()
    assert len(phases) > 6


def test_every_message_that_flows_wait_for_has_its_words() -> None:
    folder = Path(flows.__file__).parent
    found = re.compile(r"\.(?:receive|signal)\((?:\"\w+\"|[A-Z_]+), ([A-Z]\w+)|message_name\(([A-Z]\w+)")
    written = "".join(file.read_text("utf-8") for file in folder.glob("*.py"))
    names = {name for pair in found.findall(written) for name in pair if name}
    assert names >= {"DirectiveJoins", "DirectiveCompleted", "YearDayMoved"}
    assert {f"message.{name}" for name in names} <= TEXTS.keys()


def test_every_fact_that_flows_state_has_an_english_label_and_value() -> None:
    directive = Directive.model_validate(DIRECTIVE_DATA["directive"])
    week = reporting_week(date(2018, 4, 20), calendar=Calendar(), policy=Policy().weekly)
    line = OpenDirective(
        case="directive-2561-0007-dept", no=directive.no, title=directive.title, agency="dept",
        planning_unit="dept-plan", division="dept-div-a", mode="division_keys", ordered_on=directive.ordered_on,
        nature=directive.nature, ordered_by="รมว.ยธ.", source_meeting="การประชุม", responsible_th="กรม / กอง ก",
    )  # fmt: skip
    call = OpinionCase(no="2561-0001", subject="ร่าง", text="ขอความเห็น", agencies=("dept",), due=NOON)
    order = PrintoutCase(agency="dept", meeting_at=NOON, prepare_at=NOON, due=NOON)
    letter = CircularCase(
        sender="dept-plan", issuer="dept", letter=Circular(no="ก/ว 1", on=NOON.date(), subject="เรื่อง", text="ข้อความ"),
        recipients=(Recipient(unit="dept-div-a", addressee="ก"), Recipient(unit="dept-div-b", addressee="ข")),
    )  # fmt: skip
    dispatch = Dispatch(sender_th="กลุ่มแผน", issuer_th="กรม", due=NOON)
    table = Table(content="0" * 64, week=None, live=True, as_of=NOON, directives=7)
    stated = (
        *facts_of(directive), *facts_of_line(line, week_label_th(week)), *opinion.facts(call, 3),
        *printout.facts_of_table(order, table),
    )  # fmt: skip
    sent = circular.facts(letter, dispatch, Receipts(received=1, missing=("ก", "ข")))
    assert {label for label, _ in (*stated, *sent)} <= LABELS.keys()
    read = dict(fact_in_english(*fact) for fact in (*sent, *stated))
    assert read["Ordered on"] == "9 April 2018"
    assert read["Week reported"] == "Week of 13–20 April 2018"
    assert (read["Opinions received"], read["Due"], read["Urgency"]) == ("3", "20 April 2018, 12:00", "Urgent")
    assert read["Level last reported"] == "not reported yet"
    assert read["Data"] == "as they stand before the cut-off, 20 April 2018, 12:00"
    assert (read["Received"], read["Not answered"]) == ("1 of 2 units", "ก และ ข")
    assert fact_in_english("ตัวชี้วัดที่ 2.7", "การถ่ายทอด") == ("KPI 2.7", "การถ่ายทอด")
    assert (read["Directives"], read["Directive"]) == ("7", directive.text)


@pytest.mark.parametrize(
    ("label", "value", "read"),
    [
        ("เดือนที่รายงาน", "ธันวาคม 2560", ("Month reported on", "December 2017")),
        ("แผน", "ฉบับที่ 2", ("Plan", "version 2")),
        ("แผน", "ยังไม่ได้รับอนุมัติ", ("Plan", "not approved yet")),
        ("มาตรการหรือประเภทเรื่อง", "การลดกระดาษ", ("Measure or category", "Less paper")),
        ("ค่าฐานของเดือน", "120 รีม", ("Baseline of the month", "120 รีม")),
    ],
)
def test_the_facts_of_a_monthly_report_are_read_in_english(label: str, value: str, read: tuple[str, str]) -> None:
    assert fact_in_english(label, value) == read


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("รับรองผลตัวชี้วัดที่ 1.1.1 รอบ 12 เดือน", ", KPI 1.1.1, 12 months"),
        ("แจ้งความประสงค์อุทธรณ์ตัวชี้วัด (7)", ", KPI 7"),
        ("บันทึกผลการตรวจประเมินตัวชี้วัดที่ 4.3", ", KPI 4.3"),
        ("สรุปและปิดการตรวจประเมินครั้งที่ 1 (Pre – Evaluation)", ", no. 1"),
        ("รับทราบข้อสั่งการ", ""),
    ],
)
def test_in_english_work_is_told_from_other_work_of_its_form(title: str, said: str) -> None:
    assert which(title) == said


NAMES = english_names(
    Unit(id=unit, th=th, en=en, role=UnitRole.DIVISION, parent="moj")
    for unit, th, en in (
        ("sk", "จังหวัดสมุทรสาคร", "Samut Sakhon"),
        ("sk-health", "สำนักงานสาธารณสุขจังหวัดสมุทรสาคร", "Samut Sakhon Public Health Office"),
        ("sk-hr", "กลุ่มงานบริหารทรัพยากรบุคคล", "Samut Sakhon Human Resources Group"),
        ("np-hr", "กลุ่มงานบริหารทรัพยากรบุคคล", "Nakhon Pathom Human Resources Group"),
        ("sk-local", "หน่วยที่ไม่มีชื่ออังกฤษ", ""),
    )
)


@pytest.mark.parametrize(
    ("thai", "english"),
    [
        ("มาตรการ 6 เรื่อง ปีงบประมาณ พ.ศ. 2561 จังหวัดสมุทรสาคร", "Six measures, fiscal year (B.E.) 2561 Samut Sakhon"),
        ("ติดตามผล ประจำเดือนกันยายน 2555 จังหวัดสมุทรสาคร", "Follow-up of September 2012, Samut Sakhon"),
        (
            "ติดตามผล ครั้งที่ 3 (ก่อนรายงานผลรอบ 12 เดือน) จังหวัดสมุทรสาคร",
            "Follow-up no. 3 (before the report of 12 months), Samut Sakhon",
        ),
        ("ตรวจประเมินครั้งที่ 2 (Post – Evaluation) จังหวัดสมุทรสาคร", "Site visit no. 2 (Post – Evaluation), Samut Sakhon"),
        ("ส่งคืนโดย สำนักงานสาธารณสุขจังหวัดสมุทรสาคร", "Returned by Samut Sakhon Public Health Office"),
        (
            "รอสำนักงานสาธารณสุขจังหวัดสมุทรสาคร: รับทราบข้อสั่งการ",
            "Waits for Samut Sakhon Public Health Office: Acknowledge the directive",
        ),
        ("ส่งคืนโดย กลุ่มงานบริหารทรัพยากรบุคคล", "Returned by กลุ่มงานบริหารทรัพยากรบุคคล"),  # which of the two is not known
        ("ส่งคืนแก้ไข: แผนของจังหวัดสมุทรสาคร", "Returned for correction: แผนของจังหวัดสมุทรสาคร"),
    ],
)
def test_a_unit_that_the_system_names_is_named_in_english(thai: str, english: str) -> None:
    assert in_english(thai, NAMES) == english


@pytest.mark.parametrize(
    ("label", "value", "read"),
    [
        ("จังหวัด", "จังหวัดสมุทรสาคร", ("Province", "Samut Sakhon")),
        ("ปีงบประมาณ", "พ.ศ. 2561", ("Fiscal year (B.E.)", "2561")),
        ("ประหยัดไม่น้อยกว่า", "ร้อยละ 10", ("Saving of at least", "10 per cent")),
        ("กิจกรรม", "การลดกระดาษ", ("Activity", "Less paper")),
        ("หน่วยงานรับผิดชอบ", "จังหวัดสมุทรสาคร / สำนักงานสาธารณสุขจังหวัดสมุทรสาคร",
         ("Responsible", "Samut Sakhon / Samut Sakhon Public Health Office")),
        ("กิจกรรมที่ 2", "การประหยัดงบประมาณ · จังหวัดสมุทรสาคร · เริ่ม ตุลาคม 2560 · ประหยัดร้อยละ 10",
         ("Activity 2", "Saving the budget · Samut Sakhon · from October 2017 · saving 10 per cent")),
        ("กิจกรรมที่ 7", "ลดขั้นตอน · การประหยัดทรัพยากร (เดิมกลุ่ม B) · หน่วยอื่น · เริ่ม มีนาคม 2561 · 3 เรื่อง",
         ("Activity 7", "ลดขั้นตอน · Saving resources (formerly group B) · หน่วยอื่น · from March 2018 · 3 เรื่อง")),
        ("อุทธรณ์", "ผลคะแนน", ("Appeal", "Scores")),
        ("คะแนนที่ประกาศ", "3.4000", ("Score as announced", "3.4000")),
        ("วงเงินผู้บริหารของหน่วยงาน", "22,417.58 บาท", ("The unit's money for executives", "22,417.58 baht")),
        ("สิทธิได้รับเงินรางวัล", "คะแนนรวม 3.9742 ไม่น้อยกว่า 3.0000 มีสิทธิได้รับเงินรางวัล",
         ("Entitled to award money", "Total score 3.9742, not below 3.0000: entitled")),
        ("เหตุผล", "จังหวัดสมุทรสาคร", ("Reasons", "จังหวัดสมุทรสาคร")),
    ],
)  # fmt: skip
def test_facts_name_units_and_numbers_in_english(label: str, value: str, read: tuple[str, str]) -> None:
    assert fact_in_english(label, value, NAMES) == read


def test_the_choices_of_a_form_are_units_and_months_in_english_and_what_people_named_stays() -> None:
    choices = {
        "owners": (("np-hr", "กลุ่มงานบริหารทรัพยากรบุคคล"), ("sk-local", "หน่วยที่ไม่มีชื่ออังกฤษ")),
        "months": (("2017-10", "ตุลาคม 2560"),),
        "activities": (("a-1", "การลดกระดาษ"), ("a-2", "ลดขั้นตอน")),
    }
    context = FormContext(choices=choices)
    assert Wording("th", NAMES).context(context) == context
    assert Wording("en", NAMES).context(context).choices == {
        "owners": (("np-hr", "Nakhon Pathom Human Resources Group"), ("sk-local", "หน่วยที่ไม่มีชื่ออังกฤษ")),
        "months": (("2017-10", "October 2017"),),
        "activities": (("a-1", "Less paper"), ("a-2", "ลดขั้นตอน")),
    }


def test_a_form_that_was_handed_in_is_read_with_english_dates() -> None:
    data = {"revision": "", "recorded_on": "2017-10-20", "electricity": "1", "fuel": "2"}
    read = {answer.label: answer.value for answer in readable(EnergyReport, data, FormContext(), "en")}
    assert "20 October 2017" in read.values()
    thai = {answer.label: answer.value for answer in readable(EnergyReport, data, FormContext(), "th")}
    assert "20 ต.ค. 2560" in thai.values()


async def test_english_pages_bear_the_systems_english_name_and_offer_units_by_theirs(come: Browsers) -> None:
    browser = await come(PLANNING)
    await browser.get("/language/en")
    page = (await browser.get("/start/circular")).text
    assert "<title>Send a circular – Directive Tracking System</title>" in page
    assert "ระบบติดตามข้อสั่งการ" not in page
    (division,) = (unit for unit in sample_ministry().units if unit.id == "dept-div-a")
    assert division.en in html.unescape(page)
    assert division.th not in page


def test_every_lane_of_every_model_has_its_english_name() -> None:
    lanes = {lane for each in approvals() for lane in sheet_of(each).lanes}
    lanes |= {element.lane for each in approvals() for element in sheet_of(each).elements.values() if element.lane}
    assert len(lanes) > 20
    assert [lane for lane in lanes if THAI.search(AuditWording("en").lane(lane))] == []
    assert AuditWording("th").lane("ผู้รับ") == "ผู้รับ"


def test_a_date_that_stands_in_a_form_is_one_that_can_be_sent_again() -> None:
    context = FormContext(prefill={"recorded_on": "2018-04-13"})
    shown: dict[Language, str] = {"th": "13 เม.ย. 2561", "en": "13/4/2018"}
    for language, stands in shown.items():
        (field,) = (each for each in form_fields(EnergyReport, context, language) if each.name == "recorded_on")
        assert field.value == stands
        assert parse_thai_date(stands).start == date(2018, 4, 13)
