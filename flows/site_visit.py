"""P8: a site visit of สำนักงาน ก.พ.ร., before the evaluation or after it (S1, slides 13, 19 and 20)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from engine.branches import Branch
from engine.case import Case
from engine.errors import Withdrawn
from engine.process import process
from engine.waits import HandOff
from flows.branches import everyone, known
from rules.attachment import each_once
from rules.site_visit import kpis_to_visit, limits_of_schedule, visit_day
from rules.thai import thai_date_range, thai_moment
from schemas.attachment import AttachedFile
from schemas.base import UnitId
from schemas.criteria import KpiNumber
from schemas.deadline import At, WorkingDays
from schemas.form import Facts, FormContext
from schemas.kpi import Kpi
from schemas.site_visit import (
    VISIT_PURPOSE_TH,
    EvidenceReady,
    Prepared,
    ProvinceSupport,
    SiteVisitCase,
    SiteVisitOutcome,
    VisitAnswer,
    VisitAnswered,
    VisitClosing,
    VisitDays,
    VisitedKpi,
    VisitFinding,
    VisitOffice,
    VisitPreparation,
    VisitReadiness,
    VisitRecorded,
    VisitSchedule,
    VisitStanding,
)
from schemas.visit_record import VISIT_TH
from schemas.year_move import YearDayMoved
from schemas.year_office import YearOffice
from tasks.site_visit import gather_readiness, look_up_visit, print_visit, set_answers_due, set_visit_days, sum_up_visit

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Announced:
    """The visit as สำนักงาน ก.พ.ร. announced it."""

    office: YearOffice
    schedule: VisitSchedule
    days: VisitDays


@dataclass(frozen=True, slots=True)
class Preparing:
    """Who was asked for evidence: owners by KPI, provinces by unit."""

    kpis: dict[KpiNumber, Branch[Prepared | None]]
    provinces: dict[UnitId, Branch[Prepared | None]]


@dataclass(frozen=True, slots=True)
class Visited:
    """How far the visit has come; owners answer while other KPIs are still visited."""

    recorded: dict[KpiNumber, VisitRecorded] = field(default_factory=dict)
    answers: dict[KpiNumber, Branch[VisitAnswered | None]] = field(default_factory=dict)


@process(
    "site-visit", title_th="การตรวจประเมิน ณ ส่วนราชการ (Site Visit)", data=SiteVisitCase, result=SiteVisitOutcome,
    result_needed=False,
)  # fmt: skip
async def site_visit(case: Case[SiteVisitCase]) -> SiteVisitOutcome:
    """Announced and prepared, visited KPI by KPI, answered by the owners, closed by สำนักงาน ก.พ.ร."""
    kpis = kpis_to_visit(case.data)
    visit = await announced(case)
    office = visit.office
    prepared = await preparation(case, visit)
    preparing = asked_for_evidence(case, visit, prepared, kpis)

    # The visit begins on its day, whoever is ready by then.
    await case.until("visit_begins", visit.days.begins)
    await case.let_others_go_on()  # whoever has said that the evidence is ready
    readiness = await case.step(
        "gather", gather_readiness, known(preparing.kpis.values()), known(preparing.provinces.values())
    )
    visited = Visited()
    await case.all_of("records", {kpi.number: visit_to(case, visit, kpi, readiness, visited) for kpi in kpis})
    for branch in (*preparing.kpis.values(), *preparing.provinces.values()):
        await case.end("close_evidence", branch, reason="การตรวจประเมินเสร็จสิ้นแล้ว")

    recorded = in_order(kpis, visited.recorded)
    due = await case.step("set_answers_due", set_answers_due, office, recorded)
    answers = in_order(kpis, visited.answers)
    await case.race("answered_or_due", {"answered": everyone(answers), "due": reached(case, due)})
    answered = known(answers)
    standing = await case.step("sum_up", sum_up_visit, case.data, office, readiness, recorded, answered, "answered")
    closing = case.hand_off(
        "close_visit", to=office.opdc, form=VisitClosing, due=WorkingDays(days=office.policy.step_days),
        asked_by=office.psdg_th, title=f"สรุปและปิดการตรวจประเมิน{VISIT_TH[case.data.kind]}",
        context=FormContext(
            facts=(*facts_of_visit(case, visit), *facts_of_standing(standing)), files=files_of(answered)
        ),
    )  # fmt: skip
    said = await closing
    for answer in answers:
        await case.end("close_answer", answer, reason="สำนักงาน ก.พ.ร. ปิดการตรวจประเมินแล้ว")
    final = await case.step(
        "finish", sum_up_visit, case.data, office, readiness, recorded, known(answers), "visit_closed"
    )
    papers = await case.step(
        "print_record", print_visit, case.data, office, visit.schedule, prepared, readiness.provinces, final, said,
        closing.actor, closing.at,
    )  # fmt: skip
    return SiteVisitOutcome(
        kind=case.data.kind, first_day=visit.schedule.first_day, last_day=visit.schedule.last_day,
        agenda=prepared.agenda, provinces=readiness.provinces, kpis=final.kpis, unanswered=final.unanswered,
        remark=said.remark, present=said.present, closed_by=closing.actor, closed_at=closing.at, papers=papers,
    )  # fmt: skip


async def announced(case: Case[SiteVisitCase]) -> Announced:
    """สำนักงาน ก.พ.ร. says when it comes, within the calendar's period; asked anew when that is moved."""
    while True:
        opened = await case.step("look_up", look_up_visit, case.data)
        office, period = opened.office, opened.office.on(visit_day(case.data.kind))
        first = await case.race(
            "announced_or_moved",
            {"schedule": schedule(case, opened), "moved": case.hear("period_moved", YearDayMoved, period.topic)},
        )
        if first.name == "schedule":
            said: VisitSchedule = first.value
            return Announced(office, said, await case.step("set_days", set_visit_days, office, said))


