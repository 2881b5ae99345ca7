"""Steps of the allocation of award money (P10)."""

from __future__ import annotations

import asyncio
from typing import Any

from engine.step import Step, step_task
from ledger import cases, reading
from ledger.work import Work
from reports.award_order import award_order_pdf
from reports.award_workbook import award_order_xlsx
from reports.names import Names, Person
from rules.award_case import assembled, distributed, eligibility, frame_of, proposed, split
from rules.calendar import bangkok_date
from rules.notices import records_wanted
from rules.signing import head_signs, reference_th
from rules.thai import thai_fiscal_year
from rules.year import appeal_window_ends
from schemas.award import Award
from schemas.award_case import (
    AwardAmounts,
    AwardCase,
    AwardOffice,
    AwardOrder,
    AwardSplit,
    Eligibility,
    Lists,
    ProposedShares,
    StaffRecords,
    UnitShares,
)
from schemas.base import Moment, UnitId
from schemas.letters import Notice
from schemas.organisation import Duty
from tasks.letterhead import letterhead_of
from tasks.papers import FLOW, PDF, XLSX, Paper, bind


@step_task("ตรวจสอบสิทธิได้รับเงินรางวัลของส่วนราชการ")
async def check_eligibility(step: Step, data: AwardCase) -> Eligibility:
    """The official total against the threshold."""
    return eligibility(data, step.runtime.policy.award)


@step_task("ตรวจสอบหน่วยงานที่เกี่ยวข้องกับเงินรางวัล")
async def look_up_award(step: Step, data: AwardCase) -> AwardOffice:
    """Who keys in, checks, approves and pays, and the policy as it stands.

    :raises UnknownUnit, NoPsdg: something is missing; the run stops and says so.
    """
    directory, policy = step.runtime.directory, step.runtime.policy
    unit, psdg = directory.unit(data.agency), directory.psdg_of(data.agency, on=step.runtime.today(step.now))
    award = policy.award
    personnel = directory.unit(award.personnel or psdg.id)
    committee = directory.unit(award.committee or unit.id)
    return AwardOffice(
        agency=unit.id, agency_th=unit.th, psdg=psdg.id, psdg_th=psdg.th,
        personnel=personnel.id, personnel_th=personnel.th,
        committee=committee.id, committee_th=committee.th,
        committee_duty=Duty.OFFICER if award.committee else Duty.HEAD,
        finance=award.finance or psdg.id,
        units=tuple((each.id, directory.unit(each.id).th) for each in data.units),
        policy=award, step_days=policy.agreement.step_days,
    )  # fmt: skip


@step_task("ขอทะเบียนบุคคลเพื่อจัดสรรเงินรางวัล")
async def ask_for_records(step: Step, data: AwardCase, office: AwardOffice) -> None:
    """The personnel division is told that its records are needed, and where they are handed in."""
    post = step.runtime.post

    async def write(work: Work) -> None:
        message = records_wanted(
            fiscal_year=data.fiscal_year, agency_th=office.agency_th, personnel_th=office.personnel_th,
            psdg_th=office.psdg_th, link="/start/staff",
        )  # fmt: skip
        post.send(work, step.case_id, post.holders(office.personnel, Duty.OFFICER), f"records:{step.case_id}", message)

    step.then(write)


@step_task("ตรวจสอบทะเบียนบุคคลที่ใช้แบ่งวงเงิน")
async def standing_records(step: Step) -> StaffRecords:
    """The records that came last before กพร. keyed in the pots; later ones are refused at the door."""
    async with step.runtime.ledger.read() as connection:
        (*_, last) = await reading.events_named(connection, step.case_id, "message:arrive", StaffRecords.__name__)
    return StaffRecords.model_validate(last.content["payload"])


@step_task("แบ่งวงเงินรางวัลให้หน่วยงาน")
async def split_pots(
    step: Step, data: AwardCase, staff: Lists, amounts: AwardAmounts, office: AwardOffice
) -> AwardSplit:
    """Each unit's quota by the personnel records; it stays (decision 21). :raises ListsDisagree:"""
    parts = split(data, staff, amounts, office.policy)

    async def write(work: Work) -> None:
        facts = {"quotas": {q.unit: {"operators": f"{q.operators:.2f}", "executives": f"{q.executives:.2f}"}
                            for q in parts.quotas}}  # fmt: skip
        await cases.note_phase(work, step.case_id, actor=FLOW, phase="proposals", facts=facts)

    step.then(write)
    return parts


