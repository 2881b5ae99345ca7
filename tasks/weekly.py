"""Steps of the weekly cycle."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from engine.errors import Overtaken
from engine.step import Step, step_task
from ledger import cases, documents, hand_offs, reading, waits
from ledger.canonical import canonical, sha256
from ledger.hand_offs import HandOff
from ledger.work import Work
from reports.errors import ReportError
from reports.weekly import draft_report_pdf, minister_report_pdf, minister_report_xlsx
from rules.thai import file_date
from rules.week import days_of, reporting_week, week_label_th
from schemas.attachment import AttachedFiles
from schemas.base import CaseId, Moment, Record, Sha256
from schemas.directive import LEVEL_TH, DirectiveCompleted, Level
from schemas.mail import Attachment, MinisterReportMail
from schemas.organisation import Duty
from schemas.weekly import OpenDirective, ReportingWeek, SnapshotRow, Timeliness, WeekSnapshot
from tasks.directive import REPORTING
from tasks.letterhead import house_style
from tasks.papers import FLOW, JSON, PDF, XLSX, Paper, file_name, put_document
from tasks.week_snapshot import read_entries, row_of, snapshot_as_of

log = logging.getLogger("sangkan.weekly")


class FrozenWeek(Record):
    """What the rest of the week's flow needs to know of the snapshot."""

    snapshot: Sha256
    on_time: int
    late: int
    missing: int
    completed: tuple[CaseId, ...]
    draft: AttachedFiles = ()
    """The report as it is reviewed; none in a week that was frozen before there was one."""


class Delivered(Record):
    """The report to the minister."""

    at: Moment
    pdf: Sha256
    xlsx: Sha256


@step_task("เปิดสัปดาห์รายงาน: รวบรวมข้อสั่งการที่ต้องรายงาน")
async def list_open_directives(step: Step) -> tuple[OpenDirective, ...]:
    """Every directive that must be reported this week (R0.5)."""
    async with step.runtime.ledger.read() as connection:
        facts = await reading.facts_in_phase(connection, process="directive-lifecycle", phase=REPORTING)

    async def enter(work: Work) -> None:
        await cases.note_phase(work, step.case_id, actor=FLOW, phase="collecting")

    step.then(enter)
    return tuple(OpenDirective.model_validate(line) for line in facts)


@step_task("ตรึงข้อมูล ณ เวลาปิดรับรายงาน")
async def freeze(step: Step, week: ReportingWeek, previous: CaseId | None) -> FrozenWeek:
    """Freeze the snapshot; each directive's case gets its report, and what is completed is told so (R0.3).

    A report that says «แล้วเสร็จ» completes the directive when it was in time and the planning unit has not sent it
    back by the cut-off; a report that nobody has checked is marked as such. The Monday report is drafted from it, for
    whoever reviews it.
    """
    async with step.runtime.ledger.read() as connection:
        snapshot = await snapshot_as_of(
            connection, step.runtime.directory, week, previous, as_of=max(step.now, week.cut_off)
        )
    filed = [row for row in snapshot.rows if row.report is not None]
    completed = tuple(row.directive.case for row in filed if row.completes)
    content = canonical(snapshot.model_dump(mode="json")).encode()
    drafts = await _drafted(step, snapshot)
    async with step.runtime.ledger.read() as connection:
        pending = await _asked_for_later(connection, step, completed)
    step.lock(*(row.directive.case for row in filed), *(h.case_id for h in pending))

    async def write(work: Work) -> None:
        await put_document(work, step.case_id, f"snapshot-{week.friday}.json", JSON, content)
        for draft in drafts:
            await put_document(work, step.case_id, *draft)
        facts = {"snapshot": sha256(content), "friday": week.friday.isoformat()}
        await cases.note_phase(work, step.case_id, actor=FLOW, phase="frozen", facts=facts)
        for row in filed:
            await _record_report(work, row, week)
        asked = await _asked_for_later(work.connection, step, completed)
        await _withdraw(step, work, asked, "ข้อสั่งการแล้วเสร็จตามรายงานของสัปดาห์ก่อน ไม่ต้องรายงานอีก")

    step.then(write)
    found = [row.timeliness for row in snapshot.rows]
    return FrozenWeek(
        snapshot=sha256(content),
        on_time=found.count(Timeliness.ON_TIME),
        late=len(snapshot.late_addenda),
        missing=found.count(Timeliness.MISSING),
        completed=completed,
        draft=tuple(draft.file for draft in drafts),
    )


