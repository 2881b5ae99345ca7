"""The weekly cycle: who reports, when it counts, what is frozen, and what happens to the late and the completed."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from engine import actions
from ledger import documents, reading
from ledger.hand_offs import HandOff
from ledger.restore import differences_everywhere
from reports.errors import TemplateFailed
from reports.register import remarks
from reports.weekly import completed
from rules.errors import NotAdmitted
from schemas.directive import Level
from schemas.weekly import Timeliness
from tests import files
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.people import (
    SIX,
    TWO,
    accepted,
    at,
    attach,
    case_of,
    do,
    frozen,
    mails_of,
    open_work,
    papers_of,
    pass_to,
    register,
    settle,
    subjects_of,
    week_open,
)
from tests.reports import pdf


async def test_a_directive_is_reported_checked_frozen_and_carried_into_the_next_week(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepted(ministry, case)  # joins the week that is open already
    await do(ministry, case, "report", {"level": "in_progress", **TWO})
    await do(ministry, case, "check", {"decision": "return", "comment": "ขอแผนให้ชัดเจน"})
    assert (await open_work(ministry, case, "report")).context.note == "ส่งคืนแก้ไข: ขอแผนให้ชัดเจน"
    await do(ministry, case, "report", {"level": "in_progress", "goal": "เป้าหมาย", "plan": "แผนใหม่"})
    await do(ministry, case, "check", {"decision": "approve"})
    await pass_to(ministry, monday, at("2018-02-16", "16:00"))
    await ministry.sweep()
    await settle(ministry)
    (row,) = (await frozen(ministry, week)).rows
    assert (row.timeliness, row.level, row.reviewed) == (Timeliness.ON_TIME, Level.IN_PROGRESS, True)
    assert row.approved_by.startswith("เจ้าหน้าที่วิเคราะห์นโยบายและแผน")
    assert row.approved_at == at("2018-02-12")
    assert row.report is not None
    assert row.report.plan == "แผนใหม่"
    again = await open_work(ministry, case, "report")
    assert again.case_id == "week-2018-02-23"
    assert again.context.prefill["plan"] == "แผนใหม่"


@pytest.mark.parametrize("mode", ["division_keys", "planning_keys"])
async def test_evidence_goes_with_its_report_to_the_end_of_the_week_and_no_further(
    ministry: Stage, monday: ClockThatIsSet, mode: str
) -> None:
    """Sent back it is still there, the planning unit sees it, the week freezes it, and next week begins without."""
    judging = "check" if mode == "division_keys" else "key_in"
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepted(ministry, case, mode=mode)
    await attach(ministry, case, "report", "แผน.pdf", files.PDF)
    sha256 = hashlib.sha256(files.PDF).hexdigest()
    report = {"level": "in_progress", **TWO, "attachments": [sha256]}
    await do(ministry, case, "report", report)

    judged = await open_work(ministry, case, judging)
    shown = judged.context.files if mode == "division_keys" else judged.context.prefill["attachments"]
    assert len(shown) == 1
    await do(ministry, case, judging, {"decision": "return", "comment": "ขอแผนให้ชัดเจน"})
    returned = await open_work(ministry, case, "report")
    assert [file["name"] for file in returned.context.prefill["attachments"]] == ["แผน.pdf"]
    await do(ministry, case, "report", report | {"plan": "แผนใหม่"})
    keyed = {} if mode == "division_keys" else report | {"plan": "แผนใหม่"}
    await do(ministry, case, judging, {"decision": "approve", **keyed})

    await pass_to(ministry, monday, at("2018-02-16", "16:00"))
    (row,) = (await frozen(ministry, week)).rows
    assert [(file.name, file.sha256) for file in row.attachments] == [("แผน.pdf", sha256)]
    assert (await papers_of(ministry, case))["แผน.pdf"] == files.PDF, "the directive's own case has it"
    assert "แผน.pdf" not in await papers_of(ministry, week), "which every division of the ministry reads"
    again = await open_work(ministry, case, "report")
    assert again.context.prefill["plan"] == "แผนใหม่"
    assert "attachments" not in again.context.prefill
    with pytest.raises(NotAdmitted) as refused:
        await do(ministry, case, "report", report | {"plan": "แผนของสัปดาห์ใหม่"})
    assert [problem.field for problem in refused.value.problems] == ["attachments"]
    assert await differences_everywhere(ministry.runtime.ledger) == ()


async def test_the_weekly_form_says_who_ordered_it_where_and_who_is_responsible(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    (case,) = await register(ministry)
    await week_open(ministry)
    await accepted(ministry, case)
    facts = dict((await open_work(ministry, case, "report")).context.facts)
    assert (facts["ผู้สั่งการ"], facts["ที่มา"]) == ("รัฐมนตรีว่าการกระทรวงยุติธรรม", "การประชุมผู้บริหารกระทรวง")
    assert facts["หน่วยงานรับผิดชอบ"].endswith(" / กอง (ตัวอย่าง ก)")


async def test_mails_about_reports_say_in_their_subject_which_directive_is_meant(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    (first,), (second,) = await register(ministry, title="เร่งรัดคดีค้าง"), await register(ministry, title="ลดความแออัด")
    week = await week_open(ministry)
    for case in (first, second):
        await accepted(ministry, case)
    asked = sorted(await subjects_of(ministry, week, "task"))
    assert asked[0] == "รายงานผลการดำเนินงานตามข้อสั่งการ…: ข้อสั่งการที่ 2561-0001 เร่งรัดคดีค้าง…"
    assert "ข้อสั่งการที่ 2561-0002 ลดความแออัด" in asked[1]
    await actions.cancel_case(ministry.runtime, first, reason="ซ้ำ", actor=ACTOR)
    (withdrawn,) = await subjects_of(ministry, week, "withdrawn")
    assert "ข้อสั่งการที่ 2561-0001" in withdrawn


@pytest.mark.parametrize(("time", "expected"), [("15:59:59", Timeliness.ON_TIME), ("16:00:00", Timeliness.MISSING)])
async def test_before_four_o_clock_is_strict(
    ministry: Stage, monday: ClockThatIsSet, time: str, expected: Timeliness
) -> None:
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepted(ministry, case)
    await pass_to(ministry, monday, at("2018-02-16", "15:59:59"))
    monday.moment = at("2018-02-16", time)
    await do(ministry, case, "report", {"level": "in_progress", **TWO})
    await pass_to(ministry, monday, at("2018-02-16", "16:30"))
    (row,) = (await frozen(ministry, week)).rows
    assert row.timeliness is expected


async def test_a_late_report_is_an_addendum_of_next_monday_and_never_in_the_frozen_week(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepted(ministry, case)
    await pass_to(ministry, monday, at("2018-02-17"))
    before = await frozen(ministry, week)
    late = await _report_of(ministry, case, week)
    await ministry.intake.submit(late, {"level": "in_progress", **TWO}, officer="dept-div-a.1", through="test")
    await settle(ministry)
    await do(ministry, case, "check", {"decision": "approve"})
    assert await frozen(ministry, week) == before
    await pass_to(ministry, monday, at("2018-02-24"))
    following = await frozen(ministry, "week-2018-02-23")
    (addendum,) = following.late_addenda
    assert (addendum.friday.isoformat(), addendum.row.timeliness) == ("2018-02-16", Timeliness.LATE)
    assert addendum.days == (date(2018, 2, 10), date(2018, 2, 16))
    assert [row.timeliness for row in following.rows] == [Timeliness.MISSING]


async def test_a_completed_report_that_was_sent_back_by_the_cut_off_stands_at_the_level_before_it(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepted(ministry, case)
    await pass_to(ministry, monday, at("2018-02-16", "15:00"))
    await do(ministry, case, "report", {"level": "completed", **SIX, "completed_on": "2018-02-15"})
    await pass_to(ministry, monday, at("2018-02-16", "15:30"))
    await do(ministry, case, "check", {"decision": "return", "comment": "ขอหลักฐาน"})
    await pass_to(ministry, monday, at("2018-02-16", "16:01"))
    snapshot = await frozen(ministry, week)
    (row,) = snapshot.rows
    assert (row.level, row.timeliness, row.returned) == (Level.GENERAL, Timeliness.ON_TIME, True)
    assert completed(snapshot) == ()
    assert [remark.text for remark in remarks(row, "arabic")] == ["ส่งคืนแก้ไข"]
    assert (await case_of(ministry, case)).state == "open"


@pytest.mark.parametrize(("first", "returned"), [("completed", "15:50"), ("in_progress", "16:05")])
async def test_the_correction_of_a_report_that_was_sent_back_is_an_addendum_of_next_monday(
    ministry: Stage, monday: ClockThatIsSet, first: str, returned: str
) -> None:
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepted(ministry, case)
    await pass_to(ministry, monday, at("2018-02-16", "15:40"))
    data = {**SIX, "completed_on": "2018-02-15" if first == "completed" else ""}
    await do(ministry, case, "report", {"level": first, **data})
    await pass_to(ministry, monday, at("2018-02-16", returned))
    await do(ministry, case, "check", {"decision": "return", "comment": "ขอหลักฐาน"})
    await pass_to(ministry, monday, at("2018-02-16", "16:10"))
    corrected = await _report_of(ministry, case, week)
    data = {"level": "completed", **SIX, "result": "ผลพร้อมหลักฐาน", "completed_on": "2018-02-15"}
    await ministry.intake.submit(corrected, data, officer="dept-div-a.1", through="test")
    await settle(ministry)
    await do(ministry, case, "check", {"decision": "approve"})
    assert (await case_of(ministry, case)).state == "completed"
    await pass_to(ministry, monday, at("2018-02-24"))
    (addendum,) = (await frozen(ministry, "week-2018-02-23")).late_addenda
    assert (addendum.row.completes, addendum.row.filed_at) == (True, at("2018-02-16", "16:10"))


async def test_what_completed_a_directive_in_time_is_never_reported_again_though_it_is_sent_back_later(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepted(ministry, case)
    data = {"level": "completed", **SIX, "completed_on": "2018-02-12"}
    await do(ministry, case, "report", data)
    await pass_to(ministry, monday, at("2018-02-19"))
    await do(ministry, case, "check", {"decision": "return", "comment": "ขอหลักฐาน"})
    await do(ministry, case, "report", data | {"result": "ผลพร้อมหลักฐาน"})
    await pass_to(ministry, monday, at("2018-02-24"))
    assert completed(await frozen(ministry, week)) != ()
    following = await frozen(ministry, "week-2018-02-23")
    assert (following.rows, following.late_addenda) == ((), ())


async def test_the_check_of_a_late_report_is_not_late_itself(ministry: Stage, monday: ClockThatIsSet) -> None:
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepted(ministry, case)
    await pass_to(ministry, monday, at("2018-02-20", "10:00"))
    late = await _report_of(ministry, case, week)
    await ministry.intake.submit(late, {"level": "in_progress", **TWO}, officer="dept-div-a.1", through="test")
    await settle(ministry)
    assert (await open_work(ministry, case, "check")).due_at == at("2018-02-23", "16:00")
    await do(ministry, case, "check", {"decision": "return", "comment": "ขอแผนให้ชัดเจน"})
    assert (await open_work(ministry, case, "report", week=week)).due_at == at("2018-02-23", "16:00")
    await pass_to(ministry, monday, at("2018-02-21"))
    told = [mail.officer for mail in await mails_of(ministry, week, "digest")]
    assert told == ["dept-div-a.head"]  # of the missing report, on Monday; nobody of the planning unit


async def _report_of(stage: Stage, case: str, week: str) -> str:
    async with stage.runtime.ledger.read() as connection:
        found = await reading.hand_offs_of_subject(connection, case)
    (one,) = [h.id for h in found if h.case_id == week and h.element == "report" and h.state == "open"]
    return one


async def test_a_completed_directive_is_reported_once_and_never_again(ministry: Stage, monday: ClockThatIsSet) -> None:
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepted(ministry, case)
    await do(ministry, case, "report", {"level": "completed", **SIX, "completed_on": "12 กุมภาพันธ์ 2561"})
    await do(ministry, case, "check", {"decision": "approve"})
    await pass_to(ministry, monday, at("2018-02-24"))
    assert [row.level for row in (await frozen(ministry, week)).rows] == [Level.COMPLETED]
    assert (await frozen(ministry, "week-2018-02-23")).rows == ()
    async with ministry.runtime.ledger.read() as connection:
        view = await reading.case(connection, case)
    assert (view.state, view.result["completed_on"]) == ("completed", "2018-02-12")


async def test_a_late_completion_ends_the_report_that_the_next_week_has_asked_for(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepted(ministry, case)
    await pass_to(ministry, monday, at("2018-02-16", "17:00"))
    late = await _report_of(ministry, case, week)
    data = {"level": "completed", **SIX, "completed_on": "2018-02-15"}
    await ministry.intake.submit(late, data, officer="dept-div-a.1", through="test")
    await settle(ministry)
    await do(ministry, case, "check", {"decision": "approve"})
    async with ministry.runtime.ledger.read() as connection:
        found = await reading.hand_offs_of_subject(connection, case)
        assert [h for h in found if h.state == "open"] == []
        assert (await reading.case(connection, case)).state == "completed"


async def test_a_report_that_comes_in_while_a_late_one_completes_its_directive_stays_accepted(
    ministry: Stage, monday: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step has seen this week's report open; it is handed in before the step withdraws it."""
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepted(ministry, case)
    await pass_to(ministry, monday, at("2018-02-16", "17:00"))
    late, this_week = await _report_of(ministry, case, week), await _report_of(ministry, case, "week-2018-02-23")
    look = reading.hand_offs_of_subject

    async def look_and_be_overtaken(connection: AsyncConnection, subject: str) -> tuple[HandOff, ...]:
        monkeypatch.setattr(reading, "hand_offs_of_subject", look)
        found = await look(connection, subject)
        await ministry.intake.submit(
            this_week, {"level": "in_progress", **TWO}, officer="dept-div-a.1", through="test"
        )  # fmt: skip
        return found

    data = {"level": "completed", **SIX, "completed_on": "2018-02-15"}
    await ministry.intake.submit(late, data, officer="dept-div-a.1", through="test")
    await settle(ministry)
    check = await open_work(ministry, case, "check")
    monkeypatch.setattr(reading, "hand_offs_of_subject", look_and_be_overtaken)
    await ministry.intake.submit(check.id, {"decision": "approve"}, officer="dept-plan.1", through="test")
    await settle(ministry)
    async with ministry.runtime.ledger.read() as connection:
        handed_in = await reading.hand_off(connection, this_week)
        events = await reading.history(connection, "week-2018-02-23")
    assert handed_in.state == "submitted"
    assert [event.kind for event in events if event.key == handed_in.key] == ["hand_off:open", "hand_off:submit"]
    assert await mails_of(ministry, "week-2018-02-23", "withdrawn") == []