@step_task("คำนวณเงินรางวัลรายบุคคล")
async def share_out(
    step: Step, data: AwardCase, office: AwardOffice, parts: AwardSplit, lists: Lists, units: tuple[UnitId, ...]
) -> ProposedShares:
    """The shares within `units`, which have just proposed; those of the other units stay as they are."""

    async def write(work: Work) -> None:
        await cases.note_phase(work, step.case_id, actor=FLOW, phase="checking")

    step.then(write)
    return proposed((frame_of(data, parts.quota(unit), office.policy) for unit in units), lists)


@step_task("ประกาศการจัดสรรเงินรางวัล")
async def announce_shares(step: Step, office: AwardOffice) -> Moment:
    """The shares are known to the units from now on; returns until when a person may object."""
    ends = appeal_window_ends(bangkok_date(step.now), office.policy.objection_days, calendar=step.runtime.calendar)

    async def write(work: Work) -> None:
        await cases.note_phase(work, step.case_id, actor=FLOW, phase="objections")

    step.then(write)
    return ends


@step_task("ออกคำสั่งจ่ายเงินรางวัล")
async def issue_order(
    step: Step, office: AwardOffice, parts: AwardSplit, lists: Lists, shares: tuple[UnitShares, ...],
    notified: AwardAmounts, objections: tuple[tuple[UnitId, str], ...],
) -> AwardOrder:  # fmt: skip
    """The allocation as it is ordered, and the order printed for the registry's number and the head's signature."""
    award = assembled(parts, lists, shares)
    files = bind(step, await _printed(step, office, award, lists, notified) if distributed(award) else [])
    order = AwardOrder(
        award=award, names={line.id: line.name for lines in lists.values() for line in lines},
        reference=notified.reference, objections=objections, ordered_at=step.now,
        pdf=files[0].sha256 if files else None, files=files,
    )  # fmt: skip

    async def write(work: Work) -> None:
        facts = {"distributed": {pool.pool: f"{pool.distributed:.2f}" for pool in award.pools},
                 "undistributed": {pool.pool: f"{pool.undistributed:.2f}" for pool in award.pools}}  # fmt: skip
        await cases.note_phase(work, step.case_id, actor=FLOW, phase="ordered", facts=facts)

    step.then(write)
    return order


async def _printed(step: Step, office: AwardOffice, award: Award, lists: Lists, notified: AwardAmounts) -> list[Paper]:
    """The order for signature, and its annexes as a workbook for whoever pays."""
    directory = step.runtime.directory
    names = Names.of(directory.organisation)
    listed = {line.id: Person(name=line.name) for lines in lists.values() for line in lines}
    notice = Notice(
        issuer_th=office.agency_th,
        subject=f"จ่ายเงินรางวัลตามผลการปฏิบัติราชการ ประจำ{thai_fiscal_year(award.fiscal_year)}",
        grounds=(
            f"ตาม{reference_th('', notified.reference, notified.notified_on)} แจ้งวงเงินรางวัลตามคำรับรองการปฏิบัติราชการ "
            f"ประจำ{thai_fiscal_year(award.fiscal_year)} และ{office.committee_th}ได้เห็นชอบการจัดสรรแล้ว นั้น"
        ),
        signatory=head_signs(directory, office.agency),
    )
    named, head = names.replace(persons={**names.persons, **listed}), letterhead_of(step.runtime)
    payer_th, name = directory.unit(office.finance).th, f"คำสั่งจ่ายเงินรางวัล-{award.fiscal_year}"
    how: dict[str, Any] = {"names": named, "dated": step.now, "letterhead": head}
    pdf = await asyncio.to_thread(award_order_pdf, award, notice, payer_th=payer_th, **how)
    xlsx = await asyncio.to_thread(award_order_xlsx, award, notice, **how)
    return [Paper(f"{name}.pdf", PDF, pdf), Paper(f"{name}.xlsx", XLSX, xlsx)]
