"""The total after appeals, whatever is appealed on: bounds, monotonicity, order, and nothing else is touched (P9)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.appeal import decided_terms, final_card, provisional_card, result_th, score_notice
from schemas.appeal import (
    AppealCase,
    AppealDecision,
    AppealDraft,
    AppealEnding,
    AppealKind,
    AppealResult,
    AppealVerdict,
    AppealWish,
    NoticedKpi,
)
from schemas.kpi import Kpi, KpiBook
from schemas.scorecard import KpiReport, Scorecard

AT = datetime(2013, 2, 28, 2, tzinfo=UTC)
scores = st.integers(0, 50_000).map(lambda n: Decimal(n) / 10_000)
weights = st.integers(1, 100).map(Decimal)


@st.composite
def notices(draw: st.DrawFn) -> AppealCase:
    drawn = draw(st.lists(st.tuples(weights, scores), min_size=1, max_size=6))
    kpis = tuple(Kpi(number=str(n), th=f"ตัวชี้วัด {n}", weight=w) for n, (w, _) in enumerate(drawn, start=1))
    reports = {str(n): KpiReport(decided=score) for n, (_, score) in enumerate(drawn, start=1)}
    return score_notice(KpiBook(fiscal_year=2555, agency="dept", kpis=kpis), reports, AT)


def settled(kpi: NoticedKpi, value: Decimal | None) -> AppealResult:
    ending = AppealEnding.NOT_WANTED if value == kpi.value else AppealEnding.PARTLY
    return AppealResult(kpi=kpi.number, unit="finance", ending=ending, noticed=kpi.value, value=value)


def total(card: Scorecard | None) -> Decimal:
    assert card is not None
    assert card.official is not None
    return card.official


@given(notices())
def test_where_nobody_appeals_the_total_stays_and_is_final(notice: AppealCase) -> None:
    before, after = provisional_card(notice), final_card(notice, [settled(kpi, kpi.value) for kpi in notice.kpis])
    assert before is not None
    assert after is not None
    assert (total(before), before.provisional, after.provisional) == (total(after), True, False)


@given(st.data(), notices())
def test_a_score_that_rises_never_lowers_the_total_and_no_other_score_moves(
    data: st.DataObject, notice: AppealCase
) -> None:
    place = data.draw(st.integers(0, len(notice.kpis) - 1))
    appealed = notice.kpis[place]
    assert appealed.value is not None
    value = Decimal(data.draw(st.integers(int(appealed.value * 10_000), 50_000))) / 10_000
    results = [settled(kpi, value if kpi is appealed else kpi.value) for kpi in notice.kpis]
    after = final_card(notice, results)
    assert total(provisional_card(notice)) <= total(after) <= 5
    assert after is not None
    assert {row.number: row.score for row in after.rows} == {result.kpi: result.value for result in results}


@given(st.data(), notices())
def test_the_order_in_which_appeals_are_settled_changes_nothing(data: st.DataObject, notice: AppealCase) -> None:
    results = [settled(kpi, data.draw(scores)) for kpi in notice.kpis]
    assert final_card(notice, data.draw(st.permutations(results))) == final_card(notice, results)


@given(scores, scores, scores, st.sampled_from(AppealVerdict))
def test_what_holds_is_what_was_noticed_requested_or_decided(
    noticed: Decimal, requested: Decimal, value: Decimal, verdict: AppealVerdict
) -> None:
    given_value = value if verdict is AppealVerdict.PARTLY else None
    decision = AppealDecision(verdict=verdict, value=given_value, reasons="ก")
    expected = {AppealVerdict.ACCEPT: requested, AppealVerdict.PARTLY: value, AppealVerdict.DISMISS: noticed}
    kpi, draft = (
        NoticedKpi(number="1", th="ก", unit=None, value=noticed),
        AppealDraft(wish=AppealWish.APPEAL, requested=requested),
    )
    assert decided_terms(kpi, draft, decision).value == expected[verdict]


# --- what is told of it --------------------------------------------------------------------------------------

OLD, NEW = tuple(map(Decimal, (60, 65, 70, 75, 80))), tuple(map(Decimal, (55, 60, 65, 70, 75)))


@pytest.mark.parametrize(("kind", "result", "said"), [
    (
        AppealKind.SCORE, {"ending": AppealEnding.PARTLY, "noticed": "3.4", "value": "3.6"},
        "ตัวชี้วัดที่ 1: รับบางส่วน คะแนนจากเดิม 3.4000 เป็น 3.6000",
    ),
    (
        AppealKind.SCORE, {"ending": AppealEnding.DISMISSED, "noticed": "3.2", "value": "3.2", "reason": "หลักฐานไม่ครบ"},
        "ตัวชี้วัดที่ 1: ยกคำอุทธรณ์ คงคะแนนเดิม 3.2000 เหตุผล: หลักฐานไม่ครบ",
    ),
    (
        AppealKind.NEGOTIATION,
        {"ending": AppealEnding.ACCEPTED, "noticed": "80", "value": "80", "noticed_levels": OLD, "levels": NEW},
        "ตัวชี้วัดที่ 1: รับตามคำอุทธรณ์ เกณฑ์ระดับ 1 ถึง 5 จากเดิม 60 / 65 / 70 / 75 / 80 เป็น 55 / 60 / 65 / 70 / 75",
    ),
    (
        AppealKind.NEGOTIATION, {"ending": AppealEnding.DISMISSED, "noticed": "80", "value": "80.0"},
        "ตัวชี้วัดที่ 1: ยกคำอุทธรณ์ คงค่าเป้าหมายเดิม 80",
    ),
    (
        AppealKind.NEGOTIATION, {"ending": AppealEnding.DISMISSED, "noticed": None, "value": None},
        "ตัวชี้วัดที่ 1: ยกคำอุทธรณ์ คงค่าเป้าหมายตามที่ได้รับแจ้ง",
    ),
    (
        AppealKind.SCORE, {"ending": AppealEnding.LATE, "noticed": "3.2", "value": "3.2", "reason": "ยังไม่ได้ลงนาม"},
        "ตัวชี้วัดที่ 1: ไม่รับอุทธรณ์ เนื่องจากพ้นกำหนด เหตุผล: ยังไม่ได้ลงนาม",
    ),
])  # fmt: skip
def test_only_what_changed_is_told(kind: AppealKind, result: dict[str, object], said: str) -> None:
    """Never «จากเดิม 3.2 เป็น 3.2»."""
    assert result_th(kind, AppealResult.model_validate({"kpi": "1", "unit": "finance"} | result)) == said