async def _asked_for_later(connection: AsyncConnection, step: Step, completed: tuple[CaseId, ...]) -> list[HandOff]:
    """Open work on these directives in a week that was opened before this one was frozen."""
    newest = await reading.latest_case(connection, process="weekly-cycle", state=cases.OPEN)
    if newest is None or newest <= step.case_id:
        return []
    found = [h for case_id in completed for h in await _asked_elsewhere(connection, step, case_id)]
    return [h for h in found if h.case_id > step.case_id]


async def _asked_elsewhere(connection: AsyncConnection, step: Step, directive: CaseId) -> list[HandOff]:
    """Open work on a directive in other weeks. Under its lock that is all: who asks for more locks it as well."""
    found = await reading.hand_offs_of_subject(connection, directive)
    return [h for h in found if h.state == hand_offs.OPEN and h.case_id != step.case_id]


async def _withdraw(step: Step, work: Work, asked: Sequence[HandOff], reason: str) -> None:
    """Withdraw work on what is completed; its holders are told. Read under the lock.

    :raises Overtaken: a week that was not locked has asked for it since the step looked.
    """
    if any(work.held(hand_off.case_id) is None for hand_off in asked):
        raise Overtaken("another week has asked for a report meanwhile")
    if asked:
        gone = await hand_offs.withdraw(work, asked, reason=reason, actor=FLOW)
        step.runtime.post.withdrawn(work, gone, reason=reason)


async def _drafted(step: Step, snapshot: WeekSnapshot) -> tuple[Paper, ...]:
    """The report as it is reviewed. None where it cannot be set in type: the week is closed all the same."""
    try:
        pages = await asyncio.to_thread(draft_report_pdf, snapshot, **house_style(step.runtime))
    except ReportError:
        log.exception("the draft of %s cannot be set in type", step.case_id)
        return ()
    return (Paper(f"ร่าง{report_name(snapshot.week)}.pdf", PDF, pages),)


def report_name(week: ReportingWeek) -> str:
    """Under which the report of a week lies in its case, without the ending."""
    return file_name("รายงานข้อสั่งการ", file_date(week.friday))


@step_task("รับรายงานล่าช้าเข้าทะเบียน")
async def take_late_report(step: Step, week: ReportingWeek, directive: OpenDirective, until: Moment) -> bool:
    """A report that came after the cut-off: into the register now, into the next Monday's report as an addendum.

    Returns whether it completes the directive; work on it in the week that has opened since is then withdrawn.

    :param until: the next cut-off: what comes then is in no report any more.
    """
    async with step.runtime.ledger.read() as connection:
        late = await _late_row(step, week, directive.case, until)
        pending = await _asked_elsewhere(connection, step, directive.case)
    completes = late is not None and late.completes
    step.lock(directive.case, *(h.case_id for h in pending))

    async def write(work: Work) -> None:
        if late is None:
            return
        await _record_report(work, late, week)
        if completes:
            asked = await _asked_elsewhere(work.connection, step, directive.case)
            await _withdraw(step, work, asked, "ข้อสั่งการแล้วเสร็จตามรายงานล่าช้าของสัปดาห์ก่อน ไม่ต้องรายงานอีก")

    step.then(write)
    return completes


async def _late_row(step: Step, week: ReportingWeek, directive: CaseId, until: Moment) -> SnapshotRow | None:
    """The late row of one directive, if it has one by now."""
    async with step.runtime.ledger.read() as connection:
        for entry in await read_entries(connection, week.case_id):
            if entry.directive.case == directive:
                row = row_of(entry, before=until, not_before=week.cut_off, directory=step.runtime.directory)
                return row if row.report is not None else None
    return None


