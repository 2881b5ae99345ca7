"""P5: one year of performance agreement, from the baselines to the final score (source S1, slides 5 to 15)."""

from __future__ import annotations

from functools import partial

from engine.case import Case
from engine.process import process
from engine.waits import HandOff, Lane
from flows.year import Year, fact_of
from flows.year_course import changes, followed_up, round_of, surveyed, visited
from flows.year_end import announcement, award, score_appeal
from flows.year_standing import CHANGES_END, SURVEYS_END
from rules.agreement import (
    chosen,
    takes_levels,
    values_of,
    with_appeal,
    with_baselines,
    with_form,
    with_kpis,
)
from rules.appeal import negotiation_notice
from rules.thai import thai_date
from schemas.actor import Actor
from schemas.agreement import (
    AgreementCase,
    AgreementOutcome,
    BaselineForm,
    BookReceived,
    Briefing,
    Consultation,
    DetailsCheck,
    KpiChoice,
    KpiDetails,
    NegotiatedKpi,
    NegotiationNotice,
    ProvinceBudget,
    ProvinceEvidence,
    Signature,
    SignedAgreement,
)
from schemas.appeal import AppealKind, AppealOutcome, appeal_case_id
from schemas.attachment import AttachedFile
from schemas.base import UnitId
from schemas.deadline import WorkingDays
from schemas.form import FormContext
from schemas.kpi import Kpi, Round
from schemas.organisation import Duty
from schemas.weekly import ReviewDecision
from schemas.year import YearDay
from tasks.agreement import (
    keep_book,
    print_agreement,
    print_details,
)
from tasks.year_office import look_up_year


@process("agreement-cycle", title_th="คำรับรองการปฏิบัติราชการ", data=AgreementCase, result=AgreementOutcome)
async def agreement_cycle(case: Case[AgreementCase]) -> AgreementOutcome:
    """Negotiated, signed and detailed; carried out, reported three times; announced, appealed against, final."""
    office = await case.step("look_up", look_up_year, case.data.agency, case.data.fiscal_year)
    year = Year(case, office)
    await negotiated(year)
    signed, made_by, received_by = await signed_by_both(year)
    agreement = await case.step(
        "print_agreement", print_agreement, year.book, office, signed, made_by=made_by, received_by=received_by
    )
    await detailed(year, agreement)
    await case.step("keep_details", keep_book, year.book, "detailed")
    printed = await case.step("print_details", print_details, year.book)

    case.fork("distribution", distributed(year, printed))
    case.fork("provinces", provinces(year))
    changing = case.fork("changes", changes(year))
    surveys = case.fork("surveys", surveyed(year))
    case.fork("follow_ups", followed_up(year))
    visits = case.fork("visits", visited(year))
    reported = await case.all_of("rounds", {str(round_): round_of(year, round_) for round_ in Round})
    rounds = tuple(reported.values())
    await case.end(CHANGES_END, changing, reason="สิ้นสุดปีงบประมาณ")
    await case.end(SURVEYS_END, surveys, reason="รายงานรอบ 12 เดือนแล้ว")

    await case.let_others_go_on()
    announced, at = await announcement(year, rounds[-1])
    await case.end("visits_end", visits, reason="ประกาศผลคะแนนแล้ว")
    appealed, final = await score_appeal(year, rounds[-1], announced, at)
    await case.let_others_go_on()
    await case.step("keep_final", keep_book, year.book, "final")
    awarded = await award(year, appealed.scorecard, final)
    return AgreementOutcome(
        book=year.book, signed=signed, rounds=rounds, changes=year.settled, announced=announced,
        announced_at=at, score_appeal=appealed,
        final_score=appealed.scorecard.official if appealed.scorecard else None, award=awarded,
    )  # fmt: skip


# --- steps 1 to 6: the negotiation -------------------------------------------------------------------------


