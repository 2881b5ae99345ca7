"""Steps of a duty of all agencies in a province (P11)."""

from __future__ import annotations

import asyncio
from typing import Any

from engine.step import Step, step_task
from ledger import reading
from ledger.hand_offs import HandOff
from reports.province_duty import duty_pdf
from rules.calendar import bangkok_date
from rules.thai import file_date
from schemas.duty import DutyCase, DutyList, DutyOffice, DutyReport, Filed
from tasks.letterhead import house_style
from tasks.papers import PDF, Paper, bind, file_name


def _filed(asked: HandOff, said: dict[str, Any]) -> Filed:
    report = DutyReport.model_validate(said)
    assert asked.closed_at is not None
    return Filed(
        unit=asked.unit, done_on=report.done_on, result=report.result, at=asked.closed_at, late=asked.late
    )  # fmt: skip


@step_task("ตรวจสอบหน่วยงานผู้รวบรวม")
async def look_up_duty(step: Step, duty: DutyCase) -> DutyOffice:
    """:raises UnknownUnit: who asks or who compiles is not in the organisation."""
    directory = step.runtime.directory
    return DutyOffice(asked_by_th=directory.unit(duty.asked_by).th, collector_th=directory.unit(duty.collector).th)


@step_task("จัดพิมพ์บัญชีการรายงาน")
async def list_reports(step: Step, duty: DutyCase, office: DutyOffice, volume: int) -> DutyList:
    """Who has reported by now, when and what; who has not."""
    async with step.runtime.ledger.read() as connection:
        asked = [h for h in await reading.hand_offs_of_case(connection, step.case_id) if h.element == "report"]
        said = await reading.answers(connection, asked)
    given = {h.unit: _filed(h, said[h.id]) for h in asked if h.id in said}
    order = [each.unit for each in duty.agencies]
    pdf = await asyncio.to_thread(
        duty_pdf, duty, given, collector_th=office.collector_th, volume=volume, dated=step.now,
        **house_style(step.runtime),
    )  # fmt: skip
    name = file_name("บัญชีการรายงาน", duty.kind, file_date(bangkok_date(duty.due))[:7], volume)
    papers = bind(step, [Paper(f"{name}.pdf", PDF, pdf)])
    return DutyList(
        done=tuple(unit for unit in order if unit in given),
        late=tuple(unit for unit in order if unit in given and given[unit].late),
        missing=tuple(unit for unit in order if unit not in given), papers=papers,
    )  # fmt: skip
