"""P7: a round of self-assessment reports, one case for an agency, fiscal year and round (S1, slides 24 to 29)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from engine.branches import Branch
from engine.case import Case
from engine.errors import Withdrawn
from engine.process import process
from engine.waits import HandOff, Lane
from flows.branches import everyone, known
from flows.wording import thai_list
from rules.attachment import each_once
from rules.sar import Leaf, active_kpis, leaves, limits_of_report, report_form, result_of, result_th
from rules.scoring import score
from schemas.attachment import AttachedFile
from schemas.base import UnitId
from schemas.criteria import KpiNumber, Milestones, Result
from schemas.deadline import DayEdge, Deadline, OnYearDay, WorkingDays
from schemas.form import Facts, FormContext
from schemas.kpi import Kpi, Round
from schemas.organisation import Duty
from schemas.sar import (
    ApprovalDecision,
    Certification,
    CertificationDecision,
    KpiCard,
    RoundScore,
    SarAcknowledged,
    SarApproval,
    SarCardForm,
    SarOutcome,
    SarRevision,
    SarRoundCase,
    SarSent,
    ValueReport,
)
from schemas.sar_card import Certification as Certified
from schemas.year import YearDay
from schemas.year_office import YearOffice
from tasks.sar import print_round, score_round
from tasks.year_office import look_up_round, put_up_again

Cards = dict[KpiNumber, Branch[KpiCard | None]]


@process("sar-round", title_th="รายงานการประเมินผลตนเอง (SAR)", data=SarRoundCase, result=SarOutcome)
async def sar_round(case: Case[SarRoundCase]) -> SarOutcome:
    """Keepers report, supervisor and กพร. certify each KPI; the SAR is scored, approved, sent and acknowledged."""
    data = case.data
    opened = await case.step("look_up", look_up_round, data.agency, data.fiscal_year, data.round)
    office = opened.office
    await case.until("period_ends", opened.opens)
    cards: Cards = {
        kpi.number: case.fork("cards", card(case, office, kpi), of=kpi.number)
        for kpi in active_kpis(data.book, data.round)
    }
    scored = await approved(case, office, cards)

    papers = await case.step("print", print_round, data, scored)

    sent = case.hand_off(
        "send", to=office.psdg, form=SarSent, due=office.on(YearDay.report(data.round)), asked_by=office.agency_th,
        title=f"ส่งรายงานรอบ {data.round} เดือน ให้{office.opdc_th}",
        context=FormContext(facts=facts_of_round(case, office), files=papers),
    )  # fmt: skip
    said = await sent
    acknowledged = case.hand_off(
        "acknowledge", to=office.opdc, form=SarAcknowledged, due=WorkingDays(days=office.policy.step_days),
        asked_by=office.agency_th, title=f"รับทราบรายงานรอบ {data.round} เดือน ของ{office.agency_th}",
        context=FormContext(
            facts=(*facts_of_round(case, office), *facts_of_score(scored), ("เลขอ้างอิง", said.reference)), files=papers
        ),
    )  # fmt: skip
    await acknowledged
    return SarOutcome(
        round=data.round, final=scored, sent_on=sent.at, sent_late=sent.late, reference=said.reference,
        acknowledged_at=acknowledged.at, papers=papers,
    )  # fmt: skip


async def approved(case: Case[SarRoundCase], office: YearOffice, cards: Cards) -> RoundScore:
    """Steps 5 and 6: when all is certified, or the day of the book has come, the round is scored and approved.

    What nobody has certified by then is not in the report, so that approval, papers and result are of the same; who
    still holds a part of it is told, and it comes in again where the director-general returns the report for it.
    The round of 9 months is an e-SAR card only, which needs no approval (S1, slide 28).
    """
    report_day, days = YearDay.report(case.data.round), office.policy.step_days
    book_day: OnYearDay | datetime = office.on(report_day, DayEdge.BEGINS, before=office.policy.book_days_before)
    awaited = tuple(cards.values())
    while True:
        await case.race(
            "certified_or_book_day", {"certified": everyone(awaited), "book_day": case.until("book_day", book_day)}
        )
        for branch in cards.values():
            await case.end("close_card", branch, reason=f"จัดทำรายงานรอบ {case.data.round} เดือนแล้ว")
        scored = await case.step("score", score_round, case.data, certified(cards))
        if case.data.round is Round.NINE:
            return scored
        verdict = await case.hand_off(
            "approve", to=Lane(unit=office.agency, duty=Duty.HEAD), form=SarApproval, asked_by=office.psdg_th,
            due=WorkingDays(days=office.policy.book_days_before),
            context=FormContext(facts=(*facts_of_round(case, office), *facts_of_score(scored))),
        )  # fmt: skip
        if verdict.decision is ApprovalDecision.APPROVE:
            return scored
        revision = await case.hand_off(
            "revise", to=office.psdg, form=SarRevision, asked_by=office.agency_th,
            due=WorkingDays(days=days),
            context=FormContext(
                facts=(*facts_of_round(case, office), *facts_of_score(scored)), note=f"อธิบดีส่งคืน: {verdict.remark}",
                choices={"kpis": tuple((number, f"{number} {kpi_of(case, number).th}") for number in cards)},
            ),
        )  # fmt: skip
        await case.let_others_go_on()  # the cards, as they were certified
        for number in revision.kpis:
            note, before = f"ส่งคืนแก้ไข: {revision.comment}", cards[number].value()
            again = card(case, office, kpi_of(case, number), note=note, returned=before)
            cards[number] = case.fork("cards", again, of=number)
        # What was sent back is waited for, and nothing else: the day of the book is over as a rule.
        awaited = tuple(cards[number] for number in revision.kpis)
        book_day = await case.step("again_by", put_up_again, office.on(report_day, DayEdge.BEGINS), days)


def certified(cards: Cards) -> tuple[KpiCard, ...]:
    """The cards that are certified as far as the run knows; what a step makes of them is recorded."""
    return known(cards.values())


# --- one KPI -----------------------------------------------------------------------------------------------


class Asked(NamedTuple):
    """One hand-off of step 2: to whom, and which result it brings; None where only the work is described."""

    unit: UnitId
    leaf: Leaf | None


async def card(
    case: Case[SarRoundCase], office: YearOffice, kpi: Kpi, *, note: str = "", returned: KpiCard | None = None
) -> KpiCard | None:
    """Steps 2 to 4: keepers report, the unit's supervisor certifies, then กพร.; a refusal begins again.

    None when the work was withdrawn from outside.

    :param returned: the card as it was certified, when the director-general has sent it back; it has days of its own,
        and is as late as it was.
    """
    internal = office.on(YearDay.internal(case.data.round))
    external = case.data.external.get(kpi.number)
    main = office.holder_of(kpi)
    given: dict[str, SarCardForm] = {}
    again = WorkingDays(days=office.policy.step_days)
    due: Deadline | OnYearDay = internal if returned is None else again
    try:
        while True:
            asked = {
                name: keep(case, office, kpi, name, one, due=due, note=note, before=given.get(name))
                for name, one in asked_of(kpi, main, external is not None).items()
            }
            given = await case.all_of("keep_all", asked)
            reported_at = max(one.at for one in asked.values())
            reports = {name: form for name, form in given.items() if name not in units_of(kpi)}
            result = result_of(kpi.criteria, kpi.number, reports, external)
            facts = (
                *facts_of_kpi(case, office, kpi),
                *facts_of_reports(office, kpi, given),
                *facts_of_result(kpi, result),
            )

            first = certify(
                case, "certify_supervisor", Lane(unit=main, duty=Duty.SUPERVISOR), kpi, facts, due,
                asked_by=office.unit_th(main), files=files_of(given),
            )  # fmt: skip
            verdict = await first
            if verdict.decision is CertificationDecision.CERTIFY:
                second = certify(
                    case, "certify_psdg", Lane(unit=office.psdg), kpi,
                    (*facts, ("ผู้กำกับดูแลตัวชี้วัดรับรอง", first.actor.name)), due, asked_by=office.unit_th(main),
                    files=files_of(given),
                )  # fmt: skip
                final = await second
                if final.decision is CertificationDecision.CERTIFY:
                    break
                refused, remark, late = office.psdg_th, final.remark, second.late
            else:
                refused, remark, late = "ผู้กำกับดูแลตัวชี้วัด", verdict.remark, first.late
            note = f"{refused}ไม่อนุมัติ: {remark}"
            if late:
                due = again
    except Withdrawn:
        return None
    told, files = given.values(), files_of(given)
    return KpiCard(
        number=kpi.number, result=result, score=None if result is None else score(kpi, result),
        calculation=joined(form.calculation for form in told if isinstance(form, ValueReport)),
        measures=joined(form.explanation for form in told), supports=joined(form.success_factors for form in told),
        obstacles=joined(form.obstacles for form in told), evidence=tuple(file.name for file in files), files=files,
        reported_at=reported_at, supervisor=by(first, verdict), psdg=by(second, final),
        late=(due != internal or second.late) if returned is None else returned.late,
    )  # fmt: skip


def units_of(kpi: Kpi) -> tuple[UnitId, ...]:
    """The units that hold a part of the work beside the main one."""
    return tuple(holding.unit for holding in kpi.holdings[1:])


def asked_of(kpi: Kpi, main: UnitId, has_external: bool) -> dict[str, Asked]:
    """Who reports what (decision 18): results are the main holder's, the others describe their part of the work."""
    results = {leaf.number: Asked(main, None if has_external else leaf) for leaf in leaves(kpi)}
    return results | {unit: Asked(unit, None) for unit in units_of(kpi)}


