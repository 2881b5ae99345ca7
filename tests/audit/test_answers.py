"""Moments of reminders: each rung is held to the plan that has it, and a spoiled history is told, not stumbled over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from audit.answers import answer_differences
from audit.offices import Offices
from ledger.canonical import GENESIS
from ledger.event import Event, seal

NOON = datetime(2018, 2, 12, 5, 0, tzinfo=UTC)
NOBODY = cast(Offices, None)
"""Only who handed a form in is looked up in an organisation."""


def event(seq: int, kind: str, **said: Any) -> Event:
    return seal(case_id="c", seq=seq, at=NOON, kind=kind, key="report", actor="{}", payload=said, prev_hash=GENESIS)


OPENED = event(1, "hand_off:open", reminders=["2018-02-13", "2018-02-14"], escalations=["2018-02-15"])
REPLANNED = event(
    2, "hand_off:replan", reminders=["2018-02-20"], escalations=[], rungs={"reminder": 2, "escalation": 1}
)


def found(*events: Event) -> list[tuple[Any, Any]]:
    return [(each.held, each.made) for each in answer_differences(events, NOBODY, {})]


def test_a_rung_goes_out_at_the_moment_of_its_plan() -> None:
    assert found(
        OPENED, event(2, "reminder:fire", rung=2, at="2018-02-14"), event(3, "escalation:fire", rung=1, at="2018-02-15")
    ) == []  # fmt: skip
    assert found(OPENED, event(2, "reminder:fire", rung=1, at="2018-02-14")) == [("2018-02-14", "2018-02-13")]


def test_the_rungs_of_a_new_plan_go_on_counting() -> None:
    assert found(OPENED, REPLANNED, event(3, "reminder:fire", rung=3, at="2018-02-20")) == []
    assert found(OPENED, REPLANNED, event(3, "reminder:fire", rung=2, at="2018-02-14")) == []
    assert found(OPENED, REPLANNED, event(3, "reminder:fire", rung=4, at="2018-02-20")) == [("2018-02-20", None)]


def test_a_reminder_of_what_has_no_ladder_is_a_difference() -> None:
    timer = event(1, "timer:set", at="2018-02-13")
    assert found(timer, event(2, "reminder:fire", rung=1, at="2018-02-13")) == [("2018-02-13", None)]
