"""The scorecard: totals worked by hand, what holds for every agreement, and what S1's own figures contradict."""

from __future__ import annotations

from decimal import Decimal, localcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import ResultDoesNotFit, UnknownKpi
from rules.kpi_checks import book_findings
from rules.kpi_file import load_kpis
from rules.scorecard import scorecard
from schemas.criteria import (
    CountResult,
    External,
    ExternalResult,
    MilestoneResult,
    Milestones,
    Quantitative,
    ValueResult,
)
from schemas.kpi import Confidence, Declared, Dimension, Holding, Kpi, KpiBook, Round
from schemas.scorecard import (
    ROW_STATE_EN,
    ROW_STATE_TH,
    Finding,
    FindingCode,
    KpiReport,
    RowState,
    Scorecard,
    ScoreRow,
    Subtotal,
)

D = Decimal
CDD = load_kpis(
    (Path(__file__).parents[2] / "deployments" / "ministries" / "cdd-fy2555-kpis.yaml").read_text("utf-8")
)  # fmt: skip
PERCENT = Quantitative(points=(D(60), D(70), D(80), D(90), D(100)))
STEPS = Milestones(steps=("แต่งตั้ง", "วางแผน", "ดำเนินการ", "ติดตาม", "สรุป"))

# FY2557's frame: outside 70 (effectiveness 60, quality 10), inside 30 [W-2557].
FRAME = (
    Dimension(id="external", th="มิติภายนอก", weight=D(70)),
    Dimension(id="effect", th="ประสิทธิผล", weight=D(60), parent="external"),
    Dimension(id="quality", th="คุณภาพ", weight=D(10), parent="external"),
    Dimension(id="internal", th="มิติภายใน", weight=D(30)),
)

SAID = "เอกสารสรุปตัวชี้วัดของกรม แผ่นที่"


def _kpi(number: str, weight: int | str | None, dimension: str | None = None, **more: object) -> Kpi:
    given = {"number": number, "th": f"ตัวชี้วัดที่ {number}", "weight": weight, "dimension": dimension}
    return Kpi.model_validate({"criteria": PERCENT, **given, **more})


BOOK = KpiBook(
    fiscal_year=2557,
    agency="dept",
    frame=FRAME,
    kpis=(
        _kpi("1.1", 40, "effect", holdings=[{"unit": "a", "weight_share": 40}]),
        _kpi(
            "1.2", 20, "effect", criteria=STEPS,
            holdings=[{"unit": "a", "weight_share": 5}, {"unit": "b", "weight_share": 15}],
        ),
        _kpi("2", 10, "quality", criteria=External(assessor="สสช."), starts_at=9, holdings=[{"unit": "b"}]),
        _kpi("3", 25, "internal", cancelled_at=12, round_weights={9: 30}, holdings=[{"unit": "c"}]),
        _kpi("10", 5, "internal", criteria=PERCENT.replace(floor=0), holdings=[{"unit": "c"}]),
    ),
)  # fmt: skip


def _certified(result: ValueResult | MilestoneResult | ExternalResult | CountResult, **more: object) -> KpiReport:
    return KpiReport.model_validate(
        {"result": result, "certified_by_supervisor": True, "certified_by_psdg": True, **more}
    )


def _value(value: str | int) -> KpiReport:
    return _certified(ValueResult(value=D(value)))


def _codes(findings: tuple[Finding, ...]) -> list[FindingCode]:
    return [found.code for found in findings]


def _row(card: Scorecard, number: str) -> ScoreRow:
    (row,) = [row for row in card.rows if row.number == number]
    return row


def _subtotals(subtotals: tuple[Subtotal, ...]) -> dict[str | None, tuple[str, str, str | None, str | None]]:
    def text(score: D | None) -> str | None:
        return None if score is None else str(score)

    return {s.id: (str(s.weight), str(s.weight_reported), text(s.score_reported), text(s.score_all)) for s in subtotals}


# --- by hand -----------------------------------------------------------------------------------------------


