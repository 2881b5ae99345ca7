"""P10: award money, from the final score to the payment (requirements P10, 4.5; source S1, slide 15)."""

from __future__ import annotations

from engine.case import Case
from engine.process import process
from engine.waits import Lane
from flows.wording import thai_list
from rules.award_case import baht, changes_th, departures_th, distributed, frame_of, parts_th, shares_th
from rules.thai import thai_moment
from schemas.award_case import (
    AwardAmounts,
    AwardApproval,
    AwardCase,
    AwardListCheck,
    AwardObjection,
    AwardOffice,
    AwardOutcome,
    AwardPayment,
    AwardProposal,
    AwardSplit,
    Lists,
    ObjectionWish,
    ProposedShares,
    StaffRecords,
    UnitShares,
)
from schemas.base import UnitId
from schemas.deadline import At, WorkingDays
from schemas.form import Facts, FormContext
from schemas.weekly import ReviewDecision
from tasks.award import (
    announce_shares,
    ask_for_records,
    check_eligibility,
    issue_order,
    look_up_award,
    share_out,
    split_pots,
    standing_records,
)


class Allocation:
    """What the steps of one allocation have in common; `lists` and `shares` are those of all units."""

    def __init__(self, case: Case[AwardCase], office: AwardOffice, parts: AwardSplit, staff: Lists) -> None:
        self.case, self.office, self.parts, self.staff = case, office, parts, staff
        self.lists: Lists = {}
        self.shares: dict[UnitId, UnitShares] = {}


@process("award-allocation", title_th="จัดสรรเงินรางวัล", data=AwardCase, result=AwardOutcome)
async def award_allocation(case: Case[AwardCase]) -> AwardOutcome:
    """Eligible or not; records, pots, quotas, lists, check and approval; objections; order and payment."""
    eligibility = await case.step("eligibility", check_eligibility, case.data)
    if not eligibility.eligible:
        return AwardOutcome(eligibility=eligibility)
    office = await case.step("look_up", look_up_award, case.data)
    await case.step("ask_for_records", ask_for_records, case.data, office)
    await case.receive("staff", StaffRecords, waiting_th=f"รอทะเบียนบุคคลของปีจาก{office.personnel_th}")
    amounts = await case.hand_off(
        "amounts", to=office.psdg, form=AwardAmounts, due=WorkingDays(days=office.step_days), asked_by=office.agency,
        context=FormContext(
            facts=(*about(case.data, office), ("สิทธิได้รับเงินรางวัล", eligibility.th)), files=case.data.files
        ),
    )  # fmt: skip
    records = await case.step("records", standing_records)
    parts = await case.step("split", split_pots, case.data, records.staff, amounts, office)

    allocation = Allocation(case, office, parts, records.staff)
    await agreed(allocation, {quota.unit: "" for quota in parts.quotas})
    objections = await objected(allocation)
    await agreed(allocation, {unit: f"ข้อโต้แย้งของ{said}" for unit, said in objections.items()})

    order = await case.step(
        "order", issue_order, office, parts, allocation.lists, tuple(allocation.shares.values()), amounts,
        tuple(objections.items()),
    )  # fmt: skip
    outcome = AwardOutcome(eligibility=eligibility, order=order)
    if not (ordered := distributed(order.award)):
        return outcome  # no unit has anybody who may get a share; the order says why
    payment = await case.hand_off(
        "pay", to=office.finance, form=AwardPayment, due=WorkingDays(days=office.step_days), asked_by=office.psdg,
        context=FormContext(
            facts=(*about(case.data, office), ("จำนวนเงินตามคำสั่งจ่าย", baht(ordered))),
            limits={"amount": f"{ordered:.2f}"}, files=order.files,
        ),
    )  # fmt: skip
    return outcome.replace(paid_on=payment.paid_on, payment_reference=payment.reference)


