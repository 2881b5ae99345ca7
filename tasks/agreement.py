"""Steps of the agreement cycle."""

from __future__ import annotations

import asyncio
from datetime import date

from engine.step import Step, step_task
from ledger import cases
from ledger.work import Work
from reports.agreement import agreement_pdf
from reports.agreement_workbook import agreement_xlsx
from reports.kpi_book import kpi_book_pdf
from reports.kpi_workbook import kpi_book_xlsx
from reports.names import Names
from rules.calendar import bangkok_date
from rules.follow_up import name_th, opening_moment
from rules.notices import change_settled
from rules.signing import signed_by
from schemas.actor import Actor
from schemas.agreement import ChangeResult, SignedAgreement
from schemas.attachment import AttachedFile
from schemas.follow_up import FollowUpCase, PlannedFollowUp, follow_up_name
from schemas.kpi import Kpi, KpiBook, Round
from schemas.letters import AgreementParties
from schemas.organisation import Duty
from schemas.year import YearDay, YearPlan
from schemas.year_office import YearOffice
from tasks.letterhead import house_style
from tasks.papers import FLOW, PDF, XLSX, Paper, bind


@step_task("บันทึกตัวชี้วัดตามคำรับรอง")
async def keep_book(step: Step, book: KpiBook, phase: str) -> KpiBook:
    """The KPIs as they stand at a point of the year go into the history, for the board and for the auditors."""

    async def write(work: Work) -> None:
        facts = {"kpis": len(book.kpis), "fiscal_year": book.fiscal_year}
        await cases.note_phase(work, step.case_id, actor=FLOW, phase=phase, facts=facts)

    step.then(write)
    return book


@step_task("แจ้งผลคำขอเปลี่ยนแปลงรายละเอียดตัวชี้วัด")
async def settle_change(step: Step, result: ChangeResult, office: YearOffice, kpi: Kpi | None) -> None:
    """The request and what became of it go into the history; who asked and กพร. are told. `kpi`: as it was before."""
    request, post = result.request, step.runtime.post
    officers = {o.id: o for unit in (request.unit, office.psdg) for o in post.holders(unit, Duty.OFFICER)}
    message = change_settled(
        result, kpi, fiscal_year=office.plan.fiscal_year, unit_th=office.unit_th(request.unit),
        agency_th=office.agency_th, psdg_th=office.psdg_th, link=f"/cases/{step.case_id}",
    )  # fmt: skip

    async def write(work: Work) -> None:
        content = {"result": result.model_dump(mode="json"), "reason": result.reason}
        await cases.record(work, step.case_id, what="kpi_change", content=content, actor=FLOW)
        post.send(work, step.case_id, list(officers.values()), f"change:{step.case_id}:{step.key}", message)

    step.then(write)


@step_task("จัดทำเอกสารคำรับรองการปฏิบัติราชการ")
async def print_agreement(
    step: Step, book: KpiBook, office: YearOffice, signed: SignedAgreement, *, made_by: Actor, received_by: Actor
) -> tuple[AttachedFile, ...]:
    """The agreement as both have signed it, its annex as a workbook as well (P5 step 7)."""
    runtime, directory = step.runtime, step.runtime.directory
    parties = AgreementParties(
        maker=signed_by(directory, made_by, office.agency, signed.made_on),
        receiver=signed_by(directory, received_by, office.permanent_secretary, signed.received_on),
    )
    names, style = Names.of(directory.organisation), house_style(runtime)
    pdf = await asyncio.to_thread(agreement_pdf, parties, book, names=names, dated=step.now, **style)
    xlsx = await asyncio.to_thread(
        agreement_xlsx, parties, book, names=names, dated=step.now, letterhead=style["letterhead"]
    )
    stem = f"คำรับรองการปฏิบัติราชการ-{book.fiscal_year}"
    return bind(step, [Paper(f"{stem}.pdf", PDF, pdf), Paper(f"{stem}.xlsx", XLSX, xlsx)])


@step_task("จัดพิมพ์รายละเอียดตัวชี้วัด")
async def print_details(step: Step, book: KpiBook) -> tuple[AttachedFile, ...]:
    """The book of KPI details that goes to units and provinces, and its tables as a workbook (P5 step 10)."""
    runtime = step.runtime
    names, style = Names.of(runtime.directory.organisation), house_style(runtime)
    pdf = await asyncio.to_thread(kpi_book_pdf, book, names=names, dated=step.now, **style)
    xlsx = await asyncio.to_thread(kpi_book_xlsx, book, names=names, dated=step.now, letterhead=style["letterhead"])
    stem = f"รายละเอียดตัวชี้วัด-{book.fiscal_year}"
    return bind(step, [Paper(f"{stem}.pdf", PDF, pdf), Paper(f"{stem}.xlsx", XLSX, xlsx)])


@step_task("วางแผนการติดตามผลตลอดปี")
async def plan_follow_ups(step: Step, book: KpiBook, year: YearPlan) -> tuple[PlannedFollowUp, ...]:
    """The months and the rounds' follow-ups that still lie ahead, in the order of their days (P6)."""
    calendar = step.runtime.calendar
    first = book.fiscal_year - 544
    months = [date(first + (month > 12), (month - 1) % 12 + 1, 1) for month in range(10, 22)]
    of_rounds = [(bangkok_date(year.due(YearDay.follow_up(r))).replace(day=1), r) for r in Round]
    found = []
    for month, round_ in (*((m, None) for m in months), *of_rounds):
        data = FollowUpCase(book=book, month=month, round=round_)
        opens = opening_moment(data, year, calendar=calendar)
        if opens > step.now:
            name = follow_up_name(month, round_)
            found.append(PlannedFollowUp(name=name, name_th=name_th(data), month=month, round=round_, opens=opens))
    return tuple(sorted(found, key=lambda each: (each.opens, each.name)))