def test_the_six_month_round_by_hand() -> None:
    """KPI 2 starts later; 3 and 10 are not reported.

    | KPI | weight | score | weight · score | not reported at the floor |
    | 1.1 | 40 | 85 → 3.5 | 140 | 140 |
    | 1.2 | 20 | 2 steps → 2 | 40 | 40 |
    | 3   | 25 | – | – | 25 · 1 = 25 |
    | 10  | 5  | – | – | 5 · 0 = 0 |
    | Σ   | 90, reported 60 | | 180 / 60 = 3 | 205 / 90 = 2.27777… |
    """
    card = scorecard(BOOK, {"1.1": _value(85), "1.2": _certified(MilestoneResult(done=(1, 2, 4)))}, Round.SIX)
    assert (card.weight, card.weight_reported) == (D(90), D(60))
    assert (str(card.total_reported), str(card.total_all), card.official) == ("3.0000", "2.2778", None)
    assert [(row.number, row.state) for row in card.rows] == [
        ("1.1", RowState.SCORED), ("1.2", RowState.SCORED), ("2", RowState.NOT_STARTED),
        ("3", RowState.NOT_REPORTED), ("10", RowState.NOT_REPORTED),
    ]  # fmt: skip
    # 140/60 = 2.33333…, 140/90 = 1.55555…
    assert (str(_row(card, "1.1").weighted_reported), str(_row(card, "1.1").weighted_all)) == ("2.3333", "1.5556")
    assert (_row(card, "3").weighted_reported, str(_row(card, "3").weighted_all)) == (None, "0.2778")
    assert (_row(card, "2").weighted_all, _row(card, "2").score) == (None, None)
    assert _subtotals(card.dimensions) == {
        "external": ("60", "60", "3.0000", "3.0000"),
        "effect": ("60", "60", "3.0000", "3.0000"),
        "quality": ("0", "0", None, None),
        "internal": ("30", "0", None, "0.8333"),  # 25 / 30
    }
    # a: 40 of 1.1 and 5/20 of 1.2's 20: (140 + 10) / 45; b: 15 of 1.2: 2; c: 25 / 30
    assert _subtotals(card.units) == {
        "a": ("45", "45", "3.3333", "3.3333"),
        "b": ("15", "15", "2.0000", "2.0000"),
        "c": ("30", "0", None, "0.8333"),
    }
    assert card.findings[0].code is FindingCode.WEIGHT_SUM_NOT_100
    assert card.findings[0].facts["sum"] == "90"


def test_the_nine_month_round_has_its_own_weights() -> None:
    """| 1.1 | 40 | 100 → 5 | 200 | 1.2 | 20 | 1 | 20 | 2 | 10 | 4.2 | 42 | 3 | 30 | 80 → 3 | 90 | 10 | 5 | 0 | 0 |

    Σ weight 105; (200 + 20 + 42 + 90) / 100 = 3.52 reported; 352 / 105 = 3.352380… with KPI 10 at its floor 0.
    """
    reports = {
        "1.1": _value(100), "1.2": _certified(MilestoneResult(done=(1,))),
        "2": _certified(ExternalResult(score=D("4.2"))), "3": _value(80),
    }  # fmt: skip
    card = scorecard(BOOK, reports, Round.NINE)
    assert (card.weight, card.weight_reported) == (D(105), D(100))
    assert (str(card.total_reported), str(card.total_all)) == ("3.5200", "3.3524")


def test_at_twelve_months_a_cancelled_kpi_is_out_and_the_total_over_all_is_official() -> None:
    reports = {
        "1.1": _value(90), "1.2": _certified(MilestoneResult(done=(1, 2, 3))),
        "2": _certified(ExternalResult(score=D(5))), "3": _value(100),
    }  # fmt: skip
    card = scorecard(BOOK, reports, Round.TWELVE)
    assert (_row(card, "3").state, _row(card, "3").score, _row(card, "3").result) == (RowState.CANCELLED, None, None)
    # (160 + 60 + 50) / 70 = 3.857142…; with KPI 10 at 0: 270 / 75 = 3.6
    assert (str(card.total_reported), str(card.total_all)) == ("3.8571", "3.6000")
    assert card.official == card.total_all


