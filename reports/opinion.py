"""The opinions of the agencies on a draft strategy, as one book with the ministry's overview (S0 line 40; P4)."""

from __future__ import annotations

from reports.register import NOTHING, written
from reports.typesetting import NEUTRAL, Letterhead, Sheet, typeset
from rules.thai import Digits, thai_moment
from schemas.base import Moment, Record
from schemas.opinion import AgencyOpinion, OpinionCase, OpinionOutcome

TITLE = "ความเห็นของส่วนราชการ"


class Chapter(Record):
    """One agency's opinion."""

    agency: str
    item: str
    opinion: str
    approved: str


class OpinionsSheet(Sheet):
    subject: str
    no: str
    details: str
    due: str
    summary: str
    overview: str
    overview_by: str
    chapters: tuple[Chapter, ...]
    nothing: str = NOTHING


def opinions_pdf(
    outcome: OpinionOutcome, call: OpinionCase, *, overview_by_th: str, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """The book: the call, the ministry's overview, a chapter an agency. Raises ReportError.

    `overview_by_th`: Thai name of the unit that the permanent secretary has charged with the overview.
    """
    sheet = opinions_sheet(outcome, call, overview_by_th=overview_by_th, digits=digits, letterhead=letterhead)
    return typeset("opinions", sheet, digits=digits)


def opinions_sheet(
    outcome: OpinionOutcome, call: OpinionCase, *, overview_by_th: str, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> OpinionsSheet:  # fmt: skip
    """What goes onto the pages."""
    return OpinionsSheet(
        title=TITLE,
        author=letterhead.ministry_th or overview_by_th,
        dated=_dated(outcome, call),
        letterhead=letterhead,
        subject=call.subject,
        no=call.no,
        details=call.text,
        due=thai_moment(call.due, digits),
        summary=_summary(outcome, call, digits),
        overview=outcome.overview,
        overview_by=overview_by_th,
        chapters=tuple(_chapter(opinion, digits) for opinion in outcome.opinions),
    )


def _summary(outcome: OpinionOutcome, call: OpinionCase, digits: Digits) -> str:
    sent = len({opinion.agency for opinion in outcome.opinions})
    return written(f"ส่วนราชการส่งความเห็น {sent} แห่ง จากที่ขอความเห็น {len(call.agencies)} แห่ง", digits)


def _chapter(opinion: AgencyOpinion, digits: Digits) -> Chapter:
    return Chapter(
        agency=opinion.agency_th,
        item=opinion.item,
        opinion=opinion.opinion,
        approved=f"หัวหน้าส่วนราชการเห็นชอบเมื่อ{thai_moment(opinion.approved_at, digits)}",
    )


def _dated(outcome: OpinionOutcome, call: OpinionCase) -> Moment:
    """The day of the last opinion; of the time limit where nobody has sent any."""
    return max((opinion.approved_at for opinion in outcome.opinions), default=call.due)
