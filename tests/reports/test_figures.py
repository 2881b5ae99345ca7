"""No printed figure that nobody has worked out: all figures with decimals of a paper against those worked by hand.

The figures come from the docstrings of `agreement_year` and `award_example`, numbers of KPIs and parts included; what
is not in them may not be printed, and what is in them may not be missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from reports.agreement import agreement_sheet
from reports.announcement import announcement_sheet
from reports.appeal import appeal_sheet
from reports.award_order import award_order_sheet
from reports.kpi_book import kpi_book_sheet
from reports.sar import sar_sheet
from reports.site_visit import site_visit_sheet
from reports.typesetting import Sheet
from schemas.policy import AgreementPolicy
from tests.reports.agreement_year import AGREED_AT, BOOK, CARDS, NAMES, PARTIES, REPORTED_AT, six_months
from tests.reports.award_example import AWARD
from tests.reports.award_example import NAMES as AWARD_NAMES
from tests.reports.letter_values import ANNOUNCEMENT, APPEAL, ORDER, VISIT, WRITTEN_AT

FIGURE = re.compile(r"(?<![\d.])\d[\d,]*\.\d+(?![\d.])")
KPIS, PARTS, BASELINES = {"1.1", "1.2"}, {"2.1", "2.2", "2.3"}, {"58.5", "63.1"}
SCORES = {"3.4000", "4.0000", "3.6000", "2.0000", "4.2345"}
WEIGHTED_ALL = {"0.7391", "0.4348", "1.1739", "0.2609", "0.4603", "0.1087"}
WEIGHTED_REPORTED = {"0.8293", "0.4878", "1.3171", "0.2927", "0.5164"}
OF_PARTS = {"2.5000", "3.0000", "5.0000", "1.0000", "0.6000", "2.0000"}
"""Scores of the parts of KPI 2, and their shares in it."""
LIGHTS = {"3.0000", "2.0000"}
UNITS = {"3.6000", "2.5238", "4.2345"}
CERTIFIED, STATE_OF_DATA = "10.30", "09.00"

PAPERS: dict[str, tuple[Callable[[], Sheet], set[str]]] = {
    "agreement": (
        lambda: agreement_sheet(PARTIES, BOOK, names=NAMES, dated=AGREED_AT, digits="arabic"),
        KPIS | PARTS,
    ),
    "book of details": (
        lambda: kpi_book_sheet(BOOK, names=NAMES, dated=AGREED_AT, digits="arabic"),
        KPIS | PARTS | BASELINES | {"60.8667"},
    ),
    "SAR": (
        lambda: sar_sheet(
            six_months(), BOOK, CARDS, policy=AgreementPolicy(), names=NAMES, dated=REPORTED_AT, digits="arabic"
        ),
        KPIS | PARTS | BASELINES | SCORES | WEIGHTED_ALL | WEIGHTED_REPORTED | OF_PARTS | LIGHTS
        | {"3.0157", "2.3858", "3.4432", "3.1777", CERTIFIED, STATE_OF_DATA},
    ),
    "announcement": (
        lambda: announcement_sheet(
            six_months(), BOOK, ANNOUNCEMENT, names=NAMES, dated=WRITTEN_AT, digits="arabic"
        ),
        KPIS | SCORES | WEIGHTED_ALL | UNITS | {"2.3858", "3.1777", "5.0000"},
    ),
    "award order": (
        lambda: award_order_sheet(
            AWARD, ORDER, payer_th="กองคลัง", names=AWARD_NAMES, dated=WRITTEN_AT, digits="arabic"
        ),
        {"120,000.00", "1,000.50", "121,000.50", "87,272.73", "32,727.27", "58,181.82", "29,090.91"}
        | {"4.0000", "3.0000", "0.8", "0.6", "3.1777"},
    ),
    "appeal": (
        lambda: appeal_sheet(APPEAL, dated=WRITTEN_AT, digits="arabic"),
        {"1.1", "3.4000", "3.8000", "2.0000", "4.0000"},
    ),
    "site visit": (
        lambda: site_visit_sheet(VISIT, dated=WRITTEN_AT, digits="arabic"),
        {"1.1", "3.4000", "3.0000", "2.0000", "09.00", "13.30", "10.00"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAPERS)
def test_the_figures_of_a_paper_are_those_worked_out_by_hand(name: str) -> None:
    made, worked_out = PAPERS[name]
    assert set(FIGURE.findall(made().model_dump_json(exclude={"dated"}))) == worked_out