async def negotiated(year: Year) -> None:
    """Baselines, choice, consultation, negotiation, result; appeals on it are decided before anything is signed."""
    case, office = year.case, year.office
    gathered = await case.all_of("baselines", {kpi.number: baselines(year, kpi) for kpi in year.book.kpis})
    fiscal_year = year.book.fiscal_year
    year.agreed = with_kpis(
        year.agreed, {n: partial(with_baselines, form=form, fiscal_year=fiscal_year) for n, form in gathered.items()}
    )
    choice = await case.hand_off(
        "choose", to=office.psdg, form=KpiChoice, due=year.on(YearDay.CHOICE), asked_by=office.agency_th,
        context=FormContext(
            facts=year.facts, prefill={"kpis": [kpi.number for kpi in year.book.kpis]},
            choices={"kpis": tuple((kpi.number, f"{kpi.number} {kpi.th}") for kpi in year.book.kpis)},
        ),
    )  # fmt: skip
    year.agreed = chosen(year.agreed, choice.kpis)
    await case.hand_off(
        "consult", to=office.psdg, form=Consultation, due=year.on(YearDay.CONSULTATION), asked_by=office.agency_th,
        context=FormContext(facts=(*year.facts, ("ตัวชี้วัดที่เสนอ", f"{len(year.book.kpis)} ตัวชี้วัด")), note=choice.note),
    )  # fmt: skip
    agreed = await case.all_of("negotiate", {kpi.number: negotiation(year, kpi) for kpi in year.book.kpis})
    year.agreed = with_kpis(year.agreed, {n: partial(with_form, form=form) for n, form in agreed.items()})
    notice = case.hand_off(
        "notify_result", to=office.opdc, form=NegotiationNotice, due=year.on(YearDay.NEGOTIATION_RESULT),
        asked_by=office.agency_th, context=FormContext(facts=(*year.facts, *(fact_of(kpi) for kpi in year.book.kpis))),
    )  # fmt: skip
    notified = await notice
    outcome: AppealOutcome = await case.call(
        "negotiation_appeal", "appeal", negotiation_notice(year.book, notice.at, notified.reference, notified.dated),
        case_id=appeal_case_id(office.agency, year.book.fiscal_year, AppealKind.NEGOTIATION),
        title=f"อุทธรณ์ผลการเจรจา ปีงบประมาณ พ.ศ. {year.book.fiscal_year} {office.agency_th}",
    )  # fmt: skip
    year.agreed = with_appeal(year.agreed, outcome.results)


def baselines(year: Year, kpi: Kpi) -> HandOff[BaselineForm]:
    return year.case.hand_off(
        "baselines", of=kpi.number, to=year.office.holder_of(kpi), form=BaselineForm, due=year.on(YearDay.BASELINES),
        asked_by=year.office.psdg_th, title=f"รวบรวมข้อมูลพื้นฐานของตัวชี้วัดที่ {kpi.number}",
        context=FormContext(facts=year.facts_of(kpi)),
    )  # fmt: skip


def negotiation(year: Year, kpi: Kpi) -> HandOff[NegotiatedKpi]:
    known = tuple((f"ผลปี พ.ศ. {b.fiscal_year}", f"{b.value.normalize():f}") for b in kpi.baselines)
    return year.case.hand_off(
        "negotiate", of=kpi.number, to=year.office.psdg, form=NegotiatedKpi, due=year.on(YearDay.NEGOTIATION),
        asked_by=year.office.opdc_th, title=f"บันทึกผลการเจรจาตัวชี้วัดที่ {kpi.number}",
        context=FormContext(
            facts=(*year.facts_of(kpi), *known), prefill=values_of(kpi), limits={"takes_levels": takes_levels(kpi)}
        ),
    )  # fmt: skip


# --- steps 7 to 9: signed and detailed ---------------------------------------------------------------------


async def signed_by_both(year: Year) -> tuple[SignedAgreement, Actor, Actor]:
    """The director-general makes the agreement, then the permanent secretary receives it (S1, slide 7).

    :returns: what was signed, and who has signed as maker and as receiver: the heads, or who acts for them.
    """
    case, office = year.case, year.office
    context = FormContext(facts=(*year.facts, *(fact_of(kpi) for kpi in year.book.kpis)))
    made = case.hand_off(
        "sign_maker", to=Lane(unit=office.agency, duty=Duty.HEAD), form=Signature, due=year.on(YearDay.SIGNING),
        asked_by=office.psdg_th, title="ลงนามคำรับรองการปฏิบัติราชการ (ผู้ทำคำรับรอง)", context=context,
    )  # fmt: skip
    maker = await made
    received = case.hand_off(
        "sign_receiver", to=Lane(unit=office.permanent_secretary, duty=Duty.HEAD), form=Signature,
        due=year.on(YearDay.SIGNING), asked_by=office.agency_th,
        title="ลงนามคำรับรองการปฏิบัติราชการ (ผู้รับคำรับรอง)", context=context,
    )  # fmt: skip
    receiver = await received
    signed = SignedAgreement(
        made_on=maker.signed_on, maker=made.actor.name, received_on=receiver.signed_on, receiver=received.actor.name
    )
    return signed, made.actor, received.actor