async def agreed(allocation: Allocation, notes: dict[UnitId, str]) -> None:
    """The units in `notes` propose, the lists are checked, the committee approves; who is sent back proposes again.

    Lists and shares of other units stay as they are.
    """
    case, office, lists = allocation.case, allocation.office, allocation.lists
    units = tuple(notes)
    while notes:
        proposals = await case.all_of(
            "proposals",
            {
                unit: case.hand_off(
                    "propose", of=unit, to=unit, form=AwardProposal, due=WorkingDays(days=office.step_days),
                    asked_by=office.psdg, context=to_propose(allocation, unit, note),
                )
                for unit, note in notes.items()
            },
        )  # fmt: skip
        lists |= {unit: proposal.persons for unit, proposal in proposals.items()}
        found = await case.step("share_out", share_out, case.data, office, allocation.parts, lists, units)
        checked = await case.hand_off(
            "check", to=office.personnel, form=AwardListCheck, due=WorkingDays(days=office.step_days),
            asked_by=office.psdg, context=to_check(allocation, units, found),
        )  # fmt: skip
        judge: AwardListCheck | AwardApproval = checked
        sender = office.personnel_th
        if checked.decision is ReviewDecision.APPROVE:
            opinion = (("ความเห็นของผู้ตรวจ", checked.comment),) if checked.comment else ()
            judge = await case.hand_off(
                "approve", to=Lane(unit=office.committee, duty=office.committee_duty), form=AwardApproval,
                due=WorkingDays(days=office.step_days), asked_by=office.personnel,
                context=to_check(allocation, units, found, opinion),
            )  # fmt: skip
            sender = office.committee_th
        if judge.decision is ReviewDecision.APPROVE:
            allocation.shares |= {each.unit: each for each in found.units}
            return
        notes = dict.fromkeys(judge.units, f"{sender} ส่งคืนแก้ไข: {judge.comment}")


async def objected(allocation: Allocation) -> dict[UnitId, str]:
    """Units hand in what their persons object to, until all have answered or the days for it are over."""
    case, office, quotas = allocation.case, allocation.office, allocation.parts.quotas
    if not quotas:
        return {}
    ends = await case.step("announce", announce_shares, office)
    answers: dict[UnitId, AwardObjection] = {}

    async def ask(unit: UnitId) -> None:
        shared = shares_th(allocation.shares[unit], allocation.lists[unit])
        answers[unit] = await case.hand_off(
            "object", to=unit, form=AwardObjection, due=At(moment=ends), asked_by=office.psdg,
            context=FormContext(
                facts=(
                    *about(case.data, office), ("การจัดสรรของหน่วยงาน", shared), ("โต้แย้งได้ถึง", thai_moment(ends)),
                )
            ),
        )  # fmt: skip

    async def everyone() -> None:
        await case.all_of("units", {quota.unit: ask(quota.unit) for quota in quotas})

    over = case.until("objections_end", ends)
    await case.race("objections", {"everyone": everyone(), "over": over})
    said = ((quota.unit, answers.get(quota.unit)) for quota in quotas)
    return {u: f"{a.person}: {a.reasons}" for u, a in said if a is not None and a.wish is ObjectionWish.OBJECT}


def about(data: AwardCase, office: AwardOffice) -> Facts:
    return (
        ("ส่วนราชการ", office.agency_th),
        ("ปีงบประมาณ พ.ศ.", str(data.fiscal_year)),
        ("คะแนนรวม", f"{data.total:.4f}"),
    )


def to_propose(allocation: Allocation, unit: UnitId, note: str) -> FormContext:
    """What a unit sees: its quota, and its list as it stands, at first that of the personnel records."""
    data, office, quota = allocation.case.data, allocation.office, allocation.parts.quota(unit)
    standing = allocation.lists.get(unit, allocation.staff.get(unit, ()))
    return FormContext(
        facts=(
            *about(data, office),
            ("วงเงินผู้ปฏิบัติงานของหน่วยงาน", baht(quota.operators)),
            ("วงเงินผู้บริหารของหน่วยงาน", baht(quota.executives)),
            *((("ผู้รับผิดชอบตัวชี้วัด (O&S)", thai_list(parts)),) if (parts := parts_th(data.roles, standing)) else ()),
        ),
        note=note,
        prefill={"persons": [line.model_dump(mode="json") for line in standing]},
        limits={"frame": frame_of(data, quota, office.policy).model_dump(mode="json")},
    )


def to_check(allocation: Allocation, units: tuple[UnitId, ...], found: ProposedShares, more: Facts = ()) -> FormContext:
    """What is checked and approved: who gets how much, and what the lists have otherwise than records and O&S table."""
    office, lists = allocation.office, allocation.lists
    of_units = ((office.unit_th(each.unit), shares_th(each, lists[each.unit])) for each in found.units)
    changed = (
        (f"{office.unit_th(unit)} ต่างจากทะเบียนบุคคล", thai_list(changes))
        for unit in units
        if (changes := changes_th(allocation.staff.get(unit, ()), lists[unit]))
    )
    departing = (
        (f"{office.unit_th(unit)} ต่างจากตาราง O&S", "; ".join(found_in))
        for unit in units
        if (found_in := departures_th(allocation.case.data.roles, lists[unit]))
    )
    return FormContext(
        facts=(*about(allocation.case.data, office), *of_units, *changed, *departing, *more),
        note="บัญชีของหน่วยงานไม่ตรงกัน: " + "; ".join(found.conflicts) if found.conflicts else "",
        choices={"units": tuple((unit, office.unit_th(unit)) for unit in units)},
        limits={"conflicts": list(found.conflicts)},
    )
