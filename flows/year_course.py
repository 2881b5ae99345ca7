"""The course of an agreement year (P5 steps 14 to 18): follow-ups, visits, changes, surveys and the SAR rounds."""

from __future__ import annotations

from flows.year import Year, fact_of
from rules.agreement import (
    measured_outside,
    with_change,
)
from rules.attachment import each_once
from rules.site_visit import visit_day
from rules.thai import thai_moment
from schemas.agreement import (
    ChangeCheck,
    ChangeDecision,
    ChangeEnding,
    ChangeRequested,
    ChangeResult,
    ChangeVerdict,
    SurveyScored,
)
from schemas.attachment import AttachedFile
from schemas.criteria import KpiNumber
from schemas.deadline import DayEdge, WorkingDays
from schemas.exact import Score
from schemas.follow_up import FollowUpCase, PlannedFollowUp, follow_up_case_id
from schemas.form import FormContext
from schemas.kpi import Round
from schemas.sar import SarOutcome, SarRoundCase, sar_case_id
from schemas.site_visit import SiteVisitCase, SiteVisitOutcome, site_visit_case_id
from schemas.visit_record import VISIT_TH, Visit
from schemas.weekly import ReviewDecision
from schemas.year import YearDay
from tasks.agreement import (
    plan_follow_ups,
    settle_change,
)
from tasks.year_office import look_up_day, look_up_round


async def followed_up(year: Year) -> None:
    """The department's meeting every month, and the three follow-ups before the rounds (S1, slides 28 and 29; P6).

    Each waits for its own day, as the calendar may put one before another.
    """
    for planned in await year.case.step("plan_follow_ups", plan_follow_ups, year.book, year.office.plan):
        year.case.fork("follow_up", follow_up(year, planned), of=planned.name)


async def follow_up(year: Year, planned: PlannedFollowUp) -> None:
    case, office = year.case, year.office
    of_round = None if planned.round is None else year.on(YearDay.follow_up(planned.round), DayEdge.BEGINS)
    await case.until("follow_up_due", of_round or planned.opens)
    await case.let_others_go_on()
    await case.call(
        "meeting", "monthly-follow-up", FollowUpCase(book=year.book, month=planned.month, round=planned.round),
        case_id=follow_up_case_id(office.agency, year.book.fiscal_year, planned.month, planned.round),
        title=f"ติดตามผล {planned.name_th} {office.agency_th}",
    )  # fmt: skip


async def visited(year: Year) -> None:
    """สำนักงาน ก.พ.ร. visits before and after the end of the year (S1, slides 19 and 20; P8).

    A visit that is called off leaves no record; the other takes place all the same.
    """
    for kind in Visit:
        await year.case.until("visit_opens", year.on(visit_day(kind), DayEdge.BEGINS), of=kind)
        await year.case.let_others_go_on()
        data = SiteVisitCase(book=year.book, kind=kind, scores=year.scores, evidence=evidence_of(year))
        visit: SiteVisitOutcome | None = await year.case.call(
            "visit", "site-visit", data, of=kind,
            case_id=site_visit_case_id(year.office.agency, year.book.fiscal_year, kind),
            title=f"ตรวจประเมิน{VISIT_TH[kind]} {year.office.agency_th}",
        )  # fmt: skip
        if visit is not None:
            year.visit_records += visit.papers


def evidence_of(year: Year) -> tuple[AttachedFile, ...]:
    """The files that provinces have handed in by now, in protocol order."""
    found = (year.evidence[unit] for unit, _ in year.office.provinces if unit in year.evidence)
    return each_once(file for said in found for file in said.attachments)


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
    before = year.book.kpi(request.kpi)
    year.changes[position] = result
    await year.case.step("settle_change", settle_change, result, year.office, before)


async def change_decided(year: Year, taken: int, request: ChangeRequested) -> tuple[int, ChangeResult]:
    """What became of a request, and the position in the ledger that settled it."""
    case, office = year.case, year.office
    closes = await case.step("changes_close", look_up_day, year.on(YearDay.CHANGES_CLOSE))
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
    """A SAR round, with the KPIs as they stand when it opens (P7), whether or not those before are acknowledged yet."""
    case, office, book = year.case, year.office, year.book
    opened = await case.step("plan_round", look_up_round, office.agency, book.fiscal_year, round_)
    await case.until("round_opens", opened.opens)
    await case.let_others_go_on()  # changes and surveys
    outcome: SarOutcome = await case.call(
        "sar", "sar-round", SarRoundCase(book=year.book, round=round_, external=external_of(year)),
        case_id=sar_case_id(office.agency, book.fiscal_year, round_),
        title=f"SAR รอบ {round_} เดือน ปีงบประมาณ พ.ศ. {book.fiscal_year} {office.agency_th}",
    )  # fmt: skip
    year.reported[round_] = {card.number: card.score for card in outcome.final.cards if card.score is not None}
    return outcome


def external_of(year: Year) -> dict[KpiNumber, Score]:
    outside = measured_outside(year.book)
    return {number: score for number, score in year.external.items() if number in outside}