def test_without_certification_a_score_is_shown_and_does_not_count() -> None:
    half = KpiReport(result=ValueResult(value=D(100)), certified_by_supervisor=True)
    card = scorecard(BOOK, {"1.1": half, "3": _value(60)}, Round.SIX)
    row = _row(card, "1.1")
    assert (row.state, row.score, row.counts, row.weighted_reported) == (RowState.PROVISIONAL, D(5), False, None)
    assert card.provisional
    assert str(card.total_reported) == "1.0000"
    assert str(row.weighted_all) == "0.4444"  # 40 · 1 / 90: the floor


def test_while_an_appeal_is_open_the_score_counts_and_is_provisional() -> None:
    card = scorecard(BOOK, {"1.1": _certified(ValueResult(value=D(100)), appeal_open=True)}, Round.TWELVE)
    assert (_row(card, "1.1").state, _row(card, "1.1").counts) == (RowState.PROVISIONAL, True)
    assert card.total_reported == 5
    assert card.provisional


def test_a_decided_score_stands_instead_of_the_departments_own() -> None:
    decided = KpiReport(result=ValueResult(value=D(100)), decided=D("3.25"))
    card = scorecard(BOOK, {"1.1": decided}, Round.TWELVE)
    assert (_row(card, "1.1").state, card.total_reported) == (RowState.SCORED, D("3.25"))
    assert not card.provisional


def test_nothing_reported_is_the_floor_of_everything() -> None:
    card = scorecard(BOOK, {}, Round.TWELVE)
    assert card.total_reported is None
    assert str(card.total_all) == "0.9333"  # 70 / 75: KPI 10 has floor 0


def test_nothing_active_has_no_total() -> None:
    card = scorecard(KpiBook(fiscal_year=2555, agency="dept", kpis=(_kpi("1", 100, starts_at=9),)), {}, Round.SIX)
    assert (card.total_all, card.total_reported, card.weight) == (None, None, D(0))


def test_a_kpi_without_criteria_or_weight_is_shown_with_a_warning() -> None:
    book = KpiBook(fiscal_year=2555, agency="dept", kpis=(_kpi("1", 100, criteria=None), _kpi("2", None)))
    card = scorecard(book, {"1": _value(5), "2": _value(100)}, Round.SIX)
    assert [row.state for row in card.rows] == [RowState.NOT_REPORTED, RowState.SCORED]
    assert (card.rows[1].score, card.rows[1].weighted_all, card.total_all) == (D(5), None, D(1))
    assert [(f.code, f.kpi) for f in card.findings] == [
        (FindingCode.CRITERIA_UNKNOWN, "1"), (FindingCode.WEIGHT_UNKNOWN, "2"),
    ]  # fmt: skip


def test_a_report_on_what_is_not_agreed_is_refused() -> None:
    with pytest.raises(UnknownKpi, match="4, 9"):
        scorecard(BOOK, {"9": _value(1), "4": _value(1)}, Round.SIX)
    with pytest.raises(ResultDoesNotFit, match=r"1\.2"):
        scorecard(BOOK, {"1.2": _value(1)}, Round.SIX)


def test_the_callers_decimal_context_has_no_say() -> None:
    reports = {"1.1": _value("85.55"), "1.2": _certified(MilestoneResult(done=(1,)))}
    plain = scorecard(BOOK, reports, Round.SIX)
    with localcontext() as context:
        context.prec = 3
        context.rounding = "ROUND_UP"
        assert scorecard(BOOK, reports, Round.SIX) == plain


def test_every_state_has_a_name_in_both_languages() -> None:
    assert set(ROW_STATE_TH) == set(ROW_STATE_EN) == set(RowState)


# --- for every agreement -----------------------------------------------------------------------------------

weights = st.decimals(min_value="0.01", max_value=100, places=2)


