"""Steps of the print-out for the executive meeting."""

from __future__ import annotations

import asyncio

from engine.step import Step, step_task
from ledger import documents, reading
from ledger.canonical import canonical
from reports.printout import printout_pdf, printout_xlsx
from rules.thai import file_date
from schemas.attachment import AttachedFiles
from schemas.base import CaseId, Moment, Record, Sha256
from schemas.printout import Printout, PrintoutCase, PrintoutOutcome
from schemas.weekly import WeekCase, WeekSnapshot
from tasks.letterhead import house_style
from tasks.papers import JSON, PDF, XLSX, Paper, bind, file_name
from tasks.week_snapshot import snapshot_as_of

TITLE = "ตารางสรุปผลการดำเนินงานตามข้อสั่งการ"


class Table(Record):
    """The table as built: kept as a document, so that what was checked is what is printed."""

    content: Sha256
    week: CaseId | None
    live: bool
    as_of: Moment
    directives: int
    draft: AttachedFiles = ()
    """The pages as they are checked; none for a table that was built before there were any."""


@step_task("จัดทำตารางสรุปสำหรับหัวหน้าส่วนราชการ")
async def build_table(step: Step, asked: PrintoutCase) -> Table:
    """The agency's part of the newest frozen snapshot, or live data (requirements P3), and the pages to check."""
    week, snapshot, live = await newest_snapshot(step)
    unit = step.runtime.directory.unit(asked.agency)
    printout = Printout(
        title=TITLE, agency=unit.id, agency_th=unit.th, snapshot=snapshot.of_agency(unit.id), live=live,
        as_of=step.now if live else snapshot.frozen_at, meeting_at=asked.meeting_at,
        meeting_timed=asked.meeting_timed,
    )  # fmt: skip
    content = canonical(printout.model_dump(mode="json")).encode()
    pages = await asyncio.to_thread(printout_pdf, printout, **house_style(step.runtime))
    table, draft = bind(
        step,
        (
            Paper(f"table-{step.key}.json", JSON, content),
            Paper(f"ร่าง{paper_name(step, printout)}.pdf", PDF, pages),
        ),
    )
    return Table(
        content=table.sha256, week=week, live=live, as_of=printout.as_of, directives=len(printout.snapshot.rows),
        draft=(draft,),
    )  # fmt: skip


def paper_name(step: Step, printout: Printout) -> str:
    """Under which the print-out lies in its case, without the ending."""
    return file_name("ข้อสั่งการ", printout.agency_th, file_date(step.runtime.today(step.now)))


async def newest_snapshot(step: Step) -> tuple[CaseId | None, WeekSnapshot, bool]:
    """(week, snapshot, live): the newest frozen week; if there is none yet, the open week as it stands."""
    async with step.runtime.ledger.read() as connection:
        frozen = [
            await reading.latest_case(connection, process="weekly-cycle", phase=phase)
            for phase in ("frozen", "delivered")
        ]
        newest = max((week for week in frozen if week), default=None)
        if newest is not None:
            facts = (await reading.case(connection, newest)).facts
            content = (await documents.get(connection, facts["snapshot"])).content
            return newest, WeekSnapshot.model_validate_json(content), False
        week = await reading.latest_case(connection, process="weekly-cycle", state="open")
        if week is None:
            raise LookupError("there is no reporting week yet")
        data = WeekCase.model_validate((await reading.case(connection, week)).data)
        live = await snapshot_as_of(connection, step.runtime.directory, data.week, data.previous, as_of=step.now)
        return week, live, True


@step_task("พิมพ์เอกสารประกอบการประชุม")
async def print_table(step: Step, table: Table) -> PrintoutOutcome:
    """PDF and workbook of the table that was checked."""
    async with step.runtime.ledger.read() as connection:
        content = (await documents.get(connection, table.content)).content
    printout = Printout.model_validate_json(content)
    pdf = await asyncio.to_thread(printout_pdf, printout, **house_style(step.runtime))
    xlsx = await asyncio.to_thread(printout_xlsx, printout)
    name = paper_name(step, printout)
    pages, book = bind(step, (Paper(f"{name}.pdf", PDF, pdf), Paper(f"{name}.xlsx", XLSX, xlsx)))
    return PrintoutOutcome(week=table.week, pdf=pages.sha256, xlsx=book.sha256, files=(pages, book))
