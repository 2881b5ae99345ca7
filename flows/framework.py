"""P13: the central office drafts the framework, provinces set three to five KPIs under it (S4)."""

from __future__ import annotations

from datetime import date

from engine.branches import Branch
from engine.case import Case
from engine.process import process
from engine.waits import Lane
from flows.branches import everyone, known
from flows.wording import thai_list
from rules.calendar import bangkok_date
from rules.framework import unlinked
from rules.thai import thai_date_range, thai_fiscal_year, thai_weekday_date
from schemas.attachment import AttachedFile
from schemas.base import UnitId
from schemas.circular import Circular, CircularCase, Conclusion, Recipient
from schemas.deadline import At, WorkingDays
from schemas.form import Facts, FormContext
from schemas.framework import (
    FRAMEWORK_TH,
    PLAN_TH,
    Adopted,
    Adoption,
    Advice,
    FrameworkCase,
    FrameworkDraft,
    FrameworkOffice,
    FrameworkOutcome,
    Kpis,
    Province,
    ProvinceDraft,
)
from schemas.organisation import Duty
from schemas.weekly import ReviewDecision
from tasks.framework import look_up_framework, print_framework, publish

Papers = tuple[AttachedFile, ...]
Provinces = dict[UnitId, Branch[Adopted | None]]
STEP = WorkingDays(days=2)
"""For advice, revision and adoption; S4 dates the workshop only [DEFAULT]."""


@process("kpi-framework", title_th="กรอบการประเมินและตัวชี้วัดจังหวัด", data=FrameworkCase, result=FrameworkOutcome)
async def kpi_framework(case: Case[FrameworkCase]) -> FrameworkOutcome:
    """The framework goes to all provinces; what they adopt is published before the year begins, the rest after it."""
    data = case.data
    office = await case.step("look_up", look_up_framework, data)
    drafting = case.hand_off(
        "draft_framework", to=data.sender, form=FrameworkDraft, due=At(moment=data.briefing_at), asked_by=data.issuer,
        context=FormContext(facts=facts(data)),
    )  # fmt: skip
    draft = await drafting
    framework = await case.step("print_framework", print_framework, data, draft)
    told = case.fork("tell", provinces_told(case, office, draft, bangkok_date(drafting.at)))
    await case.until("workshop_opens", data.workshop_opens)
    provinces: Provinces = {
        each.unit: case.fork("provinces", set_by(case, office, each, framework), of=each.unit)
        for each in data.provinces
    }
    await case.race("adopted_or_due", {"adopted": everyone(provinces.values()), "due": year_begins(case)})
    first = await case.step("publish", publish, data, known(provinces.values()), 1)
    await everyone(provinces.values())
    papers = first.papers
    if first.missing:
        # Who was late is published in a second volume; the first is never replaced.
        papers += (await case.step("publish_rest", publish, data, known(provinces.values()), 2)).papers
    await told
    return FrameworkOutcome(
        adopted=known(provinces.values()), missing_at_first=first.missing, papers=(*framework, *papers)
    )  # fmt: skip


async def provinces_told(case: Case[FrameworkCase], office: FrameworkOffice, draft: FrameworkDraft, on: date) -> None:
    """A circular with the framework, the briefing and the workshop; drafting does not wait for the receipts."""
    data = case.data
    letter = Circular(
        no=draft.letter_no, on=on, to="ผู้ว่าราชการจังหวัดทุกจังหวัด", text=text_of(data, office, draft),
        subject=f"กรอบการประเมินและหลักในการกำหนดตัวชี้วัดจังหวัด ประจำ{thai_fiscal_year(data.fiscal_year)}",
        enclosures=(f"{_title(data)} จำนวน 1 ชุด",), conclusion=Conclusion.CONSIDER,
    )  # fmt: skip
    recipients = tuple(Recipient(unit=each.unit, addressee=f"ผู้ว่าราชการ{each.th}") for each in data.provinces)
    await case.call(
        "notify", "circular",
        CircularCase(sender=data.sender, issuer=data.issuer, letter=letter, recipients=recipients),
        case_id=f"circular-{case.id}", title=f"หนังสือเวียน {letter.no} {letter.subject}",
    )  # fmt: skip


async def year_begins(case: Case[FrameworkCase]) -> None:
    await case.until("publish_by", case.data.publish_by)