async def detailed(year: Year, agreement: tuple[AttachedFile, ...]) -> None:
    """Every owner writes the details of its KPIs, กพร. checks each (S1, slide 8)."""
    written = await year.case.all_of("details", {kpi.number: details(year, kpi, agreement) for kpi in year.book.kpis})
    year.agreed = with_kpis(year.agreed, {n: partial(with_form, form=form) for n, form in written.items()})


async def details(year: Year, kpi: Kpi, agreement: tuple[AttachedFile, ...]) -> KpiDetails:
    case, office = year.case, year.office
    note, prefill = "", {**values_of(kpi), "data_source": kpi.data_source, "description": kpi.description}
    while True:
        form: KpiDetails = await case.hand_off(
            "write_details", to=office.holder_of(kpi), form=KpiDetails, due=year.on(YearDay.DETAILS),
            asked_by=office.psdg_th, title=f"จัดทำรายละเอียดตัวชี้วัดที่ {kpi.number}",
            context=FormContext(
                facts=year.facts_of(kpi), prefill=prefill, note=note, files=agreement,
                limits={"takes_levels": takes_levels(kpi), "signed": values_of(kpi)},
            ),
        )  # fmt: skip
        check = await case.hand_off(
            "check_details", to=office.psdg, form=DetailsCheck, due=WorkingDays(days=office.policy.step_days),
            asked_by=office.unit_th(year.office.holder_of(kpi)), title=f"ตรวจสอบรายละเอียดตัวชี้วัดที่ {kpi.number}",
            context=FormContext(
                facts=(
                    *year.facts_of(with_form(kpi, form)), ("คำอธิบาย", form.description), ("สูตรการคำนวณ", form.formula)
                )
            ),
        )  # fmt: skip
        if check.decision is ReviewDecision.APPROVE:
            return form
        note, prefill = f"{office.psdg_th}ส่งคืนแก้ไข: {check.comment}", form.model_dump(mode="json")


# --- steps 10 to 13: told, briefed, carried out ------------------------------------------------------------


async def distributed(year: Year, book: tuple[AttachedFile, ...]) -> None:
    """The book goes to every unit and province; the briefing follows (S1, slides 8 and 9)."""
    case, office = year.case, year.office
    await case.all_of("book_received", {
        unit: case.hand_off(
            "receive_book", of=unit, to=unit, form=BookReceived, due=year.on(YearDay.DISTRIBUTION),
            asked_by=office.psdg_th, context=FormContext(facts=year.facts, files=book), escalate=False,
        )
        for unit, _ in office.units + office.provinces
    })  # fmt: skip


async def provinces(year: Year) -> None:
    """The briefing, then budget and evidence of each province (S1, slides 9, 10 and 12)."""
    case, office = year.case, year.office
    briefing = await case.hand_off(
        "brief", to=office.psdg, form=Briefing, due=year.on(YearDay.BRIEFING), asked_by=office.agency_th,
        context=FormContext(facts=year.facts),
    )  # fmt: skip
    told = ("ประชุมชี้แจง", f"{thai_date(briefing.held_on)} {briefing.channel} ผู้เข้าร่วม {briefing.attended} คน")
    await case.all_of("carried_out", {unit: province(year, unit, name, told) for unit, name in office.provinces})


async def province(year: Year, unit: UnitId, name: str, told: tuple[str, str]) -> None:
    case, office = year.case, year.office
    budget = await case.hand_off(
        "budget", to=office.agency, form=ProvinceBudget, due=year.on(YearDay.BUDGET), asked_by=office.psdg_th,
        title=f"จัดสรรงบประมาณให้{name}", context=FormContext(facts=(*year.facts, told, ("จังหวัด", name))),
    )  # fmt: skip
    year.evidence[unit] = await case.hand_off(
        "gather_evidence", to=unit, form=ProvinceEvidence, due=year.on(YearDay.EVIDENCE), asked_by=office.psdg_th,
        context=FormContext(
            facts=(*year.facts, ("งบประมาณที่ได้รับจัดสรร", f"{budget.amount:,.2f} บาท"), ("กิจกรรม", budget.note))
        ),
    )  # fmt: skip
