"""What holds for every document of an agreement year, also with as much text as the records allow."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from reports.agreement import agreement_pdf
from reports.announcement import announcement_pdf
from reports.appeal import appeal_pdf
from reports.award_order import award_order_pdf
from reports.kpi_book import kpi_book_pdf
from reports.names import Names
from reports.sar import e_sar_pdf, sar_book_pdf
from reports.site_visit import site_visit_pdf
from rules.scorecard import scorecard
from schemas.criteria import Composite, Milestones, Part, PartsResult, Quantitative, ValueResult
from schemas.kpi import Dimension, Kpi, KpiBook, Round
from schemas.policy import AgreementPolicy
from schemas.sar_card import SarCard
from schemas.scorecard import KpiReport, Scorecard
from tests.reports import pdf
from tests.reports.agreement_year import AGREED_AT, BOOK, CARDS, NAMES, PARTIES, REPORTED_AT, REPORTS, six_months
from tests.reports.award_example import AWARD
from tests.reports.award_example import NAMES as AWARD_NAMES
from tests.reports.letter_values import ANNOUNCEMENT, APPEAL, ORDER, VISIT, WRITTEN_AT

FULL = ("ดำเนินการตามแผนยุทธศาสตร์และรายงานผลต่อที่ประชุมผู้บริหาร " * 10)[:500].strip()
PARTS = 60
_VALUES = Quantitative(points=(Decimal(1), Decimal(2), Decimal(3), Decimal(4), Decimal(5)))


def _crowded() -> tuple[KpiBook, Scorecard, tuple[SarCard, ...]]:
    """KPI 2 with sixty parts, KPI 3 with steps as long as a field takes, a card as long as a form takes."""
    parts = tuple(
        Part(number=f"2.{n}", th=f"PART-{n:02}", weight=Decimal(1), criteria=_VALUES) for n in range(1, PARTS + 1)
    )
    changed: dict[str, dict[str, Any]] = {
        "2": {"criteria": Composite(parts=parts)},
        "3": {"criteria": Milestones(steps=(FULL, FULL, FULL, FULL, FULL)), "th": FULL},
    }
    kpis = tuple(kpi.replace(**changed.get(kpi.number, {})) for kpi in BOOK.kpis)
    book = BOOK.replace(kpis=kpis)
    result = PartsResult(parts={part.number: ValueResult(value=Decimal(4)) for part in parts})
    reports = {**REPORTS, "2": KpiReport(result=result, certified_by_supervisor=True, certified_by_psdg=True)}
    long = "\n".join([FULL * 2] * 18)
    cards = tuple(
        each.replace(result=reports[each.number].result, measures=long, obstacles=long) for each in CARDS
    )  # fmt: skip
    return book, scorecard(book, reports, Round.SIX), cards


CROWDED, CROWDED_CARD, LONG_CARDS = _crowded()
HOW: dict[str, Any] = {"policy": AgreementPolicy(), "dated": REPORTED_AT}

DOCUMENTS: dict[str, Callable[[Names], bytes]] = {
    "agreement": lambda names: agreement_pdf(PARTIES, BOOK, names=names, dated=AGREED_AT),
    "agreement, crowded": lambda names: agreement_pdf(PARTIES, CROWDED, names=names, dated=AGREED_AT),
    "details": lambda names: kpi_book_pdf(BOOK, names=names, dated=AGREED_AT),
    "details, crowded": lambda names: kpi_book_pdf(CROWDED, names=names, dated=AGREED_AT),
    "SAR": lambda names: sar_book_pdf(six_months(), BOOK, CARDS, names=names, **HOW),
    "SAR, crowded": lambda names: sar_book_pdf(CROWDED_CARD, CROWDED, LONG_CARDS, names=names, **HOW),
    "e-SAR, crowded": lambda names: e_sar_pdf(CROWDED_CARD, CROWDED, LONG_CARDS, names=names, **HOW),
    "announcement": lambda names: announcement_pdf(CROWDED_CARD, CROWDED, ANNOUNCEMENT, names=names, dated=WRITTEN_AT),
    "award order": lambda names: award_order_pdf(AWARD, ORDER, payer_th="กองคลัง", names=names, dated=WRITTEN_AT),
    "appeal": lambda _: appeal_pdf(APPEAL, dated=WRITTEN_AT),
    "site visit": lambda _: site_visit_pdf(VISIT, dated=WRITTEN_AT),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_word_is_cut_off_at_the_edge_of_a_page(name: str) -> None:
    assert pdf.cut_off(DOCUMENTS[name](AWARD_NAMES)) == []


@pytest.mark.parametrize("lines", range(16, 30, 2))
def test_no_signature_of_an_order_or_announcement_stands_on_a_page_without_text(lines: int) -> None:
    grounds = "\n".join(f"เหตุผลประการที่ {n}" for n in range(lines))
    order = award_order_pdf(
        AWARD, ORDER.replace(grounds=grounds), payer_th="กองคลัง", names=AWARD_NAMES, dated=WRITTEN_AT
    )
    notice = ANNOUNCEMENT.replace(grounds=grounds)
    announcement = announcement_pdf(six_months(), BOOK, notice, names=NAMES, dated=WRITTEN_AT)
    for document, last in ((order, "ตั้งแต่บัดนี้เป็นต้นไป"), (announcement, "จึงประกาศมาเพื่อ")):
        pages = [pdf.text(document, page=at) for at in range(1, pdf.pages(document) + 1)]
        (signed,) = [page for page in pages if "ณวันที่" in page]
        assert last in signed
        assert "(นายสมชายใจดี)" in signed


@pytest.mark.parametrize("name", ["agreement, crowded", "details, crowded", "SAR, crowded", "e-SAR, crowded"])
def test_all_parts_of_a_large_composite_are_printed(name: str) -> None:
    extracted = pdf.text(DOCUMENTS[name](NAMES))
    assert [n for n in range(1, PARTS + 1) if f"PART-{n:02}" not in extracted] == []


@pytest.mark.parametrize("name", ["agreement", "details", "SAR", "announcement", "award order"])
def test_a_unit_or_person_without_a_name_is_printed_by_id(name: str) -> None:
    assert pdf.is_archival(DOCUMENTS[name](Names()))


def _two_dimensions(first: int) -> KpiBook:
    """`first` KPIs in one dimension, one in the next."""
    frame = (Dimension(id="a", th="DIM-A"), Dimension(id="b", th="DIM-B"))
    kpis = [Kpi(number=f"1.{n}", th=f"KPI-{n}", dimension="a", weight=Decimal(1)) for n in range(1, first + 1)]
    return KpiBook(
        fiscal_year=2555, agency="dept", frame=frame,
        kpis=(*kpis, Kpi(number="2", th="LAST-KPI", dimension="b", weight=Decimal(1))),
    )  # fmt: skip


@pytest.mark.parametrize("first", [8, 22, 23, 24])
def test_the_name_of_a_dimension_never_stands_alone_at_the_foot_of_a_page(first: int) -> None:
    book = _two_dimensions(first)
    documents = (
        agreement_pdf(PARTIES, book, names=NAMES, dated=AGREED_AT),
        sar_book_pdf(scorecard(book, {}, Round.SIX), book, (), names=NAMES, **HOW),
        announcement_pdf(scorecard(book, {}, Round.SIX), book, ANNOUNCEMENT, names=NAMES, dated=WRITTEN_AT),
    )
    for document in documents:
        pages = [pdf.text(document, page=at) for at in range(1, min(pdf.pages(document), 4) + 1)]
        (named, *_) = [at for at, page in enumerate(pages) if "DIM-B" in page]
        (listed, *_) = [at for at, page in enumerate(pages) if "LAST-KPI" in page]
        assert named == listed
