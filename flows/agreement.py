"""P5: one year of performance agreement, from the baselines to the final score (source S1, slides 5 to 15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from engine.case import Case
from engine.process import process
from engine.waits import HandOff, Lane
from rules.agreement import (
    chosen,
    measured_outside,
    takes_levels,
    values_of,
    with_appeal,
    with_baselines,
    with_change,
    with_form,
    with_kpi,
)
from rules.sar import active_kpis
from rules.thai import thai_date, thai_moment
from schemas.agreement import (
    AgreementCase,
    AgreementOutcome,
    AnnouncedKpi,
    AnnouncedScore,
    BaselineForm,
    BookReceived,
    Briefing,
    ChangeCheck,
    ChangeDecision,
    ChangeEnding,
    ChangeRequested,
    ChangeResult,
    ChangeVerdict,
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
    SurveyScored,
)
from schemas.appeal import AppealCase, AppealKind, AppealOutcome, NoticedKpi, appeal_case_id
from schemas.base import UnitId
from schemas.criteria import KpiNumber
from schemas.deadline import At, WorkingDays
from schemas.exact import Score
from schemas.form import FormContext
from schemas.kpi import Kpi, KpiBook, Round
from schemas.organisation import Duty
from schemas.sar import SarOutcome, SarRoundCase, sar_case_id
from schemas.scorecard import KpiReport
from schemas.weekly import ReviewDecision
from schemas.year import YearDay
from schemas.year_office import YearOffice
from tasks.agreement import keep_book, print_agreement, print_details, settle_change
from tasks.year_office import look_up_round, look_up_year

Facts = tuple[tuple[str, str], ...]


class Year:
    """What the branches of a year have in common: the KPIs as they stand, and what came of them."""

    def __init__(self, case: Case[AgreementCase], office: YearOffice) -> None:
        self.case, self.office = case, office
        self.agreed: KpiBook = case.data.book
        self.external: dict[KpiNumber, Score] = {}
        self.changes: dict[int, ChangeResult] = {}
        """Requests that are settled, by the position in the ledger that settled them."""

    @property
    def settled(self) -> tuple[ChangeResult, ...]:
        """In the order in which they were decided, live as in a replay."""
        return tuple(self.changes[position] for position in sorted(self.changes))

    @property
    def book(self) -> KpiBook:
        """The KPIs as agreed, with the changes that were approved since."""
        book = self.agreed
        for result in self.settled:
            if result.ending is ChangeEnding.APPROVED:
                book = with_kpi(book, result.request.kpi, partial(with_change, request=result.request))
        return book

    def due(self, day: YearDay) -> At:
        return At(moment=self.office.plan.due(day))

    def main(self, kpi: Kpi) -> UnitId:
        """The unit that answers for a KPI (decision 18)."""
        return kpi.holdings[0].unit if kpi.holdings else self.office.psdg

    @property
    def facts(self) -> Facts:
        return (("ส่วนราชการ", self.office.agency_th), ("ปีงบประมาณ", f"พ.ศ. {self.book.fiscal_year}"))

    def facts_of(self, kpi: Kpi) -> Facts:
        values = values_of(kpi)
        said = (
            ("ตัวชี้วัด", f"{kpi.number} {kpi.th}"), ("หน่วยวัด", kpi.unit_of_measure),
            ("ค่าเป้าหมาย", values.get("target", "")), ("น้ำหนัก (ร้อยละ)", values.get("weight", "")),
            ("เกณฑ์ระดับ 1 ถึง 5", " / ".join(values[f"level_{n}"] for n in range(1, 6)) if "level_1" in values else ""),
        )  # fmt: skip
        return (*self.facts, *((label, value) for label, value in said if value))


@process("agreement-cycle", title_th="คำรับรองการปฏิบัติราชการ", data=AgreementCase, result=AgreementOutcome)
async def agreement_cycle(case: Case[AgreementCase]) -> AgreementOutcome:
    """Negotiated, signed and detailed; carried out, reported three times; announced, appealed against, final."""
    office = await case.step("look_up", look_up_year, case.data.book.agency, case.data.book.fiscal_year)
    year = Year(case, office)
    await negotiated(year)
    signed = await signed_by_both(year)
    await case.step("print_agreement", print_agreement, year.book, signed)
    await detailed(year)
    await case.step("keep_details", keep_book, year.book, "detailed")
    await case.step("print_details", print_details, year.book)

    case.fork("distribution", distributed(year))
    case.fork("provinces", provinces(year))
    changing = case.fork("changes", changes(year))
    surveys = case.fork("surveys", surveyed(year))
    rounds = tuple([await round_of(year, round_) for round_ in Round])
    await case.end("changes_end", changing, reason="สิ้นสุดปีงบประมาณ")
    await case.end("surveys_end", surveys, reason="รายงานรอบ 12 เดือนแล้ว")

    await case.let_others_go_on()
    announced, at = await announcement(year, rounds[-1])
    appealed = await score_appeal(year, rounds[-1], announced, at)
    await case.let_others_go_on()
    await case.step("keep_final", keep_book, year.book, "final")
    return AgreementOutcome(
        book=year.book, signed=signed, rounds=rounds, changes=year.settled, announced=announced,
        announced_at=at, score_appeal=appealed,
        final_score=appealed.scorecard.official if appealed.scorecard else None,
    )  # fmt: skip


# --- steps 1 to 6: the negotiation -------------------------------------------------------------------------


async def negotiated(year: Year) -> None:
    """Baselines, choice, consultation, negotiation, result; appeals on it are decided before anything is signed."""
    case, office = year.case, year.office
    gathered = await case.all_of("baselines", {kpi.number: baselines(year, kpi) for kpi in year.book.kpis})
    for number, form in gathered.items():
        baselines_of = partial(with_baselines, form=form, fiscal_year=year.book.fiscal_year)
        year.agreed = with_kpi(year.agreed, number, baselines_of)
    choice = await case.hand_off(
        "choose", to=office.psdg, form=KpiChoice, due=year.due(YearDay.CHOICE), asked_by=office.agency_th,
        context=FormContext(
            facts=year.facts, prefill={"kpis": [kpi.number for kpi in year.book.kpis]},
            choices={"kpis": tuple((kpi.number, f"{kpi.number} {kpi.th}") for kpi in year.book.kpis)},
        ),
    )  # fmt: skip
    year.agreed = chosen(year.agreed, choice.kpis)
    await case.hand_off(
        "consult", to=office.psdg, form=Consultation, due=year.due(YearDay.CONSULTATION), asked_by=office.agency_th,
        context=FormContext(facts=(*year.facts, ("ตัวชี้วัดที่เสนอ", f"{len(year.book.kpis)} ตัวชี้วัด")), note=choice.note),
    )  # fmt: skip
    agreed = await case.all_of("negotiate", {kpi.number: negotiation(year, kpi) for kpi in year.book.kpis})
    for number, values in agreed.items():
        year.agreed = with_kpi(year.agreed, number, partial(with_form, form=values))
    notice = case.hand_off(
        "notify_result", to=office.opdc, form=NegotiationNotice, due=year.due(YearDay.NEGOTIATION_RESULT),
        asked_by=office.agency_th, context=FormContext(facts=(*year.facts, *(fact_of(kpi) for kpi in year.book.kpis))),
    )  # fmt: skip
    await notice
    outcome: AppealOutcome = await case.call(
        "negotiation_appeal", "appeal",
        AppealCase(
            agency=office.agency, fiscal_year=year.book.fiscal_year, kind=AppealKind.NEGOTIATION,
            noticed_at=notice.at, kpis=tuple(noticed(kpi, kpi.target) for kpi in year.book.kpis),
        ),
        case_id=appeal_case_id(office.agency, year.book.fiscal_year, AppealKind.NEGOTIATION),
        title=f"อุทธรณ์ผลการเจรจา ปีงบประมาณ พ.ศ. {year.book.fiscal_year} {office.agency_th}",
    )  # fmt: skip
    year.agreed = with_appeal(year.agreed, outcome.results)


def baselines(year: Year, kpi: Kpi) -> HandOff[BaselineForm]:
    return year.case.hand_off(
        "baselines", of=kpi.number, to=year.main(kpi), form=BaselineForm, due=year.due(YearDay.BASELINES),
        asked_by=year.office.psdg_th, title=f"รวบรวมข้อมูลพื้นฐานของตัวชี้วัดที่ {kpi.number}",
        context=FormContext(facts=year.facts_of(kpi)),
    )  # fmt: skip


def negotiation(year: Year, kpi: Kpi) -> HandOff[NegotiatedKpi]:
    known = tuple((f"ผลปี พ.ศ. {b.fiscal_year}", f"{b.value.normalize():f}") for b in kpi.baselines)
    return year.case.hand_off(
        "negotiate", of=kpi.number, to=year.office.psdg, form=NegotiatedKpi, due=year.due(YearDay.NEGOTIATION),
        asked_by=year.office.opdc_th, title=f"บันทึกผลการเจรจาตัวชี้วัดที่ {kpi.number}",
        context=FormContext(
            facts=(*year.facts_of(kpi), *known), prefill=values_of(kpi), limits={"takes_levels": takes_levels(kpi)}
        ),
    )  # fmt: skip


def fact_of(kpi: Kpi) -> tuple[str, str]:
    values = values_of(kpi)
    return f"ตัวชี้วัดที่ {kpi.number}", f"ค่าเป้าหมาย {values.get('target', '–')} น้ำหนักร้อยละ {values.get('weight', '–')}"


def noticed(kpi: Kpi, value: Any) -> NoticedKpi:
    return NoticedKpi(
        number=kpi.number, th=kpi.th, unit=kpi.holdings[0].unit if kpi.holdings else None,
        others=tuple(holding.unit for holding in kpi.holdings[1:]), value=value,
    )  # fmt: skip


# --- steps 7 to 9: signed and detailed ---------------------------------------------------------------------


async def signed_by_both(year: Year) -> SignedAgreement:
    """The director-general makes the agreement, then the permanent secretary receives it (S1, slide 7)."""
    case, office = year.case, year.office
    context = FormContext(facts=(*year.facts, *(fact_of(kpi) for kpi in year.book.kpis)))
    made = case.hand_off(
        "sign_maker", to=Lane(unit=office.agency, duty=Duty.HEAD), form=Signature, due=year.due(YearDay.SIGNING),
        asked_by=office.psdg_th, title="ลงนามคำรับรองการปฏิบัติราชการ (ผู้ทำคำรับรอง)", context=context,
    )  # fmt: skip
    maker = await made
    received = case.hand_off(
        "sign_receiver", to=Lane(unit=office.permanent_secretary, duty=Duty.HEAD), form=Signature,
        due=year.due(YearDay.SIGNING), asked_by=office.agency_th,
        title="ลงนามคำรับรองการปฏิบัติราชการ (ผู้รับคำรับรอง)", context=context,
    )  # fmt: skip
    receiver = await received
    return SignedAgreement(
        made_on=maker.signed_on, maker=made.actor.name, received_on=receiver.signed_on, receiver=received.actor.name
    )


async def detailed(year: Year) -> None:
    """Every owner writes the details of its KPIs, กพร. checks each (S1, slide 8)."""
    written = await year.case.all_of("details", {kpi.number: details(year, kpi) for kpi in year.book.kpis})
    for number, form in written.items():
        year.agreed = with_kpi(year.agreed, number, partial(with_form, form=form))


async def details(year: Year, kpi: Kpi) -> KpiDetails:
    case, office = year.case, year.office
    note, prefill = "", {**values_of(kpi), "data_source": kpi.data_source, "description": kpi.description}
    while True:
        form: KpiDetails = await case.hand_off(
            "write_details", to=year.main(kpi), form=KpiDetails, due=year.due(YearDay.DETAILS), asked_by=office.psdg_th,
            title=f"จัดทำรายละเอียดตัวชี้วัดที่ {kpi.number}",
            context=FormContext(
                facts=year.facts_of(kpi), prefill=prefill, note=note, limits={"takes_levels": takes_levels(kpi)}
            ),
        )  # fmt: skip
        check = await case.hand_off(
            "check_details", to=office.psdg, form=DetailsCheck, due=WorkingDays(days=office.policy.step_days),
            asked_by=office.unit_th(year.main(kpi)), title=f"ตรวจสอบรายละเอียดตัวชี้วัดที่ {kpi.number}",
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


async def distributed(year: Year) -> None:
    """The book goes to every unit and province; the briefing follows (S1, slides 8 and 9)."""
    case, office = year.case, year.office
    await case.all_of("book_received", {
        unit: case.hand_off(
            "receive_book", of=unit, to=unit, form=BookReceived, due=year.due(YearDay.DISTRIBUTION),
            asked_by=office.psdg_th, context=FormContext(facts=year.facts), escalate=False,
        )
        for unit, _ in office.units + office.provinces
    })  # fmt: skip


async def provinces(year: Year) -> None:
    """The briefing, then budget and evidence of each province (S1, slides 9, 10 and 12)."""
    case, office = year.case, year.office
    briefing = await case.hand_off(
        "brief", to=office.psdg, form=Briefing, due=year.due(YearDay.BRIEFING), asked_by=office.agency_th,
        context=FormContext(facts=year.facts),
    )  # fmt: skip
    told = ("ประชุมชี้แจง", f"{thai_date(briefing.held_on)} {briefing.channel} ผู้เข้าร่วม {briefing.attended} คน")
    await case.all_of("carried_out", {unit: province(year, unit, name, told) for unit, name in office.provinces})


async def province(year: Year, unit: UnitId, name: str, told: tuple[str, str]) -> None:
    case, office = year.case, year.office
    budget = await case.hand_off(
        "budget", to=office.agency, form=ProvinceBudget, due=year.due(YearDay.BUDGET), asked_by=office.psdg_th,
        title=f"จัดสรรงบประมาณให้{name}", context=FormContext(facts=(*year.facts, told, ("จังหวัด", name))),
    )  # fmt: skip
    await case.hand_off(
        "gather_evidence", to=unit, form=ProvinceEvidence, due=year.due(YearDay.EVIDENCE), asked_by=office.psdg_th,
        context=FormContext(
            facts=(*year.facts, ("งบประมาณที่ได้รับจัดสรร", f"{budget.amount:,.2f} บาท"), ("กิจกรรม", budget.note))
        ),
    )  # fmt: skip


# --- steps 15, 16 and 18: changes, rounds, survey ----------------------------------------------------------


async def changes(year: Year) -> None:
    """Requests are taken all year; those after the closing date are refused, and say so (S1, slide 19)."""
    number = 0
    while True:
        asked = year.case.receive("change", ChangeRequested)
        request = await asked
        number += 1
        year.case.fork("change_request", change(year, asked.done_seq, request), of=str(number))


async def change(year: Year, taken: int, request: ChangeRequested) -> None:
    position, result = await change_decided(year, taken, request)
    year.changes[position] = result
    await year.case.step("settle_change", settle_change, result, year.office.psdg)


async def change_decided(year: Year, taken: int, request: ChangeRequested) -> tuple[int, ChangeResult]:
    """What became of a request, and the position in the ledger that settled it."""
    case, office = year.case, year.office
    closes = office.plan.due(YearDay.CHANGES_CLOSE)
    if request.requested_at > closes:
        said = f"ยื่นเมื่อ {thai_moment(request.requested_at)} พ้นกำหนด {thai_moment(closes)}"
        return taken, ChangeResult(request=request, ending=ChangeEnding.TOO_LATE, reason=said)
    kpi = year.book.kpi(request.kpi)
    assert kpi is not None, request.kpi
    wanted = with_change(kpi, request)
    facts = (
        *year.facts_of(kpi), ("ขอเปลี่ยนเป็น", fact_of(wanted)[1]), ("รายละเอียดที่ขอเปลี่ยน", request.details),
        ("เหตุผลความจำเป็น", request.reason), ("ผู้ขอ", office.unit_th(request.unit)),
    )  # fmt: skip
    checking = case.hand_off(
        "check_change", to=office.psdg, form=ChangeCheck, due=WorkingDays(days=office.policy.step_days),
        asked_by=office.unit_th(request.unit), context=FormContext(facts=facts),
    )  # fmt: skip
    check = await checking
    if check.decision is ReviewDecision.RETURN:
        said = check.comment
        return checking.done_seq, ChangeResult(request=request, ending=ChangeEnding.NOT_FORWARDED, reason=said)
    deciding = case.hand_off(
        "decide_change", to=office.opdc, form=ChangeDecision, due=WorkingDays(days=office.policy.step_days),
        asked_by=office.agency_th, context=FormContext(facts=facts, note=check.comment),
    )  # fmt: skip
    decision = await deciding
    ending = ChangeEnding.APPROVED if decision.decision is ChangeVerdict.APPROVE else ChangeEnding.REFUSED
    return deciding.done_seq, ChangeResult(request=request, ending=ending, reason=decision.comment)


async def surveyed(year: Year) -> None:
    """Scores that another body measures; the last one for a KPI stands (S1, slide 20)."""
    while True:
        scored = await year.case.receive("survey", SurveyScored)
        year.external[scored.kpi] = scored.score


async def round_of(year: Year, round_: Round) -> SarOutcome:
    """A SAR round, with the KPIs as they stand when it opens (P7)."""
    case, office, book = year.case, year.office, year.book
    opened = await case.step("plan_round", look_up_round, office.agency, book.fiscal_year, round_)
    await case.until("round_opens", opened.opens)
    await case.let_others_go_on()  # changes and surveys
    outcome: SarOutcome = await case.call(
        "sar", "sar-round", SarRoundCase(book=year.book, round=round_, external=external_of(year)),
        case_id=sar_case_id(office.agency, book.fiscal_year, round_),
        title=f"SAR รอบ {round_} เดือน ปีงบประมาณ พ.ศ. {book.fiscal_year} {office.agency_th}",
    )  # fmt: skip
    return outcome


def external_of(year: Year) -> dict[KpiNumber, Score]:
    outside = measured_outside(year.book)
    return {number: score for number, score in year.external.items() if number in outside}


# --- steps 19 and 20: announced and appealed against -------------------------------------------------------


async def announcement(year: Year, last: SarOutcome) -> tuple[tuple[AnnouncedScore, ...], datetime]:
    """สำนักงาน ก.พ.ร. announces a score for every KPI that counts at the end of the year (S1, slide 14)."""
    case, office = year.case, year.office
    own = {row.number: row.score for row in last.final.card.rows}
    asked = {
        kpi.number: case.hand_off(
            "announce", of=kpi.number, to=office.opdc, form=AnnouncedKpi, due=year.due(YearDay.ANNOUNCEMENT),
            asked_by=office.agency_th, title=f"แจ้งผลคะแนนตัวชี้วัดที่ {kpi.number}",
            context=FormContext(
                facts=(*year.facts_of(kpi), ("คะแนนประเมินตนเอง", str(own.get(kpi.number) or "ไม่รายงาน"))),
                prefill={} if own.get(kpi.number) is None else {"score": str(own[kpi.number])},
            ),
        )
        for kpi in active_kpis(year.book, Round.TWELVE)
    }  # fmt: skip
    said: Mapping[str, AnnouncedKpi] = await case.all_of("announced", asked)
    scores = tuple(AnnouncedScore(number=n, score=form.score, remark=form.remark) for n, form in said.items())
    return scores, max(one.at for one in asked.values())


async def score_appeal(
    year: Year, last: SarOutcome, announced: tuple[AnnouncedScore, ...], at: datetime
) -> AppealOutcome:
    """Appeals on the announced scores (P9); the total is final when the window is over and all are decided."""
    case, office, book = year.case, year.office, year.book
    own = {card.number: card for card in last.final.cards}
    scores = {each.number: each.score for each in announced}
    outcome: AppealOutcome = await case.call(
        "score_appeal", "appeal",
        AppealCase(
            agency=office.agency, fiscal_year=book.fiscal_year, kind=AppealKind.SCORE, noticed_at=at, book=book,
            kpis=tuple(noticed(kpi, scores[kpi.number]) for kpi in active_kpis(book, Round.TWELVE)),
            reports={
                number: KpiReport(
                    result=own[number].result if number in own else None, decided=score,
                    certified_by_supervisor=number in own, certified_by_psdg=number in own,
                )
                for number, score in scores.items()
            },
        ),
        case_id=appeal_case_id(office.agency, book.fiscal_year, AppealKind.SCORE),
        title=f"อุทธรณ์ผลคะแนน ปีงบประมาณ พ.ศ. {book.fiscal_year} {office.agency_th}",
    )  # fmt: skip
    return outcome
