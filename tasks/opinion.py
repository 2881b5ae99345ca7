"""Steps of the collection of opinions."""

from __future__ import annotations

import asyncio

from engine.step import Step, step_task
from ledger.canonical import sha256
from ledger.work import Work
from reports.opinion import opinions_pdf
from schemas.base import Sha256
from schemas.opinion import OpinionCase, OpinionOutcome
from tasks.letterhead import house_style
from tasks.papers import PDF, put_document


@step_task("จัดพิมพ์ความเห็นของทุกส่วนราชการ")
async def print_opinions(step: Step, call: OpinionCase, outcome: OpinionOutcome) -> Sha256:
    """The book of opinions with the ministry's overview, added to the case."""
    by = step.runtime.directory.unit(outcome.overview_by).th
    pdf = await asyncio.to_thread(opinions_pdf, outcome, call, overview_by_th=by, **house_style(step.runtime))

    async def write(work: Work) -> None:
        await put_document(work, step.case_id, f"ความเห็น-{call.no}.pdf", PDF, pdf)

    step.then(write)
    return sha256(pdf)