async def set_by(
    case: Case[FrameworkCase], office: FrameworkOffice, province: Province, framework: Papers
) -> Adopted | None:
    """A province drafts, is advised, revises if there is advice, and its governor adopts (R4.3: advice is no veto)."""
    data, above = case.data, (*facts(case.data), ("จังหวัด", province.th))
    drafted = await case.hand_off(
        "draft", to=province.unit, form=ProvinceDraft, due=At(moment=data.workshop_closes), asked_by=office.sender_th,
        context=FormContext(facts=above, files=framework),
    )  # fmt: skip
    advice = await case.hand_off(
        "advise", to=data.sender, form=Advice, due=STEP, asked_by=province.th, title=f"ให้คำแนะนำตัวชี้วัดของ{province.th}",
        context=FormContext(facts=(*above, *facts_of(drafted.kpis)), note=drafted.note),
    )  # fmt: skip
    note = f"คำแนะนำของ{office.sender_th}: {advice.comment}" if advice.comment else ""
    while True:
        if note:
            drafted = await case.hand_off(
                "revise", to=province.unit, form=ProvinceDraft, due=STEP, asked_by=office.sender_th,
                title=f"ปรับปรุง{ProvinceDraft.title_th.removeprefix('จัดทำ')}",
                context=FormContext(facts=above, note=note, prefill=drafted.model_dump(mode="json"), files=framework),
            )  # fmt: skip
        adopting = case.hand_off(
            "adopt", to=Lane(unit=province.governor, duty=Duty.HEAD), form=Adoption, due=STEP, asked_by=province.unit,
            context=FormContext(facts=(*above, *facts_of(drafted.kpis)), note=note),
        )  # fmt: skip
        adoption = await adopting
        if adoption.decision is ReviewDecision.APPROVE:
            return Adopted(unit=province.unit, kpis=drafted.kpis, at=adopting.at)
        note = f"ส่งคืนแก้ไข: {adoption.comment}"


# --- wording -----------------------------------------------------------------------------------------------


def facts(data: FrameworkCase) -> Facts:
    return (("ปีงบประมาณ", f"พ.ศ. {data.fiscal_year}"), ("กำหนดเวลา", _dates(data)))


def text_of(data: FrameworkCase, office: FrameworkOffice, draft: FrameworkDraft) -> str:
    """The cause with the principles, and the purpose: what the provinces are asked to do."""
    closes = thai_weekday_date(bangkok_date(data.workshop_closes))
    return (
        f"ด้วย{office.issuer_th} ได้จัดทำ{_title(data)} และกำหนดการ{_dates(data)} "
        f"โดยมีหลักในการกำหนดตัวชี้วัด ดังนี้\n{draft.principles}\n"
        f"{office.issuer_th} จึงขอส่งกรอบการประเมินดังกล่าว และขอให้จังหวัดจัดทำร่างตัวชี้วัดของจังหวัดให้แล้วเสร็จภายใน{closes} "
        "รายละเอียดตามสิ่งที่ส่งมาด้วย"
    )  # fmt: skip


def _title(data: FrameworkCase) -> str:
    return f"{FRAMEWORK_TH} ประจำ{thai_fiscal_year(data.fiscal_year)}"


def _dates(data: FrameworkCase) -> str:
    briefing = thai_weekday_date(bangkok_date(data.briefing_at))
    workshop = thai_date_range(bangkok_date(data.workshop_opens), bangkok_date(data.workshop_closes))
    return f"ประชุมชี้แจงใน{briefing} และประชุมเชิงปฏิบัติการเพื่อจัดทำร่างตัวชี้วัดวันที่ {workshop}"


def facts_of(kpis: Kpis) -> Facts:
    """The KPIs a line each; those without a plan are pointed at."""
    lines: Facts = tuple(
        (
            f"ตัวชี้วัดที่ {place}",
            f"{kpi.th} ({kpi.unit_of_measure}) {kpi.years} ปี เป้าหมาย {kpi.targets}"
            + (f" · {PLAN_TH[kpi.plan]}" if kpi.plan else ""),
        )
        for place, kpi in enumerate(kpis, start=1)
    )
    without = unlinked(kpis)
    if not without:
        return lines
    which = thai_list(f"ที่ {place}" for place in without)
    return (*lines, ("ข้อสังเกต", f"ตัวชี้วัด{which} ไม่ระบุแผนที่เชื่อมโยง"))