async def test_where_the_planning_unit_keys_in_its_own_moment_counts(ministry: Stage, monday: ClockThatIsSet) -> None:
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepted(ministry, case, mode="planning_keys")
    handed = await do(ministry, case, "report", {"level": "in_progress", **TWO})
    assert handed.due_at == at("2018-02-15", "16:00")
    keying = await open_work(ministry, case, "key_in")
    assert keying.context.prefill["plan"] == "แผน"
    await pass_to(ministry, monday, at("2018-02-16", "16:01"))
    (row,) = (await frozen(ministry, week)).rows
    assert row.timeliness is Timeliness.MISSING  # the division was in time, the planning unit was not


async def test_what_is_accepted_after_the_internal_day_is_asked_for_by_the_cut_off(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    """It was handed out with a deadline of the day before, and called late at once."""
    (case,) = await register(ministry)
    await week_open(ministry)
    await pass_to(ministry, monday, at("2018-02-15", "16:01"))
    await accepted(ministry, case, mode="planning_keys")
    assert (await open_work(ministry, case, "report")).due_at == at("2018-02-16", "16:00")


async def test_the_minister_gets_the_report_on_monday_morning_even_if_nobody_has_reviewed_it(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    week = await week_open(ministry)
    await pass_to(ministry, monday, at("2018-02-19", "08:29:59"))
    async with ministry.runtime.ledger.read() as connection:
        assert [m.folder for m in await reading.mails_of_case(connection, week) if m.folder == "minister_report"] == []
    await pass_to(ministry, monday, at("2018-02-19", "08:30"))
    async with ministry.runtime.ledger.read() as connection:
        sent = [m for m in await reading.mails_of_case(connection, week) if m.folder == "minister_report"]
        names = [d.name for d in await documents.of_case(connection, week)]
    assert [m.officer for m in sent] == ["moj.minister"]
    assert "รายงานข้อสั่งการ-2561-02-16.pdf" in names


async def test_the_secretariat_has_the_draft_before_it_and_the_minister_a_report_with_its_note(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    """It was asked to review a report of which it saw three counts."""
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepted(ministry, case)
    await pass_to(ministry, monday, at("2018-02-16", "16:01"))
    asked = await open_work(ministry, week, "consolidate")
    (draft,) = asked.context.files
    assert draft.name == "ร่างรายงานข้อสั่งการ-2561-02-16.pdf"
    async with ministry.runtime.ledger.read() as connection:
        pages = (await documents.get(connection, draft.sha256)).content
    assert "เร่งรัดคดีค้าง" in pdf.text(pages)
    await do(ministry, week, "consolidate", {"note": "ขอให้เร่งรัดกอง ก"})
    await pass_to(ministry, monday, at("2018-02-19", "08:30"))
    papers = await papers_of(ministry, week)
    assert "ขอให้เร่งรัดกองก" in pdf.text(papers["รายงานข้อสั่งการ-2561-02-16.pdf"])


async def test_a_draft_that_cannot_be_set_in_type_keeps_no_week_open(
    ministry: Stage, monday: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> bytes:
        raise TemplateFailed("minister_report", "no glyph", "")

    monkeypatch.setattr("tasks.weekly.draft_report_pdf", fails)
    week = await week_open(ministry)
    await pass_to(ministry, monday, at("2018-02-16", "16:01"))
    assert (await open_work(ministry, week, "consolidate")).context.files == ()
    assert (await case_of(ministry, "week-2018-02-23")).state == "open"
    await pass_to(ministry, monday, at("2018-02-19", "08:30"))
    assert "รายงานข้อสั่งการ-2561-02-16.pdf" in await papers_of(ministry, week)


async def test_a_friday_holiday_moves_the_cut_off_to_thursday(ministry: Stage, clock: ClockThatIsSet) -> None:
    clock.moment = at("2018-04-09")  # the week of Songkran, 13 April 2561
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepted(ministry, case)
    assert week == "week-2018-04-13"
    assert (await open_work(ministry, case, "report")).due_at == at("2018-04-12", "16:00")


async def test_cancelling_a_directive_ends_its_report_in_the_open_week(ministry: Stage, monday: ClockThatIsSet) -> None:
    from engine import actions

    (case, other) = await register(ministry, "dept", "oja")
    week = await week_open(ministry)
    await accepted(ministry, case)
    await actions.cancel_case(ministry.runtime, case, reason="รัฐมนตรียกเลิกข้อสั่งการ", actor=ACTOR)
    await settle(ministry)
    await pass_to(ministry, monday, at("2018-02-17"))
    assert (await frozen(ministry, week)).rows == ()
    assert (await open_work(ministry, other, "receive")).state == "open"


async def test_a_level_cannot_go_back_and_the_form_says_so_in_thai(ministry: Stage, monday: ClockThatIsSet) -> None:
    (case,) = await register(ministry)
    await week_open(ministry)
    await accepted(ministry, case)
    await do(ministry, case, "report", {"level": "continuous", **SIX})
    await pass_to(ministry, monday, at("2018-02-19"))
    with pytest.raises(NotAdmitted) as refused:
        await do(ministry, case, "report", {"level": "general", **SIX})
    (problem,) = refused.value.problems
    assert problem.field == "level"
    assert "ต่อเนื่อง" in problem.th
