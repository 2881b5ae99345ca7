"""The announced scores on paper (P5 step 19)."""

from __future__ import annotations

import asyncio

from engine.step import Step, step_task
from reports.announcement import announcement_pdf, announcement_xlsx
from reports.names import Names
from rules.appeal import appeal_window, provisional_card
from rules.calendar import bangkok_date
from rules.letters import final_scores, provisional_scores
from rules.signing import head_signs
from schemas.appeal import AppealCase, AppealOutcome
from schemas.attachment import AttachedFile
from schemas.kpi import KpiBook
from schemas.letters import Notice
from schemas.scorecard import Scorecard
from schemas.year_office import YearOffice
from tasks.letterhead import letterhead_of
from tasks.papers import PDF, XLSX, Paper, bind


@step_task("จัดพิมพ์ประกาศผลคะแนนเบื้องต้น")
async def print_provisional(step: Step, notice: AppealCase, office: YearOffice) -> tuple[AttachedFile, ...]:
    """The scores as สำนักงาน ก.พ.ร. announced them, with the last day for appeals; none of them is final yet."""
    card, runtime = provisional_card(notice), step.runtime
    assert card is not None, "a notice of scores"
    window = appeal_window(notice.noticed_at, calendar=runtime.calendar, policy=office.policy)
    said = provisional_scores(
        notice, office.agency_th, head_signs(runtime.directory, office.agency), appeal_until=bangkok_date(window.ends)
    )
    return await _printed(step, notice, card, said, "เบื้องต้น")


@step_task("จัดพิมพ์ประกาศผลคะแนนขั้นสุดท้าย")
async def print_final(
    step: Step, notice: AppealCase, office: YearOffice, appealed: AppealOutcome
) -> tuple[AttachedFile, ...]:
    """The scores when the window is over and every appeal is decided."""
    assert appealed.scorecard is not None, "a notice of scores"
    signatory = head_signs(step.runtime.directory, office.agency)
    said = final_scores(notice, office.agency_th, signatory, appealed.results)
    return await _printed(step, notice, appealed.scorecard, said, "ขั้นสุดท้าย")


async def _printed(
    step: Step, notice: AppealCase, card: Scorecard, said: Notice, standing: str
) -> tuple[AttachedFile, ...]:
    assert notice.book is not None, "a notice of scores"
    book, names = notice.book, Names.of(step.runtime.directory.organisation)
    stem = f"ประกาศผลคะแนน-{standing}-{notice.fiscal_year}"
    return bind(step, await asyncio.to_thread(_typeset, step, card, book, said, names, stem))


def _typeset(step: Step, card: Scorecard, book: KpiBook, said: Notice, names: Names, stem: str) -> list[Paper]:
    head = letterhead_of(step.runtime)
    pdf = announcement_pdf(card, book, said, names=names, dated=step.now, letterhead=head)
    xlsx = announcement_xlsx(card, book, said, names=names, dated=step.now, letterhead=head)
    return [Paper(f"{stem}.pdf", PDF, pdf), Paper(f"{stem}.xlsx", XLSX, xlsx)]