def schedule(case: Case[SiteVisitCase], opened: VisitOffice) -> HandOff[VisitSchedule]:
    office = opened.office
    return case.hand_off(
        "schedule", to=office.opdc, form=VisitSchedule, due=At(moment=opened.schedule_due), asked_by=office.psdg_th,
        title=f"แจ้งกำหนดการตรวจประเมิน{VISIT_TH[case.data.kind]}",
        context=FormContext(
            facts=(
                *facts_of_case(case, office),
                ("ช่วงเวลาตามปฏิทิน", thai_date_range(opened.first_day, opened.last_day)),
            ),
            limits=limits_of_schedule(opened.first_day, opened.last_day),
        ),
    )  # fmt: skip


async def preparation(case: Case[SiteVisitCase], visit: Announced) -> VisitPreparation:
    """กพร. prepares the agenda, lists the evidence and names the provinces that support the visit."""
    office = visit.office
    prepared: VisitPreparation = await case.hand_off(
        "prepare", to=office.psdg, form=VisitPreparation, due=At(moment=visit.days.prepare_by), asked_by=office.opdc_th,
        context=FormContext(
            facts=facts_of_visit(case, visit), choices={"provinces": office.provinces}, files=case.data.evidence
        ),
    )  # fmt: skip
    return prepared


def asked_for_evidence(
    case: Case[SiteVisitCase], visit: Announced, prepared: VisitPreparation, kpis: Iterable[Kpi]
) -> Preparing:
    """The main holder of each KPI, and each province that กพร. named."""
    wanted = (*facts_of_visit(case, visit), ("กำหนดการ", prepared.agenda), ("หลักฐานที่ต้องเตรียม", prepared.evidence))
    return Preparing(
        kpis={kpi.number: case.fork("evidence", evidence(case, visit, kpi, wanted), of=kpi.number) for kpi in kpis},
        provinces={
            province: case.fork("support", support(case, visit, province, wanted), of=province)
            for province in prepared.provinces
        },
    )


async def evidence(case: Case[SiteVisitCase], visit: Announced, kpi: Kpi, wanted: Facts) -> Prepared | None:
    """The owner of a KPI says that its evidence is ready; None when the work was withdrawn from outside."""
    unit = visit.office.holder_of(kpi)
    asked = case.hand_off(
        "ready", to=unit, form=EvidenceReady, due=At(moment=visit.days.begins), asked_by=visit.office.psdg_th,
        title=f"แจ้งความพร้อมของหลักฐานตัวชี้วัดที่ {kpi.number}",
        context=FormContext(facts=(*wanted, *facts_of_kpi(case, kpi))),
    )  # fmt: skip
    try:
        said = await asked
    except Withdrawn:
        return None
    return Prepared(kpi=kpi.number, unit=unit, by=asked.actor, at=asked.at, **said.model_dump())


async def support(case: Case[SiteVisitCase], visit: Announced, province: UnitId, wanted: Facts) -> Prepared | None:
    """A province says what it has ready on site."""
    asked = case.hand_off(
        "support", to=province, form=ProvinceSupport, due=At(moment=visit.days.begins), asked_by=visit.office.psdg_th,
        context=FormContext(facts=wanted),
    )  # fmt: skip
    try:
        said = await asked
    except Withdrawn:
        return None
    return Prepared(kpi=None, unit=province, by=asked.actor, at=asked.at, **said.model_dump())


async def visit_to(
    case: Case[SiteVisitCase], visit: Announced, kpi: Kpi, readiness: VisitReadiness, visited: Visited
) -> None:
    """สำนักงาน ก.พ.ร. records one KPI; where it asks for something, the owner is asked at once."""
    office = visit.office
    ready = next((each for each in readiness.kpis if each.kpi == kpi.number), None)
    asked = case.hand_off(
        "record", to=office.opdc, form=VisitFinding, due=At(moment=visit.days.record_by), asked_by=office.agency_th,
        title=f"บันทึกผลการตรวจประเมินตัวชี้วัดที่ {kpi.number}",
        context=FormContext(
            facts=(*facts_of_visit(case, visit), *facts_of_kpi(case, kpi), *facts_of_readiness(office, kpi, ready)),
            files=files_of((ready,) if ready else (), readiness.provinces),
        ),
    )  # fmt: skip
    try:
        said = await asked
    except Withdrawn:
        return
    recorded = VisitRecorded(kpi=kpi.number, by=asked.actor, at=asked.at, **said.model_dump())
    visited.recorded[kpi.number] = recorded
    if recorded.request:
        visited.answers[kpi.number] = case.fork("answers", answer(case, visit, kpi, recorded), of=kpi.number)