def keep(
    case: Case[SarRoundCase], office: YearOffice, kpi: Kpi, name: str, asked: Asked, *,
    due: Deadline | OnYearDay, note: str, before: SarCardForm | None,
) -> HandOff[SarCardForm]:  # fmt: skip
    """Step 2, one data keeper."""
    leaf = asked.leaf or Leaf(kpi.number, kpi.th, kpi.unit_of_measure, None)
    steps = leaf.criteria.steps if isinstance(leaf.criteria, Milestones) else ()
    keepers = kpi.responsible_at(case.data.round).keepers
    facts = facts_of_kpi(case, office, kpi)
    if leaf.number != kpi.number:
        facts += (("ตัวชี้วัดย่อย", f"{leaf.number} {leaf.th}"),)
    facts += tuple(("กิจกรรมที่รับผิดชอบ", keeper.activity) for keeper in keepers if keeper.officer.startswith(asked.unit))
    return case.hand_off(
        "keep", of=name, to=asked.unit, form=report_form(leaf.criteria), due=due, asked_by=office.psdg_th,
        title=f"รายงานผลตัวชี้วัดที่ {leaf.number} รอบ {case.data.round} เดือน",
        context=FormContext(
            facts=facts, note=note, prefill=before.model_dump(mode="json") if before else {},
            choices={"steps": tuple((str(n), f"ขั้นตอนที่ {n} {step}") for n, step in enumerate(steps, start=1))},
            limits=limits_of_report(kpi, leaf.criteria),
        ),
    )  # fmt: skip


