"""P3: the print-out that an agency head carries into the executive meeting (requirements P3; S0 lines 18 and 34)."""

from __future__ import annotations

from engine.case import Case
from engine.process import process
from engine.waits import Lane
from rules.thai import thai_meeting, thai_moment
from schemas.deadline import At
from schemas.form import Facts, FormContext
from schemas.organisation import Duty
from schemas.printout import PrintoutCase, PrintoutCheck, PrintoutOutcome, PrintoutReceipt
from schemas.weekly import ReviewDecision
from tasks.office import look_up_office
from tasks.printout import Table, build_table, print_table


@process("meeting-printout", title_th="เอกสารประกอบการประชุมผู้บริหาร", data=PrintoutCase, result=PrintoutOutcome)
async def meeting_printout(case: Case[PrintoutCase]) -> PrintoutOutcome:
    """On the working day before the meeting: build the table, check it, print it, hand it to the head."""
    office = await case.step("look_up", look_up_office, case.data.agency)
    await case.until("day_before", case.data.prepare_at)
    while True:
        table = await case.step("build", build_table, case.data)
        check = await case.hand_off(
            "check", to=office.planning_unit, form=PrintoutCheck, due=At(moment=case.data.due),
            asked_by=office.agency_th,
            context=FormContext(facts=facts_of_table(case.data, table), files=table.draft),
        )  # fmt: skip
        if check.decision is ReviewDecision.APPROVE:
            break
    printed = await case.step("print", print_table, table)
    await case.hand_off(
        "acknowledge", to=Lane(unit=case.data.agency, duty=Duty.HEAD), form=PrintoutReceipt,
        due=At(moment=case.data.meeting_at), asked_by=office.planning_unit_th,
        context=FormContext(facts=facts_of_table(case.data, table), files=printed.files),
    )  # fmt: skip
    return printed


def facts_of_table(asked: PrintoutCase, table: Table) -> Facts:
    source = "ข้อมูลปัจจุบัน (ยังไม่ปิดรับรายงาน)" if table.live else "ข้อมูล ณ เวลาปิดรับรายงาน"
    return (
        ("การประชุม", thai_meeting(asked.meeting_at, timed=asked.meeting_timed)),
        ("ที่มาของข้อมูล", f"{source} {thai_moment(table.as_of)}"),
        ("จำนวนข้อสั่งการ", f"{table.directives} เรื่อง"),
    )