@st.composite
def agreements(draw: st.DrawFn) -> tuple[KpiBook, dict[str, KpiReport]]:
    size = draw(st.integers(1, 8))
    kpis, reports = [], {}
    for place in range(1, size + 1):
        holdings = [
            {"unit": unit, "weight_share": draw(weights)} for unit in draw(st.sets(st.sampled_from("abc"), max_size=2))
        ]
        kpis.append(
            _kpi(
                str(place), str(draw(weights)), draw(st.sampled_from([None, "effect", "quality", "internal"])),
                criteria=PERCENT.replace(floor=draw(st.sampled_from([0, 1]))), holdings=holdings,
                starts_at=draw(st.sampled_from([6, 9])), cancelled_at=draw(st.sampled_from([None, 12])),
            )
        )  # fmt: skip
        if draw(st.booleans()):
            value = draw(st.decimals(min_value=0, max_value=200, places=2))
            reports[str(place)] = _value(str(value)) if draw(st.booleans()) else KpiReport(
                result=ValueResult(value=value)
            )  # fmt: skip
    return KpiBook(fiscal_year=2557, agency="dept", frame=FRAME, kpis=tuple(kpis)), reports


rounds = st.sampled_from(list(Round))


@given(agreements(), rounds)
def test_totals_stay_within_their_bounds(agreed: tuple[KpiBook, dict[str, KpiReport]], at: Round) -> None:
    card = scorecard(*agreed, at)
    for score in (card.total_all, card.total_reported, *(row.score for row in card.rows)):
        assert score is None or 0 <= score <= 5
    if card.total_reported is not None:
        counted = [row.score for row in card.rows if row.counts and row.score is not None]
        assert min(counted) <= card.total_reported <= max(counted)
        assert card.total_all is not None
        if card.weight_reported == card.weight:
            assert card.total_all == card.total_reported


@given(agreements(), rounds)
def test_rows_add_up_to_the_totals_but_for_rounding(agreed: tuple[KpiBook, dict[str, KpiReport]], at: Round) -> None:
    card = scorecard(*agreed, at)
    allowed = D("0.00005") * (len(card.rows) + 1)
    for total, parts in (
        (card.total_all, [row.weighted_all for row in card.rows]),
        (card.total_reported, [row.weighted_reported for row in card.rows]),
    ):
        assert abs((total or 0) - sum((part for part in parts if part is not None), D(0))) <= allowed
    # The frame's leaves and what has no dimension are all there is.
    leaves = [s for s in card.dimensions if s.id != "external"]
    assert sum(s.weight for s in leaves) == card.weight
    assert sum(s.weight_reported for s in leaves) == card.weight_reported


@given(st.data(), agreements(), rounds)
def test_the_order_of_kpis_and_reports_changes_nothing(
    data: st.DataObject, agreed: tuple[KpiBook, dict[str, KpiReport]], at: Round
) -> None:
    book, reports = agreed
    shuffled = book.replace(kpis=tuple(data.draw(st.permutations(book.kpis))))
    assert scorecard(shuffled, dict(reversed(reports.items())), at) == scorecard(book, reports, at)


@given(agreements(), st.integers(2, 9))
def test_weights_of_another_scale_give_the_same_scores(
    agreed: tuple[KpiBook, dict[str, KpiReport]], by: int
) -> None:  # fmt: skip
    book, reports = agreed
    scaled = book.replace(kpis=tuple(kpi.replace(weight=(kpi.weight or 0) * by) for kpi in book.kpis))
    one, other = (scorecard(each, reports, Round.NINE) for each in (book, scaled))
    assert [one.total_all, one.total_reported] == [other.total_all, other.total_reported]
    assert [row.weighted_all for row in one.rows] == [row.weighted_all for row in other.rows]


@given(st.data(), agreements(), rounds)
def test_a_better_value_never_lowers_a_total(
    data: st.DataObject, agreed: tuple[KpiBook, dict[str, KpiReport]], at: Round
) -> None:
    book, reports = agreed
    number = data.draw(st.sampled_from([kpi.number for kpi in book.kpis]))
    low, high = sorted(data.draw(st.tuples(st.integers(0, 150), st.integers(0, 150))))
    worse, better = (scorecard(book, {**reports, number: _value(value)}, at) for value in (low, high))
    assert (worse.total_all or 0) <= (better.total_all or 0)
    assert (worse.total_reported or 0) <= (better.total_reported or 0)


@given(agreements())
def test_reporting_what_was_missing_never_lowers_the_total_over_all(
    agreed: tuple[KpiBook, dict[str, KpiReport]],
) -> None:
    book, reports = agreed
    every = {kpi.number: _value(0) for kpi in book.kpis} | {n: r for n, r in reports.items() if r.counts}
    assert (scorecard(book, reports, Round.NINE).total_all or 0) <= (scorecard(book, every, Round.NINE).total_all or 0)