def certify(
    case: Case[SarRoundCase], element: str, lane: Lane, kpi: Kpi, facts: Facts, due: Deadline | OnYearDay, *,
    asked_by: str, files: tuple[AttachedFile, ...],
) -> HandOff[Certification]:  # fmt: skip
    """Steps 3 and 4."""
    return case.hand_off(
        element, to=lane, form=Certification, due=due, asked_by=asked_by, context=FormContext(facts=facts, files=files),
        title=f"รับรองผลตัวชี้วัดที่ {kpi.number} รอบ {case.data.round} เดือน",
    )  # fmt: skip


def by(wait: HandOff[Certification], verdict: Certification) -> Certified:
    return Certified(by=wait.actor.officer or wait.asked.to.unit, at=wait.at, remark=verdict.remark)


def files_of(given: dict[str, SarCardForm]) -> tuple[AttachedFile, ...]:
    """The evidence of all keepers."""
    return each_once(file for form in given.values() for file in form.attachments)


def kpi_of(case: Case[SarRoundCase], number: KpiNumber) -> Kpi:
    kpi = case.data.book.kpi(number)
    assert kpi is not None, number
    return kpi


# --- wording -----------------------------------------------------------------------------------------------


def facts_of_round(case: Case[SarRoundCase], office: YearOffice) -> Facts:
    data = case.data
    return (
        ("ส่วนราชการ", office.agency_th),
        ("รอบรายงาน", f"{data.round} เดือน ปีงบประมาณ พ.ศ. {data.fiscal_year}"),
    )


