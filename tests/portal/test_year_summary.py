"""The executive summary and the charts: what is late and with whom, which steps a scale has, where marks stand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from portal.year_board import Row, YearBoard
from portal.year_chart import BANDS, result_chart, score_chart
from portal.year_summary import Late, Risk, at_risk, late_work
from portal.year_wording import YearWording
from reports.score_table import Light
from schemas.criteria import StepRange
from schemas.kpi import Round
from schemas.policy import AgreementPolicy
from tests.flows.people import at
from tests.portal.test_year_cells import CERTIFIED, Work, board, certify, hand_off, keep
from tests.portal.year_scene import BOOK

NOW = at("2012-04-12")


def year(*work: Work, policy: AgreementPolicy | None = None, **closing: Decimal | None) -> YearBoard:
    """A year of which only the round of six months is open."""
    rounds = (board(*work, now="2012-04-12"), *(board(round_=r, opened=False) for r in (Round.NINE, Round.TWELVE)))
    rows = {
        kpi.number: Row(
            kpi=kpi, cells={each.round: each.cells[kpi.number] for each in rounds}, announced=closing.get("announced"),
            final=closing.get("final"), appeal=None,
        )
        for kpi in BOOK.kpis
    }  # fmt: skip
    return YearBoard(
        book=BOOK, policy=policy or AgreementPolicy(), rounds=rounds, rows=rows, appeals={}, announced=None, final=None
    )  # fmt: skip


# --- the board ---------------------------------------------------------------------------------------------


def test_the_board_follows_the_frame_and_keeps_the_agreements_order() -> None:
    shown = [(group.dimension.id if group.dimension else None, [r.kpi.number for r in rows])
             for group, rows in year().sections]  # fmt: skip
    assert shown == [
        ("external", []), ("effect", ["1.1.1", "1.1.2", "4.1", "4.2"]), ("quality", ["6"]),
        ("internal", ["7", "8", "10"]),
    ]  # fmt: skip


def test_weights_that_do_not_add_up_are_said_of_each_round_and_never_put_right() -> None:
    """KPI 8 starts at nine months and KPI 6 at twelve: 85, 90 and 100 per cent."""
    said = [finding.facts["sum"] for finding in year().weights_amiss]
    assert said == ["85", "90"]


def test_lights_are_counted_over_what_counts() -> None:
    """3.4 is certified and yellow; 1.5 is reported only and has no light that counts."""
    parts = keep("69", of="7.1"), keep("90.5", of="7.2")
    counts = year(*CERTIFIED, *parts, certify("supervisor", of="7")).lights()
    assert counts == {Light.GREEN: 0, Light.YELLOW: 1, Light.RED: 0, Light.NONE: 5}


@pytest.mark.parametrize(
    ("score", "light"),
    [("4.0001", Light.GREEN), ("4.0000", Light.YELLOW), ("3.0000", Light.YELLOW), ("2.9999", Light.RED)],
)
def test_a_light_changes_at_the_policys_score(score: str, light: Light) -> None:
    assert year().light(Decimal(score)) is light


def test_a_stricter_policy_has_other_lights() -> None:
    strict = AgreementPolicy(traffic_light_green=Decimal("4.0000"), traffic_light_yellow=Decimal("3.5000"))
    assert year(policy=strict).light(Decimal("3.4000")) is Light.RED


# --- what is at risk, what is late -------------------------------------------------------------------------


def risks(found: YearBoard) -> dict[str, tuple[Risk, ...]]:
    return {each.row.kpi.number: each.risks for each in at_risk(found, ())}


def test_a_kpi_is_at_risk_by_its_score_by_its_silence_and_by_its_delay() -> None:
    work = (
        *CERTIFIED,
        keep("58", of="4.1"), certify("supervisor", {"decision": "certify"}, of="4.1"),
        certify("psdg", {"decision": "certify"}, of="4.1"),
        keep("44", of="4.2"), certify("supervisor", of="4.2"),
        keep(of="7.1"), keep(of="10", withdrawn=True, form="MilestoneReport"),
    )  # fmt: skip
    assert risks(year(*work)) == {
        "1.1.1": (Risk.YELLOW,), "4.1": (Risk.RED,), "4.2": (Risk.RED, Risk.OVERDUE),
        "7": (Risk.OVERDUE,), "10": (Risk.NOT_REPORTED,),
    }  # fmt: skip


def test_what_is_announced_stands_before_what_was_reported() -> None:
    found = year(keep("58", of="4.1"), announced=Decimal("4.0001"))
    assert risks(found) == {}
    assert set(risks(year(announced=Decimal("4.0000"), final=Decimal("1.0000"))).values()) == {(Risk.RED,)}


def test_late_work_is_told_by_unit_the_oldest_first() -> None:
    early, due = at("2012-04-04", "16:30"), at("2012-04-11", "23:59:59")
    held = [
        hand_off(1, keep(of="7.1", unit="cdd-finance", due=due)),
        hand_off(2, Work("reports[1.1.1]/progress", unit="cdd-community", due=early)),
        hand_off(3, keep(of="1.1.2", unit="cdd-community", due=due)),
        hand_off(4, keep(of="4.1", unit="cdd-funds", due=at("2012-04-13"))),
        hand_off(5, keep("72", of="4.2", unit="cdd-wisdom", due=early)),
    ]
    assert late_work(held, NOW) == (
        Late(unit="cdd-community", pieces=2, oldest=early, kpis=("1.1.1", "1.1.2")),
        Late(unit="cdd-finance", pieces=1, oldest=due, kpis=("7",)),
    )


# --- charts ------------------------------------------------------------------------------------------------


def test_scores_stand_on_the_scale_before_the_bands_of_the_policy() -> None:
    found = year(*CERTIFIED)
    chart = score_chart(found.rows["1.1.1"], found)
    assert chart is not None
    assert [tick.written for tick in chart.ticks] == ["1", "2", "3", "4", "5"]
    by_height = {tick.written: tick.y for tick in chart.ticks}
    assert [(band.light, band.y) for band in chart.bands] == [
        (light, by_height[upper]) for light, upper in zip(BANDS, "345", strict=True)
    ]
    (mark,) = chart.marks
    # 3.4 stands two fifths of the way from 3 up to 4.
    assert mark.y == pytest.approx(by_height["3"] + 0.4 * (by_height["4"] - by_height["3"]), abs=0.1)
    assert (mark.written, mark.light, mark.counts) == ("3.4000", Light.YELLOW, True)


def test_a_score_of_nought_has_a_scale_from_nought() -> None:
    found = year()
    row = replace(found.rows["1.1.1"], announced=Decimal("0.0000"))
    chart = score_chart(row, found)
    assert chart is not None
    assert chart.ticks[0].written == "0"
    assert chart.marks[0].y == chart.base


def test_results_stand_after_those_of_earlier_years_with_the_target_beside() -> None:
    found = year(*CERTIFIED)
    chart = result_chart(found.rows["1.1.1"], found)
    assert chart is not None
    assert [(mark.label, mark.written) for mark in chart.marks] == [
        ("2552", "62.25"), ("2553", "68"), ("2554", "71.5"), ("round_6", "72"),
    ]  # fmt: skip
    assert chart.target is not None
    assert chart.target.y < min(mark.y for mark in chart.marks)
    assert [tick.written for tick in chart.ticks] == ["60", "65", "70", "75", "80"]
    assert all(chart.top <= mark.y <= chart.base for mark in chart.marks)


def test_a_kpi_without_scores_or_values_has_no_chart() -> None:
    found = year()
    assert score_chart(found.rows["1.1.1"], found) is None
    assert result_chart(found.rows["10"], found) is None


@pytest.mark.parametrize(
    ("range_", "said"),
    [
        (StepRange(score=1, below=Decimal(60)), "< 60"),
        (StepRange(score=2, at_least=Decimal(60), at_most=Decimal("72.5")), "≥ 60, ≤ 72.5"),
        (StepRange(score=5, above=Decimal(1000)), "> 1,000"),
    ],
)
def test_a_step_table_is_written_in_signs(range_: StepRange, said: str) -> None:
    assert YearWording.range(range_) == said
