"""The reports of a round: SAR book at six and twelve months, e-SAR cards at every round (S1:L60, L63, L88; P7)."""

from __future__ import annotations

from collections.abc import Iterable

from reports.names import Names
from reports.register import NOTHING
from reports.sar_cards import CARD_COLUMNS, CardPage, card_pages
from reports.score_table import Summary, round_name, summary
from reports.typesetting import NEUTRAL, Letterhead, Sheet, typeset
from rules.thai import Digits, thai_fiscal_year, thai_moment
from schemas.base import Moment
from schemas.kpi import KpiBook
from schemas.policy import AgreementPolicy
from schemas.sar_card import SarCard
from schemas.scorecard import Scorecard

TITLE = "รายงานผลการประเมินตนเอง (Self Assessment Report)"
CARD_TITLE = "รายงานผลการปฏิบัติราชการรายตัวชี้วัด (e-SAR Card)"


class SarSheet(Sheet):
    agency: str
    heading: tuple[str, ...]
    state_of_data: str
    round: str
    summary: Summary
    card_columns: tuple[str, ...] = CARD_COLUMNS
    cards: tuple[CardPage, ...]
    nothing: str = NOTHING


def sar_book_pdf(
    card: Scorecard, book: KpiBook, cards: Iterable[SarCard], *, policy: AgreementPolicy, names: Names, dated: Moment,
    digits: Digits = "thai", letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """The SAR book: the summary lying, then a card a KPI upright. `dated`: the moment of the data.

    Raises ReportError; CardDoesNotFit where a card's result is not the scorecard's.
    """
    return _pdf("sar_book", TITLE, card, book, cards, policy, names, dated, digits, letterhead)


def e_sar_pdf(
    card: Scorecard, book: KpiBook, cards: Iterable[SarCard], *, policy: AgreementPolicy, names: Names, dated: Moment,
    digits: Digits = "thai", letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """The e-SAR cards, a page a KPI unless its texts are long; at nine months they are the whole report.

    Raises ReportError; CardDoesNotFit where a card's result is not the scorecard's.
    """
    return _pdf("e_sar", CARD_TITLE, card, book, cards, policy, names, dated, digits, letterhead)


def _pdf(
    template: str, title: str, card: Scorecard, book: KpiBook, cards: Iterable[SarCard], policy: AgreementPolicy,
    names: Names, dated: Moment, digits: Digits, letterhead: Letterhead,
) -> bytes:  # fmt: skip
    sheet = sar_sheet(
        card, book, cards, title=title, policy=policy, names=names, dated=dated, digits=digits, letterhead=letterhead
    )
    return typeset(template, sheet, digits=digits)


def sar_sheet(
    card: Scorecard, book: KpiBook, cards: Iterable[SarCard], *, policy: AgreementPolicy, names: Names, dated: Moment,
    title: str = TITLE, digits: Digits = "thai", letterhead: Letterhead = NEUTRAL,
) -> SarSheet:  # fmt: skip
    """What goes onto the pages."""
    agency = names.unit(card.agency)
    round_ = round_name(card.round, digits)
    return SarSheet(
        title=title,
        author=agency,
        dated=dated,
        letterhead=letterhead,
        agency=agency,
        heading=("ตามคำรับรองการปฏิบัติราชการ", agency, f"{round_} ประจำ{thai_fiscal_year(card.fiscal_year, digits)}"),
        state_of_data=f"ข้อมูล ณ {thai_moment(dated, digits)}",
        round=round_,
        summary=summary(card, book, policy, names=names, digits=digits),
        cards=card_pages(card, book, cards, policy, names=names, digits=digits),
    )