def facts_of_kpi(case: Case[SarRoundCase], office: YearOffice, kpi: Kpi) -> Facts:
    """What must be known of a KPI before reporting or certifying; what the agreement leaves out is not said."""
    weight = kpi.weight_at(case.data.round)
    said = (
        ("ตัวชี้วัด", f"{kpi.number} {kpi.th}"),
        ("หน่วยวัด", kpi.unit_of_measure),
        ("น้ำหนัก", "" if weight is None else f"ร้อยละ {weight.normalize():f}"),
        ("ค่าเป้าหมาย", "" if kpi.target is None else f"{kpi.target.normalize():f}"),
        ("สูตรการคำนวณ", kpi.formula),
        ("หน่วยงานที่รับผิดชอบ", thai_list(office.unit_th(holding.unit) for holding in kpi.holdings)),
    )
    return (*facts_of_round(case, office), *((label, value) for label, value in said if value))


def facts_of_reports(
    office: YearOffice, kpi: Kpi, given: dict[str, SarCardForm]
) -> Facts:  # fmt: skip
    """What the keepers reported, each under its part of the KPI or its unit where there are several."""
    facts: list[tuple[str, str]] = []
    for name, form in given.items():
        of = "" if name == kpi.number and len(given) == 1 else f" ({office.unit_th(name)})"
        if isinstance(form, ValueReport) and form.calculation:
            facts.append((f"สูตรและการแทนค่า{of}", form.calculation))
        facts.append((f"คำชี้แจง{of}", form.explanation))
        more = (("ปัจจัยสนับสนุน", form.success_factors), ("อุปสรรค", form.obstacles))
        facts += [(f"{label}{of}", text) for label, text in more if text]
    return tuple(facts)


def facts_of_result(kpi: Kpi, result: Result | None) -> Facts:
    """The result in words, and the score that it makes."""
    if result is None:
        return (("ผลการดำเนินงาน", "ตัวชี้วัดนี้ยังไม่มีเกณฑ์การให้คะแนน"),)
    return (("ผลการดำเนินงาน", result_th(result)), ("ค่าคะแนนที่ได้", f"{score(kpi, result)}"))


def facts_of_score(scored: RoundScore) -> Facts:
    totals = scored.card
    return (
        ("รับรองแล้ว", f"{len(scored.cards)} ตัวชี้วัด"),
        ("ยังไม่รายงาน", thai_list(scored.missing) if scored.missing else "ไม่มี"),
        ("คะแนนเฉพาะตัวที่รายงาน", str(totals.total_reported or "–")),
        ("คะแนนรวม (ไม่รายงานนับคะแนนต่ำสุด)", str(totals.total_all or "–")),
        *(("ข้อสังเกต", finding.th) for finding in totals.findings),
    )


def joined(texts: Iterable[str]) -> str:
    return "\n".join(text for text in texts if text)
