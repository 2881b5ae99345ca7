"""The end of an agreement year (P5 steps 19 to 21): the announced scores, the appeals and the award money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flows.year import Year
from flows.year_course import external_of
from rules.appeal import score_notice
from rules.award import owner_roles
from rules.sar import active_kpis
from schemas.agreement import (
    AnnouncedKpi,
    AnnouncedScore,
)
from schemas.appeal import AppealKind, AppealOutcome, appeal_case_id
from schemas.attachment import AttachedFile
from schemas.award import AwardUnit
from schemas.award_case import AwardCase, AwardOutcome, award_case_id
from schemas.form import FormContext
from schemas.kpi import Round
from schemas.sar import SarOutcome
from schemas.scorecard import KpiReport, Scorecard
from schemas.year import YearDay
from tasks.announcement import print_final, print_provisional


async def announcement(year: Year, last: SarOutcome) -> tuple[tuple[AnnouncedScore, ...], datetime]:
    """สำนักงาน ก.พ.ร. announces a score for every KPI that counts at the end of the year (S1, slide 14)."""
    case, office = year.case, year.office
    own = {row.number: row.score for row in last.final.card.rows}
    # A survey may have come, or been put right, after the last round had opened.
    known = own | external_of(year)
    asked = {
        kpi.number: case.hand_off(
            "announce", of=kpi.number, to=office.opdc, form=AnnouncedKpi, due=year.on(YearDay.ANNOUNCEMENT),
            asked_by=office.agency_th, title=f"แจ้งผลคะแนนตัวชี้วัดที่ {kpi.number}",
            context=FormContext(
                files=(*last.papers, *year.visit_records),
                facts=(*year.facts_of(kpi), ("คะแนนประเมินตนเอง", str(own.get(kpi.number) or "ไม่รายงาน"))),
                prefill={} if known.get(kpi.number) is None else {"score": str(known[kpi.number])},
            ),
        )
        for kpi in active_kpis(year.book, Round.TWELVE)
    }  # fmt: skip
    said: Mapping[str, AnnouncedKpi] = await case.all_of("announced", asked)
    scores = tuple(AnnouncedScore(number=n, score=form.score, remark=form.remark) for n, form in said.items())
    return scores, max(one.at for one in asked.values())


async def score_appeal(
    year: Year, last: SarOutcome, announced: tuple[AnnouncedScore, ...], at: datetime
) -> tuple[AppealOutcome, tuple[AttachedFile, ...]]:
    """Appeals on the announced scores (P9); the total is final when the window is over and all are decided.

    The scores are put on paper twice: as they came, and as they stand in the end, which is given back too.
    """
    case, office, book = year.case, year.office, year.book
    own = {card.number: card for card in last.final.cards}
    reports = {
        each.number: KpiReport(
            result=own[each.number].result if each.number in own else None, decided=each.score,
            certified_by_supervisor=each.number in own, certified_by_psdg=each.number in own,
        )
        for each in announced
    }  # fmt: skip
    notice = score_notice(book, reports, at)
    announcement = await case.step("print_announcement", print_provisional, notice, office)
    outcome: AppealOutcome = await case.call(
        "score_appeal", "appeal", notice.replace(files=announcement),
        case_id=appeal_case_id(office.agency, book.fiscal_year, AppealKind.SCORE),
        title=f"อุทธรณ์ผลคะแนน ปีงบประมาณ พ.ศ. {book.fiscal_year} {office.agency_th}",
    )  # fmt: skip
    return outcome, await case.step("print_final", print_final, notice, office, outcome)


# --- step 21: award money ----------------------------------------------------------------------------------


async def award(year: Year, final: Scorecard | None, announcement: tuple[AttachedFile, ...]) -> AwardOutcome | None:
    """Award money by the final score (P10). None without a score.

    The called case asks for the personnel records itself: units, provinces and bodies outside read the year's case.
    """
    case, office = year.case, year.office
    if final is None or final.official is None:
        return None
    scores = {subtotal.id: subtotal.score_all for subtotal in final.units}
    units = tuple(AwardUnit(id=unit, score=scores.get(unit)) for unit, _ in office.units)
    outcome: AwardOutcome = await case.call(
        "award", "award-allocation",
        AwardCase(
            agency=office.agency, fiscal_year=year.book.fiscal_year, total=final.official, units=units,
            files=announcement, roles=owner_roles(year.book),
        ),
        case_id=award_case_id(office.agency, year.book.fiscal_year),
        title=f"เงินรางวัล ปีงบประมาณ พ.ศ. {year.book.fiscal_year} {office.agency_th}",
    )  # fmt: skip
    return outcome
