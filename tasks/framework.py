"""Steps of the KPI framework (P13)."""

from __future__ import annotations

import asyncio

from engine.step import Step, step_task
from ledger.work import Work
from reports.framework import framework_pdf, province_kpis_pdf
from rules.notices import kpis_not_adopted
from schemas.attachment import AttachedFile
from schemas.framework import Adopted, FrameworkCase, FrameworkDraft, FrameworkOffice, Published
from schemas.organisation import Duty
from tasks.letterhead import house_style
from tasks.papers import PDF, Paper, bind


@step_task("ตรวจสอบหน่วยงานผู้จัดทำกรอบ")
async def look_up_framework(step: Step, framework: FrameworkCase) -> FrameworkOffice:
    """:raises UnknownUnit: the sender or the issuer is not in the organisation."""
    directory = step.runtime.directory
    return FrameworkOffice(
        sender_th=directory.unit(framework.sender).th, issuer_th=directory.unit(framework.issuer).th
    )  # fmt: skip


@step_task("จัดพิมพ์กรอบการประเมิน")
async def print_framework(step: Step, framework: FrameworkCase, draft: FrameworkDraft) -> tuple[AttachedFile, ...]:
    """The principles, and last year beside this year by component (S4, line 16)."""
    issuer = step.runtime.directory.unit(framework.issuer).th
    pdf = await asyncio.to_thread(
        framework_pdf, framework, draft, issuer_th=issuer, dated=step.now, **house_style(step.runtime)
    )
    return bind(step, [Paper(f"กรอบการประเมิน-{framework.fiscal_year}.pdf", PDF, pdf)])


@step_task("เผยแพร่ตัวชี้วัดของจังหวัด")
async def publish(step: Step, framework: FrameworkCase, adopted: tuple[Adopted, ...], volume: int) -> Published:
    """What is adopted, province by province; governors whose province has adopted nothing yet are told (R4.4)."""
    post, runtime = step.runtime.post, step.runtime
    done = {each.unit for each in adopted}
    missing = tuple(province for province in framework.provinces if province.unit not in done)
    pdf = await asyncio.to_thread(
        province_kpis_pdf, framework, adopted, volume=volume, dated=step.now, **house_style(runtime)
    )
    papers = bind(step, [Paper(f"ตัวชี้วัดจังหวัด-{framework.fiscal_year}-เล่ม-{volume}.pdf", PDF, pdf)])

    async def write(work: Work) -> None:
        for province in missing:
            notice = kpis_not_adopted(
                fiscal_year=framework.fiscal_year, province_th=province.th, volume=volume,
                issuer_th=runtime.directory.unit(framework.issuer).th, link=f"/cases/{step.case_id}",
            )  # fmt: skip
            officers = post.holders(province.governor, Duty.HEAD)
            post.send(work, step.case_id, officers, f"{step.case_id}:{step.key}:{province.unit}", notice)

    step.then(write)
    return Published(papers=papers, missing=tuple(province.unit for province in missing))