@given(agreements(), rounds)
def test_a_sum_of_weights_that_is_not_100_is_always_said(
    agreed: tuple[KpiBook, dict[str, KpiReport]], at: Round
) -> None:  # fmt: skip
    card = scorecard(*agreed, at)
    said = [f.facts["sum"] for f in card.findings if f.code is FindingCode.WEIGHT_SUM_NOT_100]
    assert [D(each) for each in said] == ([] if card.weight == 100 else [card.weight])


# --- what does not fit -------------------------------------------------------------------------------------


def test_an_agreement_that_fits_together_has_no_findings() -> None:
    frame = (FRAME[0].replace(weight=D(60)), FRAME[3].replace(weight=D(40)))
    book = KpiBook(
        fiscal_year=2557, agency="dept", frame=frame,
        kpis=(
            _kpi("1", 60, "external", holdings=[{"unit": "a", "weight_share": 60}]),
            _kpi("2", 40, "internal", holdings=[{"unit": "a", "weight_share": 10}, {"unit": "b", "weight_share": 30}]),
        ),
        declared=(
            Declared(unit="a", printed_as="ก", source="หน้า 1", count=2, weight=D(70), printed_weights=(D(60), D(10))),
            Declared(unit="b", printed_as="ข", source="หน้า 1", count=1, weight=D(30), printed_weights=(D(30),)),
        ),
    )  # fmt: skip
    assert scorecard(book, {}, Round.TWELVE).findings == ()


def test_shares_that_do_not_add_up_are_said() -> None:
    kpi = _kpi("1", 10, holdings=[{"unit": "a", "weight_share": 5}, {"unit": "b", "weight_share": "4.5"}])
    (found,) = book_findings(KpiBook(fiscal_year=2557, agency="dept", kpis=(kpi,)))
    assert (found.code, found.kpi) == (FindingCode.SHARES_DO_NOT_ADD_UP, "1")
    assert "รวมกันได้ร้อยละ 9.5 แต่ตัวชี้วัดมีน้ำหนักร้อยละ 10" in found.th
    assert "add up to 9.5 %, but it weighs 10 %" in found.en


def test_a_total_of_a_unit_that_does_not_fit_is_said() -> None:
    book = KpiBook(
        fiscal_year=2557, agency="dept",
        kpis=(_kpi("1", 100, holdings=[{"unit": "a", "weight_share": 100}]),),
        declared=(Declared(unit="a", printed_as="ก", source="หน้า 1", weight=D(90)),),
    )  # fmt: skip
    by_code = {found.code: found for found in book_findings(book)}
    assert by_code[FindingCode.DECLARED_WEIGHT_DIFFERS].facts["sum"] == "100"
    assert by_code[FindingCode.WEIGHT_SUM_NOT_100].facts["sum"] == "90"


def test_the_weight_of_a_dimension_that_its_kpis_do_not_reach_is_said() -> None:
    book = KpiBook(fiscal_year=2557, agency="dept", frame=FRAME, kpis=(_kpi("1", 60, "effect"),))
    found = {f.facts["id"]: f.facts["sum"] for f in book_findings(book)}
    assert found == {"external": "60", "quality": "0", "internal": "0"}


# --- S1's own figures (requirements 1.1, inconsistencies 1 to 6) --------------------------------------------


def _of(code: FindingCode) -> list[Finding]:
    return [found for found in book_findings(CDD) if found.code is code]


def test_1_the_totals_of_the_units_add_up_to_92() -> None:
    (found,) = _of(FindingCode.WEIGHT_SUM_NOT_100)
    assert found.facts["sum"] == "92"  # 20 + 12 + 5 + 10 + 20 + 5 + 10 + 5 + 5
    assert "รวมกันได้ร้อยละ 92 ไม่ใช่ร้อยละ 100" in found.th
    assert f"{SAID} 23" in found.th