async def answer(
    case: Case[SiteVisitCase], visit: Announced, kpi: Kpi, recorded: VisitRecorded
) -> VisitAnswered | None:  # fmt: skip
    """The owner answers the request; None when the work was withdrawn from outside."""
    office = visit.office
    asked = case.hand_off(
        "answer", to=office.holder_of(kpi), form=VisitAnswer, due=WorkingDays(days=office.policy.visit_answer_days),
        asked_by=office.opdc_th, title=f"ตอบข้อซักถามของการตรวจประเมิน ตัวชี้วัดที่ {kpi.number}",
        context=FormContext(
            facts=(*facts_of_visit(case, visit), *facts_of_kpi(case, kpi), ("ข้อค้นพบ/ข้อสังเกต", recorded.finding)),
            note=recorded.request,
        ),
    )  # fmt: skip
    try:
        said = await asked
    except Withdrawn:
        return None
    return VisitAnswered(kpi=kpi.number, by=asked.actor, at=asked.at, **said.model_dump())


async def reached(case: Case[SiteVisitCase], due: datetime) -> None:
    """In a branch of its own: when all have answered already the race is decided before a timer would be set."""
    await case.until("answers_due", due)


# --- what is known -----------------------------------------------------------------------------------------


def in_order(kpis: Iterable[Kpi], found: dict[KpiNumber, T]) -> tuple[T, ...]:
    """In the order of the agreement, whichever came first."""
    return tuple(found[kpi.number] for kpi in kpis if kpi.number in found)


def files_of(*given: Iterable[Prepared | VisitAnswered]) -> tuple[AttachedFile, ...]:
    """The files of those who were asked."""
    return each_once(file for several in given for each in several for file in each.attachments)


# --- wording -----------------------------------------------------------------------------------------------


def facts_of_case(case: Case[SiteVisitCase], office: YearOffice) -> Facts:
    return (
        ("ส่วนราชการ", office.agency_th),
        ("การตรวจประเมิน", f"{VISIT_TH[case.data.kind]} ปีงบประมาณ พ.ศ. {case.data.fiscal_year}"),
        ("วัตถุประสงค์", VISIT_PURPOSE_TH[case.data.kind]),
    )


def facts_of_visit(case: Case[SiteVisitCase], visit: Announced) -> Facts:
    """The visit as announced."""
    schedule = visit.schedule
    return (
        *facts_of_case(case, visit.office),
        ("วันตรวจประเมิน", thai_date_range(schedule.first_day, schedule.last_day)),
        *((("รายละเอียด", schedule.note),) if schedule.note else ()),
    )


def facts_of_kpi(case: Case[SiteVisitCase], kpi: Kpi) -> Facts:
    score = case.data.scores.get(kpi.number)
    return (
        ("ตัวชี้วัด", f"{kpi.number} {kpi.th}"),
        *((("คะแนนที่ผ่านมา", f"{score:.4f}"),) if score is not None else ()),
    )


def facts_of_readiness(office: YearOffice, kpi: Kpi, ready: Prepared | None) -> Facts:
    holder = ("หน่วยงานที่รับผิดชอบ", office.unit_th(office.holder_of(kpi)))
    if ready is None:
        return (holder, ("หลักฐาน", "หน่วยงานยังไม่แจ้งความพร้อม"))
    outstanding = (("ยังไม่พร้อม", ready.outstanding),) if ready.outstanding else ()
    return (holder, ("หลักฐาน", ready.evidence), *outstanding, ("แจ้งความพร้อมเมื่อ", thai_moment(ready.at)))


def facts_of_standing(standing: VisitStanding) -> Facts:
    """Every KPI on a line of its own, as the visit stands before it is closed."""
    return tuple((f"ตัวชี้วัดที่ {each.number}", kpi_th(each)) for each in standing.kpis)


def kpi_th(each: VisitedKpi) -> str:
    """«ข้อค้นพบ: … · คะแนนที่เสนอ: 3.5000 · ข้อซักถาม: … · คำชี้แจง: ยังไม่ตอบ»."""
    found = each.recorded
    if found is None:
        return "ไม่ได้ตรวจประเมิน"
    said = [f"ข้อค้นพบ: {found.finding}"]
    if found.proposed_score is not None:
        said.append(f"คะแนนที่เสนอ: {found.proposed_score:.4f}")
    if each.asked:
        said += [f"ข้อซักถาม: {found.request}", f"คำชี้แจง: {each.answered.answer if each.answered else 'ยังไม่ตอบ'}"]
    return " · ".join(said)