async def _record_report(work: Work, row: SnapshotRow, week: ReportingWeek) -> None:
    """The report goes into the history of its directive, and into the facts from which next week is prefilled."""
    directive, report, completes = row.directive, row.report, row.completes
    assert report is not None
    (head,) = await work.lock(directive.case)
    if head.state != "open" or head.phase != REPORTING:
        return
    days = [day.isoformat() for day in days_of(week)]
    said = {"week": week.case_id, "friday": week.friday.isoformat(), "days": days, "row": row.model_dump(mode="json")}
    await cases.record(work, directive.case, what="weekly_report", content=said, actor=FLOW)
    # A completed level that was sent back is not final: the directive keeps the level before it.
    level = directive.level if report.level is Level.COMPLETED and not completes else report.level
    facts = directive.replace(level=level, last_report=report).model_dump(mode="json")
    phase = "completed" if completes else None
    await cases.note_phase(work, directive.case, actor=FLOW, facts=facts, phase=phase)
    if completes:
        message = DirectiveCompleted(week=week.case_id, completed_on=report.completed_on or week.friday)
        await waits.deliver_message(
            work, directive.case, name=DirectiveCompleted.__name__, payload=message.model_dump(mode="json"),
            sender=week.case_id, actor=FLOW,
        )  # fmt: skip


@step_task("กำหนดสัปดาห์รายงานถัดไป")
async def plan_next_week(step: Step, friday: date) -> ReportingWeek:
    """The moments of the week after, from the calendar and the policy as they stand now."""
    return reporting_week(friday, calendar=step.runtime.calendar, policy=step.runtime.policy.weekly)


@step_task("เสนอรายงานต่อรัฐมนตรี")
async def deliver_to_minister(
    step: Step, week: ReportingWeek, snapshot: Sha256, note: str, reviewed: bool
) -> Delivered:
    """Print the report from the frozen snapshot and mail it to the minister (S0 line 11)."""
    frozen = await read_snapshot(step, snapshot)
    style = house_style(step.runtime)
    pdf = await asyncio.to_thread(minister_report_pdf, frozen, note=note, reviewed=reviewed, **style)
    xlsx = await asyncio.to_thread(
        minister_report_xlsx, frozen, note=note, reviewed=reviewed, letterhead=style["letterhead"]
    )
    directory = step.runtime.directory
    minister = directory.officers_of(directory.organisation.ministry, Duty.HEAD)
    name = report_name(week)
    message = MinisterReportMail(
        ministry=directory.unit(directory.organisation.ministry).th,
        week=week_label_th(week),
        cut_off=week.cut_off,
        counts=tuple((LEVEL_TH[level], count) for level, count in frozen.counts().items()),
        missing=sum(row.timeliness is Timeliness.MISSING for row in frozen.rows),
        late=len(frozen.late_addenda),
        note=note,
        reviewed=reviewed,
    )

    async def write(work: Work) -> None:
        await put_document(work, step.case_id, f"{name}.pdf", PDF, pdf)
        await put_document(work, step.case_id, f"{name}.xlsx", XLSX, xlsx)
        attachment = Attachment(name=f"{name}.pdf", media_type=PDF, sha256=sha256(pdf))
        step.runtime.post.send(
            work, step.case_id, minister, f"minister-report:{week.friday}", message, attachments=(attachment,)
        )
        await cases.note_phase(work, step.case_id, actor=FLOW, phase="delivered")

    step.then(write)
    return Delivered(at=step.now, pdf=sha256(pdf), xlsx=sha256(xlsx))


async def read_snapshot(step: Step, snapshot: Sha256) -> WeekSnapshot:
    """A frozen snapshot; its hash is checked on reading."""
    async with step.runtime.ledger.read() as connection:
        return WeekSnapshot.model_validate_json((await documents.get(connection, snapshot)).content)
