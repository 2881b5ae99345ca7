"""The print-out for the executive meeting (P3): frozen or marked as live, checked, printed, handed over."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from openpyxl import load_workbook

from flows import starting
from ledger.canonical import sha256
from ledger.work import Ledger
from rules.organisation_file import load_organisation
from schemas.directive import Level
from schemas.organisation import Duty
from schemas.policy import Digits, OfficePolicy, Policy
from schemas.printout import Printout, PrintoutOrder
from schemas.weekly import Timeliness
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.conftest import SAMPLE, staged
from tests.flows.people import (
    SIX,
    TWO,
    accepted,
    at,
    case_of,
    do,
    frozen,
    mails_of,
    open_work,
    papers_of,
    pass_to,
    register,
    settle,
    week_open,
    work_about,
)
from tests.reports import pdf


async def ordered(stage: Stage, meeting_on: str, *, agency: str = "dept", time: str | None = None) -> str:
    form = PrintoutOrder.model_validate({"meeting_on": meeting_on, "meeting_time": time})
    case = await starting.order_printout(stage.runtime, form, agency=agency, actor=ACTOR)
    await settle(stage)
    return case


async def tables_of(stage: Stage, case: str) -> list[Printout]:
    """The tables that were built, in their order."""
    found = await papers_of(stage, case)
    return [Printout.model_validate(json.loads(content)) for name, content in found.items() if name.endswith(".json")]


async def reported(stage: Stage) -> str:
    """A directive of the department, reported and checked in the open week."""
    (case,) = await register(stage)
    await accepted(stage, case)
    await do(stage, case, "report", {"level": "in_progress", **TWO})
    await do(stage, case, "check", {"decision": "approve"})
    return case


async def test_the_table_is_built_on_the_working_day_before_the_meeting(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    await week_open(ministry)
    case = await ordered(ministry, "2018-02-19")  # the Monday after
    await pass_to(ministry, monday, at("2018-02-16", "08:59"))
    assert await work_about(ministry, case) == []
    await pass_to(ministry, monday, at("2018-02-16", "09:00"))
    asked = await open_work(ministry, case, "check")
    assert (asked.unit, asked.due_at) == ("dept-plan", at("2018-02-16", "16:00"))


async def test_songkran_moves_the_day_of_preparation_too(ministry: Stage, clock: ClockThatIsSet) -> None:
    clock.moment = at("2018-04-09")
    await week_open(ministry)
    case = await ordered(ministry, "2018-04-17")  # Tuesday after Songkran: Friday 13 and Monday 16 are holidays
    await pass_to(ministry, clock, at("2018-04-12", "09:00"))
    assert (await open_work(ministry, case, "check")).due_at == at("2018-04-12", "16:00")


async def test_before_the_first_cut_off_the_table_is_live_and_says_as_of_when(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    await week_open(ministry)
    await reported(ministry)
    case = await ordered(ministry, "2018-02-14")  # Wednesday
    await pass_to(ministry, monday, at("2018-02-13", "09:00"))
    asked = await open_work(ministry, case, "check")
    facts = dict(asked.context.facts)
    assert facts["ที่มาของข้อมูล"].startswith("ข้อมูลปัจจุบัน (ยังไม่ปิดรับรายงาน)")
    assert facts["จำนวนข้อสั่งการ"] == "1 เรื่อง"
    (table,) = await tables_of(ministry, case)
    assert (table.live, table.as_of) == (True, at("2018-02-13", "09:00"))


async def test_after_the_cut_off_the_table_is_the_frozen_week_and_later_reports_do_not_change_it(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    week = await week_open(ministry)
    directive = await reported(ministry)
    case = await ordered(ministry, "2018-02-22")  # Thursday of the following week
    await pass_to(ministry, monday, at("2018-02-20"))
    await do(ministry, directive, "report", {"level": "continuous", **SIX})
    await pass_to(ministry, monday, at("2018-02-21", "09:00"))
    (table,) = await tables_of(ministry, case)
    assert (table.live, table.as_of) == (False, at("2018-02-16", "16:00"))
    assert table.snapshot.rows == (await frozen(ministry, week)).rows
    assert [row.level for row in table.snapshot.rows] == [Level.IN_PROGRESS]
    source = dict((await open_work(ministry, case, "check")).context.facts)["ที่มาของข้อมูล"]
    assert source == "ข้อมูล ณ เวลาปิดรับรายงาน วันศุกร์ที่ 16 กุมภาพันธ์ 2561 เวลา 16.00 น."


async def test_only_the_agencys_own_directives_are_in_it(ministry: Stage, monday: ClockThatIsSet) -> None:
    await week_open(ministry)
    await reported(ministry)
    (other,) = await register(ministry, "oja", title="ปฏิรูปกระบวนการยุติธรรม")
    await accepted(ministry, other, lead="oja-div-a")
    case = await ordered(ministry, "2018-02-14", agency="oja")
    await pass_to(ministry, monday, at("2018-02-13", "09:00"))
    (table,) = await tables_of(ministry, case)
    assert [(row.directive.agency, row.timeliness) for row in table.snapshot.rows] == [("oja", Timeliness.MISSING)]


async def test_a_returned_table_is_built_anew_from_what_stands_then(ministry: Stage, monday: ClockThatIsSet) -> None:
    await week_open(ministry)
    (directive,) = await register(ministry)
    await accepted(ministry, directive)
    case = await ordered(ministry, "2018-02-14")
    await pass_to(ministry, monday, at("2018-02-13", "09:00"))
    await do(ministry, directive, "report", {"level": "in_progress", **TWO})
    monday.moment = at("2018-02-13", "11:00")
    await do(ministry, case, "check", {"decision": "return", "comment": "รอรายงานของกอง ก"})
    first, second = await tables_of(ministry, case)
    assert [row.timeliness for row in first.snapshot.rows] == [Timeliness.MISSING]
    assert [row.timeliness for row in second.snapshot.rows] == [Timeliness.ON_TIME]
    assert second.as_of == at("2018-02-13", "11:00")
    assert (await open_work(ministry, case, "check")).key == "check#2"


async def test_what_was_checked_is_printed_and_the_head_acknowledges_it(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    week = await week_open(ministry)
    directive = await reported(ministry)
    case = await ordered(ministry, "2018-02-20", time="13:30")
    await pass_to(ministry, monday, at("2018-02-19", "09:00"))
    (draft,) = (await open_work(ministry, case, "check")).context.files
    await do(ministry, case, "check", {"decision": "approve"})
    papers = await papers_of(ministry, case)
    document, xlsx = papers["ข้อสั่งการ-กรม-(ตัวอย่าง)-2561-02-19.pdf"], papers["ข้อสั่งการ-กรม-(ตัวอย่าง)-2561-02-19.xlsx"]
    assert (draft.name, draft.sha256) == ("ร่างข้อสั่งการ-กรม-(ตัวอย่าง)-2561-02-19.pdf", sha256(document))
    cells = [str(cell) for sheet in load_workbook(BytesIO(xlsx)) for row in sheet.values for cell in row if cell]
    assert any("เร่งรัดคดีค้าง" in cell for cell in cells)
    for heading in ("ทั่วไป", "ต่อเนื่อง", "แล้วเสร็จ", "อยู่ระหว่างดำเนินการ"):
        assert any(heading in cell for cell in cells), heading
    asked = await open_work(ministry, case, "acknowledge")
    assert (asked.unit, asked.duty, asked.due_at) == ("dept", Duty.HEAD, at("2018-02-20", "13:30"))
    assert [file.sha256 for file in asked.context.files] == [sha256(document), sha256(xlsx)]
    assert dict(asked.context.facts)["การประชุม"] == "วันอังคารที่ 20 กุมภาพันธ์ 2561 เวลา 13.30 น."
    assert [m.officer for m in await mails_of(ministry, case, "task") if m.hand_off_id == asked.id] == ["dept.head"]
    await do(ministry, case, "acknowledge", {"note": "รับทราบ"})
    ended = await case_of(ministry, case)
    assert (ended.state, ended.result["week"]) == ("completed", week)
    assert (await case_of(ministry, directive)).state == "open"


async def test_a_meeting_of_which_only_the_day_is_known_has_no_time_and_the_head_acknowledges_as_the_office_opens(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    await week_open(ministry)
    case = await ordered(ministry, "2018-02-14")
    await pass_to(ministry, monday, at("2018-02-13", "09:00"))
    await do(ministry, case, "check", {"decision": "approve"})
    asked = await open_work(ministry, case, "acknowledge")
    assert dict(asked.context.facts)["การประชุม"] == "วันพุธที่ 14 กุมภาพันธ์ 2561"
    assert asked.due_at == at("2018-02-14", "08:30")
    (table,) = await tables_of(ministry, case)
    assert not table.meeting_timed


@pytest.mark.parametrize(("digits", "printed"), [("thai", "๑๔กุมภาพันธ์๒๕๖๑"), ("arabic", "14กุมภาพันธ์2561")])
async def test_the_policy_says_in_which_digits_it_is_printed(
    ledger: Ledger, monday: ClockThatIsSet, digits: Digits, printed: str
) -> None:
    policy = Policy(office=OfficePolicy(digits=digits))
    async with staged(ledger, load_organisation(SAMPLE.read_text("utf-8")), policy) as stage:
        await week_open(stage)
        case = await ordered(stage, "2018-02-14")
        await pass_to(stage, monday, at("2018-02-13", "09:00"))
        await do(stage, case, "check", {"decision": "approve"})
        papers = await papers_of(stage, case)
    pages = [content for name, content in papers.items() if name.endswith(".pdf")]
    assert [printed in pdf.text(paper) for paper in pages] == [True, True]


async def test_ordered_twice_for_the_same_meeting_it_is_one_case(ministry: Stage, monday: ClockThatIsSet) -> None:
    await week_open(ministry)
    assert await ordered(ministry, "2018-02-19") == await ordered(ministry, "2018-02-19") == "printout-2018-02-19-dept"
    assert (await ministry.kinds("printout-2018-02-19-dept")).count("case:open") == 1