def test_2_the_planning_division_has_three_or_four_kpis_whose_weights_cannot_give_20() -> None:
    (differ,) = _of(FindingCode.SOURCES_DIFFER)
    assert (differ.unit, differ.facts["said"]) == ("cdd-planning", f"{SAID} 22: 4, {SAID} 23: 3")
    (count,) = _of(FindingCode.DECLARED_COUNT_DIFFERS)
    assert (count.unit, count.facts["declared"], count.facts["listed"]) == ("cdd-planning", "3", "4")
    assert count.facts["numbers"] == "3.1, 6, 8, 9"
    (unresolved,) = _of(FindingCode.DECLARED_WEIGHT_UNRESOLVED)
    assert (unresolved.unit, unresolved.facts["declared"]) == ("cdd-planning", "20")
    cannot = {found.unit: found.facts for found in _of(FindingCode.PRINTED_WEIGHTS_CANNOT_GIVE_TOTAL)}
    # 3 KPIs of 5 and 3 give 11 or 13, 4 of them 14, 16 or 18
    assert (cannot["cdd-planning"]["printed"], cannot["cdd-planning"]["counts"]) == ("5, 3", "3/4")
    assert set(cannot) == {"cdd-planning", "cdd-wisdom"}


def test_3_the_numbers_of_kpis_are_18_and_17_with_15_distinct_ones() -> None:
    (found,) = _of(FindingCode.COUNT_TOTALS_DIFFER)
    assert found.facts == {"said": f"{SAID} 22: 18, {SAID} 23: 17", "slots": "18", "distinct": "15"}


def test_4_kpis_that_stand_with_two_units_may_be_shares_or_counted_twice() -> None:
    found = {f.kpi: (f.facts["if_shares"], f.facts["if_whole"]) for f in _of(FindingCode.SHARED_WEIGHT_UNCLEAR)}
    assert found == {"5": ("12", "5/7"), "8": ("> 5", "5"), "10": ("10", "5")}


def test_5_kpi_2_appears_nowhere() -> None:
    assert [found.kpi for found in _of(FindingCode.NUMBER_MISSING)] == ["2"]


def test_6_the_lone_5_of_two_units_is_a_guess() -> None:
    guesses = {(found.kpi, found.unit) for found in _of(FindingCode.WEIGHT_IS_A_GUESS)}
    assert guesses == {
        ("4.1", "cdd-funds"), ("4.2", "cdd-wisdom"), ("5", "cdd-wisdom"), ("5", "cdd-funds"),
    }  # fmt: skip


def test_the_scorecard_of_s1_says_which_weights_it_lacks() -> None:
    card = scorecard(CDD, {}, Round.SIX)
    assert card.weight == 67
    assert [f.kpi for f in card.findings if f.code is FindingCode.WEIGHT_UNKNOWN] == ["3.1", "6", "8", "9"]
    assert set(_codes(book_findings(CDD))) <= set(_codes(card.findings))


def test_a_reading_of_s1_with_92_is_scored_over_92_and_says_so() -> None:
    # Read กผ.'s four KPIs as 5 each: 67 known + 3 · 5 + 10 for KPI 8 = 92.
    def read(kpi: Kpi) -> Kpi:
        holdings = tuple(
            h if h.weight_share else Holding(unit=h.unit, weight_share=D(5), confidence=Confidence.GUESS)
            for h in kpi.holdings
        )
        weight = sum((h.weight_share or D(0) for h in holdings), D(0))
        return kpi.replace(
            criteria=PERCENT, holdings=holdings, weight=weight, weight_confidence=Confidence.RECONSTRUCTED
        )

    book = CDD.replace(kpis=tuple(read(kpi) for kpi in CDD.kpis))
    reports = {kpi.number: _value(100 if kpi.number == "10" else 80) for kpi in book.kpis}
    card = scorecard(book, reports, Round.TWELVE)
    # (82 · 3 + 10 · 5) / 92 = 296 / 92 = 3.217391…; over 100 it would be 2.96 and no award money
    assert (card.weight, str(card.official)) == (D(92), "3.2174")
    assert [f.facts["sum"] for f in card.findings if f.code is FindingCode.WEIGHT_SUM_NOT_100] == ["92", "92"]
    by_unit = {subtotal.id: subtotal.weight for subtotal in card.units}
    printed = {d.unit: d.weight for d in book.declared if d.weight is not None}
    assert by_unit == printed
